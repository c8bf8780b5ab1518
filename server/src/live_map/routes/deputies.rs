//! Deputies and units, as published.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::deputies::{Deputy, DeputyLevel};
use crate::http::shapes::{Named, RegionRef};
use crate::http::{Page, PathOf, Problem};
use crate::ids::DeputyId;
use crate::live_map::{LiveMap, ShownSite};

/// A deputy, as published. There is no telephone number in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "name": "沈晓岚", "level": "county", "constituency": "清溪镇第一选区", "region": {"code": "339901004", "name": "清溪镇"},
    "group": {"id": 4, "name": "清溪一组"}, "station": {"id": 9, "name": "清溪镇代表联络站"}, "portrait_url": null, "terms": [17],
    "left_on": null, "sites": 2}))]
pub struct DeputyView {
    id: DeputyId,
    name: String,
    level: DeputyLevel,
    constituency: String,
    region: RegionRef,
    group: Option<Named>,
    station: Option<Named>,
    /// The deputy's portrait, when there is one.
    portrait_url: Option<String>,
    /// The terms of the county's congress in which the deputy sat, as far as they are known.
    terms: Vec<i16>,
    /// The first day on which they were a deputy no longer.
    left_on: Option<NaiveDate>,
    /// How many sites the deputy has adopted.
    sites: u32,
}

impl DeputyView {
    fn of(deputy: &Deputy, sites: u32) -> Self {
        Self {
            id: deputy.deputy_id,
            name: deputy.name.clone(),
            level: deputy.level,
            constituency: deputy.constituency.clone(),
            region: deputy.region.clone(),
            group: deputy.group.clone(),
            station: deputy.station.clone(),
            portrait_url: deputy.portrait_url.clone(),
            terms: deputy.terms.clone(),
            left_on: deputy.left_on,
            sites,
        }
    }
}

/// The county's deputies in the order of their names; those who have left have only a page of their own.
#[utoipa::path(get, path = "/api/deputies", tag = "map", responses((status = 200, body = Page<DeputyView>, description = "Deputies by name")))]
pub async fn list_deputies(State(map): State<LiveMap>) -> Json<Page<DeputyView>> {
    let county_map = map.county_map();
    let county = map.county();
    let mut adopted: HashMap<DeputyId, u32> = HashMap::new();
    for shown in county_map.shown_sites(&county, map.today(&county)) {
        for adopter in &shown.site.adopters {
            *adopted.entry(adopter.id).or_default() += 1;
        }
    }
    let today = map.today(&county);
    let here = county_map.deputies.iter().filter(|deputy| deputy.left_on.is_none_or(|left_on| left_on > today));
    let view = |deputy: &Deputy| DeputyView::of(deputy, adopted.get(&deputy.deputy_id).copied().unwrap_or(0));
    Json(Page::whole(here.map(view).collect()))
}

/// One deputy.
#[utoipa::path(get, path = "/api/deputies/{id}", tag = "map", params(("id" = i64, Path, description = "Number of the deputy")),
    responses((status = 200, body = DeputyView, description = "The deputy")))]
pub async fn show_deputy(State(map): State<LiveMap>, PathOf(deputy_id): PathOf<DeputyId>) -> Result<Json<DeputyView>, Problem> {
    let county_map = map.county_map();
    let county = map.county();
    let deputy = county_map.deputies.iter().find(|deputy| deputy.deputy_id == deputy_id).ok_or_else(Problem::not_found)?;
    let adopted = |shown: &ShownSite| shown.site.adopters.iter().any(|adopter| adopter.id == deputy_id);
    let sites = county_map.shown_sites(&county, map.today(&county)).iter().filter(|shown| adopted(shown)).count();
    Ok(Json(DeputyView::of(deputy, u32::try_from(sites).unwrap_or(u32::MAX))))
}

/// The bodies that do the work, in the order of their names.
#[utoipa::path(get, path = "/api/units", tag = "map", responses((status = 200, body = Page<Named>, description = "Units by name")))]
pub async fn list_units(State(map): State<LiveMap>) -> Json<Page<Named>> {
    Json(Page::whole(map.county_map().units.clone()))
}
