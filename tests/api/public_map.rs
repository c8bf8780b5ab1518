//! The map itself: tiles, their descriptions, the county and its counts.

use geodata::LonLat;
use geodata::mvt::Value;
use geodata::mvt::read::{Geometry, ReadLayer, decode};
use geodata::tile::{Tile, morton_of};
use harness::{Answer, Site, TestApp, WEST};
use reqwest::Method;
use serde_json::json;

/// The address of the tile of zoom `z` in which a site lies.
pub fn tile_of(site: &Site, layers: &str, z: u8) -> String {
    let tile = Tile::containing(morton_of(LonLat::new(site.lon, site.lat).expect("a position")), z);
    format!("/tiles/{layers}/{z}/{}/{}", tile.x(), tile.y())
}

fn layers(answer: &Answer) -> Vec<ReadLayer> {
    decode(&answer.bytes).expect("a vector tile")
}

fn layer<'a>(layers: &'a [ReadLayer], name: &str) -> &'a ReadLayer {
    layers.iter().find(|layer| layer.name == name).unwrap_or_else(|| panic!("no layer {name}"))
}

#[tokio::test]
async fn a_tile_shows_each_layer_that_was_asked_for() {
    let app = TestApp::start().await;
    let site = &app.world.west[0];
    let answer = app.visitor().get(&tile_of(site, "regions,grid_cells,sites,stations", 12)).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/vnd.mapbox-vector-tile");
    let read = layers(&answer);
    let pin = layer(&read, "sites").features.iter().find(|feature| feature.id == Some(site.site_id.0 as u64)).expect("the pin");
    assert_eq!(pin.attribute("stage"), Some(&Value::from("not_started")));
    assert_eq!(pin.attribute("overdue"), Some(&Value::Flag(true)));
    assert_eq!(pin.attribute("name"), Some(&Value::from("西河镇中心幼儿园")));
    let region =
        layer(&read, "regions").features.iter().find(|region| region.attribute("level") == Some(&Value::from("township"))).expect("a township");
    assert_eq!(region.attribute("code"), Some(&Value::from(WEST)));
    assert!(matches!(&region.geometry, Geometry::Rings(rings) if !rings.is_empty()));
    assert_eq!(layer(&read, "grid_cells").features[0].attribute("name"), Some(&Value::from("西河一网格")));
    let only = layers(&app.visitor().get(&tile_of(site, "grid_cells", 12)).await.expect(200));
    assert_eq!(only.len(), 1);
}

#[tokio::test]
async fn neighbouring_townships_wear_different_tints() {
    let app = TestApp::start().await;
    let read = layers(&app.visitor().get(&tile_of(&app.world.west[0], "regions", 7)).await.expect(200));
    let tints: Vec<_> = layer(&read, "regions")
        .features
        .iter()
        .filter(|region| region.attribute("level") == Some(&Value::from("township")))
        .map(|region| region.attribute("tint").cloned())
        .collect();
    assert_eq!(tints.len(), 2);
    assert_ne!(tints[0], tints[1]);
}

#[tokio::test]
async fn below_zoom_nine_sites_are_counted_together() {
    let app = TestApp::start().await;
    let read = layers(&app.visitor().get(&tile_of(&app.world.west[0], "sites", 4)).await.expect(200));
    let clusters = &layer(&read, "sites").features;
    assert_eq!(clusters.len(), 1);
    for (key, number) in [("count", 4), ("not_started", 4), ("in_progress", 0), ("completed", 0), ("overdue", 4)] {
        assert_eq!(clusters[0].attribute(key), Some(&Value::Number(number)), "{key}");
    }
    let single = layers(&app.visitor().get(&tile_of(&app.world.west[0], "sites", 9)).await.expect(200));
    assert!(layer(&single, "sites").features.iter().all(|feature| feature.attribute("stage").is_some()));
}

#[tokio::test]
async fn an_unchanged_tile_is_not_sent_again() {
    let app = TestApp::start().await;
    let path = tile_of(&app.world.west[0], "sites,stations", 12);
    let first = app.visitor().get(&path).await.expect(200);
    assert_eq!(first.header("cache-control"), "public, no-cache");
    let again = |etag: &str| app.visitor().request(Method::GET, &path).header("if-none-match", etag.to_owned());
    let second = Answer::of(again(first.header("etag"))).await.expect(304);
    assert!(second.bytes.is_empty());
    assert_eq!(second.header("etag"), first.header("etag"));
    Answer::of(again("W/\"0\"")).await.expect(200);
    let zipped = Answer::of(app.visitor().request(Method::GET, &path).header("accept-encoding", "gzip")).await.expect(200);
    assert_eq!((zipped.header("content-encoding"), zipped.header("etag")), ("gzip", first.header("etag")));
    assert_eq!(&zipped.bytes[..2], &[0x1f, 0x8b]);
}

#[tokio::test]
async fn a_hostile_tile_request_is_refused() {
    let app = TestApp::start().await;
    let hostile = [
        "/tiles/sites/30/1/1",
        "/tiles/sites/17/1/1",
        "/tiles/sites/255/0/0",
        "/tiles/sites/10/1024/0",
        "/tiles/sites/10/0/4294967295",
        "/tiles/sites/0/1/0",
        "/tiles/sites/-1/0/0",
        "/tiles/sites/1/NaN/0",
        "/tiles/sites/1/0/0.5",
        "/tiles/sites/99999999999/0/0",
        "/tiles/roads/1/0/0",
        "/tiles/sites,sites/1/0/0",
        "/tiles/sites,/1/0/0",
        "/tiles//1/0/0",
        "/tiles/roads.json",
        "/tiles/sites",
        "/tiles/.json",
    ];
    for path in hostile {
        let answer = app.visitor().get(path).await;
        assert!(matches!(answer.status.as_u16(), 404 | 422), "{path}: {}", answer.status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
    let empty = app.visitor().get("/tiles/regions,waters,grid_cells,sites,stations/16/0/0").await.expect(200);
    assert!(empty.bytes.is_empty());
}

#[tokio::test]
async fn a_layer_describes_itself() {
    let app = TestApp::start().await;
    let description = app.visitor().get("/tiles/sites.json").await.expect(200).json();
    assert_eq!((&description["tilejson"], &description["maxzoom"]), (&json!("3.0.0"), &json!(16)));
    assert_eq!(description["tiles"], json!(["/tiles/sites/{z}/{x}/{y}"]));
    assert_eq!(description["bounds"], json!([120.0, 30.0, 120.4, 30.4]));
    let several = app.visitor().get("/tiles/regions,sites.json").await.expect(200).json();
    assert_eq!(several["vector_layers"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn the_county_tells_its_day_and_its_frame() {
    let app = TestApp::start_with(|settings| settings.review_number = "GS(2026)0001号".to_owned()).await;
    let county = app.visitor().get("/api/county").await.expect(200).json();
    assert_eq!((&county["code"], &county["today"], &county["month"]), (&json!("339901"), &json!("2026-10-20"), &json!("2026-10")));
    assert_eq!(county["bounds"], json!([120.0, 30.0, 120.4, 30.4]));
    assert_eq!((&county["review_number"], &county["icp_number"]), (&json!("GS(2026)0001号"), &json!(null)));
    app.set_clock("2026-11-01T00:00:00+08:00");
    assert_eq!(app.visitor().get("/api/county").await.json()["month"], "2026-11");
}

#[tokio::test]
async fn counts_add_up_and_keep_late_and_missing_apart() {
    let app = TestApp::start().await;
    let summary = app.visitor().get("/api/summary").await.expect(200).json();
    assert_eq!((&summary["month"], &summary["state"]), (&json!("2026-10"), &json!("live")));
    let totals = &summary["totals"];
    assert_eq!((&totals["sites"], &totals["not_started"], &totals["overdue_red"], &totals["silent"]), (&json!(4), &json!(4), &json!(4), &json!(0)));
    assert_eq!((&summary["owed"], &summary["received"]), (&json!(5), &json!(0)), "one by each adopter of each site");
    let regions = app.visitor().get("/api/regions").await.expect(200).items();
    assert_eq!(regions.iter().map(|region| region["counts"]["sites"].as_u64()).collect::<Vec<_>>(), [Some(2), Some(2)]);
    let projects = app.visitor().get("/api/projects").await.expect(200).items();
    assert_eq!((&projects[0]["counts"], &projects[0]["lead_unit"]["name"]), (totals, &json!("县教育局")));
    for path in ["/api/summary?month=x", "/api/summary?year=2026", "/api/sites?Stage=completed"] {
        app.visitor().get(path).await.expect(422);
    }
}

#[tokio::test]
async fn columns_tell_what_the_list_tells() {
    let app = TestApp::start().await;
    let list = app.visitor().get("/api/sites").await.expect(200).items();
    let columns = app.visitor().get("/api/map/sites").await.expect(200).json();
    assert_eq!(list.len(), 4);
    for (at, site) in list.iter().enumerate() {
        for name in
            ["id", "code", "name", "address", "stage", "percent", "start_overdue", "finish_overdue", "silent", "stale", "struck_off_on", "rev"]
        {
            assert_eq!(columns[name][at], site[name], "{name}");
        }
        assert_eq!((&columns["lon"][at], &columns["project"][at]), (&site["position"]["lon"], &site["project"]["id"]));
        let named =
            |list: &str, key: &str, of: &serde_json::Value| columns[list].as_array().and_then(|all| all.iter().find(|one| one[key] == *of)).cloned();
        assert_eq!(named("projects", "id", &columns["project"][at]).as_ref(), Some(&site["project"]));
        assert_eq!(named("regions", "code", &columns["region"][at]).as_ref(), Some(&site["region"]));
        assert_eq!(named("units", "id", &columns["unit"][at]).as_ref(), Some(&site["unit"]));
    }
    assert_eq!(columns["projects"].as_array().map(Vec::len), Some(1), "each named once");
}
