//! What everybody may know of a site's challenges.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;

use super::store::read::{self, Published};
pub use super::view::PublicChallengeView;
use crate::accounts::PublicCounty;
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Page, PathOf, Problem, QueryOf};
use crate::ids::SiteId;
use crate::platform::Platform;
use crate::sites;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SiteChallengesQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A site's challenges as far as they are published, newest first; declined and withdrawn ones are not among them.
#[utoipa::path(get, path = "/api/sites/{id}/challenges", tag = "challenges",
    params(("id" = i64, Path, description = "Number of the site"), SiteChallengesQuery),
    responses((status = 200, body = Page<PublicChallengeView>, description = "Newest first")))]
pub async fn list_site_challenges(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    PathOf(site_id): PathOf<SiteId>,
    QueryOf(query): QueryOf<SiteChallengesQuery>,
) -> Result<Json<Page<PublicChallengeView>>, Problem> {
    let limit = page_size(query.limit, 50, 200)?;
    let before: Option<i64> = read_cursor(query.cursor.as_deref())?;
    let mut connection = platform.pool.acquire().await?;
    if !sites::store::is_told(&mut connection, county.county_id, site_id).await? {
        return Err(Problem::not_found());
    }
    let rows = read::list_public(&mut connection, county.county_id, site_id, before, limit + 1).await?;
    let page = Page::cut(rows, limit, |row: &Published| row.challenge_id.to_string());
    Ok(Json(page.map(|row| PublicChallengeView::of(&row, &county))))
}

/// A site's published challenges for a page of its own, newest first.
pub async fn list_published(connection: &mut PgConnection, county: &County, site_id: SiteId) -> Result<Vec<Published>, sqlx::Error> {
    read::list_public(connection, county.county_id, site_id, None, 200).await
}
