//! The theme of a group of deputies: chosen on the desk, followed by its members, changed by none of them.

use harness::{StoredReport, TestApp, instant};
use serde_json::{Value, json};

/// A group that follows the county's one project, with `deputy_east` alone in it.
pub async fn group(app: &TestApp, projects: &[i64]) -> Value {
    let committee = app.as_login("committee").await;
    let body = json!({"name": "教育小组", "theme": "学前教育", "projects": projects});
    let group = committee.post("/api/deputy-groups", body).await.expect(201).json();
    sqlx::query("update deputies set deputy_group_id = $1 where deputy_id = $2")
        .bind(group["id"].as_i64())
        .bind(app.world.deputies["deputy_east"].0)
        .execute(&app.pool)
        .await
        .expect("a member");
    group
}

async fn theme(app: &TestApp, login: &str) -> Value {
    app.as_login(login).await.get("/api/me/group-theme").await.expect(200).json()
}

async fn set(app: &TestApp, site: i64, what: &str) {
    let query = format!("update sites set {what}, rev = rev + 1 where site_id = {site}");
    sqlx::query(sqlx::AssertSqlSafe(query)).execute(&app.pool).await.expect("a site");
}

#[tokio::test]
async fn a_member_sees_every_site_of_the_theme_with_what_presses_first() {
    let app = TestApp::start().await;
    group(&app, &[app.world.project_id.0]).await;
    let [calm, red] = app.world.west.clone().map(|site| site.site_id.0);
    let [without, yellow] = app.world.east.clone().map(|site| site.site_id.0);
    set(&app, calm, "planned_start_on = '2026-12-01', planned_finish_on = '2027-02-01'").await;
    set(&app, red, "planned_start_on = '2026-10-01', planned_finish_on = '2026-12-01'").await;
    set(&app, without, "planned_start_on = '2026-12-01', planned_finish_on = '2027-02-01'").await;
    set(&app, yellow, "planned_start_on = '2026-03-01', planned_finish_on = '2026-09-20'").await;
    let started =
        StoredReport::new(app.world.east[1].site_id, app.world.deputies["deputy_east"], instant("2026-10-12T10:00:00+08:00"), "in_progress");
    started.take_effect(&app.pool, &app.world).await;
    let written = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant("2026-10-12T11:00:00+08:00"), "not_started");
    written.store(&app.pool, &app.world).await;
    sqlx::query("update adoptions set ended_on = '2026-10-01' where site_id = $1").bind(without).execute(&app.pool).await.expect("nobody has it");
    let seen = theme(&app, "deputy_east").await;
    assert_eq!((&seen["group"]["name"], &seen["theme"], &seen["month"]), (&json!("教育小组"), &json!("学前教育"), &json!("2026-10")));
    assert_eq!(seen["projects"][0]["title"], "新改扩建公办幼儿园");
    let items = seen["items"].as_array().expect("sites");
    let told: Vec<(&Value, &Value, &Value)> = items.iter().map(|item| (&item["site"]["id"], &item["pressure"], &item["days_late"])).collect();
    assert_eq!(
        told,
        [
            (&json!(red), &json!("overdue_red"), &json!(19)),
            (&json!(yellow), &json!("overdue_yellow"), &json!(30)),
            (&json!(without), &json!("without_adopter"), &Value::Null),
            (&json!(calm), &json!("calm"), &Value::Null),
        ]
    );
    assert_eq!(items[1]["last_report"]["deputy_name"], "丙代表");
    assert_eq!(items[3]["last_report"]["month"], "2026-10");
    let adopters: Vec<(&Value, &Value)> =
        items[3]["adopters"].as_array().expect("adopters").iter().map(|adopter| (&adopter["deputy"]["name"], &adopter["reported"])).collect();
    assert_eq!(adopters, [(&json!("甲代表"), &json!(true)), (&json!("乙代表"), &json!(false))]);
    assert_eq!(items[2]["adopters"], json!([]));
}

#[tokio::test]
async fn a_site_that_was_withdrawn_or_struck_off_presses_nobody() {
    let app = TestApp::start().await;
    group(&app, &[app.world.project_id.0]).await;
    let gone = app.world.west[0].site_id;
    sqlx::query("update sites set withdrawn_at = now() where site_id = $1").bind(gone.0).execute(&app.pool).await.expect("withdrawn");
    let items = theme(&app, "deputy_east").await["items"].as_array().expect("sites").clone();
    assert_eq!(items.len(), 3);
    assert!(items.iter().all(|item| item["site"]["id"] != json!(gone)));
}

#[tokio::test]
async fn the_theme_is_the_committees_to_choose_and_the_members_see_it_at_their_next_look() {
    let app = TestApp::start().await;
    assert_eq!(theme(&app, "deputy_east").await, json!({"group": null, "theme": "", "month": "2026-10", "projects": [], "items": []}));
    let made = group(&app, &[]).await;
    let before = theme(&app, "deputy_east").await;
    assert_eq!((&before["group"]["id"], &before["items"]), (&made["id"], &json!([])));
    let address = format!("/api/deputy-groups/{}", made["id"]);
    let project = app.world.project_id.0;
    let mend = |projects: Value, rev: i64| json!({"name": "教育小组", "theme": "学前教育", "projects": projects, "reason": "扩大主题", "rev": rev});
    let committee = app.as_login("committee").await;
    let foreign: i64 = sqlx::query_scalar("select project_id from projects where county_id = $1")
        .bind(app.world.foreign_county_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("theirs");
    for (projects, why) in [(json!([foreign]), "another county's"), (json!([987_654]), "nobody's"), (json!(vec![project; 101]), "too many")] {
        assert_eq!(committee.put(&address, mend(projects, 1)).await.expect(422).fields(), ["projects"], "{why}");
    }
    for login in ["deputy_east", "working_committee", "unit"] {
        app.as_login(login).await.put(&address, mend(json!([project]), 1)).await.expect(403);
    }
    let mended = committee.put(&address, mend(json!([project, project]), 1)).await.expect(200).json();
    assert_eq!((&mended["projects"][0]["id"], &mended["projects"][0]["year"], &mended["rev"]), (&json!(project), &json!(2026), &json!(2)));
    assert_eq!(theme(&app, "deputy_east").await["items"].as_array().map(Vec::len), Some(4));
    assert_eq!(theme(&app, "deputy").await["group"], Value::Null, "another deputy is in no group");
    // Left unsaid, the projects stay; named as none, they go.
    let renamed = json!({"name": "教育代表小组", "theme": "学前教育", "reason": "改名", "rev": 2});
    assert_eq!(committee.put(&address, renamed).await.expect(200).json()["projects"].as_array().map(Vec::len), Some(1));
    assert_eq!(committee.put(&address, mend(json!([]), 3)).await.expect(200).json()["projects"], json!([]));
    let detail: Value = sqlx::query_scalar("select detail from audit_log where action = 'group.mend' order by audit_id desc limit 1")
        .fetch_one(&app.pool)
        .await
        .expect("a line");
    assert_eq!((&detail["followed"], &detail["follows"]), (&json!([project]), &json!([])));
}
