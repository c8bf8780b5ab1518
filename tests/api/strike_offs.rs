//! Striking off by two persons, as the county may want it: proposed by one, confirmed by another, and kept by the database itself.

use harness::{StoredReport, TestApp, instant};
use serde_json::{Value, json};

async fn by_two(app: &TestApp) {
    let committee = app.as_login("committee").await;
    let mut settings = committee.get("/api/county-settings").await.expect(200).json();
    settings["figures"]["strike_off_persons"] = json!(2);
    let body = json!({"figures": settings["figures"], "reason": "主任会议决定", "rev": settings["rev"]});
    committee.put("/api/county-settings", body).await.expect(200);
}

async fn rev(app: &TestApp, site: i64) -> i64 {
    sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
}

async fn completed(app: &TestApp) -> i64 {
    let site = app.world.west[0].site_id.0;
    let report = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant("2026-10-12T10:00:00+08:00"), "completed");
    report.take_effect(&app.pool, &app.world).await;
    site
}

async fn proposed_by(app: &TestApp, login: &str, site: i64) -> Value {
    let body = json!({"note": "现场核实，已通过验收", "rev": rev(app, site).await});
    app.as_login(login).await.post(&format!("/api/sites/{site}/strike-off-proposal"), body).await.expect(201).json()
}

fn confirm(proposal: &Value) -> String {
    format!("/api/strike-off-proposals/{}/confirm", proposal["id"])
}

async fn struck_off(app: &TestApp, site: i64) -> bool {
    let query = "select struck_off_on is not null from sites where site_id = $1";
    sqlx::query_scalar(query).bind(site).fetch_one(&app.pool).await.expect("a site")
}

#[tokio::test]
async fn what_one_proposes_another_confirms() {
    let app = TestApp::start().await;
    by_two(&app).await;
    let site = completed(&app).await;
    let alone = json!({"note": "验收", "rev": rev(&app, site).await});
    let refused = app.as_login("committee").await.post(&format!("/api/sites/{site}/strike-off"), alone).await.expect(409);
    assert_eq!(refused.json()["fields"][0]["code"], "two_persons");
    let proposal = proposed_by(&app, "working_committee", site).await;
    assert!(!struck_off(&app, site).await);
    assert_eq!((&proposal["own"], &proposal["may_confirm"], &proposal["completed"]), (&json!(true), &json!(false), &json!(true)));
    let again = json!({"note": "验收", "rev": rev(&app, site).await});
    app.as_login("committee").await.post(&format!("/api/sites/{site}/strike-off-proposal"), again).await.expect(409);
    let rev = json!({"rev": rev(&app, site).await});
    for (login, status) in [("working_committee", 403), ("working_committee_east", 404), ("foreign_committee", 404), ("unit", 403), ("auditor", 403)]
    {
        app.as_login(login).await.post(&confirm(&proposal), rev.clone()).await.expect(status);
    }
    let committee = app.as_login("committee").await;
    let listed = committee.get("/api/strike-off-proposals").await.expect(200).json();
    assert_eq!((&listed["by_two"], &listed["items"][0]["may_confirm"]), (&json!(true), &json!(true)));
    assert!(app.as_login("working_committee_east").await.get("/api/strike-off-proposals").await.expect(200).items().is_empty());
    assert_eq!(committee.post(&confirm(&proposal), json!({"rev": 1})).await.expect(409).code(), "rev_mismatch");
    committee.post(&confirm(&proposal), rev.clone()).await.expect(200);
    assert!(struck_off(&app, site).await);
    committee.post(&confirm(&proposal), rev).await.expect(409);
    let file = committee.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    let acts: Vec<&str> = file["records"].as_array().expect("records").iter().filter_map(|line| line["action"].as_str()).collect();
    assert!(acts.contains(&"site.propose_strike_off") && acts.contains(&"site.confirm_strike_off"));
    assert_eq!((&file["strike_off_by_two"], &file["strike_off_proposal"]), (&json!(true), &json!(null)));
}

#[tokio::test]
async fn a_proposal_is_taken_back_by_the_one_and_refused_by_the_others_with_a_reason() {
    let app = TestApp::start().await;
    let site = completed(&app).await;
    let withdraw = |proposal: &Value| format!("/api/strike-off-proposals/{}/withdraw", proposal["id"]);
    let proposal = proposed_by(&app, "working_committee", site).await;
    let committee = app.as_login("committee").await;
    let refused = committee.post(&withdraw(&proposal), json!({"words": ""})).await.expect(422);
    assert_eq!(refused.fields(), ["words"]);
    app.as_login("working_committee_east").await.post(&withdraw(&proposal), json!({"words": "不同意"})).await.expect(404);
    committee.post(&withdraw(&proposal), json!({"words": "排水沟尚未接通"})).await.expect(200);
    let notices = app.as_login("working_committee").await.get("/api/me/notices").await.expect(200).items();
    assert!(notices.iter().any(|notice| notice["kind"] == "strike_off_refused" && notice["words"].to_string().contains("排水沟尚未接通")));
    let second = proposed_by(&app, "working_committee", site).await;
    app.as_login("working_committee").await.post(&withdraw(&second), json!({"words": ""})).await.expect(200);
    committee.post(&confirm(&second), json!({"rev": rev(&app, site).await})).await.expect(409);
    assert!(!struck_off(&app, site).await);
    assert!(committee.get("/api/strike-off-proposals").await.expect(200).items().is_empty());
}

#[tokio::test]
async fn a_site_that_went_back_meanwhile_is_not_struck_off() {
    let app = TestApp::start().await;
    by_two(&app).await;
    let site = completed(&app).await;
    let proposal = proposed_by(&app, "working_committee", site).await;
    let back = json!({"stage": "in_progress", "percent": 90, "reason": "漏水", "rev": rev(&app, site).await});
    let committee = app.as_login("committee").await;
    committee.post(&format!("/api/sites/{site}/correction"), back).await.expect(200);
    committee.post(&confirm(&proposal), json!({"rev": rev(&app, site).await})).await.expect(409);
    let listed = committee.get("/api/strike-off-proposals").await.expect(200).items();
    assert_eq!((&listed[0]["completed"], &listed[0]["may_confirm"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn two_who_confirm_at_once_strike_off_once() {
    let app = TestApp::start().await;
    by_two(&app).await;
    let site = completed(&app).await;
    let proposal = proposed_by(&app, "working_committee", site).await;
    let rev = json!({"rev": rev(&app, site).await});
    let mut confirming = Vec::new();
    for _ in 0..6 {
        let (client, path, rev) = (app.as_login("committee").await, confirm(&proposal), rev.clone());
        confirming.push(tokio::spawn(async move { client.post(&path, rev).await.status.as_u16() }));
    }
    let mut answers = Vec::new();
    for confirmed in confirming {
        answers.push(confirmed.await.expect("an answer"));
    }
    answers.sort_unstable();
    assert_eq!(answers, [200, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn the_database_refuses_a_strike_off_by_one() {
    let app = TestApp::start().await;
    let site = completed(&app).await;
    let strike =
        "update sites set struck_off_on = '2026-10-20', struck_off_by = $2, struck_off_note = '验收', struck_off_at = now() where site_id = $1";
    let (by, pool) = (app.world.account("committee").0, app.pool.clone());
    by_two(&app).await;
    let fault = sqlx::query(strike).bind(site).bind(by).execute(&pool).await.expect_err("one person is not enough");
    assert_eq!(fault.as_database_error().and_then(|fault| fault.constraint().map(str::to_owned)).as_deref(), Some("sites_struck_off_by_two"));
    let proposal = proposed_by(&app, "committee", site).await;
    let alone = "update strike_off_proposals set state = 'confirmed', settled_by = proposed_by, settled_at = now() where proposal_id = $1";
    let fault = sqlx::query(alone).bind(proposal["id"].as_i64()).execute(&pool).await.expect_err("the same person is not a second one");
    assert!(fault.to_string().contains("strike_off_proposals_two_check"));
}
