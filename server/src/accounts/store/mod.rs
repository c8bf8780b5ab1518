//! All SQL of sessions, grants and kept answers; the list of accounts itself is in [`people`], attempts to sign in are in [`sign_in`], those
//! under way in [`pending`], passwords in [`own`], second factors in [`factors`], the security administrator's matters in [`safety`].

pub mod factors;
pub mod own;
pub mod pending;
pub mod people;
pub mod safety;
pub mod sign_in;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Actor, Grant, Role, SessionLife};
use crate::ids::{AccountId, CountyId, DeputyId, StationId, UnitId};

/// SHA-256 of a session token; `None` when the text cannot be one.
pub fn token_hash(token: &str) -> Option<Vec<u8>> {
    (token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Sha256::digest(token.as_bytes()).to_vec())
}

/// What is needed to check a password, and to know what else is asked for.
#[derive(Debug)]
pub struct StoredPassword {
    pub account_id: AccountId,
    pub county_id: CountyId,
    pub login: String,
    pub password_hash: Option<String>,
    pub password_set_at: DateTime<Utc>,
    pub password_is_temporary: bool,
    pub has_factor: bool,
    pub disabled: bool,
    pub awaits_confirmation: bool,
}

/// The account of `login`, in lower case.
pub async fn find_password(connection: &mut PgConnection, login: &str) -> Result<Option<StoredPassword>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select account_id, county_id, login, password_hash, password_is_temporary, coalesce(password_set_at, created_at) as "password_set_at!",
                  exists (select from second_factors f where f.account_id = accounts.account_id and f.confirmed_at is not null) as "has_factor!",
                  disabled_at is not null as "disabled!", awaits_confirmation_since is not null as "awaits_confirmation!"
           from accounts where login = $1"#,
        login
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| StoredPassword {
        account_id: AccountId(row.account_id),
        county_id: CountyId(row.county_id),
        login: row.login,
        password_hash: row.password_hash,
        password_set_at: row.password_set_at,
        password_is_temporary: row.password_is_temporary,
        has_factor: row.has_factor,
        disabled: row.disabled,
        awaits_confirmation: row.awaits_confirmation,
    }))
}

/// Replaces the hash of a password that was just checked, without ending sessions.
pub async fn renew_hash(connection: &mut PgConnection, account_id: AccountId, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update accounts set password_hash = $2 where account_id = $1", account_id.0, hash).execute(connection).await?;
    Ok(())
}

/// A session about to begin.
#[derive(Debug)]
pub struct NewSession<'a> {
    pub session_id: Uuid,
    pub token_hash: &'a [u8],
    pub account_id: AccountId,
    pub life: SessionLife,
    pub address: &'a str,
    pub user_agent: &'a str,
}

/// Begins a session and returns when it ends at the latest.
pub async fn insert_session(connection: &mut PgConnection, new: &NewSession<'_>, now: DateTime<Utc>) -> Result<DateTime<Utc>, sqlx::Error> {
    let expires_at = now + TimeDelta::seconds(new.life.absolute_s);
    sqlx::query!(
        "insert into sessions (token_hash, session_id, account_id, created_at, last_seen_at, expires_at, idle_seconds, address, user_agent)
         values ($1, $2, $3, $4, $4, $5, $6, $7, $8)",
        new.token_hash,
        new.session_id,
        new.account_id.0,
        now,
        expires_at,
        new.life.idle_s,
        new.address,
        new.user_agent
    )
    .execute(connection)
    .await?;
    Ok(expires_at)
}

/// The person behind a session that is still alive. Notes the use, at most once a minute, unless the page asked by itself (`attended`).
pub async fn find_actor(connection: &mut PgConnection, token_hash: &[u8], attended: bool, now: DateTime<Utc>) -> Result<Option<Actor>, sqlx::Error> {
    let Some(row) = sqlx::query!(
        r#"select session_id, account_id, county_id, login, name, last_seen_at
           from sessions join accounts using (account_id)
           where token_hash = $1 and disabled_at is null and awaits_confirmation_since is null and expires_at > $2
             and last_seen_at + make_interval(secs => idle_seconds) > $2"#,
        token_hash,
        now
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    if attended && now - row.last_seen_at > TimeDelta::seconds(60) {
        sqlx::query!("update sessions set last_seen_at = $2 where token_hash = $1 and last_seen_at < $2", token_hash, now)
            .execute(&mut *connection)
            .await?;
    }
    let account_id = AccountId(row.account_id);
    let grants = list_present_grants(connection, account_id, now).await?;
    // Who was here as a deputy alone, and is one no longer, is nobody.
    if grants.is_empty() && has_left(connection, account_id, now).await? {
        return Ok(None);
    }
    Ok(Some(Actor { account_id, county_id: CountyId(row.county_id), login: row.login, name: row.name, session_id: row.session_id, grants }))
}

/// Every right that was given to the account.
pub async fn list_grants(connection: &mut PgConnection, account_id: AccountId) -> Result<Vec<Grant>, sqlx::Error> {
    let rows = sqlx::query_as!(
        GrantRow,
        "select role, region_code, deputy_id, unit_id, station_id from grants where account_id = $1 order by role, region_code",
        account_id.0
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().filter_map(GrantRow::grant).collect())
}

/// The rights that the account gives at this moment: a deputy's end with the instant at which the deputy leaves.
pub async fn list_present_grants(connection: &mut PgConnection, account_id: AccountId, now: DateTime<Utc>) -> Result<Vec<Grant>, sqlx::Error> {
    let rows = sqlx::query_as!(
        GrantRow,
        "select role, region_code, deputy_id, unit_id, station_id from grants g
         where account_id = $1
           and not exists (select from deputies d where d.county_id = g.county_id and d.deputy_id = g.deputy_id and d.left_at <= $2)
         order by role, region_code",
        account_id.0,
        now
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().filter_map(GrantRow::grant).collect())
}

struct GrantRow {
    role: String,
    region_code: String,
    deputy_id: Option<i64>,
    unit_id: Option<i64>,
    station_id: Option<i64>,
}

impl GrantRow {
    /// Nothing where the role is none that this version knows.
    fn grant(self) -> Option<Grant> {
        Some(Grant {
            role: Role::from_name(&self.role)?,
            region_code: self.region_code,
            deputy_id: self.deputy_id.map(DeputyId),
            unit_id: self.unit_id.map(UnitId),
            station_id: self.station_id.map(StationId),
        })
    }
}

/// Whether the account belongs to a deputy who has left.
pub async fn has_left(connection: &mut PgConnection, account_id: AccountId, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from grants join deputies using (county_id, deputy_id) where account_id = $1 and left_at <= $2) as "left!""#,
        account_id.0,
        now
    )
    .fetch_one(connection)
    .await
}

/// A grant with the names of what it points to.
#[derive(Debug)]
pub struct NamedGrant {
    pub grant: Grant,
    pub region_name: String,
    pub deputy_name: Option<String>,
    pub unit_name: Option<String>,
    pub station_name: Option<String>,
}

/// The grants of these accounts, by account.
pub async fn list_named_grants(
    connection: &mut PgConnection,
    county_id: CountyId,
    accounts: &[i64],
) -> Result<Vec<(AccountId, NamedGrant)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select account_id, role, grants.region_code, grants.deputy_id, grants.unit_id, grants.station_id, regions.name as region_name,
                  deputies.name as "deputy_name?", units.name as "unit_name?", stations.name as "station_name?"
           from grants
           join regions on regions.county_id = grants.county_id and regions.region_code = grants.region_code
           left join deputies on deputies.county_id = grants.county_id and deputies.deputy_id = grants.deputy_id
           left join units on units.county_id = grants.county_id and units.unit_id = grants.unit_id
           left join stations on stations.county_id = grants.county_id and stations.station_id = grants.station_id
           where grants.county_id = $1 and account_id = any($2) order by account_id, role, grants.region_code"#,
        county_id.0,
        accounts
    )
    .fetch_all(connection)
    .await?;
    let named = rows.into_iter().filter_map(|row| {
        let grant = Grant {
            role: Role::from_name(&row.role)?,
            region_code: row.region_code,
            deputy_id: row.deputy_id.map(DeputyId),
            unit_id: row.unit_id.map(UnitId),
            station_id: row.station_id.map(StationId),
        };
        Some((
            AccountId(row.account_id),
            NamedGrant {
                grant,
                region_name: row.region_name,
                deputy_name: row.deputy_name,
                unit_name: row.unit_name,
                station_name: row.station_name,
            },
        ))
    });
    Ok(named.collect())
}

/// Ends a session of this account.
pub async fn delete_session(connection: &mut PgConnection, account_id: AccountId, session_id: Uuid) -> Result<bool, sqlx::Error> {
    let deleted =
        sqlx::query!("delete from sessions where account_id = $1 and session_id = $2", account_id.0, session_id).execute(connection).await?;
    Ok(deleted.rows_affected() == 1)
}

/// One of the account's own sessions.
#[derive(Debug)]
pub struct SessionRow {
    pub session_id: Uuid,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub idle_seconds: i32,
    pub address: String,
    pub user_agent: String,
}

pub async fn list_sessions(connection: &mut PgConnection, account_id: AccountId, now: DateTime<Utc>) -> Result<Vec<SessionRow>, sqlx::Error> {
    sqlx::query_as!(
        SessionRow,
        "select session_id, created_at, last_seen_at, expires_at, idle_seconds, address, user_agent from sessions
         where account_id = $1 and expires_at > $2 and last_seen_at + make_interval(secs => idle_seconds) > $2
         order by last_seen_at desc limit 200",
        account_id.0,
        now
    )
    .fetch_all(connection)
    .await
}

/// Removes sessions that have ended; they could not be used any more.
pub async fn sweep_sessions(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let swept = sqlx::query!("delete from sessions where expires_at <= $1 or last_seen_at + make_interval(secs => idle_seconds) <= $1", now)
        .execute(connection)
        .await?;
    Ok(swept.rows_affected())
}

/// The answer given to the first call with a key.
#[derive(Debug)]
pub struct FirstAnswer {
    pub request_hash: Vec<u8>,
    pub status: u16,
    pub body: Vec<u8>,
}

/// Claims a key for the running transaction. Returns the first answer when there was one; waits for a call with the same key that is
/// still under way.
pub async fn claim_key(
    connection: &mut PgConnection,
    account_id: AccountId,
    operation: &str,
    key: Uuid,
    request_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<FirstAnswer>, sqlx::Error> {
    let claimed = sqlx::query!(
        "insert into idempotency_keys (account_id, operation, key, request_hash, status, body, created_at) values ($1, $2, $3, $4, 0, '', $5)
         on conflict do nothing",
        account_id.0,
        operation,
        key,
        request_hash,
        now
    )
    .execute(&mut *connection)
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(None);
    }
    let row = sqlx::query!(
        "select request_hash, status, body from idempotency_keys where account_id = $1 and operation = $2 and key = $3",
        account_id.0,
        operation,
        key
    )
    .fetch_one(connection)
    .await?;
    Ok(Some(FirstAnswer { request_hash: row.request_hash, status: u16::try_from(row.status).unwrap_or(200), body: row.body }))
}

/// Completes a claimed key with the answer that repetitions will get.
pub async fn keep_answer(
    connection: &mut PgConnection,
    account_id: AccountId,
    operation: &str,
    key: Uuid,
    answer: &FirstAnswer,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update idempotency_keys set status = $4, body = $5 where account_id = $1 and operation = $2 and key = $3",
        account_id.0,
        operation,
        key,
        i16::try_from(answer.status).unwrap_or(200),
        answer.body
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets keys older than 120 days; a phone may have been without a network for three months.
pub async fn sweep_keys(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let swept = sqlx::query!("delete from idempotency_keys where created_at < $1", now - TimeDelta::days(120)).execute(connection).await?;
    Ok(swept.rows_affected())
}
