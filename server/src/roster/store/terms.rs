//! All SQL of terms.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::county::County;
use crate::database::one_row;
use crate::http::shapes::Named;
use crate::ids::{AccountId, CountyId, DeputyId, SiteId};
use crate::roster::model::LastTerm;
use crate::roster::view::TermView;

/// Every term, the newest first.
pub async fn list_terms(connection: &mut PgConnection, county: &County) -> Result<Vec<TermView>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select term_id, number, begins_on, ends_on, entered_at, begun_at,
                  (select count(*) from deputies d where d.county_id = $1 and left_because = 'term_ended' and left_on = begins_on) as "leaving!"
           from terms where county_id = $1 order by number desc"#,
        county.county_id.0
    )
    .fetch_all(connection)
    .await?;
    let terms = rows.into_iter().map(|row| TermView {
        id: row.term_id,
        number: row.number,
        begins_on: row.begins_on,
        ends_on: row.ends_on,
        entered_at: county.local(row.entered_at),
        begun_at: row.begun_at.map(|at| county.local(at)),
        leaving: row.leaving,
    });
    Ok(terms.collect())
}

/// Lets one act on the county's terms wait for another.
pub async fn lock_terms(connection: &mut PgConnection, county_id: CountyId) -> Result<(), sqlx::Error> {
    sqlx::query!("select county_id from counties where county_id = $1 for no key update", county_id.0).fetch_one(connection).await?;
    Ok(())
}

pub async fn find_last(connection: &mut PgConnection, county_id: CountyId) -> Result<Option<LastTerm>, sqlx::Error> {
    sqlx::query_as!(
        LastTerm,
        r#"select number, begins_on, begun_at is not null as "begun!" from terms where county_id = $1 order by number desc limit 1"#,
        county_id.0
    )
    .fetch_optional(connection)
    .await
}

/// The deputies of the county's and the townships' congresses who have not left and are not to leave, with their names.
pub async fn list_sitting(connection: &mut PgConnection, county_id: CountyId) -> Result<HashMap<DeputyId, String>, sqlx::Error> {
    let rows = sqlx::query!(
        "select deputy_id, name from deputies where county_id = $1 and level in ('county', 'township') and left_on is null",
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (DeputyId(row.deputy_id), row.name)).collect())
}

/// A site and a deputy who has adopted it.
#[derive(Debug, Clone)]
pub struct Held {
    pub site_id: SiteId,
    pub site: Named,
    pub deputy_id: DeputyId,
}

/// Every adoption that holds, of sites that are still supervised, by the sites' codes.
pub async fn list_held(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Held>, sqlx::Error> {
    let rows = sqlx::query!(
        "select a.site_id, s.name, a.deputy_id from adoptions a join sites s on s.county_id = a.county_id and s.site_id = a.site_id
         where a.county_id = $1 and a.ended_on is null and withdrawn_at is null order by s.code, a.deputy_id",
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let held = rows.into_iter().map(|row| Held {
        site_id: SiteId(row.site_id),
        site: Named { id: row.site_id, name: row.name },
        deputy_id: DeputyId(row.deputy_id),
    });
    Ok(held.collect())
}

/// A term to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewTerm {
    pub number: i16,
    pub begins_on: NaiveDate,
    pub by: AccountId,
    pub at: DateTime<Utc>,
}

pub async fn insert_term(connection: &mut PgConnection, county_id: CountyId, new: NewTerm) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into terms (county_id, number, begins_on, entered_by, entered_at) values ($1, $2, $3, $4, $5) returning term_id",
        county_id.0,
        new.number,
        new.begins_on,
        new.by.0,
        new.at
    )
    .fetch_one(connection)
    .await
}

/// Writes down to whom a site goes as the term begins.
pub async fn carry(
    connection: &mut PgConnection,
    county_id: CountyId,
    term_id: i64,
    (site_id, from, to): (SiteId, DeputyId, DeputyId),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into term_adoptions (county_id, term_id, site_id, from_deputy_id, to_deputy_id) values ($1, $2, $3, $4, $5)",
        county_id.0,
        term_id,
        site_id.0,
        from.0,
        to.0
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a term back; those who were to leave with it stay.
pub async fn delete_waiting(connection: &mut PgConnection, county_id: CountyId, term_id: i64, begins_on: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update deputies set left_on = null, left_at = null, left_because = null, entry_rev = entry_rev + 1
         where county_id = $1 and left_because = 'term_ended' and left_on = $2",
        county_id.0,
        begins_on
    )
    .execute(&mut *connection)
    .await?;
    let deleted = sqlx::query!("delete from terms where county_id = $1 and term_id = $2 and begun_at is null", county_id.0, term_id)
        .execute(connection)
        .await?;
    one_row(deleted.rows_affected())
}

/// The term that waits and whose first day has come.
pub async fn find_due(connection: &mut PgConnection, county_id: CountyId, today: NaiveDate) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("select term_id from terms where county_id = $1 and begun_at is null and begins_on <= $2", county_id.0, today)
        .fetch_optional(connection)
        .await
}

/// What the beginning of a term has to know of it.
#[derive(Debug, Clone, Copy)]
pub struct BegunTerm {
    pub number: i16,
    pub begins_on: NaiveDate,
    pub entered_by: Option<i64>,
}

/// Marks the term begun and the one before it ended; nothing when somebody else has done it.
pub async fn mark_begun(
    connection: &mut PgConnection,
    county_id: CountyId,
    term_id: i64,
    now: DateTime<Utc>,
) -> Result<Option<BegunTerm>, sqlx::Error> {
    let begun = sqlx::query_as!(
        BegunTerm,
        "update terms set begun_at = $3 where county_id = $1 and term_id = $2 and begun_at is null returning number, begins_on, entered_by",
        county_id.0,
        term_id,
        now
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(term) = begun {
        sqlx::query!(
            "update terms set ends_on = $3 where county_id = $1 and number < $2 and ends_on is null",
            county_id.0,
            term.number,
            term.begins_on
        )
        .execute(connection)
        .await?;
    }
    Ok(begun)
}

/// Those who leave as the term of this first day begins.
pub async fn list_leaving(connection: &mut PgConnection, county_id: CountyId, begins_on: NaiveDate) -> Result<Vec<DeputyId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select deputy_id as "deputy_id: DeputyId" from deputies
           where county_id = $1 and left_because = 'term_ended' and left_on = $2 order by deputy_id"#,
        county_id.0,
        begins_on
    )
    .fetch_all(connection)
    .await
}

/// Gives each site that is carried to its new deputy, on record, as far as the old one still has it and the new one is still there.
pub async fn carry_out(
    connection: &mut PgConnection,
    county_id: CountyId,
    term_id: i64,
    (begins_on, entered_by): (NaiveDate, Option<i64>),
    now: DateTime<Utc>,
) -> Result<Vec<(SiteId, DeputyId)>, sqlx::Error> {
    let rows = sqlx::query!(
        "with ended as (
             update adoptions a set ended_on = greatest($3, adopted_on), ended_reason = 'term_ended'
             from term_adoptions t join deputies d on d.county_id = t.county_id and d.deputy_id = t.to_deputy_id and d.left_on is null
             where t.county_id = $1 and t.term_id = $2 and a.county_id = $1 and a.site_id = t.site_id and a.deputy_id = t.from_deputy_id
               and a.ended_on is null
             returning a.site_id, a.deputy_id, t.to_deputy_id),
         recorded as (
             insert into hand_overs (county_id, site_id, from_deputy_id, to_deputy_id, at, account_id, reason, words)
             select $1, site_id, deputy_id, to_deputy_id, $5, $4, 'end_of_term', '' from ended where $4::bigint is not null)
         insert into adoptions (county_id, site_id, deputy_id, adopted_on)
         select distinct $1::integer, site_id, to_deputy_id, $3 from ended
         on conflict do nothing
         returning site_id, deputy_id",
        county_id.0,
        term_id,
        begins_on,
        entered_by,
        now
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), DeputyId(row.deputy_id))).collect())
}
