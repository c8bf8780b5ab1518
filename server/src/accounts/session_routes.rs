//! Signing in and out, and the list of one's own sessions.
//!
//! The answer to a wrong password does not tell whether the account exists: not by its words, and not by its time. How often one may try
//! is in `sign_in_limits`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Actor, Role};
use super::networks::{elsewhere, may_be_here};
use super::opening::{DEVICE_COOKIE, NextStep, hash_in, proceed, session_cookie};
use super::passwords::{self, Verdict};
use super::sign_in_limits::{self, Candidate};
use super::store::{self, StoredPassword};
use crate::audit::{self, Author, Entry, Outcome};
use crate::http::{Code, JsonBody, Page, PathOf, Problem, RequestContext};
use crate::ids::{AccountId, CountyId};
use crate::platform::Platform;

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"login": "deputy", "password": "correct horse battery"}))]
pub struct Credentials {
    /// Login name, or the phone number for a deputy.
    login: String,
    password: String,
}

/// A thing that a grant points to.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedThing {
    pub id: i64,
    pub name: String,
}

/// A region by code and name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedRegion {
    pub code: String,
    pub name: String,
}

/// One right: what, and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantView {
    pub role: Role,
    pub region: NamedRegion,
    pub deputy: Option<NamedThing>,
    pub unit: Option<NamedThing>,
    pub station: Option<NamedThing>,
}

/// An account as its holder sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnAccount {
    pub id: AccountId,
    pub login: String,
    pub name: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"account": {"id": 12, "login": "wang.wu", "name": "王五"}, "grants": [{"role": "committee", "region": {"code": "339901", "name": "澄溪县"}, "deputy": null, "unit": null, "station": null}], "expires_at": "2026-10-20T21:00:00+08:00", "idle_seconds": 1800}))]
pub struct SessionView {
    pub account: OwnAccount,
    pub grants: Vec<GrantView>,
    /// When the session ends at the latest; without use it ends sooner.
    pub expires_at: DateTime<FixedOffset>,
    /// Seconds without use after which it ends.
    pub idle_seconds: i32,
}

impl From<store::NamedGrant> for GrantView {
    fn from(named: store::NamedGrant) -> Self {
        let thing = |id: Option<i64>, name: Option<String>| id.zip(name).map(|(id, name)| NamedThing { id, name });
        Self {
            role: named.grant.role,
            region: NamedRegion { code: named.grant.region_code, name: named.region_name },
            deputy: thing(named.grant.deputy_id.map(|id| id.0), named.deputy_name),
            unit: thing(named.grant.unit_id.map(|id| id.0), named.unit_name),
            station: thing(named.grant.station_id.map(|id| id.0), named.station_name),
        }
    }
}

/// Signs in.
#[utoipa::path(post, path = "/api/session", tag = "accounts", request_body = Credentials,
    responses((status = 200, body = SessionView, description = "Signed in; the session cookie is set"),
              (status = 202, body = NextStep, description = "The password was right, and something else is asked for")))]
pub async fn sign_in(
    State(platform): State<Platform>,
    context: RequestContext,
    jar: CookieJar,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<Response, Problem> {
    let login = credentials.login.trim().to_lowercase();
    if login.is_empty() || login.chars().count() > 64 || login.chars().any(char::is_control) || credentials.password.len() > 1024 {
        return Err(Problem::new(Code::WrongCredentials));
    }
    let now = platform.clock.now();
    let device = hash_in(&jar, DEVICE_COOKIE);
    let login = known_as(&platform, login).await?;
    let candidate = Candidate { login: &login, network: &context.network(), device: device.as_deref() };
    let attempt = sign_in_limits::admit(&platform.pool, &candidate, now).await?;
    let mut connection = platform.pool.acquire().await?;
    let found = store::find_password(&mut connection, &login).await?;
    drop(connection);
    let stored = found.as_ref().and_then(|found| found.password_hash.clone());
    let memory = platform.settings.password_memory_kib;
    let verdict = passwords::verify(credentials.password, stored, memory).await.map_err(Problem::internal)?;
    let mut tx = platform.pool.begin().await?;
    let account = match found {
        Some(found) if verdict != Verdict::Wrong && !found.disabled && !is_gone(&mut tx, &found, now).await? => found,
        found => {
            record_failure(&mut tx, &context, found.as_ref(), serde_json::json!({}), now).await?;
            tx.commit().await?;
            return Err(Problem::new(Code::WrongCredentials));
        }
    };
    if let Verdict::RightAndOutdated(fresh) = &verdict {
        store::renew_hash(&mut tx, account.account_id, fresh).await?;
    }
    sign_in_limits::settle(&mut tx, &attempt).await?;
    if let Some((refusal, reason)) = not_let_in(&mut tx, &platform, &context, &account).await? {
        record_failure(&mut tx, &context, Some(&account), serde_json::json!({ "by": reason }), now).await?;
        tx.commit().await?;
        return Err(refusal);
    }
    let proceeding = proceed(&mut tx, &platform, (&context, &jar), &account, false).await?;
    tx.commit().await?;
    Ok(proceeding.into_response())
}

/// Why somebody with the right password is not let in all the same, in words and for the record.
async fn not_let_in(
    connection: &mut PgConnection,
    platform: &Platform,
    context: &RequestContext,
    account: &StoredPassword,
) -> Result<Option<(Problem, &'static str)>, Problem> {
    if account.awaits_confirmation {
        let zh = "这个账号正等待安全管理员确认，确认后即可登录";
        let waits = Problem::new(Code::Forbidden).saying(zh, "This account waits for the security administrator's confirmation");
        return Ok(Some((waits, "confirmation")));
    }
    let grants = store::list_grants(connection, account.account_id).await?;
    Ok((!may_be_here(&grants, &platform.settings, context.address)).then(|| (elsewhere(), "address")))
}

/// Whether nothing is left to sign in for: the account was a deputy's alone, who has left.
async fn is_gone(connection: &mut PgConnection, found: &StoredPassword, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    Ok(store::has_left(connection, found.account_id, now).await? && store::list_present_grants(connection, found.account_id, now).await?.is_empty())
}

/// The login of whoever typed the telephone number of a deputy; what was typed otherwise. Limits count under one name, however it is typed.
async fn known_as(platform: &Platform, typed: String) -> Result<String, Problem> {
    if typed.len() != 11 || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(typed);
    }
    let mut connection = platform.pool.acquire().await?;
    Ok(store::sign_in::find_login_of_phone(&mut connection, &typed).await?.unwrap_or(typed))
}

async fn record_failure(
    connection: &mut PgConnection,
    context: &RequestContext,
    found: Option<&StoredPassword>,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let author = Author::visitor(found.map(|found| found.county_id), context);
    let account = found.map(|found| found.account_id.to_string()).unwrap_or_default();
    let entry = Entry { action: "session.begin", object: ("account", &account), outcome: Outcome::Refused, detail };
    audit::record(connection, &author, entry, now).await
}

/// Who is signed in, with the session's end and its idle seconds.
pub async fn view(
    connection: &mut PgConnection,
    platform: &Platform,
    actor: &Actor,
    (expires_at, idle_seconds): (DateTime<Utc>, i32),
) -> Result<SessionView, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let grants = store::list_named_grants(connection, actor.county_id, &[actor.account_id.0]).await?;
    Ok(SessionView {
        account: OwnAccount { id: actor.account_id, login: actor.login.clone(), name: actor.name.clone() },
        grants: grants.into_iter().filter(|(_, named)| actor.grants.contains(&named.grant)).map(|(_, named)| named.into()).collect(),
        expires_at: county.local(expires_at),
        idle_seconds,
    })
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", tag = "accounts",
    responses((status = 200, body = SessionView, description = "The person signed in, and what they may do where")))]
pub async fn who_am_i(State(platform): State<Platform>, actor: Actor) -> Result<Json<SessionView>, Problem> {
    let mut connection = platform.pool.acquire().await?;
    let sessions = store::list_sessions(&mut connection, actor.account_id, platform.clock.now()).await?;
    let current = sessions.iter().find(|session| session.session_id == actor.session_id);
    let ends = current.map(|session| (session.expires_at, session.idle_seconds)).ok_or_else(|| Problem::new(Code::SignInRequired))?;
    Ok(Json(view(&mut connection, &platform, &actor, ends).await?))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "accounts",
    responses((status = 204, description = "Signed out; the browser is told to forget what it kept")))]
pub async fn sign_out(State(platform): State<Platform>, context: RequestContext, actor: Actor) -> Result<Response, Problem> {
    end(&platform, &context, &actor, actor.session_id).await?;
    let mut gone = session_cookie(String::new());
    gone.make_removal();
    let forget = [(header::HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""))];
    Ok((StatusCode::NO_CONTENT, forget, CookieJar::new().add(gone)).into_response())
}

async fn end(platform: &Platform, context: &RequestContext, actor: &Actor, session_id: Uuid) -> Result<bool, Problem> {
    let mut tx = platform.pool.begin().await?;
    let ended = store::delete_session(&mut tx, actor.account_id, session_id).await?;
    if ended {
        let entry =
            Entry { action: "session.end", object: ("session", &session_id.to_string()), outcome: Outcome::Done, detail: serde_json::json!({}) };
        audit::record(&mut tx, &actor.author(context), entry, platform.clock.now()).await?;
    }
    tx.commit().await?;
    Ok(ended)
}

/// One of one's own sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "current": true, "created_at": "2026-10-20T09:00:00+08:00", "last_seen_at": "2026-10-20T09:20:00+08:00", "expires_at": "2026-10-20T21:00:00+08:00", "address": "203.0.113.9", "user_agent": "Mozilla/5.0"}))]
pub struct OwnSession {
    pub id: Uuid,
    pub current: bool,
    pub created_at: DateTime<FixedOffset>,
    pub last_seen_at: DateTime<FixedOffset>,
    pub expires_at: DateTime<FixedOffset>,
    pub address: String,
    pub user_agent: String,
}

/// Where one is signed in.
#[utoipa::path(get, path = "/api/sessions", tag = "accounts",
    responses((status = 200, body = Page<OwnSession>, description = "Own sessions, the last used first")))]
pub async fn list_my_sessions(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<OwnSession>>, Problem> {
    let county = county_of(&platform, actor.county_id)?;
    let mut connection = platform.pool.acquire().await?;
    let rows = store::list_sessions(&mut connection, actor.account_id, platform.clock.now()).await?;
    let items = rows.into_iter().map(|row| OwnSession {
        id: row.session_id,
        current: row.session_id == actor.session_id,
        created_at: county.local(row.created_at),
        last_seen_at: county.local(row.last_seen_at),
        expires_at: county.local(row.expires_at),
        address: row.address,
        user_agent: row.user_agent,
    });
    Ok(Json(Page::whole(items.collect())))
}

fn county_of(platform: &Platform, county_id: CountyId) -> Result<std::sync::Arc<crate::county::County>, Problem> {
    platform.county(county_id).ok_or_else(|| Problem::internal("unknown county"))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "accounts", params(("id" = Uuid, Path, description = "The session")),
    responses((status = 204, description = "The session has ended")))]
pub async fn end_session(
    State(platform): State<Platform>,
    context: RequestContext,
    actor: Actor,
    PathOf(session_id): PathOf<Uuid>,
) -> Result<StatusCode, Problem> {
    if end(&platform, &context, &actor, session_id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
