//! Staff enter a report for a deputy, and an answer for a unit, who cannot; marked wherever it shows, told to them, and theirs to contradict.

use harness::{Client, Site, TestApp, pictures};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::orders::{act, issued_by};
use crate::reports::{count, path, report, send_photo, stage_of, with};

fn path_for(app: &TestApp, deputy: &str, id: Uuid) -> String {
    format!("/api/deputies/{}/reports/{id}", app.world.deputies[deputy])
}

fn told(report: &Value) -> Value {
    json!({"came_by": "telephone", "report": report})
}

async fn notices(app: &TestApp, login: &str, kind: &str) -> Vec<Value> {
    let items = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
    items.into_iter().filter(|notice| notice["kind"] == kind).collect()
}

/// A completed report that `login` enters for `deputy` on the first western site.
async fn entered_by(app: &TestApp, login: &str) -> (Uuid, Client) {
    let (id, staff) = (Uuid::now_v7(), app.as_login(login).await);
    let photo = send_photo(&staff, 7).await;
    let body = with(report(&app.world.west[0], "completed", 100), json!({"photos": [photo], "position": null}));
    staff.put(&path_for(app, "deputy", id), told(&body)).await.expect(201);
    (id, staff)
}

#[tokio::test]
async fn what_staff_enter_counts_and_is_marked_wherever_it_shows() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    let (id, staff) = entered_by(&app, "working_committee").await;
    assert_eq!(stage_of(&app, &site).await, "completed");
    let body = with(report(&site, "completed", 100), json!({"photos": [pictures::sha256(&pictures::jpeg(7))], "position": null}));
    let again = staff.put(&path_for(&app, "deputy", id), told(&body)).await.expect(200).json();
    assert_eq!((&again["came_by"], &again["distance_m"], &again["version"]), (&json!("telephone"), &json!(null), &json!(1)));
    let reports = app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.expect(200).items();
    assert_eq!((&reports[0]["on_behalf"], &reports[0]["deputy"]["name"]), (&json!("telephone"), &json!("甲代表")));
    assert!(!reports[0].to_string().contains("working_committee"), "the public is not told who of the staff it was");
    let page = app.visitor().get(&format!("/sites/{}", site.code)).await.expect(200).text();
    assert!(page.contains("由人大工作人员代录（电话）"), "the page says so");
    let file = staff.get(&format!("/api/sites/{}/file", site.site_id)).await.expect(200).json();
    assert_eq!(file["phones"][0]["entered_by"], "working_committee");
    assert!(file["records"].as_array().expect("records").iter().any(|line| line["action"] == "report.enter" && line["by"] == "working_committee"));
    let deputy = app.as_login("deputy").await;
    assert_eq!(deputy.get("/api/me/reports").await.expect(200).items()[0]["on_behalf"], "telephone");
    assert_eq!(deputy.get("/api/me/duty-record?year=2026").await.expect(200).json()["items"][0]["on_behalf"], "telephone");
    let notices = notices(&app, "deputy", "report_entered").await;
    assert_eq!(notices.len(), 1, "told once, however often it was sent");
    assert!(notices[0]["words"].as_str().expect("words").contains("电话"));
    assert_eq!(count(&app, "audit_log where action = 'report.enter' and outcome = 'done' and detail->>'came_by' = 'telephone'").await, 1);
}

#[tokio::test]
async fn one_id_is_one_report_whoever_sends_it_and_however_it_came() {
    let app = TestApp::start().await;
    let (id, staff) = (Uuid::now_v7(), app.as_login("committee").await);
    let body = report(&app.world.west[0], "not_started", 0);
    staff.put(&path_for(&app, "deputy", id), told(&body)).await.expect(201);
    let on_paper = json!({"came_by": "paper", "report": body});
    assert_eq!(staff.put(&path_for(&app, "deputy", id), on_paper).await.expect(422).code(), "key_reused");
    assert_eq!(staff.put(&path_for(&app, "deputy2", id), told(&body)).await.expect(422).code(), "key_reused");
    assert_eq!(app.as_login("deputy").await.put(&path(id), body).await.expect(422).code(), "key_reused");
    assert_eq!(count(&app, "reports").await, 1);
}

#[tokio::test]
async fn the_rules_of_the_month_hold_for_it_too() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    let staff = app.as_login("working_committee").await;
    let enter =
        async |app: &TestApp, body: Value| app.as_login("working_committee").await.put(&path_for(app, "deputy", Uuid::now_v7()), told(&body)).await;
    let bare = report(&site, "in_progress", 40);
    assert_eq!(enter(&app, bare.clone()).await.expect(422).fields(), ["report.photos"], "a change of stage needs a picture");
    assert_eq!(enter(&app, with(bare.clone(), json!({"percent": 101}))).await.expect(422).fields(), ["report.percent"]);
    let stranger = path_for(&app, "deputy_east", Uuid::now_v7());
    assert_eq!(staff.put(&stranger, told(&report(&site, "not_started", 0))).await.expect(422).fields(), ["report.site_id"]);
    let nobody = format!("/api/deputies/987654321/reports/{}", Uuid::now_v7());
    assert_eq!(staff.put(&nobody, told(&report(&site, "not_started", 0))).await.expect(422).fields(), ["report.site_id"]);
    let unknown = with(told(&report(&site, "not_started", 0)), json!({"came_by": "pigeon"}));
    assert_eq!(staff.put(&path_for(&app, "deputy", Uuid::now_v7()), unknown).await.expect(422).fields(), ["came_by"]);
    // The month that has closed takes it, marked late; once it is final it counts for the next.
    app.set_clock("2026-11-03T09:00:00+08:00");
    let late = with(report(&site, "not_started", 0), json!({"written_at": "2026-11-03T08:59:00+08:00", "month": "2026-10"}));
    let receipt = enter(&app, late).await.expect(201).json();
    assert_eq!((&receipt["month"], &receipt["late"]), (&json!("2026-10"), &json!(true)));
    app.set_clock("2026-11-06T09:00:00+08:00");
    let later = with(report(&site, "not_started", 0), json!({"written_at": "2026-11-06T08:59:00+08:00", "month": "2026-10"}));
    assert_eq!(enter(&app, later).await.expect(201).json()["month"], "2026-11");
}

#[tokio::test]
async fn staff_enter_only_for_their_own_places_and_never_for_themselves() {
    let app = TestApp::start().await;
    let enter = async |login: &str, deputy: &str, site: &Site| {
        app.as_login(login).await.put(&path_for(&app, deputy, Uuid::now_v7()), told(&report(site, "not_started", 0))).await
    };
    let (west, east, foreign) = (&app.world.west[0], &app.world.east[0], &app.world.foreign);
    for (login, deputy, site, status) in [
        ("working_committee", "deputy_east", east, 404),
        ("working_committee_east", "deputy", west, 404),
        ("committee", "foreign_deputy", foreign, 404),
        ("foreign_committee", "deputy", west, 404),
        ("unit", "deputy", west, 403),
        ("admin", "deputy", west, 403),
        ("keeper", "deputy", west, 403),
        ("deputy2", "deputy", west, 403),
    ] {
        enter(login, deputy, site).await.expect(status);
    }
    let both = "insert into grants (county_id, account_id, role, region_code) select county_id, account_id, 'working_committee', '339901001'
                from grants where account_id = $1 limit 1";
    sqlx::query(both).bind(app.world.account("deputy").0).execute(&app.pool).await.expect("a grant");
    assert_eq!(enter("deputy", "deputy", west).await.expect(403).fields(), ["id"]);
    enter("deputy", "deputy2", west).await.expect(201);
}

#[tokio::test]
async fn the_deputy_puts_another_report_in_its_place() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    entered_by(&app, "committee").await;
    app.set_clock("2026-10-20T10:00:00+08:00");
    let own = with(report(&site, "completed", 100), json!({"written_at": "2026-10-20T09:59:00+08:00", "words": "我自己去看过了"}));
    let receipt = app.as_login("deputy").await.put(&path(Uuid::now_v7()), own).await.expect(201).json();
    assert_eq!((&receipt["version"], &receipt["came_by"]), (&json!(2), &json!(null)));
    let reports = app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.expect(200).items();
    assert_eq!((&reports[0]["state"], &reports[0]["on_behalf"]), (&json!("standing"), &json!(null)));
    assert_eq!((&reports[1]["state"], &reports[1]["on_behalf"]), (&json!("amended"), &json!("telephone")));
}

#[tokio::test]
async fn the_deputy_takes_back_what_are_not_their_words() {
    let app = TestApp::start().await;
    let site = app.world.west[0].clone();
    let (id, _) = entered_by(&app, "working_committee").await;
    let object = async |login: &str, id: Uuid, reason: &str| {
        app.as_login(login).await.post(&format!("/api/reports/{id}/objection"), json!({"reason": reason})).await
    };
    object("deputy2", id, "不是我的").await.expect(404);
    object("deputy_east", id, "不是我的").await.expect(404);
    object("deputy", Uuid::now_v7(), "没有这份").await.expect(404);
    assert_eq!(object("deputy", id, "").await.expect(422).fields(), ["reason"]);
    let taken = object("deputy", id, "我只说快完工了").await.expect(200).json();
    assert_eq!(taken["stage"], "not_started");
    assert_eq!(stage_of(&app, &site).await, "not_started");
    object("deputy", id, "我只说快完工了").await.expect(409);
    let report = app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.expect(200).items().remove(0);
    assert_eq!((&report["state"], &report["objected"]), (&json!("returned"), &json!(true)));
    let page = app.visitor().get(&format!("/sites/{}", site.code)).await.expect(200).text();
    assert!(page.contains("代录的反馈不是本人意见") && page.contains("我只说快完工了"));
    let told = notices(&app, "working_committee", "report_objected").await;
    assert_eq!(told.len(), 1);
    assert!(told[0]["words"].as_str().expect("words").contains("我只说快完工了"));
    // Owed again, and what the deputy sent is not to be taken back but amended.
    let owed = app.as_login("deputy").await.get("/api/me/sites").await.expect(200).items();
    assert_eq!(owed.iter().find(|owed| owed["site"]["id"] == json!(site.site_id)).expect("the site")["state"], "returned");
    let own = Uuid::now_v7();
    app.as_login("deputy").await.put(&path(own), self::report(&site, "not_started", 0)).await.expect(201);
    object("deputy", own, "我收回").await.expect(404);
}

#[tokio::test]
async fn nobody_strikes_off_or_returns_what_they_entered_themselves() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    let (id, staff) = entered_by(&app, "working_committee").await;
    // The public answer may lie a moment behind.
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.0).fetch_one(&app.pool).await.expect("a site");
    let strike = json!({"note": "验收", "rev": rev});
    assert_eq!(staff.post(&format!("/api/sites/{site}/strike-off"), strike.clone()).await.expect(403).fields(), ["site_id"]);
    staff.post(&format!("/api/reports/{id}/return"), json!({"reason": "录错了"})).await.expect(403);
    app.as_login("committee").await.post(&format!("/api/sites/{site}/strike-off"), strike).await.expect(200);
    // Closed: nothing more is entered, and the deputy is told where to turn.
    let more = staff.put(&path_for(&app, "deputy", Uuid::now_v7()), told(&report(&app.world.west[0], "completed", 100))).await;
    assert_eq!(more.expect(409).fields(), ["report.site_id"]);
    app.as_login("deputy").await.post(&format!("/api/reports/{id}/objection"), json!({"reason": "还没有完工"})).await.expect(409);
}

#[tokio::test]
async fn an_answer_entered_for_a_unit_is_marked_and_the_unit_has_the_last_word() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "working_committee").await;
    let (staff, unit) = (app.as_login("working_committee").await, app.as_login("unit").await);
    let entered = json!({"came_by": "paper", "answer": {"words": "来函：本月复工", "proposed_due_on": "2026-11-20", "photos": []}});
    for (login, status) in [("unit", 403), ("deputy", 403), ("working_committee_east", 404), ("foreign_committee", 404), ("admin", 403)] {
        act(&app.as_login(login).await, &order, "answer-for-unit", entered.clone()).await.expect(status);
    }
    let answered = act(&staff, &order, "answer-for-unit", entered.clone()).await.expect(200).json();
    assert_eq!((&answered["state"], &answered["may_answer_for"]), (&json!("answered"), &json!(false)));
    assert_eq!((&answered["steps"][1]["on_behalf"], &answered["steps"][1]["by"]), (&json!("paper"), &json!("working_committee")));
    assert!(notices(&app, "unit", "order_answered_for").await[0]["words"].as_str().expect("words").contains("来函：本月复工"));
    let story = app.visitor().get(&format!("/api/sites/{}/orders", app.world.west[0].site_id)).await.expect(200).items();
    assert_eq!((&story[0]["steps"][1]["on_behalf"], &story[0]["steps"][1]["by"]), (&json!("paper"), &json!(null)));
    let page = app.visitor().get(&format!("/sites/{}", app.world.west[0].code)).await.expect(200).text();
    assert!(page.contains("由人大工作人员代录（书面）"));
    assert_eq!(count(&app, "audit_log where action = 'order.answer_for_unit' and outcome = 'done'").await, 1);
    act(&staff, &order, "answer-for-unit", entered).await.expect(409);
    let accept = json!({"words": "", "rev": answered["rev"]});
    act(&staff, &order, "accept", accept).await.expect(403);
    let seen = unit.get(&format!("/api/supervision-orders/{}", order["id"])).await.expect(200).json();
    assert_eq!(seen["may_answer"], true, "the unit may still speak for itself");
    let own = json!({"words": "我局答复：下月复工", "proposed_due_on": null, "photos": []});
    let own = act(&unit, &order, "answer", own.clone()).await.expect(200).json();
    assert_eq!((&own["may_answer"], &own["steps"][2]["on_behalf"]), (&json!(false), &json!(null)));
    act(&staff, &order, "accept", json!({"words": "", "rev": own["rev"]})).await.expect(200);
}
