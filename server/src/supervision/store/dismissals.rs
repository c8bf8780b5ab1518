//! Findings that were put aside, and taken up again.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{AccountId, CountyId, SiteId};
use crate::supervision::ranking::ReasonCode;

/// A finding to be put aside at many sites.
#[derive(Debug, Clone, Copy)]
pub struct NewDismissal<'a> {
    pub sites: &'a [SiteId],
    pub reason: ReasonCode,
    pub words: &'a str,
    pub by: AccountId,
    pub at: DateTime<Utc>,
}

/// The key sites among these, each with its region.
pub async fn list_key_sites(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<(SiteId, String)>, sqlx::Error> {
    let sites: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let rows = sqlx::query!(
        r#"select site_id as "site_id: SiteId", region_code from sites
           where county_id = $1 and site_id = any($2) and key_site order by site_id"#,
        county_id.0,
        &sites
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.site_id, row.region_code)).collect())
}

/// Puts the finding aside; the number of each dismissal with its site.
pub async fn dismiss(connection: &mut PgConnection, county_id: CountyId, new: NewDismissal<'_>) -> Result<Vec<(i64, SiteId)>, sqlx::Error> {
    let sites: Vec<i64> = new.sites.iter().map(|site| site.0).collect();
    let rows = sqlx::query!(
        r#"insert into review_dismissals (county_id, site_id, reason_code, words, dismissed_by, dismissed_at)
           select $1, site_id, $3, $4, $5, $6 from unnest($2::bigint[]) as wanted (site_id)
           returning dismissal_id, site_id as "site_id: SiteId""#,
        county_id.0,
        &sites,
        new.reason.as_str(),
        new.words,
        new.by.0,
        new.at
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.dismissal_id, row.site_id)).collect())
}

/// Which of these dismissals there are, with site and region, held for the running transaction.
pub async fn list_dismissed(connection: &mut PgConnection, county_id: CountyId, ids: &[i64]) -> Result<Vec<(i64, SiteId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select dismissal_id, site_id as "site_id: SiteId", region_code from review_dismissals d join sites using (county_id, site_id)
           where county_id = $1 and dismissal_id = any($2) and withdrawn_at is null
           order by dismissal_id for update of d"#,
        county_id.0,
        ids
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.dismissal_id, row.site_id, row.region_code)).collect())
}

/// Takes the findings up again.
pub async fn undo_dismissals(
    connection: &mut PgConnection,
    county_id: CountyId,
    ids: &[i64],
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update review_dismissals set undone_by = $3, undone_at = $4 where county_id = $1 and dismissal_id = any($2) and undone_at is null",
        county_id.0,
        ids,
        by.0,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}
