//! All SQL of sign-ins under way: the password was right, and something more is asked for.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StoredPassword;
use crate::ids::{AccountId, CountyId};

/// Somebody who is half signed in.
#[derive(Debug)]
pub struct PendingSignIn {
    pub token_hash: Vec<u8>,
    pub account: StoredPassword,
    /// Whether the second factor has been shown.
    pub code_given: bool,
    pub tries: i16,
}

pub async fn insert_pending(
    connection: &mut PgConnection,
    token_hash: &[u8],
    account_id: AccountId,
    code_given: bool,
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into pending_sign_ins (token_hash, account_id, code_given, expires_at) values ($1, $2, $3, $4)",
        token_hash,
        account_id.0,
        code_given,
        expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The sign-in of this token, held until the transaction ends; `None` when it is over, or its account may no longer sign in.
pub async fn find_pending(connection: &mut PgConnection, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<PendingSignIn>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select p.token_hash, p.code_given, p.tries, a.account_id, a.county_id, a.login, a.password_hash, a.password_is_temporary,
                  coalesce(a.password_set_at, a.created_at) as "password_set_at!",
                  exists (select from second_factors f where f.account_id = a.account_id and f.confirmed_at is not null) as "has_factor!"
           from pending_sign_ins p join accounts a using (account_id)
           where p.token_hash = $1 and p.expires_at > $2 and a.disabled_at is null and a.awaits_confirmation_since is null
           for update of p"#,
        token_hash,
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| PendingSignIn {
        token_hash: row.token_hash,
        code_given: row.code_given,
        tries: row.tries,
        account: StoredPassword {
            account_id: AccountId(row.account_id),
            county_id: CountyId(row.county_id),
            login: row.login,
            password_hash: row.password_hash,
            password_set_at: row.password_set_at,
            password_is_temporary: row.password_is_temporary,
            has_factor: row.has_factor,
            disabled: false,
            awaits_confirmation: false,
        },
    }))
}

pub async fn count_try(connection: &mut PgConnection, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("update pending_sign_ins set tries = tries + 1 where token_hash = $1", token_hash).execute(connection).await?;
    Ok(())
}

pub async fn delete_pending(connection: &mut PgConnection, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from pending_sign_ins where token_hash = $1", token_hash).execute(connection).await?;
    Ok(())
}

/// Forgets those that were never brought to an end.
pub async fn sweep_pending(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let swept = sqlx::query!("delete from pending_sign_ins where expires_at <= $1", now).execute(connection).await?;
    Ok(swept.rows_affected())
}
