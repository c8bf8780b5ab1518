//! The committee says who adopts a site: moved, begun or ended, with its reason on record and both deputies told.

use std::time::Duration;

use harness::{Answer, TestApp};
use serde_json::json;
use uuid::Uuid;

use crate::reports::{count, path, report};

async fn rev(app: &TestApp, site: i64) -> i64 {
    sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
}

async fn reassign(app: &TestApp, login: &str, (from, to): (Option<&str>, Option<&str>)) -> Answer {
    let site = app.world.west[0].site_id.0;
    let id = |deputy: Option<&str>| deputy.map(|deputy| app.world.deputies[deputy]);
    let body = json!({"from_deputy_id": id(from), "to_deputy_id": id(to), "reason": "illness", "words": "经本人同意", "rev": rev(app, site).await});
    app.as_login(login).await.post(&format!("/api/sites/{site}/adopters"), body).await
}

async fn adopters(app: &TestApp) -> Vec<i64> {
    let query = sqlx::query_scalar("select deputy_id from adoptions where site_id = $1 and ended_on is null order by deputy_id");
    query.bind(app.world.west[0].site_id.0).fetch_all(&app.pool).await.expect("adopters")
}

#[tokio::test]
async fn an_adoption_moves_and_both_are_told() {
    let app = TestApp::start().await;
    let deputies = &app.world.deputies;
    reassign(&app, "working_committee", (Some("deputy"), Some("deputy_east"))).await.expect(200);
    assert_eq!(adopters(&app).await, [deputies["deputy2"].0, deputies["deputy_east"].0]);
    for (login, kind) in [("deputy", "site_taken"), ("deputy_east", "site_assigned")] {
        let notices = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
        assert!(notices.iter().any(|notice| notice["kind"] == kind && notice["words"].to_string().contains("经本人同意")), "{login}");
    }
    assert_eq!(count(&app, "audit_log where action = 'site.reassign' and outcome = 'done'").await, 1);
    assert_eq!(count(&app, "hand_overs where words = '经本人同意' and reason = 'illness'").await, 1);
    // Who has it now reports; who had it no longer does for what is written from tomorrow on.
    app.set_clock("2026-10-21T09:00:00+08:00");
    let next = crate::reports::with(report(&app.world.west[0], "not_started", 0), json!({"written_at": "2026-10-21T08:59:00+08:00"}));
    app.as_login("deputy_east").await.put(&path(Uuid::now_v7()), next.clone()).await.expect(201);
    app.as_login("deputy").await.put(&path(Uuid::now_v7()), next).await.expect(403);
}

#[tokio::test]
async fn an_adoption_begins_or_ends_alone() {
    let app = TestApp::start().await;
    let deputies = app.world.deputies.clone();
    reassign(&app, "committee", (None, Some("deputy_east"))).await.expect(200);
    reassign(&app, "committee", (Some("deputy2"), None)).await.expect(200);
    assert_eq!(adopters(&app).await, [deputies["deputy"].0, deputies["deputy_east"].0]);
    assert_eq!(count(&app, "hand_overs").await, 2);
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_its_field_and_changes_nothing() {
    let app = TestApp::start().await;
    let before = adopters(&app).await;
    for (pair, field) in [
        ((None, None), "to_deputy_id"),
        ((Some("deputy"), Some("deputy")), "to_deputy_id"),
        ((Some("deputy"), Some("deputy2")), "to_deputy_id"),
        ((Some("deputy_east"), Some("deputy")), "from_deputy_id"),
        ((None, Some("foreign_deputy")), "to_deputy_id"),
    ] {
        assert_eq!(reassign(&app, "committee", pair).await.expect(422).fields(), [field], "{pair:?}");
    }
    reassign(&app, "working_committee_east", (Some("deputy"), None)).await.expect(404);
    reassign(&app, "foreign_committee", (Some("deputy"), None)).await.expect(404);
    reassign(&app, "deputy", (Some("deputy"), None)).await.expect(403);
    assert_eq!(adopters(&app).await, before);
    assert_eq!(count(&app, "hand_overs").await, 0);
}

#[tokio::test]
async fn of_two_who_reassign_at_once_the_second_looks_again() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    let seen = rev(&app, site).await;
    let body = |to: &str| json!({"from_deputy_id": null, "to_deputy_id": app.world.deputies[to], "reason": "other", "words": "就近", "rev": seen});
    let path = format!("/api/sites/{site}/adopters");
    app.as_login("committee").await.post(&path, body("deputy_east")).await.expect(200);
    let second = app.as_login("working_committee").await.post(&path, body("deputy_east")).await.expect(409);
    assert_eq!(second.code(), "rev_mismatch");
}

#[tokio::test]
async fn nobody_gets_a_site_who_has_left_or_leaves_meanwhile() {
    let app = TestApp::start().await;
    let before = adopters(&app).await;
    let end = json!({"because": "moved", "words": "迁出本县", "rev": 1});
    app.as_login("committee").await.post(&format!("/api/deputies/{}/end", app.world.deputies["deputy_east"]), end).await.expect(200);
    assert_eq!(reassign(&app, "committee", (None, Some("deputy_east"))).await.expect(422).fields(), ["to_deputy_id"]);
    assert_eq!(adopters(&app).await, before);
    // Another desk is just letting the deputy go: the call waits, and then there is no such deputy.
    reassign(&app, "committee", (Some("deputy2"), None)).await.expect(200);
    let mut tx = app.pool.begin().await.expect("a transaction");
    sqlx::query("update deputies set left_on = '2026-10-20', left_at = '2026-10-19T16:00:00Z', left_because = 'moved' where deputy_id = $1")
        .bind(app.world.deputies["deputy2"].0)
        .execute(&mut *tx)
        .await
        .expect("gone");
    let (answer, ()) = tokio::join!(reassign(&app, "committee", (None, Some("deputy2"))), async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        tx.commit().await.expect("committed");
    });
    assert_eq!(answer.expect(422).fields(), ["to_deputy_id"]);
    assert_eq!(adopters(&app).await, [app.world.deputies["deputy"].0]);
}

#[tokio::test]
async fn whatever_changes_the_adopters_makes_the_committee_look_again() {
    let app = TestApp::start().await;
    let (site, deputies) = (app.world.west[0].site_id.0, app.world.deputies.clone());
    let committee = app.as_login("committee").await;
    let stale = async |seen: i64, what: &str| {
        let body = json!({"from_deputy_id": null, "to_deputy_id": deputies["deputy"], "reason": "other", "words": "就近", "rev": seen});
        let answer = committee.post(&format!("/api/sites/{site}/adopters"), body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "rev_mismatch"), "{what}");
    };
    let seen = rev(&app, site).await;
    let hand_over = json!({"to_deputy_id": deputies["deputy_east"], "reason": "leave", "words": ""});
    app.as_login("deputy").await.post(&format!("/api/sites/{site}/hand-over"), hand_over).await.expect(200);
    stale(seen, "handed over").await;
    let seen = rev(&app, site).await;
    committee.put(&format!("/api/sites/{site}/offer"), json!({"places": 1, "words": ""})).await.expect(204);
    app.as_login("deputy").await.post(&format!("/api/sites/{site}/adopt"), json!({})).await.expect(200);
    stale(seen, "adopted").await;
    let seen = rev(&app, site).await;
    let end = json!({"because": "moved", "words": "迁出本县", "rev": 1});
    committee.post(&format!("/api/deputies/{}/end", deputies["deputy2"]), end).await.expect(200);
    stale(seen, "left").await;
}
