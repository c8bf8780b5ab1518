//! Joining: how a deputy comes to a password without anybody else knowing it.
//!
//! The rules kept here: an invitation is personal, is used once, ends by itself and can be revoked; only the hash of its token is kept, so it
//! is shown once, to whoever makes it; the telephone number must be known as well. Whoever has another role than deputy is not let in this
//! way. Where a gateway for short messages is configured, a code sent to the telephone does the same. See decision 0034.

mod card;
mod code_routes;
mod desk_routes;
mod door_routes;
mod gateway;
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
        .routes(routes!(door_routes::look_at_invitation))
        .routes(routes!(door_routes::use_invitation))
        .routes(routes!(code_routes::are_codes_sent, code_routes::send_code))
        .routes(routes!(code_routes::use_code))
        .with_state(platform)
}
