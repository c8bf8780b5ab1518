//! One's own mail address: given, confirmed by a code sent to it, taken back. The address that holds goes on holding until another is confirmed.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::mailer::{Mailer, read_address};
use super::message;
use super::store::addresses;
use crate::accounts::rate_limit::{self, Limit};
use crate::accounts::{Act, Begun, Intent, JsonOf, passwords};
use crate::http::{Code, Problem};
use crate::ids::{AccountId, CountyId};
use crate::platform::Platform;

const CODE_LIFE_S: i64 = 1800;
const PAUSE_S: i32 = 60;
/// One code a minute for an account, and about eight a day.
const BY_ACCOUNT: Limit = Limit { burst: 1, refill_s: PAUSE_S };
const BY_ACCOUNT_AND_DAY: Limit = Limit { burst: 4, refill_s: 6 * 3600 };
/// Codes to one address, whoever asks: nobody's mailbox is filled from here.
const BY_ADDRESS: Limit = Limit { burst: 3, refill_s: 8 * 3600 };

/// A mail address of one's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"address": "shen.xl@example.org"}))]
pub struct NewAddress {
    address: String,
}

/// What happens next.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"valid_for_s": 1800, "again_after_s": 60}))]
pub struct MailCodeOnItsWay {
    pub valid_for_s: i64,
    pub again_after_s: i32,
}

/// Sends a code to a mail address of one's own.
#[utoipa::path(post, path = "/api/me/mail-address", tag = "notices", request_body = NewAddress,
    responses((status = 202, body = MailCodeOnItsWay, description = "A code is on its way")))]
pub async fn give_address(intent: Intent<JsonOf<NewAddress>>) -> Result<Response, Problem> {
    let (JsonOf(body), intent) = intent.take_body();
    let platform = intent.platform.clone();
    let closed = || Problem::new(Code::Conflict).saying("这里没有开通邮件通知", "No mails are sent here");
    let mailer = Mailer::open(&platform.settings).map_err(Problem::internal)?.ok_or_else(closed)?;
    let unreadable =
        || Problem::field("address", "unreadable", "请填写一个邮箱地址，如 name@example.org", "A mail address is expected, such as name@example.org");
    let address = read_address(&body.address).ok_or_else(unreadable)?;
    let code = format!("{:06}", u64::from_be_bytes(platform.chance.bytes()) % 1_000_000);
    let hash = passwords::hash(code.clone(), platform.settings.password_memory_kib).await.map_err(Problem::internal)?;
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    let owner = (act.actor.county_id, act.actor.account_id);
    let buckets = [
        (format!("mail code of {} today", owner.1), BY_ACCOUNT_AND_DAY),
        (format!("mail code of {}", owner.1), BY_ACCOUNT),
        (format!("mail code to {address}"), BY_ADDRESS),
    ];
    for (bucket, limit) in buckets {
        if let Err(seconds) = rate_limit::take(&mut act.tx, &bucket, limit, act.now).await? {
            let (zh, en) = (format!("操作太频繁，请 {seconds} 秒后再试"), format!("Too often; please try again in {seconds} s"));
            return Err(Problem::new(Code::TooManyRequests).retry_after(seconds).saying(zh, en));
        }
    }
    addresses::keep_pending(&mut act.tx, owner, (&address, &hash), act.now + TimeDelta::seconds(CODE_LIFE_S)).await?;
    act.audit("mail_address.give", ("account", &owner.1.to_string()), json!({})).await?;
    let (letter, id) = (message::confirmation(&act.county.name, &code), platform.chance.uuid(act.now).to_string());
    let answer = act.done(StatusCode::ACCEPTED, &MailCodeOnItsWay { valid_for_s: CODE_LIFE_S, again_after_s: PAUSE_S }).await?;
    // The code must not wait in a queue: it lies nowhere but in this message.
    tokio::spawn(async move {
        if let Err(fault) = mailer.send(&id, &address, letter).await {
            tracing::warn!(fault = fault.code, "a code for a mail address did not get through");
        }
    });
    Ok(answer)
}

/// The code from the mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "042137"}))]
pub struct MailCode {
    /// Six digits.
    code: String,
}

/// Confirms one's mail address by the code that was sent to it last.
#[utoipa::path(post, path = "/api/me/mail-address/confirmation", tag = "notices", request_body = MailCode,
    responses((status = 204, description = "Notices go to this address from now on")))]
pub async fn confirm_address(intent: Intent<JsonOf<MailCode>>) -> Result<Response, Problem> {
    let (JsonOf(body), intent) = intent.take_body();
    let platform = intent.platform.clone();
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    let owner = (act.actor.county_id, act.actor.account_id);
    let hash = right_code(&platform, owner, &body.code, act.now).await?;
    if !addresses::confirm(&mut act.tx, owner, &hash).await? {
        return Err(wrong_code());
    }
    act.audit("mail_address.confirm", ("account", &owner.1.to_string()), json!({})).await?;
    act.done_without_answer().await
}

/// The hash of the code, when it is the right one. A try counts whatever becomes of the call.
async fn right_code(platform: &Platform, owner: (CountyId, AccountId), typed: &str, now: DateTime<Utc>) -> Result<String, Problem> {
    let hash = {
        let mut connection = platform.pool.acquire().await?;
        addresses::count_try(&mut connection, owner, now).await?.ok_or_else(wrong_code)?
    };
    let typed: String = typed.chars().filter(|character| !character.is_whitespace()).take(16).collect();
    let verdict = passwords::verify(typed, Some(hash.clone()), platform.settings.password_memory_kib).await.map_err(Problem::internal)?;
    if verdict == passwords::Verdict::Wrong { Err(wrong_code()) } else { Ok(hash) }
}

fn wrong_code() -> Problem {
    let words = "验证码不正确或已失效，请核对，或重新获取";
    Problem::field("code", "wrong", words, "The code is wrong or counts no more; check it, or ask for another")
}

/// Takes one's mail address back. Repeating it changes nothing.
#[utoipa::path(delete, path = "/api/me/mail-address", tag = "notices",
    responses((status = 204, description = "Nothing is sent by mail any more")))]
pub async fn remove_address(mut act: Act<()>) -> Result<Response, Problem> {
    let owner = (act.actor.county_id, act.actor.account_id);
    let was_there = addresses::remove(&mut act.tx, owner).await?;
    act.audit("mail_address.remove", ("account", &owner.1.to_string()), json!({ "was_there": was_there })).await?;
    act.done_without_answer().await
}
