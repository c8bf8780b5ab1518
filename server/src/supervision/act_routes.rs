//! What the committee does: return a report, strike off, reopen, correct.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{is_author, may_supervise};
use super::store::{self, SiteState};
use crate::accounts::{Act, JsonOf};
use crate::database::changes;
use crate::http::{Code, PathOf, Problem, Text};
use crate::ids::{DeputyId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::reports::store::standing::{ReturnOutcome, fall_back_after_return};
use crate::sites::key::require_decision;
use crate::sites::stage::percent_agrees;
use crate::sites::store::stage::{Cause, StageMove, change_stage};
use crate::sites::{self, SiteView, Stage};

/// Why a report goes back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "照片不是这个点位，请到现场重新拍摄"}))]
pub struct ReportReturn {
    reason: Text<1, 500>,
}

/// Returns a standing report to its author. The stage falls back to the report that stood before, or to the committee's last correction.
#[utoipa::path(post, path = "/api/reports/{id}/return", tag = "supervision", params(("id" = Uuid, Path, description = "The report")),
    request_body = ReportReturn, responses((status = 200, body = SiteView, description = "The site as it stands without the report")))]
pub async fn return_report(PathOf(report_id): PathOf<Uuid>, mut act: Act<JsonOf<ReportReturn>>) -> Result<Response, Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    let county_id = act.actor.county_id;
    let found = store::find_report(&mut act.tx, county_id, report_id).await?;
    let report = found.filter(|report| act.actor.supervises(&report.region_code)).ok_or_else(Problem::not_found)?;
    if is_author(&act.actor, report.deputy_id) || report.account_id == act.actor.account_id {
        return Err(Problem::forbidden().saying(
            "不能退回自己提交或代录的反馈，可以重新录入更正",
            "Nobody returns a report that they sent or entered; enter another in its place",
        ));
    }
    let reason = act.body.0.reason.clone();
    match fall_back_after_return(&mut act.tx, (county_id, report_id), reason.as_str(), act.actor.account_id, act.now).await? {
        ReturnOutcome::Returned(_) => {}
        ReturnOutcome::Missing => return Err(Problem::not_found()),
        ReturnOutcome::NotStanding => return Err(Problem::conflict("这份反馈已被退回或已由代表更新", "The report no longer stands")),
        ReturnOutcome::StruckOff => return Err(struck_off()),
    }
    tell(&mut act, NoticeKind::ReportReturned, &[(report.site_id, report.deputy_id)], reason.as_str()).await?;
    act.audit("report.return", ("report", &report_id.to_string()), json!({ "site_id": report.site_id, "reason": reason })).await?;
    answer(act, report.site_id).await
}

/// The note with which a site is closed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "现场核实，已通过验收", "rev": 9}))]
pub struct StrikeOff {
    note: Text<1, 500>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Strikes off a completed site: it is closed and owes no more reports.
#[utoipa::path(post, path = "/api/sites/{id}/strike-off", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = StrikeOff, responses((status = 200, body = SiteView, description = "The site is struck off from today")))]
pub async fn strike_off(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<StrikeOff>>) -> Result<Response, Problem> {
    let StrikeOff { note, rev } = act.body.0.clone();
    let site = hold_to_strike_off(&mut act, site_id, rev).await?;
    require_another_reporter(&mut act, site_id).await?;
    let (county_id, now) = (act.actor.county_id, act.now);
    if store::is_by_two(&mut act.tx, county_id).await? {
        let (zh, en) = ("本县销号须两人办理：请提出销号，由另一人确认", "This county strikes off by two persons: propose it, and another confirms");
        return Err(Problem::conflict(zh, en).and_field("note", "two_persons", zh, en));
    }
    if let Some(pending) = store::find_pending(&mut act.tx, county_id, site_id).await? {
        store::withdraw_proposal(&mut act.tx, county_id, pending, "", (act.actor.account_id, now)).await?;
    }
    let today = act.county.date_at(now);
    store::strike_off(&mut act.tx, county_id, &site, (act.actor.account_id, today, now), note.as_str()).await?;
    conclude(act, &site, NoticeKind::StruckOff, "site.strike_off", note.as_str()).await
}

/// Why a struck-off site is opened again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "群众反映尚未通水，经核实属实", "rev": 10}))]
pub struct Reopening {
    reason: Text<1, 500>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Takes back a strike-off. The stage stays; reports are owed again.
#[utoipa::path(post, path = "/api/sites/{id}/reopen", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = Reopening, responses((status = 200, body = SiteView, description = "The site is open again; the strike-off stays on record")))]
pub async fn reopen(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<Reopening>>) -> Result<Response, Problem> {
    let Reopening { reason, rev } = act.body.0.clone();
    let site = hold_to_decide(&mut act, site_id, rev).await?;
    if site.struck_off_on.is_none() {
        return Err(Problem::conflict("这个点位没有销号", "The site is not struck off"));
    }
    let (today, now) = (act.county.date_at(act.now), act.now);
    store::reopen(&mut act.tx, act.actor.county_id, &site, (act.actor.account_id, today, now), reason.as_str()).await?;
    conclude(act, &site, NoticeKind::Reopened, "site.reopen", reason.as_str()).await
}

/// The stage as the committee found it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"stage": "in_progress", "percent": 60, "reason": "现场核实，主体尚未完工", "rev": 9}))]
pub struct Correction {
    stage: Stage,
    percent: u8,
    reason: Text<1, 500>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Corrects a site's stage. The correction holds until a later report stands.
#[utoipa::path(post, path = "/api/sites/{id}/correction", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = Correction, responses((status = 200, body = SiteView, description = "The site has the stage and percent given")))]
pub async fn correct(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<Correction>>) -> Result<Response, Problem> {
    let Correction { stage, percent, reason, rev } = act.body.0.clone();
    let site = hold_to_decide(&mut act, site_id, rev).await?;
    if !percent_agrees(stage, percent) {
        let (zh, en) = ("百分比与状态不符：未开始为 0，已完成为 100", "Not started is 0 percent, completed is 100");
        return Err(Problem::field("percent", "out_of_range", zh, en));
    }
    if site.struck_off_on.is_some() {
        return Err(struck_off());
    }
    let correction = StageMove {
        county_id: act.actor.county_id,
        site_id,
        from: site.stage,
        to: stage,
        percent,
        cause: Cause::Correction { reason: reason.as_str() },
        account_id: Some(act.actor.account_id),
        at: act.now,
    };
    change_stage(&mut act.tx, correction).await?.ok_or_else(|| Problem::internal("a locked site was not in its stage"))?;
    let adopters = store::list_adopters(&mut act.tx, act.actor.county_id, &[site_id]).await?;
    tell(&mut act, NoticeKind::StageCorrected, &adopters, reason.as_str()).await?;
    let detail = json!({ "from": [site.stage.as_str(), site.percent], "to": [stage.as_str(), percent], "reason": reason });
    act.audit("site.correct", ("site", &site_id.to_string()), detail).await?;
    answer(act, site_id).await
}

/// The site that the act is about, held until the act ends; refused unless the person supervises it and has seen its present state.
pub(super) async fn hold<B>(act: &mut Act<B>, site_id: SiteId, rev: i64) -> Result<SiteState, Problem> {
    let site = hold_supervised(act, site_id).await?;
    require_rev(&site, rev)?;
    Ok(site)
}

/// As [`hold`], for what decides about the site: key sites are the county's.
pub(super) async fn hold_to_decide<B>(act: &mut Act<B>, site_id: SiteId, rev: i64) -> Result<SiteState, Problem> {
    let site = hold_supervised(act, site_id).await?;
    require_decision(&act.actor, &site.region_code, site.key_site)?;
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
    Ok(site)
}

/// Nobody closes a site on the strength of a report that they sent or entered, or that stands in their own name as a deputy.
pub(super) async fn require_another_reporter<B>(act: &mut Act<B>, site_id: SiteId) -> Result<(), Problem> {
    let reporter = store::find_last_reporter(&mut act.tx, act.actor.county_id, site_id).await?;
    if reporter.is_some_and(|(account, deputy)| account == act.actor.account_id || is_author(&act.actor, deputy)) {
        let (zh, en) = (
            "最近一份反馈由您提交、代录或以您的名义录入，须由另一人确认销号",
            "The last report is yours or was entered by you: somebody else must strike the site off",
        );
        return Err(Problem::forbidden().saying(zh, en).and_field("site_id", "own_report", zh, en));
    }
    Ok(())
}

fn struck_off() -> Problem {
    Problem::conflict("点位已销号，须先恢复", "The site is struck off; reopen it first")
}

pub(super) async fn tell<B>(act: &mut Act<B>, kind: NoticeKind, whom: &[(SiteId, DeputyId)], words: &str) -> Result<(), sqlx::Error> {
    let chance = act.platform.chance.clone();
    notices::tell_deputies(&mut act.tx, &chance, act.actor.county_id, kind, whom, words, act.now).await?;
    Ok(())
}

/// Tells the adopters, the live map and the audit log what was done to the site, and answers with it.
pub(super) async fn conclude<B>(mut act: Act<B>, site: &SiteState, kind: NoticeKind, action: &str, words: &str) -> Result<Response, Problem> {
    let adopters = store::list_adopters(&mut act.tx, act.actor.county_id, &[site.site_id]).await?;
    tell(&mut act, kind, &adopters, words).await?;
    changes::sites_changed(&mut act.tx, act.actor.county_id, &[site.site_id], act.now).await?;
    act.audit(action, ("site", &site.site_id.to_string()), json!({ "words": words, "rev": site.rev })).await?;
    answer(act, site.site_id).await
}

pub(super) async fn answer<B>(mut act: Act<B>, site_id: SiteId) -> Result<Response, Problem> {
    let site = sites::store::find_site(&mut act.tx, act.actor.county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    let view = SiteView::on(&site, &act.county, act.county.date_at(act.now));
    act.done(StatusCode::OK, &view).await
}
