//! Changes of a plan: by a decision of the county's committee alone, with what stood before kept beside it.

use harness::{Answer, Client, TestApp, WEST, eventually};
use serde_json::{Value, json};

use super::live::correct;

fn decision(rev: i64, change: Value) -> Value {
    let mut body = json!({"decision_number": "县人常〔2026〕12号", "decided_on": "2026-10-18", "reason": "汛期影响施工", "rev": rev});
    body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
    body
}

async fn decide(client: &Client, site: i64, rev: i64, change: Value) -> Answer {
    client.post(&format!("/api/sites/{site}/plan-changes"), decision(rev, change)).await
}

async fn story(app: &TestApp, site: i64) -> Value {
    app.visitor().get(&format!("/api/sites/{site}/story")).await.expect(200).json()
}

#[tokio::test]
async fn a_decision_puts_the_new_date_beside_the_original() {
    let app = TestApp::start().await;
    let (committee, site) = (app.as_login("committee").await, app.world.west[0].site_id.0);
    let view = decide(&committee, site, 1, json!({"planned_finish_on": "2027-01-31"})).await.expect(200).json();
    assert_eq!((&view["planned_finish_on"], &view["rev"]), (&json!("2027-01-31"), &json!(2)));
    let story = story(&app, site).await;
    assert_eq!(story["site"]["original_planned_finish_on"], "2026-12-20");
    for (login, told) in [("deputy", 1), ("deputy2", 1), ("unit", 1), ("deputy_east", 0)] {
        let notices = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
        let of_plans: Vec<&Value> = notices.iter().filter(|notice| notice["kind"] == "plan_changed").collect();
        assert_eq!(of_plans.len(), told, "{login}");
        assert!(of_plans.iter().all(|notice| notice["words"] == "县人常〔2026〕12号：汛期影响施工" && notice["site"]["id"] == site), "{notices:?}");
    }
    let change = &story["plan_changes"][0];
    assert_eq!(change["planned_finish_on"], json!({"before": "2026-12-20", "after": "2027-01-31"}));
    assert_eq!((&change["planned_start_on"], &change["quota"], &change["place"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!((&change["decision_number"], &change["decided_on"]), (&json!("县人常〔2026〕12号"), &json!("2026-10-18")));
    assert_eq!(story["months"][0]["entries"][0]["kind"], "plan_change");
    let listed = async || app.visitor().get(&format!("/api/sites/{site}")).await.expect(200).json()["planned_finish_on"] == "2027-01-31";
    eventually("the live map plans anew", listed).await;
    decide(&committee, site, 2, json!({"planned_finish_on": "2027-02-28"})).await.expect(200);
    let story = self::story(&app, site).await;
    assert_eq!(story["site"]["original_planned_finish_on"], "2026-12-20", "the original is the first one");
    assert_eq!(story["plan_changes"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_site_that_moves_takes_its_pin_and_its_township_along() {
    let app = TestApp::start().await;
    let (committee, site) = (app.as_login("committee").await, app.world.west[0].site_id.0);
    let tile = |app: &TestApp, x: u32| {
        let visitor = app.visitor();
        async move { visitor.get(&format!("/tiles/sites/12/{x}/1688")).await.bytes }
    };
    let (from, to) = (column(120.05), column(120.25));
    let before = (tile(&app, from).await, tile(&app, to).await);
    let place = json!({"place": {"lon": 120.25, "lat": 30.1, "address": "东山镇东街 1 号"}, "quota": "12 个班"});
    let view = decide(&committee, site, 1, place).await.expect(200).json();
    assert_eq!((&view["region"]["name"], &view["address"]), (&json!("东山镇"), &json!("东山镇东街 1 号")));
    eventually("the pin has moved", async || {
        let listed = app.visitor().get(&format!("/api/sites/{site}")).await.expect(200).json();
        listed["position"] == json!({"lon": 120.25, "lat": 30.1})
    })
    .await;
    assert_ne!(tile(&app, from).await, before.0, "the old tile is drawn anew");
    assert_ne!(tile(&app, to).await, before.1, "and the new one");
    let change = &story(&app, site).await["plan_changes"][0];
    assert_eq!(change["quota"], json!({"before": "", "after": "12 个班"}));
    assert_eq!((&change["place"]["before"]["region"]["code"], &change["place"]["after"]["address"]), (&json!(WEST), &json!("东山镇东街 1 号")));
    assert!((19_000..19_500).contains(&change["place"]["distance_m"].as_i64().expect("metres")), "{change}");
    // It now lies in the eastern township, whose committee supervises it.
    let remind = json!({"site_ids": [site], "to": "unit", "words": ""});
    app.as_login("working_committee").await.post("/api/reminders", remind.clone()).await.expect(404);
    app.as_login("working_committee_east").await.post("/api/reminders", remind).await.expect(200);
}

/// The column of zoom 12 in which a longitude lies.
fn column(lon: f64) -> u32 {
    ((lon + 180.0) / 360.0 * 4096.0) as u32
}

#[tokio::test]
async fn a_decision_that_cannot_be_is_refused_by_its_field() {
    let app = TestApp::start().await;
    let (committee, site) = (app.as_login("committee").await, app.world.west[0].site_id.0);
    let cases = [
        (json!({"planned_start_on": "2027-01-01"}), "planned_finish_on"),
        (json!({"planned_finish_on": "2026-12-20"}), "body"),
        (json!({"place": {"lon": 120.05, "lat": 30.1}}), "body"),
        (json!({}), "body"),
        (json!({"planned_finish_on": "2027-01-31", "decided_on": "2026-10-21"}), "decided_on"),
        (json!({"planned_finish_on": "2027-01-31", "decision_number": ""}), "decision_number"),
        (json!({"planned_finish_on": "2027-01-31", "reason": " "}), "reason"),
        (json!({"planned_finish_on": "2027-02-31"}), "planned_finish_on"),
        (json!({"quota": "长".repeat(201)}), "quota"),
        (json!({"place": {"lon": 121.05, "lat": 30.1}}), "place"),
        (json!({"place": {"lon": 30.1, "lat": 120.05}}), "place"),
    ];
    for (change, field) in cases {
        let answer = decide(&committee, site, 1, change.clone()).await.expect(422);
        assert_eq!(answer.fields(), [field], "{change}");
    }
    let near = json!({"place": {"lon": 119.99, "lat": 30.1}});
    assert_eq!(decide(&committee, site, 1, near).await.expect(200).json()["region"]["code"], WEST, "a boundary may be a kilometre wrong");
    assert_eq!(decide(&committee, site, 1, json!({"quota": "9 个班"})).await.expect(409).code(), "rev_mismatch");
}

#[tokio::test]
async fn the_plan_of_a_closed_site_and_of_another_place_stays() {
    let app = TestApp::start().await;
    let (committee, site) = (app.as_login("committee").await, app.world.west[0].site_id);
    correct(&app, &app.as_login("working_committee").await, site, "completed", 100).await;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.0).fetch_one(&app.pool).await.expect("a site");
    committee.post(&format!("/api/sites/{site}/strike-off"), json!({"note": "验收", "rev": rev})).await.expect(200);
    let later = json!({"planned_finish_on": "2027-01-31"});
    decide(&committee, site.0, rev + 1, later.clone()).await.expect(409);
    for (login, status) in [("working_committee", 403), ("deputy", 403), ("admin", 403), ("foreign_committee", 404)] {
        decide(&app.as_login(login).await, app.world.west[1].site_id.0, 1, later.clone()).await.expect(status);
    }
}

#[tokio::test]
async fn an_import_whose_sites_were_replanned_is_not_undone() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let file = "序号,项目名称,点位名称,所在镇街,经度,纬度,责任单位,备注\n1,新改扩建公办幼儿园,西河镇中心幼儿园,西河镇,120.05,30.1,县教育局,新备注\n";
    let import = committee.post_bytes("/api/imports?kind=sites&year=2026", file.into()).await.expect(201).json();
    let import = format!("/api/imports/{}", import["id"].as_str().expect("an id"));
    committee.post(&format!("{import}/confirm"), json!({})).await.expect(200);
    app.set_clock("2026-10-20T10:00:00+08:00");
    let committee = app.as_login("committee").await;
    decide(&committee, app.world.west[0].site_id.0, 2, json!({"planned_finish_on": "2027-01-31"})).await.expect(200);
    committee.post(&format!("{import}/undo"), json!({})).await.expect(409);
}
