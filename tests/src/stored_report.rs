//! Reports put straight into the database, with any history a test wants to tell; the route that takes reports in is tested elsewhere.

use chrono::{DateTime, NaiveDate, Utc};
use minsheng_map::calendar::Month;
use minsheng_map::ids::{DeputyId, SiteId};
use sqlx::PgPool;
use uuid::Uuid;

use crate::world::World;

/// A report as the database keeps it.
#[derive(Debug, Clone)]
pub struct StoredReport {
    pub report_id: Uuid,
    pub site_id: SiteId,
    pub deputy_id: DeputyId,
    /// First day of the month it counts for.
    pub month: NaiveDate,
    pub stage: &'static str,
    pub percent: i16,
    pub received_at: DateTime<Utc>,
    pub late: bool,
    pub version: i16,
    pub off_site_m: Option<i32>,
    pub reused_photo: bool,
    pub step_back: bool,
    pub returned_at: Option<DateTime<Utc>>,
    /// Replaced by its author.
    pub amended: bool,
}

impl StoredReport {
    /// A standing report, on time and without a flaw, for the month in which it was received.
    pub fn new(site_id: SiteId, deputy_id: DeputyId, received_at: DateTime<Utc>, stage: &'static str) -> Self {
        let month = Month::at(received_at, chrono_tz::Tz::Asia__Shanghai).first_day();
        let percent = match stage {
            "not_started" => 0,
            "completed" => 100,
            _ => 50,
        };
        Self {
            report_id: Uuid::new_v4(),
            site_id,
            deputy_id,
            month,
            stage,
            percent,
            received_at,
            late: false,
            version: 1,
            off_site_m: None,
            reused_photo: false,
            step_back: false,
            returned_at: None,
            amended: false,
        }
    }

    fn state(&self) -> &'static str {
        match (self.returned_at, self.amended) {
            (Some(_), _) => "returned",
            (None, true) => "amended",
            (None, false) => "standing",
        }
    }

    /// Stores the report alone; the site's row stays as it is.
    pub async fn store(&self, pool: &PgPool, world: &World) {
        sqlx::query(
            "insert into reports (county_id, report_id, body_hash, site_id, deputy_id, account_id, month, stage, percent, words, written_at,
                                  received_at, counted_at, late, distance_m, off_site, reused_photo, step_back, state, version, returned_at,
                                  returned_by, return_reason)
             values ($1, $2, sha256('x'), $3, $4, $5, $6, $7, $8, '查看了现场', $9, $9, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        )
        .bind(world.county_id.0)
        .bind(self.report_id)
        .bind(self.site_id.0)
        .bind(self.deputy_id.0)
        .bind(world.account("deputy").0)
        .bind(self.month)
        .bind(self.stage)
        .bind(self.percent)
        .bind(self.received_at)
        .bind(self.late)
        .bind(self.off_site_m)
        .bind(self.off_site_m.is_some())
        .bind(self.reused_photo)
        .bind(self.step_back)
        .bind(self.state())
        .bind(self.version)
        .bind(self.returned_at)
        .bind(self.returned_at.map(|_| world.account("committee").0))
        .bind(self.returned_at.map(|_| "与现场不符"))
        .execute(pool)
        .await
        .expect("a report is stored");
    }

    /// Stores the report and gives the site its stage, as an accepted report does.
    pub async fn take_effect(&self, pool: &PgPool, world: &World) {
        self.store(pool, world).await;
        let mut tx = pool.begin().await.expect("a transaction");
        sqlx::query(
            "insert into stage_changes (county_id, site_id, at, from_stage, to_stage, percent, cause, report_id)
             select county_id, site_id, $3, stage, $4, $5, 'report', $6 from sites where county_id = $1 and site_id = $2",
        )
        .bind(world.county_id.0)
        .bind(self.site_id.0)
        .bind(self.received_at)
        .bind(self.stage)
        .bind(self.percent)
        .bind(self.report_id)
        .execute(&mut *tx)
        .await
        .expect("a change of stage");
        sqlx::query("update sites set stage = $3, percent = $4, last_report_at = $5, rev = rev + 1 where county_id = $1 and site_id = $2")
            .bind(world.county_id.0)
            .bind(self.site_id.0)
            .bind(self.stage)
            .bind(self.percent)
            .bind(self.received_at)
            .execute(&mut *tx)
            .await
            .expect("the site's row");
        tx.commit().await.expect("committed");
    }
}
