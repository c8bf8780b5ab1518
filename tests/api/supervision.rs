//! The review list and the committee's acts.

use harness::{EAST, StoredReport, TestApp, WEST, instant, pictures};
use serde_json::{Value, json};
use sqlx::types::Uuid;

use crate::reports::{path, report as report_body, send_photo, with};

fn points(row: &Value) -> i64 {
    let reasons = row["reasons"].as_array().expect("reasons");
    let by_hand = reasons.iter().map(|reason| {
        let figures = &reason["figures"];
        match reason["code"].as_str().expect("a code") {
            "overdue_red" => 300 + 3 * figures["days_late"].as_i64().expect("days"),
            "overdue_yellow" => 100 + figures["days_late"].as_i64().expect("days"),
            "silent" => 60 * figures["months"].as_i64().expect("months"),
            "disagreement" => 80,
            "reused_photo" => 70,
            "step_back" => 50,
            "photos_missing" => 40,
            "off_site" => 30,
            "challenged" => 60 + 10 * figures["challenges"].as_i64().expect("challenges"),
            other => panic!("an unknown reason: {other}"),
        }
    });
    let people = (row["people_served"].as_i64().unwrap_or(0) / 100).min(50);
    by_hand.sum::<i64>() + people + (row["open_orders"].as_i64().expect("orders") * 20).min(60)
}

fn codes(row: &Value) -> Vec<&str> {
    row["reasons"].as_array().expect("reasons").iter().filter_map(|reason| reason["code"].as_str()).collect()
}

async fn rev(app: &TestApp, site: i64) -> i64 {
    sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
}

async fn notices(app: &TestApp, login: &str) -> Vec<(String, Option<i64>)> {
    sqlx::query_as("select kind, site_id from notices where account_id = $1 order by site_id")
        .bind(app.world.account(login).0)
        .fetch_all(&app.pool)
        .await
        .expect("notices")
}

fn report(app: &TestApp, site: usize, deputy: &str, at: &str, stage: &'static str) -> StoredReport {
    StoredReport::new(app.world.west[site].site_id, app.world.deputies[deputy], instant(at), stage)
}

#[tokio::test]
async fn every_score_can_be_recomputed_from_the_answer() {
    let app = TestApp::start().await;
    report(&app, 1, "deputy", "2026-10-19T10:00:00+08:00", "in_progress").take_effect(&app.pool, &app.world).await;
    let off_site =
        StoredReport { off_site_m: Some(2310), reused_photo: true, ..report(&app, 0, "deputy", "2026-10-18T10:00:00+08:00", "not_started") };
    off_site.take_effect(&app.pool, &app.world).await;
    let rows = app.as_login("committee").await.get("/api/review").await.expect(200).items();
    assert_eq!(rows.len(), 3, "the site that is on its way and in time is not on the list");
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(row["score"], points(row), "{row}");
        assert_eq!(row["rank"], place + 1);
        assert_eq!(row["site"]["id"], row["site_id"]);
    }
    assert_eq!(rows[0]["site_id"], app.world.west[0].site_id.0);
    assert_eq!(codes(&rows[0]), ["overdue_red", "reused_photo", "off_site"]);
    let overdue = &rows[0]["reasons"][0];
    assert_eq!(overdue["since"], "2026-03-02");
    assert_eq!(overdue["days"], 233);
    let off_site = &rows[0]["reasons"][2];
    assert_eq!(off_site["since"], "2026-10-18");
    assert_eq!(off_site["figures"]["distance_m"], 2310);
    let names: Vec<&Value> = rows[0]["adopters"].as_array().expect("adopters").iter().map(|adopter| &adopter["name"]).collect();
    assert_eq!(names, ["甲代表", "乙代表"]);
}

#[tokio::test]
async fn pictures_that_do_not_arrive_in_three_days_are_a_reason_until_they_do() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    let deputy = app.as_login("deputy").await;
    let (here, lost) = (send_photo(&deputy, 1).await, pictures::jpeg(2));
    let announced = with(report_body(&site, "in_progress", 40), json!({"photos": [here, pictures::sha256(&lost)]}));
    deputy.put(&path(Uuid::new_v4()), announced).await.expect(201);
    let missing = async || app.as_login("committee").await.get("/api/review?reason=photos_missing").await.expect(200).items();
    app.set_clock("2026-10-23T09:00:00.000+08:00");
    assert!(missing().await.is_empty(), "phones may be off-line for 72 hours");
    app.set_clock("2026-10-23T09:00:00.001+08:00");
    let rows = missing().await;
    let reason = &rows[0]["reasons"][0];
    assert_eq!((rows.len(), &rows[0]["site_id"], &reason["code"]), (1, &json!(site.site_id), &json!("photos_missing")));
    assert_eq!((&reason["since"], &reason["points"]), (&json!("2026-10-23"), &json!(40)));
    assert_eq!((&reason["figures"]["photos"], &reason["figures"]["announced_on"]), (&json!(1), &json!("2026-10-20")));
    assert_eq!(rows[0]["score"], points(&rows[0]));
    let deputy = app.as_login("deputy").await;
    deputy.put_bytes(&format!("/api/photos/{}", pictures::sha256(&lost)), lost).await.expect(201);
    assert!(missing().await.is_empty());
}

#[tokio::test]
async fn pages_filters_and_totals_agree() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let whole = committee.get("/api/review").await.expect(200).json();
    assert_eq!(whole["totals"]["overdue_red"], 4);
    let all: Vec<i64> = whole["items"].as_array().expect("items").iter().filter_map(|row| row["site_id"].as_i64()).collect();
    let (mut read, mut path) = (Vec::new(), "/api/review?limit=1".to_owned());
    loop {
        let page = committee.get(&path).await.expect(200).json();
        read.extend(page["items"].as_array().expect("items").iter().filter_map(|row| row["site_id"].as_i64()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/review?limit=1&cursor={next}");
    }
    assert_eq!(read, all);
    let east = committee.get(&format!("/api/review?region={EAST}")).await.expect(200).json();
    assert_eq!(east["totals"]["overdue_red"], 2);
    assert_eq!(east["items"].as_array().map(Vec::len), Some(2));
    let unit = committee.get(&format!("/api/review?unit={}", app.world.other_unit_id)).await.expect(200).items();
    assert_eq!(unit.len(), 2);
    let silent = committee.get("/api/review?reason=silent").await.expect(200).json();
    assert_eq!(silent["items"], json!([]));
    assert_eq!(silent["totals"]["overdue_red"], 4, "the totals do not depend on the reason that is shown");
    let project = committee.get(&format!("/api/review?project={}", app.world.project_id.0 + 1000)).await.expect(200).items();
    assert!(project.is_empty());
    for wrong in ["reason=late", "cursor=x", "limit=0", "limit=501", "unknown=1", "region=%00"] {
        committee.get(&format!("/api/review?{wrong}")).await.expect(422);
    }
}

#[tokio::test]
async fn everybody_sees_their_part_of_the_list_and_nobody_else_any() {
    let app = TestApp::start().await;
    let sites = |rows: Vec<Value>| rows.iter().filter_map(|row| row["site_id"].as_i64()).collect::<Vec<i64>>();
    let west: Vec<i64> = app.world.west.iter().map(|site| site.site_id.0).collect();
    let east: Vec<i64> = app.world.east.iter().map(|site| site.site_id.0).collect();
    for (login, expected) in [
        ("working_committee", west.clone()),
        ("working_committee_east", east.clone()),
        ("unit", west.clone()),
        ("other_unit", east),
        ("foreign_committee", vec![app.world.foreign.site_id.0]),
    ] {
        assert_eq!(sites(app.as_login(login).await.get("/api/review").await.expect(200).items()), expected, "{login}");
    }
    for login in ["deputy", "keeper", "admin", "auditor"] {
        assert_eq!(app.as_login(login).await.get("/api/review").await.expect(403).code(), "forbidden", "{login}");
    }
    app.visitor().get("/api/review").await.expect(401);
}

#[tokio::test]
async fn adopters_disagree_only_about_the_same_month() {
    let app = TestApp::start().await;
    app.set_clock("2026-11-10T09:00:00+08:00");
    report(&app, 0, "deputy", "2026-10-25T10:00:00+08:00", "in_progress").take_effect(&app.pool, &app.world).await;
    report(&app, 0, "deputy2", "2026-11-05T10:00:00+08:00", "completed").take_effect(&app.pool, &app.world).await;
    let committee = app.as_login("committee").await;
    assert!(committee.get("/api/review?reason=disagreement").await.expect(200).items().is_empty(), "work went on between the two reports");
    let step_back = StoredReport { step_back: true, ..report(&app, 0, "deputy", "2026-11-06T10:00:00+08:00", "in_progress") };
    step_back.take_effect(&app.pool, &app.world).await;
    let rows = committee.get("/api/review?reason=disagreement").await.expect(200).items();
    assert_eq!(codes(&rows[0]), ["disagreement", "step_back"]);
    let reason = &rows[0]["reasons"][0];
    assert_eq!(reason["since"], "2026-11-06");
    assert_eq!(reason["figures"], json!({"month": "2026-11", "stages": 2, "completed": 1, "in_progress": 1}));
    assert_eq!(rows[0]["score"], points(&rows[0]));
}

#[tokio::test]
async fn a_site_is_silent_for_as_many_months_as_have_closed_without_a_report() {
    let app = TestApp::start().await;
    app.set_clock("2027-01-03T09:00:00+08:00");
    report(&app, 1, "deputy", "2026-11-25T10:00:00+08:00", "completed").take_effect(&app.pool, &app.world).await;
    report(&app, 0, "deputy", "2026-12-25T10:00:00+08:00", "completed").take_effect(&app.pool, &app.world).await;
    let rows = app.as_login("working_committee").await.get("/api/review").await.expect(200).items();
    assert_eq!(rows.len(), 1);
    assert_eq!(codes(&rows[0]), ["silent"]);
    assert_eq!(rows[0]["reasons"][0]["figures"], json!({"months": 1, "last_reported_month": "2026-11"}));
    assert_eq!(rows[0]["reasons"][0]["since"], "2027-01-01");
    let rows = app.as_login("working_committee_east").await.get("/api/review?reason=silent").await.expect(200).items();
    assert_eq!(rows[0]["reasons"][1]["figures"], json!({"months": 3, "last_reported_month": null}));
    assert_eq!(rows[0]["site"]["silent"], true);
}

#[tokio::test]
async fn a_reminder_reaches_adopters_or_unit_and_stays_on_record() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let (first, second) = (app.world.west[0].site_id.0, app.world.west[1].site_id.0);
    let body = json!({"site_ids": [second, first, first], "to": "adopters", "words": "请到现场查看"});
    let key = Uuid::new_v4();
    let answer = committee.post_with_key("/api/reminders", body.clone(), key).await.expect(200);
    assert_eq!(
        answer.json(),
        json!({"id": null, "undo_until": null, "items": [{"site_id": first, "notices": 2}, {"site_id": second, "notices": 1}]})
    );
    assert_eq!(committee.post_with_key("/api/reminders", body, key).await.expect(200).bytes, answer.bytes);
    assert_eq!(notices(&app, "deputy").await, [("reminder".to_owned(), Some(first)), ("reminder".to_owned(), Some(second))]);
    assert_eq!(notices(&app, "deputy2").await, [("reminder".to_owned(), Some(first))]);
    let unit = json!({"site_ids": [first], "to": "unit", "words": ""});
    committee.post("/api/reminders", unit).await.expect(200);
    assert_eq!(notices(&app, "unit").await, [("reminder".to_owned(), Some(first))]);
    assert!(notices(&app, "other_unit").await.is_empty());
    let rows = committee.get(&format!("/api/review?region={WEST}")).await.expect(200).items();
    assert_eq!(rows[0]["reminders"], 2, "one press is one, however many it reaches");
    assert_eq!(rows[0]["last_reminded_at"], "2026-10-20T09:00:00+08:00");
    let lines: i64 = sqlx::query_scalar("select count(*) from audit_log where action = 'site.remind'").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(lines, 3);
}

#[tokio::test]
async fn one_site_out_of_reach_stops_the_whole_reminder() {
    let app = TestApp::start().await;
    let working_committee = app.as_login("working_committee").await;
    for beyond in [app.world.east[0].site_id.0, app.world.foreign.site_id.0, 999_999] {
        let body = json!({"site_ids": [app.world.west[0].site_id, beyond], "to": "adopters", "words": "请到现场查看"});
        assert_eq!(working_committee.post("/api/reminders", body).await.expect(404).code(), "not_found");
    }
    assert!(notices(&app, "deputy").await.is_empty());
    for wrong in [json!([]), json!((1..=501).collect::<Vec<i64>>())] {
        working_committee.post("/api/reminders", json!({"site_ids": wrong, "to": "unit", "words": ""})).await.expect(422);
    }
}

#[tokio::test]
async fn a_returned_report_no_longer_colours_the_pin_and_its_author_is_told() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    report(&app, 0, "deputy2", "2026-10-11T10:00:00+08:00", "in_progress").take_effect(&app.pool, &app.world).await;
    let wrong = report(&app, 0, "deputy", "2026-10-12T10:00:00+08:00", "completed");
    wrong.take_effect(&app.pool, &app.world).await;
    let path = format!("/api/reports/{}/return", wrong.report_id);
    let working_committee = app.as_login("working_committee").await;
    let view = working_committee.post(&path, json!({"reason": "照片不是这个点位"})).await.expect(200).json();
    assert_eq!((&view["stage"], &view["percent"]), (&json!("in_progress"), &json!(50)));
    assert_eq!(notices(&app, "deputy").await, [("report_returned".to_owned(), Some(site.0))]);
    assert_eq!(working_committee.post(&path, json!({"reason": "再退一次"})).await.expect(409).code(), "conflict");
    let (cause, to): (String, String) =
        sqlx::query_as("select cause, to_stage from stage_changes order by change_id desc limit 1").fetch_one(&app.pool).await.expect("a change");
    assert_eq!((cause.as_str(), to.as_str()), ("return", "in_progress"));
}

#[tokio::test]
async fn nobody_returns_a_report_of_their_own() {
    let app = TestApp::start().await;
    let own = report(&app, 0, "deputy", "2026-10-12T10:00:00+08:00", "completed");
    own.take_effect(&app.pool, &app.world).await;
    sqlx::query("insert into grants (county_id, account_id, role, region_code) values ($1, $2, 'working_committee', $3)")
        .bind(app.world.county_id.0)
        .bind(app.world.account("deputy").0)
        .bind(WEST)
        .execute(&app.pool)
        .await
        .expect("a second role");
    let both = app.as_login("deputy").await;
    let answer = both.post(&format!("/api/reports/{}/return", own.report_id), json!({"reason": "自己退回"})).await.expect(403);
    assert_eq!(answer.code(), "forbidden");
    let state: String = sqlx::query_scalar("select state from reports").fetch_one(&app.pool).await.expect("a report");
    assert_eq!(state, "standing");
}

#[tokio::test]
async fn striking_off_needs_a_completed_site_and_its_present_rev() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let site = app.world.west[0].site_id.0;
    let path = format!("/api/sites/{site}/strike-off");
    let early = committee.post(&path, json!({"note": "验收", "rev": rev(&app, site).await})).await.expect(409);
    assert_eq!(early.code(), "conflict");
    report(&app, 0, "deputy", "2026-10-12T10:00:00+08:00", "completed").take_effect(&app.pool, &app.world).await;
    let now = rev(&app, site).await;
    let stale = committee.post(&path, json!({"note": "验收", "rev": now - 1})).await.expect(409);
    assert_eq!((stale.code().as_str(), &stale.json()["rev"]), ("rev_mismatch", &json!(now)));
    let view = committee.post(&path, json!({"note": "现场核实，已通过验收", "rev": now})).await.expect(200).json();
    assert_eq!((&view["struck_off_on"], &view["rev"]), (&json!("2026-10-20"), &json!(now + 1)));
    assert_eq!(notices(&app, "deputy2").await, [("struck_off".to_owned(), Some(site))]);
    assert_eq!(committee.post(&path, json!({"note": "再次", "rev": now + 1})).await.expect(409).code(), "conflict");
    let changes: i64 = sqlx::query_scalar("select count(*) from change_log where kind = 'site' and object_id = $1")
        .bind(site)
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(changes, 1);
}

#[tokio::test]
async fn a_reopened_site_keeps_the_strike_off_on_record() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let site = app.world.west[0].site_id.0;
    let path = format!("/api/sites/{site}/reopen");
    assert_eq!(committee.post(&path, json!({"reason": "尚未通水", "rev": 1})).await.expect(409).code(), "conflict");
    report(&app, 0, "deputy", "2026-10-12T10:00:00+08:00", "completed").take_effect(&app.pool, &app.world).await;
    let strike_off = json!({"note": "验收", "rev": rev(&app, site).await});
    committee.post(&format!("/api/sites/{site}/strike-off"), strike_off).await.expect(200);
    app.set_clock("2026-12-03T10:00:00+08:00");
    let committee = app.as_login("committee").await;
    let view = committee.post(&path, json!({"reason": "尚未通水", "rev": rev(&app, site).await})).await.expect(200).json();
    assert_eq!((&view["struck_off_on"], &view["stage"]), (&Value::Null, &json!("completed")));
    let (on, note, reopened): (String, String, String) =
        sqlx::query_as("select struck_off_on::text, struck_off_note, reopened_on::text from reopenings").fetch_one(&app.pool).await.expect("a row");
    assert_eq!((on.as_str(), note.as_str(), reopened.as_str()), ("2026-10-20", "验收", "2026-12-03"));
}

#[tokio::test]
async fn a_correction_names_stage_percent_and_reason() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let site = app.world.west[0].site_id.0;
    let path = format!("/api/sites/{site}/correction");
    for (stage, percent) in [("completed", 90), ("not_started", 5), ("in_progress", 101)] {
        let body = json!({"stage": stage, "percent": percent, "reason": "核实", "rev": 1});
        assert_eq!(committee.post(&path, body).await.expect(422).fields(), ["percent"]);
    }
    committee.post(&path, json!({"stage": "in_progress", "percent": 60, "reason": "", "rev": 1})).await.expect(422);
    let view = committee.post(&path, json!({"stage": "in_progress", "percent": 60, "reason": "主体尚未完工", "rev": 1})).await.expect(200).json();
    assert_eq!((&view["stage"], &view["percent"], &view["rev"]), (&json!("in_progress"), &json!(60), &json!(2)));
    assert_eq!(notices(&app, "deputy").await, [("stage_corrected".to_owned(), Some(site))]);
    let (reason, account): (String, i64) =
        sqlx::query_as("select reason, account_id from stage_changes").fetch_one(&app.pool).await.expect("a change");
    assert_eq!((reason.as_str(), account), ("主体尚未完工", app.world.account("committee").0));
}

#[tokio::test]
async fn of_two_corrections_of_the_same_rev_one_is_made_and_the_other_is_told_the_new_rev() {
    let app = TestApp::start().await;
    let (first, second) = (app.as_login("working_committee").await, app.as_login("working_committee").await);
    let path = format!("/api/sites/{}/correction", app.world.west[0].site_id);
    let body = |percent: u8| json!({"stage": "in_progress", "percent": percent, "reason": "核实", "rev": 1});
    let (one, other) = tokio::join!(first.post(&path, body(10)), second.post(&path, body(20)));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let refused = if one.status == 409 { one } else { other };
    assert_eq!(refused.json()["rev"], 2);
}
