//! A month's figures by project, township and unit: the parts add up to the whole.

use std::collections::BTreeMap;

use super::CountyMap;
use super::past::{MapState, MonthView};
use super::summary::Figures;
use crate::county::County;
use crate::http::shapes::{Named, RegionRef};
use crate::projects::Project;
use crate::regions::model::township_of;
use crate::sites::model::ProjectRef;

/// The figures of one project, township or unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<Of> {
    pub of: Of,
    pub figures: Figures,
    /// Whether there are enough sites to be compared with others: rankings leave the rest out.
    pub ranked: bool,
}

/// A month's figures, whole and in parts.
#[derive(Debug, Clone)]
pub struct Breakdown {
    pub whole: Figures,
    /// Every project, newest year first.
    pub projects: Vec<Part<ProjectRef>>,
    /// Every township by code; last the county itself, when sites lie in no township.
    pub townships: Vec<Part<RegionRef>>,
    /// The units that have sites, by name.
    pub units: Vec<Part<Named>>,
}

impl Breakdown {
    pub fn of(view: &MonthView, map: &CountyMap, county: &County) -> Self {
        let minimum = county.rules_of(view.month).minimum_ranked;
        let by_project = view.figures_by(|site| Some(site.project.id));
        let by_unit = view.figures_by(|site| Some(site.unit.id));
        let project = |project: &Project| {
            let of = ProjectRef { id: project.project_id, number: project.number, title: project.title.clone() };
            part(minimum, of, by_project.get(&project.project_id).copied().unwrap_or_default())
        };
        let unit = |unit: &Named| Some(part(minimum, unit.clone(), *by_unit.get(&unit.id)?));
        Self {
            whole: view.figures(),
            projects: map.projects.iter().map(project).collect(),
            townships: townships(view, map, county),
            units: map.units.iter().filter_map(unit).collect(),
        }
    }
}

fn townships(view: &MonthView, map: &CountyMap, county: &County) -> Vec<Part<RegionRef>> {
    let regions = townships_of(view, map);
    // What lies in no township that is known is the county's own.
    let home = |code: &str| township_of(code).filter(|code| regions.iter().any(|region| region.code == *code)).unwrap_or(&county.code).to_owned();
    let by_home = view.figures_by(|site| Some(home(&site.region.code)));
    let elsewhere = by_home.get(&county.code).map(|figures| (RegionRef { code: county.code.clone(), name: county.name.clone() }, *figures));
    let known = regions.iter().map(|region| (region.clone(), by_home.get(&region.code).copied().unwrap_or_default()));
    let minimum = county.rules_of(view.month).minimum_ranked;
    known.chain(elsewhere).map(|(region, figures)| part(minimum, region, figures)).collect()
}

/// Today's townships; those of a closed month as they were called then, with those that have been merged into others since.
fn townships_of(view: &MonthView, map: &CountyMap) -> Vec<RegionRef> {
    let today = map.regions.iter().filter(|region| region.is_township()).map(|region| region.reference());
    let mut regions: BTreeMap<String, String> = today.map(|region| (region.code, region.name)).collect();
    if view.state != MapState::Live {
        for region in view.sites.iter().map(|shown| &shown.site.region).filter(|region| region.code.len() == 9) {
            regions.insert(region.code.clone(), region.name.clone());
        }
    }
    regions.into_iter().map(|(code, name)| RegionRef { code, name }).collect()
}

fn part<Of>(minimum_ranked: u16, of: Of, figures: Figures) -> Part<Of> {
    Part { of, figures, ranked: figures.counts.sites >= u32::from(minimum_ranked) }
}
