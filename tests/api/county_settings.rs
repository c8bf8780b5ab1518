//! The county's settings: limits, record, two at once, every process, and closed months that keep the rules they were closed under.

use harness::{StoredReport, TestApp, eventually, instant};
use minsheng_map::calendar::Month;
use minsheng_map::schedule;
use serde_json::{Value, json};

async fn settings(app: &TestApp) -> Value {
    app.as_login("committee").await.get("/api/county-settings").await.expect(200).json()
}

/// The present figures with some put in place of theirs.
async fn changed(app: &TestApp, figures: Value) -> Value {
    let mut body = settings(app).await;
    for (name, value) in figures.as_object().expect("figures") {
        body["figures"][name] = value.clone();
    }
    json!({"figures": body["figures"], "reason": "主任会议决定", "rev": body["rev"]})
}

pub async fn change(app: &TestApp, figures: Value) -> Value {
    let body = changed(app, figures).await;
    app.as_login("committee").await.put("/api/county-settings", body).await.expect(200).json()
}

async fn run_jobs(app: &TestApp, at: &str) {
    app.set_clock(at);
    schedule::run_due(&app.platform).await.expect("the jobs run");
}

#[tokio::test]
async fn a_change_is_on_record_with_what_was_before_who_and_why() {
    let app = TestApp::start().await;
    let before = settings(&app).await;
    assert_eq!((&before["rev"], &before["changes"], &before["figures"]["grace_days"]), (&json!(1), &json!([]), &json!(5)));
    let after = change(&app, json!({"grace_days": 7, "order_reminder_days": null, "order_prefix": "试人常督"})).await;
    assert_eq!((&after["rev"], &after["figures"]["grace_days"], &after["figures"]["order_prefix"]), (&json!(2), &json!(7), &json!("试人常督")));
    let of =
        |setting: &str| after["changes"].as_array().expect("changes").iter().find(|change| change["setting"] == setting).cloned().expect(setting);
    assert_eq!((&of("grace_days")["before"], &of("grace_days")["after"]), (&json!("5"), &json!("7")));
    assert_eq!((&of("order_reminder_days")["before"], &of("order_reminder_days")["after"]), (&json!("3"), &Value::Null));
    assert_eq!((&of("grace_days")["reason"], of("grace_days")["by"].is_string()), (&json!("主任会议决定"), true));
    let detail: Value =
        sqlx::query_scalar("select detail from audit_log where action = 'county.settings'").fetch_one(&app.pool).await.expect("a line");
    assert_eq!(detail["changes"]["grace_days"], json!({"before": "5", "after": "7"}));
    assert!(sqlx::query("update county_setting_changes set reason = 'x'").execute(&app.pool).await.is_err(), "the record only grows");
}

#[tokio::test]
async fn a_figure_beyond_its_limits_is_named() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    for (field, value) in [
        ("grace_days", json!(26)),
        ("stale_days", json!(6)),
        ("off_site_m", json!(100_001)),
        ("month_reminder_hour", json!(24)),
        ("order_rise_hour", json!(24)),
        ("order_rise_hour", Value::Null),
        ("offer_reminder_days", json!(21)),
        ("offer_reminder_hour", json!(-1)),
        ("special_inquiry_days", json!(7)),
        ("order_prefix", json!("这个字号长得没有一个公文能够写得下它所有的字")),
        ("grace_days", json!("五")),
        ("minimum_ranked", Value::Null),
    ] {
        let refused = committee.put("/api/county-settings", changed(&app, json!({field: value})).await).await.expect(422);
        assert_eq!(refused.fields(), [format!("figures.{field}")], "{}", refused.text());
    }
    assert_eq!(committee.put("/api/county-settings", changed(&app, json!({})).await).await.expect(422).fields(), ["figures"]);
    let mut silent = changed(&app, json!({"grace_days": 6})).await;
    silent["reason"] = json!(" ");
    assert_eq!(committee.put("/api/county-settings", silent).await.expect(422).fields(), ["reason"]);
    assert_eq!(settings(&app).await["rev"], 1);
}

#[tokio::test]
async fn of_two_who_change_at_once_one_is_told_that_the_other_was_first() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let (one, two) = (changed(&app, json!({"grace_days": 6})).await, changed(&app, json!({"grace_days": 8})).await);
    let answers = tokio::join!(committee.put("/api/county-settings", one), committee.put("/api/county-settings", two));
    let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(settings(&app).await["changes"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn every_process_follows_without_being_started_again() {
    let app = TestApp::start().await;
    let second = app.second_server().await;
    change(&app, json!({"stale_days": 30})).await;
    for server in [&app, &second] {
        eventually("the map knows the new figure", || async { server.visitor().get("/api/county").await.json()["stale_days"] == 30 }).await;
    }
}

#[tokio::test]
async fn a_closed_month_keeps_the_rules_it_was_closed_under() {
    let app = TestApp::start().await;
    run_jobs(&app, "2026-11-01T00:01:00+08:00").await;
    let final_at = async || app.visitor().get("/api/reporting-months/2026-10").await.expect(200).json()["final_at"].clone();
    assert_eq!(final_at().await, "2026-11-06T00:00:00+08:00");
    app.set_clock("2026-11-02T09:00:00+08:00");
    change(&app, json!({"grace_days": 1, "minimum_ranked": 1})).await;
    eventually("the new rules are known", || async { app.platform.served_county().grace_days == 1 }).await;
    assert_eq!(final_at().await, "2026-11-06T00:00:00+08:00", "October's deadline was told to everybody");
    let minimum = async |month: &str| app.visitor().get(&format!("/api/summary{month}")).await.expect(200).json()["minimum_ranked"].clone();
    assert_eq!((minimum("?month=2026-10").await, minimum("").await), (json!(5), json!(1)));
    let october = "2026-10".parse::<Month>().expect("a month").first_day();
    let late = instant("2026-11-04T10:00:00+08:00");
    let report = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], late, "in_progress");
    StoredReport { month: october, late: true, ..report }.store(&app.pool, &app.world).await;
    run_jobs(&app, "2026-11-03T00:01:00+08:00").await;
    let state = async || app.visitor().get("/api/reporting-months/2026-10").await.expect(200).json()["state"].clone();
    assert_eq!(state().await, "provisional");
    run_jobs(&app, "2026-11-06T00:01:00+08:00").await;
    assert_eq!(state().await, "final");
    run_jobs(&app, "2026-12-02T00:01:00+08:00").await;
    let november = app.visitor().get("/api/reporting-months/2026-11").await.expect(200).json();
    assert_eq!((&november["state"], &november["final_at"]), (&json!("final"), &json!("2026-12-02T00:00:00+08:00")));
}

#[tokio::test]
async fn a_reminder_moved_after_it_went_out_goes_out_once() {
    let app = TestApp::start().await;
    let reminded = async || -> i64 {
        let query = sqlx::query_scalar("select count(*) from audit_log where action = 'month.remind' and county_id = $1");
        query.bind(app.world.county_id.0).fetch_one(&app.pool).await.expect("a count")
    };
    run_jobs(&app, "2026-10-28T09:00:00+08:00").await;
    assert_eq!(reminded().await, 1);
    change(&app, json!({"month_reminder_days": 1, "month_reminder_hour": 14})).await;
    run_jobs(&app, "2026-10-30T14:00:00+08:00").await;
    assert_eq!(reminded().await, 1, "October was reminded already");
    run_jobs(&app, "2026-11-29T13:59:00+08:00").await;
    assert_eq!(reminded().await, 1);
    run_jobs(&app, "2026-11-29T14:00:00+08:00").await;
    assert_eq!(reminded().await, 2);
    change(&app, json!({"month_reminder_days": null})).await;
    run_jobs(&app, "2026-12-31T12:00:00+08:00").await;
    assert_eq!(reminded().await, 2, "without a day nobody is reminded");
}

/// How often the job has run.
async fn ran(app: &TestApp, job: &str) -> i64 {
    let query = sqlx::query_scalar("select count(*) from job_runs where county_id = $1 and job = $2").bind(app.world.county_id.0);
    query.bind(job).fetch_one(&app.pool).await.expect("a count")
}

#[tokio::test]
async fn orders_rise_at_the_hour_that_is_set_once_a_day_also_on_the_day_of_the_change() {
    let app = TestApp::start().await;
    run_jobs(&app, "2026-10-20T07:59:00+08:00").await;
    assert_eq!(ran(&app, "orders.rise").await, 0);
    // Made later before it was due: eight passes, ten does not.
    change(&app, json!({"order_rise_hour": 10})).await;
    run_jobs(&app, "2026-10-20T09:00:00+08:00").await;
    assert_eq!(ran(&app, "orders.rise").await, 0);
    run_jobs(&app, "2026-10-20T10:00:00+08:00").await;
    assert_eq!(ran(&app, "orders.rise").await, 1);
    // Made earlier or later after it has run: not again today, and tomorrow at the new hour.
    for hour in [6, 15, 11] {
        change(&app, json!({"order_rise_hour": hour})).await;
        run_jobs(&app, "2026-10-20T16:00:00+08:00").await;
        assert_eq!(ran(&app, "orders.rise").await, 1, "{hour}");
    }
    run_jobs(&app, "2026-10-21T10:59:00+08:00").await;
    assert_eq!(ran(&app, "orders.rise").await, 1);
    // Made earlier, past the hour, before it has run: at once, not left out.
    change(&app, json!({"order_rise_hour": 7})).await;
    run_jobs(&app, "2026-10-21T10:59:30+08:00").await;
    assert_eq!(ran(&app, "orders.rise").await, 2);
    run_jobs(&app, "2026-10-21T23:59:00+08:00").await;
    assert_eq!(ran(&app, "orders.rise").await, 2);
}

#[tokio::test]
async fn offers_nobody_takes_are_told_of_on_the_day_that_is_set_once_a_month_or_never() {
    let app = TestApp::start().await;
    run_jobs(&app, "2026-10-28T08:59:00+08:00").await;
    assert_eq!(ran(&app, "offers.unanswered").await, 0);
    change(&app, json!({"offer_reminder_days": 1, "offer_reminder_hour": 14})).await;
    run_jobs(&app, "2026-10-30T13:59:00+08:00").await;
    assert_eq!(ran(&app, "offers.unanswered").await, 0);
    run_jobs(&app, "2026-10-30T14:00:00+08:00").await;
    assert_eq!(ran(&app, "offers.unanswered").await, 1);
    change(&app, json!({"offer_reminder_days": 0, "offer_reminder_hour": 9})).await;
    run_jobs(&app, "2026-10-31T09:00:00+08:00").await;
    assert_eq!(ran(&app, "offers.unanswered").await, 1, "October was told already");
    change(&app, json!({"offer_reminder_days": null})).await;
    run_jobs(&app, "2026-11-30T23:00:00+08:00").await;
    assert_eq!(ran(&app, "offers.unanswered").await, 1, "without a day nobody is told");
    // Set again within the month, the day already past: told late, not left out.
    change(&app, json!({"offer_reminder_days": 5})).await;
    run_jobs(&app, "2026-11-30T23:01:00+08:00").await;
    assert_eq!(ran(&app, "offers.unanswered").await, 2);
}
