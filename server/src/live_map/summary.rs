//! Counts over sites: how many of each stage, how many late, silent or struck off.

use serde::Serialize;
use utoipa::ToSchema;

use super::filter::ShownSite;
use crate::calendar::Month;
use crate::sites::Stage;

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
    fn add(&mut self, shown: &ShownSite) {
        self.sites += 1;
        match shown.site.stage {
            Stage::Completed => self.completed += 1,
            Stage::InProgress => self.in_progress += 1,
            Stage::NotStarted => self.not_started += 1,
        }
        self.overdue_red += u32::from(shown.is_overdue_red());
        self.overdue_yellow += u32::from(shown.is_overdue_yellow());
        self.silent += u32::from(shown.marks.silent);
        self.struck_off += u32::from(shown.site.is_struck_off());
    }
}

impl<'a> FromIterator<&'a ShownSite> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a ShownSite>>(sites: I) -> Self {
        let mut counts = Self::default();
        for shown in sites {
            counts.add(shown);
        }
        counts
    }
}

/// Reports owed for a month, received, and received on time: three numbers, never one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Owing {
    pub(super) owed: u32,
    pub(super) received: u32,
    pub(super) on_time: u32,
}

impl Owing {
    /// The open month as it stands: one report is owed by each adopter of each site that is not struck off.
    pub(super) fn so_far(sites: &[ShownSite], month: Month) -> Self {
        let mut owing = Self::default();
        for shown in sites.iter().filter(|shown| !shown.site.is_struck_off()) {
            let reports = shown.site.reports_for(month);
            owing.owed += u32::try_from(shown.site.adopters.len()).unwrap_or(u32::MAX);
            owing.received += u32::from(reports.received);
            owing.on_time += u32::from(reports.on_time);
        }
        owing
    }
}
