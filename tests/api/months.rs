//! The reporting months: closing, days of grace, figures, and who sees whose report is missing.

use harness::{EAST, StoredReport, TestApp, WEST, instant};
use minsheng_map::calendar::Month;
use minsheng_map::schedule;
use serde_json::{Value, json};

fn october(app: &TestApp, deputy: &str, site: usize, at: &str) -> StoredReport {
    let late = instant(at) >= instant("2026-11-01T00:00:00+08:00");
    let month = "2026-10".parse::<Month>().expect("a month").first_day();
    StoredReport { month, late, ..StoredReport::new(app.world.west[site].site_id, app.world.deputies[deputy], instant(at), "in_progress") }
}

async fn run_jobs(app: &TestApp, at: &str) -> usize {
    app.set_clock(at);
    schedule::run_due(&app.platform).await.expect("the jobs run")
}

async fn snapshot(app: &TestApp, site: usize) -> (String, bool, i16, i16, i16) {
    sqlx::query_as("select stage, silent, owed, received, on_time from month_sites where month = '2026-10-01' and site_id = $1")
        .bind(app.world.west[site].site_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a row of the snapshot")
}

async fn refusal(app: &TestApp, statement: &'static str) -> String {
    sqlx::query(statement).execute(&app.pool).await.expect_err("the database refuses").to_string()
}

#[tokio::test]
async fn late_reports_enter_the_snapshot_until_it_is_final_and_never_afterwards() {
    let app = TestApp::start().await;
    october(&app, "deputy", 0, "2026-10-30T10:00:00+08:00").store(&app.pool, &app.world).await;
    run_jobs(&app, "2026-11-01T00:01:00+08:00").await;
    assert_eq!(snapshot(&app, 0).await, ("in_progress".to_owned(), false, 2, 1, 1));
    assert_eq!(snapshot(&app, 1).await, ("not_started".to_owned(), true, 1, 0, 0));
    october(&app, "deputy", 1, "2026-11-04T10:00:00+08:00").store(&app.pool, &app.world).await;
    assert_eq!(snapshot(&app, 1).await, ("not_started".to_owned(), true, 1, 0, 0));
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    assert_eq!(snapshot(&app, 1).await, ("in_progress".to_owned(), false, 1, 1, 0));
    october(&app, "deputy2", 0, "2026-11-07T10:00:00+08:00").store(&app.pool, &app.world).await;
    run_jobs(&app, "2026-12-06T00:01:00+08:00").await;
    assert_eq!(snapshot(&app, 0).await, ("in_progress".to_owned(), false, 2, 1, 1));
}

#[tokio::test]
async fn the_database_refuses_every_change_of_a_final_month() {
    let app = TestApp::start().await;
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    for statement in [
        "update month_sites set stage = 'completed' where month = '2026-10-01'",
        "delete from month_sites where month = '2026-10-01'",
        "insert into month_sites (county_id, month, site_id, stage, percent, start_overdue, finish_overdue, silent, owed, received, on_time)
         select county_id, month, site_id, stage, percent, start_overdue, finish_overdue, silent, owed, received, on_time from month_sites",
        "update reporting_months set finalized_at = null where month = '2026-10-01'",
        "delete from reporting_months where month = '2026-10-01'",
    ] {
        let refused = refusal(&app, statement).await;
        assert!(refused.contains("is final") || refused.contains("only grows"), "{statement}: {refused}");
    }
}

#[tokio::test]
async fn those_whose_report_is_missing_are_reminded_before_and_told_after_the_close() {
    let app = TestApp::start().await;
    october(&app, "deputy", 0, "2026-10-26T10:00:00+08:00").store(&app.pool, &app.world).await;
    run_jobs(&app, "2026-10-28T09:00:00+08:00").await;
    run_jobs(&app, "2026-10-28T09:01:00+08:00").await;
    run_jobs(&app, "2026-11-01T00:01:00+08:00").await;
    let told: Vec<(String, i64, String)> =
        sqlx::query_as("select kind, site_id, words from notices where account_id = $1 order by created_at, site_id")
            .bind(app.world.account("deputy").0)
            .fetch_all(&app.pool)
            .await
            .expect("notices");
    let second = app.world.west[1].site_id.0;
    assert_eq!(
        told,
        [
            ("reminder".to_owned(), second, "10月的督查反馈还没有提交，10月31日24时截止".to_owned()),
            ("report_missing".to_owned(), second, "2026年10月的督查反馈没有收到，11月5日24时前可以补报".to_owned()),
        ]
    );
    let by_schedule: i64 = sqlx::query_scalar("select count(*) from reminders where sent_by is null and deputy_id = $1")
        .bind(app.world.deputies["deputy"].0)
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(by_schedule, 2);
}

#[tokio::test]
async fn a_month_caught_up_too_late_for_a_report_tells_nobody() {
    let app = TestApp::start().await;
    run_jobs(&app, "2026-11-20T09:00:00+08:00").await;
    let told: i64 = sqlx::query_scalar("select count(*) from notices").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(told, 0);
}

#[tokio::test]
async fn figures_are_public_and_names_of_the_missing_are_not() {
    let app = TestApp::start().await;
    october(&app, "deputy", 0, "2026-10-19T10:00:00+08:00").store(&app.pool, &app.world).await;
    let open = app.visitor().get("/api/reporting-months").await.expect(200).items();
    assert_eq!(
        open,
        [json!({"month": "2026-10", "state": "open", "closes_at": "2026-11-01T00:00:00+08:00", "final_at": "2026-11-06T00:00:00+08:00",
            "owed": 5, "received": 1, "on_time": 1})]
    );
    run_jobs(&app, "2026-11-02T09:00:00+08:00").await;
    october(&app, "deputy2", 0, "2026-11-02T08:00:00+08:00").store(&app.pool, &app.world).await;
    let months = app.visitor().get("/api/reporting-months").await.expect(200).items();
    assert_eq!((&months[0]["month"], &months[0]["state"]), (&json!("2026-11"), &json!("open")));
    assert_eq!((&months[1]["state"], &months[1]["received"], &months[1]["on_time"]), (&json!("provisional"), &json!(2), &json!(1)));
    let public = app.visitor().get("/api/reporting-months/2026-10").await.expect(200).json();
    assert_eq!(public["missing"], Value::Null);
    let township = |code: &str, name: &str, owed, received, on_time| json!({"region": {"code": code, "name": name}, "owed": owed, "received": received, "on_time": on_time});
    assert_eq!(public["regions"], json!([township(WEST, "西河镇", 3, 2, 1), township(EAST, "东山镇", 2, 0, 0)]));
    assert_eq!(public["projects"], json!([{"project_id": app.world.project_id, "owed": 5, "received": 2, "on_time": 1}]));
    assert_eq!(app.as_login("deputy").await.get("/api/reporting-months/2026-10").await.expect(200).json()["missing"], Value::Null);
}

#[tokio::test]
async fn staff_see_whose_report_is_missing_in_their_own_place() {
    let app = TestApp::start().await;
    let missing = |answer: Value| {
        let rows = answer["missing"].as_array().cloned().expect("a list");
        rows.iter().map(|row| (row["site"]["id"].as_i64().unwrap_or(0), row["deputy"]["name"].as_str().unwrap_or("").to_owned())).collect::<Vec<_>>()
    };
    let working_committee = app.as_login("working_committee").await;
    let [first, second] = [app.world.west[0].site_id.0, app.world.west[1].site_id.0];
    let expected = [(first, "甲代表".to_owned()), (first, "乙代表".to_owned()), (second, "甲代表".to_owned())];
    assert_eq!(missing(working_committee.get("/api/reporting-months/2026-10").await.expect(200).json()), expected);
    assert_eq!(missing(app.as_login("committee").await.get("/api/reporting-months/2026-10").await.expect(200).json()).len(), 5);
    for unknown in ["2026-09", "2026-11", "2026-13", "now"] {
        app.visitor().get(&format!("/api/reporting-months/{unknown}")).await.expect(404);
    }
}

#[tokio::test]
async fn a_final_months_figures_stay_when_adoptions_change() {
    let app = TestApp::start().await;
    october(&app, "deputy", 0, "2026-10-19T10:00:00+08:00").store(&app.pool, &app.world).await;
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    sqlx::query("update adoptions set ended_on = '2026-10-15', ended_reason = '调离'").execute(&app.pool).await.expect("ended");
    let october = &app.visitor().get("/api/reporting-months").await.expect(200).items()[1];
    assert_eq!((&october["state"], &october["owed"], &october["received"]), (&json!("final"), &json!(5), &json!(1)));
    let detail = app.visitor().get("/api/reporting-months/2026-10").await.expect(200).json();
    assert_eq!((&detail["owed"], &detail["received"]), (&json!(5), &json!(1)));
}
