//! A county as the rules need it: its code, its calendar and the figures it has set for itself.

use std::collections::BTreeMap;

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
    /// When, before a month ends, those who have not reported are reminded; never when there is none.
    pub month_reminder: Option<MonthReminder>,
    /// The hour at which unanswered supervision orders rise, of the county's clock.
    pub order_rise_hour: u16,
    /// When, before a month ends, those who offered sites are told that nobody took them; never when there is none.
    pub offer_reminder: Option<MonthReminder>,
    /// The rules under which months were closed: a later change of the figures above leaves them alone.
    pub closed: BTreeMap<Month, MonthRules>,
}

/// When somebody is reminded of what a month still lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthReminder {
    /// Before the month's last day.
    pub days_before: u16,
    /// Of the county's clock.
    pub hour: u16,
}

/// The figures that a month keeps from the moment it is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthRules {
    pub grace_days: u16,
    pub stale_days: u16,
    pub minimum_ranked: u16,
}

impl County {
    /// The rules of `month`: those it was closed under, or the present ones while it is open.
    pub fn rules_of(&self, month: Month) -> MonthRules {
        let present = MonthRules { grace_days: self.grace_days, stale_days: self.stale_days, minimum_ranked: self.minimum_ranked };
        self.closed.get(&month).copied().unwrap_or(present)
    }

    /// When the days of grace of `month` are over and its snapshot becomes final.
    pub fn final_at(&self, month: Month) -> DateTime<Utc> {
        month.final_at(self.zone, self.rules_of(month).grace_days)
    }

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
