//! Accounts of the desk invited by cards: by the administrator alone, and into no administrator's account; what must be known beside the card;
//! and that a card gives nobody what the security administrator has not confirmed.

use harness::{Answer, Browser, PASSWORD, TestApp};
use minsheng_map::config::Settings;
use reqwest::Method;
use serde_json::{Value, json};

const NEW: &str = "稻花香里说丰年听取蛙声一片";
const PHONE: &str = "13712345678";
const ADDRESS: &str = "/api/account-invitations";

/// Accounts are called by their logins elsewhere; here a name must not say what a card asks for.
async fn start_with(change: impl FnOnce(&mut Settings)) -> TestApp {
    let app = TestApp::start_with(change).await;
    sqlx::query("update accounts set name = '工作人员' || account_id").execute(&app.pool).await.expect("other names");
    app
}

async fn start() -> TestApp {
    start_with(|_| {}).await
}

fn wanted(app: &TestApp, logins: &[&str]) -> Value {
    let accounts: Vec<i64> = logins.iter().map(|login| app.world.account(login).0).collect();
    json!({"accounts": accounts, "valid_days": 30})
}

async fn invite(app: &TestApp, logins: &[&str]) -> Vec<Value> {
    app.as_login("admin").await.post(ADDRESS, wanted(app, logins)).await.expect(201).items()
}

fn token(card: &Value) -> String {
    card["link"].as_str().and_then(|link| link.split_once("/join#")).expect("a link").1.to_owned()
}

async fn post(app: &TestApp, path: &str, body: Value) -> Answer {
    Answer::of(app.visitor().request(Method::POST, path).json(&body)).await
}

async fn look(app: &TestApp, card: &Value) -> Answer {
    post(app, "/api/invitations/lookup", json!({"token": token(card)})).await
}

async fn redeem(app: &TestApp, card: &Value, proof: (&str, &str)) -> Answer {
    post(app, "/api/invitations/redemption", json!({"token": token(card), proof.0: proof.1, "password": NEW})).await
}

async fn give_phone(app: &TestApp, login: &str, phone: Value) {
    let address = format!("/api/accounts/{}/notice-phone", app.world.account(login));
    app.as_login("admin").await.put(&address, json!({ "phone": phone })).await.expect(204);
}

async fn listed(app: &TestApp, login: &str) -> Value {
    let accounts = app.as_login("admin").await.get("/api/accounts?limit=200").await.expect(200).items();
    accounts.into_iter().find(|account| account["login"] == login).expect("the account")
}

fn code(answer: &Answer) -> Value {
    answer.json()["fields"][0]["code"].clone()
}

async fn invitations(app: &TestApp) -> i64 {
    sqlx::query_scalar("select count(*) from invitations").fetch_one(&app.pool).await.expect("a count")
}

#[tokio::test]
async fn those_of_the_desk_choose_their_password_by_a_card() {
    let app = start().await;
    give_phone(&app, "unit", json!(PHONE)).await;
    let (open, under_way) = (app.as_login("unit").await, Browser::open(&app));
    app.as_login("admin").await.post(&format!("/api/accounts/{}/password", app.world.account("keeper")), json!({"password": NEW})).await.expect(200);
    under_way.sign_in("keeper", NEW).await.expect(202);
    let cards = invite(&app, &["unit", "keeper", "working_committee"]).await;
    // The login stands on a card only where the card asks for something else.
    let told: Vec<_> = cards.iter().map(|card| (card["asks_for"].as_str(), card["login"].as_str(), card["place"].as_str())).collect();
    assert_eq!(told[0].0.zip(told[0].1), Some(("phone", "unit")));
    assert_eq!((told[1].0, told[1].1), (Some("login"), None));
    assert_eq!((told[2].0, told[2].2), (Some("login"), Some("西河镇")));
    assert!(told.iter().all(|(_, _, place)| place.is_some_and(|place| !place.is_empty())), "{cards:?}");
    assert!(cards.iter().all(|card| card["qr"]["side"].as_u64().is_some_and(|side| side < 50) && card["awaits_confirmation"] == false));
    open.get("/api/session").await.expect(200);

    let shown = look(&app, &cards[0]).await.expect(200);
    let facts = shown.json();
    assert_eq!((&facts["for_account"], &facts["asks_for"], &facts["phone_hint"]), (&json!(true), &json!("phone"), &json!("137******78")));
    assert!(!shown.text().contains(PHONE), "{}", shown.text());
    let facts = look(&app, &cards[1]).await.expect(200).json();
    assert_eq!((&facts["asks_for"], &facts["phone_hint"]), (&json!("login"), &Value::Null));
    assert!(!facts.to_string().contains("keeper"), "what it asks for is not told: {facts}");

    assert_eq!(redeem(&app, &cards[0], ("phone", "+86 137-1234-5678")).await.expect(200).json(), json!({"login": "unit"}));
    open.get("/api/session").await.expect(401);
    Browser::open(&app).sign_in("unit", PASSWORD).await.expect(401);
    // Their own choice: no further step.
    let session = Browser::open(&app).sign_in("unit", NEW).await.expect(200).json();
    assert_eq!(session["grants"][0]["role"], "unit_handler");
    let own = "蛙声一片听取稻花香里说丰年";
    post(&app, "/api/invitations/redemption", json!({"token": token(&cards[1]), "login": " Keeper ", "password": own})).await.expect(200);
    assert_eq!(under_way.post("/api/session/password", json!({"password": own})).await.status.as_u16(), 401, "what was under way begins anew");
    Browser::open(&app).sign_in("keeper", own).await.expect(200);
    let lines: Vec<(String, String)> =
        sqlx::query_as("select action, object_kind from audit_log where action in ('account.invite', 'invitation.use') order by audit_id")
            .fetch_all(&app.pool)
            .await
            .expect("lines");
    let line = |action: &str| (action.to_owned(), "account".to_owned());
    assert_eq!(lines, [line("account.invite"), line("account.invite"), line("account.invite"), line("invitation.use"), line("invitation.use")]);
}

#[tokio::test]
async fn an_account_made_without_a_password_is_nobodys_until_its_card_is_used() {
    let app = start().await;
    let admin = app.as_login("admin").await;
    let account =
        json!({"login": "jiaoyu", "name": "县教育局", "grants": [{"role": "unit_handler", "region": "339901", "unit_id": app.world.unit_id}]});
    let made = admin.post("/api/accounts", account).await.expect(201).json();
    assert_eq!((&made["password"], &made["no_card"]), (&json!("none"), &Value::Null));
    for password in [PASSWORD, NEW, "jiaoyu"] {
        Browser::open(&app).sign_in("jiaoyu", password).await.expect(401);
    }
    let cards = admin.post(ADDRESS, json!({"accounts": [made["id"]], "valid_days": 7})).await.expect(201).items();
    let row = listed(&app, "jiaoyu").await;
    assert_eq!(row["invitation"]["expires_at"], cards[0]["expires_at"]);
    let open = admin.get("/api/accounts?invited=true").await.expect(200).items();
    assert_eq!(open.iter().map(|account| &account["login"]).collect::<Vec<_>>(), [&json!("jiaoyu")]);
    redeem(&app, &cards[0], ("login", "jiaoyu")).await.expect(200);
    let session = Browser::open(&app).sign_in("jiaoyu", NEW).await.expect(200).json();
    assert_eq!(session["grants"][0]["role"], "unit_handler");
    let row = listed(&app, "jiaoyu").await;
    assert_eq!((&row["password"], &row["invitation"]), (&json!("own"), &Value::Null));
    assert!(admin.get("/api/accounts?invited=true").await.expect(200).items().is_empty());
}

#[tokio::test]
async fn the_list_to_be_invited_is_whom_a_card_can_invite_and_who_has_no_password_of_their_own() {
    let app = start().await;
    let admin = app.as_login("admin").await;
    let region = |role: &str| json!({"role": role, "region": if role == "working_committee" { "339901001" } else { "339901" }});
    for role in ["committee", "working_committee", "administrator", "security_administrator", "auditor"] {
        admin.post("/api/accounts", json!({"login": format!("new.{role}"), "name": role, "grants": [region(role)]})).await.expect(201);
    }
    admin.post(&format!("/api/accounts/{}/password", app.world.account("keeper")), json!({"password": NEW})).await.expect(200);
    admin.post(&format!("/api/accounts/{}/password", app.world.account("deputy")), json!({"password": NEW})).await.expect(200);
    admin.post(&format!("/api/accounts/{}/password", app.world.account("unit")), json!({"password": NEW})).await.expect(200);
    admin.post(&format!("/api/accounts/{}/disable", app.world.account("unit")), json!({})).await.expect(200);
    let logins =
        |accounts: Vec<Value>| -> Vec<String> { accounts.iter().map(|each| each["login"].as_str().unwrap_or_default().to_owned()).collect() };
    let all = admin.get("/api/accounts?limit=200").await.expect(200).items();
    let reasons: Vec<&str> = all.iter().filter_map(|account| account["no_card"].as_str()).collect();
    for reason in ["own", "administrator", "disabled", "deputy_alone"] {
        assert!(reasons.contains(&reason), "{reason} in {reasons:?}");
    }
    let expected: Vec<Value> = all.into_iter().filter(|account| account["no_card"].is_null() && account["password"] != "own").collect();
    let told = logins(admin.get("/api/accounts?limit=200&to_invite=true").await.expect(200).items());
    assert_eq!(told, logins(expected));
    assert_eq!(told, ["keeper", "new.committee", "new.working_committee"]);
}

#[tokio::test]
async fn nobody_but_the_countys_own_administrator_invites_or_revokes() {
    let app = start().await;
    invite(&app, &["keeper"]).await;
    let address = format!("/api/accounts/{}/invitation", app.world.account("keeper"));
    for login in ["committee", "working_committee", "security", "auditor", "unit", "keeper", "deputy", "foreign_committee"] {
        let client = app.as_login(login).await;
        client.post(ADDRESS, wanted(&app, &["keeper"])).await.expect(403);
        client.delete(&address).await.expect(403);
    }
    let stranger = app.as_login("foreign_admin").await;
    stranger.post(ADDRESS, wanted(&app, &["keeper"])).await.expect(404);
    stranger.delete(&address).await.expect(404);
    assert!(stranger.get("/api/accounts?invited=true").await.expect(200).items().is_empty());
    let both = wanted(&app, &["unit", "foreign_committee"]);
    app.as_login("admin").await.post(ADDRESS, both).await.expect(404);
    assert_eq!(invitations(&app).await, 1);
    // And the office of a township has no way to it among its deputies' invitations.
    let id: i64 = sqlx::query_scalar("select invitation_id from invitations").fetch_one(&app.pool).await.expect("an invitation");
    app.as_login("committee").await.delete(&format!("/api/invitations/{id}")).await.expect(404);
    assert!(listed(&app, "keeper").await["invitation"].is_object());
}

#[tokio::test]
async fn everybody_who_cannot_be_invited_is_named_and_then_nobody_is() {
    let app = start().await;
    let admin = app.as_login("admin").await;
    admin.post(&format!("/api/accounts/{}/disable", app.world.account("keeper")), json!({})).await.expect(200);
    let refused = admin.post(ADDRESS, wanted(&app, &["unit", "admin", "security", "auditor", "keeper", "deputy"])).await.expect(422);
    assert_eq!(refused.fields(), ["accounts[1]", "accounts[2]", "accounts[3]", "accounts[4]", "accounts[5]"]);
    let codes: Vec<Value> = refused.json()["fields"].as_array().expect("fields").iter().map(|fault| fault["code"].clone()).collect();
    assert_eq!(codes, ["own", "administrator", "administrator", "disabled", "deputy_alone"]);
    for (body, field) in [
        (json!({"accounts": [], "valid_days": 30}), "accounts"),
        (wanted(&app, &["unit", "unit"]), "accounts[1]"),
        (json!({"accounts": [app.world.account("unit")], "valid_days": 0}), "valid_days"),
        (json!({"accounts": [app.world.account("unit")], "valid_days": 91}), "valid_days"),
        (json!({"accounts": vec![app.world.account("unit"); 201], "valid_days": 30}), "accounts"),
    ] {
        assert_eq!(admin.post(ADDRESS, body).await.expect(422).fields(), [field]);
    }
    assert_eq!(invitations(&app).await, 0);
    Browser::open(&app).sign_in("unit", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_name_that_says_the_login_is_no_card_without_a_number() {
    let app = start().await;
    let admin = app.as_login("admin").await;
    let invited = invite(&app, &["keeper"]).await;
    let rename = sqlx::query("update accounts set name = '西河站 Keeper' where account_id = $1").bind(app.world.account("keeper").0);
    rename.execute(&app.pool).await.expect("a name");
    assert_eq!(code(&look(&app, &invited[0]).await.expect(422)), "login_shown");
    assert_eq!(code(&admin.post(ADDRESS, wanted(&app, &["keeper"])).await.expect(422)), "login_shown");
    give_phone(&app, "keeper", json!(PHONE)).await;
    redeem(&app, &invite(&app, &["keeper"]).await[0], ("phone", PHONE)).await.expect(200);
}

#[tokio::test]
async fn where_accounts_are_confirmed_a_card_works_once_a_second_person_has_confirmed() {
    let app = start_with(|settings| settings.confirm_accounts = true).await;
    let (open, security) = (app.as_login("unit").await, app.as_login("security").await);
    let cards = invite(&app, &["unit"]).await;
    assert_eq!(cards[0]["awaits_confirmation"], true);
    open.get("/api/session").await.expect(401);
    Browser::open(&app).sign_in("unit", PASSWORD).await.expect(403);
    assert_eq!(code(&look(&app, &cards[0]).await.expect(422)), "awaits_confirmation");
    assert_eq!(code(&redeem(&app, &cards[0], ("login", "unit")).await.expect(422)), "awaits_confirmation");
    let account = format!("/api/accounts/{}", app.world.account("unit"));
    security.post(&format!("{account}/confirm"), json!({})).await.expect(200);
    redeem(&app, &cards[0], ("login", "unit")).await.expect(200);
    Browser::open(&app).sign_in("unit", NEW).await.expect(200);
    // Not confirmed: the card leads nowhere.
    let cards = invite(&app, &["unit"]).await;
    security.post(&format!("{account}/refuse"), json!({"reason": "本人没有申请"})).await.expect(200);
    assert_eq!(code(&redeem(&app, &cards[0], ("login", "unit")).await.expect(422)), "disabled");
    let waits: Vec<Option<bool>> =
        sqlx::query_scalar("select (detail ->> 'awaits_confirmation')::boolean from audit_log where action = 'account.invite'")
            .fetch_all(&app.pool)
            .await
            .expect("lines");
    assert_eq!(waits, [Some(true), Some(true)]);
}

#[tokio::test]
async fn a_card_ends_by_time_by_hand_by_a_newer_one_and_by_its_use() {
    let app = start().await;
    let first = invite(&app, &["keeper"]).await;
    let second = invite(&app, &["keeper"]).await;
    assert_eq!(code(&look(&app, &first[0]).await.expect(422)), "revoked");
    let address = format!("/api/accounts/{}/invitation", app.world.account("keeper"));
    for _ in 0..2 {
        app.as_login("admin").await.delete(&address).await.expect(204);
    }
    assert_eq!(code(&redeem(&app, &second[0], ("login", "keeper")).await.expect(422)), "revoked");
    let third = invite(&app, &["keeper"]).await;
    app.set_clock("2026-11-19T08:59:59+08:00");
    look(&app, &third[0]).await.expect(200);
    app.set_clock("2026-11-19T09:00:00+08:00");
    assert_eq!(code(&redeem(&app, &third[0], ("login", "keeper")).await.expect(422)), "expired");
    let cards = invite(&app, &["keeper"]).await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let body = json!({"token": token(&cards[0]), "login": "keeper", "password": NEW});
        tries.spawn(Answer::of(app.visitor().request(Method::POST, "/api/invitations/redemption").json(&body)));
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    let used = redeem(&app, &cards[0], ("login", "keeper")).await.expect(422);
    assert!(code(&used) == "used" && used.text().contains("系统管理员"), "{}", used.text());
    let revoked: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action = 'account.revoke_invitation'").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(revoked, 1, "revoking once more changes nothing");
}

#[tokio::test]
async fn the_fifth_wrong_login_or_number_revokes_the_card() {
    let app = start().await;
    give_phone(&app, "unit", json!(PHONE)).await;
    let cards = invite(&app, &["keeper", "unit"]).await;
    for (card, right, wrong) in [(&cards[0], ("login", "keeper"), ("login", "station")), (&cards[1], ("phone", PHONE), ("phone", "13712345679"))] {
        // What is left out is no guess, and what the other kind of card asks for is none either.
        let other = if right.0 == "phone" { ("login", "unit") } else { ("phone", PHONE) };
        assert_eq!(code(&redeem(&app, card, other).await.expect(422)), "required");
        for left in [4, 3, 2, 1] {
            let answer = redeem(&app, card, wrong).await.expect(422);
            assert_eq!(answer.fields(), [right.0]);
            assert!(answer.text().contains(&format!("还可再试 {left} 次")), "{}", answer.text());
        }
        assert_eq!(redeem(&app, card, wrong).await.expect(422).fields(), ["token"]);
        assert_eq!(code(&redeem(&app, card, right).await.expect(422)), "revoked");
    }
    for login in ["keeper", "unit"] {
        Browser::open(&app).sign_in(login, PASSWORD).await.expect(200);
    }
    let refused: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action = 'invitation.use' and outcome = 'refused' and object_kind = 'account'")
            .fetch_one(&app.pool)
            .await
            .expect("a count");
    assert_eq!(refused, 10);
}

#[tokio::test]
async fn a_card_that_says_the_login_never_asks_for_it() {
    let app = start().await;
    give_phone(&app, "unit", json!(PHONE)).await;
    let cards = invite(&app, &["unit"]).await;
    give_phone(&app, "unit", Value::Null).await;
    assert_eq!(code(&look(&app, &cards[0]).await.expect(422)), "no_phone");
    for proof in [("login", "unit"), ("phone", PHONE), ("phone", "")] {
        assert_eq!(code(&redeem(&app, &cards[0], proof).await.expect(422)), "no_phone");
    }
    // Another number counts instead of the former one.
    give_phone(&app, "unit", json!("13812345678")).await;
    assert_eq!(redeem(&app, &cards[0], ("phone", PHONE)).await.expect(422).fields(), ["phone"]);
    redeem(&app, &cards[0], ("phone", "13812345678")).await.expect(200);
    // A number as login is told by no card.
    sqlx::query("update accounts set login = '13812345678' where account_id = $1")
        .bind(app.world.account("unit").0)
        .execute(&app.pool)
        .await
        .expect("a login");
    let card = invite(&app, &["unit"]).await.remove(0);
    assert!(card["login"].is_null() && !card.to_string().contains("13812345678"), "{card}");
}

#[tokio::test]
async fn rights_given_meanwhile_are_looked_at_again_at_the_door() {
    let app = start().await;
    let cards = invite(&app, &["keeper"]).await;
    sqlx::query("insert into grants (county_id, account_id, role, region_code) values ($1, $2, 'security_administrator', '339901')")
        .bind(app.world.county_id.0)
        .bind(app.world.account("keeper").0)
        .execute(&app.pool)
        .await
        .expect("more power");
    assert_eq!(code(&redeem(&app, &cards[0], ("login", "keeper")).await.expect(422)), "administrator");
    Browser::open(&app).sign_in("keeper", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_second_factor_stays_and_the_given_password_is_not_taken() {
    let app = start().await;
    sqlx::query("insert into second_factors (account_id, sealed_secret, begun_at, confirmed_at) values ($1, '\\x00', now(), now())")
        .bind(app.world.account("unit").0)
        .execute(&app.pool)
        .await
        .expect("a second factor");
    let admin = app.as_login("admin").await;
    admin.post(&format!("/api/accounts/{}/password", app.world.account("unit")), json!({"password": NEW})).await.expect(200);
    let cards = invite(&app, &["unit"]).await;
    assert_eq!(code(&redeem(&app, &cards[0], ("login", "unit")).await.expect(422)), "given");
    let own = "蛙声一片听取稻花香里说丰年";
    post(&app, "/api/invitations/redemption", json!({"token": token(&cards[0]), "login": "unit", "password": own})).await.expect(200);
    assert_eq!(Browser::open(&app).sign_in("unit", own).await.expect(202).json()["step"], "code");
    assert_eq!(listed(&app, "unit").await["has_second_factor"], true);
}

#[tokio::test]
async fn neither_the_database_nor_a_repetition_says_a_cards_token_again() {
    let app = start().await;
    let admin = app.as_login("admin").await;
    let key = uuid::Uuid::new_v4();
    let first = admin.post_with_key(ADDRESS, wanted(&app, &["keeper", "unit"]), key).await.expect(201).items();
    let again = admin.post_with_key(ADDRESS, wanted(&app, &["keeper", "unit"]), key).await.expect(201).items();
    for (card, told) in first.iter().zip(&again) {
        assert_eq!((&told["id"], &told["link"], &told["qr"]), (&card["id"], &Value::Null, &Value::Null));
        let token = token(card);
        for table in ["invitations", "idempotency_keys", "audit_log"] {
            let query = format!("select coalesce(string_agg(row_to_json(t)::text, ' '), '') from {table} t");
            let dump: String = sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(&app.pool).await.expect("a dump");
            assert!(!dump.contains(&token) && !dump.contains(&hex::encode(&token)), "{table}");
        }
        look(&app, card).await.expect(200);
    }
    assert_eq!(invitations(&app).await, 2);
}
