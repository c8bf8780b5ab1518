//! Withdrawing an order that went to the wrong unit, or that has lost its object: with a reason that is public, in every state before it is
//! settled. Its number stays used, because it has gone out.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::act_routes::{conclude, hold_open, step, tell_copied, tell_unit};
use super::model::{OrderState, StepKind};
use super::store::write;
use super::view::OrderView;
use crate::accounts::{Act, JsonOf};
use crate::http::{PathOf, Problem, PublicText};
use crate::ids::{OrderId, UnitId};
use crate::notices::NoticeKind;

/// Why the order is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "承办单位有误，另行向县住建局发出", "rev": 3}))]
pub struct OrderWithdrawal {
    reason: PublicText<1, 500>,
    /// Of the order as the person saw it.
    rev: i64,
}

/// Withdraws an order that is not settled. It rises no more and asks for no answer; its course and the reason stay public.
#[utoipa::path(post, path = "/api/supervision-orders/{id}/withdrawal", tag = "orders", params(("id" = i64, Path, description = "The order")),
    request_body = OrderWithdrawal,
    responses((status = 200, body = OrderView, description = "The order is withdrawn; the unit has a notice; its number stays used")))]
pub async fn withdraw(PathOf(order_id): PathOf<OrderId>, mut act: Act<JsonOf<OrderWithdrawal>>) -> Result<Response, Problem> {
    let OrderWithdrawal { reason, rev } = act.body.0.clone();
    let order = hold_open(&mut act, order_id, rev).await?;
    write::set_state(&mut act.tx, act.actor.county_id, order_id, OrderState::Withdrawn).await?;
    step(&mut act, &order, StepKind::Withdrawn, reason.as_str(), None, &[]).await?;
    tell_unit(&mut act, NoticeKind::OrderWithdrawn, order_id, UnitId(order.unit.id), reason.as_str()).await?;
    tell_copied(&mut act, &order, "已撤回").await?;
    conclude(act, order_id, (StatusCode::OK, "order.withdraw"), json!({ "reason": reason })).await
}
