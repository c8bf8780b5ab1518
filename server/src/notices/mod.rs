//! Notices: what a signed-in person is told, inside the app and out of it, written in the transaction of its cause.
//!
//! Features say whom they tell and why; who has an account to be told with, what that person wants to hear and which ways out are open is found
//! here. A notice and its messages are queued together (`store`); the worker sends them. See decisions 0050 to 0052.

mod address_routes;
pub mod channel;
mod delivery_routes;
mod mailer;
mod message;
pub mod model;
mod phone_routes;
mod post;
mod preference_routes;
mod robots;
mod routes;
pub mod store;
pub mod worker;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use channel::{Channel, DeliveryState};
pub use delivery_routes::list_deliveries;
pub use model::NoticeKind;
pub use routes::list_my_notices;
pub use store::{When, take_back, tell_accounts, tell_deputies, tell_deputies_near, tell_of_county, tell_of_order, tell_units};

use crate::config::Settings;
use crate::platform::Platform;

/// One's own notices and what one wants to hear; for supervisors, what was sent.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::list_my_notices))
        .routes(routes!(routes::mark_read))
        .routes(routes!(preference_routes::list_preferences, preference_routes::set_preferences))
        .routes(routes!(address_routes::give_address, address_routes::remove_address))
        .routes(routes!(address_routes::confirm_address))
        .routes(routes!(phone_routes::give_own_phone))
        .routes(routes!(phone_routes::give_phone))
        .routes(routes!(delivery_routes::list_deliveries))
        .routes(routes!(delivery_routes::send_again))
        .with_state(platform)
}

/// Whether the ways out that the settings name can be used; nobody is asked.
pub fn check_channels(settings: &Arc<Settings>) -> anyhow::Result<()> {
    post::Post::open(settings).map(drop)
}

/// Checks the ways out that the settings name and opens them. A process that runs the jobs also closes those it does not know: it is the one
/// that would have to send.
pub async fn open_channels(platform: &Platform) -> anyhow::Result<()> {
    let channels = post::Post::open(&platform.settings)?.channels();
    let mut connection = platform.pool.acquire().await?;
    let is_worker = platform.settings.run_jobs;
    store::deliveries::open_channels(&mut connection, &channels, is_worker, platform.clock.now()).await?;
    Ok(())
}
