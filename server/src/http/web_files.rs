//! The web front end: static files that lie inside the binary (beside it in a development build), with their compressed twins.
//!
//! Names under `assets/` carry a hash of their content and are kept for ever; pages are asked for anew each time.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::problem::{Code, Problem};
use super::security::PAGE_POLICY;

#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Files;

/// Answers with the file that the path names, or with the page that serves the path.
pub async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::new(Code::MethodNotAllowed).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    match path {
        // The public face without content of any moment or reader: what its worker keeps for the time without network.
        "shell" => page("index.html", request.headers()),
        "deputy" => page("deputy.html", request.headers()),
        "desk" => page("desk.html", request.headers()),
        "join" => page("join.html", request.headers()),
        "challenge" => page("challenge.html", request.headers()),
        _ if path.starts_with("deputy/") => page("deputy.html", request.headers()),
        _ if path.starts_with("desk/") => page("desk.html", request.headers()),
        _ if path.ends_with(".br") || path.ends_with(".gz") || path.ends_with(".html") => Problem::not_found().into_response(),
        _ => file(path, request.headers()).unwrap_or_else(|| Problem::not_found().into_response()),
    }
}

/// A built page as text, for whoever fills it; nothing when the web front end is not built.
pub fn built_page(name: &str) -> Option<String> {
    String::from_utf8(Files::get(name)?.data.into_owned()).ok()
}

fn page(name: &str, headers: &HeaderMap) -> Response {
    file(name, headers).unwrap_or_else(|| {
        let words = "网页尚未构建：请先运行 make web。 The web pages are not built yet: run make web.";
        (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
    })
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Files::get(path)?;
    let etag = format!("\"{}\"", hex::encode(&plain.metadata.sha256_hash()[..12]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.contains(&etag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        with_best_encoding(path, plain, headers)
    };
    let answer = response.headers_mut();
    // Said with a 304 as well: a browser takes the policy of the repetition for the page it had kept.
    answer.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    answer.insert(header::ETAG, HeaderValue::from_str(&etag).ok()?);
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keeping = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping));
    Some(response)
}

fn with_best_encoding(path: &str, plain: EmbeddedFile, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = match plain.metadata.mimetype() {
        "text/html" => "text/html; charset=utf-8".to_owned(),
        "text/javascript" | "application/javascript" => "text/javascript; charset=utf-8".to_owned(),
        other => other.to_owned(),
    };
    for (token, suffix) in [("br", "br"), ("gzip", "gz")] {
        if accepted.split(',').any(|part| part.split(';').next().unwrap_or("").trim() == token)
            && let Some(smaller) = Files::get(&format!("{path}.{suffix}"))
        {
            let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_ENCODING, token.to_owned())];
            return (headers, Body::from(smaller.data)).into_response();
        }
    }
    ([(header::CONTENT_TYPE, kind)], Body::from(plain.data)).into_response()
}
