//! The audit log as the auditor reads it.

use harness::TestApp;
use serde_json::{Value, json};

async fn correct(app: &TestApp, login: &str, site: i64, rev: i64) {
    let body = json!({"stage": "in_progress", "percent": 10, "reason": "核实", "rev": rev});
    app.as_login(login).await.post(&format!("/api/sites/{site}/correction"), body).await.expect(200);
}

#[tokio::test]
async fn a_line_says_who_did_what_to_what_and_from_where() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    correct(&app, "working_committee", site, 1).await;
    let lines = app.as_login("auditor").await.get("/api/audit?action=site.correct").await.expect(200).items();
    let line = &lines[0];
    assert_eq!(line["account"]["login"], "working_committee");
    assert_eq!(line["roles"], json!(["working_committee"]));
    assert_eq!(line["object"], json!({"kind": "site", "id": site.to_string()}));
    assert_eq!(line["outcome"], "done");
    assert_eq!(line["at"], "2026-10-20T09:00:00+08:00");
    assert_eq!(line["detail"], json!({"from": ["not_started", 0], "to": ["in_progress", 10], "reason": "核实"}));
    assert_eq!(line["address"], "127.0.0.1");
}

#[tokio::test]
async fn a_refusal_is_on_record_too() {
    let app = TestApp::start().await;
    app.as_login("deputy").await.get("/api/audit").await.expect(403);
    let lines = app.as_login("auditor").await.get("/api/audit?action=access.refuse").await.expect(200).items();
    assert_eq!(lines[0]["account"]["login"], "deputy");
    assert_eq!((&lines[0]["outcome"], &lines[0]["object"]["id"]), (&json!("refused"), &json!("GET /api/audit")));
}

#[tokio::test]
async fn pages_and_filters_find_the_same_lines() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    for rev in 1..=5 {
        correct(&app, if rev > 3 { "committee" } else { "working_committee" }, site, rev).await;
    }
    app.set_clock("2026-10-21T00:00:00+08:00");
    correct(&app, "committee", site, 6).await;
    let auditor = app.as_login("auditor").await;
    let ids = |items: Vec<Value>| items.iter().filter_map(|line| line["id"].as_i64()).collect::<Vec<i64>>();
    let all = ids(auditor.get("/api/audit?object_kind=site").await.expect(200).items());
    assert_eq!(all.len(), 6);
    assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "newest first");
    let (mut read, mut path) = (Vec::new(), "/api/audit?object_kind=site&limit=4".to_owned());
    loop {
        let page = auditor.get(&path).await.expect(200);
        read.extend(ids(page.items()));
        let body = page.json();
        let Some(next) = body["next"].as_str() else { break };
        path = format!("/api/audit?object_kind=site&limit=4&cursor={next}");
    }
    assert_eq!(read, all);
    let count = async |query: String| auditor.get(&format!("/api/audit?object_kind=site&{query}")).await.expect(200).items().len();
    assert_eq!(count(format!("account={}", app.world.account("committee"))).await, 3);
    assert_eq!(count("from=2026-10-21".to_owned()).await, 1);
    assert_eq!(count("to=2026-10-20".to_owned()).await, 5);
    assert_eq!(count(format!("object_id={site}")).await, 6);
    assert_eq!(count("action=site.remind".to_owned()).await, 0);
    for wrong in ["from=tomorrow", "from=9999-01-01", "to=-0001-01-01", "cursor=x", "limit=0", "action=%00", "who=1"] {
        auditor.get(&format!("/api/audit?{wrong}")).await.expect(422);
    }
}

#[tokio::test]
async fn an_auditor_reads_their_own_county_only() {
    let app = TestApp::start().await;
    correct(&app, "committee", app.world.west[0].site_id.0, 1).await;
    assert!(app.as_login("foreign_auditor").await.get("/api/audit").await.expect(200).items().is_empty());
}

#[tokio::test]
async fn the_log_only_grows() {
    let app = TestApp::start().await;
    correct(&app, "committee", app.world.west[0].site_id.0, 1).await;
    for statement in [
        "update audit_log set detail = '{}'",
        "delete from audit_log",
        "truncate audit_log cascade",
        "update audit_chain set position = 1",
        "delete from audit_chain",
    ] {
        let refused = sqlx::query(statement).execute(&app.pool).await.expect_err("the database refuses").to_string();
        assert!(refused.contains("only grows"), "{statement}: {refused}");
    }
}
