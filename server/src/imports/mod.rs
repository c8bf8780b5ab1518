//! Imports: the spreadsheets and boundary files that offices really send, previewed with findings row by row, confirmed, and undone.
//!
//! The rule kept here: all or nothing, nothing moved or guessed in silence, and the same file twice changes nothing. Reading is pure:
//! bytes become sheets (`table`, `workbook`, `delimited`, `geojson_file`), cells become values (`words`, `dates`, `coordinates`), rows
//! become drafts (`sites`, `stations`, `deputies`, `boundaries`), drafts against the county become a plan. Only `store` writes.

pub mod boundaries;
pub mod command;
mod coordinates;
mod dates;
mod datum_check;
mod delimited;
pub mod deputies;
pub mod facts;
pub mod finding;
mod geojson_file;
pub mod headers;
pub mod lifecycle;
pub mod model;
mod outline_routes;
pub mod outlines;
pub mod outlook;
mod planning;
mod positions;
pub mod records;
mod routes;
pub mod site_plan;
pub mod sites;
pub mod siting;
pub mod stations;
pub mod store;
pub mod table;
mod townships;
mod words;
mod workbook;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use routes::list_imports;

use crate::platform::Platform;

/// The desk's imports.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::create_import, routes::list_imports))
        .routes(routes!(routes::show_import))
        .routes(routes!(outline_routes::show_outlines))
        .routes(routes!(routes::confirm_import))
        .routes(routes!(routes::undo_import))
        .with_state(platform)
}
