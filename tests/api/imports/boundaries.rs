//! Boundaries of regions and grid cells.

use harness::{EAST, TestApp, WEST};
use serde_json::{Value, json};

use super::{confirm, counts, errors, findings, id, sites_csv, upload};

fn square(west: f64, south: f64, east: f64, north: f64) -> Value {
    json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]])
}

fn collection(features: &[(&str, &str, Value)]) -> String {
    let feature = |(code, name, rings): &(&str, &str, Value)| json!({"type": "Feature", "properties": {"区划代码": code, "名称": name}, "geometry": {"type": "Polygon", "coordinates": rings}});
    json!({"type": "FeatureCollection", "features": features.iter().map(feature).collect::<Vec<_>>()}).to_string()
}

async fn township_of(app: &TestApp, site: i64) -> String {
    sqlx::query_scalar("select region_code from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
}

#[tokio::test]
async fn regions_come_in_change_and_go_back() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let file = collection(&[
        (&format!("{WEST}000"), "西河街道", square(120.0, 30.0, 120.2, 30.4)),
        (EAST, "东山镇", square(120.2, 30.0, 120.4, 30.4)),
        ("339901003", "新镇", square(120.0, 30.4, 120.4, 30.5)),
    ]);
    let import = upload(&committee, "kind=regions", file.clone()).await;
    assert_eq!((errors(&import), counts(&import)), (vec![], (1, 1, 1)), "{import:#}");
    confirm(&committee, &import).await;
    assert_eq!(counts(&upload(&committee, "kind=regions", file).await), (0, 0, 3), "the same file twice changes nothing");
    committee.post(&format!("/api/imports/{}/undo", id(&import)), json!({})).await.expect(200);
    let names: Vec<String> = sqlx::query_scalar("select name from regions where county_id = $1 order by region_code")
        .bind(app.world.county_id.0)
        .fetch_all(&app.pool)
        .await
        .expect("regions");
    assert_eq!(names, ["试验县", "西河镇", "东山镇"]);
}

#[tokio::test]
async fn a_fault_of_a_boundary_is_said_in_plain_words() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let bow_tie = json!([[[120.0, 30.0], [120.2, 30.1], [120.2, 30.0], [120.0, 30.3], [120.0, 30.0]]]);
    let import =
        upload(&committee, "kind=regions", collection(&[(WEST, "西河镇", square(120.0, 30.0, 120.2, 30.4)), (EAST, "东山镇", bow_tie)])).await;
    let finding = findings(&import, "self_crossing").first().copied().cloned().expect("a finding");
    assert_eq!(finding["row"], 2);
    let message = finding["message"].as_str().expect("words");
    assert!(message.contains("自相交") && message.contains("请"), "{message}");
    assert!(message.chars().all(|c| !c.is_ascii_alphabetic()), "{message}");

    // Two overlapping parts of one township pass the reader; PostGIS has the last word.
    let parts = json!([square(120.0, 30.0, 120.1, 30.1), square(120.05, 30.0, 120.15, 30.1)]);
    let file = json!({"type": "Feature", "properties": {"code": WEST, "name": "西河镇"}, "geometry": {"type": "MultiPolygon", "coordinates": parts}});
    let import = upload(&committee, "kind=regions", file.to_string()).await;
    assert_eq!(errors(&import), ["boundary_invalid"], "{import:#}");
    assert!(import["findings"][0]["message"].as_str().is_some_and(|message| message.contains("自相交")), "{import:#}");
}

#[tokio::test]
async fn grid_cells_find_their_township_by_place_or_name() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let file = collection(&[("W-02", "西河二网格", square(120.0, 30.2, 120.1, 30.4)), ("E-01", "东山一网格", square(120.2, 30.0, 120.3, 30.2))]);
    let import = upload(&committee, "kind=grid_cells", file.clone()).await;
    assert_eq!((errors(&import), counts(&import)), (vec![], (2, 0, 0)), "{import:#}");
    confirm(&committee, &import).await;
    let cells: Vec<(String, String)> = sqlx::query_as("select code, region_code from grid_cells where code in ('W-02', 'E-01') order by code")
        .fetch_all(&app.pool)
        .await
        .expect("cells");
    assert_eq!(cells, [("E-01".to_owned(), EAST.to_owned()), ("W-02".to_owned(), WEST.to_owned())]);
    assert_eq!(counts(&upload(&committee, "kind=grid_cells", file).await), (0, 0, 2));
    let outside = upload(&committee, "kind=grid_cells", collection(&[("X", "界外", square(121.0, 30.0, 121.1, 30.1))])).await;
    assert_eq!(errors(&outside), ["outside_county"]);
    let west = app.as_login("working_committee").await;
    let foreign = upload(&west, "kind=grid_cells", collection(&[("E-02", "东山二网格", square(120.2, 30.2, 120.3, 30.4))])).await;
    assert_eq!(errors(&foreign), ["outside_your_area"]);
    let taken = upload(&west, "kind=grid_cells", collection(&[("E-01", "西河三网格", square(120.1, 30.2, 120.2, 30.4))])).await;
    assert_eq!(errors(&taken), ["outside_your_area"]);
    committee.post(&format!("/api/imports/{}/undo", id(&import)), json!({})).await.expect(200);
    let left: i64 = sqlx::query_scalar("select count(*) from grid_cells where county_id = $1")
        .bind(app.world.county_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(left, 1, "the world's own");
}

#[tokio::test]
async fn a_township_known_only_by_name_gets_its_code_and_boundary_later() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    sqlx::query("update regions set boundary = null where county_id = $1")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("no boundaries");
    let import = upload(&committee, "kind=sites&year=2026", sites_csv(&["1,新改扩建公办幼儿园,南湾镇幼儿园,南湾镇,120.3,30.2,县教育局,,,,,"])).await;
    assert_eq!(findings(&import, "township_made").len(), 1, "{import:#}");
    confirm(&committee, &import).await;
    let site: i64 = sqlx::query_scalar("select site_id from sites where name = '南湾镇幼儿园'").fetch_one(&app.pool).await.expect("a site");
    assert_eq!(township_of(&app, site).await, "339901901");

    app.set_clock("2026-10-20T09:10:00+08:00");
    let regions = upload(&committee, "kind=regions", collection(&[("339901007", "南湾镇", square(120.2, 30.0, 120.4, 30.4))])).await;
    assert_eq!(findings(&regions, "provisional_code_replaced").len(), 1, "{regions:#}");
    confirm(&committee, &regions).await;
    assert_eq!(township_of(&app, site).await, "339901007");
    committee.post(&format!("/api/imports/{}/undo", id(&regions)), json!({})).await.expect(200);
    assert_eq!(township_of(&app, site).await, "339901901");
}

#[tokio::test]
async fn old_and_new_outlines_are_shown_before_with_what_changes_sides() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let square =
        |west: f64, east: f64| json!({"type": "Polygon", "coordinates": [[[west, 30.0], [east, 30.0], [east, 30.4], [west, 30.4], [west, 30.0]]]});
    let feature = |code: &str, name: &str, west: f64, east: f64| json!({"type": "Feature", "properties": {"code": code, "name": name}, "geometry": square(west, east)});
    let file = json!({"type": "FeatureCollection", "features": [
        feature("339901001", "西河镇", 120.0, 120.3), feature("339901002", "东山镇", 120.3, 120.4), feature("339901003", "南湖镇", 120.39, 120.4)]});
    let import = committee.post_bytes("/api/imports?kind=regions&file_name=r.geojson", file.to_string().into_bytes()).await.expect(201).json();
    let address = format!("/api/imports/{}/outlines", import["id"].as_str().expect("an id"));
    let shown = committee.get(&address).await.expect(200).json();
    let told: Vec<(&str, &str)> = shown["outlines"]
        .as_array()
        .expect("outlines")
        .iter()
        .map(|outline| (outline["name"].as_str().unwrap_or(""), outline["change"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(told, [("西河镇", "changed"), ("东山镇", "changed"), ("南湖镇", "new")]);
    assert!(shown["outlines"][0]["after_km2"].as_f64() > shown["outlines"][0]["before_km2"].as_f64());
    assert_eq!((&shown["outlines"][2]["before"], &shown["outlines"][0]["before"]["type"]), (&serde_json::Value::Null, &json!("MultiPolygon")));
    assert_eq!(shown["sides"], json!([{"site": {"id": app.world.east[0].site_id, "name": "东山镇中心幼儿园"}, "from": "东山镇", "to": "西河镇"}]));
    app.as_login("working_committee").await.get(&address).await.expect(404);
    app.as_login("unit").await.get(&address).await.expect(403);
}
