//! Which process runs a recurring job: the one whose row is there first. The row is written in the job's own transaction, so a process
//! that dies leaves no row and another one runs the job.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::ids::CountyId;

/// Whether the caller may run the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It is the caller's; committing the transaction makes it done for ever.
    Ours,
    /// It was done before.
    Done,
    /// Another process is at it, and has been for longer than the caller may wait for a lock.
    UnderWay,
}

/// Claims the run of `job` that was due at `due_at`, waiting for a process that is at it. The transaction is given more time than a
/// request has. After [`Claim::UnderWay`] the transaction can only be dropped.
pub async fn claim(tx: &mut PgConnection, county_id: CountyId, job: &str, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<Claim, sqlx::Error> {
    sqlx::query("set local statement_timeout = '10min'").execute(&mut *tx).await?;
    let inserted = sqlx::query!(
        "insert into job_runs (county_id, job, due_at, started_at, finished_at) values ($1, $2, $3, $4, $4) on conflict do nothing",
        county_id.0,
        job,
        due_at,
        now
    )
    .execute(tx)
    .await;
    match inserted {
        Ok(inserted) if inserted.rows_affected() == 1 => Ok(Claim::Ours),
        Ok(_) => Ok(Claim::Done),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("55P03") => Ok(Claim::UnderWay),
        Err(error) => Err(error),
    }
}

/// Notes when the job that was claimed ended.
pub async fn finish(tx: &mut PgConnection, county_id: CountyId, job: &str, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!("update job_runs set finished_at = $4 where county_id = $1 and job = $2 and due_at = $3", county_id.0, job, due_at, now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets runs of `job` that were due more than a week ago; for jobs that nobody will ask about.
pub async fn forget_old(tx: &mut PgConnection, job: &str, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from job_runs where job = $1 and due_at < $2", job, now - TimeDelta::days(7)).execute(tx).await?;
    Ok(())
}
