//! The month's bulletin 通报 and the year's report: pages that print on A4, workbooks, and the same tables as CSV; and the figures for
//! readers without script.
//!
//! The rule kept here: every number comes from the same snapshots and the same sums that programs are told, [`tables`] composes each table
//! once for page, workbook and CSV, and a ranking leaves out whoever has too few sites and says so.

mod beside;
mod model;
mod routes;
mod sheets;
mod store;
pub mod tables;
mod view;
mod words;
mod year;
mod year_routes;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use crate::http::table_file as workbook;
use crate::live_map::LiveMap;
use crate::pages;

/// The files.
pub fn router(map: LiveMap) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::export_bulletin))
        .routes(routes!(routes::export_figures))
        .routes(routes!(routes::export_progress))
        .routes(routes!(year_routes::export_year))
        .with_state(map)
}

/// The pages, with their problems told as pages.
pub fn pages(map: LiveMap) -> Router {
    Router::new()
        .route("/bulletins", get(routes::show_index))
        .route("/bulletins/{month}", get(routes::show_bulletin))
        .route("/bulletins/years/{year}", get(year_routes::show_year))
        .route("/figures", get(routes::show_figures))
        .route_layer(from_fn_with_state(map.clone(), pages::tell_readers))
        .with_state(map)
}
