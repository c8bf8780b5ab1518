//! What the desk reads of offers and adoptions: what is offered, who adopted, what was handed over.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::adoptions::model::HandOverReason;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::{CountyId, SiteId};

/// An offer as the desk sees it.
#[derive(Debug, Clone)]
pub struct StandingOffer {
    pub site_id: SiteId,
    pub region_code: String,
    pub places: i16,
    pub words: String,
    pub for_region: Option<RegionRef>,
    pub for_group: Option<Named>,
    pub offered_at: DateTime<Utc>,
    pub offered_by: String,
}

/// Where an offer stands in the list.
#[derive(Debug, Clone, Copy)]
pub struct OfferPlace {
    pub offered_at: DateTime<Utc>,
    pub site_id: SiteId,
}

/// The offers that stand in these regions, the newest first; that of one site when it is named. Sites withdrawn or struck off are not offered.
pub async fn list_standing_offers(
    connection: &mut PgConnection,
    county_id: CountyId,
    (regions, site_id): (&[String], Option<SiteId>),
    after: Option<OfferPlace>,
    limit: usize,
) -> Result<Vec<StandingOffer>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select o.site_id, s.region_code, places, words, o.region_code as for_region, r.name as "region_name?", o.deputy_group_id,
                  g.name as "group_name?", offered_at, a.name as offered_by
           from site_offers o
           join sites s on s.county_id = o.county_id and s.site_id = o.site_id
           join accounts a on a.account_id = o.offered_by
           left join regions r on r.county_id = o.county_id and r.region_code = o.region_code
           left join deputy_groups g on g.county_id = o.county_id and g.deputy_group_id = o.deputy_group_id
           where o.county_id = $1 and withdrawn_at is null and struck_off_on is null and ($2::bigint is null or o.site_id = $2)
             and exists (select from unnest($3::text[]) as place where starts_with(s.region_code, place))
             and ($4::timestamptz is null or offered_at < $4 or (offered_at = $4 and o.site_id > $5))
           order by offered_at desc, o.site_id limit $6"#,
        county_id.0,
        site_id.map(|site| site.0),
        regions,
        after.map(|place| place.offered_at),
        after.map(|place| place.site_id.0),
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await?;
    let offers = rows.into_iter().map(|row| StandingOffer {
        site_id: SiteId(row.site_id),
        region_code: row.region_code,
        places: row.places,
        words: row.words,
        for_region: row.for_region.zip(row.region_name).map(|(code, name)| RegionRef { code, name }),
        for_group: row.deputy_group_id.zip(row.group_name).map(|(id, name)| Named { id, name }),
        offered_at: row.offered_at,
        offered_by: row.offered_by,
    });
    Ok(offers.collect())
}

/// An adoption, past or present.
#[derive(Debug, Clone)]
pub struct AdoptionRow {
    pub site_id: SiteId,
    pub deputy: Named,
    pub adopted_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub ended_reason: Option<String>,
}

/// The adoptions of these sites, oldest first; only those that hold, or all there ever were.
pub async fn list_adoptions(
    connection: &mut PgConnection,
    county_id: CountyId,
    sites: &[SiteId],
    ended_too: bool,
) -> Result<Vec<AdoptionRow>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let rows = sqlx::query!(
        "select site_id, deputy_id, d.name, adopted_on, a.ended_on, ended_reason
         from adoptions a join deputies d using (county_id, deputy_id)
         where county_id = $1 and site_id = any($2) and ($3 or a.ended_on is null) order by adopted_on, adoption_id",
        county_id.0,
        &numbers,
        ended_too
    )
    .fetch_all(connection)
    .await?;
    let adoptions = rows.into_iter().map(|row| AdoptionRow {
        site_id: SiteId(row.site_id),
        deputy: Named { id: row.deputy_id, name: row.name },
        adopted_on: row.adopted_on,
        ended_on: row.ended_on,
        ended_reason: row.ended_reason,
    });
    Ok(adoptions.collect())
}

/// A site that went from one deputy to another.
#[derive(Debug, Clone)]
pub struct HandOverRow {
    pub hand_over_id: i64,
    pub site: Named,
    pub site_code: String,
    /// Nobody when the committee only gave the site to somebody.
    pub from: Option<Named>,
    /// Nobody when the committee only took the site from somebody.
    pub to: Option<Named>,
    pub at: DateTime<Utc>,
    pub reason: HandOverReason,
    pub words: String,
}

/// Hand-overs in the given regions, the newest first; those of one site when it is named.
pub async fn list_hand_overs(
    connection: &mut PgConnection,
    county_id: CountyId,
    (regions, site_id): (&[String], Option<SiteId>),
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<HandOverRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select hand_over_id, h.site_id, s.name as site_name, s.code as site_code, from_deputy_id, f.name as "from_name?", to_deputy_id,
                  t.name as "to_name?", at, reason as "reason: HandOverReason", words
           from hand_overs h
           join sites s on s.county_id = h.county_id and s.site_id = h.site_id
           left join deputies f on f.county_id = h.county_id and f.deputy_id = from_deputy_id
           left join deputies t on t.county_id = h.county_id and t.deputy_id = to_deputy_id
           where h.county_id = $1 and exists (select from unnest($2::text[]) as place where starts_with(s.region_code, place))
             and ($3::bigint is null or h.site_id = $3) and ($4::bigint is null or hand_over_id < $4)
           order by hand_over_id desc limit $5"#,
        county_id.0,
        regions,
        site_id.map(|site| site.0),
        before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await?;
    let hand_overs = rows.into_iter().map(|row| HandOverRow {
        hand_over_id: row.hand_over_id,
        site: Named { id: row.site_id, name: row.site_name },
        site_code: row.site_code,
        from: row.from_deputy_id.zip(row.from_name).map(|(id, name)| Named { id, name }),
        to: row.to_deputy_id.zip(row.to_name).map(|(id, name)| Named { id, name }),
        at: row.at,
        reason: row.reason,
        words: row.words,
    });
    Ok(hand_overs.collect())
}
