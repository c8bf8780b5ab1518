//! What a report may hold: known fields, a place that is one, evidence for a change of stage, pictures that may come later.

use harness::{Answer, Client, Site, TestApp, pictures};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::reports::{count, path, report, send_photo, stage_of, start, with};

#[tokio::test]
async fn read_only_and_unknown_fields_are_refused_by_name() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    for field in ["deputy_id", "account_id", "county_id", "state", "late", "received_at", "version", "off_site", "returned_by", "rôle"] {
        let body = with(report(&app.world.west[0], "not_started", 0), json!({field: 1}));
        assert_eq!(deputy.put(&path(Uuid::now_v7()), body).await.expect(422).fields(), [field]);
    }
    for missing in ["site_id", "stage", "percent", "written_at"] {
        let mut body = report(&app.world.west[0], "not_started", 0);
        body.as_object_mut().expect("an object").remove(missing);
        assert_eq!(deputy.put(&path(Uuid::now_v7()), body).await.expect(422).fields(), [missing]);
    }
    let wrong = [
        (json!({"stage": "done"}), "stage"),
        (json!({"percent": 101}), "percent"),
        (json!({"percent": -1}), "percent"),
        (json!({"percent": 30}), "percent"),
        (json!({"stage": "completed", "percent": 99}), "percent"),
        (json!({"words": "字".repeat(2001)}), "words"),
        (json!({"words": "\u{0}"}), "words"),
        (json!({"photos": ["0".repeat(63)]}), "photos[0]"),
        (json!({"photos": ["0".repeat(64), "0".repeat(64)]}), "photos"),
        (json!({"photos": (0..10).map(|number| format!("{number:064x}")).collect::<Vec<_>>()}), "photos"),
        (json!({"written_at": "yesterday"}), "written_at"),
        (json!({"written_at": "+200000-01-01T00:00:00Z"}), "written_at"),
        (json!({"problems": [""]}), "problems[0]"),
    ];
    for (change, field) in wrong {
        let answer = deputy.put(&path(Uuid::now_v7()), with(report(&app.world.west[0], "not_started", 0), change.clone())).await.expect(422);
        assert_eq!(answer.fields(), [field], "{change}");
    }
    assert_eq!(count(&app, "reports").await, 0);
}

#[tokio::test]
async fn a_place_must_be_a_place() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let bad = [
        r#"{"lon":30.1,"lat":120.05}"#,
        r#"{"lon":0,"lat":0}"#,
        r#"{"lon":120.05,"lat":91}"#,
        r#"{"lon":72.9,"lat":30}"#,
        r#"{"lon":1e308,"lat":30}"#,
        r#"{"lon":1e999,"lat":30}"#,
        r#"{"lon":NaN,"lat":30}"#,
        r#"{"lon":"120.05","lat":30.1}"#,
        r#"{"lon":null,"lat":30.1}"#,
        r#"{"lon":120.05}"#,
        r#"{"lon":120.05,"lat":30.1,"altitude":8}"#,
        r#"{"lon":120.05,"lat":30.1,"accuracy_m":-1}"#,
        r#"[120.05,30.1,8]"#,
        r#""120.05,30.1""#,
    ];
    let body = report(&app.world.west[0], "not_started", 0).to_string();
    let good = serde_json::to_string(&json!({"lon": app.world.west[0].lon, "lat": app.world.west[0].lat, "accuracy_m": 8.0})).expect("text");
    assert!(body.contains(&good), "{body}");
    for place in bad {
        let request = deputy.request(Method::PUT, &path(Uuid::now_v7())).header("content-type", "application/json").body(body.replace(&good, place));
        let answer = Answer::of(request).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{place}: {} {}", answer.status, answer.text());
    }
    let request = deputy.request(Method::PUT, &path(Uuid::now_v7())).header("content-type", "application/json").body(body.replace(&good, bad[0]));
    assert!(Answer::of(request).await.text().contains("写反"), "swapped numbers are called that");
    assert_eq!(count(&app, "reports").await, 0);
}

#[tokio::test]
async fn a_report_from_far_away_is_marked_and_not_refused() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    // One thousandth of a degree of latitude is 111.2 metres; the county allows 500.
    for (degrees, metres, off_site) in [(0.0044, 489, false), (0.0046, 511, true)] {
        let place = json!({"position": {"lon": site.lon, "lat": site.lat + degrees, "accuracy_m": 8.0}});
        let receipt = deputy.put(&path(Uuid::now_v7()), with(report(&site, "not_started", 0), place)).await.expect(201).json();
        assert_eq!((&receipt["off_site"], &receipt["distance_m"]), (&json!(off_site), &json!(metres)));
    }
    let receipt = deputy.put(&path(Uuid::now_v7()), with(report(&site, "not_started", 0), json!({"position": null}))).await.expect(201).json();
    assert_eq!((&receipt["off_site"], &receipt["distance_m"]), (&json!(false), &json!(null)));
}

#[tokio::test]
async fn a_change_of_stage_needs_a_picture_and_a_step_back_a_reason() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    let started = report(&site, "in_progress", 40);
    assert_eq!(deputy.put(&path(Uuid::now_v7()), started).await.expect(422).fields(), ["photos"]);
    start(&deputy, &site, 1).await;
    // No change, no picture needed.
    deputy.put(&path(Uuid::now_v7()), with(report(&site, "in_progress", 45), json!({"written_at": "2026-10-20T08:59:30+08:00"}))).await.expect(201);
    let photo = send_photo(&deputy, 2).await;
    let back = with(report(&site, "not_started", 0), json!({"photos": [photo], "written_at": "2026-10-20T09:00:00+08:00"}));
    assert_eq!(deputy.put(&path(Uuid::now_v7()), back.clone()).await.expect(422).fields(), ["step_back_reason"]);
    assert_eq!(
        deputy.put(&path(Uuid::now_v7()), with(back.clone(), json!({"step_back_reason": "  "}))).await.expect(422).fields(),
        ["step_back_reason"]
    );
    let receipt = deputy.put(&path(Uuid::now_v7()), with(back, json!({"step_back_reason": "上月看错了点位"}))).await.expect(201).json();
    assert_eq!(receipt["step_back"], true);
    assert_eq!(stage_of(&app, &site).await, "not_started");
    let reports = app.visitor().get(&format!("/api/sites/{}/reports?limit=1", site.site_id)).await.expect(200);
    assert_eq!(reports.items()[0]["step_back_reason"], "上月看错了点位");
    assert!(reports.json()["next"].is_string());
}

#[tokio::test]
async fn a_report_is_accepted_before_its_pictures() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].clone();
    let bytes = pictures::jpeg(5);
    let name = pictures::sha256(&bytes);
    let receipt = deputy.put(&path(Uuid::now_v7()), with(report(&site, "in_progress", 40), json!({"photos": [name]}))).await.expect(201).json();
    assert_eq!(receipt["missing_photos"], json!([name]));
    let list = format!("/api/sites/{}/reports", site.site_id);
    let before = app.visitor().get(&list).await.items();
    assert_eq!((&before[0]["photos"][0]["missing"], &before[0]["missing_photos"]), (&json!(true), &json!([name])));
    app.visitor().get(&format!("/photos/{name}")).await.expect(404);
    deputy.put_bytes(&format!("/api/photos/{name}"), bytes).await.expect(201);
    let after = app.visitor().get(&list).await.items();
    assert_eq!((&after[0]["photos"][0]["missing"], &after[0]["missing_photos"]), (&json!(false), &json!([])));
    assert_eq!(after[0]["photos"][0]["width"], 360);
    app.visitor().get(&format!("/photos/{name}/thumbnail")).await.expect(200);
}

#[tokio::test]
async fn a_picture_used_again_is_flagged_also_when_saved_and_sized_anew() {
    let app = TestApp::start().await;
    let (deputy, deputy2) = (app.as_login("deputy").await, app.as_login("deputy2").await);
    let [first, second] = app.world.west.clone();
    let flagged = |id: Uuid| {
        let pool = app.pool.clone();
        async move {
            sqlx::query_scalar::<_, bool>("select reused_photo from reports where report_id = $1").bind(id).fetch_one(&pool).await.expect("a report")
        }
    };
    let original = send_photo(&deputy, 77).await;
    let (one, amended, elsewhere, resaved, other) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let body = |site: &Site, photo: &str| with(report(site, "not_started", 0), json!({"photos": [photo]}));
    deputy.put(&path(one), body(&first, &original)).await.expect(201);
    // A later version of the same report may show the same picture.
    deputy.put(&path(amended), with(body(&first, &original), json!({"words": "补充"}))).await.expect(201);
    assert!(!flagged(one).await && !flagged(amended).await);
    app.set_clock("2026-10-20T10:00:00+08:00");
    deputy.put(&path(elsewhere), body(&second, &original)).await.expect(201);
    assert!(flagged(elsewhere).await, "the same bytes at another site");
    // Half the size and badly saved, announced first and sent afterwards.
    let small = pictures::encode_jpeg(&pictures::picture(77, 180, 160), 45);
    let small_name = pictures::sha256(&small);
    app.set_clock("2026-10-20T11:00:00+08:00");
    deputy2.put(&path(resaved), body(&first, &small_name)).await.expect(201);
    assert!(!flagged(resaved).await);
    deputy2.put_bytes(&format!("/api/photos/{small_name}"), small).await.expect(201);
    assert!(flagged(resaved).await, "the same picture, saved and sized anew");
    app.set_clock("2026-11-02T09:00:00+08:00");
    let deputy = app.as_login("deputy").await;
    let fresh = send_photo(&deputy, 78).await;
    deputy.put(&path(other), with(body(&first, &fresh), json!({"written_at": "2026-11-02T08:00:00+08:00"}))).await.expect(201);
    assert!(!flagged(other).await && !flagged(one).await, "a new picture and the original itself are not flagged");
}

#[tokio::test]
async fn a_picture_cut_at_its_edges_is_flagged_as_used_again() {
    let app = TestApp::start().await;
    let (deputy, deputy2) = (app.as_login("deputy").await, app.as_login("deputy2").await);
    let site = app.world.west[0].clone();
    // Soft shades, as photographs have: no field with an edge of its own.
    let photograph = image::imageops::blur(&pictures::picture(91, 480, 360), 18.0);
    let send = async |client: &Client, picture: &image::RgbImage| {
        let bytes = pictures::encode_jpeg(picture, 85);
        let name = pictures::sha256(&bytes);
        client.put_bytes(&format!("/api/photos/{name}"), bytes).await.expect(201);
        let id = Uuid::now_v7();
        client.put(&path(id), with(report(&site, "not_started", 0), json!({"photos": [name]}))).await.expect(201);
        id
    };
    send(&deputy, &photograph).await;
    app.set_clock("2026-10-20T10:00:00+08:00");
    let cut = image::imageops::crop_imm(&photograph, 24, 0, 432, 342).to_image();
    let again = send(&deputy2, &cut).await;
    let flagged: bool =
        sqlx::query_scalar("select reused_photo from reports where report_id = $1").bind(again).fetch_one(&app.pool).await.expect("a report");
    assert!(flagged, "five hundredths were cut away left, right and below");
}
