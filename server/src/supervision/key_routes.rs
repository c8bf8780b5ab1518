//! Which sites are key sites: the county says so, with its reason.

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::act_routes::{answer, hold};
use super::model::{may_set_key_site_in, may_set_key_sites};
use super::store;
use crate::accounts::{Act, JsonOf};
use crate::database::changes;
use crate::http::{PathOf, Problem, Text};
use crate::ids::SiteId;

/// Whether the county keeps deciding about the site for itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key_site": true, "reason": "全县重点工程，由常委会直接督办", "rev": 9}))]
pub struct KeySite {
    key_site: bool,
    reason: Text<1, 500>,
    /// Of the site as the person saw it.
    rev: i64,
}

/// Reserves a site to the county, or gives it back to its working committee.
#[utoipa::path(put, path = "/api/sites/{id}/key-site", tag = "supervision", params(("id" = i64, Path, description = "The site")),
    request_body = KeySite, responses((status = 200, body = crate::sites::SiteView, description = "The site")))]
pub async fn set_key_site(PathOf(site_id): PathOf<SiteId>, mut act: Act<JsonOf<KeySite>>) -> Result<Response, Problem> {
    if !may_set_key_sites(&act.actor) {
        return Err(Problem::forbidden());
    }
    let KeySite { key_site, reason, rev } = act.body.0.clone();
    let site = hold(&mut act, site_id, rev).await?;
    if !may_set_key_site_in(&act.actor, &site.region_code) {
        return Err(Problem::forbidden());
    }
    let county_id = act.actor.county_id;
    store::set_key_site(&mut act.tx, county_id, &site, key_site).await?;
    changes::sites_changed(&mut act.tx, county_id, &[site_id], act.now).await?;
    let detail = json!({ "from": site.key_site, "to": key_site, "reason": reason });
    act.audit("site.set_key", ("site", &site_id.to_string()), detail).await?;
    answer(act, site_id).await
}
