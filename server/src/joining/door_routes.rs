//! The invited person's side: looking at an invitation, and setting a password with it.
//!
//! Tokens travel in the body alone, so that no log of addresses holds one. An unknown token costs its network something; so does a wrong
//! telephone number or login, and the fifth one revokes the invitation.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::desk_routes::number_fault;
use super::guest::Guest;
use super::model::{Counts, Proof, counts, token_hash};
use super::store::{self, Candidate, Invitation, Whose};
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
#[schema(example = json!({"name": "沈晓岚", "constituency": "清溪镇第一选区", "region": "清溪镇", "for_account": false, "asks_for": "phone",
    "phone_hint": "139******01", "joined": false, "expires_at": "2026-11-19T09:00:00+08:00"}))]
pub struct InvitationShown {
    pub name: String,
    /// Of a deputy; empty for an account.
    pub constituency: String,
    /// A deputy's township; an account's unit, station or place.
    pub region: String,
    /// Whether it leads to the desk, into an account that is no deputy's alone.
    pub for_account: bool,
    /// What must be known beside the card.
    pub asks_for: Proof,
    /// The telephone number without its middle, where it is asked for: its owner knows the rest.
    pub phone_hint: Option<String>,
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
    let (invitation, guest) = require_invitation(&mut tx, &platform, &context, &asked.token).await?;
    tx.commit().await?;
    let county = platform.county(invitation.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    Ok(Json(InvitationShown {
        name: guest.name().to_owned(),
        constituency: guest.constituency().to_owned(),
        region: guest.place().to_owned(),
        for_account: matches!(guest, Guest::Account(_)),
        asks_for: invitation.asks_for,
        phone_hint: guest.phone_hint(invitation.asks_for),
        joined: guest.has_password(),
        expires_at: county.local(invitation.expires_at),
    }))
}

/// The invitation of a token that counts, and whom it is for. The network is asked for a token of its own, which it gets back when it was right.
async fn require_invitation(
    tx: &mut sqlx::Transaction<'static, sqlx::Postgres>,
    platform: &Platform,
    context: &RequestContext,
    token: &str,
) -> Result<(Invitation, Guest), Problem> {
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
    let again = ask_for_another(invitation.whose);
    match counts(invitation.used, invitation.revoked, invitation.expires_at, now) {
        Counts::Yes => {}
        Counts::Used => {
            let words = format!("这份邀请已经使用过。已设置密码的，请直接登录；忘记密码，{again}");
            return Err(Problem::field("token", "used", words, "This invitation has been used. Sign in, or ask for a new one"));
        }
        Counts::Revoked => {
            return Err(Problem::field("token", "revoked", format!("这份邀请已作废，{again}"), "This invitation was revoked; ask for a new one"));
        }
        Counts::Expired => {
            return Err(Problem::field("token", "expired", format!("这份邀请已过期，{again}"), "This invitation has ended; ask for a new one"));
        }
    }
    let guest = Guest::of(tx, &invitation).await?.ok_or_else(|| Problem::internal("an invitation for nobody"))?;
    match guest.obstacle(invitation.asks_for) {
        Some((code, zh, en)) => Err(Problem::field("token", code, zh, en)),
        None => Ok((invitation, guest)),
    }
}

/// Who makes another one.
fn ask_for_another(whose: Whose) -> &'static str {
    match whose {
        Whose::Deputy(_) => "请联系发卡的人大工委补发",
        Whose::Account(_) => "请联系发卡的系统管理员补发",
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
    /// The whole telephone number on record, where the invitation asks for it.
    phone: Option<String>,
    /// The account's login, where the invitation asks for that.
    login: Option<String>,
    password: String,
}

/// What to sign in with from now on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"login": "13900000001"}))]
pub struct Joined {
    pub login: String,
}

/// Sets the password of whom the invitation is for, and makes a deputy's account where there is none. The invitation is spent.
#[utoipa::path(post, path = "/api/invitations/redemption", tag = "joining", request_body = Joining,
    responses((status = 200, body = Joined, description = "The password holds; every session begun before has ended")))]
pub async fn use_invitation(
    State(platform): State<Platform>,
    context: RequestContext,
    JsonBody(joining): JsonBody<Joining>,
) -> Result<Json<Joined>, Problem> {
    let mut tx = platform.pool.begin().await?;
    let (invitation, guest) = require_invitation(&mut tx, &platform, &context, &joining.token).await?;
    require_good_password(&platform, &joining.password, &guest.own_words())?;
    let secret = guest.secret(invitation.asks_for).unwrap_or_default().to_owned();
    if secret.is_empty() || invitation.asks_for.read(typed(&joining, invitation.asks_for)?).as_ref() != Some(&secret) {
        return Err(wrong_proof(tx, &platform, &context, &invitation).await?);
    }
    tx.commit().await?;
    // Hashing takes time and waits for its turn: no transaction is open meanwhile, so everything is looked at again after it.
    let known = guest.account_id();
    let hash = hash_new_password(&platform, joining.password.clone(), &guest.own_words(), known).await?;
    if let Some(account_id) = known {
        require_own_choice(&platform, joining.password, account_id).await?;
    }
    let mut tx = platform.pool.begin().await?;
    let (invitation, guest) = require_invitation(&mut tx, &platform, &context, &joining.token).await?;
    if guest.secret(invitation.asks_for) != Some(secret.as_str()) || !store::set_used(&mut tx, &invitation, platform.clock.now()).await? {
        return Err(Problem::new(Code::Conflict));
    }
    let account_id = open_account(&mut tx, &invitation, &guest, &hash, &platform).await?;
    let author = Author::account(invitation.county_id, account_id, guest.roles(), &context);
    let ((kind, whose), detail) = (invitation.whose.object(), json!({ "invitation": invitation.invitation_id, "again": guest.has_password() }));
    let entry = Entry { action: "invitation.use", object: (kind, &whose), outcome: Outcome::Done, detail };
    audit::record(&mut tx, &author, entry, platform.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(Joined { login: guest.login().to_owned() }))
}

/// What was typed for what the invitation asks for. Leaving it out is no guess.
fn typed(joining: &Joining, asks_for: Proof) -> Result<&str, Problem> {
    let (text, missing) = match asks_for {
        Proof::Phone => (&joining.phone, ("phone", "请填写手机号码", "The telephone number is missing")),
        Proof::Login => (&joining.login, ("login", "请填写账号名", "The login is missing")),
    };
    text.as_deref().ok_or_else(|| Problem::field(missing.0, "required", missing.1, missing.2))
}

async fn wrong_proof(
    mut tx: sqlx::Transaction<'static, sqlx::Postgres>,
    platform: &Platform,
    context: &RequestContext,
    invitation: &Invitation,
) -> Result<Problem, Problem> {
    let now = platform.clock.now();
    take_turn(&mut tx, context, now).await?;
    let left = store::count_mistake(&mut tx, invitation, now).await?;
    let (kind, whose) = invitation.whose.object();
    let detail = json!({ "invitation": invitation.invitation_id, "left": left });
    let entry = Entry { action: "invitation.use", object: (kind, &whose), outcome: Outcome::Refused, detail };
    audit::record(&mut tx, &Author::visitor(Some(invitation.county_id), context), entry, now).await?;
    tx.commit().await?;
    let again = ask_for_another(invitation.whose);
    Ok(match (invitation.asks_for, left) {
        (Proof::Phone, 0) => {
            let words = format!("手机号码多次不符，这份邀请已作废，{again}");
            Problem::field("token", "revoked", words, "The number was wrong too often: the invitation is revoked; ask for a new one")
        }
        (Proof::Login, 0) => {
            let words = format!("账号名多次不符，这份邀请已作废，{again}");
            Problem::field("token", "revoked", words, "The login was wrong too often: the invitation is revoked; ask for a new one")
        }
        (Proof::Phone, _) => {
            let office = if matches!(invitation.whose, Whose::Deputy(_)) { "人大工委" } else { "系统管理员" };
            Problem::field(
                "phone",
                "wrong",
                format!("与登记的手机号码不符，还可再试 {left} 次。换过号码的，请联系{office}"),
                format!("This is not the number on record; {left} tries are left. If it changed, tell whoever gave you the card"),
            )
        }
        (Proof::Login, _) => Problem::field(
            "login",
            "wrong",
            format!("与账号名不符，还可再试 {left} 次。不知道账号名的，请问系统管理员"),
            format!("This is not the login; {left} tries are left. If you do not know it, ask the administrator"),
        ),
    })
}

async fn open_account(
    connection: &mut PgConnection,
    invitation: &Invitation,
    guest: &Guest,
    hash: &str,
    platform: &Platform,
) -> Result<AccountId, Problem> {
    let (county_id, now) = (invitation.county_id, platform.clock.now());
    match (guest.account_id(), guest) {
        (Some(account_id), _) => {
            let new = NewHash::chosen(platform, hash, now);
            own::set_password(connection, county_id, account_id, &new, None).await?;
            Ok(account_id)
        }
        (None, Guest::Deputy(candidate)) => make_account(connection, invitation, candidate, (guest.login(), hash), now).await,
        (None, Guest::Account(_)) => Err(Problem::internal("an account without itself")),
    }
}

async fn make_account(
    connection: &mut PgConnection,
    invitation: &Invitation,
    candidate: &Candidate,
    (phone, hash): (&str, &str),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<AccountId, Problem> {
    let county_id = invitation.county_id;
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
