//! Projects and units: listed for the desk with their revs, entered, mended; a unit ends when it has no open work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{may_plan, may_plan_county};
use super::store::catalogue::{self, ProjectEntry};
use super::view::{PlannedProject, PlannedUnit};
use crate::accounts::{Act, Actor, JsonOf};
use crate::database::{broken_constraint, changes};
use crate::http::{Code, PathOf, Problem, Text};
use crate::ids::{ProjectId, UnitId};
use crate::platform::Platform;

/// What is planned and by whom it is carried out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"projects": [], "units": []}))]
pub struct PlanView {
    /// Newest year first, in order of their number.
    pub projects: Vec<PlannedProject>,
    /// By name; those that ended last.
    pub units: Vec<PlannedUnit>,
}

/// The county's projects and units with what the desk has to know to mend them.
#[utoipa::path(get, path = "/api/plan", tag = "planning", responses((status = 200, body = PlanView, description = "Projects and units")))]
pub async fn show_plan(State(platform): State<Platform>, actor: Actor) -> Result<Json<PlanView>, Problem> {
    if !may_plan(&actor) {
        return Err(Problem::forbidden());
    }
    let mut connection = platform.pool.acquire().await?;
    let projects = catalogue::list_projects(&mut connection, actor.county_id).await?;
    let units = catalogue::list_units(&mut connection, actor.county_id).await?;
    Ok(Json(PlanView { projects, units }))
}

fn require_county<B>(act: &Act<B>) -> Result<(), Problem> {
    if may_plan_county(&act.actor, &act.county.code) { Ok(()) } else { Err(Problem::forbidden()) }
}

fn rev_mismatch(rev: i64) -> Problem {
    Problem::new(Code::RevMismatch).with("rev", rev)
}

/// A project to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"year": 2026, "number": 11, "title": "老旧小区加装电梯", "lead_unit_id": 7}))]
pub struct NewProject {
    year: i16,
    number: i16,
    title: Text<1, 200>,
    lead_unit_id: UnitId,
}

/// Enters a project of a year.
#[utoipa::path(post, path = "/api/projects", tag = "planning", request_body = NewProject,
    responses((status = 201, body = PlannedProject, description = "The project is entered")))]
pub async fn create_project(mut act: Act<JsonOf<NewProject>>) -> Result<Response, Problem> {
    require_county(&act)?;
    let NewProject { year, number, title, lead_unit_id } = act.body.0.clone();
    check_numbers(Some(year), number)?;
    require_unit(&mut act, lead_unit_id, "lead_unit_id").await?;
    let county_id = act.actor.county_id;
    let entry = ProjectEntry { number, title: title.as_str(), lead_unit_id };
    let project_id = catalogue::insert_project(&mut act.tx, county_id, year, entry).await.map_err(project_fault)?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let detail = json!({ "year": year, "number": number, "title": title, "lead_unit_id": lead_unit_id });
    act.audit("project.create", ("project", &project_id.to_string()), detail).await?;
    let view = find_project(&mut act, project_id).await?;
    act.done(StatusCode::CREATED, &view).await
}

/// A project as it should read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": 3, "title": "农村公路提升", "lead_unit_id": 7, "reason": "名称有错字", "rev": 1}))]
pub struct MendedProject {
    number: i16,
    title: Text<1, 200>,
    lead_unit_id: UnitId,
    reason: Text<1, 300>,
    /// Of the project as the person saw it.
    rev: i64,
}

/// Mends a project's number, title or lead unit.
#[utoipa::path(put, path = "/api/projects/{id}", tag = "planning", params(("id" = i64, Path, description = "The project")), request_body = MendedProject,
    responses((status = 200, body = PlannedProject, description = "The project as it reads now")))]
pub async fn mend_project(PathOf(project_id): PathOf<ProjectId>, mut act: Act<JsonOf<MendedProject>>) -> Result<Response, Problem> {
    require_county(&act)?;
    let MendedProject { number, title, lead_unit_id, reason, rev } = act.body.0.clone();
    let before = find_project(&mut act, project_id).await?;
    if before.rev != rev {
        return Err(rev_mismatch(before.rev));
    }
    check_numbers(None, number)?;
    if before.lead_unit.id != lead_unit_id.0 {
        require_unit(&mut act, lead_unit_id, "lead_unit_id").await?;
    }
    let county_id = act.actor.county_id;
    let entry = ProjectEntry { number, title: title.as_str(), lead_unit_id };
    if !catalogue::update_project(&mut act.tx, county_id, (project_id, rev), entry).await.map_err(project_fault)? {
        return Err(rev_mismatch(find_project(&mut act, project_id).await?.rev));
    }
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let detail = json!({ "reason": reason, "from": [before.number, before.title, before.lead_unit.id], "to": [number, title, lead_unit_id] });
    act.audit("project.mend", ("project", &project_id.to_string()), detail).await?;
    let view = find_project(&mut act, project_id).await?;
    act.done(StatusCode::OK, &view).await
}

fn check_numbers(year: Option<i16>, number: i16) -> Result<(), Problem> {
    if year.is_some_and(|year| !(2000..=2100).contains(&year)) {
        return Err(Problem::field("year", "out_of_range", "年份应在 2000 到 2100 之间", "The year lies between 2000 and 2100"));
    }
    if !(1..=999).contains(&number) {
        return Err(Problem::field("number", "out_of_range", "序号应在 1 到 999 之间", "The number lies between 1 and 999"));
    }
    Ok(())
}

fn project_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("projects_number_key") => {
            Problem::field("number", "taken", "这一年已有同一序号的项目", "There is a project of this number in that year already")
        }
        _ => error.into(),
    }
}

async fn find_project<B>(act: &mut Act<B>, project_id: ProjectId) -> Result<PlannedProject, Problem> {
    let projects = catalogue::list_projects(&mut act.tx, act.actor.county_id).await?;
    projects.into_iter().find(|project| project.id == project_id).ok_or_else(Problem::not_found)
}

/// The unit is there and has not ended.
pub async fn require_unit<B>(act: &mut Act<B>, unit_id: UnitId, field: &str) -> Result<(), Problem> {
    if catalogue::hold_working_unit(&mut act.tx, act.actor.county_id, unit_id).await? {
        return Ok(());
    }
    Err(Problem::field(field, "unknown", "没有这个单位，或该单位已停用", "There is no such unit, or it has ended"))
}

/// A unit to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "县水利局"}))]
pub struct NewUnit {
    name: Text<1, 100>,
}

/// Enters a unit.
#[utoipa::path(post, path = "/api/units", tag = "planning", request_body = NewUnit,
    responses((status = 201, body = PlannedUnit, description = "The unit is entered")))]
pub async fn create_unit(mut act: Act<JsonOf<NewUnit>>) -> Result<Response, Problem> {
    require_county(&act)?;
    let name = act.body.0.name.as_str().to_owned();
    let unit_id = catalogue::insert_unit(&mut act.tx, act.actor.county_id, &name).await.map_err(unit_fault)?;
    changes::county_changed(&mut act.tx, act.actor.county_id, act.now).await?;
    act.audit("unit.create", ("unit", &unit_id.to_string()), json!({ "name": name })).await?;
    let view = find_unit(&mut act, unit_id).await?;
    act.done(StatusCode::CREATED, &view).await
}

/// A unit as it should read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "县水利局", "reason": "机构改革更名", "rev": 1}))]
pub struct MendedUnit {
    name: Text<1, 100>,
    reason: Text<1, 300>,
    rev: i64,
}

/// Mends a unit's name. A unit that ended works again.
#[utoipa::path(put, path = "/api/units/{id}", tag = "planning", params(("id" = i64, Path, description = "The unit")), request_body = MendedUnit,
    responses((status = 200, body = PlannedUnit, description = "The unit as it reads now")))]
pub async fn mend_unit(PathOf(unit_id): PathOf<UnitId>, mut act: Act<JsonOf<MendedUnit>>) -> Result<Response, Problem> {
    require_county(&act)?;
    let MendedUnit { name, reason, rev } = act.body.0.clone();
    let before = find_unit(&mut act, unit_id).await?;
    let updated = catalogue::update_unit(&mut act.tx, act.actor.county_id, (unit_id, rev), name.as_str()).await.map_err(unit_fault)?;
    if !updated {
        return Err(rev_mismatch(find_unit(&mut act, unit_id).await?.rev));
    }
    changes::county_changed(&mut act.tx, act.actor.county_id, act.now).await?;
    let detail = json!({ "reason": reason, "from": before.name, "to": name, "ended_on": before.ended_on });
    act.audit("unit.mend", ("unit", &unit_id.to_string()), detail).await?;
    let view = find_unit(&mut act, unit_id).await?;
    act.done(StatusCode::OK, &view).await
}

/// Why a unit ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "职能并入县住建局", "rev": 1}))]
pub struct UnitEnd {
    reason: Text<1, 300>,
    rev: i64,
}

/// Ends a unit: it stays with what it did, and nothing new is given to it. Refused while sites are open with it.
#[utoipa::path(post, path = "/api/units/{id}/end", tag = "planning", params(("id" = i64, Path, description = "The unit")), request_body = UnitEnd,
    responses((status = 200, body = PlannedUnit, description = "The unit has ended")))]
pub async fn end_unit(PathOf(unit_id): PathOf<UnitId>, mut act: Act<JsonOf<UnitEnd>>) -> Result<Response, Problem> {
    require_county(&act)?;
    let UnitEnd { reason, rev } = act.body.0.clone();
    catalogue::lock_unit(&mut act.tx, act.actor.county_id, unit_id).await?;
    let before = find_unit(&mut act, unit_id).await?;
    if before.ended_on.is_some() {
        return Err(Problem::conflict("这个单位已经撤销或并入他处", "The unit has ended already"));
    }
    if before.open_sites > 0 {
        let count = before.open_sites;
        let (zh, en) =
            (format!("还有 {count} 个未销号的点位由它承办，请先改派"), format!("{count} open sites are with it; give them to another unit first"));
        return Err(Problem::new(Code::Conflict).saying(zh.clone(), en.clone()).and_field("id", "in_use", zh, en));
    }
    let today = act.county.date_at(act.now);
    if !catalogue::end_unit(&mut act.tx, act.actor.county_id, (unit_id, rev), today).await? {
        return Err(rev_mismatch(find_unit(&mut act, unit_id).await?.rev));
    }
    changes::county_changed(&mut act.tx, act.actor.county_id, act.now).await?;
    act.audit("unit.end", ("unit", &unit_id.to_string()), json!({ "name": before.name, "reason": reason })).await?;
    let view = find_unit(&mut act, unit_id).await?;
    act.done(StatusCode::OK, &view).await
}

fn unit_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("units_name_key") => Problem::field("name", "taken", "已有同名的单位", "There is a unit of this name already"),
        _ => error.into(),
    }
}

async fn find_unit<B>(act: &mut Act<B>, unit_id: UnitId) -> Result<PlannedUnit, Problem> {
    let units = catalogue::list_units(&mut act.tx, act.actor.county_id).await?;
    units.into_iter().find(|unit| unit.id == unit_id).ok_or_else(Problem::not_found)
}
