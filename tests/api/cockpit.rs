//! The cockpit of the month: the three numbers by part, reminding all the missing once, who is excused, and entries beside a final month.

use harness::{EAST, StoredReport, TestApp, WEST, eventually, instant};
use minsheng_map::calendar::Month;
use minsheng_map::schedule;
use serde_json::{Value, json};
use uuid::Uuid;

const COCKPIT: &str = "/api/reporting-months/2026-10/cockpit";
const REMINDERS: &str = "/api/reporting-months/2026-10/reminders";

fn october(app: &TestApp, deputy: &str, site: usize, at: &str) -> StoredReport {
    let late = instant(at) >= instant("2026-11-01T00:00:00+08:00");
    let month = "2026-10".parse::<Month>().expect("a month").first_day();
    StoredReport { month, late, ..StoredReport::new(app.world.west[site].site_id, app.world.deputies[deputy], instant(at), "in_progress") }
}

async fn run_jobs(app: &TestApp, at: &str) {
    app.set_clock(at);
    schedule::run_due(&app.platform).await.expect("the jobs run");
}

async fn cockpit(app: &TestApp, login: &str) -> Value {
    app.as_login(login).await.get(COCKPIT).await.expect(200).json()
}

/// Owed, received, on time, late, missing, excused.
fn numbers(of: &Value) -> [i64; 6] {
    ["owed", "received", "on_time", "late", "missing", "excused"].map(|name| of[name].as_i64().expect(name))
}

async fn excuse(app: &TestApp, login: &str, deputy: &str) -> Value {
    let body = json!({"deputy": app.world.deputies[deputy], "month": "2026-10", "kind": "illness", "reason": "住院治疗"});
    app.as_login(login).await.post("/api/month-exceptions", body).await.expect(201).json()
}

async fn count(app: &TestApp, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(&app.pool).await.expect("a count")
}

#[tokio::test]
async fn every_part_adds_up_and_every_figure_has_its_rows() {
    let app = TestApp::start().await;
    october(&app, "deputy", 0, "2026-10-19T10:00:00+08:00").store(&app.pool, &app.world).await;
    let seen = cockpit(&app, "committee").await;
    assert_eq!(numbers(&seen), [5, 1, 1, 0, 4, 0]);
    assert_eq!((&seen["state"], &seen["days_left"], &seen["grace_days_left"]), (&json!("open"), &json!(12), &json!(17)));
    let rows = seen["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 5);
    for (parts, member) in [("groups", "group"), ("townships", "township"), ("projects", "project"), ("deputies", "deputy")] {
        let mut sums = [0; 6];
        for part in seen[parts].as_array().expect(parts) {
            let key = |row: &Value| if member == "deputy" { row["deputy"]["id"].to_string() } else { row[member].to_string().replace('"', "") };
            let missing = rows.iter().filter(|row| key(row) == part["key"] && row["standing"] == "missing").count();
            assert_eq!(part["missing"], missing, "{parts} {part}");
            for (sum, number) in sums.iter_mut().zip(numbers(part)) {
                *sum += number;
            }
        }
        assert_eq!(sums, numbers(&seen), "{parts}");
    }
}

#[tokio::test]
async fn a_working_committee_sees_its_township_and_nobody_else_sees_names() {
    let app = TestApp::start().await;
    let west = cockpit(&app, "working_committee").await;
    assert_eq!(numbers(&west), [3, 0, 0, 0, 3, 0]);
    assert!(west["rows"].as_array().expect("rows").iter().all(|row| row["township"] == WEST));
    assert_eq!(numbers(&cockpit(&app, "working_committee_east").await), [2, 0, 0, 0, 2, 0]);
    for login in ["deputy", "unit", "admin", "auditor", "keeper"] {
        app.as_login(login).await.get(COCKPIT).await.expect(403);
    }
    app.visitor().get(COCKPIT).await.expect(401);
    app.as_login("committee").await.get("/api/reporting-months/2027-01/cockpit").await.expect(404);
}

#[tokio::test]
async fn late_reports_are_counted_apart_and_the_snapshot_says_the_same() {
    let app = TestApp::start().await;
    october(&app, "deputy", 0, "2026-10-19T10:00:00+08:00").store(&app.pool, &app.world).await;
    run_jobs(&app, "2026-11-01T00:01:00+08:00").await;
    october(&app, "deputy2", 0, "2026-11-03T10:00:00+08:00").store(&app.pool, &app.world).await;
    app.set_clock("2026-11-04T10:00:00+08:00");
    let seen = cockpit(&app, "committee").await;
    assert_eq!((numbers(&seen), &seen["days_left"], &seen["grace_days_left"]), ([5, 2, 1, 1, 3, 0], &json!(0), &json!(2)));
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    let seen = cockpit(&app, "committee").await;
    assert_eq!((numbers(&seen), &seen["state"]), ([5, 2, 1, 1, 3, 0], &json!("final")));
    let figures: (i64, i64, i64) = sqlx::query_as("select sum(owed), sum(received), sum(on_time) from month_sites where county_id = $1")
        .bind(app.world.county_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("sums");
    assert_eq!(figures, (5, 2, 1));
}

#[tokio::test]
async fn one_act_reminds_all_the_missing_and_its_repetition_nobody() {
    let app = TestApp::start().await;
    october(&app, "deputy", 0, "2026-10-19T10:00:00+08:00").store(&app.pool, &app.world).await;
    let committee = app.as_login("committee").await;
    let shown = committee.get("/api/reporting-months/2026-10/missing").await.expect(200).json();
    assert_eq!((&shown["reports"], &shown["words"]), (&json!(4), &json!("10月的督查反馈还没有提交，10月31日24时截止")));
    assert_eq!(shown["deputies"].as_array().map(Vec::len), Some(3));
    assert_eq!(count(&app, "select count(*) from notices").await, 0, "a look sends nothing");
    let (key, body) = (Uuid::new_v4(), json!({"reach": {}, "words": ""}));
    let (first, again) = tokio::join!(committee.post_with_key(REMINDERS, body.clone(), key), committee.post_with_key(REMINDERS, body.clone(), key));
    assert_eq!((first.status, &first.bytes), (again.status, &again.bytes));
    assert_eq!(first.expect(200).json()["reports"], 4);
    assert_eq!(count(&app, "select count(*) from reminders where sent_by is not null").await, 4);
    assert_eq!(count(&app, "select count(*) from audit_log where action = 'month.remind_missing' and outcome = 'done'").await, 1);
    let told: Vec<String> = sqlx::query_scalar("select words from notices where kind = 'reminder'").fetch_all(&app.pool).await.expect("notices");
    assert!(!told.is_empty() && told.iter().all(|words| words == "10月的督查反馈还没有提交，10月31日24时截止"), "{told:?}");
    let rested = json!({"reach": {"skip_reminded_today": true}, "words": ""});
    committee.post(REMINDERS, rested).await.expect(409);
    let shown = committee.get("/api/reporting-months/2026-10/missing?skip_reminded_today=true").await.expect(200).json();
    assert_eq!((&shown["reports"], &shown["left_out"]), (&json!(0), &json!(4)));
}

#[tokio::test]
async fn a_reminder_reaches_the_part_it_names_and_no_neighbour() {
    let app = TestApp::start().await;
    let remind = async |login: &str, reach: Value| app.as_login(login).await.post(REMINDERS, json!({"reach": reach, "words": "请尽快"})).await;
    assert_eq!(remind("committee", json!({"region": EAST})).await.expect(200).json()["reports"], 2);
    assert_eq!(remind("committee", json!({"deputy": app.world.deputies["deputy2"]})).await.expect(200).json()["reports"], 1);
    assert_eq!(remind("working_committee", json!({})).await.expect(200).json()["reports"], 3);
    remind("working_committee", json!({"region": EAST})).await.expect(409);
    remind("foreign_committee", json!({"project": app.world.project_id})).await.expect(409);
    assert_eq!(remind("committee", json!({"region": 339_901_002})).await.expect(422).fields(), ["reach.region"]);
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    let refused = remind("committee", json!({})).await.expect(409);
    assert!(refused.text().contains("定稿"), "{}", refused.text());
}

#[tokio::test]
async fn an_excused_deputy_owes_nothing_anywhere() {
    let app = TestApp::start().await;
    october(&app, "deputy2", 0, "2026-10-19T10:00:00+08:00").store(&app.pool, &app.world).await;
    excuse(&app, "working_committee", "deputy").await;
    assert_eq!(numbers(&cockpit(&app, "committee").await), [3, 1, 1, 0, 2, 2]);
    let month = app.visitor().get("/api/reporting-months/2026-10").await.expect(200).json();
    assert_eq!((&month["owed"], &month["received"]), (&json!(3), &json!(1)));
    eventually("the live map counts the same", || async { app.visitor().get("/api/summary").await.json()["owed"] == 3 }).await;
    let mine = app.as_login("deputy").await.get("/api/me/sites").await.expect(200).items();
    assert!(mine.iter().all(|site| site["state"] == "excused"), "{mine:?}");
    assert_eq!(app.as_login("deputy").await.get("/api/me/duty-record").await.expect(200).json()["excused_months"], json!(["2026-10"]));
    run_jobs(&app, "2026-10-28T09:00:00+08:00").await;
    run_jobs(&app, "2026-11-01T00:01:00+08:00").await;
    let told = sqlx::query_scalar::<_, i64>("select count(*) from notices where account_id = $1").bind(app.world.account("deputy").0);
    assert_eq!(told.fetch_one(&app.pool).await.expect("a count"), 0, "nobody asks an excused deputy");
    let rows: Vec<(bool, i16, i16)> = sqlx::query_as("select silent, owed, received from month_sites where site_id = any($1) order by site_id")
        .bind([app.world.west[0].site_id.0, app.world.west[1].site_id.0])
        .fetch_all(&app.pool)
        .await
        .expect("rows");
    assert_eq!(rows, [(false, 1, 1), (false, 0, 0)], "the second site's only adopter was excused: it is not silent");
    eventually("the pin wears no mark either", || async {
        app.visitor().get(&format!("/api/sites/{}", app.world.west[1].site_id)).await.json()["silent"] == false
    })
    .await;
    let review = app.as_login("working_committee").await.get("/api/review?reason=silent").await.expect(200).items();
    assert!(review.is_empty(), "{review:?}");
    assert_eq!(app.as_login("deputy").await.get("/api/me/sites").await.expect(200).json()["late_month"]["sites"], json!([]));
}

#[tokio::test]
async fn an_exception_can_be_taken_back_until_the_month_is_final() {
    let app = TestApp::start().await;
    let made = excuse(&app, "committee", "deputy").await;
    assert_eq!((&made["undoable"], &made["kind"], &made["undone_at"]), (&json!(true), &json!("illness"), &Value::Null));
    let again = json!({"deputy": app.world.deputies["deputy"], "month": "2026-10", "kind": "leave", "reason": "出差"});
    let committee = app.as_login("committee").await;
    assert_eq!(committee.post("/api/month-exceptions", again.clone()).await.expect(422).fields(), ["deputy"]);
    let undo = format!("/api/month-exceptions/{}/undo", made["id"]);
    let undone = committee.post(&undo, json!({"reason": "提前出院"})).await.expect(200).json();
    assert_eq!((&undone["undo_reason"], &undone["undoable"]), (&json!("提前出院"), &json!(false)));
    committee.post(&undo, json!({"reason": "提前出院"})).await.expect(409);
    assert_eq!(numbers(&cockpit(&app, "committee").await), [5, 0, 0, 0, 5, 0]);
    let second = committee.post("/api/month-exceptions", again).await.expect(201).json();
    let listed = committee.get("/api/month-exceptions?month=2026-10").await.expect(200).items();
    assert_eq!(listed.iter().map(|one| one["undone_at"].is_null()).collect::<Vec<_>>(), [true, false]);
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    let committee = app.as_login("committee").await;
    committee.post(&format!("/api/month-exceptions/{}/undo", second["id"]), json!({"reason": "误填"})).await.expect(409);
    assert_eq!(numbers(&cockpit(&app, "committee").await), [3, 0, 0, 0, 3, 2]);
}

#[tokio::test]
async fn an_exception_is_made_by_the_place_of_the_deputy_for_months_that_can_still_change() {
    let app = TestApp::start().await;
    let body = |deputy: &str, month: &str| json!({"deputy": app.world.deputies[deputy], "month": month, "kind": "leave", "reason": "出国"});
    let post = async |login: &str, body: Value| app.as_login(login).await.post("/api/month-exceptions", body).await;
    post("working_committee_east", body("deputy", "2026-10")).await.expect(404);
    post("foreign_committee", body("deputy", "2026-10")).await.expect(404);
    post("deputy", body("deputy", "2026-10")).await.expect(403);
    post("committee", body("deputy", "2026-09")).await.expect(409);
    post("committee", body("deputy", "2027-10")).await.expect(201);
    assert_eq!(post("committee", body("deputy", "2027-11")).await.expect(422).fields(), ["month"]);
    assert_eq!(
        post("committee", json!({"deputy": app.world.deputies["deputy"], "month": "2026-11", "kind": "tired", "reason": "x"}))
            .await
            .expect(422)
            .fields(),
        ["kind"]
    );
    assert!(app.as_login("working_committee_east").await.get("/api/month-exceptions?month=2027-10").await.expect(200).items().is_empty());
}

#[tokio::test]
async fn a_correction_stands_beside_the_final_month_and_never_in_it() {
    let app = TestApp::start().await;
    october(&app, "deputy", 0, "2026-10-19T10:00:00+08:00").store(&app.pool, &app.world).await;
    let path = "/api/reporting-months/2026-10/corrections";
    let site = app.world.west[0].site_id;
    let body = json!({"site_id": site, "stage": "not_started", "percent": 0, "words": "复核时尚未开工"});
    run_jobs(&app, "2026-11-02T09:00:00+08:00").await;
    app.as_login("committee").await.post(path, body.clone()).await.expect(409);
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    let committee = app.as_login("committee").await;
    let before: String =
        sqlx::query_scalar("select md5(string_agg(m::text, '|' order by site_id)) from month_sites m").fetch_one(&app.pool).await.expect("a sum");
    let made = committee.post(path, body.clone()).await.expect(201).json();
    assert_eq!(
        (&made["snapshot"]["stage"], &made["should_be"]["stage"], &made["words"]),
        (&json!("in_progress"), &json!("not_started"), &json!("复核时尚未开工"))
    );
    committee.post(path, json!({"site_id": null, "stage": null, "percent": null, "words": "本月通报附件二有误"})).await.expect(201);
    let after: String =
        sqlx::query_scalar("select md5(string_agg(m::text, '|' order by site_id)) from month_sites m").fetch_one(&app.pool).await.expect("a sum");
    assert_eq!(before, after, "the snapshot stays as it is");
    let public = app.visitor().get(path).await.expect(200).items();
    assert_eq!(public.len(), 2);
    assert_eq!(public[0]["site"]["code"], "2026-01-001");
    for (body, field) in [
        (json!({"site_id": app.world.foreign.site_id, "stage": "completed", "percent": 100, "words": "x"}), "site_id"),
        (json!({"site_id": site, "stage": null, "percent": null, "words": "x"}), "stage"),
        (json!({"site_id": site, "stage": "completed", "percent": 60, "words": "x"}), "percent"),
        (json!({"site_id": site, "stage": "in_progress", "percent": null, "words": " "}), "words"),
        (json!({"site_id": null, "stage": "completed", "percent": null, "words": "x"}), "site_id"),
    ] {
        assert_eq!(committee.post(path, body.clone()).await.expect(422).fields(), [field], "{body}");
    }
    assert!(sqlx::query("update month_corrections set words = 'x'").execute(&app.pool).await.is_err(), "entries are never changed");
    let page = app.visitor().get("/bulletins/2026-10").await.expect(200).text();
    assert!(page.contains("复核时尚未开工") && page.contains("本月通报附件二有误"), "the bulletin shows both entries");
}
