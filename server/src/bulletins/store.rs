//! All SQL of the bulletins: the changes of stage that a month's snapshot took in.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::Change;
use crate::calendar::Month;
use crate::county::County;
use crate::ids::SiteId;
use crate::sites::Stage;

/// The changes of colour that lie between the snapshot of the month before and this month's, which was looked at from `seen_at`, oldest
/// first. What came within the days of grace for the month before is that month's; what came so for this month is this month's.
pub async fn list_changes(connection: &mut PgConnection, county: &County, month: Month, seen_at: DateTime<Utc>) -> Result<Vec<Change>, sqlx::Error> {
    let previous = month.previous();
    let rows = sqlx::query!(
        r#"select c.site_id, c.at, c.from_stage as "from_stage: Stage", c.to_stage as "to_stage: Stage", c.cause, c.reason,
                  case when c.cause = 'report' then d.name else a.name end as by
           from stage_changes c
           left join accounts a on a.account_id = c.account_id
           left join reports r on r.county_id = c.county_id and r.report_id = c.report_id
           left join deputies d on d.county_id = r.county_id and d.deputy_id = r.deputy_id
           where c.county_id = $1 and c.from_stage <> c.to_stage
             and ((c.at >= $2 and c.at < $3 and (c.at >= $4 or r.month is distinct from $5))
                  or (c.at >= $3 and c.at < $6 and r.month = $7))
           order by c.change_id"#,
        county.county_id.0,
        month.opens_at(county.zone),
        month.closes_at(county.zone),
        county.final_at(previous),
        previous.first_day(),
        seen_at,
        month.first_day()
    )
    .fetch_all(connection)
    .await?;
    let changes = rows.into_iter().map(|row| Change {
        site_id: SiteId(row.site_id),
        at: row.at,
        from_stage: row.from_stage,
        to_stage: row.to_stage,
        cause: row.cause,
        reason: row.reason,
        by: row.by,
    });
    Ok(changes.collect())
}
