//! Townships are renamed and merged; the figures of the months before stay as they were.

use harness::{EAST, TestApp, WEST, eventually};
use serde_json::{Value, json};

use crate::figures::close;

async fn close_october(app: &TestApp) {
    close(app, "2026-11-06T09:00:00+08:00", "2026-10", "final").await;
}

/// The townships of a month's figures, each with how many sites it has.
async fn townships(app: &TestApp, month: &str) -> Vec<(Value, Value)> {
    let summary = app.visitor().get(&format!("/api/summary?month={month}")).await.expect(200).json();
    let parts = summary["regions"].as_array().expect("townships").clone();
    parts.into_iter().map(|part| (part["region"]["name"].clone(), part["counts"]["sites"].clone())).collect()
}

fn of_old() -> [(Value, Value); 2] {
    [(json!("西河镇"), json!(2)), (json!("东山镇"), json!(2))]
}

fn new_name(was: &str, name: &str) -> Value {
    json!({"was": was, "name": name, "decision_number": "省政函〔2026〕31号", "reason": "撤镇设街道"})
}

#[tokio::test]
async fn a_township_is_renamed_and_the_months_before_keep_its_name() {
    let app = TestApp::start().await;
    close_october(&app).await;
    let before = app.visitor().get("/export/figures.csv?month=2026-10&by=township").await.expect(200).text();
    let committee = app.as_login("committee").await;
    let address = format!("/api/regions/{WEST}/name");
    assert_eq!(committee.put(&address, new_name("东山镇", "西河街道")).await.expect(409).json()["name"], "西河镇");
    assert_eq!(committee.put(&address, new_name("西河镇", "西河镇")).await.expect(422).fields(), ["name"]);
    assert_eq!(committee.put(&address, new_name("西河镇", "东山镇")).await.expect(422).fields(), ["name"]);
    committee.put("/api/regions/339901/name", new_name("试验县", "试验市")).await.expect(404);
    committee.put("/api/regions/339901777/name", new_name("无", "无街道")).await.expect(404);
    committee.put("/api/regions/339902001/name", new_name("邻县镇", "邻县街道")).await.expect(404);
    committee.put(&address, new_name("西河镇", "西河街道")).await.expect(200);
    eventually("the map calls it by its new name", async || {
        let regions = app.visitor().get("/api/regions").await.expect(200).items();
        regions.iter().any(|region| region["name"] == "西河街道")
    })
    .await;
    let site = app.visitor().get(&format!("/api/sites/{}", app.world.west[0].site_id)).await.expect(200).json();
    assert_eq!(site["region"]["name"], "西河街道");
    assert_eq!(app.visitor().get("/export/figures.csv?month=2026-10&by=township").await.expect(200).text(), before, "October to the letter");
    assert_eq!(townships(&app, "2026-10").await, of_old());
    let former = committee.get("/api/region-names").await.expect(200).items();
    assert_eq!(
        (&former[0]["name"], &former[0]["region"]["name"], &former[0]["until_on"]),
        (&json!("西河镇"), &json!("西河街道"), &json!("2026-11-06"))
    );
    assert!(sqlx::query("delete from region_names").execute(&app.pool).await.is_err(), "former names stay");
}

#[tokio::test]
async fn a_township_is_merged_into_another_and_old_totals_stay_right() {
    let app = TestApp::start().await;
    close_october(&app).await;
    // The eastern township becomes part of the western one, as an import of boundaries does it.
    sqlx::query("update sites set region_code = $1, rev = rev + 1 where region_code = $2")
        .bind(WEST)
        .bind(EAST)
        .execute(&app.pool)
        .await
        .expect("moved");
    sqlx::query("insert into change_log (county_id, kind, at) values ($1, 'county', now())")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("told");
    app.platform.changes.nudge();
    eventually("today everything lies in the west", async || {
        let site = app.visitor().get(&format!("/api/sites/{}", app.world.east[0].site_id)).await.expect(200).json();
        site["region"]["code"] == WEST
    })
    .await;
    assert_eq!(townships(&app, "2026-10").await, of_old());
    let october = app.visitor().get("/export/sites.csv?month=2026-10").await.expect(200).text();
    assert_eq!((october.matches("西河镇,").count(), october.matches("东山镇,").count()), (2, 2), "{october}");
}

#[tokio::test]
async fn villages_keep_their_names_and_no_two_townships_get_the_same_at_once() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let village = "insert into regions (county_id, region_code, name) values ($1, '339901001001', '西河村')";
    sqlx::query(village).bind(app.world.county_id.0).execute(&app.pool).await.expect("a village");
    committee.put("/api/regions/339901001001/name", new_name("西河村", "西河新村")).await.expect(404);
    let (west, east) = (format!("/api/regions/{WEST}/name"), format!("/api/regions/{}/name", harness::EAST));
    let (one, other) = tokio::join!(committee.put(&west, new_name("西河镇", "清溪街道")), committee.put(&east, new_name("东山镇", "清溪街道")));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 422], "one is first, the other hears that the name is taken");
}
