//! Changing calls must come from this site's own pages, or from a program that says where it comes from: a foreign page cannot act with
//! a visitor's session.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::{Code, Problem};
use super::security::REPORT_PATH;
use crate::platform::Platform;

/// Refuses a changing call that is not of the same origin.
pub async fn require_same_origin(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let may_be_nameless = request.method() == Method::POST && request.uri().path() == REPORT_PATH && is_nameless(request.headers());
    if reading || may_be_nameless || is_same_origin(request.headers(), platform.settings.public_url.as_deref()) {
        return next.run(request).await;
    }
    Problem::new(Code::ForeignOrigin).into_response()
}

/// Reports of the content security policy are sent by the browser itself, which says nothing of an origin, or `null` for a page in a
/// sandbox. They act with nobody's session. A page that names a foreign origin is refused there like everywhere.
fn is_nameless(headers: &HeaderMap) -> bool {
    headers.get(header::ORIGIN).is_none_or(|origin| origin == "null")
}

/// `Origin` is decisive when it is there; without it `Sec-Fetch-Site` must say `same-origin` or `none`.
fn is_same_origin(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(header::ORIGIN) {
        Some(origin) => {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let own = public_url.map(|url| url.trim_end_matches('/'));
            (host.is_some() && host == text(header::HOST)) || own == Some(origin)
        }
        None => headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()).is_some_and(|site| matches!(site, "same-origin" | "none")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_combinations_of_headers() {
        let cases: [(Option<&str>, Option<&str>, bool); 12] = [
            (None, None, false),
            (None, Some("same-origin"), true),
            (None, Some("none"), true),
            (None, Some("same-site"), false),
            (None, Some("cross-site"), false),
            (Some("http://map.example"), None, true),
            (Some("https://map.example"), Some("same-origin"), true),
            (Some("https://public.example"), None, true),
            (Some("https://evil.example"), None, false),
            (Some("https://evil.example"), Some("same-origin"), false),
            (Some("null"), Some("cross-site"), false),
            (Some("https://map.example.evil.example"), Some("none"), false),
        ];
        for (origin, site, expected) in cases {
            let mut headers = HeaderMap::from_iter([(header::HOST, "map.example".parse().expect("a value"))]);
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().expect("a value"));
            }
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().expect("a value"));
            }
            assert_eq!(is_same_origin(&headers, Some("https://public.example/")), expected, "{origin:?} {site:?}");
        }
    }
}
