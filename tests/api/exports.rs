//! Open data: what comes out, and what never does.

use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use harness::TestApp;
use minsheng_map::exports::command;
use serde_json::{Value, json};

const FORMULA: &str = "=HYPERLINK(\"http://evil.example\")";

/// A world in which somebody wrote formulas wherever words may be written.
async fn poisoned() -> TestApp {
    let app = TestApp::start().await;
    sqlx::query("update sites set name = $1, address = '＝1+1', remarks = '+86' || chr(10) || '第二行', quota = '@x' where site_id = $2")
        .bind(FORMULA)
        .bind(app.world.west[0].site_id.0)
        .execute(&app.pool)
        .await
        .expect("a site");
    sqlx::query(
        "insert into reports (county_id, report_id, body_hash, site_id, deputy_id, account_id, month, stage, percent, words, problems, written_at, received_at,
                              counted_at, position, accuracy_m, distance_m, state, returned_at, returned_by, return_reason)
         select $1, gen_random_uuid(), sha256('x'), $2, $3, $4, '2026-10-01', 'in_progress', 40, words, '{-缺料}', now(), now(), now(),
                st_setsrid(st_makepoint(120.123456, 30.654321), 4326), 5, 7, state, case when state = 'returned' then now() end,
                case when state = 'returned' then $4 end, case when state = 'returned' then '不实' end
         from (values ('@现场', 'standing'), ('退回的话', 'returned')) as given (words, state)",
    )
    .bind(app.world.county_id.0)
    .bind(app.world.west[0].site_id.0)
    .bind(app.world.deputies["deputy"].0)
    .bind(app.world.account("deputy").0)
    .execute(&app.pool)
    .await
    .expect("reports");
    app
}

#[tokio::test]
async fn csv_has_the_mark_and_no_cell_becomes_a_formula() {
    let app = poisoned().await;
    let answer = app.visitor().get("/export/sites.csv").await.expect(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"339901-sites.csv\"");
    let text = answer.text();
    assert!(text.starts_with("\u{feff}点位编号,点位名称,项目编号,"), "{text}");
    for cell in ["\"'=HYPERLINK(\"\"http://evil.example\"\")\"", ",'＝1+1,", ",'@x,", "\"'+86\n第二行\""] {
        assert!(text.contains(cell), "{cell} in {text}");
    }
    let reports = app.visitor().get("/export/reports.csv").await.expect(200).text();
    assert!(reports.contains(",'@现场,'-缺料,") && !reports.contains("退回的话"), "{reports}");
}

#[tokio::test]
async fn a_workbook_holds_strings_and_no_formulas() {
    let app = poisoned().await;
    for dataset in ["sites", "stations", "grid-cells", "reports"] {
        let bytes = app.visitor().get(&format!("/export/{dataset}.xlsx")).await.expect(200).bytes;
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
        let name = book.sheet_names()[0].clone();
        assert!(book.worksheet_formula(&name).expect("formulas").is_empty(), "{dataset}");
        let range = book.worksheet_range(&name).expect("a sheet");
        assert!(range.height() >= 2, "{dataset}");
        if dataset == "sites" {
            assert_eq!(range.get((1, 1)), Some(&Data::String(FORMULA.to_owned())), "text stays what was written");
            assert_eq!(range.get((1, 9)), Some(&Data::Float(120.05)));
        }
    }
}

#[tokio::test]
async fn geojson_has_each_thing_of_the_county_and_nothing_of_another() {
    let app = poisoned().await;
    for (dataset, features, shape) in [("sites", 4, "Point"), ("stations", 2, "Point"), ("grid-cells", 1, "MultiPolygon"), ("reports", 1, "Point")] {
        let answer = app.visitor().get(&format!("/export/{dataset}.geojson")).await.expect(200);
        assert_eq!(answer.header("content-type"), "application/geo+json");
        let value: Value = answer.json();
        let all = value["features"].as_array().expect("features");
        assert_eq!((all.len(), all[0]["geometry"]["type"].as_str()), (features, Some(shape)), "{dataset}");
    }
}

#[tokio::test]
async fn nothing_personal_is_in_any_file() {
    let app = poisoned().await;
    for dataset in ["sites", "stations", "grid-cells", "reports"] {
        for format in ["csv", "geojson"] {
            let text = app.visitor().get(&format!("/export/{dataset}.{format}")).await.expect(200).text();
            for secret in ["13900000001", "120.123456", "30.654321", "accuracy", "\"phone\""] {
                assert!(!text.contains(secret), "{secret} in {dataset}.{format}");
            }
        }
    }
}

#[tokio::test]
async fn other_names_are_not_found() {
    let app = TestApp::start().await;
    for name in ["sites", "sites.pdf", "deputies.csv", "accounts.xlsx", "SITES.csv", "sites.csv.xlsx", ".csv", "%2e%2e%2fsites.csv"] {
        app.visitor().get(&format!("/export/{name}")).await.expect(404);
    }
}

#[tokio::test]
async fn exported_sites_come_in_again_and_change_nothing() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    for format in ["csv", "xlsx", "geojson"] {
        let bytes = app.visitor().get(&format!("/export/sites.{format}")).await.expect(200).bytes;
        let import = committee.post_bytes("/api/imports?kind=sites&year=2026", bytes).await.expect(201).json();
        assert_eq!(import["unchanged"], 4, "{format}: {import:#}");
        let bytes = app.visitor().get(&format!("/export/stations.{format}")).await.expect(200).bytes;
        let import = committee.post_bytes("/api/imports?kind=stations", bytes).await.expect(201).json();
        assert_eq!(import["unchanged"], 2, "{format}: {import:#}");
    }
}

#[tokio::test]
async fn a_withdrawn_site_is_in_no_export() {
    let app = TestApp::start().await;
    sqlx::query("update sites set withdrawn_at = now() where site_id = $1")
        .bind(app.world.west[0].site_id.0)
        .execute(&app.pool)
        .await
        .expect("withdrawn");
    let value = app.visitor().get("/export/sites.geojson").await.expect(200).json();
    assert_eq!(value["features"].as_array().map(Vec::len), Some(3));
    assert_ne!(value["features"][0]["properties"]["code"], json!("2026-01-001"));
}

#[tokio::test]
async fn the_command_writes_the_same_file() {
    let app = TestApp::start().await;
    let county = app.platform.served_county();
    let file = app.data_dir.join("sites.csv");
    let written = command::export(&app.pool, &Arc::clone(&county), &file).await.expect("an export");
    let bytes = std::fs::read(&file).expect("the file");
    assert_eq!(written, bytes.len());
    assert_eq!(bytes, app.visitor().get("/export/sites.csv").await.expect(200).bytes);
    assert!(command::export(&app.pool, &county, &app.data_dir.join("people.csv")).await.is_err());
}
