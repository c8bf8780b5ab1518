-- The rows of before. One that refers to another county's account is no reason not to start: it is named in the log, and the rule holds for new rows.
do $$
declare
    rule record;
begin
    for rule in select conrelid::regclass as relation, conname from pg_constraint where contype = 'f' and conname like '%\_county\_fkey' and not convalidated
    loop
        begin
            execute format('alter table %s validate constraint %I', rule.relation, rule.conname);
        exception when foreign_key_violation then
            raise warning '% has rows with the account of another county: %', rule.relation, sqlerrm;
        end;
    end loop;
end $$;
