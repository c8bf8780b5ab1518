//! Challenges on the desk: the list, taking one up, clearing words and pictures for everybody.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};

use super::desk_view::DeskChallenge;
use super::model::{ChallengeState, may_look_after};
use super::secret::read_number;
use super::store::read::{self, Challenge, Wanted};
use super::store::{pictures, write};
use crate::accounts::{Act, Actor, JsonOf};
use crate::county::County;
use crate::database::changes;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Code, PathOf, Problem, QueryOf, Text};
use crate::ids::{ProjectId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::platform::Platform;
use crate::sites::key::require_decision;
use crate::supervision::{list_adopters, lock_site};

/// Which challenges.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChallengesQuery {
    pub state: Option<ChallengeState>,
    /// Whether somebody has still to settle them.
    pub open: Option<bool>,
    /// Code of a region; it and everything below it.
    #[param(value_type = Option<String>)]
    pub region: Option<Text<1, 12>>,
    pub project: Option<ProjectId>,
    pub site: Option<SiteId>,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

/// Challenges in the reader's places.
#[derive(Debug, Serialize, ToSchema)]
pub struct Challenges {
    /// Newest first.
    pub items: Vec<DeskChallenge>,
    pub next: Option<String>,
    /// How many in all of the reader's places wait to be settled, whatever the filters.
    pub waiting: i64,
}

/// The challenges of sites in the reader's places, newest first.
#[utoipa::path(get, path = "/api/challenges", tag = "challenges", params(ChallengesQuery),
    responses((status = 200, body = Challenges, description = "Newest first")))]
pub async fn list_challenges(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<ChallengesQuery>,
) -> Result<Json<Challenges>, Problem> {
    if !may_look_after(&actor) {
        return Err(Problem::forbidden());
    }
    let limit = page_size(query.limit, 50, 200)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let regions = actor.supervised_regions();
    let wanted = Wanted {
        number: None,
        regions: Some(&regions),
        site_id: query.site,
        state: query.state,
        open: query.open,
        region: query.region.as_ref().map(Text::as_str),
        project_id: query.project,
        before: read_cursor(query.cursor.as_deref())?,
    };
    let mut connection = platform.pool.acquire().await?;
    let mut rows = read::list(&mut connection, actor.county_id, wanted, limit + 1).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| last.challenge_id.to_string());
    let waiting = read::count_waiting(&mut connection, actor.county_id, &regions).await?;
    Ok(Json(Challenges { items: views(&mut connection, rows, &county, &actor).await?, next, waiting }))
}

async fn views(connection: &mut PgConnection, rows: Vec<Challenge>, county: &County, reader: &Actor) -> Result<Vec<DeskChallenge>, Problem> {
    let ids: Vec<i64> = rows.iter().map(|row| row.challenge_id).collect();
    let sites: Vec<SiteId> = rows.iter().map(|row| row.site_id).collect();
    let mut pictures = pictures::list_pictures(connection, county.county_id, &ids).await?;
    let mut steps = read::list_steps(connection, county.county_id, &ids).await?;
    let own = read::list_own_cases(connection, county.county_id, (reader.account_id, reader.deputy_id()), &sites).await?;
    let view = |row: Challenge| {
        let (shown, told) = (pictures.remove(&row.challenge_id).unwrap_or_default(), steps.remove(&row.challenge_id).unwrap_or_default());
        let own_case = own.contains(&row.site_id);
        DeskChallenge::of(row, shown, &told, own_case, (county, reader))
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The challenge and its site, both held until the act ends; refused unless the person decides about the site and has seen the challenge as
/// it is now.
pub(super) async fn hold<B>(act: &mut Act<B>, number: &str, rev: i64) -> Result<Challenge, Problem> {
    if !may_look_after(&act.actor) {
        return Err(Problem::forbidden());
    }
    let (number, county_id) = (read_number(number).ok_or_else(Problem::not_found)?, act.actor.county_id);
    let of_place =
        |found: Option<Challenge>, actor: &Actor| found.filter(|found| actor.supervises(&found.region_code)).ok_or_else(Problem::not_found);
    let found = of_place(read::find(&mut act.tx, county_id, &number).await?, &act.actor)?;
    lock_site(&mut act.tx, county_id, found.site_id).await?.ok_or_else(Problem::not_found)?;
    // Another act about the site may have gone before.
    let present = of_place(read::find(&mut act.tx, county_id, &number).await?, &act.actor)?;
    require_decision(&act.actor, &present.region_code, present.key_site)?;
    if present.rev != rev {
        return Err(Problem::new(Code::RevMismatch).with("rev", present.rev));
    }
    Ok(present)
}

/// Puts the act on record, wakes the map, and answers with the challenge.
pub(super) async fn conclude<B>(mut act: Act<B>, challenge: &Challenge, action: &str, detail: serde_json::Value) -> Result<Response, Problem> {
    let mut detail = detail;
    detail["site_id"] = json!(challenge.site_id);
    act.audit(action, ("challenge", &challenge.number), detail).await?;
    changes::sites_changed(&mut act.tx, act.actor.county_id, &[challenge.site_id], act.now).await?;
    let present = read::find(&mut act.tx, act.actor.county_id, &challenge.number).await?.ok_or_else(Problem::not_found)?;
    let (county, actor) = (act.county.clone(), act.actor.clone());
    let shown = views(&mut act.tx, vec![present], &county, &actor).await?.pop();
    act.done(StatusCode::OK, &shown.ok_or_else(Problem::not_found)?).await
}

/// That a challenge is no longer where the act begins.
pub(super) fn elsewhere() -> Problem {
    Problem::conflict("这条质疑的状态已变化，请刷新后再办理", "The challenge has moved on meanwhile; please read it again")
}

/// The office takes a challenge up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "请于三日内到现场核实", "rev": 1}))]
pub struct ChallengeAcceptance {
    /// To the adopters and the unit; the visitor reads them too. May be empty.
    words: Text<0, 500>,
    /// Of the challenge as the person saw it.
    rev: i64,
}

/// Takes a challenge up: the check begins. The adopters and the unit have a notice.
#[utoipa::path(post, path = "/api/challenges/{number}/acceptance", tag = "challenges",
    params(("number" = String, Path, description = "Number of the challenge")), request_body = ChallengeAcceptance,
    responses((status = 200, body = DeskChallenge, description = "It is being checked")))]
pub async fn accept(PathOf(number): PathOf<String>, mut act: Act<JsonOf<ChallengeAcceptance>>) -> Result<Response, Problem> {
    let ChallengeAcceptance { words, rev } = act.body.0.clone();
    let challenge = hold(&mut act, &number, rev).await?;
    let step =
        write::Move { to: ChallengeState::Accepted, account_id: Some(act.actor.account_id), words: words.as_str(), consequence: None, at: act.now };
    write::advance(&mut act.tx, act.actor.county_id, challenge.challenge_id, step).await?.ok_or_else(elsewhere)?;
    let told = if words.as_str().is_empty() { "有群众质疑这个点位的状态，人大正在核实" } else { words.as_str() };
    tell_concerned(&mut act, &challenge, NoticeKind::ChallengeAccepted, told).await?;
    conclude(act, &challenge, "challenge.accept", json!({ "words": words })).await
}

/// Tells the site's adopters and its unit.
pub(super) async fn tell_concerned<B>(act: &mut Act<B>, challenge: &Challenge, kind: NoticeKind, words: &str) -> Result<(), Problem> {
    let (county_id, site, now, chance) = (act.actor.county_id, challenge.site_id, act.now, act.platform.chance.clone());
    let adopters = list_adopters(&mut act.tx, county_id, &[site]).await?;
    notices::tell_deputies(&mut act.tx, &chance, county_id, kind, &adopters, words, now).await?;
    notices::tell_units(&mut act.tx, &chance, county_id, kind, &[site], words, now).await?;
    Ok(())
}

/// What is cleared for everybody.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": true, "photos": true, "edited_words": null, "rev": 2}))]
pub struct Publication {
    words: bool,
    photos: bool,
    /// The words as everybody is to read them; null: the visitor's own. Numbers of persons are masked in both.
    edited_words: Option<Text<1, 500>>,
    /// Of the challenge as the person saw it.
    rev: i64,
}

/// Clears words and pictures for everybody, each by itself, or takes that back.
#[utoipa::path(post, path = "/api/challenges/{number}/publication", tag = "challenges",
    params(("number" = String, Path, description = "Number of the challenge")), request_body = Publication,
    responses((status = 200, body = DeskChallenge, description = "As everybody sees it from now on")))]
pub async fn publish(PathOf(number): PathOf<String>, mut act: Act<JsonOf<Publication>>) -> Result<Response, Problem> {
    let Publication { words, photos, edited_words, rev } = act.body.0.clone();
    let challenge = hold(&mut act, &number, rev).await?;
    if !challenge.state.may_be_published() {
        return Err(Problem::conflict("未受理或已撤回的质疑不予公开", "What was declined or withdrawn is not published"));
    }
    let edited_words = edited_words.as_ref().map(Text::as_str).filter(|_| words);
    let clearing = write::Clearing { words, photos, edited_words, account_id: act.actor.account_id, at: act.now };
    write::clear(&mut act.tx, act.actor.county_id, challenge.challenge_id, clearing).await?.ok_or_else(elsewhere)?;
    let detail = json!({ "words": words, "photos": photos, "edited": edited_words.is_some() });
    conclude(act, &challenge, "challenge.publish", detail).await
}
