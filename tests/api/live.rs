//! The map lives: changes reach every open map on every server, and exactly the tiles they touch; the map outlives the database.

use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset};
use harness::{Client, TestApp, eventually};
use minsheng_map::ids::SiteId;
use minsheng_map::live_map::check_stages;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::public_map::tile_of;

/// The committee corrects a site's stage.
pub async fn correct(app: &TestApp, committee: &Client, site: SiteId, stage: &str, percent: u8) {
    let rev: i64 = sqlx::query_scalar("select rev from sites where county_id = $1 and site_id = $2")
        .bind(app.world.county_id.0)
        .bind(site.0)
        .fetch_one(&app.pool)
        .await
        .expect("a rev");
    let body = json!({"stage": stage, "percent": percent, "reason": "现场核实", "rev": rev});
    committee.post(&format!("/api/sites/{site}/correction"), body).await.expect(200);
}

/// An open line of events.
struct Line {
    response: Response,
    text: String,
}

#[derive(Debug)]
struct Told {
    event: String,
    id: Option<String>,
    data: Value,
}

impl Line {
    async fn open(client: &Client, last: Option<&str>) -> Self {
        let request = client.request(Method::GET, "/api/events");
        let request = match last {
            Some(last) => request.header("last-event-id", last),
            None => request,
        };
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next event within two seconds.
    async fn next(&mut self) -> Told {
        self.next_within(Duration::from_secs(2)).await
    }

    async fn next_within(&mut self, patience: Duration) -> Told {
        loop {
            if let Some((event, rest)) = self.text.clone().split_once("\n\n") {
                self.text = rest.to_owned();
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned);
                if let Some(name) = field("event") {
                    let data = serde_json::from_str(&field("data").unwrap_or_default()).expect("JSON");
                    return Told { event: name, id: field("id"), data };
                }
                continue;
            }
            let chunk = tokio::time::timeout(patience, self.response.chunk()).await.expect("an event in time");
            self.text.push_str(&String::from_utf8_lossy(&chunk.expect("a chunk").expect("the line stays open")));
        }
    }
}

#[tokio::test]
async fn an_open_map_hears_of_a_change_within_a_second() {
    let app = TestApp::start().await;
    let mut line = Line::open(&app.visitor(), None).await;
    assert_eq!(line.next().await.event, "hello");
    let site = app.world.west[0].site_id;
    let committee = app.as_login("committee").await;
    let began = Instant::now();
    correct(&app, &committee, site, "in_progress", 30).await;
    let told = line.next().await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(told.event, "site");
    assert_eq!((&told.data["id"], &told.data["stage"], &told.data["percent"]), (&json!(site.0), &json!("in_progress"), &json!(30)));
    assert_eq!(told.data["overdue"], false, "what has begun is no longer late to begin");
    let view = app.visitor().get(&format!("/api/sites/{site}")).await.expect(200).json();
    assert_eq!((&view["stage"], &view["rev"]), (&json!("in_progress"), &told.data["rev"]), "the list knows what the event told");
}

#[tokio::test]
async fn a_quiet_line_gives_a_sign_of_life() {
    let app = TestApp::start().await;
    let mut line = Line::open(&app.visitor(), None).await;
    assert_eq!(line.next().await.event, "hello");
    let sign = line.next_within(Duration::from_secs(25)).await;
    assert_eq!((sign.event.as_str(), sign.id), ("heartbeat", None), "it moves no number");
}

#[tokio::test]
async fn a_reader_who_lost_the_line_gets_what_it_missed() {
    let app = TestApp::start().await;
    let mut line = Line::open(&app.visitor(), None).await;
    let hello = line.next().await.id.expect("a number");
    drop(line);
    let committee = app.as_login("committee").await;
    let site = app.world.west[1].site_id;
    correct(&app, &committee, site, "completed", 100).await;
    eventually("the change is in place", async || app.visitor().get(&format!("/api/sites/{site}")).await.json()["stage"] == "completed").await;
    let mut again = Line::open(&app.visitor(), Some(&hello)).await;
    let greeting = again.next().await;
    assert_eq!((greeting.event.as_str(), greeting.id), ("hello", None), "what was missed comes after it");
    let missed = again.next().await;
    assert_eq!((missed.event.as_str(), &missed.data["id"]), ("site", &json!(site.0)));
    for stranger in ["-1", "99999999999", "abc", "0x1"] {
        let mut line = Line::open(&app.visitor(), Some(stranger)).await;
        assert_eq!(line.next().await.event, "hello");
        assert_eq!(line.next().await.event, "county", "{stranger}");
    }
}

#[tokio::test]
async fn a_change_makes_exactly_its_own_tiles_new() {
    let app = TestApp::start().await;
    let (here, elsewhere) = (app.world.west[0].clone(), app.world.east[1].clone());
    let mut paths = Vec::new();
    for z in [0, 4, 8, 9, 10, 12, 14, 16] {
        for site in [&here, &elsewhere] {
            paths.extend([tile_of(site, "sites", z), tile_of(site, "regions,grid_cells,stations", z)]);
        }
    }
    let mut before = Vec::new();
    for path in &paths {
        before.push(app.visitor().get(path).await.expect(200).header("etag").to_owned());
    }
    let committee = app.as_login("committee").await;
    correct(&app, &committee, here.site_id, "completed", 100).await;
    let site = format!("/api/sites/{}", here.site_id);
    eventually("the change is in place", async || app.visitor().get(&site).await.json()["stage"] == "completed").await;
    for (path, before) in paths.iter().zip(before) {
        let after = app.visitor().get(path).await.expect(200);
        let touched = path.starts_with("/tiles/sites/") && {
            let z = path.split('/').nth(3).expect("a zoom").parse().expect("a zoom");
            *path == tile_of(&here, "sites", z)
        };
        assert_eq!(after.header("etag") != before, touched, "{path}");
    }
}

#[tokio::test]
async fn two_servers_on_one_database_see_each_others_changes() {
    let app = TestApp::start().await;
    let other = app.second_server().await;
    let mut line = Line::open(&other.visitor(), None).await;
    line.next().await;
    let path = tile_of(&app.world.east[0], "sites", 12);
    assert_eq!(app.visitor().get(&path).await.header("etag"), other.visitor().get(&path).await.header("etag"), "servers agree about names");
    let committee = app.as_login("committee").await;
    correct(&app, &committee, app.world.east[0].site_id, "in_progress", 50).await;
    let told = line.next().await;
    assert_eq!((told.event.as_str(), &told.data["percent"]), ("site", &json!(50)));
    eventually("both tiles are the same again", async || {
        app.visitor().get(&path).await.header("etag") == other.visitor().get(&path).await.header("etag")
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_commits_late_is_not_passed_by() {
    let app = TestApp::start().await;
    let (slow, quick) = (app.world.west[0].site_id, app.world.west[1].site_id);
    let county = app.world.county_id.0;
    let change = "with moved as (update sites set percent = $3, rev = rev + 1 where county_id = $1 and site_id = $2 returning site_id)
                  insert into change_log (county_id, kind, object_id, at) select $1, 'site', site_id, now() from moved";
    let mut open = app.pool.begin().await.expect("a transaction");
    sqlx::query(change).bind(county).bind(slow.0).bind(7_i16).execute(&mut *open).await.expect("a change");
    // A later number commits first, and is read.
    sqlx::query(change).bind(county).bind(quick.0).bind(9_i16).execute(&app.pool).await.expect("a change");
    let percent = async |site: SiteId| app.visitor().get(&format!("/api/sites/{site}")).await.json()["percent"].clone();
    eventually("the quick change is in place", async || percent(quick).await == 9).await;
    assert_eq!(percent(slow).await, 0);
    open.commit().await.expect("committed");
    eventually("the slow change is in place", async || percent(slow).await == 7).await;
}

#[tokio::test]
async fn a_changed_county_is_loaded_again_and_open_maps_are_told() {
    let app = TestApp::start().await;
    let mut line = Line::open(&app.visitor(), None).await;
    line.next().await;
    let mut tx = app.pool.begin().await.expect("a transaction");
    sqlx::query("update sites set name = '改名后的幼儿园' where site_id = $1")
        .bind(app.world.west[0].site_id.0)
        .execute(&mut *tx)
        .await
        .expect("a name");
    sqlx::query("update counties set stale_days = 30 where county_id = $1").bind(app.world.county_id.0).execute(&mut *tx).await.expect("a rule");
    minsheng_map::database::changes::county_changed(&mut tx, app.world.county_id, app.now()).await.expect("noted");
    tx.commit().await.expect("committed");
    assert_eq!(line.next().await.event, "county");
    assert_eq!(app.visitor().get("/api/sites?q=改名").await.items().len(), 1);
    assert_eq!(app.visitor().get("/api/county").await.json()["stale_days"], 30);
}

#[tokio::test]
async fn a_new_day_changes_marks_and_is_told() {
    let app = TestApp::start().await;
    let mut line = Line::open(&app.visitor(), None).await;
    line.next().await;
    let path = tile_of(&app.world.west[0], "sites", 8);
    correct(&app, &app.as_login("committee").await, app.world.west[0].site_id, "in_progress", 10).await;
    assert_eq!(line.next().await.event, "site");
    let before = app.visitor().get(&path).await.header("etag").to_owned();
    app.set_clock("2026-12-21T00:00:01+08:00");
    assert_eq!(line.next().await.event, "county");
    assert_ne!(app.visitor().get(&path).await.header("etag"), before);
}

/// Lets nobody into the test's database any more, or lets them in again.
async fn close_database(app: &TestApp, closed: bool) {
    let options = app.database.owner_options();
    let name = options.get_database().expect("a name").to_owned();
    let mut connection = PgConnection::connect_with(&options.database("postgres")).await.expect("the cluster answers");
    sqlx::query(AssertSqlSafe(format!("alter database {name} allow_connections {}", !closed))).execute(&mut connection).await.expect("altered");
    if closed {
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
        sqlx::query(cut).bind(name).execute(&mut connection).await.expect("cut off");
    }
}

#[tokio::test]
async fn the_map_outlives_the_database_and_recovers_by_itself() {
    let app = TestApp::start().await;
    let path = tile_of(&app.world.west[0], "sites,regions", 12);
    let before = app.visitor().get(&path).await.expect(200);
    close_database(&app, true).await;
    app.set_clock("2026-10-20T09:30:00+08:00");
    app.visitor().get("/readyz").await.expect(503);
    app.visitor().get("/livez").await.expect(200);
    for path in ["/api/sites", "/api/summary", "/api/stations", "/api/grid-cells?at=120.05,30.1", "/api/deputies", "/tiles/sites.json"] {
        app.visitor().get(path).await.expect(200);
    }
    assert_eq!(app.visitor().get(&path).await.expect(200).header("etag"), before.header("etag"));
    let as_of = async || -> DateTime<FixedOffset> {
        app.visitor().get("/api/county").await.json()["data_as_of"].as_str().expect("an instant").parse().expect("an instant")
    };
    let said = as_of().await;
    assert!(said < harness::instant("2026-10-20T09:30:00+08:00"), "the map says from when it is: {said}");
    let history = app.visitor().get(&format!("/api/sites/{}/history", app.world.west[0].site_id)).await.expect(503);
    assert!(!history.header("retry-after").is_empty());
    close_database(&app, false).await;
    eventually("the map is true again", async || as_of().await >= harness::instant("2026-10-20T09:30:00+08:00")).await;
    correct(&app, &app.as_login("committee").await, app.world.west[0].site_id, "completed", 100).await;
    eventually("changes arrive again", async || app.visitor().get(&path).await.header("etag") != before.header("etag")).await;
}

#[tokio::test]
async fn every_colour_follows_from_its_history() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    for (site, stage, percent) in [(&app.world.west[0], "completed", 100), (&app.world.east[0], "in_progress", 20)] {
        correct(&app, &committee, site.site_id, stage, percent).await;
    }
    assert_eq!(check_stages(&app.pool, app.world.county_id).await.expect("an answer"), []);
    // Somebody paints a pin blue past every rule of the server.
    let forged = &app.world.east[1];
    let mut tx = app.pool.begin().await.expect("a transaction");
    sqlx::query("update sites set stage = 'completed', percent = 100 where site_id = $1")
        .bind(forged.site_id.0)
        .execute(&mut *tx)
        .await
        .expect("forged");
    assert!(tx.commit().await.is_err(), "the database asks for a cause");
    sqlx::query("alter table sites disable trigger sites_stage_has_cause").execute(&app.pool).await.expect("the guard is off");
    sqlx::query("update sites set stage = 'completed', percent = 100 where site_id = $1")
        .bind(forged.site_id.0)
        .execute(&app.pool)
        .await
        .expect("forged");
    let differences = check_stages(&app.pool, app.world.county_id).await.expect("an answer");
    assert_eq!(differences.iter().map(|difference| difference.code.as_str()).collect::<Vec<_>>(), [forged.code.as_str()]);
}
