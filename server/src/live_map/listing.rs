//! The list of sites as a visitor pages through it: filtered, counted by stage, the most pressing first. The same rules as the app's own list.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::filter::{ShownSite, SiteFilter};
use super::past::MapState;
use super::{Counts, LiveMap};
use crate::calendar::Month;
use crate::http::Problem;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::ProjectId;
use crate::projects::Project;
use crate::sites::Stage;
use crate::stations::Station;

/// A mark beside the stage that can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkFilter {
    StruckOff,
    /// The evidence is older than the county's rule.
    Stale,
    /// The last closed month has no standing report.
    Silent,
    /// Red and not late.
    NotDue,
}

impl MarkFilter {
    pub const ALL: [Self; 4] = [Self::StruckOff, Self::Stale, Self::Silent, Self::NotDue];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StruckOff => "struck_off",
            Self::Stale => "stale",
            Self::Silent => "silent",
            Self::NotDue => "not_due",
        }
    }

    fn is_worn_by(self, shown: &ShownSite) -> bool {
        match self {
            Self::StruckOff => shown.site.is_struck_off(),
            Self::Stale => shown.marks.stale,
            Self::Silent => shown.marks.silent,
            Self::NotDue => shown.site.stage == Stage::NotStarted && !shown.marks.overdue(),
        }
    }
}

/// In which order a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListOrder {
    /// The most pressing first.
    #[default]
    Urgency,
    Code,
}

/// What is asked of the list; what is not asked admits every site.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    pub stage: Option<Stage>,
    /// Only those whose work is late.
    pub overdue: bool,
    pub mark: Option<MarkFilter>,
    pub project: Option<ProjectId>,
    /// Division code of the region or of one around it.
    pub region: Option<String>,
    pub unit: Option<i64>,
    /// A closed month; the open one when not said.
    pub month: Option<Month>,
    pub words: String,
    pub order: ListOrder,
}

/// The sites that were asked for.
#[derive(Debug)]
pub struct Listing {
    pub month: Month,
    pub state: MapState,
    /// The day on which the marks were counted.
    pub day: NaiveDate,
    /// In the order asked for.
    pub sites: Vec<ShownSite>,
    /// Of all that pass the filters other than the stage.
    pub counts: Counts,
    /// Sites on the month's map.
    pub total: usize,
}

impl LiveMap {
    /// The sites asked for, now or at the close of a month. A month without a map is not found.
    pub fn list(&self, asked: &Asked) -> Result<Listing, Problem> {
        let county_map = self.county_map();
        let view = self.month_view(&county_map, asked.month)?;
        let day = if view.state == MapState::Live { self.today(&self.county()) } else { view.month.last_day() };
        let total = view.sites.len();
        let filter =
            SiteFilter { project: asked.project, region: asked.region.clone(), unit: asked.unit, ..SiteFilter::default() }.searching(&asked.words);
        let mut sites = view.sites;
        sites.retain(|shown| {
            filter.admits(&county_map, shown) && (!asked.overdue || shown.marks.overdue()) && asked.mark.is_none_or(|mark| mark.is_worn_by(shown))
        });
        let counts = sites.iter().collect();
        sites.retain(|shown| asked.stage.is_none_or(|stage| shown.site.stage == stage));
        if asked.order == ListOrder::Urgency {
            sites.sort_by_cached_key(|shown| urgency(shown, day));
        }
        Ok(Listing { month: view.month, state: view.state, day, sites, counts, total })
    }

    /// What the list can be narrowed to: projects in the order of their numbers, townships and units that have sites.
    pub fn choices(&self) -> Choices {
        let map = self.county_map();
        let mut projects = map.projects.clone();
        projects.sort_by_key(|project| (Reverse(project.year), project.number));
        let townships = map.regions.iter().filter(|region| region.is_township());
        let regions = townships.map(|region| RegionRef { code: region.code.clone(), name: region.name.clone() }).collect();
        Choices { projects, regions, units: map.units.clone() }
    }

    /// The months whose map can be called up beside the open one, the latest first.
    pub fn closed_months(&self) -> Vec<Month> {
        self.county_map().past.months.iter().map(|past| past.month).collect()
    }

    /// The county's stations by name.
    pub fn stations(&self) -> Vec<Station> {
        self.county_map().stations.clone()
    }
}

/// What the list can be narrowed to.
#[derive(Debug)]
pub struct Choices {
    pub projects: Vec<Project>,
    pub regions: Vec<RegionRef>,
    pub units: Vec<Named>,
}

/// Days since the date that was missed, the earlier of the two when both were; 0 when the site is not overdue.
pub fn overdue_days(shown: &ShownSite, day: NaiveDate) -> i64 {
    let missed = [
        shown.marks.start_overdue.then_some(shown.site.planned_start_on).flatten(),
        shown.marks.finish_overdue.then_some(shown.site.planned_finish_on).flatten(),
    ];
    missed.into_iter().flatten().map(|date| (day - date).num_days()).max().unwrap_or(0).max(0)
}

/// The overdue first, those most days late before the others and red before yellow among equals; then red, yellow, blue, struck off, the
/// earliest planned finish first among equals.
fn urgency(shown: &ShownSite, day: NaiveDate) -> (bool, Reverse<i64>, u8, NaiveDate, String) {
    let site = &shown.site;
    let pressing = shown.marks.overdue() && !site.is_struck_off();
    let days = if pressing { overdue_days(shown, day) } else { 0 };
    let rank = match site.stage {
        _ if site.is_struck_off() => 5,
        Stage::NotStarted if pressing => 0,
        _ if pressing => 1,
        Stage::NotStarted => 2,
        Stage::InProgress => 3,
        Stage::Completed => 4,
    };
    (!pressing, Reverse(days), rank, site.planned_finish_on.unwrap_or(NaiveDate::MAX), site.code.clone())
}
