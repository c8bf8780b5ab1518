//! Counties and their regions: the tree of places in which everything else lies.
//!
//! A region lies in another exactly when its code begins with the other's. Boundaries come in by import; drawing them is the live map's.

pub mod model;
pub mod placing;
pub mod store;

pub use model::{Region, Water};
