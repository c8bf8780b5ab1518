//! OGC API – Features read by the programs that offices have: GDAL, which also reads for QGIS, and OWSLib. Without them the tests fail:
//! `scripts/install-packages test` installs both.

use std::process::Stdio;

use harness::{EAST, TestApp};
use serde_json::{Value, json};
use tokio::process::Command;

/// A server with some hundred sites, so that no client gets them on one page; every third of them lies in the eastern township.
async fn full_county() -> TestApp {
    let app = TestApp::start().await;
    sqlx::query(
        "insert into sites (county_id, code, project_id, name, region_code, position, source_datum, source_position, unit_id, planned_start_on,
                            planned_finish_on, stage_since, created_at)
         select county_id, '2026-02-' || lpad(n::text, 3, '0'), project_id, '第' || n || '处', case when n % 3 = 0 then $2 else region_code end,
                st_setsrid(st_makepoint(120.001 + 0.399 * n / 241, 30.2), 4326), source_datum, source_position, unit_id,
                case when n % 2 = 0 then date '2026-04-01' else date '2026-03-15' end, planned_finish_on, stage_since, created_at
         from sites, generate_series(1, 240) as n where site_id = $1",
    )
    .bind(app.world.west[0].site_id.0)
    .bind(EAST)
    .execute(&app.pool)
    .await
    .expect("more sites");
    app.second_server().await
}

/// How many sites `/api/sites` lists for a query.
async fn listed(app: &TestApp, query: &str) -> usize {
    app.visitor().get(&format!("/api/sites?limit=1000&{query}")).await.expect(200).items().len()
}

/// What a client prints and what it says of its doings; the test ends when it is not installed or fails.
async fn run(program: &str, arguments: &[&str]) -> (String, String) {
    let mut command = Command::new(program);
    command.args(arguments).env("no_proxy", "*").env_remove("http_proxy").stdin(Stdio::null()).kill_on_drop(true);
    let done = command.output().await.unwrap_or_else(|error| panic!("{program}: {error}; scripts/install-packages test installs it"));
    let (told, said) = (String::from_utf8_lossy(&done.stdout).into_owned(), String::from_utf8_lossy(&done.stderr).into_owned());
    assert!(done.status.success(), "{program} {arguments:?}\n{said}");
    (told, said)
}

/// A collection as GDAL hands it on, with GDAL's log.
async fn with_gdal(app: &TestApp, collection: &str, options: &[&str]) -> (Value, String) {
    let source = format!("OAPIF:{}/ogc", app.origin);
    let mut arguments = vec!["--debug", "on", "-f", "GeoJSON", "/vsistdout/", &source, collection, "-oo", "PAGE_SIZE=50"];
    arguments.extend(options);
    let (told, said) = run("ogr2ogr", &arguments).await;
    (serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {said}")), said)
}

fn count(collection: &Value) -> usize {
    collection["features"].as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gdal_reads_every_collection_to_its_end() {
    let app = full_county().await;
    let source = format!("OAPIF:{}/ogc", app.origin);
    let (told, _) = run("ogrinfo", &["-ro", "-so", &source, "sites"]).await;
    for line in ["Geometry: Point", "Feature Count: 244", "stage: String", "percent: Integer", "overdue: Integer(Boolean)", "planned_start_on: Date"]
    {
        assert!(told.contains(line), "{line} in\n{told}");
    }
    let (all, said) = with_gdal(&app, "sites", &[]).await;
    assert_eq!(count(&all), listed(&app, "").await);
    assert!(said.matches("cursor=").count() >= 4, "page after page:\n{said}");
    for (collection, shape, how_many) in [("regions", "Polygon", 3), ("grid_cells", "Polygon", 1), ("stations", "Point", 2)] {
        let (read, _) = with_gdal(&app, collection, &[]).await;
        assert_eq!((count(&read), &read["features"][0]["geometry"]["type"]), (how_many, &json!(shape)), "{collection}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gdal_leaves_box_and_properties_to_the_server() {
    let app = full_county().await;
    let (boxed, said) = with_gdal(&app, "sites", &["-spat", "120.0", "30.0", "120.2", "30.4"]).await;
    assert_eq!(count(&boxed), listed(&app, "bbox=120.0,30.0,120.2,30.4").await);
    assert!(said.contains("bbox=120"), "{said}");
    let (eastern, said) = with_gdal(&app, "sites", &["-where", &format!("region_code = '{EAST}'")]).await;
    assert_eq!((count(&eastern), listed(&app, &format!("region={EAST}")).await), (82, 82));
    assert!(said.contains(&format!("region_code={EAST}")), "the server was asked for the township:\n{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn owslib_reads_pages_boxes_times_and_properties() {
    let app = full_county().await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/read_with_owslib.py");
    // The system's own Python, for which the package is installed.
    let (told, _) = run("/usr/bin/python3", &[script, &format!("{}/ogc", app.origin)]).await;
    let found: Value = serde_json::from_str(&told).expect("what the script prints");
    assert_eq!(found["collections"], json!(["sites", "stations", "grid_cells", "regions"]));
    assert!(found["openapi"].as_str().is_some_and(|version| version.starts_with("3.0.")));
    assert_eq!(found["conformance"].as_array().map(Vec::len), Some(6));
    assert!(found["queryables"].as_array().is_some_and(|names| names.contains(&json!("stage"))));
    let expected = [("all", listed(&app, "").await), ("boxed", listed(&app, "bbox=120.0,30.0,120.2,30.4").await), ("eastern", 82), ("in_march", 124)];
    for (asked, how_many) in expected.into_iter().chain([("regions", 3)]) {
        let part = &found[asked];
        let ids: std::collections::BTreeSet<_> = part["ids"].as_array().expect("ids").iter().filter_map(Value::as_i64).collect();
        assert_eq!((&part["matched"], ids.len()), (&json!(how_many), how_many), "{asked}");
        assert_eq!(part["pages"], json!(how_many.div_ceil(40)), "{asked}");
    }
    assert_eq!(found["one"], "2026-01-001");
}
