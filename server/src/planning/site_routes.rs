//! Sites: found a township for, entered, and put right where something was merely written wrong.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use geodata::datum::Datum;
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::catalogue_routes::require_unit;
use super::model::{is_code, may_plan, next_code};
use super::store::sites::{self, SiteEntry, SiteWords};
use super::view::LocatedView;
use crate::accounts::{Act, Actor, JsonOf};
use crate::database::{broken_constraint, changes};
use crate::http::{Code, PathOf, Problem, QueryOf, Text};
use crate::ids::{ProjectId, SiteId, UnitId};
use crate::platform::Platform;
use crate::regions::placing::WrittenPosition;
use crate::sites::key::require_decision;
use crate::sites::{SiteView, store::find_site};

/// A position as it is written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WrittenQuery {
    /// Degrees.
    lon: f64,
    lat: f64,
    /// `wgs84` when nothing is said, `cgcs2000`, `gcj02` or `bd09`.
    #[param(value_type = Option<String>)]
    datum: Option<Datum>,
}

/// Where a written position lies, before anything is entered there.
#[utoipa::path(get, path = "/api/plan/place", tag = "planning", params(WrittenQuery),
    responses((status = 200, body = LocatedView, description = "The place and its township")))]
pub async fn locate(State(platform): State<Platform>, actor: Actor, QueryOf(query): QueryOf<WrittenQuery>) -> Result<Json<LocatedView>, Problem> {
    if !may_plan(&actor) {
        return Err(Problem::forbidden());
    }
    let written = WrittenPosition { lon: query.lon, lat: query.lat, datum: query.datum };
    let mut connection = platform.pool.acquire().await?;
    let placed = written.find(&mut connection, actor.county_id, "position").await?;
    Ok(Json(LocatedView {
        position: placed.position.into(),
        township: placed.township,
        village: placed.village,
        outside_m: placed.outside_m.round() as u32,
    }))
}

/// A site to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"project_id": 3, "code": null, "name": "石桥村道路硬化", "address": "清溪镇石桥村", "position": {"lon": 119.9761, "lat": 30.5388, "datum": "wgs84"},
    "unit_id": 7, "quota": "硬化道路 1.2 公里", "people_served": 860, "remarks": "", "planned_start_on": "2026-03-01", "planned_finish_on": "2026-11-30"}))]
pub struct NewSite {
    project_id: ProjectId,
    /// Public code, stable for ever; the next of the project's codes when nothing is said.
    code: Option<Text<1, 40>>,
    name: Text<1, 200>,
    address: Text<0, 300>,
    /// The township follows from it.
    position: WrittenPosition,
    unit_id: UnitId,
    /// What has to be built or done.
    quota: Text<0, 200>,
    people_served: Option<i32>,
    remarks: Text<0, 2000>,
    planned_start_on: Option<NaiveDate>,
    planned_finish_on: Option<NaiveDate>,
}

/// Enters a site. It begins not started; its township follows from its place.
#[utoipa::path(post, path = "/api/sites", tag = "planning", request_body = NewSite,
    responses((status = 201, body = SiteView, description = "The site is on the map")))]
pub async fn create_site(mut act: Act<JsonOf<NewSite>>) -> Result<Response, Problem> {
    if !may_plan(&act.actor) {
        return Err(Problem::forbidden());
    }
    let new = act.body.0.clone();
    let county_id = act.actor.county_id;
    let placed = new.position.find(&mut act.tx, county_id, "position").await?;
    let region_code = placed.township.map_or_else(|| act.county.code.clone(), |township| township.code);
    if !act.actor.supervises(&region_code) {
        return Err(Problem::field("position", "outside_your_area", "位置不在您负责的镇街之内", "The place is not in your area"));
    }
    check_people(new.people_served)?;
    if matches!((new.planned_start_on, new.planned_finish_on), (Some(start), Some(finish)) if start > finish) {
        return Err(Problem::field(
            "planned_finish_on",
            "before_start",
            "计划完工不能早于计划开工",
            "The planned finish lies before the planned start",
        ));
    }
    require_unit(&mut act, new.unit_id, "unit_id").await?;
    let code = code_of(&mut act, &new).await?;
    let entry = SiteEntry {
        project_id: new.project_id,
        code: &code,
        words: words_of(&new.name, &new.address, &new.remarks),
        region_code: &region_code,
        position: placed.position,
        datum: new.position.datum(),
        source: &new.position.source(),
        unit_id: new.unit_id,
        quota: new.quota.as_str(),
        people_served: new.people_served,
        planned: (new.planned_start_on, new.planned_finish_on),
    };
    let site_id = sites::insert_site(&mut act.tx, county_id, entry, act.now).await.map_err(site_fault)?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let detail = json!({ "code": code, "name": new.name, "project_id": new.project_id, "region": region_code, "position": new.position.source(),
        "datum": new.position.datum().as_str() });
    act.audit("site.create", ("site", &site_id.to_string()), detail).await?;
    answer(act, site_id, StatusCode::CREATED).await
}

async fn code_of<B>(act: &mut Act<B>, new: &NewSite) -> Result<String, Problem> {
    let unknown = || Problem::field("project_id", "unknown", "没有这个项目", "There is no such project");
    let project = sites::lock_project(&mut act.tx, act.actor.county_id, new.project_id).await?.ok_or_else(unknown)?;
    match &new.code {
        None => Ok(next_code(project.year, project.number, &project.codes)),
        Some(code) if is_code(code.as_str()) => Ok(code.as_str().to_owned()),
        Some(_) => Err(Problem::field("code", "unreadable", "编号只能由字母、数字和连字符组成", "A code is made of letters, digits and hyphens")),
    }
}

fn words_of<'a>(name: &'a Text<1, 200>, address: &'a Text<0, 300>, remarks: &'a Text<0, 2000>) -> SiteWords<'a> {
    SiteWords { name: name.as_str(), address: address.as_str(), remarks: remarks.as_str() }
}

fn check_people(people_served: Option<i32>) -> Result<(), Problem> {
    if people_served.is_some_and(|people| people < 0) {
        return Err(Problem::field("people_served", "out_of_range", "受益人数不能是负数", "The number of people cannot be negative"));
    }
    Ok(())
}

fn site_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("sites_code_key") => {
            Problem::field("code", "taken", "这个编号已用过（包括已撤销的点位）", "This code is taken, perhaps by a site withdrawn since")
        }
        _ => error.into(),
    }
}

async fn answer<B>(mut act: Act<B>, site_id: SiteId, status: StatusCode) -> Result<Response, Problem> {
    let site = find_site(&mut act.tx, act.actor.county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    let view = SiteView::on(&site, &act.county, act.county.date_at(act.now));
    act.done(status, &view).await
}

/// A site as it should read. Dates, scope and place are not here: they change by a decision.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "石桥村道路硬化", "address": "清溪镇石桥村村口", "unit_id": 7, "people_served": 860, "remarks": "", "reason": "地址有错字", "rev": 9}))]
pub struct MendedSite {
    name: Text<1, 200>,
    address: Text<0, 300>,
    unit_id: UnitId,
    people_served: Option<i32>,
    remarks: Text<0, 2000>,
    reason: Text<1, 300>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Puts right what was merely written wrong of a site. What stood before is on record.
#[utoipa::path(put, path = "/api/sites/{id}", tag = "planning", params(("id" = i64, Path, description = "The site")), request_body = MendedSite,
    responses((status = 200, body = SiteView, description = "The site as it reads now")))]
pub async fn mend_site(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<MendedSite>>) -> Result<Response, Problem> {
    if !may_plan(&act.actor) {
        return Err(Problem::forbidden());
    }
    let wanted = act.body.0.clone();
    let county_id = act.actor.county_id;
    let found = sites::lock_entry(&mut act.tx, county_id, site_id).await?;
    let before = found.filter(|site| act.actor.supervises(&site.region_code)).ok_or_else(Problem::not_found)?;
    require_decision(&act.actor, &before.region_code, before.key_site)?;
    if before.rev != wanted.rev {
        return Err(Problem::new(Code::RevMismatch).with("rev", before.rev));
    }
    check_people(wanted.people_served)?;
    if before.unit_id != wanted.unit_id.0 {
        require_unit(&mut act, wanted.unit_id, "unit_id").await?;
    }
    let words = words_of(&wanted.name, &wanted.address, &wanted.remarks);
    let now_reads = (words.name, words.address, words.remarks, wanted.unit_id.0, wanted.people_served);
    if now_reads == (&before.name, &before.address, &before.remarks, before.unit_id, before.people_served) {
        return Err(Problem::field("body", "nothing_changed", "与现在的内容相同，没有要改的", "It reads like this already; nothing would change"));
    }
    sites::update_words(&mut act.tx, county_id, site_id, words, (wanted.unit_id, wanted.people_served)).await?;
    changes::sites_changed(&mut act.tx, county_id, &[site_id], act.now).await?;
    let from = json!([before.name, before.address, before.remarks, before.unit_id, before.people_served]);
    let detail = json!({ "reason": wanted.reason, "from": from, "to": now_reads });
    act.audit("site.mend", ("site", &site_id.to_string()), detail).await?;
    answer(act, site_id, StatusCode::OK).await
}
