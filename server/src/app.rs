//! The composition root: features put together into one service, with the layers that every request passes.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::http::{context, origin, problem, security, web_files};
use crate::platform::Platform;
use crate::{accounts, health, openapi, sites};

/// Every documented route of the service.
pub fn api(platform: &Platform) -> OpenApiRouter {
    OpenApiRouter::with_openapi(openapi::Description::openapi())
        .merge(accounts::router(platform.clone()))
        .merge(sites::router(platform.clone()))
        .merge(health::router(platform.clone()))
}

/// The whole service, ready to be served.
pub fn service(platform: Platform) -> Router {
    let (router, description) = api(&platform).split_for_parts();
    let router = router
        .merge(openapi::router(openapi::complete(description)))
        .fallback(get(web_files::serve).post(unknown).put(unknown).delete(unknown).patch(unknown));
    #[cfg(feature = "fault-injection")]
    let router = router.route("/api/fault/panic", get(panic_on_purpose));
    router
        .layer(from_fn_with_state(platform.clone(), accounts::attach_session))
        .layer(from_fn_with_state(platform.clone(), origin::require_same_origin))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn(problem::render))
        .layer(from_fn(security::set_headers))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(platform, context::establish))
}

async fn unknown() -> problem::Problem {
    problem::Problem::not_found()
}

fn after_panic(cause: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let words = cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|words| (*words).to_owned())).unwrap_or_default();
    axum::response::IntoResponse::into_response(problem::Problem::internal(format!("panicked: {words}")))
}

#[cfg(feature = "fault-injection")]
async fn panic_on_purpose() -> &'static str {
    panic!("on purpose")
}
