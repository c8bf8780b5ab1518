//! The list of reporting months and one month's figures, for everybody; who has not reported is for staff alone.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::kept_list::MonthsState;
use super::model::{self, MonthFigures, MonthState, Obligation, SiteFigures};
use super::store::{self, ClosedMonth};
use super::tally::ReportStanding;
use crate::accounts::Actor;
use crate::calendar::Month;
use crate::county::County;
use crate::http::shapes::RegionRef;
use crate::http::{Page, PathOf, Problem};
use crate::ids::{DeputyId, ProjectId, SiteId};
use crate::platform::Platform;
use crate::regions;

/// A reporting month. While it is open or provisional the figures are those of this moment; a final month's are those of its snapshot.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"month": "2026-10", "state": "provisional", "closes_at": "2026-11-01T00:00:00+08:00",
    "final_at": "2026-11-06T00:00:00+08:00", "owed": 187, "received": 171, "on_time": 164}))]
pub struct ReportingMonthView {
    pub month: Month,
    pub state: MonthState,
    /// The first instant that no longer belongs to the month.
    pub closes_at: DateTime<FixedOffset>,
    /// When late reports no longer enter the snapshot.
    pub final_at: DateTime<FixedOffset>,
    #[serde(flatten)]
    pub figures: MonthFigures,
}

impl ReportingMonthView {
    pub fn new(county: &County, month: Month, state: MonthState, figures: MonthFigures) -> Self {
        let closes_at = county.local(month.closes_at(county.zone));
        let final_at = county.local(county.final_at(month));
        Self { month, state, closes_at, final_at, figures }
    }
}

/// One township's figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionFigures {
    pub region: RegionRef,
    #[serde(flatten)]
    pub figures: MonthFigures,
}

/// One project's figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectFigures {
    pub project_id: ProjectId,
    #[serde(flatten)]
    pub figures: MonthFigures,
}

/// A site as the missing report names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingSite {
    pub id: SiteId,
    pub code: String,
    pub name: String,
}

/// A deputy as the missing report names them.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingDeputy {
    pub id: DeputyId,
    pub name: String,
}

/// A report that is owed and not there.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingReport {
    pub site: MissingSite,
    pub deputy: MissingDeputy,
    /// When this deputy was last reminded of this site.
    pub reminded_at: Option<DateTime<FixedOffset>>,
}

/// One month in full.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"month": "2026-10", "state": "provisional", "closes_at": "2026-11-01T00:00:00+08:00",
    "final_at": "2026-11-06T00:00:00+08:00", "owed": 3, "received": 2, "on_time": 1,
    "regions": [{"region": {"code": "339901004", "name": "清溪镇"}, "owed": 3, "received": 2, "on_time": 1}],
    "projects": [{"project_id": 3, "owed": 3, "received": 2, "on_time": 1}],
    "missing": [{"site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "deputy": {"id": 12, "name": "沈晓岚"},
        "reminded_at": "2026-10-28T09:00:00+08:00"}]}))]
pub struct ReportingMonthDetail {
    #[serde(flatten)]
    pub month: ReportingMonthView,
    pub regions: Vec<RegionFigures>,
    pub projects: Vec<ProjectFigures>,
    /// Whose reports are missing, for those who supervise these sites; null for everybody else.
    pub missing: Option<Vec<MissingReport>>,
}

/// The reporting months, the open one first.
#[utoipa::path(get, path = "/api/reporting-months", tag = "months",
    responses((status = 200, body = Page<ReportingMonthView>, description = "From the open month back to the first")))]
pub async fn list_reporting_months(
    State(platform): State<Platform>,
    State(kept): State<MonthsState>,
    actor: Option<Actor>,
) -> Result<Json<Page<ReportingMonthView>>, Problem> {
    let county = county(&platform, actor.as_ref())?;
    let now = platform.clock.now();
    let recent = if actor.is_none() { kept.recent(now) } else { None };
    if let Some(months) = recent {
        return Ok(Json(Page::whole(months)));
    }
    let items = month_views(&platform, &county, now).await?;
    if actor.is_none() {
        kept.keep(now, &items);
    }
    Ok(Json(Page::whole(items)))
}

/// The reporting months, the open one first.
pub async fn month_views(platform: &Platform, county: &County, now: DateTime<Utc>) -> Result<Vec<ReportingMonthView>, Problem> {
    let mut connection = platform.pool.acquire().await?;
    let closed = store::list_closed(&mut connection, county.county_id).await?;
    let recorded: HashMap<Month, MonthFigures> = store::list_recorded_figures(&mut connection, county.county_id).await?.into_iter().collect();
    let mut items = Vec::new();
    for (month, state) in months(county, &closed, now) {
        let figures = match state {
            MonthState::Final => recorded.get(&month).copied().unwrap_or_default(),
            MonthState::Open | MonthState::Provisional => {
                let owed = store::list_obligations(&mut connection, county, month, up_to(now)).await?;
                model::sum(&site_figures(&owed)).0
            }
        };
        items.push(ReportingMonthView::new(county, month, state, figures));
    }
    Ok(items)
}

/// The open month, any that has ended and waits to be closed, and all closed ones; latest first.
fn months(county: &County, closed: &[ClosedMonth], now: DateTime<Utc>) -> Vec<(Month, MonthState)> {
    let last_closed = closed.first().map(|closed| Month::of(closed.month));
    let open = county.month_at(now);
    let mut months = vec![(open, MonthState::Open)];
    let mut earlier = open.previous();
    while last_closed.is_some_and(|last| earlier > last) {
        months.push((earlier, MonthState::Open));
        earlier = earlier.previous();
    }
    let state = |closed: &ClosedMonth| if closed.finalized_at.is_some() { MonthState::Final } else { MonthState::Provisional };
    months.extend(closed.iter().map(|closed| (Month::of(closed.month), state(closed))));
    months
}

/// The instant from which everything up to `now` is seen, what happened at `now` too.
pub fn up_to(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::microseconds(1)
}

fn state_of(county: &County, closed: &[ClosedMonth], month: Month, now: DateTime<Utc>) -> Result<MonthState, Problem> {
    let found = months(county, closed, now).into_iter().find(|(known, _)| *known == month);
    found.map(|(_, state)| state).ok_or_else(Problem::not_found)
}

/// Where a month stands; a month that is to come, or of which nothing is known, is not found.
pub async fn find_month(connection: &mut PgConnection, county: &County, month: Month, now: DateTime<Utc>) -> Result<MonthState, Problem> {
    let closed = store::list_closed(connection, county.county_id).await?;
    state_of(county, &closed, month, now)
}

/// One reporting month.
#[utoipa::path(get, path = "/api/reporting-months/{month}", tag = "months",
    params(("month" = String, Path, description = "The month", example = "2026-10")),
    responses((status = 200, body = ReportingMonthDetail, description = "Owed, received and on time by township and by project")))]
pub async fn get_reporting_month(
    State(platform): State<Platform>,
    actor: Option<Actor>,
    PathOf(month): PathOf<Month>,
) -> Result<Json<ReportingMonthDetail>, Problem> {
    let county = county(&platform, actor.as_ref())?;
    let now = platform.clock.now();
    let mut connection = platform.pool.acquire().await?;
    let closed = store::list_closed(&mut connection, county.county_id).await?;
    let state = state_of(&county, &closed, month, now)?;
    let seen_at = if state == MonthState::Final { county.final_at(month) } else { up_to(now) };
    let owed = store::list_obligations(&mut connection, &county, month, seen_at).await?;
    let sites = match state {
        MonthState::Final => store::list_recorded_sites(&mut connection, county.county_id, month).await?,
        MonthState::Open | MonthState::Provisional => site_figures(&owed),
    };
    let missing = match actor.filter(|actor| !actor.supervised_regions().is_empty()) {
        Some(actor) => Some(missing(&mut connection, (&county, month), &actor, owed).await?),
        None => None,
    };
    let (total, townships, projects) = model::sum(&sites);
    let names: HashMap<String, String> = regions::store::list_names(&mut connection, county.county_id).await?.into_iter().collect();
    let region = |code: String| RegionRef { name: names.get(&code).cloned().unwrap_or_else(|| code.clone()), code };
    Ok(Json(ReportingMonthDetail {
        month: ReportingMonthView::new(&county, month, state, total),
        regions: townships.into_iter().map(|(code, figures)| RegionFigures { region: region(code), figures }).collect(),
        projects: projects.into_iter().map(|(project_id, figures)| ProjectFigures { project_id, figures }).collect(),
        missing,
    }))
}

/// The county of the person signed in, otherwise the one whose map is public.
fn county(platform: &Platform, actor: Option<&Actor>) -> Result<std::sync::Arc<County>, Problem> {
    let county_id = actor.map_or(platform.served, |actor| actor.county_id);
    platform.county(county_id).ok_or_else(|| Problem::internal("unknown county"))
}

fn site_figures(owed: &[Obligation]) -> Vec<SiteFigures> {
    owed.iter().map(Obligation::figures).collect()
}

async fn missing(
    connection: &mut PgConnection,
    (county, month): (&County, Month),
    actor: &Actor,
    owed: Vec<Obligation>,
) -> Result<Vec<MissingReport>, sqlx::Error> {
    let of_the_month = (month.opens_at(county.zone), county.final_at(month));
    let reminded = store::list_reminded_within(connection, county.county_id, of_the_month).await?;
    let reminded: HashMap<(SiteId, DeputyId), DateTime<Utc>> = reminded.into_iter().map(|(site, deputy, at)| ((site, deputy), at)).collect();
    let missing =
        owed.into_iter().filter(|one| one.standing() == ReportStanding::Missing && actor.supervises(&one.region_code)).map(|one| MissingReport {
            reminded_at: reminded.get(&(one.site_id, one.deputy_id)).map(|at| county.local(*at)),
            site: MissingSite { id: one.site_id, code: one.site_code, name: one.site_name },
            deputy: MissingDeputy { id: one.deputy_id, name: one.deputy_name },
        });
    Ok(missing.collect())
}
