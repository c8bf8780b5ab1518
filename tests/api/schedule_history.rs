//! Two invented years of a small world, and what the map of each month must then be: a plain model of the rules, told without SQL.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use harness::{StoredReport, TestApp, instant};
use minsheng_map::calendar::Month;
use minsheng_map::county::County;
use minsheng_map::ids::{DeputyId, SiteId};
use rand::Rng;
use rand::rngs::StdRng;

pub const MONTHS: usize = 24;

/// One row of a month's snapshot.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    site_id: i64,
    stage: String,
    percent: i16,
    start_overdue: bool,
    finish_overdue: bool,
    silent: bool,
    struck_off_on: Option<NaiveDate>,
    owed: i16,
    received: i16,
    on_time: i16,
    last_report_at: Option<DateTime<Utc>>,
}

/// Who, from which month, made when, and taken back when.
type Excused = (DeputyId, NaiveDate, DateTime<Utc>, Option<DateTime<Utc>>);

/// Everything that ever happened to the sites of the small world.
pub struct History {
    pub county: County,
    sites: Vec<SiteId>,
    reports: Vec<StoredReport>,
    corrections: Vec<(SiteId, DateTime<Utc>, &'static str, i16)>,
    adoptions: Vec<(SiteId, DeputyId, NaiveDate, Option<NaiveDate>)>,
    /// Struck off on, and reopened on.
    struck_off: Vec<(SiteId, NaiveDate, Option<NaiveDate>)>,
    /// Who was excused from which month, when that was said, and when it was taken back.
    excused: Vec<Excused>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

impl History {
    /// Whether the report stood at `seen_at`.
    fn stood(&self, report: &StoredReport, seen_at: DateTime<Utc>) -> bool {
        let replaced = |newer: &StoredReport| {
            (newer.site_id, newer.deputy_id, newer.month) == (report.site_id, report.deputy_id, report.month)
                && newer.version > report.version
                && newer.received_at < seen_at
        };
        report.received_at < seen_at && report.returned_at.is_none_or(|at| at >= seen_at) && !self.reports.iter().any(replaced)
    }

    /// Whether the deputy owed nothing for the month, looked at from `seen_at`.
    fn is_excused(&self, deputy: DeputyId, month: Month, seen_at: DateTime<Utc>) -> bool {
        let stood = |made: DateTime<Utc>, undone: Option<DateTime<Utc>>| made < seen_at && undone.is_none_or(|at| at >= seen_at);
        self.excused.iter().any(|(of, from, made, undone)| *of == deputy && *from == month.first_day() && stood(*made, *undone))
    }

    /// The map of `month` as the rules tell it, seen from `seen_at`.
    pub fn snapshot(&self, month: Month, seen_at: DateTime<Utc>) -> Vec<Row> {
        self.sites.iter().map(|site| self.row(*site, month, seen_at)).collect()
    }

    fn row(&self, site: SiteId, month: Month, seen_at: DateTime<Utc>) -> Row {
        let (last_day, closed_at) = (month.last_day(), month.closes_at(self.county.zone));
        let reports: Vec<&StoredReport> =
            self.reports.iter().filter(|report| report.site_id == site && report.month <= month.first_day() && self.stood(report, seen_at)).collect();
        let corrections =
            self.corrections.iter().filter(|(of, at, ..)| *of == site && *at < closed_at).map(|(_, at, stage, percent)| (*at, *stage, *percent));
        let decided =
            reports.iter().map(|report| (report.received_at, report.stage, report.percent)).chain(corrections).max_by_key(|decision| decision.0);
        let (stage, percent) = decided.map_or(("not_started", 0), |(_, stage, percent)| (stage, percent));
        let struck_off =
            self.struck_off.iter().filter(|(of, on, reopened)| *of == site && *on <= last_day && reopened.is_none_or(|on| on > last_day));
        let struck_off_on = struck_off.map(|(_, on, _)| *on).max();
        let this_month = |deputy: DeputyId| reports.iter().find(|report| report.month == month.first_day() && report.deputy_id == deputy);
        let owing =
            self.adoptions.iter().filter(|(of, _, from, until)| *of == site && *from <= last_day && until.is_none_or(|until| until > last_day));
        let (mut adopters, mut owed, mut received, mut on_time) = (0, 0, 0, 0);
        for (_, deputy, ..) in owing.filter(|_| struck_off_on.is_none()) {
            adopters += 1;
            if self.is_excused(*deputy, month, seen_at) {
                continue;
            }
            owed += 1;
            received += i16::from(this_month(*deputy).is_some());
            on_time += i16::from(this_month(*deputy).is_some_and(|report| !report.late));
        }
        Row {
            site_id: site.0,
            stage: stage.to_owned(),
            percent,
            start_overdue: stage == "not_started" && day("2026-03-01") < last_day,
            finish_overdue: stage != "completed" && day("2026-12-20") < last_day,
            silent: struck_off_on.is_none() && !reports.iter().any(|report| report.month == month.first_day()) && (adopters == 0 || owed > 0),
            struck_off_on,
            owed,
            received,
            on_time,
            last_report_at: reports.iter().map(|report| report.received_at).max(),
        }
    }
}

/// Two years of reports, amended, late, returned; corrections; adoptions that begin and end; strike-offs taken back.
pub fn invent(app: &TestApp, chance: &mut StdRng) -> History {
    let world = &app.world;
    let (deputies, [first, second], east) = (&world.deputies, [world.west[0].site_id, world.west[1].site_id], world.east[0].site_id);
    let other_east = world.east[1].site_id;
    let since = day("2026-01-10");
    let adoptions = vec![
        (first, deputies["deputy"], since, None),
        (second, deputies["deputy"], since, None),
        (first, deputies["deputy2"], since, Some(day("2027-05-17"))),
        (east, deputies["deputy_east"], since, None),
        (other_east, deputies["deputy_east"], since, Some(day("2028-01-31"))),
        (second, deputies["deputy2"], day("2027-03-10"), None),
    ];
    let county = (*app.platform.served_county()).clone();
    let mut history = History {
        county,
        sites: vec![first, second, east, other_east],
        reports: Vec::new(),
        corrections: vec![(east, instant("2028-02-10T09:00:00+08:00"), "completed", 100)],
        adoptions,
        struck_off: vec![(east, day("2027-06-12"), Some(day("2027-09-03"))), (east, day("2028-02-10"), None)],
        excused: Vec::new(),
    };
    let mut month: Month = "2026-10".parse().expect("a month");
    for _ in 0..MONTHS {
        for (site, deputy, from, until) in history.adoptions.clone() {
            if from <= month.last_day() && until.is_none_or(|until| until > month.first_day()) && chance.random_bool(0.8) {
                history.reports.extend(invent_reports(&history.county, site, deputy, month, chance));
            }
        }
        for deputy in ["deputy", "deputy2", "deputy_east"].map(|login| deputies[login]) {
            if chance.random_bool(0.25) {
                // Said and taken back before, within and after the days of grace.
                let made = month.opens_at(history.county.zone) + TimeDelta::seconds(chance.random_range(0..38 * 86_400));
                let undone = chance.random_bool(0.3).then(|| made + TimeDelta::seconds(chance.random_range(1..10 * 86_400)));
                history.excused.push((deputy, month.first_day(), made, undone));
            }
        }
        for site in [first, second] {
            if chance.random_bool(0.5) {
                continue;
            }
            // Many of them in the days of grace of the month before, whose snapshot they must not enter.
            let span = if chance.random_bool(0.5) { 5 * 86_400 } else { 2_400_000 };
            let at = month.opens_at(history.county.zone) + TimeDelta::seconds(chance.random_range(0..span));
            history.corrections.push((site, at, "in_progress", chance.random_range(1..99)));
        }
        month = month.next();
    }
    history
}

/// One or two versions of a deputy's report for a month, received between its first day and a week after its end.
fn invent_reports(county: &County, site: SiteId, deputy: DeputyId, month: Month, chance: &mut StdRng) -> Vec<StoredReport> {
    let (opens_at, closes_at) = (month.opens_at(county.zone), month.closes_at(county.zone));
    let span = (closes_at - opens_at).num_seconds() + 7 * 86_400;
    let mut moments: Vec<i64> = (0..chance.random_range(1..=2)).map(|_| chance.random_range(0..span)).collect();
    moments.sort_unstable();
    moments.dedup();
    let last = moments.len() - 1;
    let versions = moments.into_iter().enumerate().map(|(place, moment)| {
        let received_at = opens_at + TimeDelta::seconds(moment);
        let stage = ["not_started", "in_progress", "completed"][chance.random_range(0..3)];
        let returned = place == last && chance.random_bool(0.15);
        StoredReport {
            month: month.first_day(),
            late: received_at >= closes_at,
            version: i16::try_from(place + 1).expect("a version"),
            amended: place < last,
            returned_at: returned.then(|| received_at + TimeDelta::hours(chance.random_range(1..900))),
            ..StoredReport::new(site, deputy, received_at, stage)
        }
    });
    versions.collect()
}

pub async fn store(app: &TestApp, history: &History) {
    for report in &history.reports {
        report.store(&app.pool, &app.world).await;
    }
    for (site, at, stage, percent) in &history.corrections {
        sqlx::query(
            "insert into stage_changes (county_id, site_id, at, from_stage, to_stage, percent, cause, account_id, reason)
             values ($1, $2, $3, 'not_started', $4, $5, 'correction', $6, '核实')",
        )
        .bind(app.world.county_id.0)
        .bind(site.0)
        .bind(at)
        .bind(stage)
        .bind(percent)
        .bind(app.world.account("committee").0)
        .execute(&app.pool)
        .await
        .expect("a correction");
    }
    sqlx::query("delete from adoptions where county_id = $1").bind(app.world.county_id.0).execute(&app.pool).await.expect("no adoptions");
    for (site, deputy, from, until) in &history.adoptions {
        sqlx::query("insert into adoptions (county_id, site_id, deputy_id, adopted_on, ended_on) values ($1, $2, $3, $4, $5)")
            .bind(app.world.county_id.0)
            .bind(site.0)
            .bind(deputy.0)
            .bind(from)
            .bind(until)
            .execute(&app.pool)
            .await
            .expect("an adoption");
    }
    store_strike_offs(app, history).await;
    for (deputy, month, made, undone) in &history.excused {
        sqlx::query(
            "insert into month_exceptions (county_id, deputy_id, month, kind, reason, made_by, made_at, undone_by, undone_at, undo_reason)
             values ($1, $2, $3, 'leave', '出差', $4, $5, case when $6::timestamptz is not null then $4 end, $6,
                     case when $6::timestamptz is not null then '提前返回' end)",
        )
        .bind(app.world.county_id.0)
        .bind(deputy.0)
        .bind(month)
        .bind(app.world.account("committee").0)
        .bind(made)
        .bind(undone)
        .execute(&app.pool)
        .await
        .expect("an exception");
    }
}

async fn store_strike_offs(app: &TestApp, history: &History) {
    for (site, on, reopened_on) in &history.struck_off {
        let statement = if reopened_on.is_some() {
            "insert into reopenings (county_id, site_id, struck_off_on, struck_off_by, struck_off_note, reopened_on, reopened_at, reopened_by, reason)
             values ($1, $2, $3, $4, '验收', $5, $5, $4, '尚未通水')"
        } else {
            "update sites set stage = 'completed', percent = 100, struck_off_on = $3, struck_off_by = $4, struck_off_note = '验收'
             where county_id = $1 and site_id = $2 and $5::date is null"
        };
        sqlx::query(statement)
            .bind(app.world.county_id.0)
            .bind(site.0)
            .bind(on)
            .bind(app.world.account("committee").0)
            .bind(reopened_on)
            .execute(&app.pool)
            .await
            .expect("a strike-off");
    }
}
