//! The telephone number for notices: a unit hears its orders by it, nobody is shown it whole, and it goes with the account.

use harness::receivers::Gateway;
use harness::{Client, TestApp};
use serde_json::{Value, json};

use crate::deliveries::send_all;
use crate::orders::issued_by;

const PHONE: &str = "13712345678";

async fn app_with_gateway(gateway: &Gateway) -> TestApp {
    TestApp::start_with(|settings| settings.notice_sms_url = Some(format!("{}/send?from={{id}}", gateway.origin))).await
}

async fn give(client: &Client, address: &str, phone: Value) -> harness::Answer {
    client.put(address, json!({ "phone": phone })).await
}

const OWN: &str = "/api/me/notice-phone";

#[tokio::test]
async fn an_order_reaches_its_unit_by_text_message_once_a_number_is_given() {
    let gateway = Gateway::start().await;
    let app = app_with_gateway(&gateway).await;
    let unit = app.as_login("unit").await;
    issued_by(&app, "committee").await;
    send_all(&app).await;
    assert!(gateway.heard().is_empty(), "without a number nothing leaves");
    give(&unit, OWN, json!("+86 137-1234-5678")).await.expect(204);
    issued_by(&app, "committee").await;
    send_all(&app).await;
    let heard = gateway.heard();
    assert_eq!(heard.len(), 1);
    let body: Value = serde_json::from_str(&heard[0].body).expect("JSON");
    assert_eq!(body["phone"], PHONE);
    // Not by text message any more: one's own choice.
    let none = json!({"items": [{"kind": "order_issued", "app": true, "mail": true, "sms": false}]});
    unit.put("/api/me/notice-preferences", none).await.expect(204);
    issued_by(&app, "committee").await;
    send_all(&app).await;
    assert_eq!(gateway.heard().len(), 1);
    // Waiting messages of a number that was taken back find nobody.
    let again = json!({"items": [{"kind": "order_issued", "app": true, "mail": true, "sms": true}]});
    unit.put("/api/me/notice-preferences", again).await.expect(204);
    issued_by(&app, "committee").await;
    give(&unit, OWN, Value::Null).await.expect(204);
    send_all(&app).await;
    assert_eq!(gateway.heard().len(), 1);
}

#[tokio::test]
async fn a_number_is_masked_everywhere_and_goes_with_the_account() {
    let gateway = Gateway::start().await;
    let app = app_with_gateway(&gateway).await;
    let (admin, unit) = (app.as_login("admin").await, app.as_login("unit").await);
    let address = format!("/api/accounts/{}/notice-phone", app.world.account("unit"));
    give(&admin, &address, json!(PHONE)).await.expect(204);
    let own = unit.get("/api/me/notice-preferences").await.expect(200).json();
    assert_eq!((&own["sms"]["to"], &own["phone_is_own"]), (&json!("137******78"), &json!(true)));
    let accounts = admin.get("/api/accounts?limit=200").await.expect(200);
    assert!(!accounts.text().contains(PHONE), "{}", accounts.text());
    let listed = accounts.items().into_iter().find(|account| account["id"] == json!(app.world.account("unit"))).expect("the account");
    assert_eq!(listed["notice_phone"], "137****5678");
    let lines: String =
        sqlx::query_scalar("select string_agg(action || detail::text, ' ') from audit_log").fetch_one(&app.pool).await.expect("lines");
    assert!(lines.contains("notice_phone.give") && !lines.contains(PHONE), "{lines}");
    let count = async || -> i64 { sqlx::query_scalar("select count(*) from notice_phones").fetch_one(&app.pool).await.expect("a count") };
    assert_eq!(count().await, 1);
    admin.post(&format!("/api/accounts/{}/disable", app.world.account("unit")), json!({})).await.expect(200);
    assert_eq!(count().await, 0, "erased as the account ends");
    give(&admin, &address, json!(PHONE)).await.expect(404);
}

#[tokio::test]
async fn whoever_may_not_and_what_cannot_be_is_refused() {
    let app = TestApp::start().await;
    let address = format!("/api/accounts/{}/notice-phone", app.world.account("unit"));
    for login in ["unit", "committee", "security", "auditor", "deputy"] {
        give(&app.as_login(login).await, &address, json!(PHONE)).await.expect(403);
    }
    give(&app.visitor(), OWN, json!(PHONE)).await.expect(401);
    let admin = app.as_login("admin").await;
    give(&admin, &format!("/api/accounts/{}/notice-phone", app.world.account("foreign_committee")), json!(PHONE)).await.expect(404);
    give(&admin, "/api/accounts/987654/notice-phone", Value::Null).await.expect(404);
    for wrong in ["12345", "021-55556666", "110", "1371234567８", "13712345678901"] {
        let answer = give(&app.as_login("unit").await, OWN, json!(wrong)).await.expect(422);
        assert_eq!(answer.fields(), ["phone"], "{wrong}");
    }
    // A deputy hears at the roster's number, and at their own once it is given.
    let deputy = app.as_login("deputy").await;
    let told = async |client: &Client| client.get("/api/me/notice-preferences").await.expect(200).json();
    assert_eq!((&told(&deputy).await["sms"]["to"], &told(&deputy).await["phone_is_own"]), (&json!("139******01"), &json!(false)));
    give(&deputy, OWN, json!(PHONE)).await.expect(204);
    assert_eq!(told(&deputy).await["sms"]["to"], "137******78");
    give(&deputy, OWN, Value::Null).await.expect(204);
    assert_eq!(told(&deputy).await["sms"]["to"], "139******01");
}
