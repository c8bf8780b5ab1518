//! All SQL of second factors and recovery codes.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::database::one_row;
use crate::ids::AccountId;

/// An account's second factor as it is kept.
#[derive(Debug)]
pub struct StoredFactor {
    pub sealed_secret: Vec<u8>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub last_step: i64,
}

/// The factor, held until the transaction ends, so that of two codes typed at once one comes after the other.
pub async fn lock_factor(connection: &mut PgConnection, account_id: AccountId) -> Result<Option<StoredFactor>, sqlx::Error> {
    sqlx::query_as!(StoredFactor, "select sealed_secret, confirmed_at, last_step from second_factors where account_id = $1 for update", account_id.0)
        .fetch_optional(connection)
        .await
}

/// Since when the account has a factor, and how many recovery codes are left.
pub async fn find_standing(connection: &mut PgConnection, account_id: AccountId) -> Result<(Option<DateTime<Utc>>, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"select (select confirmed_at from second_factors where account_id = $1) as since,
                  (select count(*) from recovery_codes where account_id = $1 and used_at is null) as "left!""#,
        account_id.0
    )
    .fetch_one(connection)
    .await?;
    Ok((row.since, row.left))
}

/// Begins a factor, in place of one that was begun before. Says no when there is one that holds.
pub async fn begin_factor(connection: &mut PgConnection, account_id: AccountId, sealed: &[u8], now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let begun = sqlx::query!(
        "insert into second_factors as known (account_id, sealed_secret, begun_at) values ($1, $2, $3)
         on conflict (account_id) do update set sealed_secret = $2, begun_at = $3, last_step = 0 where known.confirmed_at is null",
        account_id.0,
        sealed,
        now
    )
    .execute(connection)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// From now on the factor is asked for; `step` is that of the code that showed it.
pub async fn confirm_factor(connection: &mut PgConnection, account_id: AccountId, step: i64, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let confirmed = sqlx::query!("update second_factors set confirmed_at = $3, last_step = $2 where account_id = $1", account_id.0, step, now)
        .execute(connection)
        .await?;
    one_row(confirmed.rows_affected())
}

pub async fn set_last_step(connection: &mut PgConnection, account_id: AccountId, step: i64) -> Result<(), sqlx::Error> {
    let kept = sqlx::query!("update second_factors set last_step = $2 where account_id = $1", account_id.0, step).execute(connection).await?;
    one_row(kept.rows_affected())
}

/// Puts new recovery codes in the place of all others.
pub async fn replace_recovery_codes(connection: &mut PgConnection, account_id: AccountId, hashes: &[Vec<u8>]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from recovery_codes where account_id = $1", account_id.0).execute(&mut *connection).await?;
    sqlx::query!("insert into recovery_codes (account_id, code_hash) select $1, unnest($2::bytea[])", account_id.0, hashes)
        .execute(connection)
        .await?;
    Ok(())
}

/// Spends a recovery code; says whether it was one that still counted.
pub async fn use_recovery_code(connection: &mut PgConnection, account_id: AccountId, hash: &[u8], now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let used =
        sqlx::query!("update recovery_codes set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null", account_id.0, hash, now)
            .execute(connection)
            .await?;
    Ok(used.rows_affected() == 1)
}

/// Takes the factor and its recovery codes away; says whether there was one that held.
pub async fn delete_factor(connection: &mut PgConnection, account_id: AccountId) -> Result<bool, sqlx::Error> {
    sqlx::query!("delete from recovery_codes where account_id = $1", account_id.0).execute(&mut *connection).await?;
    let deleted =
        sqlx::query_scalar!(r#"delete from second_factors where account_id = $1 returning confirmed_at is not null as "held!""#, account_id.0)
            .fetch_optional(connection)
            .await?;
    Ok(deleted.unwrap_or(false))
}
