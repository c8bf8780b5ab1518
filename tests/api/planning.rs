//! Projects and units entered and mended on the desk.

use std::time::Duration;

use harness::{TestApp, eventually};
use serde_json::{Value, json};

use crate::reports::count;

fn project(number: i64, unit: i64) -> Value {
    json!({"year": 2026, "number": number, "title": "老旧小区加装电梯", "lead_unit_id": unit})
}

#[tokio::test]
async fn a_project_is_entered_and_known_to_all_at_once() {
    let app = TestApp::start().await;
    let (committee, unit) = (app.as_login("committee").await, app.world.unit_id.0);
    let made = committee.post("/api/projects", project(11, unit)).await.expect(201).json();
    assert_eq!((&made["number"], &made["sites"], &made["rev"]), (&json!(11), &json!(0), &json!(1)));
    eventually("everybody knows it", async || {
        let items = app.visitor().get("/api/projects").await.expect(200).items();
        items.iter().any(|each| each["id"] == made["id"])
    })
    .await;
    assert_eq!(committee.post("/api/projects", project(11, unit)).await.expect(422).fields(), ["number"]);
    for (field, value) in
        [("number", json!(0)), ("number", json!(1000)), ("year", json!(1999)), ("title", json!("  ")), ("lead_unit_id", json!(987_654))]
    {
        let mut body = project(12, unit);
        body[field] = value;
        assert_eq!(committee.post("/api/projects", body).await.expect(422).fields(), [field]);
    }
    let foreign: i64 = sqlx::query_scalar("select unit_id from units where county_id = $1")
        .bind(app.world.foreign_county_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a unit");
    assert_eq!(committee.post("/api/projects", project(12, foreign)).await.expect(422).fields(), ["lead_unit_id"], "another county's unit is none");
    assert_eq!(count(&app, "projects where year = 2026 and number in (11, 12)").await, 1);
}

#[tokio::test]
async fn a_project_is_mended_by_whoever_has_seen_its_present_state() {
    let app = TestApp::start().await;
    let (committee, id) = (app.as_login("committee").await, app.world.project_id.0);
    let mend =
        |title: &str, rev: i64| json!({"number": 1, "title": title, "lead_unit_id": app.world.other_unit_id, "reason": "名称有错字", "rev": rev});
    let address = format!("/api/projects/{id}");
    let mended = committee.put(&address, mend("公办幼儿园新改扩建", 1)).await.expect(200).json();
    assert_eq!((&mended["title"], &mended["lead_unit"]["name"], &mended["rev"]), (&json!("公办幼儿园新改扩建"), &json!("县住建局"), &json!(2)));
    let stale = committee.put(&address, mend("另一个名称", 1)).await.expect(409);
    assert_eq!((stale.code(), &stale.json()["rev"]), ("rev_mismatch".to_owned(), &json!(2)));
    committee.put("/api/projects/987654", mend("没有", 1)).await.expect(404);
    let detail: Value = sqlx::query_scalar("select detail from audit_log where action = 'project.mend'").fetch_one(&app.pool).await.expect("a line");
    assert_eq!(
        (&detail["from"][1], &detail["to"][1], &detail["reason"]),
        (&json!("新改扩建公办幼儿园"), &json!("公办幼儿园新改扩建"), &json!("名称有错字"))
    );
    eventually("its sites show the new title", async || {
        let site = app.visitor().get(&format!("/api/sites/{}", app.world.west[0].site_id)).await.expect(200).json();
        site["project"]["title"] == "公办幼儿园新改扩建"
    })
    .await;
}

#[tokio::test]
async fn two_who_mend_at_once_do_not_overwrite_each_other() {
    let app = TestApp::start().await;
    let id = app.world.unit_id.0;
    let mut tasks = Vec::new();
    for name in ["县教育和体育局", "县教体局"] {
        let client = app.as_login("committee").await;
        let body = json!({"name": name, "reason": "机构改革", "rev": 1});
        tasks.push(tokio::spawn(async move { client.put(&format!("/api/units/{id}"), body).await.status.as_u16() }));
    }
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("an answer"));
    }
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    assert_eq!(count(&app, "audit_log where action = 'unit.mend'").await, 1);
}

#[tokio::test]
async fn a_unit_ends_when_nothing_is_open_with_it() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let in_use = committee.post(&format!("/api/units/{}/end", app.world.unit_id), json!({"reason": "撤并", "rev": 1})).await.expect(409);
    assert_eq!(in_use.json()["fields"][0]["code"], "in_use");
    let made = committee.post("/api/units", json!({"name": "县水利局"})).await.expect(201).json();
    let id = made["id"].as_i64().expect("an id");
    assert_eq!(committee.post("/api/units", json!({"name": "县水利局"})).await.expect(422).fields(), ["name"]);
    let ended = committee.post(&format!("/api/units/{id}/end"), json!({"reason": "并入县住建局", "rev": 1})).await.expect(200).json();
    assert_eq!(ended["ended_on"], "2026-10-20");
    assert_eq!(committee.post("/api/projects", project(21, id)).await.expect(422).fields(), ["lead_unit_id"], "an ended unit leads nothing new");
    let plan = committee.get("/api/plan").await.expect(200).json();
    assert_eq!(plan["units"].as_array().and_then(|units| units.last()).map(|unit| unit["name"].clone()), Some(json!("县水利局")), "ended ones last");
    let again = committee.put(&format!("/api/units/{id}"), json!({"name": "县水利局", "reason": "恢复设置", "rev": 2})).await.expect(200).json();
    assert_eq!(again["ended_on"], Value::Null);
    committee.post("/api/projects", project(21, id)).await.expect(201);
}

#[tokio::test]
async fn a_unit_that_ends_and_a_site_that_comes_to_it_wait_for_each_other() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let made = committee.post("/api/units", json!({"name": "县水利局"})).await.expect(201).json();
    let id = made["id"].as_i64().expect("an id");
    let pause = Duration::from_millis(400);
    // Somebody is giving it a site.
    let mut tx = app.pool.begin().await.expect("a transaction");
    sqlx::query("select unit_id from units where unit_id = $1 for share").bind(id).execute(&mut *tx).await.expect("held");
    let given = "update sites set unit_id = $1 where site_id = $2";
    sqlx::query(given).bind(id).bind(app.world.west[0].site_id.0).execute(&mut *tx).await.expect("given");
    let end = format!("/api/units/{id}/end");
    let (ended, ()) = tokio::join!(committee.post(&end, json!({"reason": "撤并", "rev": 1})), async {
        tokio::time::sleep(pause).await;
        tx.commit().await.expect("committed");
    });
    assert_eq!(ended.expect(409).json()["fields"][0]["code"], "in_use");
    // Somebody is ending it.
    let mut tx = app.pool.begin().await.expect("a transaction");
    sqlx::query("update units set closed_on = '2026-10-20' where unit_id = $1").bind(id).execute(&mut *tx).await.expect("ended");
    let (project, ()) = tokio::join!(committee.post("/api/projects", project(21, id)), async {
        tokio::time::sleep(pause).await;
        tx.commit().await.expect("committed");
    });
    assert_eq!(project.expect(422).fields(), ["lead_unit_id"]);
}
