//! The administrator's accounts: list, create, disable, enable, new password.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::act::{Act, Begun, Intent, JsonOf};
use super::model::{
    Actor, Combination, Grant, NoCard, Role, check_combination, may_be_held_in, may_manage_accounts, may_see_accounts, needs_confirmation, no_card,
};
use super::new_password::hash_new_password;
use super::session_routes::GrantView;
use super::store;
use super::store::own::{self, NewHash};
use super::store::people::{self, AccountRow, Wanted};
use super::store::safety;
use crate::county::County;
use crate::database::broken_constraint;
use crate::http::paging::{page_size, read_cursor};
use crate::http::personal::{Login, Phone};
use crate::http::{Page, PathOf, Problem, QueryOf, Text};
use crate::ids::{AccountId, DeputyId, StationId, UnitId};
use crate::platform::Platform;

/// An account as the administrator sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "login": "wang.wu", "name": "王五", "grants": [{"role": "committee", "region": {"code": "339901", "name": "澄溪县"}, "deputy": null, "unit": null, "station": null}], "created_at": "2026-10-20T09:00:00+08:00", "disabled_at": null, "awaits_confirmation_since": null, "has_second_factor": true, "rev": 1, "notice_phone": null, "password": "none", "no_card": null, "invitation": {"expires_at": "2026-11-19T09:00:00+08:00", "made_by": "系统管理员"}}))]
pub struct AccountView {
    pub id: AccountId,
    /// A telephone number is shown as lists show it (`139****0001`).
    #[schema(value_type = String)]
    pub login: Login,
    pub name: String,
    pub grants: Vec<GrantView>,
    pub created_at: DateTime<FixedOffset>,
    pub disabled_at: Option<DateTime<FixedOffset>>,
    /// Since when the account waits for the security administrator; until then nobody signs in to it.
    pub awaits_confirmation_since: Option<DateTime<FixedOffset>>,
    pub has_second_factor: bool,
    /// To be sent with a change.
    pub rev: i64,
    /// Where the account hears its notices by text message, as lists show it; a deputy's may be the roster's instead.
    #[schema(value_type = Option<String>)]
    pub notice_phone: Option<Phone>,
    pub password: PasswordStanding,
    /// Why the account cannot be invited by a card, if so.
    pub no_card: Option<NoCard>,
    pub invitation: Option<AccountInvitation>,
}

/// Whose choice the account's password is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordStanding {
    /// Nobody can sign in.
    None,
    /// Chosen by somebody else, and good for one sign-in.
    Given,
    Own,
}

/// The account's invitation that was neither used nor revoked.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountInvitation {
    pub expires_at: DateTime<FixedOffset>,
    pub made_by: String,
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountsQuery {
    /// Part of a login or name.
    #[param(value_type = Option<String>)]
    q: Option<Text<0, 64>>,
    /// Only those that wait for the security administrator.
    awaiting: Option<bool>,
    /// Only those that a card can invite and that have no password of their own choice yet.
    to_invite: Option<bool>,
    /// Only those with an invitation that was neither used nor revoked.
    invited: Option<bool>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The county's accounts.
#[utoipa::path(get, path = "/api/accounts", tag = "accounts", params(AccountsQuery),
    responses((status = 200, body = Page<AccountView>, description = "Accounts in order of their number")))]
pub async fn list_accounts(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<AccountsQuery>,
) -> Result<Json<Page<AccountView>>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if !may_see_accounts(&actor, &county.code) {
        return Err(Problem::forbidden());
    }
    let limit = page_size(query.limit, 50, 200)?;
    let after: Option<i64> = read_cursor(query.cursor.as_deref())?;
    let mut connection = platform.pool.acquire().await?;
    let wanted = Wanted {
        words: query.q.map(Text::into_string).unwrap_or_default(),
        awaiting: query.awaiting.unwrap_or(false),
        to_invite: query.to_invite.unwrap_or(false),
        invited: query.invited.unwrap_or(false),
    };
    let rows = people::list_accounts(&mut connection, actor.county_id, &wanted, after, limit + 1).await?;
    let page = Page::cut(rows, limit, |row: &AccountRow| row.account_id.to_string());
    let next = page.next.clone();
    let items = views(&platform, &mut connection, &actor, page.items).await?;
    Ok(Json(Page { items, next }))
}

async fn views(platform: &Platform, connection: &mut sqlx::PgConnection, actor: &Actor, rows: Vec<AccountRow>) -> Result<Vec<AccountView>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let ids: Vec<i64> = rows.iter().map(|row| row.account_id.0).collect();
    let mut grants: HashMap<AccountId, Vec<GrantView>> = HashMap::new();
    for (account_id, grant) in store::list_named_grants(connection, actor.county_id, &ids).await? {
        grants.entry(account_id).or_default().push(grant.into());
    }
    let views = rows.into_iter().map(|row| view(&county, actor, grants.remove(&row.account_id).unwrap_or_default(), row));
    Ok(views.collect())
}

fn view(county: &County, actor: &Actor, grants: Vec<GrantView>, row: AccountRow) -> AccountView {
    let roles: Vec<Role> = grants.iter().map(|grant| grant.role).collect();
    AccountView {
        no_card: no_card(&roles, row.account_id == actor.account_id, row.disabled_at.is_some()),
        password: match (row.has_password, row.password_is_temporary) {
            (false, _) => PasswordStanding::None,
            (true, true) => PasswordStanding::Given,
            (true, false) => PasswordStanding::Own,
        },
        invitation: row.invited_until.zip(row.invited_by).map(|(at, made_by)| AccountInvitation { expires_at: county.local(at), made_by }),
        grants,
        id: row.account_id,
        login: Login(row.login),
        name: row.name,
        created_at: county.local(row.created_at),
        disabled_at: row.disabled_at.map(|at| county.local(at)),
        awaits_confirmation_since: row.awaits_confirmation_since.map(|at| county.local(at)),
        has_second_factor: row.has_second_factor,
        rev: row.rev,
        notice_phone: row.notice_phone.map(Phone),
    }
}

/// A right to be given.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    role: Role,
    /// Code of the region in which the right holds.
    region: Text<6, 12>,
    deputy_id: Option<DeputyId>,
    unit_id: Option<UnitId>,
    station_id: Option<StationId>,
}

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"login": "wang.wu", "name": "王五", "password": "a long phrase of one's own", "grants": [{"role": "committee", "region": "339901"}]}))]
pub struct NewAccount {
    login: Text<2, 64>,
    name: Text<1, 50>,
    /// The first password; without it nobody signs in until its owner has chosen one by an invitation.
    password: Option<String>,
    grants: Vec<NewGrant>,
}

/// Makes an account.
#[utoipa::path(post, path = "/api/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = AccountView, description = "The account is there; with a password it can sign in")))]
pub async fn create_account(mut intent: Intent<JsonOf<NewAccount>>) -> Result<Response, Problem> {
    if !may_manage_accounts(&intent.actor, &intent.county.code) {
        return Err(Problem::forbidden());
    }
    let login = intent.body.0.login.as_str().to_lowercase();
    let grants = check_grants(&intent.county.code, std::mem::take(&mut intent.body.0.grants))?;
    // Hashing takes time and waits for its turn: no transaction is open meanwhile.
    let hash = match intent.body.0.password.take() {
        Some(password) => Some(hash_new_password(&intent.platform, password, &[&login, intent.body.0.name.as_str()], None).await?),
        None => None,
    };
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    let name = act.body.0.name.as_str().to_owned();
    let account_id = people::insert_account(&mut act.tx, act.actor.county_id, &login, &name, hash.as_deref(), act.now).await.map_err(|error| {
        match broken_constraint(&error) {
            Some("accounts_login_key") => Problem::field("login", "taken", "这个账号名已被使用", "This login is taken"),
            _ => error.into(),
        }
    })?;
    for grant in &grants {
        people::insert_grant(&mut act.tx, act.actor.county_id, account_id, grant).await.map_err(grant_fault)?;
    }
    if hash.is_some() {
        people::set_password_temporary(&mut act.tx, account_id).await?;
    }
    let waits = hold_if_wanted(&mut act, account_id).await?;
    let roles: Vec<&str> = grants.iter().map(|grant| grant.role.as_str()).collect();
    let detail = serde_json::json!({ "login": Login(login), "roles": roles, "with_password": hash.is_some(), "awaits_confirmation": waits });
    act.audit("account.create", ("account", &account_id.to_string()), detail).await?;
    let answer = one_view(&mut act, account_id).await?;
    act.done(StatusCode::CREATED, &answer).await
}

/// Holds the account until the security administrator has confirmed what was done with it, where the county wants that.
pub async fn hold_if_wanted<B>(act: &mut Act<B>, account_id: AccountId) -> Result<bool, Problem> {
    let roles: Vec<Role> = store::list_grants(&mut act.tx, account_id).await?.iter().map(|grant| grant.role).collect();
    let waits = needs_confirmation(&roles, act.platform.settings.confirm_accounts, act.platform.settings.password_profile);
    if waits {
        safety::hold_account(&mut act.tx, (act.actor.county_id, account_id), act.now).await?;
    }
    Ok(waits)
}

pub(super) fn check_grants(county_code: &str, grants: Vec<NewGrant>) -> Result<Vec<Grant>, Problem> {
    if grants.is_empty() || grants.len() > 20 {
        return Err(Problem::field("grants", "out_of_range", "请给账号 1 到 20 项权限", "Give the account 1 to 20 rights"));
    }
    let roles: Vec<Role> = grants.iter().map(|grant| grant.role).collect();
    check_combination(&roles).map_err(combination_fault)?;
    grants
        .into_iter()
        .enumerate()
        .map(|(place, grant)| {
            if !may_be_held_in(grant.role, grant.region.as_str(), county_code) {
                return Err(Problem::field(
                    format!("grants[{place}].region"),
                    "unknown",
                    "没有这个区划，或该角色不能授予这个范围：管理员和审计员只能是全县，镇街人大工委只能是镇街",
                    "No such region, or the role is not held there: administrators and auditors over the county, a working committee in a township",
                ));
            }
            let belongs = [
                (Role::Deputy, grant.deputy_id.is_some(), "deputy_id"),
                (Role::UnitHandler, grant.unit_id.is_some(), "unit_id"),
                (Role::StationKeeper, grant.station_id.is_some(), "station_id"),
            ];
            if let Some((_, _, field)) = belongs.iter().find(|(role, given, _)| (*role == grant.role) != *given) {
                return Err(Problem::field(format!("grants[{place}].{field}"), "wrong_role", "这一项与角色不符", "This does not go with the role"));
            }
            Ok(Grant {
                role: grant.role,
                region_code: grant.region.into_string(),
                deputy_id: grant.deputy_id,
                unit_id: grant.unit_id,
                station_id: grant.station_id,
            })
        })
        .collect()
}

fn combination_fault(fault: Combination) -> Problem {
    match fault {
        Combination::TwoAdministrators => Problem::field(
            "grants",
            "apart",
            "系统管理员、安全管理员、审计员必须由不同的人担任，一个账号只能是其中之一",
            "System administrator, security administrator and auditor are three people: one account can be only one of them",
        ),
        Combination::AdministratorAndMore => Problem::field(
            "grants",
            "apart",
            "系统管理员、安全管理员、审计员不经办业务，同一账号不能再有其他角色；兼任的人另用一个账号",
            "The three administrators have no say over content: whoever also does other work has a second account for it",
        ),
    }
}

pub(super) fn grant_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("grants_one_administrator_key") => combination_fault(Combination::TwoAdministrators),
        Some("grants_deputy_key") => Problem::field("grants", "taken", "这位代表已有账号", "This deputy has an account already"),
        Some("grants_pkey") => Problem::field("grants", "duplicate", "同一角色在同一区划重复", "The same right is given twice"),
        Some(name) if name.ends_with("_fkey") => {
            Problem::field("grants", "unknown", "权限所指的区划、代表、单位或联络站不存在", "A right points to something that is not there")
        }
        _ => error.into(),
    }
}

/// The account as it is now.
pub async fn one_view<B>(act: &mut Act<B>, account_id: AccountId) -> Result<AccountView, Problem> {
    let row = people::find_account(&mut act.tx, act.actor.county_id, account_id).await?.ok_or_else(Problem::not_found)?;
    let platform = act.platform.clone();
    let mut views = views(&platform, &mut act.tx, &act.actor, vec![row]).await?;
    views.pop().ok_or_else(Problem::not_found)
}

/// Disables an account; its sessions end at once.
#[utoipa::path(post, path = "/api/accounts/{id}/disable", tag = "accounts", params(("id" = i64, Path, description = "The account")),
    responses((status = 200, body = AccountView, description = "The account can no longer sign in")))]
pub async fn disable_account(PathOf(account_id): PathOf<AccountId>, act: Act<()>) -> Result<Response, Problem> {
    set_disabled(account_id, true, act).await
}

/// Lets a disabled account sign in again.
#[utoipa::path(post, path = "/api/accounts/{id}/enable", tag = "accounts", params(("id" = i64, Path, description = "The account")),
    responses((status = 200, body = AccountView, description = "The account can sign in")))]
pub async fn enable_account(PathOf(account_id): PathOf<AccountId>, act: Act<()>) -> Result<Response, Problem> {
    set_disabled(account_id, false, act).await
}

async fn set_disabled(account_id: AccountId, disabled: bool, mut act: Act<()>) -> Result<Response, Problem> {
    if !may_manage_accounts(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    if account_id == act.actor.account_id {
        return Err(Problem::field("id", "own_account", "不能停用自己的账号", "You cannot disable your own account"));
    }
    let at = disabled.then_some(act.now);
    if !people::set_disabled(&mut act.tx, act.actor.county_id, account_id, at).await? {
        return Err(Problem::not_found());
    }
    let detail = match disabled {
        true => serde_json::json!({}),
        false => serde_json::json!({ "awaits_confirmation": hold_if_wanted(&mut act, account_id).await? }),
    };
    let action = if disabled { "account.disable" } else { "account.enable" };
    act.audit(action, ("account", &account_id.to_string()), detail).await?;
    let answer = one_view(&mut act, account_id).await?;
    act.done(StatusCode::OK, &answer).await
}

/// A new password for somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "a long phrase of one's own"}))]
pub struct NewPassword {
    password: String,
}

/// Sets somebody else's password; the account's sessions end at once.
#[utoipa::path(post, path = "/api/accounts/{id}/password", tag = "accounts", params(("id" = i64, Path, description = "The account")),
    request_body = NewPassword, responses((status = 200, body = AccountView, description = "The new password holds")))]
pub async fn set_password(PathOf(account_id): PathOf<AccountId>, mut intent: Intent<JsonOf<NewPassword>>) -> Result<Response, Problem> {
    if !may_manage_accounts(&intent.actor, &intent.county.code) {
        return Err(Problem::forbidden());
    }
    if account_id == intent.actor.account_id {
        let zh = "修改自己的密码，请到“我的登录”";
        return Err(Problem::field("id", "own_account", zh, "Your own password is changed on the page of your own sign-ins"));
    }
    let password = std::mem::take(&mut intent.body.0.password);
    let mut connection = intent.platform.pool.acquire().await?;
    let row = people::find_account(&mut connection, intent.actor.county_id, account_id).await?.ok_or_else(Problem::not_found)?;
    drop(connection);
    let hash = hash_new_password(&intent.platform, password, &[&row.login, &row.name], Some(account_id)).await?;
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    let new = NewHash::given(&act.platform, &hash, act.now);
    own::set_password(&mut act.tx, act.actor.county_id, account_id, &new, None).await?;
    let waits = hold_if_wanted(&mut act, account_id).await?;
    let detail = serde_json::json!({ "awaits_confirmation": waits });
    act.audit("account.set_password", ("account", &account_id.to_string()), detail).await?;
    let answer = one_view(&mut act, account_id).await?;
    act.done(StatusCode::OK, &answer).await
}
