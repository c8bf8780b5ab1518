//! Agreeing to the date that a unit proposes: the order is not settled but waits on until that date, and rises from it when nothing comes.
//! What it has risen to already it keeps.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::act_routes::{conclude, hold_answered, require_other_hand, require_term, step, tell_copied, tell_unit};
use super::model::{OrderState, StepKind};
use super::store::write;
use super::view::OrderView;
use crate::accounts::{Act, JsonOf};
use crate::http::{PathOf, Problem, PublicText};
use crate::ids::{OrderId, UnitId};
use crate::notices::NoticeKind;

/// The date of the answer holds.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "请按新期限完成并书面答复", "rev": 3}))]
pub struct DateAgreement {
    words: PublicText<0, 500>,
    /// Of the order as the person saw it, and with it of the answer whose date is agreed to.
    rev: i64,
}

/// Agrees to the date that the answer proposes; the unit answers again by then.
#[utoipa::path(post, path = "/api/supervision-orders/{id}/agree-date", tag = "orders", params(("id" = i64, Path, description = "The order")),
    request_body = DateAgreement,
    responses((status = 200, body = OrderView, description = "The order waits for the unit until the date agreed to; the unit has a notice")))]
pub async fn agree_date(PathOf(order_id): PathOf<OrderId>, mut act: Act<JsonOf<DateAgreement>>) -> Result<Response, Problem> {
    let DateAgreement { words, rev } = act.body.0.clone();
    let order = hold_answered(&mut act, order_id, rev).await?;
    require_other_hand(&act, &order)?;
    let none_proposed = || Problem::conflict("单位的答复没有提出新期限", "The answer proposes no date");
    let due_on = order.last_answer().and_then(|answer| answer.due_on).ok_or_else(none_proposed)?;
    require_term(due_on, act.county.date_at(act.now)).map_err(|_| {
        Problem::conflict("单位提出的日期已经过去，请退回并另定期限", "The proposed date has passed; send the answer back with another")
    })?;
    write::ask_until(&mut act.tx, (act.actor.county_id, order_id), OrderState::Issued, due_on, act.now).await?;
    step(&mut act, &order, StepKind::DateAgreed, words.as_str(), Some(due_on), &[]).await?;
    let told = if words.as_str().is_empty() { format!("新期限 {due_on}") } else { format!("新期限 {due_on}：{}", words.as_str()) };
    tell_unit(&mut act, NoticeKind::OrderDateAgreed, order_id, UnitId(order.unit.id), &told).await?;
    tell_copied(&mut act, &order, &format!("同意新期限 {due_on}")).await?;
    let detail = json!({ "words": words, "before": order.due_on, "due_on": due_on });
    conclude(act, order_id, (StatusCode::OK, "order.agree_date"), detail).await
}
