//! From settings to a running ground: the database opened (a private cluster when no other is named), migrated, checked, and the counties read.

use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

use crate::clock::Clock;
use crate::config::Settings;
use crate::county::County;
use crate::database;
use crate::database::cluster::{Cluster, Durability};
use crate::ids::Chance;
use crate::platform::Platform;
use crate::regions;

/// An open database, and the cluster behind it when it is our own. The cluster must outlive every use of the pool.
#[derive(Debug)]
pub struct OpenDatabase {
    pub pool: PgPool,
    pub cluster: Option<Cluster>,
}

impl OpenDatabase {
    /// Closes the pool and stops the private cluster.
    pub async fn close(mut self) {
        self.pool.close().await;
        if let Some(cluster) = &mut self.cluster {
            cluster.stop();
        }
    }
}

/// The data folder: as set, or the system's place for such data. Made, private to this account, when it is not there.
pub fn data_folder(settings: &Settings) -> anyhow::Result<PathBuf> {
    let folder = settings.data_folder();
    if !folder.exists() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    Ok(folder)
}

/// Opens and migrates the database; refuses one that could lose acknowledged reports.
pub async fn open_database(settings: &Settings) -> anyhow::Result<OpenDatabase> {
    let (options, cluster) = match &settings.database_url {
        Some(url) => (url.parse::<PgConnectOptions>().context("DATABASE_URL is not a PostgreSQL address")?, None),
        None => {
            let folder = data_folder(settings)?;
            let cluster = Cluster::start(&folder, settings.postgres_bin.as_deref(), Durability::Full).await?;
            (cluster.options(), Some(cluster))
        }
    };
    database::migrate(&options).await?;
    let pool = database::open_pool(options, settings.database_connections).await?;
    database::require_durability(&pool).await?;
    Ok(OpenDatabase { pool, cluster })
}

/// Brings the schema up to date and does nothing else; the database need not be one to serve from.
pub async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    match &settings.database_url {
        Some(url) => Ok(database::migrate(&url.parse().context("DATABASE_URL is not a PostgreSQL address")?).await?),
        None => {
            open_database(settings).await?.close().await;
            Ok(())
        }
    }
}

/// Every county of the database.
pub async fn counties(pool: &PgPool) -> anyhow::Result<Vec<County>> {
    let mut connection = pool.acquire().await?;
    Ok(regions::store::list_counties(&mut connection).await?)
}

/// Chooses the county that `wanted` names, or the only one there is.
pub fn choose_county<'a>(counties: &'a [County], wanted: Option<&str>) -> anyhow::Result<&'a County> {
    match (wanted, counties) {
        (Some(code), _) => counties.iter().find(|county| county.code == code).with_context(|| format!("the database has no county {code}")),
        (None, [only]) => Ok(only),
        (None, []) => bail!("the database has no county yet: minsheng-map county create --code 330521 --name 德清县"),
        (None, several) => {
            let codes: Vec<&str> = several.iter().map(|county| county.code.as_str()).collect();
            bail!("the database has several counties ({}): name one in MINSHENG_COUNTY", codes.join(", "))
        }
    }
}

/// The ground for all features, for the county that the settings name.
pub async fn platform(settings: Settings, pool: PgPool) -> anyhow::Result<Platform> {
    let counties = counties(&pool).await?;
    let served = choose_county(&counties, settings.county.as_deref())?.county_id;
    Ok(Platform::new(pool, Clock::System, Chance::from_system(), Arc::new(settings), counties, served))
}

/// Raises the number of open files to what the system allows at the most: each connection is one, and the usual 1,024 are few.
pub fn allow_many_connections() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let allowed = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: allowed.maximum, maximum: allowed.maximum }) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}
