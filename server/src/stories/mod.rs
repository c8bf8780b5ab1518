//! A site's story: everything the public may know of it, composed month by month, newest first.
//!
//! The rule kept here: nothing is left out that happened, and what did not happen is said as missing. The story is composed anew from the
//! records each time it is asked for; nothing of it is stored. The panel of the map and the page `/sites/{code}` tell the same story.

mod codes;
mod compose;
mod deputy;
mod feed;
pub mod model;
mod page;
mod routes;
mod store;
mod view;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kept;
use crate::live_map::LiveMap;
use crate::pages;
use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::show_story)).layer(from_fn(kept::name_answers)).with_state(platform)
}

/// The pages of sites and where printed codes lead, with their problems told as pages.
pub fn pages(map: LiveMap) -> Router {
    Router::new()
        .route("/sites/{code}", get(page::show))
        .route("/sites/{code}/qr.svg", get(codes::show_qr))
        .route("/deputies/{id}", get(deputy::show))
        .route("/q/{code}", get(codes::follow))
        .route_layer(from_fn_with_state(map.clone(), pages::tell_readers))
        .with_state(map)
}
