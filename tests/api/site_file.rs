//! A site's file: what its supervisors know of it beside the public story.

use harness::{StoredReport, TestApp, instant};
use serde_json::{Value, json};

fn kinds(list: &Value, field: &str) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|each| each[field].as_str().unwrap_or("").to_owned()).collect()
}

#[tokio::test]
async fn the_file_has_notices_acts_and_findings_put_aside() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    let report = StoredReport::new(site, app.world.deputies["deputy"], instant("2026-10-18T10:00:00+08:00"), "not_started");
    StoredReport { off_site_m: Some(2310), ..report }.take_effect(&app.pool, &app.world).await;
    let committee = app.as_login("committee").await;
    committee.post("/api/reminders", json!({"site_ids": [site], "to": "adopters", "words": "请到现场查看"})).await.expect(200);
    let order = json!({"site_ids": [site], "unit_id": app.world.unit_id.0, "words": "请答复", "due_on": "2026-11-05", "copy_to_deputies": true, "follows": null});
    committee.post("/api/supervision-orders", order).await.expect(201);
    let aside = json!({"site_ids": [site], "reason": "off_site", "words": "便道封闭，情况属实"});
    let aside = committee.post("/api/review/dismissals", aside).await.expect(201).items();
    let notice = app.as_login("deputy").await.get("/api/me/notices").await.expect(200).items();
    let reminder = notice.iter().find(|notice| notice["kind"] == "reminder").expect("a reminder");
    app.as_login("deputy").await.post(&format!("/api/me/notices/{}/read", reminder["id"].as_str().expect("an id")), json!({})).await.expect(204);
    committee.post("/api/review/dismissals/undo", json!({"ids": [aside[0]["id"]]})).await.expect(200);

    let file = committee.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    let sent = kinds(&file["notices"], "kind");
    for kind in ["reminder", "order_issued", "order_copied"] {
        assert!(sent.iter().any(|each| each == kind), "{kind} is not among {sent:?}");
    }
    let read: Vec<&Value> = file["notices"].as_array().expect("notices").iter().filter(|notice| !notice["read_at"].is_null()).collect();
    assert_eq!((read.len(), &read[0]["to"]), (1, &json!("deputy")));
    assert_eq!((&file["dismissals"][0]["reason"], &file["dismissals"][0]["by"]), (&json!("off_site"), &json!("committee")));
    assert!(!file["dismissals"][0]["undone_at"].is_null());
    let done = kinds(&file["records"], "action");
    assert_eq!(done, ["order.issue", "site.remind"]);
    assert_eq!(file["records"][0].get("address"), None, "where from is the auditor's to know");
    assert_eq!(file["phones"][0]["clock_doubted"], false);
}

#[tokio::test]
async fn a_repeated_picture_is_shown_beside_the_earlier_one() {
    let app = TestApp::start().await;
    let (site, other) = (app.world.west[0].site_id, app.world.west[1].site_id);
    let first = StoredReport::new(other, app.world.deputies["deputy"], instant("2026-10-12T10:00:00+08:00"), "in_progress");
    let second = StoredReport::new(site, app.world.deputies["deputy"], instant("2026-10-14T10:00:00+08:00"), "in_progress");
    let deputy = app.as_login("deputy").await;
    let picture = crate::calls::picture(90);
    let name = crate::calls::name_of(&picture);
    deputy.put_bytes(&format!("/api/photos/{name}"), picture).await.expect(201);
    for (report, reuses) in [(&first, None), (&second, Some(first.report_id))] {
        report.take_effect(&app.pool, &app.world).await;
        sqlx::query("insert into report_photos (county_id, report_id, place, sha256, reuses_report_id) values ($1, $2, 1, decode($3, 'hex'), $4)")
            .bind(app.world.county_id.0)
            .bind(report.report_id)
            .bind(&name)
            .bind(reuses)
            .execute(&app.pool)
            .await
            .expect("a picture of the report");
    }
    sqlx::query(
        "update photos set taken_at = '2026-10-11T09:12:00', taken_at_place = (select st_translate(position, 0.01, 0) from sites where site_id = $1)",
    )
    .bind(site.0)
    .execute(&app.pool)
    .await
    .expect("evidence");
    let file = app.as_login("working_committee").await.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    let photo = &file["photos"][0];
    assert_eq!((&photo["sha256"], &photo["taken_at"]), (&json!(name), &json!("2026-10-11T09:12:00")));
    assert!((900..1000).contains(&photo["distance_m"].as_i64().expect("metres")), "{photo}");
    let earlier = &photo["earlier"];
    assert_eq!((&earlier["sha256"], &earlier["deputy"], &earlier["month"]), (&json!(name), &json!("甲代表"), &json!("2026-10")));
    assert_eq!(earlier["site_code"], "2026-01-002");
    let of_other = app.as_login("committee").await.get(&format!("/api/sites/{other}/file")).await.expect(200).json();
    assert!(of_other["photos"][0]["earlier"].is_null(), "the first to show it repeats nothing");
}
