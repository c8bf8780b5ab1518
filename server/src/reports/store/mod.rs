//! All SQL of reports: reading them, writing one, and bringing a site into line with those that stand.

pub mod read;
pub mod standing;
pub mod write;
