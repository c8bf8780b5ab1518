//! Tiles of a PMTiles file beside the server. The file is read piece by piece and never mapped into memory, so that a file that is
//! exchanged while the server runs costs tiles and not the server.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{bail, ensure};
use axum::body::Bytes;
use geodata::tile::Tile;
use pmtiles::{AsyncBackend, AsyncPmTilesReader, BackendResponse, Compression, HashMapCache, PmtError, PmtResult, TileCoord, TileType};

use super::{BasemapTile, TileForm};
use crate::http::{Code, Problem};

/// Longest piece that is read at once, in bytes; a tile or a directory is far smaller.
const LONGEST_PIECE: usize = 8 * 1024 * 1024;

/// An opened file.
pub struct Archive {
    reader: AsyncPmTilesReader<Pieces, HashMapCache>,
    media_type: &'static str,
    form: TileForm,
    encoding: Option<&'static str>,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Archive").field("header", self.reader.get_header()).finish_non_exhaustive()
    }
}

impl Archive {
    /// Opens a file of pictures or of vector tiles; refuses what browsers could not show.
    pub async fn open(path: &Path) -> anyhow::Result<Self> {
        let pieces = Pieces(Arc::new(File::open(path)?));
        let reader = AsyncPmTilesReader::try_from_cached_source(pieces, HashMapCache::default()).await?;
        let header = reader.get_header();
        let (media_type, form) = match header.tile_type {
            TileType::Png => ("image/png", TileForm::Raster),
            TileType::Jpeg => ("image/jpeg", TileForm::Raster),
            TileType::Webp => ("image/webp", TileForm::Raster),
            TileType::Mvt => ("application/vnd.mapbox-vector-tile", TileForm::Vector),
            other => bail!("its tiles are {other:?}; expected PNG, JPEG, WebP or MVT"),
        };
        let encoding = match header.tile_compression {
            Compression::None => None,
            Compression::Gzip => Some("gzip"),
            other => bail!("its tiles are packed with {other:?}; expected gzip or nothing"),
        };
        ensure!(header.min_zoom <= header.max_zoom, "its zooms are reversed");
        Ok(Self { media_type, form, encoding, reader })
    }

    pub fn form(&self) -> TileForm {
        self.form
    }

    pub fn min_zoom(&self) -> u8 {
        self.reader.get_header().min_zoom
    }

    pub fn max_zoom(&self) -> u8 {
        self.reader.get_header().max_zoom
    }

    pub async fn tile(&self, tile: Tile) -> Result<BasemapTile, Problem> {
        let place = TileCoord::new(tile.z(), tile.x(), tile.y()).map_err(|_| Problem::not_found())?;
        let found = self.reader.get_tile(place).await.map_err(|error| Problem::new(Code::BadUpstream).because(error))?;
        let bytes = found.ok_or_else(Problem::not_found)?;
        Ok(BasemapTile { bytes, media_type: self.media_type, encoding: self.encoding })
    }
}

/// The file, read where the reader asks.
struct Pieces(Arc<File>);

impl AsyncBackend for Pieces {
    async fn read(&self, offset: u64, length: usize) -> PmtResult<BackendResponse> {
        if length > LONGEST_PIECE {
            return Err(PmtError::InvalidHeader);
        }
        let file = self.0.clone();
        let read = tokio::task::spawn_blocking(move || read_at(&file, offset, length)).await;
        let bytes = read.map_err(|_| PmtError::Reading(std::io::ErrorKind::Interrupted.into()))?.map_err(PmtError::Reading)?;
        Ok(BackendResponse::new(bytes))
    }
}

/// Up to `length` bytes; fewer only at the end of the file.
fn read_at(file: &File, offset: u64, length: usize) -> std::io::Result<Bytes> {
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while filled < length {
        match file.read_at(&mut bytes[filled..], offset.saturating_add(filled as u64))? {
            0 => break,
            more => filled += more,
        }
    }
    bytes.truncate(filled);
    Ok(bytes.into())
}
