//! What the desk sees of offers and adoptions: what is offered and since when, who adopted, what was handed over and why.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{HandOverReason, may_offer};
use super::routes::views;
use super::store::desk::{self, OfferPlace};
use crate::accounts::Actor;
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::shapes::{Named, RegionRef};
use crate::http::{Page, PathOf, Problem, QueryOf};
use crate::ids::SiteId;
use crate::platform::Platform;
use crate::sites::SiteView;
use crate::sites::store::find_region;

/// What an offer says, to whom and since when.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"places": 2, "words": "请就近领办", "for_region": {"code": "339901004", "name": "清溪镇"}, "for_group": null,
    "offered_at": "2026-10-18T09:00:00+08:00", "offered_by": "清溪镇人大工委"}))]
pub struct OfferView {
    /// How many more deputies are wanted.
    pub places: i16,
    pub words: String,
    pub for_region: Option<RegionRef>,
    pub for_group: Option<Named>,
    pub offered_at: DateTime<FixedOffset>,
    pub offered_by: String,
}

impl OfferView {
    fn of(offer: desk::StandingOffer, county: &County) -> Self {
        Self {
            places: offer.places,
            words: offer.words,
            for_region: offer.for_region,
            for_group: offer.for_group,
            offered_at: county.local(offer.offered_at),
            offered_by: offer.offered_by,
        }
    }
}

/// An adoption, past or present.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"deputy": {"id": 12, "name": "沈晓岚"}, "adopted_on": "2026-01-10", "ended_on": null, "ended_reason": null}))]
pub struct AdopterView {
    pub deputy: Named,
    pub adopted_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    /// `handed_over`, `reassigned`, `term_ended`, `deputy_ended` or `site_withdrawn`.
    pub ended_reason: Option<String>,
}

impl From<desk::AdoptionRow> for AdopterView {
    fn from(row: desk::AdoptionRow) -> Self {
        Self { deputy: row.deputy, adopted_on: row.adopted_on, ended_on: row.ended_on, ended_reason: row.ended_reason }
    }
}

/// A site that is offered, with those who have it already.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingOfferView {
    pub site: SiteView,
    pub offer: OfferView,
    pub adopters: Vec<AdopterView>,
}

/// A cursor holds the whole place, so that it stands also when the offer of that place is taken meanwhile.
impl std::str::FromStr for OfferPlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (micros, site) = text.split_once('.').ok_or(())?;
        let offered_at = DateTime::from_timestamp_micros(micros.parse().map_err(drop)?).ok_or(())?;
        Ok(Self { offered_at, site_id: SiteId(site.parse().map_err(drop)?) })
    }
}

/// What is offered in one's place, the newest offer first.
#[utoipa::path(get, path = "/api/offers", tag = "adoptions", params(PartQuery),
    responses((status = 200, body = Page<StandingOfferView>, description = "Offered sites", example = json!({"items": [], "next": null}))))]
pub async fn list_standing_offers(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<PartQuery>,
) -> Result<Json<Page<StandingOfferView>>, Problem> {
    if !may_offer(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let limit = page_size(query.limit, 100, 200)?;
    let after: Option<OfferPlace> = read_cursor(query.cursor.as_deref())?;
    let mut connection = platform.pool.acquire().await?;
    let places = actor.supervised_regions();
    let offers = desk::list_standing_offers(&mut connection, actor.county_id, (&places, None), after, limit + 1).await?;
    let Page { items: offers, next } = Page::cut(offers, limit, |offer| format!("{}.{}", offer.offered_at.timestamp_micros(), offer.site_id));
    let wanted: Vec<SiteId> = offers.iter().map(|offer| offer.site_id).collect();
    let mut sites = views(&mut connection, &platform, &county, &wanted).await?;
    let mut adoptions = desk::list_adoptions(&mut connection, actor.county_id, &wanted, false).await?;
    let items = offers.into_iter().filter_map(|offer| {
        let site = sites.remove(&offer.site_id)?;
        let adopters = adoptions.extract_if(.., |row| row.site_id == offer.site_id).map(AdopterView::from).collect();
        Some(StandingOfferView { site, offer: OfferView::of(offer, &county), adopters })
    });
    Ok(Json(Page { items: items.collect(), next }))
}

/// How a site came to its adopters.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"offer": null, "adoptions": [{"deputy": {"id": 12, "name": "沈晓岚"}, "adopted_on": "2026-01-10", "ended_on": null,
    "ended_reason": null}], "hand_overs": []}))]
pub struct AdoptionRecord {
    pub offer: Option<OfferView>,
    /// All there ever were, oldest first.
    pub adoptions: Vec<AdopterView>,
    /// The newest first, at most 200.
    pub hand_overs: Vec<HandOverView>,
}

/// A site's offer, its adoptions and its hand-overs, for those who supervise it.
#[utoipa::path(get, path = "/api/sites/{id}/adoptions", tag = "adoptions", params(("id" = i64, Path, description = "The site")),
    responses((status = 200, body = AdoptionRecord, description = "How the site came to its adopters")))]
pub async fn show_adoptions(
    State(platform): State<Platform>,
    actor: Actor,
    PathOf(site_id): PathOf<SiteId>,
) -> Result<Json<AdoptionRecord>, Problem> {
    if !may_offer(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let mut connection = platform.pool.acquire().await?;
    let region_code = find_region(&mut connection, actor.county_id, site_id).await?;
    region_code.filter(|region| actor.supervises(region)).ok_or_else(Problem::not_found)?;
    let places = [county.code.clone()];
    let offer = desk::list_standing_offers(&mut connection, actor.county_id, (&places, Some(site_id)), None, 1).await?.pop();
    let adoptions = desk::list_adoptions(&mut connection, actor.county_id, &[site_id], true).await?;
    let hand_overs = desk::list_hand_overs(&mut connection, actor.county_id, (&places, Some(site_id)), None, 200).await?;
    Ok(Json(AdoptionRecord {
        offer: offer.map(|offer| OfferView::of(offer, &county)),
        adoptions: adoptions.into_iter().map(AdopterView::from).collect(),
        hand_overs: hand_overs.into_iter().map(|row| HandOverView::of(row, &county)).collect(),
    }))
}

/// A site that went from one deputy to another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 3, "site": {"id": 41, "name": "清溪至石桥农村公路"}, "site_code": "2026-03-07", "from": {"id": 12, "name": "沈晓岚"},
    "to": {"id": 17, "name": "陆文"}, "at": "2026-10-18T09:00:00+08:00", "reason": "leave", "words": "外出培训三个月"}))]
pub struct HandOverView {
    pub id: i64,
    pub site: Named,
    pub site_code: String,
    /// Null when the committee only gave the site to somebody.
    pub from: Option<Named>,
    /// Null when the committee only took the site from somebody.
    pub to: Option<Named>,
    pub at: DateTime<FixedOffset>,
    pub reason: HandOverReason,
    pub words: String,
}

impl HandOverView {
    fn of(row: desk::HandOverRow, county: &County) -> Self {
        let desk::HandOverRow { hand_over_id, site, site_code, from, to, at, reason, words } = row;
        Self { id: hand_over_id, site, site_code, from, to, at: county.local(at), reason, words }
    }
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The sites of one's place that went from one deputy to another, the newest first.
#[utoipa::path(get, path = "/api/hand-overs", tag = "adoptions", params(PartQuery),
    responses((status = 200, body = Page<HandOverView>, description = "Hand-overs, the newest first")))]
pub async fn list_hand_overs(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<PartQuery>,
) -> Result<Json<Page<HandOverView>>, Problem> {
    if !may_offer(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let limit = page_size(query.limit, 50, 200)?;
    let before: Option<i64> = read_cursor(query.cursor.as_deref())?;
    let mut connection = platform.pool.acquire().await?;
    let places = actor.supervised_regions();
    let rows = desk::list_hand_overs(&mut connection, actor.county_id, (&places, None), before, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| row.hand_over_id.to_string());
    Ok(Json(page.map(|row| HandOverView::of(row, &county))))
}
