//! What holds for every route: the error body, the browser's rules, hostile bodies, repetition.

use harness::{Answer, PASSWORD, TestApp};
use reqwest::{Method, header};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_panic_in_one_request_harms_only_that_request() {
    let app = TestApp::start().await;
    let fragile = axum::Router::new()
        .route("/panic", axum::routing::get(async || -> &'static str { panic!("on purpose") }))
        .route("/calm", axum::routing::get(async || "calm"));
    let visitor = app.beside(minsheng_map::app::behind_layers(fragile, app.platform.clone())).await;
    let answer = visitor.get("/panic").await.expect(500);
    assert_eq!(answer.code(), "internal");
    assert!(!answer.text().contains("purpose"));
    assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
    visitor.get("/calm").await.expect(200);
}

#[tokio::test]
async fn every_answer_carries_the_browsers_rules() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let description = committee.get("/api/openapi.json").await.json();
    let described =
        description["paths"].as_object().expect("paths").iter().filter(|(path, item)| item.get("get").is_some() && *path != "/api/events");
    let described = described.map(|(path, _)| path.replace(['{', '}'], ""));
    let others = ["/", "/deputy", "/desk", "/sites/2026-01-001", "/api/openapi.json", "/api/docs", "/nothing", "/api/nothing"].map(str::to_owned);
    for path in described.chain(others) {
        let path = path.as_str();
        let answer = committee.get(path).await;
        assert!(answer.header("strict-transport-security").starts_with("max-age=31536000"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("geolocation=(self)"), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
    }
    let personal = app.as_login("deputy").await.get("/api/session").await.expect(200);
    assert_eq!(personal.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_error_speaks_the_readers_language_and_names_the_field() {
    let app = TestApp::start().await;
    let send = |language: &'static str| {
        let request = app.visitor().request(Method::POST, "/api/session").header("accept-language", language).json(&json!({"login": "a"}));
        Answer::of(request)
    };
    let chinese = send("zh-CN").await.expect(422);
    assert_eq!(chinese.header("content-type"), "application/problem+json");
    assert_eq!(chinese.fields(), ["password"]);
    assert_eq!(chinese.json()["detail"], "缺少“password”");
    assert_eq!(send("en").await.expect(422).json()["detail"], "“password” is missing");
}

#[tokio::test]
async fn hostile_json_is_refused_without_a_fault() {
    let app = TestApp::start().await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let long = format!("{{\"login\":\"{}\",\"password\":\"x\"}}", "a".repeat(2_000_000));
    let cases = [
        ("", 400),
        ("{", 400),
        ("nul", 400),
        ("[]", 422),
        ("\"text\"", 422),
        (deep.as_str(), 400),
        (long.as_str(), 413),
        ("{\"login\":\"a\",\"login\":\"b\",\"password\":\"x\"}", 422),
        ("{\"login\":\"a\",\"password\":\"x\",\"role\":\"committee\"}", 422),
        ("{\"login\":1e999,\"password\":\"x\"}", 400),
        ("{\"login\":\"\\ud800\",\"password\":\"x\"}", 400),
        ("{\"login\":null,\"password\":\"x\"}", 422),
        ("{\"login\":\"a\\u0000b\",\"password\":\"x\"}", 401),
        ("{\"login\":\"a\",\"password\":\"x\"} trailing", 400),
    ];
    for (body, status) in cases {
        let request = app.visitor().request(Method::POST, "/api/session").header(header::CONTENT_TYPE, "application/json").body(body.to_owned());
        let answer = Answer::of(request).await;
        assert_eq!(answer.status.as_u16(), status, "{} → {}", &body[..body.len().min(80)], answer.text());
    }
    let not_utf8 = app.visitor().request(Method::POST, "/api/session").header(header::CONTENT_TYPE, "application/json").body(vec![0xff, 0xfe]);
    Answer::of(not_utf8).await.expect(400);
    let packed = app.visitor().request(Method::POST, "/api/session").header(header::CONTENT_ENCODING, "gzip").json(&json!({}));
    Answer::of(packed).await.expect(415);
    let form = app.visitor().request(Method::POST, "/api/session").header(header::CONTENT_TYPE, "text/plain").body("{}");
    Answer::of(form).await.expect(415);
}

#[tokio::test]
async fn a_declared_length_that_lies_is_cut_off() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = TestApp::start().await;
    let address = app.origin.strip_prefix("http://").expect("an address").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.expect("a connection");
    let head = format!(
        "POST /api/session HTTP/1.1\r\nhost: {address}\r\norigin: {}\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n{{",
        app.origin
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = vec![0; 64];
    let read = stream.read(&mut answer).await.expect("an answer");
    assert!(String::from_utf8_lossy(&answer[..read]).contains("413"), "{}", String::from_utf8_lossy(&answer[..read]));
}

#[tokio::test]
async fn a_repeated_act_gets_the_first_answer_and_is_done_once() {
    let app = TestApp::start().await;
    let admin = app.as_login("admin").await;
    let body = json!({"login": "repeat", "name": "重复", "password": PASSWORD, "grants": [{"role": "auditor", "region": "339901"}]});
    let key = Uuid::new_v4();
    let mut answers = Vec::new();
    for _ in 0..5 {
        let parallel = (0..8).map(|_| {
            let (admin, body) = (admin.clone(), body.clone());
            tokio::spawn(async move { admin.post_with_key("/api/accounts", body, key).await })
        });
        for answer in parallel.collect::<Vec<_>>() {
            answers.push(answer.await.expect("an answer"));
        }
    }
    for answer in &answers {
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        assert_eq!(answer.bytes, answers[0].bytes);
    }
    let count: i64 = sqlx::query_scalar("select count(*) from accounts where login = 'repeat'").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(count, 1);
    let other = json!({"login": "other", "name": "重复", "password": PASSWORD, "grants": [{"role": "auditor", "region": "339901"}]});
    assert_eq!(admin.post_with_key("/api/accounts", other, key).await.expect(422).code(), "key_reused");
}

#[tokio::test]
async fn an_act_without_a_key_is_refused() {
    let app = TestApp::start().await;
    let admin = app.as_login("admin").await;
    let answer = Answer::of(admin.request(Method::POST, "/api/accounts").json(&json!({}))).await.expect(400);
    assert_eq!(answer.fields(), ["Idempotency-Key"]);
}

#[tokio::test]
async fn every_session_of_the_pool_has_time_limits_and_full_durability() {
    let app = TestApp::start().await;
    let show = |setting: &'static str| {
        let pool = app.pool.clone();
        async move { sqlx::query_scalar::<_, String>("select current_setting($1)").bind(setting).fetch_one(&pool).await.expect("a setting") }
    };
    assert_eq!(show("statement_timeout").await, "15s");
    assert_eq!(show("lock_timeout").await, "5s");
    assert_eq!(show("idle_in_transaction_session_timeout").await, "20s");
    assert_eq!(show("TimeZone").await, "UTC");
    assert_eq!(show("synchronous_commit").await, "on");
}

#[tokio::test]
async fn a_database_that_could_lose_acknowledged_reports_is_refused() {
    let app = TestApp::start().await;
    let error = minsheng_map::database::require_durability(&app.pool).await.expect_err("the test cluster runs without fsync");
    assert!(error.to_string().contains("fsync"), "{error}");
}

#[tokio::test]
async fn a_page_that_did_not_change_repeats_its_policy() {
    let app = TestApp::start().await;
    let page = app.visitor().get("/").await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self'"), "{policy}");
    let again = app.visitor().request(Method::GET, "/").header(header::IF_NONE_MATCH, page.header("etag"));
    let again = Answer::of(again).await.expect(304);
    assert_eq!(again.header("content-security-policy"), policy);
}
