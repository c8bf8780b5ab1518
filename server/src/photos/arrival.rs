//! Taking a picture in: through the gate, onto the disk, and only then into the database.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use tokio::sync::OwnedSemaphorePermit;

use super::files::{Flush, PhotoStore};
use super::gate::{self, PhotoFault, Prepared};
use super::model::PhotoHash;
use super::{PhotoDesk, store};
use crate::accounts::Actor;
use crate::audit::{self, Author, Entry, Outcome};
use crate::calendar::start_of_day;
use crate::county::County;
use crate::database::changes;
use crate::http::{Code, Problem};
use crate::ids::AccountId;

/// How long a picture may wait for its turn, and how long decoding it may take.
const TURN_PATIENCE: Duration = Duration::from_secs(20);
const DECODING_PATIENCE: Duration = Duration::from_secs(20);

/// Refuses an account that has sent enough for a day, a day on which all of them together have, and a disk that is nearly full. What is let
/// in counts for the day of all, whether it passes the gate or not.
pub async fn require_room(desk: &PhotoDesk, actor: &Actor, county: &County, now: DateTime<Utc>) -> Result<(), Problem> {
    let today = county.date_at(now);
    let mut connection = desk.platform.pool.acquire().await?;
    let sent = store::count_sent(&mut connection, actor.account_id, start_of_day(today, county.zone)).await?;
    if sent >= i64::from(desk.platform.settings.photos_per_day) {
        return Err(enough(county, now, "今天上传的照片已达上限，请明天再传", "No more pictures can be sent today"));
    }
    drop(connection);
    require_room_in_all(desk, county, now).await
}

/// Refuses a day on which everybody together has sent enough, and a disk that is nearly full. What is let in counts for the day.
pub async fn require_room_in_all(desk: &PhotoDesk, county: &County, now: DateTime<Utc>) -> Result<(), Problem> {
    let today = county.date_at(now);
    let mut connection = desk.platform.pool.acquire().await?;
    let free = desk.store.free_mib().map_err(Problem::internal)?;
    if free < desk.platform.settings.free_space_floor_mib {
        tracing::error!(free_mib = free, "the disk for pictures is nearly full");
        return Err(Problem::new(Code::StorageFull).retry_after(600));
    }
    if !store::take_from_day(&mut connection, today, i64::from(desk.platform.settings.photos_per_day_in_all)).await? {
        tracing::error!(%today, "the pictures of a day have been sent");
        return Err(enough(county, now, "今天全县上传的照片已达上限，请明天再传", "The pictures of a day have been sent"));
    }
    Ok(())
}

/// That no more comes in before the county's next day.
fn enough(county: &County, now: DateTime<Utc>, zh: &str, en: &str) -> Problem {
    let tomorrow = start_of_day(county.date_at(now) + chrono::Days::new(1), county.zone);
    let wait = u32::try_from((tomorrow - now).num_seconds().max(1)).unwrap_or(86_400);
    Problem::new(Code::TooManyRequests).retry_after(wait).saying(zh, en)
}

/// Decodes and encodes anew when its turn has come.
pub async fn prepare(desk: &PhotoDesk, bytes: axum::body::Bytes) -> Result<Prepared, Problem> {
    in_turn(desk, move || gate::prepare(&bytes)).await
}

/// Runs a decoder away from the async threads. The permit goes along with the work, so that a picture given up on still counts until its
/// decoder has ended.
pub async fn in_turn<T: Send + 'static>(desk: &PhotoDesk, decode: impl FnOnce() -> Result<T, PhotoFault> + Send + 'static) -> Result<T, Problem> {
    let turn = tokio::time::timeout(TURN_PATIENCE, desk.decoding.clone().acquire_owned()).await;
    let permit = match turn {
        Ok(Ok(permit)) => permit,
        _ => return Err(Problem::new(Code::Unavailable).retry_after(5)),
    };
    let work = tokio::task::spawn_blocking(move || {
        let _permit: OwnedSemaphorePermit = permit;
        decode()
    });
    match tokio::time::timeout(DECODING_PATIENCE, work).await {
        Ok(Ok(prepared)) => Ok(prepared?),
        Ok(Err(panicked)) => {
            tracing::warn!(%panicked, "a decoder gave up on a picture");
            Err(PhotoFault::Unreadable.into())
        }
        Err(_) => {
            tracing::warn!("decoding a picture took too long");
            Err(PhotoFault::Unreadable.into())
        }
    }
}

/// Writes the files and then the row, under the picture's lock. False when it had arrived already.
pub async fn keep(
    desk: &PhotoDesk,
    (sent_by, author): (Option<AccountId>, &Author),
    county: &County,
    hash: PhotoHash,
    prepared: Prepared,
) -> Result<bool, Problem> {
    let now = desk.platform.clock.now();
    let mut tx = desk.platform.pool.begin().await?;
    store::lock_photos(&mut tx, county.county_id, &[hash]).await?;
    if store::find_photo(&mut tx, county.county_id, hash).await?.is_some() {
        return Ok(false);
    }
    let prepared = write_files(&desk.store, county, hash, prepared).await?;
    store::insert_photo(&mut tx, (county.county_id, hash), &prepared, sent_by, now).await?;
    let mut sites = store::list_sites_showing(&mut tx, county.county_id, hash).await?;
    sites.extend(store::mark_repeats(&mut tx, county.county_id, &[hash]).await?);
    sites.sort_unstable();
    sites.dedup();
    changes::sites_changed(&mut tx, county.county_id, &sites, now).await?;
    let detail = serde_json::json!({ "width": prepared.width, "height": prepared.height });
    let entry = Entry { action: "photo.store", object: ("photo", &hash.to_string()), outcome: Outcome::Done, detail };
    audit::record(&mut tx, author, entry, now).await?;
    tx.commit().await?;
    desk.platform.changes.nudge();
    Ok(true)
}

async fn write_files(store: &PhotoStore, county: &County, hash: PhotoHash, prepared: Prepared) -> Result<Prepared, Problem> {
    let (store, code) = (store.clone(), county.code.clone());
    let work = tokio::task::spawn_blocking(move || store.write(&code, hash, &prepared, Flush::Each).map(|()| prepared));
    work.await.map_err(Problem::internal)?.map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Problem::new(Code::StorageFull).retry_after(600).because(error),
        _ => Problem::internal(error),
    })
}

/// A picture made by this program itself, such as those of the demo county.
#[derive(Debug)]
pub struct GeneratedPhoto {
    /// An encoded JPEG, PNG or WebP.
    pub bytes: Vec<u8>,
    pub received_at: DateTime<Utc>,
}

/// A generated picture could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum GeneratedPhotoError {
    #[error("a generated picture does not pass the gate: {0:?}")]
    Refused(PhotoFault),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
}

/// Keeps many generated pictures in the caller's transaction and returns their names in the same order. They pass the same gate as any
/// other; the disk is waited for once, at the end. Repeats are not marked: the caller knows what it made.
pub async fn store_generated(
    connection: &mut PgConnection,
    store: &PhotoStore,
    county: &County,
    sent_by: AccountId,
    photos: Vec<GeneratedPhoto>,
) -> Result<Vec<PhotoHash>, GeneratedPhotoError> {
    let (files, code) = (store.clone(), county.code.clone());
    let work = tokio::task::spawn_blocking(move || -> Result<_, GeneratedPhotoError> {
        let mut kept = Vec::with_capacity(photos.len());
        for photo in photos {
            let hash = PhotoHash::of(&photo.bytes);
            let prepared = gate::prepare(&photo.bytes).map_err(GeneratedPhotoError::Refused)?;
            files.write(&code, hash, &prepared, Flush::Later)?;
            // Only the row is still to be written; the pixels need not wait for it in memory.
            kept.push((hash, Prepared { picture: Vec::new(), thumbnail: Vec::new(), ..prepared }, photo.received_at));
        }
        files.flush_all()?;
        Ok(kept)
    });
    let kept = work.await.map_err(std::io::Error::other)??;
    let mut hashes = Vec::with_capacity(kept.len());
    for (hash, prepared, received_at) in kept {
        store::insert_photo(connection, (county.county_id, hash), &prepared, Some(sent_by), received_at).await?;
        hashes.push(hash);
    }
    Ok(hashes)
}
