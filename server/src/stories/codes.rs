//! What a printed code is and where it leads: the QR code of a site, and the short address `/q/{code}`.

use std::fmt::Write;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use fast_qr::qr::QRCodeError;
use fast_qr::{ECL, QRBuilder};

use super::store;
use crate::http::{PathOf, Problem};
use crate::live_map::LiveMap;
use crate::pages::parts::site_path;

/// Modules left white around the code, as the standard asks.
const QUIET_ZONE: usize = 4;

/// `/sites/{code}/qr.svg`: leads to the site's page under the name by which the settings know this server.
pub async fn show_qr(State(map): State<LiveMap>, PathOf(code): PathOf<String>) -> Result<Response, Problem> {
    let platform = map.platform();
    let mut connection = platform.pool.acquire().await?;
    store::find_site_id(&mut connection, platform.served, &code).await?.ok_or_else(Problem::not_found)?;
    drop(connection);
    let address = format!("{}{}", platform.settings.origin(), site_path(&code));
    let drawn = drawing(&address).map_err(|_| Problem::internal(format!("no code can hold {address}")))?;
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

/// The code as a picture of one path, black on white whatever lies around it; each module is one unit.
fn drawing(text: &str) -> Result<String, QRCodeError> {
    let code = QRBuilder::new(text).ecl(ECL::M).build()?;
    let side = code.size + 2 * QUIET_ZONE;
    let mut path = String::new();
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            let length = (column..code.size).take_while(|column| code[row][*column].value()).count();
            if length > 0 {
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", column + QUIET_ZONE, row + QUIET_ZONE);
            }
            column += length.max(1);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{0}\" height=\"{0}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>\n",
        side * 8
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_keeps_its_quiet_zone_and_its_three_corners() {
        let drawn = drawing("https://map.example/sites/2026-03-007").expect("a code");
        // The upper left finder begins after four white modules and is seven long; the upper right one ends four before the edge.
        assert!(drawn.contains("M4 4h7v1h-7z") && drawn.contains("viewBox=\"0 0 37 37\"") && drawn.contains("M26 4h7v1h-7z"), "{drawn}");
    }

    #[test]
    fn what_no_code_can_hold_is_a_fault_and_no_panic() {
        assert!(drawing(&"x".repeat(4_000)).is_err());
    }
}
