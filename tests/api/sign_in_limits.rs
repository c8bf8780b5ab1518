//! How often one may try to sign in: per place, per network and per login, over any number of servers, and never to the owner's harm.

use harness::{Answer, PASSWORD, TestApp, instant};
use serde_json::json;

/// Servers that believe the proxy in front of them, so that a test can come from many networks.
async fn behind_a_proxy() -> TestApp {
    TestApp::start_with(|settings| settings.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")]).await
}

struct From<'a> {
    app: &'a TestApp,
    address: &'a str,
    device: Option<&'a str>,
}

impl From<'_> {
    async fn sign_in(&self, login: &str, password: &str) -> Answer {
        let mut request = self.app.visitor().request(reqwest::Method::POST, "/api/session").header("x-forwarded-for", self.address);
        if let Some(device) = self.device {
            request = request.header("cookie", format!("__Host-device={device}"));
        }
        Answer::of(request.json(&json!({ "login": login, "password": password }))).await
    }
}

fn at<'a>(app: &'a TestApp, address: &'a str) -> From<'a> {
    From { app, address, device: None }
}

fn later(app: &TestApp, seconds: i64) {
    app.platform.clock.set(app.now() + chrono::TimeDelta::seconds(seconds));
}

fn wait_of(answer: &Answer) -> i64 {
    answer.header("retry-after").parse().expect("seconds")
}

fn device_of(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let device = cookies.filter_map(|cookie| cookie.strip_prefix("__Host-device=")).next().expect("a device cookie");
    assert!(device.contains("HttpOnly") && device.contains("Secure") && device.contains("SameSite=Strict"), "{device}");
    device.split(';').next().unwrap_or("").to_owned()
}

#[tokio::test]
async fn five_wrong_passwords_lock_their_place_for_a_quarter_of_an_hour_whichever_server_is_asked() {
    let app = TestApp::start().await;
    let other = app.second_server().await;
    for attempt in 0..5 {
        let server = if attempt % 2 == 0 { &app } else { &other };
        at(server, "198.51.100.1").sign_in("deputy", "wrong password").await.expect(401);
        later(&app, 60);
    }
    let refused = at(&other, "198.51.100.1").sign_in("deputy", PASSWORD).await.expect(429);
    assert_eq!(wait_of(&refused), 15 * 60 - 60);
    assert!(refused.json()["detail"].as_str().is_some_and(|words| words.contains("14 分钟")), "{}", refused.text());
    // Nobody believes an X-Forwarded-For that does not come from a proxy of ours.
    at(&app, "198.51.100.77").sign_in("deputy", PASSWORD).await.expect(429);
    at(&app, "198.51.100.1").sign_in("committee", PASSWORD).await.expect(200);
    later(&app, 15 * 60 - 61);
    // Trying meanwhile neither opens the lock nor makes it last longer.
    assert_eq!(wait_of(&at(&app, "198.51.100.1").sign_in("deputy", PASSWORD).await.expect(429)), 1);
    later(&app, 1);
    at(&app, "198.51.100.1").sign_in("deputy", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_right_password_forgets_the_wrong_ones_before_it() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        for _ in 0..4 {
            at(&app, "").sign_in("deputy", "wrong password").await.expect(401);
        }
        at(&app, "").sign_in("deputy", PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn guesses_made_at_the_same_moment_all_count() {
    let app = TestApp::start().await;
    let other = app.second_server().await;
    let guesses = (0..40).map(|place| {
        let server = if place % 2 == 0 { &app } else { &other };
        let request = server.visitor().request(reqwest::Method::POST, "/api/session");
        tokio::spawn(Answer::of(request.json(&json!({ "login": "deputy", "password": "wrong password" }))))
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        looked_at += usize::from(guess.await.expect("an answer").status.as_u16() == 401);
    }
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn a_hall_of_eighty_deputies_behind_one_address_signs_in_within_minutes() {
    let app = behind_a_proxy().await;
    sqlx::query(
        "insert into accounts (county_id, login, name, password_hash, created_at)
         select county_id, 'hall' || number, '代表', password_hash, created_at from accounts, generate_series(1, 80) as number where login = 'deputy'",
    )
    .execute(&app.pool)
    .await
    .expect("eighty accounts");
    let hall = at(&app, "203.0.113.20");
    // Sixteen at once each minute; half of them mistype first.
    for minute in 0..5 {
        for number in minute * 16 + 1..=minute * 16 + 8 {
            hall.sign_in(&format!("hall{number}"), "mistyped password").await.expect(401);
        }
        let together = (minute * 16 + 1..=minute * 16 + 16).map(|number| {
            let request = app.visitor().request(reqwest::Method::POST, "/api/session").header("x-forwarded-for", "203.0.113.20");
            tokio::spawn(Answer::of(request.json(&json!({ "login": format!("hall{number}"), "password": PASSWORD }))))
        });
        for answer in together.collect::<Vec<_>>() {
            answer.await.expect("an answer").expect(200);
        }
        later(&app, 60);
    }
}

#[tokio::test]
async fn a_network_that_only_guesses_is_held_to_three_a_minute() {
    let app = behind_a_proxy().await;
    let enemy = at(&app, "2001:db8:bad:1::1");
    let mut wrong = 0;
    while enemy.sign_in(&format!("guess{wrong}"), "wrong password").await.status.as_u16() == 401 {
        wrong += 1;
    }
    assert_eq!(wrong, 60);
    // Another address of the same subscriber is the same network; a neighbour is not.
    let refused = at(&app, "2001:db8:bad:1:ffff::9").sign_in("deputy", PASSWORD).await.expect(429);
    assert!((1..=20).contains(&wait_of(&refused)), "{}", wait_of(&refused));
    at(&app, "2001:db8:bad:2::1").sign_in("deputy", PASSWORD).await.expect(200);
    later(&app, 60);
    for number in 0..3 {
        enemy.sign_in(&format!("more{number}"), "wrong password").await.expect(401);
    }
    enemy.sign_in("more4", "wrong password").await.expect(429);
}

/// The longest that the owner of a login under attack waits, as the decision states it.
const OWNER_WAITS_S: i64 = 60;

#[tokio::test]
async fn an_enemy_with_many_networks_and_a_whole_day_keeps_the_owner_out_for_a_minute_at_most() {
    let app = behind_a_proxy().await;
    let other = app.second_server().await;
    let phone = device_of(&at(&app, "203.0.113.5").sign_in("deputy", PASSWORD).await.expect(200));
    let (mut looked_at, mut tried) = (0, 0);
    for hour in 0..24 {
        for network in 0..12 {
            let address = format!("198.51.{hour}.{network}");
            let server = if network % 2 == 0 { &app } else { &other };
            tried += 1;
            looked_at += usize::from(at(server, &address).sign_in("deputy", "wrong password").await.status.as_u16() == 401);
            later(&app, 10);
        }
        if hour % 6 == 5 {
            // The owner's own phone, in a network it was never in, is no stranger.
            From { app: &other, address: &format!("192.0.2.{hour}"), device: Some(&phone) }.sign_in("deputy", PASSWORD).await.expect(200);
        }
        // Ever the next wave from new networks: the login's own allowance never comes back.
        later(&app, 60);
        for network in 0..12 {
            let address = format!("198.18.{hour}.{network}");
            tried += 1;
            looked_at += usize::from(at(&app, &address).sign_in("deputy", "wrong password").await.status.as_u16() == 401);
        }
        later(&app, 3600 - 60 - 120);
        for network in 0..20 {
            let address = format!("198.19.{hour}.{network}");
            tried += 1;
            looked_at += usize::from(at(&app, &address).sign_in("deputy", "wrong password").await.status.as_u16() == 401);
        }
    }
    assert!(looked_at * 2 < tried, "{looked_at} of {tried} guesses were looked at");
    // A new phone in a new network: told to come back, and then let through.
    let owner = at(&other, "192.0.2.200");
    let first = owner.sign_in("deputy", PASSWORD).await.expect(429);
    assert_eq!(wait_of(&first), OWNER_WAITS_S);
    later(&app, 30);
    assert_eq!(wait_of(&owner.sign_in("deputy", PASSWORD).await.expect(429)), OWNER_WAITS_S - 30);
    later(&app, 30);
    owner.sign_in("deputy", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_known_device_has_its_own_five_attempts_and_strangers_cannot_spend_them() {
    let app = behind_a_proxy().await;
    let phone = device_of(&at(&app, "203.0.113.5").sign_in("deputy", PASSWORD).await.expect(200));
    for _ in 0..5 {
        at(&app, "203.0.113.5").sign_in("deputy", "wrong password").await.expect(401);
    }
    at(&app, "203.0.113.5").sign_in("deputy", PASSWORD).await.expect(429);
    let known = From { app: &app, address: "203.0.113.5", device: Some(&phone) };
    known.sign_in("deputy", PASSWORD).await.expect(200);
    for _ in 0..5 {
        known.sign_in("deputy", "wrong password").await.expect(401);
    }
    let refused = known.sign_in("deputy", PASSWORD).await.expect(429);
    assert_eq!(wait_of(&refused), 15 * 60);
    // The device is known for its own account only, and a token that nobody was given is none.
    for _ in 0..5 {
        known.sign_in("committee", "wrong password").await.expect(401);
    }
    known.sign_in("committee", PASSWORD).await.expect(429);
    let forged = From { app: &app, address: "203.0.113.6", device: Some(&"0".repeat(64)) };
    assert_ne!(device_of(&forged.sign_in("deputy", PASSWORD).await.expect(200)), "0".repeat(64));
}

#[tokio::test]
async fn a_new_password_makes_every_device_a_stranger() {
    let app = behind_a_proxy().await;
    let phone = device_of(&at(&app, "203.0.113.5").sign_in("deputy", PASSWORD).await.expect(200));
    let id = app.world.account("deputy").0;
    app.as_login("admin")
        .await
        .post(&format!("/api/accounts/{id}/password"), json!({ "password": "另一个相当长的口令没有人猜得到" }))
        .await
        .expect(200);
    let known: i64 = sqlx::query_scalar("select count(*) from known_devices").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(known, 0);
    let answer = From { app: &app, address: "203.0.113.5", device: Some(&phone) }.sign_in("deputy", "另一个相当长的口令没有人猜得到").await;
    assert_eq!(answer.expect(202).json()["step"], "new_password");
}

#[tokio::test]
async fn what_no_longer_counts_is_swept() {
    let app = behind_a_proxy().await;
    at(&app, "203.0.113.5").sign_in("deputy", PASSWORD).await.expect(200);
    at(&app, "203.0.113.5").sign_in("deputy", "wrong password").await.expect(401);
    let count = async || -> (i64, i64, i64) {
        let query = "select (select count(*) from known_devices), (select count(*) from sign_in_attempts), (select count(*) from rate_limits)";
        sqlx::query_as(query).fetch_one(&app.pool).await.expect("counts")
    };
    assert_eq!(count().await, (1, 1, 2));
    app.platform.clock.set(instant("2026-10-20T11:00:00+08:00"));
    minsheng_map::schedule::run_due(&app.platform).await.expect("swept");
    assert_eq!(count().await, (1, 0, 0));
    app.platform.clock.set(instant("2027-04-20T11:00:00+08:00"));
    minsheng_map::schedule::run_due(&app.platform).await.expect("swept");
    assert_eq!(count().await.0, 0);
}
