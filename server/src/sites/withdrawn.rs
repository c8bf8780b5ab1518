//! What left the plan by a decision, for everybody: nobody makes a pin vanish unseen.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{ProjectRef, Stage};
use super::store::{self, WantedWithdrawals, Withdrawal};
use crate::accounts::PublicCounty;
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::shapes::RegionRef;
use crate::http::{Page, Problem, QueryOf};
use crate::ids::{ProjectId, SiteId};
use crate::platform::Platform;

/// The decision by which a site left the plan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"decision_number": "清人常〔2026〕15号", "decided_on": "2026-08-20", "reason": "并入中心幼儿园扩建，不再单独实施",
    "left_on": "2026-08-21", "stage": "in_progress", "percent": 30, "at": "2026-08-21T09:20:00+08:00"}))]
pub struct WithdrawalView {
    pub decision_number: String,
    pub decided_on: NaiveDate,
    pub reason: String,
    /// The day from which the map no longer shows it.
    pub left_on: NaiveDate,
    /// The last stage that the site had.
    pub stage: Stage,
    pub percent: i16,
    /// When it was entered.
    pub at: DateTime<FixedOffset>,
}

impl WithdrawalView {
    /// The decision with times as the county counts them.
    pub fn of(withdrawal: &Withdrawal, county: &County) -> Self {
        Self {
            decision_number: withdrawal.decision_number.clone(),
            decided_on: withdrawal.decided_on,
            reason: withdrawal.reason.clone(),
            left_on: county.date_at(withdrawal.at),
            stage: withdrawal.stage,
            percent: withdrawal.percent,
            at: county.local(withdrawal.at),
        }
    }
}

/// A site that left the plan; its story stays at `/sites/{code}`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路", "project": {"id": 3, "number": 3, "title": "农村公路提升"},
    "year": 2026, "region": {"code": "339901004", "name": "清溪镇"}, "unit": "县交通运输局", "is_back": false,
    "withdrawal": {"decision_number": "清人常〔2026〕15号", "decided_on": "2026-08-20", "reason": "并入中心幼儿园扩建，不再单独实施",
    "left_on": "2026-08-21", "stage": "in_progress", "percent": 30, "at": "2026-08-21T09:20:00+08:00"}}))]
pub struct LeftSite {
    pub id: SiteId,
    pub code: String,
    pub name: String,
    pub project: ProjectRef,
    /// Of the project.
    pub year: i16,
    pub region: RegionRef,
    /// The undertaking unit.
    pub unit: String,
    pub withdrawal: WithdrawalView,
    /// Whether the site stands in the plan again.
    pub is_back: bool,
}

impl LeftSite {
    pub fn of(withdrawal: &Withdrawal, county: &County) -> Self {
        Self {
            id: withdrawal.site_id,
            code: withdrawal.code.clone(),
            name: withdrawal.name.clone(),
            project: withdrawal.project.clone(),
            year: withdrawal.year,
            region: withdrawal.region.clone(),
            unit: withdrawal.unit.clone(),
            withdrawal: WithdrawalView::of(withdrawal, county),
            is_back: withdrawal.is_back,
        }
    }
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
