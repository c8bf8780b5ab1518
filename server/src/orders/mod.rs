//! Supervision orders (督办单): the committee's numbered orders to a unit, the unit's answers, and how unanswered ones rise by themselves.
//!
//! The rules kept here: numbers have no gap within a county and year; an order waits either for its unit or for the committee; whoever
//! issued it in a place decides there, and the county's committee everywhere; whether it is overdue follows from the calendar and is never
//! stored; one that has lost its object ends by itself, and a wrong one is withdrawn with a reason; everything that happened to it stays on record and is public, but for who did it.

mod act_routes;
mod answer_routes;
mod date_routes;
pub mod model;
mod reading_routes;
pub mod rising;
pub mod store;
mod view;
mod withdrawal_routes;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use reading_routes::list_orders;

use crate::platform::Platform;

/// The orders on the desk, the acts on them, and a site's orders for everybody.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(reading_routes::list_orders, act_routes::issue))
        .routes(routes!(reading_routes::list_addressees))
        .routes(routes!(reading_routes::show_order))
        .routes(routes!(answer_routes::answer))
        .routes(routes!(answer_routes::answer_for_unit))
        .routes(routes!(act_routes::accept))
        .routes(routes!(date_routes::agree_date))
        .routes(routes!(act_routes::send_back))
        .routes(routes!(withdrawal_routes::withdraw))
        .routes(routes!(reading_routes::list_site_orders))
        .with_state(platform)
}
