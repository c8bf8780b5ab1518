//! The browser's rules, sent with every answer: what a page may load and run, who may frame it, what is kept.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// For pages and scripts (a worker obeys the policy that its own script came with): own scripts, styles, workers and connections only; pictures also from `data:` and `blob:` (previews before sending).
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; report-uri /api/csp-reports; report-to csp";
/// For everything that is neither a page nor a script.
pub const DATA_POLICY: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox; report-uri /api/csp-reports; report-to csp";

/// Where browsers send what a policy kept from happening; older ones know only the policy's `report-uri`.
pub const REPORT_PATH: &str = "/api/csp-reports";

const ALWAYS: [(HeaderName, &str); 8] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("reporting-endpoints"), "csp=\"/api/csp-reports\""),
];

/// Sets the headers that every answer carries. A route may have set a stricter `Cache-Control` or policy of its own.
pub async fn set_headers(request: Request, next: Next) -> Response {
    let path_is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let policy = if kind.starts_with("text/html") || kind.starts_with("text/javascript") { PAGE_POLICY } else { DATA_POLICY };
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    if path_is_api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
