//! Which lists can be taken out, and what is asked for with each. Pure.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::calendar::Month;
pub use crate::http::table_file::FileKind;
use crate::http::{Problem, Text};

/// How long after it was asked for a file can be fetched, by whoever asked.
pub const FETCHED_WITHIN: TimeDelta = TimeDelta::minutes(15);

/// A list of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskList {
    /// The cockpit's parts: owed, received, on time, late, missing, excused.
    MonthParts,
    /// Every report owed for a month, with the deputy's name and what became of it.
    MonthReports,
    /// The review list under its filters.
    Review,
    /// Supervision orders.
    Orders,
}

impl DeskList {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MonthParts => "month_parts",
            Self::MonthReports => "month_reports",
            Self::Review => "review",
            Self::Orders => "orders",
        }
    }
}

/// Which list, and which part of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedList {
    pub list: DeskList,
    /// Of the month's lists; the open month when not said.
    #[serde(default)]
    pub month: Option<Month>,
    /// `group`, `township`, `project` or `deputy`, for the month's parts.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub by: Option<Text<1, 20>>,
    /// The review list's filters as its address has them, such as `reason=silent&days=30`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub filters: Option<Text<0, 2000>>,
}

impl WantedList {
    /// Whether what is said belongs to the list that is asked for.
    pub fn check(&self) -> Result<(), Problem> {
        let of_month = matches!(self.list, DeskList::MonthParts | DeskList::MonthReports);
        let misplaced = |field: &str| Problem::field(format!("wanted.{field}"), "unknown", "这份名单没有这一项", "This list has no such part");
        if self.month.is_some() && !of_month {
            return Err(misplaced("month"));
        }
        if self.by.is_some() != (self.list == DeskList::MonthParts) {
            return Err(misplaced("by"));
        }
        if self.filters.is_some() && self.list != DeskList::Review {
            return Err(misplaced("filters"));
        }
        Ok(())
    }
}
