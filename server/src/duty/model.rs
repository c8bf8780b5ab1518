//! Pure rules of the duty record: what an inspection counts, by which table, and who may say what.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::accounts::{Actor, Role};
use crate::ids::DeputyId;

/// The county's table of points, in force from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub rule_id: i64,
    pub effective_from: NaiveDate,
    /// For each inspection.
    pub inspection: i16,
    /// More, when its report came within its month.
    pub on_time: i16,
    /// More, when it has photographs.
    pub evidence: i16,
    /// More, when the phone was at the site.
    pub on_site: i16,
    pub note: String,
}

/// Why a point is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Inspection,
    OnTime,
    Evidence,
    OnSite,
    /// The committee's answer to a contest.
    Answer,
}

/// What a report shows, as far as points depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Sent back by the committee: it counts nothing.
    pub returned: bool,
    pub late: bool,
    pub photos: i64,
    /// Nothing when the phone gave no place.
    pub off_site: Option<bool>,
}

/// The table in force on `day`; none before the first.
pub fn rule_on(rules: &[Rule], day: NaiveDate) -> Option<&Rule> {
    rules.iter().filter(|rule| rule.effective_from <= day).max_by_key(|rule| rule.effective_from)
}

/// What a report counts, cause by cause. Causes that give nothing are left out.
pub fn points(rule: &Rule, shown: Shown) -> Vec<(Cause, i16)> {
    if shown.returned {
        return Vec::new();
    }
    let given = [
        (Cause::Inspection, rule.inspection, true),
        (Cause::OnTime, rule.on_time, !shown.late),
        (Cause::Evidence, rule.evidence, shown.photos > 0),
        (Cause::OnSite, rule.on_site, shown.off_site == Some(false)),
    ];
    given.into_iter().filter(|(_, points, holds)| *holds && *points > 0).map(|(cause, points, _)| (cause, points)).collect()
}

/// From when a new table may count: never for days that are over, except that the first one may take in the whole year.
pub fn earliest_effect(today: NaiveDate, is_first: bool) -> NaiveDate {
    if is_first { NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today) } else { today }
}

/// Whose record the person keeps.
pub fn own_record(actor: &Actor) -> Option<DeputyId> {
    actor.deputy_id()
}

/// Whether the person may make the county's table.
pub fn may_make_rules(actor: &Actor, county_code: &str) -> bool {
    actor.holds(&[Role::Committee], county_code)
}

/// Where the person may see records and answer contests; nothing when nowhere.
pub fn scope(actor: &Actor) -> Option<Vec<String>> {
    (actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)).then(|| actor.supervised_regions())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn rule(from: &str, inspection: i16) -> Rule {
        Rule { rule_id: 1, effective_from: day(from), inspection, on_time: 2, evidence: 1, on_site: 3, note: String::new() }
    }

    #[test]
    fn the_table_of_the_day_counts() {
        let rules = [rule("2026-07-01", 6), rule("2026-01-01", 5)];
        assert_eq!(rule_on(&rules, day("2026-06-30")).map(|rule| rule.inspection), Some(5));
        assert_eq!(rule_on(&rules, day("2026-07-01")).map(|rule| rule.inspection), Some(6));
        assert_eq!(rule_on(&rules, day("2025-12-31")), None);
    }

    #[test]
    fn each_point_has_its_cause() {
        let rule = rule("2026-01-01", 5);
        let whole = Shown { returned: false, late: false, photos: 2, off_site: Some(false) };
        assert_eq!(points(&rule, whole), [(Cause::Inspection, 5), (Cause::OnTime, 2), (Cause::Evidence, 1), (Cause::OnSite, 3)]);
        assert_eq!(points(&rule, Shown { late: true, photos: 0, off_site: None, ..whole }), [(Cause::Inspection, 5)]);
        assert_eq!(points(&rule, Shown { off_site: Some(true), ..whole }).len(), 3);
        assert!(points(&rule, Shown { returned: true, ..whole }).is_empty());
        let nothing_for_time = Rule { on_time: 0, ..rule };
        assert!(points(&nothing_for_time, whole).iter().all(|(cause, _)| *cause != Cause::OnTime));
    }

    #[test]
    fn days_that_are_over_keep_what_they_counted() {
        assert_eq!(earliest_effect(day("2026-10-20"), false), day("2026-10-20"));
        assert_eq!(earliest_effect(day("2026-10-20"), true), day("2026-01-01"));
    }
}
