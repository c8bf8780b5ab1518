//! What one is told inside the app: one's own, and only once.

use harness::TestApp;
use minsheng_map::notices::{NoticeKind, tell_deputies};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_notice_is_seen_by_its_person_alone_and_read_once() {
    let app = TestApp::start().await;
    let world = &app.world;
    let mut connection = app.pool.acquire().await.expect("a connection");
    let whom = [(world.west[0].site_id, world.deputies["deputy"])];
    tell_deputies(&mut connection, &app.platform.chance, world.county_id, NoticeKind::Reminder, &whom, "请尽快反馈", app.now()).await.expect("told");
    let deputy = app.as_login("deputy").await;
    let notices = deputy.get("/api/me/notices").await.expect(200).items();
    assert_eq!(notices.len(), 1);
    assert_eq!((&notices[0]["kind"], &notices[0]["words"], &notices[0]["read_at"]), (&json!("reminder"), &json!("请尽快反馈"), &json!(null)));
    assert_eq!(notices[0]["site"]["code"], world.west[0].code);
    let path = format!("/api/me/notices/{}/read", notices[0]["id"].as_str().expect("an id"));
    assert!(app.as_login("deputy2").await.get("/api/me/notices").await.expect(200).items().is_empty());
    app.as_login("deputy2").await.post(&path, json!({})).await.expect(404);
    deputy.post(&path, json!({})).await.expect(204);
    app.set_clock("2026-10-21T09:00:00+08:00");
    deputy.post(&path, json!({})).await.expect(204);
    assert_eq!(deputy.get("/api/me/notices").await.items()[0]["read_at"], "2026-10-20T09:00:00+08:00");
    deputy.post(&format!("/api/me/notices/{}/read", Uuid::now_v7()), json!({})).await.expect(404);
    app.visitor().get("/api/me/notices").await.expect(401);
}
