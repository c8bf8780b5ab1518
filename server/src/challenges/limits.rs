//! How many challenges and pictures come in, and how often somebody may try a secret. All processes share the counts.
//!
//! Decision 0079 has the sums. A right secret costs nothing: its attempt is counted in a transaction that is not kept.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::accounts::rate_limit::{self, Limit};
use crate::http::{Code, Problem};

/// Five at once, and one more after each twelve minutes.
const BY_HOUR: Limit = Limit { burst: 5, refill_s: 720 };
/// Twenty, and one more after each 72 minutes.
const BY_DAY: Limit = Limit { burst: 20, refill_s: 4320 };
/// Sixty pictures, and one more after each 24 minutes.
const PHOTOS_BY_DAY: Limit = Limit { burst: 60, refill_s: 1440 };
/// Five wrong secrets in a quarter of an hour.
const WRONG: Limit = Limit { burst: 5, refill_s: 180 };

/// Takes one from what a network may send.
pub async fn admit(connection: &mut PgConnection, network: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    for (bucket, limit) in [(format!("challenge h {network}"), BY_HOUR), (format!("challenge d {network}"), BY_DAY)] {
        rate_limit::take(connection, &bucket, limit, now)
            .await?
            .map_err(|seconds| too_many(seconds, "您所在的网络提交的质疑较多", "Many challenges have come from your network"))?;
    }
    Ok(())
}

/// Takes one from the pictures that a network may send.
pub async fn admit_photo(connection: &mut PgConnection, network: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let taken = rate_limit::take(connection, &format!("challenge p {network}"), PHOTOS_BY_DAY, now).await?;
    taken.map_err(|seconds| too_many(seconds, "您所在的网络上传的照片较多", "Many pictures have come from your network"))
}

/// Counts an attempt with a secret against the network and against the number, before it is known whether it is right.
pub async fn count_attempt(connection: &mut PgConnection, network: &str, number: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    for bucket in [format!("challenge w {network}"), format!("challenge n {number}")] {
        rate_limit::take(connection, &bucket, WRONG, now)
            .await?
            .map_err(|seconds| too_many(seconds, "编号或查询码多次有误", "The number or the secret was wrong several times"))?;
    }
    Ok(())
}

/// That a county's day is full.
pub fn day_is_full(today: NaiveDate) -> Problem {
    tracing::warn!(%today, "a county's challenges of a day are used up");
    Problem::new(Code::TooManyRequests).retry_after(3600).saying(
        "今天全县收到的质疑已达上限，请明天再提交；急事请联系代表联络站",
        "The county takes no more challenges today; please come again tomorrow, or turn to a liaison station",
    )
}

fn too_many(seconds: u32, zh: &str, en: &str) -> Problem {
    let minutes = seconds.div_ceil(60);
    Problem::new(Code::TooManyRequests)
        .retry_after(seconds)
        .saying(format!("{zh}，请 {minutes} 分钟后再试"), format!("{en}; please try again in {minutes} min"))
}
