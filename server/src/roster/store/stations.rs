//! All SQL of stations as the desk keeps them.

use chrono::NaiveDate;
use geodata::LonLat;
use geodata::datum::Datum;
use sqlx::PgConnection;

use crate::database::one_row;
use crate::http::shapes::{Position, RegionRef};
use crate::ids::{CountyId, StationId};
use crate::roster::view::RosterStation;
use crate::stations::StationKind;

/// Every station, also closed ones, or one of them.
pub async fn list_kept(connection: &mut PgConnection, county_id: CountyId, only: Option<StationId>) -> Result<Vec<RosterStation>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select station_id, code, s.name, kind as "kind: StationKind", integrity_monitoring, s.region_code, r.name as region_name, address,
                  telephone, opening_hours, st_x(position) as "lon!", st_y(position) as "lat!", closed_on, rev,
                  array(select a.name from grants g join accounts a using (account_id)
                        where g.county_id = $1 and g.station_id = s.station_id and disabled_at is null order by a.name) as "keepers!",
                  (select count(*) from deputies d where d.county_id = $1 and d.station_id = s.station_id and left_on is null) as "deputies!"
           from stations s join regions r on r.county_id = s.county_id and r.region_code = s.region_code
           where s.county_id = $1 and ($2::bigint is null or station_id = $2)
           order by closed_on is not null, s.name collate "zh-x-icu", station_id"#,
        county_id.0,
        only.map(|station| station.0)
    )
    .fetch_all(connection)
    .await?;
    let stations = rows.into_iter().map(|row| RosterStation {
        id: StationId(row.station_id),
        code: row.code,
        name: row.name,
        kind: row.kind,
        integrity_monitoring: row.integrity_monitoring,
        region: RegionRef { code: row.region_code, name: row.region_name },
        address: row.address,
        telephone: row.telephone,
        opening_hours: row.opening_hours,
        position: Position { lon: row.lon, lat: row.lat },
        closed_on: row.closed_on,
        keepers: row.keepers,
        deputies: row.deputies,
        rev: row.rev,
    });
    Ok(stations.collect())
}

/// Holds the station for the running transaction.
pub async fn lock_station(connection: &mut PgConnection, county_id: CountyId, station_id: StationId) -> Result<(), sqlx::Error> {
    sqlx::query!("select station_id from stations where county_id = $1 and station_id = $2 for update", county_id.0, station_id.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// What is kept of a station.
#[derive(Debug, Clone)]
pub struct StationEntry {
    pub name: String,
    pub kind: StationKind,
    pub integrity_monitoring: bool,
    pub region_code: String,
    pub address: String,
    pub telephone: String,
    pub opening_hours: String,
    /// In WGS-84.
    pub position: LonLat,
    pub datum: Datum,
    /// As it was written.
    pub source: String,
}

/// Breaks `stations_code_key` when the code is taken.
pub async fn insert_station(connection: &mut PgConnection, county_id: CountyId, code: &str, entry: &StationEntry) -> Result<StationId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into stations (county_id, code, name, kind, integrity_monitoring, region_code, address, telephone, opening_hours, position,
                               source_datum, source_position)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, st_setsrid(st_makepoint($10, $11), 4326), $12, $13) returning station_id",
        county_id.0,
        code,
        entry.name,
        entry.kind.as_str(),
        entry.integrity_monitoring,
        entry.region_code,
        entry.address,
        entry.telephone,
        entry.opening_hours,
        entry.position.lon(),
        entry.position.lat(),
        entry.datum.as_str(),
        entry.source
    )
    .fetch_one(connection)
    .await?;
    Ok(StationId(id))
}

/// Writes a locked station anew; one that closed opens again.
pub async fn update_station(
    connection: &mut PgConnection,
    county_id: CountyId,
    station_id: StationId,
    entry: &StationEntry,
) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update stations set name = $3, kind = $4, integrity_monitoring = $5, region_code = $6, address = $7, telephone = $8, opening_hours = $9,
                position = st_setsrid(st_makepoint($10, $11), 4326), source_datum = $12, source_position = $13, closed_on = null, rev = rev + 1
         where county_id = $1 and station_id = $2",
        county_id.0,
        station_id.0,
        entry.name,
        entry.kind.as_str(),
        entry.integrity_monitoring,
        entry.region_code,
        entry.address,
        entry.telephone,
        entry.opening_hours,
        entry.position.lon(),
        entry.position.lat(),
        entry.datum.as_str(),
        entry.source
    )
    .execute(connection)
    .await?;
    one_row(updated.rows_affected())
}

pub async fn close_station(connection: &mut PgConnection, county_id: CountyId, station_id: StationId, today: NaiveDate) -> Result<(), sqlx::Error> {
    let closed = sqlx::query!(
        "update stations set closed_on = coalesce(closed_on, $3), rev = rev + 1 where county_id = $1 and station_id = $2",
        county_id.0,
        station_id.0,
        today
    )
    .execute(connection)
    .await?;
    one_row(closed.rows_affected())
}
