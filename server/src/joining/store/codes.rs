//! All SQL of the codes that are sent to telephones.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{AccountId, CountyId};
use crate::joining::model::TRIES_BORNE;

/// An account that a code may open: a deputy's who has joined, holds no other right and is not disabled.
#[derive(Debug, Clone)]
pub struct Reachable {
    pub county_id: CountyId,
    pub account_id: AccountId,
}

pub async fn find_reachable(connection: &mut PgConnection, county_id: CountyId, phone: &str) -> Result<Option<Reachable>, sqlx::Error> {
    let row = sqlx::query!(
        "select a.county_id, a.account_id from deputies d
         join grants g on g.county_id = d.county_id and g.deputy_id = d.deputy_id
         join accounts a on a.account_id = g.account_id
         where d.county_id = $1 and d.phone = $2 and a.disabled_at is null and a.password_hash is not null
           and not exists (select from grants other where other.account_id = a.account_id and other.role <> 'deputy')",
        county_id.0,
        phone
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Reachable { county_id: CountyId(row.county_id), account_id: AccountId(row.account_id) }))
}

/// Puts a code in the place of the one sent before.
pub async fn keep_code(connection: &mut PgConnection, to: &Reachable, code_hash: &str, expires_at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into password_codes (county_id, account_id, code_hash, expires_at) values ($1, $2, $3, $4)
         on conflict (account_id) do update set code_hash = $3, tries = 0, expires_at = $4",
        to.county_id.0,
        to.account_id.0,
        code_hash,
        expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts a try and returns the hash to compare with; nothing when no code counts any more.
pub async fn count_try(connection: &mut PgConnection, account_id: AccountId, now: DateTime<Utc>) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "update password_codes set tries = tries + 1 where account_id = $1 and expires_at > $2 and tries < $3 returning code_hash",
        account_id.0,
        now,
        TRIES_BORNE
    )
    .fetch_optional(connection)
    .await
}

/// Takes the code away. False when somebody else used it meanwhile.
pub async fn remove_code(connection: &mut PgConnection, account_id: AccountId, code_hash: &str) -> Result<bool, sqlx::Error> {
    let removed =
        sqlx::query!("delete from password_codes where account_id = $1 and code_hash = $2", account_id.0, code_hash).execute(connection).await?;
    Ok(removed.rows_affected() == 1)
}
