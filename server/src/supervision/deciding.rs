//! The committee's decisions about a site that is held, with all that belongs to each: the site's row, its history, the notices, the audit
//! line and the change log. The acts of the desk and the judgement of a challenge both decide by these.

use serde_json::json;
use uuid::Uuid;

use super::act_routes::{struck_off, tell};
use super::county_decisions::note_decision_of_county;
use super::model::is_author;
use super::store::{self, SiteState};
use crate::accounts::Act;
use crate::database::changes;
use crate::http::Problem;
use crate::ids::SiteId;
use crate::notices::NoticeKind;
use crate::reports::store::standing::{ReturnOutcome, fall_back_after_return};
use crate::sites::Stage;
use crate::sites::key::require_decision;
use crate::sites::store::stage::{Cause, StageMove, change_stage};

/// Returns a standing report to its author; the stage falls back. Returns its site.
pub async fn return_held<B>(act: &mut Act<B>, report_id: Uuid, reason: &str) -> Result<SiteId, Problem> {
    let county_id = act.actor.county_id;
    let found = store::find_report(&mut act.tx, county_id, report_id).await?;
    let report = found.filter(|report| act.actor.supervises(&report.region_code)).ok_or_else(Problem::not_found)?;
    require_decision(&act.actor, &report.region_code, report.key_site)?;
    if is_author(&act.actor, report.deputy_id) || report.account_id == act.actor.account_id {
        return Err(Problem::forbidden().saying(
            "不能退回自己提交或代录的反馈，可以重新录入更正",
            "Nobody returns a report that they sent or entered; enter another in its place",
        ));
    }
    match fall_back_after_return(&mut act.tx, (county_id, report_id), reason, act.actor.account_id, act.now).await? {
        ReturnOutcome::Returned(_) => {}
        ReturnOutcome::Missing => return Err(Problem::not_found()),
        ReturnOutcome::NotStanding => return Err(Problem::conflict("这份反馈已被退回或已由代表更新", "The report no longer stands")),
        ReturnOutcome::StruckOff => return Err(struck_off()),
    }
    tell(act, NoticeKind::ReportReturned, &[(report.site_id, report.deputy_id)], reason).await?;
    act.audit("report.return", ("report", &report_id.to_string()), json!({ "site_id": report.site_id, "reason": reason })).await?;
    Ok(report.site_id)
}

/// Takes back the strike-off of a held site.
pub async fn reopen_held<B>(act: &mut Act<B>, site: &SiteState, reason: &str) -> Result<(), Problem> {
    let (today, now) = (act.county.date_at(act.now), act.now);
    store::reopen(&mut act.tx, act.actor.county_id, site, (act.actor.account_id, today, now), reason).await?;
    note_decision_of_county(act, site).await?;
    conclude(act, site, NoticeKind::Reopened, "site.reopen", reason).await
}

/// Sets the stage of a held site that is not struck off.
pub async fn correct_held<B>(act: &mut Act<B>, site: &SiteState, (stage, percent): (Stage, u8), reason: &str) -> Result<(), Problem> {
    let correction = StageMove {
        county_id: act.actor.county_id,
        site_id: site.site_id,
        from: site.stage,
        to: stage,
        percent,
        cause: Cause::Correction { reason },
        account_id: Some(act.actor.account_id),
        at: act.now,
    };
    change_stage(&mut act.tx, correction).await?.ok_or_else(|| Problem::internal("a locked site was not in its stage"))?;
    note_decision_of_county(act, site).await?;
    let adopters = store::list_adopters(&mut act.tx, act.actor.county_id, &[site.site_id]).await?;
    tell(act, NoticeKind::StageCorrected, &adopters, reason).await?;
    let detail = json!({ "from": [site.stage.as_str(), site.percent], "to": [stage.as_str(), percent], "reason": reason });
    act.audit("site.correct", ("site", &site.site_id.to_string()), detail).await
}

/// Tells the adopters, the live map and the audit log what was done to the site.
pub(super) async fn conclude<B>(act: &mut Act<B>, site: &SiteState, kind: NoticeKind, action: &str, words: &str) -> Result<(), Problem> {
    let adopters = store::list_adopters(&mut act.tx, act.actor.county_id, &[site.site_id]).await?;
    tell(act, kind, &adopters, words).await?;
    changes::sites_changed(&mut act.tx, act.actor.county_id, &[site.site_id], act.now).await?;
    act.audit(action, ("site", &site.site_id.to_string()), json!({ "words": words, "rev": site.rev })).await
}
