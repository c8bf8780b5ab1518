//! A site's story as JSON.

use axum::Json;
use axum::extract::State;

use super::compose::compose;
use super::store;
use super::view::{Contact, StoryView};
use crate::accounts::PublicCounty;
use crate::county::County;
use crate::http::{PathOf, Problem};
use crate::ids::SiteId;
use crate::platform::Platform;
use crate::regions::model::township_of;
use crate::sites::store::find_told_site;
use crate::sites::{Marks, Site};
use crate::stations::{Station, store::list_stations};

/// Stations named as contacts.
const MOST_CONTACTS: usize = 2;

/// A site's whole story: plan and decisions, month by month reports, returns, corrections, reminders and what is missing, newest first.
#[utoipa::path(get, path = "/api/sites/{id}/story", tag = "sites", params(("id" = i64, Path, description = "Number of the site")),
    responses((status = 200, body = StoryView, description = "The story")))]
pub async fn show_story(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    PathOf(site_id): PathOf<SiteId>,
) -> Result<Json<StoryView>, Problem> {
    let story = tell(&platform, &county, site_id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(story))
}

/// The story of a site as one state of the database tells it; none when there is no such site, or one that never stood in the plan.
pub(super) async fn tell(platform: &Platform, county: &County, site_id: SiteId) -> Result<Option<StoryView>, sqlx::Error> {
    let mut tx = platform.pool.begin_with("begin isolation level repeatable read read only").await?;
    let Some((site, in_plan)) = find_told_site(&mut tx, county.county_id, site_id).await? else { return Ok(None) };
    let records = store::find_records(&mut tx, county, site_id, platform.clock.now()).await?;
    let stations = list_stations(&mut tx, county.county_id).await?;
    tx.commit().await?;
    let now = platform.clock.now();
    let (today, open) = (county.date_at(now), county.month_at(now));
    // Nothing is late, silent or unverified any more where nothing is due.
    let marks = if in_plan { site.marks(county, today) } else { Marks::default() };
    let months = compose(&site, (marks, in_plan), &records, county, open);
    Ok(Some(StoryView::of((&site, marks, in_plan), &months, &records, county, today, contacts(&site, &stations))))
}

/// The stations to turn to: those of the site's township, nearest first; where it has none, the nearest of all.
fn contacts(site: &Site, stations: &[Station]) -> Vec<Contact> {
    let township = township_of(&site.region.code).unwrap_or(&site.region.code);
    let mut near: Vec<(f64, &Station)> = stations.iter().map(|station| (site.position.metres_to(station.position), station)).collect();
    near.sort_by(|(one, _), (two, _)| one.total_cmp(two));
    let own: Vec<_> = near.iter().filter(|(_, station)| station.region.code.starts_with(township)).take(MOST_CONTACTS).collect();
    let chosen = if own.is_empty() { near.iter().take(MOST_CONTACTS).collect() } else { own };
    chosen.into_iter().map(|(distance_m, station)| Contact::of(station, *distance_m)).collect()
}
