//! Reading the changes of a site's stage.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{CountyId, SiteId};
use crate::sites::model::Stage;

/// One change of a site's stage, with its cause.
#[derive(Debug, Clone)]
pub struct StageChange {
    pub change_id: i64,
    pub at: DateTime<Utc>,
    pub from_stage: Stage,
    pub to_stage: Stage,
    pub percent: i16,
    pub cause: String,
    pub report_id: Option<Uuid>,
    pub reason: String,
    /// The reporting deputy, or the person of the committee.
    pub by: Option<String>,
}

/// Changes of a site's stage, newest first, those before `before` only.
pub async fn list_stage_changes(
    connection: &mut PgConnection,
    county_id: CountyId,
    site_id: SiteId,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<StageChange>, sqlx::Error> {
    sqlx::query_as!(
        StageChange,
        r#"select c.change_id, c.at, c.from_stage as "from_stage: Stage", c.to_stage as "to_stage: Stage", c.percent, c.cause,
                  c.report_id, c.reason, case when c.cause = 'report' then d.name else a.name end as by
           from stage_changes c
           left join accounts a on a.account_id = c.account_id
           left join reports r on r.county_id = c.county_id and r.report_id = c.report_id
           left join deputies d on d.county_id = r.county_id and d.deputy_id = r.deputy_id
           where c.county_id = $1 and c.site_id = $2 and ($3::bigint is null or c.change_id < $3)
           order by c.change_id desc
           limit $4"#,
        county_id.0,
        site_id.0,
        before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await
}
