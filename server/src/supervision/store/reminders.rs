//! Reminders on record: sent, and taken back before anybody found them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{AccountId, CountyId, DeputyId, SiteId};

/// Who sends, when, and under which number it can be taken back.
pub type Sent = (AccountId, DateTime<Utc>, Option<Uuid>);

/// Puts on record that these adopters were reminded.
pub async fn insert_adopter_reminders(
    connection: &mut PgConnection,
    county_id: CountyId,
    (sent_by, sent_at, sending_id): Sent,
    reminded: &[(SiteId, DeputyId)],
    words: &str,
) -> Result<(), sqlx::Error> {
    let sites: Vec<i64> = reminded.iter().map(|(site, _)| site.0).collect();
    let deputies: Vec<i64> = reminded.iter().map(|(_, deputy)| deputy.0).collect();
    sqlx::query!(
        "insert into reminders (county_id, site_id, deputy_id, sent_by, sent_at, words, sending_id)
         select $1, site_id, deputy_id, $4, $5, $6, $7 from unnest($2::bigint[], $3::bigint[]) as reminded (site_id, deputy_id)",
        county_id.0,
        &sites,
        &deputies,
        sent_by.0,
        sent_at,
        words,
        sending_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts on record that the units of these sites were reminded.
pub async fn insert_unit_reminders(
    connection: &mut PgConnection,
    county_id: CountyId,
    (sent_by, sent_at, sending_id): Sent,
    sites: &[SiteId],
    words: &str,
) -> Result<(), sqlx::Error> {
    let sites: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query!(
        "insert into reminders (county_id, site_id, unit_id, sent_by, sent_at, words, sending_id)
         select $1, site_id, unit_id, $3, $4, $5, $6 from sites where county_id = $1 and site_id = any($2)",
        county_id.0,
        &sites,
        sent_by.0,
        sent_at,
        words,
        sending_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What was sent with one press.
#[derive(Debug)]
pub struct Held {
    pub sent_by: AccountId,
    /// When its people find it.
    pub until: DateTime<Utc>,
    /// Those of which nothing was taken back, in order of their number.
    pub sites: Vec<SiteId>,
}

/// What was sent under this number, held until the transaction ends.
pub async fn hold_sending(connection: &mut PgConnection, county_id: CountyId, sending_id: Uuid, hold_s: u32) -> Result<Option<Held>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select site_id as "site_id: SiteId", sent_by as "sent_by: AccountId", sent_at, taken_back_at
           from reminders where county_id = $1 and sending_id = $2 order by reminder_id for update"#,
        county_id.0,
        sending_id
    )
    .fetch_all(&mut *connection)
    .await?;
    // The notices know until when they are held; where nobody has an account there are none, and the setting tells.
    let until = sqlx::query_scalar!("select max(visible_from) from notices where county_id = $1 and sending_id = $2", county_id.0, sending_id)
        .fetch_one(connection)
        .await?;
    let Some((sent_by, first)) = rows.first().and_then(|row| Some((row.sent_by?, row))) else { return Ok(None) };
    let mut sites: Vec<SiteId> = rows.iter().filter(|row| row.taken_back_at.is_none()).map(|row| row.site_id).collect();
    sites.sort_unstable();
    sites.dedup();
    let until = until.unwrap_or(first.sent_at + chrono::TimeDelta::seconds(hold_s.into()));
    Ok(Some(Held { sent_by, until, sites }))
}

/// Takes back what was sent with one press about these sites.
pub async fn take_back_reminders(
    connection: &mut PgConnection,
    (county_id, sending_id): (CountyId, Uuid),
    sites: &[SiteId],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let sites: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query!(
        "update reminders set taken_back_at = $3 where county_id = $1 and sending_id = $2 and site_id = any($4) and taken_back_at is null",
        county_id.0,
        sending_id,
        at,
        &sites
    )
    .execute(connection)
    .await?;
    Ok(())
}
