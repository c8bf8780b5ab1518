//! The maps of past months: what they show for ever, how little travels for each, and that anybody can count their figures again.

use std::collections::HashMap;

use harness::{Answer, StoredReport, TestApp, WEST, eventually, instant};
use minsheng_map::schedule;
use reqwest::Method;
use serde_json::{Value, json};

/// October with a blue, a yellow and two red sites, one of them late; closed, and final when `until` lies behind the days of grace.
async fn after_october(until: &str) -> TestApp {
    let app = TestApp::start().await;
    for (site, deputy, stage) in [(0, "deputy", "completed"), (0, "deputy2", "completed"), (1, "deputy", "in_progress")] {
        let report = StoredReport::new(app.world.west[site].site_id, app.world.deputies[deputy], instant("2026-10-19T10:00:00+08:00"), stage);
        report.store(&app.pool, &app.world).await;
    }
    sqlx::query("update sites set planned_start_on = '2026-03-01', planned_finish_on = '2026-09-30' where site_id = any($1)")
        .bind([app.world.west[1].site_id.0, app.world.east[0].site_id.0])
        .execute(&app.pool)
        .await
        .expect("planned dates");
    app.set_clock(until);
    schedule::run_due(&app.platform).await.expect("the jobs run");
    let state = if until == FINAL { "final" } else { "provisional" };
    let told = async || months(&app).await.get(1).is_some_and(|closed| closed["state"] == state);
    eventually("the closed month is on the map", told).await;
    app
}

async fn months(app: &TestApp) -> Vec<Value> {
    app.visitor().get("/api/map/months").await.expect(200).items()
}

async fn october(app: &TestApp, query: &str) -> Answer {
    app.visitor().get(&format!("/api/map/months/2026-10{query}")).await.expect(200)
}

const PROVISIONAL: &str = "2026-11-02T09:00:00+08:00";
const FINAL: &str = "2026-11-06T09:00:00+08:00";

#[tokio::test]
async fn the_months_of_the_record_are_listed_with_how_final_they_are() {
    let app = after_october(PROVISIONAL).await;
    let listed = months(&app).await;
    assert_eq!(listed[0], json!({"month": "2026-11", "state": "live", "version": null}));
    assert_eq!((&listed[1]["month"], &listed[1]["state"]), (&json!("2026-10"), &json!("provisional")));
    let provisional = listed[1]["version"].clone();
    app.set_clock(FINAL);
    schedule::run_due(&app.platform).await.expect("the jobs run");
    eventually("the month is final", async || months(&app).await[1]["state"] == "final").await;
    assert_ne!(months(&app).await[1]["version"], provisional, "a version names one edition");
    app.visitor().get("/api/map/months/2026-09").await.expect(404);
    app.visitor().get("/api/map/months/2026-11").await.expect(200);
}

#[tokio::test]
async fn a_months_map_says_of_each_site_only_what_changes() {
    let app = after_october(FINAL).await;
    let map = october(&app, "").await.json();
    let site =
        |site: &harness::Site, stage: &str, percent, marks: &[&str]| json!({"id": site.site_id, "stage": stage, "percent": percent, "marks": marks});
    let [west, east] = [&app.world.west, &app.world.east];
    let expected = [
        site(&west[0], "completed", 100, &[]),
        site(&west[1], "in_progress", 50, &["finish_overdue"]),
        site(&east[0], "not_started", 0, &["start_overdue", "finish_overdue", "silent"]),
        site(&east[1], "not_started", 0, &["start_overdue", "silent"]),
    ];
    let mut sites = map["sites"].as_array().cloned().expect("sites");
    sites.sort_by_key(|site| site["id"].as_i64());
    let mut expected = expected.to_vec();
    expected.sort_by_key(|site| site["id"].as_i64());
    // How old evidence may be depends on when the test county was made, not on this test.
    for site in &mut sites {
        site["marks"].as_array_mut().expect("marks").retain(|mark| mark != "stale");
    }
    assert_eq!(sites, expected);
    assert_eq!((&map["state"], &map["closed_at"], &map["withdrawn"]), (&json!("final"), &json!("2026-11-01T00:00:00+08:00"), &json!([])));
}

#[tokio::test]
async fn a_named_edition_is_kept_for_ever_and_an_unnamed_one_asked_for_again() {
    let app = after_october(FINAL).await;
    let version = months(&app).await[1]["version"].as_str().expect("a version").to_owned();
    let named = october(&app, &format!("?version={version}")).await;
    assert_eq!(named.header("cache-control"), "public, max-age=31536000, immutable");
    for other in ["", "?version=another"] {
        let unnamed = october(&app, other).await;
        assert_eq!((unnamed.header("cache-control"), unnamed.header("etag")), ("public, no-cache", named.header("etag")), "{other}");
    }
    let open = app.visitor().get("/api/map/months/2026-11").await.expect(200);
    assert_eq!(open.header("cache-control"), "public, no-cache");
    for path in ["/api/map/months/2026-10", "/api/sites?month=2026-10", "/api/summary?month=2026-10", "/api/sites"] {
        let first = app.visitor().get(path).await.expect(200);
        let again = app.visitor().request(Method::GET, path).header("if-none-match", first.header("etag"));
        assert_eq!(Answer::of(again).await.status.as_u16(), 304, "{path}");
    }
    for (path, keeping) in [
        ("/api/sites?month=2026-10", "public, max-age=3600"),
        ("/api/summary?month=2026-10", "public, max-age=3600"),
        ("/api/sites", "public, no-cache"),
    ] {
        assert_eq!(app.visitor().get(path).await.header("cache-control"), keeping, "{path}");
    }
}

#[tokio::test]
async fn a_site_withdrawn_later_stays_on_the_map_of_a_closed_month() {
    let app = after_october(FINAL).await;
    let gone = &app.world.west[0];
    let before = app.visitor().get("/api/summary?month=2026-10").await.expect(200).json();
    sqlx::query("update sites set withdrawn_at = '2026-11-06T10:00:00+08:00' where site_id = $1")
        .bind(gone.site_id.0)
        .execute(&app.pool)
        .await
        .expect("withdrawn");
    sqlx::query("insert into change_log (county_id, kind, at) values ($1, 'county', now())")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("a change");
    eventually("today's list is without it", async || app.visitor().get("/api/sites").await.items().len() == 3).await;
    assert_eq!(app.visitor().get("/api/summary?month=2026-10").await.expect(200).json(), before);
    let map = october(&app, "").await.json();
    assert_eq!(map["sites"].as_array().map(Vec::len), Some(4));
    assert_eq!((&map["withdrawn"][0]["code"], &map["withdrawn"][0]["stage"]), (&json!(gone.code), &json!("completed")));
    let found = app.visitor().get(&format!("/api/sites?month=2026-10&q={}", gone.code)).await.expect(200).items();
    assert_eq!(found.len(), 1);
}

/// Rows of a CSV whose cells hold neither commas nor quotes, by header.
fn table(text: &str) -> Vec<HashMap<String, String>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let headers = lines.next().expect("headers");
    lines.map(|cells| headers.iter().cloned().zip(cells).collect()).collect()
}

fn counts<'a>(rows: impl IntoIterator<Item = &'a HashMap<String, String>>) -> Value {
    let rows: Vec<_> = rows.into_iter().collect();
    let count = |pass: &dyn Fn(&HashMap<String, String>) -> bool| rows.iter().filter(|row| pass(row)).count();
    let stage = |name: &'static str| move |row: &HashMap<String, String>| row["月末状态"] == name;
    let late = |row: &HashMap<String, String>| row["逾期未开工"] == "是" || row["逾期未完工"] == "是";
    json!({
        "sites": rows.len(), "completed": count(&stage("已完成")), "in_progress": count(&stage("进行中")), "not_started": count(&stage("未开始")),
        "overdue_red": count(&|row| row["月末状态"] == "未开始" && late(row)), "overdue_yellow": count(&|row| row["月末状态"] == "进行中" && late(row)),
        "silent": count(&|row| row["当月未反馈"] == "是"), "struck_off": count(&|row| !row["销号日期"].is_empty()),
    })
}

#[tokio::test]
async fn a_months_figures_can_be_counted_again_from_the_open_data() {
    let app = after_october(FINAL).await;
    let summary = app.visitor().get("/api/summary?month=2026-10").await.expect(200).json();
    let answer = app.visitor().get("/export/sites.csv?month=2026-10").await.expect(200);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"339901-2026-10-sites.csv\"");
    let rows = table(&answer.text());
    assert!(rows.iter().all(|row| row["报告月"] == "2026-10" && row["定稿情况"] == "已定稿"));
    assert_eq!(counts(&rows), summary["totals"]);
    let west = summary["regions"].as_array().and_then(|regions| regions.iter().find(|one| one["region"]["code"] == WEST)).expect("the west");
    assert_eq!(counts(rows.iter().filter(|row| row["区划代码"].starts_with(WEST))), west["counts"]);
    assert_eq!(counts(rows.iter().filter(|row| row["项目编号"] == "1")), summary["projects"][0]["counts"]);
    for (header, figure) in [("应报", "owed"), ("已报", "received"), ("按时", "on_time")] {
        let sum: u64 = rows.iter().map(|row| row[header].parse::<u64>().expect("a number")).sum();
        assert_eq!(json!(sum), summary[figure], "{header}");
    }
}

#[tokio::test]
async fn only_sites_of_a_closed_month_can_be_exported_for_it() {
    let app = after_october(PROVISIONAL).await;
    let provisional = table(&app.visitor().get("/export/sites.csv?month=2026-10").await.expect(200).text());
    assert!(provisional.iter().all(|row| row["定稿情况"] == "暂定"));
    let json = app.visitor().get("/export/sites.geojson?month=2026-10").await.expect(200).json();
    assert_eq!((&json["features"][0]["properties"]["state"], json["features"].as_array().map(Vec::len)), (&json!("provisional"), Some(4)));
    for open in ["2026-11", "2026-09"] {
        app.visitor().get(&format!("/export/sites.csv?month={open}")).await.expect(404);
    }
    for (path, field) in [("sites.csv?month=2026-13", "month"), ("reports.csv?month=2026-10", "month"), ("sites.csv?year=2026", "year")] {
        assert_eq!(app.visitor().get(&format!("/export/{path}")).await.expect(422).fields(), [field], "{path}");
    }
}
