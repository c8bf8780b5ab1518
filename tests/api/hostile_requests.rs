//! Any bytes on any route: never a fault of the server's, never a panic, always an answer.

use harness::{Answer, Client, TestApp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::{Method, header};

/// Every operation of the interface description, except the one that never ends by itself.
async fn operations(app: &TestApp) -> Vec<(Method, String)> {
    let description = app.visitor().get("/api/openapi.json").await.expect(200).json();
    let mut operations = Vec::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            if let Ok(method) = method.to_uppercase().parse::<Method>()
                && path != "/api/events"
            {
                operations.push((method, path.clone()));
            }
        }
    }
    operations
}

const SEGMENTS: [&str; 16] = [
    "0",
    "-1",
    "1",
    "99999999999999999999",
    "9223372036854775807",
    "%00",
    "%FF%FE",
    "..%2f..%2fetc%2fpasswd",
    "'%20or%201=1--",
    "%E2%80%AE",
    "1e9",
    "null",
    "018f0000-0000-7000-8000-000000000000",
    "2026-13",
    "%F0%9F%9A%A7",
    "9999-99-99T99:99:99",
];

const VALUES: [&str; 18] = [
    "NaN",
    "Infinity",
    "1e308,1e308",
    "0,0",
    "30.5,120.1",
    "%00",
    "%25%5f",
    "-1",
    "99999999999999999999",
    "%F0%A0%80%80",
    "true",
    "';drop%20table%20sites;--",
    "%0d%0aSet-Cookie:x",
    "180,90,-180,-90",
    "2026-10",
    "0000-00",
    "%ED%A0%80",
    "overdue_red",
];

fn filled(path: &str, random: &mut StdRng) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push_str(SEGMENTS[random.random_range(0..SEGMENTS.len())]);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    filled.push_str(rest);
    filled
}

fn query(random: &mut StdRng) -> String {
    let names = [
        "stage",
        "overdue",
        "project",
        "region",
        "month",
        "q",
        "bbox",
        "cursor",
        "limit",
        "near",
        "at",
        "reason",
        "unit",
        "kind",
        "datum",
        "year",
        "file_name",
    ];
    let pairs = (0..random.random_range(0..4)).map(|_| {
        let name = names[random.random_range(0..names.len())];
        let value = VALUES[random.random_range(0..VALUES.len())];
        format!("{name}={value}")
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn body(random: &mut StdRng) -> (&'static str, Vec<u8>) {
    let length = random.random_range(0..400);
    match random.random_range(0..6) {
        0 => ("application/json", (0..length).map(|_| random.random()).collect()),
        1 => ("application/json", b"{\"site_id\":1e400,\"stage\":\"completed\\u0000\",\"words\":[{}]}".to_vec()),
        2 => ("application/json", format!("{{\"site_ids\":[{}],\"to\":\"unit\",\"words\":\"\\u202e\"}}", i64::MAX).into_bytes()),
        3 => ("application/json", b"{\"stage\":\"completed\",\"percent\":-1,\"reason\":\"\",\"rev\":9223372036854775807}".to_vec()),
        4 => ("image/jpeg", [&[0xff, 0xd8, 0xff, 0xe0][..], &(0..length).map(|_| random.random()).collect::<Vec<u8>>()].concat()),
        _ => ("text/plain", (0..length).map(|_| random.random()).collect()),
    }
}

async fn attack(client: &Client, random: &mut StdRng, method: Method, path: &str) {
    let address = format!("{}?{}", filled(path, random), query(random));
    let (kind, bytes) = body(random);
    let mut request = client.request(method.clone(), &address).header("idempotency-key", uuid::Uuid::new_v4().to_string());
    if method != Method::GET {
        request = request.header(header::CONTENT_TYPE, kind).body(bytes.clone());
    }
    let answer = Answer::of(request).await;
    assert!(!answer.status.is_server_error(), "{method} {address} with {kind} {} → {}", String::from_utf8_lossy(&bytes), answer.text());
    if answer.status.is_client_error() {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {address}: {}", answer.text());
        for leak in ["sqlx", "panicked", "select ", "src/", "postgres"] {
            assert!(!answer.text().contains(leak), "{method} {address} tells of its insides: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn no_bytes_on_any_route_bring_the_server_to_fail() {
    let app = TestApp::start().await;
    let operations = operations(&app).await;
    assert!(operations.len() > 10, "{operations:?}");
    let people =
        [app.visitor(), app.as_login("committee").await, app.as_login("deputy").await, app.as_login("admin").await, app.as_login("auditor").await];
    let mut random = StdRng::seed_from_u64(20_261_122);
    for (method, path) in &operations {
        // Ending one's session would only make the rest of the attack a stranger's.
        if path == "/api/session" && *method == Method::DELETE {
            continue;
        }
        for client in &people {
            for _ in 0..8 {
                attack(client, &mut random, method.clone(), path).await;
            }
        }
    }
    app.visitor().get("/readyz").await.expect(200);
}

#[tokio::test]
async fn strange_addresses_are_not_found_and_nothing_worse() {
    let app = TestApp::start().await;
    let paths = [
        "/.git/config",
        "/.env",
        "/..%2f..%2fetc/passwd",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/",
        "/api/",
        "/api",
        "/metrics",
        "/debug",
        "/server-status",
        "/index.html.br",
        "/index.html",
        "/%00",
        "/%FF",
        "/sites/a/b/c",
        "/tiles/sites/99/0/0",
        "/tiles//0/0/0",
        "/photos/zz",
    ];
    for path in paths {
        let answer = app.visitor().get(path).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
    }
    for method in [Method::TRACE, Method::PATCH, Method::from_bytes(b"PROPFIND").expect("a method")] {
        let answer = Answer::of(app.visitor().request(method.clone(), "/")).await;
        assert!(answer.status.is_client_error(), "{method}: {}", answer.status);
    }
}
