//! Supervision: the review list, most pressing first, and what the committee does about it.
//!
//! The rules kept here: a working committee acts in its township and the committee in its county, everything outside is as if it did not
//! exist; each act names its reason, is on record in the transaction that makes it, and refuses to overwrite what the person has not seen.
//! Supervision orders have a room of their own, `orders`.

mod act_routes;
mod county_decisions;
mod deciding;
mod dismissal_routes;
mod file;
pub mod filters;
mod key_routes;
pub mod model;
mod proposal_routes;
pub mod ranking;
mod recipients;
mod reminder_routes;
pub mod review_routes;
mod row_acts;
mod rule;
mod saved_views;
mod sorting;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use county_decisions::require_no_decision_of_county;
pub use deciding::{correct_held, reopen_held, return_held};
pub use proposal_routes::list_proposals;
pub use store::{SiteState, list_adopters, lock_site};

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(review_routes::list_review))
        .routes(routes!(review_routes::outline_review))
        .routes(routes!(recipients::list_recipients))
        .routes(routes!(row_acts::act_on_rows))
        .routes(routes!(dismissal_routes::dismiss))
        .routes(routes!(dismissal_routes::undo))
        .routes(routes!(file::show_file))
        .routes(routes!(saved_views::list_views, saved_views::save_views))
        .routes(routes!(reminder_routes::remind))
        .routes(routes!(act_routes::return_report))
        .routes(routes!(act_routes::strike_off))
        .routes(routes!(act_routes::reopen))
        .routes(routes!(act_routes::correct))
        .routes(routes!(proposal_routes::list_proposals))
        .routes(routes!(proposal_routes::propose))
        .routes(routes!(proposal_routes::confirm))
        .routes(routes!(proposal_routes::withdraw))
        .routes(routes!(key_routes::set_key_site))
        .routes(routes!(reminder_routes::undo_reminder))
        .with_state(platform)
}
