//! The words of the figures with their meanings, in both languages: one dictionary for pages, charts and programs.
//!
//! Each meaning is short enough to be read on a phone and says what is counted, so that two readers get the same number.

mod entries;
mod routes;

pub use entries::{Entry, Said, entries};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The dictionary for programs.
pub fn router() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::list_words))
}
