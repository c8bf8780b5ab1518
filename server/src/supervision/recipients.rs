//! Whom an act on some sites would reach: shown before anything is sent.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filters::SiteNumbers;
use super::model::may_supervise;
use super::store;
use crate::accounts::Actor;
use crate::http::{Problem, QueryOf};
use crate::platform::Platform;

/// A unit or a deputy that would be told.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": 7, "name": "县交通运输局", "sites": 12, "accounts": 2}))]
pub struct Told {
    pub id: i64,
    pub name: String,
    /// How many of the sites it is about.
    pub sites: i64,
    /// Accounts that would find a notice; with none, nobody can be told here.
    pub accounts: i64,
}

/// Which sites.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecipientsQuery {
    /// Numbers joined by commas, at most 500; they must be said.
    #[param(value_type = Option<String>)]
    sites: Option<SiteNumbers>,
}

/// Whom an act on these sites would reach.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"units": [{"id": 7, "name": "县交通运输局", "sites": 12, "accounts": 2}],
    "deputies": [{"id": 12, "name": "沈晓岚", "sites": 3, "accounts": 1}], "sites_without_adopters": 1}))]
pub struct Recipients {
    /// Those with most of the sites first.
    pub units: Vec<Told>,
    /// Those with most of the sites first.
    pub deputies: Vec<Told>,
    pub sites_without_adopters: usize,
}

/// Whom a reminder or an order about these sites would reach. Nothing is sent.
#[utoipa::path(get, path = "/api/review/recipients", tag = "supervision", params(RecipientsQuery),
    responses((status = 200, body = Recipients, description = "Units and adopters, with the accounts that would find a notice")))]
pub async fn list_recipients(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<RecipientsQuery>,
) -> Result<Json<Recipients>, Problem> {
    if !may_supervise(&actor) {
        return Err(Problem::forbidden());
    }
    let missing = || Problem::field("sites", "required", "请说明是哪些点位", "Say which sites");
    let mut sites = query.sites.ok_or_else(missing)?.0;
    sites.sort_unstable();
    sites.dedup();
    let mut connection = platform.pool.acquire().await?;
    let known = store::list_regions(&mut connection, actor.county_id, &sites).await?;
    if known.len() != sites.len() || known.iter().any(|(_, region)| !actor.supervises(region)) {
        return Err(Problem::not_found());
    }
    let mut adopted: Vec<_> = store::list_adopters(&mut connection, actor.county_id, &sites).await?.into_iter().map(|(site, _)| site).collect();
    adopted.dedup();
    Ok(Json(Recipients {
        units: store::list_units_told(&mut connection, actor.county_id, &sites).await?,
        deputies: store::list_deputies_told(&mut connection, actor.county_id, &sites).await?,
        sites_without_adopters: sites.len() - adopted.len(),
    }))
}
