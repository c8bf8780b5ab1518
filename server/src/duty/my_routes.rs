//! The deputy's own record, and contesting what an inspection counts.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::own_record;
use super::store;
use super::view::{DutyRecord, YearQuery, read_record};
use crate::accounts::{Act, Actor, JsonOf};
use crate::database::broken_constraint;
use crate::http::{Problem, QueryOf, Text};
use crate::platform::Platform;

/// The signed-in deputy's year: each inspection, what it counts and why.
#[utoipa::path(get, path = "/api/me/duty-record", tag = "duty", params(YearQuery),
    responses((status = 200, body = DutyRecord, description = "The year, computed now from the reports and the county's tables")))]
pub async fn show_my_record(State(platform): State<Platform>, actor: Actor, QueryOf(query): QueryOf<YearQuery>) -> Result<Json<DutyRecord>, Problem> {
    let deputy_id = own_record(&actor).ok_or_else(Problem::forbidden)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let year = query.year.unwrap_or_else(|| county.month_at(platform.clock.now()).year());
    let mut connection = platform.pool.acquire().await?;
    let whose = store::find_deputy(&mut connection, actor.county_id, deputy_id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(read_record(&mut connection, &county, whose, year).await?))
}

/// What is contested, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"report_id": "0193f6ee-7c1a-7000-8000-0123456789ab", "words": "当天在现场，手机没有定位信号"}))]
pub struct NewContest {
    /// The report on which the inspection rests.
    report_id: Uuid,
    words: Text<1, 500>,
}

/// A contest that waits for its answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 3}))]
pub struct ContestMade {
    pub id: i64,
}

/// Contests what an inspection counts; once for each.
#[utoipa::path(post, path = "/api/me/duty-contests", tag = "duty", request_body = NewContest,
    responses((status = 201, body = ContestMade, description = "The committee is asked to answer")))]
pub async fn contest(mut act: Act<JsonOf<NewContest>>) -> Result<Response, Problem> {
    let deputy_id = own_record(&act.actor).ok_or_else(Problem::forbidden)?;
    let (report_id, words) = (act.body.0.report_id, act.body.0.words.as_str().to_owned());
    let author = store::find_author(&mut act.tx, act.actor.county_id, report_id).await?;
    if author != Some(deputy_id) {
        return Err(Problem::field("report_id", "unknown", "没有这次督查", "There is no such inspection of yours"));
    }
    let id = store::insert_contest(&mut act.tx, act.actor.county_id, (report_id, deputy_id), &words, act.now).await.map_err(|error| {
        match broken_constraint(&error) {
            Some("duty_contests_report_key") => Problem::field("report_id", "taken", "这次督查已提出过异议", "This inspection was contested before"),
            _ => error.into(),
        }
    })?;
    act.audit("duty.contest", ("report", &report_id.to_string()), json!({ "contest": id })).await?;
    act.done(StatusCode::CREATED, &ContestMade { id }).await
}
