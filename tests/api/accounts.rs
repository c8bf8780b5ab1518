//! Signing in, sessions, and the administrator's accounts.

use harness::{Browser, Client, PASSWORD, TestApp};
use serde_json::json;

async fn sign_in(app: &TestApp, login: &str, password: &str) -> harness::Answer {
    let request = app.visitor().request(reqwest::Method::POST, "/api/session").json(&json!({ "login": login, "password": password }));
    harness::Answer::of(request).await
}

fn session_cookie(answer: &harness::Answer) -> &str {
    let mut cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    cookies.find(|cookie| cookie.starts_with("__Host-session=")).expect("a session cookie")
}

fn token(answer: &harness::Answer) -> String {
    session_cookie(answer).strip_prefix("__Host-session=").and_then(|rest| rest.split(';').next()).expect("a session cookie").to_owned()
}

async fn signed_in(app: &TestApp, login: &str) -> Client {
    app.visitor().with_token(&token(&sign_in(app, login, PASSWORD).await.expect(200)))
}

#[tokio::test]
async fn signing_in_says_who_one_is_and_signing_out_ends_it() {
    let app = TestApp::start().await;
    let answer = sign_in(&app, " Working_Committee ", PASSWORD).await.expect(200);
    let body = answer.json();
    assert_eq!(body["account"]["login"], "working_committee");
    assert_eq!(body["grants"][0]["role"], "working_committee");
    assert_eq!(body["grants"][0]["region"], json!({"code": "339901001", "name": "西河镇"}));
    let client = app.visitor().with_token(&token(&answer));
    client.get("/api/session").await.expect(200);
    let out = client.delete("/api/session").await.expect(204);
    assert_eq!(out.header("clear-site-data"), "\"cache\"");
    assert_eq!(client.get("/api/session").await.expect(401).code(), "sign_in_required");
}

#[tokio::test]
async fn the_cookie_is_bound_to_the_host_and_hidden_from_scripts() {
    let app = TestApp::start().await;
    let answer = sign_in(&app, "deputy", PASSWORD).await.expect(200);
    let cookie = session_cookie(&answer);
    for part in ["__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(token(&answer).len() * 4 >= 128);
}

#[tokio::test]
async fn the_database_holds_no_token_that_could_be_used() {
    let app = TestApp::start().await;
    let answer = sign_in(&app, "deputy", PASSWORD).await.expect(200);
    let token = token(&answer);
    let stored: Vec<u8> = sqlx::query_scalar("select token_hash from sessions").fetch_one(&app.pool).await.expect("a session");
    assert_ne!(stored, token.as_bytes());
    let dump: String = sqlx::query_scalar("select row_to_json(sessions)::text from sessions").fetch_one(&app.pool).await.expect("a row");
    assert!(!dump.contains(&token));
    app.visitor().with_token(&"0".repeat(64)).get("/api/session").await.expect(401);
}

#[tokio::test]
async fn a_session_token_is_new_at_each_sign_in_and_the_former_one_ends() {
    let app = TestApp::start().await;
    let first = signed_in(&app, "committee").await;
    let request = first.request(reqwest::Method::POST, "/api/session").json(&json!({ "login": "committee", "password": PASSWORD }));
    let second = app.visitor().with_token(&token(&harness::Answer::of(request).await.expect(200)));
    first.get("/api/session").await.expect(401);
    second.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn wrong_login_and_wrong_password_answer_alike() {
    let app = TestApp::start().await;
    let unknown = sign_in(&app, "nobody-here", "whatever it is").await.expect(401).json();
    let wrong = sign_in(&app, "deputy", "whatever it is").await.expect(401).json();
    for key in ["code", "title", "detail", "status", "fields"] {
        assert_eq!(unknown[key], wrong[key]);
    }
    let refused: i64 = sqlx::query_scalar("select count(*) from audit_log where action = 'session.begin' and outcome = 'refused'")
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(refused, 2);
}

#[tokio::test]
async fn sessions_end_by_disuse_and_at_their_absolute_end() {
    let app = TestApp::start().await;
    let staff = signed_in(&app, "committee").await;
    let deputy = signed_in(&app, "deputy").await;
    app.set_clock("2026-10-20T09:29:00+08:00");
    staff.get("/api/session").await.expect(200);
    app.set_clock("2026-10-20T10:00:00+08:00");
    staff.get("/api/session").await.expect(401);
    app.set_clock("2026-10-27T08:00:00+08:00");
    deputy.get("/api/session").await.expect(200);
    app.set_clock("2026-11-03T09:00:01+08:00");
    deputy.get("/api/session").await.expect(401);
}

#[tokio::test]
async fn own_sessions_are_listed_and_can_be_ended_but_not_those_of_others() {
    let app = TestApp::start().await;
    let phone = signed_in(&app, "deputy").await;
    let lost = signed_in(&app, "deputy").await;
    let stranger = signed_in(&app, "deputy2").await;
    let sessions = phone.get("/api/sessions").await.expect(200).items();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["current"] == false).expect("the other phone");
    let address = format!("/api/sessions/{}", other["id"].as_str().expect("an id"));
    stranger.delete(&address).await.expect(404);
    phone.delete(&address).await.expect(204);
    lost.get("/api/session").await.expect(401);
    phone.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn the_administrator_makes_disables_and_re_enables_accounts() {
    let app = TestApp::start().await;
    let admin = app.as_login("admin").await;
    let body = json!({"login": "Wang.Wu", "name": "王五", "password": PASSWORD, "grants": [{"role": "committee", "region": "339901"}]});
    let made = admin.post("/api/accounts", body.clone()).await.expect(201).json();
    assert_eq!(made["login"], "wang.wu");
    assert_eq!(admin.post("/api/accounts", body).await.expect(422).fields(), ["login"]);
    let browser = Browser::open(&app);
    let own = "本人自己选的一句话口令不告诉别人";
    assert_eq!(browser.sign_in("wang.wu", PASSWORD).await.expect(202).json()["step"], "new_password", "what somebody else chose is changed first");
    browser.get("/api/session").await.expect(401);
    browser.post("/api/session/password", json!({"password": own})).await.expect(200);
    let signed_in = async || app.visitor().with_token(&token(&sign_in(&app, "wang.wu", own).await.expect(200)));
    let client = signed_in().await;
    let id = made["id"].as_i64().expect("an id");
    admin.post(&format!("/api/accounts/{id}/disable"), json!({})).await.expect(200);
    client.get("/api/session").await.expect(401);
    sign_in(&app, "wang.wu", own).await.expect(401);
    admin.post(&format!("/api/accounts/{id}/enable"), json!({})).await.expect(200);
    let client = signed_in().await;
    admin.post(&format!("/api/accounts/{id}/password"), json!({"password": "另一个足够长的密码短语句子"})).await.expect(200);
    client.get("/api/session").await.expect(401);
    assert_eq!(sign_in(&app, "wang.wu", "另一个足够长的密码短语句子").await.expect(202).json()["step"], "new_password");
    let names: Vec<String> = admin.get("/api/accounts?q=王五").await.expect(200).items().iter().map(|item| item["login"].to_string()).collect();
    assert_eq!(names, ["\"wang.wu\""]);
}

#[tokio::test]
async fn accounts_outside_of_the_county_cannot_be_seen_or_touched() {
    let app = TestApp::start().await;
    let foreign = app.as_login("foreign_admin").await;
    let target = app.world.account("deputy").0;
    let missing = foreign.post("/api/accounts/999999/disable", json!({})).await.expect(404);
    let other = foreign.post(&format!("/api/accounts/{target}/disable"), json!({})).await.expect(404);
    assert_eq!(missing.json()["code"], other.json()["code"]);
    let body = json!({"login": "intruder", "name": "x", "password": PASSWORD, "grants": [{"role": "committee", "region": "339901"}]});
    foreign.post("/api/accounts", body).await.expect(422);
    let logins = foreign.get("/api/accounts").await.expect(200).items();
    assert!(logins.iter().all(|item| item["login"].as_str().is_some_and(|login| login.starts_with("foreign_"))));
}

#[tokio::test]
async fn a_weak_password_or_a_right_without_its_thing_is_refused_by_field() {
    let app = TestApp::start().await;
    let admin = app.as_login("admin").await;
    let with = |password: &str, grant: serde_json::Value| json!({"login": "new", "name": "新人", "password": password, "grants": [grant]});
    let committee = json!({"role": "committee", "region": "339901"});
    assert_eq!(admin.post("/api/accounts", with("short", committee)).await.expect(422).fields(), ["password"]);
    let nameless = json!({"role": "deputy", "region": "339901"});
    assert_eq!(admin.post("/api/accounts", with(PASSWORD, nameless)).await.expect(422).fields(), ["grants[0].deputy_id"]);
    let unknown = json!({"role": "king", "region": "339901"});
    assert_eq!(admin.post("/api/accounts", with(PASSWORD, unknown)).await.expect(422).fields(), ["grants[0].role"]);
}
