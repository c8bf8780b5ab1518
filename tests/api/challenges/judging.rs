//! Who judges a challenge, once, and what follows from it on the map and in the history.

use harness::{Answer, StoredReport, TestApp, eventually, instant};
use serde_json::{Value, json};

use super::{body, challenge, judgement};

async fn site_of(app: &TestApp, site: minsheng_map::ids::SiteId) -> Value {
    app.visitor().get(&format!("/api/sites/{site}")).await.expect(200).json()
}

/// The deputy's report makes the site blue.
async fn completed(app: &TestApp) -> StoredReport {
    let report = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant("2026-10-18T10:00:00+08:00"), "completed");
    report.take_effect(&app.pool, &app.world).await;
    let note = "insert into change_log (county_id, kind, object_id, at) values ($1, 'site', $2, $3)";
    let note = sqlx::query(note).bind(app.world.county_id.0).bind(report.site_id.0).bind(app.now());
    note.execute(&app.pool).await.expect("the map is told");
    app.platform.changes.nudge();
    let site = app.world.west[0].site_id;
    eventually("the pin is blue", async || site_of(app, site).await["stage"] == "completed").await;
    report
}

#[tokio::test]
async fn a_corrected_stage_is_on_the_map_in_the_history_and_with_the_adopters() {
    let app = TestApp::start().await;
    completed(&app).await;
    let (site, committee) = (app.world.west[0].site_id, app.as_login("committee").await);
    let sent = challenge(&app, site, &body("地图是蓝色，现场还在砌墙")).await;
    app.platform.clock.set(app.now() + chrono::TimeDelta::minutes(1));
    sent.accept(&committee).await;
    sent.act(&committee, "judgement", judgement(true, "correct_stage", Some(("in_progress", 40)))).await.expect(200);
    eventually("the pin is yellow", async || site_of(&app, site).await["stage"] == "in_progress").await;
    let history = app.visitor().get(&format!("/api/sites/{site}/history")).await.expect(200).items();
    let causes: Vec<&str> = history.iter().filter_map(|change| change["cause"].as_str()).collect();
    assert_eq!(causes, ["challenge_founded", "correction", "challenge", "report"]);
    assert_eq!((&history[0]["reason"], &history[0]["to_stage"], &history[2]["by"]), (&json!("经现场核实"), &json!("in_progress"), &json!(null)));
    let notices = app.as_login("deputy").await.get("/api/me/notices").await.expect(200).items();
    assert!(notices.iter().any(|notice| notice["kind"] == "stage_corrected"), "{notices:?}");
    for action in ["challenge.judge", "site.correct"] {
        let lines: i64 =
            sqlx::query_scalar("select count(*) from audit_log where action = $1").bind(action).fetch_one(&app.pool).await.expect("lines");
        assert_eq!(lines, 1, "{action}");
    }
}

#[tokio::test]
async fn a_returned_report_lets_the_stage_fall_back() {
    let app = TestApp::start().await;
    let report = completed(&app).await;
    let (site, committee) = (app.world.west[0].site_id, app.as_login("committee").await);
    let sent = challenge(&app, site, &body("地图是蓝色，现场还在砌墙")).await;
    sent.accept(&committee).await;
    sent.act(&committee, "judgement", judgement(true, "return_report", None)).await.expect(200);
    let state: String =
        sqlx::query_scalar("select state from reports where report_id = $1").bind(report.report_id).fetch_one(&app.pool).await.expect("a report");
    assert_eq!(state, "returned");
    eventually("the pin is red again", async || site_of(&app, site).await["stage"] == "not_started").await;
    let second = challenge(&app, site, &body("还是没有人施工")).await;
    second.accept(&committee).await;
    let refused = second.act(&committee, "judgement", judgement(true, "return_report", None)).await.expect(409);
    assert_eq!(refused.fields(), ["consequence"]);
    assert_eq!(second.own(&app).await["state"], "accepted", "a judgement whose consequence cannot come about is none");
}

#[tokio::test]
async fn a_founded_challenge_opens_a_struck_off_site_again() {
    let app = TestApp::start().await;
    completed(&app).await;
    let (site, committee, township) = (app.world.west[0].site_id, app.as_login("committee").await, app.as_login("working_committee").await);
    let rev = site_of(&app, site).await["rev"].clone();
    committee.post(&format!("/api/sites/{site}/strike-off"), json!({"note": "验收", "rev": rev})).await.expect(200);
    let sent = challenge(&app, site, &body("验收了却没有通水")).await;
    sent.accept(&township).await;
    for (judgement, field) in [
        (judgement(true, "none", None), "consequence"),
        (judgement(true, "correct_stage", Some(("in_progress", 40))), "consequence"),
        (judgement(true, "reopen", Some(("completed", 80))), "percent"),
        (judgement(false, "reopen", None), "consequence"),
    ] {
        assert_eq!(sent.act(&township, "judgement", judgement).await.expect(422).fields(), [field]);
    }
    let own_case = sent.act(&committee, "judgement", judgement(true, "reopen", None)).await.expect(403);
    assert_eq!(own_case.json()["fields"][0]["code"], "own_case");
    assert_eq!(sent.act(&committee, "declination", json!({"reason": "不必理会"})).await.expect(403).json()["fields"][0]["code"], "own_case");
    sent.act(&township, "judgement", judgement(true, "reopen", Some(("in_progress", 80)))).await.expect(200);
    eventually("it is open again", async || {
        let site = site_of(&app, site).await;
        site["struck_off_on"].is_null() && site["stage"] == "in_progress"
    })
    .await;
    let history = app.visitor().get(&format!("/api/sites/{site}/history")).await.expect(200).text();
    assert!(history.contains("reopening") && history.contains("challenge_founded"), "{history}");
}

#[tokio::test]
async fn of_two_judgements_at_once_one_holds() {
    let app = TestApp::start().await;
    completed(&app).await;
    let (committee, township) = (app.as_login("committee").await, app.as_login("working_committee").await);
    for round in 0..4 {
        let sent = challenge(&app, app.world.west[0].site_id, &body(&format!("第{round}次说明情况"))).await;
        sent.accept(&committee).await;
        let (one, two) = tokio::join!(
            sent.act(&committee, "judgement", judgement(true, "correct_stage", Some(("in_progress", 40 + round)))),
            sent.act(&township, "judgement", judgement(false, "none", None)),
        );
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200, "{} {}", one.text(), two.text());
        assert!(matches!(statuses[1], 409 | 412), "{} {}", one.text(), two.text());
        let steps = sent.own(&app).await["steps"].as_array().map_or(0, Vec::len);
        assert_eq!(steps, 3);
    }
}

#[tokio::test]
async fn whoever_reported_on_or_adopted_the_site_does_not_judge_it() {
    let app = TestApp::start().await;
    sqlx::query("insert into grants (county_id, account_id, role, region_code) values ($1, $2, 'working_committee', '339901001')")
        .bind(app.world.county_id.0)
        .bind(app.world.account("deputy").0)
        .execute(&app.pool)
        .await
        .expect("a grant");
    let (deputy, committee) = (app.as_login("deputy").await, app.as_login("committee").await);
    let sent = challenge(&app, app.world.west[0].site_id, &body("领办的人自己来核实")).await;
    assert_eq!(sent.on_desk(&deputy).await["own_case"], true);
    sent.accept(&deputy).await;
    sent.act(&deputy, "judgement", judgement(false, "none", None)).await.expect(403);
    assert_eq!(sent.on_desk(&committee).await["own_case"], false);
    sent.act(&committee, "judgement", judgement(false, "none", None)).await.expect(200);
}

#[tokio::test]
async fn each_role_sees_and_decides_in_its_place_only() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    let sent = challenge(&app, site, &body("现场只有一块牌子")).await;
    for (login, list) in [("committee", 1), ("working_committee", 1), ("working_committee_east", 0), ("foreign_committee", 0)] {
        let client = app.as_login(login).await;
        let answer = client.get("/api/challenges").await.expect(200).json();
        assert_eq!((answer["items"].as_array().map(Vec::len), &answer["waiting"]), (Some(list), &json!(list)), "{login}");
    }
    let acts = [
        ("acceptance", json!({"words": "", "rev": 1})),
        ("publication", json!({"words": true, "photos": true, "edited_words": null, "rev": 1})),
        ("declination", json!({"reason": "无关", "rev": 1})),
        ("judgement", json!({"founded": false, "reason": "不属实", "consequence": "none", "stage": null, "percent": null, "site_rev": 1, "rev": 1})),
    ];
    for (act, body) in &acts {
        let path = format!("/api/challenges/{}/{act}", sent.number);
        assert_eq!(app.visitor().post(&path, body.clone()).await.status, 401, "{act}");
        for (login, status) in
            [("working_committee_east", 404), ("foreign_committee", 404), ("deputy", 403), ("unit", 403), ("keeper", 403), ("auditor", 403)]
        {
            assert_eq!(app.as_login(login).await.post(&path, body.clone()).await.status.as_u16(), status, "{login} {act}");
        }
    }
    for login in ["deputy", "unit", "keeper", "auditor", "admin"] {
        app.as_login(login).await.get("/api/challenges").await.expect(403);
    }
    sqlx::query("update sites set key_site = true where site_id = $1").bind(site.0).execute(&app.pool).await.expect("a key site");
    let (township, committee) = (app.as_login("working_committee").await, app.as_login("committee").await);
    assert_eq!(sent.on_desk(&township).await["may_decide"], false);
    let refused: Answer = sent.act(&township, "acceptance", json!({"words": ""})).await.expect(403);
    assert_eq!(refused.json()["fields"][0]["code"], "key_site");
    assert_eq!(sent.act(&committee, "judgement", judgement(true, "none", None)).await.expect(409).code(), "conflict", "it was not taken up");
    sent.accept(&committee).await;
    let stale = committee.post(&format!("/api/challenges/{}/acceptance", sent.number), json!({"words": "", "rev": 1})).await;
    assert_eq!(stale.code(), "rev_mismatch");
}
