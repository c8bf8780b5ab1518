//! The `datetime` of a query: an instant, or an interval that may be open at one end, as RFC 3339 writes them.
//!
//! What is asked about here is planned by the day, so an interval becomes days of the county's calendar.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::query::refused;
use crate::http::Problem;

/// Days from the first to the last, both included; an end that is not there is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    pub first: Option<NaiveDate>,
    pub last: Option<NaiveDate>,
}

impl Days {
    /// Reads `datetime`; instants fall on days of the calendar in `zone`.
    pub fn read(text: &str, zone: Tz) -> Result<Self, Problem> {
        let unreadable = || {
            let zh = "应为 2026-10-01T00:00:00Z 这样的时刻，或“起/止”区间，一端可写 ..";
            refused("datetime", "not_a_datetime", zh, "Expected an instant such as 2026-10-01T00:00:00Z, or start/end of which one may be ..")
        };
        let Some((from, to)) = text.split_once('/') else {
            let at = Stretch::read(text, zone).ok_or_else(unreadable)?;
            return Ok(Self { first: Some(at.begin.date()), last: Some(at.end.date()) });
        };
        let end = |text: &str| if matches!(text, "" | "..") { Ok(None) } else { Stretch::read(text, zone).ok_or_else(unreadable).map(Some) };
        match (end(from)?, end(to)?) {
            (None, None) => Err(unreadable()),
            (Some(from), Some(to)) if from.begin > to.end => {
                Err(refused("datetime", "reversed", "区间的起点晚于终点", "The interval ends before it begins"))
            }
            (from, to) => Ok(Self { first: from.map(|from| from.begin.date()), last: to.map(|to| to.end.date()) }),
        }
    }

    /// Whether the two have a day in common.
    pub fn meets(self, other: Self) -> bool {
        let begins_in_time = |first: Option<NaiveDate>, last: Option<NaiveDate>| first.zip(last).is_none_or(|(first, last)| first <= last);
        begins_in_time(self.first, other.last) && begins_in_time(other.first, self.last)
    }
}

/// One end of an interval in local time: a moment, or a whole day.
struct Stretch {
    begin: NaiveDateTime,
    end: NaiveDateTime,
}

impl Stretch {
    fn read(text: &str, zone: Tz) -> Option<Self> {
        if is_date(text) {
            let day: NaiveDate = text.parse().ok()?;
            return Some(Self { begin: day.and_time(NaiveTime::MIN), end: day.and_hms_opt(23, 59, 59)? });
        }
        // A plus that was not escaped arrives as a blank.
        let instant = DateTime::parse_from_rfc3339(&text.replace(' ', "+")).ok()?;
        let local = instant.with_timezone(&zone).naive_local();
        Some(Self { begin: local, end: local })
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.bytes().enumerate().all(|(place, byte)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = Tz::Asia__Shanghai;

    fn days(text: &str) -> (Option<String>, Option<String>) {
        let days = Days::read(text, ZONE).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
        (days.first.map(|day| day.to_string()), days.last.map(|day| day.to_string()))
    }

    fn pair(first: &str, last: &str) -> (Option<String>, Option<String>) {
        let day = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (day(first), day(last))
    }

    #[test]
    fn instants_and_intervals_fall_on_the_countys_days() {
        for (text, expected) in [
            ("2026-10-01T00:00:00Z", pair("2026-10-01", "2026-10-01")),
            ("2026-09-30T16:00:00Z", pair("2026-10-01", "2026-10-01")),
            ("2026-10-01T00:00:00+08:00", pair("2026-10-01", "2026-10-01")),
            ("2026-10-01T00:00:00 08:00", pair("2026-10-01", "2026-10-01")),
            ("2026-10-01t00:00:00.25z", pair("2026-10-01", "2026-10-01")),
            ("2026-10-01", pair("2026-10-01", "2026-10-01")),
            ("2026-03-01/2026-04-30", pair("2026-03-01", "2026-04-30")),
            ("2026-03-01T00:00:00Z/..", pair("2026-03-01", "")),
            ("2026-03-01T00:00:00Z/", pair("2026-03-01", "")),
            ("../2026-03-01T00:00:00Z", pair("", "2026-03-01")),
            ("/2026-03-01T00:00:00Z", pair("", "2026-03-01")),
            ("2024-02-29/2024-02-29T01:00:00Z", pair("2024-02-29", "2024-02-29")),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let wrong =
            ["", "..", "/", "../..", "/..", "2026", "2026-10", "2026-13-01", "2026-02-30T00:00:00Z", "2023-02-29", "today", "2026-10-01T25:00:00Z"];
        let more = ["2026-10-01T00:00:00", "2026-10-02/2026-10-01", "2026-10-01T01:00:00Z/2026-10-01T00:00:00Z", "a/b/c", "2026-10-01/b", "2026-1-1"];
        for text in wrong.into_iter().chain(more).chain(["2026-10-01/2026-10-02/2026-10-03", "99999-01-01", "2026-10-01T00:00:00+99:00"]) {
            assert!(Days::read(text, ZONE).is_err(), "{text}");
        }
    }

    #[test]
    fn days_meet_when_one_is_common() {
        let days = |text| Days::read(text, ZONE).expect("days");
        let work = days("2026-03-01/2026-10-31");
        for yes in ["2026-03-01", "2026-10-31", "../2026-03-01", "2026-10-31/..", "2025-01-01/2027-01-01", "2026-05-05/2026-05-06"] {
            assert!(work.meets(days(yes)) && days(yes).meets(work), "{yes}");
        }
        for no in ["2026-02-28", "2026-11-01", "../2026-02-28", "2026-11-01/.."] {
            assert!(!work.meets(days(no)) && !days(no).meets(work), "{no}");
        }
        assert!(Days::default().meets(work));
    }
}
