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
        }
    }
}
