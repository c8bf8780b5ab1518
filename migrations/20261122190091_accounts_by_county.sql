-- Who did a thing is an account of the same county: each reference to an account goes through (county_id, account_id) as well, so that none
-- crosses from one county to another. Checked for new rows from now on; the next step looks at the old ones, without holding these locks.
do $$
declare
    reference record;
begin
    for reference in
        select c.relname, a.attname
        from pg_constraint as k
        join pg_class as c on c.oid = k.conrelid
        join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.conkey[1]
        where k.contype = 'f' and k.confrelid = 'accounts'::regclass and cardinality(k.conkey) = 1
          and exists (select from pg_attribute where attrelid = c.oid and attname = 'county_id' and not attisdropped)
        order by c.relname, a.attname
    loop
        execute format(
            'alter table %I add constraint %I foreign key (county_id, %I) references accounts (county_id, account_id) not valid',
            reference.relname, reference.relname || '_' || reference.attname || '_county_fkey', reference.attname
        );
    end loop;
end $$;
