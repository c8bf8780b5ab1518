//! A whole server in this process, on a database of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use minsheng_map::accounts::model::session_life;
use minsheng_map::accounts::store;
use minsheng_map::app;
use minsheng_map::clock::Clock;
use minsheng_map::config::Settings;
use minsheng_map::database;
use minsheng_map::http::connections;
use minsheng_map::ids::{AccountId, Chance};
use minsheng_map::platform::Platform;
use sqlx::PgPool;

use crate::client::Client;
use crate::database::TestDatabase;
use crate::instant;
use crate::world::World;

/// Where every test's clock stands at first: a working day in the middle of a reporting month.
const FIRST_INSTANT: &str = "2026-10-20T09:00:00+08:00";

/// A server under test.
pub struct TestApp {
    pub platform: Platform,
    /// The test's own hands in the database: those of the owner. The server has a pool of its own, as the role that serves.
    pub pool: PgPool,
    pub world: World,
    pub origin: String,
    pub data_dir: PathBuf,
    /// Kept so that the database and the folder live as long as their servers.
    pub database: Arc<TestDatabase>,
    folder: Arc<TestFolder>,
    /// Made once: a client looks through the machine's certificates, which takes longer than most calls.
    visitor: Client,
}

/// A data folder of the test's own; removed with it.
struct TestFolder(PathBuf);

impl TestFolder {
    fn create() -> Self {
        let path = std::env::temp_dir().join(format!("minsheng-test-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl TestApp {
    /// A server with the usual small world.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server with some settings changed.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let database = Arc::new(TestDatabase::create().await);
        let pool = database::open_pool(database.owner_options(), 4).await.expect("a pool");
        let now = instant(FIRST_INSTANT);
        let world = World::build(&pool, now).await;
        let ground = (database, Arc::new(TestFolder::create()));
        Self::serve(ground, pool, world, Clock::standing_at(now), change).await
    }

    /// Another server process over the same database and pictures, with the same clock.
    pub async fn second_server(&self) -> Self {
        let pool = database::open_pool(self.database.owner_options(), 4).await.expect("a pool");
        let settings = (*self.platform.settings).clone();
        let ground = (self.database.clone(), self.folder.clone());
        Self::serve(ground, pool, self.world.clone(), self.platform.clock.clone(), |fresh| *fresh = settings).await
    }

    async fn serve(
        (database, folder): (Arc<TestDatabase>, Arc<TestFolder>),
        pool: PgPool,
        world: World,
        clock: Clock,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let mut settings = Settings::defaults();
        let data_dir = folder.0.clone();
        settings.data_dir = Some(data_dir.clone());
        settings.password_memory_kib = 64;
        settings.run_jobs = false;
        settings.free_space_floor_mib = 1;
        // What follows a reminder is looked at without waiting; the tests of taking one back hold it.
        settings.reminder_hold_s = 0;
        change(&mut settings);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        settings.listen = listener.local_addr().expect("an address");
        let origin = format!("http://{}", settings.listen);
        let mut connection = pool.acquire().await.expect("a connection");
        let counties = minsheng_map::regions::store::list_counties(&mut connection).await.expect("counties");
        drop(connection);
        let chance = Chance::from_system();
        let serving = database::open_pool(database.options(), 8).await.expect("a pool");
        let platform = Platform::new(serving, clock, chance, Arc::new(settings), counties, world.county_id);
        let service = app::assemble(platform.clone()).await.expect("the service is put together");
        let patience = Duration::from_secs(platform.settings.client_patience_s.into());
        tokio::spawn(connections::serve(listener, service, patience, std::future::pending()));
        let visitor = Client::visitor(&origin);
        Self { platform, pool, world, origin, data_dir, database, folder, visitor }
    }

    /// A visitor of another router, served beside this one.
    pub async fn beside(&self, router: axum::Router) -> Client {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(connections::serve(listener, router, Duration::from_secs(20), std::future::pending()));
        Client::visitor(&origin)
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.platform.clock.now()
    }

    /// Moves the clock of the server, and of every server that shares it.
    pub fn set_clock(&self, text: &str) {
        self.platform.clock.set(instant(text));
    }

    /// Somebody without an account.
    pub fn visitor(&self) -> Client {
        self.visitor.clone()
    }

    /// The person with this login, signed in without a password check.
    pub async fn as_login(&self, login: &str) -> Client {
        let account_id = self.world.account(login);
        self.as_account(account_id).await
    }

    pub async fn as_account(&self, account_id: AccountId) -> Client {
        self.visitor().with_token(&self.begin_session(account_id).await)
    }

    /// A session's token of the person with this login; nothing for `visitor`.
    pub async fn token(&self, login: &str) -> Option<String> {
        if login == "visitor" { None } else { Some(self.begin_session(self.world.account(login)).await) }
    }

    async fn begin_session(&self, account_id: AccountId) -> String {
        let mut connection = self.pool.acquire().await.expect("a connection");
        let grants = store::list_grants(&mut connection, account_id).await.expect("grants");
        let token: String = self.platform.chance.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
        let hash = store::token_hash(&token).expect("a token");
        let new = store::NewSession {
            session_id: uuid::Uuid::new_v4(),
            token_hash: &hash,
            account_id,
            life: session_life(&grants),
            address: "127.0.0.1",
            user_agent: "test",
        };
        store::insert_session(&mut connection, &new, self.now()).await.expect("a session");
        token
    }
}
