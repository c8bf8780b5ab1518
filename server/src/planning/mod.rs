//! Projects, sites and units entered and put right on the desk, one at a time; whole lists come by import.
//!
//! The rules kept here: what was merely written wrong is mended with a reason and on record; dates, scope and place change only by a
//! decision (`plan_changes`); a site leaves the plan by a decision and stays on the maps of the months before; nobody overwrites what they
//! have not seen.

mod catalogue_routes;
mod merger_routes;
pub mod model;
mod region_routes;
mod site_routes;
mod store;
mod view;
mod withdrawal_routes;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use catalogue_routes::show_plan;
pub use merger_routes::list_mergers;
pub use region_routes::list_former_names;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(catalogue_routes::show_plan))
        .routes(routes!(catalogue_routes::create_project))
        .routes(routes!(catalogue_routes::mend_project))
        .routes(routes!(catalogue_routes::create_unit))
        .routes(routes!(catalogue_routes::mend_unit))
        .routes(routes!(catalogue_routes::end_unit))
        .routes(routes!(region_routes::list_former_names))
        .routes(routes!(region_routes::rename_region))
        .routes(routes!(merger_routes::list_mergers, merger_routes::merge_townships))
        .routes(routes!(merger_routes::preview_merger))
        .routes(routes!(site_routes::locate))
        .routes(routes!(site_routes::create_site))
        .routes(routes!(site_routes::mend_site))
        .routes(routes!(withdrawal_routes::withdraw_site))
        .with_state(platform)
}
