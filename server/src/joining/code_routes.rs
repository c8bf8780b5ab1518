//! A forgotten password, set anew by a code sent to the deputy's telephone.
//!
//! Whether a number belongs to anybody can be told neither from the answers nor from their time: they are the same for every number, limits
//! count for every number, and who is written to is found after the answer.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::gateway;
use super::model::{CODE_LIFE_S, code_of, read_phone};
use super::store::codes;
use crate::accounts::rate_limit::{self, Limit};
use crate::accounts::store::own::{self, NewHash};
use crate::accounts::{Role, hash_new_password, passwords, require_good_password, require_own_choice};
use crate::audit::{self, Author, Entry, Outcome};
use crate::http::{Code, JsonBody, Problem, RequestContext};
use crate::platform::Platform;

/// Seconds between two codes to one telephone.
const PAUSE_S: i32 = 60;
/// One code a minute to a telephone, ...
const BY_PHONE: Limit = Limit { burst: 1, refill_s: PAUSE_S };
/// ... and about eight in a day.
const BY_PHONE_AND_DAY: Limit = Limit { burst: 4, refill_s: 6 * 3600 };
/// Codes that one network may ask for.
const BY_NETWORK: Limit = Limit { burst: 20, refill_s: 120 };
/// Codes that may be tried for one telephone, whether it belongs to anybody or not.
const TRIES_BY_PHONE: Limit = Limit { burst: 10, refill_s: 360 };
/// Codes that one network may try.
const TRIES_BY_NETWORK: Limit = Limit { burst: 30, refill_s: 60 };

/// Whether codes are sent here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"sent": true}))]
pub struct CodesSent {
    pub sent: bool,
}

/// Whether a forgotten password can be set anew by a code sent to the telephone.
#[utoipa::path(get, path = "/api/password-codes", tag = "joining",
    responses((status = 200, body = CodesSent, description = "Whether a gateway is configured")))]
pub async fn are_codes_sent(State(platform): State<Platform>) -> Json<CodesSent> {
    Json(CodesSent { sent: platform.settings.sms_url.is_some() })
}

/// Where to send a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "13900000001"}))]
pub struct Forgotten {
    phone: String,
}

/// What happens next, if the number belongs to a deputy who has joined.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"valid_for_s": 600, "again_after_s": 60}))]
pub struct CodeOnItsWay {
    pub valid_for_s: i64,
    pub again_after_s: i32,
}

/// Sends a code to a deputy's telephone. The answer is the same for every number.
#[utoipa::path(post, path = "/api/password-codes", tag = "joining", request_body = Forgotten,
    responses((status = 202, body = CodeOnItsWay, description = "A code is on its way if the number belongs to a deputy who has joined")))]
pub async fn send_code(
    State(platform): State<Platform>,
    context: RequestContext,
    JsonBody(forgotten): JsonBody<Forgotten>,
) -> Result<Response, Problem> {
    require_gateway(&platform)?;
    let phone = require_phone(&forgotten.phone)?;
    let mut tx = platform.pool.begin().await?;
    let buckets = [
        (format!("code from {}", context.network()), BY_NETWORK),
        (format!("code to {phone} today"), BY_PHONE_AND_DAY),
        (format!("code to {phone}"), BY_PHONE),
    ];
    take(&mut tx, &platform, &buckets).await?;
    tx.commit().await?;
    let (author_context, to) = (context, platform.clone());
    tokio::spawn(async move {
        if let Err(error) = send_in_quiet(&to, &author_context, &phone).await {
            tracing::error!(%error, "a code could not be sent");
        }
    });
    Ok((StatusCode::ACCEPTED, Json(CodeOnItsWay { valid_for_s: CODE_LIFE_S, again_after_s: PAUSE_S })).into_response())
}

fn require_gateway(platform: &Platform) -> Result<(), Problem> {
    match platform.settings.sms_url {
        Some(_) => Ok(()),
        None => {
            let words = "这里没有开通短信验证码，请联系人大工委补发邀请";
            Err(Problem::new(Code::Conflict).saying(words, "No codes are sent here: ask the working committee for an invitation"))
        }
    }
}

fn require_phone(text: &str) -> Result<String, Problem> {
    read_phone(text).ok_or_else(|| Problem::field("phone", "unreadable", "请填写 11 位手机号码", "A mobile number of 11 digits is expected"))
}

async fn take(connection: &mut sqlx::PgConnection, platform: &Platform, buckets: &[(String, Limit)]) -> Result<(), Problem> {
    for (bucket, limit) in buckets {
        if let Err(seconds) = rate_limit::take(connection, bucket, *limit, platform.clock.now()).await? {
            let minutes = seconds.div_ceil(60);
            let (zh, en) = if seconds <= 90 {
                (format!("{seconds} 秒"), format!("{seconds} s"))
            } else {
                (format!("{minutes} 分钟"), format!("{minutes} min"))
            };
            let problem = Problem::new(Code::TooManyRequests).retry_after(seconds);
            return Err(problem.saying(format!("操作太频繁，请 {zh}后再试"), format!("Too often; please try again in {en}")));
        }
    }
    Ok(())
}

/// Finds out who is meant, and writes to them. Nobody is told how it ended but the log.
async fn send_in_quiet(platform: &Platform, context: &RequestContext, phone: &str) -> anyhow::Result<()> {
    let now = platform.clock.now();
    let mut tx = platform.pool.begin().await?;
    let Some(to) = codes::find_reachable(&mut tx, platform.served, phone).await? else { return Ok(()) };
    let most = i32::try_from(platform.settings.sms_per_day.max(1)).unwrap_or(i32::MAX);
    let by_day = Limit { burst: most, refill_s: (86_400 / most).max(1) };
    if rate_limit::take(&mut tx, "codes of a day", by_day, now).await?.is_err() {
        anyhow::bail!("the day's short messages (setting sms_per_day) are spent");
    }
    tx.commit().await?;
    // Neither hashing nor the gateway keeps a transaction waiting.
    let code = code_of(platform.chance.bytes());
    let hash = passwords::hash(code.clone(), platform.settings.password_memory_kib).await?;
    let mut connection = platform.pool.acquire().await?;
    codes::keep_code(&mut connection, &to, &hash, now + TimeDelta::seconds(CODE_LIFE_S)).await?;
    drop(connection);
    let sent = gateway::send(&platform.settings, phone, &code).await;
    let (account, outcome) = (to.account_id.to_string(), if sent.is_ok() { Outcome::Done } else { Outcome::Refused });
    let entry = Entry { action: "password_code.send", object: ("account", &account), outcome, detail: json!({}) };
    let mut connection = platform.pool.acquire().await?;
    audit::record(&mut connection, &Author::visitor(Some(to.county_id), context), entry, platform.clock.now()).await?;
    sent
}

/// A password to be set by a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "13900000001", "code": "042137", "password": "a long phrase of one's own"}))]
pub struct CodeUsed {
    phone: String,
    /// Six digits.
    code: String,
    password: String,
}

/// Sets a new password by the code that was sent last. The code is spent, and every session begun before has ended.
#[utoipa::path(post, path = "/api/password-codes/redemption", tag = "joining", request_body = CodeUsed,
    responses((status = 204, description = "The new password holds")))]
pub async fn use_code(State(platform): State<Platform>, context: RequestContext, JsonBody(used): JsonBody<CodeUsed>) -> Result<StatusCode, Problem> {
    require_gateway(&platform)?;
    let phone = require_phone(&used.phone)?;
    require_good_password(&platform, &used.password, &[&phone])?;
    let mut tx = platform.pool.begin().await?;
    let buckets = [(format!("code tried from {}", context.network()), TRIES_BY_NETWORK), (format!("code tried for {phone}"), TRIES_BY_PHONE)];
    take(&mut tx, &platform, &buckets).await?;
    let to = codes::find_reachable(&mut tx, platform.served, &phone).await?;
    let stored = match &to {
        Some(to) => codes::count_try(&mut tx, to.account_id, platform.clock.now()).await?,
        None => None,
    };
    tx.commit().await?;
    let memory = platform.settings.password_memory_kib;
    let typed: String = used.code.chars().filter(|character| !character.is_whitespace()).take(16).collect();
    let verdict = passwords::verify(typed, stored.clone(), memory).await.map_err(Problem::internal)?;
    let (Some(to), Some(stored), true) = (&to, stored, verdict != passwords::Verdict::Wrong) else {
        record_wrong(&platform, &context, to.as_ref()).await?;
        return Err(wrong_code());
    };
    let hash = hash_new_password(&platform, used.password.clone(), &[&phone], Some(to.account_id)).await?;
    require_own_choice(&platform, used.password, to.account_id).await?;
    let mut tx = platform.pool.begin().await?;
    if !codes::remove_code(&mut tx, to.account_id, &stored).await? {
        return Err(wrong_code());
    }
    let new = NewHash::chosen(&platform, &hash, platform.clock.now());
    own::set_password(&mut tx, to.county_id, to.account_id, &new, None).await?;
    let author = Author::account(to.county_id, to.account_id, vec![Role::Deputy.as_str().to_owned()], &context);
    let account = to.account_id.to_string();
    let entry = Entry { action: "password_code.use", object: ("account", &account), outcome: Outcome::Done, detail: json!({}) };
    audit::record(&mut tx, &author, entry, platform.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn record_wrong(platform: &Platform, context: &RequestContext, to: Option<&codes::Reachable>) -> Result<(), Problem> {
    let mut connection = platform.pool.acquire().await?;
    let account = to.map(|to| to.account_id.to_string()).unwrap_or_default();
    let author = Author::visitor(to.map(|to| to.county_id), context);
    let entry = Entry { action: "password_code.use", object: ("account", &account), outcome: Outcome::Refused, detail: json!({}) };
    audit::record(&mut connection, &author, entry, platform.clock.now()).await?;
    Ok(())
}

fn wrong_code() -> Problem {
    let words = "验证码不正确或已失效，请核对，或重新获取";
    Problem::field("code", "wrong", words, "The code is wrong or counts no more; check it, or ask for another")
}
