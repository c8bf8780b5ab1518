//! The figures a county sets for itself: days of grace, tolerances, reminders, the ladder of orders. Read and changed on the desk.
//!
//! The rules kept here: every figure has its limits, a change names its reason and stays on record beside the value it replaced, what would let one
//! person act alone is lowered by two, and what is
//! closed stays closed: a month keeps the rules it was closed under (`County::rules_of`). All processes follow through the change log.

mod loosening_routes;
pub mod model;
mod routes;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use model::SETTINGS;
pub use routes::list_changes;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::show_settings, routes::change_settings))
        .routes(routes!(loosening_routes::confirm))
        .routes(routes!(loosening_routes::withdraw))
        .with_state(platform)
}
