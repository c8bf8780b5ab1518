//! How rendered text is sent: under the hash of its content, so that a repetition costs a 304; asked for anew each time.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::reader::Reader;
use crate::http::security::PAGE_POLICY;

/// What the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Page,
    Atom,
    Xml,
    Text,
}

impl Kind {
    fn media_type(self) -> &'static str {
        match self {
            Self::Page => "text/html; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Xml => "application/xml; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

/// Sends `text` to `reader`, or only that it has not changed. The reader's choices of language and type are kept on the way.
pub fn with(reader: &Reader, status: StatusCode, kind: Kind, text: String) -> Response {
    // Weak, because the layer that compresses sends the same content in other bytes.
    let etag = format!("W/\"{}\"", &hex::encode(Sha256::digest(&text))[..24]);
    let unchanged = status == StatusCode::OK && reader.knows(&etag);
    let mut response = if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { (status, text).into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie, accept-encoding"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(reader.language.tag()));
    let keeping = if status == StatusCode::OK { "no-cache" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping));
    if kind == Kind::Page {
        // Said with a 304 as well: a browser takes the policy of the repetition for the page it had kept.
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    }
    if let (StatusCode::OK, Ok(etag)) = (status, HeaderValue::from_str(&etag)) {
        headers.insert(header::ETAG, etag);
    }
    for choice in reader.chosen() {
        headers.append(header::SET_COOKIE, choice.clone());
    }
    response
}
