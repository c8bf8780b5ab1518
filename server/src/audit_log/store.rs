//! The SQL of reading the audit log and its chain.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::chain::{Head, LineValues, Link};
use crate::ids::CountyId;

/// Which lines are wanted; `None` wants all.
#[derive(Debug, Default)]
pub struct Wanted {
    pub action: Option<String>,
    pub object_kind: Option<String>,
    pub object_id: Option<String>,
    pub account_id: Option<i64>,
    /// Part of the login or name of whoever acted.
    pub person: Option<String>,
    pub outcome: Option<String>,
    /// How the address begins.
    pub address: Option<String>,
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Before the line with this number.
    pub before: Option<i64>,
}

/// One line, with the name of the account that acted.
#[derive(Debug)]
pub struct AuditRow {
    pub audit_id: i64,
    pub at: DateTime<Utc>,
    pub actor_kind: String,
    pub account_id: Option<i64>,
    pub login: Option<String>,
    pub name: Option<String>,
    pub roles: Vec<String>,
    pub action: String,
    pub object_kind: String,
    pub object_id: String,
    pub outcome: String,
    pub address: String,
    pub user_agent: String,
    pub request_id: Option<Uuid>,
    pub detail: serde_json::Value,
}

/// The county's lines, newest first.
pub async fn list_lines(connection: &mut PgConnection, county_id: CountyId, wanted: &Wanted, limit: usize) -> Result<Vec<AuditRow>, sqlx::Error> {
    sqlx::query_as!(
        AuditRow,
        r#"select audit_id, at, actor_kind, audit_log.account_id, login as "login?", name as "name?", roles, action, object_kind, object_id,
                  outcome, address, user_agent, request_id, detail
           from audit_log
           left join accounts on accounts.county_id = audit_log.county_id and accounts.account_id = audit_log.account_id
           where audit_log.county_id = $1 and ($2::bigint is null or audit_id < $2)
             and ($3::text is null or action = $3) and ($4::text is null or object_kind = $4) and ($5::text is null or object_id = $5)
             and ($6::bigint is null or audit_log.account_id = $6)
             and ($7::timestamptz is null or at >= $7) and ($8::timestamptz is null or at < $8)
             and ($9::text is null or audit_log.account_id = any (
                 select known.account_id from accounts known
                 where known.county_id = $1 and (position($9 in known.name) > 0
                     or case when known.login ~ '^1[0-9]{10}$' then $9 in (known.login, right(known.login, 4))
                             else position(lower($9) in known.login) > 0 end)))
             and ($10::text is null or outcome = $10) and ($11::text is null or starts_with(address, $11))
           order by audit_id desc limit $12"#,
        county_id.0,
        wanted.before,
        wanted.action,
        wanted.object_kind,
        wanted.object_id,
        wanted.account_id,
        wanted.from,
        wanted.until,
        wanted.person,
        wanted.outcome,
        wanted.address,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await
}

/// Lets the transaction see the log as it is now, for as long as it reads.
pub async fn stand_still(tx: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *tx).await?;
    sqlx::query("set local statement_timeout = 0").execute(tx).await?;
    Ok(())
}

/// The chains there are: the number of a county, or 0 for lines of none.
pub async fn list_chains(connection: &mut PgConnection) -> Result<Vec<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select chain_id as "chain_id!" from (select chain_id from audit_chain union select chain_id from audit_heads
           union select coalesce(county_id, 0) from audit_log) as chains order by 1"#
    )
    .fetch_all(connection)
    .await
}

struct LinkRow {
    position: i64,
    audit_id: i64,
    hash: Vec<u8>,
    line: Option<i64>,
    county: Option<String>,
    moment: Option<String>,
    account: Option<String>,
    kind: Option<String>,
    roles: Option<String>,
    action: Option<String>,
    object_kind: Option<String>,
    object_id: Option<String>,
    outcome: Option<String>,
    address: Option<String>,
    user_agent: Option<String>,
    request: Option<String>,
    detail: Option<String>,
}

impl LinkRow {
    fn link(self) -> Link {
        let (at, action) = (self.moment.clone().unwrap_or_default(), self.action.clone().unwrap_or_default());
        let values = [
            self.county,
            self.moment,
            self.account,
            self.kind,
            self.roles,
            self.action,
            self.object_kind,
            self.object_id,
            self.outcome,
            self.address,
            self.user_agent,
            self.request,
            self.detail,
        ];
        Link { position: self.position, audit_id: self.audit_id, hash: self.hash, line: self.line.map(|_| LineValues { at, action, values }) }
    }
}

/// The links after a position, in order, each with what its line says now.
pub async fn list_links(connection: &mut PgConnection, chain_id: i32, after: i64, limit: i64) -> Result<Vec<Link>, sqlx::Error> {
    let rows = sqlx::query_as!(
        LinkRow,
        r#"select position, audit_chain.audit_id, hash, audit_log.audit_id as "line?", county_id::text as county,
                  to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment, account_id::text as account, actor_kind as "kind?",
                  array_to_string(roles, ',') as roles, action as "action?", object_kind as "object_kind?", object_id as "object_id?",
                  outcome as "outcome?", address as "address?", user_agent as "user_agent?", request_id::text as request, detail::text as detail
           from audit_chain left join audit_log on audit_log.audit_id = audit_chain.audit_id
           where chain_id = $1 and position > $2 order by position limit $3"#,
        chain_id,
        after,
        limit
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(LinkRow::link).collect())
}

/// Where a chain says it ends.
pub async fn find_head(connection: &mut PgConnection, chain_id: i32) -> Result<Option<Head>, sqlx::Error> {
    sqlx::query_as!(Head, "select position, hash from audit_heads where chain_id = $1", chain_id).fetch_optional(connection).await
}

/// The first line that should be in a chain and is in none.
pub async fn find_unchained(connection: &mut PgConnection, chain_id: i32) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select audit_id from audit_log where coalesce(county_id, 0) = $1 and not exists (select from audit_chain where audit_chain.audit_id = audit_log.audit_id)
         order by audit_id limit 1",
        chain_id
    )
    .fetch_optional(connection)
    .await
}

/// Keeps the present head for a day that has none yet, and gives it.
pub async fn insert_day(connection: &mut PgConnection, county_id: CountyId, day: NaiveDate, at: DateTime<Utc>) -> Result<Option<Head>, sqlx::Error> {
    sqlx::query_as!(
        Head,
        "insert into audit_days (county_id, day, position, hash, sealed_at) select $1, $2, position, hash, $3 from audit_heads where chain_id = $1
         on conflict do nothing returning position, hash",
        county_id.0,
        day,
        at
    )
    .fetch_optional(connection)
    .await
}

/// The head of a chain when a day had ended.
#[derive(Debug)]
pub struct DayRow {
    pub day: NaiveDate,
    pub position: i64,
    pub hash: Vec<u8>,
    pub sealed_at: DateTime<Utc>,
}

/// The county's days before one, newest first.
pub async fn list_days(connection: &mut PgConnection, county_id: i32, before: Option<NaiveDate>, limit: i64) -> Result<Vec<DayRow>, sqlx::Error> {
    sqlx::query_as!(
        DayRow,
        "select day, position, hash, sealed_at from audit_days where county_id = $1 and ($2::date is null or day < $2) order by day desc limit $3",
        county_id,
        before,
        limit
    )
    .fetch_all(connection)
    .await
}
