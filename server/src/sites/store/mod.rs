//! All SQL of sites.

mod history;
mod read;
pub mod stage;

pub use history::{Edge, SiteEvent, list_history};
pub use read::{find_site, list_sites, list_withdrawn_sites};
