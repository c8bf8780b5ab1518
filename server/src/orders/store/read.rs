//! Orders as they are read: with their sites, their steps and the pictures of their answers.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::accounts::CameBy;
use crate::county::County;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::{AccountId, CountyId, OrderId, SiteId, UnitId};
use crate::orders::model::{Ladder, OrderLevel, OrderScope, OrderState, Standing, StepKind};
use crate::photos::PhotoHash;
use crate::sites::Stage;

/// Which orders are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub scope: Option<OrderScope>,
    pub order_id: Option<OrderId>,
    pub site_id: Option<SiteId>,
    pub state: Option<OrderState>,
    /// Only what is not settled.
    pub open: bool,
    /// Only what was due before this date and is not answered.
    pub due_before: Option<NaiveDate>,
    pub before: Option<OrderId>,
    pub limit: usize,
}

/// An order with everything about it.
#[derive(Debug, Clone)]
pub struct Order {
    pub order_id: OrderId,
    pub year: i16,
    pub number: i32,
    pub prefix: String,
    pub region: RegionRef,
    pub unit: Named,
    pub words: String,
    pub issued_by: Named,
    pub issued_at: DateTime<Utc>,
    pub copy_to_deputies: bool,
    pub state: OrderState,
    pub level: OrderLevel,
    pub first_due_on: NaiveDate,
    pub due_on: NaiveDate,
    pub asked_at: DateTime<Utc>,
    pub followed_by: Option<OrderId>,
    pub rev: i64,
    pub sites: Vec<OrderedSite>,
    pub steps: Vec<Step>,
}

impl Order {
    pub fn standing(&self, county: &County) -> Standing {
        Standing {
            state: self.state,
            level: self.level,
            asked_on: county.date_at(self.asked_at),
            due_on: self.due_on,
            followed: self.followed_by.is_some(),
        }
    }

    /// The last answer, by the unit or entered for it.
    pub fn last_answer(&self) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.kind == StepKind::Answered)
    }

    /// Whether the unit may answer: it owes an answer, or has not yet spoken for itself.
    pub fn awaits_word_of_unit(&self, county: &County) -> bool {
        let standing = self.standing(county);
        let spoken_for = standing.state == OrderState::Answered && self.last_answer().is_some_and(|answer| answer.came_by.is_some());
        standing.awaits_unit() || (standing.is_open() && spoken_for)
    }
}

/// A site that an order is about.
#[derive(Debug, Clone)]
pub struct OrderedSite {
    pub site_id: SiteId,
    pub code: String,
    pub name: String,
    pub region_code: String,
    pub region_name: String,
    pub stage: Stage,
    /// As it was when the order was issued.
    pub issued_stage: Option<Stage>,
    pub struck_off: bool,
    pub withdrawn: bool,
}

/// Something that happened to an order.
#[derive(Debug, Clone)]
pub struct Step {
    pub step: i16,
    pub kind: StepKind,
    pub at: DateTime<Utc>,
    pub by: Option<String>,
    pub account_id: Option<AccountId>,
    /// How the unit's words came to the staff who entered them.
    pub came_by: Option<CameBy>,
    pub words: String,
    pub due_on: Option<NaiveDate>,
    pub level: OrderLevel,
    pub photos: Vec<PhotoHash>,
}

/// The orders that are wanted, newest first.
pub async fn list_orders(connection: &mut PgConnection, county_id: CountyId, wanted: &Wanted) -> Result<Vec<Order>, sqlx::Error> {
    let everything = wanted.scope.is_none();
    let regions = wanted.scope.as_ref().map(|scope| scope.regions.clone()).unwrap_or_default();
    let unit_id = wanted.scope.as_ref().and_then(|scope| scope.unit_id).map(|unit| unit.0);
    let rows = sqlx::query!(
        r#"select order_id, year, number, prefix, o.region_code, regions.name as region_name, unit_id, units.name as unit_name, words,
                  issued_by, accounts.name as issued_by_name, issued_at, copy_to_deputies, state as "state: OrderState",
                  level as "level: OrderLevel", first_due_on, due_on, asked_at, followed_by as "followed_by: OrderId", rev
           from supervision_orders o
           join regions using (county_id, region_code)
           join units using (county_id, unit_id)
           join accounts on accounts.account_id = issued_by
           where o.county_id = $1
             and ($2 or unit_id = $4
                  or exists (select from unnest($3::text[]) as place (region) where starts_with(o.region_code, region))
                  or exists (select from order_sites s join sites using (county_id, site_id) join unnest($3::text[]) as place (region)
                                  on starts_with(sites.region_code, region)
                             where s.county_id = $1 and s.order_id = o.order_id))
             and ($5::bigint is null or order_id = $5)
             and ($6::bigint is null or exists (select from order_sites s where s.county_id = $1 and s.order_id = o.order_id and s.site_id = $6))
             and ($7::text is null or state = $7)
             and (not $8 or (state not in ('accepted', 'withdrawn', 'lapsed') and followed_by is null))
             and ($9::date is null or (state in ('issued', 'sent_back') and followed_by is null and due_on < $9))
             and ($10::bigint is null or order_id < $10)
           order by order_id desc limit $11"#,
        county_id.0,
        everything,
        &regions,
        unit_id,
        wanted.order_id.map(|order| order.0),
        wanted.site_id.map(|site| site.0),
        wanted.state.map(OrderState::as_str),
        wanted.open,
        wanted.due_before,
        wanted.before.map(|order| order.0),
        i64::try_from(wanted.limit).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *connection)
    .await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.order_id).collect();
    let mut sites = list_sites(connection, county_id, &ids).await?;
    let mut steps = list_steps(connection, county_id, &ids).await?;
    let orders = rows.into_iter().map(|row| Order {
        order_id: OrderId(row.order_id),
        year: row.year,
        number: row.number,
        prefix: row.prefix,
        region: RegionRef { code: row.region_code, name: row.region_name },
        unit: Named { id: row.unit_id, name: row.unit_name },
        words: row.words,
        issued_by: Named { id: row.issued_by, name: row.issued_by_name },
        issued_at: row.issued_at,
        copy_to_deputies: row.copy_to_deputies,
        state: row.state,
        level: row.level,
        first_due_on: row.first_due_on,
        due_on: row.due_on,
        asked_at: row.asked_at,
        followed_by: row.followed_by,
        rev: row.rev,
        sites: sites.remove(&row.order_id).unwrap_or_default(),
        steps: steps.remove(&row.order_id).unwrap_or_default(),
    });
    Ok(orders.collect())
}

async fn list_sites(connection: &mut PgConnection, county_id: CountyId, orders: &[i64]) -> Result<HashMap<i64, Vec<OrderedSite>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select order_id, site_id, code, sites.name, sites.region_code, regions.name as region_name, stage as "stage: Stage",
                  issued_stage as "issued_stage: Stage", struck_off_on is not null as "struck_off!", withdrawn_at is not null as "withdrawn!"
           from order_sites join sites using (county_id, site_id) join regions using (county_id, region_code)
           where county_id = $1 and order_id = any($2) order by order_id, code"#,
        county_id.0,
        orders
    )
    .fetch_all(connection)
    .await?;
    let mut sites: HashMap<i64, Vec<OrderedSite>> = HashMap::new();
    for row in rows {
        let site = OrderedSite {
            site_id: SiteId(row.site_id),
            code: row.code,
            name: row.name,
            region_code: row.region_code,
            region_name: row.region_name,
            stage: row.stage,
            issued_stage: row.issued_stage,
            struck_off: row.struck_off,
            withdrawn: row.withdrawn,
        };
        sites.entry(row.order_id).or_default().push(site);
    }
    Ok(sites)
}

async fn list_steps(connection: &mut PgConnection, county_id: CountyId, orders: &[i64]) -> Result<HashMap<i64, Vec<Step>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select order_id, step, kind as "kind: StepKind", at, accounts.name as "by?", order_steps.account_id as "account_id: AccountId",
                  came_by as "came_by: CameBy", words, due_on, level as "level: OrderLevel",
                  array(select sha256 from order_photos p
                        where p.county_id = $1 and p.order_id = order_steps.order_id and p.step = order_steps.step order by place) as "photos!"
           from order_steps left join accounts using (account_id)
           where order_steps.county_id = $1 and order_id = any($2) order by order_id, step"#,
        county_id.0,
        orders
    )
    .fetch_all(connection)
    .await?;
    let mut steps: HashMap<i64, Vec<Step>> = HashMap::new();
    for row in rows {
        let photos = row.photos.iter().filter_map(|bytes| PhotoHash::from_bytes(bytes)).collect();
        let step = Step {
            step: row.step,
            kind: row.kind,
            at: row.at,
            by: row.by,
            account_id: row.account_id,
            came_by: row.came_by,
            words: row.words,
            due_on: row.due_on,
            level: row.level,
            photos,
        };
        steps.entry(row.order_id).or_default().push(step);
    }
    Ok(steps)
}

/// The sites that an order is about.
pub async fn list_site_ids(connection: &mut PgConnection, county_id: CountyId, order_id: OrderId) -> Result<Vec<SiteId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select site_id as "site_id: SiteId" from order_sites where county_id = $1 and order_id = $2 order by site_id"#,
        county_id.0,
        order_id.0
    )
    .fetch_all(connection)
    .await
}

/// How many orders wait for the reader: answers to orders issued in `scope`'s regions, and orders that `scope`'s unit has to answer.
pub async fn count_waiting(connection: &mut PgConnection, county_id: CountyId, scope: &OrderScope) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from supervision_orders o
           where o.county_id = $1 and followed_by is null
             and (state = 'answered' and exists (select from unnest($2::text[]) as place (region) where starts_with(o.region_code, region))
                  or state in ('issued', 'sent_back') and unit_id = $3)"#,
        county_id.0,
        &scope.regions,
        scope.unit_id.map(|unit| unit.0)
    )
    .fetch_one(connection)
    .await
}

/// A unit with how many people can answer for it on their own desk.
#[derive(Debug, Clone)]
pub struct Addressee {
    pub unit_id: UnitId,
    pub name: String,
    pub accounts: i64,
}

/// The units that work, by name.
pub async fn list_addressees(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Addressee>, sqlx::Error> {
    sqlx::query_as!(
        Addressee,
        r#"select unit_id as "unit_id: UnitId", u.name,
                  (select count(distinct g.account_id) from grants g join accounts a using (account_id)
                   where g.county_id = u.county_id and g.unit_id = u.unit_id and g.role = 'unit_handler' and a.disabled_at is null) as "accounts!"
           from units u where county_id = $1 order by u.name, unit_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await
}

/// The accounts that answer for a unit.
pub async fn list_handlers(connection: &mut PgConnection, county_id: CountyId, unit_id: UnitId) -> Result<Vec<AccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select g.account_id as "account_id: AccountId" from grants g join accounts a using (account_id)
           where g.county_id = $1 and unit_id = $2 and role = 'unit_handler' and disabled_at is null order by g.account_id"#,
        county_id.0,
        unit_id.0
    )
    .fetch_all(connection)
    .await
}

/// The accounts that can act for an order's place: of its own committee, for a special inquiry of the places above it too, and of those above
/// alone where nobody of its own is left.
pub async fn list_deciders(
    connection: &mut PgConnection,
    county_id: CountyId,
    place: &str,
    level: OrderLevel,
) -> Result<Vec<AccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with office as (
               select g.account_id, g.region_code from grants g join accounts a on a.account_id = g.account_id
               where g.county_id = $1 and g.role in ('committee', 'working_committee') and starts_with($2, g.region_code) and a.disabled_at is null)
           select distinct account_id as "account_id!: AccountId" from office
           where region_code = $2 or $3 or not exists (select from office own where own.region_code = $2)
           order by 1"#,
        county_id.0,
        place,
        level == OrderLevel::SpecialInquiry
    )
    .fetch_all(connection)
    .await
}

/// The county's ladder and the prefix of its numbers, empty when it has set none.
pub async fn read_settings(connection: &mut PgConnection, county_id: CountyId) -> Result<(String, Ladder), sqlx::Error> {
    let row = sqlx::query!(
        "select order_prefix, order_reminder_days, key_supervision_days, special_inquiry_days from counties where county_id = $1",
        county_id.0
    )
    .fetch_one(connection)
    .await?;
    let days = |days: Option<i16>| days.and_then(|days| u16::try_from(days).ok());
    let ladder = Ladder {
        reminder_days: days(row.order_reminder_days),
        key_supervision_days: days(row.key_supervision_days),
        special_inquiry_days: days(row.special_inquiry_days),
    };
    Ok((row.order_prefix, ladder))
}

/// An order that waits for its unit, with what the schedule has to know of it.
#[derive(Debug)]
pub struct Awaiting {
    pub order_id: OrderId,
    pub unit_id: UnitId,
    /// The place in whose name it was issued.
    pub region_code: String,
    pub standing: Standing,
    /// Whether the unit was reminded of the present due date.
    pub reminded: bool,
    /// Every site that it is about was struck off or withdrawn.
    pub without_object: bool,
    pub number: String,
}

/// The orders that wait for their units and are due on `latest` or before, or have no site left that could be worked on, held for the running transaction.
pub async fn lock_awaiting(connection: &mut PgConnection, county: &County, latest: NaiveDate) -> Result<Vec<Awaiting>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select order_id, year, number, prefix, unit_id, region_code, state as "state: OrderState", level as "level: OrderLevel", asked_at, due_on,
                  exists (select from order_steps s where s.county_id = $1 and s.order_id = o.order_id and s.kind = 'reminded'
                          and s.due_on = o.due_on) as "reminded!",
                  without_object as "without_object!"
           from supervision_orders o
           cross join lateral (select not exists (
               select from order_sites s join sites using (county_id, site_id)
               where s.county_id = $1 and s.order_id = o.order_id and struck_off_on is null and withdrawn_at is null) as without_object) about
           where county_id = $1 and state in ('issued', 'sent_back') and followed_by is null and (due_on <= $2 or without_object)
           order by order_id for update of o"#,
        county.county_id.0,
        latest
    )
    .fetch_all(connection)
    .await?;
    let awaiting = rows.into_iter().map(|row| Awaiting {
        order_id: OrderId(row.order_id),
        unit_id: UnitId(row.unit_id),
        region_code: row.region_code,
        standing: Standing { state: row.state, level: row.level, asked_on: county.date_at(row.asked_at), due_on: row.due_on, followed: false },
        reminded: row.reminded,
        without_object: row.without_object,
        number: crate::orders::model::number_words(&row.prefix, row.year, row.number),
    });
    Ok(awaiting.collect())
}
