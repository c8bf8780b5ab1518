//! A database for each test, cloned from a template that is migrated once for a set of migrations.

use minsheng_map::database;
use minsheng_map::database::cluster::SERVING_ROLE;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

/// A database of the test's own; dropped with it.
#[derive(Debug)]
pub struct TestDatabase {
    server: PgConnectOptions,
    name: String,
}

impl TestDatabase {
    /// Clones the template, making it first when this set of migrations is new. Needs `MINSHENG_TEST_DATABASE_URL`, which
    /// `minsheng-map with-cluster` sets.
    pub async fn create() -> Self {
        let url = std::env::var("MINSHENG_TEST_DATABASE_URL").expect("tests need a PostgreSQL: run them with `make test`");
        let server: PgConnectOptions = url.parse().expect("MINSHENG_TEST_DATABASE_URL is a PostgreSQL address");
        let mut connection = PgConnection::connect_with(&server.clone().database("postgres")).await.expect("the test cluster answers");
        let template = format!("template_{}", database::migrations_fingerprint());
        make_template(&mut connection, &server, &template).await;
        let name = format!("test_{}", Uuid::new_v4().simple());
        execute(&mut connection, format!("create database {name} template {template}")).await;
        Self { server, name }
    }

    /// As the role that serves: what is missing among its rights shows in every test.
    pub fn options(&self) -> PgConnectOptions {
        self.owner_options().username(SERVING_ROLE)
    }

    /// As the owner of the tables, who may do what the service may not.
    pub fn owner_options(&self) -> PgConnectOptions {
        self.server.clone().database(&self.name)
    }
}

async fn execute(connection: &mut PgConnection, statement: String) {
    sqlx::query(AssertSqlSafe(statement)).execute(connection).await.expect("the statement runs");
}

async fn make_template(connection: &mut PgConnection, server: &PgConnectOptions, template: &str) {
    sqlx::query("select pg_advisory_lock(7223)").execute(&mut *connection).await.expect("a lock");
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1 and not datallowconn)")
        .bind(template)
        .fetch_one(&mut *connection)
        .await
        .expect("an answer");
    if !exists {
        execute(connection, format!("drop database if exists {template} with (force)")).await;
        execute(connection, format!("create database {template}")).await;
        let owner = server.clone().database(template);
        database::migrate(&owner).await.expect("the migrations run");
        database::roles::grant_serving(&owner, SERVING_ROLE).await.expect("the serving role has its rights");
        execute(connection, format!("alter database {template} allow_connections false")).await;
    }
    sqlx::query("select pg_advisory_unlock(7223)").execute(connection).await.expect("unlocked");
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone().database("postgres"), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut connection) = PgConnection::connect_with(&server).await {
                    let _ = sqlx::query(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).execute(&mut connection).await;
                }
            });
        });
        let _ = dropping.join();
    }
}
