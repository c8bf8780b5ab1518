//! All SQL of the entries beside final months.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::calendar::Month;
use crate::ids::{AccountId, CountyId, SiteId};
use crate::sites::Stage;

/// An entry beside a final month, with what the snapshot says of its site.
#[derive(Debug, Clone)]
pub struct CorrectionRow {
    pub correction_id: i64,
    pub month: NaiveDate,
    pub site_id: Option<i64>,
    pub code: Option<String>,
    pub name: Option<String>,
    pub snapshot_stage: Option<Stage>,
    pub snapshot_percent: Option<i16>,
    pub stage: Option<Stage>,
    pub percent: Option<i16>,
    pub words: String,
    pub by: String,
    pub made_at: DateTime<Utc>,
}

/// In the order in which they were made.
pub async fn list(connection: &mut PgConnection, county_id: CountyId, month: Month) -> Result<Vec<CorrectionRow>, sqlx::Error> {
    sqlx::query_as!(
        CorrectionRow,
        r#"select correction_id, c.month, c.site_id, s.code as "code?", s.name as "name?", m.stage as "snapshot_stage?: Stage",
                  m.percent as "snapshot_percent?", c.stage as "stage?: Stage", c.percent, words, a.name as by, made_at
           from month_corrections c
           join accounts a on a.account_id = made_by
           left join sites s on s.county_id = c.county_id and s.site_id = c.site_id
           left join month_sites m on m.county_id = c.county_id and m.month = c.month and m.site_id = c.site_id
           where c.county_id = $1 and c.month = $2 order by correction_id"#,
        county_id.0,
        month.first_day()
    )
    .fetch_all(connection)
    .await
}

/// Writes an entry and gives it back as it is read. The database refuses one beside a month that is not final.
pub async fn insert(
    connection: &mut PgConnection,
    (county_id, month): (CountyId, Month),
    about: Option<(SiteId, (Stage, i16))>,
    words: &str,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<CorrectionRow, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into month_corrections (county_id, month, site_id, stage, percent, words, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning correction_id",
        county_id.0,
        month.first_day(),
        about.map(|(site, _)| site.0),
        about.map(|(_, (stage, _))| stage.as_str()),
        about.map(|(_, (_, percent))| percent),
        words,
        by.0,
        at
    )
    .fetch_one(&mut *connection)
    .await?;
    let all = list(connection, county_id, month).await?;
    all.into_iter().find(|row| row.correction_id == id).ok_or(sqlx::Error::RowNotFound)
}

/// Stage and percent of a site in a closed month.
pub async fn find_in_snapshot(
    connection: &mut PgConnection,
    county_id: CountyId,
    month: Month,
    site_id: SiteId,
) -> Result<Option<(Stage, i16)>, sqlx::Error> {
    let found = sqlx::query!(
        r#"select stage as "stage: Stage", percent from month_sites where county_id = $1 and month = $2 and site_id = $3"#,
        county_id.0,
        month.first_day(),
        site_id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|row| (row.stage, row.percent)))
}
