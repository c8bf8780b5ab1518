//! The stylesheet of server-rendered pages: the app's design tokens, then the rules of the pages, which all lie below `.served`.
//!
//! It is served under the hash of its content and kept for ever, so that a page costs one small file once.

use std::sync::LazyLock;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::http::{PathOf, Problem};

static SHEET: LazyLock<Sheet> = LazyLock::new(|| {
    let text = concat!(
        include_str!("../../../web/src/ui/tokens.css"),
        include_str!("page.css"),
        include_str!("../stories/story.css"),
        include_str!("../bulletins/bulletin.css"),
        include_str!("print.css")
    );
    Sheet { name: format!("{}.css", &hex::encode(Sha256::digest(text))[..16]), text }
});

struct Sheet {
    name: String,
    text: &'static str,
}

/// Where pages find it.
pub fn address() -> String {
    format!("/style/{}", SHEET.name)
}

/// `/style/{name}`: the sheet under its present name; an earlier one is gone with the pages that asked for it.
pub async fn serve(PathOf(name): PathOf<String>, headers: HeaderMap) -> Result<Response, Problem> {
    if name != SHEET.name {
        return Err(Problem::not_found());
    }
    let kept = [(header::CACHE_CONTROL, "public, max-age=31536000, immutable"), (header::CONTENT_TYPE, "text/css; charset=utf-8")];
    let etag = format!("\"{}\"", SHEET.name);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or("");
    if known.contains(&etag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, [(header::ETAG, etag)], SHEET.text).into_response())
}
