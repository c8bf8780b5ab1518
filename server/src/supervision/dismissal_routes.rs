//! Findings put aside after somebody has looked, each with a reason; and taken up again.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{ReviewScope, is_author, may_supervise};
use super::ranking::{self, ReasonCode};
use super::store::{self, NewDismissal};
use crate::accounts::{Act, JsonOf};
use crate::http::{Problem, PublicText};
use crate::ids::{DeputyId, SiteId};
use crate::sites::key::require_decision;

/// Most findings in one call.
const MOST: usize = 500;

/// A finding that was looked at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_ids": [41, 57], "reason": "off_site", "words": "施工便道封闭，代表在路口拍摄，情况属实"}))]
pub struct NewDismissals {
    site_ids: Vec<SiteId>,
    /// Late work cannot be put aside: it is done, or planned anew by a decision.
    reason: ReasonCode,
    words: PublicText<1, 500>,
}

/// A finding that was put aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dismissal {
    pub id: i64,
    pub site_id: SiteId,
}

/// The findings that were put aside, or taken up again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{"id": 9, "site_id": 41}]}))]
pub struct Dismissals {
    pub items: Vec<Dismissal>,
}

/// Puts a finding aside at each of these sites where it stands. It comes back when something newer says the same.
#[utoipa::path(post, path = "/api/review/dismissals", tag = "supervision", request_body = NewDismissals,
    responses((status = 201, body = Dismissals, description = "What was put aside; a site without the finding is left out")))]
pub async fn dismiss(mut act: Act<JsonOf<NewDismissals>>) -> Result<Response, Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    let NewDismissals { mut site_ids, reason, words } = act.body.0.clone();
    if !reason.may_be_dismissed() {
        let (zh, en) =
            ("工程逾期不能忽略：请督促完成，或依决定调整计划", "Late work cannot be put aside: have it done, or change its plan by a decision");
        return Err(Problem::field("reason", "not_dismissible", zh, en));
    }
    site_ids.sort_unstable();
    site_ids.dedup();
    require_count("site_ids", site_ids.len())?;
    let known = store::list_regions(&mut act.tx, act.actor.county_id, &site_ids).await?;
    if known.len() != site_ids.len() || known.iter().any(|(_, region)| !act.actor.supervises(region)) {
        return Err(Problem::not_found());
    }
    let standing = standing(&mut act, reason, &site_ids).await?;
    site_ids.retain(|site| standing.contains_key(site));
    require_decisions(&mut act, &site_ids).await?;
    require_others(&act, &site_ids, &standing)?;
    let new = NewDismissal { sites: &site_ids, reason, words: words.as_str(), by: act.actor.account_id, at: act.now };
    let items = store::dismiss(&mut act.tx, act.actor.county_id, new).await?;
    let detail = json!({ "reason": reason, "words": words, "items": items });
    act.audit("finding.dismiss", ("review", reason.as_str()), detail).await?;
    let items = items.into_iter().map(|(id, site_id)| Dismissal { id, site_id }).collect();
    act.done(StatusCode::CREATED, &Dismissals { items }).await
}

fn require_count(field: &str, count: usize) -> Result<(), Problem> {
    if (1..=MOST).contains(&count) {
        return Ok(());
    }
    Err(Problem::field(field, "out_of_range", format!("请选择 1 到 {MOST} 个"), format!("Choose 1 to {MOST}")))
}

/// What stands against a key site the county puts aside, and takes up again.
async fn require_decisions<B>(act: &mut Act<B>, site_ids: &[SiteId]) -> Result<(), Problem> {
    for (site, region) in store::list_key_sites(&mut act.tx, act.actor.county_id, site_ids).await? {
        require_decision(&act.actor, &region, true).map_err(|fault| fault.with("site_id", site.0))?;
    }
    Ok(())
}

/// Nobody puts aside what was found about their own reports, or about reports that they owe.
fn require_others<B>(act: &Act<B>, site_ids: &[SiteId], standing: &HashMap<SiteId, Vec<DeputyId>>) -> Result<(), Problem> {
    let own = |site: &&SiteId| standing.get(site).is_some_and(|about| about.iter().any(|deputy| is_author(&act.actor, *deputy)));
    let Some(site) = site_ids.iter().find(own) else { return Ok(()) };
    let (zh, en) = ("其中有涉及您本人反馈的问题，须由另一人核查", "One of the findings is about a report of your own: somebody else must look at it");
    Err(Problem::forbidden().saying(zh, en).and_field("site_ids", "own_case", zh, en).with("site_id", site.0))
}

/// Which of the sites stand on the person's list for this reason, each with the deputies whom the finding is about.
async fn standing<B>(act: &mut Act<B>, reason: ReasonCode, sites: &[SiteId]) -> Result<HashMap<SiteId, Vec<DeputyId>>, Problem> {
    let scope = ReviewScope { regions: act.actor.supervised_regions(), unit_id: None };
    let open = act.county.month_at(act.now);
    let facts = store::list_facts(&mut act.tx, act.actor.county_id, (&scope, Some(sites)), open).await?;
    let rows = ranking::rank(facts, &act.county, act.now);
    Ok(rows.into_iter().filter(|row| row.has(reason)).map(|row| (row.facts.site_id, row.facts.deputies_of(reason))).collect())
}

/// Dismissals by number.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ids": [9, 10]}))]
pub struct DismissalsToUndo {
    ids: Vec<i64>,
}

/// Takes findings up again that were put aside.
#[utoipa::path(post, path = "/api/review/dismissals/undo", tag = "supervision", request_body = DismissalsToUndo,
    responses((status = 200, body = Dismissals, description = "They stand on the list again, as far as they still hold")))]
pub async fn undo(mut act: Act<JsonOf<DismissalsToUndo>>) -> Result<Response, Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    let mut ids = act.body.0.ids.clone();
    ids.sort_unstable();
    ids.dedup();
    require_count("ids", ids.len())?;
    let found = store::list_dismissed(&mut act.tx, act.actor.county_id, &ids).await?;
    if found.len() != ids.len() || found.iter().any(|(_, _, region)| !act.actor.supervises(region)) {
        return Err(Problem::not_found());
    }
    let sites: Vec<SiteId> = found.iter().map(|(_, site, _)| *site).collect();
    require_decisions(&mut act, &sites).await?;
    store::undo_dismissals(&mut act.tx, act.actor.county_id, &ids, (act.actor.account_id, act.now)).await?;
    act.audit("finding.take_up", ("review", "dismissals"), json!({ "ids": ids })).await?;
    let items = found.into_iter().map(|(id, site_id, _)| Dismissal { id, site_id }).collect();
    act.done(StatusCode::OK, &Dismissals { items }).await
}
