//! The server killed at random moments while reports and pictures come in: what was acknowledged is there once, nothing is there twice,
//! and no picture is a row without a file.
#![allow(clippy::disallowed_methods, reason = "a test makes its own ids and measures real time")]

mod kept_notices;
mod ledger;
mod month_ends;
mod moved_clock;
mod phone;
mod victim;
mod write_order;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use harness::{Client, World};
use minsheng_map::accounts::store;
use minsheng_map::county::County;
use minsheng_map::database::cluster::{Cluster, Durability, SERVING_ROLE};
use minsheng_map::database::roles::grant_serving;
use minsheng_map::database::{migrate, open_pool};
use minsheng_map::ids::{AccountId, Chance};
use minsheng_map::live_map::check_stages;
use minsheng_map::photos::files::Size;
use minsheng_map::photos::{PhotoHash, PhotoStore};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::PgPool;
use uuid::Uuid;

use crate::ledger::Ledger;
use crate::phone::Phone;
use crate::victim::Victim;

const KILLS: u32 = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_kills_during_submission_lose_nothing_and_double_nothing() {
    let ground = Ground::prepare().await;
    let (pool, world) = (&ground.pool, &ground.world);
    let mut victim = Victim::start(ground.cluster.url(), ground.data()).await;

    let ledger = Arc::new(Ledger::default());
    let mut phones = Vec::new();
    for (seed, login) in ["deputy", "deputy", "deputy2", "deputy_east", "deputy_east"].into_iter().enumerate() {
        let sites = if login == "deputy_east" { world.east.to_vec() } else { world.west[..1].to_vec() };
        let client = signed_in(pool, world.account(login), victim.origin()).await;
        phones.push(tokio::spawn(Phone::new(client, sites, seed as u64, ledger.clone()).report_until_told()));
    }
    let mut chance = StdRng::seed_from_u64(30);
    for round in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(chance.random_range(50..900))).await;
        if round % 5 == 4 {
            cut_database_sessions(pool).await;
            tokio::time::sleep(Duration::from_millis(chance.random_range(50..300))).await;
        }
        victim.kill_and_restart().await;
    }
    // From here on the server stays up: every phone empties its queue and asks for each receipt once more.
    ledger.tell_to_stop();
    for phone in phones {
        phone.await.expect("a phone reaches the end of its queue");
    }
    check_reports(pool, &ledger).await;
    check_photos(pool, &ledger, &ground.data()).await;
    assert_eq!(check_stages(pool, world.county_id).await.expect("a check"), [], "every colour follows from what stands");

    victim.stop();
    ground.remove().await;
}

/// A database that syncs, with the small world in it, and a folder for both.
struct Ground {
    folder: PathBuf,
    cluster: Cluster,
    pool: PgPool,
    world: World,
}

impl Ground {
    async fn prepare() -> Self {
        Self::prepare_at(chrono::Utc::now()).await
    }

    /// The same with a world that was made at `now`.
    async fn prepare_at(now: DateTime<Utc>) -> Self {
        let folder = std::env::temp_dir().join(format!("minsheng-faults-{}", Uuid::new_v4().simple()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let cluster = Cluster::start(&folder.join("database"), None, Durability::Full).await.expect("a database that syncs");
        migrate(&cluster.owner_options()).await.expect("the migrations run");
        grant_serving(&cluster.owner_options(), SERVING_ROLE).await.expect("the serving role has its rights");
        let pool = open_pool(cluster.owner_options(), 4).await.expect("a pool");
        let world = World::build(&pool, now).await;
        Self { folder, cluster, pool, world }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    async fn remove(mut self) {
        self.pool.close().await;
        self.cluster.stop();
        std::fs::remove_dir_all(self.folder).expect("removed");
    }
}

async fn signed_in(pool: &PgPool, account_id: AccountId, origin: &str) -> Client {
    signed_in_at(pool, account_id, origin, chrono::Utc::now()).await
}

async fn signed_in_at(pool: &PgPool, account_id: AccountId, origin: &str, now: DateTime<Utc>) -> Client {
    let mut connection = pool.acquire().await.expect("a connection");
    let token: String = Chance::from_system().bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = store::token_hash(&token).expect("a token");
    let grants = store::list_grants(&mut connection, account_id).await.expect("grants");
    let life = minsheng_map::accounts::model::session_life(&grants);
    let session = store::NewSession { session_id: Uuid::new_v4(), token_hash: &hash, account_id, life, address: "", user_agent: "test" };
    store::insert_session(&mut connection, &session, now).await.expect("a session");
    Client::visitor(origin).with_token(&token)
}

/// Ends every session that the server has with the database, in the middle of whatever it does.
async fn cut_database_sessions(pool: &PgPool) {
    let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity
               where datname = current_database() and application_name = 'minsheng-map' and pid <> all ($1)";
    // The test's own pool calls itself the same; its idle sessions may go, the one that asks may not.
    let mut connection = pool.acquire().await.expect("a connection");
    let own: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *connection).await.expect("a number");
    let _: i64 = sqlx::query_scalar(cut).bind(vec![own]).fetch_one(&mut *connection).await.expect("cut");
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.expect("a number")
}

async fn check_reports(pool: &PgPool, ledger: &Ledger) {
    let rows: Vec<(Uuid, String)> = sqlx::query_as("select report_id, words from reports").fetch_all(pool).await.expect("reports");
    for (id, words) in &rows {
        assert!(ledger.has(*id), "a report that nobody sent: {id}");
        assert_eq!(words, &id.to_string(), "a report with another one's content");
    }
    let acknowledged = ledger.acknowledged();
    assert!(acknowledged.len() > 100, "only {} reports were acknowledged: too few to prove anything", acknowledged.len());
    for id in &acknowledged {
        assert_eq!(rows.iter().filter(|(row, _)| row == id).count(), 1, "an acknowledged report that is not there once: {id}");
    }
    assert_eq!(number(pool, "select count(*) from audit_log where action = 'report.accept'").await, rows.len() as i64, "one line of audit each");
    let doubled = "select count(*) from (select from reports group by site_id, deputy_id, month, version having count(*) > 1) as doubled";
    assert_eq!(number(pool, doubled).await, 0, "no version twice");
    let gaps = "select count(*) from (select from reports group by site_id, deputy_id, month having max(version) <> count(*)) as gaps";
    assert_eq!(number(pool, gaps).await, 0, "no version left out");
}

async fn check_photos(pool: &PgPool, ledger: &Ledger, data: &Path) {
    let store = PhotoStore::in_data_folder(data);
    let county: County = {
        let mut connection = pool.acquire().await.expect("a connection");
        minsheng_map::regions::store::list_counties(&mut connection).await.expect("counties").remove(0)
    };
    let rows: Vec<(Vec<u8>,)> = sqlx::query_as("select sha256 from photos").fetch_all(pool).await.expect("photos");
    for (hash,) in rows {
        let hash = PhotoHash::from_bytes(&hash).expect("a name");
        for size in [Size::Full, Size::Thumbnail] {
            let bytes = store.read(&county.code, hash, size).expect("readable").unwrap_or_else(|| panic!("a row without its file: {hash}"));
            assert!(bytes.starts_with(&[0xff, 0xd8]) && bytes.ends_with(&[0xff, 0xd9]), "half a picture: {hash}");
        }
    }
    for hash in ledger.acknowledged_photos() {
        let known: bool = sqlx::query_scalar("select exists (select from photos where encode(sha256, 'hex') = $1)")
            .bind(&hash)
            .fetch_one(pool)
            .await
            .expect("an answer");
        assert!(known, "an acknowledged picture that is not there: {hash}");
    }
    let missing = "select count(*) from report_photos p join reports r using (county_id, report_id)
                   where r.report_id = any($1) and not exists (select from photos where photos.sha256 = p.sha256)";
    let missing: i64 = sqlx::query_scalar(missing).bind(ledger.acknowledged()).fetch_one(pool).await.expect("a number");
    assert_eq!(missing, 0, "pictures that are still missing after every phone sent them again");
}
