//! All SQL of changing a password, and of ending the sessions that it ends.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::password_rules::not_again;
use crate::database::one_row;
use crate::ids::{AccountId, CountyId};
use crate::platform::Platform;

/// A password that is about to hold.
#[derive(Debug)]
pub struct NewHash<'a> {
    pub hash: &'a str,
    pub set_at: DateTime<Utc>,
    /// Chosen by somebody else than its owner.
    pub is_temporary: bool,
    /// How many of those before it stay known, so that they do not come back.
    pub known_former: i64,
}

impl<'a> NewHash<'a> {
    /// Chosen by the account's owner.
    pub fn chosen(platform: &Platform, hash: &'a str, set_at: DateTime<Utc>) -> Self {
        let known_former = not_again(platform.settings.password_profile) - 1;
        Self { hash, set_at, is_temporary: false, known_former }
    }

    /// Chosen by somebody else: it lasts until its owner has chosen another.
    pub fn given(platform: &Platform, hash: &'a str, set_at: DateTime<Utc>) -> Self {
        Self { is_temporary: true, ..Self::chosen(platform, hash, set_at) }
    }
}

/// The present password's hash and those before it, `most` at the most.
pub async fn list_used_hashes(connection: &mut PgConnection, account_id: AccountId, most: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select password_hash as "password_hash!" from accounts where account_id = $1 and password_hash is not null
           union all
           (select password_hash from former_passwords where account_id = $1 order by replaced_at desc limit $2)"#,
        account_id.0,
        (most - 1).max(0)
    )
    .fetch_all(connection)
    .await
}

/// The hash of the present password where somebody else has given it.
pub async fn find_given_hash(connection: &mut PgConnection, account_id: AccountId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select password_hash as "password_hash!" from accounts where account_id = $1 and password_is_temporary and password_hash is not null"#,
        account_id.0
    )
    .fetch_optional(connection)
    .await
}

/// Stores a new hash; every session of the account but `except` ends, sign-ins under way begin anew, and its devices are strangers again.
pub async fn set_password(
    connection: &mut PgConnection,
    county_id: CountyId,
    account_id: AccountId,
    new: &NewHash<'_>,
    except: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into former_passwords (account_id, password_hash, replaced_at)
         select account_id, password_hash, $2 from accounts where account_id = $1 and password_hash is not null and $3::bigint > 0
         on conflict do nothing",
        account_id.0,
        new.set_at,
        new.known_former
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from former_passwords where account_id = $1
         and replaced_at not in (select replaced_at from former_passwords where account_id = $1 order by replaced_at desc limit $2)",
        account_id.0,
        new.known_former
    )
    .execute(&mut *connection)
    .await?;
    let updated = sqlx::query!(
        "update accounts set password_hash = $3, password_set_at = $4, password_is_temporary = $5 where county_id = $1 and account_id = $2",
        county_id.0,
        account_id.0,
        new.hash,
        new.set_at,
        new.is_temporary
    )
    .execute(&mut *connection)
    .await?;
    one_row(updated.rows_affected())?;
    delete_sessions(connection, account_id, except).await?;
    sqlx::query!("delete from pending_sign_ins where account_id = $1", account_id.0).execute(&mut *connection).await?;
    sqlx::query!("delete from known_devices where account_id = $1", account_id.0).execute(connection).await?;
    Ok(())
}

/// Lets a session go on under another token.
pub async fn set_token(connection: &mut PgConnection, session_id: Uuid, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("update sessions set token_hash = $2 where session_id = $1", session_id, token_hash).execute(connection).await?;
    Ok(())
}

/// Ends every session of the account but `except`, and says how many there were.
pub async fn delete_sessions(connection: &mut PgConnection, account_id: AccountId, except: Option<Uuid>) -> Result<u64, sqlx::Error> {
    let deleted = sqlx::query!("delete from sessions where account_id = $1 and session_id is distinct from $2", account_id.0, except)
        .execute(connection)
        .await?;
    Ok(deleted.rows_affected())
}
