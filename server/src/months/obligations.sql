-- Who has to report on which site for a month, whether it stands, and who is excused: $1 the county, $2 and $3 the month's first and last
-- day, $4 the instant from which it is looked at, $5 the instant of the month's close.
select adoptions.site_id as "site_id: _", adoptions.deputy_id as "deputy_id: _", sites.region_code, sites.project_id as "project_id: _",
       sites.code as site_code, sites.name as site_name, deputies.name as deputy_name, deputies.region_code as deputy_region,
       deputies.deputy_group_id as group_id, reports.received_at as "received_at?", reports.came_by as "came_by?: _",
       reports.report_id is not null as "received!", coalesce(not reports.late, false) as "on_time!", away.deputy_id is not null as "excused!"
from adoptions
join sites on sites.county_id = $1 and sites.site_id = adoptions.site_id
join deputies on deputies.county_id = $1 and deputies.deputy_id = adoptions.deputy_id
left join reports_standing_at($1, $4) as reports
       on reports.site_id = adoptions.site_id and reports.deputy_id = adoptions.deputy_id and reports.month = $2
left join deputies_excused_at($1, $2, $4) as away on away.deputy_id = adoptions.deputy_id
where adoptions.county_id = $1 and adopted_on <= $3 and (ended_on is null or ended_on > $3)
  and sites.created_at < $5 and (withdrawn_at is null or withdrawn_at >= $4)
  and not exists (select from sites_struck_off_on($1, $3) as struck where struck.site_id = adoptions.site_id)
order by sites.region_code, adoptions.site_id, adoptions.deputy_id
