//! Grid cells: the polygons of social governance. A place decides its cell, and the cell its deputies.

pub mod model;
pub mod store;

pub use model::GridCell;
