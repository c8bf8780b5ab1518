//! An account's name and rights, changed by the administrator: somebody moves to another office, or stands in for a colleague.
//!
//! Nobody changes their own. A change of rights ends the account's sessions, so that nothing goes on under the former ones.

use std::collections::HashSet;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::act::{Act, JsonOf};
use super::model::{Grant, Role, may_manage_accounts};
use super::routes::{AccountView, NewGrant, check_grants, grant_fault, hold_if_wanted, one_view};
use super::store;
use super::store::people::{self, AccountRow};
use crate::http::{Code, PathOf, Problem, Text};
use crate::ids::AccountId;

/// The account as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "王五", "grants": [{"role": "working_committee", "region": "339901001"}], "rev": 1}))]
pub struct AccountChange {
    name: Text<1, 50>,
    /// All of its rights; those that are not named end.
    grants: Vec<NewGrant>,
    /// Of the account as the person saw it.
    rev: i64,
}

/// Changes somebody's name and rights. Where the county wants it, the account waits for the security administrator afterwards.
#[utoipa::path(put, path = "/api/accounts/{id}", tag = "accounts", params(("id" = i64, Path, description = "The account")),
    request_body = AccountChange, responses((status = 200, body = AccountView, description = "The rights hold; the account signs in anew")))]
pub async fn change_account(PathOf(account_id): PathOf<AccountId>, mut act: Act<JsonOf<AccountChange>>) -> Result<Response, Problem> {
    if !may_manage_accounts(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    if account_id == act.actor.account_id {
        let zh = "不能修改自己的姓名和权限，请由另一位系统管理员办理";
        return Err(Problem::field("id", "own_account", zh, "Your own name and rights are changed by another administrator"));
    }
    let AccountChange { name, grants, rev } = act.body.0.clone();
    let row = hold(&mut act, account_id, rev).await?;
    let wanted = check_grants(&act.county.code, grants)?;
    require_once(&wanted)?;
    let before = store::list_grants(&mut act.tx, account_id).await?;
    let same_rights = before.len() == wanted.len() && wanted.iter().all(|grant| before.contains(grant));
    if same_rights && row.name == name.as_str() {
        return Err(Problem::field("name", "unchanged", "没有改动", "Nothing was changed"));
    }
    people::rename_account(&mut act.tx, (act.actor.county_id, account_id), name.as_str()).await?;
    let waits = if same_rights { row.awaits_confirmation_since.is_some() } else { replace_rights(&mut act, account_id, (&before, &wanted)).await? };
    let detail = json!({ "before": { "name": row.name, "grants": told(&before) }, "after": { "name": name, "grants": told(&wanted) },
        "awaits_confirmation": waits });
    act.audit("account.change", ("account", &account_id.to_string()), detail).await?;
    let answer = one_view(&mut act, account_id).await?;
    act.done(StatusCode::OK, &answer).await
}

/// A role is held once in a place.
fn require_once(grants: &[Grant]) -> Result<(), Problem> {
    let places: HashSet<(Role, &str)> = grants.iter().map(|grant| (grant.role, grant.region_code.as_str())).collect();
    if places.len() == grants.len() {
        return Ok(());
    }
    Err(Problem::field("grants", "duplicate", "同一角色在同一区划重复", "The same right is given twice"))
}

/// Holds all accounts of the county until the act ends: of two administrators who take each other's right away at the same moment, the second
/// has none any more.
async fn hold<B>(act: &mut Act<B>, account_id: AccountId, rev: i64) -> Result<AccountRow, Problem> {
    people::hold_accounts(&mut act.tx, act.actor.county_id).await?;
    let own = store::list_grants(&mut act.tx, act.actor.account_id).await?;
    if !own.iter().any(|grant| grant.role == Role::Administrator) {
        return Err(Problem::forbidden());
    }
    let row = people::find_account(&mut act.tx, act.actor.county_id, account_id).await?.ok_or_else(Problem::not_found)?;
    if row.rev == rev { Ok(row) } else { Err(Problem::new(Code::RevMismatch).with("rev", row.rev)) }
}

/// Ends the rights that are no longer wanted and gives the new ones. Says whether the account waits for a confirmation now.
async fn replace_rights<B>(act: &mut Act<B>, account_id: AccountId, (before, wanted): (&[Grant], &[Grant])) -> Result<bool, Problem> {
    let county_id = act.actor.county_id;
    for grant in before.iter().filter(|grant| !wanted.contains(grant)) {
        people::delete_grant(&mut act.tx, county_id, account_id, grant).await?;
    }
    for grant in wanted.iter().filter(|grant| !before.contains(grant)) {
        people::insert_grant(&mut act.tx, county_id, account_id, grant).await.map_err(grant_fault)?;
    }
    people::end_sessions(&mut act.tx, account_id).await?;
    hold_if_wanted(act, account_id).await
}

fn told(grants: &[Grant]) -> Vec<serde_json::Value> {
    let told = grants.iter().map(|grant| {
        json!({ "role": grant.role, "region": grant.region_code, "deputy_id": grant.deputy_id, "unit_id": grant.unit_id, "station_id": grant.station_id })
    });
    told.collect()
}
