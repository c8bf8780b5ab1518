//! The audit log as the auditor reads it.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::may_read_log;
use super::store::{self, AuditRow, Wanted};
use crate::accounts::Actor;
use crate::calendar::start_of_day;
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::personal::Login;
use crate::http::{Page, Problem, QueryOf, Text};
use crate::ids::AccountId;
use crate::platform::Platform;

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// What was done, such as `site.strike_off`.
    #[param(value_type = Option<String>)]
    action: Option<Text<1, 60>>,
    /// Kind of the thing, such as `site`.
    #[param(value_type = Option<String>)]
    object_kind: Option<Text<1, 60>>,
    /// Number of the thing.
    #[param(value_type = Option<String>)]
    object_id: Option<Text<1, 300>>,
    /// Who acted.
    account: Option<AccountId>,
    /// Part of the login or name of whoever acted.
    #[param(value_type = Option<String>)]
    person: Option<Text<1, 64>>,
    #[param(inline)]
    outcome: Option<WantedOutcome>,
    /// How the address begins, such as `10.20.`.
    #[param(value_type = Option<String>)]
    address: Option<Text<1, 64>>,
    /// First day, in the county's calendar.
    from: Option<NaiveDate>,
    /// Last day, in the county's calendar.
    to: Option<NaiveDate>,
    cursor: Option<String>,
    limit: Option<u32>,
}

impl AuditQuery {
    /// The lines that are asked for, in the county's days.
    pub fn wanted(self, county: &County) -> Result<Wanted, Problem> {
        Ok(Wanted {
            action: self.action.map(Text::into_string),
            object_kind: self.object_kind.map(Text::into_string),
            object_id: self.object_id.map(Text::into_string),
            account_id: self.account.map(|account| account.0),
            person: self.person.map(Text::into_string),
            outcome: self.outcome.map(|outcome| outcome.as_str().to_owned()),
            address: self.address.map(Text::into_string),
            from: day("from", self.from)?.map(|day| start_of_day(day, county.zone)),
            until: day("to", self.to)?.map(|day| start_of_day(day + Days::new(1), county.zone)),
            before: read_cursor(self.cursor.as_deref())?,
        })
    }
}

/// How the act ended.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WantedOutcome {
    Done,
    Refused,
}

impl WantedOutcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// Somebody who acted, by account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditAccount {
    pub id: AccountId,
    /// A telephone number is shown as lists show it (`139****0001`).
    #[schema(value_type = String)]
    pub login: Login,
    pub name: String,
}

/// What was acted on.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditObject {
    pub kind: String,
    pub id: String,
}

/// One line of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 8120, "at": "2026-11-22T10:12:09+08:00", "actor_kind": "account", "account": {"id": 2, "login": "committee",
    "name": "王丽"}, "roles": ["committee"], "action": "site.strike_off", "object": {"kind": "site", "id": "41"}, "outcome": "done",
    "address": "198.51.100.7", "user_agent": "Mozilla/5.0", "request_id": "0193f6ee-7c1a-7000-8000-0123456789ab", "detail": {"note": "现场核实"}}))]
pub struct AuditLine {
    pub id: i64,
    pub at: DateTime<FixedOffset>,
    /// `account`, `visitor`, `schedule` or `command`.
    pub actor_kind: String,
    pub account: Option<AuditAccount>,
    /// Roles held at that moment.
    pub roles: Vec<String>,
    pub action: String,
    pub object: AuditObject,
    /// `done` or `refused`.
    pub outcome: String,
    pub address: String,
    pub user_agent: String,
    pub request_id: Option<Uuid>,
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

impl AuditLine {
    fn of(row: AuditRow, county: &County) -> Self {
        let account = match (row.account_id, row.login, row.name) {
            (Some(id), Some(login), Some(name)) => Some(AuditAccount { id: AccountId(id), login: Login(login), name }),
            _ => None,
        };
        Self {
            id: row.audit_id,
            at: county.local(row.at),
            actor_kind: row.actor_kind,
            account,
            roles: row.roles,
            action: row.action,
            object: AuditObject { kind: row.object_kind, id: row.object_id },
            outcome: row.outcome,
            address: row.address,
            user_agent: row.user_agent,
            request_id: row.request_id,
            detail: row.detail,
        }
    }
}

/// The county's audit log, newest first.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Page<AuditLine>, description = "Who did what to what, and what was refused to whom")))]
pub async fn list_audit(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<AuditQuery>,
) -> Result<Json<Page<AuditLine>>, Problem> {
    if !may_read_log(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let limit = page_size(query.limit, 100, 500)?;
    let wanted = query.wanted(&county)?;
    let mut connection = platform.pool.acquire().await?;
    let rows = store::list_lines(&mut connection, actor.county_id, &wanted, limit + 1).await?;
    let page = Page::cut(rows, limit, |row: &AuditRow| row.audit_id.to_string());
    Ok(Json(page.map(|row| AuditLine::of(row, &county))))
}

/// A day of this software's time; the database cannot count in every year that can be written.
fn day(field: &str, wanted: Option<NaiveDate>) -> Result<Option<NaiveDate>, Problem> {
    match wanted {
        Some(day) if !(2000..=2100).contains(&day.year()) => {
            Err(Problem::field(field, "out_of_range", "日期应在 2000 年到 2100 年之间", "The day must lie between 2000 and 2100"))
        }
        _ => Ok(wanted),
    }
}
