//! All SQL of townships that become part of another.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::http::shapes::Named;
use crate::ids::{AccountId, CountyId, DeputyId, SiteId};
use crate::planning::model::{Moving, VillageCode};

/// A merger on record.
#[derive(Debug)]
pub struct MergerRow {
    pub merger_id: i64,
    pub from_code: String,
    pub from_name: String,
    pub into_code: String,
    pub into_name: String,
    pub effective_on: NaiveDate,
    pub decision_number: String,
    pub reason: String,
    pub moved: serde_json::Value,
    pub at: DateTime<Utc>,
}

/// The county's mergers, the latest first.
pub async fn list_mergers(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<MergerRow>, sqlx::Error> {
    sqlx::query_as!(
        MergerRow,
        "select merger_id, from_code, from_name, into_code, into_name, effective_on, decision_number, reason, moved, at
         from region_mergers where county_id = $1 order by merger_id desc",
        county_id.0
    )
    .fetch_all(connection)
    .await
}

/// The names of two townships, held for the running transaction in the order of their codes, so that two mergers cannot wait for each other.
/// One that was merged already is not there.
pub async fn lock_townships(
    connection: &mut PgConnection,
    county_id: CountyId,
    (from, into): (&str, &str),
) -> Result<Option<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select region_code, name from regions
         where county_id = $1 and (region_code in ($2, $3) or starts_with(region_code, $2)) and merged_into is null order by region_code for update",
        county_id.0,
        from,
        into
    )
    .fetch_all(connection)
    .await?;
    let name = |code: &str| rows.iter().find(|row| row.region_code == code && code.len() == 9).map(|row| row.name.clone());
    Ok(name(from).zip(name(into)))
}

/// Every code of the county's villages and of what they once were.
pub async fn list_villages(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<VillageCode>, sqlx::Error> {
    sqlx::query_as!(
        VillageCode,
        r#"select region_code as code, name, merged_into is not null as "is_gone!"
           from regions where county_id = $1 and length(region_code) = 12 order by region_code"#,
        county_id.0
    )
    .fetch_all(connection)
    .await
}

/// What lies in a township and its villages.
pub async fn list_moving(connection: &mut PgConnection, county_id: CountyId, from: &str) -> Result<Moving, sqlx::Error> {
    let sites = sqlx::query_as!(
        Named,
        "select site_id as id, name from sites where county_id = $1 and starts_with(region_code, $2) and withdrawn_at is null order by code",
        county_id.0,
        from
    )
    .fetch_all(&mut *connection)
    .await?;
    let stations = sqlx::query_as!(
        Named,
        "select station_id as id, name from stations where county_id = $1 and starts_with(region_code, $2) order by code",
        county_id.0,
        from
    )
    .fetch_all(&mut *connection)
    .await?;
    let deputies = sqlx::query_as!(
        Named,
        "select deputy_id as id, name from deputies where county_id = $1 and starts_with(region_code, $2) order by deputy_id",
        county_id.0,
        from
    )
    .fetch_all(&mut *connection)
    .await?;
    let accounts = sqlx::query_as!(
        Named,
        "select distinct a.account_id as id, a.name from grants g join accounts a using (account_id)
         where g.county_id = $1 and starts_with(g.region_code, $2) order by a.account_id",
        county_id.0,
        from
    )
    .fetch_all(&mut *connection)
    .await?;
    let counts = sqlx::query!(
        r#"select (select count(*) from grid_cells where county_id = $1 and starts_with(region_code, $2)) as "grid_cells!",
                  (select count(*) from supervision_orders where county_id = $1 and starts_with(region_code, $2)) as "orders!",
                  (select count(*) from site_offers where county_id = $1 and starts_with(region_code, $2)) as "offers!""#,
        county_id.0,
        from
    )
    .fetch_one(connection)
    .await?;
    Ok(Moving { sites, stations, deputies, accounts, grid_cells: counts.grid_cells, orders: counts.orders, offers: counts.offers })
}

/// Somebody who keeps or handles one thing in each of the two townships: their rights cannot be put together.
pub async fn find_divided_account(
    connection: &mut PgConnection,
    county_id: CountyId,
    (from, into): (&str, &str),
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select a.name from grants g
         join grants o on o.account_id = g.account_id and o.role = g.role and o.region_code = $3
         join accounts a on a.account_id = g.account_id
         where g.county_id = $1 and g.region_code = $2
             and (g.deputy_id, g.unit_id, g.station_id) is distinct from (o.deputy_id, o.unit_id, o.station_id) limit 1",
        county_id.0,
        from,
        into
    )
    .fetch_optional(connection)
    .await
}

/// Notes where the sites of a region lie until now.
pub async fn keep_places(connection: &mut PgConnection, county_id: CountyId, from: &str, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into site_regions_before (county_id, site_id, region_code, region_name, until_at)
         select s.county_id, site_id, s.region_code, r.name, $3 from sites s join regions r using (county_id, region_code)
         where s.county_id = $1 and s.region_code = $2",
        county_id.0,
        from,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes a village of the township it now belongs to, with the outline it had.
pub async fn copy_village(connection: &mut PgConnection, county_id: CountyId, (from, to): (&str, &str)) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into regions (county_id, region_code, name, boundary)
         select county_id, $3, name, boundary from regions where county_id = $1 and region_code = $2",
        county_id.0,
        from,
        to
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Everything that refers to region `from` refers to `to` afterwards. The region itself stays, without an outline, and says where it went.
pub async fn move_region(connection: &mut PgConnection, county_id: CountyId, (from, to): (&str, &str), on: NaiveDate) -> Result<(), sqlx::Error> {
    let county = county_id.0;
    sqlx::query!("update sites set region_code = $3, rev = rev + 1 where county_id = $1 and region_code = $2", county, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update stations set region_code = $3, rev = rev + 1 where county_id = $1 and region_code = $2", county, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update deputies set region_code = $3, entry_rev = entry_rev + 1 where county_id = $1 and region_code = $2", county, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update grid_cells set region_code = $3, rev = rev + 1 where county_id = $1 and region_code = $2", county, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "delete from grants g where county_id = $1 and region_code = $2
             and exists (select from grants o where o.account_id = g.account_id and o.role = g.role and o.region_code = $3)",
        county,
        from,
        to
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update grants set region_code = $3 where county_id = $1 and region_code = $2", county, from, to).execute(&mut *connection).await?;
    sqlx::query!("update site_offers set region_code = $3 where county_id = $1 and region_code = $2", county, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update supervision_orders set region_code = $3 where county_id = $1 and region_code = $2", county, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "update regions set merged_into = $3, merged_on = $4, boundary = null where county_id = $1 and region_code = $2",
        county,
        from,
        to,
        on
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Joins the outline of the one to that of the other, where both are known.
pub async fn join_outlines(connection: &mut PgConnection, county_id: CountyId, (from, into): (&str, &str)) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update regions b set boundary = st_multi(st_collectionextract(st_makevalid(st_union(b.boundary, a.boundary)), 3))
         from regions a
         where b.county_id = $1 and b.region_code = $3 and a.county_id = $1 and a.region_code = $2 and a.boundary is not null and b.boundary is not null",
        county_id.0,
        from,
        into
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A merger to be put on record.
#[derive(Debug, Clone, Copy)]
pub struct Merger<'a> {
    pub from: (&'a str, &'a str),
    pub into: (&'a str, &'a str),
    pub effective_on: NaiveDate,
    pub decision_number: &'a str,
    pub reason: &'a str,
}

/// Keeps the merger with the outlines as they are before it.
pub async fn insert_merger(
    connection: &mut PgConnection,
    county_id: CountyId,
    merger: Merger<'_>,
    moved: &serde_json::Value,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into region_mergers (county_id, from_code, from_name, into_code, into_name, effective_on, decision_number, reason, moved,
                                     from_boundary, into_boundary_before, account_id, at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9,
                (select boundary from regions where county_id = $1 and region_code = $2),
                (select boundary from regions where county_id = $1 and region_code = $4), $10, $11
         returning merger_id",
        county_id.0,
        merger.from.0,
        merger.from.1,
        merger.into.0,
        merger.into.1,
        merger.effective_on,
        merger.decision_number,
        merger.reason,
        moved,
        by.0,
        at
    )
    .fetch_one(connection)
    .await
}

/// Who has adopted these sites.
pub async fn list_adopters(connection: &mut PgConnection, county_id: CountyId, sites: &[i64]) -> Result<Vec<(SiteId, DeputyId)>, sqlx::Error> {
    let rows =
        sqlx::query!("select site_id, deputy_id from adoptions where county_id = $1 and site_id = any($2) and ended_on is null", county_id.0, sites)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), DeputyId(row.deputy_id))).collect())
}

/// The last month that is closed.
pub async fn find_last_closed(connection: &mut PgConnection, county_id: CountyId) -> Result<Option<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!("select max(month) from reporting_months where county_id = $1", county_id.0).fetch_one(connection).await
}
