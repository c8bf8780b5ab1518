//! Stations and deputies.

use harness::TestApp;
use serde_json::json;

use super::{confirm, counts, errors, findings, id, upload};

const STATIONS: &str = "名称,类型,廉情监测点,所在镇街,地址,联系电话,开放时间,坐标\n\
    西河镇第二联络站,联络站,是,西河镇,河西路1号,0577-64756123,每月10日,\"120.11,30.21\"\n\
    东山流动站,流动联络点,否,东山镇,,,,\"30.21,120.31\"";

#[tokio::test]
async fn stations_come_in_once_and_go_back() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let import = upload(&committee, "kind=stations", STATIONS).await;
    assert_eq!((errors(&import), counts(&import)), (vec![], (2, 0, 0)), "{import:#}");
    confirm(&committee, &import).await;
    let rows: Vec<(String, String, bool, String)> =
        sqlx::query_as("select code, kind, integrity_monitoring, telephone from stations where code like 'LZ-%' order by code")
            .fetch_all(&app.pool)
            .await
            .expect("stations");
    assert_eq!(rows, [("LZ-001".into(), "station".into(), true, "0577-64756123".into()), ("LZ-002".into(), "mobile".into(), false, String::new())]);
    assert_eq!(counts(&upload(&committee, "kind=stations", STATIONS).await), (0, 0, 2));

    app.set_clock("2026-10-20T09:10:00+08:00");
    let moved = STATIONS.replace("河西路1号", "河西路2号");
    let change = upload(&committee, "kind=stations", moved).await;
    assert_eq!(counts(&change), (0, 1, 1));
    confirm(&committee, &change).await;
    for import in [&change, &import] {
        committee.post(&format!("/api/imports/{}/undo", id(import)), json!({})).await.expect(200);
    }
    let left: i64 = sqlx::query_scalar("select count(*) from stations where county_id = $1")
        .bind(app.world.county_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(left, 2, "the world's own");
}

const DEPUTIES: &str = "序号,姓名,手机号码,层级,选区,代表小组,联络站,镇街,领办点位\n\
    1,张三,138 0013 8001,县人大代表,第一选区,教育小组,西河镇代表联络站,西河镇,\"西河镇第二幼儿园、2026-01-003\"\n\
    2,甲代表,13900000001,县级,第二选区,教育小组,,西河镇,西河镇中心幼儿园";

#[tokio::test]
async fn deputies_are_told_by_their_number_and_adopt_sites() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let import = upload(&committee, "kind=deputies&year=2026", DEPUTIES).await;
    assert_eq!((errors(&import), counts(&import)), (vec![], (1, 1, 0)), "{import:#}");
    assert!(!import.to_string().contains("13800138001"), "numbers are shown masked");
    assert_eq!(import["preview"][0]["code"], "138****8001");
    confirm(&committee, &import).await;
    let adopted: Vec<String> = sqlx::query_scalar(
        "select s.code || ' ' || adopted_on from adoptions a join sites s using (county_id, site_id) join deputies d using (county_id, deputy_id)
         where d.phone = '13800138001' order by s.code",
    )
    .fetch_all(&app.pool)
    .await
    .expect("adoptions");
    assert_eq!(adopted, ["2026-01-002 2026-10-20", "2026-01-003 2026-10-20"]);
    assert_eq!(counts(&upload(&committee, "kind=deputies&year=2026", DEPUTIES).await), (0, 0, 2));

    committee.post(&format!("/api/imports/{}/undo", id(&import)), json!({})).await.expect(200);
    let after: (i64, i64, String) = sqlx::query_as(
        "select (select count(*) from deputies where phone = '13800138001'), (select count(*) from deputy_groups),
                (select constituency from deputies where phone = '13900000001')",
    )
    .fetch_one(&app.pool)
    .await
    .expect("counts");
    assert_eq!(after, (0, 0, String::new()));
}

#[tokio::test]
async fn a_deputy_with_an_account_is_not_taken_away() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let import = upload(&committee, "kind=deputies&year=2026", DEPUTIES).await;
    confirm(&committee, &import).await;
    sqlx::query("update grants set deputy_id = (select deputy_id from deputies where phone = '13800138001') where account_id = $1")
        .bind(app.world.account("deputy2").0)
        .execute(&app.pool)
        .await
        .expect("an account");
    let refused = committee.post(&format!("/api/imports/{}/undo", id(&import)), json!({})).await.expect(409);
    assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("账号")), "{}", refused.text());
}

#[tokio::test]
async fn a_working_committee_imports_only_its_own_people() {
    let app = TestApp::start().await;
    let west = app.as_login("working_committee").await;
    let import =
        upload(&west, "kind=deputies&year=2026", "姓名,手机,镇街\n张三,13800138001,西河镇\n李四,13800138002,东山镇\n丙代表,13900000003,西河镇").await;
    assert_eq!(errors(&import), ["outside_your_area", "outside_your_area"], "{import:#}");
    assert_eq!(findings(&import, "outside_your_area")[1]["row"], 4);
    let adopting = "姓名,手机,镇街,领办点位\n张三,13800138001,西河镇,2026-01-003";
    let import = upload(&west, "kind=deputies&year=2026", adopting).await;
    assert_eq!(errors(&import), ["outside_your_area"], "{import:#}");
    let import = upload(&west, "kind=stations", STATIONS).await;
    assert_eq!(errors(&import), ["outside_your_area"], "{import:#}");
}
