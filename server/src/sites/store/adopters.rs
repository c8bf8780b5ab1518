//! What a change of adopters does to a site itself.

use sqlx::PgConnection;

use crate::ids::{CountyId, SiteId};

/// Notes that the sites' adopters have changed: whoever looked at one of them before has to look again. Held in the order of their numbers,
/// so that two who do it never wait for each other.
pub async fn raise_rev(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<(), sqlx::Error> {
    if sites.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query!(
        "update sites set rev = rev + 1
         where county_id = $1 and site_id in (select site_id from sites where county_id = $1 and site_id = any($2) order by site_id for update)",
        county_id.0,
        &numbers
    )
    .execute(connection)
    .await?;
    Ok(())
}
