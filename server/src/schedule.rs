//! The one table of recurring jobs, and the loop that runs what is due.
//!
//! | job | due | missed |
//! |---|---|---|
//! | `month.remind` | so many days before the last day of the month, at the hour the county has set | done while the month is open |
//! | `month.close` | at the end of the month in the county | caught up, month after month |
//! | `month.finalise` | after the county's days of grace | caught up, month after month |
//! | a term begins | at the first instant of its first day in the county | begun late, as of that day |
//! | `orders.rise` | every day at the hour the county has set | the present day only, with every rung due by then |
//! | `offers.unanswered` | so many days before the last day of the month, at the hour the county has set | told late, while the month is open |
//! | `sweep` | every hour | the present hour only |
//! | the audit log's head | kept after midnight in the county, `audit_log::seal_day` | the day before only |
//! | `challenges.erase` | every day at four in the county | the present day only, with all that is due by then |
//! | `photos.sweep` | every day at three in the county | the present day only |
//!
//! What is due follows from the clock and from what the database says was done, so it makes no difference whether a process was running at
//! the moment. Any number of processes may run this loop: the unique row of `job_runs`, written in the job's own transaction, lets one of
//! them do it. Why no cron library: `docs/decisions`.

use std::time::Duration;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sqlx::PgConnection;
use tokio::time::MissedTickBehavior;

use crate::accounts::{rate_limit, sign_in_limits};
use crate::calendar::start_of_day;
use crate::county::County;
use crate::database::job_runs::{self, Claim};
use crate::months::model::{Due, MonthJob, due, reminded_at};
use crate::photos::PhotoStore;
use crate::platform::Platform;
use crate::{accounts, adoptions, audit_log, challenges, months, notices, orders, photos, regions, roster};

const RAISE_ORDERS: &str = "orders.rise";
const UNANSWERED_OFFERS: &str = "offers.unanswered";
const ERASE_CHALLENGES: &str = "challenges.erase";
const SWEEP: &str = "sweep";
const SWEEP_PHOTOS: &str = "photos.sweep";

/// Runs what is due, at once and then every minute, or as often as is set, until `stop` resolves. A job under way is finished first.
pub async fn run(platform: Platform, stop: impl Future<Output = ()>) {
    let every = Duration::from_secs(platform.settings.jobs_every_s.max(1).into());
    let mut looks = tokio::time::interval(every);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => return,
            _ = looks.tick() => {}
        }
        // A task of its own, so that a panic in a job ends neither the loop nor the process.
        let platform = platform.clone();
        match tokio::spawn(async move { run_due(&platform).await }).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "a recurring job failed and will be tried again"),
            Err(panic) => tracing::error!(%panic, "a recurring job panicked and will be tried again"),
        }
    }
}

/// Runs everything that is due now, in every county of the database, and returns how many jobs this process ran. A job that fails leaves
/// nothing behind and is due again; it does not keep other counties from theirs.
pub async fn run_due(platform: &Platform) -> Result<usize, sqlx::Error> {
    let now = platform.clock.now();
    let counties = regions::store::list_counties(&mut *platform.pool.acquire().await?).await?;
    platform.refresh_counties(counties.clone());
    let (mut ran, mut failure) = (0, None);
    for county in &counties {
        for done in [
            run_months(platform, county, now).await,
            begin_term(platform, county, now).await,
            raise_orders(platform, county, now).await,
            tell_of_unanswered_offers(platform, county, now).await,
            erase_challenges(platform, county, now).await,
        ] {
            match done {
                Ok(done) => ran += done,
                Err(error) => {
                    tracing::error!(county = %county.code, %error, "a recurring job of the county failed");
                    failure = Some(error);
                }
            }
        }
        audit_log::seal_day(&mut *platform.pool.acquire().await?, county, now).await?;
    }
    ran += usize::from(sweep(platform, now).await? == Claim::Ours);
    ran += usize::from(sweep_photos(platform, now).await? == Claim::Ours);
    failure.map_or(Ok(ran), Err)
}

/// Runs what is due to one county's months, in order.
async fn run_months(platform: &Platform, county: &County, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    let progress = months::read_progress(&mut *platform.pool.acquire().await?, county).await?;
    let mut ran = 0;
    for due in due(county, &progress, now) {
        match run_month_job(platform, county, due, now).await? {
            Claim::Ours => ran += 1,
            Claim::Done => {}
            // Later jobs build on this one.
            Claim::UnderWay => break,
        }
    }
    Ok(ran)
}

/// Begins the term whose first day has come. Its row says that it has begun, so that one process does it.
async fn begin_term(platform: &Platform, county: &County, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    let mut tx = platform.pool.begin().await?;
    if !roster::begin_due_term(&mut tx, county, &platform.chance, now).await? {
        return Ok(0);
    }
    tx.commit().await?;
    platform.changes.nudge();
    tracing::info!(county = %county.code, "a term has begun");
    Ok(1)
}

async fn run_month_job(platform: &Platform, county: &County, due: Due, now: DateTime<Utc>) -> Result<Claim, sqlx::Error> {
    let mut tx = platform.pool.begin().await?;
    let job = due.job.as_str();
    let claim = job_runs::claim(&mut tx, county.county_id, job, due.due_at, now).await?;
    if claim != Claim::Ours {
        return Ok(claim);
    }
    match due.job {
        MonthJob::Remind => {
            months::remind_missing(&mut tx, county, due.month, &platform.chance, now).await?;
        }
        MonthJob::Close => {
            months::close_month(&mut tx, county, due.month, &platform.chance, now).await?;
        }
        MonthJob::Finalise => {
            months::finalise_month(&mut tx, county, due.month, now).await?;
        }
    }
    job_runs::finish(&mut tx, county.county_id, job, due.due_at, platform.clock.now()).await?;
    tx.commit().await?;
    platform.changes.nudge();
    tracing::info!(county = %county.code, job, month = %due.month, "recurring job done");
    Ok(Claim::Ours)
}

/// Lets unanswered supervision orders rise.
async fn raise_orders(platform: &Platform, county: &County, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    // Named by the day and not by the hour, so that an hour changed on the day itself neither repeats the run nor leaves it out.
    let today = start_of_day(county.date_at(now), county.zone);
    if now < today + TimeDelta::hours(county.order_rise_hour.into()) {
        return Ok(0);
    }
    let mut tx = platform.pool.begin().await?;
    if job_runs::claim(&mut tx, county.county_id, RAISE_ORDERS, today, now).await? != Claim::Ours {
        return Ok(0);
    }
    let climbed = orders::rising::raise_unanswered(&mut tx, county, &platform.chance, now).await?;
    job_runs::forget_old(&mut tx, RAISE_ORDERS, now).await?;
    job_runs::finish(&mut tx, county.county_id, RAISE_ORDERS, today, platform.clock.now()).await?;
    tx.commit().await?;
    platform.changes.nudge();
    if climbed > 0 {
        tracing::info!(county = %county.code, climbed, "unanswered supervision orders rose");
    }
    Ok(1)
}

/// Tells those who offered sites that nobody has taken them. It does not depend on whether the county has its deputies reminded.
async fn tell_of_unanswered_offers(platform: &Platform, county: &County, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    let month = county.month_at(now);
    // Named by the month, so that days or an hour changed in between tell nobody twice.
    let due_at = month.opens_at(county.zone);
    if county.offer_reminder.is_none_or(|when| now < reminded_at(county, month, when)) {
        return Ok(0);
    }
    let mut tx = platform.pool.begin().await?;
    if job_runs::claim(&mut tx, county.county_id, UNANSWERED_OFFERS, due_at, now).await? != Claim::Ours {
        return Ok(0);
    }
    adoptions::tell_of_unanswered(&mut tx, county.county_id, &platform.chance, now).await?;
    job_runs::finish(&mut tx, county.county_id, UNANSWERED_OFFERS, due_at, platform.clock.now()).await?;
    tx.commit().await?;
    Ok(1)
}

/// Erases the words and pictures of challenges that were declined or withdrawn long ago.
async fn erase_challenges(platform: &Platform, county: &County, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    let due_at = start_of_day(county.date_at(now), county.zone) + TimeDelta::hours(4);
    if now < due_at {
        return Ok(0);
    }
    let mut tx = platform.pool.begin().await?;
    if job_runs::claim(&mut tx, county.county_id, ERASE_CHALLENGES, due_at, now).await? != Claim::Ours {
        return Ok(0);
    }
    let erased = challenges::erase_due(&mut tx, county, platform.settings.challenge_retention_days, now).await?;
    job_runs::forget_old(&mut tx, ERASE_CHALLENGES, now).await?;
    job_runs::finish(&mut tx, county.county_id, ERASE_CHALLENGES, due_at, platform.clock.now()).await?;
    tx.commit().await?;
    tracing::debug!(county = %county.code, erased, "challenges erased");
    Ok(1)
}

/// Removes what has had its day: sessions and limits that are over, and kept answers that no phone can ask for any more.
async fn sweep(platform: &Platform, now: DateTime<Utc>) -> Result<Claim, sqlx::Error> {
    let due_at = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
    let mut tx = platform.pool.begin().await?;
    let claim = job_runs::claim(&mut tx, platform.served, SWEEP, due_at, now).await?;
    if claim == Claim::Ours {
        sweep_all(&mut tx, now).await?;
        job_runs::finish(&mut tx, platform.served, SWEEP, due_at, platform.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(claim)
}

async fn sweep_all(tx: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let sessions = accounts::store::sweep_sessions(tx, now).await?;
    let limits = rate_limit::sweep(tx, now).await?;
    let sign_ins = sign_in_limits::sweep(tx, now).await?;
    let pending = accounts::store::pending::sweep_pending(tx, now).await?;
    let keys = accounts::store::sweep_keys(tx, now).await?;
    let addresses = notices::store::addresses::sweep(tx, now).await?;
    job_runs::forget_old(tx, SWEEP, now).await?;
    tracing::debug!(sessions, limits, sign_ins, pending, keys, addresses, "swept");
    Ok(())
}

/// Removes pictures that no report has claimed for a day. The claim is kept first: a sweep that is cut short is made good by the next
/// day's, and must not hold a transaction open while files are removed.
async fn sweep_photos(platform: &Platform, now: DateTime<Utc>) -> Result<Claim, sqlx::Error> {
    let county = platform.served_county();
    let today = start_of_day(county.date_at(now), county.zone) + TimeDelta::hours(3);
    if now < today {
        return Ok(Claim::Done);
    }
    let mut tx = platform.pool.begin().await?;
    let claim = job_runs::claim(&mut tx, county.county_id, SWEEP_PHOTOS, today, now).await?;
    if claim == Claim::Ours {
        job_runs::forget_old(&mut tx, SWEEP_PHOTOS, now).await?;
        tx.commit().await?;
        let store = PhotoStore::in_data_folder(&platform.settings.data_folder());
        match photos::sweep::sweep(&platform.pool, &store, &county, now, true).await {
            Ok(swept) => tracing::info!(unclaimed = swept.unclaimed.len(), unknown = swept.unknown.len(), swept.leftovers, "pictures swept"),
            Err(error) => tracing::error!(%error, "pictures could not be swept; tomorrow's sweep will"),
        }
    }
    Ok(claim)
}
