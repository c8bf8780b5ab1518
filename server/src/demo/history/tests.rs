//! On any day of the year the demo county tells a story that the rules allow, with something in it for every view.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::*;
use crate::sites::model::{is_finish_overdue, is_start_overdue};
use crate::sites::stage::{Decision, Source, stage_of};

static COUNTY: LazyLock<DemoCounty> = LazyLock::new(|| geodata::demo_county::generate(1));
const SHANGHAI: Tz = Tz::Asia__Shanghai;

fn history_at(day: &str) -> (History, NaiveDate, DateTime<Utc>) {
    let now: DateTime<Utc> = format!("{day}T15:20:00+08:00").parse().expect("an instant");
    (plan(&COUNTY, 1, now, SHANGHAI), day.parse().expect("a day"), now)
}

/// Days at which months begin, end and change hands, and the first days of the year.
const DAYS: [&str; 14] = [
    "2026-11-22",
    "2026-12-31",
    "2027-01-01",
    "2027-01-03",
    "2027-01-05",
    "2027-01-06",
    "2027-02-28",
    "2027-03-01",
    "2027-03-31",
    "2027-04-01",
    "2027-06-15",
    "2027-08-02",
    "2027-10-31",
    "2028-02-29",
];

#[test]
fn the_same_day_tells_the_same_story() {
    assert_eq!(history_at("2026-11-22").0, history_at("2026-11-22").0);
}

#[test]
fn nothing_lies_in_the_future_and_everything_follows_what_caused_it() {
    for day in DAYS {
        let (history, _, now) = history_at(day);
        assert!(history.reports.iter().all(|report| report.written_at <= report.received_at && report.received_at <= now), "{day}");
        assert!(history.reports.iter().all(|report| report.written_at > history.entered_at), "{day}");
        assert!(history.changes.iter().all(|change| change.at <= now), "{day}");
        assert!(history.changes.is_sorted_by_key(|change| change.at), "{day}");
        assert!(history.reminders.iter().all(|reminder| reminder.at <= now), "{day}");
        for report in &history.reports {
            if let ReportState::Returned { at, .. } = report.state {
                assert!(report.received_at < at && at <= now, "{day}");
            }
            assert_eq!(report.late, report.received_at >= report.month.closes_at(SHANGHAI), "{day}");
            assert!(report.month == Month::at(report.written_at, SHANGHAI), "{day}");
            assert_eq!(report.off_site, report.distance_m.is_some_and(|metres| metres > 500), "{day}");
        }
    }
}

#[test]
fn a_sites_stage_is_what_its_history_says() {
    for day in DAYS {
        let (history, ..) = history_at(day);
        let mut replayed = vec![Stage::NotStarted; history.sites.len()];
        for change in &history.changes {
            assert_eq!(replayed[change.site], change.from, "{day}");
            replayed[change.site] = change.to;
        }
        let mut decisions: HashMap<usize, Vec<Decision>> = HashMap::new();
        for report in history.reports.iter().filter(|report| report.state == ReportState::Standing) {
            let source = Source::Report(report.id);
            let decision = Decision { at: report.written_at, source, stage: report.stage, percent: report.percent as u8 };
            decisions.entry(report.site).or_default().push(decision);
        }
        for (number, change) in history.changes.iter().enumerate() {
            if let Cause::Correction(_) = change.cause {
                let decision = Decision { at: change.at, source: Source::Correction(number as i64), stage: change.to, percent: change.percent as u8 };
                decisions.entry(change.site).or_default().push(decision);
            }
        }
        for (place, site) in history.sites.iter().enumerate() {
            assert_eq!(site.stage, replayed[place], "{day}: site {place}");
            let (stage, percent) = stage_of(decisions.get(&place).map_or(&[], Vec::as_slice));
            assert_eq!((site.stage, site.percent), (stage, i16::from(percent)), "{day}: site {place}");
            assert!(site.struck_off_at.is_none() || site.stage == Stage::Completed, "{day}");
        }
    }
}

#[test]
fn each_adopter_has_one_standing_report_a_month_and_none_after_the_strike_off() {
    for day in DAYS {
        let (history, ..) = history_at(day);
        let mut standing = HashSet::new();
        for report in &history.reports {
            if report.state == ReportState::Standing {
                assert!(standing.insert((report.site, report.deputy, report.month)), "{day}");
            }
            assert!(history.sites[report.site].struck_off_at.is_none_or(|struck| report.received_at < struck), "{day}");
            let adopted = COUNTY.adoptions.iter().any(|adoption| (adoption.site, adoption.deputy) == (report.site, report.deputy));
            assert!(adopted, "{day}");
        }
    }
}

#[test]
fn a_change_of_stage_is_shown_by_a_picture() {
    let (history, ..) = history_at("2026-11-22");
    for change in history.changes.iter().filter(|change| change.from != change.to) {
        if let Cause::Report(report) = change.cause {
            assert!(matches!(history.reports[report].photos, Photos::Taken(1..)));
        }
    }
    let taken: usize = history.reports.iter().map(|report| if let Photos::Taken(count) = report.photos { count } else { 0 }).sum();
    assert!((1_200..3_600).contains(&taken), "{taken} pictures of {} reports", history.reports.len());
}

#[test]
fn a_november_map_has_something_for_every_view() {
    let (history, today, _) = history_at("2026-11-22");
    let red = |site: &&SiteHistory| {
        site.stage == Stage::NotStarted
            && (is_start_overdue(site.stage, Some(site.planned_start_on), today)
                || is_finish_overdue(site.stage, Some(site.planned_finish_on), today))
    };
    let yellow = |site: &&SiteHistory| site.stage == Stage::InProgress && is_finish_overdue(site.stage, Some(site.planned_finish_on), today);
    let count = |wanted: &dyn Fn(&&SiteHistory) -> bool| history.sites.iter().filter(wanted).count();
    assert_eq!(count(&red), 9);
    assert!((10..=20).contains(&count(&yellow)), "{} overdue yellow", count(&yellow));
    let struck_off = count(&|site| site.struck_off_at.is_some());
    assert!((40..=110).contains(&struck_off), "{struck_off} struck off");
    let reports = |wanted: fn(&Report) -> bool| history.reports.iter().filter(|report| wanted(report)).count();
    assert!(reports(|report| report.late) > 20);
    assert!(reports(|report| report.off_site) > 20);
    assert!(reports(|report| report.step_back) >= 3);
    assert!(reports(|report| report.state == ReportState::Amended) > 20);
    assert!(reports(|report| matches!(report.state, ReportState::Returned { .. })) > 15);
    assert_eq!(reports(|report| matches!(report.photos, Photos::Reused(_))), 3);
    assert_eq!(history.changes.iter().filter(|change| matches!(change.cause, Cause::Correction(_))).count(), 2);
    let last_closed = *history.closed_months.last().expect("ten months");
    let standing: Vec<_> = history.reports.iter().filter(|report| report.month == last_closed && report.state == ReportState::Standing).collect();
    let disputed = |site| {
        let stages: HashSet<_> = standing.iter().filter(|report| report.site == site).map(|report| report.stage).collect();
        stages.len() > 1
    };
    let disputed = (0..history.sites.len()).filter(|site| disputed(*site)).count();
    assert!((3..=8).contains(&disputed), "{disputed} disputed");
    let heard: HashSet<_> = history.reports.iter().filter(|report| report.month == last_closed).map(|report| report.site).collect();
    let silent = (0..history.sites.len()).filter(|site| history.sites[*site].struck_off_at.is_none() && !heard.contains(site)).count();
    assert!((6..=25).contains(&silent), "{silent} silent");
}

#[test]
fn decisions_come_before_what_they_put_off_and_change_no_closed_site() {
    assert!((10..=14).contains(&history_at("2026-11-22").0.plan_changes.len()));
    for day in DAYS {
        let (history, today, now) = history_at(day);
        assert!(history.plan_changes.is_sorted_by_key(|change| change.at), "{day}");
        let sites: HashSet<_> = history.plan_changes.iter().map(|change| change.site).collect();
        assert_eq!(sites.len(), history.plan_changes.len(), "{day}: one decision a site");
        for change in &history.plan_changes {
            let site = &history.sites[change.site];
            assert!(change.decided_on <= today && change.at <= now && change.at > history.entered_at, "{day}");
            assert!(site.struck_off_at.is_none_or(|struck| change.at < struck), "{day}");
            assert!(change.before.start_on <= change.before.finish_on, "{day}");
            let same = (change.before.start_on, change.before.finish_on) == (site.planned_start_on, site.planned_finish_on);
            assert!(!same || change.before.quota.is_some() || change.before.moved_by != (0.0, 0.0), "{day}: something changed");
        }
    }
}

#[test]
fn the_shown_deputies_still_owe_reports() {
    for day in DAYS {
        let (history, today, _) = history_at(day);
        for deputy in history.shown_deputies {
            let reported = |site| history.reports.iter().any(|report| (report.site, report.deputy, report.month) == (site, deputy, Month::of(today)));
            let owed = COUNTY
                .adoptions
                .iter()
                .filter(|adoption| adoption.deputy == deputy && history.sites[adoption.site].struck_off_at.is_none() && !reported(adoption.site));
            assert!(owed.count() >= if day == DAYS[0] { 2 } else { 1 }, "{day}");
        }
    }
}

#[test]
fn the_months_before_the_open_one_have_closed() {
    assert_eq!(history_at("2026-11-22").0.closed_months.len(), 10);
    assert_eq!(history_at("2027-01-01").0.closed_months.len(), 12);
    assert_eq!(history_at("2027-02-28").0.closed_months.len(), 13);
    assert_eq!(history_at("2027-03-01").0.closed_months.len(), 2);
}
