//! Key sites: the county decides about them for itself; a working committee sees them, reminds and orders, and is told why it may not more.

use harness::{StoredReport, TestApp, instant};
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
    let mut far = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant("2026-10-11T10:00:00+08:00"), "in_progress");
    far.off_site_m = Some(2_310);
    far.take_effect(&app.pool, &app.world).await;
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
    let refused = township.post(&format!("/api/reports/{}/return", far.report_id), json!({"reason": "重新核实"})).await.expect(403).json();
    assert_eq!(refused["fields"][0]["code"], "key_site", "a report sent back moves the stage");
    let aside = json!({"site_ids": [site], "reason": "off_site", "words": "已核实"});
    let refused = township.post("/api/review/dismissals", aside.clone()).await.expect(403).json();
    assert_eq!((&refused["fields"][0]["code"], &refused["site_id"]), (&json!("key_site"), &json!(site)));
    let put_aside = app.as_login("committee").await.post("/api/review/dismissals", aside).await.expect(201).json();
    let undo = json!({"ids": [put_aside["items"][0]["id"]]});
    township.post("/api/review/dismissals/undo", undo).await.expect(403);
    // What presses without deciding stays theirs.
    township.post("/api/reminders", json!({"site_ids": [site], "to": "unit", "words": "请报进展"})).await.expect(200);
    let report = crate::reports::report(&app.world.west[0], "in_progress", 10);
    let told = json!({"came_by": "in_person", "report": report});
    township.put(&format!("/api/deputies/{}/reports/{}", app.world.deputies["deputy"], Uuid::now_v7()), told).await.expect(201);
    let committee = app.as_login("committee").await;
    assert_eq!(committee.get(&format!("/api/sites/{site}/file")).await.expect(200).json()["may_decide"], true);
    let (act, body) = decisions(&app, rev(&app, site).await).swap_remove(0);
    committee.post(&format!("/api/sites/{site}/{act}"), body).await.expect(200);
    reserve(&app, "committee", false).await.expect(200);
    let strike = json!({"note": "验收", "rev": rev(&app, site).await});
    let refused = township.post(&format!("/api/sites/{site}/strike-off-proposal"), strike).await.expect(403).json();
    assert_eq!(refused["fields"][0]["code"], "county_decided", "no longer the site is the county's, but what it decided still is");
    let now = app.platform.clock.now() + chrono::TimeDelta::minutes(1);
    StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy2"], now, "completed").take_effect(&app.pool, &app.world).await;
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

#[tokio::test]
async fn what_is_written_of_a_key_site_and_its_unit_are_the_countys_to_mend() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    let (committee, township) = (app.as_login("committee").await, app.as_login("working_committee").await);
    let other = committee.post("/api/units", json!({"name": "县另一局"})).await.expect(201).json();
    let mended = |unit: &Value, rev: i64| json!({"name": "西河镇中心幼儿园", "address": "西河路 9 号", "unit_id": unit, "people_served": 520, "remarks": "", "reason": "地址有错字", "rev": rev});
    let path = format!("/api/sites/{site}");
    township.put(&path, mended(&json!(app.world.unit_id), rev(&app, site).await)).await.expect(200);
    reserve(&app, "committee", true).await.expect(200);
    for unit in [&json!(app.world.unit_id), &other["id"]] {
        let refused = township.put(&path, mended(unit, rev(&app, site).await)).await.expect(403).json();
        assert_eq!(refused["fields"][0]["code"], "key_site");
    }
    app.as_login("working_committee_east").await.put(&path, mended(&other["id"], rev(&app, site).await)).await.expect(404);
    let stored = || sqlx::query_scalar::<_, i64>("select unit_id from sites where site_id = $1").bind(site).fetch_one(&app.pool);
    assert_eq!(stored().await.expect("a site"), app.world.unit_id.0);
    committee.put(&path, mended(&other["id"], rev(&app, site).await)).await.expect(200);
    assert_eq!(json!(stored().await.expect("a site")), other["id"]);
}
