//! The year's report over HTTP: a page and a workbook.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;

use super::routes::file;
use super::workbook::workbook;
use super::year::{self, YearFigures, YearReport};
use super::{store, view};
use crate::calendar::Month;
use crate::county::County;
use crate::http::{PathOf, Problem, QueryOf};
use crate::live_map::{LiveMap, MapState};
use crate::pages::Reader;

/// The report of a year that has projects.
pub async fn show_year(State(map): State<LiveMap>, reader: Reader, PathOf(of): PathOf<i16>) -> Result<Response, Problem> {
    let report = read(&map, Some(of)).await?;
    Ok(view::year(&reader, &map, &report).answer(&reader, &map))
}

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct YearReportQuery {
    /// The latest that has projects when not said.
    year: Option<i16>,
    /// `en` for English; otherwise the reader's language.
    #[allow(dead_code, reason = "the reader's choice is read as on every page")]
    lang: Option<String>,
}

/// The year's report as a workbook: main figures beside the year before, projects planned and completed, the course, orders by unit.
#[utoipa::path(get, path = "/export/year-report.xlsx", tag = "open data", params(YearReportQuery),
    responses((status = 200, description = "A workbook", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 404, description = "The year has no projects")))]
pub async fn export_year(State(map): State<LiveMap>, reader: Reader, QueryOf(query): QueryOf<YearReportQuery>) -> Result<Response, Problem> {
    let report = read(&map, query.year).await?;
    let book = workbook(&year::sheets(reader.language, &report)).map_err(Problem::internal)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(&map, &format!("year-report-{}.xlsx", report.year), kind, false, book))
}

async fn read(map: &LiveMap, wanted: Option<i16>) -> Result<YearReport, Problem> {
    let course = map.course(wanted)?;
    let (year, county) = (course.year, map.county());
    let mut connection = map.platform().pool.acquire().await?;
    let before = if course.years.contains(&(year - 1)) { Some(figures(&mut connection, &county, map, year - 1).await?) } else { None };
    let now = figures(&mut connection, &county, map, year).await?;
    let is_final = Month::new(year.into(), 12).is_some_and(|december| map.month_states().contains(&(december, MapState::Final)));
    Ok(YearReport { year, is_final, now, before, course })
}

async fn figures(connection: &mut PgConnection, county: &County, map: &LiveMap, year: i16) -> Result<YearFigures, Problem> {
    let months = Month::new(year.into(), 1).zip(Month::new(year.into(), 12));
    let (january, december) = months.ok_or_else(Problem::not_found)?;
    let (day, ended_at) = (december.last_day().min(map.today(county)), december.closes_at(county.zone));
    Ok(YearFigures {
        projects: store::list_projects_of_year(connection, county.county_id, (year, december), (day, ended_at)).await?,
        units: store::list_units_of_year(connection, county.county_id, year, ended_at).await?,
        deputies: store::read_deputies_of_year(connection, county.county_id, (january.first_day(), december.first_day())).await?,
    })
}
