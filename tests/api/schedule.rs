//! Recurring jobs over five processes that are killed at random: each month is closed once, made final once, and looks as a plain model
//! of the rules says.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, TimeDelta, Utc};
use harness::TestApp;
use minsheng_map::calendar::Month;
use minsheng_map::clock::Clock;
use minsheng_map::county::MonthReminder;
use minsheng_map::database;
use minsheng_map::ids::Chance;
use minsheng_map::months;
use minsheng_map::platform::Platform;
use minsheng_map::schedule;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::{Connection, PgConnection};

use crate::schedule_history::{MONTHS, Row, invent, store};

const PROCESSES: usize = 5;

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
        let killer = PgConnection::connect_with(&app.database.owner_options()).await.expect("a connection");
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
    let mut reminded = 0;
    for number in 0..MONTHS {
        let (closes_at, final_at) = (month.closes_at(zone), month.final_at(zone, history.county.grace_days));
        // Now and then no process runs for weeks, once for three months on end: the months that pass are caught up later.
        if !(9..12).contains(&number) && chance.random_bool(0.75) {
            let reminder = months::model::reminded_at(&history.county, month, MonthReminder { days_before: 3, hour: 9 });
            processes.tick(reminder, &mut chance).await;
            processes.catch_up(reminder + TimeDelta::minutes(20)).await;
            reminded += 1;
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
    for query in [
        "select count(*) from audit_log where county_id = $1 and action = 'month.remind'",
        "select count(distinct object_id) from audit_log where county_id = $1 and action = 'month.remind'",
    ] {
        assert_eq!(count(&app, query).await, reminded, "one reminder for each month in which a process ran: {query}");
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
    assert_eq!(
        schedule::run_due(&app.platform).await.expect("the jobs run"),
        6,
        "the orders and challenges of two counties; sessions, limits and keys; pictures"
    );
    assert_eq!(schedule::run_due(&app.platform).await.expect("the jobs run"), 0, "once an hour and once a day");
    let left: i64 = sqlx::query_scalar("select count(*) from sessions").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(left, 1);
    phone.get("/api/session").await.expect(200);
}
