//! Excusing one deputy from one month (leave, illness), and taking that back, by whoever supervises the deputy's place.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::model::{may_excuse, may_see_months};
use super::store::exceptions::{self, ExceptionRow};
use crate::accounts::{Act, Actor, JsonOf};
use crate::calendar::Month;
use crate::county::County;
use crate::database::{broken_constraint, changes};
use crate::http::shapes::Named;
use crate::http::{Code, Page, PathOf, Problem, QueryOf, Text};
use crate::ids::DeputyId;
use crate::platform::Platform;

/// How many months ahead a deputy can be excused.
const MONTHS_AHEAD: usize = 12;

/// Why a deputy owes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionKind {
    /// Away from the county.
    Leave,
    Illness,
    /// Anything else; the reason says what.
    Other,
}

impl ExceptionKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Illness => "illness",
            Self::Other => "other",
        }
    }
}

/// A deputy and a month for which nothing is owed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 5, "deputy": {"id": 12, "name": "沈晓岚"}, "month": "2026-10", "kind": "illness", "reason": "住院治疗", "made_by": "清溪镇人大工委",
    "made_at": "2026-10-20T09:00:00+08:00", "undone_at": null, "undone_by": null, "undo_reason": null, "undoable": true}))]
pub struct ExceptionView {
    pub id: i64,
    pub deputy: Named,
    pub month: Month,
    #[schema(value_type = ExceptionKind)]
    pub kind: String,
    pub reason: String,
    pub made_by: String,
    pub made_at: DateTime<FixedOffset>,
    /// When it was taken back; null while it stands.
    pub undone_at: Option<DateTime<FixedOffset>>,
    pub undone_by: Option<String>,
    pub undo_reason: Option<String>,
    /// Whether it can still be taken back: it stands, and the month is not final.
    pub undoable: bool,
}

impl ExceptionView {
    fn of(row: ExceptionRow, county: &County, now: DateTime<Utc>) -> Self {
        let month = Month::of(row.month);
        Self {
            id: row.exception_id,
            deputy: Named { id: row.deputy_id, name: row.deputy_name },
            month,
            kind: row.kind,
            reason: row.reason,
            made_by: row.made_by,
            made_at: county.local(row.made_at),
            undoable: row.undone_at.is_none() && now < county.final_at(month),
            undone_at: row.undone_at.map(|at| county.local(at)),
            undone_by: row.undone_by,
            undo_reason: row.undo_reason,
        }
    }
}

/// Which month's.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExceptionQuery {
    /// The open month when not said.
    month: Option<Month>,
}

/// Who is excused from a month, in the reader's places; those taken back are among them.
#[utoipa::path(get, path = "/api/month-exceptions", tag = "months", params(ExceptionQuery),
    responses((status = 200, body = Page<ExceptionView>, description = "The latest first")))]
pub async fn list_exceptions(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<ExceptionQuery>,
) -> Result<Json<Page<ExceptionView>>, Problem> {
    if actor.supervised_regions().is_empty() {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let now = platform.clock.now();
    let month = query.month.unwrap_or_else(|| county.month_at(now));
    let rows = exceptions::list(&mut *platform.pool.acquire().await?, county.county_id, month).await?;
    let seen = rows.into_iter().filter(|row| actor.supervises(&row.region_code));
    Ok(Json(Page::whole(seen.map(|row| ExceptionView::of(row, &county, now)).collect())))
}

/// A deputy to be excused.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"deputy": 12, "month": "2026-10", "kind": "illness", "reason": "住院治疗"}))]
pub struct NewException {
    #[serde(rename = "deputy")]
    deputy_id: DeputyId,
    month: Month,
    kind: ExceptionKind,
    reason: Text<1, 500>,
}

/// Excuses a deputy from a month: nothing is owed, nobody is reminded, and a site whose adopters are all excused is not silent.
#[utoipa::path(post, path = "/api/month-exceptions", tag = "months", request_body = NewException,
    responses((status = 201, body = ExceptionView, description = "The deputy owes nothing for the month")))]
pub async fn make_exception(mut act: Act<JsonOf<NewException>>) -> Result<Response, Problem> {
    let NewException { deputy_id, month, kind, reason } = act.body.0.clone();
    let (county_id, now) = (act.actor.county_id, act.now);
    require_excusable(&mut act, deputy_id).await?;
    check_month(&act.county, month, now)?;
    let made = exceptions::insert(&mut act.tx, (county_id, deputy_id), month, (kind.as_str(), reason.as_str()), (act.actor.account_id, now)).await;
    let id = made.map_err(|error| match broken_constraint(&error) {
        Some("month_exceptions_standing_key") => Problem::field("deputy", "taken", "这位代表当月已经列为例外", "The deputy is excused already"),
        _ => error.into(),
    })?;
    let detail = json!({ "deputy_id": deputy_id, "month": month, "kind": kind, "reason": reason });
    act.audit("exception.make", ("month_exception", &id.to_string()), detail).await?;
    conclude(act, (id, deputy_id), StatusCode::CREATED).await
}

/// Why an exception is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "提前返岗"}))]
pub struct ExceptionUndo {
    reason: Text<1, 500>,
}

/// Takes an exception back before its month is final: the deputy owes again.
#[utoipa::path(post, path = "/api/month-exceptions/{id}/undo", tag = "months", params(("id" = i64, Path, description = "The exception")),
    request_body = ExceptionUndo, responses((status = 200, body = ExceptionView, description = "The deputy owes again; both entries stay on record")))]
pub async fn undo_exception(PathOf(id): PathOf<i64>, mut act: Act<JsonOf<ExceptionUndo>>) -> Result<Response, Problem> {
    if act.actor.supervised_regions().is_empty() {
        return Err(Problem::forbidden());
    }
    let (county_id, now) = (act.actor.county_id, act.now);
    let found = exceptions::hold(&mut act.tx, county_id, id).await?;
    let held = found.filter(|row| act.actor.supervises(&row.region_code)).ok_or_else(Problem::not_found)?;
    if held.undone_at.is_some() {
        return Err(Problem::new(Code::Conflict).saying("这条例外已经撤销", "The exception was taken back already"));
    }
    check_month(&act.county, Month::of(held.month), now)?;
    let reason = act.body.0.reason.clone();
    exceptions::undo(&mut act.tx, (county_id, id), (act.actor.account_id, reason.as_str(), now)).await?;
    let detail = json!({ "deputy_id": held.deputy_id, "month": held.month, "reason": reason });
    act.audit("exception.undo", ("month_exception", &id.to_string()), detail).await?;
    conclude(act, (id, DeputyId(held.deputy_id)), StatusCode::OK).await
}

/// Whoever supervises the place of the deputy, and is not the deputy.
async fn require_excusable<B>(act: &mut Act<B>, deputy_id: DeputyId) -> Result<(), Problem> {
    if !may_see_months(&act.actor) {
        return Err(Problem::forbidden());
    }
    let region = exceptions::find_deputy_region(&mut act.tx, act.actor.county_id, deputy_id).await?;
    region.filter(|region| act.actor.supervises(region)).ok_or_else(Problem::not_found)?;
    if !may_excuse(&act.actor, deputy_id) {
        return Err(Problem::forbidden().saying("不能给自己列例外", "Nobody excuses themselves"));
    }
    Ok(())
}

fn check_month(county: &County, month: Month, now: DateTime<Utc>) -> Result<(), Problem> {
    if now >= county.final_at(month) {
        return Err(Problem::new(Code::Conflict).saying("这个月已经定稿，不能再改例外", "The month is final; its exceptions stay as they are"));
    }
    let last = (0..MONTHS_AHEAD).fold(county.month_at(now), |month, _| month.next());
    if month > last {
        return Err(Problem::field("month", "out_of_range", format!("最晚到 {last}"), format!("{last} at the latest")));
    }
    Ok(())
}

async fn conclude<B>(mut act: Act<B>, (id, deputy_id): (i64, DeputyId), status: StatusCode) -> Result<Response, Problem> {
    let (county_id, now) = (act.actor.county_id, act.now);
    let sites = exceptions::list_adopted(&mut act.tx, county_id, deputy_id).await?;
    changes::sites_changed(&mut act.tx, county_id, &sites, now).await?;
    let row = exceptions::hold(&mut act.tx, county_id, id).await?.ok_or_else(|| Problem::internal("the exception was just written"))?;
    let view = ExceptionView::of(row, &act.county, now);
    act.done(status, &view).await
}
