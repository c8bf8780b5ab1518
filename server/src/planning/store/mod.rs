//! All SQL of entering and mending: projects and units in [`catalogue`], sites in [`sites`].

pub mod catalogue;
pub mod sites;
