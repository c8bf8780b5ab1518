-- A report's receipt is the same however often the report is sent, so which pictures were not there yet is kept with the report.
alter table report_photos add column missing_at_receipt boolean not null default false;

-- How many pictures an account has sent today.
create index photos_uploaded_by_idx on photos (uploaded_by, received_at);

-- Of two versions the one written later stands, in whatever order two phones of one deputy deliver them. A version that came first and was
-- sent back before the other arrived no longer stood in its way.
create or replace function reports_standing_at(in_county integer, instant timestamptz) returns setof reports
language sql stable parallel safe as $$
    select reports.*
    from reports
    where reports.county_id = in_county and reports.received_at < instant and (reports.returned_at is null or reports.returned_at >= instant)
      and not exists (
          select from reports as newer
          where newer.county_id = in_county and newer.site_id = reports.site_id and newer.deputy_id = reports.deputy_id
            and newer.month = reports.month and newer.received_at < instant
            and (newer.counted_at, newer.report_id) > (reports.counted_at, reports.report_id)
            and (newer.received_at > reports.received_at or newer.returned_at is null or newer.returned_at > reports.received_at))
$$;
