//! What everybody does with their own account: another password, a second factor, an end to all other sessions.
//!
//! Whoever has only found an open session does none of it: the password is asked for, and wrong ones count as they do at signing in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::act::{Act, Begun, Intent, JsonOf};
use super::factors::{self, GivenCode, NewFactor, RecoveryCodes, Shown};
use super::model::{Actor, must_have_second_factor};
use super::new_password::{hash_new_password, require_good_password};
use super::opening::{DEVICE_COOKIE, hash_in, renew_session};
use super::passwords::{self, Verdict};
use super::sign_in_limits::{self, Candidate};
use super::store::own::{self, NewHash};
use super::store::{self, factors as kept};
use crate::audit::{self, Entry, Outcome};
use crate::http::{Code, Problem, RequestContext};
use crate::platform::Platform;
use crate::qr_code::QrCode;

/// The password one has, and the one that is to hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"old_password": "a long phrase of one's own", "password": "another long phrase of one's own"}))]
pub struct PasswordChange {
    old_password: String,
    password: String,
}

/// Asks for the password of the person who is signed in; wrong ones count as they do at signing in, and are on record.
async fn require_own_password<B>(
    intent: &Intent<B>,
    (context, jar): (&RequestContext, &CookieJar),
    (field, action): (&str, &str),
    password: String,
) -> Result<(), Problem> {
    let (platform, actor) = (&intent.platform, &intent.actor);
    let device = hash_in(jar, DEVICE_COOKIE);
    let candidate = Candidate { login: &actor.login, network: &context.network(), device: device.as_deref() };
    let attempt = sign_in_limits::admit(&platform.pool, &candidate, intent.now).await?;
    let mut connection = platform.pool.acquire().await?;
    let stored = store::find_password(&mut connection, &actor.login).await?.and_then(|found| found.password_hash);
    drop(connection);
    let password = if password.len() > 1024 { String::new() } else { password };
    let verdict = passwords::verify(password, stored, platform.settings.password_memory_kib).await.map_err(Problem::internal)?;
    let mut connection = platform.pool.acquire().await?;
    if verdict == Verdict::Wrong {
        let whose = actor.account_id.to_string();
        let entry = Entry { action, object: ("account", &whose), outcome: Outcome::Refused, detail: json!({"by": "password"}) };
        audit::record(&mut connection, &intent.author, entry, intent.now).await?;
        return Err(Problem::field(field, "wrong", "密码不对，请核对", "This is not your password"));
    }
    sign_in_limits::settle(&mut connection, &attempt).await?;
    Ok(())
}

/// Changes one's own password. Every other session ends, and every device is a stranger again; this session goes on under a new token, so
/// that whoever has copied the former one has nothing.
#[utoipa::path(put, path = "/api/me/password", tag = "accounts", request_body = PasswordChange,
    responses((status = 204, description = "The new password holds")))]
pub async fn change_password(context: RequestContext, jar: CookieJar, mut intent: Intent<JsonOf<PasswordChange>>) -> Result<Response, Problem> {
    let (old, new) = (std::mem::take(&mut intent.body.0.old_password), std::mem::take(&mut intent.body.0.password));
    let (login, name, account_id) = (intent.actor.login.clone(), intent.actor.name.clone(), intent.actor.account_id);
    let whose = [login.as_str(), name.as_str()];
    // What is wrong with the new one is told first: it costs nobody a try.
    require_good_password(&intent.platform, &new, &whose)?;
    if old == new {
        return Err(Problem::field("password", "same", "新密码与原密码相同", "The new password is the old one"));
    }
    require_own_password(&intent, (&context, &jar), ("old_password", "account.change_password"), old).await?;
    let hash = hash_new_password(&intent.platform, new, &whose, Some(account_id)).await?;
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    let new = NewHash::chosen(&act.platform, &hash, act.now);
    own::set_password(&mut act.tx, act.actor.county_id, account_id, &new, Some(act.actor.session_id)).await?;
    act.audit("account.change_password", ("account", &account_id.to_string()), json!({})).await?;
    let cookie = renew_session(&mut act.tx, &act.platform, act.actor.session_id).await?;
    let answer = act.done_without_answer().await?;
    Ok((CookieJar::new().add(cookie), answer).into_response())
}

/// How many sessions ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"ended": 2}))]
pub struct SessionsEnded {
    pub ended: u64,
}

/// Ends all one's sessions but this one.
#[utoipa::path(delete, path = "/api/sessions", tag = "accounts", responses((status = 200, body = SessionsEnded, description = "The others have ended")))]
pub async fn end_other_sessions(mut act: Act<()>) -> Result<Response, Problem> {
    let (account_id, own) = (act.actor.account_id, act.actor.session_id);
    let ended = own::delete_sessions(&mut act.tx, account_id, Some(own)).await?;
    act.audit("session.end_others", ("account", &account_id.to_string()), json!({ "ended": ended })).await?;
    act.done(StatusCode::OK, &SessionsEnded { ended }).await
}

/// How one's own second factor stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"since": "2026-10-20T09:00:00+08:00", "recovery_codes_left": 9, "required": false}))]
pub struct FactorStanding {
    /// Null when there is none.
    pub since: Option<DateTime<FixedOffset>>,
    pub recovery_codes_left: i64,
    /// Whether the county wants one of this account.
    pub required: bool,
}

/// One's own second factor.
#[utoipa::path(get, path = "/api/me/second-factor", tag = "accounts",
    responses((status = 200, body = FactorStanding, description = "Whether there is one, and whether there must be")))]
pub async fn own_factor(State(platform): State<Platform>, actor: Actor) -> Result<Json<FactorStanding>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let (since, left) = kept::find_standing(&mut connection, actor.account_id).await?;
    let required = must_have_second_factor(&actor.grants, platform.settings.second_factor, platform.settings.password_profile);
    Ok(Json(FactorStanding { since: since.map(|at| county.local(at)), recovery_codes_left: left, required }))
}

/// One's own password, asked for once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "a long phrase of one's own"}))]
pub struct Asked {
    password: String,
}

/// Begins a second factor. It is asked for only once a code has confirmed it.
#[utoipa::path(post, path = "/api/me/second-factor", tag = "accounts", request_body = Asked,
    responses((status = 200, body = NewFactor, description = "To be taken into an authenticator app; a repetition tells no secret")))]
pub async fn begin_own_factor(context: RequestContext, jar: CookieJar, mut intent: Intent<JsonOf<Asked>>) -> Result<Response, Problem> {
    let password = std::mem::take(&mut intent.body.0.password);
    require_own_password(&intent, (&context, &jar), ("password", "second_factor.begin"), password).await?;
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    let (platform, account_id, login) = (act.platform.clone(), act.actor.account_id, act.actor.login.clone());
    let factor = factors::begin(&mut act.tx, &platform, (account_id, &login)).await?;
    act.audit("second_factor.begin", ("account", &account_id.to_string()), json!({})).await?;
    let blank = NewFactor { secret: String::new(), address: String::new(), qr: QrCode { side: 0, path: String::new() } };
    act.done_once(StatusCode::OK, &factor, &blank).await
}

/// Confirms one's own second factor by a first code.
#[utoipa::path(post, path = "/api/me/second-factor/confirmation", tag = "accounts", request_body = GivenCode,
    responses((status = 200, body = RecoveryCodes, description = "The second factor holds; a repetition tells no recovery codes")))]
pub async fn confirm_own_factor(mut act: Act<JsonOf<GivenCode>>) -> Result<Response, Problem> {
    let (platform, account_id) = (act.platform.clone(), act.actor.account_id);
    let confirmed = factors::confirm(&mut act.tx, &platform, account_id, &act.body.0.code).await?;
    let recovery_codes = confirmed.ok_or_else(factors::wrong_code)?;
    act.audit("second_factor.set", ("account", &account_id.to_string()), json!({})).await?;
    act.done_once(StatusCode::OK, &RecoveryCodes { recovery_codes }, &RecoveryCodes { recovery_codes: Vec::new() }).await
}

/// Password and code, to take the second factor away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "a long phrase of one's own", "code": "287082"}))]
pub struct Removal {
    password: String,
    code: String,
}

/// Takes one's own second factor away, where the county does not want one.
#[utoipa::path(post, path = "/api/me/second-factor/removal", tag = "accounts", request_body = Removal,
    responses((status = 204, description = "The password alone signs in again")))]
pub async fn remove_own_factor(context: RequestContext, jar: CookieJar, mut intent: Intent<JsonOf<Removal>>) -> Result<Response, Problem> {
    let password = std::mem::take(&mut intent.body.0.password);
    let (platform, account_id, now) = (intent.platform.clone(), intent.actor.account_id, intent.now);
    if must_have_second_factor(&intent.actor.grants, platform.settings.second_factor, platform.settings.password_profile) {
        return Err(Problem::new(Code::Conflict)
            .saying("本县要求工作人员使用两步验证，不能关闭", "The county wants a second factor of staff; it cannot be taken away"));
    }
    require_own_password(&intent, (&context, &jar), ("password", "second_factor.remove"), password).await?;
    let mut tx = platform.pool.begin().await?;
    let bucket = factors::bucket(&mut tx, (account_id, &intent.actor.login), hash_in(&jar, DEVICE_COOKIE).as_deref(), now).await?;
    factors::take_try(&mut tx, &bucket, now).await?;
    tx.commit().await?;
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    if factors::show(&mut act.tx, &platform, account_id, &act.body.0.code).await? == Shown::Wrong {
        return Err(factors::wrong_code());
    }
    factors::give_back(&mut act.tx, &bucket).await?;
    kept::delete_factor(&mut act.tx, account_id).await?;
    act.audit("second_factor.remove", ("account", &account_id.to_string()), json!({})).await?;
    act.done_without_answer().await
}
