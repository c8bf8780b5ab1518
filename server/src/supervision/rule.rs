//! What a reason weighs. The answer of the review list carries the whole rule, so that every score can be computed again from it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::ranking::ReasonCode;

/// Points of a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Weight {
    /// For standing on the list at all.
    pub once: i64,
    /// For each day late; for `silent` each month without a report; for `challenged` each open challenge.
    pub each: i64,
}

/// Points that grow with a number, up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Share {
    /// One step of the number: a hundred people, one order.
    pub per: i64,
    pub points: i64,
    pub most: i64,
}

impl Share {
    pub fn of(self, number: i64) -> i64 {
        (number / self.per * self.points).min(self.most)
    }
}

/// One point for each hundred people served, at most fifty.
pub const PEOPLE: Share = Share { per: 100, points: 1, most: 50 };
/// Twenty points for each supervision order that is not settled, at most sixty.
pub const ORDERS: Share = Share { per: 1, points: 20, most: 60 };

/// Points of a reason that has lasted so many days or months, or of so many challenges.
pub fn points(code: ReasonCode, lasted: i64) -> i64 {
    let Weight { once, each } = weight(code);
    once + each * lasted
}

fn weight(code: ReasonCode) -> Weight {
    let (once, each) = match code {
        ReasonCode::OverdueRed => (300, 3),
        ReasonCode::OverdueYellow => (100, 1),
        ReasonCode::Silent => (0, 60),
        ReasonCode::Disagreement => (80, 0),
        ReasonCode::ReusedPhoto => (70, 0),
        ReasonCode::StepBack => (50, 0),
        ReasonCode::PhotosMissing => (40, 0),
        ReasonCode::OffSite => (30, 0),
        ReasonCode::Challenged => (60, 10),
    };
    Weight { once, each }
}

/// How scores come about: the points of the reasons, of the people served and of the orders that are not settled, added up.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"reasons": {"overdue_red": {"once": 300, "each": 3}}, "people": {"per": 100, "points": 1, "most": 50},
    "orders": {"per": 1, "points": 20, "most": 60},
    "findings_end_by": ["put_aside", "report_returned", "report_amended", "site_struck_off", "site_withdrawn"]}))]
pub struct RankRule {
    #[schema(value_type = std::collections::HashMap<String, Weight>)]
    pub reasons: BTreeMap<ReasonCode, Weight>,
    pub people: Share,
    pub orders: Share,
    /// What ends a finding about a report: it is put aside with a reason, the report is returned or amended, or its site is struck off or
    /// withdrawn. It does not grow old.
    pub findings_end_by: [FindingEnd; 5],
}

/// What ends a finding about a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingEnd {
    PutAside,
    ReportReturned,
    ReportAmended,
    SiteStruckOff,
    SiteWithdrawn,
}

impl FindingEnd {
    const ALL: [Self; 5] = [Self::PutAside, Self::ReportReturned, Self::ReportAmended, Self::SiteStruckOff, Self::SiteWithdrawn];
}

impl RankRule {
    pub fn present() -> Self {
        Self {
            reasons: ReasonCode::ALL.into_iter().map(|code| (code, weight(code))).collect(),
            people: PEOPLE,
            orders: ORDERS,
            findings_end_by: FindingEnd::ALL,
        }
    }
}
