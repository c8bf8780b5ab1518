//! The committee says who adopts a site: it moves an adoption from one deputy to another, adds one, or ends one, with its reason on record.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::model::{HandOverReason, may_offer};
use super::offer_routes::hold_supervised;
use super::routes::conflict;
use super::store::{self, Ending, HandOver};
use crate::accounts::{Act, JsonOf};
use crate::database::changes;
use crate::http::{Code, PathOf, Problem, Text};
use crate::ids::{DeputyId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::sites::SiteView;
use crate::sites::store::{find_site, raise_rev};

/// Who adopts the site from now on. With both deputies the adoption moves; with one of them it only begins or only ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from_deputy_id": 12, "to_deputy_id": 17, "reason": "illness", "words": "沈代表住院，经本人同意", "rev": 9}))]
pub struct Reassignment {
    pub from_deputy_id: Option<DeputyId>,
    pub to_deputy_id: Option<DeputyId>,
    pub reason: HandOverReason,
    /// Told to both; kept for the committee, and not published.
    pub words: Text<1, 300>,
    /// Of the site as the person saw it.
    pub rev: i64,
}

/// Says who adopts the site. What was reported stays; whoever has it now owes its reports from now on.
#[utoipa::path(post, path = "/api/sites/{id}/adopters", tag = "adoptions", params(("id" = i64, Path, description = "The site")),
    request_body = Reassignment, responses((status = 200, body = SiteView, description = "On record; both deputies are told")))]
pub async fn reassign(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<Reassignment>>) -> Result<Response, Problem> {
    let wanted = act.body.0.clone();
    reassign_one(&mut act, site_id, wanted).await?;
    let site = find_site(&mut act.tx, act.actor.county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    let view = SiteView::on(&site, &act.county, act.county.date_at(act.now));
    act.done(StatusCode::OK, &view).await
}

/// Says who adopts one site, and tells both deputies.
pub async fn reassign_one<B>(act: &mut Act<B>, site_id: SiteId, wanted: Reassignment) -> Result<(), Problem> {
    let Reassignment { from_deputy_id: from, to_deputy_id: to, reason, words, rev } = wanted;
    let is_in_office = hold_successor(act, to).await?;
    let site = hold_supervised(act, site_id).await?;
    if site.rev != rev {
        return Err(Problem::new(Code::RevMismatch).with("rev", site.rev));
    }
    if from == to {
        let (zh, en) = ("请选择移交的双方，两人不能相同", "Name a deputy to begin or to end with; the two must differ");
        return Err(Problem::field("to_deputy_id", if from.is_some() { "same" } else { "required" }, zh, en));
    }
    if site.is_struck_off {
        return Err(conflict("struck_off", "点位已销号，不再需要领办", "The site is struck off and needs no adopter"));
    }
    end(act, site_id, from).await?;
    if !is_in_office {
        return Err(Problem::field("to_deputy_id", "unknown", "没有这位代表，或这位代表已经离任", "There is no such deputy, or they have left"));
    }
    begin(act, site_id, to).await?;
    let (county_id, now) = (act.actor.county_id, act.now);
    let hand_over = HandOver { site_id, from, to, reason, words: words.as_str() };
    store::insert_hand_over(&mut act.tx, county_id, hand_over, (act.actor.account_id, now)).await?;
    let chance = act.platform.chance.clone();
    for (kind, whom, told) in [
        (NoticeKind::SiteTaken, from, format!("人大调整了领办安排，这个点位今后不再由您反馈。{}", words.as_str())),
        (NoticeKind::SiteAssigned, to, format!("人大安排您领办这个点位，今后由您每月反馈。{}", words.as_str())),
    ] {
        if let Some(deputy_id) = whom {
            notices::tell_deputies(&mut act.tx, &chance, county_id, kind, &[(site_id, deputy_id)], &told, now).await?;
        }
    }
    raise_rev(&mut act.tx, county_id, &[site_id]).await?;
    changes::sites_changed(&mut act.tx, county_id, &[site_id], now).await?;
    let detail = json!({ "from": from, "to": to, "reason": reason, "words": words });
    act.audit("site.reassign", ("site", &site_id.to_string()), detail).await
}

/// Held before the site, as by whoever lets deputies go: otherwise the two could wait for each other.
async fn hold_successor<B>(act: &mut Act<B>, to: Option<DeputyId>) -> Result<bool, Problem> {
    if !may_offer(&act.actor) {
        return Err(Problem::forbidden());
    }
    let Some(to) = to else { return Ok(true) };
    Ok(store::hold_in_office(&mut act.tx, act.actor.county_id, to, act.now).await?)
}

async fn end<B>(act: &mut Act<B>, site_id: SiteId, from: Option<DeputyId>) -> Result<(), Problem> {
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    let Some(from) = from else { return Ok(()) };
    if store::end_adoption(&mut act.tx, county_id, (site_id, from), today, Ending::Reassigned).await? {
        return Ok(());
    }
    Err(Problem::field("from_deputy_id", "not_adopted", "这位代表没有领办这个点位", "This deputy has not adopted the site"))
}

async fn begin<B>(act: &mut Act<B>, site_id: SiteId, to: Option<DeputyId>) -> Result<(), Problem> {
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    let Some(to) = to else { return Ok(()) };
    if store::begin_adoption(&mut act.tx, county_id, (site_id, to), today).await? {
        return Ok(());
    }
    Err(Problem::field("to_deputy_id", "adopted", "这位代表已经领办了这个点位", "This deputy has adopted the site already"))
}
