//! The county's calendar: reporting months and the instants at which they open and close.
//!
//! Everything is counted in the zone that is passed in, never in the zone of the machine or of a database session. A month closes at the
//! first instant of the next one. Nothing here reads a clock.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar month, written `2022-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first_day: NaiveDate,
}

/// The text is not a month between 2000-01 and 2100-12.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a month is written YYYY-MM")]
pub struct NotAMonth;

impl Month {
    /// The month that `day` lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self { first_day: day.with_day(1).unwrap_or(day) }
    }

    /// The month in which `instant` falls in `zone`.
    pub fn at(instant: DateTime<Utc>, zone: Tz) -> Self {
        Self::of(instant.with_timezone(&zone).date_naive())
    }

    pub fn new(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).filter(|_| (2000..=2100).contains(&year)).map(|first_day| Self { first_day })
    }

    pub fn first_day(self) -> NaiveDate {
        self.first_day
    }

    pub fn last_day(self) -> NaiveDate {
        self.next().first_day - Days::new(1)
    }

    pub fn year(self) -> i32 {
        self.first_day.year()
    }

    pub fn number(self) -> u32 {
        self.first_day.month()
    }

    pub fn next(self) -> Self {
        Self { first_day: self.first_day + Months::new(1) }
    }

    pub fn previous(self) -> Self {
        Self { first_day: self.first_day - Months::new(1) }
    }

    /// The first instant of the month in `zone`.
    pub fn opens_at(self, zone: Tz) -> DateTime<Utc> {
        start_of_day(self.first_day, zone)
    }

    /// The first instant that no longer belongs to the month.
    pub fn closes_at(self, zone: Tz) -> DateTime<Utc> {
        self.next().opens_at(zone)
    }

    /// When the days of grace after the close are over and the month's snapshot becomes final.
    pub fn final_at(self, zone: Tz, grace_days: u16) -> DateTime<Utc> {
        start_of_day(self.next().first_day + Days::new(grace_days.into()), zone)
    }
}

/// The first instant of `day` in `zone`; where clocks are put forward over midnight, the first that exists.
pub fn start_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let mut local = midnight;
    for _ in 0..8 {
        if let Some(instant) = zone.from_local_datetime(&local).earliest() {
            return instant.with_timezone(&Utc);
        }
        local += TimeDelta::minutes(30);
    }
    midnight.and_utc()
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(NotAMonth);
        }
        let year = year.parse().map_err(|_| NotAMonth)?;
        let month = month.parse().map_err(|_| NotAMonth)?;
        Self::new(year, month).ok_or(NotAMonth)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Month {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some("^[0-9]{4}-[0-9]{2}$"))
            .examples([serde_json::json!("2026-10")])
            .into()
    }
}

impl utoipa::ToSchema for Month {}

#[cfg(test)]
mod tests {
    use super::*;

    const SHANGHAI: Tz = Tz::Asia__Shanghai;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_last_millisecond_belongs_to_the_month_and_the_next_one_does_not() {
        let edges = [
            ("2022-10", "2022-10-31T23:59:59.999+08:00", "2022-11-01T00:00:00.000+08:00"),
            ("2022-12", "2022-12-31T23:59:59.999+08:00", "2023-01-01T00:00:00.000+08:00"),
            ("2024-02", "2024-02-29T23:59:59.999+08:00", "2024-03-01T00:00:00.000+08:00"),
            ("2023-02", "2023-02-28T23:59:59.999+08:00", "2023-03-01T00:00:00.000+08:00"),
        ];
        for (month, last, first_after) in edges {
            let month: Month = month.parse().expect("a month");
            assert_eq!(Month::at(instant(last), SHANGHAI), month, "{last}");
            assert_eq!(Month::at(instant(first_after), SHANGHAI), month.next(), "{first_after}");
            assert_eq!(month.closes_at(SHANGHAI), instant(first_after));
            let one = TimeDelta::milliseconds(1);
            assert_eq!(Month::at(month.closes_at(SHANGHAI) - one, SHANGHAI), month);
            assert_eq!(Month::at(month.closes_at(SHANGHAI) + one, SHANGHAI), month.next());
        }
    }

    #[test]
    fn a_month_opens_where_the_one_before_closes() {
        let mut month = Month::new(2019, 11).expect("a month");
        for _ in 0..40 {
            assert_eq!(month.closes_at(SHANGHAI), month.next().opens_at(SHANGHAI));
            assert_eq!(month.next().previous(), month);
            assert_eq!(Month::of(month.last_day()), month);
            month = month.next();
        }
    }

    #[test]
    fn days_of_grace_are_counted_in_the_countys_days() {
        let month: Month = "2022-10".parse().expect("a month");
        assert_eq!(month.final_at(SHANGHAI, 5), instant("2022-11-06T00:00:00+08:00"));
    }

    #[test]
    fn only_year_and_month_in_digits_are_a_month() {
        for wrong in ["2022-13", "2022-00", "2022-1", "22-01", "2022/01", "2022-01-01", "", "+022-01", "1999-12", "2101-01"] {
            assert_eq!(wrong.parse::<Month>(), Err(NotAMonth), "{wrong}");
        }
        assert_eq!("2022-01".parse::<Month>().expect("a month").to_string(), "2022-01");
    }
}
