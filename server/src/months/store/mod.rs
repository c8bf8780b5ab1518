//! All SQL of the reporting months; the two long queries lie beside the rules.

pub mod corrections;
pub mod exceptions;

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::calendar::Month;
use crate::county::County;
use crate::ids::{AccountId, CountyId, DeputyId, SiteId};
use crate::months::model::{MonthFigures, Obligation, Progress, SiteFigures};

/// How far the county's months have come.
pub async fn read_progress(connection: &mut PgConnection, county: &County) -> Result<Progress, sqlx::Error> {
    let row = sqlx::query!(
        "select (select min(created_at) from sites where county_id = $1) as first_site_at,
                (select max(month) from reporting_months where county_id = $1) as closed,
                (select max(month) from reporting_months where county_id = $1 and finalized_at is not null) as finalised,
                (select max(due_at) from job_runs where county_id = $1 and job = 'month.remind') as reminded_at",
        county.county_id.0
    )
    .fetch_one(connection)
    .await?;
    Ok(Progress {
        first: row.first_site_at.map(|at| county.month_at(at)),
        closed: row.closed.map(Month::of),
        finalised: row.finalised.map(Month::of),
        reminded: row.reminded_at.map(|at| county.month_at(at)),
    })
}

/// A month that was closed.
#[derive(Debug, Clone, Copy)]
pub struct ClosedMonth {
    pub month: NaiveDate,
    pub finalized_at: Option<DateTime<Utc>>,
}

/// The months closed so far, the latest first.
pub async fn list_closed(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<ClosedMonth>, sqlx::Error> {
    sqlx::query_as!(ClosedMonth, "select month, finalized_at from reporting_months where county_id = $1 order by month desc", county_id.0)
        .fetch_all(connection)
        .await
}

/// Notes that the month is closed, and under which rules. Of several callers one gets `true`; the others wait for it and get `false`.
pub async fn insert_month(connection: &mut PgConnection, county_id: CountyId, month: Month, closed_at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query!(
        "insert into reporting_months (county_id, month, closed_at, grace_days, stale_days, minimum_ranked)
         select county_id, $2, $3, grace_days, stale_days, minimum_ranked from counties where county_id = $1 on conflict do nothing",
        county_id.0,
        month.first_day(),
        closed_at
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Holds the month, closed and not yet final, for the running transaction; `false` when there is no such month.
pub async fn lock_provisional(connection: &mut PgConnection, county_id: CountyId, month: Month) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select 1 as one from reporting_months where county_id = $1 and month = $2 and finalized_at is null for update",
        county_id.0,
        month.first_day()
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

pub async fn delete_snapshot(connection: &mut PgConnection, county_id: CountyId, month: Month) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from month_sites where county_id = $1 and month = $2", county_id.0, month.first_day()).execute(connection).await?;
    Ok(())
}

/// Writes the map of `month`, which closed at `closed_at`, as it looks from `seen_at`. Returns the number of sites.
pub async fn insert_snapshot(
    connection: &mut PgConnection,
    county_id: CountyId,
    month: Month,
    closed_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let inserted = sqlx::query_file!("src/months/snapshot.sql", county_id.0, month.first_day(), month.last_day(), closed_at, seen_at)
        .execute(connection)
        .await?;
    Ok(inserted.rows_affected())
}

/// Makes the month final. From here on the database refuses every change of its snapshot.
pub async fn set_final(connection: &mut PgConnection, county_id: CountyId, month: Month, finalized_at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update reporting_months set finalized_at = $3 where county_id = $1 and month = $2 and finalized_at is null",
        county_id.0,
        month.first_day(),
        finalized_at
    )
    .execute(connection)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// What is owed for `month` and what of it stands, looked at from `seen_at`.
pub async fn list_obligations(
    connection: &mut PgConnection,
    county: &County,
    month: Month,
    seen_at: DateTime<Utc>,
) -> Result<Vec<Obligation>, sqlx::Error> {
    let (first_day, last_day, closes_at) = (month.first_day(), month.last_day(), month.closes_at(county.zone));
    sqlx::query_file_as!(Obligation, "src/months/obligations.sql", county.county_id.0, first_day, last_day, seen_at, closes_at)
        .fetch_all(connection)
        .await
}

/// Sites that each deputy has adopted now.
pub async fn count_adopted(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(DeputyId, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select deputy_id, count(*) as "sites!" from adoptions where county_id = $1 and ended_on is null group by deputy_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (DeputyId(row.deputy_id), row.sites)).collect())
}

/// The figures of closed months, as their snapshots have them.
pub async fn list_recorded_figures(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(Month, MonthFigures)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select month, sum(owed) as "owed!", sum(received) as "received!", sum(on_time) as "on_time!"
           from month_sites where county_id = $1 group by month"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let figures = rows.into_iter().map(|row| (Month::of(row.month), MonthFigures { owed: row.owed, received: row.received, on_time: row.on_time }));
    Ok(figures.collect())
}

/// The figures of one closed month by site, as its snapshot has them.
pub async fn list_recorded_sites(connection: &mut PgConnection, county_id: CountyId, month: Month) -> Result<Vec<SiteFigures>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select coalesce(lay_in_code, region_code) as "region_code!", project_id, owed, received, on_time
         from month_sites join sites using (county_id, site_id) where county_id = $1 and month = $2"#,
        county_id.0,
        month.first_day()
    )
    .fetch_all(connection)
    .await?;
    let sites = rows.into_iter().map(|row| SiteFigures {
        region_code: row.region_code,
        project_id: row.project_id.into(),
        figures: MonthFigures { owed: row.owed.into(), received: row.received.into(), on_time: row.on_time.into() },
    });
    Ok(sites.collect())
}

/// Puts on record that somebody, or the schedule, reminded these adopters.
pub async fn insert_reminders(
    connection: &mut PgConnection,
    county_id: CountyId,
    sent: Option<(AccountId, Option<Uuid>)>,
    reminded: &[(SiteId, DeputyId)],
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let sites: Vec<i64> = reminded.iter().map(|(site, _)| site.0).collect();
    let deputies: Vec<i64> = reminded.iter().map(|(_, deputy)| deputy.0).collect();
    sqlx::query!(
        "insert into reminders (county_id, site_id, deputy_id, sent_at, words, sent_by, sending_id)
         select $1, site_id, deputy_id, $5, $4, $6, $7 from unnest($2::bigint[], $3::bigint[]) as reminded (site_id, deputy_id)",
        county_id.0,
        &sites,
        &deputies,
        words,
        now,
        sent.map(|(account, _)| account.0),
        sent.and_then(|(_, sending)| sending)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// When each adopter of each site was last reminded between two instants.
pub async fn list_reminded_within(
    connection: &mut PgConnection,
    county_id: CountyId,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(SiteId, DeputyId, DateTime<Utc>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select site_id, deputy_id as "deputy_id!", max(sent_at) as "sent_at!" from reminders
           where county_id = $1 and deputy_id is not null and taken_back_at is null and sent_at >= $2 and sent_at < $3 group by site_id, deputy_id"#,
        county_id.0,
        since,
        until
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), DeputyId(row.deputy_id), row.sent_at)).collect())
}

/// The deputies who can be told something in the app.
pub async fn list_deputies_with_account(connection: &mut PgConnection, county_id: CountyId) -> Result<HashSet<DeputyId>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"select distinct deputy_id as "deputy_id!: DeputyId" from grants g join accounts a using (account_id)
           where g.county_id = $1 and deputy_id is not null and a.disabled_at is null"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Number and name of every group of deputies.
pub async fn list_group_names(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(i64, String)>, sqlx::Error> {
    let rows = sqlx::query!("select deputy_group_id, name from deputy_groups where county_id = $1", county_id.0).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.deputy_group_id, row.name)).collect())
}

/// Number and title of every project.
pub async fn list_project_titles(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(i64, String)>, sqlx::Error> {
    let rows = sqlx::query!("select project_id, title from projects where county_id = $1", county_id.0).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.project_id, row.title)).collect())
}
