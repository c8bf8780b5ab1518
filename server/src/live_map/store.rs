//! All SQL of the live map: the change log, the frozen months, and what is needed to prove colours against their history.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::PgConnection;
use sqlx::{PgPool, Postgres, Transaction};

use crate::calendar::Month;
use crate::database::changes::CHANNEL;
use crate::http::shapes::RegionRef;
use crate::ids::{CountyId, SiteId};
use crate::sites::Stage;
use crate::sites::stage::{Decision, Source};

/// A transaction in which every statement sees the same state, and nothing can be written.
pub async fn begin_reading(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    pool.begin_with("begin isolation level repeatable read read only").await
}

/// How far the change log can be read for good.
#[derive(Debug, Clone, Copy)]
pub struct Horizon {
    /// No transaction older than this one can still add to the log.
    pub oldest_open: i64,
    /// Greatest revision that can be seen.
    pub rev: i64,
}

pub async fn horizon(connection: &mut PgConnection, county_id: CountyId) -> Result<Horizon, sqlx::Error> {
    sqlx::query_as!(
        Horizon,
        r#"select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as "oldest_open!",
                  coalesce((select max(rev) from change_log where county_id = $1), 0) as "rev!""#,
        county_id.0
    )
    .fetch_one(connection)
    .await
}

/// One line of the change log.
#[derive(Debug, Clone)]
pub struct Change {
    pub rev: i64,
    pub kind: String,
    pub object_id: i64,
    /// The transaction that wrote it.
    pub written_by: i64,
}

/// Changes by the transaction `since` and all later ones. Revisions are numbered before commit and so appear out of order; transactions
/// are what the log is read by.
pub async fn list_changes(connection: &mut PgConnection, county_id: CountyId, since: i64) -> Result<Vec<Change>, sqlx::Error> {
    sqlx::query_as!(
        Change,
        r#"select rev, kind, object_id, written_by::text::bigint as "written_by!"
           from change_log
           where county_id = $1 and written_by >= $2::text::xid8 and written_by < pg_snapshot_xmax(pg_current_snapshot())
           order by rev"#,
        county_id.0,
        since.to_string()
    )
    .fetch_all(connection)
    .await
}

/// Wakes the followers in other processes.
pub async fn notify(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(pool).await?;
    Ok(())
}

/// One site as it was when a month closed.
#[derive(Debug, Clone)]
pub struct PastSite {
    pub site_id: SiteId,
    pub stage: Stage,
    pub percent: i16,
    pub start_overdue: bool,
    pub finish_overdue: bool,
    pub silent: bool,
    pub struck_off_on: Option<NaiveDate>,
    pub owed: i16,
    pub received: i16,
    pub on_time: i16,
    pub last_report_at: Option<DateTime<Utc>>,
    /// Where it lay then, under the name of then; unknown for months closed before that was noted.
    pub region: Option<RegionRef>,
}

/// The closed months, the latest first, each with whether it is final.
pub async fn list_months(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(Month, bool)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select month, finalized_at is not null as "final!" from reporting_months where county_id = $1 order by month desc"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (Month::of(row.month), row.r#final)).collect())
}

/// The maps at the close of all months, site by site.
pub async fn list_past_sites(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(Month, PastSite)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select month, site_id, stage as "stage: Stage", percent, start_overdue, finish_overdue, silent, struck_off_on, owed, received, on_time,
                  last_report_at, lay_in_code, lay_in_name
           from month_sites where county_id = $1"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let sites = rows.into_iter().map(|row| {
        let site = PastSite {
            site_id: SiteId(row.site_id),
            stage: row.stage,
            percent: row.percent,
            start_overdue: row.start_overdue,
            finish_overdue: row.finish_overdue,
            silent: row.silent,
            struck_off_on: row.struck_off_on,
            owed: row.owed,
            received: row.received,
            on_time: row.on_time,
            last_report_at: row.last_report_at,
            region: row.lay_in_code.zip(row.lay_in_name).map(|(code, name)| RegionRef { code, name }),
        };
        (Month::of(row.month), site)
    });
    Ok(sites.collect())
}

/// What the tables say of a site's stage, each in its own words.
#[derive(Debug, Clone)]
pub struct StageRecord {
    pub site_id: SiteId,
    pub code: String,
    pub stage: Stage,
    /// Where the history of stage changes ends.
    pub history_ends_at: Option<Stage>,
}

pub async fn list_stage_records(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<StageRecord>, sqlx::Error> {
    sqlx::query_as!(
        StageRecord,
        r#"select site_id, code, stage as "stage: Stage", last_change.to_stage as "history_ends_at?: Stage"
           from sites s
           left join lateral (select to_stage from stage_changes c
                              where c.county_id = s.county_id and c.site_id = s.site_id order by change_id desc limit 1) as last_change on true
           where county_id = $1 and withdrawn_at is null
           order by code"#,
        county_id.0
    )
    .fetch_all(connection)
    .await
}

/// Every decision that stands: the standing reports and the committee's corrections, with the site each is about.
pub async fn list_decisions(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(SiteId, Decision)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select site_id as "site_id!", counted_at as "at!", report_id, null::bigint as change_id, stage as "stage!: Stage", percent as "percent!"
           from reports where county_id = $1 and state = 'standing'
           union all
           select site_id, at, null, change_id, to_stage, percent from stage_changes where county_id = $1 and cause = 'correction'"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let decisions = rows.into_iter().filter_map(|row| {
        let source = row.report_id.map(Source::Report).or(row.change_id.map(Source::Correction))?;
        Some((SiteId(row.site_id), Decision { at: row.at, source, stage: row.stage, percent: u8::try_from(row.percent).unwrap_or(0) }))
    });
    Ok(decisions.collect())
}
