//! Files that staff take out of the desk: the month taken apart, its reports, the review list, supervision orders.
//!
//! The rules kept here: a file says who took it, when and why, and so does the audit log; it holds what the person sees on the desk and
//! nothing more, read anew when it is fetched; no cell of it is a formula. Open data, which is for everybody and without names, is `exports`.

mod lists;
pub mod model;
mod routes;
mod store;
mod words;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::ask)).routes(routes!(routes::fetch)).with_state(platform)
}
