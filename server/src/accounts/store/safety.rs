//! All SQL of what the security administrator looks after: accounts that wait, places that are locked, who has a second factor.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::database::one_row;
use crate::ids::{AccountId, CountyId};

/// Holds the account until somebody else has confirmed it; its sessions end.
pub async fn hold_account(
    connection: &mut PgConnection,
    (county_id, account_id): (CountyId, AccountId),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let held =
        sqlx::query!("update accounts set awaits_confirmation_since = $3 where county_id = $1 and account_id = $2", county_id.0, account_id.0, now)
            .execute(&mut *connection)
            .await?;
    one_row(held.rows_affected())?;
    sqlx::query!("delete from sessions where account_id = $1", account_id.0).execute(&mut *connection).await?;
    sqlx::query!("delete from pending_sign_ins where account_id = $1", account_id.0).execute(connection).await?;
    Ok(())
}

/// Ends the wait, by letting the account in or (`disabled_at`) by shutting it out. Says whether it waited.
pub async fn settle_account(
    connection: &mut PgConnection,
    county_id: CountyId,
    account_id: AccountId,
    disabled_at: Option<DateTime<Utc>>,
) -> Result<bool, sqlx::Error> {
    let settled = sqlx::query!(
        "update accounts set awaits_confirmation_since = null, disabled_at = coalesce($3, disabled_at)
         where county_id = $1 and account_id = $2 and awaits_confirmation_since is not null",
        county_id.0,
        account_id.0,
        disabled_at
    )
    .execute(connection)
    .await?;
    Ok(settled.rows_affected() == 1)
}

/// How the county's accounts stand.
#[derive(Debug)]
pub struct Standing {
    pub staff: i64,
    pub staff_with_factor: i64,
    pub awaiting: i64,
}

pub async fn find_standing(connection: &mut PgConnection, county_id: CountyId) -> Result<Standing, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"select count(*) filter (where staff) as "staff!", count(*) filter (where staff and held) as "staff_with_factor!",
                  count(*) filter (where awaits) as "awaiting!"
           from (select exists (select from grants g where g.account_id = a.account_id and g.role <> 'deputy') as staff,
                        exists (select from second_factors f where f.account_id = a.account_id and f.confirmed_at is not null) as held,
                        awaits_confirmation_since is not null as awaits
                 from accounts a where county_id = $1 and disabled_at is null) as each"#,
        county_id.0
    )
    .fetch_one(connection)
    .await
}

/// A place from which an account of the county is locked.
#[derive(Debug)]
pub struct LockedPlace {
    pub login: String,
    pub name: String,
    pub place: String,
    pub last_at: DateTime<Utc>,
}

/// Places with `most` wrong passwords, the last of them less than `lock_s` ago.
pub async fn list_locks(
    connection: &mut PgConnection,
    county_id: CountyId,
    (most, lock_s): (i16, u32),
    now: DateTime<Utc>,
) -> Result<Vec<LockedPlace>, sqlx::Error> {
    sqlx::query_as!(
        LockedPlace,
        "select login, name, place, last_at from sign_in_attempts join accounts using (login)
         where county_id = $1 and attempts >= $2 and last_at > $3 order by last_at desc limit 200",
        county_id.0,
        most,
        now - TimeDelta::seconds(i64::from(lock_s))
    )
    .fetch_all(connection)
    .await
}

/// Forgets the wrong passwords for an account of the county, from everywhere.
pub async fn release_locks(connection: &mut PgConnection, county_id: CountyId, login: &str) -> Result<u64, sqlx::Error> {
    let released = sqlx::query!(
        "delete from sign_in_attempts where login = $2 and exists (select from accounts a where a.county_id = $1 and a.login = $2)",
        county_id.0,
        login
    )
    .execute(connection)
    .await?;
    Ok(released.rows_affected())
}
