//! The `bbox` of a query: four numbers, or six with heights, in degrees of CRS84.

use geo::{Coord, Rect};

use super::query::refused;
use crate::http::Problem;

/// A box on the globe; one whose west lies east of its east crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Bbox {
    /// Reads west,south,east,north, or west,south,lowest,east,north,highest. Nothing here has a height, so heights admit all.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok().filter(|number: &f64| number.is_finite())).collect();
        let (west, south, east, north) = match numbers.as_deref() {
            Some(&[west, south, east, north]) => (west, south, east, north),
            Some(&[west, south, lowest, east, north, highest]) if lowest <= highest => (west, south, east, north),
            Some(&[..]) if text.split(',').count() == 6 => {
                return Err(refused("bbox", "reversed", "最低高度应在最高高度之下", "The lowest height must not lie above the highest"));
            }
            _ => {
                let zh = "应为四个数字（西,南,东,北），或带高度的六个数字（西,南,低,东,北,高）";
                return Err(refused("bbox", "not_a_bbox", zh, "Expected west,south,east,north, or six numbers with heights"));
            }
        };
        if [west, east].iter().any(|lon| lon.abs() > 180.0) || [south, north].iter().any(|lat| lat.abs() > 90.0) {
            let zh = "经度应在 ±180 之内，纬度应在 ±90 之内";
            return Err(refused("bbox", "out_of_range", zh, "Longitudes lie within ±180 and latitudes within ±90"));
        }
        if south > north {
            return Err(refused("bbox", "reversed", "南纬度不能大于北纬度", "South must not lie north of north"));
        }
        Ok(Self { west, south, east, north })
    }

    /// The box as one rectangle, or as the two on either side of the antimeridian.
    pub fn rectangles(&self) -> Vec<Rect> {
        let rectangle = |west, east| Rect::new(Coord { x: west, y: self.south }, Coord { x: east, y: self.north });
        if self.west > self.east { vec![rectangle(self.west, 180.0), rectangle(-180.0, self.east)] } else { vec![rectangle(self.west, self.east)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangles(text: &str) -> Vec<Rect> {
        Bbox::read(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}")).rectangles()
    }

    #[test]
    fn heights_are_read_and_admit_all() {
        assert_eq!(rectangles("119,30,-10,121,31,9000"), rectangles("119,30,121,31"));
        assert_eq!(rectangles(" 119 , 30 ,121,31"), rectangles("119,30,121,31"));
    }

    #[test]
    fn a_box_may_cross_the_antimeridian() {
        let both = rectangles("170,-10,-170,10");
        assert_eq!(both.iter().map(|side| (side.min().x, side.max().x)).collect::<Vec<_>>(), [(170.0, 180.0), (-180.0, -170.0)]);
    }

    #[test]
    fn what_is_no_box_is_refused() {
        let wrong = ["", "1", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "119,30,121,", "NaN,30,121,31", "119,30,inf,31", "119,31,121,30"];
        for text in wrong.into_iter().chain(["119,30,1e999,31", "-181,0,0,1", "0,-91,1,1", "0,0,9,1,1,5", "119;30;121;31", "119,30,121,31,"]) {
            assert!(Bbox::read(text).is_err(), "{text}");
        }
    }
}
