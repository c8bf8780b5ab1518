//! A site's page: the whole story in one answer that needs no script, and what link previews, feed readers and cameras get of it.

use harness::{Answer, StoredReport, TestApp, instant};
use serde_json::json;

use super::live::correct;

async fn page(app: &TestApp, path: &str) -> Answer {
    Answer::of(app.visitor().request(reqwest::Method::GET, path).header("accept", "text/html").header("accept-language", "zh-CN")).await
}

#[tokio::test]
async fn the_page_tells_the_story_and_describes_itself_to_previews() {
    let app = TestApp::start_with(|settings| settings.public_url = Some("https://map.example".to_owned())).await;
    let site = &app.world.west[0];
    let things = crate::calls::Things::prepare(&app).await;
    drop(things);
    correct(&app, &app.as_login("committee").await, site.site_id, "completed", 100).await;
    let answer = page(&app, &format!("/sites/{}", site.code)).await.expect(200);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(answer.header("content-security-policy").contains("style-src 'self'"));
    let text = answer.text();
    for wanted in [
        "<h1>西河镇中心幼儿园</h1>",
        "第 1 号实事 · 新改扩建公办幼儿园",
        "2026年3月1日 至 2026年12月20日",
        "甲代表",
        "更正状态：“进行中”改为“已完成” 100%",
        "催办 ",
        "试验县人大常委会",
        "这里有问题？",
        "西河镇代表联络站",
        "property=\"og:title\"",
        "西河镇 · 第 1 号实事",
        "property=\"og:image\" content=\"https://map.example/photos/",
        "rel=\"canonical\" href=\"https://map.example/sites/2026-01-001\"",
        "href=\"/sites/2026-01-001.atom\"",
        "src=\"/sites/2026-01-001/qr.svg\"",
    ] {
        assert!(text.contains(wanted), "{wanted} is not on the page:\n{text}");
    }
    let english = page(&app, &format!("/sites/{}?lang=en", site.code)).await.expect(200).text();
    assert!(english.contains("Something wrong here?") && english.contains("Month by month"), "{english}");
}

#[tokio::test]
async fn nothing_that_was_typed_reaches_the_page_or_the_feed_unescaped() {
    let app = TestApp::start().await;
    let site = &app.world.west[0];
    let hostile = "<script>alert(1)</script>&\"'";
    for query in [
        "update sites set name = $1, remarks = $1, quota = $1, address = $1",
        "update deputies set constituency = $1",
        "update units set name = $1 || unit_id",
    ] {
        sqlx::query(query).bind(hostile).execute(&app.pool).await.expect("hostile words");
    }
    let report = StoredReport::new(site.site_id, app.world.deputies["deputy"], instant("2026-10-12T10:00:00+08:00"), "in_progress");
    report.take_effect(&app.pool, &app.world).await;
    sqlx::query("update reports set words = $1, problems = array[$1]").bind(hostile).execute(&app.pool).await.expect("hostile words");
    let committee = app.as_login("committee").await;
    let decision = json!({"decision_number": hostile, "decided_on": "2026-10-18", "reason": hostile, "quota": hostile.to_owned() + "2", "rev": 2});
    committee.post(&format!("/api/sites/{}/plan-changes", site.site_id), decision).await.expect(200);
    for path in [format!("/sites/{}", site.code), format!("/sites/{}.atom", site.code)] {
        let text = page(&app, &path).await.expect(200).text();
        assert!(text.contains("&lt;script&gt;alert(1)"), "{path}");
        assert!(!text.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn unknown_withdrawn_and_foreign_sites_have_no_page() {
    let app = TestApp::start().await;
    sqlx::query("update sites set withdrawn_at = now() where code = '2026-01-002' and county_id = $1")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("withdrawn");
    for code in ["2026-01-002", "nowhere", "%3Cscript%3E", ".atom"] {
        for path in [format!("/sites/{code}"), format!("/sites/{code}.atom"), format!("/sites/{code}/qr.svg"), format!("/q/{code}")] {
            let answer = page(&app, &path).await.expect(404);
            assert!(answer.header("content-type").starts_with("text/html"), "{path}");
            assert!(answer.text().contains("noindex") && !answer.text().contains("<script>"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_feed_has_an_entry_for_everything_that_happened() {
    let app = TestApp::start().await;
    let site = &app.world.west[0];
    let path = format!("/sites/{}.atom", site.code);
    assert!(page(&app, &path).await.expect(200).text().contains("<updated>2026-10-20T00:00:00+08:00</updated>"), "a quiet site has a feed as well");
    let report = StoredReport::new(site.site_id, app.world.deputies["deputy"], instant("2026-10-12T10:00:00+08:00"), "in_progress");
    report.take_effect(&app.pool, &app.world).await;
    correct(&app, &app.as_login("committee").await, site.site_id, "completed", 100).await;
    let feed = page(&app, &path).await.expect(200);
    assert!(feed.header("content-type").starts_with("application/atom+xml"));
    let text = feed.text();
    assert!(text.starts_with("<?xml version=\"1.0\""), "{text}");
    assert_eq!(text.matches("<entry>").count(), 2);
    assert!(text.contains(&format!("<id>urn:uuid:{}</id>", report.report_id)) && text.contains("rel=\"self\""), "{text}");
    assert!(text.rfind("<entry>") < text.find(&report.report_id.to_string()), "newest first");
    let again = Answer::of(app.visitor().request(reqwest::Method::GET, &path).header("if-none-match", feed.header("etag"))).await;
    assert_eq!(again.status.as_u16(), 304);
}

#[tokio::test]
async fn a_printed_code_leads_to_the_page() {
    let app = TestApp::start().await;
    let site = &app.world.west[0];
    let code = app.visitor().get(&format!("/sites/{}/qr.svg", site.code)).await.expect(200);
    assert_eq!(code.header("content-type"), "image/svg+xml");
    assert!(code.header("content-security-policy").contains("default-src 'none'"));
    assert!(code.text().starts_with("<svg") && code.bytes.len() < 20_000);
    let led = app.visitor().get(&format!("/q/{}", site.code)).await.expect(307);
    assert_eq!(led.header("location"), format!("/sites/{}", site.code));
    // The personal code of a deputy leads to what they watch over.
    let deputy = app.world.deputies["deputy"];
    let led = app.visitor().get("/q/13900000001").await.expect(307);
    assert_eq!(led.header("location"), format!("/deputies/{deputy}"));
    let text = page(&app, led.header("location")).await.expect(200).text();
    assert!(text.contains("甲代表 代表") && text.contains("/sites/2026-01-001") && text.contains("领办点位 2 处"), "{text}");
    page(&app, "/deputies/987654").await.expect(404);
}
