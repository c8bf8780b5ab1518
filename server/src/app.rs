//! The composition root: features put together into one service, with the layers that every request passes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::basemap::Basemap;
use crate::clock::Clock;
use crate::config::Settings;
use crate::http::at_once::{self, AtOnce};
use crate::http::{context, origin, pace, problem, security, web_files};
use crate::ids::{Chance, CountyId};
use crate::live_map::{self, LiveMap};
use crate::photos::PhotoDesk;
use crate::platform::Platform;
use crate::{
    accounts, adoptions, audit_log, bulletins, challenges, county_settings, csp_reports, desk_exports, duty, exports, glossary, health, imports,
    joining, months, notices, ogc, openapi, orders, pages, photos, plan_changes, planning, portraits, reports, roster, sites, stories, supervision,
};

/// Every documented route of the service.
pub fn api(map: &LiveMap) -> OpenApiRouter {
    let platform = map.platform();
    let photo_desk = PhotoDesk::at(platform.clone());
    OpenApiRouter::with_openapi(openapi::Description::openapi())
        .merge(accounts::router(platform.clone()))
        .merge(county_settings::router(platform.clone()))
        .merge(joining::router(platform.clone()))
        .merge(duty::router(platform.clone()))
        .merge(live_map::router(map.clone()))
        .merge(ogc::router(map.clone()))
        .merge(sites::router(platform.clone()))
        .merge(photos::router(photo_desk.clone()))
        .merge(challenges::router(photo_desk.clone()))
        .merge(portraits::router(photo_desk))
        .merge(plan_changes::router(platform.clone()))
        .merge(planning::router(platform.clone()))
        .merge(roster::router(platform.clone()))
        .merge(adoptions::router(platform.clone()))
        .merge(stories::router(platform.clone()))
        .merge(reports::router(platform.clone()))
        .merge(notices::router(platform.clone()))
        .merge(supervision::router(platform.clone()))
        .merge(orders::router(platform.clone()))
        .merge(months::router(platform.clone()))
        .merge(audit_log::router(platform.clone()))
        .merge(csp_reports::router(platform.clone()))
        .merge(imports::router(platform.clone()))
        .merge(exports::router(platform.clone()))
        .merge(bulletins::router(map.clone()))
        .merge(desk_exports::router(map.clone()))
        .merge(glossary::router())
        .merge(health::router(platform.clone()))
}

/// The interface description, made without a database.
pub fn description() -> utoipa::openapi::OpenApi {
    let pool = sqlx::PgPool::connect_lazy_with(sqlx::postgres::PgConnectOptions::new_without_pgpass());
    let platform = Platform::new(pool, Clock::System, Chance::from_system(), Arc::new(Settings::defaults()), Vec::new(), CountyId(0));
    openapi::complete(api(&LiveMap::unloaded(platform, None)).into_openapi())
}

/// Whether the settings of the gateway, of the ways out of the app and of the key can be used; nothing is sent, opened or made.
pub fn check_settings(settings: &Arc<Settings>) -> anyhow::Result<()> {
    joining::check_gateway(settings)?;
    notices::check_channels(settings)?;
    accounts::check_second_factor_key(settings)
}

/// Loads what is kept in memory, starts what follows the database, and puts the service together.
pub async fn assemble(platform: Platform) -> anyhow::Result<Router> {
    check_settings(&platform.settings)?;
    notices::open_channels(&platform).await?;
    accounts::read_second_factor_key(&platform).await?;
    let basemap = Basemap::open(&platform.settings).await?;
    Ok(service(&LiveMap::start(platform, basemap).await?))
}

/// Every route behind the layers that each request passes.
fn service(map: &LiveMap) -> Router {
    let platform = map.platform().clone();
    let (router, description) = api(map).split_for_parts();
    let router = router
        .merge(openapi::router(openapi::complete(description)))
        .merge(pages::router(map.clone()))
        .merge(stories::pages(map.clone()))
        .merge(bulletins::pages(map.clone()))
        .fallback(get(web_files::serve).post(unknown).put(unknown).delete(unknown).patch(unknown))
        .layer(from_fn_with_state(map.clone(), pages::tell_browsers));
    behind_layers(router, platform)
}

/// Puts the layers that every request passes in front of `router`.
pub fn behind_layers(router: Router, platform: Platform) -> Router {
    let at_once = AtOnce::new(platform.settings.requests_at_once);
    let patience = Duration::from_secs(platform.settings.client_patience_s.into());
    router
        .layer(from_fn_with_state(platform.clone(), accounts::attach_session))
        .layer(from_fn_with_state(platform.clone(), origin::require_same_origin))
        .layer(from_fn_with_state(patience, pace::keep_pace))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn_with_state(at_once, at_once::take_turn))
        .layer(from_fn(problem::render))
        .layer(from_fn(security::set_headers))
        // One step above the default: a seventh smaller for the same time.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(5)))
        .layer(from_fn_with_state(platform, context::establish))
}

async fn unknown() -> problem::Problem {
    problem::Problem::not_found()
}

fn after_panic(cause: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let words = cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|words| (*words).to_owned())).unwrap_or_default();
    axum::response::IntoResponse::into_response(problem::Problem::internal(format!("panicked: {words}")))
}
