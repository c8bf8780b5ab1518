//! Answers that their reader may keep: named by a hash of their content (`ETag`), so that a repetition costs a 304, whichever process answers.
//!
//! The rule kept here: only what is answered alike to every reader is called `public`. Whoever keeps answers, a proxy or the page's own
//! worker, keeps those and no others; a route whose answer depends on who asks never passes here.

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::pressed;
use super::problem::Problem;

/// No list is longer: every list is a page.
const LONGEST_ANSWER: usize = 64 << 20;

/// For how long an answer holds without asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It may change at any moment: asked for each time, sent when it has changed.
    Ask,
    /// What it tells does not change; names beside it may.
    Hour,
    /// Its address names its content.
    Forever,
}

impl Keeping {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ask => "public, no-cache",
            Self::Hour => "public, max-age=3600",
            Self::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// The name of some content: the same wherever and whenever it is made.
pub fn version_of(content: &[u8]) -> String {
    hex::encode(&Sha256::digest(content)[..12])
}

/// JSON under its name; nothing but the name when the reader has it already.
pub fn json<T: Serialize>(asked: &HeaderMap, body: &T, keeping: Keeping) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(body).map_err(Problem::internal)?;
    named(asked, bytes.into(), keeping)
}

/// As [`json`], as small as it goes: for what every first visit asks for.
pub async fn pressed_json<T: Serialize>(asked: &HeaderMap, body: &T, keeping: Keeping) -> Result<Response, Problem> {
    let content = Bytes::from(serde_json::to_vec(body).map_err(Problem::internal)?);
    let etag = etag_of(&content);
    if is_known(asked, &etag) {
        return with_name(StatusCode::NOT_MODIFIED.into_response(), &etag, keeping);
    }
    with_name(pressed::answer(asked, content).await?, &etag, keeping)
}

fn named(asked: &HeaderMap, content: Bytes, keeping: Keeping) -> Result<Response, Problem> {
    let etag = etag_of(&content);
    let response = if is_known(asked, &etag) { StatusCode::NOT_MODIFIED.into_response() } else { content.into_response() };
    with_name(response, &etag, keeping)
}

/// Weak, because the same content travels compressed and plain.
fn etag_of(content: &[u8]) -> String {
    format!("W/\"{}\"", version_of(content))
}

fn is_known(asked: &HeaderMap, etag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|names| names.split(',')).any(|name| name.trim() == etag)
}

fn with_name(mut response: Response, etag: &str, keeping: Keeping) -> Result<Response, Problem> {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::ETAG, HeaderValue::from_str(etag).map_err(Problem::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping.as_str()));
    Ok(response)
}

/// A layer for routes that answer everybody alike: names every whole JSON answer that its route has not named.
pub async fn name_answers(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let response = next.run(request).await;
    let headers = response.headers();
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json");
    if response.status() != StatusCode::OK || !is_json || headers.contains_key(header::ETAG) {
        return response;
    }
    let content = to_bytes(response.into_body(), LONGEST_ANSWER).await.map_err(Problem::internal);
    content.and_then(|content| named(&asked, content, Keeping::Ask)).unwrap_or_else(IntoResponse::into_response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(names: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(names))])
    }

    #[test]
    fn known_content_is_not_sent_again() {
        let first = json(&HeaderMap::new(), &[1, 2], Keeping::Ask).expect("an answer");
        assert_eq!((first.status(), &first.headers()[header::CACHE_CONTROL]), (StatusCode::OK, &HeaderValue::from_static("public, no-cache")));
        let etag: &'static str = first.headers()[header::ETAG].to_str().expect("text").to_owned().leak();
        assert_eq!(json(&asked(etag), &[1, 2], Keeping::Ask).expect("an answer").status(), StatusCode::NOT_MODIFIED);
        assert_eq!(json(&asked(format!("W/\"x\", {etag}").leak()), &[1, 2], Keeping::Ask).expect("an answer").status(), StatusCode::NOT_MODIFIED);
        assert_eq!(json(&asked(etag), &[1, 3], Keeping::Ask).expect("an answer").status(), StatusCode::OK);
    }
}
