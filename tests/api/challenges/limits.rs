//! Hostile bodies, too many of them, and whoever tries secrets.

use harness::{Answer, TestApp};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::{behind_a_proxy, body, challenge, send_from, together};

#[tokio::test]
async fn a_body_that_is_not_right_names_its_field() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    let hash = "0".repeat(64);
    let (many, twice): (Vec<String>, [&String; 2]) = ((0..4).map(|digit| digit.to_string().repeat(64)).collect(), [&hash, &hash]);
    for (field, value, at) in [
        ("words", json!("四个字呀"), "words"),
        ("words", json!("字".repeat(501)), "words"),
        ("words", json!("有控制字符\u{0}在内"), "words"),
        ("words", json!(null), "words"),
        ("words", json!("\u{202e}\u{200b}短"), "words"),
        ("seen", json!("blue"), "seen"),
        ("photos", json!(many), "photos"),
        ("photos", json!(twice), "photos"),
        ("photos", json!(["../../etc/passwd"]), "photos[0]"),
        ("position", json!({"lon": 0.0, "lat": 0.0, "accuracy_m": 1.0}), "position"),
        ("position", json!([120.0, 30.0]), "position"),
        ("website", json!("https://spam.example"), "website"),
        ("filled_ms", json!(900), "filled_ms"),
        ("filled_ms", json!(-1), "filled_ms"),
        ("phone", json!("13800001111"), "phone"),
        ("name", json!("王某"), "name"),
    ] {
        let mut content = body("现场还没有开工");
        content[field] = value;
        let refused = send_from(&app, "198.51.100.1", site, &content, Uuid::new_v4()).await;
        assert_eq!(refused.status, 422, "{field}: {}", refused.text());
        assert!(refused.fields()[0].starts_with(at), "{field}: {}", refused.text());
        let detail = refused.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert!(detail.chars().any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character)), "{field}: {detail}");
    }
    for unknown in [0, -1, 999_999, app.world.foreign.site_id.0] {
        assert_eq!(send_from(&app, "198.51.100.1", unknown.into(), &body("这里没有点位"), Uuid::new_v4()).await.status, 404, "{unknown}");
    }
    let count: i64 = sqlx::query_scalar("select count(*) from challenges").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(count, 0);
}

#[tokio::test]
async fn one_network_sends_five_and_what_is_refused_costs_nothing() {
    let app = behind_a_proxy().await;
    let site = app.world.west[0].site_id;
    for _ in 0..9 {
        send_from(&app, "198.51.100.1", site, &body("短"), Uuid::new_v4()).await.expect(422);
    }
    let mut kept = None;
    for round in 0..5 {
        let (content, key) = (body(&format!("第{round}次来看，还没有动工")), Uuid::new_v4());
        send_from(&app, "198.51.100.1", site, &content, key).await.expect(201);
        kept = Some((content, key));
    }
    let refused = send_from(&app, "198.51.100.1", site, &body("第六次来看，还没有动工"), Uuid::new_v4()).await.expect(429);
    assert_eq!(refused.header("retry-after"), "720");
    let (content, key) = kept.expect("the fifth");
    send_from(&app, "198.51.100.1", site, &content, key).await.expect(201);
    send_from(&app, "198.51.100.2", site, &body("别处的人也看到了"), Uuid::new_v4()).await.expect(201);
}

#[tokio::test]
async fn a_site_takes_twenty_that_are_open_also_when_they_come_at_once() {
    let app = behind_a_proxy().await;
    let site = app.world.west[0].site_id;
    let calls = (0..26).map(|caller| {
        let (app, content) = (&app, body(&format!("第{caller}位群众的说明")));
        async move { send_from(app, &format!("198.51.100.{caller}"), site, &content, Uuid::new_v4()).await.status.as_u16() }
    });
    let statuses = together(calls).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 20, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 6, "{statuses:?}");
    send_from(&app, "198.51.100.99", app.world.west[1].site_id, &body("另一个点位照样可以"), Uuid::new_v4()).await.expect(201);
}

#[tokio::test]
async fn a_county_takes_so_many_a_day() {
    let app = TestApp::start_with(|settings| settings.challenges_per_day = 2).await;
    for site in app.world.west.iter().map(|site| site.site_id) {
        send_from(&app, "", site, &body("今天来看过现场"), Uuid::new_v4()).await.expect(201);
    }
    let refused = send_from(&app, "", app.world.east[0].site_id, &body("今天来看过现场"), Uuid::new_v4()).await.expect(429);
    assert_eq!(refused.header("retry-after"), "3600");
    app.platform.clock.set(app.now() + chrono::TimeDelta::days(1));
    send_from(&app, "", app.world.east[0].site_id, &body("今天来看过现场"), Uuid::new_v4()).await.expect(201);
}

async fn look(app: &TestApp, address: &str, number: &str, secret: &str) -> Answer {
    let request = app.visitor().request(Method::GET, &format!("/api/challenges/{number}"));
    Answer::of(request.header("challenge-secret", secret).header("x-forwarded-for", address)).await
}

#[tokio::test]
async fn a_wrong_number_is_answered_like_a_wrong_secret_and_five_lock_network_and_number() {
    let app = behind_a_proxy().await;
    let other = app.second_server().await;
    let sent = challenge(&app, app.world.west[0].site_id, &body("现场还没有开工")).await;
    let wrong = "0000-0000-0000-0000-0000-0000-0000-0000";
    let without_id = |answer: &Answer| {
        let mut body = answer.json();
        body["request_id"] = json!(null);
        body
    };
    let (one, two) = (look(&app, "203.0.113.1", &sent.number, wrong).await, look(&app, "203.0.113.2", "ZZZZZZZZ", &sent.secret).await);
    assert_eq!((one.status.as_u16(), two.status.as_u16(), without_id(&one)), (404, 404, without_id(&two)));
    assert_eq!(without_id(&look(&app, "203.0.113.3", "no-number", "no secret").await), without_id(&one));
    // The right secret costs nothing, however often.
    for _ in 0..12 {
        look(&app, "203.0.113.9", &sent.number, &sent.secret.to_lowercase()).await.expect(200);
    }
    // Five numbers from one network.
    for round in 0..5 {
        let server = if round % 2 == 0 { &app } else { &other };
        look(server, "203.0.113.50", &format!("ZZZZZZZ{round}"), wrong).await.expect(404);
    }
    look(&app, "203.0.113.50", &sent.number, &sent.secret).await.expect(429);
    // Five networks at one number, one of them above.
    for round in 0..4 {
        look(&other, &format!("203.0.113.{}", 60 + round), &sent.number, wrong).await.expect(404);
    }
    let locked = look(&app, "203.0.113.70", &sent.number, wrong).await.expect(429);
    assert!(locked.header("retry-after").parse::<u32>().is_ok_and(|seconds| (1..=900).contains(&seconds)));
    app.platform.clock.set(app.now() + chrono::TimeDelta::minutes(15));
    look(&app, "203.0.113.70", &sent.number, &sent.secret).await.expect(200);
}

#[tokio::test]
async fn of_many_wrong_secrets_at_once_five_are_looked_at() {
    let app = behind_a_proxy().await;
    let sent = challenge(&app, app.world.west[0].site_id, &body("现场还没有开工")).await;
    let calls = (0..40).map(|round| look(&app, "203.0.113.1", &sent.number, if round == 39 { "1" } else { "2" }));
    let statuses: Vec<u16> = together(calls).await.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 35, "{statuses:?}");
}
