//! Who is asking: the session cookie turned into an [`Actor`], and refusals put on record.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;

use super::model::Actor;
use super::networks::{elsewhere, may_be_here};
use super::store;
use crate::audit::{self, Entry, Outcome};
use crate::county::County;
use crate::http::security::REPORT_PATH;
use crate::http::{Code, Problem, RequestContext};
use crate::platform::Platform;

/// Name of the session cookie; the prefix makes browsers insist on `Secure` and `Path=/`.
pub const SESSION_COOKIE: &str = "__Host-session";

/// A page that asks by itself, with nobody before it, says so by this header: such a question does not keep the session alive.
const UNATTENDED: &str = "x-unattended";

/// Somebody is signed in from where their account may not be used: a visitor to public routes, refused by all others.
#[derive(Debug, Clone, Copy)]
struct Elsewhere;

/// Reads the session, if the request carries one, and notes afterwards what was refused to whom.
pub async fn attach_session(State(platform): State<Platform>, mut request: Request, next: Next) -> Response {
    // Pages, tiles and pictures are the same for everybody and must not wait for the database; a browser's report is nobody's.
    let path = request.uri().path();
    if !path.starts_with("/api/") || matches!(path, "/api/events" | REPORT_PATH) {
        return next.run(request).await;
    }
    let jar = CookieJar::from_headers(request.headers());
    let mut found = None;
    if let Some(cookie) = jar.get(SESSION_COOKIE) {
        let attended = !request.headers().contains_key(UNATTENDED);
        match find_actor(&platform, cookie.value(), attended).await {
            Ok(actor) => found = actor,
            Err(error) => return Problem::from(error).into_response(),
        }
    }
    let context = request.extensions().get::<RequestContext>().cloned();
    let here =
        found.as_ref().is_none_or(|actor| may_be_here(&actor.grants, &platform.settings, context.as_ref().and_then(|context| context.address)));
    match &found {
        Some(actor) if here => drop(request.extensions_mut().insert(actor.clone())),
        Some(_) => drop(request.extensions_mut().insert(Elsewhere)),
        None => {}
    }
    let what = format!("{} {}", request.method(), request.uri().path());
    let mut response = next.run(request).await;
    if found.is_some() {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(header::HeaderValue::from_static("no-store"));
    }
    let refused = response.extensions().get::<Problem>().is_some_and(|problem| problem.code() == Code::Forbidden);
    let detail = if here { serde_json::json!({}) } else { serde_json::json!({ "by": "address" }) };
    if let (true, Some(actor), Some(context)) = (refused, found, context)
        && let Err(error) = record_refusal(&platform, &actor, &context, (&what, detail)).await
    {
        tracing::error!(%error, "a refusal could not be recorded");
    }
    response
}

async fn find_actor(platform: &Platform, token: &str, attended: bool) -> Result<Option<Actor>, sqlx::Error> {
    let Some(hash) = store::token_hash(token) else {
        return Ok(None);
    };
    let mut connection = platform.pool.acquire().await?;
    store::find_actor(&mut connection, &hash, attended, platform.clock.now()).await
}

async fn record_refusal(
    platform: &Platform,
    actor: &Actor,
    context: &RequestContext,
    (what, detail): (&str, serde_json::Value),
) -> Result<(), sqlx::Error> {
    let mut connection = platform.pool.acquire().await?;
    let entry = Entry { action: "access.refuse", object: ("route", what), outcome: Outcome::Refused, detail };
    audit::record(&mut connection, &actor.author(context), entry, platform.clock.now()).await
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| match parts.extensions.get::<Elsewhere>() {
            Some(_) => elsewhere(),
            None => Problem::new(Code::SignInRequired),
        })
    }
}

impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::internal("the request has no context"))
    }
}

/// The county that a public route speaks of.
#[derive(Debug, Clone)]
pub struct PublicCounty(pub Arc<County>);

impl<S: Send + Sync> FromRequestParts<S> for PublicCounty
where
    Platform: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(Platform::from_ref(state).served_county()))
    }
}
