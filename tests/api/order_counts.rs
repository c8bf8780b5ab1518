//! How many orders wait for whom, and how many accounts of a unit can answer one.

use harness::TestApp;
use serde_json::{Value, json};

use crate::orders::{act, issued_by, order, west};

async fn waiting(app: &TestApp, login: &str) -> i64 {
    app.as_login(login).await.get("/api/supervision-orders?limit=1").await.expect(200).json()["waiting"].as_i64().expect("a count")
}

/// What each of them is told, in this order: committee, own township, other township, the unit asked, another unit.
async fn all_waiting(app: &TestApp) -> [i64; 5] {
    let mut counts = [0; 5];
    for (count, login) in counts.iter_mut().zip(["committee", "working_committee", "working_committee_east", "unit", "other_unit"]) {
        *count = waiting(app, login).await;
    }
    counts
}

#[tokio::test]
async fn answers_wait_for_who_decides_about_them_and_orders_for_the_unit() {
    let app = TestApp::start().await;
    assert_eq!(all_waiting(&app).await, [0, 0, 0, 0, 0]);
    let townships = issued_by(&app, "working_committee").await;
    let countys = app.as_login("committee").await.post("/api/supervision-orders", order(&app, &[west(&app)])).await.expect(201).json();
    assert_eq!(all_waiting(&app).await, [0, 0, 0, 2, 0]);
    let unit = app.as_login("unit").await;
    let words = json!({"words": "已增派班组", "proposed_due_on": null, "photos": []});
    let answered = act(&unit, &townships, "answer", words.clone()).await.expect(200).json();
    assert_eq!(all_waiting(&app).await, [1, 1, 0, 1, 0]);
    // The township sees the county's order and has nothing to decide there.
    act(&unit, &countys, "answer", words).await.expect(200);
    assert_eq!(all_waiting(&app).await, [2, 1, 0, 0, 0]);
    let back = json!({"reason": "未附计划", "due_on": "2026-11-20", "rev": answered["rev"]});
    act(&app.as_login("working_committee").await, &townships, "send-back", back).await.expect(200);
    assert_eq!(all_waiting(&app).await, [1, 0, 0, 1, 0]);
    assert_eq!(waiting(&app, "foreign_committee").await, 0);
}

#[tokio::test]
async fn whoever_issues_is_told_how_many_can_answer_for_a_unit() {
    let app = TestApp::start().await;
    let accounts = async |login: &str| -> Value {
        let units = app.as_login(login).await.get("/api/supervision-orders/units").await.expect(200).items();
        units.iter().find(|unit| unit["id"] == json!(app.world.unit_id)).map_or(Value::Null, |unit| unit["accounts"].clone())
    };
    assert_eq!((accounts("committee").await, accounts("working_committee").await), (json!(1), json!(1)));
    assert_eq!(accounts("foreign_committee").await, Value::Null, "another county's units are not told");
    sqlx::query("update accounts set disabled_at = now() where login = 'unit'").execute(&app.pool).await.expect("disabled");
    assert_eq!(accounts("committee").await, json!(0));
    for login in ["deputy", "keeper", "other_unit", "admin", "auditor"] {
        app.as_login(login).await.get("/api/supervision-orders/units").await.expect(403);
    }
}
