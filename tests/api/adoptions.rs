//! Offering, adopting and handing over sites, and seeing what colleagues have.

use harness::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::reports::{count, path, report};

async fn offered(app: &TestApp, login: &str) -> Vec<i64> {
    let items = app.as_login(login).await.get("/api/me/offers").await.expect(200).items();
    items.iter().map(|item| item["site"]["id"].as_i64().expect("a site")).collect()
}

async fn owed(app: &TestApp, login: &str) -> Vec<i64> {
    let items = app.as_login(login).await.get("/api/me/sites").await.expect(200).items();
    items.iter().map(|item| item["site"]["id"].as_i64().expect("a site")).collect()
}

#[tokio::test]
async fn an_offered_site_is_adopted_by_as_many_as_are_wanted_and_owes_its_report() {
    let app = TestApp::start().await;
    let site = app.world.east[1].clone();
    let (offer, adopt) = (format!("/api/sites/{}/offer", site.site_id), format!("/api/sites/{}/adopt", site.site_id));
    let deputy2 = app.as_login("deputy2").await;
    assert_eq!(deputy2.post(&adopt, json!({})).await.expect(409).fields(), ["site_id"]);
    let working_committee = app.as_login("working_committee_east").await;
    assert_eq!(working_committee.put(&offer, json!({"places": 0, "words": ""})).await.expect(422).fields(), ["places"]);
    working_committee.put(&offer, json!({"places": 1, "words": "请就近的代表领办"})).await.expect(204);
    assert_eq!(offered(&app, "deputy2").await, [site.site_id.0]);
    assert!(offered(&app, "deputy_east").await.is_empty(), "who has adopted it is offered nothing");
    let adopted = deputy2.post(&adopt, json!({})).await.expect(200).json();
    assert_eq!(adopted["adopted_on"], "2026-10-20");
    assert!(owed(&app, "deputy2").await.contains(&site.site_id.0));
    assert!(offered(&app, "deputy").await.is_empty(), "the last place was taken");
    assert_eq!(app.as_login("deputy").await.post(&adopt, json!({})).await.expect(409).json()["fields"][0]["code"], "not_offered");
    assert_eq!(deputy2.post(&adopt, json!({})).await.expect(409).json()["fields"][0]["code"], "adopted");
    deputy2.put(&path(Uuid::now_v7()), report(&site, "not_started", 0)).await.expect(201);
    // An offer can be taken back, as often as one likes.
    working_committee.put(&offer, json!({"places": 2, "words": ""})).await.expect(204);
    working_committee.delete(&offer).await.expect(204);
    working_committee.delete(&offer).await.expect(204);
    assert!(offered(&app, "deputy").await.is_empty());
}

#[tokio::test]
async fn the_last_place_is_taken_once_however_many_reach_for_it() {
    let app = TestApp::start().await;
    let site = app.world.east[0].site_id;
    app.as_login("committee").await.put(&format!("/api/sites/{site}/offer"), json!({"places": 1, "words": ""})).await.expect(204);
    let mut reaching = Vec::new();
    for login in ["deputy", "deputy2"] {
        let client = app.as_login(login).await;
        reaching.push(tokio::spawn(async move { client.post(&format!("/api/sites/{site}/adopt"), json!({})).await.status.as_u16() }));
    }
    let mut answers = Vec::new();
    for reached in reaching {
        answers.push(reached.await.expect("an answer"));
    }
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    assert_eq!(count(&app, &format!("adoptions where site_id = {site} and ended_on is null")).await, 2);
}

#[tokio::test]
async fn a_site_is_handed_over_on_record_and_the_receiver_is_told() {
    let app = TestApp::start().await;
    let (site, kept) = (app.world.west[1].clone(), app.world.west[0].site_id);
    let (deputy, to) = (app.as_login("deputy").await, app.world.deputies["deputy2"]);
    let address = format!("/api/sites/{}/hand-over", site.site_id);
    let body = |to: Value, reason: &str| json!({"to_deputy_id": to, "reason": reason, "words": "外出培训三个月"});
    assert_eq!(deputy.post(&address, body(json!(app.world.deputies["deputy"]), "leave")).await.expect(422).fields(), ["to_deputy_id"]);
    assert_eq!(deputy.post(&address, body(json!(999_999), "leave")).await.expect(422).fields(), ["to_deputy_id"]);
    assert_eq!(deputy.post(&address, body(json!(to), "boredom")).await.expect(422).fields(), ["reason"]);
    let foreign = app.world.deputies["foreign_deputy"];
    assert_eq!(deputy.post(&address, body(json!(foreign), "leave")).await.expect(422).fields(), ["to_deputy_id"]);
    let before = Uuid::now_v7();
    deputy.put(&path(before), report(&site, "not_started", 0)).await.expect(201);
    let view = deputy.post(&address, body(json!(to), "illness")).await.expect(200).json();
    assert_eq!(view["deputy"]["name"], "乙代表");
    assert_eq!(owed(&app, "deputy").await, [kept.0]);
    assert!(owed(&app, "deputy2").await.contains(&site.site_id.0));
    let notices = app.as_login("deputy2").await.get("/api/me/notices").await.expect(200).items();
    assert_eq!((&notices[0]["kind"], &notices[0]["site"]["id"]), (&json!("handed_over"), &json!(site.site_id)));
    assert_eq!(count(&app, "hand_overs where reason = 'illness' and words = '外出培训三个月'").await, 1);
    assert!(sqlx::query("delete from hand_overs").execute(&app.pool).await.is_err(), "the record only grows");
    // What was reported stays, the reason is nobody else's business, and it cannot be handed over twice.
    let public = app.visitor().get(&format!("/api/sites/{}/story", site.site_id)).await.expect(200).text();
    assert!(!public.contains("illness") && !public.contains("外出培训"), "{public}");
    assert!(app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.text().contains(&before.to_string()));
    assert_eq!(deputy.post(&address, body(json!(to), "leave")).await.expect(409).json()["fields"][0]["code"], "not_adopted");
    let answer = deputy.put(&path(Uuid::now_v7()), report(&site, "not_started", 0)).await;
    assert!(matches!(answer.status.as_u16(), 201 | 403), "{}", answer.text());
}

#[tokio::test]
async fn colleagues_of_group_and_station_see_each_others_sites() {
    let app = TestApp::start().await;
    let site = app.world.east[0].clone();
    let list = async || app.as_login("deputy").await.get("/api/me/colleagues-sites").await.expect(200).items();
    sqlx::query("update deputies set deputy_group_id = null, station_id = null").execute(&app.pool).await.expect("alone");
    assert!(list().await.is_empty());
    sqlx::query(
        "with made as (insert into deputy_groups (county_id, name) values ($1, '教育小组') returning deputy_group_id)
         update deputies set deputy_group_id = (select deputy_group_id from made) where deputy_id = any ($2)",
    )
    .bind(app.world.county_id.0)
    .bind([app.world.deputies["deputy"].0, app.world.deputies["deputy_east"].0].as_slice())
    .execute(&app.pool)
    .await
    .expect("a group");
    let before = list().await;
    assert_eq!(before.len(), 2);
    assert_eq!(before[0]["site"]["id"], json!(site.site_id));
    assert_eq!(
        before[0]["adopters"],
        json!([{"deputy": {"id": app.world.deputies["deputy_east"], "name": "丙代表"}, "same_group": true, "reported": false}])
    );
    app.as_login("deputy_east").await.put(&path(Uuid::now_v7()), report(&site, "not_started", 0)).await.expect(201);
    assert_eq!(list().await[0]["adopters"][0]["reported"], true);
}
