//! Reports, their pictures, the changes they caused, and nudges.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Ids;
use crate::demo::history::{Cause, History, Photos, PlanChange, Reminder, Report, ReportState, STEP_BACK};
use crate::ids::CountyId;
use crate::photos::PhotoHash;

fn column<T>(history: &History, of: impl Fn(&Report) -> T) -> Vec<T> {
    history.reports.iter().map(of).collect()
}

fn state_word(state: &ReportState) -> &'static str {
    match state {
        ReportState::Standing => "standing",
        ReportState::Amended => "amended",
        ReportState::Returned { .. } => "returned",
    }
}

pub async fn insert_reports(connection: &mut PgConnection, county_id: CountyId, history: &History, ids: &Ids) -> Result<(), sqlx::Error> {
    let returned = |report: &Report| match report.state {
        ReportState::Returned { at, reason } => (Some(at), Some(reason.to_owned())),
        _ => (None, None),
    };
    let (returned_at, return_reasons): (Vec<Option<DateTime<Utc>>>, Vec<Option<String>>) = history.reports.iter().map(returned).unzip();
    sqlx::query!(
        "insert into reports (county_id, report_id, body_hash, site_id, deputy_id, account_id, month, stage, percent, words, problems,
                              step_back, step_back_reason, written_at, received_at, counted_at, late, position, accuracy_m, distance_m,
                              off_site, reused_photo, state, version, returned_at, returned_by, return_reason)
         select $1, report_id, body_hash, site_id, deputy_id, account_id, month, stage, percent, words,
                case when problems = '' then '{}' else string_to_array(problems, E'\n') end,
                step_back, case when step_back then $23::text end, written_at, received_at, written_at, late,
                case when lon is not null then st_setsrid(st_makepoint(lon, lat), 4326) end, case when lon is not null then 12 end,
                distance_m, off_site, reused, state, version, returned_at, case when returned_at is not null then $24::bigint end, reason
         from unnest($2::uuid[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::date[], $8::text[], $9::smallint[], $10::text[],
                     $11::text[], $12::boolean[], $13::timestamptz[], $14::timestamptz[], $15::boolean[], $16::float8[], $17::float8[],
                     $18::integer[], $19::boolean[], $20::boolean[], $21::text[], $22::smallint[], $25::timestamptz[], $26::text[])
              as report (report_id, body_hash, site_id, deputy_id, account_id, month, stage, percent, words, problems, step_back, written_at,
                         received_at, late, lon, lat, distance_m, off_site, reused, state, version, returned_at, reason)",
        county_id.0,
        &column(history, |report| report.id),
        &column(history, |report| Sha256::digest(report.id.as_bytes()).to_vec()),
        &column(history, |report| ids.sites[report.site]),
        &column(history, |report| ids.deputies[report.deputy]),
        &column(history, |report| ids.deputy_accounts[report.deputy]),
        &column(history, |report| report.month.first_day()),
        &column(history, |report| report.stage.as_str().to_owned()),
        &column(history, |report| report.percent),
        &column(history, |report| report.words.clone()),
        &column(history, |report| report.problems.join("\n")),
        &column(history, |report| report.step_back),
        &column(history, |report| report.written_at),
        &column(history, |report| report.received_at),
        &column(history, |report| report.late),
        &column(history, |report| report.position.map(|place| place.lon())) as &[Option<f64>],
        &column(history, |report| report.position.map(|place| place.lat())) as &[Option<f64>],
        &column(history, |report| report.distance_m) as &[Option<i32>],
        &column(history, |report| report.off_site),
        &column(history, |report| matches!(report.photos, Photos::Reused(_))),
        &column(history, |report| state_word(&report.state).to_owned()),
        &column(history, |report| report.version),
        STEP_BACK,
        ids.committee_account,
        &returned_at as &[Option<DateTime<Utc>>],
        &return_reasons as &[Option<String>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A picture in its place in a report.
#[derive(Debug, Clone, Copy)]
pub struct PhotoRow {
    pub report: usize,
    /// From one.
    pub place: i16,
    pub hash: PhotoHash,
    pub width: u32,
    pub height: u32,
    /// The report that showed it first, when this one shows it again.
    pub reused_from: Option<usize>,
}

/// Pictures and where they are shown. Drawn pictures are alike and prove nothing, so they carry no likeness to compare by.
pub async fn insert_photos(
    connection: &mut PgConnection,
    county_id: CountyId,
    history: &History,
    ids: &Ids,
    photos: &[PhotoRow],
) -> Result<(), sqlx::Error> {
    let hashes: Vec<Vec<u8>> = photos.iter().map(|photo| photo.hash.0.to_vec()).collect();
    let reports: Vec<Uuid> = photos.iter().map(|photo| history.reports[photo.report].id).collect();
    let places: Vec<i16> = photos.iter().map(|photo| photo.place).collect();
    let earlier: Vec<Option<Uuid>> = photos.iter().map(|photo| photo.reused_from.map(|report| history.reports[report].id)).collect();
    let senders: Vec<i64> = photos.iter().map(|photo| ids.deputy_accounts[history.reports[photo.report].deputy]).collect();
    let received: Vec<DateTime<Utc>> = photos.iter().map(|photo| history.reports[photo.report].received_at).collect();
    let widths: Vec<i32> = photos.iter().map(|photo| photo.width.cast_signed()).collect();
    let heights: Vec<i32> = photos.iter().map(|photo| photo.height.cast_signed()).collect();
    sqlx::query!(
        "insert into photos (county_id, sha256, uploaded_by, received_at, width, height, likeness)
         select distinct on (sha256) $1, sha256, sender, received_at, width, height, 0
         from unnest($2::bytea[], $3::bigint[], $4::timestamptz[], $5::integer[], $6::integer[]) as photo (sha256, sender, received_at, width, height)
         order by sha256, received_at",
        county_id.0,
        &hashes,
        &senders,
        &received,
        &widths,
        &heights
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into report_photos (county_id, report_id, place, sha256, reuses_report_id)
         select $1, report_id, place, sha256, earlier
         from unnest($2::uuid[], $3::smallint[], $4::bytea[], $5::uuid[]) as shown (report_id, place, sha256, earlier)",
        county_id.0,
        &reports,
        &places,
        &hashes,
        &earlier as &[Option<Uuid>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The sites' histories, in the order in which they happened.
pub async fn insert_changes(connection: &mut PgConnection, county_id: CountyId, history: &History, ids: &Ids) -> Result<(), sqlx::Error> {
    type Row = (&'static str, Option<Uuid>, i64, String);
    let row = |cause: Cause| -> Row {
        match cause {
            Cause::Report(place) => {
                let report = &history.reports[place];
                let reason = if report.step_back { STEP_BACK } else { "" };
                ("report", Some(report.id), ids.deputy_accounts[report.deputy], reason.to_owned())
            }
            Cause::Return(place) => {
                let report = &history.reports[place];
                let reason = if let ReportState::Returned { reason, .. } = report.state { reason } else { "" };
                ("return", Some(report.id), ids.committee_account, reason.to_owned())
            }
            Cause::Correction(reason) => ("correction", None, ids.committee_account, reason.to_owned()),
        }
    };
    let rows: Vec<_> = history.changes.iter().map(|change| row(change.cause)).collect();
    let sites: Vec<i64> = history.changes.iter().map(|change| ids.sites[change.site]).collect();
    let at: Vec<DateTime<Utc>> = history.changes.iter().map(|change| change.at).collect();
    let from: Vec<String> = history.changes.iter().map(|change| change.from.as_str().to_owned()).collect();
    let to: Vec<String> = history.changes.iter().map(|change| change.to.as_str().to_owned()).collect();
    let percents: Vec<i16> = history.changes.iter().map(|change| change.percent).collect();
    let causes: Vec<String> = rows.iter().map(|row| row.0.to_owned()).collect();
    let reports: Vec<Option<Uuid>> = rows.iter().map(|row| row.1).collect();
    let accounts: Vec<i64> = rows.iter().map(|row| row.2).collect();
    let reasons: Vec<String> = rows.iter().map(|row| row.3.clone()).collect();
    sqlx::query!(
        "insert into stage_changes (county_id, site_id, at, from_stage, to_stage, percent, cause, report_id, account_id, reason)
         select $1, site_id, at, from_stage, to_stage, percent, cause, report_id, account_id, reason
         from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::uuid[], $9::bigint[], $10::text[])
              with ordinality as change (site_id, at, from_stage, to_stage, percent, cause, report_id, account_id, reason, place)
         order by place",
        county_id.0,
        &sites,
        &at,
        &from,
        &to,
        &percents,
        &causes,
        &reports as &[Option<Uuid>],
        &accounts,
        &reasons
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The committee's nudges to the units of overdue sites.
pub async fn insert_reminders(
    connection: &mut PgConnection,
    county_id: CountyId,
    reminders: &[Reminder],
    unit_of_site: impl Fn(usize) -> i64,
    ids: &Ids,
) -> Result<(), sqlx::Error> {
    let sites: Vec<i64> = reminders.iter().map(|reminder| ids.sites[reminder.site]).collect();
    let units: Vec<i64> = reminders.iter().map(|reminder| unit_of_site(reminder.site)).collect();
    let at: Vec<DateTime<Utc>> = reminders.iter().map(|reminder| reminder.at).collect();
    let words: Vec<String> = reminders.iter().map(|reminder| reminder.words.to_owned()).collect();
    sqlx::query!(
        "insert into reminders (county_id, site_id, unit_id, sent_by, sent_at, words)
         select $1, site_id, unit_id, $6, sent_at, words
         from unnest($2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[]) with ordinality as reminder (site_id, unit_id, sent_at, words, place)
         order by place",
        county_id.0,
        &sites,
        &units,
        &at,
        &words,
        ids.committee_account
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// People have read what they were told before this day, the evening they were told.
pub async fn mark_old_notices_read(connection: &mut PgConnection, county_id: CountyId, before: NaiveDate) -> Result<(), sqlx::Error> {
    let before = before.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8);
    sqlx::query!(
        "update notices set read_at = created_at + interval '9 hours' where county_id = $1 and created_at < $2 and read_at is null",
        county_id.0,
        before
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Plan changes, and the plans as they first stood beside the present ones.
pub async fn insert_plan_changes(connection: &mut PgConnection, county_id: CountyId, history: &History, ids: &Ids) -> Result<(), sqlx::Error> {
    fn column<T>(history: &History, of: impl Fn(&PlanChange) -> T) -> Vec<T> {
        history.plan_changes.iter().map(of).collect()
    }
    sqlx::query!(
        "insert into plan_changes (county_id, site_id, decision_number, decided_on, reason, account_id, at, start_before, start_after,
                                   finish_before, finish_after, quota_before, quota_after, address_before, address_after, region_before,
                                   region_after, position_before, position_after)
         select $1, site_id, decision, decided_on, reason, $12::bigint, at, start_on, planned_start_on, finish_on, planned_finish_on,
                coalesce(quota_then, quota), quota, address, address, region_code, region_code,
                st_setsrid(st_makepoint(st_x(position) + east, st_y(position) + north), 4326), position
         from unnest($2::bigint[], $3::text[], $4::date[], $5::text[], $6::timestamptz[], $7::date[], $8::date[], $9::text[], $10::float8[],
                     $11::float8[]) with ordinality
              as decided (site_id, decision, decided_on, reason, at, start_on, finish_on, quota_then, east, north, place)
         join sites using (site_id)
         where county_id = $1 order by place",
        county_id.0,
        &column(history, |change| ids.sites[change.site]),
        &column(history, |change| change.decision.clone()),
        &column(history, |change| change.decided_on),
        &column(history, |change| change.reason.to_owned()),
        &column(history, |change| change.at),
        &column(history, |change| change.before.start_on),
        &column(history, |change| change.before.finish_on),
        &column(history, |change| change.before.quota.clone()) as &[Option<String>],
        &column(history, |change| change.before.moved_by.0),
        &column(history, |change| change.before.moved_by.1),
        ids.committee_account
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update sites set original_planned_start_on = start_before, original_planned_finish_on = finish_before
         from plan_changes where sites.county_id = $1 and plan_changes.county_id = $1 and plan_changes.site_id = sites.site_id",
        county_id.0
    )
    .execute(connection)
    .await?;
    Ok(())
}
