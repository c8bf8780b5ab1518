//! A deputy's report: accepted once however often it is sent, amended, refused to those who may not, and shown to the public.

use harness::{Answer, Client, Site, TestApp, pictures};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// A report that a deputy standing at the site would send.
pub fn report(site: &Site, stage: &str, percent: u8) -> Value {
    json!({
        "site_id": site.site_id, "stage": stage, "percent": percent, "words": "墙体已砌筑，正在做屋面。", "problems": ["weather"], "photos": [],
        "written_at": "2026-10-20T08:59:00+08:00", "position": {"lon": site.lon, "lat": site.lat, "accuracy_m": 8.0}, "step_back_reason": null
    })
}

pub fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

pub fn path(id: Uuid) -> String {
    format!("/api/reports/{id}")
}

/// Sends a picture and returns its name.
pub async fn send_photo(deputy: &Client, seed: u64) -> String {
    let bytes = pictures::jpeg(seed);
    let name = pictures::sha256(&bytes);
    deputy.put_bytes(&format!("/api/photos/{name}"), bytes).await.expect(201);
    name
}

pub async fn start(deputy: &Client, site: &Site, seed: u64) -> Answer {
    let photo = send_photo(deputy, seed).await;
    deputy.put(&path(Uuid::now_v7()), with(report(site, "in_progress", 40), json!({"photos": [photo]}))).await.expect(201)
}

pub async fn stage_of(app: &TestApp, site: &Site) -> String {
    sqlx::query_scalar("select stage from sites where county_id = $1 and site_id = $2")
        .bind(app.world.county_id.0)
        .bind(site.site_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a stage")
}

pub async fn count(app: &TestApp, table: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(&app.pool).await.expect("a number")
}

#[tokio::test]
async fn a_report_changes_the_stage_and_is_seen_by_everybody() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    let receipt = start(&deputy, &site, 1).await.json();
    assert_eq!(receipt["month"], "2026-10");
    assert_eq!(receipt["received_at"], "2026-10-20T09:00:00+08:00");
    assert_eq!((&receipt["late"], &receipt["off_site"], &receipt["distance_m"]), (&json!(false), &json!(false), &json!(0)));
    assert_eq!((&receipt["version"], &receipt["missing_photos"]), (&json!(1), &json!([])));
    assert_eq!(stage_of(&app, &site).await, "in_progress");
    let reports = app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.expect(200).items();
    assert_eq!(reports.len(), 1);
    assert_eq!((&reports[0]["state"], &reports[0]["deputy"]["name"]), (&json!("standing"), &json!("甲代表")));
    assert_eq!(reports[0]["photos"][0]["missing"], false);
    assert!(reports[0].get("position").is_none(), "the phone's place is nobody's business");
    let history = app.visitor().get(&format!("/api/sites/{}/history", site.site_id)).await.expect(200).items();
    assert_eq!((&history[0]["to_stage"], &history[0]["cause"], &history[0]["report_id"]), (&json!("in_progress"), &json!("report"), &receipt["id"]));
    assert_eq!(count(&app, "audit_log where action = 'report.accept'").await, 1);
    assert!(count(&app, &format!("change_log where kind = 'site' and object_id = {}", site.site_id)).await >= 1);
}

#[tokio::test]
async fn a_report_sent_twenty_times_by_eight_phones_at_once_is_one_report_with_one_receipt() {
    let app = TestApp::start().await;
    let other_server = app.second_server().await;
    let deputy = app.as_login("deputy").await;
    let elsewhere = other_server.as_login("deputy").await;
    let photo = send_photo(&deputy, 1).await;
    let absent = pictures::sha256(&pictures::jpeg(2));
    let body = with(report(&app.world.west[0], "in_progress", 40), json!({"photos": [photo, absent]}));
    let id = path(Uuid::now_v7());
    let mut receipts = Vec::new();
    for round in 0..20 {
        let mut sending = Vec::new();
        for phone in 0..8 {
            let (client, id, body) = (if phone % 2 == 0 { deputy.clone() } else { elsewhere.clone() }, id.clone(), body.clone());
            sending.push(tokio::spawn(async move { client.put(&id, body).await }));
        }
        for answer in sending {
            let answer = answer.await.expect("an answer");
            assert!(matches!(answer.status.as_u16(), 200 | 201), "{}", answer.text());
            receipts.push((answer.status.as_u16(), answer.bytes));
        }
        if round == 9 {
            // The announced picture arrives meanwhile; the receipt stays what it was.
            deputy.put_bytes(&format!("/api/photos/{absent}"), pictures::jpeg(2)).await.expect(201);
        }
    }
    assert_eq!(receipts.len(), 160);
    assert_eq!(receipts.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert!(receipts.windows(2).all(|pair| pair[0].1 == pair[1].1), "every receipt has the same bytes");
    let receipt: Value = serde_json::from_slice(&receipts[0].1).expect("a receipt");
    assert_eq!(receipt["missing_photos"], json!([absent]));
    assert_eq!(count(&app, "reports").await, 1);
    assert_eq!(count(&app, "stage_changes").await, 1);
    assert_eq!(count(&app, "audit_log where action = 'report.accept'").await, 1);
}

#[tokio::test]
async fn the_same_id_with_other_content_is_refused() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let id = path(Uuid::now_v7());
    let body = report(&app.world.west[0], "not_started", 0);
    deputy.put(&id, body.clone()).await.expect(201);
    let spaced = deputy.request(Method::PUT, &id).header("content-type", "application/json");
    Answer::of(spaced.body(serde_json::to_string_pretty(&body).expect("text"))).await.expect(200);
    for change in [json!({"words": "另一段话"}), json!({"site_id": app.world.west[1].site_id}), json!({"percent": 7}), json!({"problems": []})] {
        let answer = deputy.put(&id, with(body.clone(), change)).await.expect(422);
        assert_eq!(answer.code(), "key_reused");
    }
    let stranger = app.as_login("deputy2").await;
    assert_eq!(stranger.put(&id, body).await.expect(422).code(), "key_reused");
    assert_eq!(count(&app, "reports").await, 1);
}

#[tokio::test]
async fn two_different_reports_racing_for_one_id_leave_one() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    for _ in 0..10 {
        let id = path(Uuid::now_v7());
        let (one, other) = (report(&app.world.west[0], "not_started", 0), report(&app.world.west[1], "not_started", 0));
        let (one, other) = tokio::join!(deputy.put(&id, one), deputy.put(&id, other));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422], "{} / {}", one.text(), other.text());
    }
}

#[tokio::test]
async fn another_id_amends_and_earlier_versions_are_kept() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    start(&deputy, &site, 1).await;
    let photo = send_photo(&deputy, 2).await;
    let body = with(report(&site, "completed", 100), json!({"photos": [photo], "written_at": "2026-10-20T09:00:00+08:00"}));
    let receipt = deputy.put(&path(Uuid::now_v7()), body).await.expect(201).json();
    assert_eq!(receipt["version"], 2);
    assert_eq!(stage_of(&app, &site).await, "completed");
    let reports = app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.expect(200).items();
    let mut states: Vec<(i64, String)> = reports
        .iter()
        .map(|report| (report["version"].as_i64().expect("a version"), report["state"].as_str().expect("a state").to_owned()))
        .collect();
    states.sort_unstable();
    assert_eq!(states, [(1, "amended".to_owned()), (2, "standing".to_owned())]);
}

#[tokio::test]
async fn two_phones_of_one_deputy_leave_the_later_writing_whichever_arrives_first() {
    for order in [[0, 1], [1, 0]] {
        let app = TestApp::start().await;
        let deputy = app.as_login("deputy").await;
        let site = app.world.west[0].clone();
        let photo = send_photo(&deputy, 1).await;
        let started = with(report(&site, "in_progress", 40), json!({"photos": [photo], "written_at": "2026-10-19T08:00:00+08:00"}));
        let finished = with(report(&site, "completed", 100), json!({"photos": [photo], "written_at": "2026-10-19T17:00:00+08:00"}));
        let bodies = [started, finished];
        for place in order {
            deputy.put(&path(Uuid::now_v7()), bodies[place].clone()).await.expect(201);
        }
        assert_eq!(stage_of(&app, &site).await, "completed", "order {order:?}");
        assert_eq!(count(&app, "reports where state = 'standing'").await, 1);
        assert_eq!(count(&app, "reports where state = 'amended'").await, 1);
        let standing: i64 = sqlx::query_scalar("select count(*) from reports_standing_at($1, now() + interval '10 years') where stage = 'completed'")
            .bind(app.world.county_id.0)
            .fetch_one(&app.pool)
            .await
            .expect("a number");
        assert_eq!(standing, 1, "what stood at an instant agrees with what stands");
    }
}

#[tokio::test]
async fn two_phones_at_once_leave_one_standing_report() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let mut sending = Vec::new();
    for _ in 0..8 {
        let (deputy, body) = (deputy.clone(), report(&app.world.west[0], "not_started", 0));
        sending.push(tokio::spawn(async move { deputy.put(&path(Uuid::now_v7()), body).await }));
    }
    for answer in sending {
        answer.await.expect("an answer").expect(201);
    }
    assert_eq!(count(&app, "reports where state = 'standing'").await, 1);
    assert_eq!(count(&app, "reports").await, 8);
}

#[tokio::test]
async fn only_an_adopter_may_report_and_a_foreign_site_is_like_a_missing_one() {
    let app = TestApp::start().await;
    let world = &app.world;
    let body = report(&world.west[0], "not_started", 0);
    let refused = |answer: Answer| (answer.status.as_u16(), answer.code());
    assert_eq!(refused(app.visitor().put(&path(Uuid::now_v7()), body.clone()).await), (401, "sign_in_required".to_owned()));
    for login in ["committee", "working_committee", "unit", "keeper", "admin", "auditor", "deputy_east"] {
        let person = app.as_login(login).await;
        assert_eq!(refused(person.put(&path(Uuid::now_v7()), body.clone()).await), (403, "forbidden".to_owned()), "{login}");
    }
    let deputy = app.as_login("deputy").await;
    let missing = deputy.put(&path(Uuid::now_v7()), with(body.clone(), json!({"site_id": 999_999_999}))).await.expect(404);
    let foreign = deputy.put(&path(Uuid::now_v7()), with(body.clone(), json!({"site_id": world.foreign.site_id}))).await.expect(404);
    let without_id = |answer: &Answer| {
        let mut body = answer.json();
        body.as_object_mut().expect("an object").remove("request_id");
        body
    };
    assert_eq!(without_id(&missing), without_id(&foreign));
    let foreign_deputy = app.as_login("foreign_deputy").await;
    foreign_deputy.put(&path(Uuid::now_v7()), body).await.expect(404);
    assert_eq!(count(&app, "reports").await, 0);
}

#[tokio::test]
async fn what_was_written_before_handing_the_site_over_still_counts() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    sqlx::query("update adoptions set ended_on = '2026-10-19' where site_id = $1 and deputy_id = $2")
        .bind(site.site_id.0)
        .bind(app.world.deputies["deputy"].0)
        .execute(&app.pool)
        .await
        .expect("handed over");
    deputy.put(&path(Uuid::now_v7()), report(&site, "not_started", 0)).await.expect(403);
    let before = with(report(&site, "not_started", 0), json!({"written_at": "2026-10-19T20:00:00+08:00"}));
    deputy.put(&path(Uuid::now_v7()), before).await.expect(201);
}

#[tokio::test]
async fn a_struck_off_site_takes_no_report() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    let photo = send_photo(&deputy, 1).await;
    let done = with(report(&site, "completed", 100), json!({"photos": [photo]}));
    let id = path(Uuid::now_v7());
    let receipt = deputy.put(&id, done.clone()).await.expect(201);
    sqlx::query("update sites set struck_off_on = '2026-10-20', struck_off_by = $2, struck_off_note = '验收通过' where site_id = $1")
        .bind(site.site_id.0)
        .bind(app.world.account("committee").0)
        .execute(&app.pool)
        .await
        .expect("struck off");
    let answer = deputy.put(&path(Uuid::now_v7()), done.clone()).await.expect(409);
    assert!(answer.text().contains("销号"), "{}", answer.text());
    assert_eq!(deputy.put(&id, done).await.expect(200).bytes, receipt.bytes, "a repetition still gets its receipt");
}

#[tokio::test]
async fn what_a_deputy_owes_is_told_site_by_site() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let [first, second] = app.world.west.clone();
    let owed = deputy.get("/api/me/sites").await.expect(200).json();
    assert_eq!((&owed["month"], &owed["closes_at"], &owed["today"]), (&json!("2026-10"), &json!("2026-11-01T00:00:00+08:00"), &json!("2026-10-20")));
    let states = |body: &Value| -> Vec<Value> { body["items"].as_array().expect("items").iter().map(|item| item["state"].clone()).collect() };
    assert_eq!(states(&owed), ["owed", "owed"]);
    start(&deputy, &first, 1).await;
    app.set_clock("2026-11-02T09:00:00+08:00");
    let deputy = app.as_login("deputy").await;
    let body = with(report(&first, "in_progress", 60), json!({"written_at": "2026-11-02T08:00:00+08:00"}));
    let id = Uuid::now_v7();
    deputy.put(&path(id), body).await.expect(201);
    let owed = deputy.get("/api/me/sites").await.expect(200).json();
    assert_eq!(states(&owed), ["reported", "owed"]);
    assert_eq!((&owed["items"][0]["report"]["percent"], &owed["items"][0]["previous"]["percent"]), (&json!(60), &json!(40)));
    assert_eq!(owed["items"][0]["site"]["code"], first.code);
    sqlx::query("update reports set state = 'returned', returned_at = now(), returned_by = $2, return_reason = '照片不清' where report_id = $1")
        .bind(id)
        .bind(app.world.account("committee").0)
        .execute(&app.pool)
        .await
        .expect("returned");
    let owed = deputy.get("/api/me/sites?month=2026-11").await.expect(200).json();
    assert_eq!((states(&owed), &owed["items"][0]["report"]["return_reason"]), (vec![json!("returned"), json!("owed")], &json!("照片不清")));
    assert_eq!(states(&deputy.get("/api/me/sites?month=2026-10").await.expect(200).json()), ["reported", "owed"]);
    assert_eq!(states(&deputy.get("/api/me/sites?month=2025-12").await.expect(200).json()), Vec::<Value>::new());
    assert_eq!(deputy.get("/api/me/sites?month=2026-13").await.expect(422).fields(), ["month"]);
    let record = deputy.get("/api/me/reports?year=2026").await.expect(200).items();
    assert_eq!(record.len(), 2);
    assert!(record.iter().all(|report| report["site_id"] == json!(first.site_id) && report["site_id"] != json!(second.site_id)));
    app.as_login("committee").await.get("/api/me/sites").await.expect(403);
    app.visitor().get("/api/me/reports").await.expect(401);
}
