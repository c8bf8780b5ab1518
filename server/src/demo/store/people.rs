//! Deputies and their groups, accounts and rights, adoptions.

use chrono::{DateTime, NaiveDate, Utc};
use geodata::demo_county::{DemoCounty, Deputy};
use sqlx::PgConnection;

use super::{Ids, in_order};
use crate::accounts::model::Grant;
use crate::ids::{AccountId, CountyId};

pub async fn insert_groups(connection: &mut PgConnection, county_id: CountyId, county: &DemoCounty) -> Result<Vec<i64>, sqlx::Error> {
    let names: Vec<String> = county.groups.iter().map(|group| group.name.clone()).collect();
    let themes: Vec<String> = county.groups.iter().map(|group| group.theme.clone()).collect();
    let ids = sqlx::query_scalar!(
        "insert into deputy_groups (county_id, name, theme)
         select $1, name, theme from unnest($2::text[], $3::text[]) with ordinality as deputy_group (name, theme, place) order by place
         returning deputy_group_id",
        county_id.0,
        &names,
        &themes
    )
    .fetch_all(connection)
    .await?;
    Ok(in_order(ids))
}

pub async fn insert_deputies(connection: &mut PgConnection, county_id: CountyId, county: &DemoCounty, ids: &Ids) -> Result<Vec<i64>, sqlx::Error> {
    let text = |of: fn(&Deputy) -> &str| county.deputies.iter().map(|deputy| of(deputy).to_owned()).collect::<Vec<_>>();
    let regions: Vec<String> = county.deputies.iter().map(|deputy| county.townships[deputy.township].code.to_string()).collect();
    let groups: Vec<i64> = county.deputies.iter().map(|deputy| ids.groups[deputy.group]).collect();
    let stations: Vec<i64> = county.deputies.iter().map(|deputy| ids.stations[deputy.station]).collect();
    let made = sqlx::query_scalar!(
        "insert into deputies (county_id, name, level, constituency, personal_code, phone, region_code, deputy_group_id, station_id)
         select $1, name, level, constituency, personal_code, phone, region_code, group_id, station_id
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[])
              with ordinality as deputy (name, level, constituency, personal_code, phone, region_code, group_id, station_id, place)
         order by place returning deputy_id",
        county_id.0,
        &text(|deputy| &deputy.name),
        &text(|deputy| deputy.level.as_str()),
        &text(|deputy| &deputy.constituency),
        &text(|deputy| &deputy.personal_code),
        &text(|deputy| &deputy.phone),
        &regions,
        &groups,
        &stations
    )
    .fetch_all(connection)
    .await?;
    Ok(in_order(made))
}

/// An account to be made; without a password nobody can sign in to it.
#[derive(Debug)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub has_password: bool,
}

pub async fn insert_accounts(
    connection: &mut PgConnection,
    county_id: CountyId,
    accounts: &[NewAccount],
    password_hash: &str,
    at: DateTime<Utc>,
) -> Result<Vec<i64>, sqlx::Error> {
    let logins: Vec<String> = accounts.iter().map(|account| account.login.clone()).collect();
    let names: Vec<String> = accounts.iter().map(|account| account.name.clone()).collect();
    let with_password: Vec<bool> = accounts.iter().map(|account| account.has_password).collect();
    let ids = sqlx::query_scalar!(
        "insert into accounts (county_id, login, name, password_hash, created_at)
         select $1, login, name, case when has_password then $5::text end, $6::timestamptz
         from unnest($2::text[], $3::text[], $4::boolean[]) with ordinality as account (login, name, has_password, place)
         order by place returning account_id",
        county_id.0,
        &logins,
        &names,
        &with_password,
        password_hash,
        at
    )
    .fetch_all(connection)
    .await?;
    Ok(in_order(ids))
}

pub async fn insert_grants(connection: &mut PgConnection, county_id: CountyId, grants: &[(AccountId, Grant)]) -> Result<(), sqlx::Error> {
    let accounts: Vec<i64> = grants.iter().map(|(account, _)| account.0).collect();
    let roles: Vec<String> = grants.iter().map(|(_, grant)| grant.role.as_str().to_owned()).collect();
    let regions: Vec<String> = grants.iter().map(|(_, grant)| grant.region_code.clone()).collect();
    let deputies: Vec<Option<i64>> = grants.iter().map(|(_, grant)| grant.deputy_id.map(|id| id.0)).collect();
    let units: Vec<Option<i64>> = grants.iter().map(|(_, grant)| grant.unit_id.map(|id| id.0)).collect();
    let stations: Vec<Option<i64>> = grants.iter().map(|(_, grant)| grant.station_id.map(|id| id.0)).collect();
    sqlx::query!(
        "insert into grants (county_id, account_id, role, region_code, deputy_id, unit_id, station_id)
         select $1, account_id, role, region_code, deputy_id, unit_id, station_id
         from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
              as held (account_id, role, region_code, deputy_id, unit_id, station_id)",
        county_id.0,
        &accounts,
        &roles,
        &regions,
        &deputies as &[Option<i64>],
        &units as &[Option<i64>],
        &stations as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_adoptions(
    connection: &mut PgConnection,
    county_id: CountyId,
    county: &DemoCounty,
    ids: &Ids,
    adopted_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let sites: Vec<i64> = county.adoptions.iter().map(|adoption| ids.sites[adoption.site]).collect();
    let deputies: Vec<i64> = county.adoptions.iter().map(|adoption| ids.deputies[adoption.deputy]).collect();
    sqlx::query!(
        "insert into adoptions (county_id, site_id, deputy_id, adopted_on)
         select $1, site_id, deputy_id, $4 from unnest($2::bigint[], $3::bigint[]) as adoption (site_id, deputy_id)",
        county_id.0,
        &sites,
        &deputies,
        adopted_on
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The term in which everybody sits.
pub async fn insert_term(connection: &mut PgConnection, (county_id, at): (CountyId, DateTime<Utc>)) -> Result<(), sqlx::Error> {
    sqlx::query!("insert into terms (county_id, number, begins_on, entered_at, begun_at) values ($1, 17, '2022-01-12', $2, $2)", county_id.0, at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Offers a handful of open sites to all deputies, spread over the county by their codes.
pub async fn insert_offers(connection: &mut PgConnection, (county_id, at): (CountyId, DateTime<Utc>), ids: &Ids) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into site_offers (county_id, site_id, places, words, offered_at, offered_by)
         select $1, site_id, 1 + place % 2, case place % 2 when 0 then '请就近的代表领办' else '' end, $2, $3
         from (select site_id, (row_number() over (order by code) / 23)::smallint as place, row_number() over (order by code) % 23 as rest
               from sites where county_id = $1 and struck_off_on is null and stage <> 'completed') as open_sites
         where rest = 11 order by place limit 5",
        county_id.0,
        at,
        ids.committee_account
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The portraits of those deputies who have one, by place in the county's list; each set by the deputy.
pub async fn insert_portraits(
    connection: &mut PgConnection,
    (county_id, at): (CountyId, DateTime<Utc>),
    ids: &Ids,
    portraits: &[(usize, Vec<u8>)],
) -> Result<(), sqlx::Error> {
    let deputies: Vec<i64> = portraits.iter().map(|(place, _)| ids.deputies[*place]).collect();
    let accounts: Vec<i64> = portraits.iter().map(|(place, _)| ids.deputy_accounts[*place]).collect();
    let pictures: Vec<Vec<u8>> = portraits.iter().map(|(_, picture)| picture.clone()).collect();
    sqlx::query!(
        "insert into portraits (county_id, deputy_id, sha256, picture, set_by, set_at)
         select $1, deputy_id, sha256(picture), picture, account_id, $5
         from unnest($2::bigint[], $3::bytea[], $4::bigint[]) as portrait (deputy_id, picture, account_id)",
        county_id.0,
        &deputies,
        &pictures,
        &accounts,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}
