//! Clearing away pictures that no report and no answer has claimed for a day, and the leftovers of interrupted writes.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection, PgConnection, PgPool};

use super::files::PhotoStore;
use super::model::PhotoHash;
use super::store;
use crate::county::County;

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
pub async fn sweep(pool: &PgPool, files: &PhotoStore, county: &County, now: DateTime<Utc>, remove: bool) -> anyhow::Result<Swept> {
    let mut connection = pool.acquire().await?;
    let unclaimed = store::list_unclaimed(&mut connection, county.county_id, now - UNCLAIMED_FOR).await?;
    let (searched, code, age) = (files.clone(), county.code.clone(), UNCLAIMED_FOR.to_std().unwrap_or(Duration::MAX));
    let (hashes, leftovers) = tokio::task::spawn_blocking(move || searched.list_older_than(&code, age)).await??;
    let unknown = store::missing_of(&mut connection, county.county_id, &hashes).await?;
    let swept = Swept { unclaimed, unknown, leftovers: leftovers.len() };
    if !remove {
        return Ok(swept);
    }
    // The lock outlives the transaction that removes the row, so that no picture arrives between its row and its files. It belongs to a
    // connection of its own, which is closed afterwards however this ends.
    let mut connection = connection.detach();
    for hash in swept.unclaimed.iter().chain(&swept.unknown) {
        remove_unclaimed(&mut connection, files, county, *hash).await?;
    }
    connection.close().await?;
    for leftover in leftovers {
        std::fs::remove_file(leftover)?;
    }
    Ok(swept)
}

/// Removes the row first and the files after it: a file without a row is only waste, a row without a file would be a lie.
async fn remove_unclaimed(connection: &mut PgConnection, files: &PhotoStore, county: &County, hash: PhotoHash) -> anyhow::Result<()> {
    let number = store::lock_photo_beyond_transactions(connection, county.county_id, hash).await?;
    store::delete_unclaimed(connection, county.county_id, hash).await?;
    if store::find_photo(connection, county.county_id, hash).await?.is_none() {
        let (files, code) = (files.clone(), county.code.clone());
        tokio::task::spawn_blocking(move || files.remove(&code, hash)).await??;
    }
    store::unlock_photo(connection, number).await?;
    Ok(())
}
