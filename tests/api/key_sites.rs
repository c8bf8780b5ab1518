//! Key sites: the county decides about them for itself; a working committee sees them, reminds and orders, and is told why it may not more.

use harness::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

async fn rev(app: &TestApp, site: i64) -> i64 {
    sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
}

async fn reserve(app: &TestApp, login: &str, key_site: bool) -> harness::Answer {
    let site = app.world.west[0].site_id.0;
    let body = json!({"key_site": key_site, "reason": "全县重点工程", "rev": rev(app, site).await});
    app.as_login(login).await.put(&format!("/api/sites/{site}/key-site"), body).await
}

/// The acts that decide about a site, each with content that would do.
fn decisions(app: &TestApp, rev: i64) -> Vec<(&'static str, Value)> {
    let deputies = &app.world.deputies;
    vec![
        ("correction", json!({"stage": "completed", "percent": 100, "reason": "核实", "rev": rev})),
        ("strike-off", json!({"note": "验收", "rev": rev})),
        ("strike-off-proposal", json!({"note": "验收", "rev": rev})),
        ("reopen", json!({"reason": "核实", "rev": rev})),
        (
            "adopters",
            json!({"from_deputy_id": deputies["deputy"], "to_deputy_id": deputies["deputy_east"], "reason": "other", "words": "就近", "rev": rev}),
        ),
    ]
}

#[tokio::test]
async fn a_working_committee_sees_a_key_site_and_leaves_the_decisions_to_the_county() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    for (login, status) in [("working_committee", 403), ("unit", 403), ("foreign_committee", 404), ("deputy", 403)] {
        reserve(&app, login, true).await.expect(status);
    }
    reserve(&app, "committee", true).await.expect(200);
    let township = app.as_login("working_committee").await;
    for (act, body) in decisions(&app, rev(&app, site).await) {
        let refused = township.post(&format!("/api/sites/{site}/{act}"), body).await.expect(403).json();
        assert_eq!(refused["fields"][0]["code"], "key_site", "{act}");
        assert!(refused["fields"][0]["message"].as_str().expect("words").contains("县人大常委会"), "{act} says why");
    }
    township.put(&format!("/api/sites/{site}/offer"), json!({"places": 1, "words": ""})).await.expect(403);
    let file = township.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    assert_eq!((&file["key_site"], &file["may_decide"]), (&json!(true), &json!(false)));
    let row = township.get(&format!("/api/review?sites={site}")).await.expect(200).items().remove(0);
    assert_eq!(row["key_site"], true);
    // What presses without deciding stays theirs.
    township.post("/api/reminders", json!({"site_ids": [site], "to": "unit", "words": "请报进展"})).await.expect(200);
    let report = crate::reports::report(&app.world.west[0], "not_started", 0);
    let told = json!({"came_by": "in_person", "report": report});
    township.put(&format!("/api/deputies/{}/reports/{}", app.world.deputies["deputy"], Uuid::now_v7()), told).await.expect(201);
    let committee = app.as_login("committee").await;
    assert_eq!(committee.get(&format!("/api/sites/{site}/file")).await.expect(200).json()["may_decide"], true);
    let (act, body) = decisions(&app, rev(&app, site).await).swap_remove(0);
    committee.post(&format!("/api/sites/{site}/{act}"), body).await.expect(200);
    reserve(&app, "committee", false).await.expect(200);
    let strike = json!({"note": "验收", "rev": rev(&app, site).await});
    township.post(&format!("/api/sites/{site}/strike-off-proposal"), strike).await.expect(201);
}

#[tokio::test]
async fn whoever_looked_before_it_was_reserved_looks_again() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    let seen = rev(&app, site).await;
    reserve(&app, "committee", true).await.expect(200);
    let stale = json!({"stage": "in_progress", "percent": 50, "reason": "核实", "rev": seen});
    let refused = app.as_login("committee").await.post(&format!("/api/sites/{site}/correction"), stale).await.expect(409);
    assert_eq!(refused.code(), "rev_mismatch");
}
