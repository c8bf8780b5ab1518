//! Late reports: in the days of grace the month just closed takes a report that names it, marked late; afterwards nothing is lost, and
//! the month of writing takes it.

use harness::{Client, Site, TestApp};
use minsheng_map::live_map::check_stages;
use minsheng_map::schedule;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::reports::{path, report, send_photo, stage_of, with};

async fn run_jobs(app: &TestApp, at: &str) {
    app.set_clock(at);
    schedule::run_due(&app.platform).await.expect("the jobs run");
}

/// Sends a report written a minute ago with a picture of its own.
async fn send(app: &TestApp, deputy: &Client, site: &Site, stage: &str, changes: Value) -> Value {
    let percent = match stage {
        "not_started" => 0,
        "completed" => 100,
        _ => 40,
    };
    let photo = send_photo(deputy, app.now().timestamp().unsigned_abs()).await;
    let written = app.now() - chrono::TimeDelta::minutes(1);
    let body = with(with(report(site, stage, percent), json!({"written_at": written, "photos": [photo]})), changes);
    deputy.put(&path(Uuid::now_v7()), body).await.expect(201).json()
}

/// Stage, silent, owed, received, on time of a site in a month's snapshot.
async fn snapshot(app: &TestApp, month: &str, site: &Site) -> (String, bool, i16, i16, i16) {
    sqlx::query_as("select stage, silent, owed, received, on_time from month_sites where month = $1::date and site_id = $2")
        .bind(format!("{month}-01"))
        .bind(site.site_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a row of the snapshot")
}

fn month_and_late(receipt: &Value) -> (&str, bool) {
    (receipt["month"].as_str().expect("a month"), receipt["late"].as_bool().expect("a mark"))
}

fn states(owed: &Value) -> Vec<&str> {
    owed["items"].as_array().expect("items").iter().filter_map(|item| item["state"].as_str()).collect()
}

async fn silent_sites(app: &TestApp) -> Vec<i64> {
    let rows = app.as_login("committee").await.get("/api/review?reason=silent").await.expect(200).items();
    rows.iter().filter_map(|row| row["site_id"].as_i64()).collect()
}

#[tokio::test]
async fn a_report_that_names_the_month_just_closed_enters_its_final_snapshot() {
    let app = TestApp::start().await;
    let [first, second] = app.world.west.clone();
    run_jobs(&app, "2026-11-01T00:01:00+08:00").await;
    assert!(silent_sites(&app).await.contains(&first.site_id.0));
    app.set_clock("2026-11-05T23:59:59.999+08:00");
    let deputy = app.as_login("deputy").await;
    let receipt = send(&app, &deputy, &first, "in_progress", json!({"month": "2026-10"})).await;
    assert_eq!(month_and_late(&receipt), ("2026-10", true));
    assert_eq!(stage_of(&app, &first).await, "in_progress", "it takes effect at once");
    assert!(!silent_sites(&app).await.contains(&first.site_id.0), "a report stands for the last closed month");
    assert_eq!(snapshot(&app, "2026-10", &first).await, ("not_started".to_owned(), true, 2, 0, 0));
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    assert_eq!(snapshot(&app, "2026-10", &first).await, ("in_progress".to_owned(), false, 2, 1, 0));
    let too_late = send(&app, &app.as_login("deputy").await, &second, "in_progress", json!({"month": "2026-10"})).await;
    assert_eq!(month_and_late(&too_late), ("2026-11", false), "nothing is lost: it counts for the month of writing");
    assert_eq!(snapshot(&app, "2026-10", &second).await, ("not_started".to_owned(), true, 1, 0, 0));
    assert_eq!(check_stages(&app.pool, app.world.county_id).await.expect("a check"), []);
}

#[tokio::test]
async fn a_month_that_has_not_begun_takes_no_report() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    for month in ["2026-11", "2027-10", "2026-13", "10", ""] {
        let body = with(report(&site, "not_started", 0), json!({"month": month}));
        assert_eq!(deputy.put(&path(Uuid::now_v7()), body).await.expect(422).fields(), ["month"], "{month}");
    }
    let taken = [json!("2026-10"), json!("2026-09"), json!("2001-01"), Value::Null];
    for (hour, month) in taken.into_iter().enumerate() {
        app.set_clock(&format!("2026-10-20T1{hour}:00:00+08:00"));
        let receipt = send(&app, &deputy, &site, "in_progress", json!({"month": month})).await;
        assert_eq!(month_and_late(&receipt), ("2026-10", false), "{month}");
    }
}

#[tokio::test]
async fn the_deputy_is_told_which_sites_the_month_before_still_waits_for() {
    let app = TestApp::start().await;
    let [first, second] = app.world.west.clone();
    let late_month = |owed: &Value| owed["late_month"].clone();
    let owed = app.as_login("deputy").await.get("/api/me/sites").await.expect(200).json();
    assert_eq!(late_month(&owed), Value::Null, "September has been final for long");
    app.set_clock("2026-11-03T09:00:00+08:00");
    let deputy = app.as_login("deputy").await;
    let told = |sites: Value| json!({"month": "2026-10", "until": "2026-11-06T00:00:00+08:00", "sites": sites});
    let owed = deputy.get("/api/me/sites").await.expect(200).json();
    assert_eq!((&owed["month"], late_month(&owed)), (&json!("2026-11"), told(json!([first.site_id, second.site_id]))));
    send(&app, &deputy, &first, "in_progress", json!({"month": "2026-10"})).await;
    let owed = deputy.get("/api/me/sites").await.expect(200).json();
    assert_eq!((states(&owed), late_month(&owed)), (vec!["owed", "owed"], told(json!([second.site_id]))));
    let october = deputy.get("/api/me/sites?month=2026-10").await.expect(200).json();
    assert_eq!((states(&october), late_month(&october)), (vec!["reported", "owed"], told(json!([second.site_id]))));
    sqlx::query("update adoptions set ended_on = '2026-11-02' where site_id = $1")
        .bind(second.site_id.0)
        .execute(&app.pool)
        .await
        .expect("handed over");
    assert_eq!(late_month(&deputy.get("/api/me/sites").await.json()), told(json!([second.site_id])), "who had it at the month's end owes it");
    app.set_clock("2026-11-06T00:00:00+08:00");
    assert_eq!(late_month(&app.as_login("deputy").await.get("/api/me/sites").await.json()), Value::Null);
}

#[tokio::test]
async fn a_report_sent_back_in_the_days_of_grace_can_be_made_again_for_its_month() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    let receipt = send(&app, &app.as_login("deputy").await, &site, "in_progress", json!({})).await;
    run_jobs(&app, "2026-11-02T09:00:00+08:00").await;
    let back = format!("/api/reports/{}/return", receipt["id"].as_str().expect("an id"));
    app.as_login("committee").await.post(&back, json!({"reason": "照片不清"})).await.expect(200);
    assert_eq!(stage_of(&app, &site).await, "not_started");
    let deputy = app.as_login("deputy").await;
    let october = deputy.get("/api/me/sites?month=2026-10").await.expect(200).json();
    assert_eq!((states(&october)[0], &october["items"][0]["report"]["return_reason"]), ("returned", &json!("照片不清")));
    assert_eq!(october["late_month"]["sites"][0], json!(site.site_id));
    app.set_clock("2026-11-03T09:00:00+08:00");
    let again = send(&app, &deputy, &site, "in_progress", json!({"month": "2026-10"})).await;
    assert_eq!((month_and_late(&again), &again["version"]), (("2026-10", true), &json!(2)));
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    assert_eq!(snapshot(&app, "2026-10", &site).await, ("in_progress".to_owned(), false, 2, 1, 0));
}

#[tokio::test]
async fn of_a_late_report_and_one_for_the_open_month_the_one_written_last_decides() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    run_jobs(&app, "2026-11-01T00:01:00+08:00").await;
    app.set_clock("2026-11-02T09:00:00+08:00");
    let deputy = app.as_login("deputy").await;
    let november = send(&app, &deputy, &site, "completed", json!({})).await;
    assert_eq!(month_and_late(&november), ("2026-11", false));
    app.set_clock("2026-11-03T09:00:00+08:00");
    let photo = send_photo(&deputy, 3).await;
    let october = with(report(&site, "in_progress", 90), json!({"photos": [photo], "month": "2026-10", "written_at": "2026-11-03T08:59:00+08:00"}));
    let refused = deputy.put(&path(Uuid::now_v7()), october.clone()).await.expect(422);
    assert_eq!(refused.fields(), ["step_back_reason"], "what was seen last takes the stage back, and has to say why");
    let reasoned = with(october, json!({"step_back_reason": "验收后发现漏项"}));
    let receipt = deputy.put(&path(Uuid::now_v7()), reasoned).await.expect(201).json();
    assert_eq!((month_and_late(&receipt), &receipt["step_back"]), (("2026-10", true), &json!(true)));
    assert_eq!(stage_of(&app, &site).await, "in_progress");
    let states: Vec<Value> = deputy.get("/api/me/reports").await.expect(200).items().iter().map(|report| report["state"].clone()).collect();
    assert_eq!(states, ["standing", "standing"], "each stands for its own month");
    run_jobs(&app, "2026-12-06T00:01:00+08:00").await;
    assert_eq!(snapshot(&app, "2026-10", &site).await, ("in_progress".to_owned(), false, 2, 1, 0));
    assert_eq!(snapshot(&app, "2026-11", &site).await, ("in_progress".to_owned(), false, 2, 1, 1));
    assert_eq!(check_stages(&app.pool, app.world.county_id).await.expect("a check"), []);
}

#[tokio::test]
async fn a_site_adopted_after_the_close_owes_no_late_report_and_gets_none() {
    let app = TestApp::start().await;
    let site = app.world.west[1].clone();
    sqlx::query("update adoptions set adopted_on = '2026-11-01' where site_id = $1").bind(site.site_id.0).execute(&app.pool).await.expect("adopted");
    app.set_clock("2026-11-03T09:00:00+08:00");
    let deputy = app.as_login("deputy").await;
    let owed = deputy.get("/api/me/sites").await.expect(200).json();
    assert_eq!(owed["late_month"]["sites"], json!([app.world.west[0].site_id]));
    let receipt = send(&app, &deputy, &site, "in_progress", json!({"month": "2026-10"})).await;
    assert_eq!(month_and_late(&receipt), ("2026-11", false));
}

#[tokio::test]
async fn whoever_handed_a_site_over_after_the_close_may_still_make_up_what_they_owe() {
    let app = TestApp::start().await;
    let site = app.world.west[1].clone();
    run_jobs(&app, "2026-11-01T00:01:00+08:00").await;
    app.set_clock("2026-11-02T09:00:00+08:00");
    let over = json!({"to_deputy_id": app.world.deputies["deputy2"], "reason": "leave", "words": "出国三个月"});
    app.as_login("deputy").await.post(&format!("/api/sites/{}/hand-over", site.site_id), over).await.expect(200);
    app.set_clock("2026-11-04T09:00:00+08:00");
    let deputy = app.as_login("deputy").await;
    let owed = deputy.get("/api/me/sites").await.expect(200).json();
    assert!(owed["late_month"]["sites"].as_array().expect("sites").contains(&json!(site.site_id)), "{owed}");
    let months = deputy.get("/api/me/sites?month=2026-10").await.expect(200).items();
    assert!(months.iter().any(|item| item["site"]["id"] == json!(site.site_id)), "their phone can show it");
    let receipt = send(&app, &deputy, &site, "in_progress", json!({"month": "2026-10"})).await;
    assert_eq!(month_and_late(&receipt), ("2026-10", true));
    let photo = send_photo(&deputy, 77).await;
    let written = app.now() - chrono::TimeDelta::minutes(1);
    let november = with(report(&site, "in_progress", 45), json!({"written_at": written, "photos": [photo]}));
    deputy.put(&path(Uuid::now_v7()), november).await.expect(403);
    app.set_clock("2026-11-06T00:00:00+08:00");
    let gone = app
        .as_login("deputy")
        .await
        .put(
            &path(Uuid::now_v7()),
            with(
                report(&site, "in_progress", 45),
                json!({"month": "2026-10",
        "written_at": "2026-11-05T23:59:00+08:00"}),
            ),
        )
        .await;
    assert_eq!(gone.status.as_u16(), 403, "the days of grace are over: {}", gone.text());
}
