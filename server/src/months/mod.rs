//! Reporting months: which is due to be closed or made final, the map's snapshot at the close, the three figures of each month, who is
//! excused from one, and the cockpit from which the missing are reminded.
//!
//! The rule kept here: a month is closed once and made final once, whoever asks and however late, and both show what was so at that
//! instant, computed from history and not from the present. When to ask is the schedule's; taking reports in is the reports'.

mod close;
pub mod cockpit;
mod correction_routes;
pub mod duty_year_routes;
mod exception_routes;
mod kept_list;
mod missing_routes;
pub mod model;
mod routes;
pub mod store;
pub mod tally;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use close::{close_month, finalise_month, remind_missing};
pub use correction_routes::list_corrections;
pub use duty_year_routes::list_duty_years;
pub use exception_routes::list_exceptions;
pub use routes::month_views;
pub use store::read_progress;

use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    let list = OpenApiRouter::new().routes(routes!(routes::list_reporting_months)).with_state(kept_list::MonthsState::new(platform.clone()));
    let others = OpenApiRouter::new()
        .routes(routes!(routes::get_reporting_month))
        .routes(routes!(cockpit::show_cockpit))
        .routes(routes!(duty_year_routes::list_duty_years))
        .routes(routes!(missing_routes::preview_reminder))
        .routes(routes!(missing_routes::remind_the_missing))
        .routes(routes!(exception_routes::list_exceptions, exception_routes::make_exception))
        .routes(routes!(exception_routes::undo_exception))
        .routes(routes!(correction_routes::list_corrections, correction_routes::correct_month));
    list.merge(others.with_state(platform))
}
