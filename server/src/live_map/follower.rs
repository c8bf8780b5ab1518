//! Follows the change log and keeps the map in memory true to it.
//!
//! Woken by this process after a commit, by other processes over one coalesced NOTIFY, and by a slow poll that catches what either lost.
//! The log is read from the last position on; a line is never passed by while a transaction older than it may still commit. When the
//! database is away the map goes on as it is, and the follower tries again.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::postgres::PgListener;
use tokio::sync::Notify;

use super::LiveMap;
use super::county_map::{CountyMap, Replaced};
use super::events::{Happening, SiteEvent};
use super::store;
use crate::database::changes::CHANNEL;
use crate::ids::SiteId;
use crate::{regions, sites};

/// How often the log is looked at without any wake-up.
const POLL: Duration = Duration::from_secs(1);
/// Least time between two wake-ups of other processes.
const BETWEEN_NOTIFICATIONS: Duration = Duration::from_millis(50);
/// How long to wait before listening again when the line to the database broke.
const BEFORE_LISTENING_AGAIN: Duration = Duration::from_secs(1);

/// Loads the county, then leaves three tasks running: the follower, the listener, and the one that wakes other processes.
pub(super) async fn start(map: &LiveMap) -> Result<(), sqlx::Error> {
    let mut follower = Follower::load(map.clone()).await?;
    let heard = Arc::new(Notify::new());
    let announcement = Arc::new(Notify::new());
    tokio::spawn(listen(map.clone(), heard.clone()));
    tokio::spawn(announce(map.clone(), announcement.clone()));
    tokio::spawn(async move {
        let changes = follower.map.platform().changes.clone();
        loop {
            tokio::select! {
                () = changes.nudged() => announcement.notify_one(),
                () = heard.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
            if follower.map.platform().pool.is_closed() {
                return;
            }
            follower.step().await;
        }
    });
    Ok(())
}

async fn listen(map: LiveMap, heard: Arc<Notify>) {
    while !map.platform().pool.is_closed() {
        if let Err(error) = listen_until_it_breaks(&map, &heard).await {
            tracing::debug!(%error, "not listening for changes");
        }
        tokio::time::sleep(BEFORE_LISTENING_AGAIN).await;
    }
}

async fn listen_until_it_breaks(map: &LiveMap, heard: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(&map.platform().pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // A lost line is taken up again by the listener itself; what was missed meanwhile is in the log.
        listener.try_recv().await?;
        heard.notify_one();
    }
}

async fn announce(map: LiveMap, announcement: Arc<Notify>) {
    while !map.platform().pool.is_closed() {
        announcement.notified().await;
        if let Err(error) = store::notify(&map.platform().pool).await {
            tracing::debug!(%error, "other processes were not woken; they poll");
        }
        tokio::time::sleep(BETWEEN_NOTIFICATIONS).await;
    }
}

struct Follower {
    map: LiveMap,
    /// Transactions older than this have been read for good.
    position: i64,
    /// Lines already in place that lie behind the position and will be read again.
    applied: HashSet<i64>,
    day: NaiveDate,
    database_is_away: bool,
}

impl Follower {
    async fn load(map: LiveMap) -> Result<Self, sqlx::Error> {
        let day = map.today(&map.county());
        let mut follower = Self { map, position: 0, applied: HashSet::new(), day, database_is_away: false };
        let started = follower.map.platform().clock.now();
        let mut tx = store::begin_reading(&follower.map.platform().pool).await?;
        let horizon = store::horizon(&mut tx, follower.map.county().county_id).await?;
        follower.load_county(&mut tx).await?;
        tx.commit().await?;
        follower.position = horizon.oldest_open;
        follower.map.0.events.begin_at(horizon.rev);
        follower.note_agreement(started);
        Ok(follower)
    }

    /// Brings the map up to date, as far as the database answers.
    async fn step(&mut self) {
        match self.catch_up().await {
            Ok(()) if self.database_is_away => {
                self.database_is_away = false;
                tracing::info!("the database is back; the map is up to date");
            }
            Ok(()) => {}
            Err(error) if !self.database_is_away => {
                self.database_is_away = true;
                tracing::warn!(%error, "the database does not answer; the map is served as it was");
            }
            Err(_) => {}
        }
        let today = self.map.today(&self.map.county());
        if today != self.day {
            self.day = today;
            // Tiles carry the day in their stamp; open maps have to be told.
            self.map.0.events.publish(0, Happening::County);
        }
    }

    async fn catch_up(&mut self) -> Result<(), sqlx::Error> {
        let started = self.map.platform().clock.now();
        let county_id = self.map.county().county_id;
        let mut tx = store::begin_reading(&self.map.platform().pool).await?;
        let horizon = store::horizon(&mut tx, county_id).await?;
        if horizon.oldest_open < self.position {
            // The database was put back to an earlier state: nothing that is known of its log holds any more.
            self.load_county(&mut tx).await?;
            tx.commit().await?;
            self.applied.clear();
            self.map.0.events.begin_at(horizon.rev);
            self.map.0.events.publish(horizon.rev, Happening::County);
        } else {
            let changes = store::list_changes(&mut tx, county_id, self.position).await?;
            let fresh: Vec<_> = changes.iter().filter(|change| !self.applied.contains(&change.rev)).cloned().collect();
            self.apply(&mut tx, &fresh).await?;
            tx.commit().await?;
            self.applied = changes.into_iter().filter(|change| change.written_by >= horizon.oldest_open).map(|change| change.rev).collect();
        }
        self.position = horizon.oldest_open;
        self.note_agreement(started);
        Ok(())
    }

    async fn apply(&mut self, connection: &mut PgConnection, changes: &[store::Change]) -> Result<(), sqlx::Error> {
        let Some(number) = changes.iter().map(|change| change.rev).max() else { return Ok(()) };
        let mut wanted: Vec<SiteId> = changes.iter().filter(|change| change.kind == "site").map(|change| SiteId(change.object_id)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let whole = changes.iter().any(|change| change.kind != "site") || !self.replace(connection, &wanted, number).await?;
        if whole {
            self.load_county(connection).await?;
            self.map.0.events.publish(number, Happening::County);
        }
        Ok(())
    }

    /// Puts freshly read sites in place; false when that is not enough and the county has to be loaded.
    async fn replace(&self, connection: &mut PgConnection, wanted: &[SiteId], number: i64) -> Result<bool, sqlx::Error> {
        let county = self.map.county();
        let fresh = sites::store::list_sites(connection, county.county_id, Some(wanted)).await?;
        let today = self.map.today(&county);
        let county_map = self.map.county_map();
        let withdrawn = |site_id: &SiteId| county_map.has_site(*site_id) && !fresh.iter().any(|site| site.site_id == *site_id);
        if wanted.iter().any(withdrawn) {
            return Ok(false);
        }
        for site in fresh {
            let event = SiteEvent::of(&site, &county, today);
            match county_map.replace(site) {
                Replaced::Done(code) => self.map.0.freshness.site_changed(code),
                Replaced::NeedsLoading => return Ok(false),
            }
            self.map.0.events.publish(number, Happening::Site(event));
        }
        Ok(true)
    }

    async fn load_county(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let counties = regions::store::list_counties(connection).await?;
        let fresh = CountyMap::load(connection, self.map.county().county_id).await?;
        self.map.platform().refresh_counties(counties);
        *self.map.0.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        self.map.0.freshness.county_loaded();
        Ok(())
    }

    fn note_agreement(&self, at: DateTime<Utc>) {
        *self.map.0.as_of.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}
