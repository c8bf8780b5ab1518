//! All SQL of regions' names.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::database::one_row;
use crate::ids::{AccountId, CountyId};

/// A name that a region had.
#[derive(Debug)]
pub struct FormerNameRow {
    pub region_code: String,
    pub present_name: String,
    pub name: String,
    pub until_on: NaiveDate,
    pub decision_number: String,
    pub reason: String,
    pub at: DateTime<Utc>,
}

pub async fn list_former_names(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<FormerNameRow>, sqlx::Error> {
    sqlx::query_as!(
        FormerNameRow,
        "select n.region_code, r.name as present_name, n.name, until_on, decision_number, reason, at
         from region_names n join regions r on r.county_id = n.county_id and r.region_code = n.region_code
         where n.county_id = $1 order by region_name_id desc",
        county_id.0
    )
    .fetch_all(connection)
    .await
}

/// The township's name. All townships are held for the running transaction, so that no two get the same name at once; the names of the county
/// itself and of villages are not changed here.
pub async fn lock_township(connection: &mut PgConnection, county_id: CountyId, code: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query!("select region_code from regions where county_id = $1 and length(region_code) = 9 order by region_code for update", county_id.0)
        .fetch_all(&mut *connection)
        .await?;
    sqlx::query_scalar!(
        "select name from regions where county_id = $1 and region_code = $2 and length(region_code) = 9 and merged_into is null",
        county_id.0,
        code
    )
    .fetch_optional(connection)
    .await
}

pub async fn is_name_taken(connection: &mut PgConnection, county_id: CountyId, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from regions where county_id = $1 and name = $2 and length(region_code) = 9 and merged_into is null) as "exists!""#,
        county_id.0,
        name
    )
    .fetch_one(connection)
    .await
}

/// A renaming with the decision behind it.
#[derive(Debug, Clone, Copy)]
pub struct Renaming<'a> {
    pub code: &'a str,
    pub was: &'a str,
    pub name: &'a str,
    pub decision: &'a str,
    pub reason: &'a str,
}

/// Renames a locked region and keeps the old name.
pub async fn rename(
    connection: &mut PgConnection,
    county_id: CountyId,
    renaming: Renaming<'_>,
    (by, at, today): (AccountId, DateTime<Utc>, NaiveDate),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into region_names (county_id, region_code, name, until_on, decision_number, reason, account_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        county_id.0,
        renaming.code,
        renaming.was,
        today,
        renaming.decision,
        renaming.reason,
        by.0,
        at
    )
    .execute(&mut *connection)
    .await?;
    let renamed = sqlx::query!("update regions set name = $3 where county_id = $1 and region_code = $2", county_id.0, renaming.code, renaming.name)
        .execute(connection)
        .await?;
    one_row(renamed.rows_affected())
}
