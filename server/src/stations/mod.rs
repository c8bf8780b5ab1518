//! Liaison stations, where residents meet their deputies. Schedules and receptions are not here.

pub mod model;
pub mod store;

pub use model::{Station, StationKind};
