//! Reading the sites of a deputy's colleagues.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::ids::{CountyId, DeputyId, SiteId};

/// A colleague's site.
#[derive(Debug, Clone)]
pub struct ColleaguesSite {
    pub site_id: SiteId,
    pub deputy_id: DeputyId,
    pub deputy_name: String,
    /// The two belong to one group of deputies; otherwise to one station only.
    pub same_group: bool,
    /// The colleague's report for the month stands.
    pub reported: bool,
}

/// The sites of the deputies who share the deputy's group or station, in order of the sites' codes.
pub async fn list_colleagues_sites(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    month: NaiveDate,
) -> Result<Vec<ColleaguesSite>, sqlx::Error> {
    sqlx::query_as!(
        ColleaguesSite,
        r#"select a.site_id as "site_id: SiteId", d.deputy_id as "deputy_id: DeputyId", d.name as deputy_name,
                  d.deputy_group_id is not distinct from me.deputy_group_id and me.deputy_group_id is not null as "same_group!",
                  exists (select from reports r where r.county_id = $1 and r.site_id = a.site_id and r.deputy_id = d.deputy_id
                          and r.month = $3 and r.state = 'standing') as "reported!"
           from deputies me
           join deputies d on d.county_id = me.county_id and d.deputy_id <> me.deputy_id
                and (d.deputy_group_id = me.deputy_group_id or d.station_id = me.station_id)
           join adoptions a on a.county_id = d.county_id and a.deputy_id = d.deputy_id and a.ended_on is null
           join sites s on s.county_id = a.county_id and s.site_id = a.site_id
           where me.county_id = $1 and me.deputy_id = $2 and s.withdrawn_at is null and s.struck_off_on is null
           order by s.code, d.deputy_id"#,
        county_id.0,
        deputy_id.0,
        month
    )
    .fetch_all(connection)
    .await
}
