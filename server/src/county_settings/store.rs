//! All SQL of the county's settings and of who changed them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::CountyFigures;
use crate::http::Text;
use crate::ids::{AccountId, CountyId};

/// Most changes shown.
const SHOWN: i64 = 60;

/// The figures and their rev. With `hold` nobody else changes them until the transaction ends.
pub async fn read(connection: &mut PgConnection, county_id: CountyId, hold: bool) -> Result<(CountyFigures, i64), sqlx::Error> {
    if hold {
        sqlx::query!("select 1 as one from counties where county_id = $1 for update", county_id.0).fetch_one(&mut *connection).await?;
    }
    let row = sqlx::query!(
        "select grace_days, offline_hours, stale_days, off_site_m, minimum_ranked, month_reminder_days, month_reminder_hour, order_prefix,
                order_reminder_days, key_supervision_days, special_inquiry_days, strike_off_persons, personal_export_rows, settings_rev
         from counties where county_id = $1",
        county_id.0
    )
    .fetch_one(connection)
    .await?;
    let figures = CountyFigures {
        grace_days: row.grace_days,
        offline_hours: row.offline_hours,
        stale_days: row.stale_days,
        off_site_m: row.off_site_m,
        minimum_ranked: row.minimum_ranked,
        month_reminder_days: row.month_reminder_days,
        month_reminder_hour: row.month_reminder_hour,
        order_prefix: Text::of(&row.order_prefix).ok_or_else(|| sqlx::Error::Decode("an order prefix that is too long".into()))?,
        order_reminder_days: row.order_reminder_days,
        key_supervision_days: row.key_supervision_days,
        special_inquiry_days: row.special_inquiry_days,
        strike_off_persons: row.strike_off_persons,
        personal_export_rows: row.personal_export_rows,
    };
    Ok((figures, row.settings_rev))
}

/// Puts `figures` in the place of those of rev `rev - 1`, which the caller holds.
pub async fn write(connection: &mut PgConnection, county_id: CountyId, figures: &CountyFigures, rev: i64) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update counties set grace_days = $3, offline_hours = $4, stale_days = $5, off_site_m = $6, minimum_ranked = $7, month_reminder_days = $8,
                month_reminder_hour = $9, order_prefix = $10, order_reminder_days = $11, key_supervision_days = $12, special_inquiry_days = $13,
                strike_off_persons = $14, personal_export_rows = $15, settings_rev = $2
         where county_id = $1 and settings_rev = $2::bigint - 1",
        county_id.0,
        rev,
        figures.grace_days,
        figures.offline_hours,
        figures.stale_days,
        figures.off_site_m,
        figures.minimum_ranked,
        figures.month_reminder_days,
        figures.month_reminder_hour,
        figures.order_prefix.as_str(),
        figures.order_reminder_days,
        figures.key_supervision_days,
        figures.special_inquiry_days,
        figures.strike_off_persons,
        figures.personal_export_rows
    )
    .execute(connection)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// One figure that changed.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    pub setting: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub reason: String,
    pub by: String,
    pub changed_at: DateTime<Utc>,
}

/// Puts on record what changed with `rev`.
pub async fn insert_changes(
    connection: &mut PgConnection,
    (county_id, rev): (CountyId, i64),
    changes: &[(&'static str, Option<String>, Option<String>)],
    (by, reason, at): (AccountId, &str, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    for (setting, before, after) in changes {
        sqlx::query!(
            "insert into county_setting_changes (county_id, rev, setting, before, after, reason, changed_by, changed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            county_id.0,
            rev,
            setting,
            before.as_deref(),
            after.as_deref(),
            reason,
            by.0,
            at
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The latest changes, the latest first.
pub async fn list_changes(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<ChangeRow>, sqlx::Error> {
    sqlx::query_as!(
        ChangeRow,
        r#"select setting, before, after, reason, a.name as by, changed_at
           from county_setting_changes join accounts a on a.account_id = changed_by
           where county_setting_changes.county_id = $1 order by rev desc, setting limit $2"#,
        county_id.0,
        SHOWN
    )
    .fetch_all(connection)
    .await
}
