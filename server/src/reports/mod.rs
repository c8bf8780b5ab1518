//! The deputies' monthly reports: what they saw at the sites they have adopted.
//!
//! The rules kept here: a report counts for the month it was written in when that can be believed; one report of a deputy on a site
//! stands for each month; the latest standing report decides the site's stage, unless the committee has corrected it since. Photographs
//! themselves are in [`crate::photos`], the close of the month and the committee's acts are not here.

pub mod acceptance;
mod acting_for;
mod batch;
pub mod body;
pub mod model;
pub mod phone_clock;
mod routes;
pub mod store;
pub mod view;

use axum::middleware::from_fn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use view::ReportView;

use crate::http::kept;
use crate::platform::Platform;

/// Sending a report, a site's reports, and the signed-in deputy's own.
pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::list_site_reports))
        .layer(from_fn(kept::name_answers))
        .routes(routes!(routes::put_report))
        .routes(routes!(batch::put_reports))
        .routes(routes!(acting_for::put_report_for))
        .routes(routes!(acting_for::object))
        .routes(routes!(routes::list_my_sites))
        .routes(routes!(routes::list_my_reports))
        .with_state(platform)
}
