//! Web Mercator and its tiles.
//!
//! A place on the map is a pair of fractions of the square world, from the north-west corner. A tile `z/x/y` is one of `2^z × 2^z` equal
//! squares; each place lies in exactly one tile of a zoom.

use std::f64::consts::PI;
use std::ops::RangeInclusive;

use geo::{Coord, Rect};

use crate::morton;
use crate::position::LonLat;

/// Units along the edge of a tile.
pub const EXTENT: f64 = 4096.0;
/// Deepest zoom at which a tile can be named here.
pub const DEEPEST_ZOOM: u8 = 24;

/// A tile's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    z: u8,
    x: u32,
    y: u32,
}

/// Fractions of the world for degrees: `x` eastwards, `y` southwards, both from 0 to 1 within the Mercator square.
pub fn to_world(lon: f64, lat: f64) -> Coord {
    let y = lat.to_radians().tan().asinh();
    Coord { x: (lon + 180.0) / 360.0, y: (1.0 - y / PI) / 2.0 }
}

/// Degrees `(lon, lat)` for fractions of the world.
pub fn from_world(place: Coord) -> (f64, f64) {
    let lat = (PI * (1.0 - 2.0 * place.y)).sinh().atan().to_degrees();
    (place.x * 360.0 - 180.0, lat)
}

/// The Morton code of a position at the finest resolution: about a centimetre.
pub fn morton_of(position: LonLat) -> u64 {
    let place = to_world(position.lon(), position.lat());
    let whole = |fraction: f64| (fraction.clamp(0.0, 1.0) * 4_294_967_296.0).min(4_294_967_295.0) as u32;
    morton::encode(whole(place.x), whole(place.y))
}

impl Tile {
    /// A tile that exists; none when a number is out of its range.
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        (z <= DEEPEST_ZOOM && x < (1 << z) && y < (1 << z)).then_some(Self { z, x, y })
    }

    pub fn z(self) -> u8 {
        self.z
    }

    pub fn x(self) -> u32 {
        self.x
    }

    pub fn y(self) -> u32 {
        self.y
    }

    /// The tile of zoom `z` (at most [`DEEPEST_ZOOM`]) in which a Morton code lies.
    pub fn containing(code: u64, z: u8) -> Self {
        let z = z.min(DEEPEST_ZOOM);
        let (x, y) = morton::decode(code);
        let shift = 32 - u32::from(z);
        let cut = |value: u32| if shift == 32 { 0 } else { value >> shift };
        Self { z, x: cut(x), y: cut(y) }
    }

    /// The Morton codes that lie in the tile.
    pub fn codes(self) -> RangeInclusive<u64> {
        let shift = 64 - 2 * u32::from(self.z);
        let prefix = morton::encode(self.x, self.y);
        if shift == 64 { 0..=u64::MAX } else { (prefix << shift)..=((prefix << shift) | ((1 << shift) - 1)) }
    }

    /// Where a place lies in the tile's own units, 0 to [`EXTENT`] inside it.
    pub fn local(self, place: Coord) -> Coord {
        let tiles = self.across();
        Coord { x: (place.x * tiles - f64::from(self.x)) * EXTENT, y: (place.y * tiles - f64::from(self.y)) * EXTENT }
    }

    /// The tile's square in fractions of the world, made larger by `buffer` units on each side.
    pub fn square(self, buffer: f64) -> Rect {
        let edge = 1.0 / self.across();
        let margin = buffer / EXTENT * edge;
        let (west, north) = (f64::from(self.x) * edge, f64::from(self.y) * edge);
        Rect::new(Coord { x: west - margin, y: north - margin }, Coord { x: west + edge + margin, y: north + edge + margin })
    }

    /// How many tiles of this zoom stand side by side.
    fn across(self) -> f64 {
        f64::from(1_u32 << self.z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    #[test]
    fn known_places_lie_in_their_known_tiles() {
        // Reference numbers of the slippy-map scheme: floor((lon+180)/360·2^z), floor((1−asinh(tan lat)/π)/2·2^z).
        for ((lon, lat), (z, x, y)) in [((120.15, 30.25), (10, 853, 421)), ((116.3975, 39.9087), (12, 3372, 1552)), ((135.9, 53.9), (0, 0, 0))] {
            let tile = Tile::containing(morton_of(position(lon, lat)), z);
            assert_eq!((tile.x(), tile.y()), (x, y), "{lon},{lat} at {z}");
        }
    }

    #[test]
    fn tiles_out_of_range_do_not_exist() {
        for (z, x, y) in [(0, 1, 0), (1, 2, 0), (1, 0, 2), (25, 0, 0), (30, 0, 0), (255, 0, 0), (10, 1024, 0), (3, u32::MAX, 0)] {
            assert_eq!(Tile::new(z, x, y), None, "{z}/{x}/{y}");
        }
        assert!(Tile::new(24, (1 << 24) - 1, 0).is_some());
    }

    proptest! {
        #[test]
        fn each_place_lies_in_one_tile_of_a_zoom_and_in_its_range(lon in 73.0..=136.0, lat in 3.0..=54.0, z in 0_u8..=24) {
            let position = position(lon, lat);
            let code = morton_of(position);
            let tile = Tile::containing(code, z);
            prop_assert!(tile.codes().contains(&code));
            let local = tile.local(to_world(lon, lat));
            prop_assert!((-0.01..=EXTENT + 0.01).contains(&local.x) && (-0.01..=EXTENT + 0.01).contains(&local.y));
            if let Some(east) = Tile::new(z, tile.x() + 1, tile.y()) {
                prop_assert!(!east.codes().contains(&code));
            }
        }

        #[test]
        fn the_world_turns_back_into_degrees(lon in 73.0..=136.0, lat in 3.0..=54.0) {
            let (lon_again, lat_again) = from_world(to_world(lon, lat));
            prop_assert!((lon - lon_again).abs() < 1e-9 && (lat - lat_again).abs() < 1e-9);
        }
    }
}
