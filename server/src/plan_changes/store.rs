//! All SQL of plan changes.

use chrono::{DateTime, NaiveDate, Utc};
use geodata::LonLat;
use sqlx::PgConnection;

use super::model::{Plan, PlanChange};
use crate::http::shapes::RegionRef;
use crate::ids::{AccountId, CountyId, SiteId};

/// What a decision has to know of the site it is about.
#[derive(Debug, Clone)]
pub struct PlannedSite {
    pub site_id: SiteId,
    pub plan: Plan,
    pub is_struck_off: bool,
    pub rev: i64,
}

/// A plan change with the site it is about.
#[derive(Debug, Clone)]
pub struct ChangeOfSite {
    pub code: String,
    pub name: String,
    pub change: PlanChange,
}

fn position(lon: f64, lat: f64) -> Result<LonLat, sqlx::Error> {
    LonLat::new(lon, lat).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// The site, held for the running transaction. Withdrawn sites are not there.
pub async fn lock_site(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<PlannedSite>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select planned_start_on, planned_finish_on, quota, address, s.region_code, r.name as region_name, st_x(position) as "lon!",
                  st_y(position) as "lat!", struck_off_on is not null as "struck_off!", rev
           from sites s join regions r using (county_id, region_code)
           where county_id = $1 and site_id = $2 and withdrawn_at is null for update of s"#,
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let plan = Plan {
        start_on: row.planned_start_on,
        finish_on: row.planned_finish_on,
        quota: row.quota,
        address: row.address,
        region: RegionRef { code: row.region_code, name: row.region_name },
        position: position(row.lon, row.lat)?,
    };
    Ok(Some(PlannedSite { site_id, plan, is_struck_off: row.struck_off, rev: row.rev }))
}

/// The decision under which a plan changes.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    pub number: &'a str,
    pub decided_on: NaiveDate,
    pub reason: &'a str,
}

/// Puts the new plan in place of a locked site's and keeps both with the decision. The dates first planned stay as the original ones.
pub async fn change_plan(
    connection: &mut PgConnection,
    county_id: CountyId,
    site: &PlannedSite,
    after: &Plan,
    decision: Decision<'_>,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    insert_change(connection, county_id, site, after, decision, (by, at)).await?;
    let updated = sqlx::query!(
        "update sites set planned_start_on = $4, planned_finish_on = $5, quota = $6, address = $7, region_code = $8,
                original_planned_start_on = coalesce(original_planned_start_on, planned_start_on),
                original_planned_finish_on = coalesce(original_planned_finish_on, planned_finish_on),
                source_datum = case when $11 then 'wgs84' else source_datum end,
                source_position = case when $11 then $9::float8 || ',' || $10::float8 else source_position end,
                position = case when $11 then st_setsrid(st_makepoint($9, $10), 4326) else position end, rev = rev + 1
         where county_id = $1 and site_id = $2 and rev = $3 and struck_off_on is null",
        county_id.0,
        site.site_id.0,
        site.rev,
        after.start_on,
        after.finish_on,
        after.quota,
        after.address,
        after.region.code,
        after.position.lon(),
        after.position.lat(),
        site.plan.position != after.position
    )
    .execute(connection)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

async fn insert_change(
    connection: &mut PgConnection,
    county_id: CountyId,
    site: &PlannedSite,
    after: &Plan,
    decision: Decision<'_>,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into plan_changes (county_id, site_id, decision_number, decided_on, reason, account_id, at, start_before, start_after,
                                   finish_before, finish_after, quota_before, quota_after, address_before, address_after, region_before,
                                   region_after, position_before, position_after)
         select $1, site_id, $3, $4, $5, $6, $7, planned_start_on, $8, planned_finish_on, $9, quota, $10, address, $11, region_code, $12,
                position, case when $15 then st_setsrid(st_makepoint($13, $14), 4326) else position end
         from sites where county_id = $1 and site_id = $2",
        county_id.0,
        site.site_id.0,
        decision.number,
        decision.decided_on,
        decision.reason,
        by.0,
        at,
        after.start_on,
        after.finish_on,
        after.quota,
        after.address,
        after.region.code,
        after.position.lon(),
        after.position.lat(),
        site.plan.position != after.position
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Every change of a site's plan, newest first.
pub async fn list_changes(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<PlanChange>, sqlx::Error> {
    let mut found = list(connection, county_id, Some(site_id), None).await?;
    found.reverse();
    Ok(found.into_iter().map(|found| found.change).collect())
}

/// The changes entered from the first moment until before the second, in the order in which they were entered. What an undone import alone
/// had made is not among them.
pub async fn list_changes_within(
    connection: &mut PgConnection,
    county_id: CountyId,
    within: (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<ChangeOfSite>, sqlx::Error> {
    list(connection, county_id, None, Some(within)).await
}

async fn list(
    connection: &mut PgConnection,
    county_id: CountyId,
    site_id: Option<SiteId>,
    within: Option<(DateTime<Utc>, DateTime<Utc>)>,
) -> Result<Vec<ChangeOfSite>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.code, s.name, plan_change_id, decision_number, decided_on, reason, at, start_before, start_after, finish_before, finish_after,
                  quota_before, quota_after, address_before, address_after, region_before, region_after, b.name as name_before,
                  a.name as name_after, st_x(position_before) as "lon_before!", st_y(position_before) as "lat_before!",
                  st_x(position_after) as "lon_after!", st_y(position_after) as "lat_after!"
           from plan_changes c
           join sites s on s.county_id = c.county_id and s.site_id = c.site_id
           join regions b on b.county_id = c.county_id and b.region_code = region_before
           join regions a on a.county_id = c.county_id and a.region_code = region_after
           where c.county_id = $1 and ($2::bigint is null or c.site_id = $2)
             and ($3::timestamptz is null or (c.at >= $3 and c.at < $4
                 and (s.withdrawn_at is null
                      or exists (select from site_withdrawals w where w.county_id = s.county_id and w.site_id = s.site_id))))
           order by plan_change_id"#,
        county_id.0,
        site_id.map(|site| site.0),
        within.map(|(from, _)| from),
        within.map(|(_, until)| until)
    )
    .fetch_all(connection)
    .await?;
    let changes = rows.into_iter().map(|row| {
        let change = PlanChange {
            plan_change_id: row.plan_change_id,
            decision_number: row.decision_number,
            decided_on: row.decided_on,
            reason: row.reason,
            at: row.at,
            before: Plan {
                start_on: row.start_before,
                finish_on: row.finish_before,
                quota: row.quota_before,
                address: row.address_before,
                region: RegionRef { code: row.region_before, name: row.name_before },
                position: position(row.lon_before, row.lat_before)?,
            },
            after: Plan {
                start_on: row.start_after,
                finish_on: row.finish_after,
                quota: row.quota_after,
                address: row.address_after,
                region: RegionRef { code: row.region_after, name: row.name_after },
                position: position(row.lon_after, row.lat_after)?,
            },
        };
        Ok(ChangeOfSite { code: row.code, name: row.name, change })
    });
    changes.collect()
}
