//! All SQL of reports.

pub mod standing;
