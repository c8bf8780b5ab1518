-- The meaning of "standing at an instant" in one place: received before it, not sent back before it, not outdone before it by a version
-- of the same author, site and month that was written later. (A version that was sent back before this one came outdoes nothing.) What
-- counts now is reports.state; what counted then is asked here, so that a month closed late gets the figures of its close.
create function reports_standing_at(in_county integer, instant timestamptz) returns setof reports
language sql stable parallel safe as $$
    select reports.*
    from reports
    where reports.county_id = in_county and reports.received_at < instant and (reports.returned_at is null or reports.returned_at >= instant)
      and not exists (
          select from reports as newer
          where newer.county_id = in_county and newer.site_id = reports.site_id and newer.deputy_id = reports.deputy_id
            and newer.month = reports.month and (newer.counted_at, newer.report_id) > (reports.counted_at, reports.report_id)
            and newer.received_at < instant and (newer.returned_at is null or newer.returned_at > reports.received_at))
$$;

-- Sites that were struck off at the end of a day, with the date of it, whether or not they were reopened later.
create function sites_struck_off_on(in_county integer, day date) returns table (site_id bigint, struck_off_on date)
language sql stable parallel safe as $$
    select sites.site_id, sites.struck_off_on from sites where sites.county_id = in_county and sites.struck_off_on <= day
    union
    select reopenings.site_id, max(reopenings.struck_off_on) from reopenings
    where reopenings.county_id = in_county and reopenings.struck_off_on <= day and reopenings.reopened_on > day
    group by reopenings.site_id
$$;

-- A final month takes no further row either, and is not made provisional again.
create function refuse_row_of_final_month() returns trigger language plpgsql as $$
begin
    if exists (select from reporting_months where county_id = new.county_id and month = new.month and finalized_at is not null) then
        raise exception 'the snapshot of % is final', new.month using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger month_sites_final_takes_no_row before insert on month_sites for each row execute function refuse_row_of_final_month();
create trigger reporting_months_final before update or delete on reporting_months
    for each row when (old.finalized_at is not null) execute function refuse_change();
