//! Entering a decision that changes a site's plan.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use geodata::datum::Datum;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::model::{Plan, PlanFault, SAME_PLACE_M, check, may_change_plans, may_change_plans_in};
use super::store::{self, Decision, PlannedSite};
use crate::accounts::{Act, JsonOf};
use crate::database::changes;
use crate::http::{Code, PathOf, Problem, PublicText, Text};
use crate::ids::{DeputyId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::regions::placing::WrittenPosition;
use crate::sites::{Site, SiteView, store::find_site};

/// Where the site is to be from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lon": 119.9761, "lat": 30.5388, "address": "清溪镇石桥村村委会东侧"}))]
pub struct NewPlace {
    /// Degrees. The township follows from the place.
    lon: f64,
    lat: f64,
    /// `wgs84` when nothing is said, `cgcs2000`, `gcj02` or `bd09`.
    #[schema(value_type = Option<String>)]
    datum: Option<Datum>,
    /// As it was, when not said.
    address: Option<Text<0, 300>>,
}

/// A decision, and what it changes. What is not said stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision_number": "清人常〔2026〕12号", "decided_on": "2026-06-18", "reason": "汛期影响施工，完工时间顺延两个月",
    "planned_finish_on": "2026-10-31", "rev": 9}))]
pub struct NewPlanChange {
    decision_number: Text<1, 100>,
    decided_on: NaiveDate,
    reason: PublicText<1, 500>,
    planned_start_on: Option<NaiveDate>,
    planned_finish_on: Option<NaiveDate>,
    /// The scope, in the office's words.
    quota: Option<Text<0, 200>>,
    place: Option<NewPlace>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Changes a site's planned dates, scope or place by a decision. What stood before stays beside it.
#[utoipa::path(post, path = "/api/sites/{id}/plan-changes", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = NewPlanChange, responses((status = 200, body = SiteView, description = "The site as it is planned now")))]
pub async fn change_plan(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<NewPlanChange>>) -> Result<Response, Problem> {
    let wanted = act.body.0.clone();
    let site = hold(&mut act, site_id, wanted.rev).await?;
    let after = planned_after(&mut act, &site.plan, &wanted).await?;
    check(&site.plan, &after, wanted.decided_on, act.county.date_at(act.now)).map_err(problem_of)?;
    let decision = Decision { number: wanted.decision_number.as_str(), decided_on: wanted.decided_on, reason: wanted.reason.as_str() };
    let county_id = act.actor.county_id;
    let author = (act.actor.account_id, act.now);
    store::change_plan(&mut act.tx, county_id, &site, &after, decision, author).await?;
    changes::sites_changed(&mut act.tx, county_id, &[site_id], act.now).await?;
    let said = |plan: &Plan| json!([plan.start_on, plan.finish_on, plan.quota, plan.address, plan.region.code, plan.position.to_string()]);
    let detail = json!({ "decision": wanted.decision_number, "decided_on": wanted.decided_on, "reason": wanted.reason,
        "from": said(&site.plan), "to": said(&after) });
    act.audit("site.change_plan", ("site", &site_id.to_string()), detail).await?;
    let site = find_site(&mut act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    tell(&mut act, &site, &wanted).await?;
    let view = SiteView::on(&site, &act.county, act.county.date_at(act.now));
    act.done(StatusCode::OK, &view).await
}

/// The adopters, who report against the plan, and the unit, which works by it.
async fn tell(act: &mut Act<JsonOf<NewPlanChange>>, site: &Site, change: &NewPlanChange) -> Result<(), Problem> {
    let adopters: Vec<(SiteId, DeputyId)> = site.adopters.iter().map(|adopter| (site.site_id, adopter.id)).collect();
    let words = format!("{}：{}", change.decision_number.as_str(), change.reason.as_str());
    let (chance, county_id, now) = (act.platform.chance.clone(), act.actor.county_id, act.now);
    notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::PlanChanged, &adopters, &words, now).await?;
    notices::tell_units(&mut act.tx, &chance, county_id, NoticeKind::PlanChanged, &[site.site_id], &words, now).await?;
    Ok(())
}

/// The site, held until the act ends; refused unless the person decides about it, has seen its present state, and it is still open.
async fn hold<B>(act: &mut Act<B>, site_id: SiteId, rev: i64) -> Result<PlannedSite, Problem> {
    if !may_change_plans(&act.actor) {
        return Err(Problem::forbidden());
    }
    let found = store::lock_site(&mut act.tx, act.actor.county_id, site_id).await?;
    let site = found.filter(|site| may_change_plans_in(&act.actor, &site.plan.region.code)).ok_or_else(Problem::not_found)?;
    if site.rev != rev {
        return Err(Problem::new(Code::RevMismatch).with("rev", site.rev));
    }
    if site.is_struck_off {
        return Err(Problem::new(Code::Conflict).saying("点位已销号，须先恢复", "The site is struck off; reopen it first"));
    }
    Ok(site)
}

async fn planned_after<B>(act: &mut Act<B>, before: &Plan, wanted: &NewPlanChange) -> Result<Plan, Problem> {
    let mut after = Plan {
        start_on: wanted.planned_start_on.or(before.start_on),
        finish_on: wanted.planned_finish_on.or(before.finish_on),
        quota: wanted.quota.as_ref().map_or_else(|| before.quota.clone(), |quota| quota.as_str().to_owned()),
        ..before.clone()
    };
    if let Some(place) = &wanted.place {
        if let Some(address) = &place.address {
            after.address = address.as_str().to_owned();
        }
        let written = WrittenPosition { lon: place.lon, lat: place.lat, datum: place.datum };
        let placed = written.find(&mut act.tx, act.actor.county_id, "place").await?;
        if before.position.metres_to(placed.position) > SAME_PLACE_M {
            after.position = placed.position;
            // The site's own region where no boundary can tell, or where it lies in a village of the same township.
            if let Some(township) = placed.township.filter(|township| !before.region.code.starts_with(&township.code)) {
                after.region = township;
            }
        }
    }
    Ok(after)
}

fn problem_of(fault: PlanFault) -> Problem {
    match fault {
        PlanFault::NothingChanges => {
            Problem::field("body", "nothing_changed", "与现行计划相同，没有要调整的内容", "It says what is planned already; nothing would change")
        }
        PlanFault::FinishBeforeStart => {
            Problem::field("planned_finish_on", "before_start", "计划完工不能早于计划开工", "The planned finish lies before the planned start")
        }
        PlanFault::DecidedInFuture => Problem::field("decided_on", "in_future", "决定日期不能晚于今天", "The day of the decision has not come"),
    }
}
