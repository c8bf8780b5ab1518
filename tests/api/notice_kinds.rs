//! When people are told something: offers to those near them, offers that nobody took, answers to what was contested.

use harness::{StoredReport, TestApp, instant};
use minsheng_map::schedule;
use serde_json::{Value, json};

async fn told(app: &TestApp, login: &str) -> Vec<(String, String)> {
    let items = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
    let pair = |item: &Value| (item["kind"].as_str().unwrap_or("").to_owned(), item["site"]["code"].as_str().unwrap_or("").to_owned());
    items.iter().map(pair).collect()
}

fn notice(kind: &str, site: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), site.to_owned())]
}

#[tokio::test]
async fn an_offer_is_told_once_to_the_deputies_of_the_place_who_may_take_it() {
    let app = TestApp::start().await;
    let site = &app.world.west[1];
    let path = format!("/api/sites/{}/offer", site.site_id);
    let desk = app.as_login("working_committee").await;
    desk.put(&path, json!({"places": 1, "words": "请就近的代表领办"})).await.expect(204);
    assert_eq!(told(&app, "deputy2").await, notice("site_offered", &site.code));
    assert!(told(&app, "deputy").await.is_empty(), "it is theirs already");
    assert!(told(&app, "deputy_east").await.is_empty() && told(&app, "foreign_deputy").await.is_empty(), "another place");
    desk.put(&path, json!({"places": 2, "words": "还缺一位"})).await.expect(204);
    assert_eq!(told(&app, "deputy2").await.len(), 1, "a word changed is no new offer");
    desk.delete(&path).await.expect(204);
    desk.put(&path, json!({"places": 1, "words": ""})).await.expect(204);
    assert_eq!(told(&app, "deputy2").await.len(), 2);
}

#[tokio::test]
async fn before_the_close_those_who_owe_are_reminded_and_offers_that_nobody_took_come_back() {
    let app = TestApp::start().await;
    let (taken, waiting) = (&app.world.west[1], &app.world.east[1]);
    let committee = app.as_login("committee").await;
    for site in [taken, waiting] {
        committee.put(&format!("/api/sites/{}/offer", site.site_id), json!({"places": 1, "words": ""})).await.expect(204);
    }
    app.as_login("deputy2").await.post(&format!("/api/sites/{}/adopt", taken.site_id), json!({})).await.expect(200);
    app.set_clock("2026-10-28T08:59:00+08:00");
    schedule::run_due(&app.platform).await.expect("the jobs");
    assert!(told(&app, "committee").await.is_empty());
    app.set_clock("2026-10-28T09:00:00+08:00");
    for _ in 0..2 {
        schedule::run_due(&app.platform).await.expect("the jobs");
    }
    assert_eq!(told(&app, "committee").await, notice("offer_unanswered", &waiting.code));
    let reminded = told(&app, "deputy").await;
    assert!(reminded.iter().filter(|(kind, _)| kind == "reminder").count() == 2, "one for each site that they owe: {reminded:?}");
}

#[tokio::test]
async fn whoever_has_a_copy_of_an_order_hears_what_became_of_it() {
    let app = TestApp::start().await;
    let (site, unit) = (&app.world.west[0], app.world.unit_id);
    let committee = app.as_login("committee").await;
    let order = json!({"site_ids": [site.site_id], "unit_id": unit, "words": "请说明逾期原因", "due_on": "2026-11-10", "copy_to_deputies": true, "follows": null});
    let order = committee.post("/api/supervision-orders", order).await.expect(201).json();
    let path = format!("/api/supervision-orders/{}", order["id"]);
    let answer = json!({"words": "已复工", "proposed_due_on": null, "photos": []});
    app.set_clock("2026-10-20T09:05:00+08:00");
    let answered = app.as_login("unit").await.post(&format!("{path}/answer"), answer).await.expect(200).json();
    app.set_clock("2026-10-20T09:10:00+08:00");
    committee.post(&format!("{path}/accept"), json!({"words": "", "rev": answered["rev"]})).await.expect(200);
    let notices = app.as_login("deputy").await.get("/api/me/notices").await.expect(200).items();
    let words: Vec<&str> = notices.iter().filter_map(|notice| notice["words"].as_str()).collect();
    assert!(words.len() == 3 && words[0].ends_with("：已办结") && words[1].ends_with("：承办单位已答复"), "{words:?}");
    assert!(notices.iter().all(|notice| notice["kind"] == "order_copied"));
}

#[tokio::test]
async fn the_answer_to_what_was_contested_is_told_to_who_contested() {
    let app = TestApp::start().await;
    let site = &app.world.west[0];
    let report = StoredReport::new(site.site_id, app.world.deputies["deputy"], instant("2026-10-11T10:00:00+08:00"), "in_progress");
    report.take_effect(&app.pool, &app.world).await;
    let contest = json!({"report_id": report.report_id, "words": "当天在现场"});
    let contest = app.as_login("deputy").await.post("/api/me/duty-contests", contest).await.expect(201).json();
    let answer = json!({"answer": "已核对照片", "points": 2});
    app.as_login("working_committee").await.post(&format!("/api/duty-contests/{}/answer", contest["id"]), answer).await.expect(204);
    assert_eq!(told(&app, "deputy").await, notice("contest_answered", &site.code));
    assert!(told(&app, "deputy2").await.is_empty());
    let words = app.as_login("deputy").await.get("/api/me/notices").await.items()[0]["words"].clone();
    assert_eq!(words, "已核对照片（加减分 +2）");
}

#[tokio::test]
async fn who_is_a_deputy_no_more_hears_of_no_offer() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let end = json!({"because": "moved", "words": "迁出本县", "rev": 1});
    committee.post(&format!("/api/deputies/{}/end", app.world.deputies["deputy2"]), end).await.expect(200);
    committee.put(&format!("/api/sites/{}/offer", app.world.west[1].site_id), json!({"places": 1, "words": ""})).await.expect(204);
    assert_eq!(crate::reports::count(&app, "notices where kind = 'site_offered'").await, 0);
}

#[tokio::test]
async fn offers_that_nobody_took_come_back_also_where_nobody_is_reminded() {
    let app = TestApp::start().await;
    crate::county_settings::change(&app, json!({"month_reminder_days": null})).await;
    let site = &app.world.east[1];
    app.as_login("committee").await.put(&format!("/api/sites/{}/offer", site.site_id), json!({"places": 1, "words": ""})).await.expect(204);
    for (time, told_now) in [("2026-10-28T08:59:00+08:00", vec![]), ("2026-10-28T09:00:00+08:00", notice("offer_unanswered", &site.code))] {
        app.set_clock(time);
        for _ in 0..2 {
            schedule::run_due(&app.platform).await.expect("the jobs");
        }
        assert_eq!(told(&app, "committee").await, told_now, "{time}");
    }
    assert!(told(&app, "deputy").await.is_empty(), "nobody is reminded");
}
