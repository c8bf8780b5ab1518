//! Pure geography: positions, datums, region codes, boundaries and the invented demo county.
//!
//! Nothing here waits, reads a clock, speaks SQL or HTTP; every function answers from its arguments alone.

pub mod boundary;
pub mod clip;
pub mod datum;
pub mod demo_county;
pub mod morton;
pub mod mvt;
pub mod position;
pub mod region_code;
pub mod tile;

pub use boundary::{Boundary, BoundaryError};
pub use datum::Datum;
pub use position::{LonLat, PositionError};
pub use region_code::RegionCode;
