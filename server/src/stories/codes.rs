//! What a printed code is and where it leads: the QR code of a site, and the short address `/q/{code}`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::store;
use crate::http::{PathOf, Problem};
use crate::live_map::LiveMap;
use crate::pages::parts::site_path;
use crate::qr_code::QrCode;

/// `/sites/{code}/qr.svg`: leads to the site's page under the name by which the settings know this server.
pub async fn show_qr(State(map): State<LiveMap>, PathOf(code): PathOf<String>) -> Result<Response, Problem> {
    let platform = map.platform();
    let mut connection = platform.pool.acquire().await?;
    store::find_site_id(&mut connection, platform.served, &code).await?.ok_or_else(Problem::not_found)?;
    drop(connection);
    let address = format!("{}{}", platform.settings.origin(), site_path(&code));
    let drawn = QrCode::of(&address).map_err(|_| Problem::internal(format!("no code can hold {address}")))?.svg();
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((StatusCode::OK, headers, drawn).into_response())
}

/// `/q/{code}`: where a printed code leads. A site's leads to its page, a deputy's to theirs.
pub async fn follow(State(map): State<LiveMap>, PathOf(code): PathOf<String>) -> Result<Response, Problem> {
    let platform = map.platform();
    let mut connection = platform.pool.acquire().await?;
    if store::find_site_id(&mut connection, platform.served, &code).await?.is_some() {
        return Ok(Redirect::temporary(&site_path(&code)).into_response());
    }
    let deputy = store::find_deputy_by_code(&mut connection, platform.served, &code).await?.ok_or_else(Problem::not_found)?;
    Ok(Redirect::temporary(&format!("/deputies/{deputy}")).into_response())
}
