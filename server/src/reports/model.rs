//! Pure rules of the monthly report: the month it counts for, whether it is late, which version of it stands, and what a deputy owes.
//!
//! All of it is counted in the county's zone. A phone's clock is believed only where it cannot be wrong by much; otherwise the moment of
//! receipt decides. Nothing here reads a clock or knows the database.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::accounts::{Actor, Role};
use crate::calendar::Month;
use crate::county::County;
use crate::ids::DeputyId;

/// How far ahead of the server a phone's clock may be and still pass for right.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);
/// A report that claims to have waited longer on a phone was written under a wrong clock.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::days(92);
/// Photographs a report may have.
pub const MOST_PHOTOS: usize = 9;
/// Kinds of problems a report may name.
pub const MOST_PROBLEMS: usize = 12;

/// The deputy in whose name the person may report; sites are checked one by one against what that deputy has adopted.
pub fn may_report(actor: &Actor) -> Option<DeputyId> {
    actor.grants.iter().find(|grant| grant.role == Role::Deputy).and_then(|grant| grant.deputy_id)
}

/// Whether the person enters reports for deputies somewhere.
pub fn may_enter(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

/// What a report counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting {
    pub month: Month,
    /// The moment the evidence is from, as far as it can be believed: the latest such moment decides the site's stage.
    pub counted_at: DateTime<Utc>,
    /// The phone's clock could not be believed: the moment of writing was corrected, or is that of the receipt.
    pub clock_doubted: bool,
    /// It came after its month had closed.
    pub late: bool,
}

/// What a phone says of when a report was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writing {
    /// By the phone's clock.
    pub written_at: DateTime<Utc>,
    /// What the phone's clock showed when the report was sent; nothing where it did not say.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Writing {
    /// How far the phone's clock is ahead of the server's; behind when negative.
    pub fn ahead(self, received_at: DateTime<Utc>) -> Option<TimeDelta> {
        self.sent_at.map(|sent_at| sent_at - received_at)
    }

    /// The moment of writing as far as it can be believed, and whether the phone's own telling of it was not. A clock that is wrong while
    /// the report is sent is taken to have been as wrong when it was written; what is impossible even then falls back to the receipt.
    fn believed(self, received_at: DateTime<Utc>) -> (DateTime<Utc>, bool) {
        let wrong_by = self.ahead(received_at).filter(|ahead| ahead.abs() > CLOCK_TOLERANCE);
        let written_at = self.written_at - wrong_by.unwrap_or_default();
        let is_impossible = written_at > received_at + CLOCK_TOLERANCE || written_at < received_at - LONGEST_WAIT;
        let counted_at = if is_impossible { received_at } else { written_at.min(received_at) };
        (counted_at, is_impossible || wrong_by.is_some())
    }
}

/// The month a report counts for. Written before a month's close it belongs to that month, if it arrives within the county's hours for
/// off-line phones and before the month's snapshot is final; later it counts for the month in which it arrives.
pub fn count(county: &County, writing: Writing, received_at: DateTime<Utc>) -> Counting {
    let (counted_at, clock_doubted) = writing.believed(received_at);
    let month_of_writing = county.month_at(counted_at);
    let month = if still_takes(county, month_of_writing, received_at) { month_of_writing } else { county.month_at(received_at) };
    Counting { month, counted_at, clock_doubted, late: received_at >= month.closes_at(county.zone) }
}

/// What a report counts for whose author names its month: the open one, or one that is over and still takes late reports. `None` when the
/// named month takes nothing more, or is the one that the clocks say anyway.
///
/// Only the month changes. The evidence stays as old as it is: of all standing reports the one written last still decides the stage,
/// whichever month each of them is for, because each says what was seen when it was written.
pub fn as_named(by_clock: Counting, county: &County, named: Month, received_at: DateTime<Utc>) -> Option<Counting> {
    let open = county.month_at(received_at);
    if named == by_clock.month {
        None
    } else if named == open {
        // The form said so, and forms follow the server's calendar: a slow clock does not put the report into the month before.
        Some(Counting { month: named, late: false, ..by_clock })
    } else {
        let takes = named < by_clock.month && received_at < county.final_at(named);
        takes.then_some(Counting { month: named, late: true, ..by_clock })
    }
}

/// The month before the open one, while its days of grace run and it still takes late reports.
pub fn late_month(county: &County, now: DateTime<Utc>) -> Option<Month> {
    let month = county.month_at(now).previous();
    (now < county.final_at(month)).then_some(month)
}

/// Whether a report that arrives at `received_at` can still enter `month`.
fn still_takes(county: &County, month: Month, received_at: DateTime<Utc>) -> bool {
    let closes_at = month.closes_at(county.zone);
    let waited_for = closes_at + TimeDelta::hours(county.offline_hours.into());
    received_at < closes_at || (received_at <= waited_for && received_at < county.final_at(month))
}

/// A version of one deputy's report on one site for one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    pub report_id: Uuid,
    pub counted_at: DateTime<Utc>,
    pub late: bool,
}

/// Whether `new` takes the place of the version that stands. The one that was written last stands, in whatever order two phones deliver.
pub fn replaces(new: Version, standing: Option<Version>) -> bool {
    standing.is_none_or(|standing| (standing.counted_at, standing.report_id) < (new.counted_at, new.report_id))
}

/// Whether the deputy's duty for the month was met late: an amendment of a report that came in time is not late.
pub fn met_late(new: Version, standing: Option<Version>) -> bool {
    new.late && standing.is_none_or(|standing| standing.late)
}

/// How things stand between a deputy, a site and a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// A report is owed.
    Owed,
    /// A report stands.
    Reported,
    /// The committee sent the report back, and none has taken its place.
    Returned,
    /// The site was struck off before the month's end: nothing is owed.
    StruckOff,
    /// The deputy is excused from the month: nothing is owed.
    Excused,
}

/// What the deputy owes for `month`, given what the deputy's latest report for it came to.
pub fn duty(month: Month, struck_off_on: Option<NaiveDate>, is_excused: bool, (has_standing, has_returned): (bool, bool)) -> Duty {
    if has_standing {
        Duty::Reported
    } else if is_excused {
        Duty::Excused
    } else if struck_off_on.is_some_and(|day| day <= month.last_day()) {
        Duty::StruckOff
    } else if has_returned {
        Duty::Returned
    } else {
        Duty::Owed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CountyId;

    fn county() -> County {
        County {
            county_id: CountyId(1),
            code: "339901".to_owned(),
            name: "清溪县".to_owned(),
            zone: chrono_tz::Tz::Asia__Shanghai,
            is_demo: true,
            grace_days: 5,
            offline_hours: 72,
            stale_days: 40,
            off_site_m: 500,
            minimum_ranked: 5,
            month_reminder: None,
            order_rise_hour: 8,
            offer_reminder: None,
            closed: std::collections::BTreeMap::new(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn by_phone(written: &str) -> Writing {
        Writing { written_at: at(written), sent_at: None }
    }

    /// Written, received → month, late, doubted.
    const CASES: &[(&str, &str, &str, bool, bool)] = &[
        // The last millisecond of a month and the first of the next, sent at once.
        ("2026-10-31T23:59:59.999+08:00", "2026-10-31T23:59:59.999+08:00", "2026-10", false, false),
        ("2026-11-01T00:00:00.000+08:00", "2026-11-01T00:00:00.000+08:00", "2026-11", false, false),
        ("2026-11-01T00:00:00.001+08:00", "2026-11-01T00:00:00.001+08:00", "2026-11", false, false),
        // Written before the close, received after it.
        ("2026-10-31T23:59:59.999+08:00", "2026-11-01T00:00:00.000+08:00", "2026-10", true, false),
        ("2026-10-31T18:00:00+08:00", "2026-11-03T23:59:59.999+08:00", "2026-10", true, false),
        ("2026-10-31T18:00:00+08:00", "2026-11-04T00:00:00.000+08:00", "2026-10", true, false),
        ("2026-10-31T18:00:00+08:00", "2026-11-04T00:00:00.001+08:00", "2026-11", false, false),
        // Leap day, the day that is none, and the turn of the year.
        ("2024-02-29T23:59:59.999+08:00", "2024-03-01T00:00:00.000+08:00", "2024-02", true, false),
        ("2024-02-29T00:00:00.000+08:00", "2024-02-29T00:00:00.000+08:00", "2024-02", false, false),
        ("2023-02-28T23:59:59.999+08:00", "2023-02-28T23:59:59.999+08:00", "2023-02", false, false),
        ("2025-12-31T23:59:59.999+08:00", "2026-01-03T12:00:00+08:00", "2025-12", true, false),
        ("2026-01-01T00:00:00.000+08:00", "2026-01-03T12:00:00+08:00", "2026-01", false, false),
        // Another zone's midnight means nothing.
        ("2026-10-31T16:00:00Z", "2026-10-31T16:00:00Z", "2026-11", false, false),
        ("2026-10-31T15:59:59.999Z", "2026-10-31T15:59:59.999Z", "2026-10", false, false),
        // Clocks set wrong: three hours, a month, the beginning and the end of computers' time.
        ("2026-10-20T15:00:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false, true),
        ("2026-10-20T09:00:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false, false),
        ("2026-11-20T12:00:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false, true),
        ("2026-09-20T12:00:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false, false),
        ("1970-01-01T00:00:00Z", "2026-10-20T12:00:00+08:00", "2026-10", false, true),
        ("2099-12-31T23:59:59Z", "2026-10-20T12:00:00+08:00", "2026-10", false, true),
        ("2026-11-01T02:00:00+08:00", "2026-10-31T23:00:00+08:00", "2026-10", false, true),
        // A little ahead of the server is how phones are; it does not carry a report into the next month.
        ("2026-11-01T00:00:01+08:00", "2026-10-31T23:59:59+08:00", "2026-10", false, false),
        ("2026-10-20T12:05:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false, false),
        ("2026-10-20T12:05:00.001+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false, true),
        // Ninety-two days in a drawer can be believed, a moment more cannot.
        ("2026-07-20T12:00:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false, false),
        ("2026-07-20T11:59:59.999+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false, true),
    ];

    #[test]
    fn each_report_counts_for_the_month_that_can_be_believed() {
        for (written, received, month, late, doubted) in CASES {
            let counting = count(&county(), by_phone(written), at(received));
            assert_eq!(counting.month.to_string(), *month, "written {written}, received {received}");
            assert_eq!(counting.late, *late, "late: written {written}, received {received}");
            assert_eq!(counting.clock_doubted, *doubted, "doubted: written {written}, received {received}");
            assert!(counting.counted_at <= at(received));
            assert_eq!(counting.counted_at == at(received), *doubted || at(written) >= at(received), "written {written}, received {received}");
        }
    }

    /// Written and sent by the phone's clock, received → counted from, month, doubted.
    const WRONG_CLOCKS: &[(&str, &str, &str, &str, &str, bool)] = &[
        // Three hours slow, at the turn of the month: written at one in the morning of the first.
        ("2026-10-31T22:00:00+08:00", "2026-10-31T22:00:10+08:00", "2026-11-01T01:00:10+08:00", "2026-11-01T01:00:00+08:00", "2026-11", true),
        // Three hours fast: written at eleven in the evening of the last day, sent at once, and sent the next morning.
        ("2026-11-01T02:00:00+08:00", "2026-11-01T02:00:00+08:00", "2026-10-31T23:00:00+08:00", "2026-10-31T23:00:00+08:00", "2026-10", true),
        ("2026-11-01T02:00:00+08:00", "2026-11-01T11:00:00+08:00", "2026-11-01T08:00:00+08:00", "2026-10-31T23:00:00+08:00", "2026-10", true),
        // A month slow and a month fast.
        ("2026-09-20T12:00:00+08:00", "2026-09-20T12:01:00+08:00", "2026-10-20T12:01:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", true),
        ("2026-11-20T12:00:00+08:00", "2026-11-20T13:00:00+08:00", "2026-10-20T13:00:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", true),
        // From the beginning of computers' time, written two hours before it was sent.
        ("1970-01-01T00:00:00Z", "1970-01-01T02:00:00Z", "2026-10-20T14:00:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", true),
        // Set right between writing and sending: nothing says by how much it was wrong before.
        ("1970-01-01T00:00:00Z", "2026-10-20T14:00:00+08:00", "2026-10-20T14:00:00+08:00", "2026-10-20T14:00:00+08:00", "2026-10", true),
        // As right as clocks are.
        ("2026-10-20T12:00:00+08:00", "2026-10-20T14:04:00+08:00", "2026-10-20T14:00:00+08:00", "2026-10-20T12:00:00+08:00", "2026-10", false),
    ];

    #[test]
    fn a_clock_that_is_wrong_while_it_sends_is_corrected_by_what_it_is_wrong() {
        for (written, sent, received, counted, month, doubted) in WRONG_CLOCKS {
            let writing = Writing { written_at: at(written), sent_at: Some(at(sent)) };
            let counting = count(&county(), writing, at(received));
            let case = format!("written {written}, sent {sent}, received {received}");
            assert_eq!((counting.counted_at, counting.clock_doubted), (at(counted), *doubted), "{case}");
            assert_eq!(counting.month.to_string(), *month, "{case}");
        }
    }

    #[test]
    fn a_final_month_takes_nothing_more_however_long_phones_may_wait() {
        let strict = County { grace_days: 1, offline_hours: 72, ..county() };
        let written = "2026-10-31T18:00:00+08:00";
        assert_eq!(count(&strict, by_phone(written), at("2026-11-01T23:59:59.999+08:00")).month.to_string(), "2026-10");
        assert_eq!(count(&strict, by_phone(written), at("2026-11-02T00:00:00.000+08:00")).month.to_string(), "2026-11");
        let none = County { grace_days: 0, ..county() };
        assert_eq!(count(&none, by_phone(written), at("2026-11-01T00:00:00.000+08:00")).month.to_string(), "2026-11");
    }

    /// Named, written, received → month, late.
    const NAMED: &[(&str, &str, &str, &str, bool)] = &[
        // From the first instant after the close to the last of the days of grace.
        ("2026-10", "2026-11-01T00:00:00.000+08:00", "2026-11-01T00:00:00.000+08:00", "2026-10", true),
        ("2026-10", "2026-11-03T09:00:00+08:00", "2026-11-03T09:00:01+08:00", "2026-10", true),
        ("2026-10", "2026-11-05T23:59:59.999+08:00", "2026-11-05T23:59:59.999+08:00", "2026-10", true),
        // Final: it counts for the month in which it was written.
        ("2026-10", "2026-11-05T23:59:59.999+08:00", "2026-11-06T00:00:00.000+08:00", "2026-11", false),
        ("2026-10", "2026-11-06T00:00:00.001+08:00", "2026-11-06T00:00:00.001+08:00", "2026-11", false),
        ("2026-09", "2026-11-03T09:00:00+08:00", "2026-11-03T09:00:00+08:00", "2026-11", false),
        // The month it would count for anyway, on either side of the close.
        ("2026-10", "2026-10-31T23:59:59.999+08:00", "2026-10-31T23:59:59.999+08:00", "2026-10", false),
        ("2026-10", "2026-10-31T23:59:59.999+08:00", "2026-11-01T00:00:00.000+08:00", "2026-10", true),
        ("2026-11", "2026-11-03T09:00:00+08:00", "2026-11-03T09:00:00+08:00", "2026-11", false),
        // Off-line for longer than phones may wait, but named: the days of grace are longer.
        ("2026-10", "2026-10-31T18:00:00+08:00", "2026-11-04T00:00:00.001+08:00", "2026-10", true),
        ("2026-10", "2026-10-31T18:00:00+08:00", "2026-11-06T00:00:00.000+08:00", "2026-11", false),
        // The form said the open month, whatever a slow clock says.
        ("2026-11", "2026-10-31T22:00:00+08:00", "2026-11-01T01:00:00+08:00", "2026-11", false),
        ("2026-11", "2026-10-31T18:00:00+08:00", "2026-11-02T09:00:00+08:00", "2026-11", false),
        // A clock that cannot be believed changes nothing of it.
        ("2026-10", "1970-01-01T00:00:00Z", "2026-11-03T09:00:00+08:00", "2026-10", true),
        ("2026-10", "2099-12-31T23:59:59Z", "2026-11-06T00:00:00.000+08:00", "2026-11", false),
        // The leap day, and the turn of the year.
        ("2024-02", "2024-03-01T00:00:00.000+08:00", "2024-03-05T23:59:59.999+08:00", "2024-02", true),
        ("2025-12", "2026-01-05T23:59:59.999+08:00", "2026-01-05T23:59:59.999+08:00", "2025-12", true),
        ("2025-12", "2026-01-06T00:00:00.000+08:00", "2026-01-06T00:00:00.000+08:00", "2026-01", false),
    ];

    #[test]
    fn a_named_month_takes_a_late_report_until_it_is_final() {
        for (named, written, received, month, late) in NAMED {
            let by_clock = count(&county(), by_phone(written), at(received));
            let counting = as_named(by_clock, &county(), named.parse().expect("a month"), at(received)).unwrap_or(by_clock);
            let case = format!("{named}, written {written}, received {received}");
            assert_eq!((counting.month.to_string().as_str(), counting.late), (*month, *late), "{case}");
            assert_eq!((counting.counted_at, counting.clock_doubted), (by_clock.counted_at, by_clock.clock_doubted), "{case}");
        }
    }

    #[test]
    fn without_days_of_grace_no_month_takes_a_late_report() {
        let none = County { grace_days: 0, ..county() };
        let received = at("2026-11-01T00:00:00.000+08:00");
        let by_clock = count(&none, by_phone("2026-11-01T00:00:00.000+08:00"), received);
        assert_eq!(as_named(by_clock, &none, "2026-10".parse().expect("a month"), received), None);
        assert_eq!(late_month(&none, received), None);
    }

    #[test]
    fn the_month_before_is_late_only_in_its_days_of_grace() {
        let late = |now: &str| late_month(&county(), at(now)).map(|month| month.to_string());
        assert_eq!(late("2026-10-31T23:59:59.999+08:00"), None);
        assert_eq!(late("2026-11-01T00:00:00.000+08:00"), Some("2026-10".to_owned()));
        assert_eq!(late("2026-11-05T23:59:59.999+08:00"), Some("2026-10".to_owned()));
        assert_eq!(late("2026-11-06T00:00:00.000+08:00"), None);
    }

    fn version(id: u128, counted: &str, late: bool) -> Version {
        Version { report_id: Uuid::from_u128(id), counted_at: at(counted), late }
    }

    #[test]
    fn of_two_phones_the_later_writing_stands_in_either_order() {
        let early = version(2, "2026-10-20T10:00:00Z", false);
        let later = version(1, "2026-10-20T11:00:00Z", false);
        assert!(replaces(early, None));
        assert!(replaces(later, Some(early)) && !replaces(early, Some(later)));
        let twin = version(3, "2026-10-20T11:00:00Z", false);
        assert!(replaces(twin, Some(later)) && !replaces(later, Some(twin)));
    }

    #[test]
    fn amending_a_report_that_was_in_time_does_not_make_it_late() {
        let in_time = version(1, "2026-10-20T10:00:00Z", false);
        let late = version(2, "2026-10-31T10:00:00Z", true);
        assert!(!met_late(late, Some(in_time)));
        assert!(met_late(late, Some(late)) && met_late(late, None));
        assert!(!met_late(in_time, Some(late)));
    }

    #[test]
    fn a_struck_off_site_owes_nothing_from_its_month_on() {
        let month: Month = "2026-10".parse().expect("a month");
        let day = |text: &str| Some(text.parse().expect("a day"));
        assert_eq!(duty(month, None, false, (false, false)), Duty::Owed);
        assert_eq!(duty(month, None, false, (false, true)), Duty::Returned);
        assert_eq!(duty(month, None, false, (true, true)), Duty::Reported);
        assert_eq!(duty(month, day("2026-10-31"), false, (false, true)), Duty::StruckOff);
        assert_eq!(duty(month, day("2026-11-01"), false, (false, false)), Duty::Owed);
        assert_eq!(duty(month, None, true, (false, true)), Duty::Excused);
        assert_eq!(duty(month, None, true, (true, false)), Duty::Reported, "what an excused deputy reports all the same stands");
        assert_eq!(duty(month, day("2026-10-01"), false, (true, false)), Duty::Reported);
    }
}
