//! What the reports did: stages, step backs, returns, corrections, strike-offs and nudges, played through in the order of their times.

use chrono::{DateTime, Utc};
use geodata::demo_county::DemoCounty;
use geodata::demo_county::chance::Chance;

use super::words::{CORRECTION, REMIND_FINISH, REMIND_START};
use super::{Cause, Change, Course, Frame, Photos, Reminder, Report, ReportState, SiteHistory, days_later};
use crate::sites::Stage;
use crate::sites::stage::{Decision, Source, stage_of};

/// Reports that show an old picture again.
const REUSED_PHOTOS: usize = 3;

pub(super) struct Outcome {
    pub sites: Vec<SiteHistory>,
    pub reports: Vec<Report>,
    pub changes: Vec<Change>,
}

#[derive(Clone, Copy)]
enum Event {
    Received(usize),
    Returned(usize),
    Corrected { site: usize, percent: i16 },
    StruckOff(usize),
}

/// A site while its history is played, with the decisions that stand at the moment.
struct Playing {
    history: SiteHistory,
    decisions: Vec<Decision>,
}

pub(super) fn take_effect(county: &DemoCounty, courses: &[Course], reports: Vec<Report>, seed: u64, frame: Frame) -> Outcome {
    let mut reports = reports;
    let events = events(courses, &reports, frame);
    let entered_at = frame.instant(frame.day(1, 5), 9 * 3600);
    let mut playing: Vec<_> = courses.iter().map(|course| Playing::new(course, entered_at)).collect();
    let mut changes = Vec::new();
    for (at, event) in events {
        match event {
            Event::Received(place) => {
                let amended = amended_version(&reports, place);
                let report = &mut reports[place];
                let site = &mut playing[report.site];
                report.step_back = report.stage < site.history.stage;
                site.decisions.retain(|decision| amended.is_none_or(|id| decision.source != Source::Report(id)));
                site.decisions.push(decision(report.written_at, Source::Report(report.id), (report.stage, report.percent)));
                site.settle(report.site, Cause::Report(place), at, &mut changes);
            }
            Event::Returned(place) => {
                let site = &mut playing[reports[place].site];
                site.decisions.retain(|decision| decision.source != Source::Report(reports[place].id));
                site.settle(reports[place].site, Cause::Return(place), at, &mut changes);
            }
            Event::Corrected { site, percent } => {
                let number = Source::Correction(changes.len() as i64);
                playing[site].decisions.push(decision(at, number, (Stage::InProgress, percent)));
                playing[site].settle(site, Cause::Correction(CORRECTION), at, &mut changes);
            }
            Event::StruckOff(site) => {
                if playing[site].history.stage == Stage::Completed {
                    playing[site].history.struck_off_at = Some(at);
                    playing[site].history.rev += 1;
                }
            }
        }
    }
    for site in &mut playing {
        let reports = site.decisions.iter().filter(|decision| matches!(decision.source, Source::Report(_)));
        site.history.last_report_at = reports.map(|report| report.at).max();
    }
    take_photos(county, &mut reports, &changes, &mut Chance::new(seed, 0xf0));
    Outcome { sites: playing.into_iter().map(|site| site.history).collect(), reports, changes }
}

fn events(courses: &[Course], reports: &[Report], frame: Frame) -> Vec<(DateTime<Utc>, Event)> {
    let mut events: Vec<_> = reports.iter().enumerate().map(|(place, report)| (report.received_at, Event::Received(place))).collect();
    for (place, report) in reports.iter().enumerate() {
        if let ReportState::Returned { at, .. } = report.state {
            events.push((at, Event::Returned(place)));
        }
    }
    for (site, course) in courses.iter().enumerate() {
        if let Some(day) = course.struck_off_on {
            events.push((frame.instant(day, 10 * 3600 + 37 * site as i64), Event::StruckOff(site)));
        }
        let wrong = |report: &&Report| course.corrected_in == Some(report.month) && report.site == site && report.stage == Stage::Completed;
        if let Some(report) = reports.iter().find(wrong) {
            let seen_on = report.received_at.with_timezone(&frame.zone).date_naive();
            let at = frame.instant(days_later(seen_on, 3), 15 * 3600);
            if at <= frame.now {
                events.push((at, Event::Corrected { site, percent: course.seen_on(days_later(seen_on, 3)).1 }));
            }
        }
    }
    events.sort_by_key(|(at, _)| *at);
    events
}

impl Playing {
    fn new(course: &Course, entered_at: DateTime<Utc>) -> Self {
        let history = SiteHistory {
            planned_start_on: course.planned_start_on,
            planned_finish_on: course.planned_finish_on,
            stage: Stage::NotStarted,
            percent: 0,
            stage_since: entered_at,
            struck_off_at: None,
            last_report_at: None,
            rev: 1,
        };
        Self { history, decisions: Vec::new() }
    }

    /// Brings the site into line with the decisions that stand; a move of the stage leaves a row in its history.
    fn settle(&mut self, site: usize, cause: Cause, at: DateTime<Utc>, changes: &mut Vec<Change>) {
        let (to, percent) = stage_of(&self.decisions);
        let percent = i16::from(percent);
        let history = &mut self.history;
        history.rev += 1;
        if history.stage != to || matches!(cause, Cause::Correction(_)) {
            changes.push(Change { site, at, from: history.stage, to, percent, cause });
        }
        if history.stage != to {
            history.stage_since = at;
        }
        (history.stage, history.percent) = (to, percent);
    }
}

fn decision(at: DateTime<Utc>, source: Source, shown: (Stage, i16)) -> Decision {
    Decision { at, source, stage: shown.0, percent: shown.1.unsigned_abs() as u8 }
}

/// The earlier version that this report replaces.
fn amended_version(reports: &[Report], place: usize) -> Option<uuid::Uuid> {
    let later = &reports[place];
    let same = |report: &&Report| (report.site, report.deputy, report.month) == (later.site, later.deputy, later.month);
    let first = reports[..place].iter().filter(same).find(|report| report.state == ReportState::Amended);
    first.map(|report| report.id)
}

/// Two pictures where the stage changed, one or none otherwise; a few show an old picture again.
fn take_photos(county: &DemoCounty, reports: &mut [Report], changes: &[Change], chance: &mut Chance) {
    let mut moved = vec![false; reports.len()];
    for change in changes {
        if let Cause::Report(place) = change.cause {
            moved[place] = change.from != change.to;
        }
    }
    let mut earlier = std::collections::HashMap::new();
    let mut reused = 0;
    for place in (0..reports.len()).rev() {
        earlier.entry((reports[place].site, reports[place].deputy)).or_insert_with(Vec::new).push(place);
    }
    for place in 0..reports.len() {
        reports[place].photos = Photos::Taken(if moved[place] { 2 } else { usize::from(chance.happens(0.72)) });
    }
    for (place, moved) in moved.iter().enumerate().rev() {
        let report = &reports[place];
        let before = earlier[&(report.site, report.deputy)].iter().copied().find(|other| reports[*other].month < report.month);
        let shown_before = before.filter(|other| matches!(reports[*other].photos, Photos::Taken(1..)));
        let fits = !moved
            && report.stage == Stage::InProgress
            && report.state == ReportState::Standing
            && county.sites[report.site].serial.is_multiple_of(3);
        if let Some(other) = shown_before.filter(|_| fits && reused < REUSED_PHOTOS) {
            reports[place].photos = Photos::Reused(other);
            reused += 1;
        }
    }
}

/// The committee's nudges to the units of overdue sites. Adopters are reminded when their months close, by the months' own rules.
pub(super) fn reminders(courses: &[Course], frame: Frame) -> Vec<Reminder> {
    const EVERY_DAYS: i64 = 21;
    const MOST: i64 = 3;
    let mut reminders = Vec::new();
    for (site, course) in courses.iter().enumerate() {
        let late_since = match (course.began_on, course.stuck_at) {
            (None, _) => Some((course.planned_start_on, REMIND_START)),
            (_, Some(_)) => Some((course.planned_finish_on, REMIND_FINISH)),
            _ => None,
        };
        let Some((due, words)) = late_since else { continue };
        let times = (0..MOST).map(|turn| frame.instant(days_later(due, 8 + turn * EVERY_DAYS), 9 * 3600 + 90 * site as i64));
        reminders.extend(times.filter(|at| *at <= frame.now).map(|at| Reminder { site, at, words }));
    }
    reminders.sort_by_key(|reminder| (reminder.at, reminder.site));
    reminders
}
