//! A term begins: what was written down with it is carried out, once, in one transaction.
//!
//! That those who leave have no right any more does not wait for this: it follows from the instant noted with each of them.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::store::{deputies, terms};
use crate::audit::{self, Author, Entry, Outcome};
use crate::county::County;
use crate::database::changes;
use crate::ids::{Chance, DeputyId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::sites::store::raise_rev;

/// Begins the term that waits, when its first day has come. False when none does.
pub async fn begin_due_term(connection: &mut PgConnection, county: &County, chance: &Chance, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let Some(term_id) = terms::find_due(connection, county.county_id, county.date_at(now)).await? else { return Ok(false) };
    begin(connection, county, term_id, (chance, &Author::schedule(county.county_id)), now).await?;
    Ok(true)
}

/// Begins the term: sites go where it says, all others of those who leave are closed, the term before it ends.
pub(super) async fn begin(
    connection: &mut PgConnection,
    county: &County,
    term_id: i64,
    (chance, author): (&Chance, &Author),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let county_id = county.county_id;
    let Some(term) = terms::mark_begun(connection, county_id, term_id, now).await? else { return Ok(()) };
    let leaving: Vec<DeputyId> = terms::list_leaving(connection, county_id, term.begins_on).await?;
    let carried: Vec<(SiteId, DeputyId)> = terms::carry_out(connection, county_id, term_id, (term.begins_on, term.entered_by), now).await?;
    let moved: Vec<SiteId> = carried.iter().map(|(site, _)| *site).collect();
    raise_rev(connection, county_id, &moved).await?;
    let closed = deputies::take_leave(connection, county_id, &leaving, (term.begins_on, "term_ended"), now).await?;
    let words = format!("第{}届任期开始，这个点位移交给您，今后由您每月反馈。", term.number);
    notices::tell_deputies(connection, chance, county_id, NoticeKind::HandedOver, &carried, &words, now).await?;
    let mut sites: Vec<SiteId> = moved.into_iter().chain(closed.iter().copied()).collect();
    sites.sort_unstable();
    sites.dedup();
    changes::sites_changed(connection, county_id, &sites, now).await?;
    changes::county_changed(connection, county_id, now).await?;
    let detail = json!({ "number": term.number, "left": leaving.len(), "carried": carried.len(), "closed": closed.len() });
    let entry = Entry { action: "term.begin", object: ("term", &term_id.to_string()), outcome: Outcome::Done, detail };
    audit::record(connection, author, entry, now).await
}
