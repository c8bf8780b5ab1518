//! All SQL of sites.

mod adopters;
mod history;
mod read;
pub mod stage;
mod withdrawals;

pub use adopters::raise_rev;
pub use history::{Edge, SiteEvent, list_history};
pub use read::{find_place, find_region, find_site, list_sites, list_withdrawn_sites};
pub use withdrawals::{WantedWithdrawals, Withdrawal, count_withdrawn, find_told_site, is_told, list_withdrawals};
