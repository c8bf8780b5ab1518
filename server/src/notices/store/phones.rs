//! Telephone numbers at which accounts hear their notices.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{AccountId, CountyId};

/// The number in force: the one that was given for notices, otherwise the roster's of the deputy whose account it is.
pub async fn find(connection: &mut PgConnection, (county_id, account_id): (CountyId, AccountId)) -> Result<Option<String>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select coalesce((select phone from notice_phones where county_id = $1 and account_id = $2),
                         (select d.phone from grants g join deputies d on d.county_id = g.county_id and d.deputy_id = g.deputy_id
                          where g.county_id = $1 and g.account_id = $2 limit 1)) as phone",
        county_id.0,
        account_id.0
    );
    found.fetch_one(connection).await
}

/// Whether a number was given for notices.
pub async fn is_given(connection: &mut PgConnection, (county_id, account_id): (CountyId, AccountId)) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from notice_phones where county_id = $1 and account_id = $2) as "given!""#,
        county_id.0,
        account_id.0
    )
    .fetch_one(connection)
    .await
}

/// Keeps a number in the place of the one before. False when there is no such account, or it has ended.
pub async fn keep(
    connection: &mut PgConnection,
    (county_id, account_id): (CountyId, AccountId),
    phone: &str,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    let kept = sqlx::query!(
        "insert into notice_phones (county_id, account_id, phone, given_by, given_at)
         select county_id, account_id, $3, $4, $5 from accounts where county_id = $1 and account_id = $2 and disabled_at is null for no key update
         on conflict (county_id, account_id) do update set phone = excluded.phone, given_by = excluded.given_by, given_at = excluded.given_at",
        county_id.0,
        account_id.0,
        phone,
        by.0,
        at
    );
    Ok(kept.execute(connection).await?.rows_affected() == 1)
}

/// Forgets the number. False when there was none.
pub async fn remove(connection: &mut PgConnection, (county_id, account_id): (CountyId, AccountId)) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query!("delete from notice_phones where county_id = $1 and account_id = $2", county_id.0, account_id.0);
    Ok(removed.execute(connection).await?.rows_affected() == 1)
}
