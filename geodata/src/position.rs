//! A place on the ground, longitude before latitude by type.
//!
//! A `LonLat` always lies in the box around China (73–136° E, 3–54° N), so a swapped, missing or absurd pair is refused where it
//! enters, with words that say what to do. Which datum the numbers are in is not known here: see [`crate::datum`].

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use geo::{Distance, Haversine, Point};
use serde::{Deserialize, Serialize};

/// Degrees of longitude a position may have.
pub const LON_RANGE: RangeInclusive<f64> = 73.0..=136.0;
/// Degrees of latitude a position may have.
pub const LAT_RANGE: RangeInclusive<f64> = 3.0..=54.0;

/// A position in degrees, inside the box around China. In JSON: `{"lon": 120.1, "lat": 30.5}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Pair", into = "Pair")]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

/// Why a pair of numbers is no position.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PositionError {
    #[error("坐标不是数字")]
    NotANumber,
    #[error("坐标不是有限的数字")]
    NotFinite,
    #[error("坐标是 (0, 0)，多半是没有填写")]
    Zero,
    #[error("经度和纬度写反了：应为经度 {lon}、纬度 {lat}")]
    Swapped { lon: f64, lat: f64 },
    #[error("经度 {0} 不在 73 到 136 之间")]
    LonOutside(f64),
    #[error("纬度 {0} 不在 3 到 54 之间")]
    LatOutside(f64),
}

impl PositionError {
    /// Stable name of the fault, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotANumber => "position_not_a_number",
            Self::NotFinite => "position_not_finite",
            Self::Zero => "position_zero",
            Self::Swapped { .. } => "position_swapped",
            Self::LonOutside(_) => "lon_outside",
            Self::LatOutside(_) => "lat_outside",
        }
    }
}

impl LonLat {
    /// A position from degrees; refuses what lies outside the box and says when the two numbers look swapped.
    pub fn new(lon: f64, lat: f64) -> Result<Self, PositionError> {
        if !lon.is_finite() || !lat.is_finite() {
            return Err(PositionError::NotFinite);
        }
        if lon == 0.0 && lat == 0.0 {
            return Err(PositionError::Zero);
        }
        if LON_RANGE.contains(&lon) && LAT_RANGE.contains(&lat) {
            return Ok(Self { lon, lat });
        }
        if LON_RANGE.contains(&lat) && LAT_RANGE.contains(&lon) {
            return Err(PositionError::Swapped { lon: lat, lat: lon });
        }
        if LON_RANGE.contains(&lon) { Err(PositionError::LatOutside(lat)) } else { Err(PositionError::LonOutside(lon)) }
    }

    /// A position moved by less than a kilometre from a checked one, which may step over the edge of the box by as much.
    pub(crate) fn shifted(lon: f64, lat: f64) -> Self {
        debug_assert!(lon.is_finite() && lat.is_finite());
        Self { lon, lat }
    }

    /// Degrees east.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Metres to another position along the great circle.
    pub fn metres_to(self, other: Self) -> f64 {
        Haversine.distance(Point::from(self), Point::from(other))
    }
}

impl From<LonLat> for Point {
    fn from(position: LonLat) -> Self {
        Point::new(position.lon, position.lat)
    }
}

impl TryFrom<Point> for LonLat {
    type Error = PositionError;

    fn try_from(point: Point) -> Result<Self, PositionError> {
        Self::new(point.x(), point.y())
    }
}

impl fmt::Display for LonLat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{},{}", self.lon, self.lat)
    }
}

impl FromStr for LonLat {
    type Err = PositionError;

    /// Reads `lon,lat` in degrees; a Chinese comma and blanks around the numbers are taken too.
    fn from_str(text: &str) -> Result<Self, PositionError> {
        let (lon, lat) = text.split_once([',', '，']).ok_or(PositionError::NotANumber)?;
        let degrees = |part: &str| part.trim().parse::<f64>().map_err(|_| PositionError::NotANumber);
        Self::new(degrees(lon)?, degrees(lat)?)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    lon: f64,
    lat: f64,
}

impl TryFrom<Pair> for LonLat {
    type Error = PositionError;

    fn try_from(pair: Pair) -> Result<Self, PositionError> {
        Self::new(pair.lon, pair.lat)
    }
}

impl From<LonLat> for Pair {
    fn from(position: LonLat) -> Self {
        Self { lon: position.lon, lat: position.lat }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAN: f64 = f64::NAN;
    const INF: f64 = f64::INFINITY;

    #[test]
    fn absurd_numbers_are_refused_whatever_stands_beside_them() {
        let absurd = [NAN, INF, -INF, 1e308, -1e308, f64::MAX, f64::MIN, f64::EPSILON, -0.0, 0.0, -1.0, 180.0, -180.0, 360.0, 1e9];
        let mut refused = 0;
        for bad in absurd {
            for good_lon in [73.0, 104.5, 136.0] {
                assert!(LonLat::new(good_lon, bad).is_err(), "({good_lon}, {bad})");
                refused += 1;
            }
            for good_lat in [3.0, 30.5, 54.0] {
                assert!(LonLat::new(bad, good_lat).is_err(), "({bad}, {good_lat})");
                refused += 1;
            }
        }
        assert!(refused >= 90);
    }

    #[test]
    fn each_fault_has_its_own_name() {
        use PositionError::*;
        let cases = [
            ((NAN, 30.0), NotFinite),
            ((120.0, INF), NotFinite),
            ((-INF, NAN), NotFinite),
            ((0.0, 0.0), Zero),
            ((-0.0, 0.0), Zero),
            ((30.5, 120.1), Swapped { lon: 120.1, lat: 30.5 }),
            ((53.9, 122.3), Swapped { lon: 122.3, lat: 53.9 }),
            ((72.999_999, 30.0), LonOutside(72.999_999)),
            ((136.000_001, 30.0), LonOutside(136.000_001)),
            ((-120.0, 30.0), LonOutside(-120.0)),
            ((120.0, 2.999_999), LatOutside(2.999_999)),
            ((120.0, 54.000_001), LatOutside(54.000_001)),
            ((120.0, -30.0), LatOutside(-30.0)),
            ((120.0, 0.0), LatOutside(0.0)),
            ((0.0, 30.0), LonOutside(0.0)),
            ((1e308, 1e308), LonOutside(1e308)),
            ((40_500_000.0, 3_378_000.0), LonOutside(40_500_000.0)),
        ];
        for ((lon, lat), fault) in cases {
            assert_eq!(LonLat::new(lon, lat), Err(fault), "({lon}, {lat})");
        }
    }

    #[test]
    fn the_edges_of_the_box_belong_to_it() {
        for lon in [73.0, 100.0, 136.0] {
            for lat in [3.0, 30.0, 54.0] {
                assert!(LonLat::new(lon, lat).is_ok());
            }
        }
    }

    #[test]
    fn text_is_read_as_longitude_then_latitude() {
        let position = LonLat::new(120.1, 30.5).unwrap();
        for text in ["120.1,30.5", " 120.1 , 30.5 ", "120.1，30.5", "1.201e2,30.50"] {
            assert_eq!(text.parse(), Ok(position), "{text}");
        }
        for text in ["", ",", "120.1", "120.1,", ",30.5", "120.1;30.5", "120.1,30.5,8", "东经120.1,30.5", "NaN,30", "inf,inf", "null,null"] {
            assert!(text.parse::<LonLat>().is_err(), "{text}");
        }
        assert_eq!(position.to_string().parse(), Ok(position));
    }

    #[test]
    fn json_takes_two_numbers_by_name_and_nothing_else() {
        let read = serde_json::from_str::<LonLat>;
        assert_eq!(read(r#"{"lon":120.1,"lat":30.5}"#).unwrap(), LonLat::new(120.1, 30.5).unwrap());
        for text in [
            r#"{"lon":"120.1","lat":30.5}"#,
            r#"{"lon":null,"lat":30.5}"#,
            r#"{"lon":120.1}"#,
            r#"{"lon":120.1,"lat":30.5,"alt":8}"#,
            r#"{"lon":30.5,"lat":120.1}"#,
            r#"{"lon":1e999,"lat":30.5}"#,
            r#"{"lon":0,"lat":0}"#,
            r#"{"lon":[120.1],"lat":30.5}"#,
            r#"{"lon":true,"lat":30.5}"#,
            "null",
            "120.1",
            "{}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(serde_json::to_string(&LonLat::new(120.1, 30.5).unwrap()).unwrap(), r#"{"lon":120.1,"lat":30.5}"#);
    }

    #[test]
    fn distance_is_in_metres_along_the_ground() {
        let here = LonLat::new(120.0, 30.0).unwrap();
        assert_eq!(here.metres_to(here), 0.0);
        let a_degree_north = LonLat::new(120.0, 31.0).unwrap();
        assert!((here.metres_to(a_degree_north) - 111_195.0).abs() < 10.0);
        let a_degree_east = LonLat::new(121.0, 30.0).unwrap();
        assert!((here.metres_to(a_degree_east) - 96_297.0).abs() < 30.0);
    }

    proptest! {
        #[test]
        fn any_two_numbers_are_answered_and_only_the_box_is_taken(lon in any::<f64>(), lat in any::<f64>()) {
            let inside = LON_RANGE.contains(&lon) && LAT_RANGE.contains(&lat);
            prop_assert_eq!(LonLat::new(lon, lat).is_ok(), inside);
        }

        #[test]
        fn a_swapped_pair_is_named_as_such(lon in 73.0..=136.0, lat in 3.0..=54.0) {
            prop_assert_eq!(LonLat::new(lat, lon), Err(PositionError::Swapped { lon, lat }));
        }

        #[test]
        fn any_text_is_answered(text in ".{0,40}") {
            let _ = text.parse::<LonLat>();
        }
    }
}
