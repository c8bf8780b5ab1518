-- The service writes as a role that owns nothing (docs/decisions/0065). It may add a line to the audit log, and nothing more: the chain is
-- written by the owner of the tables, through the trigger alone.
do $$
begin
    execute format('alter function chain_new_audit_line() security definer set search_path = %I, pg_temp', current_schema());
end $$;
revoke execute on function chain_audit_line(audit_log) from public;
revoke execute on function chain_new_audit_line() from public;

-- Only its owner may have a table counted anew for the planner; the demo county comes in whole and needs it.
create function count_tables_anew() returns void language plpgsql security definer as $$
begin
    analyze regions, sites, adoptions, deputies, accounts, grants, reports, photos, report_photos, stage_changes;
end $$;
do $$
begin
    execute format('alter function count_tables_anew() set search_path = %I, pg_temp', current_schema());
end $$;
