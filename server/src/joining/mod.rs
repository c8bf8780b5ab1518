//! Joining: how somebody comes to a password without anybody else knowing it.
//!
//! The rules kept here: an invitation is personal, is used once, ends by itself and can be revoked; only the hash of its token is kept, so it
//! is shown once, to whoever makes it; the telephone number must be known as well, or the login where there is none. Deputies are invited by
//! the office of their place; whoever has another role by the administrator alone. Where a gateway for short messages is configured, a code
//! sent to the telephone does the same for deputies. See decisions 0034 and 0089.

mod account_routes;
mod card;
mod code_routes;
mod desk_routes;
mod door_routes;
mod gateway;
mod guest;
pub mod model;
mod standings;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use desk_routes::list_joining;
pub use gateway::check as check_gateway;
pub use standings::{JoiningState, standings};

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(desk_routes::list_joining))
        .routes(routes!(desk_routes::make_invitations))
        .routes(routes!(desk_routes::revoke_invitation))
        .routes(routes!(desk_routes::set_phone))
        .routes(routes!(account_routes::make_account_invitations))
        .routes(routes!(account_routes::revoke_account_invitation))
        .routes(routes!(door_routes::look_at_invitation))
        .routes(routes!(door_routes::use_invitation))
        .routes(routes!(code_routes::are_codes_sent, code_routes::send_code))
        .routes(routes!(code_routes::use_code))
        .with_state(platform)
}
