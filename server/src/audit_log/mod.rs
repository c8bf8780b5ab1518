//! Reading the audit log. The rule kept here: an auditor reads all of their county's lines, and nobody else reads any.
//!
//! Lines are written by the features, beside their writes; nothing here writes or removes one.

mod routes;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::list_audit)).with_state(platform)
}
