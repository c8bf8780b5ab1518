//! All SQL of entering and mending: projects and units in [`catalogue`], sites in [`sites`], names of places in [`regions`].

pub mod catalogue;
pub mod mergers;
pub mod regions;
pub mod sites;
