//! Open data at the command line.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use sqlx::PgPool;
use tokio::io::AsyncWriteExt;

use super::model::of_file_name;
use super::produce::produce;
use crate::county::County;

/// Writes the table named by the file, such as `sites.csv`, into that file. Gives the number of bytes written.
pub async fn export(pool: &PgPool, county: &Arc<County>, file: &Path) -> anyhow::Result<usize> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let (dataset, format) = of_file_name(name).context("name the file sites, stations, grid-cells or reports, ending in .geojson, .csv or .xlsx")?;
    let mut pieces = produce(pool.clone(), county.clone(), dataset, format);
    let mut target = tokio::fs::File::create(file).await.with_context(|| format!("cannot write {}", file.display()))?;
    let mut written = 0;
    while let Some(piece) = pieces.recv().await {
        let piece = piece?;
        target.write_all(&piece).await?;
        written += piece.len();
    }
    target.flush().await?;
    Ok(written)
}
