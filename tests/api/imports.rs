//! Imports over HTTP and at the command line: real files in, previewed, confirmed, undone.

mod bad_files;
mod boundaries;
mod people;
mod samples;
mod sites;

use harness::Client;
use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::Value;

/// Uploads a file and gives its preview.
async fn upload(client: &Client, query: &str, bytes: impl Into<Vec<u8>>) -> Value {
    client.post_bytes(&format!("/api/imports?{query}"), bytes.into()).await.expect(201).json()
}

/// Confirms a preview; the test ends when that is refused.
async fn confirm(client: &Client, import: &Value) -> Value {
    client.post(&format!("/api/imports/{}/confirm", id(import)), serde_json::json!({})).await.expect(200).json()
}

fn id(import: &Value) -> &str {
    import["id"].as_str().expect("an id")
}

/// New, changed and unchanged rows.
fn counts(import: &Value) -> (u64, u64, u64) {
    let count = |name: &str| import[name].as_u64().expect("a count");
    (count("new"), count("changed"), count("unchanged"))
}

/// The findings with this code.
fn findings<'a>(import: &'a Value, code: &str) -> Vec<&'a Value> {
    let all = import["findings"].as_array().expect("findings");
    all.iter().filter(|finding| finding["code"] == code).collect()
}

/// The codes of all errors.
fn errors(import: &Value) -> Vec<&str> {
    let all = import["findings"].as_array().expect("findings");
    all.iter().filter(|finding| finding["severity"] == "error").filter_map(|finding| finding["code"].as_str()).collect()
}

/// A workbook with one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("点位").expect("a name");
    fill(sheet);
    book.save_to_buffer().expect("a workbook")
}

/// A CSV of sites for the test world: the usual header and the rows given.
fn sites_csv(rows: &[&str]) -> String {
    let header = "序号,项目名称,点位名称,所在镇街,经度,纬度,责任单位,计划开工,计划完工,当前状态,当前进度,备注";
    std::iter::once(header).chain(rows.iter().copied()).collect::<Vec<_>>().join("\n")
}
