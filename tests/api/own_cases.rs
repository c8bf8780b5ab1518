//! Nobody judges their own case: an account that is deputy and staff at once, and the rule of two that one person cannot do away with.

use harness::{StoredReport, TestApp, instant};
use serde_json::{Value, json};

/// The account gets another role besides its own.
async fn also(app: &TestApp, login: &str, role: &str, region: &str) {
    sqlx::query("insert into grants (county_id, account_id, role, region_code) values ($1, $2, $3, $4)")
        .bind(app.world.county_id.0)
        .bind(app.world.account(login).0)
        .bind(role)
        .bind(region)
        .execute(&app.pool)
        .await
        .expect("a grant");
}

async fn reported(app: &TestApp, deputy: &str, change: impl FnOnce(&mut StoredReport)) -> StoredReport {
    let mut report = StoredReport::new(app.world.west[0].site_id, app.world.deputies[deputy], instant("2026-10-18T10:00:00+08:00"), "completed");
    change(&mut report);
    report.take_effect(&app.pool, &app.world).await;
    report
}

#[tokio::test]
async fn a_contest_is_answered_by_somebody_else() {
    let app = TestApp::start().await;
    also(&app, "deputy", "working_committee", "339901001").await;
    let report = reported(&app, "deputy", |_| {}).await;
    let deputy = app.as_login("deputy").await;
    let contest = json!({"report_id": report.report_id, "words": "当天在现场"});
    let contest = deputy.post("/api/me/duty-contests", contest).await.expect(201).json();
    let path = format!("/api/duty-contests/{}/answer", contest["id"]);
    let refused = deputy.post(&path, json!({"answer": "予以补分", "points": 100})).await.expect(403);
    assert_eq!((refused.fields(), &refused.json()["fields"][0]["code"]), (vec!["id".to_owned()], &json!("own_case")));
    app.as_login("committee").await.post(&path, json!({"answer": "已核对", "points": 0})).await.expect(204);
}

#[tokio::test]
async fn findings_about_ones_own_report_are_put_aside_by_somebody_else() {
    let app = TestApp::start().await;
    also(&app, "deputy", "working_committee", "339901001").await;
    reported(&app, "deputy", |report| (report.stage, report.percent, report.reused_photo) = ("not_started", 0, true)).await;
    let dismissal = json!({"site_ids": [app.world.west[0].site_id], "reason": "reused_photo", "words": "没有问题"});
    let refused = app.as_login("deputy").await.post("/api/review/dismissals", dismissal.clone()).await.expect(403);
    assert_eq!((refused.fields(), &refused.json()["fields"][0]["code"]), (vec!["site_ids".to_owned()], &json!("own_case")));
    app.as_login("working_committee").await.post("/api/review/dismissals", dismissal).await.expect(201);
}

#[tokio::test]
async fn a_colleagues_report_is_looked_at_by_a_deputy_who_is_staff_too() {
    let app = TestApp::start().await;
    also(&app, "deputy", "working_committee", "339901001").await;
    reported(&app, "deputy2", |report| (report.stage, report.percent, report.off_site_m) = ("not_started", 0, Some(2310))).await;
    let dismissal = json!({"site_ids": [app.world.west[0].site_id], "reason": "off_site", "words": "便道封闭"});
    assert_eq!(app.as_login("deputy").await.post("/api/review/dismissals", dismissal).await.expect(201).items().len(), 1);
}

#[tokio::test]
async fn a_report_in_ones_own_name_strikes_nothing_off_whoever_entered_it() {
    let app = TestApp::start().await;
    also(&app, "deputy", "working_committee", "339901001").await;
    let report = reported(&app, "deputy", |_| {}).await;
    sqlx::query("update reports set account_id = $2 where report_id = $1")
        .bind(report.report_id)
        .bind(app.world.account("working_committee").0)
        .execute(&app.pool)
        .await
        .expect("entered by a colleague");
    let site = app.world.west[0].site_id;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.0).fetch_one(&app.pool).await.expect("a site");
    let (path, body) = (format!("/api/sites/{site}/strike-off"), json!({"note": "验收", "rev": rev}));
    let refused = app.as_login("deputy").await.post(&path, body.clone()).await.expect(403);
    assert_eq!(refused.json()["fields"][0]["code"], "own_word");
    app.as_login("committee").await.post(&path, body).await.expect(200);
}

#[tokio::test]
async fn what_one_has_corrected_oneself_somebody_else_strikes_off() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    let rev =
        async || -> i64 { sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.0).fetch_one(&app.pool).await.expect("a site") };
    let township = app.as_login("working_committee").await;
    let completed = json!({"stage": "completed", "percent": 100, "reason": "现场核实", "rev": rev().await});
    township.post(&format!("/api/sites/{site}/correction"), completed).await.expect(200);
    let (path, body) = (format!("/api/sites/{site}/strike-off"), json!({"note": "验收", "rev": rev().await}));
    let refused = township.post(&path, body.clone()).await.expect(403);
    assert_eq!(refused.json()["fields"][0]["code"], "own_word");
    let rows = json!({"act": "strike_off", "rows": [{"site_id": site, "rev": rev().await}], "words": "验收"});
    let row = township.post("/api/review/acts", rows).await.expect(200).json();
    assert_eq!((&row["done"], &row["items"][0]["code"]), (&json!(0), &json!("forbidden")), "nor among many: {row}");
    // A deputy's later word takes the place of the correction.
    let later = StoredReport::new(site, app.world.deputies["deputy"], instant("2026-10-21T10:00:00+08:00"), "completed");
    later.take_effect(&app.pool, &app.world).await;
    app.set_clock("2026-10-21T11:00:00+08:00");
    let township = app.as_login("working_committee").await;
    township.post(&path, json!({"note": "验收", "rev": rev().await})).await.expect(200);
}

async fn set_persons(app: &TestApp, persons: i16) -> Value {
    let committee = app.as_login("committee").await;
    let mut settings = committee.get("/api/county-settings").await.expect(200).json();
    settings["figures"]["strike_off_persons"] = json!(persons);
    let body = json!({"figures": settings["figures"], "reason": "人手不足", "rev": settings["rev"]});
    committee.put("/api/county-settings", body).await.expect(200).json()
}

#[tokio::test]
async fn the_rule_of_two_is_lowered_by_two() {
    let app = TestApp::start().await;
    also(&app, "working_committee_east", "committee", "339901").await;
    assert_eq!(set_persons(&app, 2).await["figures"]["strike_off_persons"], 2, "raising it takes one");
    let asked = set_persons(&app, 1).await;
    assert_eq!((&asked["figures"]["strike_off_persons"], &asked["rev"]), (&json!(2), &json!(2)), "nothing has changed yet");
    let waiting = &asked["waiting"][0];
    assert_eq!(
        (&waiting["before"], &waiting["after"], &waiting["reason"], &waiting["own"]),
        (&json!(2), &json!(1), &json!("人手不足"), &json!(true))
    );
    let committee = app.as_login("committee").await;
    let path = |act: &str| format!("/api/county-setting-proposals/{}/{act}", waiting["id"]);
    let told = app.as_login("working_committee_east").await.get("/api/me/notices").await.expect(200).items();
    assert!(told[0]["kind"] == "lowering_asked" && told[0]["words"].as_str().is_some_and(|words| words.contains("人手不足")), "{told:?}");
    assert!(committee.get("/api/me/notices").await.expect(200).items().is_empty(), "whoever asked is not asked");
    let alone = committee.post(&path("confirm"), json!({})).await.expect(403);
    assert_eq!(alone.json()["fields"][0]["code"], "own");
    app.as_login("working_committee").await.post(&path("confirm"), json!({})).await.expect(403);
    let second = app.as_login("working_committee_east").await;
    assert_eq!(second.post(&path("withdraw"), json!({"words": " "})).await.expect(422).fields(), ["words"]);
    let lowered = second.post(&path("confirm"), json!({})).await.expect(200).json();
    assert_eq!((&lowered["figures"]["strike_off_persons"], &lowered["waiting"]), (&json!(1), &json!([])));
    let record = &lowered["changes"][0];
    assert_eq!((&record["setting"], &record["before"], &record["after"]), (&json!("strike_off_persons"), &json!("2"), &json!("1")));
    assert!(record["proposed_by"].is_string() && record["proposed_by"] != record["by"], "{record}");
    second.post(&path("confirm"), json!({})).await.expect(409);
    let told = committee.get("/api/me/notices").await.expect(200).items();
    assert_eq!(told[0]["kind"], "lowering_decided", "whoever asked hears of it");
}

#[tokio::test]
async fn a_lowering_can_be_refused_and_leaves_the_other_figures_alone() {
    let app = TestApp::start().await;
    also(&app, "working_committee_east", "committee", "339901").await;
    set_persons(&app, 2).await;
    let committee = app.as_login("committee").await;
    let mut settings = committee.get("/api/county-settings").await.expect(200).json();
    (settings["figures"]["strike_off_persons"], settings["figures"]["grace_days"]) = (json!(1), json!(7));
    let body = json!({"figures": settings["figures"], "reason": "主任会议决定", "rev": settings["rev"]});
    let asked = committee.put("/api/county-settings", body).await.expect(200).json();
    assert_eq!((&asked["figures"]["grace_days"], &asked["figures"]["strike_off_persons"]), (&json!(7), &json!(2)));
    let again = json!({"figures": settings["figures"], "reason": "再提", "rev": asked["rev"]});
    assert_eq!(committee.put("/api/county-settings", again).await.expect(422).fields(), ["figures.strike_off_persons"]);
    let path = format!("/api/county-setting-proposals/{}/withdraw", asked["waiting"][0]["id"]);
    let refused = app.as_login("working_committee_east").await.post(&path, json!({"words": "仍由两人办理"})).await.expect(200).json();
    assert_eq!((&refused["figures"]["strike_off_persons"], &refused["waiting"]), (&json!(2), &json!([])));
}

#[tokio::test]
async fn more_rows_for_one_person_are_allowed_by_two() {
    let app = TestApp::start().await;
    also(&app, "working_committee_east", "committee", "339901").await;
    let set = async |rows: i32| {
        let committee = app.as_login("committee").await;
        let mut settings = committee.get("/api/county-settings").await.expect(200).json();
        settings["figures"]["personal_export_rows"] = json!(rows);
        let body = json!({"figures": settings["figures"], "reason": "换届通讯录", "rev": settings["rev"]});
        committee.put("/api/county-settings", body).await
    };
    let fewer = set(10).await.expect(200).json();
    assert_eq!((&fewer["figures"]["personal_export_rows"], &fewer["waiting"]), (&json!(10), &json!([])), "fewer takes one");
    let more = set(1_000_000).await.expect(200).json();
    assert_eq!(more["figures"]["personal_export_rows"], 10, "nothing has changed yet");
    assert_eq!((&more["waiting"][0]["before"], &more["waiting"][0]["after"]), (&json!(10), &json!(1_000_000)));
    assert_eq!(set(500).await.expect(422).fields(), ["figures.personal_export_rows"]);
    let path = format!("/api/county-setting-proposals/{}/confirm", more["waiting"][0]["id"]);
    app.as_login("committee").await.post(&path, json!({})).await.expect(403);
    let confirmed = app.as_login("working_committee_east").await.post(&path, json!({})).await.expect(200).json();
    assert_eq!(confirmed["figures"]["personal_export_rows"], 1_000_000);
}
