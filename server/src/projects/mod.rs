//! Projects: what the county's congress voted for, year by year, and the units that carry them out.

pub mod model;
pub mod store;

pub use model::Project;
