//! All SQL of deputies as the desk keeps them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::county::County;
use crate::database::one_row;
use crate::deputies::DeputyLevel;
use crate::http::personal::Phone;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::{CountyId, DeputyGroupId, DeputyId, SiteId, StationId};
use crate::roster::view::{Returned, RosterDeputy};
use crate::sites::store::raise_rev;

/// Where a deputy stands in the roster's order.
#[derive(Debug, Clone)]
pub struct RosterPlace {
    pub region_code: String,
    pub name: String,
    pub deputy_id: DeputyId,
}

/// Which deputies of the roster, and from where on.
#[derive(Debug, Clone, Copy)]
pub struct RosterWanted<'a> {
    pub places: &'a [String],
    pub region: &'a str,
    /// Part of a name, constituency, group or station; or a whole telephone number, or its last four digits.
    pub words: &'a str,
    pub level: Option<DeputyLevel>,
    /// Those who have left by `today`, instead of those who have not.
    pub left: bool,
    pub today: NaiveDate,
    pub after: Option<&'a RosterPlace>,
    pub limit: usize,
}

/// Deputies by place and name.
pub async fn list_roster(connection: &mut PgConnection, county: &County, wanted: RosterWanted<'_>) -> Result<Vec<RosterDeputy>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"select d.deputy_id from deputies d
           left join deputy_groups g on g.county_id = d.county_id and g.deputy_group_id = d.deputy_group_id
           left join stations s on s.county_id = d.county_id and s.station_id = d.station_id
           where d.county_id = $1 and exists (select from unnest($2::text[]) as place where starts_with(d.region_code, place))
             and starts_with(d.region_code, $3) and ($5::text is null or d.level = $5) and coalesce(d.left_on <= $7, false) = $6
             and (strpos(d.name, $4) > 0 or strpos(d.constituency, $4) > 0 or strpos(g.name, $4) > 0 or strpos(s.name, $4) > 0
                  -- Whole, or by its last four digits: piece by piece a number would be told.
                  or regexp_replace($4, '[[:space:]-]', '', 'g') in (d.phone, right(d.phone, 4)))
             and ($8::text is null or (d.region_code, d.name collate "zh-x-icu", d.deputy_id) > ($8, $9 collate "zh-x-icu", $10))
           order by d.region_code, d.name collate "zh-x-icu", d.deputy_id limit $11"#,
        county.county_id.0,
        wanted.places,
        wanted.region,
        wanted.words,
        wanted.level.map(DeputyLevel::as_str),
        wanted.left,
        wanted.today,
        wanted.after.map(|place| place.region_code.as_str()),
        wanted.after.map(|place| place.name.as_str()),
        wanted.after.map(|place| place.deputy_id.0),
        i64::try_from(wanted.limit).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *connection)
    .await?;
    read_roster(connection, county, &found).await
}

/// One deputy of the roster.
pub async fn find_on_roster(connection: &mut PgConnection, county: &County, deputy_id: DeputyId) -> Result<Option<RosterDeputy>, sqlx::Error> {
    Ok(read_roster(connection, county, &[deputy_id.0]).await?.pop())
}

async fn read_roster(connection: &mut PgConnection, county: &County, deputies: &[i64]) -> Result<Vec<RosterDeputy>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.deputy_id, d.name, level as "level: DeputyLevel", constituency, d.region_code, r.name as region_name, d.deputy_group_id,
                  g.name as "group_name?", d.station_id, s.name as "station_name?", phone, joined_on, left_on, left_because, d.entry_rev,
                  (select count(*) from adoptions a where a.county_id = d.county_id and a.deputy_id = d.deputy_id and a.ended_on is null) as "sites!",
                  back.at as "returned_at?", back.reason as "return_reason?"
           from deputies d
           join regions r on r.county_id = d.county_id and r.region_code = d.region_code
           left join deputy_groups g on g.county_id = d.county_id and g.deputy_group_id = d.deputy_group_id
           left join stations s on s.county_id = d.county_id and s.station_id = d.station_id
           left join lateral (select at, reason from deputy_reinstatements b where b.county_id = d.county_id and b.deputy_id = d.deputy_id
                              order by reinstatement_id desc limit 1) as back on true
           where d.county_id = $1 and d.deputy_id = any($2)
           order by d.region_code, d.name collate "zh-x-icu", d.deputy_id"#,
        county.county_id.0,
        deputies
    )
    .fetch_all(connection)
    .await?;
    let named = |id: Option<i64>, name: Option<String>| id.zip(name).map(|(id, name)| Named { id, name });
    let deputies = rows.into_iter().map(|row| RosterDeputy {
        id: DeputyId(row.deputy_id),
        name: row.name,
        level: row.level,
        constituency: row.constituency,
        region: RegionRef { code: row.region_code, name: row.region_name },
        group: named(row.deputy_group_id, row.group_name),
        station: named(row.station_id, row.station_name),
        phone: row.phone.map(Phone),
        joined_on: row.joined_on,
        left_on: row.left_on,
        left_because: row.left_because,
        returned: row.returned_at.zip(row.return_reason).map(|(at, reason)| Returned { on: county.date_at(at), reason }),
        joining: None,
        sites: row.sites,
        rev: row.entry_rev,
    });
    Ok(deputies.collect())
}

/// Holds the deputy for the running transaction.
pub async fn lock_deputy(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<(), sqlx::Error> {
    sqlx::query!("select deputy_id from deputies where county_id = $1 and deputy_id = $2 for no key update", county_id.0, deputy_id.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// What is kept of a deputy.
#[derive(Debug, Clone)]
pub struct DeputyEntry {
    pub name: String,
    pub level: DeputyLevel,
    pub constituency: String,
    pub region_code: String,
    pub group_id: Option<DeputyGroupId>,
    pub station_id: Option<StationId>,
    pub phone: Option<String>,
}

/// Breaks `deputies_phone_key` when another deputy has the number.
pub async fn insert_deputy(
    connection: &mut PgConnection,
    county_id: CountyId,
    entry: &DeputyEntry,
    (personal_code, joined_on): (&str, NaiveDate),
) -> Result<DeputyId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into deputies (county_id, name, level, constituency, region_code, deputy_group_id, station_id, personal_code, phone, joined_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning deputy_id",
        county_id.0,
        entry.name,
        entry.level.as_str(),
        entry.constituency,
        entry.region_code,
        entry.group_id.map(|group| group.0),
        entry.station_id.map(|station| station.0),
        personal_code,
        entry.phone,
        joined_on
    )
    .fetch_one(connection)
    .await?;
    Ok(DeputyId(id))
}

pub async fn update_deputy(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId, entry: &DeputyEntry) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update deputies set name = $3, level = $4, constituency = $5, region_code = $6, deputy_group_id = $7, station_id = $8, phone = $9,
                entry_rev = entry_rev + 1
         where county_id = $1 and deputy_id = $2",
        county_id.0,
        deputy_id.0,
        entry.name,
        entry.level.as_str(),
        entry.constituency,
        entry.region_code,
        entry.group_id.map(|group| group.0),
        entry.station_id.map(|station| station.0),
        entry.phone
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

pub async fn list_adopted(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Vec<SiteId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select site_id as "site_id: SiteId" from adoptions where county_id = $1 and deputy_id = $2 and ended_on is null"#,
        county_id.0,
        deputy_id.0
    )
    .fetch_all(connection)
    .await
}

/// When and why deputies leave.
#[derive(Debug, Clone, Copy)]
pub struct Leaving<'a> {
    pub on: NaiveDate,
    /// The first instant at which they have no right as deputies.
    pub at: DateTime<Utc>,
    pub because: &'a str,
}

/// Notes that the deputies leave; from that instant on their accounts give no right as deputies. Returns how many did not leave already.
pub async fn note_leaving(
    connection: &mut PgConnection,
    county_id: CountyId,
    deputies: &[DeputyId],
    leaving: Leaving<'_>,
) -> Result<u64, sqlx::Error> {
    let numbers: Vec<i64> = deputies.iter().map(|deputy| deputy.0).collect();
    let noted = sqlx::query!(
        "update deputies set left_on = $3, left_at = $4, left_because = $5, entry_rev = entry_rev + 1
         where county_id = $1 and deputy_id = any($2) and left_on is null",
        county_id.0,
        &numbers,
        leaving.on,
        leaving.at,
        leaving.because
    )
    .execute(connection)
    .await?;
    Ok(noted.rows_affected())
}

/// Takes what the deputies hold: their sites are free, their invitations end, and so do the sessions, and the sign-ins under way, of accounts
/// that give no other right. Returns the sites.
pub async fn take_leave(
    connection: &mut PgConnection,
    county_id: CountyId,
    deputies: &[DeputyId],
    (on, reason): (NaiveDate, &str),
    now: DateTime<Utc>,
) -> Result<Vec<SiteId>, sqlx::Error> {
    let numbers: Vec<i64> = deputies.iter().map(|deputy| deputy.0).collect();
    // Whoever gives a deputy a site holds the deputy: wait for them, so that no adoption is begun unseen.
    sqlx::query!(
        "select deputy_id from deputies where county_id = $1 and deputy_id = any($2) order by deputy_id for no key update",
        county_id.0,
        &numbers
    )
    .fetch_all(&mut *connection)
    .await?;
    let sites = sqlx::query_scalar!(
        r#"update adoptions set ended_on = greatest($3, adopted_on), ended_reason = $4
           where county_id = $1 and deputy_id = any($2) and ended_on is null returning site_id as "site_id: SiteId""#,
        county_id.0,
        &numbers,
        on,
        reason
    )
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query!(
        "update invitations set revoked_at = $3, revoked_because = 'withdrawn'
         where county_id = $1 and deputy_id = any($2) and used_at is null and revoked_at is null",
        county_id.0,
        &numbers,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "with gone as (
             select account_id from grants g where county_id = $1 and deputy_id = any($2)
                 and not exists (select from grants other where other.account_id = g.account_id and other.role <> 'deputy')),
         half_way as (delete from pending_sign_ins where account_id in (select account_id from gone))
         delete from sessions where account_id in (select account_id from gone)",
        county_id.0,
        &numbers
    )
    .execute(&mut *connection)
    .await?;
    raise_rev(connection, county_id, &sites).await?;
    Ok(sites)
}
