//! Counts over sites: how many of each stage, how many late, silent or struck off, and what was reported of them.

use serde::Serialize;
use utoipa::ToSchema;

use super::filter::ShownSite;
use crate::calendar::Month;
use crate::sites::{Marks, Stage};

/// How many sites of each kind. The three stages add up to `sites`; the others are marks beside the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(example = json!({"sites": 208, "completed": 97, "in_progress": 84, "not_started": 27, "overdue_red": 9, "overdue_yellow": 6, "silent": 12,
    "struck_off": 61}))]
pub struct Counts {
    pub sites: u32,
    pub completed: u32,
    pub in_progress: u32,
    pub not_started: u32,
    /// Red and late.
    pub overdue_red: u32,
    /// Yellow and late.
    pub overdue_yellow: u32,
    /// Without a standing report for the last closed month.
    pub silent: u32,
    pub struck_off: u32,
}

impl Counts {
    pub(super) fn add(&mut self, stage: Stage, marks: Marks, struck_off: bool) {
        self.sites += 1;
        match stage {
            Stage::Completed => self.completed += 1,
            Stage::InProgress => self.in_progress += 1,
            Stage::NotStarted => self.not_started += 1,
        }
        self.overdue_red += u32::from(stage == Stage::NotStarted && marks.overdue());
        self.overdue_yellow += u32::from(stage == Stage::InProgress && marks.overdue());
        self.silent += u32::from(marks.silent);
        self.struck_off += u32::from(struck_off);
    }
}

impl<'a> FromIterator<&'a ShownSite> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a ShownSite>>(sites: I) -> Self {
        let mut counts = Self::default();
        for shown in sites {
            counts.add(shown.site.stage, shown.marks, shown.site.is_struck_off());
        }
        counts
    }
}

/// Reports owed for a month, received, and received on time: three numbers, never one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(example = json!({"owed": 190, "received": 171, "on_time": 164}))]
pub struct Owing {
    /// One by each adopter, unless excused for the month, of each site that is not struck off.
    pub owed: u32,
    /// Of them, received.
    pub received: u32,
    /// Of them, received before the month closed.
    pub on_time: u32,
}

impl Owing {
    /// One site in the open month as it stands.
    pub(super) fn so_far(shown: &ShownSite, month: Month) -> Self {
        if shown.site.is_struck_off() {
            return Self::default();
        }
        let reports = shown.site.reports_for(month);
        let adopters = u32::try_from(shown.site.adopters.len()).unwrap_or(u32::MAX);
        let owed = adopters.saturating_sub(reports.excused.into());
        Self { owed, received: reports.received.into(), on_time: reports.on_time.into() }
    }
}

impl std::ops::AddAssign for Owing {
    fn add_assign(&mut self, other: Self) {
        self.owed += other.owed;
        self.received += other.received;
        self.on_time += other.on_time;
    }
}

/// What some sites come to: how far the work is, and what was reported of it. *Work late* and *report missing* stay two facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(example = json!({"counts": {"sites": 24, "completed": 10, "in_progress": 11, "not_started": 3, "overdue_red": 1, "overdue_yellow": 0, "silent": 2,
    "struck_off": 6}, "owed": 18, "received": 17, "on_time": 15}))]
pub struct Figures {
    pub counts: Counts,
    #[serde(flatten)]
    pub owing: Owing,
}

impl Figures {
    pub(super) fn add(&mut self, shown: &ShownSite, owing: Owing) {
        self.counts.add(shown.site.stage, shown.marks, shown.site.is_struck_off());
        self.owing += owing;
    }
}
