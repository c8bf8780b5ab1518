//! Deputies as the public knows them. Telephone numbers are kept for imports alone and are not part of anything here.

pub mod model;
pub mod store;

pub use model::{Deputy, DeputyLevel};
