//! Taking a site off the plan by a decision.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::may_plan_county;
use super::store::sites::{self, Withdrawal};
use crate::accounts::{Act, JsonOf};
use crate::database::changes;
use crate::http::{Code, PathOf, Problem, PublicText, Text};
use crate::ids::SiteId;
use crate::notices::{self, NoticeKind};

/// The decision by which a site leaves the plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision_number": "清人常〔2026〕15号", "decided_on": "2026-08-20", "reason": "并入中心幼儿园扩建，不再单独实施", "rev": 9}))]
pub struct NewWithdrawal {
    decision_number: Text<1, 100>,
    decided_on: NaiveDate,
    reason: PublicText<1, 500>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// A site that left the plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路", "decided_on": "2026-08-20"}))]
pub struct WithdrawnSite {
    pub id: SiteId,
    pub code: String,
    pub name: String,
    pub decided_on: NaiveDate,
}

/// Takes a site off the plan: no map of today shows it and no report is owed for it; the maps of the months before keep it.
#[utoipa::path(post, path = "/api/sites/{id}/withdrawal", tag = "planning", params(("id" = i64, Path, description = "The site")),
    request_body = NewWithdrawal, responses((status = 200, body = WithdrawnSite, description = "The site has left the plan")))]
pub async fn withdraw_site(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<NewWithdrawal>>) -> Result<Response, Problem> {
    if !may_plan_county(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let wanted = act.body.0.clone();
    let county_id = act.actor.county_id;
    let site = sites::lock_entry(&mut act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    if site.rev != wanted.rev {
        return Err(Problem::new(Code::RevMismatch).with("rev", site.rev));
    }
    if site.is_struck_off {
        return Err(Problem::new(Code::Conflict).saying("点位已销号，须先恢复", "The site is struck off; reopen it first"));
    }
    let today = act.county.date_at(act.now);
    if wanted.decided_on > today {
        return Err(Problem::field("decided_on", "in_future", "决定日期不能晚于今天", "The day of the decision has not come"));
    }
    let words = format!("{}：点位“{}”撤出项目计划。{}", wanted.decision_number.as_str(), site.name, wanted.reason.as_str());
    let adopters = sites::list_adopters(&mut act.tx, county_id, site_id).await?;
    let told: Vec<_> = adopters.into_iter().map(|deputy| (site_id, deputy)).collect();
    let (chance, now) = (act.platform.chance.clone(), act.now);
    notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::PlanChanged, &told, &words, now).await?;
    notices::tell_units(&mut act.tx, &chance, county_id, NoticeKind::PlanChanged, &[site_id], &words, now).await?;
    let decision = Withdrawal { number: wanted.decision_number.as_str(), decided_on: wanted.decided_on, reason: wanted.reason.as_str() };
    sites::withdraw_site(&mut act.tx, county_id, site_id, decision, (act.actor.account_id, now, today)).await?;
    changes::county_changed(&mut act.tx, county_id, now).await?;
    let detail = json!({ "decision": wanted.decision_number, "decided_on": wanted.decided_on, "reason": wanted.reason, "code": site.code });
    act.audit("site.withdraw", ("site", &site_id.to_string()), detail).await?;
    let answer = WithdrawnSite { id: site_id, code: site.code, name: site.name, decided_on: wanted.decided_on };
    act.done(StatusCode::OK, &answer).await
}
