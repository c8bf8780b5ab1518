//! All SQL of sites.

mod history;
mod read;
pub mod stage;

pub use history::{StageChange, list_stage_changes};
pub use read::{find_site, list_sites, list_withdrawn_sites};
