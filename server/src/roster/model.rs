//! Pure rules of the roster: who keeps it, and when a term may begin.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{Actor, Role};
use crate::calendar::Month;

/// Whether the person keeps deputies and stations somewhere; where, [`Actor::supervises`] says.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

/// Groups and terms are the county's as a whole.
pub fn may_keep_county(actor: &Actor, county_code: &str) -> bool {
    actor.holds(&[Role::Committee], county_code)
}

/// Why somebody is a deputy no longer. That a term ended is not said here: it follows from the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeavingReason {
    Resigned,
    Moved,
    Dismissed,
    Died,
    Other,
}

impl LeavingReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resigned => "resigned",
            Self::Moved => "moved",
            Self::Dismissed => "dismissed",
            Self::Died => "died",
            Self::Other => "other",
        }
    }
}

/// A term as far as the next one depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastTerm {
    pub number: i16,
    pub begins_on: NaiveDate,
    pub begun: bool,
}

/// Why a term cannot be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermFault {
    /// One that was entered has not begun yet.
    OneIsWaiting,
    NumberNotGreater,
    BeforeTheLast,
    /// A month that has closed would lose people after the fact.
    InClosedMonth,
    TooFarAhead,
}

/// How far ahead a term is entered.
pub const FARTHEST_AHEAD_DAYS: u64 = 92;

/// Whether term `number` may begin on `begins_on`, entered `today`; `somebody_leaves` with the term before it.
pub fn check_term(number: i16, begins_on: NaiveDate, somebody_leaves: bool, last: Option<LastTerm>, today: NaiveDate) -> Result<(), TermFault> {
    if last.is_some_and(|last| !last.begun) {
        return Err(TermFault::OneIsWaiting);
    }
    if !(1..=99).contains(&number) || last.is_some_and(|last| number <= last.number) {
        return Err(TermFault::NumberNotGreater);
    }
    if last.is_some_and(|last| begins_on <= last.begins_on) {
        return Err(TermFault::BeforeTheLast);
    }
    if somebody_leaves && begins_on < Month::of(today).first_day() {
        return Err(TermFault::InClosedMonth);
    }
    if begins_on > today + Days::new(FARTHEST_AHEAD_DAYS) {
        return Err(TermFault::TooFarAhead);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_term_follows_the_last_one_and_touches_no_closed_month() {
        let today = day("2026-11-22");
        let last = LastTerm { number: 17, begins_on: day("2022-01-10"), begun: true };
        let check = |number, begins: &str, leaves, last| check_term(number, day(begins), leaves, last, today);
        assert_eq!(check(18, "2026-12-28", true, Some(last)), Ok(()));
        assert_eq!(check(18, "2026-11-01", true, Some(last)), Ok(()));
        assert_eq!(check(18, "2026-10-31", true, Some(last)), Err(TermFault::InClosedMonth));
        assert_eq!(check(17, "2022-01-10", false, None), Ok(()), "the present term is noted after the fact");
        assert_eq!(check(17, "2026-12-28", true, Some(last)), Err(TermFault::NumberNotGreater));
        assert_eq!(check(0, "2026-12-28", false, None), Err(TermFault::NumberNotGreater));
        assert_eq!(check(18, "2022-01-10", false, Some(last)), Err(TermFault::BeforeTheLast));
        assert_eq!(check(18, "2027-02-22", true, Some(last)), Ok(()));
        assert_eq!(check(18, "2027-02-23", true, Some(last)), Err(TermFault::TooFarAhead));
        let waiting = LastTerm { begun: false, ..last };
        assert_eq!(check(18, "2026-12-28", true, Some(waiting)), Err(TermFault::OneIsWaiting));
    }
}
