//! How deputies come by sites and pass them on: offers of the committee, adopting one, handing one over; and the sites of one's colleagues and of
//! one's group's theme.
//!
//! The rules kept here: a deputy adopts only what is offered to them and owes its report from then on; a site is handed over by its own
//! adopter, on record and with a reason that is not published. What is owed for a month, and who owes it, the reports say.

mod desk_routes;
pub mod model;
mod offer_routes;
mod reassign_routes;
mod routes;
pub mod store;
mod theme_routes;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use desk_routes::{list_hand_overs, list_standing_offers};
pub use reassign_routes::{Reassignment, reassign_one};

use crate::ids::{Chance, CountyId};
use crate::notices::{self, NoticeKind};
use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::list_offers))
        .routes(routes!(routes::list_colleagues_sites))
        .routes(routes!(theme_routes::show_group_theme))
        .routes(routes!(offer_routes::offer_site, offer_routes::withdraw_offer))
        .routes(routes!(desk_routes::list_standing_offers, offer_routes::offer_sites))
        .routes(routes!(offer_routes::withdraw_offers))
        .routes(routes!(desk_routes::show_adoptions))
        .routes(routes!(desk_routes::list_hand_overs))
        .routes(routes!(routes::adopt_site))
        .routes(routes!(routes::hand_site_over))
        .routes(routes!(reassign_routes::reassign))
        .with_state(platform)
}

/// Tells those who offered a site that nobody has taken all its places yet. Called once, some days before a month closes.
pub async fn tell_of_unanswered(tx: &mut PgConnection, county_id: CountyId, chance: &Chance, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let offers = store::list_unanswered(tx, county_id).await?;
    notices::tell_accounts(tx, chance, county_id, NoticeKind::OfferUnanswered, &offers, "", now).await
}
