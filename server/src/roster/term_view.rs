//! A term opened, as the desk sees it: its deputies, its adoptions, and what became of each.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::deputies::DeputyLevel;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::DeputyId;

/// A deputy of a term.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "name": "沈晓岚", "level": "county", "constituency": "清溪镇第一选区", "region": {"code": "339901004", "name": "清溪镇"},
    "group": {"id": 4, "name": "清溪一组"}, "joined_on": "2022-01-10", "left_on": "2026-12-28", "left_because": "term_ended", "adoptions": 3}))]
pub struct TermDeputy {
    pub id: DeputyId,
    pub name: String,
    pub level: DeputyLevel,
    pub constituency: String,
    pub region: RegionRef,
    /// Where they are now, or were when they left.
    pub group: Option<Named>,
    /// The first day as a deputy, where it is known.
    pub joined_on: Option<NaiveDate>,
    /// The first day on which they were a deputy no longer, where that came within the term or ended it.
    pub left_on: Option<NaiveDate>,
    /// `term_ended`, `resigned`, `moved`, `dismissed`, `died` or `other`.
    pub left_because: Option<String>,
    /// Adoptions that held on a day of the term.
    pub adoptions: i64,
}

/// What became of an adoption by the end of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TermEnding {
    /// It holds, and so does the term.
    Held,
    /// The deputy went on, and with them the adoption.
    Continued,
    /// The deputy left with the term, and the site was carried to another.
    Carried,
    /// The deputy left with the term, and the adoption was closed.
    Closed,
    /// Handed over, or given to another by the committee, within the term.
    HandedOver,
    /// The deputy left office within the term.
    OfficeEnded,
    /// The site was withdrawn by a decision.
    SiteWithdrawn,
    /// Ended for a reason that is not on record.
    Ended,
}

impl TermEnding {
    /// What follows from whether it outlasts the term, why it ended within it, and whether it was carried to another.
    pub fn of(goes_on: bool, reason: Option<&str>, ended: bool, carried: bool) -> Self {
        match reason {
            _ if goes_on => Self::Continued,
            _ if !ended => Self::Held,
            Some("term_ended") if carried => Self::Carried,
            Some("term_ended") => Self::Closed,
            Some("handed_over" | "reassigned") => Self::HandedOver,
            Some("deputy_ended") => Self::OfficeEnded,
            Some("site_withdrawn") => Self::SiteWithdrawn,
            _ => Self::Ended,
        }
    }
}

/// A site of an adoption.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermSite {
    pub id: i64,
    pub code: String,
    pub name: String,
}

/// An adoption that held in a term.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "deputy": {"id": 12, "name": "沈晓岚"}, "level": "county",
    "region": {"code": "339901004", "name": "清溪镇"}, "from": "2026-01-10", "until": "2026-12-28", "ending": "carried",
    "to": {"id": 17, "name": "周文涛"}, "reports": 11}))]
pub struct TermAdoption {
    pub site: TermSite,
    pub deputy: Named,
    pub level: DeputyLevel,
    /// Where the deputy belongs.
    pub region: RegionRef,
    pub from: NaiveDate,
    /// The day on which it ended, within the term or with it.
    pub until: Option<NaiveDate>,
    pub ending: TermEnding,
    /// Who took the site on.
    pub to: Option<Named>,
    /// Standing reports written while it held, within the term.
    pub reports: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_an_adoption_is_said_in_one_word() {
        assert_eq!(TermEnding::of(false, None, false, false), TermEnding::Held);
        assert_eq!(TermEnding::of(true, None, false, false), TermEnding::Continued);
        assert_eq!(TermEnding::of(false, Some("term_ended"), true, true), TermEnding::Carried);
        assert_eq!(TermEnding::of(false, Some("term_ended"), true, false), TermEnding::Closed);
        assert_eq!(TermEnding::of(false, Some("reassigned"), true, false), TermEnding::HandedOver);
        assert_eq!(TermEnding::of(false, Some("deputy_ended"), true, false), TermEnding::OfficeEnded);
        assert_eq!(TermEnding::of(false, None, true, false), TermEnding::Ended);
    }
}
