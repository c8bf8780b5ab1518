//! How deputies come by sites and pass them on: offers of the committee, adopting one, handing one over; and the sites of one's colleagues.
//!
//! The rules kept here: a deputy adopts only what is offered and owes its report from then on; a site is handed over by its own adopter, on
//! record and with a reason that is not published. What is owed for a month, and who owes it, the reports say.

pub mod model;
mod routes;
pub mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::list_offers))
        .routes(routes!(routes::list_colleagues_sites))
        .routes(routes!(routes::offer_site, routes::withdraw_offer))
        .routes(routes!(routes::adopt_site))
        .routes(routes!(routes::hand_site_over))
        .with_state(platform)
}
