//! From settings to a running ground: the database opened (a private cluster when no other is named), migrated, checked, and the counties read.

use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

use crate::clock::Clock;
use crate::config::{self, Settings};
use crate::county::County;
use crate::database;
use crate::database::cluster::{Cluster, ClusterError, Durability, running};
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

/// How the database is reached: for serving, and as the owner of its tables when that is somebody else.
struct Ways {
    serving: PgConnectOptions,
    owner: Option<PgConnectOptions>,
    cluster: Option<Cluster>,
}

impl Ways {
    async fn find(settings: &Settings) -> anyhow::Result<Self> {
        let address = |name: &str, url: &str| url.parse::<PgConnectOptions>().with_context(|| format!("{name} is not a PostgreSQL address"));
        if let Some(url) = &settings.database_url {
            let owner = settings.migration_database_url.as_deref().map(|url| address("MINSHENG_MIGRATION_DATABASE_URL", url)).transpose()?;
            return Ok(Self { serving: address("DATABASE_URL", url)?, owner, cluster: None });
        }
        let folder = data_folder(settings)?;
        let cluster = Cluster::start(&folder, settings.postgres_bin.as_deref(), Durability::Full).await?;
        Ok(Self { serving: cluster.options(), owner: Some(cluster.owner_options()), cluster: Some(cluster) })
    }

    /// Brings the schema up to date as its owner and gives the serving role its rights.
    async fn migrate(&self) -> anyhow::Result<()> {
        match &self.owner {
            Some(owner) => {
                database::migrate(owner).await?;
                Ok(database::roles::grant_serving(owner, self.serving.get_username()).await?)
            }
            None => Ok(database::migrate_if_allowed(&self.serving).await?),
        }
    }
}

/// Opens and migrates the database; refuses one that could lose acknowledged reports.
pub async fn open_database(settings: &Settings) -> anyhow::Result<OpenDatabase> {
    let ways = Ways::find(settings).await?;
    ways.migrate().await?;
    let pool = database::open_pool(ways.serving, settings.database_connections).await?;
    database::require_durability(&pool).await?;
    if database::roles::serves_as_owner(&pool).await? {
        tracing::warn!("{}", config::SERVES_AS_OWNER);
    }
    Ok(OpenDatabase { pool, cluster: ways.cluster })
}

/// Opens the database for a command that only reads: where a server runs the private cluster of the data folder, through that cluster, which
/// is left as it is. A server of another version may run there: what this program cannot read is refused.
pub async fn open_for_reading(settings: &Settings) -> anyhow::Result<OpenDatabase> {
    if settings.database_url.is_some() {
        return open_database(settings).await;
    }
    let folder = data_folder(settings)?;
    let in_use = match open_database(settings).await {
        Err(error) if matches!(error.downcast_ref(), Some(ClusterError::InUse(_))) => error,
        opened => return opened,
    };
    let Some(running) = running::options(&folder) else { return Err(in_use) };
    database::require_schema(&running).await?;
    let pool = database::open_pool(running, settings.database_connections).await?;
    Ok(OpenDatabase { pool, cluster: None })
}

/// Brings the schema up to date and does nothing else; the database need not be one to serve from.
pub async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let ways = Ways::find(settings).await?;
    let migrated = ways.migrate().await;
    if let Some(mut cluster) = ways.cluster {
        cluster.stop();
    }
    migrated
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
