//! Tiles of the base map, handed on.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use geodata::tile::Tile;

use crate::http::{PathOf, Problem};
use crate::live_map::LiveMap;

/// A tile of the base map that the server is configured with, near the county; `basemap` of `/api/county` names its layers.
#[utoipa::path(get, path = "/basemap/{layer}/{z}/{x}/{y}", tag = "map",
    params(("layer" = String, Path, description = "One of the base map's layers", example = "vec_w"), ("z" = u8, Path, description = "Zoom", example = 10),
        ("x" = u32, Path, description = "Column", example = 852), ("y" = u32, Path, description = "Row", example = 420)),
    responses((status = 200, content_type = "image/png", body = Vec<u8>, description = "The tile: a picture, or a vector tile"),
        (status = 404, description = "There is no base map, or no such tile near the county"),
        (status = 502, description = "The base map's service gave nothing of use")))]
pub async fn show_basemap_tile(State(map): State<LiveMap>, PathOf((layer, z, x, y)): PathOf<(String, u8, u32, u32)>) -> Result<Response, Problem> {
    let basemap = map.basemap().ok_or_else(Problem::not_found)?;
    let tile = Tile::new(z, x, y).ok_or_else(Problem::not_found)?;
    let found = basemap.tile(&layer, tile, map.county_map().bounds()).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.media_type));
    let keeping = if basemap.browsers_may_keep() { "public, max-age=86400" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping));
    // Every browser that can draw the map takes gzip.
    headers.extend(found.encoding.map(|encoding| (header::CONTENT_ENCODING, HeaderValue::from_static(encoding))));
    Ok((headers, found.bytes).into_response())
}
