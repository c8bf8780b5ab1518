//! Supervision orders in a site's public story: on its page, in its feed, as JSON.

use std::collections::BTreeSet;

use harness::{Answer, TestApp};
use serde_json::{Value, json};

use super::orders::{act, issued_by, mornings, order, west};

async fn page(app: &TestApp, path: &str) -> Answer {
    Answer::of(app.visitor().request(reqwest::Method::GET, path).header("accept", "text/html").header("accept-language", "zh-CN")).await
}

#[tokio::test]
async fn a_sites_story_tells_every_step_and_every_level_without_a_persons_name() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "working_committee").await;
    mornings(&app, "2026-12-01").await;
    act(&app.as_login("unit").await, &order, "answer", json!({"words": "已增派班组", "proposed_due_on": "2026-12-20", "photos": []}))
        .await
        .expect(200);
    let mut second = order_body_following(&app, &order);
    second["due_on"] = json!("2026-12-24");
    let second = app.as_login("working_committee").await.post("/api/supervision-orders", second).await.expect(201).json();
    let site = &app.world.west[0];
    let story = app.visitor().get(&format!("/api/sites/{}/story", site.site_id)).await.expect(200).json();
    let steps: Vec<&Value> =
        story["months"].as_array().expect("months").iter().flat_map(|month| month["entries"].as_array().expect("entries")).collect();
    let steps: Vec<&Value> = steps.into_iter().filter(|entry| entry["kind"] == "order").map(|entry| &entry["step"]).collect();
    let told: Vec<(&str, &str)> = steps.iter().map(|step| (step["kind"].as_str().unwrap_or(""), step["level"].as_str().unwrap_or(""))).collect();
    let raised = [("raised", "special_inquiry"), ("raised", "key_supervision"), ("issued", "order")];
    assert_eq!(told[told.len() - 3..], raised, "of one morning the higher level is the later step");
    assert_eq!(told[..3], [("issued", "order"), ("followed", "special_inquiry"), ("answered", "special_inquiry")]);
    assert_eq!(steps[1]["words"], second["number"]);
    assert_eq!((&steps[2]["due_on"], &steps[2]["by"]), (&json!("2026-12-20"), &Value::Null));
    assert_eq!(steps[0]["by"], json!({"role": "working_committee", "region": "西河镇"}));
    let shown = page(&app, &format!("/sites/{}", site.code)).await.expect(200).text();
    let number = order["number"].as_str().expect("a number");
    for words in
        [format!("督办单 {number} 逾期未答复，升为“专题询问”"), "升为“重点督办”".to_owned(), format!("接替 {number}"), "已增派班组".to_owned()]
    {
        assert!(shown.contains(&words), "{words}:\n{shown}");
    }
    let feed = page(&app, &format!("/sites/{}.atom", site.code)).await.expect(200).text();
    let ids: BTreeSet<&str> = feed.split("<id>").skip(2).filter_map(|rest| rest.split("</id>").next()).collect();
    assert_eq!(feed.matches("<entry>").count(), ids.len(), "every step is an entry with an id of its own:\n{feed}");
    assert!(ids.len() >= steps.len());
    assert_eq!(feed, page(&app, &format!("/sites/{}.atom", site.code)).await.text());
    for person in ["working_committee", "unit"] {
        assert!(!feed.contains(&format!("<name>{person}</name>")), "{person} is named");
    }
}

/// A second order in the place of the first.
fn order_body_following(app: &TestApp, first: &Value) -> Value {
    let mut second = order(app, &[west(app)]);
    second["follows"] = first["id"].clone();
    second
}
