//! Encoded tiles, kept compressed and bounded by their bytes. Of several who ask for the same stale tile, one draws it and the others wait.

use std::io::{Read, Write};

use axum::body::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use geodata::tile::Tile;
use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::freshness::Stamp;
use super::layers::LayerSet;

/// Most memory that cached tiles may take, in bytes.
const CAPACITY: u64 = 96 * 1024 * 1024;
/// What an entry weighs beside its bytes.
const ENTRY_WEIGHT: usize = 200;

type Key = (LayerSet, Tile);

/// A tile ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct EncodedTile {
    stamp: Stamp,
    gzip: Bytes,
    /// Names the content, the same on every server.
    pub(super) etag: String,
}

impl EncodedTile {
    fn new(stamp: Stamp, plain: &[u8]) -> Self {
        let etag = format!("W/\"{}\"", hex::encode(&Sha256::digest(plain)[..12]));
        let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 2 + 32), Compression::new(5));
        let gzip = encoder.write_all(plain).and_then(|()| encoder.finish());
        Self { stamp, gzip: gzip.expect("memory takes any write").into(), etag }
    }

    /// The bytes as nearly every browser takes them.
    pub(super) fn gzip(&self) -> Bytes {
        self.gzip.clone()
    }

    /// The bytes for whoever does not take gzip.
    pub(super) fn plain(&self) -> Bytes {
        let mut plain = Vec::new();
        GzDecoder::new(&*self.gzip).read_to_end(&mut plain).expect("what was compressed here can be read here");
        plain.into()
    }
}

#[derive(Debug)]
pub(super) struct TileCache(Cache<Key, EncodedTile>);

impl Default for TileCache {
    fn default() -> Self {
        let weigh = |_: &Key, tile: &EncodedTile| u32::try_from(tile.gzip.len() + ENTRY_WEIGHT).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(CAPACITY).weigher(weigh).build())
    }
}

impl TileCache {
    /// The tile as of the present `stamp`: from the cache, or drawn by `draw`. The stamp is taken before drawing.
    pub(super) fn get(&self, key: Key, stamp: impl Fn() -> Stamp, draw: impl FnOnce() -> Vec<u8>) -> EncodedTile {
        if let Some(tile) = self.0.get(&key)
            && tile.stamp == stamp()
        {
            return tile;
        }
        let drawn = self.0.entry(key).and_compute_with(|entry| {
            let stamp = stamp();
            match entry {
                Some(entry) if entry.value().stamp == stamp => Op::Nop,
                _ => Op::Put(EncodedTile::new(stamp, &draw())),
            }
        });
        match drawn {
            CompResult::Inserted(entry) | CompResult::ReplacedWith(entry) | CompResult::Unchanged(entry) => entry.into_value(),
            CompResult::Removed(entry) => entry.into_value(),
            CompResult::StillNone(_) => unreachable!("an absent tile is always drawn"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::freshness::Freshness;
    use super::super::layers::Layer;
    use super::*;

    #[test]
    fn a_tile_is_drawn_again_only_when_its_counter_moved() {
        let (cache, freshness) = (TileCache::default(), Freshness::default());
        let layers = LayerSet::of(&[Layer::Sites]);
        let tile = Tile::new(1, 1, 0).expect("a tile");
        let drawings = Cell::new(0);
        let get = |text: &str| {
            cache.get(
                (layers, tile),
                || freshness.stamp(layers, tile, chrono::NaiveDate::MIN),
                || {
                    drawings.set(drawings.get() + 1);
                    text.as_bytes().to_vec()
                },
            )
        };
        let first = get("一");
        assert_eq!((get("二").etag, drawings.get()), (first.etag.clone(), 1));
        freshness.site_changed(tile.codes().start() + 5);
        let second = get("三");
        assert_eq!((second.plain().as_ref(), drawings.get()), ("三".as_bytes(), 2));
        assert_ne!(second.etag, first.etag);
        freshness.county_loaded();
        assert_eq!(get("三").etag, second.etag, "the same content keeps its name");
    }
}
