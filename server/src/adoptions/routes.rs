//! The deputy's side: what is offered to them, adopting and handing over, and what colleagues have.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{HandOverReason, may_adopt};
use super::store::{self, Ending, HandOver};
use crate::accounts::{Act, Actor, JsonOf};
use crate::county::County;
use crate::database::changes;
use crate::http::shapes::Named;
use crate::http::{Page, PathOf, Problem, Text};
use crate::ids::{DeputyId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::platform::Platform;
use crate::sites::SiteView;
use crate::sites::store::{list_sites, raise_rev};

/// A site that deputies may adopt.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedSite {
    pub site: SiteView,
    /// How many more deputies are wanted.
    pub places: i16,
    /// What the committee says of it.
    pub words: String,
}

/// The sites that the signed-in deputy may adopt, the newest offer first.
#[utoipa::path(get, path = "/api/me/offers", tag = "adoptions", 
    responses((status = 200, body = Page<OfferedSite>, description = "Offered sites", example = json!({"items": [], "next": null}))))]
pub async fn list_offers(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<OfferedSite>>, Problem> {
    let deputy_id = may_adopt(&actor).ok_or_else(Problem::forbidden)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let mut connection = platform.pool.acquire().await?;
    let offers = store::list_offers(&mut connection, county.county_id, deputy_id).await?;
    let wanted: Vec<SiteId> = offers.iter().map(|offer| offer.site_id).collect();
    let mut sites = views(&mut connection, &platform, &county, &wanted).await?;
    let items = offers.into_iter().filter_map(|offer| {
        let site = sites.remove(&offer.site_id)?;
        Some(OfferedSite { site, places: offer.places, words: offer.words })
    });
    Ok(Json(Page { items: items.collect(), next: None }))
}

/// A site of colleagues, and how far they are with the month.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleaguesSiteView {
    pub site: SiteView,
    pub adopters: Vec<Colleague>,
}

/// A deputy of the same group or station.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"deputy": {"id": 12, "name": "沈晓岚"}, "same_group": true, "reported": false}))]
pub struct Colleague {
    pub deputy: Named,
    /// Of the same group of deputies; otherwise of the same station only.
    pub same_group: bool,
    /// The report for the open month is in.
    pub reported: bool,
}

/// The sites of the deputies who share the signed-in deputy's group or station, in order of their codes.
#[utoipa::path(get, path = "/api/me/colleagues-sites", tag = "adoptions",
    responses((status = 200, body = Page<ColleaguesSiteView>, description = "Sites of the group and of the station",
        example = json!({"items": [], "next": null}))))]
pub async fn list_colleagues_sites(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<ColleaguesSiteView>>, Problem> {
    let deputy_id = may_adopt(&actor).ok_or_else(Problem::forbidden)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let month = county.month_at(platform.clock.now());
    let mut connection = platform.pool.acquire().await?;
    let found = store::colleagues::list_colleagues_sites(&mut connection, (county.county_id, deputy_id), month.first_day()).await?;
    let mut wanted: Vec<SiteId> = found.iter().map(|each| each.site_id).collect();
    wanted.dedup();
    let mut sites = views(&mut connection, &platform, &county, &wanted).await?;
    let mut items: Vec<ColleaguesSiteView> = Vec::new();
    for each in found {
        if let Some(site) = sites.remove(&each.site_id) {
            items.push(ColleaguesSiteView { site, adopters: Vec::new() });
        }
        if let Some(last) = items.last_mut() {
            let deputy = Named { id: each.deputy_id.0, name: each.deputy_name };
            last.adopters.push(Colleague { deputy, same_group: each.same_group, reported: each.reported });
        }
    }
    Ok(Json(Page { items, next: None }))
}

pub(super) async fn views(
    connection: &mut sqlx::PgConnection,
    platform: &Platform,
    county: &County,
    wanted: &[SiteId],
) -> Result<HashMap<SiteId, SiteView>, sqlx::Error> {
    let today = county.date_at(platform.clock.now());
    let sites = list_sites(connection, county.county_id, Some(wanted)).await?;
    Ok(sites.iter().map(|site| (site.site_id, SiteView::on(site, county, today))).collect())
}

/// An adoption that began or ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"site_id": 41, "deputy": {"id": 12, "name": "沈晓岚"}, "adopted_on": "2026-10-20"}))]
pub struct AdoptionView {
    pub site_id: SiteId,
    /// Who has the site now.
    pub deputy: Named,
    pub adopted_on: NaiveDate,
}

/// Adopts an offered site: from now on its monthly report is owed.
#[utoipa::path(post, path = "/api/sites/{id}/adopt", tag = "adoptions", params(("id" = i64, Path, description = "The site")),
    responses((status = 200, body = AdoptionView, description = "Adopted")))]
pub async fn adopt_site(PathOf(site_id): PathOf<SiteId>, mut act: Act<()>) -> Result<Response, Problem> {
    let deputy_id = may_adopt(&act.actor).ok_or_else(Problem::forbidden)?;
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    if !store::hold_in_office(&mut act.tx, county_id, deputy_id, act.now).await? {
        return Err(Problem::forbidden());
    }
    let site = store::lock_site(&mut act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    if site.is_struck_off {
        return Err(conflict("struck_off", "点位已销号，不再需要领办", "The site is struck off and needs no adopter"));
    }
    if !store::begin_adoption(&mut act.tx, county_id, (site_id, deputy_id), today).await? {
        return Err(conflict("adopted", "您已经领办了这个点位", "You have adopted this site already"));
    }
    if !store::take_place(&mut act.tx, county_id, (site_id, deputy_id)).await? {
        return Err(conflict(
            "not_offered",
            "这个点位现在不向您开放领办，可能刚被别的代表领办",
            "The site is not offered to you now; somebody may just have adopted it",
        ));
    }
    raise_rev(&mut act.tx, county_id, &[site_id]).await?;
    changes::sites_changed(&mut act.tx, county_id, &[site_id], act.now).await?;
    act.audit("site.adopt", ("site", &site_id.to_string()), json!({ "deputy_id": deputy_id })).await?;
    let deputy = Named { id: deputy_id.0, name: act.actor.name.clone() };
    act.done(StatusCode::OK, &AdoptionView { site_id, deputy, adopted_on: today }).await
}

/// To whom a site goes, and why. The reason is told to the receiver and kept for the committee; it is not published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to_deputy_id": 17, "reason": "leave", "words": "外出培训三个月"}))]
pub struct NewHandOver {
    to_deputy_id: DeputyId,
    reason: HandOverReason,
    words: Text<0, 300>,
}

/// Hands a site over to another deputy, who owes its reports from now on. What was reported stays.
#[utoipa::path(post, path = "/api/sites/{id}/hand-over", tag = "adoptions", params(("id" = i64, Path, description = "The site")),
    request_body = NewHandOver, responses((status = 200, body = AdoptionView, description = "The site is the other deputy's")))]
pub async fn hand_site_over(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<NewHandOver>>) -> Result<Response, Problem> {
    let from = may_adopt(&act.actor).ok_or_else(Problem::forbidden)?;
    let (county_id, today) = (act.actor.county_id, act.county.date_at(act.now));
    let NewHandOver { to_deputy_id: to, reason, ref words } = act.body.0;
    let words = words.as_str().to_owned();
    // Held before the site, as by whoever lets deputies go: otherwise the two could wait for each other.
    let receiver = store::find_reporting_deputy(&mut act.tx, county_id, to).await?;
    store::lock_site(&mut act.tx, county_id, site_id).await?.ok_or_else(Problem::not_found)?;
    if to == from {
        return Err(Problem::field("to_deputy_id", "same", "请选择另一位代表", "Choose another deputy"));
    }
    let unknown = || Problem::field("to_deputy_id", "unknown", "没有这位代表，或这位代表还没有开通账号", "No such deputy, or one without an account");
    let name = receiver.ok_or_else(unknown)?;
    if !store::end_adoption(&mut act.tx, county_id, (site_id, from), today, Ending::HandedOver).await? {
        return Err(conflict("not_adopted", "这个点位不在您的领办清单里", "You have not adopted this site"));
    }
    store::begin_adoption(&mut act.tx, county_id, (site_id, to), today).await?;
    let hand_over = HandOver { site_id, from: Some(from), to: Some(to), reason, words: &words };
    store::insert_hand_over(&mut act.tx, county_id, hand_over, (act.actor.account_id, act.now)).await?;
    let told = format!("{} 代表把这个点位移交给您，今后由您每月反馈。{words}", act.actor.name);
    let chance = act.platform.chance.clone();
    notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::HandedOver, &[(site_id, to)], &told, act.now).await?;
    raise_rev(&mut act.tx, county_id, &[site_id]).await?;
    changes::sites_changed(&mut act.tx, county_id, &[site_id], act.now).await?;
    let detail = json!({ "from": from, "to": to, "reason": reason, "words": words });
    act.audit("site.hand_over", ("site", &site_id.to_string()), detail).await?;
    act.done(StatusCode::OK, &AdoptionView { site_id, deputy: Named { id: to.0, name }, adopted_on: today }).await
}

pub(super) fn conflict(code: &str, zh: &str, en: &str) -> Problem {
    Problem::conflict(zh, en).and_field("site_id", code, zh, en)
}
