//! What visitors read, answered from memory.

mod basemap;
mod columns;
mod county;
mod deputies;
mod events;
mod months;
mod places;
mod progress;
mod sites;
mod summary;
mod tiles;

use axum::middleware::from_fn;
use geodata::LonLat;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use sites::page_of_sites;

use super::LiveMap;
use crate::calendar::Month;
use crate::http::{Problem, kept};

/// Tiles, lists, counts and events of the public map.
pub fn router(map: LiveMap) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(county::show_county))
        .routes(routes!(sites::list_sites))
        .routes(routes!(sites::show_site))
        .routes(routes!(summary::show_summary))
        .routes(routes!(progress::show_progress))
        .routes(routes!(summary::list_projects))
        .routes(routes!(summary::list_regions))
        .routes(routes!(columns::list_columns))
        .routes(routes!(months::list_months))
        .routes(routes!(months::show_month))
        .routes(routes!(deputies::list_units))
        .routes(routes!(deputies::list_deputies))
        .routes(routes!(deputies::show_deputy))
        .routes(routes!(places::list_stations))
        .routes(routes!(places::list_grid_cells))
        .routes(routes!(tiles::show_tile))
        .routes(routes!(tiles::describe_layer))
        .routes(routes!(basemap::show_basemap_tile))
        .layer(from_fn(kept::name_answers))
        .routes(routes!(events::listen))
        .with_state(map)
}

/// Reads a month of a query.
fn month(text: Option<&str>) -> Result<Option<Month>, Problem> {
    let month = text.map(str::parse).transpose();
    month.map_err(|_| Problem::field("month", "not_a_month", "月份应写作 2026-10", "A month is written 2026-10"))
}

/// Reads `lon,lat` of the query's `field`.
fn position(field: &str, text: &str) -> Result<LonLat, Problem> {
    text.parse()
        .map_err(|error: geodata::PositionError| Problem::field(field, error.code(), error.to_string(), "Expected lon,lat in degrees, in China"))
}
