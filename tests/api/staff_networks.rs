//! Staff work from the office's networks only: at signing in, at each request, behind the trusted proxy, and nobody else is bound.

use harness::{Answer, Browser, PASSWORD, TestApp};
use serde_json::{Value, json};

use crate::calls::{Things, documented_routes};

async fn bound() -> TestApp {
    TestApp::start_with(|settings| {
        settings.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
        settings.staff_networks = vec!["10.20.0.0/16".parse().expect("a range"), "2001:db8:5::/48".parse().expect("a range")];
    })
    .await
}

#[tokio::test]
async fn staff_sign_in_from_the_ranges_only_and_deputies_from_everywhere() {
    let app = bound().await;
    for inside in ["10.20.3.4", "2001:db8:5:9::1", "::ffff:10.20.3.4"] {
        Browser::at(&app, inside).sign_in("committee", PASSWORD).await.expect(200);
    }
    for outside in ["10.21.0.1", "203.0.113.9", "2001:db8:6::1"] {
        let refused = Browser::at(&app, outside).sign_in("committee", PASSWORD).await.expect(403);
        assert!(refused.json()["detail"].as_str().is_some_and(|words| words.contains("办公网络")));
        // Whether the password is right is told to nobody who has not given it.
        Browser::at(&app, outside).sign_in("committee", "not the password").await.expect(401);
        Browser::at(&app, outside).sign_in("deputy", PASSWORD).await.expect(200);
    }
    let lines: Vec<Value> =
        sqlx::query_scalar("select detail from audit_log where action = 'session.begin' and outcome = 'refused' and detail <> '{}'")
            .fetch_all(&app.pool)
            .await
            .expect("lines");
    assert_eq!(lines, vec![json!({"by": "address"}); 3]);
}

#[tokio::test]
async fn an_open_session_is_of_no_use_elsewhere_and_the_public_map_still_is() {
    let app = bound().await;
    let browser = Browser::at(&app, "10.20.3.4");
    browser.sign_in("committee", PASSWORD).await.expect(200);
    browser.get("/api/review").await.expect(200);
    let browser = browser.moved_to("203.0.113.9");
    for path in ["/api/review", "/api/session", "/api/sessions", "/api/me/notices"] {
        assert_eq!(browser.get(path).await.expect(403).code(), "forbidden", "{path}");
    }
    browser.post("/api/reminders", json!({"site_ids": [app.world.west[0].site_id], "to": "adopters", "words": ""})).await.expect(403);
    browser.get("/api/map/sites").await.expect(200);
    let refused: i64 = sqlx::query_scalar(
        "select count(*) from audit_log where action = 'access.refuse' and detail = '{\"by\": \"address\"}' and address = '203.0.113.9'",
    )
    .fetch_one(&app.pool)
    .await
    .expect("a count");
    assert_eq!(refused, 5);
    browser.moved_to("10.20.3.5").get("/api/review").await.expect(200);
}

#[tokio::test]
async fn every_route_that_asks_who_one_is_is_shut_to_staff_outside_and_open_within() {
    let app = TestApp::start_with(|settings| {
        settings.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
        settings.staff_networks = vec!["10.20.0.0/16".parse().expect("a range"), "127.0.0.1/32".parse().expect("a range")];
    })
    .await;
    let things = Things::prepare(&app).await;
    let mut shut = 0;
    for route in documented_routes(&app).await {
        let call = things.call(&route);
        if call.path == "/api/events" || call.send(&app.visitor()).await.status.as_u16() != 401 {
            continue;
        }
        for login in ["committee", "working_committee", "unit", "keeper", "admin", "security", "auditor"] {
            let client = app.as_login(login).await;
            let from = async |address: &str| {
                let request = client.request(call.method.clone(), &call.path).header("x-forwarded-for", address);
                Answer::of(call.on(request)).await
            };
            // Signing in is asked about before anybody is known; its steps have their own words.
            if !route.contains("/api/session/") {
                let refused = from("203.0.113.9").await;
                assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "forbidden"), "{route} by {login}: {}", refused.text());
                assert!(refused.text().contains("办公网络"), "{route} by {login}: {}", refused.text());
                shut += 1;
            }
        }
    }
    assert!(shut >= 800, "{shut}");
}
