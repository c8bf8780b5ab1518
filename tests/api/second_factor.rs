//! Second factors: begun, shown, asked for, lost; what a code may be used for and how often.

use chrono::TimeDelta;
use harness::{Answer, Browser, PASSWORD, TestApp};
use minsheng_map::accounts::second_factor::{STEP_S, code_at};
use minsheng_map::config::SecondFactorRule;
use serde_json::{Value, json};

/// The secret of an answer, as an app would read it.
fn secret_of(answer: &Value) -> Vec<u8> {
    let letters = answer["secret"].as_str().expect("a secret").replace(' ', "");
    let value = |letter: u8| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == letter).expect("base 32");
    let bits: Vec<bool> = letters.bytes().flat_map(|letter| (0..5).rev().map(move |bit| value(letter) >> bit & 1 == 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |number, bit| number << 1 | u8::from(*bit))).collect()
}

fn code_now(app: &TestApp, secret: &[u8]) -> String {
    code_at(secret, app.now().timestamp() / STEP_S)
}

fn later(app: &TestApp, seconds: i64) {
    app.platform.clock.set(app.now() + TimeDelta::seconds(seconds));
}

/// A factor of somebody's own, with its recovery codes.
async fn enrol(app: &TestApp, login: &str) -> (Vec<u8>, Vec<String>) {
    let browser = Browser::open(app);
    browser.sign_in(login, PASSWORD).await.expect(200);
    let begun = browser.post("/api/me/second-factor", json!({"password": PASSWORD})).await.expect(200).json();
    let secret = secret_of(&begun);
    assert_eq!(secret.len(), 20);
    assert!(begun["address"].as_str().is_some_and(|address| address.starts_with("otpauth://totp/")) && begun["qr"]["side"].as_i64() > Some(20));
    let shown = browser.post("/api/me/second-factor/confirmation", json!({"code": code_now(app, &secret)})).await.expect(200).json();
    let codes: Vec<String> = serde_json::from_value(shown["recovery_codes"].clone()).expect("codes");
    assert_eq!(codes.len(), 10);
    later(app, STEP_S);
    (secret, codes)
}

async fn half_signed_in(app: &TestApp, login: &str) -> Browser {
    let browser = Browser::open(app);
    let answer = browser.sign_in(login, PASSWORD).await.expect(202);
    assert_eq!(answer.json()["step"], "code");
    assert!(browser.cookie("__Host-session").is_none());
    let cookie = answer.headers.get("set-cookie").and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    for part in ["__Host-sign-in=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    browser
}

async fn give(browser: &Browser, code: &str) -> Answer {
    browser.post("/api/session/code", json!({ "code": code })).await
}

#[tokio::test]
async fn a_password_alone_signs_nobody_in_who_has_a_second_factor() {
    let app = TestApp::start().await;
    let (secret, _) = enrol(&app, "committee").await;
    let browser = half_signed_in(&app, "committee").await;
    browser.get("/api/session").await.expect(401);
    browser.get("/api/review").await.expect(401);
    let session = give(&browser, &code_now(&app, &secret)).await.expect(200).json();
    assert_eq!(session["account"]["login"], "committee");
    browser.get("/api/review").await.expect(200);
    assert!(browser.cookie("__Host-sign-in").is_none());
    let begun: i64 = sqlx::query_scalar("select count(*) from audit_log where action = 'session.begin' and outcome = 'done'")
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(begun, 2, "the half way in is no sign-in");
}

#[tokio::test]
async fn a_code_works_once_and_one_step_to_either_side() {
    let app = TestApp::start().await;
    let (secret, _) = enrol(&app, "committee").await;
    let step = app.now().timestamp() / STEP_S;
    for (off, taken) in [(-3, false), (2, false), (1, true), (1, false), (0, false), (-1, false)] {
        let browser = half_signed_in(&app, "committee").await;
        let status = give(&browser, &code_at(&secret, step + off)).await.status.as_u16();
        assert_eq!(status == 200, taken, "a code {off} steps away: {status}");
    }
    later(&app, 60);
    give(&half_signed_in(&app, "committee").await, &code_now(&app, &secret)).await.expect(200);
}

#[tokio::test]
async fn of_two_browsers_with_the_same_code_one_comes_in() {
    let app = TestApp::start().await;
    let other = app.second_server().await;
    let (secret, _) = enrol(&app, "committee").await;
    let (one, two) = (half_signed_in(&app, "committee").await, half_signed_in(&other, "committee").await);
    let code = code_now(&app, &secret);
    let (first, second) = tokio::join!(give(&one, &code), give(&two, &code));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}

#[tokio::test]
async fn a_recovery_code_works_once_and_is_kept_as_a_hash() {
    let app = TestApp::start().await;
    let (_, codes) = enrol(&app, "committee").await;
    let dump: String =
        sqlx::query_scalar("select string_agg(row_to_json(recovery_codes)::text, '') from recovery_codes").fetch_one(&app.pool).await.expect("rows");
    assert!(codes.iter().all(|code| !dump.contains(code) && !dump.contains(&code.replace('-', ""))));
    let browser = half_signed_in(&app, "committee").await;
    give(&browser, &codes[3].to_uppercase()).await.expect(200);
    let standing = browser.get("/api/me/second-factor").await.expect(200).json();
    assert_eq!((&standing["recovery_codes_left"], &standing["required"]), (&json!(9), &json!(false)));
    give(&half_signed_in(&app, "committee").await, &codes[3]).await.expect(422);
    give(&half_signed_in(&app, "committee").await, &codes[4]).await.expect(200);
    let used = "select count(*) from audit_log where action = 'second_factor.recover' and outcome = 'done'";
    assert_eq!(sqlx::query_scalar::<_, i64>(used).fetch_one(&app.pool).await.expect("a count"), 2);
}

#[tokio::test]
async fn guessing_ends_the_half_way_and_then_the_budget_and_never_hinders_a_known_device() {
    let app = TestApp::start().await;
    let owner = Browser::open(&app);
    owner.sign_in("committee", PASSWORD).await.expect(200);
    let (secret, _) = enrol(&app, "committee").await;
    for round in 0..2 {
        let enemy = half_signed_in(&app, "committee").await;
        for attempt in 1..=5 {
            let answer = give(&enemy, "000000").await;
            assert_eq!(answer.status.as_u16(), if attempt < 5 { 422 } else { 401 }, "round {round}: {}", answer.text());
        }
        give(&enemy, &code_now(&app, &secret)).await.expect(401);
    }
    let enemy = half_signed_in(&app, "committee").await;
    let refused = give(&enemy, &code_now(&app, &secret)).await.expect(429);
    assert!(refused.header("retry-after").parse::<i64>().is_ok_and(|seconds| seconds <= 1800));
    assert_eq!(owner.sign_in("committee", PASSWORD).await.expect(202).json()["step"], "code");
    give(&owner, &code_now(&app, &secret)).await.expect(200);
    let refused = "select count(*) from audit_log where action = 'session.begin' and outcome = 'refused' and detail = '{\"by\": \"code\"}'";
    assert_eq!(sqlx::query_scalar::<_, i64>(refused).fetch_one(&app.pool).await.expect("a count"), 10);
}

#[tokio::test]
async fn the_half_way_is_bound_to_its_browser_short_and_opens_nothing_else() {
    let app = TestApp::start().await;
    let (secret, _) = enrol(&app, "committee").await;
    give(&Browser::open(&app), &code_now(&app, &secret)).await.expect(401);
    let browser = half_signed_in(&app, "committee").await;
    let token = browser.cookie("__Host-sign-in").expect("a cookie");
    app.visitor().with_token(&token).get("/api/session").await.expect(401);
    browser.post("/api/session/password", json!({"password": "换过一次的口令也要足够长才行"})).await.expect(409);
    browser.post("/api/session/factor", json!({})).await.expect(409);
    browser.put("/api/session/factor", json!({"code": "123456"})).await.expect(409);
    let stored: Vec<u8> = sqlx::query_scalar("select token_hash from pending_sign_ins").fetch_one(&app.pool).await.expect("a row");
    assert_ne!(hex::encode(stored), token);
    later(&app, 10 * 60 + 1);
    give(&browser, &code_now(&app, &secret)).await.expect(401);
    // Another password, or a disabled account, ends what was begun with the former.
    let browser = half_signed_in(&app, "committee").await;
    let account = app.world.account("committee");
    app.as_login("admin").await.post(&format!("/api/accounts/{account}/disable"), json!({})).await.expect(200);
    give(&browser, &code_now(&app, &secret)).await.expect(401);
}

#[tokio::test]
async fn the_secret_cannot_be_used_from_the_database_alone() {
    let app = TestApp::start().await;
    let (secret, _) = enrol(&app, "committee").await;
    let sealed: Vec<u8> = sqlx::query_scalar("select sealed_secret from second_factors").fetch_one(&app.pool).await.expect("a row");
    assert!(!sealed.windows(secret.len()).any(|part| part == secret));
    assert!(app.data_dir.join("second-factor.key").is_file());
    // What the answers were does not lie in the database either.
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("select body from idempotency_keys").fetch_all(&app.pool).await.expect("rows");
    let told = kept.iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect::<String>();
    assert!(told.contains("recovery_codes") && !told.contains("otpauth"), "{told}");
    // Put into another account's row it opens nothing.
    sqlx::query("insert into second_factors select $1, sealed_secret, begun_at, confirmed_at, 0 from second_factors")
        .bind(app.world.account("unit").0)
        .execute(&app.pool)
        .await
        .expect("copied");
    give(&half_signed_in(&app, "unit").await, &code_now(&app, &secret)).await.expect(409);
}

#[tokio::test]
async fn beginning_and_ending_a_factor_ask_for_password_and_code() {
    let app = TestApp::start().await;
    let found = app.as_login("unit").await;
    assert_eq!(found.post("/api/me/second-factor", json!({"password": "a guess"})).await.expect(422).fields(), ["password"]);
    let (secret, _) = enrol(&app, "unit").await;
    found.post("/api/me/second-factor", json!({"password": PASSWORD})).await.expect(409);
    let remove = async |password: &str, code: &str| found.post("/api/me/second-factor/removal", json!({"password": password, "code": code})).await;
    assert_eq!(remove("a guess", &code_now(&app, &secret)).await.expect(422).fields(), ["password"]);
    assert_eq!(remove(PASSWORD, "000000").await.expect(422).fields(), ["code"]);
    remove(PASSWORD, &code_now(&app, &secret)).await.expect(204);
    Browser::open(&app).sign_in("unit", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_factor_that_was_begun_and_never_shown_is_not_asked_for() {
    let app = TestApp::start().await;
    let browser = Browser::open(&app);
    browser.sign_in("unit", PASSWORD).await.expect(200);
    browser.post("/api/me/second-factor", json!({"password": PASSWORD})).await.expect(200);
    assert_eq!(browser.post("/api/me/second-factor/confirmation", json!({"code": "000000"})).await.expect(422).fields(), ["code"]);
    Browser::open(&app).sign_in("unit", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn where_the_county_wants_it_staff_make_a_factor_at_their_next_sign_in_and_deputies_do_not() {
    let app = TestApp::start_with(|settings| settings.second_factor = SecondFactorRule::Staff).await;
    Browser::open(&app).sign_in("deputy", PASSWORD).await.expect(200);
    let browser = Browser::open(&app);
    assert_eq!(browser.sign_in("keeper", PASSWORD).await.expect(202).json()["step"], "new_factor");
    browser.get("/api/session").await.expect(401);
    let secret = secret_of(&browser.post("/api/session/factor", json!({})).await.expect(200).json());
    browser.put("/api/session/factor", json!({"code": "000000"})).await.expect(422);
    let answer = browser.put("/api/session/factor", json!({"code": code_now(&app, &secret)})).await.expect(200).json();
    assert_eq!((answer["recovery_codes"].as_array().map(Vec::len), &answer["session"]["account"]["login"]), (Some(10), &json!("keeper")));
    browser.get("/api/session").await.expect(200);
    later(&app, STEP_S);
    let again = half_signed_in(&app, "keeper").await;
    give(&again, &code_now(&app, &secret)).await.expect(200);
    later(&app, STEP_S);
    let removal = json!({"password": PASSWORD, "code": code_now(&app, &secret)});
    again.post("/api/me/second-factor/removal", removal).await.expect(409);
}

#[tokio::test]
async fn the_security_administrator_resets_another_persons_factor_and_nobody_else_does() {
    let app = TestApp::start().await;
    enrol(&app, "committee").await;
    let session = app.as_login("committee").await;
    let reset = |login: &str| format!("/api/accounts/{}/second-factor/reset", app.world.account(login));
    app.as_login("admin").await.post(&reset("committee"), json!({})).await.expect(403);
    app.as_login("foreign_security").await.post(&reset("committee"), json!({})).await.expect(404);
    let security = app.as_login("security").await;
    assert_eq!(security.post(&reset("security"), json!({})).await.expect(422).fields(), ["id"]);
    assert_eq!(security.post(&reset("committee"), json!({})).await.expect(200).json()["has_second_factor"], false);
    session.get("/api/session").await.expect(401);
    Browser::open(&app).sign_in("committee", PASSWORD).await.expect(200);
    let line: Value =
        sqlx::query_scalar("select detail from audit_log where action = 'second_factor.reset'").fetch_one(&app.pool).await.expect("a line");
    assert_eq!(line, json!({"held": true}));
}

#[tokio::test]
async fn who_leaves_half_way_in_does_not_come_in() {
    let app = TestApp::start().await;
    let (secret, _) = enrol(&app, "deputy").await;
    let (second, _) = enrol(&app, "deputy2").await;
    let (browser, other) = (half_signed_in(&app, "deputy").await, half_signed_in(&app, "deputy2").await);
    let end = json!({"because": "moved", "words": "迁出本县", "rev": 1});
    app.as_login("committee").await.post(&format!("/api/deputies/{}/end", app.world.deputies["deputy"]), end).await.expect(200);
    give(&browser, &code_now(&app, &secret)).await.expect(401);
    let pending = sqlx::query_scalar::<_, i64>("select count(*) from pending_sign_ins where account_id = $1").bind(app.world.account("deputy").0);
    assert_eq!(pending.fetch_one(&app.pool).await.expect("a count"), 0, "nothing is left of it");
    // Whose office ends at an instant that was noted before is nobody from then on.
    sqlx::query("update deputies set left_on = '2026-10-20', left_at = $2, left_because = 'term_ended' where deputy_id = $1")
        .bind(app.world.deputies["deputy2"].0)
        .bind(app.now())
        .execute(&app.pool)
        .await
        .expect("noted");
    assert_eq!(give(&other, &code_now(&app, &second)).await.expect(401).code(), "sign_in_required");
}
