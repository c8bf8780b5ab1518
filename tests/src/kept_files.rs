//! Every table and picture that any test is served, kept in a folder for other programs to open: see `scripts/open-files`.

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use uuid::Uuid;

/// Keeps the body in the folder named by `MINSHENG_KEEP_FILES`, if it is a file that people open with other programs.
pub fn keep(headers: &HeaderMap, bytes: &[u8]) {
    let Ok(folder) = std::env::var("MINSHENG_KEEP_FILES") else { return };
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let ending = match kind.split(';').next().unwrap_or_default() {
        "text/csv" => "csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        _ => return,
    };
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(format!("{folder}/{}.{ending}", Uuid::new_v4().simple()), bytes).expect("kept");
}
