//! A small county to act in, and a foreign one beside it.
//!
//! County 339901 is the square 120.0–120.4 E, 30.0–30.4 N. Its western half is township 339901001, its eastern half 339901002; each has
//! two sites of one project, a deputy who has adopted them, a working committee, a station with its keeper, and a grid cell. County
//! 339902 lies east of it with a township, a site, a deputy and a committee of its own.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use minsheng_map::ids::{AccountId, CountyId, DeputyId, GridCellId, ProjectId, SiteId, StationId, UnitId};
use sqlx::PgPool;

pub const PASSWORD: &str = "春江水暖鸭先知竹外桃花三两枝";

/// One site and where it stands.
#[derive(Debug, Clone)]
pub struct Site {
    pub site_id: SiteId,
    pub code: String,
    pub lon: f64,
    pub lat: f64,
}

/// The things of the small county by name.
#[derive(Debug, Clone)]
pub struct World {
    pub county_id: CountyId,
    pub foreign_county_id: CountyId,
    pub project_id: ProjectId,
    pub unit_id: UnitId,
    pub other_unit_id: UnitId,
    /// Two sites in the western township, adopted by `deputy`; the first also by `deputy2`.
    pub west: [Site; 2],
    /// Two sites in the eastern township, adopted by `deputy_east`.
    pub east: [Site; 2],
    pub foreign: Site,
    pub deputies: HashMap<&'static str, DeputyId>,
    pub station_west: StationId,
    pub station_east: StationId,
    pub grid_cell_west: GridCellId,
    accounts: HashMap<String, AccountId>,
}

pub const COUNTY: &str = "339901";
pub const WEST: &str = "339901001";
pub const EAST: &str = "339901002";
pub const FOREIGN_COUNTY: &str = "339902";
pub const FOREIGN_TOWNSHIP: &str = "339902001";

/// Whom a grant speaks for.
enum For {
    Nobody,
    Deputy(DeputyId),
    Unit(UnitId),
    Station(StationId),
}

impl World {
    /// The account of a login: `committee`, `working_committee` (west), `working_committee_east`, `unit`, `other_unit`, `keeper`, `admin`,
    /// `security`, `auditor`, `deputy`, `deputy2`, `deputy_east`, `foreign_committee`, `foreign_deputy`, `foreign_admin`, `foreign_security`,
    /// `foreign_auditor`.
    #[track_caller]
    pub fn account(&self, login: &str) -> AccountId {
        *self.accounts.get(login).unwrap_or_else(|| panic!("nobody is called {login}"))
    }

    /// Writes the small world into a migrated and empty database.
    pub async fn build(pool: &PgPool, now: DateTime<Utc>) -> Self {
        let build = Build { pool, now };
        let county_id = build.county(COUNTY, "试验县", (120.0, 30.0, 120.4, 30.4)).await;
        let foreign_county_id = build.county(FOREIGN_COUNTY, "邻县", (120.5, 30.0, 120.9, 30.4)).await;
        build.township(county_id, WEST, "西河镇", (120.0, 30.0, 120.2, 30.4)).await;
        build.township(county_id, EAST, "东山镇", (120.2, 30.0, 120.4, 30.4)).await;
        build.township(foreign_county_id, FOREIGN_TOWNSHIP, "邻县镇", (120.5, 30.0, 120.9, 30.4)).await;
        let unit_id = build.unit(county_id, "县教育局").await;
        let other_unit_id = build.unit(county_id, "县住建局").await;
        let foreign_unit = build.unit(foreign_county_id, "邻县教育局").await;
        let project_id = build.project(county_id, 1, "新改扩建公办幼儿园", unit_id).await;
        let foreign_project = build.project(foreign_county_id, 1, "邻县幼儿园", foreign_unit).await;
        let west = [
            build.site(county_id, (project_id, unit_id), "2026-01-001", "西河镇中心幼儿园", (WEST, 120.05, 30.1)).await,
            build.site(county_id, (project_id, unit_id), "2026-01-002", "西河镇第二幼儿园", (WEST, 120.15, 30.3)).await,
        ];
        let east = [
            build.site(county_id, (project_id, other_unit_id), "2026-01-003", "东山镇中心幼儿园", (EAST, 120.25, 30.1)).await,
            build.site(county_id, (project_id, other_unit_id), "2026-01-004", "东山镇第二幼儿园", (EAST, 120.35, 30.3)).await,
        ];
        let foreign =
            build.site(foreign_county_id, (foreign_project, foreign_unit), "2026-01-001", "邻县幼儿园", (FOREIGN_TOWNSHIP, 120.7, 30.2)).await;
        let mut world = Self {
            county_id,
            foreign_county_id,
            project_id,
            unit_id,
            other_unit_id,
            west,
            east,
            foreign,
            deputies: HashMap::new(),
            station_west: build.station(county_id, "ST-W", "西河镇代表联络站", WEST, (120.1, 30.2)).await,
            station_east: build.station(county_id, "ST-E", "东山镇代表联络站", EAST, (120.3, 30.2)).await,
            grid_cell_west: build.grid_cell(county_id, "339901001001-01", "西河一网格", WEST, (120.0, 30.0, 120.1, 30.2)).await,
            accounts: HashMap::new(),
        };
        build.people(&mut world).await;
        world
    }
}

struct Build<'a> {
    pool: &'a PgPool,
    now: DateTime<Utc>,
}

fn square((west, south, east, north): (f64, f64, f64, f64)) -> String {
    format!("SRID=4326;MULTIPOLYGON((({west} {south},{east} {south},{east} {north},{west} {north},{west} {south})))")
}

impl Build<'_> {
    async fn county(&self, code: &str, name: &str, square_of: (f64, f64, f64, f64)) -> CountyId {
        let mut connection = self.pool.acquire().await.expect("a connection");
        let county_id = minsheng_map::regions::store::insert_county(&mut connection, code, name, false, self.now).await.expect("a county");
        sqlx::query("update regions set boundary = $3::geometry where county_id = $1 and region_code = $2")
            .bind(county_id.0)
            .bind(code)
            .bind(square(square_of))
            .execute(&mut *connection)
            .await
            .expect("a boundary");
        county_id
    }

    async fn township(&self, county_id: CountyId, code: &str, name: &str, square_of: (f64, f64, f64, f64)) {
        sqlx::query("insert into regions (county_id, region_code, name, boundary) values ($1, $2, $3, $4::geometry)")
            .bind(county_id.0)
            .bind(code)
            .bind(name)
            .bind(square(square_of))
            .execute(self.pool)
            .await
            .expect("a township");
    }

    async fn unit(&self, county_id: CountyId, name: &str) -> UnitId {
        let query = sqlx::query_scalar("insert into units (county_id, name) values ($1, $2) returning unit_id");
        UnitId(query.bind(county_id.0).bind(name).fetch_one(self.pool).await.expect("a unit"))
    }

    async fn project(&self, county_id: CountyId, number: i16, title: &str, unit: UnitId) -> ProjectId {
        let query = sqlx::query_scalar(
            "insert into projects (county_id, year, number, title, lead_unit_id) values ($1, 2026, $2, $3, $4) returning project_id",
        );
        ProjectId(query.bind(county_id.0).bind(number).bind(title).bind(unit.0).fetch_one(self.pool).await.expect("a project"))
    }

    async fn site(
        &self,
        county_id: CountyId,
        (project, unit): (ProjectId, UnitId),
        code: &str,
        name: &str,
        (region, lon, lat): (&str, f64, f64),
    ) -> Site {
        let query = sqlx::query_scalar(
            "insert into sites (county_id, code, project_id, name, region_code, position, source_datum, source_position, unit_id, people_served,
                                planned_start_on, planned_finish_on, original_planned_start_on, original_planned_finish_on, stage_since, created_at)
             values ($1, $2, $3, $4, $5, st_setsrid(st_makepoint($6, $7), 4326), 'wgs84', $8, $9, 500, $10, $11, $10, $11, $12, $12) returning site_id",
        );
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
        let site_id = query
            .bind(county_id.0)
            .bind(code)
            .bind(project.0)
            .bind(name)
            .bind(region)
            .bind(lon)
            .bind(lat)
            .bind(format!("{lon},{lat}"))
            .bind(unit.0)
            .bind(day(3, 1))
            .bind(day(12, 20))
            .bind(self.now)
            .fetch_one(self.pool)
            .await
            .expect("a site");
        Site { site_id: SiteId(site_id), code: code.to_owned(), lon, lat }
    }

    async fn station(&self, county_id: CountyId, code: &str, name: &str, region: &str, (lon, lat): (f64, f64)) -> StationId {
        let query = sqlx::query_scalar(
            "insert into stations (county_id, code, name, kind, region_code, position)
             values ($1, $2, $3, 'station', $4, st_setsrid(st_makepoint($5, $6), 4326)) returning station_id",
        );
        let id = query.bind(county_id.0).bind(code).bind(name).bind(region).bind(lon).bind(lat).fetch_one(self.pool).await;
        StationId(id.expect("a station"))
    }

    async fn grid_cell(&self, county_id: CountyId, code: &str, name: &str, region: &str, square_of: (f64, f64, f64, f64)) -> GridCellId {
        let query = sqlx::query_scalar(
            "insert into grid_cells (county_id, code, name, region_code, boundary) values ($1, $2, $3, $4, $5::geometry) returning grid_cell_id",
        );
        let id = query.bind(county_id.0).bind(code).bind(name).bind(region).bind(square(square_of)).fetch_one(self.pool).await;
        GridCellId(id.expect("a grid cell"))
    }

    async fn deputy(&self, county_id: CountyId, name: &str, region: &str, phone: &str) -> DeputyId {
        let query = sqlx::query_scalar(
            "insert into deputies (county_id, name, level, region_code, personal_code, phone) values ($1, $2, 'county', $3, $4, $4) returning deputy_id",
        );
        DeputyId(query.bind(county_id.0).bind(name).bind(region).bind(phone).fetch_one(self.pool).await.expect("a deputy"))
    }

    async fn adopt(&self, county_id: CountyId, site: SiteId, deputy: DeputyId) {
        sqlx::query("insert into adoptions (county_id, site_id, deputy_id, adopted_on) values ($1, $2, $3, '2026-01-10')")
            .bind(county_id.0)
            .bind(site.0)
            .bind(deputy.0)
            .execute(self.pool)
            .await
            .expect("an adoption");
    }

    async fn account(&self, world: &mut World, county_id: CountyId, login: &str, role: &str, region: &str, speaks_for: For) {
        let hash = minsheng_map::accounts::passwords::hash(PASSWORD.to_owned(), 64).await.expect("a hash");
        let query = sqlx::query_scalar(
            "insert into accounts (county_id, login, name, password_hash, created_at) values ($1, $2, $2, $3, $4) returning account_id",
        );
        let account_id: i64 = query.bind(county_id.0).bind(login).bind(hash).bind(self.now).fetch_one(self.pool).await.expect("an account");
        let (deputy, unit, station) = match speaks_for {
            For::Nobody => (None, None, None),
            For::Deputy(id) => (Some(id.0), None, None),
            For::Unit(id) => (None, Some(id.0), None),
            For::Station(id) => (None, None, Some(id.0)),
        };
        sqlx::query(
            "insert into grants (county_id, account_id, role, region_code, deputy_id, unit_id, station_id) values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(county_id.0)
        .bind(account_id)
        .bind(role)
        .bind(region)
        .bind(deputy)
        .bind(unit)
        .bind(station)
        .execute(self.pool)
        .await
        .expect("a grant");
        world.accounts.insert(login.to_owned(), AccountId(account_id));
    }

    async fn people(&self, world: &mut World) {
        let (county, foreign) = (world.county_id, world.foreign_county_id);
        let deputy = self.deputy(county, "甲代表", WEST, "13900000001").await;
        let deputy2 = self.deputy(county, "乙代表", WEST, "13900000002").await;
        let deputy_east = self.deputy(county, "丙代表", EAST, "13900000003").await;
        let foreign_deputy = self.deputy(foreign, "丁代表", FOREIGN_TOWNSHIP, "13900000004").await;
        for site in world.west.clone() {
            self.adopt(county, site.site_id, deputy).await;
        }
        self.adopt(county, world.west[0].site_id, deputy2).await;
        for site in world.east.clone() {
            self.adopt(county, site.site_id, deputy_east).await;
        }
        self.adopt(foreign, world.foreign.site_id, foreign_deputy).await;
        world.deputies = HashMap::from([("deputy", deputy), ("deputy2", deputy2), ("deputy_east", deputy_east), ("foreign_deputy", foreign_deputy)]);
        let (unit, other_unit, station) = (world.unit_id, world.other_unit_id, world.station_west);
        let people = [
            (county, "committee", "committee", COUNTY, For::Nobody),
            (county, "working_committee", "working_committee", WEST, For::Nobody),
            (county, "working_committee_east", "working_committee", EAST, For::Nobody),
            (county, "unit", "unit_handler", COUNTY, For::Unit(unit)),
            (county, "other_unit", "unit_handler", COUNTY, For::Unit(other_unit)),
            (county, "keeper", "station_keeper", WEST, For::Station(station)),
            (county, "admin", "administrator", COUNTY, For::Nobody),
            (county, "security", "security_administrator", COUNTY, For::Nobody),
            (county, "auditor", "auditor", COUNTY, For::Nobody),
            (county, "deputy", "deputy", WEST, For::Deputy(deputy)),
            (county, "deputy2", "deputy", WEST, For::Deputy(deputy2)),
            (county, "deputy_east", "deputy", EAST, For::Deputy(deputy_east)),
            (foreign, "foreign_committee", "committee", FOREIGN_COUNTY, For::Nobody),
            (foreign, "foreign_deputy", "deputy", FOREIGN_TOWNSHIP, For::Deputy(foreign_deputy)),
            (foreign, "foreign_admin", "administrator", FOREIGN_COUNTY, For::Nobody),
            (foreign, "foreign_security", "security_administrator", FOREIGN_COUNTY, For::Nobody),
            (foreign, "foreign_auditor", "auditor", FOREIGN_COUNTY, For::Nobody),
        ];
        for (county_id, login, role, region, speaks_for) in people {
            self.account(world, county_id, login, role, region, speaks_for).await;
        }
    }
}
