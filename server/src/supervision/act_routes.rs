//! What the committee does: return a report, strike off, reopen, correct.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::county_decisions::{note_decision_of_county, require_no_decision_of_county, require_no_order_of_county};
use super::deciding::{conclude, correct_held, reopen_held, return_held};
use super::model::{is_author, may_supervise};
use super::store::{self, SiteState};
use crate::accounts::{Act, JsonOf};
use crate::http::{Code, PathOf, Problem, PublicText};
use crate::ids::{AccountId, DeputyId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::sites::key::require_decision;
use crate::sites::stage::percent_agrees;
use crate::sites::{self, SiteView, Stage};

/// Why a report goes back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "照片不是这个点位，请到现场重新拍摄"}))]
pub struct ReportReturn {
    reason: PublicText<1, 500>,
}

/// Returns a standing report to its author. The stage falls back to the report that stood before, or to the committee's last correction.
#[utoipa::path(post, path = "/api/reports/{id}/return", tag = "supervision", params(("id" = Uuid, Path, description = "The report")),
    request_body = ReportReturn, responses((status = 200, body = SiteView, description = "The site as it stands without the report")))]
pub async fn return_report(PathOf(report_id): PathOf<Uuid>, mut act: Act<JsonOf<ReportReturn>>) -> Result<Response, Problem> {
    let reason = act.body.0.reason.clone();
    let site_id = return_one(&mut act, report_id, reason.as_str()).await?;
    answer(act, site_id).await
}

/// Sends one report back; returns its site.
pub(super) async fn return_one<B>(act: &mut Act<B>, report_id: Uuid, reason: &str) -> Result<SiteId, Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    return_held(act, report_id, reason).await
}

/// The note with which a site is closed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "现场核实，已通过验收", "rev": 9}))]
pub struct StrikeOff {
    note: PublicText<1, 500>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Strikes off a completed site: it is closed and owes no more reports.
#[utoipa::path(post, path = "/api/sites/{id}/strike-off", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = StrikeOff, responses((status = 200, body = SiteView, description = "The site is struck off from today")))]
pub async fn strike_off(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<StrikeOff>>) -> Result<Response, Problem> {
    let StrikeOff { note, rev } = act.body.0.clone();
    strike_off_one(&mut act, (site_id, rev), note.as_str()).await?;
    answer(act, site_id).await
}

/// Strikes off one site, as it was seen with this rev.
pub(super) async fn strike_off_one<B>(act: &mut Act<B>, (site_id, rev): (SiteId, i64), note: &str) -> Result<(), Problem> {
    let site = hold_to_strike_off(act, site_id, rev).await?;
    require_anothers_word(act, site_id).await?;
    let (county_id, now) = (act.actor.county_id, act.now);
    if store::is_by_two(&mut act.tx, county_id).await? {
        let (zh, en) = ("本县销号须两人办理：请提出销号，由另一人确认", "This county strikes off by two persons: propose it, and another confirms");
        return Err(Problem::conflict(zh, en).and_field("note", "two_persons", zh, en));
    }
    if let Some(pending) = store::find_pending(&mut act.tx, county_id, site_id).await? {
        store::withdraw_proposal(&mut act.tx, county_id, pending, "", (act.actor.account_id, now)).await?;
    }
    let today = act.county.date_at(now);
    store::strike_off(&mut act.tx, county_id, &site, (act.actor.account_id, today, now), note).await?;
    note_decision_of_county(act, &site).await?;
    conclude(act, &site, NoticeKind::StruckOff, "site.strike_off", note).await
}

/// Why a struck-off site is opened again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "群众反映尚未通水，经核实属实", "rev": 10}))]
pub struct Reopening {
    reason: PublicText<1, 500>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Takes back a strike-off. The stage stays; reports are owed again.
#[utoipa::path(post, path = "/api/sites/{id}/reopen", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = Reopening, responses((status = 200, body = SiteView, description = "The site is open again; the strike-off stays on record")))]
pub async fn reopen(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<Reopening>>) -> Result<Response, Problem> {
    let Reopening { reason, rev } = act.body.0.clone();
    reopen_one(&mut act, (site_id, rev), reason.as_str()).await?;
    answer(act, site_id).await
}

/// Opens one struck-off site again, as it was seen with this rev.
pub(super) async fn reopen_one<B>(act: &mut Act<B>, (site_id, rev): (SiteId, i64), reason: &str) -> Result<(), Problem> {
    let site = hold_to_decide(act, site_id, rev).await?;
    if site.struck_off_on.is_none() {
        return Err(Problem::conflict("这个点位没有销号", "The site is not struck off"));
    }
    reopen_held(act, &site, reason).await
}

/// The stage as the committee found it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"stage": "in_progress", "percent": 60, "reason": "现场核实，主体尚未完工", "rev": 9}))]
pub struct Correction {
    pub(super) stage: Stage,
    pub(super) percent: u8,
    pub(super) reason: PublicText<1, 500>,
    /// Of the site as the person saw it.
    pub(super) rev: i64,
}

/// Corrects a site's stage. The correction holds until a later report stands.
#[utoipa::path(post, path = "/api/sites/{id}/correction", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = Correction, responses((status = 200, body = SiteView, description = "The site has the stage and percent given")))]
pub async fn correct(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<Correction>>) -> Result<Response, Problem> {
    let correction = act.body.0.clone();
    correct_one(&mut act, site_id, &correction).await?;
    answer(act, site_id).await
}

/// Corrects the stage of one site.
pub(super) async fn correct_one<B>(act: &mut Act<B>, site_id: SiteId, correction: &Correction) -> Result<(), Problem> {
    let Correction { stage, percent, reason, rev } = correction;
    let (stage, percent) = (*stage, *percent);
    let site = hold_to_decide(act, site_id, *rev).await?;
    if !percent_agrees(stage, percent) {
        let (zh, en) = ("百分比与状态不符：未开始为 0，已完成为 100", "Not started is 0 percent, completed is 100");
        return Err(Problem::field("percent", "out_of_range", zh, en));
    }
    if site.struck_off_on.is_some() {
        return Err(struck_off());
    }
    correct_held(act, &site, (stage, percent), reason.as_str()).await
}

/// The site that the act is about, held until the act ends; refused unless the person supervises it and has seen its present state.
pub(super) async fn hold<B>(act: &mut Act<B>, site_id: SiteId, rev: i64) -> Result<SiteState, Problem> {
    let site = hold_supervised(act, site_id).await?;
    require_rev(&site, rev)?;
    Ok(site)
}

/// As [`hold`], for what decides about the site: key sites are the county's, and what it decided itself.
pub(super) async fn hold_to_decide<B>(act: &mut Act<B>, site_id: SiteId, rev: i64) -> Result<SiteState, Problem> {
    let site = hold_supervised(act, site_id).await?;
    require_decision(&act.actor, &site.region_code, site.key_site)?;
    require_no_decision_of_county(act, &site).await?;
    require_rev(&site, rev)?;
    Ok(site)
}

async fn hold_supervised<B>(act: &mut Act<B>, site_id: SiteId) -> Result<SiteState, Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    let found = store::lock_site(&mut act.tx, act.actor.county_id, site_id).await?;
    found.filter(|site| act.actor.supervises(&site.region_code)).ok_or_else(Problem::not_found)
}

fn require_rev(site: &SiteState, rev: i64) -> Result<(), Problem> {
    if site.rev == rev { Ok(()) } else { Err(Problem::new(Code::RevMismatch).with("rev", site.rev)) }
}

/// As [`hold_to_decide`], for closing the site: it must be completed, and by another's word than one's own.
pub(super) async fn hold_to_strike_off<B>(act: &mut Act<B>, site_id: SiteId, rev: i64) -> Result<SiteState, Problem> {
    let site = hold_to_decide(act, site_id, rev).await?;
    if site.struck_off_on.is_some() {
        return Err(struck_off());
    }
    if site.stage != Stage::Completed {
        return Err(Problem::conflict("只有已完成的点位才能销号", "Only a completed site can be struck off"));
    }
    require_no_order_of_county(act, &site).await?;
    Ok(site)
}

/// Nobody closes a site on the strength of their own word: a report that they sent or entered or that stands in their name as a deputy, or a
/// correction that they made since.
pub(super) async fn require_anothers_word<B>(act: &mut Act<B>, site_id: SiteId) -> Result<(), Problem> {
    let word = store::find_last_word(&mut act.tx, act.actor.county_id, site_id).await?;
    let is_own = |(account, deputy): (Option<AccountId>, Option<DeputyId>)| {
        account == Some(act.actor.account_id) || deputy.is_some_and(|deputy| is_author(&act.actor, deputy))
    };
    if word.is_some_and(is_own) {
        let (zh, en) = (
            "现在的状态出自您的反馈（含代录、以您的名义录入）或您作出的更正，须由另一人确认销号",
            "The present stage is by your own word, a report or a correction: somebody else must strike the site off",
        );
        return Err(Problem::forbidden().saying(zh, en).and_field("site_id", "own_word", zh, en));
    }
    Ok(())
}

pub(super) fn struck_off() -> Problem {
    Problem::conflict("点位已销号，须先恢复", "The site is struck off; reopen it first")
}

pub(super) async fn tell<B>(act: &mut Act<B>, kind: NoticeKind, whom: &[(SiteId, DeputyId)], words: &str) -> Result<(), sqlx::Error> {
    let chance = act.platform.chance.clone();
    notices::tell_deputies(&mut act.tx, &chance, act.actor.county_id, kind, whom, words, act.now).await?;
    Ok(())
}

pub(super) async fn answer<B>(mut act: Act<B>, site_id: SiteId) -> Result<Response, Problem> {
    let site = sites::store::find_site(&mut act.tx, act.actor.county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    let view = SiteView::on(&site, &act.county, act.county.date_at(act.now));
    act.done(StatusCode::OK, &view).await
}
