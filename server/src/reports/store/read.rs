//! Reading reports with their pictures, for a site and for a deputy.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::http::shapes::Named;
use crate::ids::{CountyId, DeputyId, SiteId};
use crate::photos::PhotoHash;
use crate::sites::Stage;

/// A report as the public may see it. The phone's place is not part of it, only its distance from the site.
#[derive(Debug, Clone)]
pub struct Report {
    pub report_id: Uuid,
    pub site_id: SiteId,
    pub month: Month,
    pub deputy: Named,
    pub stage: Stage,
    pub percent: i16,
    pub words: String,
    pub problems: Vec<String>,
    pub photos: Vec<ReportPhoto>,
    /// When it was written, as far as the phone's clock can be believed.
    pub counted_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub late: bool,
    pub off_site: bool,
    pub distance_m: Option<i32>,
    pub step_back: bool,
    pub step_back_reason: Option<String>,
    pub reused_photo: bool,
    pub state: ReportState,
    pub version: i16,
    pub returned_at: Option<DateTime<Utc>>,
    pub return_reason: Option<String>,
    /// How the deputy's words came to the staff who entered them.
    pub came_by: Option<CameBy>,
    /// It was taken back because the deputy said that these were not their words.
    pub objected: bool,
}

/// What has become of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ReportState {
    /// It counts.
    Standing,
    /// Its author replaced it.
    Amended,
    /// The committee sent it back.
    Returned,
}

/// A picture that a report announced.
#[derive(Debug, Clone, Copy)]
pub struct ReportPhoto {
    pub hash: PhotoHash,
    /// Width and height in pixels; none while it has not arrived.
    pub dimensions: Option<(i32, i32)>,
}

/// Which reports are wanted; what is none is not asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    pub report_ids: Option<&'a [Uuid]>,
    pub site_id: Option<SiteId>,
    pub deputy_id: Option<DeputyId>,
    /// First day of the first and of the last month.
    pub months: Option<(NaiveDate, NaiveDate)>,
    /// Only those received before this one.
    pub before: Option<Uuid>,
}

/// Reports on sites that are shown, the one received last first; of one site also when it left the plan by a decision.
pub async fn list_reports(connection: &mut PgConnection, county_id: CountyId, wanted: Wanted<'_>, limit: usize) -> Result<Vec<Report>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select report_id, site_id, month, deputy_id, d.name as deputy_name, r.stage as "stage: Stage", r.percent, words, problems, counted_at,
                  received_at, late, off_site, distance_m, step_back, step_back_reason, reused_photo, state as "state: ReportState", version,
                  returned_at, return_reason, came_by as "came_by: CameBy", objected
           from reports r
           join deputies d using (county_id, deputy_id)
           join sites s using (county_id, site_id)
           where county_id = $1
             and (withdrawn_at is null or ($3::bigint is not null and exists (
                 select from site_withdrawals w where w.county_id = s.county_id and w.site_id = s.site_id)))
             and ($2::uuid[] is null or report_id = any($2))
             and ($3::bigint is null or site_id = $3)
             and ($4::bigint is null or deputy_id = $4)
             and ($5::date is null or month between $5 and $6)
             and ($7::uuid is null or (received_at, report_id) <
                 (select received_at, report_id from reports edge where edge.county_id = $1 and edge.report_id = $7))
           order by received_at desc, report_id desc
           limit $8"#,
        county_id.0,
        wanted.report_ids,
        wanted.site_id.map(|site| site.0),
        wanted.deputy_id.map(|deputy| deputy.0),
        wanted.months.map(|months| months.0),
        wanted.months.map(|months| months.1),
        wanted.before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.report_id).collect();
    let mut photos = list_photos(connection, county_id, &ids).await?;
    let reports = rows.into_iter().map(|row| Report {
        photos: photos.remove(&row.report_id).unwrap_or_default(),
        report_id: row.report_id,
        site_id: SiteId(row.site_id),
        month: Month::of(row.month),
        deputy: Named { id: row.deputy_id, name: row.deputy_name },
        stage: row.stage,
        percent: row.percent,
        words: row.words,
        problems: row.problems,
        counted_at: row.counted_at,
        received_at: row.received_at,
        late: row.late,
        off_site: row.off_site,
        distance_m: row.distance_m,
        step_back: row.step_back,
        step_back_reason: row.step_back_reason,
        reused_photo: row.reused_photo,
        state: row.state,
        version: row.version,
        returned_at: row.returned_at,
        return_reason: row.return_reason,
        came_by: row.came_by,
        objected: row.objected,
    });
    Ok(reports.collect())
}

async fn list_photos(connection: &mut PgConnection, county_id: CountyId, reports: &[Uuid]) -> Result<HashMap<Uuid, Vec<ReportPhoto>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select report_id, sha256, width as "width?", height as "height?"
           from report_photos left join photos using (county_id, sha256)
           where county_id = $1 and report_id = any($2) order by report_id, place"#,
        county_id.0,
        reports
    )
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<Uuid, Vec<ReportPhoto>> = HashMap::new();
    for row in rows {
        if let Some(hash) = PhotoHash::from_bytes(&row.sha256) {
            found.entry(row.report_id).or_default().push(ReportPhoto { hash, dimensions: row.width.zip(row.height) });
        }
    }
    Ok(found)
}

/// A site that a deputy has to report on in a month.
#[derive(Debug, Clone, Copy)]
pub struct AdoptedSite {
    pub site_id: SiteId,
    pub adopted_on: NaiveDate,
    /// The latest reminder sent to this deputy about it in the month.
    pub reminded_at: Option<DateTime<Utc>>,
    /// The deputy's latest standing report on it for an earlier month.
    pub previous: Option<Uuid>,
}

/// The sites the deputy had adopted at the end of the month (or has now, when it is not over), in order of their code.
pub async fn list_adopted(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    month: Month,
    (opens_at, closes_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<AdoptedSite>, sqlx::Error> {
    sqlx::query_as!(
        AdoptedSite,
        r#"select site_id as "site_id: SiteId", min(a.adopted_on) as "adopted_on!",
                  (select max(sent_at) from reminders m where m.county_id = $1 and m.site_id = a.site_id and m.deputy_id = $2
                   and m.taken_back_at is null and m.sent_at >= $5 and m.sent_at < $6) as reminded_at,
                  (select report_id from reports r where r.county_id = $1 and r.site_id = a.site_id and r.deputy_id = $2
                   and r.state = 'standing' and r.month < $3 order by counted_at desc, report_id desc limit 1) as previous
           from adoptions a join sites s using (county_id, site_id)
           where county_id = $1 and deputy_id = $2 and withdrawn_at is null
             and a.adopted_on <= $4 and (a.ended_on is null or a.ended_on > $4)
           group by site_id, s.code
           order by s.code"#,
        county_id.0,
        deputy_id.0,
        month.first_day(),
        month.last_day(),
        opens_at,
        closes_at
    )
    .fetch_all(connection)
    .await
}

/// Whether the deputy owes nothing for the month.
pub async fn is_excused(connection: &mut PgConnection, (county_id, deputy_id): (CountyId, DeputyId), month: Month) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from deputies_excused_at($1, $2, 'infinity') as away where away.deputy_id = $3) as "excused!""#,
        county_id.0,
        month.first_day(),
        deputy_id.0
    )
    .fetch_one(connection)
    .await
}

/// The sites for which the deputy owed a report for the closed month and has none standing, also those handed over since; in order of their
/// code. Struck-off sites owe none.
pub async fn list_still_owed(
    connection: &mut PgConnection,
    (county_id, deputy_id): (CountyId, DeputyId),
    month: Month,
    closed_at: DateTime<Utc>,
) -> Result<Vec<SiteId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select site_id as "site_id: SiteId" from sites s
           where county_id = $1 and withdrawn_at is null and struck_off_on is null and created_at < $5
             and exists (select from adoptions a where a.county_id = $1 and a.site_id = s.site_id and a.deputy_id = $2
                         and a.adopted_on <= $4 and (a.ended_on is null or a.ended_on > $4))
             and not exists (select from reports r where r.county_id = $1 and r.site_id = s.site_id and r.deputy_id = $2
                             and r.month = $3 and r.state = 'standing')
             and not exists (select from deputies_excused_at($1, $3, 'infinity') as away where away.deputy_id = $2)
           order by code"#,
        county_id.0,
        deputy_id.0,
        month.first_day(),
        month.last_day(),
        closed_at
    )
    .fetch_all(connection)
    .await
}
