//! A second factor begun, shown and asked for: what signing in and one's own page have in common.
//!
//! Codes that may be tried are limited by account: whoever knows the password and guesses on spends a budget of their own, and does not hinder
//! the owner's known devices, which have another.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::rate_limit::{self, Limit};
use super::sealing::Seal;
use super::second_factor::{self, RECOVERY_CODES, SECRET_BYTES, Typed};
use super::store::{factors, sign_in};
use crate::http::{Code, Problem};
use crate::ids::AccountId;
use crate::platform::Platform;
use crate::qr_code::QrCode;

/// Ten codes at once and one more in half an hour: a year of guessing by somebody who knows the password has one chance in twenty.
const TRIES: Limit = Limit { burst: 10, refill_s: 1800 };

/// A secret to be taken into an authenticator app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"secret": "JBSW Y3DP EHPK 3PXP", "address": "otpauth://totp/…", "qr": {"side": 37, "path": "M4 4h7v1h-7z"}}))]
pub struct NewFactor {
    /// To be typed where no code can be scanned.
    pub secret: String,
    /// What the QR code says.
    pub address: String,
    pub qr: QrCode,
}

/// A code from the app, or a recovery code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "287082"}))]
pub struct GivenCode {
    pub code: String,
}

/// Codes for the day on which the telephone is gone. They are told once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"recovery_codes": ["1b3d-5f7h-9k2m-4p6r"]}))]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

/// What a code was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    ByCode,
    /// So many are left.
    ByRecoveryCode(i64),
    Wrong,
}

/// Makes a secret and keeps it until a code has shown that the app knows it.
pub async fn begin(connection: &mut PgConnection, platform: &Platform, (account_id, login): (AccountId, &str)) -> Result<NewFactor, Problem> {
    let secret: [u8; SECRET_BYTES] = platform.chance.bytes();
    let seal = Seal::open(platform).map_err(Problem::internal)?;
    let sealed = seal.seal(&platform.chance, account_id, &secret).map_err(Problem::internal)?;
    if !factors::begin_factor(connection, account_id, &sealed, platform.clock.now()).await? {
        return Err(Problem::new(Code::Conflict).saying("已经开启了两步验证", "There is a second factor already"));
    }
    let issuer = format!("{}民生地图", platform.served_county().name);
    let address = second_factor::address(&issuer, login, &secret);
    let qr = QrCode::of(&address).map_err(Problem::internal)?;
    Ok(NewFactor { secret: second_factor::secret_words(&secret), address, qr })
}

/// Takes the first code of a factor that was begun. From now on it is asked for; the recovery codes are told this once.
pub async fn confirm(connection: &mut PgConnection, platform: &Platform, account_id: AccountId, typed: &str) -> Result<Option<Vec<String>>, Problem> {
    let now = platform.clock.now();
    let stored = factors::lock_factor(connection, account_id).await?.filter(|stored| stored.confirmed_at.is_none());
    let stored = stored.ok_or_else(|| Problem::new(Code::Conflict).saying("请先扫描二维码", "Scan the code first"))?;
    let secret = unseal(platform, account_id, &stored.sealed_secret)?;
    let Some(Typed::Code(code)) = second_factor::read_typed(typed) else { return Ok(None) };
    let Some(step) = second_factor::matching_step(&secret, &code, now.timestamp(), 0) else { return Ok(None) };
    factors::confirm_factor(connection, account_id, step, now).await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| second_factor::recovery_code(platform.chance.bytes())).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| second_factor::recovery_hash(&code.replace('-', ""))).collect();
    factors::replace_recovery_codes(connection, account_id, &hashes).await?;
    Ok(Some(codes))
}

/// Holds what was typed against the account's factor, and spends it.
pub async fn show(connection: &mut PgConnection, platform: &Platform, account_id: AccountId, typed: &str) -> Result<Shown, Problem> {
    let now = platform.clock.now();
    let Some(stored) = factors::lock_factor(connection, account_id).await?.filter(|stored| stored.confirmed_at.is_some()) else {
        return Ok(Shown::Wrong);
    };
    match second_factor::read_typed(typed) {
        Some(Typed::Code(code)) => {
            let secret = unseal(platform, account_id, &stored.sealed_secret)?;
            let Some(step) = second_factor::matching_step(&secret, &code, now.timestamp(), stored.last_step) else { return Ok(Shown::Wrong) };
            factors::set_last_step(connection, account_id, step).await?;
            Ok(Shown::ByCode)
        }
        Some(Typed::Recovery(letters)) => {
            let hash = second_factor::recovery_hash(&letters);
            if !factors::use_recovery_code(connection, account_id, &hash, now).await? {
                return Ok(Shown::Wrong);
            }
            Ok(Shown::ByRecoveryCode(factors::find_standing(connection, account_id).await?.1))
        }
        None => Ok(Shown::Wrong),
    }
}

fn unseal(platform: &Platform, account_id: AccountId, sealed: &[u8]) -> Result<Vec<u8>, Problem> {
    let seal = Seal::open(platform).map_err(Problem::internal)?;
    seal.unseal(account_id, sealed).ok_or_else(|| {
        tracing::error!(%account_id, "a second factor was sealed with another key than second_factor_key or second-factor.key holds now");
        let zh = "服务器不能读取两步验证的密钥，请联系安全管理员重置";
        Problem::new(Code::Conflict).saying(zh, "The server cannot read this second factor; ask the security administrator to reset it")
    })
}

/// The budget of codes that this browser may try for this account.
pub async fn bucket(
    connection: &mut PgConnection,
    (account_id, login): (AccountId, &str),
    device: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<String, sqlx::Error> {
    let known = match device {
        Some(device) if sign_in::is_known_device(connection, device, login, now - chrono::TimeDelta::days(180)).await? => hex::encode(device),
        _ => "strangers".to_owned(),
    };
    Ok(format!("code of {account_id} {known}"))
}

/// Takes one try.
pub async fn take_try(connection: &mut PgConnection, bucket: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    rate_limit::take(connection, bucket, TRIES, now).await?.map_err(|seconds| {
        let minutes = seconds.div_ceil(60);
        Problem::new(Code::TooManyRequests)
            .retry_after(seconds)
            .saying(format!("验证码输错太多，请 {minutes} 分钟后再试"), format!("Too many wrong codes; please try again in {minutes} min"))
    })
}

/// Gives back the try of a code that was right.
pub async fn give_back(connection: &mut PgConnection, bucket: &str) -> Result<(), sqlx::Error> {
    rate_limit::give_back(connection, bucket, TRIES).await
}

/// The code was not one that counts.
pub fn wrong_code() -> Problem {
    let zh = "验证码不对，或已经用过。请核对手机时间，等下一个验证码再试";
    Problem::field("code", "wrong", zh, "The code is wrong or was used. Check the phone's clock and try the next one")
}
