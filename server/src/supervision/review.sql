-- The facts on which the review list rests, one row for each open site that the reader may see: $1 the county, $2 the regions
-- supervised, $3 the reader's own unit, $4 the first day of the last closed month, $5 the only sites that are wanted, or null for all. Reports
-- about which something was found are told whatever their month, because a finding stands until somebody has looked at it; others are not. What
-- the facts mean and how they are weighed is decided in ranking.rs, not here. Read it with a plan of its own for each call: what is good for
-- all sites of a county reads a hundred times too much for fifty.
with open_sites as (
    select site_id, name, code, project_id, region_code, unit_id, stage, planned_start_on, planned_finish_on, people_served, created_at, last_report_at, key_site
    from sites
    where county_id = $1 and withdrawn_at is null and struck_off_on is null and ($5::bigint[] is null or site_id = any($5))
      and (unit_id = $3 or exists (select from unnest($2::text[]) as place (code) where starts_with(region_code, code)))
),
-- Reports some of whose announced pictures have not arrived.
lacking as (
    select report_id, count(*) as missing_photos
    from report_photos
    where county_id = $1 and not exists (select from photos where photos.county_id = $1 and photos.sha256 = report_photos.sha256)
      and ($5::bigint[] is null or report_id = any(array(
          select report_id from reports where county_id = $1 and state = 'standing' and site_id = any($5))))
    group by report_id
),
-- The months of which a site has standing reports, and whether they name different stages.
monthly as materialized (
    select site_id, month, min(stage) <> max(stage) as disputed
    from reports
    where county_id = $1 and state = 'standing' and ($5::bigint[] is null or site_id = any($5))
    group by site_id, month
),
reported as (
    select site_id, max(month) as last_reported_month from monthly where month <= $4 group by site_id
),
found as (
    select site_id, jsonb_agg(jsonb_build_object(
               'report_id', report_id, 'deputy_id', deputy_id, 'month', month, 'stage', stage, 'received_at', received_at,
               'off_site', off_site, 'distance_m', distance_m, 'reused_photo', reused_photo, 'step_back', step_back,
               'missing_photos', coalesce(missing_photos, 0)
           ) order by received_at, report_id) as recent
    from reports
    left join lacking using (report_id)
    where county_id = $1 and state = 'standing' and ($5::bigint[] is null or site_id = any($5))
      and (off_site or reused_photo or step_back or missing_photos > 0 or (site_id, month) in (select site_id, month from monthly where disputed))
    group by site_id
),
-- One press is one reminder, however many adopters it reaches; one to the unit is another.
nudges as (
    select site_id, count(distinct (sent_at, unit_id is null)) as sent, max(sent_at) as last_sent_at
    from reminders
    where county_id = $1 and taken_back_at is null and ($5::bigint[] is null or site_id = any($5))
    group by site_id
),
-- Who looks after a site at present, and whether all of them were excused from the last closed month: then nobody owed a report.
adopted as (
    select site_id, array_agg(deputy_id) as adopters, min(deputies.name) as first_adopter, count(*) = count(away.deputy_id) as excused
    from adoptions
    join deputies using (county_id, deputy_id)
    left join deputies_excused_at($1, $4, 'infinity') as away using (deputy_id)
    where county_id = $1 and ended_on is null and ($5::bigint[] is null or site_id = any($5))
    group by site_id
),
ordered as (
    select site_id, count(*) as open_orders
    from order_sites join supervision_orders using (county_id, order_id)
    where county_id = $1 and state not in ('accepted', 'withdrawn', 'lapsed') and followed_by is null
    group by site_id
),
challenged as (
    select site_id, count(*) as open_challenges, min(submitted_at) as challenged_at
    from challenges
    where county_id = $1 and state in ('submitted', 'accepted')
    group by site_id
),
put_aside as (
    select site_id, jsonb_object_agg(reason_code, at) as dismissed
    from (select site_id, reason_code, max(dismissed_at) as at from review_dismissals
          where county_id = $1 and undone_at is null group by site_id, reason_code) as latest
    group by site_id
)
select site_id as "site_id: SiteId", open_sites.name, code, project_id as "project_id: ProjectId", region_code, open_sites.unit_id as "unit_id: UnitId",
       stage as "stage: Stage", planned_start_on, planned_finish_on, people_served, created_at, last_report_at, key_site,
       units.name as "unit_name!",
       first_adopter as "first_adopter?",
       last_reported_month as "last_reported_month?",
       coalesce(excused, false) as "excused!",
       coalesce(recent, '[]') as "recent!: Json<Vec<RecentReport>>",
       coalesce(adopters, '{}') as "adopters!",
       coalesce(dismissed, '{}') as "dismissed!: Json<Dismissed>",
       coalesce(sent, 0) as "reminders!", last_sent_at as "last_reminded_at?",
       coalesce(open_orders, 0) as "open_orders!",
       coalesce(open_challenges, 0) as "open_challenges!", challenged_at as "challenged_at?"
from open_sites
join units on units.county_id = $1 and units.unit_id = open_sites.unit_id
left join reported using (site_id)
left join found using (site_id)
left join adopted using (site_id)
left join nudges using (site_id)
left join ordered using (site_id)
left join challenged using (site_id)
left join put_aside using (site_id)
