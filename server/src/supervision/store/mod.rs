//! All SQL of supervision. Moving a stage is the sites' own.

pub mod county_decisions;
mod dismissals;
mod file;
mod reminders;
mod review;
mod strike_offs;
mod views;

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{AccountId, CountyId, DeputyId, SiteId};
use crate::sites::Stage;

pub use dismissals::{NewDismissal, dismiss, list_dismissed, list_key_sites, undo_dismissals};
pub use file::{ClockRow, EvidenceRow, list_clocks, list_dismissals, list_evidence, list_records, list_sent};
pub use reminders::{hold_sending, insert_adopter_reminders, insert_unit_reminders, take_back_reminders};
pub use review::{list_deputies_told, list_facts, list_units_told};
pub use strike_offs::{
    NewProposal, Proposal, confirm_proposal, find_last_word, find_pending, find_proposal, insert_proposal, is_by_two, list_deciders, list_pending,
    reopen, set_key_site, strike_off, withdraw_proposal,
};
pub use views::{find_views, put_views};

/// What an act on a site has to know of it.
#[derive(Debug, Clone)]
pub struct SiteState {
    pub site_id: SiteId,
    pub region_code: String,
    pub stage: Stage,
    pub percent: i16,
    pub struck_off_on: Option<NaiveDate>,
    pub key_site: bool,
    pub rev: i64,
}

/// The site, held for the running transaction. Withdrawn sites are not there.
pub async fn lock_site(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<SiteState>, sqlx::Error> {
    sqlx::query_as!(
        SiteState,
        r#"select site_id as "site_id: SiteId", region_code, stage as "stage: Stage", percent, struck_off_on, key_site, rev from sites
           where county_id = $1 and site_id = $2 and withdrawn_at is null for update"#,
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await
}

/// Which of these sites there are, with their regions.
pub async fn list_regions(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<(SiteId, String)>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let rows = sqlx::query!(
        "select site_id, region_code from sites where county_id = $1 and site_id = any($2) and withdrawn_at is null order by site_id",
        county_id.0,
        &numbers
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), row.region_code)).collect())
}

/// One of these sites that is struck off, with its name, if there is one.
pub async fn find_struck_off(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Option<(SiteId, String)>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let row = sqlx::query!(
        "select site_id, name from sites where county_id = $1 and site_id = any($2) and struck_off_on is not null order by site_id limit 1",
        county_id.0,
        &numbers
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (SiteId(row.site_id), row.name)))
}

/// The present adopters of these sites.
pub async fn list_adopters(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<(SiteId, DeputyId)>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let rows = sqlx::query!(
        "select site_id, deputy_id from adoptions where county_id = $1 and site_id = any($2) and ended_on is null order by site_id, deputy_id",
        county_id.0,
        &numbers
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), DeputyId(row.deputy_id))).collect())
}

/// The site's rev as it is now.
pub async fn find_rev(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("select rev from sites where county_id = $1 and site_id = $2", county_id.0, site_id.0).fetch_optional(connection).await
}

/// The report on which the site's stage rests: the latest that stands.
pub async fn find_last_report(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select report_id from reports where county_id = $1 and site_id = $2 and state = 'standing' order by counted_at desc, report_id desc limit 1",
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await
}

/// What returning a report has to know of it.
#[derive(Debug, Clone)]
pub struct ReportInQuestion {
    pub site_id: SiteId,
    pub deputy_id: DeputyId,
    /// Who sent it, or entered it for the deputy.
    pub account_id: AccountId,
    pub region_code: String,
    pub key_site: bool,
}

pub async fn find_report(connection: &mut PgConnection, county_id: CountyId, report_id: Uuid) -> Result<Option<ReportInQuestion>, sqlx::Error> {
    sqlx::query_as!(
        ReportInQuestion,
        r#"select site_id as "site_id: SiteId", deputy_id as "deputy_id: DeputyId", account_id as "account_id: AccountId", region_code,
           key_site from reports join sites using (county_id, site_id)
           where county_id = $1 and report_id = $2 and withdrawn_at is null"#,
        county_id.0,
        report_id
    )
    .fetch_optional(connection)
    .await
}

/// From here on what follows can be undone by [`back_to_savepoint`] alone; a later savepoint takes its place.
pub async fn set_savepoint(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("savepoint row_of_many").execute(connection).await?;
    Ok(())
}

/// Undoes what was done since the savepoint.
pub async fn back_to_savepoint(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("rollback to savepoint row_of_many").execute(connection).await?;
    Ok(())
}
