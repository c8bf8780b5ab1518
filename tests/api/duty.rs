//! The duty record: every inspection counted once, by the table of its day, each point with its cause; contests and their answers.

use chrono::NaiveDate;
use harness::{StoredReport, TestApp, instant};
use serde_json::{Value, json};

async fn with_table(app: &TestApp, from: &str, inspection: i16) -> Value {
    let table = json!({"effective_from": from, "inspection": inspection, "on_time": 2, "evidence": 1, "on_site": 3, "note": "主任会议通过"});
    app.as_login("committee").await.post("/api/duty-rules", table).await.expect(201).json()
}

/// A report of `deputy` on the first site in the west.
async fn inspection(app: &TestApp, at: &str, change: impl FnOnce(&mut StoredReport)) -> StoredReport {
    let mut report = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant(at), "in_progress");
    change(&mut report);
    report.store(&app.pool, &app.world).await;
    report
}

async fn record(app: &TestApp) -> Value {
    app.as_login("deputy").await.get("/api/me/duty-record").await.expect(200).json()
}

#[tokio::test]
async fn each_inspection_counts_once_and_says_why() {
    let app = TestApp::start().await;
    with_table(&app, "2026-01-01", 5).await;
    inspection(&app, "2026-08-10T10:00:00+08:00", |_| {}).await;
    inspection(&app, "2026-09-10T10:00:00+08:00", |report| report.amended = true).await;
    inspection(&app, "2026-09-11T10:00:00+08:00", |report| report.late = true).await;
    inspection(&app, "2026-10-10T10:00:00+08:00", |report| report.returned_at = Some(instant("2026-10-11T10:00:00+08:00"))).await;
    let record = record(&app).await;
    assert_eq!((&record["inspections"], &record["on_time"], &record["returned"], &record["sites"]), (&json!(2), &json!(1), &json!(1), &json!(1)));
    let items = record["items"].as_array().expect("items");
    assert_eq!(items.iter().map(|item| item["points"].as_i64()).collect::<Vec<_>>(), [Some(0), Some(5), Some(7)]);
    assert_eq!(record["points"], 12);
    assert_eq!(items[2]["causes"], json!([{"cause": "inspection", "points": 5}, {"cause": "on_time", "points": 2}]));
    assert!(items[0]["return_reason"].is_string());
}

#[tokio::test]
async fn a_new_table_leaves_what_was_counted_alone() {
    let app = TestApp::start().await;
    let first = with_table(&app, "2026-01-01", 5).await;
    inspection(&app, "2026-10-10T10:00:00+08:00", |_| {}).await;
    let committee = app.as_login("committee").await;
    let table =
        |from: &str, points: i16| json!({"effective_from": from, "inspection": points, "on_time": 0, "evidence": 0, "on_site": 0, "note": ""});
    assert_eq!(committee.post("/api/duty-rules", table("2026-10-19", 9)).await.expect(422).fields(), ["effective_from"]);
    let second = committee.post("/api/duty-rules", table("2026-10-20", 9)).await.expect(201).json();
    assert_eq!(committee.post("/api/duty-rules", table("2026-10-20", 9)).await.expect(422).fields(), ["effective_from"]);
    assert_eq!(committee.post("/api/duty-rules", table("2026-11-01", 101)).await.expect(422).fields(), ["inspection"]);
    inspection(&app, "2026-10-20T10:00:00+08:00", |report| report.site_id = app.world.west[1].site_id).await;
    let record = record(&app).await;
    let counted: Vec<(&Value, &Value)> = record["items"].as_array().expect("items").iter().map(|item| (&item["rule_id"], &item["points"])).collect();
    assert_eq!(counted, [(&second["id"], &json!(9)), (&first["id"], &json!(7))]);
    let rules = app.visitor().get("/api/duty-rules").await.expect(200).items();
    assert_eq!(rules.iter().map(|rule| rule["inspection"].as_i64()).collect::<Vec<_>>(), [Some(9), Some(5)]);
    let changed = sqlx::query("update duty_rules set inspection = 50").execute(&app.pool).await;
    assert!(changed.is_err(), "a table never changes");
}

#[tokio::test]
async fn without_a_table_inspections_are_counted_and_points_are_not() {
    let app = TestApp::start().await;
    inspection(&app, "2026-10-10T10:00:00+08:00", |_| {}).await;
    let record = record(&app).await;
    assert_eq!((&record["inspections"], &record["points"], &record["items"][0]["rule_id"]), (&json!(1), &json!(0), &Value::Null));
    let deputy = app.as_login("deputy").await;
    assert_eq!(deputy.get("/api/me/duty-record?year=2025").await.expect(200).json()["inspections"], 0);
    deputy.get("/api/me/duty-record?year=1800").await.expect(422);
}

#[tokio::test]
async fn a_contest_is_made_once_answered_once_and_stands_in_the_record() {
    let app = TestApp::start().await;
    with_table(&app, "2026-01-01", 5).await;
    let report = inspection(&app, "2026-10-10T10:00:00+08:00", |report| report.off_site_m = Some(900)).await;
    let (deputy, desk) = (app.as_login("deputy").await, app.as_login("working_committee").await);
    let body = json!({"report_id": report.report_id, "words": "手机没有定位信号"});
    let other = app.as_login("deputy2").await.post("/api/me/duty-contests", body.clone()).await.expect(422);
    assert_eq!(other.fields(), ["report_id"], "nobody contests for another");
    let made = deputy.post("/api/me/duty-contests", body.clone()).await.expect(201).json();
    assert_eq!(deputy.post("/api/me/duty-contests", body).await.expect(422).fields(), ["report_id"]);
    let waiting = desk.get("/api/duty-contests").await.expect(200).items();
    assert_eq!((&waiting[0]["id"], &waiting[0]["deputy"]["name"], &waiting[0]["answer"]), (&made["id"], &json!("甲代表"), &Value::Null));
    assert!(app.as_login("working_committee_east").await.get("/api/duty-contests").await.expect(200).items().is_empty());
    let address = format!("/api/duty-contests/{}/answer", made["id"]);
    assert_eq!(desk.post(&address, json!({"answer": "好", "points": 101})).await.expect(422).fields(), ["points"]);
    desk.post(&address, json!({"answer": "已核对照片，予以补分", "points": 3})).await.expect(204);
    desk.post(&address, json!({"answer": "再答一次", "points": 3})).await.expect(409);
    let record = record(&app).await;
    let item = &record["items"][0];
    assert_eq!((&item["points"], &item["contest"]["answer"]), (&json!(10), &json!("已核对照片，予以补分")));
    assert_eq!(item["causes"].as_array().expect("causes").last(), Some(&json!({"cause": "answer", "points": 3})));
}

#[tokio::test]
async fn the_public_page_shows_the_year_and_no_points() {
    let app = TestApp::start().await;
    with_table(&app, "2026-01-01", 77).await;
    inspection(&app, "2026-09-10T10:00:00+08:00", |_| {}).await;
    inspection(&app, "2026-10-10T10:00:00+08:00", |report| report.month = NaiveDate::from_ymd_opt(2026, 8, 1).expect("a day")).await;
    let deputy = app.world.deputies["deputy"];
    let page = app.visitor().get(&format!("/deputies/{deputy}")).await.expect(200).text();
    assert!(page.contains("甲代表") && page.contains("2026年履职") && page.contains("领办点位 2 处"), "{page}");
    assert!(page.contains("<dt>督查</dt><dd><strong>2</strong>"), "{page}");
    assert!(!page.contains("积分") && !page.contains("13900000001"), "neither points nor numbers are public");
    let english = app.visitor().get(&format!("/deputies/{deputy}?lang=en")).await.expect(200).text();
    assert!(english.contains("inspections"), "{english}");
    let story = app.visitor().get("/sites/2026-01-001").await.expect(200).text();
    assert!(story.contains(&format!("href=\"/deputies/{deputy}\"")), "the site's story leads to its deputies");
    let code = app.visitor().get("/q/13900000001").await;
    assert_eq!(code.status.as_u16() / 100, 3);
}
