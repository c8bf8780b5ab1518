//! The rules of passwords over HTTP: what both profiles want, and what `dengbao` adds to `asvs`.

use chrono::TimeDelta;
use harness::{Browser, PASSWORD, TestApp};
use minsheng_map::config::PasswordProfile;
use serde_json::json;

const STRONG: [&str; 6] =
    ["Chengxi River 2026 a", "Chengxi River 2026 b", "Chengxi River 2026 c", "Chengxi River 2026 d", "Chengxi River 2026 e", "Chengxi River 2026 f"];

async fn strict() -> TestApp {
    TestApp::start_with(|settings| settings.password_profile = PasswordProfile::Dengbao).await
}

fn later(app: &TestApp, days: i64) {
    app.platform.clock.set(app.now() + TimeDelta::days(days));
}

#[tokio::test]
async fn both_profiles_take_and_refuse_what_their_table_says() {
    let (asvs, dengbao) = (TestApp::start().await, strict().await);
    for (password, in_asvs, in_dengbao) in [
        ("Aa1-Aa1-Bb2", "too_short", "too_short"),
        ("password12345678", "guessable", "guessable"),
        ("春江水暖鸭先知竹外桃花三两枝", "", "too_few_kinds"),
        ("correct horse battery", "", "too_few_kinds"),
        ("correct horse battery 9", "", ""),
    ] {
        for (app, expected) in [(&asvs, in_asvs), (&dengbao, in_dengbao)] {
            let grants = json!([{"role": "working_committee", "region": "339901001"}]);
            let login = format!("n-{}", uuid::Uuid::new_v4().simple());
            let body = json!({"login": login, "name": "新人", "password": password, "grants": grants});
            let answer = app.as_login("admin").await.post("/api/accounts", body).await;
            let code = answer.json()["fields"][0]["code"].as_str().unwrap_or("").to_owned();
            assert_eq!(code, expected, "{password}");
        }
    }
}

#[tokio::test]
async fn a_password_of_ninety_days_is_changed_before_the_session_begins() {
    let app = strict().await;
    later(&app, 89);
    Browser::open(&app).sign_in("deputy", PASSWORD).await.expect(200);
    later(&app, 1);
    let browser = Browser::open(&app);
    assert_eq!(browser.sign_in("deputy", PASSWORD).await.expect(202).json()["step"], "new_password");
    browser.get("/api/session").await.expect(401);
    for (password, code) in [("correct horse battery", "too_few_kinds"), (PASSWORD, "too_few_kinds")] {
        assert_eq!(browser.post("/api/session/password", json!({ "password": password })).await.expect(422).json()["fields"][0]["code"], code);
    }
    browser.post("/api/session/password", json!({"password": STRONG[0]})).await.expect(200);
    browser.get("/api/session").await.expect(200);
    later(&app, 1);
    Browser::open(&app).sign_in("deputy", STRONG[0]).await.expect(200);
    Browser::open(&app).sign_in("deputy", PASSWORD).await.expect(401);
    let plain = TestApp::start().await;
    later(&plain, 4000);
    Browser::open(&plain).sign_in("deputy", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn what_somebody_else_chose_opens_nothing_until_its_owner_has_chosen_another_in_both_profiles() {
    for (app, again) in [(TestApp::start().await, "given"), (strict().await, "used_before")] {
        let address = format!("/api/accounts/{}/password", app.world.account("deputy"));
        app.as_login("admin").await.post(&address, json!({"password": STRONG[0]})).await.expect(200);
        let (browser, elsewhere) = (Browser::open(&app), Browser::open(&app));
        for each in [&browser, &elsewhere] {
            assert_eq!(each.sign_in("deputy", STRONG[0]).await.expect(202).json()["step"], "new_password");
        }
        for path in ["/api/session", "/api/sessions", "/api/me/sites", "/api/me/notices", "/api/me/duty-record"] {
            browser.get(path).await.expect(401);
        }
        let report = json!({"site_id": app.world.west[0].site_id, "stage": "in_progress", "percent": 5, "words": "还没有换密码"});
        browser.put(&format!("/api/reports/{}", uuid::Uuid::now_v7()), report).await.expect(401);
        browser.put("/api/me/password", json!({"old_password": STRONG[0], "password": STRONG[1]})).await.expect(401);
        browser.post("/api/session/code", json!({"code": "123456"})).await.expect(409);
        let answer = browser.post("/api/session/password", json!({"password": STRONG[0]})).await.expect(422);
        assert_eq!(answer.json()["fields"][0]["code"], again, "typed once more it is still not the owner's");
        browser.post("/api/session/password", json!({"password": STRONG[1]})).await.expect(200);
        browser.get("/api/session").await.expect(200);
        elsewhere.post("/api/session/password", json!({"password": STRONG[2]})).await.expect(401);
        Browser::open(&app).sign_in("deputy", STRONG[0]).await.expect(401);
        Browser::open(&app).sign_in("deputy", STRONG[1]).await.expect(200);
    }
}

#[tokio::test]
async fn a_sign_in_that_waits_for_a_new_password_ends_after_ten_minutes() {
    let app = TestApp::start().await;
    let address = format!("/api/accounts/{}/password", app.world.account("deputy"));
    app.as_login("admin").await.post(&address, json!({"password": STRONG[0]})).await.expect(200);
    let browser = Browser::open(&app);
    browser.sign_in("deputy", STRONG[0]).await.expect(202);
    app.platform.clock.set(app.now() + TimeDelta::minutes(11));
    browser.post("/api/session/password", json!({"password": STRONG[1]})).await.expect(401);
    assert_eq!(Browser::open(&app).sign_in("deputy", STRONG[0]).await.expect(202).json()["step"], "new_password");
}

#[tokio::test]
async fn none_of_the_last_five_comes_back_and_the_sixth_may() {
    let app = strict().await;
    let browser = Browser::open(&app);
    browser.sign_in("deputy", PASSWORD).await.expect(200);
    let mut present = PASSWORD;
    for next in STRONG {
        browser.put("/api/me/password", json!({"old_password": present, "password": next})).await.expect(204);
        present = next;
        later(&app, 0);
        app.platform.clock.set(app.now() + TimeDelta::seconds(1));
    }
    for used in &STRONG[1..5] {
        let answer = browser.put("/api/me/password", json!({"old_password": present, "password": used})).await.expect(422);
        assert_eq!(answer.json()["fields"][0]["code"], "used_before", "{used}");
    }
    browser.put("/api/me/password", json!({"old_password": present, "password": STRONG[0]})).await.expect(204);
    let kept: i64 = sqlx::query_scalar("select count(*) from former_passwords").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(kept, 4);
}

#[tokio::test]
async fn staff_need_a_second_factor_and_a_password_of_their_own() {
    let app = strict().await;
    let (admin, security) = (app.as_login("admin").await, app.as_login("security").await);
    let grants = json!([{"role": "committee", "region": "339901"}]);
    let body = json!({"login": "new.member", "name": "新人", "password": STRONG[0], "grants": grants});
    let made = admin.post("/api/accounts", body).await.expect(201).json();
    assert!(made["awaits_confirmation_since"].is_string());
    security.post(&format!("/api/accounts/{}/confirm", made["id"]), json!({})).await.expect(200);
    let browser = Browser::open(&app);
    assert_eq!(browser.sign_in("new.member", STRONG[0]).await.expect(202).json()["step"], "new_password");
    assert_eq!(browser.post("/api/session/password", json!({"password": STRONG[1]})).await.expect(202).json()["step"], "new_factor");
    browser.get("/api/session").await.expect(401);
    browser.post("/api/session/factor", json!({})).await.expect(200);
}

#[tokio::test]
async fn five_wrong_ones_lock_their_place_and_the_owner_comes_in_from_elsewhere() {
    let app = TestApp::start_with(|settings| {
        settings.password_profile = PasswordProfile::Dengbao;
        settings.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    })
    .await;
    for _ in 0..5 {
        Browser::at(&app, "198.51.100.1").sign_in("deputy", "wrong password").await.expect(401);
    }
    Browser::at(&app, "198.51.100.1").sign_in("deputy", PASSWORD).await.expect(429);
    Browser::at(&app, "198.51.100.2").sign_in("deputy", PASSWORD).await.expect(200);
    let security = app.as_login("security").await;
    let view = security.get("/api/security").await.expect(200).json();
    assert_eq!((&view["password_profile"], &view["password_days"], &view["second_factor_required"]), (&json!("dengbao"), &json!(90), &json!(true)));
    assert_eq!((&view["locks"][0]["login"], &view["locks"][0]["network"]), (&json!("deputy"), &json!("198.51.100.1")));
    assert_eq!(security.post("/api/sign-in-locks/release", json!({"login": "deputy"})).await.expect(200).json(), json!({"opened": 1}));
    Browser::at(&app, "198.51.100.1").sign_in("deputy", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_rules_in_force_are_said_before_anybody_types() {
    let app = TestApp::start().await;
    let rules = json!({"profile": "asvs", "shortest": 12, "longest": 128, "kinds": null, "not_again": null, "lasts_days": null});
    assert_eq!(app.visitor().get("/api/password-rules").await.expect(200).json(), rules);
    let rules = json!({"profile": "dengbao", "shortest": 12, "longest": 128, "kinds": 3, "not_again": 5, "lasts_days": 90});
    assert_eq!(strict().await.visitor().get("/api/password-rules").await.expect(200).json(), rules);
}

#[tokio::test]
async fn common_words_and_words_about_the_person_and_the_county_make_no_password_in_either_profile() {
    for app in [TestApp::start_with(|settings| settings.public_url = Some("https://map.shiyan.example".to_owned())).await, strict().await] {
        let account = json!({"login": "qiao.lanfen", "name": "乔兰芬", "grants": [{"role": "committee", "region": "339901"}]});
        let admin = app.as_login("admin").await;
        for password in [
            "Woaini1314520!",
            "5201314Woaini!",
            "Qwertyuiop123!",
            "P@ssw0rd2026!!",
            "Minsheng@2026!",
            "试验县人大代表2026!",
            "Qiao.Lanfen2026!",
            "乔兰芬乔兰芬乔兰芬A1!",
            "Zhangwei19900101!",
            "1qaz@WSX3edc$RFV",
        ] {
            let mut body = account.clone();
            body["password"] = json!(password);
            let answer = admin.post("/api/accounts", body).await.expect(422);
            assert_eq!(
                (answer.fields(), answer.json()["fields"][0]["code"].as_str()),
                (vec!["password".to_owned()], Some("guessable")),
                "{password}"
            );
        }
        let mut body = account;
        body["password"] = json!("Kuhle Brise um sieben 7");
        admin.post("/api/accounts", body).await.expect(201);
    }
}
