//! Sites: the located parts of a project, each with its stage, its planned dates and the marks that follow from them.
//!
//! The stage is the colour on the map; overdue, silent and stale are marks computed from the county's calendar date and never stored. The
//! public lists are answered by the live map; what is here is a site's rules, its rows, and its history.

pub mod key;
pub mod model;
mod routes;
pub mod stage;
pub mod store;
pub mod view;
pub mod withdrawn;

use axum::middleware::from_fn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use model::{Marks, Site, Stage};
pub use routes::list_withdrawn;
pub use view::SiteView;

use crate::http::kept;
use crate::platform::Platform;

/// A site's history, and what left the plan.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::list_history))
        .routes(routes!(routes::list_withdrawn))
        .layer(from_fn(kept::name_answers))
        .with_state(platform)
}
