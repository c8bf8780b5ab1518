//! The year's course of its projects: at the end of each month what was completed, what was reported, and what the plan had said.

use chrono::NaiveDate;

use super::filter::ShownSite;
use super::past::MapState;
use super::summary::{Figures, Owing};
use super::{CountyMap, LiveMap};
use crate::calendar::Month;
use crate::http::{Code, Problem};
use crate::ids::ProjectId;

/// One month of the course.
#[derive(Debug, Clone, Copy)]
pub struct CourseMonth {
    pub month: Month,
    /// Sites whose planned finish, as first decided, falls before the month's end.
    pub planned_original: u32,
    /// The same by the plan as it stands.
    pub planned_current: u32,
    /// None for a month without a map.
    pub state: Option<MapState>,
    pub figures: Option<Figures>,
}

/// The course of one year's projects.
#[derive(Debug, Clone)]
pub struct Course {
    pub year: i16,
    /// Years that have projects, latest first.
    pub years: Vec<i16>,
    pub sites: u32,
    /// Sites without a planned finish.
    pub undated: u32,
    /// From January to December, and on while later months have begun; two years at most.
    pub months: Vec<CourseMonth>,
}

impl LiveMap {
    /// The course of the projects of `year`, or of the latest year that has any; a year without projects is not found.
    pub fn course(&self, year: Option<i16>) -> Result<Course, Problem> {
        let county = self.county();
        let today = self.today(&county);
        let open = Month::of(today);
        let map = self.county_map();
        let years = years(&map);
        let year = year.or(years.first().copied()).filter(|year| years.contains(year)).ok_or_else(no_projects)?;
        let (first, last) = span(year, open).ok_or_else(no_projects)?;
        let projects: Vec<ProjectId> = map.projects.iter().filter(|project| project.year == year).map(|project| project.project_id).collect();
        let sites: Vec<ShownSite> = map.shown_sites(&county, today).into_iter().filter(|shown| projects.contains(&shown.site.project.id)).collect();
        let mut months = Vec::new();
        let mut month = first;
        while month <= last {
            let found = match map.past.month(month) {
                Some(past) => Some((past.state, map.past.figures(&map, past, |site| projects.contains(&site.project.id)))),
                None => (month == open).then(|| (MapState::Live, so_far(&sites, month))),
            };
            months.push(planned(&sites, month, found));
            month = month.next();
        }
        Ok(Course { year, years, sites: count(&sites, |_| true), undated: count(&sites, |shown| shown.site.planned_finish_on.is_none()), months })
    }
}

fn no_projects() -> Problem {
    Problem::new(Code::NotFound).saying("这一年没有民生实事项目", "There are no livelihood projects of that year")
}

fn years(map: &CountyMap) -> Vec<i16> {
    let mut years: Vec<i16> = map.projects.iter().map(|project| project.year).collect();
    years.sort_unstable_by(|one, other| other.cmp(one));
    years.dedup();
    years
}

/// January to December; while the work goes on in the year after, up to the month that is open.
fn span(year: i16, open: Month) -> Option<(Month, Month)> {
    let december = Month::new(year.into(), 12)?;
    let last = Month::new(i32::from(year) + 1, 12).map_or(december, |last| open.clamp(december, last));
    Some((Month::new(year.into(), 1)?, last))
}

fn so_far(sites: &[ShownSite], month: Month) -> Figures {
    let mut figures = Figures::default();
    for shown in sites {
        figures.add(shown, Owing::so_far(shown, month));
    }
    figures
}

fn planned(sites: &[ShownSite], month: Month, found: Option<(MapState, Figures)>) -> CourseMonth {
    let by_then = |finish: Option<NaiveDate>| finish.is_some_and(|finish| finish <= month.last_day());
    CourseMonth {
        month,
        planned_original: count(sites, |shown| by_then(shown.site.original_planned_finish_on)),
        planned_current: count(sites, |shown| by_then(shown.site.planned_finish_on)),
        state: found.map(|(state, _)| state),
        figures: found.map(|(_, figures)| figures),
    }
}

fn count(sites: &[ShownSite], which: impl Fn(&ShownSite) -> bool) -> u32 {
    u32::try_from(sites.iter().filter(|shown| which(shown)).count()).unwrap_or(u32::MAX)
}
