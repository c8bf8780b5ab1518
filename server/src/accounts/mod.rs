//! Accounts, roles and sessions: who signs in, what they may do and where.
//!
//! The rule kept here: every right is a pair of *what* and *where*, where a place is a region and everything below it. Other features ask
//! [`Actor`] and never look at roles in the database. Whoever is one of the three administrators is nothing else in that account, and
//! none of them becomes another alone (decision 0054). Joining by invitation is in `joining`.

mod act;
mod acting_for;
mod changing_routes;
pub mod command;
mod factors;
mod guard;
mod guard_routes;
mod guessable;
pub mod model;
mod networks;
mod new_password;
mod opening;
mod own_routes;
pub mod password_rules;
pub mod passwords;
pub mod rate_limit;
mod routes;
mod rules_routes;
mod sealing;
pub mod second_factor;
mod session_routes;
pub mod sign_in_limits;
mod step_routes;
pub mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use act::{Act, Begun, Intent, JsonOf, RawBody};
pub use acting_for::CameBy;
pub use guard::{PublicCounty, attach_session};
pub use guard_routes::security;
pub use model::{Actor, Grant, Role};
pub use model::{NoCard, may_manage_accounts, may_see_accounts, no_card};
pub use new_password::{hash_new_password, require_good_password, require_own_choice};
pub use routes::{hold_if_wanted, list_accounts};
pub use sealing::{check as check_second_factor_key, read as read_second_factor_key};
pub use session_routes::list_my_sessions;
pub use store::people::is_known;

use crate::platform::Platform;

/// Sign-in, own sessions, and the administrator's accounts.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(session_routes::sign_in, session_routes::who_am_i, session_routes::sign_out))
        .routes(routes!(step_routes::give_code))
        .routes(routes!(step_routes::give_new_password))
        .routes(routes!(step_routes::begin_factor, step_routes::confirm_factor))
        .routes(routes!(session_routes::list_my_sessions, own_routes::end_other_sessions))
        .routes(routes!(session_routes::end_session))
        .routes(routes!(routes::list_accounts, routes::create_account))
        .routes(routes!(changing_routes::change_account))
        .routes(routes!(routes::disable_account))
        .routes(routes!(routes::enable_account))
        .routes(routes!(routes::set_password))
        .routes(routes!(own_routes::change_password))
        .routes(routes!(rules_routes::password_rules))
        .routes(routes!(own_routes::own_factor, own_routes::begin_own_factor))
        .routes(routes!(own_routes::confirm_own_factor))
        .routes(routes!(own_routes::remove_own_factor))
        .routes(routes!(guard_routes::security))
        .routes(routes!(guard_routes::open_locks))
        .routes(routes!(guard_routes::confirm_account))
        .routes(routes!(guard_routes::refuse_account))
        .routes(routes!(guard_routes::reset_factor))
        .with_state(platform)
}
