//! The one way by which a deputy's whole telephone number leaves: one person, asked for by a click, on record each time.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::model::may_keep;
use super::store::deputies;
use crate::accounts::Act;
use crate::http::{PathOf, Problem};
use crate::ids::DeputyId;

/// A whole telephone number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"phone": "13900000001"}))]
pub struct WholePhone {
    /// Null when there is none, and when the call is repeated: the number is told once and kept nowhere else.
    pub phone: Option<String>,
}

/// Shows the whole telephone number of one deputy to whoever keeps them. Who looked, and when, is on record.
#[utoipa::path(post, path = "/api/deputies/{id}/phone-views", tag = "roster", params(("id" = i64, Path, description = "The deputy")),
    responses((status = 200, body = WholePhone, description = "The number, this once")))]
pub async fn view_phone(PathOf(deputy_id): PathOf<DeputyId>, mut act: Act<()>) -> Result<Response, Problem> {
    if !may_keep(&act.actor) {
        return Err(Problem::forbidden());
    }
    let found = deputies::find_on_roster(&mut act.tx, &act.county, deputy_id).await?;
    let deputy = found.filter(|deputy| act.actor.supervises(&deputy.region.code)).ok_or_else(Problem::not_found)?;
    act.audit("deputy.view_phone", ("deputy", &deputy_id.to_string()), json!({ "present": deputy.phone.is_some() })).await?;
    act.done_once(StatusCode::OK, &WholePhone { phone: deputy.phone.map(|phone| phone.0) }, &WholePhone { phone: None }).await
}
