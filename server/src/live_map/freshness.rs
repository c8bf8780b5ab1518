//! Which cached tiles are still right: counters instead of purging.
//!
//! A change of a site raises the counter of each tile in which it lies, from the whole world down. A cached tile is right while its
//! counter stands. Tiles share counters by hash; sharing costs a tile drawn once too often and never a wrong one. The counter is read
//! before the tile is drawn, so that a change during the drawing makes the result stale at once.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use geodata::tile::Tile;

use super::layers::LayerSet;

/// Deepest zoom that is drawn; browsers enlarge its tiles beyond.
pub(super) const DEEPEST_ZOOM: u8 = 16;

const COUNTERS: usize = 1 << 18;

/// The state of the map that a tile was drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    loaded: u64,
    changed: u64,
    /// Overdue marks change with the county's calendar day.
    day: NaiveDate,
}

#[derive(Debug)]
pub(super) struct Freshness {
    /// How often the county was loaded whole.
    loaded: AtomicU64,
    changed: Box<[AtomicU64]>,
}

impl Default for Freshness {
    fn default() -> Self {
        Self { loaded: AtomicU64::new(0), changed: (0..COUNTERS).map(|_| AtomicU64::new(0)).collect() }
    }
}

impl Freshness {
    /// The state of the map on the county's calendar day `day`, as far as it concerns these layers of a tile.
    pub(super) fn stamp(&self, layers: LayerSet, tile: Tile, day: NaiveDate) -> Stamp {
        let changed = if layers.shows_sites() { self.changed[place(tile)].load(Ordering::Acquire) } else { 0 };
        Stamp { loaded: self.loaded.load(Ordering::Acquire), changed, day }
    }

    /// A site at this Morton code has changed. Call after the change is in place.
    pub(super) fn site_changed(&self, code: u64) {
        for z in 0..=DEEPEST_ZOOM {
            self.changed[place(Tile::containing(code, z))].fetch_add(1, Ordering::Release);
        }
    }

    /// The whole county has been loaded. Call after the change is in place.
    pub(super) fn county_loaded(&self) {
        self.loaded.fetch_add(1, Ordering::Release);
    }
}

/// The tile's counter: a multiplicative hash of its address.
fn place(tile: Tile) -> usize {
    let address = (u64::from(tile.z()) << 48) | (u64::from(tile.x()) << 24) | u64::from(tile.y());
    (address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 46) as usize & (COUNTERS - 1)
}

#[cfg(test)]
mod tests {
    use geodata::LonLat;
    use geodata::tile::morton_of;

    use super::super::layers::Layer;
    use super::*;

    const DAY: NaiveDate = NaiveDate::MIN;

    fn code(lon: f64, lat: f64) -> u64 {
        morton_of(LonLat::new(lon, lat).expect("a position"))
    }

    #[test]
    fn a_change_makes_exactly_its_own_tiles_stale() {
        let freshness = Freshness::default();
        let sites = LayerSet::of(&[Layer::Sites]);
        let (here, there) = (code(120.0, 30.5), code(120.4, 30.5));
        let stamps = |code| (0..=DEEPEST_ZOOM).map(|z| freshness.stamp(sites, Tile::containing(code, z), DAY)).collect::<Vec<_>>();
        let (here_before, there_before) = (stamps(here), stamps(there));
        let grid = freshness.stamp(LayerSet::of(&[Layer::GridCells]), Tile::containing(here, 10), DAY);
        freshness.site_changed(here);
        let (here_after, there_after) = (stamps(here), stamps(there));
        assert!(here_before.iter().zip(&here_after).all(|(before, after)| before != after));
        for z in 0..=DEEPEST_ZOOM {
            let shared = Tile::containing(here, z) == Tile::containing(there, z);
            assert_eq!(there_before[usize::from(z)] != there_after[usize::from(z)], shared, "zoom {z}");
        }
        assert_eq!(freshness.stamp(LayerSet::of(&[Layer::GridCells]), Tile::containing(here, 10), DAY), grid);
    }

    #[test]
    fn a_loaded_county_makes_every_tile_stale() {
        let freshness = Freshness::default();
        let tile = Tile::containing(code(120.0, 30.5), 12);
        let regions = LayerSet::of(&[Layer::Regions]);
        let before = freshness.stamp(regions, tile, DAY);
        freshness.county_loaded();
        assert_ne!(freshness.stamp(regions, tile, DAY), before);
    }
}
