//! The four datums in which places reach a Chinese office, and the way from each to WGS-84.
//!
//! A place is converted by the datum its source declares and never by where it lies: the usual "inside China" box shifts Seoul, Hong
//! Kong and Taipei by half a kilometre. GCJ-02 and BD-09 are inverted by fixed-point iteration to well below a millimetre; the
//! formulas themselves agree with the published maps to about a metre.

use std::f64::consts::PI;

use geo::{Coord, MapCoords, MultiPolygon};
use serde::{Deserialize, Serialize};

use crate::position::LonLat;

/// What the numbers of a position refer to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// Satellite receivers, browsers, and everything stored here.
    #[default]
    Wgs84,
    /// The national datum; agrees with WGS-84 to decimetres and is stored as it is.
    Cgcs2000,
    /// Amap, Tencent and other licensed Chinese maps: shifted by 300 to 700 m.
    Gcj02,
    /// Baidu: GCJ-02 shifted once more.
    Bd09,
}

/// Half a ten-millionth of a millimetre; fixed-point iteration stops below it.
const CLOSE_ENOUGH_DEGREES: f64 = 1e-12;
const MOST_ROUNDS: usize = 30;

impl Datum {
    pub const ALL: [Self; 4] = [Self::Wgs84, Self::Cgcs2000, Self::Gcj02, Self::Bd09];

    /// The name in JSON, SQL and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Cgcs2000 => "cgcs2000",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    /// The datum of this name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|datum| datum.as_str().eq_ignore_ascii_case(name.trim()))
    }

    /// The place in WGS-84 that a source in this datum means.
    pub fn to_wgs84(self, place: LonLat) -> LonLat {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => place,
            Self::Gcj02 => invert(gcj02_from_wgs84, place),
            Self::Bd09 => invert(gcj02_from_wgs84, invert(bd09_from_gcj02, place)),
        }
    }

    /// How this datum writes a place given in WGS-84.
    pub fn from_wgs84(self, place: LonLat) -> LonLat {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => place,
            Self::Gcj02 => gcj02_from_wgs84(place),
            Self::Bd09 => bd09_from_gcj02(gcj02_from_wgs84(place)),
        }
    }

    /// A boundary declared in this datum, in WGS-84. Its vertices must lie in the box of [`LonLat`].
    pub fn boundary_to_wgs84(self, boundary: &MultiPolygon) -> MultiPolygon {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => boundary.clone(),
            Self::Gcj02 | Self::Bd09 => boundary.map_coords(|vertex| {
                let place = self.to_wgs84(LonLat::shifted(vertex.x, vertex.y));
                Coord { x: place.lon(), y: place.lat() }
            }),
        }
    }
}

/// The place that `forward` maps to `target`: corrects by the remaining error until none is left.
fn invert(forward: fn(LonLat) -> LonLat, target: LonLat) -> LonLat {
    let mut guess = target;
    for _ in 0..MOST_ROUNDS {
        let reached = forward(guess);
        let (lon_error, lat_error) = (reached.lon() - target.lon(), reached.lat() - target.lat());
        guess = LonLat::shifted(guess.lon() - lon_error, guess.lat() - lat_error);
        if lon_error.abs() < CLOSE_ENOUGH_DEGREES && lat_error.abs() < CLOSE_ENOUGH_DEGREES {
            break;
        }
    }
    guess
}

/// GCJ-02's published shift: polynomials and sines of the offset from 105° E 35° N, on the Krasovsky ellipsoid.
fn gcj02_from_wgs84(place: LonLat) -> LonLat {
    const SEMI_MAJOR_M: f64 = 6_378_245.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

    let (x, y) = (place.lon() - 105.0, place.lat() - 35.0);
    let ripple = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let north_m = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + ripple
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east_m = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + ripple
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;

    let lat_radians = place.lat().to_radians();
    let flattening = 1.0 - ECCENTRICITY_SQUARED * lat_radians.sin().powi(2);
    let meridian_radius_m = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (flattening * flattening.sqrt());
    let parallel_radius_m = SEMI_MAJOR_M / flattening.sqrt() * lat_radians.cos();
    LonLat::shifted(place.lon() + (east_m / parallel_radius_m).to_degrees(), place.lat() + (north_m / meridian_radius_m).to_degrees())
}

/// Baidu's second shift, in polar coordinates around (0, 0).
fn bd09_from_gcj02(place: LonLat) -> LonLat {
    const TURNS: f64 = PI * 3000.0 / 180.0;
    let (x, y) = (place.lon(), place.lat());
    let radius = x.hypot(y) + 0.000_02 * (y * TURNS).sin();
    let angle = y.atan2(x) + 0.000_003 * (x * TURNS).cos();
    LonLat::shifted(radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    /// (from, to, place, the place as public converters for web maps give it).
    type FixedPoint = (Datum, Datum, (f64, f64), (f64, f64));
    const FIXED_POINTS: [FixedPoint; 6] = [
        (Datum::Wgs84, Datum::Gcj02, (116.404, 39.915), (116.410_244_5, 39.916_404_3)),
        (Datum::Wgs84, Datum::Gcj02, (121.527_210_6, 31.177_427_6), (121.531_541_9, 31.175_304_0)),
        (Datum::Wgs84, Datum::Gcj02, (113.912_316, 22.543_847), (113.917_176_5, 22.540_796_1)),
        (Datum::Wgs84, Datum::Gcj02, (116.377_817, 39.911_954), (116.384_047_2, 39.913_345_5)),
        (Datum::Gcj02, Datum::Bd09, (116.404, 39.915), (116.410_369_5, 39.921_337_0)),
        (Datum::Wgs84, Datum::Bd09, (116.403_988, 39.914_266), (116.416_615_6, 39.921_965_8)),
    ];

    #[test]
    fn fixed_points_convert_forward_and_back_within_a_tenth_of_a_metre() {
        for (from, to, place, written) in FIXED_POINTS {
            let (place, written) = (at(place.0, place.1), at(written.0, written.1));
            let forward_m = to.from_wgs84(from.to_wgs84(place)).metres_to(written);
            let back_m = from.from_wgs84(to.to_wgs84(written)).metres_to(place);
            assert!(forward_m < 0.1 && back_m < 0.1, "{from:?} to {to:?} {place}: {forward_m} m, back {back_m} m");
        }
    }

    #[test]
    fn a_place_is_moved_by_its_declared_datum_and_never_by_where_it_lies() {
        for (lon, lat) in [(126.978, 37.566), (114.169, 22.319), (121.565, 25.033), (106.917, 47.918), (120.0, 30.5)] {
            let place = at(lon, lat);
            for datum in [Datum::Wgs84, Datum::Cgcs2000] {
                assert_eq!(datum.to_wgs84(place), place);
                assert_eq!(datum.from_wgs84(place), place);
            }
        }
    }

    #[test]
    fn the_shift_inside_china_is_some_hundred_metres() {
        for lon in 74..135 {
            for lat in [18.0, 25.0, 30.5, 40.0, 53.0] {
                let place = at(f64::from(lon), lat);
                let shift_m = Datum::Gcj02.from_wgs84(place).metres_to(place);
                assert!((50.0..800.0).contains(&shift_m), "{place}: {shift_m} m");
            }
        }
    }

    #[test]
    fn names_are_the_same_in_code_and_json() {
        for datum in Datum::ALL {
            assert_eq!(serde_json::to_string(&datum).unwrap(), format!("\"{}\"", datum.as_str()));
            assert_eq!(Datum::from_name(&datum.as_str().to_uppercase()), Some(datum));
        }
        assert_eq!(Datum::from_name("beijing54"), None);
    }

    #[test]
    fn a_boundary_is_converted_vertex_by_vertex() {
        let square = polygon![(x: 120.0, y: 30.0), (x: 120.1, y: 30.0), (x: 120.1, y: 30.1), (x: 120.0, y: 30.0)];
        let boundary = MultiPolygon::new(vec![square]);
        assert_eq!(Datum::Cgcs2000.boundary_to_wgs84(&boundary), boundary);
        let moved = Datum::Gcj02.boundary_to_wgs84(&boundary);
        let first = moved.0[0].exterior().0[0];
        assert_eq!(at(first.x, first.y), Datum::Gcj02.to_wgs84(at(120.0, 30.0)));
    }

    proptest! {
        #[test]
        fn round_trips_lose_less_than_a_millimetre(lon in 73.0..=136.0, lat in 3.0..=54.0) {
            let place = at(lon, lat);
            for datum in Datum::ALL {
                let there_and_back_m = datum.to_wgs84(datum.from_wgs84(place)).metres_to(place);
                prop_assert!(there_and_back_m < 0.001, "{:?}: {} m", datum, there_and_back_m);
                let back_and_there_m = datum.from_wgs84(datum.to_wgs84(place)).metres_to(place);
                prop_assert!(back_and_there_m < 0.001, "{:?}: {} m", datum, back_and_there_m);
            }
        }
    }
}
