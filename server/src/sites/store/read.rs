//! Reading whole sites: the row, its adopters, and what was reported for it month by month.

use std::collections::HashMap;

use geodata::LonLat;
use sqlx::PgConnection;

use crate::calendar::Month;
use crate::http::shapes::{Named, RegionRef, portrait_url};
use crate::ids::{CountyId, DeputyId, ProjectId, SiteId};
use crate::sites::model::{Adopter, MonthReports, ProjectRef, Site, Stage};

/// One site as the public may see it; none when it is withdrawn or another county's.
pub async fn find_site(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<Site>, sqlx::Error> {
    Ok(list_sites(connection, county_id, Some(&[site_id])).await?.pop())
}

/// The county's sites in order of their code, or only those of `wanted`. Withdrawn sites are left out. Call it in a transaction whose
/// statements see one state (repeatable read) when others may write meanwhile.
pub async fn list_sites(connection: &mut PgConnection, county_id: CountyId, wanted: Option<&[SiteId]>) -> Result<Vec<Site>, sqlx::Error> {
    read_sites(connection, county_id, wanted, false).await
}

/// Those of `wanted` that were withdrawn: gone from the map of today, but not from that of a month that was closed before.
pub async fn list_withdrawn_sites(connection: &mut PgConnection, county_id: CountyId, wanted: &[SiteId]) -> Result<Vec<Site>, sqlx::Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    read_sites(connection, county_id, Some(wanted), true).await
}

async fn read_sites(
    connection: &mut PgConnection,
    county_id: CountyId,
    wanted: Option<&[SiteId]>,
    withdrawn: bool,
) -> Result<Vec<Site>, sqlx::Error> {
    let numbers: Option<Vec<i64>> = wanted.map(|sites| sites.iter().map(|site| site.0).collect());
    let numbers = numbers.as_deref();
    let mut adopters = adopters(connection, county_id, numbers).await?;
    let mut months = month_reports(connection, county_id, numbers).await?;
    let rows = sqlx::query!(
        r#"select site_id, s.code, s.name, address, project_id, p.number, p.title, s.region_code, r.name as region_name,
                  st_x(position) as "lon!", st_y(position) as "lat!", stage as "stage: Stage", percent, struck_off_on, planned_start_on,
                  planned_finish_on, original_planned_start_on, original_planned_finish_on, unit_id, u.name as unit_name, quota,
                  people_served, remarks, last_report_at, s.created_at, rev
           from sites s
           join projects p using (county_id, project_id)
           join regions r using (county_id, region_code)
           join units u using (county_id, unit_id)
           where county_id = $1 and (withdrawn_at is not null) = $3::boolean and ($2::bigint[] is null or site_id = any($2))
           order by s.code"#,
        county_id.0,
        numbers,
        withdrawn
    )
    .fetch_all(connection)
    .await?;
    let sites = rows.into_iter().map(|row| {
        Ok(Site {
            site_id: SiteId(row.site_id),
            code: row.code,
            name: row.name,
            address: row.address,
            project: ProjectRef { id: ProjectId(row.project_id), number: row.number, title: row.title },
            region: RegionRef { code: row.region_code, name: row.region_name },
            position: LonLat::new(row.lon, row.lat).map_err(|error| sqlx::Error::Decode(error.into()))?,
            stage: row.stage,
            percent: row.percent,
            struck_off_on: row.struck_off_on,
            planned_start_on: row.planned_start_on,
            planned_finish_on: row.planned_finish_on,
            original_planned_start_on: row.original_planned_start_on,
            original_planned_finish_on: row.original_planned_finish_on,
            unit: Named { id: row.unit_id, name: row.unit_name },
            quota: row.quota,
            people_served: row.people_served,
            remarks: row.remarks,
            last_report_at: row.last_report_at,
            created_at: row.created_at,
            rev: row.rev,
            adopters: adopters.remove(&row.site_id).unwrap_or_default(),
            months: months.remove(&row.site_id).unwrap_or_default(),
        })
    });
    sites.collect()
}

async fn adopters(connection: &mut PgConnection, county_id: CountyId, numbers: Option<&[i64]>) -> Result<HashMap<i64, Vec<Adopter>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select site_id, deputy_id, d.name, d.constituency, p.sha256 as "portrait?"
         from adoptions
         join deputies d using (county_id, deputy_id)
         left join portraits p using (county_id, deputy_id)
         where county_id = $1 and ended_on is null and ($2::bigint[] is null or site_id = any($2))
         order by adopted_on, deputy_id"#,
        county_id.0,
        numbers
    )
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<i64, Vec<Adopter>> = HashMap::new();
    for row in rows {
        let portrait_url = row.portrait.as_deref().map(portrait_url);
        let adopter = Adopter { id: DeputyId(row.deputy_id), name: row.name, constituency: row.constituency, portrait_url };
        found.entry(row.site_id).or_default().push(adopter);
    }
    Ok(found)
}

async fn month_reports(
    connection: &mut PgConnection,
    county_id: CountyId,
    numbers: Option<&[i64]>,
) -> Result<HashMap<i64, Vec<MonthReports>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with present as (
               select site_id, deputy_id, true as adopts from adoptions
               where county_id = $1 and ended_on is null and ($2::bigint[] is null or site_id = any($2))),
           away as (select deputy_id, month, true as excused from month_exceptions where county_id = $1 and undone_at is null),
           told as (
               select site_id, month, count(*) as standing, count(*) filter (where adopts and excused is null) as received,
                      count(*) filter (where adopts and excused is null and not late) as on_time
               from reports left join present using (site_id, deputy_id) left join away using (deputy_id, month)
               where county_id = $1 and state = 'standing' and ($2::bigint[] is null or site_id = any($2))
               group by site_id, month),
           excused as (select site_id, month, count(*) as adopters from present join away using (deputy_id) group by site_id, month)
           select site_id as "site_id!", month as "month!", coalesce(standing, 0) as "standing!", coalesce(received, 0) as "received!",
                  coalesce(on_time, 0) as "on_time!", coalesce(adopters, 0) as "excused!"
           from told full join excused using (site_id, month)
           order by month"#,
        county_id.0,
        numbers
    )
    .fetch_all(connection)
    .await?;
    let count = |number: i64| u16::try_from(number).unwrap_or(u16::MAX);
    let mut found: HashMap<i64, Vec<MonthReports>> = HashMap::new();
    for row in rows {
        found.entry(row.site_id).or_default().push(MonthReports {
            month: Month::of(row.month),
            standing: count(row.standing),
            received: count(row.received),
            on_time: count(row.on_time),
            excused: count(row.excused),
        });
    }
    Ok(found)
}

/// The region of a site that was not withdrawn, and whether it is a key site.
pub async fn find_place(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<(String, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        "select region_code, key_site from sites where county_id = $1 and site_id = $2 and withdrawn_at is null",
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.region_code, row.key_site)))
}

/// The region of a site that was not withdrawn.
pub async fn find_region(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<String>, sqlx::Error> {
    Ok(find_place(connection, county_id, site_id).await?.map(|(region_code, _)| region_code))
}
