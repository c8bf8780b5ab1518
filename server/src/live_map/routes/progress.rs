//! The year's course: month by month what was completed and reported, beside what was planned.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::calendar::Month;
use crate::http::kept::{self, Keeping};
use crate::http::{Problem, QueryOf};
use crate::live_map::{CourseMonth, Figures, LiveMap, MapState};

/// One month of the course.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressMonth {
    month: Month,
    /// Sites whose planned finish, as first decided, falls before the month's end.
    planned_original: u32,
    /// The same by the plan as it stands today.
    planned_current: u32,
    /// How far the month has come; null for a month that has no map, because it lies ahead or was never closed.
    state: Option<MapState>,
    /// What the map of the month's end, or of now, comes to; null without a map.
    figures: Option<Figures>,
}

/// The year of its projects: the calendar year, and as far into the next one as the months have come.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"year": 2026, "years": [2026], "sites": 208, "undated": 0, "months": [
    {"month": "2026-09", "planned_original": 120, "planned_current": 112, "state": "final", "figures": {"counts": {"sites": 208, "completed": 118,
        "in_progress": 71, "not_started": 19, "overdue_red": 8, "overdue_yellow": 11, "silent": 9, "struck_off": 70}, "owed": 190, "received": 171,
        "on_time": 164}},
    {"month": "2026-12", "planned_original": 208, "planned_current": 205, "state": null, "figures": null}]}))]
pub struct Progress {
    year: i16,
    /// Years that have projects, latest first.
    years: Vec<i16>,
    /// Sites of the year's projects: what the planned numbers are a share of.
    sites: u32,
    /// Of them, without a planned finish: they are in no month's plan.
    undated: u32,
    months: Vec<ProgressMonth>,
}

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgressQuery {
    /// Year of the projects; the latest that has any when not said.
    year: Option<i16>,
}

/// The course of a year's projects, month by month, beside the plan.
#[utoipa::path(get, path = "/api/progress", tag = "map", params(ProgressQuery),
    responses((status = 200, body = Progress, description = "Every month of the year"), (status = 304, description = "As the caller knows it"),
        (status = 404, description = "The year has no projects")))]
pub async fn show_progress(State(map): State<LiveMap>, QueryOf(query): QueryOf<ProgressQuery>, headers: HeaderMap) -> Result<Response, Problem> {
    let course = map.course(query.year)?;
    let settled = course.months.iter().all(|month| month.state == Some(MapState::Final));
    let progress = Progress {
        year: course.year,
        years: course.years,
        sites: course.sites,
        undated: course.undated,
        months: course.months.into_iter().map(view).collect(),
    };
    kept::json(&headers, &progress, if settled { Keeping::Hour } else { Keeping::Ask })
}

fn view(month: CourseMonth) -> ProgressMonth {
    ProgressMonth {
        month: month.month,
        planned_original: month.planned_original,
        planned_current: month.planned_current,
        state: month.state,
        figures: month.figures,
    }
}
