//! The invited deputy's side: looking at an invitation, and setting a password with it.
//!
//! Tokens travel in the body alone, so that no log of addresses holds one. An unknown token costs its network something; so does a wrong
//! telephone number, and the fifth one revokes the invitation.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::desk_routes::number_fault;
use super::model::{Counts, counts, hinted, read_phone, token_hash};
use super::store::{self, Candidate, Invitation};
use crate::accounts::model::{Grant, Role};
use crate::accounts::rate_limit::{self, Limit};
use crate::accounts::store::own::{self, NewHash};
use crate::accounts::store::people;
use crate::accounts::{hash_new_password, require_good_password, require_own_choice};
use crate::audit::{self, Author, Entry, Outcome};
use crate::http::{Code, JsonBody, Problem, RequestContext};
use crate::ids::AccountId;
use crate::platform::Platform;

/// What one network may get wrong: a hall full of deputies who mistype, and no more.
const BY_NETWORK: Limit = Limit { burst: 60, refill_s: 20 };

/// A token as it stood in the link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "0a1b2c3d4e5f6g7h8j9kamcnep"}))]
pub struct Token {
    token: String,
}

/// Whom an invitation is for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"name": "沈晓岚", "constituency": "清溪镇第一选区", "region": "清溪镇", "phone_hint": "139******01", "joined": false,
    "expires_at": "2026-11-19T09:00:00+08:00"}))]
pub struct InvitationShown {
    pub name: String,
    pub constituency: String,
    pub region: String,
    /// The telephone number without its middle: its owner knows the rest.
    pub phone_hint: String,
    /// Whether it sets a new password for somebody who has joined before.
    pub joined: bool,
    pub expires_at: chrono::DateTime<chrono::FixedOffset>,
}

/// Says whom an invitation is for. Changes nothing.
#[utoipa::path(post, path = "/api/invitations/lookup", tag = "joining", request_body = Token,
    responses((status = 200, body = InvitationShown, description = "It counts, and this is whom it is for")))]
pub async fn look_at_invitation(
    State(platform): State<Platform>,
    context: RequestContext,
    JsonBody(asked): JsonBody<Token>,
) -> Result<Json<InvitationShown>, Problem> {
    let mut tx = platform.pool.begin().await?;
    let (invitation, candidate) = require_invitation(&mut tx, &platform, &context, &asked.token).await?;
    tx.commit().await?;
    let county = platform.county(invitation.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    Ok(Json(InvitationShown {
        name: candidate.name,
        constituency: candidate.constituency,
        region: candidate.region.name,
        phone_hint: candidate.phone.as_deref().map(hinted).unwrap_or_default(),
        joined: candidate.facts.has_password,
        expires_at: county.local(invitation.expires_at),
    }))
}

/// The invitation of a token that counts, and its deputy. The network is asked for a token of its own, which it gets back when it was right.
async fn require_invitation(
    tx: &mut sqlx::Transaction<'static, sqlx::Postgres>,
    platform: &Platform,
    context: &RequestContext,
    token: &str,
) -> Result<(Invitation, Candidate), Problem> {
    let now = platform.clock.now();
    take_turn(tx, context, now).await?;
    let found = match token_hash(token) {
        Some(hash) => store::find_invitation(tx, &hash).await?,
        None => None,
    };
    let Some(invitation) = found else {
        keep_taken(tx, platform).await?;
        return Err(Problem::field(
            "token",
            "unknown",
            "邀请链接不完整或不正确，请重新扫码",
            "The link is not whole or not right; scan the code again",
        ));
    };
    rate_limit::give_back(tx, &bucket(context), BY_NETWORK).await?;
    let again = "请联系发卡的人大工委补发";
    match counts(invitation.used, invitation.revoked, invitation.expires_at, now) {
        Counts::Yes => {}
        Counts::Used => {
            let words = "这份邀请已经使用过。已设置密码的，请直接登录；忘记密码，请联系人大工委补发";
            return Err(Problem::field("token", "used", words, "This invitation has been used. Sign in, or ask for a new one"));
        }
        Counts::Revoked => {
            return Err(Problem::field("token", "revoked", format!("这份邀请已作废，{again}"), "This invitation was revoked; ask for a new one"));
        }
        Counts::Expired => {
            return Err(Problem::field("token", "expired", format!("这份邀请已过期，{again}"), "This invitation has ended; ask for a new one"));
        }
    }
    let everywhere = [String::new()];
    let only = [invitation.deputy_id.0];
    let found = store::list_candidates(tx, invitation.county_id, &everywhere, Some(&only)).await?;
    let candidate = found.into_iter().next().ok_or_else(|| Problem::internal("an invitation without its deputy"))?;
    match candidate.facts.obstacle() {
        Some((code, zh, en)) => Err(Problem::field("token", code, zh, en)),
        None => Ok((invitation, candidate)),
    }
}

fn bucket(context: &RequestContext) -> String {
    format!("invitation {}", context.network())
}

async fn take_turn(connection: &mut PgConnection, context: &RequestContext, now: chrono::DateTime<chrono::Utc>) -> Result<(), Problem> {
    rate_limit::take(connection, &bucket(context), BY_NETWORK, now).await?.map_err(|seconds| {
        Problem::new(Code::TooManyRequests).retry_after(seconds).saying(
            format!("您所在的网络尝试过多，请 {seconds} 秒后再试"),
            format!("Too many attempts from your network; please try again in {seconds} s"),
        )
    })
}

/// Commits what was taken so far and goes on in a new transaction: a refusal must not give it back.
async fn keep_taken(tx: &mut sqlx::Transaction<'static, sqlx::Postgres>, platform: &Platform) -> Result<(), Problem> {
    let next = platform.pool.begin().await?;
    std::mem::replace(tx, next).commit().await?;
    Ok(())
}

/// A password to be set by an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "0a1b2c3d4e5f6g7h8j9kamcnep", "phone": "13900000001", "password": "a long phrase of one's own"}))]
pub struct Joining {
    token: String,
    /// The deputy's whole telephone number, as the working committee has it.
    phone: String,
    password: String,
}

/// What to sign in with from now on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"login": "13900000001"}))]
pub struct Joined {
    pub login: String,
}

/// Sets the password of the deputy whom the invitation is for, and makes their account where there is none. The invitation is spent.
#[utoipa::path(post, path = "/api/invitations/redemption", tag = "joining", request_body = Joining,
    responses((status = 200, body = Joined, description = "The password holds; every session begun before has ended")))]
pub async fn use_invitation(
    State(platform): State<Platform>,
    context: RequestContext,
    JsonBody(joining): JsonBody<Joining>,
) -> Result<Json<Joined>, Problem> {
    let mut tx = platform.pool.begin().await?;
    let (invitation, candidate) = require_invitation(&mut tx, &platform, &context, &joining.token).await?;
    let phone = candidate.phone.clone().unwrap_or_default();
    require_good_password(&platform, &joining.password, &[&phone, &candidate.name])?;
    if read_phone(&joining.phone).as_ref() != Some(&phone) {
        return Err(wrong_phone(tx, &platform, &context, &invitation).await?);
    }
    tx.commit().await?;
    // Hashing takes time and waits for its turn: no transaction is open meanwhile, so everything is looked at again after it.
    let known = candidate.account.as_ref().map(|(account_id, _)| *account_id);
    let hash = hash_new_password(&platform, joining.password.clone(), &[&phone, &candidate.name], known).await?;
    if let Some(account_id) = known {
        require_own_choice(&platform, joining.password, account_id).await?;
    }
    let mut tx = platform.pool.begin().await?;
    let (invitation, candidate) = require_invitation(&mut tx, &platform, &context, &joining.token).await?;
    if candidate.phone.as_ref() != Some(&phone) || !store::set_used(&mut tx, &invitation, platform.clock.now()).await? {
        return Err(Problem::new(Code::Conflict));
    }
    let account_id = open_account(&mut tx, &invitation, &candidate, (&phone, &hash), &platform).await?;
    let author = Author::account(invitation.county_id, account_id, vec![Role::Deputy.as_str().to_owned()], &context);
    let (whose, detail) = (candidate.deputy_id.to_string(), json!({ "invitation": invitation.invitation_id, "again": candidate.facts.has_password }));
    let entry = Entry { action: "invitation.use", object: ("deputy", &whose), outcome: Outcome::Done, detail };
    audit::record(&mut tx, &author, entry, platform.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(Joined { login: phone }))
}

async fn wrong_phone(
    mut tx: sqlx::Transaction<'static, sqlx::Postgres>,
    platform: &Platform,
    context: &RequestContext,
    invitation: &Invitation,
) -> Result<Problem, Problem> {
    let now = platform.clock.now();
    take_turn(&mut tx, context, now).await?;
    let left = store::count_mistake(&mut tx, invitation, now).await?;
    let whose = invitation.deputy_id.to_string();
    let detail = json!({ "invitation": invitation.invitation_id, "left": left });
    let entry = Entry { action: "invitation.use", object: ("deputy", &whose), outcome: Outcome::Refused, detail };
    audit::record(&mut tx, &Author::visitor(Some(invitation.county_id), context), entry, now).await?;
    tx.commit().await?;
    Ok(if left == 0 {
        let words = "手机号码多次不符，这份邀请已作废，请联系人大工委补发";
        Problem::field("token", "revoked", words, "The number was wrong too often: the invitation is revoked; ask for a new one")
    } else {
        Problem::field(
            "phone",
            "wrong",
            format!("与登记的手机号码不符，还可再试 {left} 次。换过号码的，请联系人大工委"),
            format!("This is not the number on record; {left} tries are left. If it changed, tell the working committee"),
        )
    })
}

async fn open_account(
    connection: &mut PgConnection,
    invitation: &Invitation,
    candidate: &Candidate,
    (phone, hash): (&str, &str),
    platform: &Platform,
) -> Result<AccountId, Problem> {
    let county_id = invitation.county_id;
    if let Some((account_id, _)) = &candidate.account {
        let new = NewHash::chosen(platform, hash, platform.clock.now());
        own::set_password(connection, county_id, *account_id, &new, None).await?;
        return Ok(*account_id);
    }
    let now = platform.clock.now();
    let account_id = people::insert_account(connection, county_id, phone, &candidate.name, Some(hash), now).await.map_err(number_fault)?;
    let grant = Grant {
        role: Role::Deputy,
        region_code: candidate.region.code.clone(),
        deputy_id: Some(candidate.deputy_id),
        unit_id: None,
        station_id: None,
    };
    people::insert_grant(connection, county_id, account_id, &grant).await?;
    Ok(account_id)
}
