//! The year's figures of each deputy, for whoever supervises them: what was owed and received, excused, adopted, and the points.
//!
//! Only closed months are owed for here; the open one is still running. A month that is final counts as it stood then.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};

use super::model::Obligation;
use super::routes::up_to;
use super::store;
use super::tally::Tally;
use crate::accounts::Actor;
use crate::calendar::Month;
use crate::county::County;
use crate::deputies;
use crate::duty::{self, DeputyYear};
use crate::http::shapes::{Named, RegionRef};
use crate::http::{Problem, QueryOf};
use crate::ids::DeputyId;
use crate::platform::Platform;

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DutyYearQuery {
    /// The present one, when not said.
    year: Option<i32>,
}

/// One deputy's year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DutyYearRow {
    pub deputy: Named,
    pub region: RegionRef,
    pub group: Option<Named>,
    pub constituency: String,
    /// A deputy no longer.
    pub left: bool,
    /// Sites adopted now.
    pub adopted: i64,
    /// Of the closed months: reports owed, received and on time, and what follows from them. `excused` counts reports that were not owed.
    #[serde(flatten)]
    pub tally: Tally,
    /// Months from which the deputy is excused, the open and coming ones too.
    pub excused_months: i64,
    /// Reports of the whole year that stand.
    pub inspections: i64,
    /// Reports that were sent back and not replaced.
    pub returned: i64,
    /// Null while the county has no table of points.
    pub points: Option<i32>,
}

/// The year of the deputies of one's place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"year": 2026, "closed_months": ["2026-09", "2026-10"], "items": [{"deputy": {"id": 12, "name": "沈晓岚"},
    "region": {"code": "339901004", "name": "清溪镇"}, "group": {"id": 4, "name": "清溪一组"}, "constituency": "清溪镇第一选区", "left": false, "adopted": 2, "owed": 4,
    "received": 3, "on_time": 3, "late": 0, "missing": 1, "excused": 0, "excused_months": 0, "inspections": 4, "returned": 1, "points": 28}]}))]
pub struct DutyYears {
    pub year: i32,
    /// The months whose owed reports are counted.
    pub closed_months: Vec<Month>,
    /// By place and name; those without sites, reports and excuses in the year are there too.
    pub items: Vec<DutyYearRow>,
}

/// The year's figures of each deputy of one's place.
#[utoipa::path(get, path = "/api/duty-years", tag = "duty", params(DutyYearQuery),
    responses((status = 200, body = DutyYears, description = "By place and name; sorted otherwise by whoever reads it")))]
pub async fn list_duty_years(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<DutyYearQuery>,
) -> Result<Json<DutyYears>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let now = platform.clock.now();
    let year = query.year.unwrap_or_else(|| county.month_at(now).year());
    let mut connection = platform.pool.acquire().await?;
    read_duty_years(&mut connection, &county, &actor, (year, now)).await.map(Json)
}

/// The year's figures as the person may see them.
pub async fn read_duty_years(
    connection: &mut PgConnection,
    county: &County,
    actor: &Actor,
    (year, now): (i32, chrono::DateTime<chrono::Utc>),
) -> Result<DutyYears, Problem> {
    if actor.supervised_regions().is_empty() {
        return Err(Problem::forbidden());
    }
    let (years, has_rules) = duty::count_year(connection, county, year).await?;
    let mut closed_months = Vec::new();
    let mut obligations: HashMap<DeputyId, Vec<Obligation>> = HashMap::new();
    for closed in store::list_closed(connection, county.county_id).await? {
        let month = Month::of(closed.month);
        if month.year() != year {
            continue;
        }
        let seen_at = if closed.finalized_at.is_some() { county.final_at(month) } else { up_to(now) };
        for one in store::list_obligations(connection, county, month, seen_at).await? {
            obligations.entry(one.deputy_id).or_default().push(one);
        }
        closed_months.push(month);
    }
    closed_months.sort_unstable();
    let adopted: HashMap<DeputyId, i64> = store::count_adopted(connection, county.county_id).await?.into_iter().collect();
    let today = county.date_at(now);
    let mut people = deputies::store::list_deputies(connection, county.county_id).await?;
    people.retain(|deputy| actor.supervises(&deputy.region.code));
    people.sort_by(|one, other| one.region.code.cmp(&other.region.code));
    let items = people.into_iter().filter_map(|deputy| {
        let figures: DeputyYear = years.get(&deputy.deputy_id).copied().unwrap_or_default();
        let owed = obligations.get(&deputy.deputy_id).map_or(&[][..], Vec::as_slice);
        let left = deputy.left_on.is_some_and(|left_on| left_on <= today);
        // Who left before the year did nothing in it.
        let is_there = !left || !owed.is_empty() || figures != DeputyYear::default();
        is_there.then(|| DutyYearRow {
            adopted: adopted.get(&deputy.deputy_id).copied().unwrap_or(0),
            deputy: Named { id: deputy.deputy_id.0, name: deputy.name },
            region: deputy.region,
            group: deputy.group,
            constituency: deputy.constituency,
            left,
            tally: Tally::of(owed),
            excused_months: figures.excused_months,
            inspections: figures.inspections,
            returned: figures.returned,
            points: has_rules.then_some(figures.points),
        })
    });
    Ok(DutyYears { year, closed_months, items: items.collect() })
}
