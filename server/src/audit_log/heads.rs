//! The heads of the audit log's chain, day by day, for whoever wants to hold the county to them.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store::{self, DayRow};
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Page, Problem, QueryOf};
use crate::platform::Platform;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HeadsQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// How far the county's audit log reached when a day had ended, and the hash that binds every line up to there.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"county": "331082", "day": "2026-11-21", "position": 8120,
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "sealed_at": "2026-11-22T00:00:31+08:00"}))]
pub struct AuditHead {
    /// Code of the county.
    pub county: String,
    /// The day, in the county's calendar.
    pub day: NaiveDate,
    /// Number of the last line in the county's chain, from 1.
    pub position: i64,
    /// SHA-256, in hexadecimal digits.
    pub hash: String,
    pub sealed_at: DateTime<FixedOffset>,
}

/// The heads of the audit log's chain, newest first. Keep them: `minsheng-map verify-audit --heads` compares the log with them.
#[utoipa::path(get, path = "/api/audit/heads", tag = "audit", params(HeadsQuery), security(()),
    responses((status = 200, body = Page<AuditHead>, description = "One head for each day; they tell nothing of what the lines say")))]
pub async fn list_audit_heads(State(platform): State<Platform>, QueryOf(query): QueryOf<HeadsQuery>) -> Result<Json<Page<AuditHead>>, Problem> {
    let county = platform.served_county();
    let limit = page_size(query.limit, 100, 500)?;
    let before = read_cursor(query.cursor.as_deref())?;
    let mut connection = platform.pool.acquire().await?;
    let rows = store::list_days(&mut connection, county.county_id.0, before, i64::try_from(limit + 1).unwrap_or(i64::MAX)).await?;
    let page = Page::cut(rows, limit, |row: &DayRow| row.day.to_string());
    Ok(Json(page.map(|row| AuditHead {
        county: county.code.clone(),
        day: row.day,
        position: row.position,
        hash: hex::encode(row.hash),
        sealed_at: county.local(row.sealed_at),
    })))
}
