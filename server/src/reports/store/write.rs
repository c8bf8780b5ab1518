//! Writing a report: the row, the pictures it announces, and the version it takes the place of.

use chrono::{DateTime, Utc};
use geodata::LonLat;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::database::one_row;
use crate::ids::{AccountId, CountyId, DeputyId, SiteId};
use crate::photos::PhotoHash;
use crate::reports::body::ReportBody;
use crate::reports::model::{Counting, Version};
use crate::sites::Stage;

/// A report as its receipt shows it, and what tells a repetition from another report.
#[derive(Debug, Clone)]
pub struct SentReport {
    pub report_id: Uuid,
    pub deputy_id: DeputyId,
    pub body_hash: Vec<u8>,
    pub received_at: DateTime<Utc>,
    pub month: Month,
    pub stage: Stage,
    pub late: bool,
    pub version: i16,
    pub off_site: bool,
    pub distance_m: Option<i32>,
    pub clock_doubted: bool,
    pub step_back: bool,
    pub came_by: Option<CameBy>,
    /// Pictures that were not there yet when the report was accepted.
    pub missing_photos: Vec<PhotoHash>,
}

/// The report that was sent under this id, if one was.
pub async fn find_sent(connection: &mut PgConnection, county_id: CountyId, report_id: Uuid) -> Result<Option<SentReport>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select deputy_id, body_hash, received_at, month, stage as "stage: Stage", late, version, off_site, distance_m, clock_doubted, step_back,
                  came_by as "came_by: CameBy",
                  array(select sha256 from report_photos p
                        where p.county_id = r.county_id and p.report_id = r.report_id and missing_at_receipt order by place) as "missing!"
           from reports r where county_id = $1 and report_id = $2"#,
        county_id.0,
        report_id
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| SentReport {
        report_id,
        deputy_id: DeputyId(row.deputy_id),
        body_hash: row.body_hash,
        received_at: row.received_at,
        month: Month::of(row.month),
        stage: row.stage,
        late: row.late,
        version: row.version,
        off_site: row.off_site,
        distance_m: row.distance_m,
        clock_doubted: row.clock_doubted,
        step_back: row.step_back,
        came_by: row.came_by,
        missing_photos: row.missing.iter().filter_map(|bytes| PhotoHash::from_bytes(bytes)).collect(),
    }))
}

/// Where a site is; none when it is not shown.
pub async fn find_position(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<LonLat>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select st_x(position) as "lon!", st_y(position) as "lat!" from sites where county_id = $1 and site_id = $2 and withdrawn_at is null"#,
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| LonLat::new(row.lon, row.lat).map_err(|fault| sqlx::Error::Decode(fault.into()))).transpose()
}

/// Whether the deputy has adopted the site: now, on the day the report is from, or at the end of the month it counts for. What was written
/// before handing over still counts, and whoever owed a month may make it up after handing over.
pub async fn has_adopted(
    connection: &mut PgConnection,
    county_id: CountyId,
    (site_id, deputy_id): (SiteId, DeputyId),
    (written_on, last_day): (chrono::NaiveDate, chrono::NaiveDate),
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from adoptions where county_id = $1 and site_id = $2 and deputy_id = $3
                          and (ended_on is null or (adopted_on <= $4 and $4 <= ended_on) or (adopted_on <= $5 and $5 < ended_on))) as "adopted!""#,
        county_id.0,
        site_id.0,
        deputy_id.0,
        written_on,
        last_day
    )
    .fetch_one(connection)
    .await
}

/// Whether the deputy owed a report on the site for the month that ended on `last_day` and closed at `closed_at`.
pub async fn has_owed(
    connection: &mut PgConnection,
    county_id: CountyId,
    (site_id, deputy_id): (SiteId, DeputyId),
    (last_day, closed_at): (chrono::NaiveDate, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from adoptions join sites using (county_id, site_id)
                          where county_id = $1 and site_id = $2 and deputy_id = $3 and adopted_on <= $4
                            and (ended_on is null or ended_on > $4) and created_at < $5) as "owed!""#,
        county_id.0,
        site_id.0,
        deputy_id.0,
        last_day,
        closed_at
    )
    .fetch_one(connection)
    .await
}

/// The version that stands for this deputy, site and month, and how many versions there have been.
pub async fn find_versions(
    connection: &mut PgConnection,
    county_id: CountyId,
    (site_id, deputy_id): (SiteId, DeputyId),
    month: Month,
) -> Result<(Option<Version>, i16), sqlx::Error> {
    let rows = sqlx::query!(
        r#"select report_id, counted_at, late, version, state = 'standing' as "standing!"
           from reports where county_id = $1 and site_id = $2 and deputy_id = $3 and month = $4"#,
        county_id.0,
        site_id.0,
        deputy_id.0,
        month.first_day()
    )
    .fetch_all(connection)
    .await?;
    let latest = rows.iter().map(|row| row.version).max().unwrap_or(0);
    let standing = rows.iter().find(|row| row.standing);
    Ok((standing.map(|row| Version { report_id: row.report_id, counted_at: row.counted_at, late: row.late }), latest))
}

/// A later version takes its place. False when it no longer stood.
pub async fn set_amended(connection: &mut PgConnection, county_id: CountyId, report_id: Uuid) -> Result<bool, sqlx::Error> {
    let updated =
        sqlx::query!("update reports set state = 'amended' where county_id = $1 and report_id = $2 and state = 'standing'", county_id.0, report_id)
            .execute(connection)
            .await?;
    Ok(updated.rows_affected() == 1)
}

/// A report about to be accepted, with everything that was found out about it.
#[derive(Debug)]
pub struct NewReport<'a> {
    pub county_id: CountyId,
    pub report_id: Uuid,
    pub body: &'a ReportBody,
    pub body_hash: [u8; 32],
    pub deputy_id: DeputyId,
    pub account_id: AccountId,
    /// How the words came, when the account is not the deputy's.
    pub came_by: Option<CameBy>,
    pub counting: Counting,
    pub received_at: DateTime<Utc>,
    /// Seconds by which the phone's clock was ahead of the server's when it sent.
    pub phone_ahead_s: Option<i64>,
    /// Metres between phone and site, and whether that is too far.
    pub distance_m: Option<i32>,
    pub off_site: bool,
    pub step_back: bool,
    pub version: i16,
    /// False when a version written later is there already.
    pub stands: bool,
}

/// Writes the report. Breaks `reports_pkey` when the id was used for another site at the same moment.
pub async fn insert_report(connection: &mut PgConnection, new: &NewReport<'_>) -> Result<(), sqlx::Error> {
    let problems: Vec<String> = new.body.problems.iter().map(|problem| problem.as_str().to_owned()).collect();
    let place = new.body.position;
    sqlx::query!(
        "insert into reports (county_id, report_id, body_hash, site_id, deputy_id, account_id, month, stage, percent, words, problems,
             step_back_reason, written_at, received_at, counted_at, clock_doubted, late, position, accuracy_m, distance_m, off_site,
             step_back, version, state, came_by, phone_ahead_s)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
             case when $18::float8 is null then null else st_setsrid(st_makepoint($18, $19::float8), 4326) end,
             $20, $21, $22, $23, $24, case when $25 then 'standing' else 'amended' end, $26, $27)",
        new.county_id.0,
        new.report_id,
        &new.body_hash[..],
        new.body.site_id.0,
        new.deputy_id.0,
        new.account_id.0,
        new.counting.month.first_day(),
        new.body.stage.as_str(),
        i16::from(new.body.percent),
        new.body.words.as_str(),
        &problems,
        new.body.reason().filter(|_| new.step_back),
        new.body.written_at,
        new.received_at,
        new.counting.counted_at,
        new.counting.clock_doubted,
        new.counting.late,
        place.map(|place| place.position.lon()),
        place.map(|place| place.position.lat()),
        place.and_then(|place| place.accuracy_m),
        new.distance_m,
        new.off_site,
        new.step_back,
        new.version,
        new.stands,
        new.came_by.map(CameBy::as_str),
        new.phone_ahead_s
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes which pictures the report announces, in their order, and which of them had not arrived.
pub async fn insert_photos(
    connection: &mut PgConnection,
    (county_id, report_id): (CountyId, Uuid),
    photos: &[PhotoHash],
    missing: &[PhotoHash],
) -> Result<(), sqlx::Error> {
    let stored: Vec<Vec<u8>> = photos.iter().map(|hash| hash.0.to_vec()).collect();
    let missing: Vec<Vec<u8>> = missing.iter().map(|hash| hash.0.to_vec()).collect();
    sqlx::query!(
        "insert into report_photos (county_id, report_id, place, sha256, missing_at_receipt)
         select $1, $2, place::smallint, sha256, sha256 = any($4::bytea[]) from unnest($3::bytea[]) with ordinality as announced (sha256, place)",
        county_id.0,
        report_id,
        &stored,
        &missing
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A report that was entered for a deputy.
#[derive(Debug, Clone, Copy)]
pub struct EnteredFor {
    pub deputy_id: DeputyId,
    /// Who entered it.
    pub account_id: AccountId,
}

/// Who entered the report for whom; none when the deputy sent it, or there is no such report.
pub async fn find_entered(connection: &mut PgConnection, county_id: CountyId, report_id: Uuid) -> Result<Option<EnteredFor>, sqlx::Error> {
    sqlx::query_as!(
        EnteredFor,
        r#"select deputy_id as "deputy_id: DeputyId", account_id as "account_id: AccountId" from reports
           where county_id = $1 and report_id = $2 and came_by is not null"#,
        county_id.0,
        report_id
    )
    .fetch_optional(connection)
    .await
}

/// Notes that a report was taken back because the deputy said so.
pub async fn set_objected(connection: &mut PgConnection, county_id: CountyId, report_id: Uuid) -> Result<(), sqlx::Error> {
    let objected = sqlx::query!("update reports set objected = true where county_id = $1 and report_id = $2", county_id.0, report_id)
        .execute(connection)
        .await?;
    one_row(objected.rows_affected())
}
