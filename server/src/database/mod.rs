//! The way to the database: the pool with its session settings, the migrations, the private cluster and the change log.
//!
//! No feature's SQL is here; each feature keeps its own in `store.rs`.

pub mod changes;
pub mod cluster;
pub mod geometry;
pub mod job_runs;
pub mod roles;

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, PgPool, Row};

static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// What one session of the server may cost the others.
const SESSION_SETTINGS: [(&str, &str); 7] = [
    ("statement_timeout", "15s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "20s"),
    ("timezone", "UTC"),
    // Compiling a long query takes longer than any of ours runs.
    ("jit", "off"),
    ("synchronous_commit", "on"),
    ("application_name", "minsheng-map"),
];

/// A connection that may be used for serving.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error(
        "PostgreSQL runs with {setting}={value}: after a power cut it could lose reports that were already acknowledged. Set {setting}=on and start again."
    )]
    Unsafe { setting: &'static str, value: String },
    #[error(
        "the role {role} that serves has other rights than it should: {statement} (and {} more) had no effect. It must be neither a superuser \
         nor an owner of the tables, and no member of such a role.", count - 1
    )]
    Rights { role: String, statement: String, count: usize },
    #[error(
        "the schema is not that of this version, and the role of DATABASE_URL may not change it. Put the owner's address into \
         MINSHENG_MIGRATION_DATABASE_URL, or run `minsheng-map migrate` as the owner."
    )]
    NotMigrated,
}

/// Opens the pool that serves requests: every session carries time limits for statements, locks and idle transactions.
pub async fn open_pool(options: PgConnectOptions, connections: u32) -> Result<PgPool, DatabaseError> {
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(4))
        .after_release(|connection, _| Box::pin(async move { Ok(is_outside_transactions(connection).await.unwrap_or(false)) }))
        .connect_with(options.options(SESSION_SETTINGS))
        .await?;
    Ok(pool)
}

/// Whether a connection comes back outside of any transaction; otherwise it is closed. A `BEGIN` that is given up before it is answered, as
/// when a caller hangs up, leaves one open that sqlx 0.9 does not know of, and whoever came next would fail in it.
async fn is_outside_transactions(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    // A simple query: only there are both moments the same when it stands alone.
    connection.fetch_one(sqlx::raw_sql("select now() = statement_timestamp()")).await?.try_get(0)
}

/// Brings the schema up to date over a connection of its own, without the time limits that serving has.
pub async fn migrate(options: &PgConnectOptions) -> Result<(), DatabaseError> {
    let options = options.clone().options([("timezone", "UTC")]).disable_statement_logging();
    let mut connection = PgConnection::connect_with(&options).await?;
    MIGRATOR.run_direct(None, &mut connection, false).await?;
    connection.close().await?;
    Ok(())
}

/// Brings the schema up to date as whoever may: a role that may not make tables only looks whether somebody else has done it.
pub async fn migrate_if_allowed(options: &PgConnectOptions) -> Result<(), DatabaseError> {
    let mut connection = PgConnection::connect_with(&options.clone().disable_statement_logging()).await?;
    let question = "select has_schema_privilege(current_schema(), 'CREATE')";
    let may_make_tables: bool = sqlx::query_scalar(question).fetch_one(&mut connection).await?;
    if may_make_tables {
        connection.close().await?;
        return migrate(options).await;
    }
    connection.close().await?;
    require_schema(options).await
}

/// Refuses a schema that this program does not know; changes nothing.
pub async fn require_schema(options: &PgConnectOptions) -> Result<(), DatabaseError> {
    let mut connection = PgConnection::connect_with(&options.clone().disable_statement_logging()).await?;
    let begun: bool = sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null").fetch_one(&mut connection).await?;
    let applied: Vec<(i64, Vec<u8>)> = if begun {
        sqlx::query_as("select version, checksum from _sqlx_migrations where success").fetch_all(&mut connection).await?
    } else {
        Vec::new()
    };
    connection.close().await?;
    let known = |version: i64, checksum: &[u8]| applied.iter().any(|(done, as_of)| *done == version && as_of == checksum);
    if MIGRATOR.iter().all(|step| known(step.version, &step.checksum)) { Ok(()) } else { Err(DatabaseError::NotMigrated) }
}

/// Refuses a server that acknowledges a commit before it is on the disk.
pub async fn require_durability(pool: &PgPool) -> Result<(), DatabaseError> {
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let value: String = sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(pool).await?;
        if value != "on" {
            return Err(DatabaseError::Unsafe { setting, value });
        }
    }
    Ok(())
}

/// Names the migrations by their content, so that a test database is made anew only when they change.
pub fn migrations_fingerprint() -> String {
    use sha2::Digest;
    let mut hasher = sha2::Sha256::new();
    for migration in MIGRATOR.iter() {
        hasher.update(migration.version.to_be_bytes());
        hasher.update(&*migration.checksum);
    }
    hex::encode(&hasher.finalize()[..8])
}

/// The named constraint or unique index that `error` broke, if it broke one.
pub fn broken_constraint(error: &sqlx::Error) -> Option<&str> {
    match error {
        sqlx::Error::Database(database) => database.constraint(),
        _ => None,
    }
}

/// That an update hit the one row it was meant for.
pub fn one_row(rows: u64) -> Result<(), sqlx::Error> {
    if rows == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
