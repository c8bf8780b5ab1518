//! Issuing orders and what happens to them. Whoever changes an order holds its row first.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::accounts::CameBy;
use crate::ids::{AccountId, CountyId, DeputyId, OrderId, SiteId, UnitId};
use crate::orders::model::{OrderLevel, OrderState, StepKind};
use crate::photos::PhotoHash;

/// The next number of the county's year. Others who issue wait until the caller's transaction ends; when it is undone, so is the number.
pub async fn take_number(connection: &mut PgConnection, county_id: CountyId, year: i16) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into order_numbers as known (county_id, year, last_number) values ($1, $2, 1)
         on conflict (county_id, year) do update set last_number = known.last_number + 1 returning last_number",
        county_id.0,
        year
    )
    .fetch_one(connection)
    .await
}

/// The next number of a township's year, and the township's name. Held as the county's.
pub async fn take_number_of(
    connection: &mut PgConnection,
    (county_id, region_code): (CountyId, &str),
    year: i16,
) -> Result<(i32, String), sqlx::Error> {
    let taken = sqlx::query!(
        r#"with taken as (
               insert into order_series as known (county_id, region_code, year, last_number) values ($1, $2, $3, 1)
               on conflict (county_id, region_code, year) do update set last_number = known.last_number + 1 returning last_number)
           select last_number as "last_number!", name as "name!" from taken, regions where county_id = $1 and region_code = $2"#,
        county_id.0,
        region_code,
        year
    )
    .fetch_one(connection)
    .await?;
    Ok((taken.last_number, taken.name))
}

/// An order to be written down.
#[derive(Debug)]
pub struct NewOrder<'a> {
    pub county_id: CountyId,
    pub year: i16,
    pub number: i32,
    pub prefix: &'a str,
    pub region_code: &'a str,
    pub unit_id: UnitId,
    pub words: &'a str,
    pub issued_by: AccountId,
    pub issued_at: DateTime<Utc>,
    pub copy_to_deputies: bool,
    pub due_on: NaiveDate,
    pub sites: &'a [SiteId],
}

/// Breaks `supervision_orders_county_id_unit_id_fkey` when the county has no such unit.
pub async fn insert_order(connection: &mut PgConnection, new: &NewOrder<'_>) -> Result<OrderId, sqlx::Error> {
    let order_id = sqlx::query_scalar!(
        "insert into supervision_orders (county_id, year, number, prefix, region_code, unit_id, words, issued_by, issued_at, copy_to_deputies,
                                         first_due_on, due_on, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $9) returning order_id",
        new.county_id.0,
        new.year,
        new.number,
        new.prefix,
        new.region_code,
        new.unit_id.0,
        new.words,
        new.issued_by.0,
        new.issued_at,
        new.copy_to_deputies,
        new.due_on
    )
    .fetch_one(&mut *connection)
    .await?;
    let sites: Vec<i64> = new.sites.iter().map(|site| site.0).collect();
    sqlx::query!(
        "insert into order_sites (county_id, order_id, site_id, issued_stage)
         select $1, $2, site_id, coalesce(
             (select to_stage from stage_changes c where c.county_id = $1 and c.site_id = ordered.site_id and c.at <= $4
              order by c.at desc, c.change_id desc limit 1), 'not_started')
         from unnest($3::bigint[]) as ordered (site_id)",
        new.county_id.0,
        order_id,
        &sites,
        new.issued_at
    )
    .execute(connection)
    .await?;
    Ok(OrderId(order_id))
}

/// Holds an order until the transaction ends. False when there is none.
pub async fn lock_order(connection: &mut PgConnection, county_id: CountyId, order_id: OrderId) -> Result<bool, sqlx::Error> {
    let found =
        sqlx::query_scalar!("select order_id from supervision_orders where county_id = $1 and order_id = $2 for update", county_id.0, order_id.0)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// A site that an order is to be about.
#[derive(Debug)]
pub struct SiteToOrder {
    pub site_id: SiteId,
    pub region_code: String,
    pub struck_off: bool,
}

/// Which of these sites there are; withdrawn ones are not.
pub async fn list_sites(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<SiteToOrder>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query_as!(
        SiteToOrder,
        r#"select site_id as "site_id: SiteId", region_code, struck_off_on is not null as "struck_off!" from sites
           where county_id = $1 and site_id = any($2) and withdrawn_at is null order by site_id"#,
        county_id.0,
        &numbers
    )
    .fetch_all(connection)
    .await
}

/// The first of these sites with which the unit has nothing to do, being neither its undertaking unit nor the lead unit of its project, and the
/// names of those that are. A site that has neither is any unit's.
pub async fn find_unconcerned(
    connection: &mut PgConnection,
    county_id: CountyId,
    sites: &[SiteId],
    unit_id: UnitId,
) -> Result<Option<(String, Vec<String>)>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let row = sqlx::query!(
        r#"select s.name, array_agg(distinct u.name) as "units!"
           from sites s join projects p using (county_id, project_id)
           join units u on u.county_id = s.county_id and u.unit_id in (s.unit_id, p.lead_unit_id)
           where s.county_id = $1 and s.site_id = any($2)
           group by s.site_id, s.name
           having not bool_or(u.unit_id = $3)
           order by s.site_id limit 1"#,
        county_id.0,
        &numbers,
        unit_id.0
    );
    Ok(row.fetch_optional(connection).await?.map(|row| (row.name, row.units)))
}

/// The present adopters of these sites.
pub async fn list_adopters(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<(SiteId, DeputyId)>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let rows = sqlx::query!(
        "select site_id, deputy_id from adoptions where county_id = $1 and site_id = any($2) and ended_on is null order by site_id, deputy_id",
        county_id.0,
        &numbers
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), DeputyId(row.deputy_id))).collect())
}

/// Something that happens to an order.
#[derive(Debug)]
pub struct NewStep<'a> {
    pub kind: StepKind,
    pub at: DateTime<Utc>,
    /// Nobody when the schedule does it.
    pub by: Option<AccountId>,
    pub words: &'a str,
    pub due_on: Option<NaiveDate>,
    pub level: OrderLevel,
    pub photos: &'a [PhotoHash],
    /// How the unit's words came to the staff who entered them.
    pub came_by: Option<CameBy>,
}

/// Puts a step on record.
pub async fn insert_step(connection: &mut PgConnection, county_id: CountyId, order_id: OrderId, new: &NewStep<'_>) -> Result<(), sqlx::Error> {
    let step = sqlx::query_scalar!(
        "insert into order_steps (county_id, order_id, step, kind, at, account_id, words, due_on, level, came_by)
         select $1, $2, coalesce(max(step), 0) + 1, $3, $4, $5, $6, $7, $8, $9 from order_steps where county_id = $1 and order_id = $2
         returning step",
        county_id.0,
        order_id.0,
        new.kind.as_str(),
        new.at,
        new.by.map(|account| account.0),
        new.words,
        new.due_on,
        new.level.as_str(),
        new.came_by.map(CameBy::as_str)
    )
    .fetch_one(&mut *connection)
    .await?;
    let photos: Vec<Vec<u8>> = new.photos.iter().map(|hash| hash.0.to_vec()).collect();
    sqlx::query!(
        "insert into order_photos (county_id, order_id, step, place, sha256)
         select $1, $2, $3, place, sha256 from unnest($4::bytea[]) with ordinality as shown (sha256, place)",
        county_id.0,
        order_id.0,
        step,
        &photos
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings an order that the caller holds into another state.
pub async fn set_state(connection: &mut PgConnection, county_id: CountyId, order_id: OrderId, state: OrderState) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update supervision_orders set state = $3, rev = rev + 1 where county_id = $1 and order_id = $2",
        county_id.0,
        order_id.0,
        state.as_str()
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

/// Asks for an answer by another date.
pub async fn ask_until(
    connection: &mut PgConnection,
    (county_id, order_id): (CountyId, OrderId),
    state: OrderState,
    due_on: NaiveDate,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update supervision_orders set state = $3, due_on = $4, asked_at = $5, rev = rev + 1 where county_id = $1 and order_id = $2",
        county_id.0,
        order_id.0,
        state.as_str(),
        due_on,
        at
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

/// Lets an order rise. It never falls.
pub async fn raise(connection: &mut PgConnection, county_id: CountyId, order_id: OrderId, level: OrderLevel) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update supervision_orders set level = $3, rev = rev + 1 where county_id = $1 and order_id = $2 and level <> $3",
        county_id.0,
        order_id.0,
        level.as_str()
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

/// Notes that another order has taken this one's place.
pub async fn set_followed(connection: &mut PgConnection, county_id: CountyId, order_id: OrderId, by: OrderId) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update supervision_orders set followed_by = $3, rev = rev + 1 where county_id = $1 and order_id = $2 and followed_by is null",
        county_id.0,
        order_id.0,
        by.0
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

fn one_row(rows: u64) -> Result<(), sqlx::Error> {
    if rows == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
