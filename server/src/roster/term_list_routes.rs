//! A term opened: who sat in it, which sites they had and how that ended. Old terms stay readable: nothing of them is kept apart, all of it
//! follows from the days on which deputies came and went and adoptions began and ended.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::may_keep;
use super::store::term_lists::{self, TermDays};
use super::term_view::{TermAdoption, TermDeputy};
use crate::accounts::Actor;
use crate::county::County;
use crate::deputies::DeputyLevel;
use crate::http::{Code, Page, Problem, QueryOf};
use crate::platform::Platform;

/// Which term, and which of the two congresses.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TermQuery {
    /// Its number.
    term: i16,
    /// `county` or `township`; both when not said.
    level: Option<DeputyLevel>,
}

/// Those in office in a term, of the reader's places.
#[utoipa::path(get, path = "/api/term-deputies", tag = "roster", params(TermQuery),
    responses((status = 200, body = Page<TermDeputy>, description = "By place and name")))]
pub async fn list_term_deputies(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<TermQuery>,
) -> Result<Json<Page<TermDeputy>>, Problem> {
    if !may_keep(&actor) {
        return Err(Problem::forbidden());
    }
    let (county, days) = find(&platform, &actor, &query).await?;
    let connection = &mut *platform.pool.acquire().await?;
    let places = actor.supervised_regions();
    Ok(Json(Page::whole(term_lists::list_deputies(connection, county.county_id, days, (&places, query.level)).await?)))
}

/// The adoptions of a term by the deputies of the reader's places.
#[utoipa::path(get, path = "/api/term-adoptions", tag = "roster", params(TermQuery),
    responses((status = 200, body = Page<TermAdoption>, description = "By site and day")))]
pub async fn list_term_adoptions(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<TermQuery>,
) -> Result<Json<Page<TermAdoption>>, Problem> {
    if !may_keep(&actor) {
        return Err(Problem::forbidden());
    }
    let (county, days) = find(&platform, &actor, &query).await?;
    let connection = &mut *platform.pool.acquire().await?;
    let places = actor.supervised_regions();
    Ok(Json(Page::whole(term_lists::list_adoptions(connection, (county.county_id, county.zone), days, (&places, query.level)).await?)))
}

async fn find(platform: &Platform, actor: &Actor, query: &TermQuery) -> Result<(std::sync::Arc<County>, TermDays), Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if query.level.is_some_and(|level| !matches!(level, DeputyLevel::County | DeputyLevel::Township)) {
        let (zh, en) = ("换届的是县、乡两级人大：county 或 township", "Terms are of the county’s and the townships’ congresses: county or township");
        return Err(Problem::field("level", "unknown", zh, en));
    }
    let connection = &mut *platform.pool.acquire().await?;
    let days = term_lists::find_begun(connection, county.county_id, query.term).await?;
    let none = || Problem::new(Code::NotFound).saying("没有这一届，或它还没有开始", "There is no such term, or it has not begun");
    Ok((county, days.ok_or_else(none)?))
}
