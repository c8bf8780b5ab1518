//! All SQL of notices: telling people here, one's own list, what leaves the app beside it.
//!
//! Every notice is written by [`write`], which also queues its ways out of the app, in the same transaction.

pub mod addresses;
pub mod deliveries;
pub mod listing;
pub mod phones;
pub mod preferences;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::NoticeKind;
use crate::ids::{AccountId, Chance, CountyId, DeputyId, OrderId, SiteId};

/// When people are told: at once, or held back for a moment in which it can be taken back.
#[derive(Debug, Clone, Copy)]
pub struct When {
    pub now: DateTime<Utc>,
    /// What was sent with one press, and when its people find it.
    pub held: Option<(Uuid, DateTime<Utc>)>,
}

impl From<DateTime<Utc>> for When {
    fn from(now: DateTime<Utc>) -> Self {
        Self { now, held: None }
    }
}

impl When {
    /// Held back for so many seconds; 0 tells at once.
    pub fn held_for(seconds: u32, chance: &Chance, now: DateTime<Utc>) -> Self {
        Self { now, held: (seconds > 0).then(|| (chance.uuid(now), now + TimeDelta::seconds(seconds.into()))) }
    }

    /// What was sent with one press, where it can be taken back.
    pub fn sending(&self) -> Option<Uuid> {
        self.held.map(|(sending, _)| sending)
    }

    /// First instant at which it can no longer be taken back.
    pub fn until(&self) -> Option<DateTime<Utc>> {
        self.held.map(|(_, until)| until)
    }
}

/// Whom a notice tells, and about what.
struct Told {
    account_id: i64,
    site_id: Option<i64>,
    order_id: Option<i64>,
}

/// Writes the notices and queues their ways out. A person who has turned the kind down is told by the ways they kept; the notice itself stays
/// for the site's file.
async fn write(
    connection: &mut PgConnection,
    chance: &Chance,
    county_id: CountyId,
    kind: NoticeKind,
    told: &[Told],
    words: &str,
    when: When,
) -> Result<(), sqlx::Error> {
    let When { now, held } = when;
    let ids: Vec<Uuid> = told.iter().map(|_| chance.uuid(now)).collect();
    let accounts: Vec<i64> = told.iter().map(|told| told.account_id).collect();
    let sites: Vec<Option<i64>> = told.iter().map(|told| told.site_id).collect();
    let orders: Vec<Option<i64>> = told.iter().map(|told| told.order_id).collect();
    sqlx::query!(
        "insert into notices (county_id, notice_id, account_id, kind, site_id, order_id, words, created_at, sending_id, visible_from, is_shown)
         select $1, told.notice_id, told.account_id, $6, told.site_id, told.order_id, $7, $8, $10, $11,
                $9 or coalesce((select p.wanted from notice_preferences p
                                where p.county_id = $1 and p.account_id = told.account_id and p.kind = $6 and p.way = 'app'), true)
         from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[]) as told (notice_id, account_id, site_id, order_id)",
        county_id.0,
        &ids,
        &accounts,
        &sites as &[Option<i64>],
        &orders as &[Option<i64>],
        kind.as_str(),
        words,
        now,
        kind.is_duty(),
        held.map(|(sending, _)| sending),
        held.map(|(_, until)| until)
    )
    .execute(&mut *connection)
    .await?;
    deliveries::queue(connection, county_id, kind, &ids, held.map_or(now, |(_, until)| until)).await
}

/// Tells each of these deputies about one of their sites. Returns the sites of the notices that were written: a deputy without an account
/// gets none.
pub async fn tell_deputies(
    connection: &mut PgConnection,
    chance: &Chance,
    county_id: CountyId,
    kind: NoticeKind,
    whom: &[(SiteId, DeputyId)],
    words: &str,
    when: impl Into<When>,
) -> Result<Vec<SiteId>, sqlx::Error> {
    let sites: Vec<i64> = whom.iter().map(|(site, _)| site.0).collect();
    let deputies: Vec<i64> = whom.iter().map(|(_, deputy)| deputy.0).collect();
    let accounts = sqlx::query!(
        r#"select wanted.site_id as "site_id!", grants.account_id
           from unnest($2::bigint[], $3::bigint[]) with ordinality as wanted (site_id, deputy_id, place)
           join grants on grants.county_id = $1 and grants.deputy_id = wanted.deputy_id
           join accounts a on a.account_id = grants.account_id and a.disabled_at is null
           order by wanted.place"#,
        county_id.0,
        &sites,
        &deputies
    )
    .fetch_all(&mut *connection)
    .await?;
    let told: Vec<Told> = accounts.iter().map(|row| Told { account_id: row.account_id, site_id: Some(row.site_id), order_id: None }).collect();
    write(connection, chance, county_id, kind, &told, words, when.into()).await?;
    Ok(accounts.into_iter().map(|row| SiteId(row.site_id)).collect())
}

/// Tells everybody who answers for the units of these sites. Returns the site of each notice that was written.
pub async fn tell_units(
    connection: &mut PgConnection,
    chance: &Chance,
    county_id: CountyId,
    kind: NoticeKind,
    sites: &[SiteId],
    words: &str,
    when: impl Into<When>,
) -> Result<Vec<SiteId>, sqlx::Error> {
    let wanted: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let handlers = sqlx::query!(
        "select site_id, g.account_id from sites s join grants g using (county_id, unit_id)
         join accounts a on a.account_id = g.account_id and a.disabled_at is null
         where s.county_id = $1 and site_id = any($2) order by site_id, g.account_id",
        county_id.0,
        &wanted
    )
    .fetch_all(&mut *connection)
    .await?;
    let told: Vec<Told> = handlers.iter().map(|row| Told { account_id: row.account_id, site_id: Some(row.site_id), order_id: None }).collect();
    write(connection, chance, county_id, kind, &told, words, when.into()).await?;
    Ok(handlers.into_iter().map(|row| SiteId(row.site_id)).collect())
}

/// Tells these accounts about a supervision order.
pub async fn tell_of_order(
    connection: &mut PgConnection,
    chance: &Chance,
    (county_id, order_id): (CountyId, OrderId),
    kind: NoticeKind,
    whom: &[AccountId],
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let told: Vec<Told> = whom.iter().map(|account| Told { account_id: account.0, site_id: None, order_id: Some(order_id.0) }).collect();
    write(connection, chance, county_id, kind, &told, words, now.into()).await
}

/// Tells each of these accounts about a site.
pub async fn tell_accounts(
    connection: &mut PgConnection,
    chance: &Chance,
    county_id: CountyId,
    kind: NoticeKind,
    whom: &[(SiteId, AccountId)],
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let told: Vec<Told> = whom.iter().map(|(site, account)| Told { account_id: account.0, site_id: Some(site.0), order_id: None }).collect();
    write(connection, chance, county_id, kind, &told, words, now.into()).await
}

/// Tells each of these accounts about a matter of the county, which is of no one place.
pub async fn tell_of_county(
    connection: &mut PgConnection,
    chance: &Chance,
    county_id: CountyId,
    kind: NoticeKind,
    whom: &[AccountId],
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let told: Vec<Told> = whom.iter().map(|account| Told { account_id: account.0, site_id: None, order_id: None }).collect();
    write(connection, chance, county_id, kind, &told, words, now.into()).await
}

/// Tells every deputy in office who looks after the place of one of the sites, or a part or the whole around it, and has not adopted it.
pub async fn tell_deputies_near(
    connection: &mut PgConnection,
    chance: &Chance,
    (county_id, sites): (CountyId, &[SiteId]),
    kind: NoticeKind,
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let near = sqlx::query!(
        "select s.site_id, g.account_id from sites s
         join grants g on g.county_id = s.county_id and g.role = 'deputy'
              and (starts_with(s.region_code, g.region_code) or starts_with(g.region_code, s.region_code))
         join deputies d on d.county_id = g.county_id and d.deputy_id = g.deputy_id and (d.left_at is null or d.left_at > $3)
         join accounts a on a.account_id = g.account_id and a.disabled_at is null
         where s.county_id = $1 and s.site_id = any($2)
           and not exists (select from adoptions ad where ad.county_id = $1 and ad.site_id = s.site_id and ad.deputy_id = g.deputy_id
                           and ad.ended_on is null)
         order by s.site_id, g.account_id",
        county_id.0,
        &numbers,
        now
    )
    .fetch_all(&mut *connection)
    .await?;
    let told: Vec<Told> = near.iter().map(|row| Told { account_id: row.account_id, site_id: Some(row.site_id), order_id: None }).collect();
    write(connection, chance, county_id, kind, &told, words, now.into()).await
}

/// A notice, with the site or the order it speaks of.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    pub notice_id: Uuid,
    pub kind: NoticeKind,
    pub site_id: Option<SiteId>,
    pub site_code: Option<String>,
    pub site_name: Option<String>,
    pub order_id: Option<OrderId>,
    pub order_prefix: Option<String>,
    pub order_year: Option<i16>,
    pub order_number: Option<i32>,
    pub words: String,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

/// An account's notices that can be found at `now`, newest first, those older than `before` only.
pub async fn list_notices(
    connection: &mut PgConnection,
    (county_id, account_id): (CountyId, AccountId),
    before: Option<Uuid>,
    limit: usize,
    now: DateTime<Utc>,
) -> Result<Vec<NoticeRow>, sqlx::Error> {
    sqlx::query_as!(
        NoticeRow,
        r#"select notice_id, kind as "kind: NoticeKind", site_id as "site_id: SiteId", code as "site_code?", name as "site_name?",
                  order_id as "order_id: OrderId", o.prefix as "order_prefix?", o.year as "order_year?", o.number as "order_number?",
                  n.words, n.created_at, read_at
           from notices n left join sites s using (county_id, site_id) left join supervision_orders o using (county_id, order_id)
           where n.county_id = $1 and n.account_id = $2 and n.is_shown
             and n.taken_back_at is null and (n.visible_from is null or n.visible_from <= $5)
             and ($3::uuid is null or (n.created_at, notice_id) <
                 (select edge.created_at, edge.notice_id from notices edge where edge.county_id = $1 and edge.notice_id = $3))
           order by n.created_at desc, notice_id desc
           limit $4"#,
        county_id.0,
        account_id.0,
        before,
        i64::try_from(limit).unwrap_or(i64::MAX),
        now
    )
    .fetch_all(connection)
    .await
}

/// Notes the first time an account's own notice was read. False when the account has no such notice.
pub async fn set_read(
    connection: &mut PgConnection,
    (county_id, account_id): (CountyId, AccountId),
    notice_id: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "update notices set read_at = coalesce(read_at, $4) where county_id = $1 and account_id = $2 and notice_id = $3
           and taken_back_at is null and (visible_from is null or visible_from <= $4)",
        county_id.0,
        account_id.0,
        notice_id,
        at
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Takes back what was held about these sites and nobody has found: it is never shown and never leaves the app.
pub async fn take_back(
    connection: &mut PgConnection,
    (county_id, sending_id): (CountyId, Uuid),
    sites: &[SiteId],
    at: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let sites: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let taken = sqlx::query_scalar!(
        "update notices set taken_back_at = $3 where county_id = $1 and sending_id = $2 and site_id = any($4) and taken_back_at is null
         returning notice_id",
        county_id.0,
        sending_id,
        at,
        &sites
    )
    .fetch_all(&mut *connection)
    .await?;
    deliveries::drop_held(connection, county_id, &taken, at).await?;
    Ok(taken.len() as u64)
}
