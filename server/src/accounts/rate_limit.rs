//! Limits that all processes share, as token buckets in the database.
//!
//! A bucket is one instant: when it will be full again. Taking a token moves that instant by the time one token takes to come back; when
//! it would lie more than the bucket's whole size ahead, there is none left (the generic cell rate algorithm).

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

/// So many at once, and one more after each `refill_s` seconds.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub burst: i32,
    pub refill_s: i32,
}

/// Takes one token from `bucket`. `Err` carries the seconds until there is one.
pub async fn take(connection: &mut PgConnection, bucket: &str, limit: Limit, now: DateTime<Utc>) -> Result<Result<(), u32>, sqlx::Error> {
    let refill = f64::from(limit.refill_s);
    let size = refill * f64::from(limit.burst);
    let taken = sqlx::query_scalar!(
        r#"insert into rate_limits as known (bucket, full_at) values ($1, $2::timestamptz + make_interval(secs => $3))
           on conflict (bucket) do update set full_at = greatest(known.full_at, $2) + make_interval(secs => $3)
           where greatest(known.full_at, $2) + make_interval(secs => $3) <= $2 + make_interval(secs => $4)
           returning full_at"#,
        bucket,
        now,
        refill,
        size
    )
    .fetch_optional(&mut *connection)
    .await?;
    if taken.is_some() {
        return Ok(Ok(()));
    }
    let full_at = sqlx::query_scalar!("select full_at from rate_limits where bucket = $1", bucket).fetch_optional(connection).await?.unwrap_or(now);
    let one_free_at = full_at - TimeDelta::seconds(i64::from(limit.refill_s) * i64::from(limit.burst - 1));
    let wait = (one_free_at - now).num_seconds().clamp(1, 86_400);
    Ok(Err(u32::try_from(wait).unwrap_or(1)))
}

/// Lets a caller through who comes back `after_s` seconds after first asking, once for each such wait. `Err` carries the seconds left.
/// Asking meanwhile does not make the wait longer.
pub async fn come_back(connection: &mut PgConnection, bucket: &str, after_s: u32, now: DateTime<Utc>) -> Result<Result<(), u32>, sqlx::Error> {
    let came_back = sqlx::query_scalar!(
        r#"insert into rate_limits as known (bucket, full_at) values ($1, $2::timestamptz + make_interval(secs => $3))
           on conflict (bucket) do update set full_at = $2 + make_interval(secs => $3) where known.full_at <= $2
           returning (xmax::text <> '0') as "came_back!""#,
        bucket,
        now,
        f64::from(after_s)
    )
    .fetch_optional(&mut *connection)
    .await?;
    match came_back {
        Some(true) => Ok(Ok(())),
        Some(false) => Ok(Err(after_s)),
        None => {
            let turn_at = sqlx::query_scalar!("select full_at from rate_limits where bucket = $1", bucket).fetch_optional(connection).await?;
            let wait = (turn_at.unwrap_or(now) - now).num_seconds().clamp(1, i64::from(after_s));
            Ok(Err(u32::try_from(wait).unwrap_or(1)))
        }
    }
}

/// Gives one token back.
pub async fn give_back(connection: &mut PgConnection, bucket: &str, limit: Limit) -> Result<(), sqlx::Error> {
    sqlx::query!("update rate_limits set full_at = full_at - make_interval(secs => $2) where bucket = $1", bucket, f64::from(limit.refill_s))
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets buckets that have been full for an hour.
pub async fn sweep(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let swept = sqlx::query!("delete from rate_limits where full_at < $1", now - TimeDelta::hours(1)).execute(connection).await?;
    Ok(swept.rows_affected())
}
