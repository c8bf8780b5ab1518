//! The public map in memory: every tile, list, count and event that visitors see is answered from here, without the database.
//!
//! The rule kept here: what is shown is what the database last said, and how long ago that was is always told. A [`follower`] reads the
//! change log and puts each change in place; a report makes exactly the tiles stale in which its site lies. Nothing is ever written here.

mod area;
mod breakdown;
mod cache;
mod check;
mod county_map;
mod course;
mod events;
mod filter;
mod follower;
mod freshness;
mod layers;
mod listing;
mod past;
mod routes;
mod store;
mod summary;
mod tints;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::extract::FromRef;
use chrono::{DateTime, NaiveDate, Utc};
use geodata::tile::Tile;

pub use area::Area;
pub use breakdown::{Breakdown, Part};
pub use check::{Difference, check_stages};
pub use county_map::{CountyMap, MappedCell, MappedRegion};
pub use course::{Course, CourseMonth};
pub use filter::ShownSite;
pub use listing::{Asked, Choices, ListOrder, Listing, MarkFilter, overdue_days};
pub use past::{MapState, MonthView};
pub use routes::{page_of_sites, router};
pub use summary::{Counts, Figures, Owing};

use crate::basemap::Basemap;
use crate::county::County;
use crate::platform::Platform;
use cache::{EncodedTile, TileCache};
use events::EventHub;
use freshness::Freshness;
use layers::LayerSet;

/// The live map of the served county. Cheap to clone; the state of every route that the public reads.
#[derive(Clone, Debug)]
pub struct LiveMap(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    platform: Platform,
    basemap: Option<Basemap>,
    current: RwLock<Arc<CountyMap>>,
    /// When the database was last known to agree with what is in memory.
    as_of: Mutex<DateTime<Utc>>,
    freshness: Freshness,
    tiles: TileCache,
    events: EventHub,
}

impl LiveMap {
    /// Loads the served county and starts following the change log. Needs a Tokio runtime, in which the follower lives.
    pub async fn start(platform: Platform, basemap: Option<Basemap>) -> Result<Self, sqlx::Error> {
        let map = Self::unloaded(platform, basemap);
        follower::start(&map).await?;
        Ok(map)
    }

    /// A map without anything on it, for describing the routes.
    pub fn unloaded(platform: Platform, basemap: Option<Basemap>) -> Self {
        let as_of = Mutex::new(platform.clock.now());
        Self(Arc::new(Inner {
            current: RwLock::new(Arc::new(CountyMap::empty())),
            as_of,
            freshness: Freshness::default(),
            tiles: TileCache::default(),
            events: EventHub::default(),
            basemap,
            platform,
        }))
    }

    /// What the database said last.
    pub fn county_map(&self) -> Arc<CountyMap> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// When the database was last known to agree with what is in memory.
    pub fn as_of(&self) -> DateTime<Utc> {
        *self.0.as_of.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present instant, as answers write it.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.platform.clock.now()
    }

    /// What lies under the county's own drawing, when something does.
    pub fn basemap(&self) -> Option<&Basemap> {
        self.0.basemap.as_ref()
    }

    /// The ground the map stands on.
    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    /// The served county and its settings.
    pub fn county(&self) -> Arc<County> {
        self.0.platform.served_county()
    }

    /// The county's calendar day, on which the marks of all pins depend.
    pub fn today(&self, county: &County) -> NaiveDate {
        county.date_at(self.now())
    }

    /// The tile as it is now: from the cache while nothing in it has changed, otherwise drawn anew, once for all who ask at the same time.
    fn tile(&self, layers: LayerSet, tile: Tile) -> EncodedTile {
        let county = self.county();
        let today = self.today(&county);
        let stamp = || self.0.freshness.stamp(layers, tile, today);
        self.0.tiles.get((layers, tile), stamp, || layers::draw(&self.county_map(), &county, today, layers, tile))
    }
}

impl FromRef<LiveMap> for Platform {
    fn from_ref(map: &LiveMap) -> Self {
        map.platform().clone()
    }
}
