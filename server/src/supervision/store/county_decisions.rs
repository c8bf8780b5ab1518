//! What the county has decided about a site, and its orders that wait: neither is a township's to go over.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{CountyId, SiteId};
use crate::orders::model::number_words;

/// Notes that the county's committee has decided about the site itself.
pub async fn note(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!("update sites set decided_by_county_at = $3 where county_id = $1 and site_id = $2", county_id.0, site_id.0, at)
        .execute(connection)
        .await?;
    Ok(())
}

/// When the county last decided about the site, as long as no deputy's own report that counts later stands. One that staff entered is no way past
/// the county: an office would lift the decision by its own hand.
pub async fn find(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let decided = sqlx::query_scalar!(
        "select decided_by_county_at from sites s
         where county_id = $1 and site_id = $2
           and not exists (select from reports r
                           where r.county_id = $1 and r.site_id = $2 and r.state = 'standing' and r.came_by is null
                             and r.counted_at > s.decided_by_county_at)",
        county_id.0,
        site_id.0
    );
    Ok(decided.fetch_optional(connection).await?.flatten())
}

/// Number of an order about the site that the county issued and that is not settled.
pub async fn find_open_order(
    connection: &mut PgConnection,
    county_id: CountyId,
    site_id: SiteId,
    county_code: &str,
) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query!(
        "select prefix, year, number from supervision_orders o join order_sites s using (county_id, order_id)
         where county_id = $1 and s.site_id = $2 and o.region_code = $3 and o.state in ('issued', 'answered', 'sent_back') and o.followed_by is null
         order by order_id limit 1",
        county_id.0,
        site_id.0,
        county_code
    );
    Ok(row.fetch_optional(connection).await?.map(|row| number_words(&row.prefix, row.year, row.number)))
}
