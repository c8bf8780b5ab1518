//! Recurring jobs over five processes that are killed at random: each month is closed once, made final once, and looks as a plain model
//! of the rules says.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use harness::{StoredReport, TestApp, instant};
use minsheng_map::calendar::Month;
use minsheng_map::clock::Clock;
use minsheng_map::county::County;
use minsheng_map::database;
use minsheng_map::ids::{Chance, DeputyId, SiteId};
use minsheng_map::platform::Platform;
use minsheng_map::schedule;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::{Connection, PgConnection};

const MONTHS: usize = 24;
const PROCESSES: usize = 5;

/// One row of a month's snapshot.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Row {
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

/// Everything that ever happened to the sites of the small world.
struct History {
    county: County,
    sites: Vec<SiteId>,
    reports: Vec<StoredReport>,
    corrections: Vec<(SiteId, DateTime<Utc>, &'static str, i16)>,
    adoptions: Vec<(SiteId, DeputyId, NaiveDate, Option<NaiveDate>)>,
    /// Struck off on, and reopened on.
    struck_off: Vec<(SiteId, NaiveDate, Option<NaiveDate>)>,
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

    /// The map of `month` as the rules tell it, seen from `seen_at`.
    fn snapshot(&self, month: Month, seen_at: DateTime<Utc>) -> Vec<Row> {
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
        let (mut owed, mut received, mut on_time) = (0, 0, 0);
        for (_, deputy, ..) in owing.filter(|_| struck_off_on.is_none()) {
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
            silent: struck_off_on.is_none() && !reports.iter().any(|report| report.month == month.first_day()),
            struck_off_on,
            owed,
            received,
            on_time,
            last_report_at: reports.iter().map(|report| report.received_at).max(),
        }
    }
}

/// Two years of reports, amended, late, returned; corrections; adoptions that begin and end; strike-offs taken back.
fn invent(app: &TestApp, chance: &mut StdRng) -> History {
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
    };
    let mut month: Month = "2026-10".parse().expect("a month");
    for _ in 0..MONTHS {
        for (site, deputy, from, until) in history.adoptions.clone() {
            if from <= month.last_day() && until.is_none_or(|until| until > month.first_day()) && chance.random_bool(0.8) {
                history.reports.extend(invent_reports(&history.county, site, deputy, month, chance));
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

async fn store(app: &TestApp, history: &History) {
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

/// Processes with clocks and pools of their own, and somebody who cuts their connections.
struct Processes {
    platforms: Vec<Platform>,
    killer: PgConnection,
}

impl Processes {
    async fn start(app: &TestApp) -> Self {
        let mut platforms = Vec::new();
        for number in 0..PROCESSES {
            let pool = database::open_pool(app.database.options(), 3).await.expect("a pool");
            let counties = vec![(*app.platform.served_county()).clone()];
            let clock = Clock::standing_at(app.now());
            let chance = Chance::seeded(number as u64);
            platforms.push(Platform::new(pool, clock, chance, Arc::clone(&app.platform.settings), counties, app.world.county_id));
        }
        let killer = PgConnection::connect_with(&app.database.options()).await.expect("a connection");
        Self { platforms, killer }
    }

    /// Lets all processes look for jobs at about `at`, kills some of them on the way, and cuts the connections of the others now and then.
    async fn tick(&mut self, at: DateTime<Utc>, chance: &mut StdRng) {
        let mut running = Vec::new();
        for platform in &self.platforms {
            platform.clock.set(at + TimeDelta::seconds(chance.random_range(-90..600)));
            let platform = platform.clone();
            running.push((tokio::spawn(async move { schedule::run_due(&platform).await }), chance.random_bool(0.5), chance.random_range(0..60)));
        }
        if chance.random_bool(0.3) {
            tokio::time::sleep(Duration::from_millis(chance.random_range(0..40))).await;
            let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                       where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'";
            sqlx::query(cut).execute(&mut self.killer).await.expect("connections are cut");
        }
        for (task, killed, after_ms) in running {
            if killed {
                tokio::time::sleep(Duration::from_millis(after_ms)).await;
                task.abort();
            }
            // Killed, cut off or done: the next tick shows what is left to do.
            let _ = task.await;
        }
    }

    /// A process that nobody kills.
    async fn catch_up(&self, at: DateTime<Utc>) {
        self.platforms[0].clock.set(at);
        schedule::run_due(&self.platforms[0]).await.expect("the jobs run");
    }
}

async fn recorded(app: &TestApp, month: Month) -> Vec<Row> {
    sqlx::query_as(
        "select site_id, stage, percent, start_overdue, finish_overdue, silent, struck_off_on, owed, received, on_time, last_report_at
         from month_sites where county_id = $1 and month = $2 order by site_id",
    )
    .bind(app.world.county_id.0)
    .bind(month.first_day())
    .fetch_all(&app.pool)
    .await
    .expect("a snapshot")
}

async fn count(app: &TestApp, query: &'static str) -> i64 {
    sqlx::query_scalar(query).bind(app.world.county_id.0).fetch_one(&app.pool).await.expect("a count")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_processes_killed_at_random_close_each_of_24_months_once_and_as_the_rules_say() {
    let app = TestApp::start().await;
    let mut chance = StdRng::seed_from_u64(20_261_122);
    let history = invent(&app, &mut chance);
    store(&app, &history).await;
    let mut processes = Processes::start(&app).await;
    let (mut month, zone) = ("2026-10".parse::<Month>().expect("a month"), history.county.zone);
    for _ in 0..MONTHS {
        let (closes_at, final_at) = (month.closes_at(zone), month.final_at(zone, history.county.grace_days));
        // Now and then no process runs for weeks: the months that pass are caught up later.
        if chance.random_bool(0.75) {
            processes.tick(closes_at, &mut chance).await;
            let provisional = recorded(&app, month).await;
            assert!(provisional.is_empty() || provisional == history.snapshot(month, closes_at), "{month} at its close");
            processes.tick(final_at, &mut chance).await;
        }
        month = month.next();
    }
    processes.catch_up(month.opens_at(zone) + Days::new(6)).await;
    let mut month = "2026-10".parse::<Month>().expect("a month");
    for _ in 0..MONTHS {
        assert_eq!(recorded(&app, month).await, history.snapshot(month, month.final_at(zone, history.county.grace_days)), "{month}");
        month = month.next();
    }
    let expected = MONTHS as i64;
    assert_eq!(count(&app, "select count(*) from reporting_months where county_id = $1 and finalized_at is not null").await, expected);
    for query in [
        "select count(*) from audit_log where county_id = $1 and action = 'month.close'",
        "select count(*) from audit_log where county_id = $1 and action = 'month.finalise'",
        "select count(*) from job_runs where county_id = $1 and job = 'month.close'",
        "select count(distinct due_at) from job_runs where county_id = $1 and job = 'month.finalise'",
    ] {
        assert_eq!(count(&app, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn what_no_process_was_there_to_do_is_done_at_the_start_of_the_next() {
    let app = TestApp::start().await;
    app.set_clock("2027-03-02T10:00:00+08:00");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(schedule::run(app.platform.clone(), async { drop(stopped.await) }));
    let months = "select count(*) from reporting_months where county_id = $1";
    harness::eventually("five months are closed", || async { count(&app, months).await == 5 }).await;
    assert_eq!(count(&app, "select count(*) from reporting_months where county_id = $1 and finalized_at is not null").await, 4);
    stop.send(()).expect("the schedule listens");
    tokio::time::timeout(Duration::from_secs(5), running).await.expect("it stops").expect("without a panic");
}

#[tokio::test]
async fn a_clock_that_steps_back_over_the_close_closes_nothing_twice() {
    let app = TestApp::start().await;
    for at in [
        "2026-11-01T00:01:00+08:00",
        "2026-10-31T23:10:00+08:00",
        "2026-11-01T00:02:00+08:00",
        "2026-11-06T00:01:00+08:00",
        "2026-11-05T23:30:00+08:00",
    ] {
        app.set_clock(at);
        schedule::run_due(&app.platform).await.expect("the jobs run");
    }
    for action in ["month.close", "month.finalise"] {
        let lines: i64 = sqlx::query_scalar("select count(*) from audit_log where county_id = $1 and action = $2")
            .bind(app.world.county_id.0)
            .bind(action)
            .fetch_one(&app.pool)
            .await
            .expect("a count");
        assert_eq!(lines, 1, "{action}");
    }
}

#[tokio::test]
async fn what_has_had_its_day_is_swept_and_nothing_else() {
    let app = TestApp::start().await;
    drop(app.as_login("committee").await);
    app.set_clock("2026-10-20T10:30:00+08:00");
    let phone = app.as_login("deputy").await;
    assert_eq!(schedule::run_due(&app.platform).await.expect("the jobs run"), 4, "the orders of two counties; sessions, limits and keys; pictures");
    assert_eq!(schedule::run_due(&app.platform).await.expect("the jobs run"), 0, "once an hour and once a day");
    let left: i64 = sqlx::query_scalar("select count(*) from sessions").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(left, 1);
    phone.get("/api/session").await.expect(200);
}
