//! Joining: invitations made, used once, revoked and guessed at; codes sent to telephones through a stub of a gateway.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use harness::{Answer, Client, PASSWORD, TestApp};
use minsheng_map::config::Settings;
use reqwest::Method;
use serde_json::{Value, json};

const NEW: &str = "稻花香里说丰年听取蛙声一片";
const PHONE: &str = "13900000001";

/// The invitations that `login` makes for these people of the world, each with its token.
async fn invite(app: &TestApp, login: &str, people: &[&str]) -> Vec<Value> {
    let deputies: Vec<i64> = people.iter().map(|name| app.world.deputies[name].0).collect();
    app.as_login(login).await.post("/api/invitations", json!({"deputies": deputies, "valid_days": 30})).await.expect(201).items()
}

fn token(card: &Value) -> String {
    card["link"].as_str().and_then(|link| link.split_once("/join#")).expect("a link").1.to_owned()
}

async fn post(app: &TestApp, path: &str, body: Value) -> Answer {
    Answer::of(app.visitor().request(Method::POST, path).json(&body)).await
}

async fn redeem(app: &TestApp, token: &str, phone: &str) -> Answer {
    post(app, "/api/invitations/redemption", json!({"token": token, "phone": phone, "password": NEW})).await
}

async fn sign_in(app: &TestApp, login: &str, password: &str) -> Answer {
    post(app, "/api/session", json!({"login": login, "password": password})).await
}

/// The deputy `deputy` as somebody who was imported and has never signed in.
async fn without_account(app: &TestApp) {
    let account = app.world.account("deputy").0;
    for table in ["grants", "accounts"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("delete from {table} where account_id = $1"))).bind(account).execute(&app.pool).await.expect("gone");
    }
}

async fn standing(app: &TestApp, login: &str, name: &str) -> Value {
    let page = app.as_login(login).await.get("/api/joining").await.expect(200).items();
    page.into_iter().find(|row| row["name"] == name).unwrap_or_default()
}

#[tokio::test]
async fn an_invited_deputy_confirms_name_and_number_and_signs_in_with_the_number() {
    let app = TestApp::start().await;
    without_account(&app).await;
    assert_eq!(standing(&app, "working_committee", "甲代表").await["standing"], "not_invited");
    let cards = invite(&app, "working_committee", &["deputy"]).await;
    assert!(cards[0]["link"].as_str().is_some_and(|link| link.starts_with(&app.origin)), "{cards:?}");
    assert!(cards[0]["qr"]["side"].as_u64().is_some_and(|side| side < 50), "it can be read from a card");
    assert_eq!(standing(&app, "working_committee", "甲代表").await["standing"], "invited");
    let shown = post(&app, "/api/invitations/lookup", json!({"token": token(&cards[0])})).await.expect(200).json();
    assert_eq!((shown["name"].as_str(), shown["phone_hint"].as_str()), (Some("甲代表"), Some("139******01")));
    let joined = redeem(&app, &token(&cards[0]).to_uppercase(), "+86 139-0000-0001").await.expect(200).json();
    assert_eq!(joined["login"], PHONE);
    let session = sign_in(&app, PHONE, NEW).await.expect(200).json();
    assert_eq!(session["grants"][0]["deputy"]["name"], "甲代表");
    assert_eq!(session["grants"][0]["region"]["name"], "西河镇");
    assert_eq!(standing(&app, "working_committee", "甲代表").await["standing"], "joined");
}

#[tokio::test]
async fn an_invitation_is_used_once_also_at_the_same_moment() {
    let app = TestApp::start().await;
    let token = token(&invite(&app, "committee", &["deputy"]).await[0]);
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let body = json!({"token": token, "phone": PHONE, "password": NEW});
        tries.spawn(Answer::of(app.visitor().request(Method::POST, "/api/invitations/redemption").json(&body)));
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().filter(|answer| answer.status != 200).all(|answer| answer.status == 422 && answer.fields() == ["token"]));
    assert!(redeem(&app, &token, PHONE).await.expect(422).text().contains("使用过"));
}

#[tokio::test]
async fn a_new_invitation_sets_a_forgotten_password_and_signs_every_device_out() {
    let app = TestApp::start().await;
    let lost = app.as_login("deputy").await;
    let cards = invite(&app, "working_committee", &["deputy"]).await;
    lost.get("/api/session").await.expect(200);
    redeem(&app, &token(&cards[0]), PHONE).await.expect(200);
    lost.get("/api/session").await.expect(401);
    sign_in(&app, "deputy", PASSWORD).await.expect(401);
    // Both the number and the name that the administrator once gave lead in.
    sign_in(&app, PHONE, NEW).await.expect(200);
    sign_in(&app, "deputy", NEW).await.expect(200);
}

#[tokio::test]
async fn invitations_end_by_time_by_hand_and_by_a_newer_one() {
    let app = TestApp::start().await;
    let first = invite(&app, "working_committee", &["deputy"]).await;
    let second = invite(&app, "working_committee", &["deputy"]).await;
    assert!(redeem(&app, &token(&first[0]), PHONE).await.expect(422).text().contains("作废"));
    let desk = app.as_login("working_committee").await;
    let address = format!("/api/invitations/{}", second[0]["id"]);
    desk.delete(&address).await.expect(204);
    desk.delete(&address).await.expect(204);
    assert!(redeem(&app, &token(&second[0]), PHONE).await.expect(422).text().contains("作废"));
    let third = invite(&app, "working_committee", &["deputy"]).await;
    app.set_clock("2026-11-19T09:00:00+08:00");
    assert!(redeem(&app, &token(&third[0]), PHONE).await.expect(422).text().contains("过期"));
    assert_eq!(app.as_login("working_committee").await.delete(&format!("/api/invitations/{}", third[0]["id"])).await.status, 204);
    let used = invite(&app, "working_committee", &["deputy"]).await;
    redeem(&app, &token(&used[0]), PHONE).await.expect(200);
    app.as_login("working_committee").await.delete(&format!("/api/invitations/{}", used[0]["id"])).await.expect(409);
}

#[tokio::test]
async fn the_fifth_wrong_number_revokes_the_invitation() {
    let app = TestApp::start().await;
    let token = token(&invite(&app, "working_committee", &["deputy"]).await[0]);
    for left in [4, 3, 2, 1] {
        let answer = redeem(&app, &token, "13900000002").await.expect(422);
        assert_eq!(answer.fields(), ["phone"]);
        assert!(answer.text().contains(&format!("还可再试 {left} 次")), "{}", answer.text());
    }
    assert_eq!(redeem(&app, &token, "not a number").await.expect(422).fields(), ["token"]);
    assert_eq!(redeem(&app, &token, PHONE).await.expect(422).fields(), ["token"]);
    sign_in(&app, "deputy", PASSWORD).await.expect(200);
    let refused: i64 = sqlx::query_scalar("select count(*) from audit_log where action = 'invitation.use' and outcome = 'refused'")
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(refused, 5);
}

#[tokio::test]
async fn guessing_tokens_is_slowed_down_and_right_ones_cost_nothing() {
    let app = TestApp::start().await;
    let right = token(&invite(&app, "working_committee", &["deputy"]).await[0]);
    for _ in 0..70 {
        post(&app, "/api/invitations/lookup", json!({"token": right})).await.expect(200);
    }
    let mut refused = 0;
    for guess in 0..70 {
        let answer = post(&app, "/api/invitations/lookup", json!({"token": format!("{guess:026}")})).await;
        refused += usize::from(answer.status == 429);
    }
    assert_eq!(refused, 10);
    assert!(redeem(&app, "", PHONE).await.status == 429);
}

#[tokio::test]
async fn neither_the_database_nor_a_repetition_says_a_token_again() {
    let app = TestApp::start().await;
    let desk = app.as_login("working_committee").await;
    let (key, body) = (uuid::Uuid::new_v4(), json!({"deputies": [app.world.deputies["deputy"]], "valid_days": 30}));
    let first = desk.post_with_key("/api/invitations", body.clone(), key).await.expect(201).items();
    let again = desk.post_with_key("/api/invitations", body, key).await.expect(201).items();
    assert_eq!((&again[0]["id"], &again[0]["link"], &again[0]["qr"]), (&first[0]["id"], &Value::Null, &Value::Null));
    let token = token(&first[0]);
    for table in ["invitations", "idempotency_keys", "audit_log"] {
        let query = format!("select coalesce(string_agg(row_to_json(t)::text, ' '), '') from {table} t");
        let dump: String = sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(&app.pool).await.expect("a dump");
        assert!(!dump.contains(&token) && !dump.contains(&hex::encode(&token)), "{table}");
    }
}

#[tokio::test]
async fn whoever_holds_other_rights_does_not_come_in_by_an_invitation() {
    let app = TestApp::start().await;
    let token = token(&invite(&app, "working_committee", &["deputy"]).await[0]);
    sqlx::query("insert into grants (county_id, account_id, role, region_code) values ($1, $2, 'committee', '339901')")
        .bind(app.world.county_id.0)
        .bind(app.world.account("deputy").0)
        .execute(&app.pool)
        .await
        .expect("a second right");
    assert_eq!(redeem(&app, &token, PHONE).await.expect(422).fields(), ["token"]);
    let desk = app.as_login("working_committee").await;
    let body = json!({"deputies": [app.world.deputies["deputy2"], app.world.deputies["deputy"]], "valid_days": 30});
    let refused = desk.post("/api/invitations", body).await.expect(422);
    assert_eq!(refused.fields(), ["deputies[1]"]);
    assert_eq!(standing(&app, "working_committee", "甲代表").await["obstacle"], "other_roles");
    assert_eq!(standing(&app, "working_committee", "乙代表").await["invitation"], Value::Null, "all or nobody");
}

#[tokio::test]
async fn a_working_committee_sees_and_invites_its_own_deputies_only() {
    let app = TestApp::start().await;
    let page = app.as_login("working_committee").await.get("/api/joining").await.expect(200).json();
    let names: Vec<&str> = page["items"].as_array().expect("rows").iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["甲代表", "乙代表"]);
    assert_eq!(page["totals"], json!({"joined": 2}));
    let committee = app.as_login("committee").await;
    assert_eq!(committee.get("/api/joining?limit=2").await.expect(200).items().len(), 2);
    let next = committee.get("/api/joining?limit=2").await.expect(200).json()["next"].as_str().expect("more").to_owned();
    let rest = committee.get(&format!("/api/joining?limit=2&cursor={next}")).await.expect(200).json();
    assert_eq!((rest["items"][0]["name"].as_str(), &rest["next"]), (Some("丙代表"), &Value::Null));
    assert_eq!(committee.get("/api/joining?q=0003").await.expect(200).items().len(), 1);
    assert_eq!(committee.get("/api/joining?standing=no_phone").await.expect(200).items().len(), 0);
    for (body, field) in [
        (json!({"deputies": [], "valid_days": 30}), "deputies"),
        (json!({"deputies": [app.world.deputies["deputy"]], "valid_days": 0}), "valid_days"),
        (json!({"deputies": [app.world.deputies["deputy"]], "valid_days": 91}), "valid_days"),
        (json!({"deputies": [app.world.deputies["deputy"], app.world.deputies["deputy"]], "valid_days": 30}), "deputies[1]"),
    ] {
        assert_eq!(committee.post("/api/invitations", body).await.expect(422).fields(), [field]);
    }
}

#[tokio::test]
async fn a_changed_number_is_what_one_signs_in_with() {
    let app = TestApp::start().await;
    without_account(&app).await;
    let desk = app.as_login("working_committee").await;
    let address = format!("/api/deputies/{}/phone", app.world.deputies["deputy"]);
    redeem(&app, &token(&invite(&app, "working_committee", &["deputy"]).await[0]), PHONE).await.expect(200);
    desk.put(&address, json!({"phone": "+86 137 0000 0001"})).await.expect(204);
    sign_in(&app, "13700000001", NEW).await.expect(200);
    sign_in(&app, PHONE, NEW).await.expect(401);
    for (phone, code) in [("13900000002", "taken"), ("1390000000", "unreadable")] {
        let answer = desk.put(&address, json!({"phone": phone})).await.expect(422);
        assert_eq!(answer.json()["fields"][0]["code"], code);
    }
}

/// A gateway that keeps what it is told.
#[derive(Clone, Default)]
struct Gateway {
    heard: Arc<Mutex<Vec<String>>>,
    broken: Arc<Mutex<bool>>,
}

impl Gateway {
    async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(hear).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        origin
    }

    /// What was heard next, when there is something within a second.
    async fn next(&self) -> Option<String> {
        for _ in 0..50 {
            if let Some(heard) = self.heard.lock().expect("the log").pop() {
                return Some(heard);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }
}

async fn hear(State(gateway): State<Gateway>, request: Request) -> StatusCode {
    let key = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let body = axum::body::to_bytes(request.into_body(), 10_000).await.expect("a body");
    gateway.heard.lock().expect("the log").push(format!("{key} {}", String::from_utf8_lossy(&body)));
    if *gateway.broken.lock().expect("the mood") { StatusCode::BAD_GATEWAY } else { StatusCode::OK }
}

async fn with_gateway(change: impl FnOnce(&mut Settings)) -> (TestApp, Gateway) {
    let gateway = Gateway::default();
    let origin = gateway.serve().await;
    let app = TestApp::start_with(|settings| {
        settings.sms_url = Some(format!("{origin}/send"));
        settings.sms_key = Some("secret-key".to_owned());
        change(settings);
    })
    .await;
    (app, gateway)
}

fn code_in(message: &str) -> String {
    let words = message.split_once("验证码是 ").expect("a code").1;
    words.chars().take(6).collect()
}

async fn ask(app: &TestApp, phone: &str) -> Answer {
    post(app, "/api/password-codes", json!({ "phone": phone })).await
}

async fn use_code(client: &Client, phone: &str, code: &str) -> Answer {
    let body = json!({"phone": phone, "code": code, "password": NEW});
    Answer::of(client.request(Method::POST, "/api/password-codes/redemption").json(&body)).await
}

#[tokio::test]
async fn a_code_sent_to_the_telephone_sets_a_forgotten_password_once() {
    let (app, gateway) = with_gateway(|_| {}).await;
    assert_eq!(app.visitor().get("/api/password-codes").await.expect(200).json(), json!({"sent": true}));
    ask(&app, " 139 0000 0001").await.expect(202);
    let heard = gateway.next().await.expect("a message");
    assert!(heard.starts_with("Bearer secret-key ") && heard.contains(PHONE), "{heard}");
    let code = code_in(&heard);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(use_code(&app.visitor(), PHONE, wrong).await.expect(422).fields(), ["code"]);
    use_code(&app.visitor(), PHONE, &code).await.expect(204);
    sign_in(&app, PHONE, NEW).await.expect(200);
    assert_eq!(use_code(&app.visitor(), PHONE, &code).await.expect(422).fields(), ["code"]);
    let dump: String =
        sqlx::query_scalar("select coalesce(string_agg(row_to_json(t)::text, ''), '') from audit_log t").fetch_one(&app.pool).await.expect("a dump");
    assert!(!dump.contains(&code) && dump.contains("password_code.send") && dump.contains("password_code.use"));
}

#[tokio::test]
async fn what_the_administrator_chose_becomes_nobodys_own_by_a_code_or_an_invitation() {
    let (app, gateway) = with_gateway(|_| {}).await;
    let address = format!("/api/accounts/{}/password", app.world.account("deputy"));
    app.as_login("admin").await.post(&address, json!({ "password": NEW })).await.expect(200);
    ask(&app, PHONE).await.expect(202);
    let code = code_in(&gateway.next().await.expect("a message"));
    let refused = use_code(&app.visitor(), PHONE, &code).await.expect(422);
    assert_eq!((refused.fields(), &refused.json()["fields"][0]["code"]), (vec!["password".to_owned()], &json!("given")));
    let cards = invite(&app, "working_committee", &["deputy"]).await;
    assert_eq!(redeem(&app, &token(&cards[0]), PHONE).await.expect(422).json()["fields"][0]["code"], "given");
    assert_eq!(sign_in(&app, "deputy", NEW).await.expect(202).json()["step"], "new_password");
}

#[tokio::test]
async fn nothing_tells_whether_a_number_belongs_to_anybody() {
    let (app, gateway) = with_gateway(|_| {}).await;
    let (known, unknown) = (ask(&app, PHONE).await, ask(&app, "13800000099").await);
    assert_eq!((known.status, known.json()), (unknown.status, unknown.json()));
    assert!(gateway.next().await.is_some_and(|heard| heard.contains(PHONE)));
    let (known, unknown) = (ask(&app, PHONE).await, ask(&app, "13800000099").await);
    assert_eq!((known.status.as_u16(), unknown.status.as_u16()), (429, 429));
    let plain = |answer: Answer| {
        let mut body = answer.json();
        body.as_object_mut().expect("a body").remove("request_id");
        body
    };
    let (known, unknown) = (use_code(&app.visitor(), PHONE, "xxxxxx").await, use_code(&app.visitor(), "13800000099", "xxxxxx").await);
    assert_eq!(plain(known), plain(unknown));
    assert!(gateway.next().await.is_none(), "nobody else was written to");
}

#[tokio::test]
async fn a_code_ends_after_ten_minutes_and_after_five_tries() {
    let (app, gateway) = with_gateway(|_| {}).await;
    ask(&app, PHONE).await.expect(202);
    let code = code_in(&gateway.next().await.expect("a message"));
    app.set_clock("2026-10-20T09:10:00+08:00");
    use_code(&app.visitor(), PHONE, &code).await.expect(422);
    ask(&app, PHONE).await.expect(202);
    let code = code_in(&gateway.next().await.expect("a message"));
    for _ in 0..5 {
        use_code(&app.visitor(), PHONE, "xxxxxx").await.expect(422);
    }
    use_code(&app.visitor(), PHONE, &code).await.expect(422);
    sign_in(&app, "deputy", PASSWORD).await.expect(200);
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(use_code(&app.visitor(), PHONE, "xxxxxx").await.status.as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn a_telephone_is_written_to_rarely_and_a_day_has_its_end() {
    let (app, gateway) = with_gateway(|settings| settings.sms_per_day = 3).await;
    let mut answers = Vec::new();
    for minute in 0..6 {
        app.set_clock(&format!("2026-10-20T09:0{minute}:30+08:00"));
        answers.push(ask(&app, PHONE).await.status.as_u16());
    }
    assert_eq!(answers, [202, 202, 202, 202, 429, 429]);
    let mut messages = 0;
    while gateway.next().await.is_some() {
        messages += 1;
    }
    assert_eq!(messages, 3);
}

#[tokio::test]
async fn a_broken_gateway_and_none_at_all_leave_the_password_alone() {
    let (app, gateway) = with_gateway(|_| {}).await;
    *gateway.broken.lock().expect("the mood") = true;
    ask(&app, PHONE).await.expect(202);
    gateway.next().await.expect("it was asked");
    sign_in(&app, "deputy", PASSWORD).await.expect(200);
    let plain = TestApp::start().await;
    assert_eq!(plain.visitor().get("/api/password-codes").await.expect(200).json(), json!({"sent": false}));
    ask(&plain, PHONE).await.expect(409);
    use_code(&plain.visitor(), PHONE, "123456").await.expect(409);
}
