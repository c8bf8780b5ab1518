//! Coming again: what has not changed is not sent again, and only what is the same for everybody may be kept by others.

use harness::{Answer, Client, TestApp};
use reqwest::Method;
use serde_json::Value;

use crate::reports::start;

async fn again(visitor: &Client, path: &str, etag: &str) -> Answer {
    Answer::of(visitor.request(Method::GET, path).header("if-none-match", etag.to_owned())).await
}

#[tokio::test]
async fn a_public_answer_that_has_not_changed_is_not_sent_again() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    let visitor = app.visitor();
    let paths =
        ["county", "sites", "sites?stage=not_started&limit=2", "stations", "projects", "regions", "summary", "deputies", "units", "grid-cells"];
    let stories = ["", "/story", "/reports", "/history"].map(|part| format!("/api/sites/{}{part}", site.site_id));
    for path in paths.map(|path| format!("/api/{path}")).into_iter().chain(stories) {
        let first = visitor.get(&path).await.expect(200);
        assert_eq!(first.header("cache-control"), "public, no-cache", "{path}");
        assert_eq!(first.header("set-cookie"), "", "{path}");
        let second = again(&visitor, &path, first.header("etag")).await.expect(304);
        assert!(second.bytes.is_empty(), "{path}");
        assert_eq!((second.header("etag"), second.header("cache-control")), (first.header("etag"), "public, no-cache"), "{path}");
        again(&visitor, &path, "W/\"0\"").await.expect(200);
        let signed_in = app.as_login("committee").await.get(&path).await.expect(200);
        assert_eq!(signed_in.header("etag"), first.header("etag"), "{path}: the same for everybody");
    }
}

#[tokio::test]
async fn a_report_changes_the_answers_in_which_it_shows() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    let visitor = app.visitor();
    let path = format!("/api/sites/{}/reports", site.site_id);
    let before = visitor.get(&path).await.expect(200);
    start(&app.as_login("deputy").await, &site, 1).await;
    let after = again(&visitor, &path, before.header("etag")).await.expect(200);
    assert_eq!(after.items().len(), 1);
    let reports = after.header("etag").to_owned();
    again(&visitor, &path, &reports).await.expect(304);
}

#[tokio::test]
async fn what_depends_on_who_asks_is_kept_by_nobody() {
    let app = TestApp::start().await;
    for (login, path) in [
        ("deputy", "/api/session"),
        ("deputy", "/api/sessions"),
        ("deputy", "/api/me/sites"),
        ("deputy", "/api/me/reports"),
        ("deputy", "/api/me/notices"),
        ("committee", "/api/review"),
        ("committee", "/api/reporting-months/2026-10"),
        ("committee", "/api/imports"),
        ("admin", "/api/accounts"),
        ("auditor", "/api/audit"),
    ] {
        let answer = app.as_login(login).await.get(path).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let refused = app.visitor().get("/api/sites/0").await.expect(404);
    assert_eq!((refused.header("cache-control"), refused.header("etag")), ("no-store", ""));
}

#[tokio::test]
async fn the_public_face_can_be_installed_under_the_countys_name() {
    let app = TestApp::start().await;
    let answer = app.visitor().get("/manifest.webmanifest").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/manifest+json");
    let manifest = answer.json();
    assert_eq!((&manifest["name"], &manifest["display"]), (&Value::from("试验县民生实事项目监督地图"), &Value::from("standalone")));
    assert_eq!((&manifest["start_url"], &manifest["scope"]), (&Value::from("/"), &Value::from("/")));
    let icons = manifest["icons"].as_array().expect("icons");
    for size in ["192x192", "512x512"] {
        assert!(icons.iter().any(|icon| icon["sizes"] == size && icon["type"] == "image/png"), "{size}");
    }
    assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"));
}
