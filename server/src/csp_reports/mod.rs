//! What browsers report when a page broke its content security policy: one log line each, for the people who run the service.
//!
//! Kept here: the line tells nothing about a person (no query, no referrer, no address, no sample), and nobody can fill the log. The
//! reports are kept nowhere else. The policies themselves are in `http/security.rs`.

mod model;
mod routes;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::Platform;

/// Where browsers send their reports.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::receive_reports)).with_state(platform)
}
