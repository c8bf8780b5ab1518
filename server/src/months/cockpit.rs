//! The cockpit of a month: for whoever supervises, every report that is owed and what became of it, whole and taken apart.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{MonthState, Obligation, may_see_months};
use super::routes::{MissingDeputy, MissingSite, ReportingMonthView, find_month, up_to};
use super::store;
use super::tally::{By, ReportStanding, Tally, parts};
use crate::accounts::{Actor, CameBy};
use crate::calendar::Month;
use crate::county::County;
use crate::http::{PathOf, Problem};
use crate::ids::{DeputyId, ProjectId, SiteId};
use crate::platform::Platform;
use crate::regions;

/// One group, township, project or deputy with its sums.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"key": "3", "name": "农业农村代表小组", "owed": 12, "received": 9, "on_time": 8, "late": 1, "missing": 3, "excused": 0}))]
pub struct CockpitPart {
    /// A number, or a region's code; empty for deputies without a group.
    pub key: String,
    /// Empty for deputies without a group.
    pub name: String,
    #[serde(flatten)]
    pub tally: Tally,
}

/// One report that somebody would owe.
#[derive(Debug, Serialize, ToSchema)]
pub struct CockpitRow {
    pub site: MissingSite,
    pub deputy: MissingDeputy,
    /// Keys of the parts that it belongs to.
    pub group: String,
    pub township: String,
    pub project: ProjectId,
    pub standing: ReportStanding,
    pub received_at: Option<DateTime<FixedOffset>>,
    /// Staff entered the report: how the deputy's words came to them.
    pub on_behalf: Option<CameBy>,
    /// When the deputy was last reminded of the site within the month or its days of grace.
    pub reminded_at: Option<DateTime<FixedOffset>>,
    /// Whether the reader may excuse the deputy.
    pub excusable: bool,
}

/// A month as whoever supervises it sees it: only the sites of their places.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"month": "2026-10", "state": "open", "closes_at": "2026-11-01T00:00:00+08:00", "final_at": "2026-11-06T00:00:00+08:00",
    "owed": 2, "received": 1, "on_time": 1, "late": 0, "missing": 1, "excused": 1, "as_of": "2026-10-28T10:00:00+08:00", "days_left": 4, "grace_days_left": 9,
    "groups": [{"key": "3", "name": "农业农村代表小组", "owed": 2, "received": 1, "on_time": 1, "late": 0, "missing": 1, "excused": 1}],
    "townships": [], "projects": [], "deputies": [],
    "rows": [{"site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "deputy": {"id": 12, "name": "沈晓岚"}, "group": "3",
        "township": "339901004", "project": 3, "standing": "missing", "received_at": null, "on_behalf": null, "reminded_at": "2026-10-28T09:00:00+08:00", "excusable": true}]}))]
pub struct Cockpit {
    pub month: Month,
    pub state: MonthState,
    pub closes_at: DateTime<FixedOffset>,
    pub final_at: DateTime<FixedOffset>,
    #[serde(flatten)]
    pub tally: Tally,
    pub as_of: DateTime<FixedOffset>,
    /// Calendar days until the close, today among them; nought when it has closed.
    pub days_left: i64,
    /// The same until the month is final.
    pub grace_days_left: i64,
    /// Those with most missing first, as in the other three.
    pub groups: Vec<CockpitPart>,
    pub townships: Vec<CockpitPart>,
    pub projects: Vec<CockpitPart>,
    pub deputies: Vec<CockpitPart>,
    /// In order of the sites' places.
    pub rows: Vec<CockpitRow>,
}

/// What is known of a month in the places of whoever asks.
pub struct Seen {
    pub state: MonthState,
    pub obligations: Vec<Obligation>,
}

/// The obligations of a month as they stand, or stood when it became final, in the places the person supervises.
pub async fn look(connection: &mut PgConnection, county: &County, actor: &Actor, month: Month, now: DateTime<Utc>) -> Result<Seen, Problem> {
    if !may_see_months(actor) {
        return Err(Problem::forbidden());
    }
    let state = find_month(connection, county, month, now).await?;
    let seen_at = if state == MonthState::Final { county.final_at(month) } else { up_to(now) };
    let mut obligations = store::list_obligations(connection, county, month, seen_at).await?;
    obligations.retain(|obligation| actor.supervises(&obligation.region_code));
    Ok(Seen { state, obligations })
}

/// The cockpit of a month, for those who supervise: the county whole, a township its own.
#[utoipa::path(get, path = "/api/reporting-months/{month}/cockpit", tag = "months",
    params(("month" = String, Path, description = "The month", example = "2026-10")),
    responses((status = 200, body = Cockpit, description = "Every report owed in the reader's places, and what became of it")))]
pub async fn show_cockpit(State(platform): State<Platform>, actor: Actor, PathOf(month): PathOf<Month>) -> Result<Json<Cockpit>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let now = platform.clock.now();
    let mut connection = platform.pool.acquire().await?;
    let seen = look(&mut connection, &county, &actor, month, now).await?;
    let names = Names::read(&mut connection, &county, &seen.obligations).await?;
    let since = (month.opens_at(county.zone), county.final_at(month));
    let reminded: HashMap<(SiteId, DeputyId), DateTime<Utc>> = store::list_reminded_within(&mut connection, county.county_id, since)
        .await?
        .into_iter()
        .map(|(site, deputy, at)| ((site, deputy), at))
        .collect();
    let tally = Tally::of(&seen.obligations);
    let view = ReportingMonthView::new(&county, month, seen.state, tally.figures);
    let today = county.date_at(now);
    let [groups, townships, projects, deputies] = By::ALL.map(|by| names.parts(&seen.obligations, by));
    Ok(Json(Cockpit {
        month,
        state: seen.state,
        closes_at: view.closes_at,
        final_at: view.final_at,
        tally,
        as_of: county.local(now),
        days_left: (month.next().first_day() - today).num_days().max(0),
        grace_days_left: (county.date_at(county.final_at(month)) - today).num_days().max(0),
        groups,
        townships,
        projects,
        deputies,
        rows: seen.obligations.into_iter().map(|one| row(one, &county, &actor, &reminded)).collect(),
    }))
}

fn row(one: Obligation, county: &County, actor: &Actor, reminded: &HashMap<(SiteId, DeputyId), DateTime<Utc>>) -> CockpitRow {
    CockpitRow {
        group: By::Group.key(&one),
        township: By::Township.key(&one),
        project: one.project_id,
        standing: one.standing(),
        received_at: one.received_at.map(|at| county.local(at)),
        on_behalf: one.came_by,
        reminded_at: reminded.get(&(one.site_id, one.deputy_id)).map(|at| county.local(*at)),
        excusable: actor.supervises(&one.deputy_region) && actor.deputy_id() != Some(one.deputy_id),
        site: MissingSite { id: one.site_id, code: one.site_code, name: one.site_name },
        deputy: MissingDeputy { id: one.deputy_id, name: one.deputy_name },
    }
}

/// How the parts are called.
pub struct Names {
    groups: HashMap<String, String>,
    townships: HashMap<String, String>,
    projects: HashMap<String, String>,
    deputies: HashMap<String, String>,
}

impl Names {
    pub async fn read(connection: &mut PgConnection, county: &County, obligations: &[Obligation]) -> Result<Self, sqlx::Error> {
        let numbered = |(id, name): (i64, String)| (id.to_string(), name);
        Ok(Self {
            groups: store::list_group_names(connection, county.county_id).await?.into_iter().map(numbered).collect(),
            townships: regions::store::list_names(connection, county.county_id).await?.into_iter().collect(),
            projects: store::list_project_titles(connection, county.county_id).await?.into_iter().map(numbered).collect(),
            deputies: obligations.iter().map(|one| (one.deputy_id.to_string(), one.deputy_name.clone())).collect(),
        })
    }

    /// The parts under their names, those with most missing first.
    pub fn parts(&self, obligations: &[Obligation], by: By) -> Vec<CockpitPart> {
        let part = |(key, tally): (String, Tally)| CockpitPart { name: self.name(by, &key).unwrap_or_default(), key, tally };
        parts(obligations, by).into_iter().map(part).collect()
    }

    /// How the part under `key` is called.
    pub fn name(&self, by: By, key: &str) -> Option<String> {
        let names = match by {
            By::Group => &self.groups,
            By::Township => &self.townships,
            By::Project => &self.projects,
            By::Deputy => &self.deputies,
        };
        names.get(key).cloned()
    }
}
