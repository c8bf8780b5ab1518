//! Projects, units and places as the desk sees them.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::shapes::{Named, Position, RegionRef};
use crate::ids::{ProjectId, UnitId};

/// A project as the desk sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 3, "year": 2026, "number": 3, "title": "农村公路提升", "lead_unit": {"id": 7, "name": "县交通运输局"}, "sites": 24, "rev": 1}))]
pub struct PlannedProject {
    pub id: ProjectId,
    pub year: i16,
    pub number: i16,
    pub title: String,
    pub lead_unit: Named,
    /// Sites that were not withdrawn.
    pub sites: i64,
    pub rev: i64,
}

/// A unit as the desk sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 7, "name": "县交通运输局", "projects": 1, "open_sites": 24, "handlers": 2, "ended_on": null, "rev": 1}))]
pub struct PlannedUnit {
    pub id: UnitId,
    pub name: String,
    /// Projects it leads.
    pub projects: i64,
    /// Sites of its that are neither struck off nor withdrawn.
    pub open_sites: i64,
    /// People who answer for it.
    pub handlers: i64,
    pub ended_on: Option<NaiveDate>,
    pub rev: i64,
}

/// Where a written position lies.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"position": {"lon": 119.9742, "lat": 30.5401}, "township": {"code": "339901004", "name": "清溪镇"},
    "village": {"code": "339901004003", "name": "石桥村"}, "outside_m": 0}))]
pub struct LocatedView {
    /// WGS-84.
    pub position: Position,
    /// None where no boundary holds it.
    pub township: Option<RegionRef>,
    /// None where no village's boundary holds it, or none is known.
    pub village: Option<RegionRef>,
    /// Metres outside the county; 0 inside.
    pub outside_m: u32,
}
