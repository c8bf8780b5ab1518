//! The duty record: what each deputy did in a year, what it counts, and why.
//!
//! The rules kept here: each report that stands counts as one inspection; points are computed from the reports by the table that was in force
//! on the day of receipt and are stored nowhere; each point names its cause; a deputy may contest what an inspection counts, and the answer of
//! the committee is part of the record. What deputies do besides inspecting is not here yet.

mod desk_routes;
pub mod model;
mod my_routes;
pub mod store;
mod view;
mod year;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use desk_routes::{list_contests, list_rules};
pub use view::months_of;
pub use year::{DeputyYear, count_year};

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(my_routes::show_my_record))
        .routes(routes!(my_routes::contest))
        .routes(routes!(desk_routes::list_rules, desk_routes::make_rule))
        .routes(routes!(desk_routes::show_record))
        .routes(routes!(desk_routes::list_contests))
        .routes(routes!(desk_routes::answer_contest))
        .with_state(platform)
}
