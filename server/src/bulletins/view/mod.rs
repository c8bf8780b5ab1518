//! The bulletin as a page that prints on A4, the index of all bulletins, and the figures as a page for readers without script.

mod beside;
mod bulletin;
mod charts;
mod figures;
mod index;
mod pieces;
mod year;

pub use bulletin::{bulletin, cause};
pub use figures::figures;
pub use index::index;
pub use pieces::state_words;
pub use year::year;
