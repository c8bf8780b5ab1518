//! A unit's new date agreed to, and who hears of an answer when the person who issued the order is gone.

use harness::{TestApp, WEST};
use serde_json::{Value, json};

use crate::orders::{act, issued_by, mornings};

fn answer(proposed: Value) -> Value {
    json!({"words": "管材到货推迟", "proposed_due_on": proposed, "photos": []})
}

async fn told(app: &TestApp, login: &str, kind: &str) -> usize {
    let items = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
    items.iter().filter(|notice| notice["kind"] == kind).count()
}

async fn seen(app: &TestApp, order: &Value) -> Value {
    app.as_login("committee").await.get(&format!("/api/supervision-orders/{}", order["id"])).await.expect(200).json()
}

#[tokio::test]
async fn an_order_whose_new_date_was_agreed_to_waits_and_rises_from_that_date() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    let answered = act(&app.as_login("unit").await, &order, "answer", answer(json!("2026-12-10"))).await.expect(200).json();
    let (committee, words) = (app.as_login("committee").await, json!({"words": "", "rev": answered["rev"]}));
    let agreed = act(&committee, &order, "agree-date", words.clone()).await.expect(200).json();
    assert_eq!((&agreed["state"], &agreed["open"]), (&json!("issued"), &json!(true)));
    assert_eq!((&agreed["due_on"], &agreed["first_due_on"]), (&json!("2026-12-10"), &json!("2026-11-05")));
    assert_eq!((&agreed["steps"][2]["kind"], &agreed["steps"][2]["due_on"]), (&json!("date_agreed"), &json!("2026-12-10")));
    assert_eq!(told(&app, "unit", "order_date_agreed").await, 1);
    act(&committee, &order, "agree-date", words).await.expect(409);
    let public = app.visitor().get(&format!("/api/sites/{}/orders", app.world.west[0].site_id)).await.expect(200).items();
    assert_eq!((&public[0]["first_due_on"], &public[0]["due_on"]), (&json!("2026-11-05"), &json!("2026-12-10")));
    for (day, level) in [
        ("2026-11-30", "order"),
        ("2026-12-16", "order"),
        ("2026-12-17", "key_supervision"),
        ("2026-12-18", "key_supervision"),
        ("2026-12-25", "special_inquiry"),
    ] {
        mornings(&app, day).await;
        assert_eq!(seen(&app, &order).await["level"], level, "{day}");
    }
    let raised = seen(&app, &order).await["steps"].as_array().expect("steps").iter().filter(|step| step["kind"] == "raised").count();
    assert_eq!(raised, 2);
}

#[tokio::test]
async fn only_a_date_that_was_proposed_and_lies_ahead_is_agreed_to() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    let (committee, unit) = (app.as_login("committee").await, app.as_login("unit").await);
    act(&committee, &order, "agree-date", json!({"words": "", "rev": order["rev"]})).await.expect(409);
    let answered = act(&unit, &order, "answer", answer(Value::Null)).await.expect(200).json();
    act(&committee, &order, "agree-date", json!({"words": "", "rev": answered["rev"]})).await.expect(409);
    act(&committee, &order, "agree-date", json!({"words": "", "rev": 999})).await.expect(409);
    let back = json!({"reason": "请定日期", "due_on": "2026-11-12", "rev": answered["rev"]});
    act(&committee, &order, "send-back", back).await.expect(200);
    let answered = act(&unit, &order, "answer", answer(json!("2026-11-20"))).await.expect(200).json();
    mornings(&app, "2026-11-21").await;
    act(&app.as_login("committee").await, &order, "agree-date", json!({"words": "", "rev": answered["rev"]})).await.expect(409);
}

#[tokio::test]
async fn a_level_reached_is_kept_and_not_climbed_again_after_a_new_date() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    mornings(&app, "2026-11-12").await;
    let answered = act(&app.as_login("unit").await, &order, "answer", answer(json!("2026-12-10"))).await.expect(200).json();
    act(&app.as_login("committee").await, &order, "agree-date", json!({"words": "", "rev": answered["rev"]})).await.expect(200);
    for (day, level) in [("2026-11-30", "key_supervision"), ("2026-12-17", "key_supervision"), ("2026-12-25", "special_inquiry")] {
        mornings(&app, day).await;
        assert_eq!(seen(&app, &order).await["level"], level, "{day}");
    }
}

#[tokio::test]
async fn an_answer_reaches_the_office_when_who_issued_the_order_is_gone() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "working_committee").await;
    assert_eq!(order["region"]["code"], WEST);
    sqlx::query("update accounts set disabled_at = now() where login like 'working_committee%' and name = $1")
        .bind(order["issued_by"].as_str())
        .execute(&app.pool)
        .await
        .expect("disabled");
    act(&app.as_login("unit").await, &order, "answer", answer(Value::Null)).await.expect(200);
    assert_eq!(told(&app, "committee", "order_answered").await, 1);
}

#[tokio::test]
async fn the_county_hears_of_a_townships_order_when_it_becomes_a_special_inquiry() {
    let app = TestApp::start().await;
    issued_by(&app, "working_committee").await;
    mornings(&app, "2026-11-12").await;
    assert_eq!((told(&app, "working_committee", "order_raised").await, told(&app, "committee", "order_raised").await), (1, 0));
    mornings(&app, "2026-11-20").await;
    assert_eq!((told(&app, "working_committee", "order_raised").await, told(&app, "committee", "order_raised").await), (2, 1));
}
