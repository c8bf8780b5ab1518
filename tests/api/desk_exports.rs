//! What staff take out of the desk: marked, on record, within their rights, and without a formula in any cell.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use harness::{Client, TestApp};
use serde_json::{Value, json};

async fn take(client: &Client, wanted: Value, format: &str) -> Vec<u8> {
    let body = json!({"wanted": wanted, "format": format, "reason": "主任会议材料"});
    let asked = client.post("/api/desk-exports", body).await.expect(201).json();
    let answer = client.get(asked["url"].as_str().expect("an address")).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-disposition").contains(format), "{}", answer.header("content-disposition"));
    answer.bytes
}

fn lists() -> [Value; 7] {
    let parts = |by: &str| json!({"list": "month_parts", "by": by, "month": "2026-10"});
    [
        parts("group"),
        parts("township"),
        parts("project"),
        parts("deputy"),
        json!({"list": "month_reports", "month": "2026-10"}),
        json!({"list": "review", "filters": "reason=overdue_red"}),
        json!({"list": "orders"}),
    ]
}

/// The cells of a CSV file, quotes taken off.
fn cells(text: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in text.trim_start_matches('\u{feff}').chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' | '\r' | '\n' if !quoted => cells.push(String::new()),
            other => cells.last_mut().expect("a cell").push(other),
        }
    }
    cells
}

#[tokio::test]
async fn a_file_says_who_took_it_when_and_why_and_so_does_the_log() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let text = String::from_utf8(take(&committee, json!({"list": "month_reports"}), "csv").await).expect("text");
    assert!(text.starts_with("\u{feff}代表,代表小组,点位编号"), "{text}");
    for words in ["甲代表", "主任会议材料", "（committee）", "2026-10-20 09:00"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let bytes = take(&committee, json!({"list": "review"}), "xlsx").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let marks = book.worksheet_range("导出说明").expect("the marks");
    assert!(marks.rows().any(|row| row[1] == Data::String("主任会议材料".to_owned())));
    let lines: Vec<Value> =
        sqlx::query_scalar("select detail from audit_log where action = 'desk.export' order by audit_id").fetch_all(&app.pool).await.expect("lines");
    assert_eq!((lines.len(), &lines[0]["reason"], &lines[0]["rows"]), (2, &json!("主任会议材料"), &json!(5)));
}

#[tokio::test]
async fn no_cell_of_any_file_is_a_formula() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let order = json!({"site_ids": [app.world.west[0].site_id], "unit_id": app.world.unit_id, "words": "=1+1 请说明", "due_on": "2026-11-10",
        "copy_to_deputies": false, "follows": null});
    committee.post("/api/supervision-orders", order).await.expect(201);
    for (sign, place) in ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\u{3000}="].iter().zip(0..) {
        for update in [
            "update deputies set name = $1 || '1+1'",
            "update units set name = $1 || 'cmd' || unit_id",
            "update projects set title = $1 || 'x'",
            "update sites set name = $1 || 'HYPERLINK'",
            "update regions set name = $1 || region_code",
        ] {
            sqlx::query(update).bind(*sign).execute(&app.pool).await.expect("a name");
        }
        for wanted in lists() {
            let text = String::from_utf8(take(&committee, wanted.clone(), "csv").await).expect("text");
            for cell in cells(&text) {
                let begins = cell.trim_start().chars().next();
                let number = cell.parse::<f64>().is_ok();
                assert!(number || !begins.is_some_and(|first| "=+-@＝＋－＠".contains(first)), "{wanted} {sign}: {cell:?}");
            }
            if place == 0 {
                let mut book: Xlsx<_> = Xlsx::new(Cursor::new(take(&committee, wanted.clone(), "xlsx").await)).expect("a workbook");
                for sheet in book.sheet_names() {
                    assert!(book.worksheet_formula(&sheet).expect("formulas").is_empty(), "{wanted} {sheet}");
                }
            }
        }
    }
}

#[tokio::test]
async fn everybody_takes_what_they_see_and_only_their_own_file() {
    let app = TestApp::start().await;
    let west = app.as_login("working_committee").await;
    let text = String::from_utf8(take(&west, json!({"list": "month_reports"}), "csv").await).expect("text");
    assert!(text.contains("西河镇中心幼儿园") && !text.contains("东山镇"), "{text}");
    let body = json!({"wanted": {"list": "month_reports"}, "format": "csv", "reason": "存档"});
    let asked = west.post("/api/desk-exports", body.clone()).await.expect(201).json();
    let url = asked["url"].as_str().expect("an address").to_owned();
    app.as_login("committee").await.get(&url).await.expect(404);
    app.set_clock("2026-10-20T09:15:00+08:00");
    west.get(&url).await.expect(404);
    app.as_login("unit").await.post("/api/desk-exports", body).await.expect(403);
    let handler = app.as_login("unit").await;
    let orders = json!({"wanted": {"list": "orders"}, "format": "csv", "reason": "存档"});
    handler.post("/api/desk-exports", orders).await.expect(201);
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_named() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    for (wanted, format, reason, field) in [
        (json!({"list": "month_parts"}), "csv", "x", "wanted.by"),
        (json!({"list": "month_parts", "by": "colour"}), "csv", "x", "wanted.by"),
        (json!({"list": "orders", "month": "2026-10"}), "csv", "x", "wanted.month"),
        (json!({"list": "orders", "filters": "a=1"}), "csv", "x", "wanted.filters"),
        (json!({"list": "review", "filters": "colour=red"}), "csv", "x", "wanted.filters"),
        (json!({"list": "review"}), "pdf", "x", "format"),
        (json!({"list": "review"}), "csv", " ", "reason"),
    ] {
        let refused = committee.post("/api/desk-exports", json!({"wanted": wanted, "format": format, "reason": reason})).await.expect(422);
        assert_eq!(refused.fields(), [field], "{}", refused.text());
    }
}
