-- The map of a month, from history alone: $1 the county, $2 and $3 the month's first and last day, $4 the instant of its close, $5 the
-- instant from which it is looked at. At the close $4 = $5; at the end of the days of grace $5 is later, so that reports which came late
-- for the month are in it while the committee's later decisions and the next month's reports are not.
with counted as (
    select report_id, site_id, deputy_id, month, stage, percent, counted_at, late
    from reports_standing_at($1, $5)
    where month <= $2
),
-- The latest decision holds, as in sites/stage.rs: of the same instant a correction before a report, and the report with the later id.
decisions as (
    select site_id, stage, percent, counted_at as at, 0 as change_id, report_id from counted
    union all
    select site_id, to_stage, percent, at, change_id, null from stage_changes
    where county_id = $1 and cause = 'correction' and at < $4
),
latest as (
    select distinct on (site_id) site_id, stage, percent from decisions order by site_id, at desc, change_id desc, report_id desc
),
owing as (
    select adoptions.site_id, count(*) as adopted, count(*) filter (where away.deputy_id is null) as owed,
           count(counted.report_id) filter (where away.deputy_id is null) as received,
           count(counted.report_id) filter (where away.deputy_id is null and not counted.late) as on_time
    from adoptions
    left join deputies_excused_at($1, $2, $5) as away on away.deputy_id = adoptions.deputy_id
    left join counted on counted.site_id = adoptions.site_id and counted.deputy_id = adoptions.deputy_id and counted.month = $2
    where adoptions.county_id = $1 and adopted_on <= $3 and (ended_on is null or ended_on > $3)
    group by adoptions.site_id
),
heard as (
    select site_id, max(counted_at) as last_report_at, bool_or(month = $2) as this_month from counted group by site_id
)
insert into month_sites (county_id, month, site_id, stage, percent, start_overdue, finish_overdue, silent, struck_off_on,
                         owed, received, on_time, last_report_at, lay_in_code, lay_in_name)
select $1, $2, sites.site_id, now_at.stage, coalesce(latest.percent, 0),
       now_at.stage = 'not_started' and coalesce(planned_start_on < $3, false),
       now_at.stage <> 'completed' and coalesce(planned_finish_on < $3, false),
       -- A site is not silent when everybody who would have reported on it was excused.
       struck.site_id is null and not coalesce(heard.this_month, false) and not coalesce(owing.adopted > 0 and owing.owed = 0, false),
       struck.struck_off_on,
       case when struck.site_id is null then coalesce(owing.owed, 0) else 0 end,
       case when struck.site_id is null then coalesce(owing.received, 0) else 0 end,
       case when struck.site_id is null then coalesce(owing.on_time, 0) else 0 end,
       heard.last_report_at, lay.code, coalesce(named.name, lay.name)
from sites
join regions on regions.county_id = $1 and regions.region_code = sites.region_code
left join latest using (site_id)
left join owing using (site_id)
left join heard using (site_id)
left join sites_struck_off_on($1, $3) as struck using (site_id)
cross join lateral (select coalesce(latest.stage, 'not_started') as stage) as now_at
-- Where it lay at the close, under the name of that day: a merger or a renaming since then is none of this month's.
left join lateral (select region_code, region_name from site_regions_before as moved
                   where moved.county_id = $1 and moved.site_id = sites.site_id and until_at >= $4 order by until_at limit 1) as before on true
cross join lateral (select coalesce(before.region_code, sites.region_code) as code, coalesce(before.region_name, regions.name) as name) as lay
left join lateral (select former.name from region_names as former
                   where former.county_id = $1 and former.region_code = lay.code and former.at >= $4 order by former.at limit 1) as named on true
where sites.county_id = $1 and created_at < $4 and (withdrawn_at is null or withdrawn_at >= $5)
