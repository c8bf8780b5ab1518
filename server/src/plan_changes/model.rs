//! Pure rules of plan changes: who decides, and what a decision may say.

use chrono::{DateTime, NaiveDate, Utc};
use geodata::LonLat;

use crate::accounts::{Actor, Role};
use crate::http::shapes::RegionRef;

/// Whether the person decides about plans somewhere: the county's committee does, nobody below it.
pub fn may_change_plans(actor: &Actor) -> bool {
    actor.is(Role::Committee)
}

/// Whether the person decides about the plans of sites in `region`.
pub fn may_change_plans_in(actor: &Actor, region: &str) -> bool {
    actor.holds(&[Role::Committee], region)
}

/// What is planned at a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub start_on: Option<NaiveDate>,
    pub finish_on: Option<NaiveDate>,
    /// What has to be built or done, in the office's words.
    pub quota: String,
    pub address: String,
    pub region: RegionRef,
    pub position: LonLat,
}

/// A plan before and after a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanChange {
    pub plan_change_id: i64,
    pub before: Plan,
    pub after: Plan,
    pub decision_number: String,
    pub decided_on: NaiveDate,
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// Why a decision cannot be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanFault {
    /// It says what is planned already.
    NothingChanges,
    FinishBeforeStart,
    /// Its day has not come.
    DecidedInFuture,
}

/// Below this distance in metres a place is the same place written with other decimals.
pub const SAME_PLACE_M: f64 = 0.5;

/// Whether a decision of `decided_on` may turn `before` into `after` on the county's calendar day `today`.
pub fn check(before: &Plan, after: &Plan, decided_on: NaiveDate, today: NaiveDate) -> Result<(), PlanFault> {
    if decided_on > today {
        return Err(PlanFault::DecidedInFuture);
    }
    if matches!((after.start_on, after.finish_on), (Some(start), Some(finish)) if start > finish) {
        return Err(PlanFault::FinishBeforeStart);
    }
    if before == after { Err(PlanFault::NothingChanges) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn plan(start: &str, finish: &str) -> Plan {
        Plan {
            start_on: Some(day(start)),
            finish_on: Some(day(finish)),
            quota: String::new(),
            address: String::new(),
            region: RegionRef { code: "339901001".to_owned(), name: "甲镇".to_owned() },
            position: LonLat::new(120.0, 30.0).expect("a position"),
        }
    }

    #[test]
    fn a_decision_changes_something_in_an_order_that_time_allows() {
        let (before, today) = (plan("2026-03-01", "2026-10-31"), day("2026-06-20"));
        let later = plan("2026-03-01", "2026-12-31");
        assert_eq!(check(&before, &later, day("2026-06-20"), today), Ok(()));
        assert_eq!(check(&before, &later, day("2026-06-21"), today), Err(PlanFault::DecidedInFuture));
        assert_eq!(check(&before, &before.clone(), day("2026-06-18"), today), Err(PlanFault::NothingChanges));
        assert_eq!(check(&before, &plan("2026-11-01", "2026-10-31"), day("2026-06-18"), today), Err(PlanFault::FinishBeforeStart));
        assert_eq!(check(&before, &plan("2026-10-31", "2026-10-31"), day("2026-06-18"), today), Ok(()));
    }
}
