//! The sample of a real county, by command line into a fresh county, from both of its files.

use std::path::PathBuf;
use std::sync::Arc;

use harness::TestApp;
use minsheng_map::county::County;
use minsheng_map::imports::command::{self, ImportRequest};
use minsheng_map::regions;
use sqlx::Row;

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/imports").join(name)
}

async fn fresh_county(app: &TestApp) -> Arc<County> {
    let county_id = command::create_county(&app.pool, &app.platform.clock, "330327", "苍南县").await.expect("a county");
    let mut connection = app.pool.acquire().await.expect("a connection");
    let counties = regions::store::list_counties(&mut connection).await.expect("counties");
    Arc::new(counties.into_iter().find(|county| county.county_id == county_id).expect("the county"))
}

async fn import(app: &TestApp, county: &Arc<County>, name: &str, dry_run: bool) -> command::Printed {
    let file = sample(name);
    let request = ImportRequest { kind: "sites", file: &file, datum: "wgs84", year: Some(2022), dry_run };
    command::import(&app.pool, &app.platform.clock, &app.platform.chance, county, request).await.expect("the command runs")
}

async fn sites(app: &TestApp, county: &County) -> Vec<(String, String, String, i16, String, String, f64, f64)> {
    let rows = sqlx::query(
        "select s.code, s.name, s.stage, s.percent, r.name, s.planned_start_on || '/' || s.planned_finish_on, st_x(s.position), st_y(s.position)
         from sites s join regions r using (county_id, region_code) where county_id = $1 and withdrawn_at is null order by site_id",
    )
    .bind(county.county_id.0)
    .fetch_all(&app.pool)
    .await
    .expect("sites");
    let read = |row: &sqlx::postgres::PgRow| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5), row.get(6), row.get(7));
    rows.iter().map(read).collect()
}

#[tokio::test]
async fn the_sixteen_sites_of_the_sample_come_in_from_either_file_and_only_once() {
    let app = TestApp::start().await;
    let county = fresh_county(&app).await;

    let printed = import(&app, &county, "cangnan-2022-10.gb18030.csv", true).await;
    assert!(printed.succeeded && printed.text.contains("新增 16"), "{}", printed.text);
    assert!(sites(&app, &county).await.is_empty(), "a dry run writes nothing");

    let printed = import(&app, &county, "cangnan-2022-10.gb18030.csv", false).await;
    assert!(printed.succeeded && !printed.text.contains("错误"), "{}", printed.text);
    let first = sites(&app, &county).await;
    assert_eq!(first.len(), 16);
    let stages = ["not_started", "in_progress", "completed"].map(|stage| first.iter().filter(|site| site.2 == stage).count());
    assert_eq!(stages, [1, 12, 3]);
    let text = |code: &str, name: &str, stage: &str, percent, region: &str, dates: &str, lon, lat| {
        (code.to_owned(), name.to_owned(), stage.to_owned(), percent, region.to_owned(), dates.to_owned(), lon, lat)
    };
    assert_eq!(first[0], text("2022-01-001", "新区实验幼儿园", "in_progress", 80, "灵溪镇", "2022-03-01/2022-12-20", 120.418, 27.511));
    assert_eq!(first[9], text("2022-05-001", "灵溪镇园区六路", "in_progress", 88, "灵溪镇", "2022-03-01/2022-10-31", 120.426, 27.522));
    assert_eq!(first[14], text("2022-07-001", "马站镇中心敬老院", "not_started", 0, "马站镇", "2022-06-01/2022-12-31", 120.452, 27.283));

    for again in ["cangnan-2022-10.gb18030.csv", "cangnan-2022-10.xlsx"] {
        let printed = import(&app, &county, again, false).await;
        assert!(printed.succeeded && printed.text.contains("新增 0，更改 0，不变 16"), "{again}: {}", printed.text);
        assert_eq!(sites(&app, &county).await, first, "{again}");
    }
}

#[tokio::test]
async fn the_workbook_alone_gives_the_same_sites_as_the_csv() {
    let app = TestApp::start().await;
    let county = fresh_county(&app).await;
    let printed = import(&app, &county, "cangnan-2022-10.xlsx", false).await;
    assert!(printed.succeeded && printed.text.contains("新增 16"), "{}", printed.text);
    let from_workbook = sites(&app, &county).await;
    let printed = import(&app, &county, "cangnan-2022-10.gb18030.csv", false).await;
    assert!(printed.text.contains("不变 16"), "{}", printed.text);
    assert_eq!(sites(&app, &county).await, from_workbook);
}

#[tokio::test]
async fn each_stage_of_an_imported_site_has_its_cause() {
    let app = TestApp::start().await;
    let county = fresh_county(&app).await;
    import(&app, &county, "cangnan-2022-10.xlsx", false).await;
    let causes: Vec<(String, i64)> = sqlx::query_as("select cause || '/' || reason, count(*) from stage_changes where county_id = $1 group by 1")
        .bind(county.county_id.0)
        .fetch_all(&app.pool)
        .await
        .expect("changes");
    assert_eq!(causes, [("correction/导入文件所载状态".to_owned(), 15)]);
    let source: String = sqlx::query_scalar("select source_datum || ' ' || source_position from sites where county_id = $1 and code = '2022-01-001'")
        .bind(county.county_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a source");
    assert_eq!(source, "wgs84 120.418,27.511");
}

#[tokio::test]
async fn a_county_is_made_once_and_only_with_a_county_code() {
    let app = TestApp::start().await;
    fresh_county(&app).await;
    for (code, name) in [("330327", "再来一个"), ("33032", "短"), ("330327101", "镇"), ("abcdef", "字母"), ("330328", " ")] {
        assert!(command::create_county(&app.pool, &app.platform.clock, code, name).await.is_err(), "{code}");
    }
}
