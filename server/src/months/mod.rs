//! Reporting months: which is due to be closed or made final, the map's snapshot at the close, and the three figures of each month.
//!
//! The rule kept here: a month is closed once and made final once, whoever asks and however late, and both show what was so at that
//! instant, computed from history and not from the present. When to ask is the schedule's; taking reports in is the reports'.

mod close;
mod kept_list;
pub mod model;
mod routes;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use close::{close_month, finalise_month, remind_missing};
pub use store::read_progress;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    let list = OpenApiRouter::new().routes(routes!(routes::list_reporting_months)).with_state(kept_list::MonthsState::new(platform.clone()));
    list.merge(OpenApiRouter::new().routes(routes!(routes::get_reporting_month)).with_state(platform))
}
