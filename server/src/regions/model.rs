//! Regions and waters as the map draws them.

use geo::MultiPolygon;

use crate::database::geometry::Shape;

/// A county or township with its boundary, as far as one was imported.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    pub code: String,
    pub name: String,
    /// In degrees, WGS-84.
    pub boundary: Option<MultiPolygon>,
}

/// A lake or river of the county's own drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Water {
    /// `lake` or `river`.
    pub kind: String,
    pub name: String,
    pub shape: Shape,
}

/// Where a point lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Located {
    /// The township whose boundary holds it.
    pub township: Option<String>,
    /// Metres to the county's area, 0 inside; None when the county has no boundary at all.
    pub outside_m: Option<f64>,
}

/// A point this far outside the county is taken for a fault; nearer ones may be a boundary's inaccuracy.
pub const FARTHEST_OUTSIDE_M: f64 = 2_000.0;

/// The township of a region's code; none for the county itself.
pub fn township_of(code: &str) -> Option<&str> {
    code.get(..9)
}
