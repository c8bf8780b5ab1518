//! A picture whose sending is cut off at each tenth of its body: nothing of it stays, the report that names it says so, and the phone
//! sends it again.

use harness::{Client, TestApp, pictures};
use serde_json::json;
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::reports::{path, report, with};

/// Sends the head and the first part of an upload over a connection of its own, and hangs up.
async fn send_a_part(app: &TestApp, token: &str, name: &str, bytes: &[u8], part: usize, abruptly: bool) {
    let address = app.origin.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "PUT /api/photos/{name} HTTP/1.1\r\nhost: {address}\r\norigin: {}\r\ncookie: __Host-session={token}\r\ncontent-length: {}\r\n\r\n",
        app.origin,
        bytes.len()
    );
    connection.write_all(head.as_bytes()).await.expect("the head is sent");
    connection.write_all(&bytes[..part]).await.expect("a part is sent");
    connection.flush().await.expect("it is on its way");
    if abruptly {
        // A reset, as when a phone leaves the network's reach.
        connection.set_zero_linger().expect("a socket");
        return;
    }
    connection.shutdown().await.expect("hung up");
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 5"), "{part} bytes: {answer}");
}

async fn kept(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from photos").fetch_one(pool).await.expect("a count")
}

/// All files in the data folder, those of an unfinished sending too.
fn files(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

async fn missing(deputy: &Client, id: Uuid, body: &serde_json::Value) -> serde_json::Value {
    let answer = deputy.put(&path(id), body.clone()).await;
    assert!(answer.status.is_success(), "{}", answer.text());
    answer.json()["missing_photos"].clone()
}

#[tokio::test]
async fn an_upload_cut_at_any_tenth_leaves_nothing_and_is_taken_when_it_comes_again() {
    let app = TestApp::start().await;
    let token = app.token("deputy").await.expect("a token");
    let deputy = app.visitor().with_token(&token);
    let site = app.world.west[1].clone();
    for tenth in 0..10_usize {
        let bytes = pictures::jpeg(100 + tenth as u64);
        let name = pictures::sha256(&bytes);
        let (before, held) = (kept(&app.pool).await, files(&app.data_dir));
        for abruptly in [false, true] {
            send_a_part(&app, &token, &name, &bytes, bytes.len() * tenth / 10, abruptly).await;
        }
        let id = Uuid::now_v7();
        let body = with(report(&site, "in_progress", 40), json!({"photos": [name], "words": format!("第 {tenth} 次")}));
        assert_eq!(missing(&deputy, id, &body).await, json!([name]), "the report stands without its picture, cut at {tenth} tenths");
        assert_eq!((kept(&app.pool).await, files(&app.data_dir)), (before, held), "nothing is left of a part");
        deputy.put_bytes(&format!("/api/photos/{name}"), bytes.clone()).await.expect(201);
        deputy.put_bytes(&format!("/api/photos/{name}"), bytes).await.expect(200);
        assert_eq!(kept(&app.pool).await, before + 1);
        let shown = app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.expect(200).items();
        let shown = shown.iter().find(|shown| shown["id"] == json!(id)).expect("the report is shown");
        assert!(shown["photos"].as_array().is_some_and(|photos| photos.len() == 1), "{shown}");
    }
}
