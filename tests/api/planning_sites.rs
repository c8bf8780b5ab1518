//! Sites entered, mended and withdrawn on the desk; and the places that are refused.

use harness::{Client, TestApp, eventually};
use serde_json::{Value, json};

use crate::reports::{count, report};

fn site(app: &TestApp, lon: Value, lat: Value) -> Value {
    json!({"project_id": app.world.project_id, "name": "西河镇第三幼儿园", "address": "西河路 3 号", "position": {"lon": lon, "lat": lat},
        "unit_id": app.world.unit_id, "quota": "9 个班", "people_served": 270, "remarks": "", "planned_start_on": "2026-11-01",
        "planned_finish_on": "2027-08-31"})
}

async fn enter(client: &Client, body: Value) -> Value {
    client.post("/api/sites", body).await.expect(201).json()
}

#[tokio::test]
async fn a_site_is_entered_on_the_map_and_its_township_follows_from_its_place() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let made = enter(&committee, site(&app, json!(120.31), json!(30.21))).await;
    assert_eq!((&made["code"], &made["region"]["name"], &made["stage"]), (&json!("2026-01-005"), &json!("东山镇"), &json!("not_started")));
    eventually("the map has it", async || app.visitor().get(&format!("/api/sites/{}", made["id"])).await.status.as_u16() == 200).await;
    let detail = app.visitor().get(&format!("/api/sites/{}", made["id"])).await.expect(200).json();
    assert_eq!((&detail["original_planned_finish_on"], &detail["people_served"]), (&json!("2027-08-31"), &json!(270)));
    // In another datum the same numbers are another place, and what was written is kept.
    let mut shifted = site(&app, json!(120.31), json!(30.21));
    shifted["position"]["datum"] = json!("gcj02");
    shifted["code"] = json!("X-9");
    let shifted = enter(&committee, shifted).await;
    let metres = (shifted["position"]["lon"].as_f64().expect("lon") - 120.31).abs() * 96_000.0;
    assert!((300.0..700.0).contains(&metres), "{metres}");
    let source: (String, String) =
        sqlx::query_as("select source_datum, source_position from sites where code = 'X-9'").fetch_one(&app.pool).await.expect("a site");
    assert_eq!(source, ("gcj02".to_owned(), "120.31,30.21".to_owned()));
}

#[tokio::test]
async fn a_faulty_site_is_refused_by_the_field_at_fault() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    for (field, value) in [
        ("code", json!("2026-01-001")),
        ("code", json!("点位一")),
        ("name", json!("")),
        ("project_id", json!(987_654)),
        ("unit_id", json!(987_654)),
        ("people_served", json!(-1)),
        ("planned_finish_on", json!("2026-10-31")),
        ("planned_start_on", json!("2026-02-30")),
        ("stage", json!("completed")),
        ("region_code", json!("339901002")),
        ("struck_off_on", json!("2026-01-01")),
    ] {
        let mut body = site(&app, json!(120.1), json!(30.2));
        body[field] = value.clone();
        assert_eq!(committee.post("/api/sites", body).await.expect(422).fields(), [field], "{field} {value}");
    }
    // A working committee enters sites where it supervises, and nowhere else.
    let working_committee = app.as_login("working_committee").await;
    assert_eq!(working_committee.post("/api/sites", site(&app, json!(120.31), json!(30.21))).await.expect(422).fields(), ["position"]);
    enter(&working_committee, site(&app, json!(120.11), json!(30.21))).await;
    assert_eq!(count(&app, "sites where created_at = '2026-10-20T01:00:00Z' and name = '西河镇第三幼儿园'").await, 1);
}

/// Longitudes and latitudes that are no place of the county's, each with the refusal's code.
fn wrong_places() -> Vec<(Value, Value, &'static str)> {
    let mut wrong = vec![(json!(0), json!(0), "zero"), (json!(-0.0), json!(0.0), "zero")];
    for step in 0..40 {
        let (lon, lat) = (73.0 + f64::from(step) * 1.5, 3.5 + f64::from(step) * 1.25);
        wrong.push((json!(lat), json!(lon), "swapped"));
        // The same place beyond the county's edge and its two kilometres.
        if !(119.0..121.5).contains(&lon) || !(29.0..31.5).contains(&lat) {
            wrong.push((json!(lon), json!(lat), "outside_county"));
        }
    }
    for (lon, lat) in [
        (72.9, 30.0),
        (136.1, 30.0),
        (120.0, 2.9),
        (120.0, 54.1),
        (-120.0, 30.0),
        (120.0, -30.0),
        (180.0, 90.0),
        (1e6, 1e6),
        (500_000.0, 3_400_000.0),
        (1e308, 30.0),
        (120.0, -1e308),
        (200.0, 30.0),
    ] {
        wrong.push((json!(lon), json!(lat), "outside_china"));
    }
    for (lon, lat) in [(119.97, 30.2), (120.43, 30.2), (120.2, 29.97), (120.2, 30.43)] {
        wrong.push((json!(lon), json!(lat), "outside_county"));
    }
    wrong
}

#[tokio::test]
async fn more_than_a_hundred_wrong_places_are_refused_and_explained() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let wrong = wrong_places();
    assert!(wrong.len() >= 95, "{}", wrong.len());
    for (lon, lat, code) in &wrong {
        let query = format!("lon={lon}&lat={lat}").replace('+', "%2B");
        let refused = committee.get(&format!("/api/plan/place?{query}")).await.expect(422).json();
        assert_eq!(refused["fields"][0]["code"], *code, "{lon} {lat}");
    }
    // The same rule wherever a place is sent, and every other shape of a position is refused by name.
    let id = app.world.west[0].site_id;
    for (lon, lat, code) in wrong.iter().step_by(9) {
        let refused = committee.post("/api/sites", site(&app, lon.clone(), lat.clone())).await.expect(422).json();
        assert_eq!((&refused["fields"][0]["field"], &refused["fields"][0]["code"]), (&json!("position"), &json!(code)), "{lon} {lat}");
        let decision = json!({"decision_number": "1", "decided_on": "2026-10-18", "reason": "移址", "place": {"lon": lon, "lat": lat}, "rev": 1});
        let refused = committee.post(&format!("/api/sites/{id}/plan-changes"), decision).await.expect(422).json();
        assert_eq!((&refused["fields"][0]["field"], &refused["fields"][0]["code"]), (&json!("place"), &json!(code)), "{lon} {lat}");
    }
    for position in [
        json!(null),
        json!("120,30"),
        json!([120.1, 30.2]),
        json!({"lon": "120.1", "lat": 30.2}),
        json!({"lon": null, "lat": 30.2}),
        json!({"lon": 120.1}),
        json!({"lon": 120.1, "lat": 30.2, "alt": 5}),
        json!({"lon": [120.1], "lat": 30.2}),
        json!({"lon": true, "lat": 30.2}),
        json!({"lon": 120.1, "lat": 30.2, "datum": "wgs72"}),
        json!({}),
    ] {
        let mut body = site(&app, json!(120.1), json!(30.2));
        body["position"] = position.clone();
        let refused = committee.post("/api/sites", body).await.expect(422);
        assert!(refused.fields().iter().all(|field| field.starts_with("position")), "{position}: {}", refused.text());
    }
    for query in ["lon=NaN&lat=30", "lon=inf&lat=30", "lon=120", "lon=&lat=30", "lon=1e999&lat=30"] {
        let status = committee.get(&format!("/api/plan/place?{query}")).await.status.as_u16();
        assert!((400..500).contains(&status), "{query}: {status}");
    }
    let found = committee.get("/api/plan/place?lon=120.11&lat=30.21").await.expect(200).json();
    assert_eq!((&found["township"]["name"], &found["outside_m"]), (&json!("西河镇"), &json!(0)));
    let near = committee.get("/api/plan/place?lon=119.99&lat=30.21").await.expect(200).json();
    assert_eq!(near["township"], Value::Null, "a boundary may be inaccurate by some hundred metres");
    assert!((900..1000).contains(&near["outside_m"].as_i64().expect("metres")), "{near}");
}

fn mended(app: &TestApp, name: &str, rev: i64) -> Value {
    json!({"name": name, "address": "西河路 1 号", "unit_id": app.world.unit_id, "people_served": 520, "remarks": "", "reason": "地址有错字", "rev": rev})
}

#[tokio::test]
async fn words_are_mended_with_a_reason_and_the_plan_is_not_touched() {
    let app = TestApp::start().await;
    let id = app.world.west[0].site_id;
    let address = format!("/api/sites/{id}");
    let working_committee = app.as_login("working_committee").await;
    let view = working_committee.put(&address, mended(&app, "西河镇中心幼儿园（东园）", 1)).await.expect(200).json();
    assert_eq!((&view["name"], &view["rev"], &view["planned_finish_on"]), (&json!("西河镇中心幼儿园（东园）"), &json!(2), &json!("2026-12-20")));
    eventually("the map reads anew", async || app.visitor().get(&address).await.expect(200).json()["name"] == "西河镇中心幼儿园（东园）").await;
    // Somebody else's version is not overwritten unseen; it can be read and answered.
    let committee = app.as_login("committee").await;
    let stale = committee.put(&address, mended(&app, "旧名", 1)).await.expect(409);
    assert_eq!((stale.code(), &stale.json()["rev"]), ("rev_mismatch".to_owned(), &json!(2)));
    assert_eq!(committee.put(&address, mended(&app, "西河镇中心幼儿园（东园）", 2)).await.expect(422).fields(), ["body"], "nothing would change");
    for field in ["planned_finish_on", "quota", "position", "region_code", "code", "stage", "project_id"] {
        let mut body = mended(&app, "某园", 2);
        body[field] = json!("2026-12-31");
        assert_eq!(committee.put(&address, body).await.expect(422).fields(), [field], "{field} needs a decision or never changes");
    }
    let mut silent = mended(&app, "某园", 2);
    silent["reason"] = json!("");
    assert_eq!(committee.put(&address, silent).await.expect(422).fields(), ["reason"]);
    let detail: Value = sqlx::query_scalar("select detail from audit_log where action = 'site.mend'").fetch_one(&app.pool).await.expect("a line");
    assert_eq!((&detail["from"][0], &detail["reason"]), (&json!("西河镇中心幼儿园"), &json!("地址有错字")));
    app.as_login("working_committee_east").await.put(&address, mended(&app, "某园", 2)).await.expect(404);
}

#[tokio::test]
async fn a_site_leaves_the_plan_by_a_decision_and_the_months_before_keep_it() {
    let app = TestApp::start().await;
    let id = app.world.west[0].site_id;
    let deputy = app.as_login("deputy").await;
    deputy.put(&crate::reports::path(uuid::Uuid::now_v7()), report(&app.world.west[0], "not_started", 0)).await.expect(201);
    app.set_clock("2026-11-07T09:00:00+08:00");
    minsheng_map::schedule::run_due(&app.platform).await.expect("the month closes");
    let committee = app.as_login("committee").await;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(id.0).fetch_one(&app.pool).await.expect("a site");
    let address = format!("/api/sites/{id}/withdrawal");
    let decision = |day: &str, rev: i64| json!({"decision_number": "县人常〔2026〕15号", "decided_on": day, "reason": "并入第二幼儿园", "rev": rev});
    assert_eq!(committee.post(&address, decision("2026-11-08", rev)).await.expect(422).fields(), ["decided_on"]);
    assert_eq!(committee.post(&address, decision("2026-11-06", rev + 5)).await.expect(409).code(), "rev_mismatch");
    committee.put(&format!("/api/sites/{id}/offer"), json!({"places": 1, "words": ""})).await.expect(204);
    let gone = committee.post(&address, decision("2026-11-06", rev)).await.expect(200).json();
    assert_eq!(gone["code"], "2026-01-001");
    eventually("the map of today shows it no longer", async || app.visitor().get(&format!("/api/sites/{id}")).await.status.as_u16() == 404).await;
    assert_eq!(count(&app, &format!("adoptions where site_id = {id} and ended_on is null")).await, 0);
    assert_eq!(count(&app, "adoptions where ended_reason = 'site_withdrawn'").await, 2);
    assert_eq!(count(&app, "site_offers").await, 0);
    let notices = app.as_login("deputy").await.get("/api/me/notices").await.expect(200).items();
    assert!(notices.iter().any(|notice| notice["words"].as_str().is_some_and(|words| words.contains("撤出项目计划"))), "{notices:?}");
    let october = app.visitor().get("/api/map/months/2026-10").await.expect(200).json();
    assert!(october["withdrawn"].as_array().expect("sites").iter().any(|site| site["id"] == id.0), "{october}");
    committee.post(&address, decision("2026-11-06", rev + 1)).await.expect(404);
    assert!(sqlx::query("delete from site_withdrawals").execute(&app.pool).await.is_err(), "the decision stays");
}

#[tokio::test]
async fn the_village_of_a_place_is_proposed_and_names_the_township() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let village = "insert into regions (county_id, region_code, name, boundary)
                   values ($1, '339901001003', '石桥村', st_geomfromtext('MULTIPOLYGON(((120.1 30.2,120.12 30.2,120.12 30.22,120.1 30.22,120.1 30.2)))', 4326))";
    sqlx::query(village).bind(app.world.county_id.0).execute(&app.pool).await.expect("a village");
    let place = async |lon: f64, lat: f64| committee.get(&format!("/api/plan/place?lon={lon}&lat={lat}")).await;
    let inside = place(120.11, 30.21).await.expect(200).json();
    assert_eq!((&inside["township"]["name"], &inside["village"]), (&json!("西河镇"), &json!({"code": "339901001003", "name": "石桥村"})));
    assert_eq!(place(120.15, 30.21).await.expect(200).json()["village"], Value::Null, "no village's outline holds it");
    let outside = place(121.5, 30.21).await.expect(422);
    assert_eq!((outside.fields(), outside.json()["fields"][0]["code"].as_str() == Some("outside_county")), (vec!["position".to_owned()], true));
    // Where the township's own outline is not known, its village says which it is.
    sqlx::query("update regions set boundary = null where county_id = $1 and length(region_code) = 9")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("no outline");
    assert_eq!(place(120.11, 30.21).await.expect(200).json()["township"]["code"], "339901001");
}
