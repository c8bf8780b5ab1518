//! Answering an order: by the unit, or by staff who enter the unit's words for it.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::act_routes::{conclude, hold, require_term, tell_copied, tell_deciders, tell_unit};
use super::model::{OrderState, StepKind, may_answer, may_decide, may_issue};
use super::store::read::Order;
use super::store::write::{self, NewStep};
use crate::accounts::{Act, CameBy, JsonOf, Role};
use crate::http::{PathOf, Problem, PublicText};
use crate::ids::{OrderId, UnitId};
use crate::notices::NoticeKind;
use crate::photos::{self, PhotoHash};

const MOST_PHOTOS: usize = 9;

/// The unit's answer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "管材已到货，本月内铺通", "proposed_due_on": "2026-10-31", "photos": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]}))]
pub struct OrderAnswer {
    words: PublicText<1, 2000>,
    /// The date by which the unit proposes to be done, if it asks for another.
    proposed_due_on: Option<NaiveDate>,
    /// Pictures sent before with `PUT /api/photos/{sha256}`.
    #[serde(default)]
    photos: Vec<PhotoHash>,
}

/// Answers an order for one's unit; also when staff have entered an answer for it that the unit puts in other words.
#[utoipa::path(post, path = "/api/supervision-orders/{id}/answer", tag = "orders", params(("id" = i64, Path, description = "The order")),
    request_body = OrderAnswer, responses((status = 200, body = super::view::OrderView, description = "The committee decides about the answer")))]
pub async fn answer(PathOf(order_id): PathOf<OrderId>, mut act: Act<JsonOf<OrderAnswer>>) -> Result<Response, Problem> {
    if !act.actor.is(Role::UnitHandler) {
        return Err(Problem::forbidden());
    }
    let held = hold(&mut act, order_id).await?;
    let order = held.filter(|order| may_answer(&act.actor, UnitId(order.unit.id))).ok_or_else(Problem::not_found)?;
    let answer = act.body.0.clone();
    write_answer(&mut act, &order, &answer, None).await?;
    tell_deciders(&mut act, NoticeKind::OrderAnswered, &order, answer.words.as_str()).await?;
    tell_copied(&mut act, &order, "承办单位已答复").await?;
    let detail = json!({ "words": answer.words, "proposed_due_on": answer.proposed_due_on, "photos": answer.photos.len() });
    conclude(act, order_id, (StatusCode::OK, "order.answer"), detail).await
}

/// The unit's words as they came to staff.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"came_by": "paper", "answer": {"words": "管材已到货，本月内铺通", "proposed_due_on": "2026-10-31", "photos": []}}))]
pub struct AnswerForUnit {
    /// How the unit's words came.
    came_by: CameBy,
    answer: OrderAnswer,
}

/// Enters an answer for a unit that cannot. It is marked as such; the unit is told and may still answer in its own words.
#[utoipa::path(post, path = "/api/supervision-orders/{id}/answer-for-unit", tag = "orders", params(("id" = i64, Path, description = "The order")),
    request_body = AnswerForUnit,
    responses((status = 200, body = super::view::OrderView, description = "Somebody other than who entered it decides about the answer")))]
pub async fn answer_for_unit(PathOf(order_id): PathOf<OrderId>, mut act: Act<JsonOf<AnswerForUnit>>) -> Result<Response, Problem> {
    if !may_issue(&act.actor) {
        return Err(Problem::forbidden());
    }
    let held = hold(&mut act, order_id).await?;
    let order = held.filter(|order| may_decide(&act.actor, &order.region.code)).ok_or_else(Problem::not_found)?;
    let AnswerForUnit { came_by, answer } = act.body.0.clone();
    write_answer(&mut act, &order, &answer, Some(came_by)).await?;
    let words = format!("{}根据{}代贵单位录入：{}", act.actor.name, came_by.in_words(), answer.words.as_str());
    tell_unit(&mut act, NoticeKind::OrderAnsweredFor, order_id, UnitId(order.unit.id), &words).await?;
    tell_copied(&mut act, &order, "已代承办单位录入答复").await?;
    let detail = json!({ "words": answer.words, "proposed_due_on": answer.proposed_due_on, "photos": answer.photos.len(), "came_by": came_by,
        "unit_id": order.unit.id });
    conclude(act, order_id, (StatusCode::OK, "order.answer_for_unit"), detail).await
}

async fn write_answer<B>(act: &mut Act<B>, order: &Order, answer: &OrderAnswer, came_by: Option<CameBy>) -> Result<(), Problem> {
    let awaited = if came_by.is_some() { order.standing(&act.county).awaits_unit() } else { order.awaits_word_of_unit(&act.county) };
    if !awaited {
        return Err(Problem::conflict("这份督办单已经答复或办结", "The order is answered or settled already"));
    }
    if let Some(proposed) = answer.proposed_due_on {
        require_term(proposed, act.county.date_at(act.now)).map_err(|_| {
            Problem::field("proposed_due_on", "out_of_range", "拟完成日期应在今天之后一年以内", "The date must lie within a year from today")
        })?;
    }
    require_photos(act, &answer.photos).await?;
    write::set_state(&mut act.tx, act.actor.county_id, order.order_id, OrderState::Answered).await?;
    let step = NewStep {
        kind: StepKind::Answered,
        at: act.now,
        by: Some(act.actor.account_id),
        words: answer.words.as_str(),
        due_on: answer.proposed_due_on,
        level: order.level,
        photos: &answer.photos,
        came_by,
    };
    Ok(write::insert_step(&mut act.tx, act.actor.county_id, order.order_id, &step).await?)
}

/// Each picture once, each of them here. The lock keeps the daily sweep from taking one away meanwhile.
async fn require_photos<B>(act: &mut Act<B>, hashes: &[PhotoHash]) -> Result<(), Problem> {
    let mut once = hashes.to_vec();
    once.sort_unstable();
    once.dedup();
    if hashes.len() > MOST_PHOTOS || once.len() != hashes.len() {
        let (zh, en) = (format!("最多 {MOST_PHOTOS} 张照片，不能重复"), format!("At most {MOST_PHOTOS} pictures, each once"));
        return Err(Problem::field("photos", "out_of_range", zh, en));
    }
    let county_id = act.actor.county_id;
    photos::store::lock_photos(&mut act.tx, county_id, hashes).await?;
    let missing = photos::store::missing_of(&mut act.tx, county_id, hashes).await?;
    match hashes.iter().position(|hash| missing.contains(hash)) {
        Some(place) => Err(Problem::field(format!("photos[{place}]"), "missing", "这张照片还没有上传", "This picture has not been sent yet")),
        None => Ok(()),
    }
}
