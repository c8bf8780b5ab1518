//! A file's drafts compared with the county in the database: the plan that confirming carries out.

use std::collections::HashSet;

use geodata::datum::Datum;
use geodata::position::LonLat;
use sqlx::PgConnection;

use super::boundaries::{self, BoundariesPlan, BoundaryDraft};
use super::datum_check::CANDIDATES;
use super::deputies::{self, DeputiesPlan};
use super::facts::{Located, Scope};
use super::finding::Finding;
use super::model::{Drafts, Options};
use super::outlook::Outlook;
use super::positions::Positioned;
use super::site_plan::{self, SitesPlan};
use super::siting::{LocatedInAll, declared_place};
use super::stations::{self, StationsPlan};
use super::store::facts as store;
use crate::county::County;
use crate::regions;

/// What confirming would do, by kind.
#[derive(Clone, Debug)]
pub enum Plan {
    Sites(SitesPlan),
    Regions(BoundariesPlan),
    GridCells(BoundariesPlan),
    Stations(StationsPlan),
    Deputies(DeputiesPlan),
}

impl Plan {
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Sites(plan) => &plan.findings,
            Self::Regions(plan) | Self::GridCells(plan) => &plan.findings,
            Self::Stations(plan) => &plan.findings,
            Self::Deputies(plan) => &plan.findings,
        }
    }

    pub fn outlook(&self) -> &Outlook {
        match self {
            Self::Sites(plan) => &plan.outlook,
            Self::Regions(plan) | Self::GridCells(plan) => &plan.outlook,
            Self::Stations(plan) => &plan.outlook,
            Self::Deputies(plan) => &plan.outlook,
        }
    }
}

/// Compares the drafts with what the county has at this moment.
pub async fn plan(connection: &mut PgConnection, county: &County, drafts: &Drafts, options: &Options, scope: &Scope) -> Result<Plan, sqlx::Error> {
    let facts = store::find_facts(connection, county, options.year).await?;
    Ok(match drafts {
        Drafts::Sites(drafts) => {
            let located = locate(connection, county, drafts.iter().map(|draft| &draft.positioned), options.datum).await?;
            Plan::Sites(site_plan::plan(drafts, &located, &facts, options.year, options.datum, scope))
        }
        Drafts::Stations(drafts) => {
            let located = locate(connection, county, drafts.iter().map(|draft| &draft.positioned), options.datum).await?;
            Plan::Stations(stations::plan(drafts, &located, &facts, options.datum, scope))
        }
        Drafts::Deputies(drafts) => Plan::Deputies(deputies::plan(drafts, &facts, scope)),
        Drafts::Regions(drafts) => {
            let stored = store::list_stored_regions(connection, county.county_id, drafts).await?;
            let mut plan = boundaries::plan_regions(drafts, &stored, &facts);
            plan.findings.extend(verdicts(connection, drafts).await?);
            Plan::Regions(plan)
        }
        Drafts::GridCells(drafts) => {
            let stored = store::list_stored_grid_cells(connection, county.county_id, drafts).await?;
            let points: Vec<LonLat> = drafts.iter().map(|draft| draft.inside).collect();
            let located = regions::store::locate(connection, county.county_id, &points).await?;
            let mut plan = boundaries::plan_grid_cells(drafts, &stored, &located, &facts);
            let foreign: HashSet<&str> =
                plan.boundaries.iter().filter(|planned| !scope.holds(&planned.region_code)).map(|planned| planned.code.as_str()).collect();
            let outside_scope = drafts.iter().zip(&stored).filter(|(draft, stored)| {
                foreign.contains(draft.code.as_str()) || stored.as_ref().is_some_and(|stored| !scope.holds(&stored.region_code))
            });
            let outside_scope: Vec<Finding> = outside_scope.map(|(draft, _)| outside_area(draft)).collect();
            plan.findings.extend(outside_scope);
            plan.findings.extend(verdicts(connection, drafts).await?);
            Plan::GridCells(plan)
        }
    })
}

fn outside_area(draft: &BoundaryDraft) -> Finding {
    draft
        .place
        .finding(super::finding::Severity::Error, "outside_your_area", &draft.name)
        .say("这个网格不在您负责的镇街之内。请删去这个要素。", "This grid cell is not in your area. Delete the feature.")
}

/// PostGIS's verdict on each shape.
async fn verdicts(connection: &mut PgConnection, drafts: &[BoundaryDraft]) -> Result<Vec<Finding>, sqlx::Error> {
    let reasons = store::list_invalid_shapes(connection, drafts).await?;
    Ok(reasons.into_iter().filter_map(|(index, reason)| drafts.get(index).map(|draft| boundaries::refused_by_postgis(draft, &reason))).collect())
}

/// Where each point lies under each candidate datum.
async fn locate<'a>(
    connection: &mut PgConnection,
    county: &County,
    points: impl Iterator<Item = &'a Positioned>,
    declared: Datum,
) -> Result<Vec<LocatedInAll>, sqlx::Error> {
    let declared_place = declared_place(declared);
    let points: Vec<&Positioned> = points.collect();
    let mut columns: Vec<Vec<Located>> = Vec::with_capacity(CANDIDATES.len());
    for (place, candidate) in CANDIDATES.into_iter().enumerate() {
        let positions: Vec<LonLat> =
            points.iter().map(|point| if place == declared_place { point.position } else { candidate.to_wgs84(point.written) }).collect();
        columns.push(regions::store::locate(connection, county.county_id, &positions).await?);
    }
    let take = |place: usize, index: usize| columns[place].get(index).cloned().unwrap_or_default();
    Ok((0..points.len()).map(|index| [take(0, index), take(1, index), take(2, index)]).collect())
}
