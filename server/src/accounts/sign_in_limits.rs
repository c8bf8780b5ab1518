//! How often somebody may try to sign in: the sums are in `docs/decisions/0013-limits-of-signing-in.md`.
//!
//! Five wrong passwords for a login lock the place they came from for a quarter of an hour, and nobody else. A network has a budget of
//! wrong passwords over all logins. A login that is being guessed at from many networks makes each of them come back after a minute, so
//! its owner waits a minute and no more. A device on which the account has signed in before is hindered by none of this but its own five.
//! Successes cost nothing.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

use super::rate_limit::{self, Limit};
use super::store::sign_in;
use crate::http::{Code, Problem};
use crate::ids::AccountId;

/// Wrong passwords for a login that lock the place they came from, ...
pub const WRONG_BEFORE_LOCK: i16 = 5;
/// ... and for how long.
pub const LOCK_S: u32 = 15 * 60;
/// Three a minute, after what a hall full of deputies behind one address mistypes.
const BY_NETWORK: Limit = Limit { burst: 60, refill_s: 20 };
/// Used up only by somebody who guesses: then every unknown place has to come back.
const BY_LOGIN: Limit = Limit { burst: 20, refill_s: 180 };
/// How long the owner of a login under attack waits at the most.
const COME_BACK_S: u32 = 60;
const DEVICE_REMEMBERED_DAYS: i64 = 180;

/// How long the browser keeps the device cookie.
pub const DEVICE_REMEMBERED_S: u64 = 180 * 86_400;

/// Who tries to sign in.
#[derive(Debug)]
pub struct Candidate<'a> {
    pub login: &'a str,
    pub network: &'a str,
    /// Hash of the device cookie's token.
    pub device: Option<&'a [u8]>,
}

/// An attempt that may be made, and what it cost.
#[derive(Debug)]
pub struct Attempt {
    login: String,
    place: String,
    taken: Vec<(String, Limit)>,
}

/// Counts an attempt before its password is looked at, so that guesses made at the same moment count too.
pub async fn admit(pool: &PgPool, candidate: &Candidate<'_>, now: DateTime<Utc>) -> Result<Attempt, Problem> {
    let mut tx = pool.begin().await?;
    let remembered_after = now - TimeDelta::days(DEVICE_REMEMBERED_DAYS);
    let known_device = match candidate.device {
        Some(device) if sign_in::is_known_device(&mut tx, device, candidate.login, remembered_after).await? => Some(device),
        _ => None,
    };
    let mut taken = Vec::new();
    let place = match known_device {
        Some(device) => format!("device {}", hex::encode(device)),
        None => {
            if let Err(seconds) = take_by_login(&mut tx, candidate, &mut taken, now).await? {
                // The place is to find its turn when it comes back.
                tx.commit().await?;
                return Err(come_back(seconds));
            }
            let bucket = format!("sign-in {}", candidate.network);
            rate_limit::take(&mut tx, &bucket, BY_NETWORK, now).await?.map_err(network_is_spent)?;
            taken.push((bucket, BY_NETWORK));
            candidate.network.to_owned()
        }
    };
    let counted = sign_in::count_attempt(&mut tx, candidate.login, &place, (WRONG_BEFORE_LOCK, LOCK_S), now).await?;
    counted.map_err(|last_at| locked(last_at, now))?;
    tx.commit().await?;
    Ok(Attempt { login: candidate.login.to_owned(), place, taken })
}

async fn take_by_login(
    tx: &mut PgConnection,
    candidate: &Candidate<'_>,
    taken: &mut Vec<(String, Limit)>,
    now: DateTime<Utc>,
) -> Result<Result<(), u32>, sqlx::Error> {
    let bucket = format!("sign-in as {}", candidate.login);
    if rate_limit::take(tx, &bucket, BY_LOGIN, now).await?.is_ok() {
        taken.push((bucket, BY_LOGIN));
        return Ok(Ok(()));
    }
    let turn = format!("sign-in as {} {}", candidate.login, candidate.network);
    rate_limit::come_back(tx, &turn, COME_BACK_S, now).await
}

/// The password was right: the attempt cost nothing, and earlier wrong ones from the same place are forgotten.
pub async fn settle(connection: &mut PgConnection, attempt: &Attempt) -> Result<(), sqlx::Error> {
    sign_in::forget_attempts(connection, &attempt.login, &attempt.place).await?;
    for (bucket, limit) in &attempt.taken {
        rate_limit::give_back(connection, bucket, *limit).await?;
    }
    Ok(())
}

/// Remembers the device. Returns the new token that it is to keep, or nothing when `held`, the hash of its own, is one of ours.
pub async fn remember_device(
    connection: &mut PgConnection,
    held: Option<&[u8]>,
    fresh: (&str, &[u8]),
    account_id: AccountId,
    now: DateTime<Utc>,
) -> Result<Option<String>, sqlx::Error> {
    let (fresh_token, fresh_hash) = fresh;
    // Only a token made here is taken on: one that somebody else put into the browser would be known to them.
    let (hash, given) = match held {
        Some(held) if sign_in::is_own_device(connection, held).await? => (held, None),
        _ => (fresh_hash, Some(fresh_token.to_owned())),
    };
    sign_in::remember_device(connection, hash, account_id, now).await?;
    Ok(given)
}

/// Forgets what no longer counts.
pub async fn sweep(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let (unused_since, tried_before) = (now - TimeDelta::days(DEVICE_REMEMBERED_DAYS), now - TimeDelta::seconds(i64::from(LOCK_S)));
    sign_in::sweep(connection, unused_since, tried_before).await
}

fn locked(last_at: DateTime<Utc>, now: DateTime<Utc>) -> Problem {
    let left = i64::from(LOCK_S) - (now - last_at).num_seconds();
    let seconds = u32::try_from(left).unwrap_or(1).max(1);
    let minutes = seconds.div_ceil(60);
    Problem::new(Code::TooManyRequests).retry_after(seconds).saying(
        format!("密码连续输错 {WRONG_BEFORE_LOCK} 次，此处暂停登录，请 {minutes} 分钟后再试"),
        format!("Five wrong passwords: signing in from here is locked; please try again in {minutes} min"),
    )
}

fn network_is_spent(seconds: u32) -> Problem {
    Problem::new(Code::TooManyRequests).retry_after(seconds).saying(
        format!("您所在的网络登录尝试过多，请 {seconds} 秒后再试"),
        format!("Too many attempts to sign in from your network; please try again in {seconds} s"),
    )
}

fn come_back(seconds: u32) -> Problem {
    Problem::new(Code::TooManyRequests).retry_after(seconds).saying(
        format!("有人正在反复尝试登录这个账号。请 {seconds} 秒后再登录，届时会为您放行"),
        format!("Somebody keeps trying to sign in to this account. Please sign in again in {seconds} s; you will be let through then"),
    )
}
