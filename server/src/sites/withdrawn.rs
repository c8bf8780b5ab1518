//! What left the plan by a decision, as answers show it: nobody makes a pin vanish unseen.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ProjectRef, Stage};
use super::store::Withdrawal;
use crate::county::County;
use crate::http::shapes::RegionRef;
use crate::ids::SiteId;

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
