//! Portraits of deputies: set by themselves or by who supervises their place, served as the server's own square encoding.

use harness::{Client, TestApp, eventually, pictures};
use image::ImageFormat;
use serde_json::Value;

use crate::hostile_pictures::{CANARY, exif};

async fn set(client: &Client, deputy: i64, bytes: Vec<u8>) -> harness::Answer {
    client.put_bytes(&format!("/api/deputies/{deputy}/portrait"), bytes).await
}

async fn shown(app: &TestApp, deputy: i64) -> Value {
    let deputies = app.visitor().get("/api/deputies").await.expect(200).items();
    deputies.into_iter().find(|known| known["id"] == deputy).expect("the deputy")["portrait_url"].clone()
}

#[tokio::test]
async fn a_deputy_shows_their_face_beside_their_sites() {
    let app = TestApp::start().await;
    let (deputy, number) = (app.as_login("deputy").await, app.world.deputies["deputy"].0);
    assert_eq!(shown(&app, number).await, Value::Null);
    let answer = set(&deputy, number, pictures::encoded(7, ImageFormat::Png)).await.expect(200).json();
    let url = answer["portrait_url"].as_str().expect("an address").to_owned();
    eventually("the map knows the portrait", async || shown(&app, number).await == url).await;
    let site = app.visitor().get(&format!("/api/sites/{}", app.world.west[1].site_id)).await.expect(200).json();
    assert_eq!(site["adopters"][0]["portrait_url"], url.as_str());
    let picture = app.visitor().get(&url).await.expect(200);
    assert_eq!((picture.header("content-type"), picture.header("cache-control")), ("image/jpeg", "public, max-age=31536000, immutable"));
    let decoded = image::load_from_memory(&picture.bytes).expect("a picture");
    assert_eq!((decoded.width(), decoded.height()), (160, 160), "the largest square, never enlarged");
    assert!(picture.bytes.len() < 60_000);

    app.as_login("working_committee").await.delete(&format!("/api/deputies/{number}/portrait")).await.expect(204);
    eventually("the portrait is gone", async || shown(&app, number).await == Value::Null).await;
    app.visitor().get(&url).await.expect(404);
    deputy.delete(&format!("/api/deputies/{number}/portrait")).await.expect(204);
}

#[tokio::test]
async fn large_pictures_become_small_squares_without_what_the_camera_noted() {
    let app = TestApp::start().await;
    let number = app.world.deputies["deputy"].0;
    let (plain, notes) = (pictures::encode_jpeg(&pictures::picture(3, 900, 1400), 90), [b"Exif\0\0", &exif(1)[..]].concat());
    let length = u16::try_from(notes.len() + 2).expect("a length").to_be_bytes();
    let upright = [&plain[..2], &[0xff, 0xe1], &length, &notes, &plain[2..]].concat();
    assert!(upright.windows(CANARY.len()).any(|window| window == CANARY));
    let committee = app.as_login("committee").await;
    let url = set(&committee, number, upright.clone()).await.expect(200).json()["portrait_url"].clone();
    assert_eq!(set(&committee, number, upright).await.expect(200).json()["portrait_url"], url, "repeating changes nothing");
    let bytes = app.visitor().get(url.as_str().expect("an address")).await.expect(200).bytes;
    let decoded = image::load_from_memory(&bytes).expect("a picture");
    assert_eq!((decoded.width(), decoded.height()), (320, 320));
    assert!(!bytes.windows(CANARY.len()).any(|window| window == CANARY));
    let lines: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action = 'deputy.set_portrait'").fetch_one(&app.pool).await.expect("lines");
    assert_eq!(lines, 1);
}

#[tokio::test]
async fn nobody_sets_anothers_portrait_nor_one_that_is_no_picture() {
    let app = TestApp::start().await;
    let (own, east) = (app.world.deputies["deputy"].0, app.world.deputies["deputy_east"].0);
    let picture = pictures::jpeg(1);
    for (login, deputy, status) in [
        ("visitor", own, 401),
        ("deputy", east, 403),
        ("deputy2", own, 403),
        ("keeper", own, 403),
        ("admin", own, 403),
        ("working_committee_east", own, 404),
        ("foreign_committee", own, 404),
        ("committee", 987_654, 404),
        ("working_committee_east", east, 200),
    ] {
        let client = if login == "visitor" { app.visitor() } else { app.as_login(login).await };
        set(&client, deputy, picture.clone()).await.expect(status);
    }
    let deputy = app.as_login("deputy").await;
    for (bytes, status) in [(b"GIF89a".to_vec(), 415), (b"<svg onload=alert(1)>".to_vec(), 415), (Vec::new(), 422), (picture[..400].to_vec(), 422)] {
        set(&deputy, own, bytes).await.expect(status);
    }
    set(&deputy, own, vec![0xff; 11 * 1024 * 1024]).await.expect(413);
    app.visitor().get(&format!("/portraits/{}", "0".repeat(64))).await.expect(404);
    app.visitor().get("/portraits/..%2f..%2fetc").await.expect(404);
}

#[tokio::test]
async fn portraits_count_for_the_day_and_pass_the_floor_of_the_disk() {
    let app = TestApp::start_with(|settings| settings.photos_per_day = 2).await;
    let deputies = ["deputy", "deputy2"].map(|name| app.world.deputies[name].0);
    let committee = app.as_login("committee").await;
    for (shade, deputy) in deputies.into_iter().enumerate() {
        set(&committee, deputy, pictures::jpeg(u64::try_from(shade).unwrap_or(0))).await.expect(200);
    }
    let refused = set(&committee, deputies[0], pictures::jpeg(9)).await.expect(429);
    assert_eq!(refused.header("retry-after"), "54000", "until midnight in the county");
    let full = TestApp::start_with(|settings| settings.free_space_floor_mib = u64::MAX).await;
    let answer = set(&full.as_login("committee").await, full.world.deputies["deputy"].0, pictures::jpeg(1)).await.expect(507);
    assert_eq!(answer.code(), "storage_full");
}

#[tokio::test]
async fn all_accounts_together_send_only_so_many_pictures_in_a_day() {
    let app = TestApp::start_with(|settings| settings.photos_per_day_in_all = 2).await;
    let number = app.world.deputies["deputy"].0;
    set(&app.as_login("deputy").await, number, pictures::jpeg(1)).await.expect(200);
    let other = app.as_login("deputy2").await;
    let send = async |seed: u64| {
        let bytes = pictures::jpeg(seed);
        other.put_bytes(&format!("/api/photos/{}", pictures::sha256(&bytes)), bytes).await
    };
    send(2).await.expect(201);
    let refused = send(3).await.expect(429);
    assert_eq!(refused.header("retry-after"), "54000");
    set(&app.as_login("committee").await, number, pictures::jpeg(4)).await.expect(429);
    send(2).await.expect(200);
    app.set_clock("2026-10-21T00:00:00+08:00");
    app.as_login("deputy2").await.put_bytes(&format!("/api/photos/{}", pictures::sha256(&pictures::jpeg(3))), pictures::jpeg(3)).await.expect(201);
}
