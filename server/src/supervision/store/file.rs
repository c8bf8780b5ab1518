//! What a site's file holds beside its public story: evidence read from pictures, notices, findings put aside, the record of acts.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{AccountId, CountyId, SiteId};
use crate::notices::NoticeKind;
use crate::photos::PhotoHash;

/// Most lines of one kind in a file.
const MOST: i64 = 500;

/// A picture that has arrived, with what it says of itself and the earlier one it repeats.
#[derive(Debug)]
pub struct EvidenceRow {
    pub report_id: Uuid,
    pub sha256: Option<PhotoHash>,
    pub taken_at: Option<String>,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub distance_m: Option<i32>,
    pub earlier: Option<EarlierRow>,
}

/// An earlier picture of the same thing.
#[derive(Debug)]
pub struct EarlierRow {
    pub report_id: Uuid,
    pub sha256: Option<PhotoHash>,
    pub site_code: String,
    pub site_name: String,
    pub month: NaiveDate,
    pub deputy: String,
}

/// The pictures of all reports on the site, the latest report's first. Of an earlier report the picture most like it is named.
pub async fn list_evidence(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<EvidenceRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select p.report_id, p.sha256, ph.taken_at, st_x(ph.taken_at_place) as lon, st_y(ph.taken_at_place) as lat,
                  round(st_distance(ph.taken_at_place::geography, s.position::geography))::integer as distance_m,
                  e.report_id as "earlier_id?", es.code as "earlier_code?", es.name as "earlier_name?", e.month as "earlier_month?",
                  d.name as "earlier_deputy?",
                  (select q.sha256 from report_photos q
                   join photos qp on qp.county_id = q.county_id and qp.sha256 = q.sha256
                   where q.county_id = $1 and q.report_id = e.report_id
                   order by bit_count((qp.likeness # ph.likeness)::bit(64)), q.place limit 1) as "earlier_sha256?"
           from reports r
           join sites s on s.county_id = r.county_id and s.site_id = r.site_id
           join report_photos p on p.county_id = r.county_id and p.report_id = r.report_id
           join photos ph on ph.county_id = p.county_id and ph.sha256 = p.sha256
           left join reports e on e.county_id = p.county_id and e.report_id = p.reuses_report_id
           left join sites es on es.county_id = e.county_id and es.site_id = e.site_id
           left join deputies d on d.county_id = e.county_id and d.deputy_id = e.deputy_id
           where r.county_id = $1 and r.site_id = $2
           order by r.received_at desc, p.report_id, p.place
           limit $3"#,
        county_id.0,
        site_id.0,
        MOST
    )
    .fetch_all(connection)
    .await?;
    let evidence = rows.into_iter().map(|row| EvidenceRow {
        report_id: row.report_id,
        sha256: PhotoHash::from_bytes(&row.sha256),
        taken_at: row.taken_at,
        lon: row.lon,
        lat: row.lat,
        distance_m: row.distance_m,
        earlier: row.earlier_id.map(|report_id| EarlierRow {
            report_id,
            sha256: row.earlier_sha256.as_deref().and_then(PhotoHash::from_bytes),
            site_code: row.earlier_code.unwrap_or_default(),
            site_name: row.earlier_name.unwrap_or_default(),
            month: row.earlier_month.unwrap_or_default(),
            deputy: row.earlier_deputy.unwrap_or_default(),
        }),
    });
    Ok(evidence.collect())
}

/// What a report says of its phone's clock and place.
#[derive(Debug)]
pub struct ClockRow {
    pub report_id: Uuid,
    pub clock_doubted: bool,
    pub written_at: DateTime<Utc>,
    pub phone_ahead_s: Option<i64>,
    pub accuracy_m: Option<f32>,
    /// Who entered it for the deputy.
    pub entered_by: Option<String>,
}

pub async fn list_clocks(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<ClockRow>, sqlx::Error> {
    sqlx::query_as!(
        ClockRow,
        r#"select report_id, clock_doubted, written_at, phone_ahead_s, accuracy_m, case when came_by is not null then accounts.name end as entered_by
           from reports join accounts using (account_id)
           where reports.county_id = $1 and site_id = $2 order by received_at desc limit $3"#,
        county_id.0,
        site_id.0,
        MOST
    )
    .fetch_all(connection)
    .await
}

/// A notice about the site, and whether it was read.
#[derive(Debug)]
pub struct SentRow {
    pub notice_id: Uuid,
    pub kind: NoticeKind,
    pub to: String,
    pub words: String,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
    pub is_shown: bool,
    pub sending_id: Option<Uuid>,
    /// From when its person finds it.
    pub visible_from: Option<DateTime<Utc>>,
    pub taken_back_at: Option<DateTime<Utc>>,
    /// Who sent it, where it could be taken back.
    pub sent_by: Option<AccountId>,
}

/// Notices about the site or an order about it, newest first.
pub async fn list_sent(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<SentRow>, sqlx::Error> {
    sqlx::query_as!(
        SentRow,
        r#"select notice_id, kind as "kind: NoticeKind", accounts.name as "to", words, n.created_at, read_at, is_shown,
                  sending_id, visible_from, taken_back_at,
                  (select m.sent_by from reminders m where m.county_id = $1 and m.sending_id = n.sending_id limit 1) as "sent_by: AccountId"
           from notices n join accounts on accounts.county_id = n.county_id and accounts.account_id = n.account_id
           where n.county_id = $1
             and (n.site_id = $2 or n.order_id in (select o.order_id from order_sites o where o.county_id = $1 and o.site_id = $2))
           order by n.created_at desc, notice_id desc limit $3"#,
        county_id.0,
        site_id.0,
        MOST
    )
    .fetch_all(connection)
    .await
}

/// A finding that was put aside.
#[derive(Debug)]
pub struct DismissalRow {
    pub id: i64,
    pub reason_code: String,
    pub words: String,
    pub by: String,
    pub at: DateTime<Utc>,
    pub undone_at: Option<DateTime<Utc>>,
}

pub async fn list_dismissals(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<DismissalRow>, sqlx::Error> {
    sqlx::query_as!(
        DismissalRow,
        r#"select dismissal_id as id, reason_code, words, accounts.name as "by", dismissed_at as at, undone_at
           from review_dismissals d join accounts on accounts.account_id = dismissed_by
           where d.county_id = $1 and site_id = $2 order by dismissal_id desc limit $3"#,
        county_id.0,
        site_id.0,
        MOST
    )
    .fetch_all(connection)
    .await
}

/// A line of the audit log about the site, one of its reports or an order about it.
#[derive(Debug)]
pub struct RecordRow {
    pub at: DateTime<Utc>,
    pub actor_kind: String,
    pub by: Option<String>,
    pub action: String,
    pub detail: serde_json::Value,
}

/// What was done, newest first; where from is the auditor's to know.
pub async fn list_records(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Vec<RecordRow>, sqlx::Error> {
    sqlx::query_as!(
        RecordRow,
        r#"select at, actor_kind, accounts.name as "by?", action, detail
           from audit_log a left join accounts on accounts.county_id = a.county_id and accounts.account_id = a.account_id
           where a.county_id = $1 and outcome = 'done'
             and ((object_kind = 'site' and object_id = $2)
                  or (object_kind = 'report' and object_id in (select r.report_id::text from reports r where r.county_id = $1 and r.site_id::text = $2))
                  or (object_kind = 'order' and object_id in (select o.order_id::text from order_sites o where o.county_id = $1 and o.site_id::text = $2)))
           order by audit_id desc limit $3"#,
        county_id.0,
        site_id.0.to_string(),
        MOST
    )
    .fetch_all(connection)
    .await
}
