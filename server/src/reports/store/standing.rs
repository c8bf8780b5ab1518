//! Which decision holds for a site, and bringing its row into line with it after a report was accepted, amended or returned.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{AccountId, CountyId, DeputyId, SiteId};
use crate::sites::Stage;
use crate::sites::stage::{Decision, Source, UNDECIDED, holding};
use crate::sites::store::stage::{Cause, StageMove, StageNow, change_stage, lock_stage, refresh_evidence};

/// The decisions of which the later one holds: the latest standing report and the latest correction of the site, if there are any.
pub async fn latest_decisions(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<Decision>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"(select counted_at as "at!", report_id as "report_id?", null::bigint as "change_id?", stage as "stage!: Stage", percent as "percent!"
            from reports where county_id = $1 and site_id = $2 and state = 'standing'
            order by counted_at desc, report_id desc limit 1)
           union all
           (select at, null, change_id, to_stage, percent
            from stage_changes where county_id = $1 and site_id = $2 and cause = 'correction'
            order by at desc, change_id desc limit 1)"#,
        county_id.0,
        site_id.0
    )
    .fetch_all(connection)
    .await?;
    let decisions = rows.into_iter().filter_map(|row| {
        let source = match (row.report_id, row.change_id) {
            (Some(report_id), _) => Source::Report(report_id),
            (None, Some(change_id)) => Source::Correction(change_id),
            (None, None) => return None,
        };
        Some(Decision { at: row.at, source, stage: row.stage, percent: u8::try_from(row.percent).unwrap_or(0) })
    });
    Ok(decisions.collect())
}

/// Who settles a site, and when.
#[derive(Debug, Clone, Copy)]
pub struct Settling<'a> {
    pub county_id: CountyId,
    pub site_id: SiteId,
    pub cause: Cause<'a>,
    pub account_id: Option<AccountId>,
    pub at: DateTime<Utc>,
}

/// Brings stage, percent and the age of the evidence into line with the decisions that stand now. `now` is the site's row, locked by the
/// caller and not struck off. Returns the stage the site is in afterwards.
pub async fn settle(connection: &mut PgConnection, now: StageNow, settling: Settling<'_>) -> Result<Stage, sqlx::Error> {
    let Settling { county_id, site_id, cause, account_id, at } = settling;
    let decisions = latest_decisions(connection, county_id, site_id).await?;
    let (stage, percent) = holding(&decisions).map_or(UNDECIDED, |decision| (decision.stage, decision.percent));
    let last_report_at = decisions.iter().find(|decision| matches!(decision.source, Source::Report(_))).map(|decision| decision.at);
    refresh_evidence(connection, (county_id, site_id), (stage, percent), last_report_at, at).await?;
    if stage != now.stage {
        let change = StageMove { county_id, site_id, from: now.stage, to: stage, percent, cause, account_id, at };
        // The row is locked and was read under the lock, so the stage cannot have moved meanwhile.
        change_stage(connection, change).await?.ok_or(sqlx::Error::RowNotFound)?;
    }
    Ok(stage)
}

/// A report that was returned to its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returned {
    pub site_id: SiteId,
    pub deputy_id: DeputyId,
    /// The stage the site is in now.
    pub stage: Stage,
}

/// What became of an attempt to return a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnOutcome {
    Returned(Returned),
    /// There is no such report, or its site is not shown.
    Missing,
    /// It no longer stands: amended, or returned already.
    NotStanding,
    /// The site is struck off; it has to be re-opened first.
    StruckOff,
}

/// Sends a standing report back to its author: the stage falls back to the previous standing report or the committee's last correction.
/// Audit and the author's notice are the caller's.
pub async fn fall_back_after_return(
    connection: &mut PgConnection,
    (county_id, report_id): (CountyId, Uuid),
    reason: &str,
    account_id: AccountId,
    at: DateTime<Utc>,
) -> Result<ReturnOutcome, sqlx::Error> {
    let Some(site_id) = find_site(connection, county_id, report_id).await? else {
        return Ok(ReturnOutcome::Missing);
    };
    let Some(now) = lock_stage(connection, county_id, site_id).await? else {
        return Ok(ReturnOutcome::Missing);
    };
    if now.struck_off {
        return Ok(ReturnOutcome::StruckOff);
    }
    let deputy_id = sqlx::query_scalar!(
        r#"update reports set state = 'returned', returned_at = $3, returned_by = $4, return_reason = $5
           where county_id = $1 and report_id = $2 and state = 'standing' returning deputy_id as "deputy_id: DeputyId""#,
        county_id.0,
        report_id,
        at,
        account_id.0,
        reason
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(deputy_id) = deputy_id else {
        return Ok(ReturnOutcome::NotStanding);
    };
    let settling = Settling { county_id, site_id, cause: Cause::Return { report_id, reason }, account_id: Some(account_id), at };
    let stage = settle(connection, now, settling).await?;
    Ok(ReturnOutcome::Returned(Returned { site_id, deputy_id, stage }))
}

/// The site that a report speaks of.
pub async fn find_site(connection: &mut PgConnection, county_id: CountyId, report_id: Uuid) -> Result<Option<SiteId>, sqlx::Error> {
    sqlx::query_scalar!(r#"select site_id as "site_id: SiteId" from reports where county_id = $1 and report_id = $2"#, county_id.0, report_id)
        .fetch_optional(connection)
        .await
}
