//! Deputies: listed for the desk, entered, mended, and let go.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};

use super::model::{LeavingReason, may_keep};
use super::store::deputies::{self, DeputyEntry, Leaving, RosterPlace, RosterWanted};
use super::view::RosterDeputy;
use crate::accounts::{Act, Actor, JsonOf};
use crate::calendar::start_of_day;
use crate::county::County;
use crate::database::{broken_constraint, changes};
use crate::deputies::DeputyLevel;
use crate::http::paging::{page_size, read_cursor};
use crate::http::personal::Phone;
use crate::http::{Code, Page, PathOf, Problem, QueryOf, Text};
use crate::ids::{DeputyGroupId, DeputyId, StationId};
use crate::joining::{self, model::read_phone};
use crate::platform::Platform;

/// Which deputies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterQuery {
    /// Code of a region; it and everything below it.
    #[param(value_type = Option<String>)]
    region: Option<Text<1, 12>>,
    /// Part of a name, constituency, group or station; or a whole telephone number, or its last four digits.
    #[param(value_type = Option<String>)]
    q: Option<Text<0, 50>>,
    level: Option<DeputyLevel>,
    /// Those who have left, instead of those who are here.
    left: Option<bool>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A cursor holds the whole place, so that it stands also when the deputy of that place has left or gone elsewhere meanwhile.
impl std::str::FromStr for RosterPlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let (Some(region_code), Some(id), Some(name)) = (parts.next(), parts.next(), parts.next()) else { return Err(()) };
        Ok(Self { region_code: region_code.to_owned(), name: name.to_owned(), deputy_id: DeputyId(id.parse().map_err(drop)?) })
    }
}

/// The deputies of one's place, with what only the desk may know.
#[utoipa::path(get, path = "/api/roster", tag = "roster", params(RosterQuery),
    responses((status = 200, body = Page<RosterDeputy>, description = "By place and name")))]
pub async fn list_roster(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<RosterQuery>,
) -> Result<Json<Page<RosterDeputy>>, Problem> {
    if !may_keep(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let limit = page_size(query.limit, 100, 500)?;
    let after: Option<RosterPlace> = read_cursor(query.cursor.as_deref())?;
    let places = actor.supervised_regions();
    let wanted = RosterWanted {
        places: &places,
        region: query.region.as_ref().map_or("", Text::as_str),
        words: query.q.as_ref().map_or("", Text::as_str),
        level: query.level,
        left: query.left.unwrap_or(false),
        today: county.date_at(platform.clock.now()),
        after: after.as_ref(),
        limit: limit + 1,
    };
    let mut connection = platform.pool.acquire().await?;
    let mut rows = deputies::list_roster(&mut connection, &county, wanted).await?;
    tell_joining(&mut connection, &county, &mut rows, platform.clock.now()).await?;
    Ok(Json(Page::cut(rows, limit, |row| format!("{}.{}.{}", row.region.code, row.id, row.name))))
}

/// A deputy to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "沈晓岚", "level": "county", "constituency": "清溪镇第一选区", "in_region": "339901004", "group_id": 4, "station_id": 9,
    "phone": "139 0000 0001"}))]
pub struct NewDeputy {
    name: Text<1, 50>,
    level: DeputyLevel,
    constituency: Text<0, 100>,
    /// Code of the township to which the deputy belongs; of the county for those of no township.
    in_region: Text<6, 12>,
    group_id: Option<DeputyGroupId>,
    station_id: Option<StationId>,
    /// A mainland mobile number; without one the deputy cannot be invited.
    phone: Option<Text<0, 40>>,
}

impl NewDeputy {
    /// What is to be kept; `known` is the number of before, which stays when it comes back as it was shown.
    fn entry(&self, known: Option<&Phone>) -> Result<DeputyEntry, Problem> {
        let typed = self.phone.as_ref().map_or("", Text::as_str);
        let wrong = || Problem::field("phone", "unreadable", "应为 11 位手机号码", "A mainland mobile number of 11 digits");
        let phone = match known {
            Some(known) if known.masked() == typed => Some(known.0.clone()),
            _ if typed.is_empty() => None,
            _ => Some(read_phone(typed).ok_or_else(wrong)?),
        };
        Ok(DeputyEntry {
            name: self.name.as_str().to_owned(),
            level: self.level,
            constituency: self.constituency.as_str().to_owned(),
            region_code: self.in_region.as_str().to_owned(),
            group_id: self.group_id,
            station_id: self.station_id,
            phone,
        })
    }
}

/// Enters a deputy, from today on.
#[utoipa::path(post, path = "/api/deputies", tag = "roster", request_body = NewDeputy,
    responses((status = 201, body = RosterDeputy, description = "The deputy is entered")))]
pub async fn enter_deputy(mut act: Act<JsonOf<NewDeputy>>) -> Result<Response, Problem> {
    let entry = act.body.0.entry(None);
    let entry = supervised(&act, entry)?;
    let today = act.county.date_at(act.now);
    let personal_code = hex::encode(act.platform.chance.bytes::<8>());
    let county_id = act.actor.county_id;
    let deputy_id = deputies::insert_deputy(&mut act.tx, county_id, &entry, (&personal_code, today)).await.map_err(deputy_fault)?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let detail = json!({ "name": entry.name, "level": entry.level, "region": entry.region_code });
    act.audit("deputy.enter", ("deputy", &deputy_id.to_string()), detail).await?;
    answer(act, deputy_id, StatusCode::CREATED).await
}

fn supervised<B>(act: &Act<B>, entry: Result<DeputyEntry, Problem>) -> Result<DeputyEntry, Problem> {
    if !may_keep(&act.actor) {
        return Err(Problem::forbidden());
    }
    let entry = entry?;
    if !act.actor.supervises(&entry.region_code) {
        return Err(Problem::field(
            "in_region",
            "outside_your_area",
            "没有这个区划，或不在您负责的范围内",
            "There is no such region, or it is not yours",
        ));
    }
    Ok(entry)
}

fn deputy_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("deputies_phone_key") => Problem::field("phone", "taken", "这个号码已登记给另一位代表", "Another deputy has this number"),
        Some("deputies_county_id_region_code_fkey") => Problem::field("in_region", "unknown", "没有这个区划", "There is no such region"),
        Some("deputies_county_id_deputy_group_id_fkey") => Problem::field("group_id", "unknown", "没有这个代表小组", "There is no such group"),
        Some("deputies_county_id_station_id_fkey") => Problem::field("station_id", "unknown", "没有这个联络站", "There is no such station"),
        _ => error.into(),
    }
}

async fn answer<B>(mut act: Act<B>, deputy_id: DeputyId, status: StatusCode) -> Result<Response, Problem> {
    let view = find(&mut act, deputy_id).await?;
    act.done(status, &view).await
}

pub(super) async fn find<B>(act: &mut Act<B>, deputy_id: DeputyId) -> Result<RosterDeputy, Problem> {
    let mut deputy = deputies::find_on_roster(&mut act.tx, &act.county, deputy_id).await?.ok_or_else(Problem::not_found)?;
    tell_joining(&mut act.tx, &act.county, std::slice::from_mut(&mut deputy), act.now).await?;
    Ok(deputy)
}

async fn tell_joining(connection: &mut PgConnection, county: &County, rows: &mut [RosterDeputy], now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let deputies: Vec<DeputyId> = rows.iter().map(|row| row.id).collect();
    let mut states = joining::standings(connection, county, &deputies, now).await?;
    for row in rows {
        row.joining = states.remove(&row.id);
    }
    Ok(())
}

/// A deputy as they should read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "沈晓岚", "level": "county", "constituency": "清溪镇第一选区", "in_region": "339901004", "group_id": 4, "station_id": null,
    "phone": "13900000001", "reason": "调整代表小组", "rev": 1}))]
pub struct MendedDeputy {
    name: Text<1, 50>,
    level: DeputyLevel,
    constituency: Text<0, 100>,
    in_region: Text<6, 12>,
    group_id: Option<DeputyGroupId>,
    station_id: Option<StationId>,
    /// As it is to be; as the list shows it (`139****0001`) it stays what it is.
    phone: Option<Text<0, 40>>,
    reason: Text<1, 300>,
    /// Of the deputy as the person saw them.
    rev: i64,
}

/// Mends what is kept of a deputy.
#[utoipa::path(put, path = "/api/deputies/{id}", tag = "roster", params(("id" = i64, Path, description = "The deputy")), request_body = MendedDeputy,
    responses((status = 200, body = RosterDeputy, description = "The deputy as they read now")))]
pub async fn mend_deputy(PathOf(deputy_id): PathOf<DeputyId>, mut act: Act<JsonOf<MendedDeputy>>) -> Result<Response, Problem> {
    let MendedDeputy { name, level, constituency, in_region, group_id, station_id, phone, reason, rev } = act.body.0.clone();
    let before = hold(&mut act, deputy_id, rev).await?;
    let entry = NewDeputy { name, level, constituency, in_region, group_id, station_id, phone }.entry(before.phone.as_ref());
    let entry = supervised(&act, entry)?;
    let county_id = act.actor.county_id;
    deputies::update_deputy(&mut act.tx, county_id, deputy_id, &entry).await.map_err(deputy_fault)?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let sites = deputies::list_adopted(&mut act.tx, county_id, deputy_id).await?;
    changes::sites_changed(&mut act.tx, county_id, &sites, act.now).await?;
    // A telephone number is nobody's business, also not the log's.
    let said = |deputy: (&str, DeputyLevel, &str, &str)| json!([deputy.0, deputy.1, deputy.2, deputy.3]);
    let detail = json!({ "reason": reason, "phone_changed": before.phone.as_ref().map(|phone| &phone.0) != entry.phone.as_ref(),
        "from": said((&before.name, before.level, &before.constituency, &before.region.code)),
        "to": said((&entry.name, entry.level, &entry.constituency, &entry.region_code)) });
    act.audit("deputy.mend", ("deputy", &deputy_id.to_string()), detail).await?;
    answer(act, deputy_id, StatusCode::OK).await
}

pub(super) async fn hold<B>(act: &mut Act<B>, deputy_id: DeputyId, rev: i64) -> Result<RosterDeputy, Problem> {
    if !may_keep(&act.actor) {
        return Err(Problem::forbidden());
    }
    deputies::lock_deputy(&mut act.tx, act.actor.county_id, deputy_id).await?;
    let deputy = find(act, deputy_id).await?;
    if !act.actor.supervises(&deputy.region.code) {
        return Err(Problem::not_found());
    }
    if deputy.rev == rev { Ok(deputy) } else { Err(Problem::new(Code::RevMismatch).with("rev", deputy.rev)) }
}

/// Why a deputy leaves.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"because": "resigned", "words": "因工作调动辞去代表职务", "rev": 1}))]
pub struct DeputyEnd {
    because: LeavingReason,
    words: Text<1, 300>,
    rev: i64,
}

/// Lets a deputy go, from today: their account gives no right as a deputy at the next request, and their sites are free. What they did stays.
#[utoipa::path(post, path = "/api/deputies/{id}/end", tag = "roster", params(("id" = i64, Path, description = "The deputy")), request_body = DeputyEnd,
    responses((status = 200, body = RosterDeputy, description = "A deputy no longer")))]
pub async fn end_deputy(PathOf(deputy_id): PathOf<DeputyId>, mut act: Act<JsonOf<DeputyEnd>>) -> Result<Response, Problem> {
    let DeputyEnd { because, words, rev } = act.body.0.clone();
    let before = hold(&mut act, deputy_id, rev).await?;
    if before.left_on.is_some() {
        return Err(Problem::new(Code::Conflict).saying("这位代表已离任，或已登记随换届离任", "The deputy has left, or will leave with the term"));
    }
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    let leaving = Leaving { on: today, at: start_of_day(today, act.county.zone), because: because.as_str() };
    deputies::note_leaving(&mut act.tx, county_id, &[deputy_id], leaving).await?;
    let sites = deputies::take_leave(&mut act.tx, county_id, &[deputy_id], (today, "deputy_ended"), act.now).await?;
    changes::sites_changed(&mut act.tx, county_id, &sites, act.now).await?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let detail = json!({ "because": because, "words": words, "sites": sites });
    act.audit("deputy.end", ("deputy", &deputy_id.to_string()), detail).await?;
    answer(act, deputy_id, StatusCode::OK).await
}
