//! A plan change as answers show it: each part that changed, as it was and as it is.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Plan, PlanChange};
use crate::county::County;
use crate::http::shapes::{Position, RegionRef};

/// A planned day as it was and as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayChange {
    pub before: Option<NaiveDate>,
    pub after: Option<NaiveDate>,
}

/// The scope as it was and as it is, in the office's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotaChange {
    pub before: String,
    pub after: String,
}

/// A place with its address.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlannedPlace {
    pub position: Position,
    pub address: String,
    pub region: RegionRef,
}

/// The place as it was and as it is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaceChange {
    pub before: PlannedPlace,
    pub after: PlannedPlace,
    /// Metres between the two.
    pub distance_m: u32,
}

/// A change of a site's plan with the decision behind it. What the decision left alone is `null`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"id": 3, "decision_number": "清人常〔2026〕12号", "decided_on": "2026-06-18", "reason": "汛期影响施工，完工时间顺延两个月",
    "planned_start_on": null, "planned_finish_on": {"before": "2026-08-31", "after": "2026-10-31"}, "quota": null, "place": null,
    "at": "2026-06-19T09:20:00+08:00"}))]
pub struct PlanChangeView {
    pub id: i64,
    /// Number of the decision, as the committee counts them.
    pub decision_number: String,
    pub decided_on: NaiveDate,
    pub reason: String,
    pub planned_start_on: Option<DayChange>,
    pub planned_finish_on: Option<DayChange>,
    pub quota: Option<QuotaChange>,
    pub place: Option<PlaceChange>,
    /// When it was entered.
    pub at: DateTime<FixedOffset>,
}

impl PlanChangeView {
    /// The change with times as the county counts them.
    pub fn of(change: &PlanChange, county: &County) -> Self {
        let (before, after) = (&change.before, &change.after);
        let day = |before, after| (before != after).then_some(DayChange { before, after });
        let moved = (&before.address, &before.region, before.position) != (&after.address, &after.region, after.position);
        Self {
            id: change.plan_change_id,
            decision_number: change.decision_number.clone(),
            decided_on: change.decided_on,
            reason: change.reason.clone(),
            planned_start_on: day(before.start_on, after.start_on),
            planned_finish_on: day(before.finish_on, after.finish_on),
            quota: (before.quota != after.quota).then(|| QuotaChange { before: before.quota.clone(), after: after.quota.clone() }),
            place: moved.then(|| PlaceChange {
                before: place(before),
                after: place(after),
                distance_m: before.position.metres_to(after.position).round() as u32,
            }),
            at: county.local(change.at),
        }
    }
}

fn place(plan: &Plan) -> PlannedPlace {
    PlannedPlace { position: plan.position.into(), address: plan.address.clone(), region: plan.region.clone() }
}
