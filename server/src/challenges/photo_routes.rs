//! The pictures of a challenge: sent by whoever holds its secret, seen by them and by the office of the place, and by nobody else until they
//! are published.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::limits;
use super::own_routes::{SECRET, open};
use super::store::read::{self, Challenge};
use super::{secret, store::pictures};
use crate::accounts::{Actor, PublicCounty};
use crate::audit::Author;
use crate::county::County;
use crate::http::extract::body_bytes;
use crate::http::{PathOf, Problem, RequestContext};
use crate::photos::files::Size;
use crate::photos::model::LARGEST_UPLOAD;
use crate::photos::{PhotoDesk, PhotoHash, PhotoReceipt, arrival, find_receipt};

/// Sends a picture that the challenge announced. Repeating it changes nothing. The header `challenge-secret` carries the secret.
///
/// The body is the file itself, under the same rules as a report's pictures. What is shown is encoded anew.
#[utoipa::path(put, path = "/api/challenges/{number}/photos/{sha256}", tag = "challenges",
    params(("number" = String, Path, description = "As the receipt has it"),
        ("sha256" = PhotoHash, Path, description = "SHA-256 of the bytes sent, in hexadecimal digits"),
        ("challenge-secret" = Option<String>, Header, description = "As the receipt has it")),
    request_body(content = Vec<u8>, content_type = "image/jpeg", description = "The file, also image/png or image/webp"),
    responses((status = 201, body = PhotoReceipt, description = "It arrived"), (status = 200, body = PhotoReceipt, description = "It had arrived before")))]
pub async fn put_photo(
    State(desk): State<PhotoDesk>,
    PublicCounty(county): PublicCounty,
    context: RequestContext,
    PathOf((number, hash)): PathOf<(String, PhotoHash)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let challenge = open(&desk.platform, &county, &context, &number, &parts.headers).await?;
    let mut connection = desk.platform.pool.acquire().await?;
    let announced = pictures::find_announced(&mut connection, county.county_id, challenge.challenge_id, hash).await?;
    let arrived = announced.ok_or_else(Problem::not_found)?.is_some();
    drop(connection);
    if !challenge.state.is_open() {
        return Err(Problem::conflict("这条质疑已有结果，不再接收照片", "The challenge is settled and takes no more pictures"));
    }
    let bytes = body_bytes(&parts.headers, body, LARGEST_UPLOAD).await?;
    if PhotoHash::of(&bytes) != hash {
        let (zh, en) = ("照片内容与编号不符，可能没有传完整，请重传", "The bytes are not the ones named by the address");
        return Err(Problem::field("sha256", "mismatch", zh, en));
    }
    if !arrived {
        take_in(&desk, &county, &context, &challenge, (hash, bytes)).await?;
    }
    let receipt = find_receipt(&desk, county.county_id, hash).await?;
    let receipt = receipt.ok_or_else(|| Problem::internal("a picture just kept is gone"))?;
    let status = if arrived { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(receipt)).into_response())
}

/// Through the gate and onto the disk, unless a report or another challenge has brought it already; then it is noted that it came.
async fn take_in(
    desk: &PhotoDesk,
    county: &County,
    context: &RequestContext,
    challenge: &Challenge,
    (hash, bytes): (PhotoHash, axum::body::Bytes),
) -> Result<(), Problem> {
    let now = desk.platform.clock.now();
    let mut connection = desk.platform.pool.acquire().await?;
    limits::admit_photo(&mut connection, &context.network(), now).await?;
    drop(connection);
    arrival::require_room_in_all(desk, county, now).await?;
    let prepared = arrival::prepare(desk, bytes).await?;
    let author = Author::visitor(Some(county.county_id), context);
    arrival::keep(desk, (None, &author), county, hash, prepared).await?;
    let mut connection = desk.platform.pool.acquire().await?;
    pictures::note_arrival(&mut connection, county.county_id, challenge.challenge_id, hash, now).await?;
    Ok(())
}

/// A challenge's picture, for whoever holds its secret and for the office of the place.
#[utoipa::path(get, path = "/api/challenges/{number}/photos/{sha256}", tag = "challenges",
    params(("number" = String, Path, description = "Number of the challenge"), ("sha256" = PhotoHash, Path, description = "Name of the picture"),
        ("challenge-secret" = Option<String>, Header, description = "Of whoever sent it; the office signs in instead")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>, description = "The picture")))]
pub async fn show_photo(
    State(desk): State<PhotoDesk>,
    county: PublicCounty,
    actor: Option<Actor>,
    context: RequestContext,
    path: PathOf<(String, PhotoHash)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    show(desk, county, (actor, context, headers), path, Size::Full).await
}

/// A challenge's picture, small, for whoever holds its secret and for the office of the place.
#[utoipa::path(get, path = "/api/challenges/{number}/photos/{sha256}/thumbnail", tag = "challenges",
    params(("number" = String, Path, description = "Number of the challenge"), ("sha256" = PhotoHash, Path, description = "Name of the picture"),
        ("challenge-secret" = Option<String>, Header, description = "Of whoever sent it; the office signs in instead")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>, description = "The small picture")))]
pub async fn show_thumbnail(
    State(desk): State<PhotoDesk>,
    county: PublicCounty,
    actor: Option<Actor>,
    context: RequestContext,
    path: PathOf<(String, PhotoHash)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    show(desk, county, (actor, context, headers), path, Size::Thumbnail).await
}

async fn show(
    desk: PhotoDesk,
    PublicCounty(county): PublicCounty,
    (actor, context, headers): (Option<Actor>, RequestContext, HeaderMap),
    PathOf((number, hash)): PathOf<(String, PhotoHash)>,
    size: Size,
) -> Result<Response, Problem> {
    let platform = desk.platform.clone();
    let (challenge, county_id) = match actor.filter(|_| !headers.contains_key(SECRET)) {
        Some(actor) => (find_for_office(&desk, &actor, &number).await?, actor.county_id),
        None => (open(&platform, &county, &context, &number, &headers).await?, county.county_id),
    };
    let mut connection = platform.pool.acquire().await?;
    let announced = pictures::find_announced(&mut connection, county_id, challenge.challenge_id, hash).await?;
    announced.flatten().ok_or_else(Problem::not_found)?;
    drop(connection);
    let county = platform.county(county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let (files, code) = (desk.store.clone(), county.code.clone());
    let read = tokio::task::spawn_blocking(move || files.read(&code, hash, size)).await.map_err(Problem::internal)?;
    let bytes = read.map_err(Problem::internal)?.ok_or_else(|| Problem::internal(format!("the files of picture {hash} are gone")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, bytes).into_response())
}

async fn find_for_office(desk: &PhotoDesk, actor: &Actor, number: &str) -> Result<Challenge, Problem> {
    let number = secret::read_number(number).ok_or_else(Problem::not_found)?;
    let mut connection = desk.platform.pool.acquire().await?;
    let found = read::find(&mut connection, actor.county_id, &number).await?;
    found.filter(|challenge| actor.supervises(&challenge.region_code)).ok_or_else(Problem::not_found)
}
