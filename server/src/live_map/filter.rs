//! Which sites a list shows.

use std::sync::Arc;

use geo::{Intersects, Point, Rect};

use super::county_map::{CountyMap, fold};
use crate::ids::ProjectId;
use crate::sites::{Marks, Site, Stage};

/// A site with its marks on the day that is shown.
#[derive(Debug, Clone)]
pub struct ShownSite {
    pub site: Arc<Site>,
    pub marks: Marks,
}

impl ShownSite {
    /// Work late at a site of this stage.
    pub fn is_overdue_at(&self, stage: Stage) -> bool {
        self.site.stage == stage && self.marks.overdue()
    }
}

/// What is asked of a site to be listed; what is not asked admits every site.
#[derive(Debug, Clone, Default)]
pub(super) struct SiteFilter {
    pub(super) stage: Option<Stage>,
    pub(super) overdue: Option<bool>,
    pub(super) project: Option<ProjectId>,
    /// Division code of the region or of one around it.
    pub(super) region: Option<String>,
    /// Number of the undertaking unit.
    pub(super) unit: Option<i64>,
    /// West, south, east, north in degrees.
    pub(super) bbox: Option<Rect>,
    /// All of these have to occur in what a search looks in.
    pub(super) words: Vec<String>,
}

impl SiteFilter {
    /// Also asks for the words of a search, which blanks take apart.
    pub(super) fn searching(mut self, words: &str) -> Self {
        self.words = fold(words).split_whitespace().map(str::to_owned).collect();
        self
    }

    pub(super) fn admits(&self, map: &CountyMap, shown: &ShownSite) -> bool {
        let site = &shown.site;
        self.stage.is_none_or(|stage| site.stage == stage)
            && self.overdue.is_none_or(|overdue| shown.marks.overdue() == overdue)
            && self.project.is_none_or(|project| site.project.id == project)
            && self.region.as_ref().is_none_or(|region| site.region.code.starts_with(region.as_str()))
            && self.unit.is_none_or(|unit| site.unit.id == unit)
            && self.bbox.is_none_or(|bbox| bbox.intersects(&Point::from(site.position)))
            && map.matches(site, &self.words)
    }
}
