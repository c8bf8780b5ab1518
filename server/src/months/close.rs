//! Closing a month, making it final, and reminding those who have not reported, each in the caller's transaction.

use chrono::{DateTime, Days, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::model::Obligation;
use super::store;
use super::tally::ReportStanding;
use crate::audit::{self, Author, Entry, Outcome};
use crate::calendar::Month;
use crate::county::County;
use crate::database::changes;
use crate::ids::{Chance, DeputyId, SiteId};
use crate::notices::{self, NoticeKind};

/// Closes a month that has ended: takes its provisional snapshot and tells adopters whose report is missing. Returns `false`, having
/// changed nothing, when it is closed already.
///
/// A month that is closed after its days of grace, because no server was running, tells nobody: a report could no longer count for it.
pub async fn close_month(tx: &mut PgConnection, county: &County, month: Month, chance: &Chance, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let closed_at = month.closes_at(county.zone);
    if !store::insert_month(tx, county.county_id, month, closed_at).await? {
        return Ok(false);
    }
    let sites = store::insert_snapshot(tx, county.county_id, month, closed_at, closed_at).await?;
    let missing = missing(store::list_obligations(tx, county, month, closed_at).await?);
    let final_at = county.final_at(month);
    if now < final_at {
        let words = grace_words(county, month);
        remind(tx, county, chance, NoticeKind::ReportMissing, &missing, &words, now).await?;
    }
    record(tx, county, "month.close", month, json!({ "sites": sites, "missing": missing.len() }), now).await?;
    changes::county_changed(tx, county.county_id, now).await?;
    Ok(true)
}

/// Makes a closed month final: what came in during the days of grace enters its snapshot, which then never changes again. Returns
/// `false`, having changed nothing, when the month is not closed or is final already.
pub async fn finalise_month(tx: &mut PgConnection, county: &County, month: Month, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    if !store::lock_provisional(tx, county.county_id, month).await? {
        return Ok(false);
    }
    let final_at = county.final_at(month);
    store::delete_snapshot(tx, county.county_id, month).await?;
    let sites = store::insert_snapshot(tx, county.county_id, month, month.closes_at(county.zone), final_at).await?;
    store::set_final(tx, county.county_id, month, final_at).await?;
    record(tx, county, "month.finalise", month, json!({ "sites": sites }), now).await?;
    changes::county_changed(tx, county.county_id, now).await?;
    Ok(true)
}

/// Reminds the adopters who have not yet reported for the open month.
pub async fn remind_missing(tx: &mut PgConnection, county: &County, month: Month, chance: &Chance, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let missing = missing(store::list_obligations(tx, county, month, now).await?);
    let words = open_words(month);
    remind(tx, county, chance, NoticeKind::Reminder, &missing, &words, now).await?;
    record(tx, county, "month.remind", month, json!({ "missing": missing.len() }), now).await
}

/// What somebody is told whose report for the open month is missing.
pub fn open_words(month: Month) -> String {
    format!("{}月的督查反馈还没有提交，{}月{}日24时截止", month.number(), month.number(), month.last_day().format("%-d"))
}

/// What somebody is told whose report is missing when the month has closed, while late ones are taken.
pub fn grace_words(county: &County, month: Month) -> String {
    let last = county.date_at(county.final_at(month)) - Days::new(1);
    format!("{}年{}月的督查反馈没有收到，{}24时前可以补报", month.year(), month.number(), last.format("%-m月%-d日"))
}

fn missing(obligations: Vec<Obligation>) -> Vec<(SiteId, DeputyId)> {
    obligations
        .into_iter()
        .filter(|obligation| obligation.standing() == ReportStanding::Missing)
        .map(|obligation| (obligation.site_id, obligation.deputy_id))
        .collect()
}

async fn remind(
    tx: &mut PgConnection,
    county: &County,
    chance: &Chance,
    kind: NoticeKind,
    missing: &[(SiteId, DeputyId)],
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    store::insert_reminders(tx, county.county_id, None, missing, words, now).await?;
    notices::tell_deputies(tx, chance, county.county_id, kind, missing, words, now).await?;
    Ok(())
}

async fn record(
    tx: &mut PgConnection,
    county: &County,
    action: &str,
    month: Month,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let entry = Entry { action, object: ("reporting_month", &month.to_string()), outcome: Outcome::Done, detail };
    audit::record(tx, &Author::schedule(county.county_id), entry, now).await
}
