//! Vector tiles and their descriptions.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use geodata::tile::Tile;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::http::{Code, PathOf, Problem};
use crate::live_map::LiveMap;
use crate::live_map::cache::EncodedTile;
use crate::live_map::freshness::DEEPEST_ZOOM;
use crate::live_map::layers::{Layer, LayerSet};

/// A vector tile of the live map: always fresh, and not sent again while nothing in it has changed (`If-None-Match`).
#[utoipa::path(get, path = "/tiles/{layers}/{z}/{x}/{y}", tag = "map",
    params(("layers" = String, Path, description = "Some of sites, stations, grid_cells, regions, waters, joined by commas", example = "regions,sites"),
        ("z" = u8, Path, description = "Zoom, 0 to 16", example = 10), ("x" = u32, Path, description = "Column", example = 852),
        ("y" = u32, Path, description = "Row", example = 420)),
    responses((status = 200, content_type = "application/vnd.mapbox-vector-tile", body = Vec<u8>, description = "Mapbox Vector Tile 2.1"),
        (status = 304, description = "Nothing in the tile has changed")))]
pub async fn show_tile(
    State(map): State<LiveMap>,
    PathOf((names, z, x, y)): PathOf<(String, u8, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layers = LayerSet::from_names(&names).ok_or_else(no_such_layer)?;
    let tile = Tile::new(z, x, y).filter(|tile| tile.z() <= DEEPEST_ZOOM).ok_or_else(|| no_such_tile(z))?;
    // Drawing is quick but not nothing: it must not hold up the tasks of other requests.
    let drawn = tokio::task::spawn_blocking(move || map.tile(layers, tile)).await.map_err(Problem::internal)?;
    Ok(answer(&drawn, &headers))
}

fn no_such_layer() -> Problem {
    Problem::new(Code::NotFound).saying("没有这个图层", "There is no such layer")
}

fn no_such_tile(z: u8) -> Problem {
    if z > DEEPEST_ZOOM {
        Problem::field("z", "out_of_range", format!("缩放级别应在 0 到 {DEEPEST_ZOOM} 之间"), format!("Zooms lie between 0 and {DEEPEST_ZOOM}"))
    } else {
        Problem::field("x,y", "out_of_range", "行列号超出该级别的范围", "Column or row lies outside of this zoom's range")
    }
}

fn answer(tile: &EncodedTile, headers: &HeaderMap) -> Response {
    let asked = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or("");
    let etag = HeaderValue::from_str(&tile.etag).unwrap_or(HeaderValue::from_static("W/\"\""));
    let unchanged = asked(header::IF_NONE_MATCH).split(',').any(|known| known.trim() == tile.etag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else if takes_gzip(asked(header::ACCEPT_ENCODING)) {
        ([(header::CONTENT_ENCODING, "gzip")], tile.gzip()).into_response()
    } else {
        tile.plain().into_response()
    };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.mapbox-vector-tile"));
    answer.insert(header::ETAG, etag);
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some("gzip") && !words.any(|word| matches!(word, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// A description of one layer's tiles (TileJSON 3.0).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"tilejson": "3.0.0", "tiles": ["/tiles/sites/{z}/{x}/{y}"], "minzoom": 0, "maxzoom": 16, "bounds": [119.76, 30.36, 120.22, 30.72],
    "attribution": "", "vector_layers": [{"id": "sites", "fields": {"stage": "String", "overdue": "Boolean"}}]}))]
pub struct TileJson {
    tilejson: &'static str,
    tiles: Vec<String>,
    minzoom: u8,
    maxzoom: u8,
    bounds: [f64; 4],
    attribution: String,
    #[schema(value_type = Vec<Object>)]
    vector_layers: Vec<Value>,
}

/// The description of a layer's tiles, or of several layers' together.
#[utoipa::path(get, path = "/tiles/{document}", tag = "map",
    params(("document" = String, Path, description = "Layers as in the tiles' address, then `.json`", example = "sites.json")),
    responses((status = 200, body = TileJson, description = "TileJSON 3.0")))]
pub async fn describe_layer(State(map): State<LiveMap>, PathOf(document): PathOf<String>) -> Result<Json<TileJson>, Problem> {
    let names = document.strip_suffix(".json").ok_or_else(Problem::not_found)?;
    let layers = LayerSet::from_names(names).ok_or_else(no_such_layer)?;
    let settings = map.platform().settings.clone();
    // A relative address works under whatever name the server is reached; an absolute one only when its name is settled.
    let origin = settings.public_url.as_ref().map(|_| settings.origin()).unwrap_or_default();
    Ok(Json(TileJson {
        tilejson: "3.0.0",
        tiles: vec![format!("{origin}/tiles/{names}/{{z}}/{{x}}/{{y}}")],
        minzoom: 0,
        maxzoom: DEEPEST_ZOOM,
        bounds: map.county_map().bounds(),
        attribution: settings.attribution.clone(),
        vector_layers: layers.layers().map(|layer| json!({"id": layer.as_str(), "fields": fields(layer)})).collect(),
    }))
}

fn fields(layer: Layer) -> Value {
    match layer {
        Layer::Regions => json!({"code": "String", "name": "String", "tint": "Number", "level": "String"}),
        Layer::Waters => json!({"kind": "String", "name": "String"}),
        Layer::GridCells => json!({"code": "String", "name": "String"}),
        Layer::Stations => json!({"kind": "String", "name": "String"}),
        Layer::Sites => json!({"stage": "String", "overdue": "Boolean, or Number in a cluster", "struck_off": "Boolean", "stale": "Boolean",
            "name": "String", "code": "String", "count": "Number", "completed": "Number", "in_progress": "Number", "not_started": "Number"}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        for yes in ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8"] {
            assert!(takes_gzip(yes), "{yes}");
        }
        for no in ["", "br", "identity", "gzip;q=0", "xgzip"] {
            assert!(!takes_gzip(no), "{no}");
        }
    }
}
