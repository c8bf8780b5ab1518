//! Whole telephone numbers: shown to whoever keeps the deputy, one at a time, each look on record; everywhere else without their middle.

use std::collections::BTreeSet;

use harness::{Client, PASSWORD, TestApp};
use serde_json::{Value, json};

use crate::calls::{Content, Things, documented_routes};

const PEOPLE: [&str; 12] = [
    "visitor",
    "deputy",
    "keeper",
    "working_committee",
    "working_committee_east",
    "committee",
    "foreign_committee",
    "unit",
    "admin",
    "security",
    "auditor",
    "foreign_admin",
];
/// Of the small world; the last one is the other county's.
const NUMBERS: [&str; 4] = ["13900000001", "13900000002", "13900000003", "13900000004"];

async fn person(app: &TestApp, login: &str) -> Client {
    if login == "visitor" { app.visitor() } else { app.as_login(login).await }
}

/// `deputy2` has joined by an invitation, so that their login is their number.
async fn signs_in_with_number(app: &TestApp) {
    let query = "update accounts set login = '13900000002' where account_id = $1";
    sqlx::query(query).bind(app.world.account("deputy2").0).execute(&app.pool).await.expect("a login");
    app.visitor().post("/api/session", json!({"login": "13900000002", "password": PASSWORD})).await.expect(200);
}

async fn views(app: &TestApp) -> Vec<(Option<i64>, String, Value)> {
    let query = "select account_id, object_id, detail from audit_log where action = 'deputy.view_phone' order by audit_id";
    sqlx::query_as(query).fetch_all(&app.pool).await.expect("lines")
}

#[tokio::test]
async fn no_answer_to_anybody_holds_a_whole_number() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    signs_in_with_number(&app).await;
    let mut leaks = Vec::new();
    for route in documented_routes(&app).await.into_iter().filter(|route| route.starts_with("GET ")) {
        for login in PEOPLE {
            let answer = things.call(&route).send(&person(&app, login).await).await;
            let text = answer.text();
            leaks.extend(NUMBERS.iter().filter(|number| text.contains(**number)).map(|number| format!("{route} shows {login} {number}")));
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[tokio::test]
async fn files_taken_out_of_the_desk_hold_no_number() {
    let app = TestApp::start().await;
    signs_in_with_number(&app).await;
    let committee = app.as_login("committee").await;
    for (list, by) in [("month_parts", json!("deputy")), ("month_reports", Value::Null), ("review", Value::Null), ("orders", Value::Null)] {
        let wanted = json!({"wanted": {"list": list, "by": by}, "format": "csv", "reason": "主任会议材料"});
        let asked = committee.post("/api/desk-exports", wanted).await.expect(201).json();
        let file = committee.get(asked["url"].as_str().expect("an address")).await.expect(200).text();
        assert!(NUMBERS.iter().all(|number| !file.contains(number)), "{list}: {file}");
    }
    let auditor = app.as_login("auditor").await;
    let body = json!({"wanted": {"list": "audit_log"}, "format": "csv", "reason": "年度测评取证"});
    let asked = auditor.post("/api/desk-exports", body).await.expect(201).json();
    let lines = auditor.get(asked["url"].as_str().expect("an address")).await.expect(200).text();
    assert!(lines.contains("139****0002") && !lines.contains("13900000002"), "{lines}");
}

#[tokio::test]
async fn one_number_is_shown_whole_to_whoever_keeps_the_deputy_and_each_look_is_on_record() {
    let app = TestApp::start().await;
    let deputy = app.world.deputies["deputy"];
    let path = format!("/api/deputies/{deputy}/phone-views");
    for (login, status) in [("deputy", 403), ("keeper", 403), ("unit", 403), ("admin", 403), ("security", 403), ("auditor", 403)] {
        app.as_login(login).await.post(&path, json!({})).await.expect(status);
    }
    for login in ["working_committee_east", "foreign_committee"] {
        app.as_login(login).await.post(&path, json!({})).await.expect(404);
    }
    app.visitor().post(&path, json!({})).await.expect(401);
    assert!(views(&app).await.is_empty());
    for login in ["working_committee", "committee", "committee"] {
        let answer = app.as_login(login).await.post(&path, json!({})).await.expect(200);
        assert_eq!(answer.json(), json!({"phone": "13900000001"}), "exactly this field");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let of = |login: &str| (Some(app.world.account(login).0), deputy.to_string(), json!({"present": true}));
    assert_eq!(views(&app).await, [of("working_committee"), of("committee"), of("committee")]);
    // A repetition is no second look, and the number lies nowhere but in its own row.
    let (client, key) = (app.as_login("committee").await, uuid::Uuid::new_v4());
    client.post_with_key(&path, json!({}), key).await.expect(200);
    assert_eq!(client.post_with_key(&path, json!({}), key).await.expect(200).json(), json!({"phone": null}));
    assert_eq!(views(&app).await.len(), 4);
    let kept: i64 = sqlx::query_scalar("select count(*) from idempotency_keys where position('13900000001' in convert_from(body, 'UTF8')) > 0")
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(kept, 0);
    client.post(&format!("/api/deputies/{}/phone-views", 987_654_321), json!({})).await.expect(404);
}

#[tokio::test]
async fn lists_have_the_same_shape_for_every_role_that_sees_them_with_the_number_masked() {
    let app = TestApp::start().await;
    signs_in_with_number(&app).await;
    let shape = |item: &Value| item.as_object().expect("an object").keys().cloned().collect::<BTreeSet<_>>();
    let keys = |names: &str| names.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    for login in ["committee", "working_committee"] {
        let client = app.as_login(login).await;
        let rows = client.get("/api/roster?q=甲代表").await.expect(200).items();
        let names = "id name level constituency region group station phone joined_on left_on left_because returned joining sites rev";
        assert_eq!((shape(&rows[0]), &rows[0]["phone"]), (keys(names), &json!("139****0001")), "{login}");
        let rows = client.get("/api/joining?q=乙代表").await.expect(200).items();
        let names = "deputy_id name constituency region station phone login standing obstacle invitation";
        assert_eq!(shape(&rows[0]), keys(names), "{login}");
        assert_eq!((&rows[0]["phone"], &rows[0]["login"]), (&json!("139****0002"), &json!("139****0002")), "{login}");
    }
    let accounts = app.as_login("admin").await.get("/api/accounts?q=0002").await.expect(200).items();
    assert_eq!(accounts.iter().map(|account| &account["login"]).collect::<Vec<_>>(), [&json!("139****0002")]);
    let lines = app.as_login("auditor").await.get("/api/audit?person=13900000002").await.expect(200).items();
    assert_eq!(lines[0]["account"]["login"], "139****0002");
}

#[tokio::test]
async fn a_number_is_not_found_out_by_searching_piece_by_piece() {
    let app = TestApp::start().await;
    signs_in_with_number(&app).await;
    let (desk, admin, auditor) = (app.as_login("committee").await, app.as_login("admin").await, app.as_login("auditor").await);
    for (words, found) in [("13900000002", 1), ("139 0000 0002", 1), ("0002", 1), ("00002", 0), ("1390", 0), ("139", 0), ("00", 0)] {
        let encoded = words.replace(' ', "%20");
        for path in ["/api/roster", "/api/joining"] {
            assert_eq!(desk.get(&format!("{path}?q={encoded}")).await.expect(200).items().len(), found, "{path} {words}");
        }
        if !words.contains(' ') {
            assert_eq!(admin.get(&format!("/api/accounts?q={words}")).await.expect(200).items().len(), found, "accounts {words}");
            let lines = auditor.get(&format!("/api/audit?person={words}&action=session.begin")).await.expect(200).items();
            assert_eq!(lines.len(), found, "audit {words}");
        }
    }
}

#[tokio::test]
async fn a_deputy_mended_with_the_number_as_the_list_shows_it_keeps_the_number() {
    let app = TestApp::start().await;
    let deputy = app.world.deputies["deputy"];
    let desk = app.as_login("committee").await;
    let number = async || -> Option<String> {
        sqlx::query_scalar("select phone from deputies where deputy_id = $1").bind(deputy.0).fetch_one(&app.pool).await.expect("a deputy")
    };
    let things = Things::prepare(&app).await;
    let Content::Json(mut body) = things.call("PUT /api/deputies/{id}").content else { panic!("JSON") };
    let mut rev = 1;
    for (typed, kept, changed) in [
        (json!("139****0001"), Some("13900000001"), false),
        (json!("139****0002"), None, false),
        (json!("13900000077"), Some("13900000077"), true),
        (Value::Null, None, true),
    ] {
        (body["phone"], body["rev"]) = (typed.clone(), json!(rev));
        let answer = desk.put(&format!("/api/deputies/{deputy}"), body.clone()).await;
        if kept.is_none() && !changed {
            assert_eq!(answer.expect(422).fields(), ["phone"], "somebody else's mask is no number");
            continue;
        }
        rev = answer.expect(200).json()["rev"].as_i64().expect("a rev");
        assert_eq!(number().await.as_deref(), kept, "{typed}");
        let detail: Value = sqlx::query_scalar("select detail from audit_log where action = 'deputy.mend' order by audit_id desc limit 1")
            .fetch_one(&app.pool)
            .await
            .expect("a line");
        assert_eq!(detail["phone_changed"], json!(changed), "{typed}");
    }
}
