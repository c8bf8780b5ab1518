//! The year's figures of each deputy on the desk: what was owed and came, excused, adopted, points; closed months alone are owed for.

use harness::{StoredReport, TestApp, WEST, instant};
use serde_json::{Value, json};

use crate::figures::close;

async fn years(app: &TestApp, login: &str, query: &str) -> Value {
    app.as_login(login).await.get(&format!("/api/duty-years{query}")).await.expect(200).json()
}

fn of<'a>(years: &'a Value, name: &str) -> &'a Value {
    years["items"].as_array().expect("items").iter().find(|row| row["deputy"]["name"] == name).expect("the deputy")
}

/// Owed, received, on time, late, missing, excused.
fn numbers(row: &Value) -> [i64; 6] {
    ["owed", "received", "on_time", "late", "missing", "excused"].map(|name| row[name].as_i64().expect("a number"))
}

async fn report(app: &TestApp, deputy: &str, site: usize, at: &str) {
    StoredReport::new(app.world.west[site].site_id, app.world.deputies[deputy], instant(at), "not_started").store(&app.pool, &app.world).await;
}

#[tokio::test]
async fn the_year_of_each_deputy_adds_up_with_the_months() {
    let app = TestApp::start().await;
    let table = json!({"effective_from": "2026-01-01", "inspection": 5, "on_time": 2, "evidence": 1, "on_site": 3, "note": ""});
    app.as_login("committee").await.post("/api/duty-rules", table).await.expect(201);
    report(&app, "deputy", 0, "2026-10-12T10:00:00+08:00").await;
    let excuse = json!({"deputy": app.world.deputies["deputy2"], "month": "2026-10", "kind": "illness", "reason": "住院"});
    app.as_login("working_committee").await.post("/api/month-exceptions", excuse).await.expect(201);
    let open = years(&app, "committee", "").await;
    assert_eq!((&open["year"], numbers(of(&open, "甲代表"))[0]), (&json!(2026), 0), "the open month is still running");
    let inspections = |row: &Value| (row["inspections"].clone(), row["points"].clone(), row["adopted"].clone());
    assert_eq!(inspections(of(&open, "甲代表")), (json!(1), json!(7), json!(2)));
    close(&app, "2026-11-06T09:00:00+08:00", "2026-10", "final").await;
    let closed = years(&app, "committee", "?year=2026").await;
    assert!(closed["closed_months"].as_array().expect("months").contains(&json!("2026-10")));
    let october = numbers(of(&closed, "甲代表"));
    assert_eq!(october[0] - october[4], 1, "one of what was owed came: {october:?}");
    assert_eq!(october[1..4], [1, 1, 0]);
    let excused = of(&closed, "乙代表");
    assert_eq!((&excused["excused_months"], &excused["excused"], &excused["inspections"]), (&json!(1), &json!(1), &json!(0)));
    let sums = closed["items"].as_array().expect("items").iter().fold([0; 6], |sum, row| {
        let row = numbers(row);
        std::array::from_fn(|place| sum[place] + row[place])
    });
    let cockpit = app.as_login("committee").await.get("/api/reporting-months/2026-10/cockpit").await.expect(200).json();
    if closed["closed_months"].as_array().map(Vec::len) == Some(1) {
        assert_eq!(sums, numbers(&cockpit), "the cockpit's sums");
    }
    // The public report of the year tells the sums and nobody's name.
    let page = app.visitor().get("/bulletins/years/2026").await.expect(200).text();
    assert!(page.contains("1 人次"), "{page}");
}

#[tokio::test]
async fn a_township_sees_its_own_deputies_and_nobody_else_sees_any() {
    let app = TestApp::start().await;
    let west = years(&app, "working_committee", "").await;
    assert!(west["items"].as_array().expect("items").iter().all(|row| row["region"]["code"] == WEST));
    assert_eq!(west["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(of(&west, "甲代表")["points"], Value::Null, "no table yet");
    for login in ["deputy", "unit", "keeper", "admin", "auditor"] {
        app.as_login(login).await.get("/api/duty-years").await.expect(403);
    }
    app.as_login("committee").await.get("/api/duty-years?year=12345").await.expect(422);
    let past = years(&app, "committee", "?year=2020").await;
    assert_eq!(numbers(of(&past, "甲代表")), [0; 6]);
}
