//! The dictionary over HTTP.

use axum::http::HeaderMap;
use axum::response::Response;

use super::entries::{Entry, entries};
use crate::http::kept::{self, Keeping};
use crate::http::{Page, Problem};

/// The words of the figures with their meanings, in Chinese and English.
#[utoipa::path(get, path = "/api/glossary", tag = "map", responses((status = 200, body = Page<Entry>, description = "Every word"),
    (status = 304, description = "As the caller knows it")))]
pub async fn list_words(headers: HeaderMap) -> Result<Response, Problem> {
    kept::json(&headers, &Page::whole(entries().to_vec()), Keeping::Hour)
}
