//! Who is a deputy, in which group and term, and which stations there are, as the desk keeps it.
//!
//! The rules kept here: nobody is deleted who did anything; a deputy who leaves loses the right as a deputy at the first instant of that
//! day in the county, whether or not a process was running; a term begins by one act that says beforehand what it will do.

mod beginning;
mod deputy_routes;
mod group_routes;
pub mod model;
mod phone_routes;
mod return_routes;
mod station_routes;
mod store;
mod term_list_routes;
mod term_routes;
mod term_view;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use beginning::begin_due_term;
pub use deputy_routes::list_roster;
pub use group_routes::list_groups;
pub use station_routes::list_kept_stations;
pub use term_list_routes::{list_term_adoptions, list_term_deputies};
pub use term_routes::list_terms;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(deputy_routes::list_roster))
        .routes(routes!(deputy_routes::enter_deputy))
        .routes(routes!(deputy_routes::mend_deputy))
        .routes(routes!(deputy_routes::end_deputy))
        .routes(routes!(return_routes::reinstate_deputy))
        .routes(routes!(phone_routes::view_phone))
        .routes(routes!(group_routes::list_groups, group_routes::enter_group))
        .routes(routes!(group_routes::mend_group, group_routes::remove_group))
        .routes(routes!(station_routes::list_kept_stations))
        .routes(routes!(station_routes::enter_station))
        .routes(routes!(station_routes::mend_station))
        .routes(routes!(station_routes::end_station))
        .routes(routes!(term_routes::list_terms, term_routes::enter_term))
        .routes(routes!(term_list_routes::list_term_deputies))
        .routes(routes!(term_list_routes::list_term_adoptions))
        .routes(routes!(term_routes::preview_term))
        .routes(routes!(term_routes::cancel_term))
        .with_state(platform)
}
