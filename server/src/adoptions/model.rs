//! Pure rules of adopting and handing over.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{Actor, Role};
use crate::ids::DeputyId;
use crate::sites::{SiteView, Stage};

/// The deputy as whom the person adopts and hands over.
pub fn may_adopt(actor: &Actor) -> Option<DeputyId> {
    actor.grants.iter().find(|grant| grant.role == Role::Deputy).and_then(|grant| grant.deputy_id)
}

/// Whether the person offers sites for adoption somewhere.
pub fn may_offer(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

/// Sites offered, or offered no longer, by one call.
pub const MOST_AT_ONCE: usize = 200;

/// Deputies wanted for one site.
pub const MOST_PLACES: i16 = 20;

/// Why a site is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum HandOverReason {
    Leave,
    Illness,
    EndOfTerm,
    Other,
}

impl HandOverReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Illness => "illness",
            Self::EndOfTerm => "end_of_term",
            Self::Other => "other",
        }
    }
}

/// How much a site presses those who follow it; the first presses most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pressure {
    /// Red, and its start or finish was planned for an earlier day.
    OverdueRed,
    /// Yellow, and its finish was planned for an earlier day.
    OverdueYellow,
    /// Nobody reported for the last closed month.
    Silent,
    /// Nobody has adopted it.
    WithoutAdopter,
    /// Nothing presses.
    Calm,
    StruckOff,
}

impl Pressure {
    /// How the site presses on the county's day `today`, and for how many days it is late.
    pub fn of(site: &SiteView, has_adopter: bool, today: NaiveDate) -> (Self, Option<i64>) {
        if site.struck_off_on.is_some() {
            return (Self::StruckOff, None);
        }
        let since = |day: Option<NaiveDate>, late: bool| day.filter(|_| late).map(|day| (today - day).num_days());
        let days_late = since(site.planned_start_on, site.start_overdue).max(since(site.planned_finish_on, site.finish_overdue));
        let pressure = match (site.stage, site.start_overdue || site.finish_overdue) {
            (Stage::NotStarted, true) => Self::OverdueRed,
            (_, true) => Self::OverdueYellow,
            _ if site.silent => Self::Silent,
            (stage, false) if !has_adopter && stage != Stage::Completed => Self::WithoutAdopter,
            _ => Self::Calm,
        };
        (pressure, days_late)
    }
}
