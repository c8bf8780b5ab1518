//! Extractors whose refusal is a [`Problem`]: JSON bodies, path segments, queries.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::pace;
use super::problem::{Code, Problem};
use super::strict_json;

/// Largest JSON body, in bytes.
pub const JSON_LIMIT: usize = 1024 * 1024;

/// A JSON body, read strictly.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = json_bytes(&parts.headers, body).await?;
        strict_json::read(&bytes).map(Self)
    }
}

/// The bytes of a body that says it is JSON, up to [`JSON_LIMIT`].
pub async fn json_bytes(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !kind.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(Code::UnsupportedMedia).saying("请求内容应为 application/json", "The content must be application/json"));
    }
    body_bytes(headers, body, JSON_LIMIT).await
}

/// The bytes of a body, cut off with a refusal as soon as it is longer than `limit`.
pub async fn body_bytes(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::new(Code::UnsupportedMedia).saying("请不要压缩请求内容", "Please send the content uncompressed"));
    }
    let declared: Option<usize> = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        if source.is_some_and(|source| source.to_string().contains("length limit")) {
            too_large(limit)
        } else if pace::was_too_slow(&error) {
            Problem::new(Code::TooSlow)
        } else {
            Problem::new(Code::BadRequest).saying("内容没有收全", "The content did not arrive whole").because(error)
        }
    })
}

fn too_large(limit: usize) -> Problem {
    let size = if limit < 1024 * 1024 { format!("{} kB", limit / 1024) } else { format!("{} MB", limit / (1024 * 1024)) };
    Problem::new(Code::TooLarge).saying(format!("内容超过 {size}"), format!("The content is larger than {size}"))
}

/// Path segments. One that cannot be what it should be is simply not found.
#[derive(Debug)]
pub struct PathOf<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Path::<T>::from_request_parts(parts, state).await.map(|Path(value)| Self(value)).map_err(|_| Problem::not_found())
    }
}

/// The query, strictly read: unknown names are refused by the query type, a wrong value names its field.
#[derive(Debug)]
pub struct QueryOf<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or("");
        // An empty value is what a form sends for a choice that was not made.
        let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.ends_with('=')).collect();
        let query = pairs.join("&");
        let deserializer = serde_urlencoded::Deserializer::new(form_pairs(&query));
        serde_path_to_error::deserialize(deserializer).map(Self).map_err(|error| {
            let path = error.path().to_string();
            strict_json::value_fault(&path, &error.inner().to_string())
        })
    }
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}
