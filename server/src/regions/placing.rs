//! A place that somebody types or points at: read in the datum it is given in, checked for the usual slips, found in its township.
//!
//! In China longitudes (73 to 136) and latitudes (3 to 54) do not overlap, so exchanged numbers are recognised; they are never moved.

use geodata::LonLat;
use geodata::datum::Datum;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{FARTHEST_OUTSIDE_M, township_of};
use super::store;
use crate::http::Problem;
use crate::http::shapes::RegionRef;
use crate::ids::CountyId;

/// A position as it is written, in its own datum.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lon": 119.9761, "lat": 30.5388, "datum": "wgs84"}))]
pub struct WrittenPosition {
    /// Degrees.
    pub lon: f64,
    pub lat: f64,
    /// `wgs84` when nothing is said, `cgcs2000`, `gcj02` (Amap, Tencent) or `bd09` (Baidu).
    #[schema(value_type = Option<String>)]
    pub datum: Option<Datum>,
}

/// Why two numbers are no place of the county's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    Unreadable,
    /// The longitude stands where the latitude belongs and the other way round.
    Swapped,
    OutsideChina,
    /// 0, 0: what programs write for no position.
    Zero,
}

pub fn is_longitude(degrees: f64) -> bool {
    (73.0..=136.0).contains(&degrees)
}

pub fn is_latitude(degrees: f64) -> bool {
    (3.0..=54.0).contains(&degrees)
}

/// Whether the numbers can be a place in China.
pub fn check(lon: f64, lat: f64) -> Result<(), Slip> {
    match (lon, lat) {
        (lon, lat) if !lon.is_finite() || !lat.is_finite() => Err(Slip::Unreadable),
        (lon, lat) if lon == 0.0 && lat == 0.0 => Err(Slip::Zero),
        (lon, lat) if is_longitude(lon) && is_latitude(lat) => Ok(()),
        (lon, lat) if is_latitude(lon) && is_longitude(lat) => Err(Slip::Swapped),
        _ => Err(Slip::OutsideChina),
    }
}

/// A place found in the county.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// In WGS-84.
    pub position: LonLat,
    /// The township whose boundary holds it; none where no boundary can tell.
    pub township: Option<RegionRef>,
    /// The village whose boundary holds it; none where none is known.
    pub village: Option<RegionRef>,
    /// Metres outside the county; 0 inside, or where no boundary can tell.
    pub outside_m: f64,
}

impl WrittenPosition {
    /// As the office wrote it, for the record.
    pub fn source(&self) -> String {
        format!("{},{}", self.lon, self.lat)
    }

    pub fn datum(&self) -> Datum {
        self.datum.unwrap_or_default()
    }

    /// The place in the county; refused, under the field's name, where it cannot be one.
    pub async fn find(&self, connection: &mut PgConnection, county_id: CountyId, field: &str) -> Result<Placed, Problem> {
        check(self.lon, self.lat).map_err(|slip| problem(slip, field))?;
        let written = LonLat::new(self.lon, self.lat).map_err(|_| problem(Slip::Unreadable, field))?;
        let position = self.datum().to_wgs84(written);
        let located = store::locate(connection, county_id, &[position]).await?.pop().unwrap_or_default();
        let outside_m = located.outside_m.unwrap_or(0.0);
        if outside_m > FARTHEST_OUTSIDE_M {
            let kilometres = (outside_m / 1000.0).ceil();
            let zh = format!("位置在县界之外约 {kilometres} 公里，请核对坐标和坐标系");
            let en = format!("The place lies about {kilometres} km outside the county; check the numbers and their datum");
            return Err(Problem::field(field, "outside_county", zh, en));
        }
        let village = store::find_village(connection, county_id, position).await?.map(|(code, name)| RegionRef { code, name });
        // A village says its township where the township's own outline is not known.
        let by_village = village.as_ref().and_then(|village| township_of(&village.code)).map(str::to_owned);
        let township = match located.township.or(by_village) {
            Some(code) => {
                let names = store::list_names(connection, county_id).await?;
                let name = names.into_iter().find(|(known, _)| *known == code).map_or_else(|| code.clone(), |(_, name)| name);
                Some(RegionRef { code, name })
            }
            None => None,
        };
        Ok(Placed { position, township, village, outside_m })
    }
}

fn problem(slip: Slip, field: &str) -> Problem {
    let (code, zh, en) = match slip {
        Slip::Unreadable => ("unreadable", "经纬度应为以度计的数字", "Longitude and latitude are numbers in degrees"),
        Slip::Swapped => (
            "swapped",
            "经度和纬度填反了：中国的经度在 73–136 之间，纬度在 3–54 之间，请对调",
            "Longitude and latitude are exchanged: in China longitudes are 73–136 and latitudes 3–54",
        ),
        Slip::OutsideChina => (
            "outside_china",
            "不在中国范围内（经度 73–136，纬度 3–54）；平面坐标（米）须先换算成经纬度",
            "Not in China (73–136, 3–54); metric grid coordinates must first be converted to degrees",
        ),
        Slip::Zero => ("zero", "坐标是 0,0，即没有取到位置", "The coordinates are 0,0: no position was taken"),
    };
    Problem::field(field, code, zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_china_is_told_from_every_usual_slip() {
        for (lon, lat) in [(73.0, 3.0), (136.0, 54.0), (120.0, 30.0), (100.0, 53.9)] {
            assert_eq!(check(lon, lat), Ok(()), "{lon} {lat}");
            assert_eq!(check(lat, lon), Err(Slip::Swapped), "{lat} {lon}");
        }
        assert_eq!(check(0.0, 0.0), Err(Slip::Zero));
        assert_eq!(check(-0.0, 0.0), Err(Slip::Zero));
        for (lon, lat) in [(72.999, 30.0), (136.001, 30.0), (120.0, 2.999), (120.0, 54.001), (-120.0, 30.0), (120.0, -30.0), (1e308, 30.0)] {
            assert_eq!(check(lon, lat), Err(Slip::OutsideChina), "{lon} {lat}");
        }
        for (lon, lat) in [(f64::NAN, 30.0), (120.0, f64::INFINITY), (f64::NEG_INFINITY, f64::NAN)] {
            assert_eq!(check(lon, lat), Err(Slip::Unreadable), "{lon} {lat}");
        }
    }
}
