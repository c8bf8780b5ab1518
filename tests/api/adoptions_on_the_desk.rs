//! Offers as the desk makes and sees them: many at once, for some deputies only, with who adopted since and what was handed over.

use harness::{EAST, TestApp, WEST};
use serde_json::{Value, json};

use crate::live::correct;
use crate::reports::count;

async fn offered(app: &TestApp, login: &str) -> Vec<i64> {
    let items = app.as_login(login).await.get("/api/me/offers").await.expect(200).items();
    items.iter().map(|item| item["site"]["id"].as_i64().expect("a site")).collect()
}

fn offer(sites: &[i64], more: Value) -> Value {
    let mut body = json!({"site_ids": sites, "places": 1, "words": "请就近领办"});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

#[tokio::test]
async fn many_sites_are_offered_and_withdrawn_in_one_act() {
    let app = TestApp::start().await;
    let (west, east) = (app.world.west.clone().map(|site| site.site_id.0), app.world.east.clone().map(|site| site.site_id.0));
    let committee = app.as_login("committee").await;
    let all = [west[0], west[1], east[0], east[1]];
    assert_eq!(committee.post("/api/offers", offer(&all, json!({}))).await.expect(200).json()["sites"], 4);
    assert_eq!(count(&app, "audit_log where action = 'site.offer'").await, 4, "each site has its line");
    let mut to_deputy2 = offered(&app, "deputy2").await;
    to_deputy2.sort_unstable();
    assert_eq!(to_deputy2, [west[1], east[0], east[1]], "all but the one already adopted");
    // What the desk sees: since when, by whom, and who has it.
    let standing = committee.get("/api/offers").await.expect(200).items();
    let first = standing.iter().find(|item| item["site"]["id"] == west[0]).expect("the site");
    assert_eq!((&first["offer"]["places"], &first["offer"]["offered_by"]), (&json!(1), &json!("committee")));
    assert_eq!(first["offer"]["offered_at"], "2026-10-20T09:00:00+08:00");
    let adopters: Vec<&Value> = first["adopters"].as_array().expect("adopters").iter().map(|each| &each["deputy"]["name"]).collect();
    assert_eq!(adopters, ["甲代表", "乙代表"]);
    // Page by page, also when the offer of the last place is taken back in between.
    let ids = |page: &Value| page["items"].as_array().expect("items").iter().map(|item| item["site"]["id"].as_i64()).collect::<Vec<_>>();
    let page = committee.get("/api/offers?limit=2").await.expect(200).json();
    assert_eq!(ids(&page), [Some(west[0]), Some(west[1])]);
    committee.delete(&format!("/api/sites/{}/offer", west[1])).await.expect(204);
    let cursor = page["next"].as_str().expect("a next page");
    let rest = committee.get(&format!("/api/offers?limit=2&cursor={cursor}")).await.expect(200).json();
    assert_eq!((ids(&rest), &rest["next"]), (vec![Some(east[0]), Some(east[1])], &Value::Null));
    committee.put(&format!("/api/sites/{}/offer", west[1]), json!({"places": 1, "words": ""})).await.expect(204);
    // A township sees its own.
    assert_eq!(app.as_login("working_committee").await.get("/api/offers").await.expect(200).items().len(), 2);
    let withdrawn = committee.post("/api/offers/withdrawal", json!({"site_ids": [west[0], west[0], east[0]]})).await.expect(200).json();
    assert_eq!(withdrawn["sites"], 2);
    assert_eq!(committee.post("/api/offers/withdrawal", json!({"site_ids": [west[0]]})).await.expect(200).json()["sites"], 0);
    assert_eq!(committee.get("/api/offers").await.expect(200).items().len(), 2);
}

#[tokio::test]
async fn an_offer_of_many_is_made_whole_or_not_at_all() {
    let app = TestApp::start().await;
    let (west, east) = (app.world.west[0].site_id.0, app.world.east[0].site_id.0);
    let working_committee = app.as_login("working_committee").await;
    working_committee.post("/api/offers", offer(&[west, east], json!({}))).await.expect(404);
    assert_eq!(count(&app, "site_offers").await, 0);
    let committee = app.as_login("committee").await;
    for (sites, places, field) in
        [(vec![], 1, "site_ids"), (vec![west], 0, "places"), (vec![west], 21, "places"), ((1..=201).collect(), 1, "site_ids")]
    {
        let body = json!({"site_ids": sites, "places": places, "words": ""});
        assert_eq!(committee.post("/api/offers", body).await.expect(422).fields(), [field]);
    }
    assert_eq!(committee.post("/api/offers", offer(&[west], json!({"for_region": "339999"}))).await.expect(422).fields(), ["for_region"]);
    assert_eq!(committee.post("/api/offers", offer(&[west], json!({"for_group_id": 999_999}))).await.expect(422).fields(), ["for_group_id"]);
    correct(&app, &app.as_login("working_committee_east").await, app.world.east[0].site_id, "completed", 100).await;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(east).fetch_one(&app.pool).await.expect("a rev");
    committee.post(&format!("/api/sites/{east}/strike-off"), json!({"note": "验收", "rev": rev})).await.expect(200);
    let refused = committee.post("/api/offers", offer(&[west, east], json!({}))).await.expect(409).json();
    assert_eq!(refused["fields"][0]["code"], "struck_off");
    assert_eq!(count(&app, "site_offers").await, 0);
}

#[tokio::test]
async fn an_offer_for_a_township_or_a_group_reaches_its_deputies_only() {
    let app = TestApp::start().await;
    let site = app.world.east[1].site_id.0;
    let committee = app.as_login("committee").await;
    let adopt = format!("/api/sites/{site}/adopt");
    committee.post("/api/offers", offer(&[site], json!({"for_region": EAST}))).await.expect(200);
    assert!(offered(&app, "deputy2").await.is_empty());
    let refused = app.as_login("deputy2").await.post(&adopt, json!({})).await.expect(409).json();
    assert_eq!(refused["fields"][0]["code"], "not_offered", "nor can it be adopted past the offer");
    committee.put(&format!("/api/sites/{site}/offer"), json!({"places": 1, "words": "", "for_region": WEST})).await.expect(204);
    assert_eq!(offered(&app, "deputy2").await, [site]);
    let group: i64 = sqlx::query_scalar("insert into deputy_groups (county_id, name) values ($1, '教育小组') returning deputy_group_id")
        .bind(app.world.county_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a group");
    committee.post("/api/offers", offer(&[site], json!({"for_group_id": group}))).await.expect(200);
    assert!(offered(&app, "deputy2").await.is_empty(), "deputy2 belongs to no group");
    sqlx::query("update deputies set deputy_group_id = $1 where deputy_id = $2")
        .bind(group)
        .bind(app.world.deputies["deputy2"].0)
        .execute(&app.pool)
        .await
        .expect("joins the group");
    assert_eq!(offered(&app, "deputy2").await, [site]);
    app.as_login("deputy2").await.post(&adopt, json!({})).await.expect(200);
    assert!(committee.get("/api/offers").await.expect(200).items().is_empty(), "the last place ended it");
}

#[tokio::test]
async fn the_file_tells_how_a_site_came_to_its_adopters() {
    let app = TestApp::start().await;
    let site = app.world.west[1].site_id.0;
    let hand_over = json!({"to_deputy_id": app.world.deputies["deputy2"], "reason": "illness", "words": "住院"});
    app.as_login("deputy").await.post(&format!("/api/sites/{site}/hand-over"), hand_over).await.expect(200);
    let working_committee = app.as_login("working_committee").await;
    working_committee.put(&format!("/api/sites/{site}/offer"), json!({"places": 2, "words": "再添一位"})).await.expect(204);
    let record = working_committee.get(&format!("/api/sites/{site}/adoptions")).await.expect(200).json();
    assert_eq!((&record["offer"]["words"], &record["offer"]["for_group"]), (&json!("再添一位"), &Value::Null));
    let ends: Vec<(&Value, &Value)> =
        record["adoptions"].as_array().expect("adoptions").iter().map(|each| (&each["deputy"]["name"], &each["ended_reason"])).collect();
    assert_eq!(ends, [(&json!("甲代表"), &json!("handed_over")), (&json!("乙代表"), &Value::Null)]);
    assert_eq!((&record["hand_overs"][0]["reason"], &record["hand_overs"][0]["words"]), (&json!("illness"), &json!("住院")));
    assert_eq!(working_committee.get("/api/hand-overs").await.expect(200).items().len(), 1);
    assert!(app.as_login("working_committee_east").await.get("/api/hand-overs").await.expect(200).items().is_empty());
    assert!(app.as_login("foreign_committee").await.get("/api/hand-overs").await.expect(200).items().is_empty());
    app.as_login("working_committee_east").await.get(&format!("/api/sites/{site}/adoptions")).await.expect(404);
}
