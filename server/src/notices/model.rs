//! Why somebody is told something.

use serde::Serialize;

/// The cause of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NoticeKind {
    /// Somebody of the committee, or the calendar, asks for a report or for work.
    Reminder,
    /// A report of theirs was sent back.
    ReportReturned,
    /// A month closed without their report.
    ReportMissing,
    /// The committee corrected the stage of a site of theirs.
    StageCorrected,
    /// A site of theirs was struck off and owes no more reports.
    StruckOff,
    /// A site of theirs was taken back from the struck-off ones.
    Reopened,
    /// A decision changed the plan of a site of theirs.
    PlanChanged,
    /// A supervision order was issued to their unit.
    OrderIssued,
    /// A supervision order was issued about a site that they have adopted.
    OrderCopied,
    /// An order to their unit is due soon.
    OrderReminded,
    /// An order stayed unanswered and rose.
    OrderRaised,
    /// A unit answered an order of theirs.
    OrderAnswered,
    /// Their unit's answer was accepted.
    OrderAccepted,
    /// Their unit's answer was sent back.
    OrderSentBack,
    /// A colleague handed a site over to them.
    HandedOver,
}

impl NoticeKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::ReportReturned => "report_returned",
            Self::ReportMissing => "report_missing",
            Self::StageCorrected => "stage_corrected",
            Self::StruckOff => "struck_off",
            Self::Reopened => "reopened",
            Self::PlanChanged => "plan_changed",
            Self::OrderIssued => "order_issued",
            Self::OrderCopied => "order_copied",
            Self::OrderReminded => "order_reminded",
            Self::OrderRaised => "order_raised",
            Self::OrderAnswered => "order_answered",
            Self::OrderAccepted => "order_accepted",
            Self::OrderSentBack => "order_sent_back",
            Self::HandedOver => "handed_over",
        }
    }
}

/// A supervision order's number as it is written: `澄人常督〔2026〕12号`.
pub fn order_number(prefix: &str, year: i16, number: i32) -> String {
    format!("{prefix}〔{year}〕{number}号")
}
