-- The facts on which the review list rests, one row for each open site that the reader may see: $1 the county, $2 the regions
-- supervised, $3 the reader's own unit, $4 the first day of the last closed month. Reports about which something was found are told
-- whatever their month, because a finding stands until somebody has looked at it. What the facts mean and how they are weighed is decided
-- in ranking.rs, not here.
with open_sites as (
    select site_id, name, code, project_id, region_code, unit_id, stage, planned_start_on, planned_finish_on, people_served, created_at, last_report_at, key_site
    from sites
    where county_id = $1 and withdrawn_at is null and struck_off_on is null
      and (unit_id = $3 or exists (select from unnest($2::text[]) as place (code) where starts_with(region_code, code)))
),
-- Reports some of whose announced pictures have not arrived.
lacking as (
    select report_id, count(*) as missing_photos
    from report_photos
    where county_id = $1 and not exists (select from photos where photos.county_id = $1 and photos.sha256 = report_photos.sha256)
    group by report_id
),
-- The months for which a site's reports name different stages.
disputed as (
    select site_id, month
    from reports
    where county_id = $1 and state = 'standing' and site_id in (select site_id from open_sites)
    group by site_id, month having min(stage) <> max(stage)
),
standing as (
    select reports.site_id, max(month) filter (where month <= $4) as last_reported_month,
           jsonb_agg(jsonb_build_object(
               'report_id', report_id, 'deputy_id', reports.deputy_id, 'month', month, 'stage', stage, 'received_at', received_at,
               'off_site', off_site, 'distance_m', distance_m, 'reused_photo', reused_photo, 'step_back', step_back,
               'missing_photos', coalesce(missing_photos, 0)
           ) order by received_at, report_id) filter (
               where month >= $4 or off_site or reused_photo or step_back or missing_photos > 0 or disputed.site_id is not null
           ) as recent
    from reports
    left join lacking using (report_id)
    left join disputed using (site_id, month)
    where county_id = $1 and state = 'standing'
    group by reports.site_id
),
nudges as (
    select site_id, count(*) as sent, max(sent_at) as last_sent_at
    from reminders
    where county_id = $1 and taken_back_at is null
    group by site_id
),
-- Sites all of whose adopters were excused from the last closed month: nobody owed a report.
excused as (
    select site_id from adoptions left join deputies_excused_at($1, $4, 'infinity') as away using (deputy_id)
    where county_id = $1 and ended_on is null group by site_id having count(*) = count(away.deputy_id)
),
ordered as (
    select site_id, count(*) as open_orders
    from order_sites join supervision_orders using (county_id, order_id)
    where county_id = $1 and state not in ('accepted', 'withdrawn', 'lapsed') and followed_by is null
    group by site_id
),
put_aside as (
    select site_id, jsonb_object_agg(reason_code, at) as dismissed
    from (select site_id, reason_code, max(dismissed_at) as at from review_dismissals
          where county_id = $1 and undone_at is null group by site_id, reason_code) as latest
    group by site_id
)
select site_id as "site_id: SiteId", name, code, project_id as "project_id: ProjectId", region_code, unit_id as "unit_id: UnitId", stage as "stage: Stage",
       planned_start_on, planned_finish_on, people_served, created_at, last_report_at, key_site,
       (select u.name from units u where u.county_id = $1 and u.unit_id = open_sites.unit_id) as "unit_name!",
       (select min(d.name) from adoptions a join deputies d using (county_id, deputy_id)
        where a.county_id = $1 and a.site_id = open_sites.site_id and ended_on is null) as first_adopter,
       last_reported_month as "last_reported_month?",
       excused.site_id is not null as "excused!",
       coalesce(recent, '[]') as "recent!: Json<Vec<RecentReport>>",
       array(select deputy_id from adoptions a where a.county_id = $1 and a.site_id = open_sites.site_id and ended_on is null) as "adopters!",
       coalesce(dismissed, '{}') as "dismissed!: Json<Dismissed>",
       coalesce(sent, 0) as "reminders!", last_sent_at as "last_reminded_at?",
       coalesce(open_orders, 0) as "open_orders!"
from open_sites
left join standing using (site_id)
left join excused using (site_id)
left join nudges using (site_id)
left join ordered using (site_id)
left join put_aside using (site_id)
