//! All SQL of who is excused from a month.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::calendar::Month;
use crate::ids::{AccountId, CountyId, DeputyId, SiteId};

/// A deputy excused from a month, with who said so.
#[derive(Debug, Clone)]
pub struct ExceptionRow {
    pub exception_id: i64,
    pub deputy_id: i64,
    pub deputy_name: String,
    /// Of the deputy.
    pub region_code: String,
    pub month: NaiveDate,
    pub kind: String,
    pub reason: String,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub undone_by: Option<String>,
    pub undone_at: Option<DateTime<Utc>>,
    pub undo_reason: Option<String>,
}

/// Everybody who is or was excused from `month`, the latest entry first.
pub async fn list(connection: &mut PgConnection, county_id: CountyId, month: Month) -> Result<Vec<ExceptionRow>, sqlx::Error> {
    sqlx::query_as!(
        ExceptionRow,
        r#"select exception_id, e.deputy_id, d.name as deputy_name, d.region_code, month, kind, reason, a.name as made_by, made_at,
                  u.name as "undone_by?", undone_at, undo_reason
           from month_exceptions e
           join deputies d using (county_id, deputy_id)
           join accounts a on a.account_id = made_by
           left join accounts u on u.account_id = undone_by
           where e.county_id = $1 and month = $2 order by exception_id desc"#,
        county_id.0,
        month.first_day()
    )
    .fetch_all(connection)
    .await
}

/// One exception, held for the running transaction.
pub async fn hold(connection: &mut PgConnection, county_id: CountyId, id: i64) -> Result<Option<ExceptionRow>, sqlx::Error> {
    sqlx::query_as!(
        ExceptionRow,
        r#"select exception_id, e.deputy_id, d.name as deputy_name, d.region_code, month, kind, reason, a.name as made_by, made_at,
                  (select name from accounts where account_id = undone_by) as "undone_by?", undone_at, undo_reason
           from month_exceptions e
           join deputies d using (county_id, deputy_id)
           join accounts a on a.account_id = made_by
           where e.county_id = $1 and exception_id = $2 for update of e"#,
        county_id.0,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Breaks `month_exceptions_standing_key` when the deputy is excused already.
pub async fn insert(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    month: Month,
    (kind, reason): (&str, &str),
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into month_exceptions (county_id, deputy_id, month, kind, reason, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7) returning exception_id",
        county_id.0,
        deputy_id.0,
        month.first_day(),
        kind,
        reason,
        by.0,
        at
    )
    .fetch_one(connection)
    .await
}

/// Takes back an exception that the caller holds.
pub async fn undo(
    connection: &mut PgConnection,
    (county_id, id): (CountyId, i64),
    (by, reason, at): (AccountId, &str, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    let undone = sqlx::query!(
        "update month_exceptions set undone_by = $3, undone_at = $4, undo_reason = $5
         where county_id = $1 and exception_id = $2 and undone_at is null",
        county_id.0,
        id,
        by.0,
        at,
        reason
    )
    .execute(connection)
    .await?;
    if undone.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

pub async fn find_deputy_region(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select region_code from deputies where county_id = $1 and deputy_id = $2", county_id.0, deputy_id.0)
        .fetch_optional(connection)
        .await
}

/// The sites whose figures change with the deputy's.
pub async fn list_adopted(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Vec<SiteId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct site_id as "site_id!: SiteId" from adoptions where county_id = $1 and deputy_id = $2 and ended_on is null"#,
        county_id.0,
        deputy_id.0
    )
    .fetch_all(connection)
    .await
}
