//! Striking off by two persons: one proposes, another confirms; what is pending can be taken back by the one and refused by the others.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::act_routes::{answer, hold, hold_to_strike_off, require_anothers_word};
use super::county_decisions::{is_of_county, note_decision_of_county};
use super::deciding::conclude;
use super::model::{is_author, may_supervise};
use super::store::{self, NewProposal, Proposal};
use crate::accounts::{Act, Actor, JsonOf};
use crate::county::County;
use crate::database::{broken_constraint, changes};
use crate::http::shapes::RegionRef;
use crate::http::{PathOf, Problem, PublicText, Text};
use crate::ids::SiteId;
use crate::notices::{self, NoticeKind};
use crate::platform::Platform;
use crate::sites::{Stage, key};

/// A strike-off that waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 5, "site_id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路", "region": {"code": "339901004", "name": "清溪镇"},
    "note": "现场核实，已通过验收", "proposed_by": "王岚", "proposed_at": "2026-10-28T09:00:00+08:00", "completed": true, "own": false,
    "may_confirm": true, "rev": 9}))]
pub struct ProposalView {
    pub id: i64,
    pub site_id: SiteId,
    pub code: String,
    pub name: String,
    pub region: RegionRef,
    pub note: String,
    pub proposed_by: String,
    pub proposed_at: DateTime<FixedOffset>,
    /// The site is still completed; otherwise the proposal cannot be confirmed now.
    pub completed: bool,
    /// The reader proposed it.
    pub own: bool,
    /// The reader may confirm it now: they neither proposed it nor is the present stage their own word (a report sent, entered or in their name, or a correction), and the site is theirs to decide about.
    pub may_confirm: bool,
    /// Of the site.
    pub rev: i64,
}

impl ProposalView {
    pub fn of(proposal: Proposal, county: &County, reader: &Actor) -> Self {
        let own = proposal.proposed_by == reader.account_id;
        let completed = proposal.stage == Stage::Completed;
        let own_word = proposal.last_word_by == Some(reader.account_id) || proposal.last_deputy.is_some_and(|deputy| is_author(reader, deputy));
        let of_county = is_of_county(reader, &proposal.region_code);
        let decides = key::may_decide(reader, &proposal.region_code, proposal.key_site) && (of_county || !proposal.decided_by_county);
        Self {
            id: proposal.proposal_id,
            site_id: proposal.site_id,
            code: proposal.site_code,
            name: proposal.site_name,
            region: RegionRef { code: proposal.region_code, name: proposal.region_name },
            note: proposal.note,
            proposed_by: proposal.proposer,
            proposed_at: county.local(proposal.proposed_at),
            completed,
            own,
            may_confirm: completed && !own && decides && !own_word,
            rev: proposal.rev,
        }
    }
}

/// Strike-offs that wait for a second person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"id": 5, "site_id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路", "region": {"code": "339901004",
    "name": "清溪镇"}, "note": "现场核实，已通过验收", "proposed_by": "王岚", "proposed_at": "2026-10-28T09:00:00+08:00", "completed": true,
    "own": false, "may_confirm": true, "rev": 9}], "next": null, "by_two": true}))]
pub struct Proposals {
    /// The oldest first.
    pub items: Vec<ProposalView>,
    pub next: Option<String>,
    /// The county wants two persons for every strike-off.
    pub by_two: bool,
}

/// The strike-offs in the reader's places that wait for a second person.
#[utoipa::path(get, path = "/api/strike-off-proposals", tag = "supervision",
    responses((status = 200, body = Proposals, description = "All that are pending")))]
pub async fn list_proposals(State(platform): State<Platform>, actor: Actor) -> Result<Json<Proposals>, Problem> {
    if !may_supervise(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let pending = store::list_pending(&mut connection, actor.county_id, &actor.supervised_regions(), None).await?;
    let by_two = store::is_by_two(&mut connection, actor.county_id).await?;
    let items = pending.into_iter().map(|proposal| ProposalView::of(proposal, &county, &actor)).collect();
    Ok(Json(Proposals { items, next: None, by_two }))
}

/// What the person has found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "现场核实，已通过验收", "rev": 9}))]
pub struct NewStrikeOffProposal {
    note: PublicText<1, 500>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Proposes to strike off a completed site. Nothing changes until somebody else confirms it.
#[utoipa::path(post, path = "/api/sites/{id}/strike-off-proposal", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = NewStrikeOffProposal, responses((status = 201, body = ProposalView, description = "Pending; those who may confirm it are told")))]
pub async fn propose(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<NewStrikeOffProposal>>) -> Result<Response, Problem> {
    let NewStrikeOffProposal { note, rev } = act.body.0.clone();
    propose_one(&mut act, (site_id, rev), note.as_str()).await?;
    let found = store::list_pending(&mut act.tx, act.actor.county_id, &act.actor.supervised_regions(), Some(site_id)).await?;
    let proposal = found.into_iter().next().ok_or_else(|| Problem::internal("a proposal just made is gone"))?;
    let view = ProposalView::of(proposal, &act.county, &act.actor);
    act.done(StatusCode::CREATED, &view).await
}

/// Proposes one strike-off and tells those who may confirm it.
pub(super) async fn propose_one<B>(act: &mut Act<B>, (site_id, rev): (SiteId, i64), note: &str) -> Result<(), Problem> {
    let site = hold_to_strike_off(act, site_id, rev).await?;
    let (county_id, by, now) = (act.actor.county_id, act.actor.account_id, act.now);
    let new = NewProposal { site_id, note, by, at: now };
    let pending = || Problem::conflict("这个点位已有待确认的销号", "A strike-off of the site is pending already");
    let proposal_id = store::insert_proposal(&mut act.tx, county_id, new).await?.ok_or_else(pending)?;
    let deciders = store::list_deciders(&mut act.tx, county_id, (&site.region_code, site.key_site), by).await?;
    let (chance, words) = (act.platform.chance.clone(), format!("{}提出销号，请核实后确认：{note}", act.actor.name));
    let whom: Vec<_> = deciders.into_iter().map(|decider| (site_id, decider)).collect();
    notices::tell_accounts(&mut act.tx, &chance, county_id, NoticeKind::StrikeOffProposed, &whom, &words, now).await?;
    act.audit("site.propose_strike_off", ("site", &site_id.to_string()), json!({ "proposal": proposal_id, "words": note, "rev": site.rev })).await
}

/// What the second person has seen.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rev": 9}))]
pub struct Confirmation {
    /// Of the site as the person saw it.
    rev: i64,
}

/// Confirms what somebody else proposed: the site is struck off.
#[utoipa::path(post, path = "/api/strike-off-proposals/{id}/confirm", tag = "supervision",
    params(("id" = i64, Path, description = "The proposal")), request_body = Confirmation,
    responses((status = 200, body = crate::sites::SiteView, description = "The site is struck off from today")))]
pub async fn confirm(PathOf(proposal_id): PathOf<i64>, mut act: Act<JsonOf<Confirmation>>) -> Result<Response, Problem> {
    let rev = act.body.0.rev;
    let site_id = confirm_one(&mut act, proposal_id, rev).await?;
    answer(act, site_id).await
}

/// Confirms one strike-off that somebody else proposed, and tells them; returns its site.
pub(super) async fn confirm_one<B>(act: &mut Act<B>, proposal_id: i64, rev: i64) -> Result<SiteId, Problem> {
    let (county_id, by, now) = (act.actor.county_id, act.actor.account_id, act.now);
    let (site_id, proposed_by, note) = hold_pending(act, proposal_id).await?;
    let site = hold_to_strike_off(act, site_id, rev).await?;
    if proposed_by == by {
        let (zh, en) = ("销号由您提出，须由另一人确认", "You proposed it: somebody else must confirm");
        return Err(Problem::forbidden().saying(zh, en).and_field("id", "own", zh, en));
    }
    require_anothers_word(act, site_id).await?;
    store::confirm_proposal(&mut act.tx, county_id, proposal_id, (by, now)).await?;
    let today = act.county.date_at(now);
    store::strike_off(&mut act.tx, county_id, &site, (by, today, now), &note).await.map_err(|error| match broken_constraint(&error) {
        Some("sites_struck_off_by_two") => Problem::conflict("销号须两人办理", "Striking off takes two persons"),
        _ => error.into(),
    })?;
    note_decision_of_county(act, &site).await?;
    let (chance, told) = (act.platform.chance.clone(), format!("{}已确认，点位已销号。", act.actor.name));
    notices::tell_accounts(&mut act.tx, &chance, county_id, NoticeKind::StrikeOffConfirmed, &[(site_id, proposed_by)], &told, now).await?;
    conclude(act, &site, NoticeKind::StruckOff, "site.confirm_strike_off", &note).await?;
    Ok(site_id)
}

/// Why it is taken back or refused.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "排水沟尚未接通，暂不销号"}))]
pub struct ProposalWithdrawal {
    /// Whoever refuses what somebody else proposed says why.
    words: Text<0, 500>,
}

/// Takes back one's own proposal, or refuses another's with a reason.
#[utoipa::path(post, path = "/api/strike-off-proposals/{id}/withdraw", tag = "supervision",
    params(("id" = i64, Path, description = "The proposal")), request_body = ProposalWithdrawal,
    responses((status = 200, body = crate::sites::SiteView, description = "The site as it stands; nothing was struck off")))]
pub async fn withdraw(PathOf(proposal_id): PathOf<i64>, mut act: Act<JsonOf<ProposalWithdrawal>>) -> Result<Response, Problem> {
    let (county_id, by, now, words) = (act.actor.county_id, act.actor.account_id, act.now, act.body.0.words.clone());
    let (site_id, proposed_by, _) = hold_pending(&mut act, proposal_id).await?;
    if proposed_by != by {
        let site = store::lock_site(&mut act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
        key::require_decision(&act.actor, &site.region_code, site.key_site)?;
        if words.as_str().is_empty() {
            return Err(Problem::field("words", "required", "请说明不同意的理由", "Say why it is refused"));
        }
        let (chance, told) = (act.platform.chance.clone(), format!("{}不同意销号：{}", act.actor.name, words.as_str()));
        let whom = [(site_id, proposed_by)];
        notices::tell_accounts(&mut act.tx, &chance, county_id, NoticeKind::StrikeOffRefused, &whom, &told, now).await?;
    }
    withdraw_held(&mut act, (site_id, proposal_id), words.as_str(), proposed_by == by).await?;
    answer(act, site_id).await
}

/// Takes back what the person proposed for one site, as it was seen with this rev.
pub(super) async fn withdraw_own<B>(act: &mut Act<B>, (site_id, rev): (SiteId, i64), words: &str) -> Result<(), Problem> {
    hold(act, site_id, rev).await?;
    let own = || Problem::conflict("这个点位没有您提出的待确认销号", "No strike-off proposed by you is pending there");
    let pending = store::find_pending(&mut act.tx, act.actor.county_id, site_id).await?.ok_or_else(own)?;
    let (_, proposed_by, _) = hold_pending(act, pending).await?;
    if proposed_by != act.actor.account_id {
        return Err(own());
    }
    withdraw_held(act, (site_id, pending), words, true).await
}

async fn withdraw_held<B>(act: &mut Act<B>, (site_id, proposal_id): (SiteId, i64), words: &str, own: bool) -> Result<(), Problem> {
    let (county_id, by, now) = (act.actor.county_id, act.actor.account_id, act.now);
    store::withdraw_proposal(&mut act.tx, county_id, proposal_id, words, (by, now)).await?;
    changes::sites_changed(&mut act.tx, county_id, &[site_id], now).await?;
    act.audit("site.withdraw_strike_off", ("site", &site_id.to_string()), json!({ "proposal": proposal_id, "words": words, "own": own })).await
}

/// The site, the proposer and the note of a pending proposal, held until the act ends; refused unless the person supervises the site.
async fn hold_pending<B>(act: &mut Act<B>, proposal_id: i64) -> Result<(SiteId, crate::ids::AccountId, String), Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    let county_id = act.actor.county_id;
    let known = store::find_proposal(&mut act.tx, county_id, proposal_id).await?.ok_or_else(Problem::not_found)?;
    let site = store::lock_site(&mut act.tx, county_id, known.site_id).await?;
    site.filter(|site| act.actor.supervises(&site.region_code)).ok_or_else(Problem::not_found)?;
    // Whoever held the site until now may have settled it.
    let known = store::find_proposal(&mut act.tx, county_id, proposal_id).await?.ok_or_else(Problem::not_found)?;
    if !known.is_pending {
        return Err(Problem::conflict("这项销号已确认或已撤回", "It was confirmed or taken back already"));
    }
    Ok((known.site_id, known.proposed_by, known.note))
}
