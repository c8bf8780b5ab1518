//! All SQL of the roster.

pub mod deputies;
pub mod groups;
pub mod returns;
pub mod stations;
pub mod term_lists;
pub mod terms;
