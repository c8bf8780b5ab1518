//! All SQL of attempts to sign in and of the devices that an account has signed in from.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::ids::AccountId;

/// The login of the deputy with this telephone number, unless the number is itself a login.
pub async fn find_login_of_phone(connection: &mut PgConnection, phone: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select login from deputies join grants using (county_id, deputy_id) join accounts using (account_id)
         where phone = $1 and not exists (select from accounts known where known.login = $1) order by account_id limit 1",
        phone
    )
    .fetch_optional(connection)
    .await
}

/// Counts one more attempt from `place`. `Err` carries the instant of the last one when there were `most` already, none of them older
/// than `memory_s`; such an attempt is not counted.
pub async fn count_attempt(
    connection: &mut PgConnection,
    login: &str,
    place: &str,
    (most, memory_s): (i16, u32),
    now: DateTime<Utc>,
) -> Result<Result<(), DateTime<Utc>>, sqlx::Error> {
    let forgotten_before = now - TimeDelta::seconds(i64::from(memory_s));
    let counted = sqlx::query_scalar!(
        "insert into sign_in_attempts as known (login, place, attempts, last_at) values ($1, $2, 1, $3)
         on conflict (login, place) do update
         set attempts = case when known.last_at <= $4 then 1 else known.attempts + 1 end, last_at = $3
         where known.attempts < $5 or known.last_at <= $4
         returning attempts",
        login,
        place,
        now,
        forgotten_before,
        most
    )
    .fetch_optional(&mut *connection)
    .await?;
    if counted.is_some() {
        return Ok(Ok(()));
    }
    let last_at =
        sqlx::query_scalar!("select last_at from sign_in_attempts where login = $1 and place = $2", login, place).fetch_optional(connection).await?;
    Ok(Err(last_at.unwrap_or(now)))
}

/// Forgets the attempts from `place`, because one succeeded.
pub async fn forget_attempts(connection: &mut PgConnection, login: &str, place: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sign_in_attempts where login = $1 and place = $2", login, place).execute(connection).await?;
    Ok(())
}

/// Whether somebody has signed in as `login` on this device since `after`.
pub async fn is_known_device(connection: &mut PgConnection, token_hash: &[u8], login: &str, after: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from known_devices join accounts using (account_id)
                          where token_hash = $1 and login = $2 and last_used_at > $3) as "known!""#,
        token_hash,
        login,
        after
    )
    .fetch_one(connection)
    .await
}

/// Whether anybody at all has signed in on this device.
pub async fn is_own_device(connection: &mut PgConnection, token_hash: &[u8]) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select from known_devices where token_hash = $1) as "known!""#, token_hash).fetch_one(connection).await
}

pub async fn remember_device(connection: &mut PgConnection, token_hash: &[u8], account_id: AccountId, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into known_devices (token_hash, account_id, last_used_at) values ($1, $2, $3)
         on conflict (token_hash, account_id) do update set last_used_at = $3",
        token_hash,
        account_id.0,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets devices not used since `unused_since` and attempts older than `tried_before`.
pub async fn sweep(connection: &mut PgConnection, unused_since: DateTime<Utc>, tried_before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let devices = sqlx::query!("delete from known_devices where last_used_at < $1", unused_since).execute(&mut *connection).await?;
    let attempts = sqlx::query!("delete from sign_in_attempts where last_at < $1", tried_before).execute(connection).await?;
    Ok(devices.rows_affected() + attempts.rows_affected())
}
