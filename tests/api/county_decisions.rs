//! County and township: what the county decided about a site holds against its working committee until a later report stands, and no site
//! is closed beneath the county's order.

use harness::{Answer, StoredReport, TestApp, instant};
use serde_json::{Value, json};

use crate::calls::{Things, documented_routes};

async fn rev(app: &TestApp, site: i64) -> i64 {
    sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
}

async fn act(app: &TestApp, login: &str, what: &str, mut body: Value) -> Answer {
    let site = app.world.west[0].site_id.0;
    body["rev"] = json!(rev(app, site).await);
    app.as_login(login).await.post(&format!("/api/sites/{site}/{what}"), body).await
}

fn correction(stage: &str, percent: u8) -> Value {
    json!({"stage": stage, "percent": percent, "reason": "现场核实"})
}

fn acts() -> [(&'static str, Value); 4] {
    [
        ("correction", correction("in_progress", 40)),
        ("strike-off", json!({"note": "验收"})),
        ("strike-off-proposal", json!({"note": "验收"})),
        ("reopen", json!({"reason": "核实"})),
    ]
}

/// A report that everybody can see, of a deputy of the world, counted as the server counts it.
async fn report(app: &TestApp, at: &str, stage: &'static str) {
    StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant(at), stage).take_effect(&app.pool, &app.world).await;
}

async fn expect_reserved(app: &TestApp) {
    for (what, body) in acts() {
        let refused = act(app, "working_committee", what, body).await.expect(403).json();
        assert_eq!(refused["fields"][0]["code"], "county_decided", "{what}: {refused}");
        assert!(refused["detail"].as_str().is_some_and(|words| words.contains("县人大常委会已于")), "{what} says who decided and when");
    }
    let site = app.world.west[0].site_id;
    let file = app.as_login("working_committee").await.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    assert!(file["decided_by_county_on"].is_string() && file["may_decide"] == true, "{}", file["decided_by_county_on"]);
    let file = app.as_login("committee").await.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    assert!(file["decided_by_county_on"].is_null(), "it does not bind the county");
}

#[tokio::test]
async fn a_correction_of_the_county_holds_until_a_later_report_stands() {
    let app = TestApp::start().await;
    report(&app, "2026-10-10T10:00:00+08:00", "in_progress").await;
    act(&app, "working_committee", "correction", correction("not_started", 0)).await.expect(200);
    act(&app, "working_committee", "correction", correction("in_progress", 30)).await.expect(200);
    act(&app, "committee", "correction", correction("completed", 100)).await.expect(200);
    expect_reserved(&app).await;
    let rows = json!([{"site_id": app.world.west[0].site_id, "rev": rev(&app, app.world.west[0].site_id.0).await}]);
    let many = json!({"act": "strike_off", "rows": rows, "words": "验收", "preview": true});
    let told = app.as_login("working_committee").await.post("/api/review/acts", many).await.expect(200).json();
    assert_eq!((&told["done"], &told["items"][0]["done"]), (&json!(0), &json!(false)));
    assert!(told["items"][0]["words"].as_str().is_some_and(|words| words.contains("县人大常委会已于")), "{told}");
    act(&app, "committee", "correction", correction("completed", 100)).await.expect(200);
    // What an office enters for a deputy is no way past the county.
    let entered = crate::reports::report(&app.world.west[0], "completed", 100);
    let path = format!("/api/deputies/{}/reports/{}", app.world.deputies["deputy2"], uuid::Uuid::now_v7());
    let entered = json!({"came_by": "telephone", "report": entered});
    app.as_login("working_committee").await.put(&path, entered).await.expect(201);
    expect_reserved(&app).await;
    // A report that counts later is new, and so is what the township makes of it.
    let now = app.platform.clock.now() + chrono::TimeDelta::minutes(1);
    let later = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy_east"], now, "completed");
    later.take_effect(&app.pool, &app.world).await;
    act(&app, "working_committee", "correction", correction("in_progress", 90)).await.expect(200);
}

#[tokio::test]
async fn what_the_county_closed_or_opened_again_is_the_countys() {
    let app = TestApp::start().await;
    report(&app, "2026-10-10T10:00:00+08:00", "completed").await;
    act(&app, "committee", "strike-off", json!({"note": "验收"})).await.expect(200);
    expect_reserved(&app).await;
    act(&app, "committee", "reopen", json!({"reason": "群众反映尚未通水"})).await.expect(200);
    expect_reserved(&app).await;
    let own = TestApp::start().await;
    report(&own, "2026-10-10T10:00:00+08:00", "completed").await;
    act(&own, "working_committee", "strike-off", json!({"note": "验收"})).await.expect(200);
    act(&own, "working_committee", "reopen", json!({"reason": "核实"})).await.expect(200);
    act(&own, "committee", "strike-off", json!({"note": "验收"})).await.expect(200);
    act(&own, "working_committee", "reopen", json!({"reason": "核实"})).await.expect(403);
}

#[tokio::test]
async fn no_site_is_closed_beneath_the_countys_order() {
    let app = TestApp::start().await;
    report(&app, "2026-10-10T10:00:00+08:00", "completed").await;
    let site = app.world.west[0].site_id;
    let order = |login: &'static str| {
        let body = json!({"site_ids": [site], "unit_id": app.world.unit_id, "words": "请说明", "due_on": "2026-11-10", "copy_to_deputies": false,
            "follows": null});
        let app = &app;
        async move { app.as_login(login).await.post("/api/supervision-orders", body).await.expect(201).json() }
    };
    order("working_committee").await;
    let of_county = order("committee").await;
    let refused = act(&app, "working_committee", "strike-off", json!({"note": "验收"})).await.expect(409).json();
    assert_eq!(refused["fields"][0]["code"], "county_order", "{refused}");
    assert!(refused["detail"].as_str().zip(of_county["number"].as_str()).is_some_and(|(words, number)| words.contains(number)), "{refused}");
    act(&app, "working_committee", "strike-off-proposal", json!({"note": "验收"})).await.expect(409);
    let withdrawal = json!({"reason": "另行发出", "rev": of_county["rev"]});
    app.as_login("committee").await.post(&format!("/api/supervision-orders/{}/withdrawal", of_county["id"]), withdrawal).await.expect(200);
    // Its own order does not hinder the township.
    act(&app, "working_committee", "strike-off", json!({"note": "验收"})).await.expect(200);
}

/// Every act about a site, and by which code a working committee is told that it is the county's: about a key site, and about one that the
/// county has decided about. What is not theirs anywhere, or a deputy's or a visitor's, has neither.
const ACTS: [(&str, Option<&str>, Option<&str>); 15] = [
    ("DELETE /api/sites/{id}/offer", Some("key_site"), None),
    ("POST /api/reports/{id}/return", Some("key_site"), None),
    ("POST /api/sites/{id}/adopt", None, None),
    ("POST /api/sites/{id}/adopters", Some("key_site"), None),
    ("POST /api/sites/{id}/challenges", None, None),
    ("POST /api/sites/{id}/correction", Some("key_site"), Some("county_decided")),
    ("POST /api/sites/{id}/hand-over", None, None),
    ("POST /api/sites/{id}/plan-changes", None, None),
    ("POST /api/sites/{id}/reopen", Some("key_site"), Some("county_decided")),
    ("POST /api/sites/{id}/strike-off", Some("key_site"), Some("county_decided")),
    ("POST /api/sites/{id}/strike-off-proposal", Some("key_site"), Some("county_decided")),
    ("POST /api/sites/{id}/withdrawal", None, None),
    ("PUT /api/sites/{id}", Some("key_site"), None),
    ("PUT /api/sites/{id}/key-site", None, None),
    ("PUT /api/sites/{id}/offer", Some("key_site"), None),
];

#[tokio::test]
async fn every_act_of_a_township_about_a_site_knows_the_countys_word() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let site = things.site;
    let township = app.as_login("working_committee").await;
    let set = |column: &'static str| {
        let pool = app.pool.clone();
        async move {
            sqlx::query("update sites set key_site = $1 = 'key', decided_by_county_at = case $1 when 'decided' then timestamptz '2100-01-01' end where site_id = $2")
                .bind(column)
                .bind(site)
                .execute(&pool)
                .await
                .expect("a site")
        }
    };
    let mut found = Vec::new();
    for route in documented_routes(&app).await {
        let about_a_site = route.contains("/api/sites/{id}") || route == "POST /api/reports/{id}/return";
        if route.starts_with("GET ") || !about_a_site {
            continue;
        }
        let mut codes = Vec::new();
        for standing in ["key", "decided"] {
            set(standing).await;
            let answer = things.call(&route).send(&township).await;
            let code = (!answer.status.is_success()).then(|| answer.json()["fields"][0]["code"].as_str().unwrap_or("").to_owned());
            codes.push(code.filter(|code| ["key_site", "county_decided"].contains(&code.as_str())));
        }
        set("ordinary").await;
        found.push((route, codes.remove(0), codes.remove(0)));
    }
    let expected: Vec<_> =
        ACTS.iter().map(|(route, key, decided)| ((*route).to_owned(), key.map(str::to_owned), decided.map(str::to_owned))).collect();
    assert_eq!(found, expected, "an act about a site: does it decide?");
}

#[tokio::test]
async fn judging_a_challenge_is_no_way_over_the_countys_correction() {
    let app = TestApp::start().await;
    report(&app, "2026-10-10T10:00:00+08:00", "in_progress").await;
    act(&app, "committee", "correction", correction("completed", 100)).await.expect(200);
    let site = app.world.west[0].site_id.0;
    let said = json!({"seen": "in_progress", "words": "里面还在施工，没有完工", "photos": [], "position": null, "website": "", "filled_ms": 30_000});
    let receipt = app.visitor().post(&format!("/api/sites/{site}/challenges"), said).await.expect(201).json();
    let path = format!("/api/challenges/{}", receipt["number"].as_str().expect("a number"));
    let township = app.as_login("working_committee").await;
    let taken_up = township.post(&format!("{path}/acceptance"), json!({"words": "", "rev": 1})).await.expect(200).json();
    let judgement = json!({"founded": true, "reason": "经核实属实", "consequence": "correct_stage", "stage": "in_progress", "percent": 80,
        "site_rev": rev(&app, site).await, "rev": taken_up["rev"]});
    let refused = township.post(&format!("{path}/judgement"), judgement).await.expect(403).json();
    assert_eq!(refused["fields"][0]["code"], "county_decided", "{refused}");
    let stage: String = sqlx::query_scalar("select stage from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site");
    assert_eq!(stage, "completed", "nothing was done");
}
