//! All SQL of the county's settings and of who changed them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{CountyFigures, Loosening};
use crate::http::Text;
use crate::ids::{AccountId, CountyId};

/// Most changes shown on the page; a file has them all.
pub const SHOWN: i64 = 60;

/// The figures and their rev. With `hold` nobody else changes them until the transaction ends.
pub async fn read(connection: &mut PgConnection, county_id: CountyId, hold: bool) -> Result<(CountyFigures, i64), sqlx::Error> {
    if hold {
        sqlx::query!("select 1 as one from counties where county_id = $1 for update", county_id.0).fetch_one(&mut *connection).await?;
    }
    let row = sqlx::query!(
        "select grace_days, offline_hours, stale_days, off_site_m, minimum_ranked, month_reminder_days, month_reminder_hour, order_prefix,
                order_rise_hour, offer_reminder_days, offer_reminder_hour, order_reminder_days, key_supervision_days, special_inquiry_days,
                strike_off_persons, personal_export_rows, personal_export_hours, settings_rev
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
        order_rise_hour: row.order_rise_hour,
        offer_reminder_days: row.offer_reminder_days,
        offer_reminder_hour: row.offer_reminder_hour,
        order_reminder_days: row.order_reminder_days,
        key_supervision_days: row.key_supervision_days,
        special_inquiry_days: row.special_inquiry_days,
        strike_off_persons: row.strike_off_persons,
        personal_export_rows: row.personal_export_rows,
        personal_export_hours: row.personal_export_hours,
    };
    Ok((figures, row.settings_rev))
}

/// Puts `figures` in the place of those of rev `rev - 1`, which the caller holds.
pub async fn write(connection: &mut PgConnection, county_id: CountyId, figures: &CountyFigures, rev: i64) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update counties set grace_days = $3, offline_hours = $4, stale_days = $5, off_site_m = $6, minimum_ranked = $7, month_reminder_days = $8,
                month_reminder_hour = $9, order_prefix = $10, order_reminder_days = $11, key_supervision_days = $12, special_inquiry_days = $13,
                strike_off_persons = $14, personal_export_rows = $15, order_rise_hour = $16, offer_reminder_days = $17,
                offer_reminder_hour = $18, personal_export_hours = $19, settings_rev = $2
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
        figures.personal_export_rows,
        figures.order_rise_hour,
        figures.offer_reminder_days,
        figures.offer_reminder_hour,
        figures.personal_export_hours
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
    /// Who asked for it, where a second person confirmed.
    pub proposed_by: Option<String>,
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

/// The latest changes, the latest first; all of them without a number.
pub async fn list_changes(connection: &mut PgConnection, county_id: CountyId, most: Option<i64>) -> Result<Vec<ChangeRow>, sqlx::Error> {
    sqlx::query_as!(
        ChangeRow,
        r#"select c.setting, c.before, c.after, c.reason, a.name as by, proposer.name as "proposed_by?", changed_at
           from county_setting_changes c join accounts a on a.account_id = changed_by
           left join county_setting_proposals p on p.county_id = c.county_id and p.rev = c.rev and p.setting = c.setting
           left join accounts proposer on proposer.account_id = p.proposed_by
           where c.county_id = $1 order by c.rev desc, c.setting limit $2"#,
        county_id.0,
        most
    )
    .fetch_all(connection)
    .await
}

/// A loosening that waits for a second person.
#[derive(Debug, Clone)]
pub struct WaitingRow {
    pub proposal_id: i64,
    pub setting: String,
    pub before: i32,
    pub after: i32,
    pub reason: String,
    pub proposed_by: AccountId,
    pub proposer: String,
    pub proposed_at: DateTime<Utc>,
}

/// Notes a wish that waits for a second person. None when one about the setting is pending.
pub async fn insert_proposal(
    connection: &mut PgConnection,
    county_id: CountyId,
    Loosening { setting, before, after }: Loosening,
    (by, reason, at): (AccountId, &str, DateTime<Utc>),
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into county_setting_proposals (county_id, setting, before, after, reason, proposed_by, proposed_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (county_id, setting) where state = 'pending' do nothing returning proposal_id",
        county_id.0,
        setting,
        before,
        after,
        reason,
        by.0,
        at
    )
    .fetch_optional(connection)
    .await
}

/// What waits for a second person, the oldest first.
pub async fn list_waiting(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<WaitingRow>, sqlx::Error> {
    sqlx::query_as!(
        WaitingRow,
        r#"select proposal_id, setting, before, after, reason, proposed_by as "proposed_by: AccountId", a.name as proposer, proposed_at
           from county_setting_proposals p join accounts a on a.account_id = proposed_by
           where p.county_id = $1 and state = 'pending' order by proposal_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await
}

/// A wish, and whether it still waits. Whoever settles it holds the county's settings.
pub async fn find_proposal(connection: &mut PgConnection, county_id: CountyId, proposal_id: i64) -> Result<Option<(WaitingRow, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select setting, before, after, reason, proposed_by as "proposed_by: AccountId", a.name as proposer, proposed_at,
                  state = 'pending' as "pending!"
           from county_setting_proposals p join accounts a on a.account_id = proposed_by where p.county_id = $1 and proposal_id = $2"#,
        county_id.0,
        proposal_id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let waiting = WaitingRow {
            proposal_id,
            setting: row.setting,
            before: row.before,
            after: row.after,
            reason: row.reason,
            proposed_by: row.proposed_by,
            proposer: row.proposer,
            proposed_at: row.proposed_at,
        };
        (waiting, row.pending)
    }))
}

/// Settles a wish that waits. Breaks `county_setting_proposals_two_check` when its own author confirms it.
pub async fn settle_proposal(
    connection: &mut PgConnection,
    (county_id, proposal_id): (CountyId, i64),
    (state, words, rev): (&str, &str, Option<i64>),
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update county_setting_proposals set state = $3, settled_words = $4, rev = $5, settled_by = $6, settled_at = $7
         where county_id = $1 and proposal_id = $2 and state = 'pending'",
        county_id.0,
        proposal_id,
        state,
        words,
        rev,
        by.0,
        at
    )
    .execute(connection)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// The others who may confirm what one of the committee asked for.
pub async fn list_deciders(
    connection: &mut PgConnection,
    county_id: CountyId,
    county: &str,
    without: AccountId,
) -> Result<Vec<AccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct g.account_id as "account_id: AccountId" from grants g join accounts a on a.account_id = g.account_id
           where g.county_id = $1 and g.role = 'committee' and g.region_code = $2 and g.account_id <> $3 and a.disabled_at is null
           order by 1"#,
        county_id.0,
        county,
        without.0
    )
    .fetch_all(connection)
    .await
}
