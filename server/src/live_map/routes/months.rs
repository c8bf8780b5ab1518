//! The maps of past months: which there are, and of each only what differs from month to month, so that a year can be played.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::calendar::Month;
use crate::http::kept::{self, Keeping};
use crate::http::{Page, PathOf, Problem, QueryOf};
use crate::ids::SiteId;
use crate::live_map::filter::ShownSite;
use crate::live_map::past::{MapState, MonthView, PastMonth, frozen};
use crate::live_map::{CountyMap, LiveMap, Owing};
use crate::sites::{SiteView, Stage};

/// A month of which there is a map.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"month": "2026-09", "state": "final", "version": "5f1d0c3a9b7e42d86c01aa37"}))]
pub struct MapMonth {
    month: Month,
    state: MapState,
    /// Names what the month's map shows; pass it on to let the answer be kept for ever. Null for the open month.
    version: Option<String>,
}

/// A mark beside the stage of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    StartOverdue,
    FinishOverdue,
    Silent,
    Stale,
    StruckOff,
}

/// One site in a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteInMonth {
    id: SiteId,
    stage: Stage,
    percent: i16,
    marks: Vec<Mark>,
}

/// What a month's map shows, to be laid over the list of sites.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"month": "2026-09", "state": "final", "closed_at": "2026-10-01T00:00:00+08:00", "owed": 187, "received": 171, "on_time": 164,
    "sites": [{"id": 41, "stage": "in_progress", "percent": 60, "marks": ["finish_overdue", "silent"]}], "withdrawn": []}))]
pub struct MonthMap {
    month: Month,
    state: MapState,
    /// The first instant after the month; of the open month, the one to come.
    closed_at: DateTime<FixedOffset>,
    owed: u32,
    received: u32,
    on_time: u32,
    /// In order of the sites' codes. A site that is not here was not on the map then.
    sites: Vec<SiteInMonth>,
    /// Those of them in full that today's list no longer has.
    withdrawn: Vec<SiteView>,
}

impl MonthMap {
    fn new(map: &LiveMap, county_map: &CountyMap, view: MonthView) -> Self {
        let county = map.county();
        let Owing { owed, received, on_time } = view.figures().owing;
        let withdrawn = view.sites.iter().filter(|shown| county_map.past.is_withdrawn(shown.site.site_id));
        Self {
            month: view.month,
            state: view.state,
            closed_at: county.local(view.month.closes_at(county.zone)),
            owed,
            received,
            on_time,
            withdrawn: withdrawn.map(|shown| SiteView::marked(&shown.site, shown.marks, &county)).collect(),
            sites: view.sites.iter().map(in_month).collect(),
        }
    }
}

fn in_month(shown: &ShownSite) -> SiteInMonth {
    let marks = [
        (shown.marks.start_overdue, Mark::StartOverdue),
        (shown.marks.finish_overdue, Mark::FinishOverdue),
        (shown.marks.silent, Mark::Silent),
        (shown.marks.stale, Mark::Stale),
        (shown.site.is_struck_off(), Mark::StruckOff),
    ];
    SiteInMonth {
        id: shown.site.site_id,
        stage: shown.site.stage,
        percent: shown.site.percent,
        marks: marks.into_iter().filter_map(|(worn, mark)| worn.then_some(mark)).collect(),
    }
}

/// The months of which there is a map, the open one first.
#[utoipa::path(get, path = "/api/map/months", tag = "map",
    responses((status = 200, body = Page<MapMonth>, description = "From the open month back to the first")))]
pub async fn list_months(State(map): State<LiveMap>) -> Result<Json<Page<MapMonth>>, Problem> {
    let county_map = map.county_map();
    let open = MapMonth { month: Month::of(map.today(&map.county())), state: MapState::Live, version: None };
    let mut months = vec![open];
    for past in &county_map.past.months {
        months.push(MapMonth { month: past.month, state: past.state, version: Some(version(&map, &county_map, past)?) });
    }
    Ok(Json(Page::whole(months)))
}

/// Which edition of a month's map.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MonthQuery {
    /// As the list of months names it; an answer to the present one may be kept for ever.
    version: Option<String>,
}

/// What one month's map shows, in few bytes.
#[utoipa::path(get, path = "/api/map/months/{month}", tag = "map", params(("month" = String, Path, example = "2026-09"), MonthQuery),
    responses((status = 200, body = MonthMap, description = "Stage, percent and marks of each site"), (status = 404, description = "The month has no map")))]
pub async fn show_month(
    State(map): State<LiveMap>,
    PathOf(month): PathOf<Month>,
    QueryOf(query): QueryOf<MonthQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let county_map = map.county_map();
    let view = map.month_view(&county_map, Some(month))?;
    let named = match county_map.past.month(month) {
        Some(past) => query.version == Some(version(&map, &county_map, past)?),
        None => false,
    };
    let keeping = if named { Keeping::Forever } else { Keeping::Ask };
    kept::json(&headers, &MonthMap::new(&map, &county_map, view), keeping)
}

fn version(map: &LiveMap, county_map: &CountyMap, past: &PastMonth) -> Result<String, Problem> {
    if let Some(version) = past.version.get() {
        return Ok(version.clone());
    }
    let shown = MonthMap::new(map, county_map, frozen(&map.county(), county_map, past));
    let version = kept::version_of(&serde_json::to_vec(&shown).map_err(Problem::internal)?);
    Ok(past.version.get_or_init(|| version).clone())
}
