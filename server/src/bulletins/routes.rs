//! Bulletins and figures over HTTP: pages and files.

use std::collections::HashSet;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;

use super::beside::{Beside, OrderCounts, OrderStep};
use super::model::{Bulletin, Months};
use super::sheets::sheets;
use super::tables::{self, By, Table};
use super::workbook::{csv, workbook};
use super::{store, view};
use crate::calendar::Month;
use crate::county::County;
use crate::http::{Code, PathOf, Problem, QueryOf};
use crate::live_map::{Breakdown, LiveMap, MapState};
use crate::months;
use crate::months::tally::{self, Tally};
use crate::pages::{Reader, parts};
use crate::plan_changes::store::list_changes_within;
use crate::sites::store::{WantedWithdrawals, list_withdrawals};

/// The list of all bulletins.
pub async fn show_index(State(map): State<LiveMap>, reader: Reader) -> Result<Response, Problem> {
    let months = map.month_states();
    Ok(view::index(&reader, &map, &months).answer(&reader, &map))
}

/// The bulletin of a closed month.
pub async fn show_bulletin(State(map): State<LiveMap>, reader: Reader, PathOf(month): PathOf<Month>) -> Result<Response, Problem> {
    let bulletin = read(&map, month).await?;
    let months = map.month_states();
    let has_next = months.iter().any(|(closed, _)| *closed == month.next());
    Ok(view::bulletin(&reader, &map, &bulletin, has_next).answer(&reader, &map))
}

/// Which month's figures; the app keeps more of its view in the address.
#[derive(Debug, Deserialize)]
pub struct FiguresPageQuery {
    month: Option<String>,
}

/// The figures of a month, or of now.
pub async fn show_figures(State(map): State<LiveMap>, reader: Reader, QueryOf(query): QueryOf<FiguresPageQuery>) -> Result<Response, Problem> {
    let county_map = map.county_map();
    let view = map.month_view(&county_map, asked(query.month.as_deref())?)?;
    let broken_down = Breakdown::of(&view, &county_map, &map.county());
    // A county without projects has figures, all of them nought, and no course.
    let course = map.course(None).ok();
    Ok(view::figures(&reader, &map, &view, &broken_down, course.as_ref()).answer(&reader, &map))
}

/// Which month's bulletin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BulletinQuery {
    /// A closed month such as `2026-09`.
    #[param(example = "2026-09")]
    month: String,
    /// `en` for English; otherwise the reader's language.
    #[allow(dead_code, reason = "the reader's choice is read as on every page")]
    lang: Option<String>,
}

/// The bulletin of a closed month as a workbook: figures by project, township and unit, changes, late sites, reporting.
#[utoipa::path(get, path = "/export/bulletin.xlsx", tag = "open data", params(BulletinQuery),
    responses((status = 200, description = "A workbook", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 404, description = "The month has not ended")))]
pub async fn export_bulletin(State(map): State<LiveMap>, reader: Reader, QueryOf(query): QueryOf<BulletinQuery>) -> Result<Response, Problem> {
    let month = month(&query.month)?;
    let bulletin = read(&map, month).await?;
    let book = workbook(&sheets(reader.language, &map.county(), &bulletin, map.platform().clock.now())).map_err(Problem::internal)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(&map, &format!("bulletin-{month}.xlsx"), kind, bulletin.state == MapState::Final, book))
}

/// Which figures.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// A month such as `2026-09`; the open month when not said.
    month: Option<String>,
    /// `project`, `township` or `unit`.
    #[param(example = "project")]
    by: String,
    /// `en` for English; otherwise the reader's language.
    #[allow(dead_code, reason = "the reader's choice is read as on every page")]
    lang: Option<String>,
}

/// The figures of a month as CSV, by project, township or unit.
#[utoipa::path(get, path = "/export/figures.csv", tag = "open data", params(FiguresQuery),
    responses((status = 200, description = "A table", body = Vec<u8>, content_type = "text/csv"), (status = 404, description = "The month has no map")))]
pub async fn export_figures(State(map): State<LiveMap>, reader: Reader, QueryOf(query): QueryOf<FiguresQuery>) -> Result<Response, Problem> {
    let no_such = || Problem::field("by", "unknown", "应为 project、township 或 unit", "Expected project, township or unit");
    let by = By::from_name(&query.by).ok_or_else(no_such)?;
    let county_map = map.county_map();
    let view = map.month_view(&county_map, asked(query.month.as_deref())?)?;
    let table = tables::everything(reader.language, by, &Breakdown::of(&view, &county_map, &map.county()));
    csv_file(&map, &format!("figures-{}-{}.csv", view.month, query.by), view.state == MapState::Final, &table)
}

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CourseQuery {
    /// Year of the projects; the latest that has any when not said.
    year: Option<i16>,
    /// `en` for English; otherwise the reader's language.
    #[allow(dead_code, reason = "the reader's choice is read as on every page")]
    lang: Option<String>,
}

/// The course of a year's projects as CSV, month by month beside the plan.
#[utoipa::path(get, path = "/export/progress.csv", tag = "open data", params(CourseQuery),
    responses((status = 200, description = "A table", body = Vec<u8>, content_type = "text/csv"), (status = 404, description = "The year has no projects")))]
pub async fn export_progress(State(map): State<LiveMap>, reader: Reader, QueryOf(query): QueryOf<CourseQuery>) -> Result<Response, Problem> {
    let course = map.course(query.year)?;
    let table = tables::course(reader.language, &course);
    csv_file(&map, &format!("progress-{}.csv", course.year), false, &table)
}

fn month(text: &str) -> Result<Month, Problem> {
    text.parse().map_err(|_| Problem::field("month", "not_a_month", "月份应写作 2026-10", "A month is written 2026-10"))
}

fn asked(text: Option<&str>) -> Result<Option<Month>, Problem> {
    text.map(month).transpose()
}

/// The bulletin of a month that has ended and was closed.
async fn read(map: &LiveMap, month: Month) -> Result<Bulletin, Problem> {
    let (county, county_map) = (map.county(), map.county_map());
    let closed = map.month_states();
    let state = |month: Month| closed.iter().find(|(closed, _)| *closed == month).map(|(_, state)| *state);
    let Some(known) = state(month) else { return Err(not_closed(month)) };
    let view = map.month_view(&county_map, Some(month))?;
    let parts = Breakdown::of(&view, &county_map, &county);
    let mut months = Months { view, parts, previous: None };
    if state(month.previous()).is_some() {
        let before = map.month_view(&county_map, Some(month.previous()))?;
        let parts = Breakdown::of(&before, &county_map, &county);
        months.previous = Some((before, parts));
    }
    let seen_at = if known == MapState::Final { county.final_at(month) } else { month.closes_at(county.zone) };
    let mut connection = map.platform().pool.acquire().await?;
    let changes = store::list_changes(&mut connection, &county, month, seen_at).await?;
    let beside = read_beside(&mut connection, &county, (month, seen_at), state(month.previous()).is_some()).await?;
    Ok(Bulletin::compose(months, changes, beside))
}

/// What stands beside the figures; deputies are thanked for the reports that stood at `seen_at`.
async fn read_beside(
    connection: &mut PgConnection,
    county: &County,
    (month, seen_at): (Month, DateTime<Utc>),
    has_before: bool,
) -> Result<Beside, sqlx::Error> {
    let orders = store::list_order_steps(connection, county, month).await?;
    let before = if has_before { Some(store::list_order_steps(connection, county, month.previous()).await?) } else { None };
    let count = |steps: &[OrderStep]| OrderCounts::of(steps.iter().map(|step| step.kind.as_str()));
    let obligations = months::store::list_obligations(connection, county, month, seen_at).await?;
    let on_time = |tally: &Tally| tally.figures.owed > 0 && tally.figures.on_time == tally.figures.owed;
    let thanked = tally::parts(&obligations, tally::By::Deputy).into_iter().filter(|(_, tally)| on_time(tally));
    // Thanks are for going to see and reporting oneself; what staff entered says neither.
    let entered: HashSet<i64> = obligations.iter().filter(|one| one.came_by.is_some()).map(|one| one.deputy_id.0).collect();
    let thanked: Vec<i64> = thanked.filter_map(|(deputy, _)| deputy.parse().ok()).filter(|deputy| !entered.contains(deputy)).collect();
    let within = (month.opens_at(county.zone), month.closes_at(county.zone));
    let wanted = WantedWithdrawals { within: Some(within), ..WantedWithdrawals::default() };
    let mut left = list_withdrawals(connection, county.county_id, wanted, usize::MAX).await?;
    left.reverse();
    Ok(Beside {
        counts: count(&orders),
        counts_before: before.as_deref().map(count),
        orders,
        thanked: store::list_names(connection, county.county_id, &thanked).await?,
        corrections: months::store::corrections::list(connection, county.county_id, month).await?,
        left,
        plan_changes: list_changes_within(connection, county.county_id, within).await?,
    })
}

fn not_closed(month: Month) -> Problem {
    use super::words::NOT_CLOSED;
    use crate::http::Language::{Chinese, English};
    let said = |language| NOT_CLOSED.filled(language, &[("month", &parts::month_words(language, month))]);
    Problem::new(Code::NotFound).saying(said(Chinese), said(English))
}

fn csv_file(map: &LiveMap, name: &str, settled: bool, table: &Table) -> Result<Response, Problem> {
    Ok(file(map, name, "text/csv; charset=utf-8", settled, csv(table).map_err(Problem::internal)?))
}

/// A file to keep. A final month's never changes but for names; a browser may use it for an hour.
pub fn file(map: &LiveMap, name: &str, kind: &'static str, settled: bool, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}-{name}\"", map.county().code)),
        (header::CACHE_CONTROL, if settled { "public, max-age=3600" } else { "public, max-age=60" }.to_owned()),
        (header::VARY, "accept-language, cookie, accept-encoding".to_owned()),
    ];
    (headers, bytes).into_response()
}
