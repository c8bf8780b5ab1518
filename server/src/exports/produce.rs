//! A file of open data made page by page, so that neither a long table nor a slow reader holds memory or a connection.

use std::sync::Arc;

use axum::body::Bytes;
use sqlx::PgPool;
use tokio::sync::{Semaphore, mpsc};

use super::encode::{EncodeError, Encoder};
use super::model::{Dataset, Format};
use super::store::{self, After};
use crate::county::County;

/// Files made at the same time; further ones wait.
static PRODUCING: Semaphore = Semaphore::const_new(4);
/// A workbook is held in memory until its end.
const MOST_WORKBOOK_ROWS: usize = 200_000;

/// The file could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum ProduceError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error("a workbook holds at most {MOST_WORKBOOK_ROWS} rows: take the CSV")]
    TooLong,
    #[error("the reader went away")]
    Unread,
}

/// Begins making the file; its pieces arrive one after the other, the last perhaps an error.
pub fn produce(pool: PgPool, county: Arc<County>, dataset: Dataset, format: Format) -> mpsc::Receiver<Result<Bytes, ProduceError>> {
    let (pieces, reader) = mpsc::channel(2);
    tokio::spawn(async move {
        if let Err(error) = write(&pool, &county, dataset, format, &pieces).await {
            let _ = pieces.send(Err(error)).await;
        }
    });
    reader
}

async fn write(
    pool: &PgPool,
    county: &County,
    dataset: Dataset,
    format: Format,
    pieces: &mpsc::Sender<Result<Bytes, ProduceError>>,
) -> Result<(), ProduceError> {
    let _permit = PRODUCING.acquire().await;
    let mut encoder = Encoder::new(dataset, format)?;
    send(pieces, encoder.begin()?).await?;
    let (mut after, mut count) = (Some(After::start(dataset)), 0);
    while let Some(place) = after {
        let (records, next) = {
            let mut connection = pool.acquire().await?;
            store::list_records(&mut connection, county, dataset, place).await?
        };
        count += records.len();
        if format == Format::Xlsx && count > MOST_WORKBOOK_ROWS {
            return Err(ProduceError::TooLong);
        }
        send(pieces, encoder.add(&records)?).await?;
        after = next;
    }
    send(pieces, encoder.finish()?).await
}

async fn send(pieces: &mpsc::Sender<Result<Bytes, ProduceError>>, bytes: Vec<u8>) -> Result<(), ProduceError> {
    if bytes.is_empty() {
        return Ok(());
    }
    pieces.send(Ok(bytes.into())).await.map_err(|_| ProduceError::Unread)
}
