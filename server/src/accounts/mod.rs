//! Accounts, roles and sessions: who signs in, what they may do and where.
//!
//! The rule kept here: every right is a pair of *what* and *where*, where a place is a region and everything below it. Other features ask
//! [`Actor`] and never look at roles in the database. Joining by invitation is in `joining`; second factors are not here.

mod act;
mod guard;
pub mod model;
pub mod passwords;
pub mod rate_limit;
mod routes;
mod session_routes;
pub mod sign_in_limits;
pub mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use act::{Act, Begun, Intent, JsonOf, RawBody};
pub use guard::{PublicCounty, attach_session};
pub use model::{Actor, Grant, Role};
pub use routes::require_good_password;

use crate::platform::Platform;

/// Sign-in, own sessions, and the administrator's accounts.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(session_routes::sign_in, session_routes::who_am_i, session_routes::sign_out))
        .routes(routes!(session_routes::list_my_sessions))
        .routes(routes!(session_routes::end_session))
        .routes(routes!(routes::list_accounts, routes::create_account))
        .routes(routes!(routes::disable_account))
        .routes(routes!(routes::enable_account))
        .routes(routes!(routes::set_password))
        .with_state(platform)
}
