//! What was declined or taken back is not kept: words, place and pictures are erased when their time is over. The steps stay.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::store::write;
use crate::audit::{self, Author, Entry, Outcome};
use crate::county::County;

/// Erases what has been settled for `days`, in the caller's transaction. The sweep of pictures removes their files.
pub async fn erase_due(connection: &mut PgConnection, county: &County, days: u32, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let erased = write::erase(connection, county.county_id, now - TimeDelta::days(days.into()), now).await?;
    if erased > 0 {
        let entry = Entry { action: "challenge.erase", object: ("challenge", ""), outcome: Outcome::Done, detail: json!({ "challenges": erased }) };
        audit::record(connection, &Author::schedule(county.county_id), entry, now).await?;
    }
    Ok(erased)
}
