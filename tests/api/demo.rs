//! The demo county as it lies in the database: whole, valid, and in agreement with its own history.

use chrono::{DateTime, Utc};
use harness::{TestDatabase, instant};
use minsheng_map::demo;
use minsheng_map::photos::{PhotoHash, PhotoStore};
use sqlx::{AssertSqlSafe, PgPool};

struct Demo {
    pool: PgPool,
    photos: PhotoStore,
    folder: std::path::PathBuf,
    _database: TestDatabase,
}

impl Demo {
    async fn load_at(now: DateTime<Utc>) -> Self {
        let database = TestDatabase::create().await;
        let pool = minsheng_map::database::open_pool(database.options(), 2).await.expect("a pool");
        let folder = std::env::temp_dir().join(format!("demo-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let photos = PhotoStore::in_data_folder(&folder);
        let accounts = demo::load(&pool, &photos, now, "no hash").await.expect("the demo loads");
        let mut logins: Vec<_> = accounts.iter().map(|account| account.login).collect();
        logins.sort_unstable();
        assert_eq!(logins, ["admin", "auditor", "committee", "deputy", "deputy2", "keeper", "security", "unit", "working-committee"]);
        Self { pool, photos, folder, _database: database }
    }

    async fn count(&self, query: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {query}"))).fetch_one(&self.pool).await.expect(query)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn the_demo_county_is_whole_and_agrees_with_its_own_history() {
    let demo = Demo::load_at(instant("2026-11-22T15:20:00+08:00")).await;
    let sizes = [
        ("regions where length(region_code) = 9", 13),
        ("grid_cells", 148),
        ("stations", 50),
        ("projects", 10),
        ("sites", 208),
        ("deputy_groups", 36),
        ("deputies", 300),
        ("counties where is_demo", 1),
        ("portraits", 267),
        ("reporting_months where finalized_at is not null", 10),
        ("month_sites", 2080),
        ("supervision_orders", 8),
        ("challenges", 8),
        ("challenges where state = 'submitted'", 3),
        ("challenge_photos where arrived_at is not null", 8),
        ("supervision_orders where state = 'answered'", 1),
        ("supervision_orders where state = 'accepted'", 1),
        ("supervision_orders where state = 'sent_back'", 1),
        ("supervision_orders where level = 'special_inquiry'", 1),
        ("supervision_orders where followed_by is not null", 1),
        ("order_photos", 3),
    ];
    for (query, expected) in sizes {
        assert_eq!(demo.count(query).await, expected, "{query}");
    }
    let nothing_like = [
        // PostGIS is the authority for every drawn shape.
        "waters where not st_isvalid(shape)",
        "sites join regions using (county_id, region_code) where not st_contains(boundary, position)",
        "stations join regions using (county_id, region_code) where not st_contains(boundary, position)",
        "grid_cells join regions using (county_id, region_code) where st_area(st_difference(grid_cells.boundary, regions.boundary)) > 1e-9",
        "sites where stage is distinct from coalesce((select to_stage from stage_changes where site_id = sites.site_id order by change_id desc limit 1), 'not_started')",
        "sites where not exists (select from adoptions where site_id = sites.site_id)",
        "sites where struck_off_on is not null and stage <> 'completed'",
        "reports where state = 'standing' and stage = 'completed' and percent <> 100",
        "report_photos left join photos using (county_id, sha256) where photos.sha256 is null",
        "photos left join report_photos using (county_id, sha256) left join challenge_photos using (county_id, sha256)
         where report_photos.sha256 is null and challenge_photos.sha256 is null",
        "plan_changes join sites using (county_id, site_id) where original_planned_finish_on is distinct from finish_before",
        "month_sites where on_time > received or received > owed",
    ];
    for query in nothing_like {
        assert_eq!(demo.count(query).await, 0, "{query}");
    }
    assert_eq!(demo.count("sites where stage = 'not_started' and planned_start_on < '2026-11-22'").await, 9);
    assert!(demo.count("reports").await > 1_500);
    assert!(demo.count("plan_changes").await >= 10);
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar("select sha256 from photos").fetch_all(&demo.pool).await.expect("pictures");
    for bytes in hashes {
        let hash = PhotoHash(bytes.try_into().expect("32 bytes"));
        assert!(demo.photos.has("339901", hash), "{hash} is not in the store");
    }
    assert!(demo::load(&demo.pool, &demo.photos, instant("2026-11-22T15:20:00+08:00"), "no hash").await.is_err());
}

#[tokio::test]
async fn a_month_within_its_days_of_grace_stays_provisional() {
    let demo = Demo::load_at(instant("2026-03-03T08:00:00+08:00")).await;
    assert_eq!(demo.count("reporting_months where finalized_at is not null").await, 1);
    assert_eq!(demo.count("reporting_months where finalized_at is null").await, 1);
    assert_eq!(demo.count("reports where received_at > '2026-03-03T08:00:00+08:00'").await, 0);
}
