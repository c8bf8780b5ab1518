//! Terms: which there were, what a new one would do, entering it, and taking it back while it waits.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::beginning;
use super::model::{TermFault, check_term, may_keep_county};
use super::store::deputies::{self, Leaving};
use super::store::terms::{self, Held, NewTerm};
use super::view::{SiteOfLeaver, TermPreview, TermView};
use crate::accounts::{Act, Actor, JsonOf, PublicCounty};
use crate::calendar::start_of_day;
use crate::county::County;
use crate::database::changes;
use crate::http::{Code, JsonBody, Page, PathOf, Problem};
use crate::ids::{DeputyId, SiteId};
use crate::platform::Platform;

/// The terms of the county's congress, the newest first.
#[utoipa::path(get, path = "/api/terms", tag = "roster", responses((status = 200, body = Page<TermView>, description = "Terms, the newest first")))]
pub async fn list_terms(State(platform): State<Platform>, PublicCounty(county): PublicCounty) -> Result<Json<Page<TermView>>, Problem> {
    let mut connection = platform.pool.acquire().await?;
    Ok(Json(Page::whole(terms::list_terms(&mut connection, &county).await?)))
}

/// A site that goes from a deputy who leaves to one who stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_id": 41, "from_deputy_id": 12, "to_deputy_id": 17}))]
pub struct CarriedSite {
    site_id: SiteId,
    from_deputy_id: DeputyId,
    to_deputy_id: DeputyId,
}

/// A term to begin.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": 18, "begins_on": "2026-12-28", "leaving": [12], "carried": [{"site_id": 41, "from_deputy_id": 12, "to_deputy_id": 17}]}))]
pub struct PlannedTerm {
    number: i16,
    /// Its first day; in the county it begins with the first instant of it.
    begins_on: NaiveDate,
    /// The deputies of the county's and the townships' congresses who do not go on.
    leaving: Vec<DeputyId>,
    /// Their sites that go to others; all the rest of their sites are closed.
    carried: Vec<CarriedSite>,
}

/// What a term would do, before it is entered. Nothing is changed.
#[utoipa::path(post, path = "/api/terms/preview", tag = "roster", request_body = PlannedTerm,
    responses((status = 200, body = TermPreview, description = "Who stays, who leaves, and what becomes of each site")))]
pub async fn preview_term(
    State(platform): State<Platform>,
    actor: Actor,
    JsonBody(planned): JsonBody<PlannedTerm>,
) -> Result<Json<TermPreview>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if !may_keep_county(&actor, &county.code) {
        return Err(Problem::forbidden());
    }
    let mut connection = platform.pool.acquire().await?;
    let today = county.date_at(platform.clock.now());
    Ok(Json(check(&mut connection, &county, &planned, today).await?))
}

/// Enters a term. On its first day those who leave have no right as deputies any more, their sites go where the term says or are closed, and
/// the term before it ends.
#[utoipa::path(post, path = "/api/terms", tag = "roster", request_body = PlannedTerm,
    responses((status = 201, body = TermView, description = "The term is entered; it has begun when its day has come")))]
pub async fn enter_term(mut act: Act<JsonOf<PlannedTerm>>) -> Result<Response, Problem> {
    if !may_keep_county(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let planned = act.body.0.clone();
    let (county_id, county, today) = (act.actor.county_id, act.county.clone(), act.county.date_at(act.now));
    terms::lock_terms(&mut act.tx, county_id).await?;
    let preview = check(&mut act.tx, &county, &planned, today).await?;
    let new = NewTerm { number: planned.number, begins_on: planned.begins_on, by: act.actor.account_id, at: act.now };
    let term_id = terms::insert_term(&mut act.tx, county_id, new).await?;
    let leaving = Leaving { on: planned.begins_on, at: start_of_day(planned.begins_on, county.zone), because: "term_ended" };
    deputies::note_leaving(&mut act.tx, county_id, &planned.leaving, leaving).await?;
    for carried in &planned.carried {
        terms::carry(&mut act.tx, county_id, term_id, (carried.site_id, carried.from_deputy_id, carried.to_deputy_id)).await?;
    }
    let detail = json!({ "number": planned.number, "begins_on": planned.begins_on, "leaving": planned.leaving, "carried": preview.carried,
        "closed": preview.closed });
    act.audit("term.enter", ("term", &term_id.to_string()), detail).await?;
    if planned.begins_on <= today {
        let (chance, author, now) = (act.platform.chance.clone(), act.author.clone(), act.now);
        beginning::begin(&mut act.tx, &county, term_id, (&chance, &author), now).await?;
    }
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let view = find(&mut act, term_id).await?;
    act.done(StatusCode::CREATED, &view).await
}

async fn find<B>(act: &mut Act<B>, term_id: i64) -> Result<TermView, Problem> {
    let county = act.county.clone();
    let all = terms::list_terms(&mut act.tx, &county).await?;
    all.into_iter().find(|term| term.id == term_id).ok_or_else(Problem::not_found)
}

/// Takes a term back that has not begun: those who would have left stay, and keep their sites.
#[utoipa::path(delete, path = "/api/terms/{id}", tag = "roster", params(("id" = i64, Path, description = "The term")),
    responses((status = 204, description = "The term is gone")))]
pub async fn cancel_term(PathOf(term_id): PathOf<i64>, mut act: Act<()>) -> Result<Response, Problem> {
    if !may_keep_county(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    terms::lock_terms(&mut act.tx, county_id).await?;
    let term = find(&mut act, term_id).await?;
    if term.begun_at.is_some() || term.begins_on <= today {
        return Err(Problem::new(Code::Conflict).saying("这一届已经开始，不能撤销", "The term has begun and cannot be taken back"));
    }
    terms::delete_waiting(&mut act.tx, county_id, term_id, term.begins_on).await?;
    act.audit("term.cancel", ("term", &term_id.to_string()), json!({ "number": term.number, "begins_on": term.begins_on })).await?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    act.done_without_answer().await
}

/// What the term would do; refused where it cannot be.
async fn check(connection: &mut PgConnection, county: &County, planned: &PlannedTerm, today: NaiveDate) -> Result<TermPreview, Problem> {
    let last = terms::find_last(connection, county.county_id).await?;
    check_term(planned.number, planned.begins_on, !planned.leaving.is_empty(), last, today).map_err(term_problem)?;
    let sitting = terms::list_sitting(connection, county.county_id).await?;
    let leaving: HashSet<DeputyId> = planned.leaving.iter().copied().collect();
    if leaving.len() != planned.leaving.len() || !leaving.iter().all(|deputy| sitting.contains_key(deputy)) {
        let (zh, en) = (
            "名单里有重复的、已离任的、或不属于县乡两级人大的代表",
            "Somebody is named twice, has left, or sits in no congress of the county or its townships",
        );
        return Err(Problem::field("leaving", "unknown", zh, en));
    }
    let held = terms::list_held(connection, county.county_id).await?;
    let wrong = |place: usize, code: &str, zh: &str, en: &str| Problem::field(format!("carried[{place}]"), code, zh, en);
    let mut moves = HashSet::new();
    for (place, carried) in planned.carried.iter().enumerate() {
        let CarriedSite { site_id, from_deputy_id: from, to_deputy_id: to } = *carried;
        if !leaving.contains(&from) || !held.iter().any(|each| (each.site_id, each.deputy_id) == (site_id, from)) {
            return Err(wrong(place, "not_leaving", "这个点位不是离任代表领办的", "No deputy who leaves has adopted this site"));
        }
        if leaving.contains(&to) || !sitting.contains_key(&to) {
            return Err(wrong(place, "unknown", "接手的代表也离任，或不是现任代表", "Who takes it on leaves too, or is no deputy now"));
        }
        if !moves.insert((site_id, from)) {
            return Err(wrong(place, "duplicate", "同一点位写了两次", "The site is named twice"));
        }
    }
    let name = |deputy: &DeputyId| sitting.get(deputy).map(|name| crate::http::shapes::Named { id: deputy.0, name: name.clone() });
    let target = |held: &Held| planned.carried.iter().find(|each| (each.site_id, each.from_deputy_id) == (held.site_id, held.deputy_id));
    let sites: Vec<SiteOfLeaver> = held
        .iter()
        .filter(|each| leaving.contains(&each.deputy_id))
        .filter_map(|each| {
            let to = target(each).and_then(|carried| name(&carried.to_deputy_id));
            Some(SiteOfLeaver { site: each.site.clone(), from: name(&each.deputy_id)?, to })
        })
        .collect();
    let carried = sites.iter().filter(|site| site.to.is_some()).count();
    let kept: HashSet<SiteId> =
        held.iter().filter(|each| !leaving.contains(&each.deputy_id) || target(each).is_some()).map(|each| each.site_id).collect();
    let freed: HashSet<i64> = sites.iter().map(|site| site.site.id).filter(|site| !kept.contains(&SiteId(*site))).collect();
    let closed = sites.len() - carried;
    Ok(TermPreview { staying: sitting.len() - leaving.len(), leaving: leaving.len(), carried, closed, without_adopter: freed.len(), sites })
}

fn term_problem(fault: TermFault) -> Problem {
    match fault {
        TermFault::OneIsWaiting => Problem::new(Code::Conflict)
            .saying("已登记的下一届还没有开始；要改，请先撤销它", "A term that was entered has not begun; take it back first to change it"),
        TermFault::NumberNotGreater => Problem::field(
            "number",
            "out_of_range",
            "届次应大于上一届，且在 1 到 99 之间",
            "The number is greater than the last term's, and at most 99",
        ),
        TermFault::BeforeTheLast => Problem::field("begins_on", "before_the_last", "应晚于上一届的开始日期", "It begins after the term before it"),
        TermFault::InClosedMonth => Problem::field(
            "begins_on",
            "closed_month",
            "有代表离任时，开始日期不能早于本月一日：以前的月份已经截止",
            "Where somebody leaves, it cannot begin before this month: earlier months are closed",
        ),
        TermFault::TooFarAhead => Problem::field("begins_on", "too_far", "最多提前三个月登记", "A term is entered at most three months ahead"),
    }
}
