//! Mail addresses that people gave themselves, and the codes that confirm them.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::ids::{AccountId, CountyId};

/// Wrong tries that a code bears.
pub const TRIES_BORNE: i16 = 5;

/// What is known of an account's address.
#[derive(Clone, Default)]
pub struct KnownAddress {
    pub address: Option<String>,
    pub pending: Option<String>,
    pub expires_at: Option<DateTime<Utc>>,
}

pub async fn find(connection: &mut PgConnection, (county_id, account_id): (CountyId, AccountId)) -> Result<Option<KnownAddress>, sqlx::Error> {
    sqlx::query_as!(
        KnownAddress,
        "select address, pending, expires_at from mail_addresses where county_id = $1 and account_id = $2",
        county_id.0,
        account_id.0
    )
    .fetch_optional(connection)
    .await
}

/// Keeps an address that waits for its code. The one that holds goes on holding.
pub async fn keep_pending(
    connection: &mut PgConnection,
    (county_id, account_id): (CountyId, AccountId),
    (address, code_hash): (&str, &str),
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into mail_addresses (county_id, account_id, pending, code_hash, expires_at) values ($1, $2, $3, $4, $5)
         on conflict (county_id, account_id) do update set pending = $3, code_hash = $4, expires_at = $5, tries = 0",
        county_id.0,
        account_id.0,
        address,
        code_hash,
        expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts a try and returns the hash to compare with; nothing when no code counts any more.
pub async fn count_try(
    connection: &mut PgConnection,
    (county_id, account_id): (CountyId, AccountId),
    now: DateTime<Utc>,
) -> Result<Option<String>, sqlx::Error> {
    let hash = sqlx::query_scalar!(
        "update mail_addresses set tries = tries + 1
         where county_id = $1 and account_id = $2 and pending is not null and expires_at > $3 and tries < $4 returning code_hash",
        county_id.0,
        account_id.0,
        now,
        TRIES_BORNE
    );
    Ok(hash.fetch_optional(connection).await?.flatten())
}

/// The address that waited holds from now on. False when the code was replaced or used meanwhile.
pub async fn confirm(connection: &mut PgConnection, (county_id, account_id): (CountyId, AccountId), code_hash: &str) -> Result<bool, sqlx::Error> {
    let confirmed = sqlx::query!(
        "update mail_addresses set address = pending, pending = null, code_hash = null, expires_at = null, tries = 0
         where county_id = $1 and account_id = $2 and code_hash = $3",
        county_id.0,
        account_id.0,
        code_hash
    )
    .execute(connection)
    .await?;
    Ok(confirmed.rows_affected() == 1)
}

/// Forgets what was given a day ago and never confirmed: it may be somebody else's.
pub async fn sweep(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let before = now - TimeDelta::days(1);
    let gone = sqlx::query!("delete from mail_addresses where address is null and expires_at < $1", before).execute(&mut *connection).await?;
    let kept = sqlx::query!(
        "update mail_addresses set pending = null, code_hash = null, expires_at = null, tries = 0 where pending is not null and expires_at < $1",
        before
    )
    .execute(connection)
    .await?;
    Ok(gone.rows_affected() + kept.rows_affected())
}

/// Forgets the address. False when there was none.
pub async fn remove(connection: &mut PgConnection, (county_id, account_id): (CountyId, AccountId)) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query!("delete from mail_addresses where county_id = $1 and account_id = $2", county_id.0, account_id.0);
    Ok(removed.execute(connection).await?.rows_affected() == 1)
}
