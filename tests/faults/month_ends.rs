//! Five server processes over twenty-four month ends, killed at random and most often while they are at a job: each month is closed once,
//! made final once and reminded of once, each order rises once a rung, the term begins once, and what is final stays.
//!
//! `MINSHENG_FAULT_SEED` repeats a run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, TimeDelta, Utc};
use harness::{StoredReport, instant};
use minsheng_map::calendar::Month;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};

use crate::moved_clock::{MovedClock, build_library};
use crate::victim::Victim;
use crate::{Ground, number, signed_in_at};

const PROCESSES: usize = 5;
const MONTHS: usize = 24;
const ZONE: chrono_tz::Tz = chrono_tz::Tz::Asia__Shanghai;

struct Process {
    victim: Victim,
    clock: MovedClock,
    alive: bool,
}

/// The processes, and how many of them were killed so far.
struct Fleet {
    processes: Vec<Process>,
    chance: StdRng,
    kills: usize,
    kills_at_work: usize,
}

impl Fleet {
    async fn start(ground: &Ground, now: DateTime<Utc>, chance: StdRng) -> Self {
        let library = build_library(&ground.folder);
        let mut processes = Vec::new();
        for place in 0..PROCESSES {
            let clock = MovedClock::at(ground.folder.join(format!("clock-{place}")), now);
            let mut environment = clock.environment(&library);
            environment.push(("MINSHENG_JOBS_EVERY_S", "1".to_owned()));
            environment.push(("MINSHENG_DATABASE_CONNECTIONS", "4".to_owned()));
            environment.push(("PGAPPNAME", name(place)));
            let victim = Victim::start_with(ground.cluster.url(), ground.data().join(place.to_string()), environment).await;
            processes.push(Process { victim, clock, alive: true });
        }
        Self { processes, chance, kills: 0, kills_at_work: 0 }
    }

    /// All clocks to about `now`: some are minutes ahead, some behind, and now and then one goes back by an hour first.
    fn move_clocks(&mut self, now: DateTime<Utc>) {
        for process in &self.processes {
            let back = if self.chance.random_bool(0.1) { 3_600 } else { 0 };
            process.clock.set(now + TimeDelta::seconds(self.chance.random_range(0..600) - back));
        }
    }

    fn kill(&mut self, place: usize) {
        let process = &mut self.processes[place];
        if process.alive {
            process.victim.kill();
            process.alive = false;
            self.kills += 1;
        }
    }

    fn kill_some(&mut self, most: usize) {
        for _ in 0..self.chance.random_range(0..=most) {
            let place = self.chance.random_range(0..PROCESSES);
            self.kill(place);
        }
    }

    fn revive(&mut self) {
        for process in self.processes.iter_mut().filter(|process| !process.alive) {
            process.victim.begin_again();
            process.alive = true;
        }
    }

    /// Lets the clocks come to `now` and kills while the processes are at what is due then, most often the one that does it.
    async fn come_to(&mut self, pool: &PgPool, now: DateTime<Utc>) {
        if self.chance.random_bool(0.3) {
            self.move_clocks(now);
            self.revive();
            tokio::time::sleep(Duration::from_millis(self.chance.random_range(0..1200))).await;
            self.kill_some(3);
            return self.revive();
        }
        // Whoever is at a job comes to its line of the audit log and waits there, in the middle of its transaction.
        let mut held = pool.begin().await.expect("a transaction");
        sqlx::query("lock table audit_log in share mode").execute(&mut *held).await.expect("a lock");
        self.move_clocks(now);
        self.revive();
        if let Some(worker) = self.who_waits(pool).await {
            tokio::time::sleep(Duration::from_millis(self.chance.random_range(0..100))).await;
            if self.chance.random_bool(0.8) {
                self.kill(worker);
                self.kills_at_work += 1;
            }
            self.kill_some(2);
        }
        held.rollback().await.expect("let go");
        self.revive();
    }

    /// The process that waits with its line for the audit log.
    async fn who_waits(&self, pool: &PgPool) -> Option<usize> {
        let query = "select application_name from pg_stat_activity join pg_locks using (pid)
                     where relation = 'audit_log'::regclass and not granted";
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(3) {
            let waiting: Vec<String> = sqlx::query_scalar(query).fetch_all(pool).await.expect("who waits");
            if let Some(place) = (0..PROCESSES).find(|place| waiting.contains(&name(*place))) {
                return Some(place);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }

    /// Nobody runs for a while.
    fn kill_all(&mut self) {
        (0..PROCESSES).for_each(|place| self.kill(place));
    }

    /// A process that answers, after the clocks have come to `now`.
    async fn origin_at(&mut self, now: DateTime<Utc>) -> String {
        self.revive();
        self.processes.iter().for_each(|process| process.clock.set(now));
        self.processes[0].victim.wait_until_ready().await;
        self.processes[0].victim.origin().to_owned()
    }
}

fn name(place: usize) -> String {
    format!("process-{place}")
}

async fn until(what: &str, pool: &PgPool, query: String) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(40) {
        if sqlx::query_scalar::<_, bool>(AssertSqlSafe(query.as_str())).fetch_one(pool).await.expect("an answer") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    panic!("{what} does not happen");
}

/// What the deputies send in a month, an order about one of the sites, and nothing more of it than the schedule must see.
async fn live_through(ground: &Ground, fleet: &mut Fleet, month: Month) {
    let (pool, world) = (&ground.pool, &ground.world);
    for (site, login) in [(&world.west[0], "deputy"), (&world.west[1], "deputy"), (&world.east[0], "deputy_east")] {
        if fleet.chance.random_bool(0.6) {
            let at = month.opens_at(ZONE) + TimeDelta::hours(fleet.chance.random_range(200..600));
            let stage = *["not_started", "in_progress", "completed"].choose(&mut fleet.chance).expect("a stage");
            StoredReport::new(site.site_id, world.deputies[login], at, stage).take_effect(pool, world).await;
        }
    }
    let now = month.opens_at(ZONE) + TimeDelta::days(9);
    let origin = fleet.origin_at(now).await;
    let committee = signed_in_at(pool, world.account("committee"), &origin, now).await;
    let due_on = month.opens_at(ZONE).with_timezone(&ZONE).date_naive() + Days::new(14);
    let order = json!({"site_ids": [world.east[1].site_id], "unit_id": world.other_unit_id, "words": "请说明逾期原因", "due_on": due_on,
        "copy_to_deputies": false, "follows": null});
    committee.post("/api/supervision-orders", order).await.expect(201);
}

/// A term that begins in the middle of the two years, with which a deputy leaves; and a site that nobody takes.
async fn prepare_events(ground: &Ground, fleet: &mut Fleet, now: DateTime<Utc>) {
    let world = &ground.world;
    let origin = fleet.origin_at(now).await;
    let committee = signed_in_at(&ground.pool, world.account("committee"), &origin, now).await;
    let term = json!({"number": 19, "begins_on": "2027-01-01", "leaving": [world.deputies["deputy2"]], "carried": []});
    committee.post("/api/terms", term).await.expect(201);
    let offer = json!({"site_ids": [world.west[1].site_id], "places": 2, "words": ""});
    committee.post("/api/offers", offer).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_processes_killed_at_random_do_the_work_of_24_month_ends_once() {
    let seed = std::env::var("MINSHENG_FAULT_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(14);
    eprintln!("MINSHENG_FAULT_SEED={seed}");
    let began_on = instant("2026-10-05T09:00:00+08:00");
    let ground = Ground::prepare_at(began_on).await;
    let (pool, county) = (&ground.pool, ground.world.county_id.0);
    let mut fleet = Fleet::start(&ground, began_on, StdRng::seed_from_u64(seed)).await;
    prepare_events(&ground, &mut fleet, began_on).await;
    let mut month: Month = "2026-10".parse().expect("a month");
    let (mut reminded, mut finals) = (0, BTreeMap::new());
    for place in 0..MONTHS {
        // Over leap February and the month after it nobody runs at all; now and then nobody runs for days.
        let asleep = (16..18).contains(&place);
        if !asleep {
            live_through(&ground, &mut fleet, month).await;
            let morning = month.closes_at(ZONE) - TimeDelta::days(4) + TimeDelta::hours(9);
            fleet.come_to(pool, morning).await;
            for (job, due_at) in
                [("month.remind", month.opens_at(ZONE)), ("orders.rise", morning - TimeDelta::hours(9)), ("offers.unanswered", month.opens_at(ZONE))]
            {
                let run = format!("select from job_runs where county_id = {county} and job = '{job}' and due_at = '{due_at}'");
                until(job, pool, format!("select exists ({run})")).await;
            }
            reminded += 1;
        }
        let is_closed = |column: &str| {
            format!(
                "select exists (select from reporting_months where county_id = {county} and month = '{}' and {column} is not null)",
                month.first_day()
            )
        };
        let sleeps = asleep || fleet.chance.random_bool(0.15);
        if sleeps {
            fleet.kill_all();
        } else {
            fleet.come_to(pool, month.closes_at(ZONE) + TimeDelta::minutes(1)).await;
            until("the close", pool, is_closed("closed_at")).await;
        }
        if !asleep {
            fleet.come_to(pool, month.final_at(ZONE, 5) + TimeDelta::minutes(1)).await;
            until("the final snapshot", pool, is_closed("finalized_at")).await;
            finals.insert(month, snapshot(pool, county, month).await);
        }
        month = month.next();
    }
    let (kills, at_work) = (fleet.kills, fleet.kills_at_work);
    eprintln!("{kills} kills, {at_work} of them in the middle of a job");
    assert!(kills >= 60 && at_work >= 15, "{kills} kills, {at_work} at work: too few to prove anything");
    // A last look with whole processes: whatever was left undone or would be done twice shows now.
    fleet.origin_at(month.opens_at(ZONE) + TimeDelta::days(9)).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    check_once(pool, county, reminded).await;
    for (month, kept) in finals {
        assert_eq!(snapshot(pool, county, month).await, kept, "{month} was final");
    }
    check_bulletins(&mut fleet, month).await;
    drop(fleet);
    ground.remove().await;
}

/// The map of a closed month.
async fn snapshot(pool: &PgPool, county: i32, month: Month) -> Vec<String> {
    let rows = format!("select to_jsonb(kept)::text from month_sites as kept where county_id = {county} and month = '{}'", month.first_day());
    let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("{rows} order by site_id"))).fetch_all(pool).await.expect("a snapshot");
    assert_eq!(rows.len(), 4, "each site once, {month}");
    rows
}

async fn check_once(pool: &PgPool, county: i32, reminded: i64) {
    let months = i64::try_from(MONTHS).expect("a number");
    for (action, times) in [("month.close", months), ("month.finalise", months), ("month.remind", reminded), ("term.begin", 1)] {
        let lines: (i64, i64) = sqlx::query_as("select count(*), count(distinct object_id) from audit_log where county_id = $1 and action = $2")
            .bind(county)
            .bind(action)
            .fetch_one(pool)
            .await
            .expect("a count");
        assert_eq!(lines, (times, times), "{action}");
    }
    let closed = "select count(*) from reporting_months where finalized_at is not null and county_id = (select min(county_id) from counties)";
    assert_eq!(number(pool, closed).await, months);
    for (what, query) in [
        ("a step of an order", "select count(*) from (select from order_steps group by order_id, kind, level having count(*) > 1) as twice"),
        (
            "an order that did not rise to the end",
            "select count(*) from supervision_orders where level <> 'special_inquiry' and due_on < '2028-07-01'",
        ),
        (
            "a notice of a month that was sent twice",
            "select count(*) from (select from notices where kind in ('reminder', 'report_missing', 'offer_unanswered')
             group by account_id, kind, site_id, words, date_trunc('month', created_at at time zone 'Asia/Shanghai' - interval '4 hours')
             having count(*) > 1) as twice",
        ),
        ("a deputy who did not leave", "select count(*) from deputies where name = '乙代表' and left_on is distinct from '2027-01-01'"),
        (
            "a broken line of the audit log",
            "select count(*) from audit_log as line where not exists (select from audit_chain where audit_id = line.audit_id)",
        ),
    ] {
        assert_eq!(number(pool, query).await, 0, "{what}");
    }
    assert_eq!(number(pool, "select count(*) from notices where kind = 'offer_unanswered'").await, reminded, "each month once");
}

/// Every month has its one bulletin.
async fn check_bulletins(fleet: &mut Fleet, after: Month) {
    let origin = fleet.origin_at(after.opens_at(ZONE) + TimeDelta::days(9)).await;
    let visitor = harness::Client::visitor(&origin);
    let mut month: Month = "2026-10".parse().expect("a month");
    while month < after {
        visitor.get(&format!("/bulletins/{month}")).await.expect(200);
        month = month.next();
    }
    visitor.get(&format!("/bulletins/{after}")).await.expect(404);
}
