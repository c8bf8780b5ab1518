//! A formula planted before the words of every text column there is, and every table that leaves the service read back: no cell of any
//! is one. `scripts/open-files` has LibreOffice read the same files.

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use harness::TestApp;
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::desk_exports::{cells, fill, lists, take};

/// What spreadsheets take for the beginning of a formula, alone or behind what they pass over.
const SIGNS: [&str; 11] = ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", "\u{3000}="];

/// Public tables, the same for everybody.
const PUBLIC: [&str; 8] = [
    "/export/sites",
    "/export/stations",
    "/export/grid-cells",
    "/export/reports",
    "/export/figures.csv?by=unit",
    "/export/progress.csv?year=2026",
    "/export/bulletin.xlsx?month=2026-09",
    "/export/year-report.xlsx?year=2026",
];

/// A column that the service itself reads.
const NOT_WORDS: (&str, &str) = ("counties", "time_zone");

/// Puts `sign` before every text that the database lets be changed, and returns the columns in which it now stands.
async fn plant(app: &TestApp, sign: &str) -> Vec<String> {
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text from information_schema.columns join information_schema.tables using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE' and data_type = 'text' and is_generated = 'NEVER'
           and table_name !~ '^(_sqlx|audit_|spatial)'",
    )
    .fetch_all(&app.pool)
    .await
    .expect("columns");
    let mut planted = Vec::new();
    for (table, column) in columns {
        if NOT_WORDS == (table.as_str(), column.as_str()) {
            continue;
        }
        // A code, a kind or a key refuses it, and is nobody's words.
        let statement = format!("update {table} set {column} = $1 || {column} where {column} is not null");
        let changed = sqlx::query(AssertSqlSafe(statement)).bind(sign).execute(&app.pool).await;
        if changed.is_ok_and(|changed| changed.rows_affected() > 0) {
            planted.push(format!("{table}.{column}"));
        }
    }
    planted
}

/// Whether a spreadsheet would compute the cell. A number is one whatever its sign.
fn computes(cell: &str) -> bool {
    let begins = cell.trim_start().chars().next();
    cell.parse::<f64>().is_err() && begins.is_some_and(|first| "=+-@＝＋－＠".contains(first))
}

fn check_csv(what: &str, sign: &str, bytes: Vec<u8>) {
    let text = String::from_utf8(bytes).expect("text");
    for cell in cells(&text) {
        assert!(!computes(&cell), "{what} {sign:?}: {cell:?}");
    }
}

fn check_workbook(what: &str, bytes: Vec<u8>) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    for sheet in book.sheet_names() {
        assert!(book.worksheet_formula(&sheet).expect("formulas").is_empty(), "{what} {sheet}");
    }
}

#[tokio::test]
async fn no_cell_of_any_file_is_a_formula() {
    let app = TestApp::start().await;
    fill(&app).await;
    let order = json!({"site_ids": [app.world.west[0].site_id], "unit_id": app.world.unit_id, "words": "请说明", "due_on": "2026-11-10",
        "copy_to_deputies": false, "follows": null});
    app.as_login("committee").await.post("/api/supervision-orders", order).await.expect(201);
    let (committee, admin, auditor) = (app.as_login("committee").await, app.as_login("admin").await, app.as_login("auditor").await);
    for (place, sign) in SIGNS.iter().enumerate() {
        let planted = plant(&app, sign).await;
        assert!(planted.len() >= 40, "planted only in {planted:?}");
        assert!(
            ["sites.name", "units.name", "accounts.name", "reports.words", "supervision_orders.words"]
                .iter()
                .all(|of| planted.iter().any(|it| it == of))
        );
        let others = [(&admin, json!({"list": "accounts"})), (&auditor, json!({"list": "audit_log"}))];
        for (client, wanted) in lists().into_iter().map(|wanted| (&committee, wanted)).chain(others) {
            check_csv(&wanted.to_string(), sign, take(client, wanted.clone(), "csv").await);
            if place == 0 {
                check_workbook(&wanted.to_string(), take(client, wanted.clone(), "xlsx").await);
            }
        }
        for path in PUBLIC {
            for format in ["csv", "xlsx"].into_iter().filter(|format| !path.contains('.') || path.contains(format)) {
                let path = if path.contains('.') { path.to_owned() } else { format!("{path}.{format}") };
                let bytes = app.visitor().get(&path).await.expect(200).bytes;
                if format == "csv" { check_csv(&path, sign, bytes) } else { check_workbook(&path, bytes) }
            }
        }
    }
}

#[test]
fn the_check_itself_knows_a_formula() {
    for formula in ["=1", "+SUM(A1)", "-cmd", "@x", "\t=1+1", "\r=1+1", "＝1", "\u{3000}=1"] {
        assert!(computes(formula), "{formula:?}");
    }
    for words in ["'=1", "-12.5", "西河镇", "1=1", ""] {
        assert!(!computes(words), "{words:?}");
    }
}
