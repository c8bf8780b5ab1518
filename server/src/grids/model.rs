//! A grid cell.

use geo::MultiPolygon;

use crate::http::shapes::RegionRef;
use crate::ids::GridCellId;

/// A polygon of social governance.
#[derive(Debug, Clone, PartialEq)]
pub struct GridCell {
    pub grid_cell_id: GridCellId,
    pub code: String,
    pub name: String,
    pub region: RegionRef,
    /// In degrees, WGS-84.
    pub boundary: MultiPolygon,
}
