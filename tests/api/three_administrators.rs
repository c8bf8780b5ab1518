//! System administrator, security administrator, auditor: three accounts, and none of them gives power alone.

use harness::{Browser, PASSWORD, TestApp};
use minsheng_map::accounts::command;
use serde_json::{Value, json};

const ROLES: [&str; 3] = ["administrator", "security_administrator", "auditor"];

fn account(login: &str, roles: &[&str]) -> Value {
    let grants: Vec<Value> = roles.iter().map(|role| json!({"role": role, "region": "339901"})).collect();
    json!({"login": login, "name": "新人", "password": PASSWORD, "grants": grants})
}

#[tokio::test]
async fn no_account_holds_two_of_the_three_whoever_asks() {
    let app = TestApp::start().await;
    let admin = app.as_login("admin").await;
    for one in ROLES {
        for other in ROLES.into_iter().filter(|other| *other != one) {
            let answer = admin.post("/api/accounts", account("double", &[one, other])).await.expect(422);
            assert_eq!(answer.fields(), ["grants"]);
            assert!(answer.json()["detail"].as_str().is_some_and(|words| words.contains("不同的人")), "{}", answer.text());
        }
    }
    for one in ROLES {
        let answer = admin.post("/api/accounts", account("double", &["committee", one])).await.expect(422);
        assert_eq!(answer.fields(), ["grants"], "{one}");
        assert!(answer.json()["detail"].as_str().is_some_and(|words| words.contains("不经办业务")), "{}", answer.text());
    }
    // The database refuses what the service would let through.
    for (login, role) in [("admin", "auditor"), ("security", "administrator"), ("auditor", "security_administrator")] {
        let added = sqlx::query("insert into grants (county_id, account_id, role, region_code) values ($1, $2, $3, '339901')");
        let added = added.bind(app.world.county_id.0).bind(app.world.account(login).0).bind(role).execute(&app.pool).await;
        let fault = added.expect_err("refused").to_string();
        assert!(fault.contains("grants_one_administrator_key"), "{login} {role}: {fault}");
    }
}

#[tokio::test]
async fn a_staff_account_counts_once_the_security_administrator_has_confirmed_it() {
    let app = TestApp::start_with(|settings| settings.confirm_accounts = true).await;
    let (admin, security) = (app.as_login("admin").await, app.as_login("security").await);
    let made = admin.post("/api/accounts", account("wang.wu", &["committee"])).await.expect(201).json();
    let refused = Browser::open(&app).sign_in("wang.wu", PASSWORD).await.expect(403);
    assert!(refused.json()["detail"].as_str().is_some_and(|words| words.contains("安全管理员")));
    Browser::open(&app).sign_in("wang.wu", "not the password").await.expect(401);
    let confirm = format!("/api/accounts/{}/confirm", made["id"]);
    admin.post(&confirm, json!({})).await.expect(403);
    app.as_login("auditor").await.post(&confirm, json!({})).await.expect(403);
    app.as_login("foreign_security").await.post(&confirm, json!({})).await.expect(404);
    let waiting = security.get("/api/accounts?awaiting=true").await.expect(200).items();
    assert_eq!(waiting.iter().map(|each| each["login"].clone()).collect::<Vec<_>>(), ["wang.wu"]);
    assert!(security.post(&confirm, json!({})).await.expect(200).json()["awaits_confirmation_since"].is_null());
    security.post(&confirm, json!({})).await.expect(409);
    let browser = Browser::open(&app);
    browser.sign_in("wang.wu", PASSWORD).await.expect(202);
    browser.post("/api/session/password", json!({"password": "本人自己选的一句话口令不告诉别人"})).await.expect(200);
    // A new password by the administrator, and letting a disabled account in again, wait too; open sessions end at once.
    admin.post(&format!("/api/accounts/{}/password", made["id"]), json!({"password": "另一个足够长的密码短语句子"})).await.expect(200);
    browser.get("/api/session").await.expect(401);
    browser.sign_in("wang.wu", "另一个足够长的密码短语句子").await.expect(403);
    let refuse = format!("/api/accounts/{}/refuse", made["id"]);
    assert_eq!(security.post(&refuse, json!({"reason": ""})).await.expect(422).fields(), ["reason"]);
    let shut = security.post(&refuse, json!({"reason": "本人没有申请"})).await.expect(200).json();
    assert!(shut["disabled_at"].is_string());
    admin.post(&format!("/api/accounts/{}/enable", made["id"]), json!({})).await.expect(200);
    browser.sign_in("wang.wu", "另一个足够长的密码短语句子").await.expect(403);
    let actions: Vec<String> = sqlx::query_scalar("select action from audit_log where object_id = $1 and outcome = 'done' order by audit_id")
        .bind(made["id"].to_string())
        .fetch_all(&app.pool)
        .await
        .expect("lines");
    let told =
        ["account.create", "account.confirm", "account.change_password", "session.begin", "account.set_password", "account.refuse", "account.enable"];
    assert_eq!(actions, told);
}

#[tokio::test]
async fn nobody_confirms_themselves_and_no_administrator_makes_their_own_guard() {
    let app = TestApp::start_with(|settings| settings.confirm_accounts = true).await;
    let (admin, security) = (app.as_login("admin").await, app.as_login("security").await);
    admin.post("/api/accounts", account("second.guard", &["security_administrator"])).await.expect(201);
    Browser::open(&app).sign_in("second.guard", PASSWORD).await.expect(403);
    let own = format!("/api/accounts/{}", app.world.account("security"));
    assert_eq!(security.post(&format!("{own}/confirm"), json!({})).await.expect(422).fields(), ["id"]);
    // A new password for the guard holds the guard, and lets nobody else in.
    admin.post(&format!("{own}/password"), json!({"password": "另一个足够长的密码短语句子"})).await.expect(200);
    Browser::open(&app).sign_in("security", "另一个足够长的密码短语句子").await.expect(403);
    for act in ["", "/disable", "/enable", "/password"] {
        let path = if act.is_empty() { "/api/accounts".to_owned() } else { format!("/api/accounts/{}{act}", app.world.account("unit")) };
        app.as_account(app.world.account("foreign_security")).await.post(&path, json!({"password": PASSWORD})).await;
    }
}

#[tokio::test]
async fn deputies_wait_for_nobody_and_without_the_setting_nobody_does() {
    let app = TestApp::start_with(|settings| settings.confirm_accounts = true).await;
    let deputy = app.world.account("deputy");
    let reset =
        app.as_login("admin").await.post(&format!("/api/accounts/{deputy}/password"), json!({"password": "另一个足够长的密码短语句子"})).await;
    assert!(reset.expect(200).json()["awaits_confirmation_since"].is_null());
    let plain = TestApp::start().await;
    plain.as_login("admin").await.post("/api/accounts", account("wang.wu", &["committee"])).await.expect(201);
    assert_eq!(Browser::open(&plain).sign_in("wang.wu", PASSWORD).await.expect(202).json()["step"], "new_password", "and waits for nobody");
}

#[tokio::test]
async fn the_system_administrator_never_becomes_the_other_two_whatever_the_setting() {
    let app = TestApp::start().await;
    let (admin, security) = (app.as_login("admin").await, app.as_login("security").await);
    let (given, again) = ("另一个足够长的密码短语句子", "再换一个足够长的密码短语句子");
    for (login, role) in [("second.auditor", "auditor"), ("second.guard", "security_administrator")] {
        let made = admin.post("/api/accounts", account(login, &[role])).await.expect(201).json();
        assert!(made["awaits_confirmation_since"].is_string(), "{made}");
        Browser::open(&app).sign_in(login, PASSWORD).await.expect(403);
        let path = format!("/api/accounts/{}", made["id"]);
        security.post(&format!("{path}/confirm"), json!({})).await.expect(200);
        let browser = Browser::open(&app);
        browser.sign_in(login, PASSWORD).await.expect(202);
        // Neither by a new password, nor by letting a disabled one in again, nor by giving the right to an account whose password is known.
        admin.post(&format!("{path}/password"), json!({"password": given})).await.expect(200);
        Browser::open(&app).sign_in(login, given).await.expect(403);
        security.post(&format!("{path}/confirm"), json!({})).await.expect(200);
        admin.post(&format!("{path}/disable"), json!({})).await.expect(200);
        let enabled = admin.post(&format!("{path}/enable"), json!({})).await.expect(200).json();
        assert!(enabled["awaits_confirmation_since"].is_string(), "{enabled}");
    }
    let clerk = admin.post("/api/accounts", account("clerk", &["committee"])).await.expect(201).json();
    assert!(clerk["awaits_confirmation_since"].is_null(), "other staff wait where the county wants it");
    let path = format!("/api/accounts/{}", clerk["id"]);
    admin.post(&format!("{path}/password"), json!({"password": again})).await.expect(200);
    let rev = admin.get("/api/accounts?q=clerk").await.expect(200).items()[0]["rev"].clone();
    let turned = json!({"name": "新人", "grants": [{"role": "auditor", "region": "339901"}], "rev": rev});
    assert!(admin.put(&path, turned).await.expect(200).json()["awaits_confirmation_since"].is_string());
    Browser::open(&app).sign_in("clerk", again).await.expect(403);
}

#[tokio::test]
async fn the_guards_own_account_is_confirmed_by_another_guard_or_at_the_command_line() {
    let app = TestApp::start().await;
    let (admin, given) = (app.as_login("admin").await, "另一个足够长的密码短语句子");
    let guard = app.world.account("security");
    admin.post(&format!("/api/accounts/{guard}/password"), json!({"password": given})).await.expect(200);
    Browser::open(&app).sign_in("security", given).await.expect(403);
    let county = app.platform.county(app.world.county_id).expect("the county").clone();
    let now = app.platform.clock.now();
    let told = command::confirm(&app.pool, &county, "SECURITY", now).await.expect("confirmed");
    assert!(told.contains("security"), "{told}");
    Browser::open(&app).sign_in("security", given).await.expect(202);
    let line = "select count(*) from audit_log where action = 'account.confirm' and object_id = $1 and account_id is null";
    let lines: i64 = sqlx::query_scalar(line).bind(guard.to_string()).fetch_one(&app.pool).await.expect("a count");
    assert_eq!(lines, 1);
    for (login, words) in [("security", "does not wait"), ("nobody", "no account"), ("foreign_security", "no account")] {
        let refused = command::confirm(&app.pool, &county, login, now).await.expect_err(login).to_string();
        assert!(refused.contains(words), "{refused}");
    }
}
