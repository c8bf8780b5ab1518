-- A strike-off has its moment beside its day, so that a site's history can tell it in order. Older ones are found in the audit log.
alter table sites add column struck_off_at timestamptz;
alter table reopenings add column struck_off_at timestamptz;
update sites set struck_off_at = (
    select max(at) from audit_log
    where audit_log.county_id = sites.county_id and action = 'site.strike_off' and outcome = 'done' and object_kind = 'site'
      and object_id = sites.site_id::text)
where struck_off_on is not null;
