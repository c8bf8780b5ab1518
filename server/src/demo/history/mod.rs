//! What happened in the demo county: a year's work and reports relative to a day, planned purely, the same for the same day.
//!
//! The rules of the real thing hold here too: a stage changes only by a report, its return or a correction, and what a site shows at the
//! end is what its history says. Nothing here knows the database; rows get their numbers in `store`.

mod course;
mod decisions;
mod effects;
mod reporting;
mod shown;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use geodata::LonLat;
use geodata::demo_county::DemoCounty;
use uuid::Uuid;

pub use course::Course;
pub use decisions::{Before, PlanChange};
pub use words::{STEP_BACK, STRUCK_OFF_NOTE};

use crate::calendar::{Month, start_of_day};
use crate::sites::Stage;

/// Everything that happened, in the order of the county's lists; sites, deputies and units are places in them.
#[derive(Debug, PartialEq)]
pub struct History {
    pub year: i32,
    pub zone: Tz,
    /// When projects, sites and people were entered.
    pub entered_at: DateTime<Utc>,
    pub adopted_on: NaiveDate,
    /// One for each site, in their order.
    pub sites: Vec<SiteHistory>,
    /// By time of receipt.
    pub reports: Vec<Report>,
    /// By time.
    pub changes: Vec<Change>,
    pub reminders: Vec<Reminder>,
    /// Decisions that changed a plan, oldest first.
    pub plan_changes: Vec<PlanChange>,
    /// The two deputies who may be signed in as; they still owe reports this month where the day allows it.
    pub shown_deputies: [usize; 2],
    /// The month from which the first of them was excused.
    pub excused_month: Option<Month>,
    /// Months that have closed, oldest first.
    pub closed_months: Vec<Month>,
}

/// A site's plan and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteHistory {
    pub planned_start_on: NaiveDate,
    pub planned_finish_on: NaiveDate,
    pub stage: Stage,
    pub percent: i16,
    pub stage_since: DateTime<Utc>,
    pub struck_off_at: Option<DateTime<Utc>>,
    pub last_report_at: Option<DateTime<Utc>>,
    pub rev: i64,
}

/// One version of one deputy's report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub id: Uuid,
    pub site: usize,
    pub deputy: usize,
    pub month: Month,
    pub stage: Stage,
    pub percent: i16,
    pub words: String,
    pub problems: Vec<String>,
    pub step_back: bool,
    pub written_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub late: bool,
    pub position: Option<LonLat>,
    pub distance_m: Option<i32>,
    pub off_site: bool,
    pub state: ReportState,
    pub version: i16,
    pub photos: Photos,
}

/// Whether a report still counts.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportState {
    Standing,
    Amended,
    Returned { at: DateTime<Utc>, reason: &'static str },
}

/// The pictures that came with a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Photos {
    /// So many of its own.
    Taken(usize),
    /// The first picture of an earlier report once more.
    Reused(usize),
}

/// A change of a site's stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub site: usize,
    pub at: DateTime<Utc>,
    pub from: Stage,
    pub to: Stage,
    pub percent: i16,
    pub cause: Cause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The place of the report in the list.
    Report(usize),
    Return(usize),
    Correction(&'static str),
}

/// A nudge from the committee to the unit of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Reminder {
    pub site: usize,
    pub at: DateTime<Utc>,
    pub words: &'static str,
}

/// The calendar that the history runs on.
#[derive(Debug, Clone, Copy)]
struct Frame {
    year: i32,
    zone: Tz,
    now: DateTime<Utc>,
    today: NaiveDate,
}

/// Until the end of February the county still works off last year's list: the new one has only just been voted.
const LAST_YEARS_LIST_UNTIL_MONTH: u32 = 2;

impl Frame {
    fn new(now: DateTime<Utc>, zone: Tz) -> Self {
        let today = now.with_timezone(&zone).date_naive();
        let year = if today.month() <= LAST_YEARS_LIST_UNTIL_MONTH { today.year() - 1 } else { today.year() };
        Self { year, zone, now, today }
    }

    fn day(self, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, month, day).unwrap_or(self.today)
    }

    /// The instant of a time of day, in seconds after midnight.
    fn instant(self, day: NaiveDate, seconds: i64) -> DateTime<Utc> {
        start_of_day(day, self.zone) + TimeDelta::seconds(seconds)
    }

    /// January of the list's year up to the month that is open now.
    fn months(self) -> impl Iterator<Item = Month> {
        let open = Month::of(self.today);
        std::iter::successors(Some(Month::of(self.day(1, 1))), |month| Some(month.next())).take_while(move |month| *month <= open)
    }

    fn is_closed(self, month: Month) -> bool {
        month.closes_at(self.zone) <= self.now
    }
}

/// Plans the history of a county up to `now`.
pub fn plan(county: &DemoCounty, seed: u64, now: DateTime<Utc>, zone: Tz) -> History {
    let frame = Frame::new(now, zone);
    let courses = course::courses(county, seed, frame);
    let shown_deputies = reporting::shown_deputies(county, &courses, frame);
    let mut reports = reporting::reports(county, &courses, shown_deputies, seed, frame);
    let excused_month = shown::vary(&mut reports, &courses, shown_deputies[0], frame);
    let outcome = effects::take_effect(county, &courses, reports, seed, frame);
    let reminders = effects::reminders(&courses, frame);
    let plan_changes = decisions::plan_changes(county, &outcome.sites, seed, frame);
    History {
        year: frame.year,
        zone,
        entered_at: frame.instant(frame.day(1, 5), 9 * 3600),
        adopted_on: frame.day(1, 8),
        sites: outcome.sites,
        reports: outcome.reports,
        changes: outcome.changes,
        reminders,
        plan_changes,
        shown_deputies,
        excused_month,
        closed_months: frame.months().filter(|month| frame.is_closed(*month)).collect(),
    }
}

/// Days from `earlier` to `later`; negative when they stand the other way round.
fn days_between(earlier: NaiveDate, later: NaiveDate) -> i64 {
    (later - earlier).num_days()
}

fn days_later(day: NaiveDate, days: i64) -> NaiveDate {
    if days >= 0 { day + Days::new(days.unsigned_abs()) } else { day - Days::new(days.unsigned_abs()) }
}
