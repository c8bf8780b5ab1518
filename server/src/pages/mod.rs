//! The public face as pages that need no script: written on the server from the map in memory, the same addresses as the app's.
//!
//! The rule kept here: nothing that somebody typed reaches a page unescaped, and nothing a page links to is taken from the request.
//! [`frame`] makes a page whole, [`parts`] are what pages share, each further file is one page. No figures are computed here that the
//! rooms below do not also answer to programs.

pub(crate) mod answer;
mod changes;
mod crawlers;
mod faults;
pub(crate) mod feed;
pub(crate) mod frame;
mod home;
mod list;
mod list_form;
mod list_query;
mod manifest;
mod open_data;
pub(crate) mod parts;
pub(crate) mod phrase;
mod projects;
pub(crate) mod reader;
pub(crate) mod signs;
mod stations;
mod store;
mod style;
mod withdrawn;
pub(crate) mod words;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::live_map::LiveMap;

/// Every page, with its problems told as pages.
pub fn router(map: LiveMap) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/list", get(list::show))
        .route("/projects", get(projects::show))
        .route("/withdrawn-sites", get(withdrawn::show))
        .route("/stations", get(stations::show))
        .route("/open-data", get(open_data::show))
        .route_layer(from_fn_with_state(map.clone(), faults::on_pages))
        .route("/sites.atom", get(changes::show))
        .route("/robots.txt", get(crawlers::robots))
        .route("/sitemap.xml", get(crawlers::sitemap))
        .route("/.well-known/security.txt", get(crawlers::security))
        .route("/style/{name}", get(style::serve))
        .route("/manifest.webmanifest", get(manifest::show))
        .route("/deputy-manifest.webmanifest", get(manifest::show_deputies_app))
        .with_state(map)
}

pub use faults::{elsewhere as tell_browsers, on_pages as tell_readers};
pub use frame::Page;
pub use parts::site_path;
pub use phrase::Phrase;
pub(crate) use phrase::phrases;
pub use reader::Reader;
pub use style::Sheet;
