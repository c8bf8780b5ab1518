//! One's own mail address: confirmed by the code sent to it, guessed at in vain, taken back, never told to others.

use harness::receivers::MailReceiver;
use harness::{Client, TestApp, eventually};
use serde_json::{Value, json};

use crate::deliveries::by_mail;

async fn start() -> (TestApp, MailReceiver) {
    let receiver = MailReceiver::start().await;
    let app = TestApp::start_with(|settings| by_mail(settings, &receiver)).await;
    (app, receiver)
}

/// Gives the address and waits for the nth mail; its code.
async fn code(client: &Client, receiver: &MailReceiver, address: &str, nth: usize) -> String {
    client.post("/api/me/mail-address", json!({"address": address})).await.expect(202);
    eventually("the code arrives", async || receiver.mails().len() == nth).await;
    let mail = receiver.mails().remove(nth - 1);
    assert_eq!(mail.to, address);
    let digits: String = mail.text.chars().skip_while(|character| !character.is_ascii_digit()).take(6).collect();
    assert_eq!(digits.len(), 6, "{}", mail.text);
    digits
}

async fn own(client: &Client) -> Value {
    client.get("/api/me/notice-preferences").await.expect(200).json()["mail"].clone()
}

async fn confirm(client: &Client, code: &str) -> harness::Answer {
    client.post("/api/me/mail-address/confirmation", json!({"code": code})).await
}

#[tokio::test]
async fn an_address_holds_once_its_code_came_back() {
    let (app, receiver) = start().await;
    let deputy = app.as_login("deputy").await;
    assert_eq!(own(&deputy).await, json!({"is_open": true, "to": null, "pending": null}));
    let first = code(&deputy, &receiver, "jia@county.example", 1).await;
    assert_eq!(own(&deputy).await, json!({"is_open": true, "to": null, "pending": "jia@county.example"}));
    confirm(&deputy, &format!(" {} {}", &first[..3], &first[3..])).await.expect(204);
    assert_eq!(own(&deputy).await, json!({"is_open": true, "to": "jia@county.example", "pending": null}));
    confirm(&deputy, &first).await.expect(422);
    // Another address takes its place only when it is confirmed too.
    app.set_clock("2026-10-20T12:00:00+08:00");
    let second = code(&deputy, &receiver, "jia2@county.example", 2).await;
    assert_eq!(own(&deputy).await["to"], "jia@county.example");
    assert_eq!(confirm(&app.as_login("deputy2").await, &second).await.expect(422).fields(), ["code"], "somebody else's code");
    confirm(&deputy, &second).await.expect(204);
    deputy.delete("/api/me/mail-address").await.expect(204);
    deputy.delete("/api/me/mail-address").await.expect(204);
    assert_eq!(own(&deputy).await["to"], json!(null));
    let audit: String =
        sqlx::query_scalar("select string_agg(action || detail::text, ' ') from audit_log").fetch_one(&app.pool).await.expect("lines");
    assert!(audit.contains("mail_address.give") && audit.contains("mail_address.confirm") && !audit.contains("county.example"), "{audit}");
}

#[tokio::test]
async fn a_code_is_guessed_five_times_and_ends_after_half_an_hour() {
    let (app, receiver) = start().await;
    let deputy = app.as_login("deputy").await;
    let right = code(&deputy, &receiver, "jia@county.example", 1).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(confirm(&deputy, wrong).await.expect(422).fields(), ["code"]);
    }
    confirm(&deputy, &right).await.expect(422);
    app.set_clock("2026-10-20T12:00:00+08:00");
    let late = code(&deputy, &receiver, "jia@county.example", 2).await;
    app.set_clock("2026-10-20T12:30:01+08:00");
    confirm(&deputy, &late).await.expect(422);
    assert_eq!(own(&deputy).await["pending"], json!(null));
}

#[tokio::test]
async fn what_was_never_confirmed_is_forgotten_after_a_day() {
    let (app, receiver) = start().await;
    let deputy = app.as_login("deputy").await;
    let right = code(&deputy, &receiver, "jia@county.example", 1).await;
    confirm(&deputy, &right).await.expect(204);
    app.set_clock("2026-10-20T10:00:00+08:00");
    code(&deputy, &receiver, "jia2@county.example", 2).await;
    code(&app.as_login("deputy2").await, &receiver, "yi@county.example", 3).await;
    let left = async || -> Vec<(Option<String>, Option<String>)> {
        let query = "select address, pending from mail_addresses order by account_id";
        sqlx::query_as(query).fetch_all(&app.pool).await.expect("rows")
    };
    app.set_clock("2026-10-21T10:29:00+08:00");
    minsheng_map::schedule::run_due(&app.platform).await.expect("the jobs");
    assert_eq!(left().await.len(), 2, "not before a day has passed since the code ended");
    app.set_clock("2026-10-21T11:31:00+08:00");
    minsheng_map::schedule::run_due(&app.platform).await.expect("the jobs");
    assert_eq!(left().await, [(Some("jia@county.example".to_owned()), None)], "what was confirmed stays");
}

#[tokio::test]
async fn nobodys_mailbox_is_filled_and_nothing_is_taken_for_an_address_that_is_none() {
    let (app, receiver) = start().await;
    let deputy = app.as_login("deputy").await;
    for address in ["", "jia", "jia@county", "jia@county.example\r\nBcc: x@y.cn", "a@b.cn,c@d.cn", "a@127.0.0.1"] {
        let answer = deputy.post("/api/me/mail-address", json!({"address": address})).await.expect(422);
        assert_eq!(answer.fields(), ["address"], "{address:?}");
    }
    code(&deputy, &receiver, "victim@county.example", 1).await;
    let soon = deputy.post("/api/me/mail-address", json!({"address": "victim@county.example"})).await.expect(429);
    assert!(soon.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds <= 60));
    for (nth, login) in [(2, "deputy2"), (3, "keeper")] {
        code(&app.as_login(login).await, &receiver, "victim@county.example", nth).await;
    }
    app.as_login("unit").await.post("/api/me/mail-address", json!({"address": "victim@county.example"})).await.expect(429);
    app.visitor().post("/api/me/mail-address", json!({"address": "a@b.cn"})).await.expect(401);
    assert_eq!(receiver.mails().len(), 3);
}

#[tokio::test]
async fn where_no_mails_are_sent_no_address_is_taken() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    deputy.post("/api/me/mail-address", json!({"address": "jia@county.example"})).await.expect(409);
    assert_eq!(own(&deputy).await["is_open"], false);
}
