//! The deputies' monthly reports: what they saw at the sites they have adopted.
//!
//! The rules kept here: a report counts for the month it was written in when that can be believed; one report of a deputy on a site
//! stands for each month; the latest standing report decides the site's stage, unless the committee has corrected it since. Photographs
//! themselves are in [`crate::photos`], the close of the month and the committee's acts are not here.

pub mod store;
