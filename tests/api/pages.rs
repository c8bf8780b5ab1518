//! The public face as pages: readable without script, in both languages and sizes, escaped, asked for again at the price of a 304.

mod feeds;
mod lists;

use harness::{Answer, TestApp};
use reqwest::{Method, header};

use lists::Reported;

/// The page of `path` as a Chinese reader's browser asks for it.
async fn page(app: &TestApp, path: &str) -> Answer {
    app.visitor().get(path).await
}

async fn page_with(app: &TestApp, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let request = app.visitor().request(Method::GET, path);
    Answer::of(headers.iter().fold(request, |request, (name, value)| request.header(name, *value))).await
}

const PAGES: [&str; 6] = ["/", "/list", "/projects", "/stations", "/open-data", "/sites/2026-01-001"];

#[tokio::test]
async fn every_page_is_whole_without_script() {
    let app = TestApp::start().await;
    for path in PAGES {
        let answer = page(&app, path).await.expect(200);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"), "{path}");
        assert_eq!((answer.header("cache-control"), answer.header("content-language")), ("no-cache", "zh-CN"), "{path}");
        let text = answer.text();
        assert!(text.starts_with("<!doctype html>") || text.starts_with("<!DOCTYPE html>"), "{path}");
        for part in ["<html lang=\"zh-CN\">", "<main id=\"content\"", "<h1>", "href=\"/style/", "试验县"] {
            assert!(text.contains(part), "{path} has {part}");
        }
        assert_eq!(text.matches("<h1>").count(), 1, "{path}");
        assert!(!text.contains("rel=\"canonical\""), "{path}: half an address, without a settled name, is none");
        for inline in ["style=\"", "<style", "onclick", "javascript:"] {
            assert!(!text.contains(inline), "{path}: {inline}");
        }
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let app = TestApp::start().await;
    for path in PAGES {
        let first = page(&app, path).await.expect(200);
        let again = page_with(&app, path, &[(header::IF_NONE_MATCH, first.header("etag"))]).await.expect(304);
        assert!(again.bytes.is_empty(), "{path}");
        assert_eq!(again.header("etag"), first.header("etag"), "{path}");
        assert!(!again.header("content-security-policy").is_empty(), "{path}");
        let english = page_with(&app, path, &[(header::IF_NONE_MATCH, first.header("etag")), (header::ACCEPT_LANGUAGE, "en")]).await;
        assert_eq!(english.status.as_u16(), 200, "{path}: another language is another page");
    }
    let head = Answer::of(app.visitor().request(Method::HEAD, "/list")).await.expect(200);
    assert!(head.bytes.is_empty() && !head.header("etag").is_empty());
    assert_eq!(app.visitor().send(Method::POST, "/list", None).await.status.as_u16(), 405);
}

#[tokio::test]
async fn a_change_changes_the_page() {
    let app = TestApp::start().await;
    let before = page(&app, "/list").await.expect(200);
    sqlx::query("update sites set name = '改名幼儿园' where code = '2026-01-001' and county_id = $1")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("a new name");
    let renamed = app.second_server().await;
    let after = page_with(&renamed, "/list", &[(header::IF_NONE_MATCH, before.header("etag"))]).await.expect(200);
    assert!(after.text().contains("改名幼儿园"));
}

#[tokio::test]
async fn the_reader_chooses_language_and_size_without_script() {
    let app = TestApp::start().await;
    let english = page_with(&app, "/list", &[(header::ACCEPT_LANGUAGE, "en-GB,en;q=0.9,zh;q=0.3")]).await.expect(200);
    assert!(english.text().contains("<html lang=\"en\">") && english.text().contains("Not started"));
    let chosen = page(&app, "/list?stage=not_started&lang=en").await.expect(200);
    assert!(chosen.header("set-cookie").starts_with("minsheng_lang=en; Path=/; Max-Age="), "{}", chosen.header("set-cookie"));
    assert!(chosen.text().contains("<html lang=\"en\">"));
    assert!(chosen.text().contains("href=\"?stage=not_started&amp;type=large\""), "the choice keeps the filters");
    let large = page(&app, "/list?type=large").await.expect(200);
    assert!(large.header("set-cookie").starts_with("minsheng_type=large;") && large.text().contains("data-type=\"large\""));
    let kept = page_with(&app, "/stations", &[(header::COOKIE, "minsheng_lang=en; minsheng_type=large")]).await.expect(200);
    assert!(kept.text().contains("<html lang=\"en\" data-type=\"large\">"));
    assert_eq!(kept.header("set-cookie"), "");
    for nonsense in ["/list?lang=xx&type=huge", "/list?lang=en%0d%0aset-cookie:a=b"] {
        let answer = page(&app, nonsense).await.expect(200);
        assert_eq!(answer.header("set-cookie"), "", "{nonsense}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_in_the_readers_language() {
    let app = TestApp::start().await;
    let chinese = page(&app, "/sites/2026-99-999").await.expect(404);
    assert_eq!(chinese.header("content-type"), "text/html; charset=utf-8");
    assert!(chinese.text().contains("没有找到") && chinese.text().contains("noindex"));
    let english = page_with(&app, "/sites/2026-99-999", &[(header::ACCEPT_LANGUAGE, "en")]).await.expect(404);
    assert!(english.text().contains("Not found") && english.text().contains("See every site"));
    page(&app, &format!("/sites/{}", "x".repeat(5000))).await.expect(404);
    page(&app, "/sites/%00%ff").await.expect(404);
    let browser = [(header::ACCEPT, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")];
    for lost in ["/nowhere", "//elsewhere.example/", "/export/people.csv", "/style/0.css"] {
        let told = page_with(&app, lost, &browser).await.expect(404);
        assert_eq!(told.header("content-type"), "text/html; charset=utf-8", "{lost}");
        assert!(!told.text().contains("elsewhere.example"), "a page links to nothing that the request named");
        assert_eq!(page(&app, lost).await.expect(404).header("content-type"), "application/problem+json", "{lost} for a program");
    }
    let program = page_with(&app, "/api/nowhere", &browser).await.expect(404);
    assert_eq!(program.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn what_somebody_typed_comes_out_as_text() {
    let app = TestApp::start().await;
    let payload = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}&amp;";
    for statement in [
        "update sites set name = $1, address = $1, quota = $1, remarks = $1",
        "update projects set title = $1",
        "update units set name = $1 || unit_id",
        "update regions set name = $1",
        "update stations set name = $1, address = $1, opening_hours = $1, telephone = 'javascript:alert(3)'",
        "update deputies set name = left($1, 26), constituency = $1",
        "update counties set name = $1",
    ] {
        sqlx::query(statement).bind(payload).execute(&app.pool).await.expect("the payload is planted");
    }
    app.world_report("completed").await;
    let planted = app.second_server().await;
    for path in PAGES.into_iter().chain(["/sites.atom", "/list?q=%3Cscript%3E%22", "/list?stage=%22%3E%3Cscript%3Ealert(1)", "/sites/%3Cscript%3E"]) {
        let text = page(&planted, path).await.text();
        for markup in ["<script>alert", "<img src=x", "onerror=alert(2)>\"", "\"javascript:"] {
            assert!(!text.contains(markup), "{path}: {markup}");
        }
        assert!(path.contains('%') || text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{path} shows what was typed");
    }
}

#[tokio::test]
async fn a_shared_link_has_a_preview() {
    let app = TestApp::start_with(|settings| settings.public_url = Some("https://map.example.gov.cn/".to_owned())).await;
    let text = page(&app, "/sites/2026-01-001").await.expect(200).text();
    for tag in [
        "<title>西河镇中心幼儿园 · 试验县 · 民生实事项目监督地图</title>",
        "property=\"og:title\"",
        "property=\"og:type\" content=\"article\"",
        "property=\"og:description\"",
        "property=\"og:url\" content=\"https://map.example.gov.cn/sites/2026-01-001\"",
        "property=\"og:image\" content=\"https://map.example.gov.cn/",
        "itemprop=\"image\"",
        "<link rel=\"canonical\" href=\"https://map.example.gov.cn/sites/2026-01-001\">",
        "hreflang=\"en\" href=\"https://map.example.gov.cn/sites/2026-01-001?lang=en\"",
    ] {
        assert!(text.contains(tag), "{tag}");
    }
    let nameless = TestApp::start().await;
    let forged = [(header::HOST, "evil.example"), (header::HeaderName::from_static("x-forwarded-host"), "evil.example")];
    let text = page_with(&nameless, "/list", &forged).await.text();
    assert!(!text.contains("evil.example") && !text.contains("og:url"), "no absolute link without a settled name");
}

#[tokio::test]
async fn the_stylesheet_is_kept_for_ever_under_its_hash() {
    let app = TestApp::start().await;
    let text = page(&app, "/open-data").await.text();
    let path =
        text.split("href=\"").find_map(|part| part.starts_with("/style/").then(|| part.split('"').next())).flatten().expect("a sheet").to_owned();
    let sheet = page(&app, &path).await.expect(200);
    assert_eq!((sheet.header("content-type"), sheet.header("cache-control")), ("text/css; charset=utf-8", "public, max-age=31536000, immutable"));
    assert!(sheet.text().contains("--brand:") && sheet.text().contains("@media print"));
    page_with(&app, &path, &[(header::IF_NONE_MATCH, sheet.header("etag"))]).await.expect(304);
}
