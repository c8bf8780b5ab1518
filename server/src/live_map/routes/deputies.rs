//! Deputies and units, as published.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::deputies::{Deputy, DeputyLevel};
use crate::http::Page;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::DeputyId;
use crate::live_map::LiveMap;

/// A deputy, as published. There is no telephone number in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "name": "沈晓岚", "level": "county", "constituency": "清溪镇第一选区", "region": {"code": "339901004", "name": "清溪镇"},
    "group": {"id": 4, "name": "清溪一组"}, "station": {"id": 9, "name": "清溪镇代表联络站"}, "sites": 2}))]
pub struct DeputyView {
    id: DeputyId,
    name: String,
    level: DeputyLevel,
    constituency: String,
    region: RegionRef,
    group: Option<Named>,
    station: Option<Named>,
    /// How many sites the deputy has adopted.
    sites: u32,
}

/// The county's deputies in the order of their names.
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
    let view = |deputy: &Deputy| DeputyView {
        id: deputy.deputy_id,
        name: deputy.name.clone(),
        level: deputy.level,
        constituency: deputy.constituency.clone(),
        region: deputy.region.clone(),
        group: deputy.group.clone(),
        station: deputy.station.clone(),
        sites: adopted.get(&deputy.deputy_id).copied().unwrap_or(0),
    };
    Json(Page::whole(county_map.deputies.iter().map(view).collect()))
}

/// The bodies that do the work, in the order of their names.
#[utoipa::path(get, path = "/api/units", tag = "map", responses((status = 200, body = Page<Named>, description = "Units by name")))]
pub async fn list_units(State(map): State<LiveMap>) -> Json<Page<Named>> {
    Json(Page::whole(map.county_map().units.clone()))
}
