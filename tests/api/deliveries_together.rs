//! What one act tells one person about many sites leaves as one message, and stays on record at each site.

use std::time::Duration;

use harness::TestApp;
use harness::receivers::{Gateway, MailReceiver};
use serde_json::json;

use crate::deliveries::{by_mail, has_address, listed, rows, send_all};

#[tokio::test]
async fn what_one_act_tells_one_person_about_many_sites_is_one_message_in_each_site_s_file() {
    let (mail, sms) = (MailReceiver::start().await, Gateway::start().await);
    let app = TestApp::start_with(|settings| {
        by_mail(settings, &mail);
        settings.notice_sms_url = Some(format!("{}/send?from={{id}}", sms.origin));
        settings.sms_key = Some("k1".to_owned());
    })
    .await;
    has_address(&app, "unit", "unit@county.example").await;
    let sites: Vec<_> = app.world.west.iter().map(|site| site.site_id).collect();
    let body = json!({"site_ids": sites, "to": "unit", "words": "请说明进度"});
    let committee = app.as_login("committee").await;
    committee.post("/api/reminders", body.clone()).await.expect(200);
    assert_eq!(rows(&app).await.len(), sites.len(), "one on record for each site");
    committee.post("/api/reminders", body).await.expect(200);
    assert_eq!(send_all(&app).await, 2, "one message for each act");
    let mails = mail.mails();
    assert_eq!(mails.len(), 2);
    for site in &app.world.west {
        assert!(mails[0].text.contains(&site.code), "{} in {}", site.code, mails[0].text);
        let file = committee.get(&format!("/api/sites/{}/file", site.site_id)).await.expect(200).json();
        let ways: Vec<_> = file["notices"].as_array().expect("notices").iter().flat_map(|sent| sent["ways"].as_array().cloned()).flatten().collect();
        assert!(ways.len() == 2 && ways.iter().all(|way| way["state"] == "delivered"), "{ways:?}");
    }
    assert!(rows(&app).await.iter().all(|row| row.1 == "delivered" && row.2 == 1));
    assert_eq!(send_all(&app).await, 0);
}

#[tokio::test]
async fn what_fails_of_many_sites_fails_together_and_is_sent_again_together() {
    let receiver = MailReceiver::answering(Duration::ZERO, |_, before| if before < 1 { 550 } else { 250 }).await;
    let app = TestApp::start_with(|settings| by_mail(settings, &receiver)).await;
    has_address(&app, "unit", "unit@county.example").await;
    let sites: Vec<_> = app.world.west.iter().map(|site| site.site_id).collect();
    let committee = app.as_login("committee").await;
    committee.post("/api/reminders", json!({"site_ids": sites, "to": "unit", "words": ""})).await.expect(200);
    assert_eq!(send_all(&app).await, 1);
    assert!(rows(&app).await.iter().all(|row| row.1 == "dead"), "{:?}", rows(&app).await);
    let dead = listed(&app, "committee", "?state=dead").await;
    let again = committee.post("/api/deliveries/again", json!({"ids": [dead[0]["id"]]})).await.expect(200).json();
    assert_eq!(again["sent_again"], sites.len(), "all that travelled in it");
    assert_eq!(send_all(&app).await, 1);
    assert!(rows(&app).await.iter().all(|row| row.1 == "delivered"));
}
