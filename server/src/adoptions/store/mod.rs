//! All SQL of offers, adoptions and hand-overs; what the desk reads of them is in [`desk`], what colleagues have in [`colleagues`],
//! what a group follows in [`theme`].

pub mod colleagues;
pub mod desk;
pub mod theme;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::HandOverReason;
use crate::ids::{AccountId, CountyId, DeputyGroupId, DeputyId, SiteId};

/// What an act has to know of the site it is about.
#[derive(Debug, Clone)]
pub struct HeldSite {
    pub region_code: String,
    pub is_struck_off: bool,
    pub key_site: bool,
    pub rev: i64,
}

/// The site, held for the running transaction. Withdrawn sites are not there.
pub async fn lock_site(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<HeldSite>, sqlx::Error> {
    sqlx::query_as!(
        HeldSite,
        r#"select region_code, struck_off_on is not null as "is_struck_off!", key_site, rev
           from sites where county_id = $1 and site_id = $2 and withdrawn_at is null for update"#,
        county_id.0,
        site_id.0
    )
    .fetch_optional(connection)
    .await
}

/// A site that deputies may adopt.
#[derive(Debug, Clone)]
pub struct Offer {
    pub site_id: SiteId,
    pub places: i16,
    pub words: String,
}

/// Offers meant for the deputy, of sites that they have not adopted, the newest first. Struck-off sites are not offered.
pub async fn list_offers(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Vec<Offer>, sqlx::Error> {
    sqlx::query_as!(
        Offer,
        r#"select site_id as "site_id: SiteId", places, words
           from site_offers o
           join sites s using (county_id, site_id)
           join deputies d on d.county_id = $1 and d.deputy_id = $2
           where o.county_id = $1 and withdrawn_at is null and struck_off_on is null
             and (o.region_code is null or starts_with(d.region_code, o.region_code))
             and (o.deputy_group_id is null or o.deputy_group_id = d.deputy_group_id)
             and not exists (select from adoptions a where a.county_id = $1 and a.site_id = o.site_id and a.deputy_id = $2 and a.ended_on is null)
           order by offered_at desc, site_id"#,
        county_id.0,
        deputy_id.0
    )
    .fetch_all(connection)
    .await
}

/// What an offer says, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Offering<'a> {
    pub places: i16,
    pub words: &'a str,
    /// For the deputies of this region and of what lies in it; for all when there is none.
    pub region_code: Option<&'a str>,
    pub group_id: Option<DeputyGroupId>,
}

/// Offers the site, or changes what was said of it. True when it was not offered before. Breaks a foreign key
/// when region or group are not there.
pub async fn put_offer(
    connection: &mut PgConnection,
    (county_id, site_id): (CountyId, SiteId),
    offering: Offering<'_>,
    (account_id, at): (AccountId, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"insert into site_offers (county_id, site_id, places, words, offered_at, offered_by, region_code, deputy_group_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (county_id, site_id) do update set places = excluded.places, words = excluded.words, region_code = excluded.region_code,
                                                          deputy_group_id = excluded.deputy_group_id
           returning (xmax::text = '0') as "is_new!""#,
        county_id.0,
        site_id.0,
        offering.places,
        offering.words,
        at,
        account_id.0,
        offering.region_code,
        offering.group_id.map(|group| group.0)
    )
    .fetch_one(connection)
    .await
}

/// Offers the site no longer. False when it was not offered.
pub async fn delete_offer(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<bool, sqlx::Error> {
    let deleted = sqlx::query!("delete from site_offers where county_id = $1 and site_id = $2", county_id.0, site_id.0).execute(connection).await?;
    Ok(deleted.rows_affected() == 1)
}

/// The deputies of the region or group to which each site is offered, but for those who have adopted it.
pub async fn list_audience(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<(SiteId, DeputyId)>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let rows = sqlx::query!(
        "select o.site_id, d.deputy_id from site_offers o
           join deputies d on d.county_id = o.county_id and (o.region_code is null or starts_with(d.region_code, o.region_code))
                and (o.deputy_group_id is null or o.deputy_group_id = d.deputy_group_id)
           where o.county_id = $1 and o.site_id = any($2) and d.left_on is null
             and not exists (select from adoptions a where a.county_id = $1 and a.site_id = o.site_id and a.deputy_id = d.deputy_id
                             and a.ended_on is null)
           order by o.site_id, d.deputy_id",
        county_id.0,
        &numbers
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), DeputyId(row.deputy_id))).collect())
}

/// Offered sites that still want deputies, with whoever offered them.
pub async fn list_unanswered(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(SiteId, AccountId)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select o.site_id, o.offered_by from site_offers o
         join sites s on s.county_id = o.county_id and s.site_id = o.site_id
         join accounts a on a.account_id = o.offered_by and a.disabled_at is null
         where o.county_id = $1 and s.struck_off_on is null and s.withdrawn_at is null order by o.site_id",
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), AccountId(row.offered_by))).collect())
}

/// Takes one of the offer's places; the last one ends it. False when the site is not offered to the deputy.
pub async fn take_place(connection: &mut PgConnection, county_id: CountyId, (site_id, deputy_id): (SiteId, DeputyId)) -> Result<bool, sqlx::Error> {
    let places = sqlx::query_scalar!(
        "select places from site_offers o join deputies d on d.county_id = $1 and d.deputy_id = $3
         where o.county_id = $1 and site_id = $2 and (o.region_code is null or starts_with(d.region_code, o.region_code))
           and (o.deputy_group_id is null or o.deputy_group_id = d.deputy_group_id) for update of o",
        county_id.0,
        site_id.0,
        deputy_id.0
    )
    .fetch_optional(&mut *connection)
    .await?;
    match places {
        None => Ok(false),
        Some(1) => delete_offer(connection, county_id, site_id).await,
        Some(_) => {
            sqlx::query!("update site_offers set places = places - 1 where county_id = $1 and site_id = $2", county_id.0, site_id.0)
                .execute(connection)
                .await?;
            Ok(true)
        }
    }
}

/// Begins an adoption. False when the deputy has adopted the site already.
pub async fn begin_adoption(
    connection: &mut PgConnection,
    county_id: CountyId,
    (site_id, deputy_id): (SiteId, DeputyId),
    today: NaiveDate,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query!(
        "insert into adoptions (county_id, site_id, deputy_id, adopted_on) values ($1, $2, $3, $4) on conflict do nothing",
        county_id.0,
        site_id.0,
        deputy_id.0,
        today
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Why an adoption ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The adopter passed the site on.
    HandedOver,
    /// The committee gave it to another, or to nobody.
    Reassigned,
}

impl Ending {
    fn as_str(self) -> &'static str {
        match self {
            Self::HandedOver => "handed_over",
            Self::Reassigned => "reassigned",
        }
    }
}

/// Ends an adoption. False when the deputy has not adopted the site.
pub async fn end_adoption(
    connection: &mut PgConnection,
    county_id: CountyId,
    (site_id, deputy_id): (SiteId, DeputyId),
    today: NaiveDate,
    reason: Ending,
) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query!(
        "update adoptions set ended_on = greatest($4, adopted_on), ended_reason = $5
         where county_id = $1 and site_id = $2 and deputy_id = $3 and ended_on is null",
        county_id.0,
        site_id.0,
        deputy_id.0,
        today,
        reason.as_str()
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// A site passed from one deputy to another; the committee may also begin or end an adoption alone.
#[derive(Debug, Clone, Copy)]
pub struct HandOver<'a> {
    pub site_id: SiteId,
    pub from: Option<DeputyId>,
    pub to: Option<DeputyId>,
    pub reason: HandOverReason,
    pub words: &'a str,
}

/// Puts the hand-over on record.
pub async fn insert_hand_over(
    connection: &mut PgConnection,
    county_id: CountyId,
    hand_over: HandOver<'_>,
    (account_id, at): (AccountId, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into hand_overs (county_id, site_id, from_deputy_id, to_deputy_id, at, account_id, reason, words)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        county_id.0,
        hand_over.site_id.0,
        hand_over.from.map(|deputy| deputy.0),
        hand_over.to.map(|deputy| deputy.0),
        at,
        account_id.0,
        hand_over.reason.as_str(),
        hand_over.words
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A deputy's name, when there is such a deputy who can sign in; held for the running transaction, so that nobody lets them go meanwhile.
pub async fn find_reporting_deputy(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select name from deputies d where county_id = $1 and deputy_id = $2 and left_on is null
         and exists (select from grants g where g.county_id = $1 and g.deputy_id = d.deputy_id) for share of d",
        county_id.0,
        deputy_id.0
    )
    .fetch_optional(connection)
    .await
}

/// Whether the deputy is in office, with an account or without; held for the running transaction, so that nobody lets them go meanwhile.
pub async fn hold_in_office(
    connection: &mut PgConnection,
    county_id: CountyId,
    deputy_id: DeputyId,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let held = sqlx::query_scalar!(
        "select deputy_id from deputies where county_id = $1 and deputy_id = $2 and (left_at is null or left_at > $3) for share",
        county_id.0,
        deputy_id.0,
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(held.is_some())
}
