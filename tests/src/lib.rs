//! The harness: a whole server on a database of its own, people who act over HTTP, and a small world for them to act in.
//!
//! [`TestApp::start`] gives a server whose clock stands still until [`TestApp::set_clock`] moves it; [`World`] names the county's
//! things; [`Client`] speaks as one person. Tests state behaviour over HTTP; rules are tested beside the rules.
#![allow(clippy::disallowed_methods, reason = "a test makes its own ids and measures real time")]

mod app;
mod browser;
mod client;
mod database;
mod kept_files;
pub mod pictures;
pub mod receivers;
mod stored_report;
mod world;

pub use app::TestApp;
pub use browser::Browser;
pub use client::{Answer, Client};
pub use database::TestDatabase;
pub use stored_report::StoredReport;
pub use world::{COUNTY, EAST, FOREIGN_COUNTY, FOREIGN_TOWNSHIP, PASSWORD, Site, WEST, World};

/// An instant written with its offset, such as `2026-10-20T09:00:00+08:00`.
pub fn instant(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().expect("an instant")
}

/// Waits until `condition` holds, for at most ten seconds; says `what` when it never does.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    for _ in 0..200 {
        if condition().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it never happened: {what}");
}
