//! The server's own clock put back by an hour, as a bad time server does it: sessions, keys, limits and reports hold.

use harness::{TestApp, pictures};
use serde_json::json;
use uuid::Uuid;

use crate::reports::{count, path, report, send_photo, with};

#[tokio::test]
async fn a_server_clock_that_steps_back_an_hour_ends_no_session_and_loses_no_report() {
    let app = TestApp::start_with(|settings| settings.photos_per_day = 3).await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    let photo = send_photo(&deputy, 1).await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let body = with(report(&site, "in_progress", 40), json!({"photos": [photo]}));
    let receipt = deputy.put(&path(first), body.clone()).await.expect(201);
    app.set_clock("2026-10-20T08:00:00+08:00");
    deputy.get("/api/session").await.expect(200);
    app.as_login("deputy2").await.get("/api/session").await.expect(200);
    assert_eq!(deputy.put(&path(first), body.clone()).await.expect(200).bytes, receipt.bytes, "the same receipt as before the step");
    // A phone that is right seems an hour ahead: its report is taken, its clock doubted, and the month is the right one.
    let later = with(body, json!({"percent": 45, "written_at": "2026-10-20T09:10:00+08:00"}));
    let told = deputy.put(&path(second), later).await.expect(201).json();
    assert_eq!((&told["month"], &told["clock_doubted"], &told["version"]), (&json!("2026-10"), &json!(true), &json!(2)));
    assert_eq!(count(&app, "reports where state = 'standing'").await, 1);
    // The day's measure of pictures neither grows nor begins anew.
    send_photo(&deputy, 2).await;
    send_photo(&deputy, 3).await;
    let fourth = pictures::jpeg(4);
    deputy.put_bytes(&format!("/api/photos/{}", pictures::sha256(&fourth)), fourth).await.expect(429);
    app.set_clock("2026-10-20T10:00:00+08:00");
    deputy.get("/api/session").await.expect(200);
}
