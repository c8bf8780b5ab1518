//! A county as the rules need it: its code, its calendar and the figures it has set for itself.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};
use chrono_tz::Tz;

use crate::calendar::Month;
use crate::ids::CountyId;

/// A county and its settings. Cheap to clone behind an `Arc`.
#[derive(Debug, Clone)]
pub struct County {
    pub county_id: CountyId,
    /// GB/T 2260 code, six digits: also the region code under which county-wide rights are held.
    pub code: String,
    pub name: String,
    pub zone: Tz,
    pub is_demo: bool,
    /// Days after a month's close in which late reports still enter its snapshot.
    pub grace_days: u16,
    /// Hours after a month's close in which a report written before it still counts for it.
    pub offline_hours: u16,
    /// Age in days past which a pin's evidence is shown as unverified.
    pub stale_days: u16,
    /// Metres from the site past which a report is marked off-site.
    pub off_site_m: u32,
    /// Fewest sites a unit, township or deputy must have to be ranked.
    pub minimum_ranked: u16,
}

impl County {
    /// The date in the county at `instant`.
    pub fn date_at(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.zone).date_naive()
    }

    /// The reporting month that is open at `instant`.
    pub fn month_at(&self, instant: DateTime<Utc>) -> Month {
        Month::at(instant, self.zone)
    }

    /// `instant` with the county's offset, as it is written in answers.
    pub fn local(&self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        let local = instant.with_timezone(&self.zone);
        local.with_timezone(&local.offset().fix())
    }
}
