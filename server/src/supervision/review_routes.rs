//! The review list, a page at a time.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::review_scope;
use super::ranking::{self, Ranked, Reason, ReasonCode, ReviewCursor};
use super::store;
use crate::accounts::Actor;
use crate::accounts::model::lies_in;
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Problem, QueryOf, Text};
use crate::ids::{ProjectId, SiteId, UnitId};
use crate::platform::Platform;
use crate::sites::model::{Adopter, Site};
use crate::sites::{self, SiteView};

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReviewQuery {
    /// Only sites that stand on the list for this reason.
    reason: Option<ReasonCode>,
    project: Option<ProjectId>,
    /// Code of a region; it and everything below it.
    #[param(value_type = Option<String>)]
    region: Option<Text<1, 12>>,
    unit: Option<UnitId>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A site on the review list. `score` is the sum of the reasons' points and `people_points`; `overdue_red` counts 300 and 3 a day,
/// `overdue_yellow` 100 and 1 a day, `silent` 60 a month, `disagreement` 80, `reused_photo` 70, `step_back` 50, `photos_missing` 40, `off_site` 30, and each
/// hundred people served 1, at most 50.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewRow {
    pub site_id: SiteId,
    /// Place in the reader's whole list, from 1; filters do not change it.
    pub rank: usize,
    pub score: i64,
    pub people_served: Option<i32>,
    pub people_points: i64,
    pub site: SiteView,
    pub adopters: Vec<Adopter>,
    pub reasons: Vec<Reason>,
    /// Reminders sent so far, to adopters and unit together.
    pub reminders: i64,
    pub last_reminded_at: Option<DateTime<FixedOffset>>,
    /// Supervision orders about the site that are not settled.
    pub open_orders: i64,
}

impl ReviewRow {
    fn new(row: Ranked, site: Site, county: &County, today: chrono::NaiveDate) -> Self {
        Self {
            site_id: row.facts.site_id,
            rank: row.rank,
            score: row.score,
            people_served: row.facts.people_served,
            people_points: row.people_points,
            site: SiteView::on(&site, county, today),
            adopters: site.adopters,
            reasons: row.reasons,
            reminders: row.facts.reminders,
            last_reminded_at: row.facts.last_reminded_at.map(|at| county.local(at)),
            open_orders: row.facts.open_orders,
        }
    }
}

/// A page of the review list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"site_id": 41, "rank": 1, "score": 571, "people_served": 2300, "people_points": 23,
    "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "adopters": [{"id": 12, "name": "沈晓岚", "constituency": "清溪镇第一选区"}],
    "reasons": [{"code": "overdue_red", "since": "2026-09-16", "days": 66, "points": 498,
        "figures": {"planned_start_on": "2026-09-15", "planned_finish_on": "2026-12-31", "days_late": 66}}],
    "reminders": 2, "last_reminded_at": "2026-11-18T09:00:00+08:00", "open_orders": 1}],
    "next": null, "totals": {"overdue_red": 1, "overdue_yellow": 0, "silent": 0, "disagreement": 0, "off_site": 0, "reused_photo": 0, "step_back": 0,
        "photos_missing": 0}}))]
pub struct ReviewPage {
    pub items: Vec<ReviewRow>,
    /// Pass as `cursor` to read on; null on the last page.
    pub next: Option<String>,
    /// How many sites stand on the list for each reason, under the same filters but for the reason.
    #[schema(value_type = Object)]
    pub totals: BTreeMap<ReasonCode, u32>,
}

impl ReviewQuery {
    fn wants_place(&self, row: &Ranked) -> bool {
        self.project.is_none_or(|project| row.facts.project_id == project)
            && self.unit.is_none_or(|unit| row.facts.unit_id == unit)
            && self.region.as_ref().is_none_or(|region| lies_in(&row.facts.region_code, region.as_str()))
    }

    fn wants_reason(&self, row: &Ranked) -> bool {
        self.reason.is_none_or(|reason| row.has(reason))
    }
}

/// The sites that need somebody to act, most pressing first.
#[utoipa::path(get, path = "/api/review", tag = "supervision", params(ReviewQuery),
    responses((status = 200, body = ReviewPage, description = "Each row says why it stands here and how its rank comes about")))]
pub async fn list_review(State(platform): State<Platform>, actor: Actor, QueryOf(query): QueryOf<ReviewQuery>) -> Result<Json<ReviewPage>, Problem> {
    let scope = review_scope(&actor).ok_or_else(Problem::forbidden)?;
    let limit = page_size(query.limit, 100, 500)?;
    let after: Option<ReviewCursor> = read_cursor(query.cursor.as_deref())?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let now = platform.clock.now();
    let mut connection = platform.pool.acquire().await?;
    let facts = store::list_facts(&mut connection, actor.county_id, &scope, county.month_at(now)).await?;
    let mut rows = ranking::rank(facts, &county, now);
    rows.retain(|row| query.wants_place(row));
    let totals = ranking::totals(rows.iter());
    rows.retain(|row| query.wants_reason(row) && after.is_none_or(|place| place.is_before(row)));
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(|row| row.cursor().to_string()) } else { None };
    let wanted: Vec<SiteId> = rows.iter().map(|row| row.facts.site_id).collect();
    let sites = sites::store::list_sites(&mut connection, actor.county_id, Some(&wanted)).await?;
    let mut sites: HashMap<SiteId, Site> = sites.into_iter().map(|site| (site.site_id, site)).collect();
    let today = county.date_at(now);
    let items = rows.into_iter().filter_map(|row| {
        let site = sites.remove(&row.facts.site_id)?;
        Some(ReviewRow::new(row, site, &county, today))
    });
    Ok(Json(ReviewPage { items: items.collect(), next, totals }))
}
