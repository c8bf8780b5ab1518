//! A leaving entered by mistake is taken back, and the roster says who has joined.

use harness::{TestApp, eventually};
use serde_json::{Value, json};

use crate::reports::count;

async fn row(app: &TestApp, deputy: &str, query: &str) -> Value {
    let id = app.world.deputies[deputy].0;
    let rows = app.as_login("committee").await.get(&format!("/api/roster{query}")).await.expect(200).items();
    rows.into_iter().find(|row| row["id"] == id).expect("the deputy")
}

#[tokio::test]
async fn who_left_by_mistake_is_a_deputy_again_and_has_to_adopt_anew() {
    let app = TestApp::start().await;
    let address = |act: &str| format!("/api/deputies/{}/{act}", app.world.deputies["deputy"]);
    let staff = app.as_login("working_committee").await;
    let back = |rev: i64| json!({"reason": "登记错了人，本人仍在任", "rev": rev});
    staff.post(&address("reinstatement"), back(1)).await.expect(409);
    staff.post(&address("end"), json!({"because": "moved", "words": "迁出本县", "rev": 1})).await.expect(200);
    assert_eq!(row(&app, "deputy", "?left=true").await["joining"], Value::Null);
    let credentials = json!({"login": "deputy", "password": harness::PASSWORD});
    app.visitor().post("/api/session", credentials.clone()).await.expect(401);
    app.as_login("working_committee_east").await.post(&address("reinstatement"), back(2)).await.expect(404);
    app.as_login("deputy2").await.post(&address("reinstatement"), back(2)).await.expect(403);
    assert_eq!(staff.post(&address("reinstatement"), back(1)).await.expect(409).code(), "rev_mismatch");
    assert_eq!(staff.post(&address("reinstatement"), json!({"reason": " ", "rev": 2})).await.expect(422).fields(), ["reason"]);
    let again = staff.post(&address("reinstatement"), back(2)).await.expect(200).json();
    let names: Vec<&Value> = again["former_sites"].as_array().expect("sites").iter().map(|site| &site["name"]).collect();
    assert_eq!(names, ["西河镇中心幼儿园", "西河镇第二幼儿园"], "said, and not given back");
    let deputy = &again["deputy"];
    assert_eq!((&deputy["left_on"], &deputy["sites"], &deputy["rev"]), (&Value::Null, &json!(0), &json!(3)));
    assert_eq!(deputy["returned"], json!({"on": "2026-10-20", "reason": "登记错了人，本人仍在任"}));
    assert_eq!(deputy["joining"]["standing"], "joined");
    app.visitor().post("/api/session", credentials).await.expect(200);
    assert_eq!(app.as_login("deputy").await.get("/api/me/sites").await.expect(200).items(), Vec::<Value>::new());
    assert_eq!(count(&app, "adoptions where ended_reason = 'deputy_ended'").await, 2);
    eventually("the public list has them again", async || {
        app.visitor().get("/api/deputies").await.expect(200).items().iter().any(|each| each["name"] == "甲代表")
    })
    .await;
    assert!(sqlx::query("delete from deputy_reinstatements").execute(&app.pool).await.is_err(), "it stays on record");
    let detail: Value =
        sqlx::query_scalar("select detail from audit_log where action = 'deputy.reinstate'").fetch_one(&app.pool).await.expect("a line");
    assert_eq!((&detail["left_because"], detail["not_given_back"].as_array().map(Vec::len)), (&json!("moved"), Some(2)));
    staff.post(&address("reinstatement"), back(3)).await.expect(409);
}

#[tokio::test]
async fn two_who_take_it_back_at_once_leave_one_line() {
    let app = TestApp::start().await;
    let id = app.world.deputies["deputy"];
    let committee = app.as_login("committee").await;
    committee.post(&format!("/api/deputies/{id}/end"), json!({"because": "other", "words": "误", "rev": 1})).await.expect(200);
    let other = app.as_login("working_committee").await;
    let address = format!("/api/deputies/{id}/reinstatement");
    let body = json!({"reason": "登记有误", "rev": 2});
    let (one, two) = tokio::join!(committee.post(&address, body.clone()), other.post(&address, body));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(count(&app, "deputy_reinstatements").await, 1);
}

#[tokio::test]
async fn who_leaves_with_a_coming_term_stays_by_taking_the_term_back() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    committee.post("/api/terms", json!({"number": 17, "begins_on": "2022-01-10", "leaving": [], "carried": []})).await.expect(201);
    let term = json!({"number": 18, "begins_on": "2026-12-28", "leaving": [app.world.deputies["deputy"]], "carried": []});
    committee.post("/api/terms", term).await.expect(201);
    let rev = row(&app, "deputy", "").await["rev"].as_i64().expect("a rev");
    let address = format!("/api/deputies/{}/reinstatement", app.world.deputies["deputy"]);
    let refused = committee.post(&address, json!({"reason": "留任", "rev": rev})).await.expect(409).text();
    assert!(refused.contains("换届"), "{refused}");
}

#[tokio::test]
async fn the_roster_says_who_has_joined_and_leads_to_the_invitation() {
    let app = TestApp::start().await;
    let staff = app.as_login("working_committee").await;
    let body = json!({"name": "戊代表", "level": "county", "constituency": "", "in_region": harness::WEST, "phone": "13900000055"});
    let made = staff.post("/api/deputies", body).await.expect(201).json();
    assert_eq!(made["joining"], json!({"standing": "not_invited", "expires_at": null}));
    staff.post("/api/invitations", json!({"deputies": [made["id"]], "valid_days": 30})).await.expect(201);
    let rows = staff.get("/api/roster?q=戊代表").await.expect(200).items();
    assert_eq!((&rows[0]["joining"]["standing"], rows[0]["joining"]["expires_at"].is_string()), (&json!("invited"), true));
    let joining = staff.get(&format!("/api/joining?deputy={}", made["id"])).await.expect(200).items();
    assert_eq!(joining.iter().map(|each| &each["deputy_id"]).collect::<Vec<_>>(), [&made["id"]]);
    let theirs = app.as_login("working_committee_east").await.get(&format!("/api/joining?deputy={}", made["id"])).await.expect(200).items();
    assert!(theirs.is_empty(), "another township's deputy is not there");
}
