//! Notices: what a signed-in person is told inside the app, written in the transaction of its cause.
//!
//! Features say whom they tell and why; who has an account to be told with is found here. Ways out of the app (mail, messages) are not here.

pub mod model;
mod routes;
pub mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use model::NoticeKind;
pub use store::{tell_deputies, tell_of_order, tell_units};

use crate::platform::Platform;

/// One's own notices.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::list_my_notices)).routes(routes!(routes::mark_read)).with_state(platform)
}
