//! Portraits of deputies: one small square picture each, made by the picture gate, shown beside the deputy's name.
//!
//! The rules kept here: a portrait is set by the deputy themself or by whoever supervises their region; what is served is our own encoding
//! and nothing of the file that was sent; its address is the hash of its bytes, so it never changes. It lies in the database with its row.

pub mod model;
mod routes;
pub mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::photos::PhotoDesk;

pub fn router(desk: PhotoDesk) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::put_portrait, routes::remove_portrait)).routes(routes!(routes::show_portrait)).with_state(desk)
}
