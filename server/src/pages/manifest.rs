//! `/manifest.webmanifest` and `/deputy-manifest.webmanifest`: under what name, colours and icons the public face and the deputies' app are
//! installed. They are two apps to the phone, each with its own addresses.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::live_map::LiveMap;

/// The same for every reader: an installed app has one name, the county's.
pub async fn show(State(map): State<LiveMap>) -> Response {
    let name = format!("{}民生实事项目监督地图", map.county().name);
    manifest("/", (&name, "民生地图"), "哪些已完成，哪些在进行，哪些还没开始；每个颜色都有代表的反馈和照片。")
}

/// The deputies' app.
pub async fn show_deputies_app(State(map): State<LiveMap>) -> Response {
    let name = format!("{}代表履职", map.county().name);
    manifest("/deputy", (&name, "代表履职"), "人大代表每月到点位看一看、拍一拍、报一报；没有网络也能填写。")
}

fn manifest(scope: &str, (name, short_name): (&str, &str), description: &str) -> Response {
    let icon = |path: &str, sizes: &str, kind: &str, purpose: &str| json!({"src": path, "sizes": sizes, "type": kind, "purpose": purpose});
    let manifest = json!({
        "id": scope,
        "name": name,
        "short_name": short_name,
        "description": description,
        "lang": "zh-CN",
        "dir": "ltr",
        "start_url": scope,
        "scope": scope,
        "display": "standalone",
        "theme_color": "#0B4A63",
        "background_color": "#F2F5F6",
        "icons": [
            icon("/icon.svg", "any", "image/svg+xml", "any"),
            icon("/icon-192.png", "192x192", "image/png", "any"),
            icon("/icon-512.png", "512x512", "image/png", "any"),
            icon("/icon-maskable-512.png", "512x512", "image/png", "maskable"),
        ],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "public, no-cache")];
    (headers, Json(manifest)).into_response()
}
