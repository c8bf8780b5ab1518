//! Offering sites to the deputies, singly or many at once, and taking offers back.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{MOST_AT_ONCE, MOST_PLACES, may_offer};
use super::routes::conflict;
use super::store::{self, HeldSite, Offering};
use crate::accounts::{Act, JsonOf};
use crate::database::broken_constraint;
use crate::http::{Code, PathOf, Problem, Text};
use crate::ids::{DeputyGroupId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::sites::key::require_decision;

/// An offer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"places": 2, "words": "请家在附近的代表领办", "for_region": "339901004"}))]
pub struct NewOffer {
    /// How many deputies are wanted, 1 to 20.
    places: i16,
    words: Text<0, 200>,
    /// Code of a region: only its deputies, and those of what lies in it, are offered the site.
    for_region: Option<Text<6, 12>>,
    /// Only the deputies of this group are offered the site.
    for_group_id: Option<DeputyGroupId>,
}

/// Offers a site to the deputies for adoption, or changes what the offer says.
#[utoipa::path(put, path = "/api/sites/{id}/offer", tag = "adoptions", params(("id" = i64, Path, description = "The site")), request_body = NewOffer,
    responses((status = 204, description = "It is offered")))]
pub async fn offer_site(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<NewOffer>>) -> Result<Response, Problem> {
    let offer = act.body.0.clone();
    let site = hold_supervised(&mut act, site_id).await?;
    if site.is_struck_off {
        return Err(conflict("struck_off", "点位已销号，不再需要领办", "The site is struck off and needs no adopter"));
    }
    if put(&mut act, site_id, &offer).await? {
        tell(&mut act, &[site_id], &offer).await?;
    }
    act.done_without_answer().await
}

/// True when the site was not offered before.
async fn put<B>(act: &mut Act<B>, site_id: SiteId, offer: &NewOffer) -> Result<bool, Problem> {
    let NewOffer { places, words, for_region, for_group_id } = offer;
    if !(1..=MOST_PLACES).contains(places) {
        return Err(Problem::field("places", "out_of_range", "名额应为 1 到 20", "Between 1 and 20 deputies may be wanted"));
    }
    let region_code = for_region.as_ref().map(Text::as_str);
    let offering = Offering { places: *places, words: words.as_str(), region_code, group_id: *for_group_id };
    let (author, about) = ((act.actor.account_id, act.now), (act.actor.county_id, site_id));
    let is_new = store::put_offer(&mut act.tx, about, offering, author).await.map_err(|error| match broken_constraint(&error) {
        Some("site_offers_region_fkey") => Problem::field("for_region", "unknown", "没有这个区划", "There is no such region"),
        Some("site_offers_group_fkey") => Problem::field("for_group_id", "unknown", "没有这个代表小组", "There is no such group"),
        _ => error.into(),
    })?;
    let detail = json!({ "places": places, "words": words, "for_region": for_region, "for_group_id": for_group_id });
    act.audit("site.offer", ("site", &site_id.to_string()), detail).await?;
    Ok(is_new)
}

/// Those to whom the sites are offered hear of them, all in one telling; where they are offered to everybody, those who are near.
async fn tell<B>(act: &mut Act<B>, sites: &[SiteId], offer: &NewOffer) -> Result<(), Problem> {
    let (county_id, chance, words) = (act.actor.county_id, act.platform.chance.clone(), offer.words.as_str());
    if offer.for_region.is_none() && offer.for_group_id.is_none() {
        notices::tell_deputies_near(&mut act.tx, &chance, (county_id, sites), NoticeKind::SiteOffered, words, act.now).await?;
        return Ok(());
    }
    let told = store::list_audience(&mut act.tx, county_id, sites).await?;
    notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::SiteOffered, &told, words, act.now).await?;
    Ok(())
}

/// Offers a site no longer. Repeating it changes nothing.
#[utoipa::path(delete, path = "/api/sites/{id}/offer", tag = "adoptions", params(("id" = i64, Path, description = "The site")),
    responses((status = 204, description = "It is not offered")))]
pub async fn withdraw_offer(PathOf(site_id): PathOf<SiteId>, mut act: Act<()>) -> Result<Response, Problem> {
    hold_supervised(&mut act, site_id).await?;
    withdraw(&mut act, site_id).await?;
    act.done_without_answer().await
}

async fn withdraw<B>(act: &mut Act<B>, site_id: SiteId) -> Result<bool, Problem> {
    let was_offered = store::delete_offer(&mut act.tx, act.actor.county_id, site_id).await?;
    act.audit("site.withdraw_offer", ("site", &site_id.to_string()), json!({ "was_offered": was_offered })).await?;
    Ok(was_offered)
}

/// The site, held, when it is one's own to decide about.
pub(super) async fn hold_supervised<B>(act: &mut Act<B>, site_id: SiteId) -> Result<HeldSite, Problem> {
    if !may_offer(&act.actor) {
        return Err(Problem::forbidden());
    }
    let found = store::lock_site(&mut act.tx, act.actor.county_id, site_id).await?;
    let site = found.filter(|site| act.actor.supervises(&site.region_code)).ok_or_else(Problem::not_found)?;
    require_decision(&act.actor, &site.region_code, site.key_site)?;
    Ok(site)
}

/// The same offer of many sites.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_ids": [41, 42], "places": 1, "words": "请就近领办", "for_group_id": 4}))]
pub struct NewOffers {
    /// At most 200.
    site_ids: Vec<SiteId>,
    places: i16,
    words: Text<0, 200>,
    for_region: Option<Text<6, 12>>,
    for_group_id: Option<DeputyGroupId>,
}

/// How many sites the call reached.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"sites": 2}))]
pub struct SitesReached {
    pub sites: usize,
}

/// Offers many sites at once, all or none: a site that is struck off or not one's own to offer refuses the call.
#[utoipa::path(post, path = "/api/offers", tag = "adoptions", request_body = NewOffers,
    responses((status = 200, body = SitesReached, description = "They are offered")))]
pub async fn offer_sites(mut act: Act<JsonOf<NewOffers>>) -> Result<Response, Problem> {
    let NewOffers { site_ids, places, words, for_region, for_group_id } = act.body.0.clone();
    let offer = NewOffer { places, words, for_region, for_group_id };
    let sites = hold_all(&mut act, site_ids).await?;
    let struck_off = sites.iter().filter(|(_, site)| site.is_struck_off).count();
    if struck_off > 0 {
        let (zh, en) =
            (format!("其中 {struck_off} 个点位已销号，请去掉后再开放领办"), format!("{struck_off} of the sites are struck off; leave them out"));
        return Err(Problem::new(Code::Conflict).saying(zh.clone(), en.clone()).and_field("site_ids", "struck_off", zh, en));
    }
    let mut opened = Vec::new();
    for (site_id, _) in &sites {
        if put(&mut act, *site_id, &offer).await? {
            opened.push(*site_id);
        }
    }
    tell(&mut act, &opened, &offer).await?;
    act.done(StatusCode::OK, &SitesReached { sites: sites.len() }).await
}

/// The sites whose offers end.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_ids": [41, 42]}))]
pub struct OffersToWithdraw {
    /// At most 200.
    site_ids: Vec<SiteId>,
}

/// Takes the offers of many sites back at once. What was not offered is counted out.
#[utoipa::path(post, path = "/api/offers/withdrawal", tag = "adoptions", request_body = OffersToWithdraw,
    responses((status = 200, body = SitesReached, description = "They are offered no longer")))]
pub async fn withdraw_offers(mut act: Act<JsonOf<OffersToWithdraw>>) -> Result<Response, Problem> {
    let site_ids = act.body.0.site_ids.clone();
    let mut sites = 0;
    for (site_id, _) in hold_all(&mut act, site_ids).await? {
        sites += usize::from(withdraw(&mut act, site_id).await?);
    }
    act.done(StatusCode::OK, &SitesReached { sites }).await
}

/// The sites in the order of their numbers, so that two such calls never wait for each other.
async fn hold_all<B>(act: &mut Act<B>, mut site_ids: Vec<SiteId>) -> Result<Vec<(SiteId, HeldSite)>, Problem> {
    if !may_offer(&act.actor) {
        return Err(Problem::forbidden());
    }
    site_ids.sort_unstable();
    site_ids.dedup();
    if site_ids.is_empty() || site_ids.len() > MOST_AT_ONCE {
        return Err(Problem::field("site_ids", "out_of_range", "请选择 1 到 200 个点位", "Choose 1 to 200 sites"));
    }
    let mut held = Vec::new();
    for site_id in site_ids {
        held.push((site_id, hold_supervised(act, site_id).await?));
    }
    Ok(held)
}
