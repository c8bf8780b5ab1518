//! All SQL of challenges.

pub mod pictures;
pub mod read;
pub mod write;
