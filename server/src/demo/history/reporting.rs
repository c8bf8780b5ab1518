//! Who reported what and when: month for month, adopter for adopter, with the slips that people make.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use geo::{Destination, Haversine, Point};
use geodata::LonLat;
use geodata::demo_county::DemoCounty;
use geodata::demo_county::chance::Chance;

use super::{Course, Frame, Photos, Report, ReportState, days_later, words};
use crate::calendar::Month;
use crate::ids;
use crate::sites::Stage;

/// Metres from the site past which a report is marked off-site: the default of a county.
const OFF_SITE_M: f64 = 500.0;

/// Two deputies with several sites that are still open and ask for nothing before the month ends.
pub(super) fn shown_deputies(county: &DemoCounty, courses: &[Course], frame: Frame) -> [usize; 2] {
    let inviting = |deputy: usize| {
        let sites = county.adoptions.iter().filter(|adoption| adoption.deputy == deputy).map(|adoption| &courses[adoption.site]);
        let calm: Vec<_> = sites.filter(|course| may_wait(course, Month::of(frame.today))).collect();
        let varied = calm.iter().any(|course| course.seen_on(frame.today).0 == Stage::InProgress);
        (calm.len().min(2), varied, calm.len())
    };
    let mut deputies: Vec<_> = (0..county.deputies.len()).collect();
    deputies.sort_by_key(|deputy| std::cmp::Reverse(inviting(*deputy)));
    [deputies[0], deputies[1]]
}

/// Whether nothing about the site has to be reported early in this month.
pub(super) fn may_wait(course: &Course, month: Month) -> bool {
    course.struck_off_on.is_none() && course.milestone_in(month).is_none() && course.disputed_from.is_none()
}

struct Desk<'a> {
    county: &'a DemoCounty,
    frame: Frame,
    chance: Chance,
    ids: ids::Chance,
    reports: Vec<Report>,
}

/// All reports up to now, by time of receipt. Flags that depend on what else had been received are set in `effects`.
pub(super) fn reports(county: &DemoCounty, courses: &[Course], shown: [usize; 2], seed: u64, frame: Frame) -> Vec<Report> {
    let mut desk = Desk { county, frame, chance: Chance::new(seed, 0x4e9), ids: ids::Chance::seeded(seed), reports: Vec::new() };
    for (place, adoption) in county.adoptions.iter().enumerate() {
        let course = &courses[adoption.site];
        let first_adopter = county.adoptions[..place].last().is_none_or(|before| before.site != adoption.site);
        for month in frame.months() {
            let spared = shown.contains(&adoption.deputy) && !frame.is_closed(month) && may_wait(course, month);
            if !spared {
                desk.visit(adoption.site, adoption.deputy, course, first_adopter, month);
            }
        }
    }
    let still_open = |report: &Report| {
        let day = report.received_at.with_timezone(&frame.zone).date_naive();
        courses[report.site].struck_off_on.is_none_or(|struck| day < struck)
    };
    desk.reports.retain(|report| report.received_at <= frame.now && still_open(report));
    desk.reports.sort_by_key(|report| (report.received_at, report.site, report.deputy));
    desk.reports
}

impl Desk<'_> {
    /// One adopter's month on one site: a visit and a report, or neither.
    fn visit(&mut self, site: usize, deputy: usize, course: &Course, first_adopter: bool, month: Month) {
        let milestone = course.milestone_in(month).filter(|_| first_adopter);
        let silent = course.silent_from.is_some_and(|from| month.first_day() >= from);
        let forgotten = self.chance.happens(0.05) && milestone.is_none() && course.disputed_from.is_none();
        let Some(day) = self.visiting_day(course, first_adopter, milestone, month) else { return };
        if silent || forgotten || course.struck_off_on.is_some_and(|struck| struck <= day) {
            return;
        }
        let (stage, percent) = self.judged(course, day, first_adopter, month);
        let written_at = self.frame.instant(day, self.chance.between(8.2 * 3600.0, 18.5 * 3600.0) as i64);
        let mut report = self.report(site, deputy, month, (stage, percent), written_at);
        let calm = milestone.is_none() && course.corrected_in != Some(month) && course.disputed_from.is_none();
        let luck = self.chance.unit();
        if calm && luck < 0.05 && self.county.adoptions.iter().filter(|adoption| adoption.site == site).count() == 1 {
            self.deliver_late(&mut report, course, month);
        } else if calm && luck < 0.09 {
            self.amend(&mut report);
        } else if calm && luck < 0.12 {
            self.send_back(&mut report);
        }
        self.reports.push(report);
    }

    /// The day of the visit. Most go towards the end of the month; where something had to be seen in time, somebody went in time.
    fn visiting_day(&mut self, course: &Course, first_adopter: bool, milestone: Option<(NaiveDate, NaiveDate)>, month: Month) -> Option<NaiveDate> {
        let (mut from, mut to) = (days_later(month.first_day(), 7), days_later(month.last_day(), -1));
        if let Some((happened, due)) = milestone {
            (from, to) = (happened, due);
        } else if course.disputed_from.is_some_and(|disputed| month.first_day() >= disputed) {
            // The second adopter goes first, so that the first one's word decides the stage.
            let middle = days_later(month.first_day(), 14);
            (from, to) = if first_adopter { (days_later(middle, 1), to) } else { (from, middle) };
        }
        let spread = (to - from).num_days().max(0);
        let late_leaning = self.chance.unit().max(self.chance.unit());
        let day = days_later(from, (late_leaning * (spread as f64 + 0.99)) as i64);
        (day <= self.frame.today).then_some(day)
    }

    fn judged(&self, course: &Course, day: NaiveDate, first_adopter: bool, month: Month) -> (Stage, i16) {
        let (stage, percent) = course.seen_on(day);
        let disputed = course.disputed_from.is_some_and(|from| month.first_day() >= from) && !first_adopter;
        match stage {
            _ if course.corrected_in == Some(month) && first_adopter => (Stage::Completed, 100),
            Stage::InProgress if disputed && percent < 40 => (Stage::NotStarted, 0),
            Stage::InProgress if disputed => (Stage::Completed, 100),
            _ => (stage, percent),
        }
    }

    fn report(&mut self, site: usize, deputy: usize, month: Month, seen: (Stage, i16), written_at: DateTime<Utc>) -> Report {
        let (stage, percent) = seen;
        let plan = &self.county.sites[site];
        let theme = self.county.projects[plan.project].theme;
        let due = |day: geodata::demo_county::DayOfYear| self.frame.day(day.month, day.day) < written_at.with_timezone(&self.frame.zone).date_naive();
        let late = stage == Stage::NotStarted && due(plan.planned_start) || stage == Stage::InProgress && due(plan.planned_finish);
        let words = words::report(theme, stage, percent, &mut self.chance);
        let problems = if stage == Stage::Completed { Vec::new() } else { words::problems(late, &mut self.chance) };
        let position = self.standing_place(plan.position);
        let distance_m = position.map(|place| place.metres_to(plan.position).round());
        Report {
            id: self.ids.uuid(written_at),
            site,
            deputy,
            month,
            stage,
            percent,
            words,
            problems,
            step_back: false,
            written_at,
            received_at: written_at + TimeDelta::seconds(self.chance.between(2.0, 240.0) as i64),
            late: false,
            position,
            distance_m: distance_m.map(|metres| metres as i32),
            off_site: distance_m.is_some_and(|metres| metres > OFF_SITE_M),
            state: ReportState::Standing,
            version: 1,
            photos: Photos::Taken(0),
        }
    }

    /// Where the phone was: mostly at the site, sometimes unknown, now and then on the way home.
    fn standing_place(&mut self, site: LonLat) -> Option<LonLat> {
        let luck = self.chance.unit();
        let bearing = self.chance.between(0.0, 360.0);
        let metres = match luck {
            _ if luck < 0.06 => return None,
            _ if luck < 0.09 => self.chance.between(700.0, 4_200.0),
            _ => self.chance.between(4.0, 160.0),
        };
        LonLat::try_from(Haversine.destination(Point::from(site), bearing, metres)).ok()
    }

    /// Written on the last evening, sent when the phone found a network again.
    fn deliver_late(&mut self, report: &mut Report, course: &Course, month: Month) {
        let evening = self.chance.between(17.0 * 3600.0, 22.5 * 3600.0) as i64;
        report.written_at = self.frame.instant(month.last_day(), evening);
        (report.stage, report.percent) = course.seen_on(month.last_day());
        report.received_at = month.closes_at(self.frame.zone) + TimeDelta::seconds(self.chance.between(2.0 * 3600.0, 60.0 * 3600.0) as i64);
        report.late = true;
        report.id = self.ids.uuid(report.written_at);
        let theme = self.county.projects[self.county.sites[report.site].project].theme;
        report.words = words::report(theme, report.stage, report.percent, &mut self.chance);
    }

    /// A first version some hours earlier, replaced by the report itself.
    fn amend(&mut self, report: &mut Report) {
        let earlier = TimeDelta::seconds(self.chance.between(900.0, 9_000.0) as i64);
        let (written_at, received_at) = (report.written_at - earlier, report.received_at - earlier);
        let first = Report { id: self.ids.uuid(written_at), written_at, received_at, state: ReportState::Amended, ..report.clone() };
        report.version = 2;
        report.words.push_str("（补充：已与施工负责人当面核对。）");
        self.reports.push(first);
    }

    /// Sent back by the committee on a later morning; most deputies then go again before the month ends.
    fn send_back(&mut self, report: &mut Report) {
        let visited_on = report.written_at.with_timezone(&self.frame.zone).date_naive();
        let at = self.frame.instant(days_later(visited_on, 1), self.chance.between(9.0 * 3600.0, 16.5 * 3600.0) as i64);
        if at > self.frame.now {
            return;
        }
        let again_on = days_later(visited_on, 2 + self.chance.below(2) as i64);
        if Month::of(again_on) == report.month && again_on <= self.frame.today && self.chance.happens(0.7) {
            let written_at = self.frame.instant(again_on, self.chance.between(9.0 * 3600.0, 17.0 * 3600.0) as i64);
            let seen = (report.stage, report.percent);
            let mut again = self.report(report.site, report.deputy, report.month, seen, written_at);
            again.version = 2;
            self.reports.push(again);
        }
        report.state = ReportState::Returned { at, reason: self.chance.pick::<&'static str>(&words::RETURNED) };
    }
}
