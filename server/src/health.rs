//! Whether the process lives, and whether it can take changes.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::{Code, Problem};
use crate::platform::Platform;

pub fn router(platform: Platform) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(livez)).routes(routes!(readyz)).with_state(platform)
}

/// The process answers.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200, description = "Alive", body = String, example = json!("ok"))))]
async fn livez() -> (StatusCode, &'static str) {
    (StatusCode::OK, "ok")
}

/// The database answers too, so reports can be taken.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, description = "Ready", body = String, example = json!("ok"))))]
async fn readyz(State(platform): State<Platform>) -> Result<(StatusCode, &'static str), Problem> {
    sqlx::query("select 1").execute(&platform.pool).await.map_err(|error| Problem::new(Code::Unavailable).because(error).retry_after(2))?;
    Ok((StatusCode::OK, "ok"))
}
