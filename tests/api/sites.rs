//! The public's sites: every filter, paging, one site, its history, and what was a month ago.

use harness::{EAST, TestApp, WEST};
use serde_json::{Value, json};

fn codes(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["code"].as_str().expect("a code")).collect()
}

/// The codes that a query lists.
async fn listed(app: &TestApp, query: &str) -> Vec<String> {
    let answer = app.visitor().get(&format!("/api/sites?{query}")).await.expect(200);
    codes(&answer.items()).into_iter().map(str::to_owned).collect()
}

const ALL: [&str; 4] = ["2026-01-001", "2026-01-002", "2026-01-003", "2026-01-004"];

#[tokio::test]
async fn a_site_is_shown_with_its_stage_and_marks() {
    let app = TestApp::start().await;
    let site = &app.world.west[0];
    let view = app.visitor().get(&format!("/api/sites/{}", site.site_id)).await.expect(200).json();
    assert_eq!(view["code"], site.code.as_str());
    assert_eq!(view["region"], json!({"code": WEST, "name": "西河镇"}));
    assert_eq!(view["position"], json!({"lon": site.lon, "lat": site.lat}));
    assert_eq!((&view["stage"], &view["percent"]), (&json!("not_started"), &json!(0)));
    assert_eq!((&view["start_overdue"], &view["finish_overdue"]), (&json!(true), &json!(false)));
    assert_eq!((&view["silent"], &view["stale"]), (&json!(false), &json!(false)));
    assert_eq!(view["adopters"].as_array().map(Vec::len), Some(2));
    assert_eq!(view["original_planned_start_on"], "2026-03-01");
    assert!(!view.to_string().contains("139000"), "no telephone number is published");
}

#[tokio::test]
async fn marks_follow_the_countys_calendar_day() {
    let app = TestApp::start().await;
    let path = format!("/api/sites/{}", app.world.west[0].site_id);
    app.set_clock("2026-12-20T23:59:59+08:00");
    assert_eq!(app.visitor().get(&path).await.json()["finish_overdue"], false);
    app.set_clock("2026-12-21T00:00:00+08:00");
    let view = app.visitor().get(&path).await.json();
    assert_eq!((&view["finish_overdue"], &view["silent"], &view["stale"]), (&json!(true), &json!(true), &json!(true)));
}

#[tokio::test]
async fn another_countys_site_answers_like_a_missing_one() {
    let app = TestApp::start().await;
    let foreign = app.visitor().get(&format!("/api/sites/{}", app.world.foreign.site_id)).await.expect(404);
    let missing = app.visitor().get("/api/sites/999999999").await.expect(404);
    assert_eq!(foreign.code(), missing.code());
    for path in ["/api/sites/abc", "/api/sites/0x10", "/api/sites/9223372036854775808"] {
        app.visitor().get(path).await.expect(404);
    }
    app.visitor().get(&format!("/api/sites/{}/history", app.world.foreign.site_id)).await.expect(404);
}

#[tokio::test]
async fn every_filter_narrows_the_list() {
    let app = TestApp::start().await;
    assert_eq!(listed(&app, "").await, ALL);
    assert_eq!(listed(&app, "stage=not_started").await, ALL);
    assert!(listed(&app, "stage=completed").await.is_empty());
    assert_eq!(listed(&app, "overdue=true").await, ALL);
    assert!(listed(&app, "overdue=false").await.is_empty());
    assert_eq!(listed(&app, &format!("region={WEST}")).await, &ALL[..2]);
    assert_eq!(listed(&app, "region=339901").await, ALL);
    assert!(listed(&app, "region=339902").await.is_empty());
    assert_eq!(listed(&app, &format!("project={}", app.world.project_id)).await, ALL);
    assert!(listed(&app, "project=999999").await.is_empty());
    assert_eq!(listed(&app, "bbox=120.2,30.0,120.4,30.2").await, ["2026-01-003"]);
    assert_eq!(listed(&app, &format!("region={EAST}&overdue=true&stage=not_started&q=第二")).await, ["2026-01-004"]);
}

#[tokio::test]
async fn one_or_two_characters_are_enough_to_search_for() {
    let app = TestApp::start().await;
    for (words, found) in
        [("西", &ALL[..2]), ("东山", &ALL[2..]), ("-003", &ALL[2..3]), ("２０２６-01-002", &ALL[1..2]), ("东山 中心", &ALL[2..3]), ("县", &ALL[..])]
    {
        assert_eq!(listed(&app, &format!("q={words}")).await, found, "{words}");
    }
    for nothing in ["省", "%25", "_", "西%00", "*", "西河镇东山"] {
        assert!(listed(&app, &format!("q={nothing}")).await.is_empty(), "{nothing}");
    }
}

#[tokio::test]
async fn pages_join_without_gap_or_repetition() {
    let app = TestApp::start().await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.visitor().get(&format!("/api/sites?limit=1&cursor={cursor}")).await.expect(200).json();
        let items = page["items"].as_array().expect("items").clone();
        seen.extend(codes(&items).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ALL);
}

#[tokio::test]
async fn a_hostile_query_is_refused_and_its_field_named() {
    let app = TestApp::start().await;
    let cases = [
        ("stage=red", "stage"),
        ("overdue=maybe", "overdue"),
        ("project=x", "project"),
        ("region=3399", "region"),
        ("region=33990a", "region"),
        ("month=2026-13", "month"),
        ("bbox=NaN,30,121,31", "bbox"),
        ("bbox=121,30,120,31", "bbox"),
        ("bbox=120,31,121,30", "bbox"),
        ("bbox=1e308,30,121,31", "bbox"),
        ("bbox=120,30,121", "bbox"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=-1", "limit"),
        ("colour=red", "colour"),
    ];
    for (query, field) in cases {
        let answer = app.visitor().get(&format!("/api/sites?{query}")).await.expect(422);
        assert_eq!(answer.fields(), [field], "{query}");
    }
    let long = "长".repeat(3_000);
    assert_eq!(app.visitor().get(&format!("/api/sites?q={long}")).await.expect(422).fields(), ["q"]);
}

#[tokio::test]
async fn a_closed_month_shows_the_map_as_it_was_frozen() {
    let app = TestApp::start().await;
    let site = &app.world.west[0];
    app.visitor().get("/api/sites?month=2026-09").await.expect(404);
    app.visitor().get("/api/summary?month=2026-09").await.expect(404);
    sqlx::query("insert into reporting_months (county_id, month, closed_at) values ($1, '2026-09-01', '2026-10-01T00:00:00+08:00')")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("a month");
    sqlx::query(
        "insert into month_sites (county_id, month, site_id, stage, percent, start_overdue, finish_overdue, silent, owed, received, on_time, last_report_at)
         values ($1, '2026-09-01', $2, 'in_progress', 40, false, true, true, 2, 1, 0, '2026-08-20T10:00:00+08:00')",
    )
    .bind(app.world.county_id.0)
    .bind(site.site_id.0)
    .execute(&app.pool)
    .await
    .expect("a frozen site");
    let change = "insert into change_log (county_id, kind, at) values ($1, 'county', now())";
    sqlx::query(change).bind(app.world.county_id.0).execute(&app.pool).await.expect("a change");
    harness::eventually("the month is there", async || app.visitor().get("/api/sites?month=2026-09").await.status == 200).await;
    let items = app.visitor().get("/api/sites?month=2026-09").await.expect(200).items();
    assert_eq!(codes(&items), [site.code.as_str()]);
    assert_eq!((&items[0]["stage"], &items[0]["percent"], &items[0]["silent"]), (&json!("in_progress"), &json!(40), &json!(true)));
    assert!(app.visitor().get("/api/sites?month=2026-09&stage=not_started").await.expect(200).items().is_empty());
    let summary = app.visitor().get("/api/summary?month=2026-09").await.expect(200).json();
    assert_eq!(summary["state"], "provisional");
    assert_eq!((&summary["owed"], &summary["received"], &summary["on_time"]), (&json!(2), &json!(1), &json!(0)));
    assert_eq!((&summary["totals"]["sites"], &summary["totals"]["overdue_yellow"]), (&json!(1), &json!(1)));
    assert_eq!(listed(&app, "month=2026-10").await, ALL, "the open month is the live map");
}

#[tokio::test]
async fn a_sites_history_names_every_cause_newest_first() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    let path = format!("/api/sites/{site}/history");
    assert!(app.visitor().get(&path).await.expect(200).items().is_empty());
    let committee = app.as_login("committee").await;
    for (stage, percent) in [("in_progress", 30), ("completed", 100)] {
        super::live::correct(&app, &committee, site, stage, percent).await;
    }
    let history = app.visitor().get(&path).await.expect(200).items();
    assert_eq!(history.len(), 2);
    assert_eq!((&history[0]["from_stage"], &history[0]["to_stage"]), (&json!("in_progress"), &json!("completed")));
    assert_eq!((&history[0]["cause"], &history[0]["by"]), (&json!("correction"), &json!("committee")));
    let first = app.visitor().get(&format!("{path}?limit=1")).await.expect(200).json();
    let rest = app.visitor().get(&format!("{path}?limit=1&cursor={}", first["next"].as_str().expect("more"))).await.expect(200);
    assert_eq!(rest.items()[0]["to_stage"], "in_progress");
}
