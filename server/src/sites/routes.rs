//! A site's history: every change of its stage, each strike-off and reopening, with its cause and whoever was behind it; and what left the
//! plan.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::Stage;
use super::store::{self, Edge, SiteEvent, WantedWithdrawals, Withdrawal};
use super::withdrawn::LeftSite;
use crate::accounts::{CameBy, PublicCounty};
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Page, PathOf, Problem, QueryOf};
use crate::ids::{ProjectId, SiteId};
use crate::platform::Platform;

/// One change of a site's stage, a strike-off or a reopening.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"at": "2026-10-28T16:20:00+08:00", "from_stage": "not_started", "to_stage": "in_progress", "percent": 30, "cause": "report",
    "report_id": "0193f6ee-7c1a-7000-8000-0123456789ab", "reason": "", "by": "沈晓岚", "by_role": "deputy", "by_region": null, "on_behalf": null,
    "struck_off_on": null}))]
pub struct StageChangeView {
    pub at: DateTime<FixedOffset>,
    pub from_stage: Stage,
    pub to_stage: Stage,
    pub percent: i16,
    /// `report`, `return`, `correction`, `strike_off`, `reopening`, or of a visitor's challenge `challenge`, `challenge_founded`,
    /// `challenge_unfounded`; the last five leave the stage as it is.
    pub cause: String,
    pub report_id: Option<Uuid>,
    pub reason: String,
    /// The reporting deputy, or the person of the committee.
    pub by: Option<String>,
    /// Staff entered the report: how the deputy's words came to them.
    pub on_behalf: Option<CameBy>,
    /// `deputy`, `committee` or `working_committee`.
    pub by_role: Option<String>,
    /// The region in which that person of the committee decides.
    pub by_region: Option<String>,
    /// The day of a strike-off.
    pub struck_off_on: Option<NaiveDate>,
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A site's history, newest first: every change of its stage, each strike-off, each reopening, each challenge and its judgement.
#[utoipa::path(get, path = "/api/sites/{id}/history", tag = "sites", params(("id" = i64, Path, description = "Number of the site"), HistoryQuery),
    responses((status = 200, body = Page<StageChangeView>, description = "The history, newest first")))]
pub async fn list_history(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    PathOf(site_id): PathOf<SiteId>,
    QueryOf(query): QueryOf<HistoryQuery>,
) -> Result<Json<Page<StageChangeView>>, Problem> {
    let limit = page_size(query.limit, 50, 200)?;
    let before: Option<Edge> = read_cursor(query.cursor.as_deref())?;
    let mut connection = platform.pool.acquire().await?;
    if !store::is_told(&mut connection, county.county_id, site_id).await? {
        return Err(Problem::not_found());
    }
    let rows = store::list_history(&mut connection, (county.county_id, county.zone), site_id, before, limit + 1).await?;
    let page = Page::cut(rows, limit, |row: &SiteEvent| row.edge().to_string());
    let views = page.map(|row| StageChangeView {
        at: county.local(row.at),
        from_stage: row.from_stage,
        to_stage: row.to_stage,
        percent: row.percent,
        cause: row.cause,
        report_id: row.report_id,
        reason: row.reason,
        by: row.by,
        on_behalf: row.came_by,
        by_role: row.by_role,
        by_region: row.by_region,
        struck_off_on: row.struck_off_on,
    });
    Ok(Json(views))
}

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WithdrawnQuery {
    /// Year of the projects.
    year: Option<i16>,
    /// Number of the project.
    project: Option<ProjectId>,
    /// Public code of one site.
    code: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Sites that left the plan by a decision, the latest first. One that came back is told with its decision and says so.
#[utoipa::path(get, path = "/api/withdrawn-sites", tag = "sites", params(WithdrawnQuery),
    responses((status = 200, body = Page<LeftSite>, description = "Sites and decisions, the latest first")))]
pub async fn list_withdrawn(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    QueryOf(query): QueryOf<WithdrawnQuery>,
) -> Result<Json<Page<LeftSite>>, Problem> {
    let limit = page_size(query.limit, 50, 200)?;
    let wanted = WantedWithdrawals {
        code: query.code.as_deref(),
        year: query.year,
        project_id: query.project,
        before: read_cursor(query.cursor.as_deref())?,
        ..WantedWithdrawals::default()
    };
    let mut connection = platform.pool.acquire().await?;
    let rows = store::list_withdrawals(&mut connection, county.county_id, wanted, limit + 1).await?;
    let page = Page::cut(rows, limit, |row: &Withdrawal| row.withdrawal_id.to_string());
    Ok(Json(page.map(|row| LeftSite::of(&row, &county))))
}
