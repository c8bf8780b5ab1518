//! All SQL of supervision orders: what is read is in [`read`], what is written in [`write`].

pub mod read;
pub mod write;
