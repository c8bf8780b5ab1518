//! The SQL of reading the audit log.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::CountyId;

/// Which lines are wanted; `None` wants all.
#[derive(Debug, Default)]
pub struct Wanted {
    pub action: Option<String>,
    pub object_kind: Option<String>,
    pub object_id: Option<String>,
    pub account_id: Option<i64>,
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
           order by audit_id desc limit $9"#,
        county_id.0,
        wanted.before,
        wanted.action,
        wanted.object_kind,
        wanted.object_id,
        wanted.account_id,
        wanted.from,
        wanted.until,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await
}
