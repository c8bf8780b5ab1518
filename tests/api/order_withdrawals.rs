//! Orders that end without an answer: withdrawn with a reason, or by themselves once their sites are struck off; and what a reprint says.

use harness::{Answer, StoredReport, TestApp, instant};
use serde_json::{Value, json};

use super::orders::{act, issued_by, mornings, order, west};

fn kinds(order: &Value) -> Vec<&str> {
    order["steps"].as_array().expect("steps").iter().filter_map(|step| step["kind"].as_str()).collect()
}

async fn shown(app: &TestApp, order: &Value) -> Value {
    app.as_login("committee").await.get(&format!("/api/supervision-orders/{}", order["id"])).await.expect(200).json()
}

async fn story_page(app: &TestApp) -> String {
    let path = format!("/sites/{}", app.world.west[0].code);
    let request = app.visitor().request(reqwest::Method::GET, &path).header("accept", "text/html").header("accept-language", "zh-CN");
    Answer::of(request).await.expect(200).text()
}

async fn strike_off(app: &TestApp, at: &str) {
    let done = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant(at), "completed");
    done.take_effect(&app.pool, &app.world).await;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(west(app)).fetch_one(&app.pool).await.expect("a site");
    let body = json!({"note": "验收", "rev": rev});
    app.as_login("committee").await.post(&format!("/api/sites/{}/strike-off", west(app)), body).await.expect(200);
}

#[tokio::test]
async fn an_order_to_the_wrong_unit_is_withdrawn_with_a_reason_and_rises_no_more() {
    let app = TestApp::start().await;
    let (committee, unit) = (app.as_login("committee").await, app.as_login("unit").await);
    let order = issued_by(&app, "committee").await;
    let withdrawal = |reason: &str, rev: &Value| json!({"reason": reason, "rev": rev});
    let empty = act(&committee, &order, "withdrawal", withdrawal("  ", &order["rev"])).await.expect(422);
    assert_eq!(empty.fields(), ["reason"]);
    act(&unit, &order, "withdrawal", withdrawal("不是我单位的事", &order["rev"])).await.expect(403);
    let stale = act(&committee, &order, "withdrawal", withdrawal("单位有误", &json!(987))).await.expect(409);
    assert_eq!(stale.code(), "rev_mismatch");
    let withdrawn = act(&committee, &order, "withdrawal", withdrawal("承办单位有误", &order["rev"])).await.expect(200).json();
    assert_eq!((&withdrawn["state"], &withdrawn["open"], &withdrawn["may_decide"]), (&json!("withdrawn"), &json!(false), &json!(false)));
    assert_eq!((kinds(&withdrawn), &withdrawn["steps"][1]["words"]), (vec!["issued", "withdrawn"], &json!("承办单位有误")));
    let told = unit.get("/api/me/notices").await.expect(200).items();
    assert!(told.iter().any(|notice| notice["kind"] == "order_withdrawn" && notice["words"] == "承办单位有误"), "{told:?}");
    let public = app.visitor().get(&format!("/api/sites/{}/orders", west(&app))).await.expect(200).items();
    assert_eq!((&public[0]["state"], &public[0]["steps"][1]["by"]), (&json!("withdrawn"), &Value::Null));
    let page = story_page(&app).await;
    assert!(page.contains(&format!("撤回督办单 {}", order["number"].as_str().unwrap_or(""))) && page.contains("承办单位有误"), "{page}");
    let answer = json!({"words": "已复工", "proposed_due_on": null, "photos": []});
    act(&unit, &order, "answer", answer).await.expect(409);
    act(&committee, &order, "withdrawal", withdrawal("再撤", &withdrawn["rev"])).await.expect(409);
    mornings(&app, "2026-12-20").await;
    assert_eq!(kinds(&shown(&app, &order).await), ["issued", "withdrawn"]);
    assert!(app.as_login("unit").await.get("/api/supervision-orders?open=true").await.expect(200).items().is_empty());
    assert_eq!(issued_by_december(&app).await["number"], "试人常督〔2026〕2号", "its number stays used");
}

async fn issued_by_december(app: &TestApp) -> Value {
    let mut body = order(app, &[west(app)]);
    body["due_on"] = json!("2026-12-30");
    app.as_login("committee").await.post("/api/supervision-orders", body).await.expect(201).json()
}

#[tokio::test]
async fn an_answered_order_can_be_withdrawn_and_a_township_withdraws_its_own_only() {
    let app = TestApp::start().await;
    let countys = issued_by(&app, "committee").await;
    let own = app.as_login("working_committee").await;
    act(&own, &countys, "withdrawal", json!({"reason": "撤回", "rev": countys["rev"]})).await.expect(404);
    let townships = issued_by(&app, "working_committee").await;
    let answer = json!({"words": "已复工", "proposed_due_on": null, "photos": []});
    let answered = act(&app.as_login("unit").await, &townships, "answer", answer).await.expect(200).json();
    let withdrawn = act(&own, &townships, "withdrawal", json!({"reason": "已并入县里的督办单", "rev": answered["rev"]})).await.expect(200).json();
    assert_eq!(kinds(&withdrawn), ["issued", "answered", "withdrawn"]);
    let logged: i64 = sqlx::query_scalar("select count(*) from audit_log where action = 'order.withdraw'").fetch_one(&app.pool).await.expect("lines");
    assert_eq!(logged, 1);
}

#[tokio::test]
async fn an_order_whose_sites_are_all_struck_off_ends_by_itself_and_says_why() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    let mut both = self::order(&app, &[west(&app), app.world.west[1].site_id.0]);
    both["words"] = json!("两处一并说明");
    let both = app.as_login("committee").await.post("/api/supervision-orders", both).await.expect(201).json();
    strike_off(&app, "2026-10-20T08:30:00+08:00").await;
    mornings(&app, "2026-10-22").await;
    let ended = shown(&app, &order).await;
    assert_eq!((&ended["state"], &ended["open"], kinds(&ended)), (&json!("lapsed"), &json!(false), vec!["issued", "lapsed"]));
    assert_eq!(shown(&app, &both).await["open"], json!(true), "one of its sites is still worked on");
    mornings(&app, "2026-12-20").await;
    assert_eq!(kinds(&shown(&app, &order).await), ["issued", "lapsed"]);
    assert!(kinds(&shown(&app, &both).await).contains(&"raised"));
    assert!(story_page(&app).await.contains("终止：所督办的点位均已销号或撤销"));
    for login in ["unit", "committee"] {
        let told = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
        assert_eq!(told.iter().filter(|notice| notice["kind"] == "order_withdrawn").count(), 1, "{login}");
    }
}

#[tokio::test]
async fn an_order_keeps_what_its_letter_said() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    assert_eq!(order["sites"][0]["issued_stage"], "not_started");
    let moved = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant("2026-10-21T10:00:00+08:00"), "in_progress");
    moved.take_effect(&app.pool, &app.world).await;
    let answer = json!({"words": "已复工", "proposed_due_on": null, "photos": []});
    let answered = act(&app.as_login("unit").await, &order, "answer", answer).await.expect(200).json();
    let back = json!({"reason": "请补充", "due_on": "2026-11-12", "rev": answered["rev"]});
    let back = act(&app.as_login("committee").await, &order, "send-back", back).await.expect(200).json();
    assert_eq!((&back["first_due_on"], &back["due_on"]), (&json!("2026-11-05"), &json!("2026-11-12")));
    assert_eq!((&back["sites"][0]["issued_stage"], &back["sites"][0]["stage"]), (&json!("not_started"), &json!("in_progress")));
}
