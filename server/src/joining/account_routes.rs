//! The administrator's side: accounts of those who work at the desk, invited by cards to choose a password.
//!
//! Nobody else invites them: an office that could invite a member of the committee would be the committee. Where the county confirms what is
//! done with accounts, an account that was invited waits as one does whose password was set. See decision 0089.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::card::{AccountCard, AccountCards};
use super::guest::{Obstacle, login_shown, no_card_words};
use super::model::{Proof, may_last, token_hash, token_of};
use super::store::invited::{self, InvitedAccount};
use super::store::{self, NewInvitation, Whose};
use crate::accounts::{Act, JsonOf, hold_if_wanted, is_known, may_manage_accounts, no_card};
use crate::database::broken_constraint;
use crate::http::{Code, PathOf, Problem};
use crate::ids::AccountId;

/// Invitations made by one call.
const MOST_AT_ONCE: usize = 200;

/// Which accounts are invited, and for how long.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"accounts": [21, 22], "valid_days": 30}))]
pub struct NewAccountInvitations {
    /// At most 200, each once.
    accounts: Vec<AccountId>,
    /// From 1 to 90.
    valid_days: u16,
}

/// Invites accounts to choose a password, each by a link of its own that is shown this once.
///
/// An earlier invitation of the same account that was not used ends. When one of them cannot be invited, none is, and every one that cannot
/// is named. Where the county wants it, the accounts wait for the security administrator afterwards.
#[utoipa::path(post, path = "/api/account-invitations", tag = "joining", request_body = NewAccountInvitations,
    responses((status = 201, body = AccountCards, description = "The invitations, in the order asked for")))]
pub async fn make_account_invitations(mut act: Act<JsonOf<NewAccountInvitations>>) -> Result<Response, Problem> {
    if !may_manage_accounts(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let NewAccountInvitations { accounts, valid_days } = &act.body.0;
    let (accounts, valid_days) = (accounts.clone(), *valid_days);
    if !may_last(valid_days) {
        return Err(Problem::field("valid_days", "out_of_range", "有效期应为 1 到 90 天", "From 1 to 90 days"));
    }
    let expires_at = act.now + TimeDelta::days(valid_days.into());
    let origin = act.platform.settings.origin();
    let mut items = Vec::with_capacity(accounts.len());
    for account in require_invitable(&mut act, &accounts).await? {
        let token = token_of(act.platform.chance.bytes());
        let hash = token_hash(&token).ok_or_else(|| Problem::internal("a token of ours is not a token"))?;
        let asks_for = Proof::of_account(account.phone.is_some());
        let whose = Whose::Account(account.account_id);
        let (made_by, made_at) = (act.actor.account_id, act.now);
        let new = NewInvitation { whose, asks_for, token_hash: &hash, made_by, made_at, expires_at };
        let id = store::insert_invitation(&mut act.tx, act.actor.county_id, &new).await.map_err(invitation_fault)?;
        let waits = hold_if_wanted(&mut act, account.account_id).await?;
        let detail = json!({ "invitation": id, "days": valid_days, "asks_for": asks_for, "awaits_confirmation": waits });
        act.audit("account.invite", ("account", &account.account_id.to_string()), detail).await?;
        items.push(AccountCard::of(&account, (id, asks_for, waits), act.county.local(expires_at), format!("{origin}/join#{token}"))?);
    }
    let kept = AccountCards { items: items.iter().map(AccountCard::without_link).collect() };
    act.done_once(StatusCode::CREATED, &AccountCards { items }, &kept).await
}

/// These accounts, if each of them can be invited; otherwise a word about each that cannot.
async fn require_invitable<B>(act: &mut Act<B>, accounts: &[AccountId]) -> Result<Vec<InvitedAccount>, Problem> {
    if accounts.is_empty() || accounts.len() > MOST_AT_ONCE {
        return Err(Problem::field("accounts", "out_of_range", "请选择 1 到 200 个账号", "Choose 1 to 200 accounts"));
    }
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    let found = invited::list_accounts(&mut act.tx, act.actor.county_id, &ids).await?;
    let mut found: HashMap<AccountId, InvitedAccount> = found.into_iter().map(|account| (account.account_id, account)).collect();
    let mut invited: Vec<InvitedAccount> = Vec::with_capacity(accounts.len());
    let mut faults: Option<Problem> = None;
    for (place, id) in accounts.iter().enumerate() {
        let field = format!("accounts[{place}]");
        if invited.iter().any(|earlier| earlier.account_id == *id) {
            return Err(Problem::field(field, "duplicate", "同一个账号重复", "The same account twice"));
        }
        let account = found.remove(id).ok_or_else(Problem::not_found)?;
        if let Some((code, zh, en)) = obstacle(&account, act.actor.account_id) {
            let (zh, en) = (format!("{}：{zh}", account.name), format!("{}: {en}", account.name));
            faults = Some(match faults {
                None => Problem::field(field, code, zh, en),
                Some(before) => before.and_field(field, code, zh, en),
            });
        }
        invited.push(account);
    }
    faults.map_or(Ok(invited), Err)
}

fn obstacle(account: &InvitedAccount, inviting: AccountId) -> Option<Obstacle> {
    if let Some(reason) = no_card(&account.roles, account.account_id == inviting, account.is_disabled) {
        let (zh, en) = no_card_words(reason);
        return Some((reason.as_str(), zh, en));
    }
    if account.phone.is_none() { login_shown(account) } else { None }
}

/// Somebody else has invited the same account at the same moment.
fn invitation_fault(error: sqlx::Error) -> Problem {
    match broken_constraint(&error) {
        Some("invitations_open_account_key") => Problem::new(Code::Busy),
        _ => error.into(),
    }
}

/// Revokes the account's open invitation. Repeating it changes nothing.
#[utoipa::path(delete, path = "/api/accounts/{id}/invitation", tag = "joining", params(("id" = i64, Path, description = "The account")),
    responses((status = 204, description = "No link leads into the account any more")))]
pub async fn revoke_account_invitation(PathOf(account_id): PathOf<AccountId>, mut act: Act<()>) -> Result<Response, Problem> {
    if !may_manage_accounts(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    if !is_known(&mut act.tx, act.actor.county_id, account_id).await? {
        return Err(Problem::not_found());
    }
    if let Some(invitation_id) = invited::revoke(&mut act.tx, act.actor.county_id, account_id, act.now).await? {
        act.audit("account.revoke_invitation", ("account", &account_id.to_string()), json!({ "invitation": invitation_id })).await?;
    }
    act.done_without_answer().await
}
