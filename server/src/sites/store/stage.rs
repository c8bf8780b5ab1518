//! All SQL that moves a site's stage. Each move is one statement that names the stage it comes from and leaves its cause in the history.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{AccountId, CountyId, SiteId};
use crate::sites::Stage;

/// Why a stage moves.
#[derive(Debug, Clone, Copy)]
pub enum Cause<'a> {
    /// A report took effect; a step back carries its reason.
    Report { report_id: Uuid, reason: &'a str },
    /// A report was returned, and what stood before it holds again.
    Return { report_id: Uuid, reason: &'a str },
    /// The committee corrected the stage.
    Correction { reason: &'a str },
}

impl<'a> Cause<'a> {
    fn parts(self) -> (&'static str, Option<Uuid>, &'a str) {
        match self {
            Self::Report { report_id, reason } => ("report", Some(report_id), reason),
            Self::Return { report_id, reason } => ("return", Some(report_id), reason),
            Self::Correction { reason } => ("correction", None, reason),
        }
    }
}

/// A move of one site.
#[derive(Debug, Clone, Copy)]
pub struct StageMove<'a> {
    pub county_id: CountyId,
    pub site_id: SiteId,
    /// The stage the caller believes the site to be in.
    pub from: Stage,
    pub to: Stage,
    /// 0 to 100.
    pub percent: u8,
    pub cause: Cause<'a>,
    /// Who did it; none for the schedule and the command line.
    pub account_id: Option<AccountId>,
    pub at: DateTime<Utc>,
}

/// Moves the stage, writes the history and the change log, and returns the site's new `rev`. `None`, and nothing done, when the site is not
/// in the stage it was believed to be in, is struck off, or is not shown. A correction to the same stage is a decision too and is recorded.
pub async fn change_stage(connection: &mut PgConnection, change: StageMove<'_>) -> Result<Option<i64>, sqlx::Error> {
    let (cause, report_id, reason) = change.cause.parts();
    sqlx::query_scalar!(
        "with moved as (
             update sites
             set stage = $4, percent = $5, rev = rev + 1, stage_since = case when $3::text = $4::text then stage_since else $10 end
             where county_id = $1 and site_id = $2 and stage = $3 and struck_off_on is null and withdrawn_at is null
             returning site_id, rev
         ), noted as (
             insert into stage_changes (county_id, site_id, from_stage, to_stage, percent, cause, report_id, reason, account_id, at)
             select $1, site_id, $3, $4, $5, $6, $7, $8, $9, $10 from moved
         ), logged as (
             insert into change_log (county_id, kind, object_id, at) select $1, 'site', site_id, $10 from moved
         )
         select rev from moved",
        change.county_id.0,
        change.site_id.0,
        change.from.as_str(),
        change.to.as_str(),
        i16::from(change.percent),
        cause,
        report_id,
        reason,
        change.account_id.map(|account| account.0),
        change.at
    )
    .fetch_optional(connection)
    .await
}

/// What stands in the site's row about its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageNow {
    pub stage: Stage,
    pub percent: u8,
    pub struck_off: bool,
}

/// The stage of a site that is shown, its row locked until the transaction ends: who decides about a site waits here for whoever decides
/// at the same time.
pub async fn lock_stage(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<StageNow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select stage as "stage: Stage", percent, struck_off_on is not null as "struck_off!"
           from sites where county_id = $1 and site_id = $2 and withdrawn_at is null for update"#,
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| StageNow { stage: row.stage, percent: u8::try_from(row.percent).unwrap_or(0), struck_off: row.struck_off }))
}

/// Notes when the site was last reported on. The percent follows only while the stage is still `stage`: a stage moves by
/// [`change_stage`] alone.
pub async fn refresh_evidence(
    connection: &mut PgConnection,
    (county_id, site_id): (CountyId, SiteId),
    (stage, percent): (Stage, u8),
    last_report_at: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "with refreshed as (
             update sites set last_report_at = $5, percent = case when stage = $3 then $4 else percent end, rev = rev + 1
             where county_id = $1 and site_id = $2 returning site_id
         )
         insert into change_log (county_id, kind, object_id, at) select $1, 'site', site_id, $6 from refreshed",
        county_id.0,
        site_id.0,
        stage.as_str(),
        i16::from(percent),
        last_report_at,
        at
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}
