//! All SQL of notices.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::NoticeKind;
use crate::ids::{AccountId, Chance, CountyId, DeputyId, OrderId, SiteId};

/// Tells each of these deputies about one of their sites. Returns the sites of the notices that were written: a deputy without an account
/// gets none.
pub async fn tell_deputies(
    connection: &mut PgConnection,
    chance: &Chance,
    county_id: CountyId,
    kind: NoticeKind,
    whom: &[(SiteId, DeputyId)],
    words: &str,
    now: DateTime<Utc>,
) -> Result<Vec<SiteId>, sqlx::Error> {
    let ids: Vec<Uuid> = whom.iter().map(|_| chance.uuid(now)).collect();
    let sites: Vec<i64> = whom.iter().map(|(site, _)| site.0).collect();
    let deputies: Vec<i64> = whom.iter().map(|(_, deputy)| deputy.0).collect();
    sqlx::query_scalar!(
        r#"insert into notices (county_id, notice_id, account_id, kind, site_id, words, created_at)
           select $1, wanted.notice_id, grants.account_id, $5, wanted.site_id, $6, $7
           from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as wanted (notice_id, site_id, deputy_id)
           join grants on grants.county_id = $1 and grants.deputy_id = wanted.deputy_id
           returning site_id as "site_id!: SiteId""#,
        county_id.0,
        &ids,
        &sites,
        &deputies,
        kind.as_str(),
        words,
        now
    )
    .fetch_all(connection)
    .await
}

/// Tells everybody who answers for the units of these sites. Returns the site of each notice that was written.
pub async fn tell_units(
    connection: &mut PgConnection,
    chance: &Chance,
    county_id: CountyId,
    kind: NoticeKind,
    sites: &[SiteId],
    words: &str,
    now: DateTime<Utc>,
) -> Result<Vec<SiteId>, sqlx::Error> {
    let wanted: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let handlers = sqlx::query!(
        "select site_id, account_id from sites join grants using (county_id, unit_id)
         where county_id = $1 and site_id = any($2) order by site_id, account_id",
        county_id.0,
        &wanted
    )
    .fetch_all(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = handlers.iter().map(|_| chance.uuid(now)).collect();
    let sites: Vec<i64> = handlers.iter().map(|row| row.site_id).collect();
    let accounts: Vec<i64> = handlers.iter().map(|row| row.account_id).collect();
    sqlx::query_scalar!(
        r#"insert into notices (county_id, notice_id, account_id, kind, site_id, words, created_at)
           select $1, notice_id, account_id, $5, site_id, $6, $7
           from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as wanted (notice_id, site_id, account_id)
           returning site_id as "site_id!: SiteId""#,
        county_id.0,
        &ids,
        &sites,
        &accounts,
        kind.as_str(),
        words,
        now
    )
    .fetch_all(connection)
    .await
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
    let ids: Vec<Uuid> = whom.iter().map(|_| chance.uuid(now)).collect();
    let accounts: Vec<i64> = whom.iter().map(|account| account.0).collect();
    sqlx::query!(
        "insert into notices (county_id, notice_id, account_id, kind, order_id, words, created_at)
         select $1, notice_id, account_id, $4, $5, $6, $7 from unnest($2::uuid[], $3::bigint[]) as told (notice_id, account_id)",
        county_id.0,
        &ids,
        &accounts,
        kind.as_str(),
        order_id.0,
        words,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
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

/// An account's notices, newest first, those older than `before` only.
pub async fn list_notices(
    connection: &mut PgConnection,
    (county_id, account_id): (CountyId, AccountId),
    before: Option<Uuid>,
    limit: usize,
) -> Result<Vec<NoticeRow>, sqlx::Error> {
    sqlx::query_as!(
        NoticeRow,
        r#"select notice_id, kind as "kind: NoticeKind", site_id as "site_id: SiteId", code as "site_code?", name as "site_name?",
                  order_id as "order_id: OrderId", o.prefix as "order_prefix?", o.year as "order_year?", o.number as "order_number?",
                  n.words, n.created_at, read_at
           from notices n left join sites s using (county_id, site_id) left join supervision_orders o using (county_id, order_id)
           where n.county_id = $1 and n.account_id = $2
             and ($3::uuid is null or (n.created_at, notice_id) <
                 (select edge.created_at, edge.notice_id from notices edge where edge.county_id = $1 and edge.notice_id = $3))
           order by n.created_at desc, notice_id desc
           limit $4"#,
        county_id.0,
        account_id.0,
        before,
        i64::try_from(limit).unwrap_or(i64::MAX)
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
        "update notices set read_at = coalesce(read_at, $4) where county_id = $1 and account_id = $2 and notice_id = $3",
        county_id.0,
        account_id.0,
        notice_id,
        at
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}
