//! What every feature stands on: the database, the time, chance, the settings and the counties. Passed to handlers as their state.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use sqlx::PgPool;

use crate::clock::Clock;
use crate::config::Settings;
use crate::county::County;
use crate::database::changes::ChangeSignal;
use crate::ids::{Chance, CountyId};

/// The key under which secrets of second factors lie in the database, once it has been read.
#[derive(Clone, Default)]
pub struct FactorKey(Arc<OnceLock<[u8; 32]>>);

impl FactorKey {
    pub fn put(&self, key: [u8; 32]) {
        let _ = self.0.set(key);
    }

    pub fn get(&self) -> Option<[u8; 32]> {
        self.0.get().copied()
    }
}

impl std::fmt::Debug for FactorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactorKey(…)")
    }
}

/// The ground under all features. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Platform {
    pub pool: PgPool,
    pub clock: Clock,
    pub chance: Chance,
    pub settings: Arc<Settings>,
    pub changes: ChangeSignal,
    pub factor_key: FactorKey,
    counties: Arc<RwLock<HashMap<CountyId, Arc<County>>>>,
    /// The county whose map this server shows to the public.
    pub served: CountyId,
}

impl Platform {
    /// `counties` must hold `served`.
    pub fn new(pool: PgPool, clock: Clock, chance: Chance, settings: Arc<Settings>, counties: Vec<County>, served: CountyId) -> Self {
        let counties = counties.into_iter().map(|county| (county.county_id, Arc::new(county))).collect();
        let (changes, factor_key) = (ChangeSignal::default(), FactorKey::default());
        Self { pool, clock, chance, settings, changes, factor_key, counties: Arc::new(RwLock::new(counties)), served }
    }

    /// The settings of a county that this database holds.
    pub fn county(&self, county_id: CountyId) -> Option<Arc<County>> {
        let counties = self.counties.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        counties.get(&county_id).cloned()
    }

    /// The county whose map the public sees.
    pub fn served_county(&self) -> Arc<County> {
        self.county(self.served).expect("Platform::new was given the served county")
    }

    /// Puts freshly read counties in the place of those known so far.
    pub fn refresh_counties(&self, fresh: Vec<County>) {
        let mut counties = self.counties.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        for county in fresh {
            counties.insert(county.county_id, Arc::new(county));
        }
    }
}
