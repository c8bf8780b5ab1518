//! The review list, a page at a time, and its whole order at once.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::filters::ReviewQuery;
use super::model::{ReviewScope, review_scope};
use super::ranking::{self, Ranked, Reason, ReasonCode, ReviewCursor};
use super::rule::RankRule;
use super::sorting::{self, SortBy};
use super::store;
use crate::accounts::Actor;
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Problem, QueryOf};
use crate::ids::SiteId;
use crate::platform::Platform;
use crate::sites::model::{Adopter, Site};
use crate::sites::{self, SiteView};

/// A site on the review list. `score` is the sum of the reasons' points, `people_points` and `order_points`; the list's `rule` says what each counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewRow {
    pub site_id: SiteId,
    /// Place in the reader's whole list, from 1; filters do not change it. Null where `unranked` was asked for.
    pub rank: Option<usize>,
    pub score: i64,
    pub people_served: Option<i32>,
    pub people_points: i64,
    pub order_points: i64,
    pub site: SiteView,
    pub adopters: Vec<Adopter>,
    /// The county decides about it for itself.
    pub key_site: bool,
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
            rank: Some(row.rank),
            score: row.score,
            people_served: row.facts.people_served,
            people_points: row.people_points,
            order_points: row.order_points,
            site: SiteView::on(&site, county, today),
            adopters: site.adopters,
            key_site: row.facts.key_site,
            reasons: row.reasons,
            reminders: row.facts.reminders,
            last_reminded_at: row.facts.last_reminded_at.map(|at| county.local(at)),
            open_orders: row.facts.open_orders,
        }
    }
}

/// A page of the review list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"site_id": 41, "rank": 1, "score": 541, "people_served": 2300, "people_points": 23, "order_points": 20,
    "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "adopters": [{"id": 12, "name": "沈晓岚", "constituency": "清溪镇第一选区"}], "key_site": false,
    "reasons": [{"code": "overdue_red", "since": "2026-09-16", "days": 66, "points": 498,
        "figures": {"planned_start_on": "2026-09-15", "planned_finish_on": "2026-12-31", "days_late": 66}}],
    "reminders": 2, "last_reminded_at": "2026-11-18T09:00:00+08:00", "open_orders": 1}],
    "next": null, "total": 1, "rule": {"reasons": {"overdue_red": {"once": 300, "each": 3}}, "people": {"per": 100, "points": 1, "most": 50},
        "orders": {"per": 1, "points": 20, "most": 60}}, "totals": {"overdue_red": 1, "overdue_yellow": 0, "silent": 0, "disagreement": 0, "off_site": 0, "reused_photo": 0, "step_back": 0,
        "photos_missing": 0, "challenged": 0}}))]
pub struct ReviewPage {
    pub items: Vec<ReviewRow>,
    /// Pass as `cursor` to read on; null on the last page.
    pub next: Option<String>,
    /// Rows under all filters, on this page or not.
    pub total: usize,
    /// How many sites stand on the list for each reason, under the same filters but for the reason.
    #[schema(value_type = Object)]
    pub totals: BTreeMap<ReasonCode, u32>,
    pub rule: RankRule,
}

/// The whole list in its order, for whoever reads its rows as they are needed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"site_ids": [41, 57], "ranks": [1, 4], "totals": {"overdue_red": 1, "overdue_yellow": 1, "silent": 0, "disagreement": 0, "off_site": 0,
    "reused_photo": 0, "step_back": 0, "photos_missing": 0, "challenged": 0}, "rule": {"reasons": {"overdue_red": {"once": 300, "each": 3}},
    "people": {"per": 100, "points": 1, "most": 50}, "orders": {"per": 1, "points": 20, "most": 60}}}))]
pub struct ReviewOutline {
    /// Every site under the filters, most pressing first unless sorted otherwise; `GET /api/review?sites=` has their rows.
    pub site_ids: Vec<SiteId>,
    /// The place of each of them in the whole list, in the same order; null where they are simply 1, 2, 3 and so on.
    pub ranks: Option<Vec<usize>>,
    /// How many sites stand on the list for each reason, under the same filters but for the reason.
    #[schema(value_type = Object)]
    pub totals: BTreeMap<ReasonCode, u32>,
    pub rule: RankRule,
}

/// The rows under the filters, and how many there are for each reason whatever reason is asked for.
pub async fn ranked(
    connection: &mut PgConnection,
    county: &County,
    (scope, query): (&ReviewScope, &ReviewQuery),
    now: DateTime<Utc>,
) -> Result<(Vec<Ranked>, BTreeMap<ReasonCode, u32>), sqlx::Error> {
    let facts = store::list_facts(connection, county.county_id, (scope, query.only()), county.month_at(now)).await?;
    let today = county.date_at(now);
    let mut rows = ranking::rank(facts, county, now);
    rows.retain(|row| query.wants(row, county, today));
    let totals = ranking::totals(rows.iter());
    rows.retain(|row| query.wants_reason(row));
    Ok((rows, totals))
}

/// The order of the whole review list under the filters, without its rows.
#[utoipa::path(get, path = "/api/review/outline", tag = "supervision", params(ReviewQuery),
    responses((status = 200, body = ReviewOutline, description = "Numbers of sites, most pressing first")))]
pub async fn outline_review(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<ReviewQuery>,
) -> Result<Json<ReviewOutline>, Problem> {
    let scope = review_scope(&actor).ok_or_else(Problem::forbidden)?;
    if query.cursor.is_some() || query.limit.is_some() {
        return Err(Problem::field("limit", "unknown", "名册一次给出全部点位，不分页", "The outline is given whole, not in pages"));
    }
    if query.unranked.is_some() {
        return Err(Problem::field("unranked", "unknown", "名册总带名次", "The outline always has the places"));
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let (mut rows, totals) = ranked(&mut connection, &county, (&scope, &query), platform.clock.now()).await?;
    sorting::sort(&mut rows, query.sort.unwrap_or(SortBy::Rank), query.descending.unwrap_or(false));
    let site_ids = rows.iter().map(|row| row.facts.site_id).collect();
    Ok(Json(ReviewOutline { site_ids, ranks: ranks(&rows), totals, rule: RankRule::present() }))
}

/// The rows' places, unless their order says them.
fn ranks(rows: &[Ranked]) -> Option<Vec<usize>> {
    let counted = rows.iter().enumerate().all(|(place, row)| row.rank == place + 1);
    (!counted).then(|| rows.iter().map(|row| row.rank).collect())
}

/// The sites that need somebody to act, most pressing first.
#[utoipa::path(get, path = "/api/review", tag = "supervision", params(ReviewQuery),
    responses((status = 200, body = ReviewPage, description = "Each row says why it stands here and how its rank comes about")))]
pub async fn list_review(State(platform): State<Platform>, actor: Actor, QueryOf(query): QueryOf<ReviewQuery>) -> Result<Json<ReviewPage>, Problem> {
    let scope = review_scope(&actor).ok_or_else(Problem::forbidden)?;
    if query.sort.is_some() || query.descending.is_some() {
        let (zh, en) = ("分页读取的名单只按轻重排序；其他排序请用名册", "Pages come by rank; the outline has the other orders");
        return Err(Problem::field("sort", "unknown", zh, en));
    }
    let unranked = query.unranked == Some(true);
    if unranked && query.sites.is_none() {
        let (zh, en) = ("不带名次时请说明是哪些点位", "Say which sites when their places are not wanted");
        return Err(Problem::field("sites", "required", zh, en));
    }
    let limit = page_size(query.limit, 100, 500)?;
    let after: Option<ReviewCursor> = read_cursor(query.cursor.as_deref())?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let now = platform.clock.now();
    let mut connection = platform.pool.acquire().await?;
    let (mut rows, totals) = ranked(&mut connection, &county, (&scope, &query), now).await?;
    let total = rows.len();
    rows.retain(|row| after.is_none_or(|place| place.is_before(row)));
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(|row| row.cursor().to_string()) } else { None };
    let wanted: Vec<SiteId> = rows.iter().map(|row| row.facts.site_id).collect();
    let sites = sites::store::list_sites(&mut connection, actor.county_id, Some(&wanted)).await?;
    let mut sites: HashMap<SiteId, Site> = sites.into_iter().map(|site| (site.site_id, site)).collect();
    let today = county.date_at(now);
    let items = rows.into_iter().filter_map(|row| {
        let site = sites.remove(&row.facts.site_id)?;
        let row = ReviewRow::new(row, site, &county, today);
        Some(ReviewRow { rank: row.rank.filter(|_| !unranked), ..row })
    });
    Ok(Json(ReviewPage { items: items.collect(), next, total, totals, rule: RankRule::present() }))
}
