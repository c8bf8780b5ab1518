//! All SQL of sites as the desk enters, mends and withdraws them.

use chrono::{DateTime, NaiveDate, Utc};
use geodata::LonLat;
use geodata::datum::Datum;
use sqlx::PgConnection;

use crate::database::one_row;
use crate::ids::{AccountId, CountyId, DeputyId, ProjectId, SiteId, UnitId};

/// What a site's code follows from.
#[derive(Debug, Clone)]
pub struct NumberedProject {
    pub year: i16,
    pub number: i16,
    /// Of all its sites, also of those withdrawn since.
    pub codes: Vec<String>,
}

/// The project, held for the running transaction, so that two sites entered at once do not take the same code.
pub async fn lock_project(connection: &mut PgConnection, county_id: CountyId, project_id: ProjectId) -> Result<Option<NumberedProject>, sqlx::Error> {
    sqlx::query_as!(
        NumberedProject,
        r#"select year, number, array(select code from sites s where s.county_id = $1 and s.project_id = $2) as "codes!"
           from projects where county_id = $1 and project_id = $2 for update"#,
        county_id.0,
        project_id.0
    )
    .fetch_optional(connection)
    .await
}

/// What people read of a site.
#[derive(Debug, Clone, Copy)]
pub struct SiteWords<'a> {
    pub name: &'a str,
    pub address: &'a str,
    pub remarks: &'a str,
}

/// A site to be written.
#[derive(Debug, Clone, Copy)]
pub struct SiteEntry<'a> {
    pub project_id: ProjectId,
    pub code: &'a str,
    pub words: SiteWords<'a>,
    pub region_code: &'a str,
    /// In WGS-84.
    pub position: LonLat,
    pub datum: Datum,
    /// As it was written.
    pub source: &'a str,
    pub unit_id: UnitId,
    pub quota: &'a str,
    pub people_served: Option<i32>,
    pub planned: (Option<NaiveDate>, Option<NaiveDate>),
}

/// Breaks `sites_code_key` when the code was ever used.
pub async fn insert_site(
    connection: &mut PgConnection,
    county_id: CountyId,
    entry: SiteEntry<'_>,
    now: DateTime<Utc>,
) -> Result<SiteId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into sites (county_id, code, project_id, name, address, region_code, position, source_datum, source_position, unit_id, quota,
                            people_served, remarks, planned_start_on, planned_finish_on, original_planned_start_on, original_planned_finish_on,
                            stage_since, created_at)
         values ($1, $2, $3, $4, $5, $6, st_setsrid(st_makepoint($7, $8), 4326), $9, $10, $11, $12, $13, $14, $15, $16, $15, $16, $17, $17)
         returning site_id",
        county_id.0,
        entry.code,
        entry.project_id.0,
        entry.words.name,
        entry.words.address,
        entry.region_code,
        entry.position.lon(),
        entry.position.lat(),
        entry.datum.as_str(),
        entry.source,
        entry.unit_id.0,
        entry.quota,
        entry.people_served,
        entry.words.remarks,
        entry.planned.0,
        entry.planned.1,
        now
    )
    .fetch_one(connection)
    .await?;
    Ok(SiteId(id))
}

/// What of a site may be mended, as it stands.
#[derive(Debug, Clone)]
pub struct StoredEntry {
    pub code: String,
    pub name: String,
    pub address: String,
    pub remarks: String,
    pub unit_id: i64,
    pub people_served: Option<i32>,
    pub region_code: String,
    pub is_struck_off: bool,
    pub key_site: bool,
    pub rev: i64,
}

/// The site, held for the running transaction. Withdrawn sites are not there.
pub async fn lock_entry(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<StoredEntry>, sqlx::Error> {
    sqlx::query_as!(
        StoredEntry,
        r#"select code, name, address, remarks, unit_id, people_served, region_code, struck_off_on is not null as "is_struck_off!", key_site, rev
           from sites where county_id = $1 and site_id = $2 and withdrawn_at is null for update"#,
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await
}

/// Writes the words of a locked site anew.
pub async fn update_words(
    connection: &mut PgConnection,
    county_id: CountyId,
    site_id: SiteId,
    words: SiteWords<'_>,
    (unit_id, people_served): (UnitId, Option<i32>),
) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update sites set name = $3, address = $4, remarks = $5, unit_id = $6, people_served = $7, rev = rev + 1
         where county_id = $1 and site_id = $2",
        county_id.0,
        site_id.0,
        words.name,
        words.address,
        words.remarks,
        unit_id.0,
        people_served
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

pub async fn list_adopters(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<DeputyId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select deputy_id as "deputy_id: DeputyId" from adoptions where county_id = $1 and site_id = $2 and ended_on is null order by deputy_id"#,
        county_id.0,
        site_id.0
    )
    .fetch_all(connection)
    .await
}

/// The decision under which a site leaves the plan.
#[derive(Debug, Clone, Copy)]
pub struct Withdrawal<'a> {
    pub number: &'a str,
    pub decided_on: NaiveDate,
    pub reason: &'a str,
}

/// Takes a locked site off the plan, with its offer and its adoptions, and keeps the decision.
pub async fn withdraw_site(
    connection: &mut PgConnection,
    county_id: CountyId,
    site_id: SiteId,
    decision: Withdrawal<'_>,
    (by, at, today): (AccountId, DateTime<Utc>, NaiveDate),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into site_withdrawals (county_id, site_id, decision_number, decided_on, reason, account_id, at) values ($1, $2, $3, $4, $5, $6, $7)",
        county_id.0,
        site_id.0,
        decision.number,
        decision.decided_on,
        decision.reason,
        by.0,
        at
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from site_offers where county_id = $1 and site_id = $2", county_id.0, site_id.0).execute(&mut *connection).await?;
    sqlx::query!(
        "update adoptions set ended_on = greatest($3, adopted_on), ended_reason = 'site_withdrawn'
         where county_id = $1 and site_id = $2 and ended_on is null",
        county_id.0,
        site_id.0,
        today
    )
    .execute(&mut *connection)
    .await?;
    let withdrawn = sqlx::query!(
        "update sites set withdrawn_at = $3, rev = rev + 1 where county_id = $1 and site_id = $2 and withdrawn_at is null",
        county_id.0,
        site_id.0,
        at
    )
    .execute(connection)
    .await?;
    one_row(withdrawn.rows_affected())
}
