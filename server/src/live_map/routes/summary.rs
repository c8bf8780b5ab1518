//! Counts: of a month's map as a whole, by project, and by township.

use std::collections::HashMap;
use std::hash::Hash;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::month;
use crate::calendar::Month;
use crate::http::kept::{self, Keeping};
use crate::http::shapes::{Named, Position, RegionRef};
use crate::http::{Page, Problem, QueryOf};
use crate::ids::ProjectId;
use crate::live_map::area::Area;
use crate::live_map::county_map::MappedRegion;
use crate::live_map::{Breakdown, Counts, CountyMap, Figures, LiveMap, MapState, Owing, ShownSite};
use crate::projects::Project;
use crate::regions::model::township_of;
use crate::sites::model::ProjectRef;

/// One project's figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectCounts {
    project: ProjectRef,
    #[serde(flatten)]
    figures: Figures,
    /// Whether there are enough sites to be compared with others; rankings leave the rest out.
    ranked: bool,
}

/// One township's figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionCounts {
    region: RegionRef,
    #[serde(flatten)]
    figures: Figures,
    ranked: bool,
}

/// One undertaking unit's figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitCounts {
    unit: Named,
    #[serde(flatten)]
    figures: Figures,
    ranked: bool,
}

/// The map of a month in figures. The parts add up to the totals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"as_of": "2026-10-20T09:00:00+08:00", "month": "2026-10", "state": "live",
    "totals": {"sites": 208, "completed": 162, "in_progress": 37, "not_started": 9, "overdue_red": 9, "overdue_yellow": 12, "silent": 8, "struck_off": 87},
    "owed": 190, "received": 160, "on_time": 160, "minimum_ranked": 5, "projects": [], "regions": [],
    "units": [{"unit": {"id": 7, "name": "县交通运输局"}, "counts": {"sites": 4, "completed": 2, "in_progress": 2, "not_started": 0, "overdue_red": 0,
        "overdue_yellow": 1, "silent": 0, "struck_off": 1}, "owed": 3, "received": 3, "on_time": 3, "ranked": false}]}))]
pub struct Summary {
    /// When the map was last known to agree with the database; of a closed month, its close.
    as_of: DateTime<FixedOffset>,
    month: Month,
    state: MapState,
    totals: Counts,
    #[serde(flatten)]
    owing: Owing,
    /// Fewest sites that a project, township or unit must have to be ranked.
    minimum_ranked: u16,
    projects: Vec<ProjectCounts>,
    /// Townships by code; last the county itself, when sites lie in no township.
    regions: Vec<RegionCounts>,
    /// Units that have sites, by name.
    units: Vec<UnitCounts>,
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SummaryQuery {
    /// A month such as `2026-09`; the open month when not said.
    month: Option<String>,
}

/// The map in figures, now or at the close of a month.
#[utoipa::path(get, path = "/api/summary", tag = "map", params(SummaryQuery),
    responses((status = 200, body = Summary, description = "Counts of the month's map"), (status = 304, description = "As the caller knows it"),
        (status = 404, description = "The month has no map")))]
pub async fn show_summary(State(map): State<LiveMap>, QueryOf(query): QueryOf<SummaryQuery>, headers: HeaderMap) -> Result<Response, Problem> {
    let county_map = map.county_map();
    let county = map.county();
    let view = map.month_view(&county_map, month(query.month.as_deref())?)?;
    let parts = Breakdown::of(&view, &county_map, &county);
    // What was frozen is as of its close, whenever it is asked for.
    let as_of = if view.state == MapState::Live { map.as_of() } else { view.month.closes_at(county.zone) };
    let summary = Summary {
        as_of: county.local(as_of),
        month: view.month,
        state: view.state,
        totals: parts.whole.counts,
        owing: parts.whole.owing,
        minimum_ranked: county.rules_of(view.month).minimum_ranked,
        projects: parts.projects.into_iter().map(|part| ProjectCounts { project: part.of, figures: part.figures, ranked: part.ranked }).collect(),
        regions: parts.townships.into_iter().map(|part| RegionCounts { region: part.of, figures: part.figures, ranked: part.ranked }).collect(),
        units: parts.units.into_iter().map(|part| UnitCounts { unit: part.of, figures: part.figures, ranked: part.ranked }).collect(),
    };
    let keeping = if view.state == MapState::Final { Keeping::Hour } else { Keeping::Ask };
    kept::json(&headers, &summary, keeping)
}

/// A project with the counts of its sites.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 3, "year": 2026, "number": 3, "title": "农村公路提升", "lead_unit": {"id": 7, "name": "县交通运输局"},
    "counts": {"sites": 24, "completed": 10, "in_progress": 11, "not_started": 3, "overdue_red": 1, "overdue_yellow": 0, "silent": 2, "struck_off": 6}}))]
pub struct ProjectView {
    id: ProjectId,
    year: i16,
    number: i16,
    title: String,
    lead_unit: Named,
    counts: Counts,
}

/// The county's projects, newest year first.
#[utoipa::path(get, path = "/api/projects", tag = "map", responses((status = 200, body = Page<ProjectView>, description = "Projects with their counts")))]
pub async fn list_projects(State(map): State<LiveMap>) -> Json<Page<ProjectView>> {
    let county_map = map.county_map();
    let by_project = counts_by(&live(&map, &county_map), |shown| Some(shown.site.project.id));
    let view = |project: &Project| ProjectView {
        id: project.project_id,
        year: project.year,
        number: project.number,
        title: project.title.clone(),
        lead_unit: project.lead_unit.clone(),
        counts: by_project.get(&project.project_id).copied().unwrap_or_default(),
    };
    Json(Page::whole(county_map.projects.iter().map(view).collect()))
}

/// A township with the counts of its sites.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"code": "339901004", "name": "清溪镇",
    "label": {"lon": 119.9742, "lat": 30.5401}, "bounds": [119.93, 30.5, 120.02, 30.58],
    "counts": {"sites": 24, "completed": 10, "in_progress": 11, "not_started": 3, "overdue_red": 1, "overdue_yellow": 0, "silent": 2, "struck_off": 6}}))]
pub struct RegionView {
    code: String,
    name: String,
    /// Where its name is best written; null without a boundary.
    label: Option<Position>,
    /// West, south, east, north in degrees; null without a boundary.
    bounds: Option<[f64; 4]>,
    counts: Counts,
}

/// The county's townships in order of their code.
#[utoipa::path(get, path = "/api/regions", tag = "map", responses((status = 200, body = Page<RegionView>, description = "Townships with their counts")))]
pub async fn list_regions(State(map): State<LiveMap>) -> Json<Page<RegionView>> {
    let county_map = map.county_map();
    let by_township = counts_by(&live(&map, &county_map), township);
    let views = townships(&county_map, &by_township).map(|(region, counts)| RegionView {
        code: region.code.clone(),
        name: region.name.clone(),
        label: region.area.as_ref().and_then(Area::label_position).map(Position::from),
        bounds: region.area.as_ref().and_then(Area::bounds).map(|area| [area.min().x, area.min().y, area.max().x, area.max().y]),
        counts,
    });
    Json(Page::whole(views.collect()))
}

fn live(map: &LiveMap, county_map: &CountyMap) -> Vec<ShownSite> {
    let county = map.county();
    county_map.shown_sites(&county, map.today(&county))
}

fn township(shown: &ShownSite) -> Option<String> {
    township_of(&shown.site.region.code).map(str::to_owned)
}

fn counts_by<K: Eq + Hash>(sites: &[ShownSite], key: impl Fn(&ShownSite) -> Option<K>) -> HashMap<K, Counts> {
    let mut groups: HashMap<K, Vec<&ShownSite>> = HashMap::new();
    for shown in sites {
        if let Some(key) = key(shown) {
            groups.entry(key).or_default().push(shown);
        }
    }
    groups.into_iter().map(|(key, sites)| (key, sites.into_iter().collect())).collect()
}

fn townships<'a>(map: &'a CountyMap, counts: &'a HashMap<String, Counts>) -> impl Iterator<Item = (&'a MappedRegion, Counts)> {
    let townships = map.regions.iter().filter(|region| region.is_township());
    townships.map(|region| (region, counts.get(&region.code).copied().unwrap_or_default()))
}
