//! OGC API – Features at `/ogc`: sites, stations, grid cells and regions for the map programs of other offices (QGIS, GDAL, ArcGIS).
//!
//! Part 1 Core 1.0.1 in GeoJSON and HTML, and of Part 3 the queryables with filtering by property. Everything is answered from the live
//! map, read only and public. A conformance class is named only when it holds; `tests/api/ogc*.rs` ask GDAL and OWSLib too.

mod answer;
mod bbox;
mod collections;
mod columns;
mod contents;
mod datetime;
mod definition;
mod documents;
mod html;
mod links;
mod query;
mod routes;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::live_map::LiveMap;
use crate::pages::Phrase;

/// OGC API – Features.
pub fn router(map: LiveMap) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::landing))
        // Programs that join addresses ask for the root with a slash.
        .route("/ogc/", get(routes::landing))
        .routes(routes!(routes::conformance))
        .routes(routes!(routes::api_definition))
        .routes(routes!(routes::list_collections))
        .routes(routes!(routes::show_collection))
        .routes(routes!(routes::queryables))
        .routes(routes!(routes::list_items))
        .routes(routes!(routes::show_item))
        .with_state(map)
}

/// The same words in both languages.
const fn words(zh: &'static str, en: &'static str) -> Phrase {
    Phrase { zh, en }
}
