//! Where to go and where one is: stations by distance, and the grid cell of a place.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::position;
use crate::http::shapes::{Position, RegionRef};
use crate::http::{Page, Problem, QueryOf};
use crate::ids::{GridCellId, StationId};
use crate::live_map::LiveMap;
use crate::live_map::county_map::MappedCell;
use crate::stations::{Station, StationKind};

/// A liaison station.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 9, "code": "ST-04", "name": "清溪镇代表联络站", "kind": "station", "integrity_monitoring": true,
    "region": {"code": "339901004", "name": "清溪镇"}, "address": "清溪镇人民路 8 号", "telephone": "0572-0000000", "opening_hours": "每周三 9:00–11:30",
    "position": {"lon": 119.9742, "lat": 30.5401}, "distance_m": 840}))]
pub struct StationView {
    id: StationId,
    code: String,
    name: String,
    kind: StationKind,
    /// Whether it carries an integrity-monitoring post (廉情监测点).
    integrity_monitoring: bool,
    region: RegionRef,
    address: String,
    telephone: String,
    opening_hours: String,
    position: Position,
    /// Metres from the place that was asked about; absent when none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<u32>,
}

impl StationView {
    fn new(station: &Station, distance_m: Option<f64>) -> Self {
        Self {
            id: station.station_id,
            code: station.code.clone(),
            name: station.name.clone(),
            kind: station.kind,
            integrity_monitoring: station.integrity_monitoring,
            region: station.region.clone(),
            address: station.address.clone(),
            telephone: station.telephone.clone(),
            opening_hours: station.opening_hours.clone(),
            position: station.position.into(),
            distance_m: distance_m.map(|metres| metres.round() as u32),
        }
    }
}

/// In which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StationsQuery {
    /// `lon,lat` in degrees, WGS-84: nearest first.
    #[param(example = "119.97,30.54")]
    near: Option<String>,
}

/// The county's stations by name, or the nearest first.
#[utoipa::path(get, path = "/api/stations", tag = "map", params(StationsQuery),
    responses((status = 200, body = Page<StationView>, description = "Stations by name, or by distance")))]
pub async fn list_stations(State(map): State<LiveMap>, QueryOf(query): QueryOf<StationsQuery>) -> Result<Json<Page<StationView>>, Problem> {
    let near = query.near.as_deref().map(|text| position("near", text)).transpose()?;
    let county_map = map.county_map();
    let mut stations: Vec<(Option<f64>, &Station)> =
        county_map.stations.iter().map(|station| (near.map(|near| near.metres_to(station.position)), station)).collect();
    if near.is_some() {
        stations.sort_by(|(one, _), (two, _)| one.unwrap_or_default().total_cmp(&two.unwrap_or_default()));
    }
    Ok(Json(Page::whole(stations.into_iter().map(|(distance_m, station)| StationView::new(station, distance_m)).collect())))
}

/// A grid cell.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 31, "code": "339901004012-03", "name": "石桥三网格", "region": {"code": "339901004", "name": "清溪镇"}}))]
pub struct GridCellView {
    id: GridCellId,
    code: String,
    name: String,
    region: RegionRef,
}

/// Which cells.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GridCellsQuery {
    /// `lon,lat` in degrees, WGS-84: the cells in which this place lies; more than one only on a common edge.
    #[param(example = "119.97,30.54")]
    at: Option<String>,
}

/// The county's grid cells in order of their code, or those at a place.
#[utoipa::path(get, path = "/api/grid-cells", tag = "map", params(GridCellsQuery),
    responses((status = 200, body = Page<GridCellView>, description = "Grid cells in order of their code")))]
pub async fn list_grid_cells(State(map): State<LiveMap>, QueryOf(query): QueryOf<GridCellsQuery>) -> Result<Json<Page<GridCellView>>, Problem> {
    let at = query.at.as_deref().map(|text| position("at", text)).transpose()?;
    let county_map = map.county_map();
    let cells = county_map.grid_cells.iter().filter(|cell| at.is_none_or(|at| cell.area.covers(at)));
    let view = |cell: &MappedCell| GridCellView { id: cell.id, code: cell.code.clone(), name: cell.name.clone(), region: cell.region.clone() };
    Ok(Json(Page::whole(cells.map(view).collect())))
}
