//! A site's story: everything that happened, in its month, with its cause, and what is missing said as missing.

use harness::{StoredReport, TestApp, instant};
use serde_json::{Value, json};

use super::live::correct;

async fn story(app: &TestApp, site: i64) -> Value {
    app.visitor().get(&format!("/api/sites/{site}/story")).await.expect(200).json()
}

fn month<'a>(story: &'a Value, month: &str) -> &'a Value {
    let months = story["months"].as_array().expect("months");
    months.iter().find(|told| told["month"] == month).unwrap_or_else(|| panic!("no {month}: {story:#}"))
}

fn kinds(told: &Value) -> Vec<&str> {
    told["entries"].as_array().expect("entries").iter().filter_map(|entry| entry["kind"].as_str()).collect()
}

async fn close(app: &TestApp, month: &str, site: i64, is_final: bool) {
    sqlx::query("insert into reporting_months (county_id, month, closed_at) values ($1, $2::date, $2::date + interval '1 month')")
        .bind(app.world.county_id.0)
        .bind(month)
        .execute(&app.pool)
        .await
        .expect("a month");
    sqlx::query(
        "insert into month_sites (county_id, month, site_id, stage, percent, start_overdue, finish_overdue, silent, owed, received, on_time)
         values ($1, $2::date, $3, 'in_progress', 40, false, false, false, 2, 1, 0)",
    )
    .bind(app.world.county_id.0)
    .bind(month)
    .bind(site)
    .execute(&app.pool)
    .await
    .expect("a frozen site");
    if is_final {
        sqlx::query("update reporting_months set finalized_at = closed_at + interval '6 days' where month = $1::date")
            .bind(month)
            .execute(&app.pool)
            .await
            .expect("final");
    }
}

#[tokio::test]
async fn every_month_tells_what_was_reported_returned_and_missing() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    sqlx::query("update sites set created_at = '2026-01-05T09:00:00+08:00'").execute(&app.pool).await.expect("older sites");
    let late = StoredReport {
        late: true,
        month: "2026-09-01".parse().expect("a day"),
        off_site_m: Some(800),
        ..StoredReport::new(site, app.world.deputies["deputy"], instant("2026-10-02T10:00:00+08:00"), "in_progress")
    };
    late.take_effect(&app.pool, &app.world).await;
    let returned = StoredReport {
        returned_at: Some(instant("2026-10-15T10:00:00+08:00")),
        ..StoredReport::new(site, app.world.deputies["deputy2"], instant("2026-10-12T10:00:00+08:00"), "in_progress")
    };
    returned.store(&app.pool, &app.world).await;
    close(&app, "2026-08-01", site.0, true).await;
    close(&app, "2026-09-01", site.0, false).await;
    let reminder = json!({"site_ids": [site], "to": "adopters", "words": "请到现场查看"});
    app.as_login("working_committee").await.post("/api/reminders", reminder).await.expect(200);

    let story = story(&app, site.0).await;
    let order: Vec<&str> = story["months"].as_array().expect("months").iter().filter_map(|told| told["month"].as_str()).collect();
    assert_eq!(order, ["2026-10", "2026-09", "2026-08"]);
    let (open, september, august) = (month(&story, "2026-10"), month(&story, "2026-09"), month(&story, "2026-08"));
    assert_eq!((&open["state"], &september["state"], &august["state"]), (&json!("open"), &json!("provisional"), &json!("final")));
    assert_eq!(kinds(open), ["reminder", "return", "report"]);
    let nudge = &open["entries"][0];
    assert_eq!(nudge["to"].as_array().map(Vec::len), Some(2), "one reminder to both adopters");
    assert_eq!(nudge["by"], json!({"role": "working_committee", "region": "西河镇"}));
    assert_eq!((&open["entries"][1]["reason"], &open["entries"][1]["deputy"]), (&json!("与现场不符"), &json!("乙代表")));
    assert_eq!(open["entries"][2]["report"]["state"], "returned");
    let missing = |told: &Value| -> Vec<String> {
        told["missing"].as_array().expect("missing").iter().filter_map(|person| person["name"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(missing(open), ["甲代表", "乙代表"]);
    assert_eq!(missing(september), ["乙代表"]);
    assert_eq!((missing(august).len(), kinds(august).len()), (2, 0));
    let report = &september["entries"][0];
    assert_eq!(
        (&report["report"]["late"], &report["report"]["off_site"], &report["moved_from"]),
        (&json!(true), &json!(true), &json!("not_started"))
    );
    assert_eq!((&september["owed"], &september["received"], &september["on_time"]), (&json!(2), &json!(1), &json!(0)));
    assert_eq!((&open["stage"], &open["percent"]), (&json!("in_progress"), &json!(50)));
}

#[tokio::test]
async fn a_closing_and_its_undoing_are_told_with_who_and_why() {
    let app = TestApp::start().await;
    let (township, site) = (app.as_login("working_committee").await, app.world.west[0].site_id);
    correct(&app, &township, site, "completed", 100).await;
    let rev =
        async || -> i64 { sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.0).fetch_one(&app.pool).await.expect("a site") };
    app.set_clock("2026-10-21T10:00:00+08:00");
    let committee = app.as_login("committee").await;
    committee.post(&format!("/api/sites/{site}/strike-off"), json!({"note": "现场验收", "rev": rev().await})).await.expect(200);
    let closed = story(&app, site.0).await;
    assert_eq!(kinds(&closed["months"][0]), ["strike_off", "correction"]);
    assert_eq!(closed["months"][0]["missing"], json!([]), "a struck-off site owes no report");
    app.set_clock("2026-10-22T10:00:00+08:00");
    let committee = app.as_login("committee").await;
    committee.post(&format!("/api/sites/{site}/reopen"), json!({"reason": "尚未通水", "rev": rev().await})).await.expect(200);
    let told = story(&app, site.0).await;
    let entries = told["months"][0]["entries"].as_array().expect("entries");
    assert_eq!(kinds(&told["months"][0]), ["reopening", "strike_off", "correction"]);
    assert_eq!((&entries[0]["reason"], &entries[0]["by"]["role"]), (&json!("尚未通水"), &json!("committee")));
    assert_eq!(entries[2]["by"]["role"], "working_committee");
    assert_eq!((&entries[1]["on"], &entries[1]["note"]), (&json!("2026-10-21"), &json!("现场验收")));
    assert_eq!(entries[1]["by"], json!({"role": "committee", "region": "试验县"}));

    let history = app.visitor().get(&format!("/api/sites/{site}/history")).await.expect(200).items();
    let causes: Vec<&str> = history.iter().filter_map(|event| event["cause"].as_str()).collect();
    assert_eq!(causes, ["reopening", "strike_off", "correction"]);
    assert_eq!((&history[1]["at"], &history[1]["reason"]), (&json!("2026-10-21T10:00:00+08:00"), &json!("现场验收")));
    let mut read = Vec::new();
    let mut path = format!("/api/sites/{site}/history?limit=1");
    loop {
        let page = app.visitor().get(&path).await.expect(200).json();
        read.extend(page["items"].as_array().expect("items").iter().map(|event| event["cause"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/sites/{site}/history?limit=1&cursor={next}");
    }
    assert_eq!(read, causes);
    let wrong = app.visitor().get(&format!("/api/sites/{site}/history?cursor=x")).await.expect(422);
    assert_eq!(wrong.fields(), ["cursor"]);
}

#[tokio::test]
async fn a_story_names_the_station_to_turn_to_and_how_late_the_work_is() {
    let app = TestApp::start().await;
    let story = story(&app, app.world.west[0].site_id.0).await;
    let names: Vec<&Value> = story["contacts"].as_array().expect("contacts").iter().map(|contact| &contact["name"]).collect();
    assert_eq!(names, ["西河镇代表联络站"], "the township's own, though there are others");
    assert_eq!(story["lateness"], json!({"kind": "start", "planned_on": "2026-03-01", "days": 233}));
    app.visitor().get("/api/sites/987654321/story").await.expect(404);
}
