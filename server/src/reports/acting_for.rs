//! Reports that staff enter for deputies who cannot, and the deputies' word against them.
//!
//! The rules kept here: all rules of the month hold as if the deputy had sent it; it is marked wherever it shows and on record under whoever
//! entered it; the deputy is told, may write another in its place, and may take it back as not theirs.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::acceptance::{self, Receipt, Sender};
use super::body::ReportBody;
use super::model::{may_enter, may_report};
use super::store::standing::{ReturnOutcome, fall_back_after_return};
use super::store::write;
use crate::accounts::{Act, CameBy, JsonOf};
use crate::http::{PathOf, Problem, PublicText};
use crate::ids::DeputyId;
use crate::notices::{self, NoticeKind};
use crate::sites::store::find_region;

/// A report that was told to staff.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"came_by": "telephone", "report": {"site_id": 41, "stage": "in_progress", "percent": 40, "words": "路基已完成。",
    "problems": [], "photos": [], "written_at": "2026-10-28T16:20:00+08:00", "position": null, "step_back_reason": null}}))]
pub struct ReportForDeputy {
    /// How the deputy's words came.
    came_by: CameBy,
    report: ReportBody,
}

/// Enters a report for a deputy who cannot. Repeating it leaves one report and gives the same receipt.
///
/// Pictures are named and sent as a deputy does; place is optional. The deputy is told, may write another report in its place, and may
/// object to it.
#[utoipa::path(put, path = "/api/deputies/{id}/reports/{report_id}", tag = "reports", request_body = ReportForDeputy,
    params(("id" = i64, Path, description = "The deputy"), ("report_id" = Uuid, Path, description = "Made by the desk (UUIDv7)")),
    responses((status = 201, body = Receipt, description = "Accepted"), (status = 200, body = Receipt, description = "Accepted before")))]
pub async fn put_report_for(
    PathOf((deputy_id, report_id)): PathOf<(DeputyId, Uuid)>,
    act: Act<JsonOf<ReportForDeputy>>,
) -> Result<Response, Problem> {
    if !may_enter(&act.actor) {
        return Err(Problem::forbidden());
    }
    if act.actor.deputy_id() == Some(deputy_id) {
        let (zh, en) = ("自己的反馈请在代表端提交", "Send your own report as a deputy");
        return Err(Problem::forbidden().saying(zh, en).and_field("id", "own", zh, en));
    }
    let (JsonOf(told), mut act) = act.part(|JsonOf(told)| JsonOf(told.report.clone()));
    let (county_id, site_id, came_by) = (act.county.county_id, told.report.site_id, told.came_by);
    let region = find_region(&mut act.tx, county_id, site_id).await?;
    region.filter(|region| act.actor.supervises(region)).ok_or_else(Problem::not_found)?;
    let (status, receipt) = acceptance::accept(&mut act, report_id, Sender { deputy_id, came_by: Some(came_by), clock: None })
        .await
        .map_err(|fault| fault.within("report"))?;
    if status == StatusCode::CREATED {
        let words =
            format!("{}根据您的{}，代您录入了{}的反馈。如果不是您的意思，可以更正或声明。", act.actor.name, came_by.in_words(), receipt.month);
        let chance = act.platform.chance.clone();
        notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::ReportEntered, &[(site_id, deputy_id)], &words, act.now).await?;
    }
    act.done(status, &receipt).await
}

/// Why the report is not the deputy's.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "我没有说已经完工，下周才去现场"}))]
pub struct Objection {
    reason: PublicText<1, 500>,
}

/// The report that was taken back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "stage": "in_progress"}))]
pub struct TakenBack {
    pub id: Uuid,
    /// The site's stage without it.
    pub stage: crate::sites::Stage,
}

/// Takes back a report that staff entered in one's name: these were not one's words. The stage falls back to what stood before.
#[utoipa::path(post, path = "/api/reports/{id}/objection", tag = "reports", params(("id" = Uuid, Path, description = "The report")),
    request_body = Objection, responses((status = 200, body = TakenBack, description = "It no longer stands; whoever entered it is told")))]
pub async fn object(PathOf(report_id): PathOf<Uuid>, mut act: Act<JsonOf<Objection>>) -> Result<Response, Problem> {
    let deputy_id = may_report(&act.actor).ok_or_else(Problem::forbidden)?;
    let (county_id, reason) = (act.actor.county_id, act.body.0.reason.clone());
    let entered = write::find_entered(&mut act.tx, county_id, report_id).await?;
    let entered = entered.filter(|entered| entered.deputy_id == deputy_id).ok_or_else(Problem::not_found)?;
    let outcome = fall_back_after_return(&mut act.tx, (county_id, report_id), reason.as_str(), act.actor.account_id, act.now).await?;
    let returned = match outcome {
        ReturnOutcome::Returned(returned) => returned,
        ReturnOutcome::Missing => return Err(Problem::not_found()),
        ReturnOutcome::NotStanding => return Err(Problem::conflict("这份反馈已被退回或已更正", "The report no longer stands")),
        ReturnOutcome::StruckOff => {
            return Err(Problem::conflict(
                "点位已销号，请联系人大工委恢复后再声明",
                "The site is struck off; ask the committee to open it again first",
            ));
        }
    };
    write::set_objected(&mut act.tx, county_id, report_id).await?;
    let (chance, words) = (act.platform.chance.clone(), format!("{}代表声明：{}", act.actor.name, reason.as_str()));
    let whom = [(returned.site_id, entered.account_id)];
    notices::tell_accounts(&mut act.tx, &chance, county_id, NoticeKind::ReportObjected, &whom, &words, act.now).await?;
    act.audit("report.object", ("report", &report_id.to_string()), json!({ "site_id": returned.site_id, "reason": reason })).await?;
    act.done(StatusCode::OK, &TakenBack { id: report_id, stage: returned.stage }).await
}
