//! Setting, removing and showing a deputy's portrait.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::model::{Say, may_set_portraits, say_over_portrait};
use super::store;
use crate::accounts::rate_limit::{self, Limit};
use crate::accounts::{Act, Actor, PublicCounty};
use crate::audit::{self, Entry, Outcome};
use crate::database::changes;
use crate::http::extract::body_bytes;
use crate::http::shapes::portrait_url;
use crate::http::{Code, PathOf, Problem, RequestContext};
use crate::ids::DeputyId;
use crate::photos::model::LARGEST_UPLOAD;
use crate::photos::{PhotoDesk, PhotoHash, arrival, gate};

/// Portraits that one account may set at once, and one more every half minute: an office enters its whole list in one sitting.
const PACE: Limit = Limit { burst: 300, refill_s: 30 };

/// Where the portrait is shown from now on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"portrait_url": "/portraits/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}))]
pub struct PortraitSet {
    pub portrait_url: String,
}

/// Sets a deputy's portrait. Repeating it changes nothing.
///
/// The body is the file itself: JPEG, PNG or WebP by its first bytes, at most 10 MB and 50 million pixels, one frame. A square of at most
/// 320 pixels is cut out, of an upright picture near its top, and encoded anew; nothing else of the file is kept.
#[utoipa::path(put, path = "/api/deputies/{id}/portrait", tag = "deputies", params(("id" = i64, Path, description = "Number of the deputy")),
    request_body(content = Vec<u8>, content_type = "image/jpeg", description = "The file, also image/png or image/webp"),
    responses((status = 200, body = PortraitSet, description = "It is the deputy's portrait now")))]
pub async fn put_portrait(
    State(desk): State<PhotoDesk>,
    actor: Actor,
    context: RequestContext,
    PathOf(deputy_id): PathOf<DeputyId>,
    request: Request,
) -> Result<Response, Problem> {
    let now = desk.platform.clock.now();
    let mut connection = desk.platform.pool.acquire().await?;
    require_say(&mut connection, &actor, deputy_id).await?;
    let bucket = format!("portrait:{}", actor.account_id);
    if let Err(wait) = rate_limit::take(&mut connection, &bucket, PACE, now).await? {
        return Err(Problem::new(Code::TooManyRequests).retry_after(wait));
    }
    drop(connection);
    let county = desk.platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let (parts, body) = request.into_parts();
    let bytes = body_bytes(&parts.headers, body, LARGEST_UPLOAD).await?;
    arrival::require_room(&desk, &actor, &county, now).await?;
    let picture = arrival::in_turn(&desk, move || gate::prepare_portrait(&bytes)).await?;
    let hash = PhotoHash::of(&picture);
    let mut tx = desk.platform.pool.begin().await?;
    if store::set_portrait(&mut tx, (actor.county_id, deputy_id), (hash, &picture), (actor.account_id, now)).await? {
        changes::county_changed(&mut tx, actor.county_id, now).await?;
        let detail = json!({ "sha256": hash });
        let entry = Entry { action: "deputy.set_portrait", object: ("deputy", &deputy_id.to_string()), outcome: Outcome::Done, detail };
        audit::record(&mut tx, &actor.author(&context), entry, now).await?;
    }
    tx.commit().await?;
    desk.platform.changes.nudge();
    Ok(Json(PortraitSet { portrait_url: portrait_url(&hash.0) }).into_response())
}

/// Removes a deputy's portrait; the initial of the name stands in its place.
#[utoipa::path(delete, path = "/api/deputies/{id}/portrait", tag = "deputies", params(("id" = i64, Path, description = "Number of the deputy")),
    responses((status = 204, description = "The deputy has no portrait")))]
pub async fn remove_portrait(PathOf(deputy_id): PathOf<DeputyId>, mut act: Act<()>) -> Result<Response, Problem> {
    require_say(&mut act.tx, &act.actor, deputy_id).await?;
    if store::remove_portrait(&mut act.tx, act.actor.county_id, deputy_id).await? {
        changes::county_changed(&mut act.tx, act.actor.county_id, act.now).await?;
        act.audit("deputy.remove_portrait", ("deputy", &deputy_id.to_string()), json!({})).await?;
    }
    act.done_without_answer().await
}

async fn require_say(connection: &mut sqlx::PgConnection, actor: &Actor, deputy_id: DeputyId) -> Result<(), Problem> {
    if !may_set_portraits(actor) {
        return Err(Problem::forbidden());
    }
    let region = store::find_region_of(connection, actor.county_id, deputy_id).await?.ok_or_else(Problem::not_found)?;
    match say_over_portrait(actor, deputy_id, &region) {
        Say::May => Ok(()),
        Say::MayNot => Err(Problem::forbidden()),
        Say::Elsewhere => Err(Problem::not_found()),
    }
}

/// A deputy's portrait, as square JPEG of at most 320 pixels a side.
#[utoipa::path(get, path = "/portraits/{sha256}", tag = "deputies", params(("sha256" = PhotoHash, Path, description = "Name of the portrait")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>, description = "The portrait; it never changes")))]
pub async fn show_portrait(
    State(desk): State<PhotoDesk>,
    PublicCounty(county): PublicCounty,
    PathOf(hash): PathOf<PhotoHash>,
) -> Result<Response, Problem> {
    let mut connection = desk.platform.pool.acquire().await?;
    let picture = store::find_picture(&mut connection, county.county_id, hash).await?.ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((StatusCode::OK, headers, picture).into_response())
}
