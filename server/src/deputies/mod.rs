//! Deputies as the public knows them, also those of earlier terms. Telephone numbers are kept for the desk alone and are not part of
//! anything here.

pub mod model;
pub mod store;

pub use model::{Deputy, DeputyLevel};
