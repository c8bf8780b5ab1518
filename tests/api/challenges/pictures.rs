//! The pictures of a challenge: through the gate, and seen by nobody who may not.

use harness::{Answer, Client, TestApp, pictures};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Sent, body, challenge};
use crate::hostile_pictures::exif;

async fn put(app: &TestApp, sent: &Sent, bytes: &[u8]) -> Answer {
    Answer::of(sent.request(app, Method::PUT, &format!("/photos/{}", pictures::sha256(bytes))).body(bytes.to_vec())).await
}

async fn with_pictures(app: &TestApp, names: &[String]) -> Sent {
    let mut content = body("照片为证，还没有开工");
    content["photos"] = json!(names);
    challenge(app, app.world.west[0].site_id, &content).await
}

async fn get(client: &Client, path: &str) -> u16 {
    client.get(path).await.status.as_u16()
}

#[tokio::test]
async fn a_picture_is_seen_by_its_sender_and_the_office_of_the_place_until_it_is_published() {
    let app = TestApp::start().await;
    let bytes = pictures::jpeg(11);
    let name = pictures::sha256(&bytes);
    let sent = with_pictures(&app, std::slice::from_ref(&name)).await;
    assert_eq!(sent.own(&app).await["missing_photos"], json!([name]));
    put(&app, &sent, &bytes).await.expect(201);
    put(&app, &sent, &bytes).await.expect(200);
    assert_eq!(sent.own(&app).await["missing_photos"], json!([]));
    let (own, public) = (format!("/api/challenges/{}/photos/{name}", sent.number), format!("/photos/{name}"));
    for tail in ["", "/thumbnail"] {
        let shown = Answer::of(sent.request(&app, Method::GET, &format!("/photos/{name}{tail}"))).await.expect(200);
        assert_eq!((shown.header("content-type"), shown.header("cache-control")), ("image/jpeg", "private, no-store"));
        for (login, status) in [
            ("committee", 200),
            ("working_committee", 200),
            ("working_committee_east", 404),
            ("foreign_committee", 404),
            ("deputy", 404),
            ("unit", 404),
            ("admin", 404),
        ] {
            assert_eq!(get(&app.as_login(login).await, &format!("{own}{tail}")).await, status, "{login} {tail}");
            assert_eq!(get(&app.as_login(login).await, &format!("{public}{tail}")).await, 404, "{login} {tail}");
        }
        assert_eq!(get(&app.visitor(), &format!("{own}{tail}")).await, 404);
        assert_eq!(get(&app.visitor(), &format!("{public}{tail}")).await, 404);
    }
    let committee = app.as_login("committee").await;
    sent.act(&committee, "publication", json!({"words": true, "photos": false, "edited_words": null})).await.expect(200);
    assert_eq!(get(&app.visitor(), &public).await, 404, "words and pictures are cleared each by itself");
    sent.act(&committee, "publication", json!({"words": false, "photos": true, "edited_words": null})).await.expect(200);
    assert_eq!(get(&app.visitor(), &public).await, 200);
    let listed = app.visitor().get(&format!("/api/sites/{}/challenges", sent.site)).await.expect(200).items();
    assert_eq!(listed[0]["photos"], json!([name]));
    sent.act(&committee, "declination", json!({"reason": "拍的是别处"})).await.expect(200);
    assert_eq!(get(&app.visitor(), &public).await, 404);
}

#[tokio::test]
async fn naming_somebody_elses_picture_shows_it_to_nobody() {
    let app = TestApp::start().await;
    let bytes = pictures::jpeg(12);
    let name = pictures::sha256(&bytes);
    let theirs = with_pictures(&app, std::slice::from_ref(&name)).await;
    put(&app, &theirs, &bytes).await.expect(201);
    let thief = with_pictures(&app, std::slice::from_ref(&name)).await;
    assert_eq!(thief.own(&app).await["missing_photos"], json!([name]));
    Answer::of(thief.request(&app, Method::GET, &format!("/photos/{name}"))).await.expect(404);
    let committee = app.as_login("committee").await;
    thief.act(&committee, "publication", json!({"words": false, "photos": true, "edited_words": null})).await.expect(200);
    assert_eq!(get(&app.visitor(), &format!("/photos/{name}")).await, 404);
    put(&app, &thief, &bytes).await.expect(201);
    assert_eq!(thief.on_desk(&committee).await["photos"][0]["reuses_challenge"], theirs.number);
}

#[tokio::test]
async fn a_picture_passes_the_gate_of_reports_and_its_notes_stay_with_the_office() {
    let app = TestApp::start().await;
    let plain = pictures::jpeg(13);
    let notes = [b"Exif\0\0", &exif(1)[..]].concat();
    let length = u16::try_from(notes.len() + 2).expect("a length").to_be_bytes();
    let noted = [&plain[..2], &[0xff, 0xe1], &length, &notes, &plain[2..]].concat();
    let text = b"<script>alert(1)</script>".to_vec();
    let names: Vec<String> = [&noted, &text].map(|bytes| pictures::sha256(bytes)).to_vec();
    let sent = with_pictures(&app, &names).await;
    put(&app, &sent, &text).await.expect(415);
    put(&app, &sent, &noted).await.expect(201);
    put(&app, &sent, &plain).await.expect(404);
    let other = Answer::of(sent.request(&app, Method::PUT, &format!("/photos/{}", names[0])).body(plain.clone())).await.expect(422);
    assert_eq!(other.fields(), ["sha256"]);
    let shown = Answer::of(sent.request(&app, Method::GET, &format!("/photos/{}", names[0]))).await.expect(200);
    assert!(!shown.bytes.windows(4).any(|part| part == b"Exif"), "nothing of the camera's notes is shown");
    let committee = app.as_login("committee").await;
    let picture = sent.on_desk(&committee).await["photos"][0].clone();
    assert!(picture["taken_at"].is_string() && picture["taken_distance_m"].is_number(), "{picture}");
    assert!(!sent.own(&app).await.to_string().contains("taken"));
    let pictured: Value = app.visitor().get(&format!("/api/sites/{}/challenges", sent.site)).await.expect(200).json();
    assert!(!pictured.to_string().contains("taken"));
}

#[tokio::test]
async fn a_settled_challenge_takes_no_more_pictures_and_an_erased_one_has_none() {
    let app = TestApp::start_with(|settings| settings.challenge_retention_days = 30).await;
    let (one, two) = (pictures::jpeg(14), pictures::jpeg(15));
    let names = [pictures::sha256(&one), pictures::sha256(&two)];
    let sent = with_pictures(&app, &names).await;
    put(&app, &sent, &one).await.expect(201);
    sent.act(&app.as_login("committee").await, "declination", json!({"reason": "拍的是别处"})).await.expect(200);
    put(&app, &sent, &two).await.expect(409);
    app.platform.clock.set(app.now() + chrono::TimeDelta::days(40));
    minsheng_map::schedule::run_due(&app.platform).await.expect("the jobs");
    let left: i64 = sqlx::query_scalar("select count(*) from photos").fetch_one(&app.pool).await.expect("a count");
    assert_eq!((left, sent.own(&app).await["photos"].clone()), (0, json!([])), "row and files are gone with the erased challenge");
}
