//! From a right password to a session: what is still asked for, and the session once nothing is.
//!
//! Whoever has given the right password and owes something else is half signed in: a cookie of its own, ten minutes, a few tries, and no
//! right to anything. Each step taken makes a new cookie; the session begins with the last one.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::guard::SESSION_COOKIE;
use super::model::{must_have_second_factor, session_life};
use super::password_rules::is_due;
use super::session_routes::{SessionView, view};
use super::sign_in_limits::{self, DEVICE_REMEMBERED_S};
use super::store::own;
use super::store::pending::{self, PendingSignIn};
use super::store::{self, NewSession, StoredPassword};
use crate::audit::{self, Entry, Outcome};
use crate::http::{Code, Problem, RequestContext};
use crate::ids::AccountId;
use crate::platform::Platform;

/// Keeps the token by which a device is known on which somebody has signed in before.
pub const DEVICE_COOKIE: &str = "__Host-device";
/// Keeps the token of a sign-in under way.
const PENDING_COOKIE: &str = "__Host-sign-in";
const PENDING_MIN: i64 = 10;

/// What is asked for after the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The code of the second factor, or a recovery code.
    Code,
    /// A password of one's own, because the present one is too old or was chosen by somebody else.
    NewPassword,
    /// A second factor, because the county wants one of staff.
    NewFactor,
}

#[derive(Debug, Clone, Copy)]
struct Facts {
    has_factor: bool,
    code_given: bool,
    password_due: bool,
    factor_due: bool,
}

/// The factor comes before the password: nobody sets one who has shown only the old one.
fn next_step(facts: Facts) -> Option<Step> {
    if facts.has_factor && !facts.code_given {
        Some(Step::Code)
    } else if facts.password_due {
        Some(Step::NewPassword)
    } else if facts.factor_due && !facts.has_factor {
        Some(Step::NewFactor)
    } else {
        None
    }
}

async fn facts(connection: &mut PgConnection, platform: &Platform, account: &StoredPassword, code_given: bool) -> Result<Facts, sqlx::Error> {
    let settings = &platform.settings;
    let grants = store::list_grants(connection, account.account_id).await?;
    Ok(Facts {
        has_factor: account.has_factor,
        code_given,
        password_due: is_due(account.password_set_at, account.password_is_temporary, settings.password_profile, platform.clock.now()),
        factor_due: must_have_second_factor(&grants, settings.second_factor, settings.password_profile),
    })
}

/// What is still asked for before the session begins.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"step": "code", "until": "2026-10-20T09:10:00+08:00", "login": "wang.wu"}))]
pub struct NextStep {
    pub step: Step,
    /// Until when it can be done; then signing in begins anew.
    pub until: DateTime<FixedOffset>,
    pub login: String,
}

/// How far a sign-in has come.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Progress {
    Session(SessionView),
    Step(NextStep),
}

/// The answer to a step, to be sent once everything is committed.
#[derive(Debug)]
pub struct Proceeding {
    pub cookies: CookieJar,
    pub progress: Progress,
}

impl IntoResponse for Proceeding {
    fn into_response(self) -> Response {
        let status = if matches!(self.progress, Progress::Session(_)) { StatusCode::OK } else { StatusCode::ACCEPTED };
        (status, self.cookies, Json(self.progress)).into_response()
    }
}

/// Asks for the next step, or begins the session when there is none.
pub async fn proceed(
    connection: &mut PgConnection,
    platform: &Platform,
    (context, jar): (&RequestContext, &CookieJar),
    account: &StoredPassword,
    code_given: bool,
) -> Result<Proceeding, Problem> {
    let now = platform.clock.now();
    if let Some(hash) = hash_in(jar, PENDING_COOKIE) {
        pending::delete_pending(connection, &hash).await?;
    }
    if let Some(step) = next_step(facts(connection, platform, account, code_given).await?) {
        return ask_for(connection, platform, account, (step, code_given), now).await;
    }
    if let Some(hash) = hash_in(jar, SESSION_COOKIE)
        && let Some(former) = store::find_actor(connection, &hash, true, now).await?
    {
        store::delete_session(connection, former.account_id, former.session_id).await?;
    }
    let (token, view) = begin_session(connection, platform, context, account, now).await?;
    let mut gone = pending_cookie(String::new());
    gone.make_removal();
    let mut cookies = CookieJar::new().add(session_cookie(token)).add(gone);
    if let Some(token) = remember_device(connection, platform, hash_in(jar, DEVICE_COOKIE).as_deref(), account.account_id, now).await? {
        cookies = cookies.add(device_cookie(token));
    }
    Ok(Proceeding { cookies, progress: Progress::Session(view) })
}

async fn ask_for(
    connection: &mut PgConnection,
    platform: &Platform,
    account: &StoredPassword,
    (step, code_given): (Step, bool),
    now: DateTime<Utc>,
) -> Result<Proceeding, Problem> {
    let county = platform.county(account.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let (token, hash) = new_token(platform)?;
    let until = now + TimeDelta::minutes(PENDING_MIN);
    pending::insert_pending(connection, &hash, account.account_id, code_given, until).await?;
    let next = NextStep { step, until: county.local(until), login: account.login.clone() };
    Ok(Proceeding { cookies: CookieJar::new().add(pending_cookie(token)), progress: Progress::Step(next) })
}

/// The sign-in under way in this browser, held until the transaction ends.
pub async fn require_pending(connection: &mut PgConnection, jar: &CookieJar, now: DateTime<Utc>) -> Result<PendingSignIn, Problem> {
    let found = match hash_in(jar, PENDING_COOKIE) {
        Some(hash) => pending::find_pending(connection, &hash, now).await?,
        None => None,
    };
    found.ok_or_else(begin_anew)
}

/// The sign-in is over without a session.
pub fn begin_anew() -> Problem {
    Problem::new(Code::SignInRequired)
        .saying("登录步骤已过期，请重新输入账号和密码", "Signing in took too long; please begin again with login and password")
}

/// A step that is not the one asked for.
pub fn not_asked_for() -> Problem {
    Problem::new(Code::Conflict).saying("现在不需要这一步，请重新登录", "This is not what is asked for now; please sign in again")
}

impl PendingSignIn {
    /// What is asked of this one now.
    pub async fn step(&self, connection: &mut PgConnection, platform: &Platform) -> Result<Option<Step>, Problem> {
        Ok(next_step(facts(connection, platform, &self.account, self.code_given).await?))
    }
}

async fn begin_session(
    connection: &mut PgConnection,
    platform: &Platform,
    context: &RequestContext,
    account: &StoredPassword,
    now: DateTime<Utc>,
) -> Result<(String, SessionView), Problem> {
    let (token, token_hash) = new_token(platform)?;
    let grants = store::list_grants(connection, account.account_id).await?;
    let new = NewSession {
        session_id: platform.chance.uuid(now),
        token_hash: &token_hash,
        account_id: account.account_id,
        life: session_life(&grants),
        address: &context.address.map(|address| address.to_string()).unwrap_or_default(),
        user_agent: &context.user_agent,
    };
    let (expires_at, idle_s) = (store::insert_session(connection, &new, now).await?, new.life.idle_s);
    // A deputy who has left since the password was given is nobody any more.
    let actor = store::find_actor(connection, &token_hash, true, now).await?.ok_or_else(begin_anew)?;
    let whose = account.account_id.to_string();
    let entry = Entry { action: "session.begin", object: ("account", &whose), outcome: Outcome::Done, detail: serde_json::json!({}) };
    audit::record(connection, &actor.author(context), entry, now).await?;
    Ok((token, view(connection, platform, &actor, (expires_at, idle_s)).await?))
}

/// Gives a session that goes on another token; the former one opens nothing any more.
pub async fn renew_session(connection: &mut PgConnection, platform: &Platform, session_id: Uuid) -> Result<Cookie<'static>, Problem> {
    let (token, hash) = new_token(platform)?;
    own::set_token(connection, session_id, &hash).await?;
    Ok(session_cookie(token))
}

async fn remember_device(
    connection: &mut PgConnection,
    platform: &Platform,
    held: Option<&[u8]>,
    account_id: AccountId,
    now: DateTime<Utc>,
) -> Result<Option<String>, Problem> {
    let (token, hash) = new_token(platform)?;
    Ok(sign_in_limits::remember_device(connection, held, (&token, &hash), account_id, now).await?)
}

fn new_token(platform: &Platform) -> Result<(String, Vec<u8>), Problem> {
    let token = hex::encode(platform.chance.bytes::<32>());
    let hash = store::token_hash(&token).ok_or_else(|| Problem::internal("a token of ours is not a token"))?;
    Ok((token, hash))
}

/// The hash of the token in one of our cookies.
pub fn hash_in(jar: &CookieJar, name: &str) -> Option<Vec<u8>> {
    jar.get(name).and_then(|cookie| store::token_hash(cookie.value()))
}

pub fn session_cookie(token: String) -> Cookie<'static> {
    Cookie::build((SESSION_COOKIE, token)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}

fn pending_cookie(token: String) -> Cookie<'static> {
    Cookie::build((PENDING_COOKIE, token)).path("/").secure(true).http_only(true).same_site(SameSite::Strict).build()
}

/// Grants nothing: it only tells the limits of signing in that the browser is no stranger.
fn device_cookie(token: String) -> Cookie<'static> {
    let kept_for = Duration::from_secs(DEVICE_REMEMBERED_S).try_into().unwrap_or_default();
    Cookie::build((DEVICE_COOKIE, token)).path("/").secure(true).http_only(true).same_site(SameSite::Strict).max_age(kept_for).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_comes_in_one_order() {
        let asked = |has_factor, code_given, password_due, factor_due| next_step(Facts { has_factor, code_given, password_due, factor_due });
        assert_eq!(asked(false, false, false, false), None);
        assert_eq!(asked(true, false, true, true), Some(Step::Code));
        assert_eq!(asked(true, true, true, true), Some(Step::NewPassword));
        assert_eq!(asked(true, true, false, true), None);
        assert_eq!(asked(false, false, true, true), Some(Step::NewPassword));
        assert_eq!(asked(false, false, false, true), Some(Step::NewFactor));
    }
}
