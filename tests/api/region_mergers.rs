//! A township becomes part of another: all that lies in it moves in one act, and closed months keep what they were.

use harness::{EAST, TestApp, WEST, eventually};
use serde_json::{Value, json};

use crate::figures::close;
use crate::reports::count;

async fn preview(app: &TestApp) -> Value {
    app.as_login("committee").await.get(&format!("/api/region-mergers/preview?from={EAST}&into={WEST}")).await.expect(200).json()
}

fn merger(moves: &Value, on: &str) -> Value {
    json!({"from": EAST, "into": WEST, "effective_on": on, "decision_number": "省政函〔2026〕32号", "reason": "撤并乡镇", "moves": moves})
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

async fn add_village(app: &TestApp, code: &str, name: &str) {
    sqlx::query("insert into regions (county_id, region_code, name) values ($1, $2, $3)")
        .bind(app.world.county_id.0)
        .bind(code)
        .bind(name)
        .execute(&app.pool)
        .await
        .expect("a village");
}

#[tokio::test]
async fn everything_moves_at_once_and_the_past_stays_where_it_was() {
    let app = TestApp::start().await;
    add_village(&app, "339901002001", "东山村").await;
    add_village(&app, "339901001001", "西河村").await;
    sqlx::query("update sites set region_code = '339901002001' where site_id = $1")
        .bind(app.world.east[1].site_id.0)
        .execute(&app.pool)
        .await
        .expect("in a village");
    close(&app, "2026-11-06T09:00:00+08:00", "2026-10", "final").await;
    let before = app.visitor().get("/export/sites.csv?month=2026-10").await.expect(200).text();
    let shown = preview(&app).await;
    assert_eq!(shown["villages"], json!([{"code": "339901002001", "name": "东山村", "new_code": "339901001002"}]), "001 is taken in the west");
    assert_eq!(shown["moving"]["sites"].as_array().map(Vec::len), Some(2));
    assert_eq!(count(&app, "region_mergers").await, 0, "a preview changes nothing");
    let committee = app.as_login("committee").await;
    let working = app.as_login("working_committee_east").await;
    working.get("/api/review").await.expect(200);
    committee.post("/api/region-mergers", merger(&shown["moves"], "2026-11-01")).await.expect(201);
    for (what, left) in [("sites", 0), ("stations", 0), ("deputies", 0), ("grid_cells", 0), ("grants", 0)] {
        assert_eq!(count(&app, &format!("{what} where starts_with(region_code, '{EAST}')")).await, left, "{what}");
    }
    assert_eq!(count(&app, "sites where region_code = '339901001002'").await, 1, "its village came along");
    assert_eq!(count(&app, &format!("regions where region_code = '{WEST}' and st_area(boundary) > 0.159")).await, 1, "the outlines are one");
    // Who worked there works for the whole township, at the next request.
    let file = working.get(&format!("/api/sites/{}/file", app.world.west[0].site_id)).await;
    file.expect(200);
    eventually("the map has one township", async || {
        app.visitor()
            .get("/api/regions")
            .await
            .expect(200)
            .items()
            .iter()
            .filter(|region| region["code"].as_str().is_some_and(|code| code.len() == 9))
            .count()
            == 1
    })
    .await;
    eventually("and all sites in it", async || {
        let site = app.visitor().get(&format!("/api/sites/{}", app.world.east[0].site_id)).await.expect(200).json();
        site["region"]["code"] == WEST
    })
    .await;
    assert_eq!(townships(&app, "2026-10").await, of_old());
    assert_eq!(app.visitor().get("/export/sites.csv?month=2026-10").await.expect(200).text(), before, "October to the letter");
    let told = app.as_login("deputy_east").await.get("/api/me/notices").await.expect(200).items();
    assert!(told.iter().any(|notice| notice["words"].as_str().is_some_and(|words| words.contains("并入西河镇"))), "{told:?}");
    let listed = committee.get("/api/region-mergers").await.expect(200).items();
    assert_eq!((&listed[0]["from"]["name"], &listed[0]["moved"]["villages"]), (&json!("东山镇"), &json!(1)));
    assert!(sqlx::query("delete from region_mergers").execute(&app.pool).await.is_err(), "it stays on record");
}

#[tokio::test]
async fn a_month_that_closed_before_keeps_its_townships_when_it_becomes_final_after() {
    let app = TestApp::start().await;
    close(&app, "2026-11-02T09:00:00+08:00", "2026-10", "provisional").await;
    let committee = app.as_login("committee").await;
    let name = json!({"was": "东山镇", "name": "东山街道", "decision_number": "省政函〔2026〕31号", "reason": "撤镇设街道"});
    committee.put(&format!("/api/regions/{EAST}/name"), name).await.expect(200);
    app.set_clock("2026-11-03T09:00:00+08:00");
    let moves = preview(&app).await["moves"].clone();
    app.as_login("committee").await.post("/api/region-mergers", merger(&moves, "2026-11-03")).await.expect(201);
    close(&app, "2026-11-06T09:00:00+08:00", "2026-10", "final").await;
    assert_eq!(townships(&app, "2026-10").await, of_old(), "neither the new name nor the merger");
    close(&app, "2026-12-06T09:00:00+08:00", "2026-11", "final").await;
    assert_eq!(townships(&app, "2026-11").await, [(json!("西河镇"), json!(4))]);
    assert_eq!(townships(&app, "2026-10").await, of_old());
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_and_nothing_moves() {
    let app = TestApp::start().await;
    close(&app, "2026-11-06T09:00:00+08:00", "2026-10", "final").await;
    let committee = app.as_login("committee").await;
    let moves = preview(&app).await["moves"].clone();
    let post = async |body: Value| committee.post("/api/region-mergers", body).await;
    assert_eq!(post(merger(&moves, "2026-11-07")).await.expect(422).json()["fields"][0]["code"], "in_future");
    assert_eq!(post(merger(&moves, "2026-10-31")).await.expect(422).json()["fields"][0]["code"], "in_closed_month");
    let unseen = post(merger(&json!(1), "2026-11-06")).await.expect(409);
    assert_eq!((unseen.code(), &unseen.json()["moves"]), ("rev_mismatch".to_owned(), &moves));
    for (from, into, status) in [(EAST, EAST, 422), (EAST, "339902001", 404), ("339901777", WEST, 404), ("339901", WEST, 422)] {
        let mut body = merger(&moves, "2026-11-06");
        (body["from"], body["into"]) = (json!(from), json!(into));
        post(body).await.expect(status);
    }
    let mut silent = merger(&moves, "2026-11-06");
    silent["reason"] = json!(" ");
    assert_eq!(post(silent).await.expect(422).fields(), ["reason"]);
    // Somebody who keeps a station in each of the two cannot hold both rights in one place.
    sqlx::query("insert into grants (county_id, account_id, role, region_code, station_id) values ($1, $2, 'station_keeper', $3, $4)")
        .bind(app.world.county_id.0)
        .bind(app.world.account("keeper").0)
        .bind(EAST)
        .bind(app.world.station_east.0)
        .execute(&app.pool)
        .await
        .expect("a second station");
    let divided = preview(&app).await["moves"].clone();
    post(merger(&divided, "2026-11-06")).await.expect(409);
    assert_eq!(count(&app, &format!("sites where region_code = '{EAST}'")).await, 2, "nothing moved");
    for login in ["working_committee", "unit", "deputy"] {
        app.as_login(login).await.post("/api/region-mergers", merger(&moves, "2026-11-06")).await.expect(403);
    }
}

#[tokio::test]
async fn nothing_new_lies_in_a_township_that_was_merged() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    committee.post("/api/region-mergers", merger(&preview(&app).await["moves"], "2026-10-20")).await.expect(201);
    let deputy = json!({"name": "戊代表", "level": "county", "constituency": "", "in_region": EAST});
    assert_eq!(committee.post("/api/deputies", deputy).await.expect(422).fields(), ["in_region"]);
    committee.get(&format!("/api/region-mergers/preview?from={EAST}&into={WEST}")).await.expect(404);
    let name = json!({"was": "东山镇", "name": "东山街道", "decision_number": "省政函〔2026〕31号", "reason": "撤镇设街道"});
    committee.put(&format!("/api/regions/{EAST}/name"), name).await.expect(404);
    for table in ["sites", "stations", "deputies", "grid_cells"] {
        let back = sqlx::AssertSqlSafe(format!("update {table} set region_code = '{EAST}' where county_id = {}", app.world.county_id.0));
        assert!(sqlx::query(back).execute(&app.pool).await.is_err(), "{table}");
    }
    let outline = json!({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": EAST, "name": "东山镇"},
        "geometry": {"type": "Polygon", "coordinates": [[[120.2, 30.0], [120.4, 30.0], [120.4, 30.4], [120.2, 30.4], [120.2, 30.0]]]}}]});
    let import = committee.post_bytes("/api/imports?kind=regions&file_name=r.geojson", outline.to_string().into_bytes()).await.expect(201).json();
    assert_eq!((&import["can_confirm"], &import["findings"][0]["code"]), (&json!(false), &json!("region_merged")), "{import}");
}

#[tokio::test]
async fn two_who_merge_at_once_merge_once() {
    let app = TestApp::start().await;
    let moves = preview(&app).await["moves"].clone();
    let committee = app.as_login("committee").await;
    let (one, two) = tokio::join!(
        committee.post("/api/region-mergers", merger(&moves, "2026-10-20")),
        committee.post("/api/region-mergers", merger(&moves, "2026-10-20"))
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 404]);
    assert_eq!(count(&app, "region_mergers").await, 1);
}
