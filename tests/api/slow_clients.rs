//! Slow clients, idle ones and too many at once: they are cut off or asked to wait, and everybody else is served.

use std::time::{Duration, Instant};

use harness::{Answer, PASSWORD, TestApp};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HEAD: &str =
    "POST /api/session HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n";

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.origin.trim_start_matches("http://")).await.expect("a connection")
}

/// Sends `text` a byte at a time, ten times as fast as one a second, and returns when the server has hung up and what it said before.
async fn trickle(app: &TestApp, text: &[u8], trickled: &[u8]) -> (Duration, String) {
    let stream = connect(app).await;
    let (mut reading, mut writing) = stream.into_split();
    writing.write_all(text).await.expect("sent");
    let began = Instant::now();
    let trickled = trickled.to_vec();
    let sending = tokio::spawn(async move {
        for byte in trickled {
            if writing.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        std::future::pending::<()>().await;
    });
    let mut said = Vec::new();
    let _ = reading.read_to_end(&mut said).await;
    sending.abort();
    (began.elapsed(), String::from_utf8_lossy(&said).into_owned())
}

async fn impatient() -> TestApp {
    TestApp::start_with(|settings| settings.client_patience_s = 1).await
}

#[tokio::test]
async fn a_head_or_content_that_trickles_in_is_cut_off_while_others_are_served() {
    let app = impatient().await;
    let head = trickle(&app, b"", &HEAD.as_bytes()[..120]);
    let content = trickle(&app, HEAD.as_bytes(), &[b' '; 140]);
    let silent = trickle(&app, HEAD.as_bytes(), b"");
    let idle = trickle(&app, b"", b"");
    let others = async {
        for _ in 0..10 {
            let began = Instant::now();
            app.visitor().get("/api/sites").await.expect(200);
            assert!(began.elapsed() < Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    };
    let (head, content, silent, idle, ()) = tokio::join!(head, content, silent, idle, others);
    for (what, (took, said)) in [("head", &head), ("content", &content), ("silent", &silent), ("idle", &idle)] {
        assert!((Duration::from_millis(800)..Duration::from_secs(6)).contains(took), "{what}: {took:?} {said}");
    }
    for (what, (_, said)) in [("content", content), ("silent", silent)] {
        assert!(said.starts_with("HTTP/1.1 408 ") && said.contains("too_slow"), "{what}: {said}");
    }
}

#[tokio::test]
async fn a_stream_of_events_and_a_kept_connection_in_use_outlast_the_patience() {
    let app = impatient().await;
    let mut stream = connect(&app).await;
    stream.write_all(b"GET /api/events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.expect("sent");
    let mut piece = [0; 4096];
    let count = stream.read(&mut piece).await.expect("a head");
    assert!(String::from_utf8_lossy(&piece[..count]).starts_with("HTTP/1.1 200 "));
    let until = Instant::now() + Duration::from_secs(4);
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        if let Ok(read) = tokio::time::timeout(left, stream.read(&mut piece)).await {
            assert_ne!(read.expect("a living connection"), 0, "the stream was cut");
        }
    }
    let visitor = app.visitor();
    for _ in 0..6 {
        visitor.get("/livez").await.expect(200);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

#[tokio::test]
async fn a_request_too_many_is_asked_to_come_again_and_no_network_takes_every_place() {
    let app = TestApp::start_with(|settings| {
        settings.requests_at_once = 8;
        settings.client_patience_s = 5;
        settings.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    })
    .await;
    // Two places for each network, held by contents that do not come.
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = connect(&app).await;
        let head = HEAD.replace("host:", "x-forwarded-for: 198.51.100.1\r\nhost:");
        stream.write_all(head.as_bytes()).await.expect("sent");
        held.push(stream);
    }
    let from =
        |address: &'static str, path: &'static str| Answer::of(app.visitor().request(reqwest::Method::GET, path).header("x-forwarded-for", address));
    harness::eventually("the places are taken", async || from("198.51.100.1", "/api/sites").await.status.as_u16() == 503).await;
    let refused = from("198.51.100.1", "/api/sites").await.expect(503);
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("unavailable", "2"));
    from("198.51.100.2", "/api/sites").await.expect(200);
    from("198.51.100.1", "/livez").await.expect(200);
    drop(held);
    harness::eventually("the places are free again", async || from("198.51.100.1", "/api/sites").await.status.as_u16() == 200).await;
}

#[tokio::test]
async fn a_server_that_stops_takes_no_more_and_finishes_what_it_began() {
    let app = TestApp::start().await;
    let router = axum::Router::new().route(
        "/slow",
        axum::routing::get(async || {
            tokio::time::sleep(Duration::from_millis(800)).await;
            "done"
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(minsheng_map::http::connections::serve(listener, router, Duration::from_secs(5), async {
        let _ = stopped.await;
    }));
    let idle = TcpStream::connect(origin.trim_start_matches("http://")).await.expect("an idle connection");
    let under_way = tokio::spawn(Answer::of(harness::Client::visitor(&origin).request(reqwest::Method::GET, "/slow")));
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.send(()).expect("still serving");
    assert_eq!(under_way.await.expect("an answer").expect(200).text(), "done");
    tokio::time::timeout(Duration::from_secs(2), serving).await.expect("idle connections do not hold it up").expect("no panic");
    assert!(TcpStream::connect(origin.trim_start_matches("http://")).await.is_err());
    drop(idle);
    app.visitor().get("/livez").await.expect(200);
}

#[tokio::test]
async fn a_slow_but_steady_content_arrives() {
    let app = TestApp::start_with(|settings| settings.client_patience_s = 1).await;
    let body = json!({ "login": "deputy", "password": PASSWORD }).to_string();
    let stream = connect(&app).await;
    let (mut reading, mut writing) = stream.into_split();
    let head = HEAD.replace("4000", &(body.len() + 6000).to_string()).replace("content-type", "connection: close\r\ncontent-type");
    writing.write_all(head.as_bytes()).await.expect("sent");
    // 6,000 bytes in 2.4 seconds: slower than the patience alone, faster than the slowest pace.
    for _ in 0..6 {
        writing.write_all(&[b' '; 1000]).await.expect("sent");
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    writing.write_all(body.as_bytes()).await.expect("sent");
    let mut said = String::new();
    reading.read_to_string(&mut said).await.expect("an answer");
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
}
