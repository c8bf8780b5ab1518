//! The real course of the work at each site, before anybody reports on it: when it began, when it was done, and what went wrong.

use chrono::NaiveDate;
use geodata::demo_county::DemoCounty;
use geodata::demo_county::chance::Chance;

use super::{Frame, days_between, days_later};
use crate::calendar::Month;
use crate::sites::Stage;

/// How many sites get into each kind of trouble, as far as the calendar gives room for it.
const NEVER_BEGUN: usize = 9;
const STUCK: usize = 13;
const SILENT: usize = 6;
const DISPUTED: usize = 5;
const RELAPSED: usize = 3;
const CORRECTED: usize = 2;

/// What the work at a site is really like.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub planned_start_on: NaiveDate,
    pub planned_finish_on: NaiveDate,
    /// Never, for a site whose work has not begun though it should have.
    pub began_on: Option<NaiveDate>,
    /// Never within this history, for a site that is stuck.
    pub done_on: Option<NaiveDate>,
    /// Percent at which a stuck site stays.
    pub stuck_at: Option<i16>,
    /// After being done, faults were found and mended: the days between.
    pub relapse: Option<(NaiveDate, NaiveDate)>,
    /// Nobody reports on it from this month's first day until the open month.
    pub silent_from: Option<NaiveDate>,
    /// Its adopters see it differently from this month on.
    pub disputed_from: Option<NaiveDate>,
    /// In this month it is reported completed too early, and the committee corrects it.
    pub corrected_in: Option<Month>,
    pub struck_off_on: Option<NaiveDate>,
}

impl Course {
    /// Stage and percent that an honest visitor sees on a day.
    pub fn seen_on(&self, day: NaiveDate) -> (Stage, i16) {
        let Some(began_on) = self.began_on.filter(|began| *began <= day) else { return (Stage::NotStarted, 0) };
        if self.relapse.is_some_and(|(from, to)| from <= day && day < to) {
            return (Stage::InProgress, 92);
        }
        if self.done_on.is_some_and(|done| done <= day) {
            return (Stage::Completed, 100);
        }
        let end = self.done_on.unwrap_or(self.planned_finish_on);
        let part = days_between(began_on, day) as f64 / days_between(began_on, end).max(1) as f64;
        let percent = (5.0 + 90.0 * part.min(1.0)) as i16 / 5 * 5;
        (Stage::InProgress, percent.clamp(5, self.stuck_at.unwrap_or(95)))
    }

    /// The days of a month between which somebody must report, so that the pin does not turn overdue while the work is on time.
    pub fn milestone_in(&self, month: Month) -> Option<(NaiveDate, NaiveDate)> {
        let window = |happened: Option<NaiveDate>, due: NaiveDate| {
            let happened = happened.filter(|day| Month::of(*day) == month)?;
            Some((happened, due.clamp(happened, month.last_day())))
        };
        window(self.done_on, self.planned_finish_on).or_else(|| window(self.began_on, self.planned_start_on))
    }

    fn is_troubled(&self) -> bool {
        self.began_on.is_none()
            || self.stuck_at.is_some()
            || self.relapse.is_some()
            || self.silent_from.is_some()
            || self.disputed_from.is_some()
            || self.corrected_in.is_some()
    }
}

/// The course of every site, in their order.
pub(super) fn courses(county: &DemoCounty, seed: u64, frame: Frame) -> Vec<Course> {
    let mut chance = Chance::new(seed, 0xc0);
    let mut courses: Vec<_> = county
        .sites
        .iter()
        .map(|site| {
            let start = frame.day(site.planned_start.month, site.planned_start.day);
            let finish = frame.day(site.planned_finish.month, site.planned_finish.day);
            undisturbed(start, finish, frame, &mut chance)
        })
        .collect();
    trouble_with_work(&mut courses, frame, &mut chance);
    trouble_with_reports(county, &mut courses, frame, &mut chance);
    strike_off(&mut courses, frame, &mut chance);
    courses
}

/// Most work runs a little ahead of its plan; some ran late, but has caught up by today.
fn undisturbed(start: NaiveDate, finish: NaiveDate, frame: Frame, chance: &mut Chance) -> Course {
    let days = |chance: &mut Chance, low: f64, high: f64| chance.between(low, high) as i64;
    let first_possible = frame.day(1, 14);
    let mut began_on = days_later(start, -days(chance, 3.0, 22.0)).max(first_possible).min(start.max(first_possible));
    let mut done_on = days_later(finish, -days(chance, 2.0, 30.0)).max(days_later(began_on, 20));
    if chance.happens(0.14) {
        let late_began_on = days_later(start, days(chance, 5.0, 30.0));
        let late_done_on = days_later(finish, days(chance, 4.0, 30.0));
        // By today the delay must be over, and reported: only the sites chosen below are overdue now.
        if days_between(late_done_on, frame.today) > 35 {
            (began_on, done_on) = (late_began_on, late_done_on);
        }
    }
    Course {
        planned_start_on: start,
        planned_finish_on: finish,
        began_on: Some(began_on),
        done_on: Some(done_on),
        stuck_at: None,
        relapse: None,
        silent_from: None,
        disputed_from: None,
        corrected_in: None,
        struck_off_on: None,
    }
}

/// Chooses up to `count` of the sites that fit, from those whose `day` is latest, so that trouble is fresh.
fn choose(courses: &[Course], count: usize, chance: &mut Chance, fits: impl Fn(&Course) -> bool, day: impl Fn(&Course) -> NaiveDate) -> Vec<usize> {
    let mut fitting: Vec<_> = (0..courses.len()).filter(|site| !courses[*site].is_troubled() && fits(&courses[*site])).collect();
    fitting.sort_by_key(|site| std::cmp::Reverse((day(&courses[*site]), *site)));
    fitting.truncate(count * 3);
    chance.shuffle(&mut fitting);
    fitting.truncate(count);
    fitting
}

fn trouble_with_work(courses: &mut [Course], frame: Frame, chance: &mut Chance) {
    let overdue = |due: NaiveDate| days_between(due, frame.today) >= 9;
    for site in choose(courses, NEVER_BEGUN, chance, |course| overdue(course.planned_start_on), |course| course.planned_start_on) {
        (courses[site].began_on, courses[site].done_on) = (None, None);
    }
    for site in choose(courses, STUCK, chance, |course| overdue(course.planned_finish_on), |course| course.planned_finish_on) {
        courses[site].done_on = None;
        courses[site].stuck_at = Some(5 * chance.between(9.0, 18.0) as i16);
    }
    let done_long_ago = |course: &Course| course.done_on.is_some_and(|done| days_between(done, frame.today) > 75);
    for site in choose(courses, RELAPSED, chance, done_long_ago, |course| course.planned_finish_on) {
        let found_on = courses[site].done_on.map(|done| Month::of(done).next().first_day());
        courses[site].relapse = found_on.map(|found| (found, Month::of(found).next().first_day()));
    }
}

fn trouble_with_reports(county: &DemoCounty, courses: &mut [Course], frame: Frame, chance: &mut Chance) {
    let last_closed = Month::of(frame.today).previous();
    if last_closed.year() < frame.year {
        return;
    }
    let quiet = |course: &Course| course.milestone_in(last_closed).is_none() && course.milestone_in(last_closed.next()).is_none();
    let under_way = |course: &Course| quiet(course) && course.seen_on(last_closed.first_day()).0 == Stage::InProgress;
    for (place, site) in choose(courses, SILENT, chance, under_way, |course| course.planned_start_on).into_iter().enumerate() {
        let month = if place % 2 == 0 { last_closed } else { last_closed.previous() };
        let quiet_since = courses[site].milestone_in(month).is_none() && month.year() == frame.year;
        courses[site].silent_from = Some(if quiet_since { month } else { last_closed }.first_day());
    }
    let adopters = |site: usize| county.adoptions.iter().filter(|adoption| adoption.site == site).count();
    let shared: Vec<_> = (0..courses.len()).filter(|site| adopters(*site) > 1).collect();
    let mut disputable: Vec<_> = shared.into_iter().filter(|site| courses[*site].silent_from.is_none() && under_way(&courses[*site])).collect();
    chance.shuffle(&mut disputable);
    for site in disputable.into_iter().take(DISPUTED) {
        courses[site].disputed_from = Some(last_closed.first_day());
    }
    let month = last_closed.previous();
    let far_from_done = |course: &Course| {
        month.year() == frame.year
            && course.seen_on(month.first_day()).0 == Stage::InProgress
            && course.seen_on(days_later(month.last_day(), 25)).0 == Stage::InProgress
    };
    for site in choose(courses, CORRECTED, chance, far_from_done, |course| course.planned_finish_on) {
        courses[site].corrected_in = Some(month);
    }
}

/// Most finished sites are struck off some weeks after they were done.
fn strike_off(courses: &mut [Course], frame: Frame, chance: &mut Chance) {
    for course in courses {
        let days_until_checked = 8 + chance.below(36) as i64;
        let willing = chance.happens(0.62) && !course.is_troubled();
        // The report that says so came by the end of the month in which the work was done.
        let reported_by = course.done_on.map(|done| Month::of(done).last_day());
        let struck_off_on = reported_by.map(|reported| days_later(reported, days_until_checked)).filter(|day| willing && *day < frame.today);
        // An office works on weekdays.
        course.struck_off_on = struck_off_on.map(|day| match chrono::Datelike::weekday(&day) {
            chrono::Weekday::Sat => days_later(day, -1),
            chrono::Weekday::Sun => days_later(day, -2),
            _ => day,
        });
    }
}
