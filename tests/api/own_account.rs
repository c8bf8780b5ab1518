//! One's own password and sessions: the old password is asked for, wrong ones count, the others' sessions end, one's own stays.

use harness::{Browser, PASSWORD, TestApp};
use serde_json::json;

const NEW: &str = "换过一次的口令也要足够长才行";

async fn lines(app: &TestApp, action: &str, outcome: &str) -> i64 {
    let query = "select count(*) from audit_log where action = $1 and outcome = $2";
    sqlx::query_scalar(query).bind(action).bind(outcome).fetch_one(&app.pool).await.expect("a count")
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session_and_keeps_ones_own() {
    let app = TestApp::start().await;
    for login in ["deputy", "committee"] {
        let (own, other) = (Browser::open(&app), Browser::open(&app));
        own.sign_in(login, PASSWORD).await.expect(200);
        other.sign_in(login, PASSWORD).await.expect(200);
        let (token, session) = (own.cookie("__Host-session").expect("a token"), own.get("/api/sessions").await.expect(200).items());
        let answer = own.put("/api/me/password", json!({"old_password": PASSWORD, "password": NEW})).await.expect(204);
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("; Secure") && cookie.contains("; HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_ne!(own.cookie("__Host-session").expect("a token"), token, "the session goes on under a new token");
        app.visitor().with_token(&token).get("/api/session").await.expect(401);
        own.get("/api/session").await.expect(200);
        let current = |all: &[serde_json::Value]| all.iter().find(|one| one["current"] == true).expect("this one")["id"].clone();
        assert_eq!(current(&own.get("/api/sessions").await.expect(200).items()), current(&session), "it is the same session");
        other.get("/api/session").await.expect(401);
        Browser::open(&app).sign_in(login, PASSWORD).await.expect(401);
        Browser::open(&app).sign_in(login, NEW).await.expect(200);
    }
    assert_eq!(lines(&app, "account.change_password", "done").await, 2);
    let told: String = sqlx::query_scalar("select string_agg(detail::text, '') from audit_log").fetch_one(&app.pool).await.expect("details");
    assert!(!told.contains(NEW) && !told.contains(PASSWORD));
}

#[tokio::test]
async fn the_old_password_is_asked_for_and_wrong_ones_count_as_at_signing_in() {
    let app = TestApp::start().await;
    let found = app.as_login("committee").await;
    for _ in 0..5 {
        let answer = found.put("/api/me/password", json!({"old_password": "a guess of somebody's", "password": NEW})).await.expect(422);
        assert_eq!(answer.fields(), ["old_password"]);
    }
    found.put("/api/me/password", json!({"old_password": PASSWORD, "password": NEW})).await.expect(429);
    assert_eq!(lines(&app, "account.change_password", "refused").await, 5);
    // The lock is the place's: it is the one that signing in meets.
    Browser::open(&app).sign_in("committee", PASSWORD).await.expect(429);
    app.platform.clock.set(app.now() + chrono::TimeDelta::minutes(16));
    found.put("/api/me/password", json!({"old_password": PASSWORD, "password": NEW})).await.expect(204);
}

#[tokio::test]
async fn a_weak_or_unchanged_password_is_refused_by_field_and_costs_no_try() {
    let app = TestApp::start().await;
    let client = app.as_login("deputy").await;
    for _ in 0..3 {
        for password in ["short", "password12345678", PASSWORD] {
            let answer = client.put("/api/me/password", json!({"old_password": PASSWORD, "password": password})).await.expect(422);
            assert_eq!(answer.fields(), ["password"]);
        }
    }
    client.put("/api/me/password", json!({"old_password": PASSWORD, "password": NEW})).await.expect(204);
}

#[tokio::test]
async fn all_other_sessions_end_with_one_act_and_nobody_elses() {
    let app = TestApp::start().await;
    let (own, lost, forgotten, stranger) =
        (app.as_login("deputy").await, app.as_login("deputy").await, app.as_login("deputy").await, app.as_login("deputy2").await);
    assert_eq!(own.delete("/api/sessions").await.expect(200).json(), json!({"ended": 2}));
    for ended in [lost, forgotten] {
        ended.get("/api/session").await.expect(401);
    }
    own.get("/api/session").await.expect(200);
    stranger.get("/api/session").await.expect(200);
    assert_eq!(own.delete("/api/sessions").await.expect(200).json(), json!({"ended": 0}));
    assert_eq!(lines(&app, "session.end_others", "done").await, 2);
}

#[tokio::test]
async fn a_page_that_asks_by_itself_does_not_keep_the_session_alive() {
    let app = TestApp::start().await;
    let (left, used) = (Browser::open(&app), Browser::open(&app));
    for browser in [&left, &used] {
        assert_eq!(browser.sign_in("committee", PASSWORD).await.expect(200).json()["idle_seconds"], 1800);
    }
    let token = left.cookie("__Host-session").expect("a session");
    for minute in (5..=35).step_by(5) {
        app.platform.clock.set(harness::instant("2026-10-20T09:00:00+08:00") + chrono::TimeDelta::minutes(minute));
        let by_itself = app.visitor().with_token(&token).request(reqwest::Method::GET, "/api/session").header("x-unattended", "1");
        let status = harness::Answer::of(by_itself).await.status.as_u16();
        assert_eq!(status, if minute < 30 { 200 } else { 401 }, "after {minute} minutes");
        used.get("/api/session").await.expect(200);
    }
    let seen = "select count(*) from sessions where last_seen_at = created_at";
    assert_eq!(sqlx::query_scalar::<_, i64>(seen).fetch_one(&app.pool).await.expect("a count"), 1);
}

#[tokio::test]
async fn a_right_taken_away_is_gone_at_the_next_request() {
    let app = TestApp::start().await;
    let client = app.as_login("working_committee").await;
    client.get("/api/review").await.expect(200);
    sqlx::query("delete from grants where account_id = $1").bind(app.world.account("working_committee").0).execute(&app.pool).await.expect("taken");
    client.get("/api/review").await.expect(403);
}

#[tokio::test]
async fn nobody_sets_their_own_password_without_the_old_one_by_way_of_the_accounts() {
    let app = TestApp::start().await;
    let own = format!("/api/accounts/{}/password", app.world.account("admin"));
    assert_eq!(app.as_login("admin").await.post(&own, json!({"password": NEW})).await.expect(422).fields(), ["id"]);
}
