//! Findings about reports do not grow old: they stand until somebody has looked at them.

use harness::{StoredReport, TestApp, instant};
use serde_json::json;

async fn reasons(app: &TestApp, site: i64) -> Vec<String> {
    let rows = app.as_login("committee").await.get("/api/review").await.expect(200).items();
    let row = rows.iter().find(|row| row["site_id"] == site);
    row.map(|row| row["reasons"].as_array().expect("reasons").iter().map(|reason| reason["code"].as_str().unwrap_or("").to_owned()).collect())
        .unwrap_or_default()
}

/// A report of July, and flawless ones for every month since.
async fn july(app: &TestApp, change: impl FnOnce(&mut StoredReport)) -> StoredReport {
    let (site, deputy) = (app.world.west[0].site_id, app.world.deputies["deputy"]);
    let mut report = StoredReport::new(site, deputy, instant("2026-07-18T10:00:00+08:00"), "in_progress");
    change(&mut report);
    report.take_effect(&app.pool, &app.world).await;
    for month in ["08", "09", "10"] {
        let later = StoredReport::new(site, deputy, instant(&format!("2026-{month}-15T10:00:00+08:00")), "in_progress");
        later.take_effect(&app.pool, &app.world).await;
    }
    report
}

#[tokio::test]
async fn a_reused_picture_stays_on_the_list_until_it_is_put_aside() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    july(&app, |report| (report.reused_photo, report.off_site_m) = (true, Some(2310))).await;
    let found = reasons(&app, site).await;
    assert!(found.contains(&"reused_photo".to_owned()) && found.contains(&"off_site".to_owned()), "{found:?}");
    app.set_clock("2026-11-20T09:00:00+08:00");
    assert!(reasons(&app, site).await.contains(&"reused_photo".to_owned()), "no month ends a suspicion");
    let aside = json!({"site_ids": [site], "reason": "reused_photo", "words": "已核对原图，属同一天两次上传"});
    app.as_login("committee").await.post("/api/review/dismissals", aside).await.expect(201);
    let left = reasons(&app, site).await;
    assert!(!left.contains(&"reused_photo".to_owned()) && left.contains(&"off_site".to_owned()), "{left:?}");
    let rule = app.as_login("committee").await.get("/api/review/outline").await.expect(200).json()["rule"]["findings_end_by"].clone();
    assert_eq!(rule, json!(["put_aside", "report_returned", "report_amended", "site_struck_off", "site_withdrawn"]));
}

#[tokio::test]
async fn a_disagreement_of_an_earlier_month_stays_and_a_returned_report_ends_its_finding() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    let report = july(&app, |report| report.step_back = true).await;
    let other = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy2"], instant("2026-07-10T10:00:00+08:00"), "completed");
    other.store(&app.pool, &app.world).await;
    let found = reasons(&app, site).await;
    assert!(found.contains(&"disagreement".to_owned()) && found.contains(&"step_back".to_owned()), "{found:?}");
    let back = json!({"reason": "请重新核实"});
    app.as_login("committee").await.post(&format!("/api/reports/{}/return", report.report_id), back).await.expect(200);
    let left: Vec<String> = reasons(&app, site).await;
    assert!(!left.iter().any(|code| code == "step_back" || code == "disagreement"), "{left:?}");
}
