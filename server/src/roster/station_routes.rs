//! Stations: listed with their keepers, entered, mended, closed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::model::may_keep;
use super::store::stations::{self, StationEntry};
use super::view::RosterStation;
use crate::accounts::{Act, Actor, JsonOf};
use crate::database::{broken_constraint, changes};
use crate::http::{Code, Page, PathOf, Problem, Text};
use crate::ids::StationId;
use crate::platform::Platform;
use crate::regions::placing::WrittenPosition;
use crate::stations::StationKind;

/// The stations of one's place with their keepers, by name; those that closed last.
#[utoipa::path(get, path = "/api/roster/stations", tag = "roster",
    responses((status = 200, body = Page<RosterStation>, description = "Stations by name")))]
pub async fn list_kept_stations(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<RosterStation>>, Problem> {
    if !may_keep(&actor) {
        return Err(Problem::forbidden());
    }
    let mut connection = platform.pool.acquire().await?;
    let mut rows = stations::list_kept(&mut connection, actor.county_id, None).await?;
    rows.retain(|station| actor.supervises(&station.region.code));
    Ok(Json(Page::whole(rows)))
}

/// A station to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "QX-07", "name": "石桥村代表联络点", "kind": "point", "integrity_monitoring": false, "address": "石桥村村委会",
    "telephone": "0572-1234567", "opening_hours": "每月 15 日 9:00–11:00", "position": {"lon": 119.9761, "lat": 30.5388, "datum": "gcj02"}}))]
pub struct NewStation {
    code: Text<1, 40>,
    name: Text<1, 100>,
    kind: StationKind,
    integrity_monitoring: bool,
    address: Text<0, 300>,
    telephone: Text<0, 40>,
    opening_hours: Text<0, 200>,
    /// The township follows from it.
    position: WrittenPosition,
}

/// Enters a station.
#[utoipa::path(post, path = "/api/stations", tag = "roster", request_body = NewStation,
    responses((status = 201, body = RosterStation, description = "The station is on the map")))]
pub async fn enter_station(mut act: Act<JsonOf<NewStation>>) -> Result<Response, Problem> {
    if !may_keep(&act.actor) {
        return Err(Problem::forbidden());
    }
    let new = act.body.0.clone();
    let entry = entry_of(&mut act, &new).await?;
    let county_id = act.actor.county_id;
    let station_id = stations::insert_station(&mut act.tx, county_id, new.code.as_str(), &entry).await.map_err(station_fault)?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let detail = json!({ "code": new.code, "name": new.name, "region": entry.region_code });
    act.audit("station.enter", ("station", &station_id.to_string()), detail).await?;
    let view = find(&mut act, station_id).await?;
    act.done(StatusCode::CREATED, &view).await
}

async fn entry_of<B>(act: &mut Act<B>, new: &NewStation) -> Result<StationEntry, Problem> {
    let placed = new.position.find(&mut act.tx, act.actor.county_id, "position").await?;
    let region_code = placed.township.map_or_else(|| act.county.code.clone(), |township| township.code);
    if !act.actor.supervises(&region_code) {
        return Err(Problem::field("position", "outside_your_area", "位置不在您负责的镇街之内", "The place is not in your area"));
    }
    Ok(StationEntry {
        name: new.name.as_str().to_owned(),
        kind: new.kind,
        integrity_monitoring: new.integrity_monitoring,
        region_code,
        address: new.address.as_str().to_owned(),
        telephone: new.telephone.as_str().to_owned(),
        opening_hours: new.opening_hours.as_str().to_owned(),
        position: placed.position,
        datum: new.position.datum(),
        source: new.position.source(),
    })
}

fn station_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("stations_code_key") => Problem::field("code", "taken", "这个编号已用过", "This code is taken"),
        _ => error.into(),
    }
}

async fn find<B>(act: &mut Act<B>, station_id: StationId) -> Result<RosterStation, Problem> {
    stations::list_kept(&mut act.tx, act.actor.county_id, Some(station_id)).await?.pop().ok_or_else(Problem::not_found)
}

/// A station as it should read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "石桥村代表联络点", "kind": "point", "integrity_monitoring": true, "address": "石桥村村委会", "telephone": "",
    "opening_hours": "", "position": {"lon": 119.9761, "lat": 30.5388}, "reason": "搬到村委会一楼", "rev": 1}))]
pub struct MendedStation {
    name: Text<1, 100>,
    kind: StationKind,
    integrity_monitoring: bool,
    address: Text<0, 300>,
    telephone: Text<0, 40>,
    opening_hours: Text<0, 200>,
    position: WrittenPosition,
    reason: Text<1, 300>,
    rev: i64,
}

/// Mends a station, or moves it. One that closed opens again.
#[utoipa::path(put, path = "/api/stations/{id}", tag = "roster", params(("id" = i64, Path, description = "The station")), request_body = MendedStation,
    responses((status = 200, body = RosterStation, description = "The station as it reads now")))]
pub async fn mend_station(PathOf(station_id): PathOf<StationId>, mut act: Act<JsonOf<MendedStation>>) -> Result<Response, Problem> {
    let MendedStation { name, kind, integrity_monitoring, address, telephone, opening_hours, position, reason, rev } = act.body.0.clone();
    let before = hold(&mut act, station_id, rev).await?;
    let code: Text<1, 40> = serde_json::from_value(json!(before.code)).map_err(Problem::internal)?;
    let new = NewStation { code, name, kind, integrity_monitoring, address, telephone, opening_hours, position };
    let entry = entry_of(&mut act, &new).await?;
    let county_id = act.actor.county_id;
    stations::update_station(&mut act.tx, county_id, station_id, &entry).await?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let detail = json!({ "reason": reason, "from": [before.name, before.address, before.position], "to": [entry.name, entry.address, entry.source] });
    act.audit("station.mend", ("station", &station_id.to_string()), detail).await?;
    let view = find(&mut act, station_id).await?;
    act.done(StatusCode::OK, &view).await
}

async fn hold<B>(act: &mut Act<B>, station_id: StationId, rev: i64) -> Result<RosterStation, Problem> {
    if !may_keep(&act.actor) {
        return Err(Problem::forbidden());
    }
    stations::lock_station(&mut act.tx, act.actor.county_id, station_id).await?;
    let station = find(act, station_id).await?;
    if !act.actor.supervises(&station.region.code) {
        return Err(Problem::not_found());
    }
    if station.rev == rev { Ok(station) } else { Err(Problem::new(Code::RevMismatch).with("rev", station.rev)) }
}

/// Why a station closes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "并入清溪镇代表之家", "rev": 1}))]
pub struct StationEnd {
    reason: Text<1, 300>,
    rev: i64,
}

/// Closes a station: it leaves the map and stays in the records.
#[utoipa::path(post, path = "/api/stations/{id}/end", tag = "roster", params(("id" = i64, Path, description = "The station")), request_body = StationEnd,
    responses((status = 200, body = RosterStation, description = "The station is closed")))]
pub async fn end_station(PathOf(station_id): PathOf<StationId>, mut act: Act<JsonOf<StationEnd>>) -> Result<Response, Problem> {
    let StationEnd { reason, rev } = act.body.0.clone();
    let before = hold(&mut act, station_id, rev).await?;
    if before.closed_on.is_some() {
        return Err(Problem::conflict("这个联络站已经关闭", "The station has closed already"));
    }
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    stations::close_station(&mut act.tx, county_id, station_id, today).await?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    act.audit("station.end", ("station", &station_id.to_string()), json!({ "name": before.name, "reason": reason })).await?;
    let view = find(&mut act, station_id).await?;
    act.done(StatusCode::OK, &view).await
}
