//! A term of the congress begins: announced by a preview, carried out once, exact to the millisecond in the county's zone.

use harness::{Client, TestApp, eventually};
use minsheng_map::schedule;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::reports::{count, path, report};

async fn run_jobs(app: &TestApp) {
    schedule::run_due(&app.platform).await.expect("the jobs run");
}

/// A term on that day with which `deputy` leaves; one of the two sites goes to `deputy_east`.
fn term(app: &TestApp, begins_on: &str) -> Value {
    let deputies = &app.world.deputies;
    json!({"number": 18, "begins_on": begins_on, "leaving": [deputies["deputy"]],
        "carried": [{"site_id": app.world.west[1].site_id, "from_deputy_id": deputies["deputy"], "to_deputy_id": deputies["deputy_east"]}]})
}

async fn committee(app: &TestApp) -> Client {
    app.as_login("committee").await
}

async fn owed(app: &TestApp, login: &str) -> Vec<i64> {
    let items = app.as_login(login).await.get("/api/me/sites").await.expect(200).items();
    items.iter().map(|item| item["site"]["id"].as_i64().expect("a site")).collect()
}

#[tokio::test]
async fn a_preview_says_what_the_beginning_will_do_and_changes_nothing() {
    let app = TestApp::start().await;
    let preview = committee(&app).await.post("/api/terms/preview", term(&app, "2026-12-28")).await.expect(200).json();
    let figures = ["staying", "leaving", "carried", "closed", "without_adopter"].map(|figure| preview[figure].as_i64().expect("a figure"));
    assert_eq!(figures, [2, 1, 1, 1, 0], "the closed one has a second adopter: {preview}");
    let fates: Vec<(&Value, &Value)> =
        preview["sites"].as_array().expect("sites").iter().map(|each| (&each["site"]["name"], &each["to"]["name"])).collect();
    assert_eq!(fates, [(&json!("西河镇中心幼儿园"), &Value::Null), (&json!("西河镇第二幼儿园"), &json!("丙代表"))]);
    assert_eq!(count(&app, "terms").await, 0);
    assert_eq!(count(&app, "deputies where left_on is not null").await, 0);
}

#[tokio::test]
async fn a_term_that_cannot_be_is_refused_by_its_field() {
    let app = TestApp::start().await;
    let (committee, deputies) = (committee(&app).await, app.world.deputies.clone());
    let carried = |site: i64, from: &str, to: &str| json!([{"site_id": site, "from_deputy_id": deputies[from], "to_deputy_id": deputies[to]}]);
    let (west, east) = (app.world.west[0].site_id.0, app.world.east[0].site_id.0);
    for (field, value, named) in [
        ("number", json!(0), "number"),
        ("number", json!(100), "number"),
        ("begins_on", json!("2026-09-30"), "begins_on"),
        ("begins_on", json!("2027-02-01"), "begins_on"),
        ("leaving", json!([987_654]), "leaving"),
        ("leaving", json!([deputies["foreign_deputy"]]), "leaving"),
        ("leaving", json!([deputies["deputy"], deputies["deputy"]]), "leaving"),
        ("carried", carried(west, "deputy2", "deputy_east"), "carried[0]"),
        ("carried", carried(east, "deputy", "deputy_east"), "carried[0]"),
        ("carried", carried(west, "deputy", "deputy"), "carried[0]"),
        ("carried", carried(west, "deputy", "foreign_deputy"), "carried[0]"),
    ] {
        let mut body = term(&app, "2026-12-28");
        body[field] = value;
        for address in ["/api/terms/preview", "/api/terms"] {
            assert_eq!(committee.post(address, body.clone()).await.expect(422).fields(), [named], "{body}");
        }
    }
    app.as_login("working_committee").await.post("/api/terms", term(&app, "2026-12-28")).await.expect(403);
}

#[tokio::test]
async fn a_term_begins_at_the_first_instant_of_its_day_in_the_county() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let waiting = committee(&app).await.post("/api/terms", term(&app, "2026-11-01")).await.expect(201).json();
    assert_eq!(waiting["begun_at"], Value::Null);
    deputy.get("/api/me/sites").await.expect(200);
    // One millisecond before midnight nothing has changed; at midnight the right is gone, and no job has run.
    for (instant, status) in [
        ("2026-10-31T23:59:59.998+08:00", 200),
        ("2026-10-31T23:59:59.999+08:00", 200),
        ("2026-11-01T00:00:00.000+08:00", 401),
        ("2026-11-01T00:00:00.001+08:00", 401),
        ("2026-10-31T23:59:59.999+08:00", 200),
    ] {
        app.set_clock(instant);
        let answer = app.as_login("deputy").await.get("/api/me/sites").await;
        assert_eq!(answer.status.as_u16(), status, "{instant}");
    }
    // A report of the last millisecond counts; then the term is begun by whichever process comes first, once.
    let body = report(&app.world.west[0], "not_started", 0);
    app.as_login("deputy").await.put(&path(Uuid::now_v7()), body).await.expect(201);
    app.set_clock("2026-11-01T00:00:00.001+08:00");
    let second = app.second_server().await;
    let (one, other) = tokio::join!(schedule::run_due(&app.platform), schedule::run_due(&second.platform));
    one.expect("the jobs run");
    other.expect("the jobs run");
    assert_eq!(count(&app, "audit_log where action = 'term.begin'").await, 1);
    assert_eq!(count(&app, "adoptions where ended_reason = 'term_ended' and ended_on = '2026-11-01'").await, 2);
    assert_eq!(count(&app, &format!("sessions where account_id = {}", app.world.account("deputy"))).await, 0);
    assert!(owed(&app, "deputy_east").await.contains(&app.world.west[1].site_id.0));
    assert_eq!(owed(&app, "deputy2").await, [app.world.west[0].site_id.0]);
    assert_eq!(count(&app, "hand_overs where reason = 'end_of_term'").await, 1);
    let notices = app.as_login("deputy_east").await.get("/api/me/notices").await.expect(200).items();
    assert!(notices.iter().any(|notice| notice["words"].as_str().is_some_and(|words| words.contains("第18届"))), "{notices:?}");
    // October, closed when the last reports have settled, stays as it was owed.
    app.set_clock("2026-11-01T00:01:00+08:00");
    run_jobs(&app).await;
    eventually("October is closed for everybody", async || app.visitor().get("/api/reporting-months/2026-10").await.status == 200).await;
    let october = app.visitor().get("/api/reporting-months/2026-10").await.expect(200).json();
    assert_eq!(october["owed"], 5, "{october}");
    run_jobs(&app).await;
    assert_eq!(count(&app, "audit_log where action = 'term.begin'").await, 1);
}

#[tokio::test]
async fn a_term_of_today_begins_in_the_same_act_and_old_terms_stay_readable() {
    let app = TestApp::start().await;
    let committee = committee(&app).await;
    let present = json!({"number": 17, "begins_on": "2022-01-12", "leaving": [], "carried": []});
    assert!(committee.post("/api/terms", present).await.expect(201).json()["begun_at"].is_string(), "the present term is noted after the fact");
    let deputy = app.as_login("deputy").await;
    let begun = committee.post("/api/terms", term(&app, "2026-10-20")).await.expect(201).json();
    assert!(begun["begun_at"].is_string());
    deputy.get("/api/me/sites").await.expect(401);
    let listed = app.visitor().get("/api/terms").await.expect(200).items();
    let numbers: Vec<(&Value, &Value)> = listed.iter().map(|each| (&each["number"], &each["ends_on"])).collect();
    assert_eq!(numbers, [(&json!(18), &Value::Null), (&json!(17), &json!("2026-10-20"))]);
    let page = async |login: &str| {
        let id = app.world.deputies[login];
        app.visitor().get(&format!("/deputies/{id}")).await.expect(200).text()
    };
    assert!(page("deputy").await.contains("第 17 届人大代表") && page("deputy").await.contains("不再担任代表"));
    assert!(page("deputy2").await.contains("第 18 届人大代表"));
    eventually("who sat in which term", async || {
        let terms = app.visitor().get(&format!("/api/deputies/{}", app.world.deputies["deputy2"])).await.expect(200).json()["terms"].clone();
        terms == json!([17, 18])
    })
    .await;
    assert_eq!(committee.delete(&format!("/api/terms/{}", begun["id"])).await.expect(409).code(), "conflict");
}

#[tokio::test]
async fn a_waiting_term_is_taken_back_and_everybody_stays() {
    let app = TestApp::start().await;
    let committee = committee(&app).await;
    let waiting = committee.post("/api/terms", term(&app, "2026-12-28")).await.expect(201).json();
    assert_eq!(committee.post("/api/terms", term(&app, "2026-12-29")).await.expect(409).code(), "conflict", "one waits already");
    committee.delete(&format!("/api/terms/{}", waiting["id"])).await.expect(204);
    assert_eq!(count(&app, "deputies where left_on is not null").await, 0);
    app.set_clock("2026-12-28T09:00:00+08:00");
    run_jobs(&app).await;
    assert!(owed(&app, "deputy").await.contains(&app.world.west[1].site_id.0));
    assert_eq!(count(&app, "term_adoptions").await, 0);
}
