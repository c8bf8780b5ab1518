//! The list of accounts: made, found, disabled.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::accounts::model::Grant;
use crate::database::one_row;
use crate::ids::{AccountId, CountyId};

/// An account without its rights.
#[derive(Debug)]
pub struct AccountRow {
    pub account_id: AccountId,
    pub login: String,
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub awaits_confirmation_since: Option<DateTime<Utc>>,
    pub has_second_factor: bool,
    pub rev: i64,
    /// The number at which the account hears its notices.
    pub notice_phone: Option<String>,
    pub has_password: bool,
    pub password_is_temporary: bool,
    /// When the invitation ends that was neither used nor revoked, and who made it.
    pub invited_until: Option<DateTime<Utc>>,
    pub invited_by: Option<String>,
}

/// Which accounts are wanted.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Part of a login or name.
    pub words: String,
    /// Only those that wait for a confirmation.
    pub awaiting: bool,
    /// Only those that a card can invite (`model::no_card`) and whose password is not their owner's choice.
    pub to_invite: bool,
    /// Only those with an open invitation.
    pub invited: bool,
}

/// The accounts that are wanted, after the given number.
pub async fn list_accounts(
    connection: &mut PgConnection,
    county_id: CountyId,
    wanted: &Wanted,
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as!(
        AccountRow,
        r#"select account_id, login, name, created_at, disabled_at, awaits_confirmation_since,
                  exists (select from second_factors f where f.account_id = accounts.account_id and f.confirmed_at is not null) as "has_second_factor!",
                  account_rev as rev,
                  (select phone from notice_phones n where n.county_id = $1 and n.account_id = accounts.account_id) as notice_phone,
                  password_hash is not null as "has_password!", password_is_temporary,
                  (select expires_at from invitations i where i.county_id = $1 and i.account_id = accounts.account_id
                     and i.used_at is null and i.revoked_at is null) as invited_until,
                  (select m.name from invitations i join accounts m on m.account_id = i.made_by where i.county_id = $1
                     and i.account_id = accounts.account_id and i.used_at is null and i.revoked_at is null) as invited_by
           from accounts
           where county_id = $1 and account_id > $3
             and (position($2 in name) > 0
                  -- A telephone number is found whole or by its last four digits; piece by piece it would be told.
                  or case when login ~ '^1[0-9]{10}$' then $2 in (login, right(login, 4)) else position(lower($2) in login) > 0 end)
             and (not $5 or awaits_confirmation_since is not null)
             and (not $6 or (password_hash is null or password_is_temporary) and disabled_at is null
                    and not exists (select from grants g where g.account_id = accounts.account_id
                                      and g.role in ('administrator', 'security_administrator', 'auditor'))
                    and (exists (select from grants g where g.account_id = accounts.account_id and g.role <> 'deputy')
                         or not exists (select from grants g where g.account_id = accounts.account_id)))
             and (not $7 or exists (select from invitations i where i.county_id = $1 and i.account_id = accounts.account_id
                                      and i.used_at is null and i.revoked_at is null))
           order by account_id limit $4"#,
        county_id.0,
        wanted.words,
        after.unwrap_or(0),
        i64::try_from(limit).unwrap_or(i64::MAX),
        wanted.awaiting,
        wanted.to_invite,
        wanted.invited
    )
    .fetch_all(connection)
    .await
}

pub async fn find_account(connection: &mut PgConnection, county_id: CountyId, account_id: AccountId) -> Result<Option<AccountRow>, sqlx::Error> {
    sqlx::query_as!(
        AccountRow,
        r#"select account_id, login, name, created_at, disabled_at, awaits_confirmation_since,
                  exists (select from second_factors f where f.account_id = accounts.account_id and f.confirmed_at is not null) as "has_second_factor!",
                  account_rev as rev,
                  (select phone from notice_phones n where n.county_id = $1 and n.account_id = accounts.account_id) as notice_phone,
                  password_hash is not null as "has_password!", password_is_temporary,
                  (select expires_at from invitations i where i.county_id = $1 and i.account_id = accounts.account_id
                     and i.used_at is null and i.revoked_at is null) as invited_until,
                  (select m.name from invitations i join accounts m on m.account_id = i.made_by where i.county_id = $1
                     and i.account_id = accounts.account_id and i.used_at is null and i.revoked_at is null) as invited_by
           from accounts where county_id = $1 and account_id = $2"#,
        county_id.0,
        account_id.0
    )
    .fetch_optional(connection)
    .await
}

/// Whether the county has such an account.
pub async fn is_known(connection: &mut PgConnection, county_id: CountyId, account_id: AccountId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select from accounts where county_id = $1 and account_id = $2) as "known!""#, county_id.0, account_id.0)
        .fetch_one(connection)
        .await
}

/// The county's account of that login, in lower case.
pub async fn find_account_of_login(connection: &mut PgConnection, county_id: CountyId, login: &str) -> Result<Option<AccountId>, sqlx::Error> {
    let id = sqlx::query_scalar!("select account_id from accounts where county_id = $1 and login = $2", county_id.0, login);
    Ok(id.fetch_optional(connection).await?.map(AccountId))
}

/// Makes an account. `login` must be lower case; without a hash nobody can sign in to it.
pub async fn insert_account(
    connection: &mut PgConnection,
    county_id: CountyId,
    login: &str,
    name: &str,
    password_hash: Option<&str>,
    now: DateTime<Utc>,
) -> Result<AccountId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into accounts (county_id, login, name, password_hash, created_at, password_set_at) values ($1, $2, $3, $4, $5, $5) returning account_id",
        county_id.0,
        login,
        name,
        password_hash,
        now
    )
    .fetch_one(connection)
    .await?;
    Ok(AccountId(id))
}

pub async fn insert_grant(connection: &mut PgConnection, county_id: CountyId, account_id: AccountId, grant: &Grant) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into grants (county_id, account_id, role, region_code, deputy_id, unit_id, station_id) values ($1, $2, $3, $4, $5, $6, $7)",
        county_id.0,
        account_id.0,
        grant.role.as_str(),
        grant.region_code,
        grant.deputy_id.map(|id| id.0),
        grant.unit_id.map(|id| id.0),
        grant.station_id.map(|id| id.0)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the password was chosen by somebody else.
pub async fn set_password_temporary(connection: &mut PgConnection, account_id: AccountId) -> Result<(), sqlx::Error> {
    let noted = sqlx::query!("update accounts set password_is_temporary = true where account_id = $1", account_id.0).execute(connection).await?;
    one_row(noted.rows_affected())
}

/// Disables (with the time) or enables (without). Ends the sessions of a disabled account.
pub async fn set_disabled(
    connection: &mut PgConnection,
    county_id: CountyId,
    account_id: AccountId,
    at: Option<DateTime<Utc>>,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "update accounts set disabled_at = case when $3::timestamptz is null then null else coalesce(disabled_at, $3) end
         where county_id = $1 and account_id = $2",
        county_id.0,
        account_id.0,
        at
    )
    .execute(&mut *connection)
    .await?;
    if at.is_some() {
        end_sessions(&mut *connection, account_id).await?;
        sqlx::query!("delete from notice_phones where county_id = $1 and account_id = $2", county_id.0, account_id.0).execute(connection).await?;
    }
    Ok(updated.rows_affected() == 1)
}

/// Ends the account's sessions and the sign-ins under way.
pub async fn end_sessions(connection: &mut PgConnection, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sessions where account_id = $1", account_id.0).execute(&mut *connection).await?;
    sqlx::query!("delete from pending_sign_ins where account_id = $1", account_id.0).execute(connection).await?;
    Ok(())
}

/// Nobody else changes the county's accounts by this way until the transaction ends.
pub async fn hold_accounts(connection: &mut PgConnection, county_id: CountyId) -> Result<(), sqlx::Error> {
    sqlx::query!("select account_id from accounts where county_id = $1 order by account_id for update", county_id.0).fetch_all(connection).await?;
    Ok(())
}

/// Gives the account another name, or the same, and raises its rev.
pub async fn rename_account(connection: &mut PgConnection, (county_id, account_id): (CountyId, AccountId), name: &str) -> Result<(), sqlx::Error> {
    let renamed = sqlx::query!(
        "update accounts set name = $3, account_rev = account_rev + 1 where county_id = $1 and account_id = $2",
        county_id.0,
        account_id.0,
        name
    )
    .execute(connection)
    .await?;
    one_row(renamed.rows_affected())
}

/// Ends one right.
pub async fn delete_grant(connection: &mut PgConnection, county_id: CountyId, account_id: AccountId, grant: &Grant) -> Result<(), sqlx::Error> {
    let ended = sqlx::query!(
        "delete from grants where county_id = $1 and account_id = $2 and role = $3 and region_code = $4",
        county_id.0,
        account_id.0,
        grant.role.as_str(),
        grant.region_code
    )
    .execute(connection)
    .await?;
    one_row(ended.rows_affected())
}
