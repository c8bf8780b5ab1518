//! What people type, through the whole way of a report's words: refused by name, quietly put right, or kept to the letter.

use harness::{Answer, Client, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

/// A text on its way in, and what is stored of it; nothing when it is refused.
type Case = (Vec<u8>, Option<String>);

fn text(written: &str, stored: &str) -> Case {
    (serde_json::to_vec(written).expect("JSON"), Some(stored.to_owned()))
}

fn refused(json: String) -> Case {
    (json.into_bytes(), None)
}

fn kept_to_the_letter() -> Vec<Case> {
    let scripts = [
        "已完工",
        "𠮷野家 𡃁 𪚥 𫝆 𬺰 𮯠 𰀀 𱍊",
        "གཞུང་ལམ",
        "ئۇيغۇرچە",
        "ᠮᠣᠩᠭᠣᠯ",
        "한국어",
        "ภาษาไทย",
        "ひらがな",
        "Ünïcödé",
        "עברית",
        "العربية",
        "ꆈꌠꉙ",
        "Ƕ𐍈",
        "∑∫√≠",
        "①②③",
        "——……",
        "“”‘’",
    ];
    let emoji = ["👨‍👩‍👧‍👦", "👷🏽‍♀️", "🏗️", "🚧", "🇨🇳", "❤️‍🔥", "🧑🏻‍🤝‍🧑🏿", "1️⃣"];
    let markup = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "'; drop table reports; --",
        "{{7*7}}",
        "${7*7}",
        "%s%n",
        "=1+1",
        "@SUM(A1)",
        "\\u0041",
        "a\\b",
        "\"quoted\"",
        "NULL",
        "undefined",
        "../../etc/passwd",
    ];
    let mut cases: Vec<Case> = scripts.iter().chain(&emoji).chain(&markup).map(|word| text(word, word)).collect();
    // One character from each stretch of the planes that Chinese is written in.
    for start in (0x3400..0x4dc0).step_by(97).chain((0x4e00..0x9fff).step_by(331)).chain((0x20000..0x2a6d0).step_by(983)) {
        let word = char::from_u32(start).map(|character| format!("字{character}字")).expect("a character");
        cases.push(text(&word, &word));
    }
    cases
}

fn put_right() -> Vec<Case> {
    let invisible = ('\u{202a}'..='\u{202e}')
        .chain('\u{2066}'..='\u{2069}')
        .chain(['\u{200b}', '\u{200c}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}', '\u{ad}']);
    let mut cases: Vec<Case> = invisible.map(|character| text(&format!("已{character}完{character}工"), "已完工")).collect();
    cases.extend([text("  两边的空白\n", "两边的空白"), text("e\u{301}", "é"), text("一\r\n二\r三", "一\n二\n三"), text("\u{1100}\u{1161}", "가")]);
    cases
}

fn refused_by_name() -> Vec<Case> {
    let controls = (0_u32..0x20).chain(0x7f..0xa0).filter(|code| ![0x09, 0x0a, 0x0d].contains(code));
    let mut cases: Vec<Case> = controls.map(|code| refused(format!("\"完\\u{code:04x}工\""))).collect();
    cases.push(refused(format!("\"{}\"", "长".repeat(2001))));
    cases.push(refused("5".to_owned()));
    cases.push(refused("[\"完工\"]".to_owned()));
    cases
}

async fn send(deputy: &Client, site: i64, words: &[u8]) -> (Uuid, Answer) {
    let id = Uuid::new_v4();
    let rest = json!({"site_id": site, "stage": "not_started", "percent": 0, "problems": [], "photos": [], "written_at": "2026-10-20T08:59:00+08:00",
        "position": null, "step_back_reason": null});
    let rest = rest.to_string();
    let body = [b"{\"words\":", words, b",", &rest.as_bytes()[1..]].concat();
    let request = deputy.request(reqwest::Method::PUT, &format!("/api/reports/{id}")).header("content-type", "application/json").body(body);
    (id, Answer::of(request).await)
}

#[tokio::test]
async fn three_hundred_texts_are_kept_put_right_or_refused() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let site = app.world.west[0].site_id.0;
    let cases: Vec<Case> = [kept_to_the_letter(), put_right(), refused_by_name()].concat();
    assert!(cases.len() >= 300, "{}", cases.len());
    for (words, expected) in cases {
        let (id, answer) = send(&deputy, site, &words).await;
        let shown = String::from_utf8_lossy(&words).into_owned();
        match expected {
            Some(expected) => {
                answer.expect(201);
                let query = sqlx::query_scalar("select words from reports where report_id = $1").bind(id);
                let stored: String = query.fetch_one(&app.pool).await.expect("the report");
                assert_eq!(stored, expected, "{shown}");
            }
            None => assert_eq!(answer.expect(422).fields(), ["words"], "{shown}"),
        }
    }
    for lone_surrogate in ["\"\\ud800\"", "\"\\udfff完工\""] {
        send(&deputy, site, lone_surrogate.as_bytes()).await.1.expect(400);
    }
    let reports: Vec<Value> = app.visitor().get(&format!("/api/sites/{site}/reports")).await.expect(200).items();
    assert!(!reports.is_empty());
}
