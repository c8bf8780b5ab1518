//! A site as answers show it.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Adopter, Marks, ProjectRef, Site, Stage};
use crate::county::County;
use crate::http::shapes::{Named, Position, RegionRef};
use crate::ids::SiteId;

/// A site in lists: where it is, how far it has come, and whether it is late.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路", "address": "清溪镇石桥村",
    "project": {"id": 3, "number": 3, "title": "农村公路提升"}, "region": {"code": "339901004", "name": "清溪镇"},
    "position": {"lon": 119.9742, "lat": 30.5401}, "stage": "not_started", "percent": 0, "start_overdue": true, "finish_overdue": false,
    "silent": false, "stale": false, "struck_off_on": null, "planned_start_on": "2026-03-01", "planned_finish_on": "2026-11-30",
    "unit": {"id": 7, "name": "县交通运输局"}, "last_report_at": "2026-10-28T16:20:00+08:00", "rev": 9}))]
pub struct SiteView {
    pub id: SiteId,
    /// Public code, stable for ever.
    pub code: String,
    pub name: String,
    pub address: String,
    pub project: ProjectRef,
    pub region: RegionRef,
    pub position: Position,
    pub stage: Stage,
    pub percent: i16,
    /// Still red after the planned start.
    pub start_overdue: bool,
    /// Not blue after the planned finish.
    pub finish_overdue: bool,
    /// The last closed month has no standing report.
    pub silent: bool,
    /// The last standing report is older than the county's rule.
    pub stale: bool,
    pub struck_off_on: Option<NaiveDate>,
    pub planned_start_on: Option<NaiveDate>,
    pub planned_finish_on: Option<NaiveDate>,
    pub unit: Named,
    pub last_report_at: Option<DateTime<FixedOffset>>,
    /// Grows with every change; asked back by acts on the site.
    pub rev: i64,
}

/// A site with everything the public may know.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SiteDetail {
    #[serde(flatten)]
    pub site: SiteView,
    /// What has to be built or done, in the office's words.
    pub quota: String,
    pub people_served: Option<i32>,
    pub remarks: String,
    pub original_planned_start_on: Option<NaiveDate>,
    pub original_planned_finish_on: Option<NaiveDate>,
    pub adopters: Vec<Adopter>,
}

impl SiteView {
    /// The site on the county's calendar day `today`.
    pub fn on(site: &Site, county: &County, today: NaiveDate) -> Self {
        Self::marked(site, site.marks(county, today), county)
    }

    /// The site with marks computed elsewhere.
    pub fn marked(site: &Site, marks: Marks, county: &County) -> Self {
        Self {
            id: site.site_id,
            code: site.code.clone(),
            name: site.name.clone(),
            address: site.address.clone(),
            project: site.project.clone(),
            region: site.region.clone(),
            position: site.position.into(),
            stage: site.stage,
            percent: site.percent,
            start_overdue: marks.start_overdue,
            finish_overdue: marks.finish_overdue,
            silent: marks.silent,
            stale: marks.stale,
            struck_off_on: site.struck_off_on,
            planned_start_on: site.planned_start_on,
            planned_finish_on: site.planned_finish_on,
            unit: site.unit.clone(),
            last_report_at: site.last_report_at.map(|at| county.local(at)),
            rev: site.rev,
        }
    }
}

impl SiteDetail {
    /// The site on the county's calendar day `today`.
    pub fn on(site: &Site, county: &County, today: NaiveDate) -> Self {
        Self::marked(site, site.marks(county, today), county)
    }

    /// The site with marks computed elsewhere.
    pub fn marked(site: &Site, marks: Marks, county: &County) -> Self {
        Self {
            site: SiteView::marked(site, marks, county),
            quota: site.quota.clone(),
            people_served: site.people_served,
            remarks: site.remarks.clone(),
            original_planned_start_on: site.original_planned_start_on,
            original_planned_finish_on: site.original_planned_finish_on,
            adopters: site.adopters.clone(),
        }
    }
}
