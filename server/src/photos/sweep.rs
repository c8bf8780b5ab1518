//! Clearing away pictures that no report has claimed for a day, and the leftovers of interrupted writes.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection, PgConnection, PgPool};

use super::files::PhotoStore;
use super::model::PhotoHash;
use crate::county::County;
use crate::ids::CountyId;

/// How long a picture may wait for the report that shows it.
const UNCLAIMED_FOR: TimeDelta = TimeDelta::hours(24);

/// What a sweep found, and removed unless it was a trial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// Pictures known to the database that no report shows.
    pub unclaimed: Vec<PhotoHash>,
    /// Files that the database does not know.
    pub unknown: Vec<PhotoHash>,
    /// Files of writes that were cut short.
    pub leftovers: usize,
}

/// Finds what has lain unclaimed for a day, and removes it when `remove` is set; otherwise only says what it would remove.
pub async fn sweep(pool: &PgPool, store: &PhotoStore, county: &County, now: DateTime<Utc>, remove: bool) -> anyhow::Result<Swept> {
    let mut connection = pool.acquire().await?;
    let unclaimed = list_unclaimed(&mut connection, county.county_id, now - UNCLAIMED_FOR).await?;
    let (files, code, age) = (store.clone(), county.code.clone(), UNCLAIMED_FOR.to_std().unwrap_or(Duration::MAX));
    let (hashes, leftovers) = tokio::task::spawn_blocking(move || files.list_older_than(&code, age)).await??;
    let unknown = super::store::missing_of(&mut connection, county.county_id, &hashes).await?;
    let swept = Swept { unclaimed, unknown, leftovers: leftovers.len() };
    if !remove {
        return Ok(swept);
    }
    // The lock outlives the transaction that removes the row, so that no picture arrives between its row and its files. It belongs to a
    // connection of its own, which is closed afterwards however this ends.
    let mut connection = connection.detach();
    for hash in swept.unclaimed.iter().chain(&swept.unknown) {
        remove_unclaimed(&mut connection, store, county, *hash).await?;
    }
    connection.close().await?;
    for leftover in leftovers {
        std::fs::remove_file(leftover)?;
    }
    Ok(swept)
}

async fn list_unclaimed(connection: &mut PgConnection, county_id: CountyId, before: DateTime<Utc>) -> Result<Vec<PhotoHash>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        "select sha256 from photos where county_id = $1 and received_at < $2
         and not exists (select from report_photos r where r.county_id = photos.county_id and r.sha256 = photos.sha256)",
        county_id.0,
        before
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().filter_map(|bytes| PhotoHash::from_bytes(bytes)).collect())
}

/// Removes the row first and the files after it: a file without a row is only waste, a row without a file would be a lie.
async fn remove_unclaimed(connection: &mut PgConnection, store: &PhotoStore, county: &County, hash: PhotoHash) -> anyhow::Result<()> {
    let number = lock_number(connection, county.county_id, hash).await?;
    sqlx::query_scalar!(r#"select pg_advisory_lock($1) as "nothing: ()""#, number).fetch_one(&mut *connection).await?;
    let mut tx = connection.begin().await?;
    sqlx::query!(
        "delete from photos where county_id = $1 and sha256 = $2
         and not exists (select from report_photos r where r.county_id = photos.county_id and r.sha256 = photos.sha256)",
        county.county_id.0,
        &hash.0[..]
    )
    .execute(&mut *tx)
    .await?;
    let claimed = super::store::find_photo(&mut tx, county.county_id, hash).await?.is_some();
    tx.commit().await?;
    if !claimed {
        let (files, code) = (store.clone(), county.code.clone());
        tokio::task::spawn_blocking(move || files.remove(&code, hash)).await??;
    }
    sqlx::query_scalar!("select pg_advisory_unlock($1)", number).fetch_one(connection).await?;
    Ok(())
}

async fn lock_number(connection: &mut PgConnection, county_id: CountyId, hash: PhotoHash) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select hashtextextended($1::text || encode($2::bytea, 'hex'), 0) as "number!""#, county_id.0.to_string(), &hash.0[..])
        .fetch_one(connection)
        .await
}
