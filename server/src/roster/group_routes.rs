//! Groups of deputies: listed, entered, mended, and removed while they are empty.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::model::{may_keep, may_keep_county};
use super::store::groups;
use super::view::RosterGroup;
use crate::accounts::{Act, Actor, JsonOf};
use crate::database::{broken_constraint, changes};
use crate::http::{Code, Page, PathOf, Problem, Text};
use crate::ids::{DeputyGroupId, ProjectId};
use crate::platform::Platform;

/// Projects that one group follows.
const MOST_PROJECTS: usize = 100;

/// The county's groups of deputies, by name.
#[utoipa::path(get, path = "/api/deputy-groups", tag = "roster",
    responses((status = 200, body = Page<RosterGroup>, description = "Groups by name")))]
pub async fn list_groups(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<RosterGroup>>, Problem> {
    if !may_keep(&actor) {
        return Err(Problem::forbidden());
    }
    let mut connection = platform.pool.acquire().await?;
    Ok(Json(Page::whole(groups::list_groups(&mut connection, actor.county_id).await?)))
}

/// A group to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "教育小组", "theme": "学前教育", "projects": [1]}))]
pub struct NewGroup {
    name: Text<1, 100>,
    theme: Text<0, 200>,
    /// The projects that the group follows; none when not said.
    #[serde(default)]
    projects: Vec<ProjectId>,
}

/// Enters a group.
#[utoipa::path(post, path = "/api/deputy-groups", tag = "roster", request_body = NewGroup,
    responses((status = 201, body = RosterGroup, description = "The group is entered")))]
pub async fn enter_group(mut act: Act<JsonOf<NewGroup>>) -> Result<Response, Problem> {
    require_county(&act)?;
    let NewGroup { name, theme, projects } = act.body.0.clone();
    let group_id = groups::insert_group(&mut act.tx, act.actor.county_id, name.as_str(), theme.as_str()).await.map_err(group_fault)?;
    follow(&mut act, group_id, &projects).await?;
    let detail = json!({ "name": name, "theme": theme, "projects": projects });
    act.audit("group.enter", ("group", &group_id.to_string()), detail).await?;
    let view = find(&mut act, group_id).await?;
    act.done(StatusCode::CREATED, &view).await
}

fn require_county<B>(act: &Act<B>) -> Result<(), Problem> {
    if may_keep_county(&act.actor, &act.county.code) { Ok(()) } else { Err(Problem::forbidden()) }
}

fn group_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("deputy_groups_name_key") => Problem::field("name", "taken", "已有同名的代表小组", "There is a group of this name already"),
        _ => error.into(),
    }
}

/// Makes these projects, and no others, the group's theme.
async fn follow<B>(act: &mut Act<B>, group_id: DeputyGroupId, projects: &[ProjectId]) -> Result<(), Problem> {
    if projects.len() > MOST_PROJECTS {
        return Err(Problem::field("projects", "too_many", "一个小组最多关注 100 个项目", "A group follows at most 100 projects"));
    }
    groups::set_projects(&mut act.tx, act.actor.county_id, group_id, projects).await.map_err(|error| match broken_constraint(&error) {
        Some("deputy_group_projects_county_id_project_id_fkey") => {
            Problem::field("projects", "unknown", "没有这个项目，请刷新后重选", "There is no such project; read the list anew")
        }
        _ => error.into(),
    })
}

async fn find<B>(act: &mut Act<B>, group_id: DeputyGroupId) -> Result<RosterGroup, Problem> {
    let all = groups::list_groups(&mut act.tx, act.actor.county_id).await?;
    all.into_iter().find(|group| group.id == group_id).ok_or_else(Problem::not_found)
}

/// A group as it should read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "教育小组", "theme": "学前与义务教育", "projects": [1, 4], "reason": "扩大主题", "rev": 1}))]
pub struct MendedGroup {
    name: Text<1, 100>,
    theme: Text<0, 200>,
    /// The projects that the group follows; as before when not said.
    projects: Option<Vec<ProjectId>>,
    reason: Text<1, 300>,
    rev: i64,
}

/// Mends a group's name, its theme or the projects it follows. Its members see the change at the next look.
#[utoipa::path(put, path = "/api/deputy-groups/{id}", tag = "roster", params(("id" = i64, Path, description = "The group")), request_body = MendedGroup,
    responses((status = 200, body = RosterGroup, description = "The group as it reads now")))]
pub async fn mend_group(PathOf(group_id): PathOf<DeputyGroupId>, mut act: Act<JsonOf<MendedGroup>>) -> Result<Response, Problem> {
    require_county(&act)?;
    let MendedGroup { name, theme, projects, reason, rev } = act.body.0.clone();
    let before = find(&mut act, group_id).await?;
    let county_id = act.actor.county_id;
    if !groups::update_group(&mut act.tx, county_id, (group_id, rev), name.as_str(), theme.as_str()).await.map_err(group_fault)? {
        return Err(Problem::new(Code::RevMismatch).with("rev", find(&mut act, group_id).await?.rev));
    }
    if let Some(projects) = &projects {
        follow(&mut act, group_id, projects).await?;
    }
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let followed: Vec<ProjectId> = before.projects.iter().map(|project| project.id).collect();
    let detail = json!({ "reason": reason, "from": [before.name, before.theme], "to": [name, theme], "followed": followed, "follows": projects });
    act.audit("group.mend", ("group", &group_id.to_string()), detail).await?;
    let view = find(&mut act, group_id).await?;
    act.done(StatusCode::OK, &view).await
}

/// Removes a group to which nobody belongs and no offer is made.
#[utoipa::path(delete, path = "/api/deputy-groups/{id}", tag = "roster", params(("id" = i64, Path, description = "The group")),
    responses((status = 204, description = "The group is gone")))]
pub async fn remove_group(PathOf(group_id): PathOf<DeputyGroupId>, mut act: Act<()>) -> Result<Response, Problem> {
    require_county(&act)?;
    let before = find(&mut act, group_id).await?;
    let county_id = act.actor.county_id;
    groups::delete_group(&mut act.tx, county_id, group_id).await.map_err(|error| match broken_constraint(&error) {
        Some(name) if name.ends_with("_fkey") => {
            let (zh, en) =
                ("小组里还有代表（包括已离任的），或还有面向它的领办", "Deputies, perhaps former ones, belong to it, or an offer is made to it");
            Problem::new(Code::Conflict).saying(zh, en).and_field("id", "in_use", zh, en)
        }
        _ => error.into(),
    })?;
    act.audit("group.remove", ("group", &group_id.to_string()), json!({ "name": before.name })).await?;
    act.done_without_answer().await
}
