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

/// The township of a region's code; none for the county itself.
pub fn township_of(code: &str) -> Option<&str> {
    code.get(..9)
}
