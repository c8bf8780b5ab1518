//! Changes of a site's plan: its dates, its scope, its place.
//!
//! The rule kept here: what is planned changes only by a decision of the county's committee, named by number, day and reason; what stood
//! before stays beside it for ever. An import never changes the plan of a site that is already on the map.

pub mod model;
mod routes;
pub mod store;
pub mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use model::{Plan, PlanChange};
pub use view::PlanChangeView;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(routes::change_plan)).with_state(platform)
}
