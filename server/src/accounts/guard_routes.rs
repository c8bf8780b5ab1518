//! The security administrator's desk: accounts that wait for a confirmation, other people's second factors, places that are locked, and what
//! the server's settings say of signing in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::act::{Act, JsonOf};
use super::model::{Actor, may_guard_accounts};
use super::password_rules::{lasts_days, not_again};
use super::routes::{AccountView, one_view};
use super::sign_in_limits::{LOCK_S, WRONG_BEFORE_LOCK};
use super::store::{factors, people, safety};
use crate::config::{PasswordProfile, SecondFactorRule};
use crate::http::personal::Login;
use crate::http::{Code, PathOf, Problem, Text};
use crate::ids::AccountId;
use crate::platform::Platform;

/// A place from which an account is locked for a while.
#[derive(Debug, Serialize, ToSchema)]
pub struct LockView {
    pub login: String,
    pub name: String,
    /// A network, or null for one of the account's own known devices.
    pub network: Option<String>,
    pub until: DateTime<FixedOffset>,
}

/// How signing in is guarded here. The settings are the server's; nobody changes them from the desk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"password_profile": "dengbao", "password_days": 90, "passwords_not_again": 5, "second_factor_required": true, "confirm_accounts": true,
    "staff_networks": ["10.20.0.0/16"], "idle_minutes": 30, "staff": 12, "staff_with_factor": 11, "awaiting": 1,
    "locks": [{"login": "wang.wu", "name": "王五", "network": "203.0.113.9", "until": "2026-10-20T09:15:00+08:00"}]}))]
pub struct SecurityView {
    pub password_profile: PasswordProfile,
    /// Days after which a password must be changed; null when it need not.
    pub password_days: Option<i64>,
    /// How many of the last passwords may not come back.
    pub passwords_not_again: i64,
    /// Whether staff must hold a second factor.
    pub second_factor_required: bool,
    /// Whether the system administrator's acts on staff accounts wait for the security administrator.
    pub confirm_accounts: bool,
    /// Networks from which staff may work; empty for everywhere.
    pub staff_networks: Vec<String>,
    pub idle_minutes: i32,
    pub staff: i64,
    pub staff_with_factor: i64,
    /// Accounts that wait for a confirmation.
    pub awaiting: i64,
    pub locks: Vec<LockView>,
}

/// How signing in is guarded, and who is locked out of where.
#[utoipa::path(get, path = "/api/security", tag = "accounts",
    responses((status = 200, body = SecurityView, description = "The server's settings of signing in, and the locks of the last quarter of an hour")))]
pub async fn security(State(platform): State<Platform>, actor: Actor) -> Result<Json<SecurityView>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if !may_guard_accounts(&actor, &county.code) {
        return Err(Problem::forbidden());
    }
    let (now, settings) = (platform.clock.now(), &platform.settings);
    let mut connection = platform.pool.acquire().await?;
    let standing = safety::find_standing(&mut connection, actor.county_id).await?;
    let locks = safety::list_locks(&mut connection, actor.county_id, (WRONG_BEFORE_LOCK, LOCK_S), now).await?;
    let strict = settings.password_profile == PasswordProfile::Dengbao;
    Ok(Json(SecurityView {
        password_profile: settings.password_profile,
        password_days: lasts_days(settings.password_profile),
        passwords_not_again: not_again(settings.password_profile),
        second_factor_required: strict || settings.second_factor == SecondFactorRule::Staff,
        confirm_accounts: strict || settings.confirm_accounts,
        staff_networks: settings.staff_networks.iter().map(ToString::to_string).collect(),
        idle_minutes: super::model::session_life(&[]).idle_s / 60,
        staff: standing.staff,
        staff_with_factor: standing.staff_with_factor,
        awaiting: standing.awaiting,
        locks: locks
            .into_iter()
            .map(|lock| LockView {
                login: lock.login,
                name: lock.name,
                network: (!lock.place.starts_with("device ")).then_some(lock.place),
                until: county.local(lock.last_at + TimeDelta::seconds(i64::from(LOCK_S))),
            })
            .collect(),
    }))
}

/// Whose locks are to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"login": "wang.wu"}))]
pub struct Locked {
    login: Text<2, 64>,
}

/// How many places were opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"opened": 1}))]
pub struct LocksOpened {
    pub opened: u64,
}

/// Opens every place from which an account of the county is locked.
#[utoipa::path(post, path = "/api/sign-in-locks/release", tag = "accounts", request_body = Locked,
    responses((status = 200, body = LocksOpened, description = "The account may be tried again from there")))]
pub async fn open_locks(mut act: Act<JsonOf<Locked>>) -> Result<Response, Problem> {
    if !may_guard_accounts(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let login = act.body.0.login.as_str().to_lowercase();
    let opened = safety::release_locks(&mut act.tx, act.actor.county_id, &login).await?;
    act.audit("account.open_locks", ("login", &Login(login).masked()), json!({ "opened": opened })).await?;
    act.done(StatusCode::OK, &LocksOpened { opened }).await
}

/// Confirms what the system administrator has done with an account: it may sign in.
#[utoipa::path(post, path = "/api/accounts/{id}/confirm", tag = "accounts", params(("id" = i64, Path, description = "The account")),
    responses((status = 200, body = AccountView, description = "The account can sign in")))]
pub async fn confirm_account(PathOf(account_id): PathOf<AccountId>, act: Act<()>) -> Result<Response, Problem> {
    settle(account_id, act, None).await
}

/// Why an account is not confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "没有任命文件"}))]
pub struct NotConfirmed {
    reason: Text<1, 500>,
}

/// Does not confirm an account: it is disabled.
#[utoipa::path(post, path = "/api/accounts/{id}/refuse", tag = "accounts", params(("id" = i64, Path, description = "The account")),
    request_body = NotConfirmed, responses((status = 200, body = AccountView, description = "The account is disabled")))]
pub async fn refuse_account(PathOf(account_id): PathOf<AccountId>, act: Act<JsonOf<NotConfirmed>>) -> Result<Response, Problem> {
    let reason = act.body.0.reason.as_str().to_owned();
    settle(account_id, act, Some(reason)).await
}

async fn settle<B>(account_id: AccountId, mut act: Act<B>, refused_for: Option<String>) -> Result<Response, Problem> {
    if !may_guard_accounts(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    if account_id == act.actor.account_id {
        return Err(Problem::field("id", "own_account", "不能确认自己的账号", "You cannot confirm your own account"));
    }
    let disabled_at = refused_for.as_ref().map(|_| act.now);
    if !safety::settle_account(&mut act.tx, act.actor.county_id, account_id, disabled_at).await? {
        people::find_account(&mut act.tx, act.actor.county_id, account_id).await?.ok_or_else(Problem::not_found)?;
        return Err(Problem::new(Code::Conflict).saying("这个账号不在等待确认", "This account does not wait for a confirmation"));
    }
    let whose = account_id.to_string();
    match refused_for {
        None => act.audit("account.confirm", ("account", &whose), json!({})).await?,
        Some(reason) => act.audit("account.refuse", ("account", &whose), json!({ "reason": reason })).await?,
    }
    let answer = one_view(&mut act, account_id).await?;
    act.done(StatusCode::OK, &answer).await
}

/// Takes somebody's second factor away, because their telephone and their recovery codes are gone. Their sessions end.
#[utoipa::path(post, path = "/api/accounts/{id}/second-factor/reset", tag = "accounts", params(("id" = i64, Path, description = "The account")),
    responses((status = 200, body = AccountView, description = "The account has no second factor; where the county wants one, the next sign-in makes it")))]
pub async fn reset_factor(PathOf(account_id): PathOf<AccountId>, mut act: Act<()>) -> Result<Response, Problem> {
    if !may_guard_accounts(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    if account_id == act.actor.account_id {
        return Err(Problem::field("id", "own_account", "不能重置自己的两步验证", "You cannot reset your own second factor"));
    }
    people::find_account(&mut act.tx, act.actor.county_id, account_id).await?.ok_or_else(Problem::not_found)?;
    let held = factors::delete_factor(&mut act.tx, account_id).await?;
    super::store::own::delete_sessions(&mut act.tx, account_id, None).await?;
    act.audit("second_factor.reset", ("account", &account_id.to_string()), json!({ "held": held })).await?;
    let answer = one_view(&mut act, account_id).await?;
    act.done(StatusCode::OK, &answer).await
}
