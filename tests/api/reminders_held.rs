//! A reminder is held for a moment, in which whoever sent it can take it back; after that its people have it.

use harness::{StoredReport, TestApp, instant};
use serde_json::{Value, json};

const MONTH: &str = "/api/reporting-months/2026-10/reminders";

async fn held() -> TestApp {
    TestApp::start_with(|settings| settings.reminder_hold_s = 60).await
}

async fn remind(app: &TestApp, to: &str) -> Value {
    let sites = [app.world.west[0].site_id, app.world.west[1].site_id];
    let body = json!({"site_ids": sites, "to": to, "words": "请到现场查看"});
    app.as_login("working_committee").await.post("/api/reminders", body).await.expect(200).json()
}

fn undo(sent: &Value) -> String {
    format!("/api/reminders/{}/undo", sent["id"].as_str().expect("an id"))
}

async fn found(app: &TestApp, login: &str) -> usize {
    app.as_login(login).await.get("/api/me/notices").await.expect(200).items().iter().filter(|notice| notice["kind"] == "reminder").count()
}

async fn reminded(app: &TestApp) -> Value {
    let site = app.world.west[0].site_id;
    let rows = app.as_login("committee").await.get(&format!("/api/review?sites={site}")).await.expect(200).items();
    rows.first().map_or(Value::Null, |row| row["reminders"].clone())
}

#[tokio::test]
async fn within_the_moment_nobody_finds_it_and_it_can_be_taken_back() {
    let app = held().await;
    let sent = remind(&app, "unit").await;
    assert_eq!(sent["undo_until"], "2026-10-20T09:01:00+08:00");
    assert_eq!(found(&app, "unit").await, 0);
    let site = app.world.west[0].site_id;
    let story = async || app.visitor().get(&format!("/api/sites/{site}/story")).await.expect(200).text();
    assert!(!story().await.contains("请到现场查看"), "nor does the public, while it can be taken back");
    let working_committee = app.as_login("working_committee").await;
    let file = working_committee.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    assert_eq!(file["notices"][0]["undo"], sent["id"], "it is found in the file after a reload");
    let others = app.as_login("committee").await.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    assert_eq!(others["notices"][0]["undo"], Value::Null, "only whoever sent it takes it back");
    app.set_clock("2026-10-20T09:00:59+08:00");
    app.as_login("committee").await.post(&undo(&sent), json!({})).await.expect(404);
    let taken = working_committee.post(&undo(&sent), json!({})).await.expect(200).json();
    assert_eq!((&taken["sites"], taken["notices"].as_u64().is_some_and(|notices| notices >= 2)), (&json!(2), true), "{taken}");
    assert_eq!(working_committee.post(&undo(&sent), json!({})).await.expect(409).code(), "conflict");
    app.set_clock("2026-10-20T10:00:00+08:00");
    assert_eq!(found(&app, "unit").await, 0, "it is never shown");
    let file = app.as_login("working_committee").await.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    assert_eq!(file["notices"][0]["taken_back_at"], "2026-10-20T09:00:59+08:00");
    let actions: Vec<&str> = file["records"].as_array().expect("records").iter().filter_map(|record| record["action"].as_str()).collect();
    assert_eq!(actions[..2], ["site.take_back_reminder", "site.remind"], "both stay on record");
    assert!(!story().await.contains("请到现场查看"), "the public story tells nothing of it");
}

#[tokio::test]
async fn afterwards_its_people_have_it() {
    let app = held().await;
    let sent = remind(&app, "adopters").await;
    assert_eq!(found(&app, "deputy").await, 0);
    app.set_clock("2026-10-20T09:01:00+08:00");
    assert!(found(&app, "deputy").await > 0);
    let late = app.as_login("working_committee").await.post(&undo(&sent), json!({})).await.expect(409);
    assert!(late.text().contains("已经送达"), "{}", late.text());
    let file = app.as_login("working_committee").await.get(&format!("/api/sites/{}/file", app.world.west[0].site_id)).await.expect(200).json();
    assert_eq!(file["notices"][0]["undo"], Value::Null);
}

#[tokio::test]
async fn what_was_taken_back_is_no_reminder() {
    let app = held().await;
    let before = reminded(&app).await;
    let sent = remind(&app, "adopters").await;
    app.as_login("working_committee").await.post(&undo(&sent), json!({})).await.expect(200);
    assert_eq!(reminded(&app).await, before);
    let west = app.as_login("working_committee").await;
    let month = west.post(MONTH, json!({"reach": {}, "words": ""})).await.expect(200).json();
    assert!(month["id"].is_string(), "{month}");
    west.post(&undo(&month), json!({})).await.expect(200);
    let again = west.post(MONTH, json!({"reach": {"skip_reminded_today": true}, "words": ""})).await.expect(200).json();
    assert_eq!((&again["reports"], &again["left_out"]), (&month["reports"], &json!(0)), "nobody was reminded today");
}

#[tokio::test]
async fn messages_wait_with_it_and_are_dropped_with_it() {
    let app = held().await;
    let open =
        "insert into delivery_channels (channel, is_open, opened_at) values ('mail', true, $1) on conflict (channel) do update set is_open = true";
    sqlx::query(open).bind(app.now()).execute(&app.pool).await.expect("a way out");
    let address = "insert into mail_addresses (county_id, account_id, address) values ($1, $2, 'unit@county.example')";
    sqlx::query(address).bind(app.world.county_id.0).bind(app.world.account("unit").0).execute(&app.pool).await.expect("an address");
    let sent = remind(&app, "unit").await;
    let due: Vec<(String, bool)> = sqlx::query_as("select state, due_at = $1 + interval '1 minute' from deliveries")
        .bind(app.now())
        .fetch_all(&app.pool)
        .await
        .expect("messages");
    assert!(!due.is_empty() && due.iter().all(|(state, later)| state == "waiting" && *later), "{due:?}");
    app.as_login("working_committee").await.post(&undo(&sent), json!({})).await.expect(200);
    let dropped: Vec<(String, String)> = sqlx::query_as("select state, fault from deliveries").fetch_all(&app.pool).await.expect("messages");
    assert_eq!(dropped, vec![("dropped".to_owned(), "taken_back".to_owned()); due.len()]);
}

#[tokio::test]
async fn of_two_presses_one_takes_it_back() {
    let app = held().await;
    let sent = remind(&app, "unit").await;
    let mut presses = Vec::new();
    for _ in 0..4 {
        let (client, path) = (app.as_login("working_committee").await, undo(&sent));
        presses.push(tokio::spawn(async move { client.post(&path, json!({})).await.status.as_u16() }));
    }
    let mut answers = Vec::new();
    for press in presses {
        answers.push(press.await.expect("an answer"));
    }
    answers.sort_unstable();
    assert_eq!(answers, [200, 409, 409, 409]);
}

#[tokio::test]
async fn where_nothing_is_held_everything_is_sent_at_once() {
    let app = TestApp::start().await;
    let sent = remind(&app, "unit").await;
    assert_eq!((&sent["id"], &sent["undo_until"]), (&Value::Null, &Value::Null));
    assert!(found(&app, "unit").await > 0);
}

#[tokio::test]
async fn a_part_is_taken_back_and_the_rest_leaves_as_one_message() {
    let app = held().await;
    let open =
        "insert into delivery_channels (channel, is_open, opened_at) values ('mail', true, $1) on conflict (channel) do update set is_open = true";
    sqlx::query(open).bind(app.now()).execute(&app.pool).await.expect("a way out");
    let address = "insert into mail_addresses (county_id, account_id, address) values ($1, $2, 'unit@county.example')";
    sqlx::query(address).bind(app.world.county_id.0).bind(app.world.account("unit").0).execute(&app.pool).await.expect("an address");
    let sites: Vec<_> = app.world.west.iter().chain(&app.world.east).map(|site| site.site_id).collect();
    let body = json!({"site_ids": sites, "to": "unit", "words": "请说明进度"});
    let theirs = "update sites set unit_id = $1 where site_id = any($2)";
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query(theirs).bind(app.world.unit_id.0).bind(&numbers).execute(&app.pool).await.expect("their sites");
    let committee = app.as_login("committee").await;
    let sent = committee.post("/api/reminders", body).await.expect(200).json();
    let heads = "select count(*) filter (where carried_by is null), count(*) from deliveries where state = 'waiting'";
    let (alone, all): (i64, i64) = sqlx::query_as(heads).fetch_one(&app.pool).await.expect("counts");
    assert!(alone == 1 && all >= 3, "{alone} of {all}");
    let first = sites.iter().min().expect("a site");
    let taken = committee.post(&undo(&sent), json!({"site_ids": [first]})).await.expect(200).json();
    assert_eq!((&taken["sites"], &taken["notices"]), (&json!(1), &json!(1)), "{taken}");
    let left: (i64, i64) = sqlx::query_as(heads).fetch_one(&app.pool).await.expect("counts");
    assert_eq!(left, (1, all - 1), "another carries the rest");
    assert_eq!(committee.post(&undo(&sent), json!({"site_ids": [first]})).await.expect(409).code(), "conflict");
    app.set_clock("2026-10-20T09:02:00+08:00");
    assert_eq!(i64::try_from(found(&app, "unit").await).expect("few"), all - 1);
}

#[tokio::test]
async fn a_struck_off_site_owes_nothing_and_is_not_reminded() {
    let app = TestApp::start().await;
    let (site, other) = (app.world.west[0].site_id, app.world.west[1].site_id);
    let done = StoredReport::new(site, app.world.deputies["deputy"], instant("2026-10-12T10:00:00+08:00"), "completed");
    done.take_effect(&app.pool, &app.world).await;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.0).fetch_one(&app.pool).await.expect("a site");
    let closed = json!({"note": "验收", "rev": rev});
    app.as_login("committee").await.post(&format!("/api/sites/{site}/strike-off"), closed).await.expect(200);
    for to in ["adopters", "unit"] {
        let body = json!({"site_ids": [other, site], "to": to, "words": "请到现场查看"});
        let refused = app.as_login("committee").await.post("/api/reminders", body).await.expect(409).json();
        assert_eq!(refused["site_id"], json!(site));
        assert!(refused["detail"].as_str().expect("words").contains("已销号"), "{refused}");
    }
    let sent: i64 = sqlx::query_scalar("select count(*) from reminders").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(sent, 0);
}
