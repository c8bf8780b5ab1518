//! Sending a picture by its hash, and looking at one.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::files::Size;
use super::model::{LARGEST_UPLOAD, PhotoHash, may_send_photos};
use super::{PhotoDesk, arrival, store};
use crate::accounts::{Actor, PublicCounty};
use crate::http::extract::body_bytes;
use crate::http::{PathOf, Problem, RequestContext};
use crate::ids::CountyId;

/// A picture that has arrived.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "width": 2048, "height": 1536}))]
pub struct PhotoReceipt {
    pub sha256: PhotoHash,
    /// Of the published picture, in pixels.
    pub width: u32,
    pub height: u32,
}

/// Sends a picture. Repeating it changes nothing.
///
/// The body is the file itself: JPEG, PNG or WebP by its first bytes, at most 10 MB and 50 million pixels, one frame. Its SHA-256 must be the
/// one in the address. Place and time are read as evidence; what is published is encoded anew and holds neither.
#[utoipa::path(put, path = "/api/photos/{sha256}", tag = "photos",
    params(("sha256" = PhotoHash, Path, description = "SHA-256 of the bytes sent, in hexadecimal digits")),
    request_body(content = Vec<u8>, content_type = "image/jpeg", description = "The file, also image/png or image/webp"),
    responses((status = 201, body = PhotoReceipt, description = "It arrived"), (status = 200, body = PhotoReceipt, description = "It had arrived before")))]
pub async fn put_photo(
    State(desk): State<PhotoDesk>,
    actor: Actor,
    context: RequestContext,
    PathOf(hash): PathOf<PhotoHash>,
    request: Request,
) -> Result<Response, Problem> {
    if !may_send_photos(&actor) {
        return Err(Problem::forbidden());
    }
    let county = desk.platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let (parts, body) = request.into_parts();
    let bytes = body_bytes(&parts.headers, body, LARGEST_UPLOAD).await?;
    if PhotoHash::of(&bytes) != hash {
        return Err(Problem::field(
            "sha256",
            "mismatch",
            "照片内容与编号不符，可能没有传完整，请重传",
            "The bytes are not the ones named by the address",
        ));
    }
    if let Some(receipt) = find_receipt(&desk, actor.county_id, hash).await? {
        return Ok(Json(receipt).into_response());
    }
    arrival::require_room(&desk, &actor, &county, desk.platform.clock.now()).await?;
    let prepared = arrival::prepare(&desk, bytes).await?;
    let author = actor.author(&context);
    let is_new = arrival::keep(&desk, (Some(actor.account_id), &author), &county, hash, prepared).await?;
    let receipt = find_receipt(&desk, actor.county_id, hash).await?.ok_or_else(|| Problem::internal("a picture just kept is gone"))?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(receipt)).into_response())
}

/// What is said of a picture that has arrived.
pub async fn find_receipt(desk: &PhotoDesk, county_id: CountyId, hash: PhotoHash) -> Result<Option<PhotoReceipt>, Problem> {
    let mut connection = desk.platform.pool.acquire().await?;
    let found = store::find_photo(&mut connection, county_id, hash).await?;
    Ok(found.map(|found| PhotoReceipt { sha256: hash, width: found.width.unsigned_abs(), height: found.height.unsigned_abs() }))
}

/// A report's picture, as JPEG of at most 2048 pixels a side.
#[utoipa::path(get, path = "/photos/{sha256}", tag = "photos", params(("sha256" = PhotoHash, Path, description = "Name of the picture")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>, description = "The picture; it never changes")))]
pub async fn show_photo(State(desk): State<PhotoDesk>, county: PublicCounty, PathOf(hash): PathOf<PhotoHash>) -> Result<Response, Problem> {
    show(desk, county, hash, Size::Full).await
}

/// A report's picture, as JPEG of at most 480 pixels a side.
#[utoipa::path(get, path = "/photos/{sha256}/thumbnail", tag = "photos", params(("sha256" = PhotoHash, Path, description = "Name of the picture")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>, description = "The small picture; it never changes")))]
pub async fn show_thumbnail(State(desk): State<PhotoDesk>, county: PublicCounty, PathOf(hash): PathOf<PhotoHash>) -> Result<Response, Problem> {
    show(desk, county, hash, Size::Thumbnail).await
}

async fn show(desk: PhotoDesk, PublicCounty(county): PublicCounty, hash: PhotoHash, size: Size) -> Result<Response, Problem> {
    let mut connection = desk.platform.pool.acquire().await?;
    if !store::is_published(&mut connection, county.county_id, hash).await? {
        return Err(Problem::not_found());
    }
    drop(connection);
    let (files, code) = (desk.store.clone(), county.code.clone());
    let read = tokio::task::spawn_blocking(move || files.read(&code, hash, size)).await.map_err(Problem::internal)?;
    let Some(bytes) = read.map_err(Problem::internal)? else {
        return Err(Problem::internal(format!("the files of picture {hash} are gone")));
    };
    let name = &hash.to_string()[..16];
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&format!("inline; filename=\"{name}.jpg\"")).map_err(Problem::internal)?),
    ];
    Ok((headers, bytes).into_response())
}
