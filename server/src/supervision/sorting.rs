//! Orders of the review list other than by rank. Every order is stable over the ranked list, so that rows alike in it stay by rank, and can
//! be recomputed from the rows; what a row does not have comes last either way.

use std::cmp::Ordering;

use serde::Deserialize;
use utoipa::ToSchema;

use super::ranking::Ranked;

/// By which column the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// What presses most first.
    Rank,
    /// By code.
    Site,
    /// From red to blue.
    Stage,
    /// Days by which the work is late.
    Reasons,
    /// By the first of the adopters' names, as it is written.
    Adopters,
    /// By the unit's name, as it is written.
    Unit,
    /// By the planned finish.
    Plan,
    LastReport,
    People,
    /// Reminders sent, then open orders.
    Done,
}

/// Sorts ranked rows.
pub fn sort(rows: &mut [Ranked], by: SortBy, descending: bool) {
    match by {
        SortBy::Rank => ordered(rows, descending, |row| Some(row.rank)),
        SortBy::Site => ordered(rows, descending, |row| Some(row.facts.code.clone())),
        SortBy::Stage => ordered(rows, descending, |row| Some(row.facts.stage)),
        SortBy::Reasons => ordered(rows, descending, Ranked::days_late),
        SortBy::Adopters => ordered(rows, descending, |row| row.facts.first_adopter.clone()),
        SortBy::Unit => ordered(rows, descending, |row| Some(row.facts.unit_name.clone())),
        SortBy::Plan => ordered(rows, descending, |row| row.facts.planned_finish_on),
        SortBy::LastReport => ordered(rows, descending, |row| row.facts.last_report_at),
        SortBy::People => ordered(rows, descending, |row| row.facts.people_served),
        SortBy::Done => ordered(rows, descending, |row| Some((row.facts.reminders, row.facts.open_orders))),
    }
}

fn ordered<Key: Ord>(rows: &mut [Ranked], descending: bool, key: impl Fn(&Ranked) -> Option<Key>) {
    rows.sort_by(|one, other| compare(key(one), key(other), descending));
}

fn compare<Key: Ord>(one: Option<Key>, other: Option<Key>, descending: bool) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) if descending => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_comes_last_in_either_direction() {
        for descending in [false, true] {
            assert_eq!(compare(Some(1), None, descending), Ordering::Less);
            assert_eq!(compare(None, Some(1), descending), Ordering::Greater);
            assert_eq!(compare::<i32>(None, None, descending), Ordering::Equal);
        }
        assert_eq!(compare(Some(1), Some(2), false), Ordering::Less);
        assert_eq!(compare(Some(1), Some(2), true), Ordering::Greater);
    }
}
