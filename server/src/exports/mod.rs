//! Exports: the public tables as files anybody may take and use.
//!
//! Only listed columns leave, no cell can become a formula, and a file is made page by page. What comes out of `sites` and `stations` can be
//! imported again.

pub mod columns;
pub mod command;
mod encode;
pub mod model;
mod produce;
mod routes;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::Platform;

/// Open data.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::export)).with_state(platform)
}
