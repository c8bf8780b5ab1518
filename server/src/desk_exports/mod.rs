//! Files that staff take out of the desk: every list of it, under the filters of its page.
//!
//! The rules kept here: a file says who took it, when and why, and so does the audit log; it holds what the person sees on the desk and
//! nothing more, read anew when it is fetched; no cell of it is a formula; many rows that name persons are taken out by two. Open data, which
//! is for everybody and without names, is `exports`.

mod codes;
mod lists;
pub mod model;
mod routes;
mod second_routes;
mod store;
mod words;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::live_map::LiveMap;

pub fn router(map: LiveMap) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::ask, second_routes::list_files))
        .routes(routes!(routes::fetch))
        .routes(routes!(second_routes::confirm))
        .routes(routes!(second_routes::withdraw))
        .with_state(map)
}
