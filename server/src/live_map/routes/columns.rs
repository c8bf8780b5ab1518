//! Every site of the open map in one answer, column by column: what `/api/sites` tells in three quarters of its bytes, for the page's first list.

use std::collections::HashSet;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::Problem;
use crate::http::kept::{self, Keeping};
use crate::http::shapes::{Named, RegionRef};
use crate::ids::{ProjectId, SiteId};
use crate::live_map::LiveMap;
use crate::sites::model::ProjectRef;
use crate::sites::{SiteView, Stage};

/// The sites in order of their code. The first of each column belongs to the first site, and so on.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(example = json!({"projects": [{"id": 3, "number": 3, "title": "农村公路提升"}], "regions": [{"code": "339901004", "name": "清溪镇"}],
    "units": [{"id": 7, "name": "县交通运输局"}], "id": [41], "code": ["2026-03-07"], "name": ["清溪至石桥农村公路"], "address": ["清溪镇石桥村"],
    "project": [3], "region": ["339901004"], "unit": [7], "lon": [119.9742], "lat": [30.5401], "stage": ["not_started"], "percent": [0],
    "start_overdue": [true], "finish_overdue": [false], "silent": [false], "stale": [false], "struck_off_on": [null],
    "planned_start_on": ["2026-03-01"], "planned_finish_on": ["2026-11-30"], "last_report_at": ["2026-10-28T16:20:00+08:00"], "rev": [9]}))]
pub struct SiteColumns {
    /// What the numbers in `project` stand for.
    projects: Vec<ProjectRef>,
    /// What the codes in `region` stand for.
    regions: Vec<RegionRef>,
    /// What the numbers in `unit` stand for.
    units: Vec<Named>,
    id: Vec<SiteId>,
    code: Vec<String>,
    name: Vec<String>,
    address: Vec<String>,
    project: Vec<ProjectId>,
    region: Vec<String>,
    unit: Vec<i64>,
    /// Degrees, to a decimetre.
    lon: Vec<f64>,
    lat: Vec<f64>,
    stage: Vec<Stage>,
    percent: Vec<i16>,
    start_overdue: Vec<bool>,
    finish_overdue: Vec<bool>,
    silent: Vec<bool>,
    stale: Vec<bool>,
    struck_off_on: Vec<Option<NaiveDate>>,
    planned_start_on: Vec<Option<NaiveDate>>,
    planned_finish_on: Vec<Option<NaiveDate>>,
    last_report_at: Vec<Option<DateTime<FixedOffset>>>,
    rev: Vec<i64>,
}

impl SiteColumns {
    fn add(&mut self, site: SiteView) {
        let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
        self.id.push(site.id);
        self.code.push(site.code);
        self.name.push(site.name);
        self.address.push(site.address);
        self.project.push(site.project.id);
        self.region.push(site.region.code);
        self.unit.push(site.unit.id);
        self.lon.push(rounded(site.position.lon));
        self.lat.push(rounded(site.position.lat));
        self.stage.push(site.stage);
        self.percent.push(site.percent);
        self.start_overdue.push(site.start_overdue);
        self.finish_overdue.push(site.finish_overdue);
        self.silent.push(site.silent);
        self.stale.push(site.stale);
        self.struck_off_on.push(site.struck_off_on);
        self.planned_start_on.push(site.planned_start_on);
        self.planned_finish_on.push(site.planned_finish_on);
        self.last_report_at.push(site.last_report_at);
        self.rev.push(site.rev);
    }
}

impl FromIterator<SiteView> for SiteColumns {
    fn from_iter<I: IntoIterator<Item = SiteView>>(sites: I) -> Self {
        let (mut columns, mut known) = (Self::default(), (HashSet::new(), HashSet::new(), HashSet::new()));
        for site in sites {
            if known.0.insert(site.project.id) {
                columns.projects.push(site.project.clone());
            }
            if known.1.insert(site.region.code.clone()) {
                columns.regions.push(site.region.clone());
            }
            if known.2.insert(site.unit.id) {
                columns.units.push(site.unit.clone());
            }
            columns.add(site);
        }
        columns
    }
}

/// Every site of the open map, column by column.
#[utoipa::path(get, path = "/api/map/sites", tag = "map", responses((status = 200, body = SiteColumns, description = "All sites in order of their code")))]
pub async fn list_columns(State(map): State<LiveMap>, headers: HeaderMap) -> Result<Response, Problem> {
    let county = map.county();
    let shown = map.county_map().shown_sites(&county, map.today(&county));
    let columns: SiteColumns = shown.iter().map(|shown| SiteView::marked(&shown.site, shown.marks, &county)).collect();
    kept::pressed_json(&headers, &columns, Keeping::Ask).await
}
