//! Notices: what a signed-in person is told inside the app, written in the transaction of its cause.
//!
//! Features say whom they tell and why; who has an account to be told with is found here. Ways out of the app (mail, messages) are not here.

pub mod model;
pub mod store;

pub use model::NoticeKind;
pub use store::{tell_deputies, tell_units};
