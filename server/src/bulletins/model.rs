//! What a month's bulletin says: the month's figures beside those of the month before, what changed, what is late, what was not reported.
//!
//! Composed from frozen snapshots and the history of stages alone, so that the bulletin of a final month never changes again. Pure.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::beside::Beside;
use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::ids::SiteId;
use crate::live_map::{Breakdown, Figures, MapState, MonthView, Part, ShownSite};
use crate::sites::{Site, Stage};

/// One change of a site's stage, with its cause.
#[derive(Debug, Clone)]
pub struct Change {
    pub site_id: SiteId,
    pub at: DateTime<Utc>,
    pub from_stage: Stage,
    pub to_stage: Stage,
    /// `report`, `return` or `correction`.
    pub cause: String,
    pub reason: String,
    /// The reporting deputy, or the person of the committee.
    pub by: Option<String>,
    /// How the deputy's words came to the staff who entered the report.
    pub came_by: Option<CameBy>,
}

/// A site whose colour changed in the month, perhaps more than once.
#[derive(Debug, Clone)]
pub struct ChangedSite {
    pub site: Arc<Site>,
    /// At the end of the month before.
    pub from: Stage,
    /// At the end of the month.
    pub to: Stage,
    /// What happened in between, oldest first.
    pub changes: Vec<Change>,
}

/// A month and the one before it, as their snapshots have them.
#[derive(Debug)]
pub struct Months {
    pub view: MonthView,
    pub parts: Breakdown,
    pub previous: Option<(MonthView, Breakdown)>,
}

/// The month's bulletin.
#[derive(Debug)]
pub struct Bulletin {
    pub month: Month,
    pub state: MapState,
    pub parts: Breakdown,
    /// The month before and its figures, when it was closed.
    pub previous: Option<(Month, Breakdown)>,
    /// In order of the sites' codes.
    pub changed: Vec<ChangedSite>,
    /// Red and late.
    pub overdue_red: Vec<ShownSite>,
    /// Yellow and late.
    pub overdue_yellow: Vec<ShownSite>,
    /// Nobody reported on them.
    pub silent: Vec<ShownSite>,
    /// Confirmed and closed within the month.
    pub struck_off: Vec<ShownSite>,
    pub beside: Beside,
}

impl Bulletin {
    pub fn compose(months: Months, changes: Vec<Change>, beside: Beside) -> Self {
        let Months { view, parts, previous } = months;
        let these = |which: &dyn Fn(&ShownSite) -> bool| view.sites.iter().filter(|shown| which(shown)).cloned().collect();
        let in_month = |shown: &ShownSite| shown.site.struck_off_on.is_some_and(|day| Month::of(day) == view.month);
        Self {
            month: view.month,
            state: view.state,
            changed: changed(&view, previous.as_ref().map(|(view, _)| view), changes),
            overdue_red: these(&|shown| shown.is_overdue_at(Stage::NotStarted)),
            overdue_yellow: these(&|shown| shown.is_overdue_at(Stage::InProgress)),
            silent: these(&|shown| shown.marks.silent),
            struck_off: these(&in_month),
            beside,
            previous: previous.map(|(view, parts)| (view.month, parts)),
            parts,
        }
    }

    /// The figures of the month before, when there is one.
    pub fn whole_before(&self) -> Option<Figures> {
        self.previous.as_ref().map(|(_, parts)| parts.whole)
    }
}

fn changed(view: &MonthView, before: Option<&MonthView>, changes: Vec<Change>) -> Vec<ChangedSite> {
    let mut by_site: HashMap<SiteId, Vec<Change>> = HashMap::new();
    for change in changes {
        by_site.entry(change.site_id).or_default().push(change);
    }
    let before: HashMap<SiteId, Stage> = before.iter().flat_map(|view| &view.sites).map(|shown| (shown.site.site_id, shown.site.stage)).collect();
    let changed = view.sites.iter().filter_map(|shown| {
        let (site_id, to) = (shown.site.site_id, shown.site.stage);
        let changes = by_site.remove(&site_id).unwrap_or_default();
        // A site that was not on the map then began where its first change took it from, and every site begins red.
        let from = before.get(&site_id).copied().or(changes.first().map(|change| change.from_stage)).unwrap_or(Stage::NotStarted);
        (from != to || !changes.is_empty()).then(|| ChangedSite { site: shown.site.clone(), from, to, changes })
    });
    changed.collect()
}

/// One place of a ranking; equal shares share a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked<Of> {
    pub place: usize,
    pub part: Part<Of>,
}

/// A ranking by the share of completed sites, and who is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking<Of> {
    pub ranked: Vec<Ranked<Of>>,
    /// How many parts have too few sites to be compared, and how many sites those are.
    pub left_out: usize,
    pub left_out_sites: u32,
}

/// Ranks the parts that have enough sites. Parts without any site are not counted as left out: there is nothing to show of them.
pub fn rank<Of: Clone>(parts: &[Part<Of>]) -> Ranking<Of> {
    let small = parts.iter().filter(|part| !part.ranked && part.figures.counts.sites > 0);
    let (left_out, left_out_sites) = small.fold((0, 0), |(parts, sites), part| (parts + 1, sites + part.figures.counts.sites));
    let mut compared: Vec<Part<Of>> = parts.iter().filter(|part| part.ranked).cloned().collect();
    compared.sort_by(|one, other| exceeds(other.figures, one.figures));
    let mut ranked: Vec<Ranked<Of>> = Vec::with_capacity(compared.len());
    for (index, part) in compared.into_iter().enumerate() {
        let shared = ranked.last().filter(|above| exceeds(above.part.figures, part.figures).is_eq()).map(|above| above.place);
        ranked.push(Ranked { place: shared.unwrap_or(index + 1), part });
    }
    Ranking { ranked, left_out, left_out_sites }
}

/// Compares shares of completed sites exactly, without dividing.
fn exceeds(one: Figures, other: Figures) -> std::cmp::Ordering {
    let product = |a: u32, b: u32| u64::from(a) * u64::from(b);
    product(one.counts.completed, other.counts.sites).cmp(&product(other.counts.completed, one.counts.sites))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live_map::Counts;

    fn part(name: &'static str, completed: u32, sites: u32) -> Part<&'static str> {
        let counts = Counts { sites, completed, in_progress: sites - completed, ..Counts::default() };
        Part { of: name, figures: Figures { counts, ..Figures::default() }, ranked: sites >= 5 }
    }

    #[test]
    fn the_best_share_comes_first_and_equal_shares_share_a_place() {
        let ranking = rank(&[part("甲", 3, 6), part("乙", 9, 10), part("丙", 5, 10), part("丁", 1, 10)]);
        let places: Vec<_> = ranking.ranked.iter().map(|ranked| (ranked.place, ranked.part.of)).collect();
        assert_eq!(places, [(1, "乙"), (2, "甲"), (2, "丙"), (4, "丁")]);
        assert_eq!((ranking.left_out, ranking.left_out_sites), (0, 0));
    }

    #[test]
    fn whoever_has_too_few_sites_is_left_out_and_counted() {
        let ranking = rank(&[part("大", 2, 5), part("小", 4, 4), part("更小", 0, 1), part("无", 0, 0)]);
        assert_eq!(ranking.ranked.iter().map(|ranked| ranked.part.of).collect::<Vec<_>>(), ["大"]);
        assert_eq!((ranking.left_out, ranking.left_out_sites), (2, 5));
    }
}
