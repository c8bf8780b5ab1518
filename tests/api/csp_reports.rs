//! The address to which browsers report broken policies: what it takes, what it logs, and how it cannot be misused.

use std::sync::{Arc, Mutex};

use harness::{Answer, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

const OLD: &str = "application/csp-report";
const NEW: &str = "application/reports+json";

fn old_report() -> Value {
    json!({"csp-report": {"document-uri": "https://map.example/sites/2026-01-001?q=13800000000", "referrer": "https://search.example/?q=secret",
        "violated-directive": "script-src-elem", "effective-directive": "script-src-elem", "original-policy": "default-src 'none'",
        "disposition": "enforce", "blocked-uri": "https://ads.example/a.js?phone=13800000000", "line-number": 3, "script-sample": "secret()"}})
}

fn new_reports() -> Value {
    json!([
        {"type": "csp-violation", "age": 10, "url": "https://map.example/desk", "user_agent": "Mozilla/5.0 secret", "body":
            {"documentURL": "https://map.example/desk#secret", "effectiveDirective": "img-src", "blockedURL": "https://pictures.example/x.png",
             "disposition": "enforce", "statusCode": 200, "sample": "secret"}},
        {"type": "deprecation", "age": 1, "url": "https://map.example/", "body": {"id": "x"}},
    ])
}

/// As a browser sends it: no key, no session, and no origin either.
async fn report(app: &TestApp, kind: &str, body: impl Into<String>) -> Answer {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    Answer::of(client.post(format!("{}/api/csp-reports", app.origin)).header("content-type", kind).body(body.into())).await
}

#[tokio::test]
async fn both_shapes_of_report_are_taken_and_others_are_refused_by_name() {
    let app = TestApp::start().await;
    report(&app, OLD, old_report().to_string()).await.expect(204);
    report(&app, NEW, new_reports().to_string()).await.expect(204);
    report(&app, "application/reports+json; charset=utf-8", "[]").await.expect(204);
    report(&app, "application/json", old_report().to_string()).await.expect(415);
    report(&app, OLD, "{").await.expect(400);
    assert_eq!(report(&app, OLD, "{}").await.expect(422).fields(), ["csp-report"]);
    assert_eq!(
        report(&app, OLD, json!({"csp-report": {"document-uri": "https://map.example/"}}).to_string()).await.expect(422).fields(),
        ["csp-report.violated-directive"]
    );
    assert_eq!(report(&app, NEW, json!([{"type": "csp-violation", "body": {}}]).to_string()).await.expect(422).fields(), ["[0].body"]);
    report(&app, OLD, format!("{}{}", old_report(), " ".repeat(17_000))).await.expect(413);
}

#[tokio::test]
async fn only_this_address_takes_a_call_without_an_origin_and_none_takes_a_foreign_one() {
    let app = TestApp::start().await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let host = app.origin.clone();
    for (origin, site, passes) in [
        (None, None, true),
        (None, Some("cross-site"), true),
        (Some("null"), Some("cross-site"), true),
        (Some("null"), None, true),
        (Some(host.as_str()), Some("same-origin"), true),
        (Some("https://evil.example"), None, false),
        (Some("https://evil.example"), Some("same-origin"), false),
    ] {
        for (method, path, of_reports) in
            [(Method::POST, "/api/csp-reports", true), (Method::POST, "/api/session", false), (Method::DELETE, "/api/session", false)]
        {
            let mut request = client.request(method.clone(), format!("{host}{path}")).header("content-type", OLD).body(old_report().to_string());
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            let answer = Answer::of(request).await;
            let passes = if of_reports { passes } else { origin == Some(host.as_str()) };
            assert_eq!(answer.code() != "foreign_origin", passes, "{method} {path} {origin:?} {site:?}: {}", answer.text());
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_report_is_one_line_without_personal_data_and_over_the_limit_none() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .init();
    let lines = || -> Vec<String> {
        let text = String::from_utf8(log.0.lock().expect("the log").clone()).expect("text");
        text.lines().filter(|line| line.contains("content security policy")).map(str::to_owned).collect()
    };
    let app = TestApp::start().await;
    let other = app.second_server().await;
    let forged = json!({"csp-report": {"document-uri": "https://map.example/a\n2026 WARN forged", "violated-directive": "img-src\u{1b}[2J", "blocked-uri": "eval"}});
    for body in [old_report(), forged] {
        report(&app, OLD, body.to_string()).await.expect(204);
    }
    report(&other, NEW, new_reports().to_string()).await.expect(204);
    let first = lines();
    assert_eq!(first.len(), 3, "{first:?}");
    for part in ["directive=\"script-src-elem\"", "blocked=\"ads.example\"", "page=\"/sites/2026-01-001\""] {
        assert!(first[0].contains(part), "{}", first[0]);
    }
    assert!(
        first.iter().all(|line| !line.contains("secret") && !line.contains("13800000000") && !line.contains("127.0.0.1") && !line.contains('\u{1b}')),
        "{first:?}"
    );
    // Twenty at once from one network, over all servers.
    for _ in 0..17 {
        report(&other, OLD, old_report().to_string()).await.expect(204);
    }
    let refused = report(&app, OLD, old_report().to_string()).await.expect(429);
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(lines().len(), 20);
}

#[tokio::test]
async fn all_networks_together_cannot_fill_the_log() {
    let app = TestApp::start_with(|settings| settings.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")]).await;
    let mut taken = 0;
    for network in 0..300 {
        let request = app.visitor().request(Method::POST, "/api/csp-reports").header("content-type", OLD).body(old_report().to_string());
        let answer = Answer::of(request.header("x-forwarded-for", format!("2001:db8:{network:x}::1"))).await;
        taken += usize::from(answer.status.as_u16() == 204);
    }
    assert_eq!(taken, 200);
}

#[tokio::test]
async fn every_page_says_where_to_report() {
    let app = TestApp::start().await;
    for path in ["/", "/desk", "/deputy", "/api/sites"] {
        let answer = app.visitor().get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("report-uri /api/csp-reports") && policy.contains("report-to csp"), "{path}: {policy}");
        assert_eq!(answer.header("reporting-endpoints"), "csp=\"/api/csp-reports\"", "{path}");
    }
}
