//! What one wants to hear and by which way: one's own choice, but for what duty demands.

use harness::TestApp;
use harness::receivers::{Gateway, MailReceiver};
use serde_json::{Value, json};

use crate::deliveries::{ADDRESS, by_mail, has_address, remind, send_all};

const PATH: &str = "/api/me/notice-preferences";

async fn kind(app: &TestApp, login: &str, kind: &str) -> Option<Value> {
    let page = app.as_login(login).await.get(PATH).await.expect(200).json();
    page["items"].as_array().expect("kinds").iter().find(|item| item["kind"] == kind).cloned()
}

async fn choose(app: &TestApp, login: &str, item: Value) -> harness::Answer {
    app.as_login(login).await.put(PATH, json!({"items": [item]})).await
}

#[tokio::test]
async fn everybody_chooses_among_the_kinds_that_they_get() {
    let app = TestApp::start().await;
    let offered = kind(&app, "deputy", "site_offered").await.expect("deputies get it");
    assert_eq!(offered, json!({"kind": "site_offered", "is_duty": false, "app": true, "mail": true, "sms": false}));
    assert_eq!(kind(&app, "deputy", "report_returned").await.expect("deputies get it")["sms"], true);
    assert!(kind(&app, "deputy", "order_answered").await.is_none() && kind(&app, "unit", "report_returned").await.is_none());
    assert!(kind(&app, "unit", "order_issued").await.is_some() && kind(&app, "committee", "order_answered").await.is_some());
    assert!(kind(&app, "auditor", "reminder").await.is_none());
    choose(&app, "deputy", json!({"kind": "site_offered", "app": false, "mail": true, "sms": true})).await.expect(204);
    let chosen = kind(&app, "deputy", "site_offered").await.expect("kept");
    assert_eq!((&chosen["app"], &chosen["mail"], &chosen["sms"]), (&json!(false), &json!(true), &json!(true)));
    assert_eq!(kind(&app, "deputy2", "site_offered").await.expect("another's")["app"], true);
    let audit: Value = sqlx::query_scalar("select detail from audit_log where action = 'notice.prefer'").fetch_one(&app.pool).await.expect("a line");
    assert_eq!(audit["changed"].as_array().map(Vec::len), Some(2), "what changed and nothing else: {audit}");
}

#[tokio::test]
async fn what_duty_demands_stays_in_the_app_and_may_stay_out_of_the_mailbox() {
    let (mail, sms) = (MailReceiver::start().await, Gateway::start().await);
    let app = TestApp::start_with(|settings| {
        by_mail(settings, &mail);
        settings.notice_sms_url = Some(sms.origin.clone());
    })
    .await;
    has_address(&app, "deputy", ADDRESS).await;
    let refused = choose(&app, "deputy", json!({"kind": "reminder", "app": false, "mail": true, "sms": true})).await.expect(422);
    assert_eq!(refused.fields(), ["items[0].app"]);
    let strange = choose(&app, "deputy", json!({"kind": "order_answered", "app": true, "mail": true, "sms": true})).await.expect(422);
    assert_eq!(strange.fields(), ["items[0].kind"]);
    let twice = json!({"kind": "reminder", "app": true, "mail": true, "sms": true});
    let twice = app.as_login("deputy").await.put(PATH, json!({"items": [twice, twice]})).await.expect(422);
    assert_eq!(twice.fields(), ["items[1].kind"]);
    choose(&app, "deputy", json!({"kind": "reminder", "app": true, "mail": false, "sms": false})).await.expect(204);
    remind(&app).await;
    send_all(&app).await;
    assert_eq!(app.as_login("deputy").await.get("/api/me/notices").await.items().len(), 1);
    assert!(mail.mails().is_empty());
    assert_eq!(sms.heard().len(), 1, "the other deputy's");
}

#[tokio::test]
async fn a_kind_turned_down_is_not_shown_and_the_file_says_so() {
    let app = TestApp::start().await;
    choose(&app, "deputy", json!({"kind": "plan_changed", "app": false, "mail": false, "sms": false})).await.expect(204);
    let site = app.world.west[0].site_id;
    let committee = app.as_login("committee").await;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.0).fetch_one(&app.pool).await.expect("a site");
    let change = json!({"decision_number": "县人常〔2026〕12号", "decided_on": "2026-10-18", "reason": "汛期顺延",
        "planned_finish_on": "2026-12-31", "rev": rev});
    committee.post(&format!("/api/sites/{site}/plan-changes"), change).await.expect(200);
    assert!(app.as_login("deputy").await.get("/api/me/notices").await.items().is_empty());
    assert_eq!(app.as_login("deputy2").await.get("/api/me/notices").await.items().len(), 1);
    let file = committee.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    let shown: Vec<_> = file["notices"].as_array().expect("notices").iter().map(|sent| (sent["to"].as_str(), sent["shown"].as_bool())).collect();
    assert!(shown.contains(&(Some("deputy"), Some(false))) && shown.iter().any(|(_, shown)| *shown == Some(true)), "{shown:?}");
}
