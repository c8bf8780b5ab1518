//! The steps between the password and the session: the code, a new password, a new second factor.
//!
//! Whoever calls these is nobody yet. What binds the steps together is the cookie that the step before has set.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::factors::{self, GivenCode, NewFactor, Shown};
use super::new_password::{hash_new_password, require_own_choice};
use super::opening::{DEVICE_COOKIE, NextStep, Progress, Step, begin_anew, hash_in, not_asked_for, proceed, require_pending};
use super::session_routes::SessionView;
use super::store;
use super::store::own::{self, NewHash};
use super::store::pending::{self, PendingSignIn};
use crate::audit::{self, Author, Entry, Outcome};
use crate::http::{JsonBody, Problem, RequestContext};
use crate::platform::Platform;

/// Wrong codes after which signing in begins anew.
const MOST_TRIES: i16 = 5;

async fn record(
    connection: &mut PgConnection,
    platform: &Platform,
    context: &RequestContext,
    pending: &PendingSignIn,
    (action, outcome, detail): (&str, Outcome, serde_json::Value),
) -> Result<(), Problem> {
    let (account, county) = (pending.account.account_id, pending.account.county_id);
    let roles = store::list_grants(connection, account).await?.iter().map(|grant| grant.role.as_str().to_owned()).collect();
    let author = match outcome {
        Outcome::Done => Author::account(county, account, roles, context),
        Outcome::Refused => Author::visitor(Some(county), context),
    };
    let entry = Entry { action, object: ("account", &account.to_string()), outcome, detail };
    Ok(audit::record(connection, &author, entry, platform.clock.now()).await?)
}

/// Gives the code of the second factor, or a recovery code.
#[utoipa::path(post, path = "/api/session/code", tag = "accounts", request_body = GivenCode,
    responses((status = 200, body = SessionView, description = "Signed in; the session cookie is set"),
              (status = 202, body = NextStep, description = "Something else is asked for")))]
pub async fn give_code(
    State(platform): State<Platform>,
    context: RequestContext,
    jar: CookieJar,
    JsonBody(given): JsonBody<GivenCode>,
) -> Result<Response, Problem> {
    let now = platform.clock.now();
    let mut tx = platform.pool.begin().await?;
    let pending = require_pending(&mut tx, &jar, now).await?;
    if pending.step(&mut tx, &platform).await? != Some(Step::Code) {
        return Err(not_asked_for());
    }
    let (account, device) = (&pending.account, hash_in(&jar, DEVICE_COOKIE));
    let bucket = factors::bucket(&mut tx, (account.account_id, &account.login), device.as_deref(), now).await?;
    factors::take_try(&mut tx, &bucket, now).await?;
    let shown = factors::show(&mut tx, &platform, account.account_id, &given.code).await?;
    if shown == Shown::Wrong {
        record(&mut tx, &platform, &context, &pending, ("session.begin", Outcome::Refused, json!({"by": "code"}))).await?;
        let last = pending.tries + 1 >= MOST_TRIES;
        if last {
            pending::delete_pending(&mut tx, &pending.token_hash).await?;
        } else {
            pending::count_try(&mut tx, &pending.token_hash).await?;
        }
        tx.commit().await?;
        return Err(if last { begin_anew() } else { factors::wrong_code() });
    }
    factors::give_back(&mut tx, &bucket).await?;
    if let Shown::ByRecoveryCode(left) = shown {
        record(&mut tx, &platform, &context, &pending, ("second_factor.recover", Outcome::Done, json!({"left": left}))).await?;
    }
    let proceeding = proceed(&mut tx, &platform, (&context, &jar), account, true).await?;
    tx.commit().await?;
    Ok(proceeding.into_response())
}

/// A password of one's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "a long phrase of one's own 9"}))]
pub struct OwnPassword {
    password: String,
}

/// Sets a new password where the present one is too old, or was chosen by somebody else.
#[utoipa::path(post, path = "/api/session/password", tag = "accounts", request_body = OwnPassword,
    responses((status = 200, body = SessionView, description = "The new password holds; signed in"),
              (status = 202, body = NextStep, description = "The new password holds; something else is asked for")))]
pub async fn give_new_password(
    State(platform): State<Platform>,
    context: RequestContext,
    jar: CookieJar,
    JsonBody(given): JsonBody<OwnPassword>,
) -> Result<Response, Problem> {
    let now = platform.clock.now();
    let mut tx = platform.pool.begin().await?;
    let pending = require_pending(&mut tx, &jar, now).await?;
    if pending.step(&mut tx, &platform).await? != Some(Step::NewPassword) {
        return Err(not_asked_for());
    }
    tx.commit().await?;
    let (login, account_id) = (pending.account.login, pending.account.account_id);
    // Hashing takes time: no transaction is open meanwhile, so the sign-in is looked for again after it.
    let hash = hash_new_password(&platform, given.password.clone(), &[&login], Some(account_id)).await?;
    require_own_choice(&platform, given.password, account_id).await?;
    let mut tx = platform.pool.begin().await?;
    let pending = require_pending(&mut tx, &jar, now).await?;
    let new = NewHash::chosen(&platform, &hash, now);
    own::set_password(&mut tx, pending.account.county_id, account_id, &new, None).await?;
    record(&mut tx, &platform, &context, &pending, ("account.change_password", Outcome::Done, json!({"by": "sign_in"}))).await?;
    let account = store::find_password(&mut tx, &login).await?.ok_or_else(begin_anew)?;
    let proceeding = proceed(&mut tx, &platform, (&context, &jar), &account, pending.code_given).await?;
    tx.commit().await?;
    Ok(proceeding.into_response())
}

/// Begins the second factor that the county wants of staff.
#[utoipa::path(post, path = "/api/session/factor", tag = "accounts",
    responses((status = 200, body = NewFactor, description = "To be taken into an authenticator app, and then confirmed")))]
pub async fn begin_factor(State(platform): State<Platform>, jar: CookieJar) -> Result<Json<NewFactor>, Problem> {
    let mut tx = platform.pool.begin().await?;
    let pending = require_pending(&mut tx, &jar, platform.clock.now()).await?;
    if pending.step(&mut tx, &platform).await? != Some(Step::NewFactor) {
        return Err(not_asked_for());
    }
    let factor = factors::begin(&mut tx, &platform, (pending.account.account_id, &pending.account.login)).await?;
    tx.commit().await?;
    Ok(Json(factor))
}

/// Signed in with a new second factor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"recovery_codes": ["1b3d-5f7h-9k2m-4p6r"], "session": {"account": {"id": 12, "login": "wang.wu", "name": "王五"}, "grants": [], "expires_at": "2026-10-20T21:00:00+08:00", "idle_seconds": 1800}}))]
pub struct SignedInWithFactor {
    /// Told this once.
    pub recovery_codes: Vec<String>,
    pub session: SessionView,
}

/// Shows by a first code that the app knows the secret, and signs in.
#[utoipa::path(put, path = "/api/session/factor", tag = "accounts", request_body = GivenCode,
    responses((status = 200, body = SignedInWithFactor, description = "The second factor holds; signed in")))]
pub async fn confirm_factor(
    State(platform): State<Platform>,
    context: RequestContext,
    jar: CookieJar,
    JsonBody(given): JsonBody<GivenCode>,
) -> Result<Response, Problem> {
    let mut tx = platform.pool.begin().await?;
    let pending = require_pending(&mut tx, &jar, platform.clock.now()).await?;
    if pending.step(&mut tx, &platform).await? != Some(Step::NewFactor) {
        return Err(not_asked_for());
    }
    let confirmed = factors::confirm(&mut tx, &platform, pending.account.account_id, &given.code).await?;
    let recovery_codes = confirmed.ok_or_else(factors::wrong_code)?;
    record(&mut tx, &platform, &context, &pending, ("second_factor.set", Outcome::Done, json!({"by": "sign_in"}))).await?;
    let account = store::find_password(&mut tx, &pending.account.login).await?.ok_or_else(begin_anew)?;
    let proceeding = proceed(&mut tx, &platform, (&context, &jar), &account, true).await?;
    tx.commit().await?;
    match proceeding.progress {
        Progress::Session(session) => Ok((proceeding.cookies, Json(SignedInWithFactor { recovery_codes, session })).into_response()),
        Progress::Step(_) => Err(Problem::internal("a step after the last one")),
    }
}
