//! The change log: what the live map has to look at again, written in the transaction that changed it, and the wake-up after commit.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use tokio::sync::Notify;

use crate::ids::{CountyId, SiteId};

/// Channel of the coalesced wake-up between processes.
pub const CHANNEL: &str = "minsheng_changes";

/// Wakes whoever follows the change log in this process; the follower tells the other processes.
#[derive(Clone, Debug, Default)]
pub struct ChangeSignal(Arc<Notify>);

impl ChangeSignal {
    /// Call after a commit that wrote to the change log. Forgetting it delays the change by one poll, no more.
    pub fn nudge(&self) {
        self.0.notify_one();
    }

    /// Waits for the next nudge; nudges that came before are not lost.
    pub async fn nudged(&self) {
        self.0.notified().await;
    }
}

/// Notes that these sites changed. Returns without a query when there are none.
pub async fn sites_changed(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId], at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    if sites.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query!(
        "insert into change_log (county_id, kind, object_id, at) select $1, 'site', site_id, $3 from unnest($2::bigint[]) as changed (site_id)",
        county_id.0,
        &numbers,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the county's map has to be loaded again: new sites, boundaries, stations or settings.
pub async fn county_changed(connection: &mut PgConnection, county_id: CountyId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!("insert into change_log (county_id, kind, at) values ($1, 'county', $2)", county_id.0, at).execute(connection).await?;
    Ok(())
}
