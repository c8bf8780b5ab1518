//! All SQL of leavings that are taken back.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::http::shapes::Named;
use crate::ids::{AccountId, CountyId, DeputyId};

/// The sites that the deputy had when they left, as far as these are still on the plan.
pub async fn list_given_up(
    connection: &mut PgConnection,
    county_id: CountyId,
    deputy_id: DeputyId,
    left_on: NaiveDate,
) -> Result<Vec<Named>, sqlx::Error> {
    sqlx::query_as!(
        Named,
        "select s.site_id as id, s.name
         from adoptions a join sites s using (county_id, site_id)
         where county_id = $1 and deputy_id = $2 and ended_on >= $3 and ended_reason in ('deputy_ended', 'term_ended') and withdrawn_at is null
         order by s.code",
        county_id.0,
        deputy_id.0,
        left_on
    )
    .fetch_all(connection)
    .await
}

/// A leaving that is taken back.
#[derive(Debug, Clone, Copy)]
pub struct Returning<'a> {
    pub left_on: NaiveDate,
    pub because: &'a str,
    pub reason: &'a str,
}

/// Takes back that the deputy has left, and keeps what was entered.
pub async fn reinstate(
    connection: &mut PgConnection,
    county_id: CountyId,
    deputy_id: DeputyId,
    returning: Returning<'_>,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into deputy_reinstatements (county_id, deputy_id, left_on, left_because, reason, account_id, at) values ($1, $2, $3, $4, $5, $6, $7)",
        county_id.0,
        deputy_id.0,
        returning.left_on,
        returning.because,
        returning.reason,
        by.0,
        at
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update deputies set left_on = null, left_at = null, left_because = null, entry_rev = entry_rev + 1
         where county_id = $1 and deputy_id = $2",
        county_id.0,
        deputy_id.0
    )
    .execute(connection)
    .await?;
    Ok(())
}
