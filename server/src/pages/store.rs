//! All SQL of the pages: what the county's feed tells. Everything else that pages show is in memory.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::CameBy;
use crate::ids::CountyId;
use crate::sites::Stage;

/// A report that stands or was sent back, and the change of stage that it made.
#[derive(Debug, Clone)]
pub struct Report {
    pub report_id: Uuid,
    pub site_code: String,
    pub site_name: String,
    pub deputy: String,
    /// How the words came to the staff who entered them.
    pub came_by: Option<CameBy>,
    pub month: NaiveDate,
    pub stage: Stage,
    pub percent: i16,
    pub words: String,
    pub received_at: DateTime<Utc>,
    pub late: bool,
    pub returned_at: Option<DateTime<Utc>>,
    pub return_reason: Option<String>,
    pub from_stage: Option<Stage>,
}

/// The reports received last, the latest first. What its author replaced is told by what replaced it.
pub async fn list_reports(connection: &mut PgConnection, county_id: CountyId, limit: i64) -> Result<Vec<Report>, sqlx::Error> {
    sqlx::query_as!(
        Report,
        r#"select r.report_id, s.code as site_code, s.name as site_name, d.name as deputy, r.came_by as "came_by: CameBy", r.month, r.stage as "stage: Stage", r.percent, r.words,
                  r.received_at, r.late, r.returned_at, r.return_reason, change.from_stage as "from_stage?: Stage"
           from reports r
           join sites s using (county_id, site_id)
           join deputies d using (county_id, deputy_id)
           left join lateral (select c.from_stage from stage_changes c
                              where c.county_id = r.county_id and c.site_id = r.site_id and c.report_id = r.report_id and c.cause = 'report'
                                and c.from_stage <> c.to_stage
                              order by c.change_id limit 1) as change on true
           where county_id = $1 and r.state <> 'amended' and s.withdrawn_at is null
           order by r.received_at desc
           limit $2"#,
        county_id.0,
        limit
    )
    .fetch_all(connection)
    .await
}

/// A change of stage that no report made.
#[derive(Debug, Clone)]
pub struct Change {
    pub change_id: i64,
    pub site_code: String,
    pub site_name: String,
    pub at: DateTime<Utc>,
    pub from_stage: Stage,
    pub to_stage: Stage,
    /// `return` or `correction`.
    pub cause: String,
    pub reason: String,
}

/// The last changes that a returned report or the committee's correction made, the latest first.
pub async fn list_changes(connection: &mut PgConnection, county_id: CountyId, limit: i64) -> Result<Vec<Change>, sqlx::Error> {
    sqlx::query_as!(
        Change,
        r#"select c.change_id, s.code as site_code, s.name as site_name, c.at, c.from_stage as "from_stage: Stage", c.to_stage as "to_stage: Stage",
                  c.cause, c.reason
           from stage_changes c
           join sites s using (county_id, site_id)
           where county_id = $1 and c.cause <> 'report' and s.withdrawn_at is null
           order by c.change_id desc
           limit $2"#,
        county_id.0,
        limit
    )
    .fetch_all(connection)
    .await
}
