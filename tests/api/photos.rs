//! Photographs: sent by their hash, taken in through the gate, served as the server's own encoding.

use std::path::{Path, PathBuf};

use harness::{Client, TestApp, pictures};
use image::ImageFormat;
use minsheng_map::photos::sweep::sweep;
use minsheng_map::photos::{PhotoHash, PhotoStore};
use serde_json::json;
use uuid::Uuid;

use crate::hostile_pictures::{CANARY, Expected, corpus, exif};
use crate::reports::{report, send_photo};

/// The answer to each file of the corpus, to the letter: a decoder that begins to take what it refused is seen here.
const EXPECTED_ANSWERS: &str = include_str!("../fixtures/hostile_pictures.txt");

fn changed(answers: &str) -> String {
    let expected: std::collections::HashSet<&str> = EXPECTED_ANSWERS.lines().collect();
    answers.lines().filter(|line| !expected.contains(line)).collect::<Vec<_>>().join("\n")
}

async fn send(client: &Client, bytes: &[u8]) -> harness::Answer {
    client.put_bytes(&format!("/api/photos/{}", pictures::sha256(bytes)), bytes.to_vec()).await
}

/// Puts the picture into a report, so that it may be looked at.
async fn publish(app: &TestApp, name: &str) {
    let mut body = report(&app.world.west[0], "not_started", 0);
    body["photos"] = json!([name]);
    app.as_login("deputy").await.put(&format!("/api/reports/{}", Uuid::now_v7()), body).await.expect(201);
}

fn stored_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { stored_files(&path) } else { vec![path] }).collect()
}

/// The kinds of segments a JPEG consists of before its pixels.
fn segments(jpeg: &[u8]) -> Vec<u8> {
    let (mut place, mut kinds) = (2, Vec::new());
    while jpeg[place] == 0xff {
        kinds.push(jpeg[place + 1]);
        if jpeg[place + 1] == 0xda {
            break;
        }
        place += 2 + usize::from(u16::from_be_bytes([jpeg[place + 2], jpeg[place + 3]]));
    }
    kinds
}

#[tokio::test]
async fn hostile_pictures_are_answered_and_nothing_of_their_notes_is_kept() {
    let app = TestApp::start_with(|settings| settings.photos_per_day = 10_000).await;
    let deputy = app.as_login("deputy").await;
    let corpus = corpus();
    assert!(corpus.len() >= 300, "{} files", corpus.len());
    let mut answers = String::new();
    for hostile in &corpus {
        let answer = send(&deputy, &hostile.bytes).await;
        let status = answer.status.as_u16();
        let allowed: &[u16] = match hostile.expected {
            Expected::Taken => &[200, 201],
            Expected::Refused => &[415, 422],
            Expected::Either => &[200, 201, 415, 422],
        };
        assert!(allowed.contains(&status), "{}: {status} {}", hostile.name, answer.text());
        // Whether the bytes had come before is not the question.
        let told = if status == 200 { 201 } else { status };
        answers += &format!("{told} {}\n", hostile.name);
    }
    if let Some(file) = std::env::var_os("MINSHENG_WRITE_ANSWERS") {
        std::fs::write(file, &answers).expect("written");
    }
    assert!(answers == EXPECTED_ANSWERS, "the answers are not those of the fixture: {}", changed(&answers));
    let files = stored_files(&app.data_dir.join("photos"));
    assert!(files.len() > 50);
    for path in files {
        let bytes = std::fs::read(&path).expect("a file");
        assert!(!bytes.windows(12).any(|part| part == &CANARY[..12]), "{} holds the canary", path.display());
        // JFIF header, tables, frame, scan: nothing in which a note could stand.
        assert!(segments(&bytes).iter().all(|kind| matches!(kind, 0xe0 | 0xdb | 0xc0 | 0xc4 | 0xda)), "{}: {:x?}", path.display(), segments(&bytes));
        assert!(bytes.ends_with(&[0xff, 0xd9]), "{} has something after its end", path.display());
    }
}

#[tokio::test]
async fn a_picture_is_turned_the_way_it_was_held_and_its_notes_are_evidence_only() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let plain = pictures::encode_jpeg(&pictures::picture(9, 300, 200), 90);
    let notes = [b"Exif\0\0", &exif(6)[..]].concat();
    let length = u16::try_from(notes.len() + 2).expect("a length").to_be_bytes();
    let noted = [&plain[..2], &[0xff, 0xe1], &length, &notes, &plain[2..]].concat();
    let receipt = send(&deputy, &noted).await.expect(201).json();
    assert_eq!((&receipt["width"], &receipt["height"]), (&json!(200), &json!(300)), "held upright");
    let name = pictures::sha256(&noted);
    let (taken_at, lon, lat): (String, f64, f64) =
        sqlx::query_as("select taken_at, st_x(taken_at_place), st_y(taken_at_place) from photos where encode(sha256, 'hex') = $1")
            .bind(&name)
            .fetch_one(&app.pool)
            .await
            .expect("evidence");
    assert_eq!((taken_at.as_str(), lon, lat), ("2026-10-19T16:20:00", 120.05, 30.1));
    publish(&app, &name).await;
    let list = app.visitor().get(&format!("/api/sites/{}/reports", app.world.west[0].site_id)).await.expect(200).text();
    assert!(!list.contains("taken") && !list.contains("16:20:00"), "{list}");
}

#[tokio::test]
async fn a_published_picture_is_served_as_nothing_but_a_picture() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let name = send_photo(&deputy, 1).await;
    app.visitor().get(&format!("/photos/{name}")).await.expect(404);
    publish(&app, &name).await;
    for path in [format!("/photos/{name}"), format!("/photos/{name}/thumbnail")] {
        let answer = app.visitor().get(&path).await.expect(200);
        assert_eq!(answer.header("content-type"), "image/jpeg");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(answer.header("content-disposition").starts_with("inline; filename=\""));
        let picture = image::load_from_memory_with_format(&answer.bytes, ImageFormat::Jpeg).expect("a JPEG");
        assert!(picture.width() <= 2048);
    }
    for wrong in ["/photos/x", "/photos/..%2f..%2fetc%2fpasswd", &format!("/photos/{}", "0".repeat(64)), &format!("/photos/{name}/full")] {
        app.visitor().get(wrong).await.expect(404);
    }
    // A withdrawn site's pictures are withdrawn with it.
    sqlx::query("update sites set withdrawn_at = now() where site_id = $1")
        .bind(app.world.west[0].site_id.0)
        .execute(&app.pool)
        .await
        .expect("withdrawn");
    app.visitor().get(&format!("/photos/{name}")).await.expect(404);
}

#[tokio::test]
async fn pictures_of_another_county_are_not_shown_here() {
    let app = TestApp::start().await;
    let deputy = app.as_login("foreign_deputy").await;
    let name = send_photo(&deputy, 4).await;
    let mut body = report(&app.world.foreign, "not_started", 0);
    body["photos"] = json!([name]);
    deputy.put(&format!("/api/reports/{}", Uuid::now_v7()), body).await.expect(201);
    app.visitor().get(&format!("/photos/{name}")).await.expect(404);
    app.visitor().get(&format!("/api/sites/{}/reports", app.world.foreign.site_id)).await.expect(404);
}

#[tokio::test]
async fn large_pictures_are_made_smaller_and_all_three_kinds_are_taken() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let large = pictures::encode_jpeg(&pictures::picture(5, 4000, 3000), 60);
    let receipt = send(&deputy, &large).await.expect(201).json();
    assert_eq!((&receipt["width"], &receipt["height"]), (&json!(2048), &json!(1536)));
    let name = pictures::sha256(&large);
    publish(&app, &name).await;
    let thumbnail = app.visitor().get(&format!("/photos/{name}/thumbnail")).await.expect(200);
    assert_eq!(image::load_from_memory(&thumbnail.bytes).expect("a picture").width(), 480);
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        send(&deputy, &pictures::encoded(6, format)).await.expect(201);
    }
}

#[tokio::test]
async fn sending_is_safe_to_repeat_and_the_bytes_must_be_the_named_ones() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let bytes = pictures::jpeg(1);
    let mut sending = Vec::new();
    for _ in 0..8 {
        let (deputy, bytes) = (deputy.clone(), bytes.clone());
        sending.push(tokio::spawn(async move { send(&deputy, &bytes).await }));
    }
    let mut answers = Vec::new();
    for answer in sending {
        answers.push(answer.await.expect("an answer"));
    }
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
    assert!(answers.iter().all(|answer| answer.bytes == answers[0].bytes));
    // Cut at each tenth of the body: refused, and the whole is taken afterwards.
    let other = pictures::jpeg(2);
    let path = format!("/api/photos/{}", pictures::sha256(&other));
    for tenth in 0..10 {
        let answer = deputy.put_bytes(&path, other[..other.len() * tenth / 10].to_vec()).await.expect(422);
        assert_eq!(answer.fields(), ["sha256"]);
    }
    deputy.put_bytes(&path, other).await.expect(201);
    deputy.put_bytes(&path, vec![0; 10 * 1024 * 1024 + 1]).await.expect(413);
    app.visitor().put_bytes(&path, vec![1]).await.expect(401);
    for login in ["keeper", "admin", "auditor"] {
        app.as_login(login).await.put_bytes(&path, vec![1]).await.expect(403);
    }
}

#[tokio::test]
async fn a_day_has_only_so_many_pictures_and_a_full_disk_takes_none() {
    let app = TestApp::start_with(|settings| settings.photos_per_day = 2).await;
    let deputy = app.as_login("deputy").await;
    let first = pictures::jpeg(1);
    send(&deputy, &first).await.expect(201);
    send(&deputy, &pictures::jpeg(2)).await.expect(201);
    let refused = send(&deputy, &pictures::jpeg(3)).await.expect(429);
    assert_eq!(refused.header("retry-after"), "54000", "until midnight in the county");
    send(&deputy, &first).await.expect(200);
    app.set_clock("2026-10-21T00:00:00+08:00");
    send(&deputy, &pictures::jpeg(3)).await.expect(201);
    let full = TestApp::start_with(|settings| settings.free_space_floor_mib = u64::MAX).await;
    let answer = send(&full.as_login("deputy").await, &first).await.expect(507);
    assert_eq!(answer.code(), "storage_full");
    assert!(stored_files(&full.data_dir.join("photos")).is_empty());
}

#[tokio::test]
async fn unclaimed_pictures_are_swept_after_a_day_and_not_before() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let (claimed, unclaimed) = (send_photo(&deputy, 1).await, send_photo(&deputy, 2).await);
    publish(&app, &claimed).await;
    let store = PhotoStore::in_data_folder(&app.data_dir);
    let county = app.platform.served_county();
    let hash: PhotoHash = unclaimed.parse().expect("a name");
    // A file that the database does not know, as an interrupted arrival leaves it.
    let folder = app.data_dir.join("photos").join(&county.code).join("ab");
    std::fs::create_dir_all(&folder).expect("a folder");
    let stray = folder.join(format!("ab{}.jpg", "0".repeat(62)));
    for (path, hours) in [(&stray, 25), (&folder.join(".1-1.part"), 25), (&folder.join(".1-2.part"), 23)] {
        std::fs::write(path, b"x").expect("a file");
        let written = std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3600);
        std::fs::File::options().append(true).open(path).and_then(|file| file.set_modified(written)).expect("an older file");
    }
    app.set_clock("2026-10-21T08:00:00+08:00");
    let early = sweep(&app.pool, &store, &county, app.now(), true).await.expect("swept");
    assert!(early.unclaimed.is_empty() && store.has(&county.code, hash));
    assert!(!stray.exists() && !folder.join(".1-1.part").exists() && folder.join(".1-2.part").exists());
    app.set_clock("2026-10-21T10:00:00+08:00");
    let trial = sweep(&app.pool, &store, &county, app.now(), false).await.expect("looked");
    assert_eq!(trial.unclaimed, [hash]);
    assert!(store.has(&county.code, hash), "a trial removes nothing");
    sweep(&app.pool, &store, &county, app.now(), true).await.expect("swept");
    assert!(!store.has(&county.code, hash));
    assert!(store.has(&county.code, claimed.parse().expect("a name")));
    // What was swept can be sent again.
    let deputy = app.as_login("deputy").await;
    deputy.put_bytes(&format!("/api/photos/{unclaimed}"), pictures::jpeg(2)).await.expect(201);
}
