//! Townships get other names: the old one stays readable, and the months before keep it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{may_plan, may_plan_county};
use super::store::regions::{self, Renaming};
use crate::accounts::{Act, Actor, JsonOf};
use crate::database::changes;
use crate::http::shapes::RegionRef;
use crate::http::{Code, Page, PathOf, Problem, Text};
use crate::platform::Platform;

/// A name that a region had.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"region": {"code": "339901004", "name": "清溪街道"}, "name": "清溪镇", "until_on": "2026-07-01", "decision_number": "浙政函〔2026〕31号",
    "reason": "撤镇设街道", "at": "2026-07-01T09:00:00+08:00"}))]
pub struct FormerName {
    /// As it is called now.
    pub region: RegionRef,
    pub name: String,
    /// The first day on which it had another name.
    pub until_on: NaiveDate,
    pub decision_number: String,
    pub reason: String,
    pub at: DateTime<FixedOffset>,
}

/// The names that the county's regions had, the latest change first.
#[utoipa::path(get, path = "/api/region-names", tag = "planning", responses((status = 200, body = Page<FormerName>, description = "Former names")))]
pub async fn list_former_names(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<FormerName>>, Problem> {
    if !may_plan(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let rows = regions::list_former_names(&mut connection, actor.county_id).await?;
    let names = rows.into_iter().map(|row| FormerName {
        region: RegionRef { code: row.region_code, name: row.present_name },
        name: row.name,
        until_on: row.until_on,
        decision_number: row.decision_number,
        reason: row.reason,
        at: county.local(row.at),
    });
    Ok(Json(Page::whole(names.collect())))
}

/// A region's new name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"was": "清溪镇", "name": "清溪街道", "decision_number": "浙政函〔2026〕31号", "reason": "撤镇设街道"}))]
pub struct NewName {
    /// The name as the person saw it: who has not seen the present one changes nothing.
    was: Text<1, 100>,
    name: Text<1, 100>,
    decision_number: Text<1, 100>,
    reason: Text<1, 300>,
}

/// Gives a township another name, from today on. The maps and figures of closed months keep the old one.
#[utoipa::path(put, path = "/api/regions/{code}/name", tag = "planning", params(("code" = String, Path, description = "Division code")),
    request_body = NewName, responses((status = 200, body = RegionRef, description = "The region as it is called now")))]
pub async fn rename_region(PathOf(code): PathOf<String>, mut act: Act<JsonOf<NewName>>) -> Result<Response, Problem> {
    if !may_plan_county(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let wanted = act.body.0.clone();
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    let present = regions::lock_township(&mut act.tx, county_id, &code).await?.ok_or_else(Problem::not_found)?;
    if present != wanted.was.as_str() {
        return Err(Problem::new(Code::RevMismatch).with("name", present));
    }
    let name = wanted.name.as_str();
    if name == present {
        return Err(Problem::field("name", "nothing_changed", "与现在的名称相同", "It has this name already"));
    }
    if regions::is_name_taken(&mut act.tx, county_id, name).await? {
        return Err(Problem::field("name", "taken", "已有同名的镇街", "There is a township of this name already"));
    }
    let renaming = Renaming { code: &code, was: &present, name, decision: wanted.decision_number.as_str(), reason: wanted.reason.as_str() };
    regions::rename(&mut act.tx, county_id, renaming, (act.actor.account_id, act.now, today)).await?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let detail = json!({ "from": present, "to": name, "decision": wanted.decision_number, "reason": wanted.reason });
    act.audit("region.rename", ("region", &code), detail).await?;
    let view = RegionRef { code, name: name.to_owned() };
    act.done(StatusCode::OK, &view).await
}
