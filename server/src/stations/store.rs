//! All SQL of stations.

use geodata::LonLat;
use sqlx::PgConnection;

use super::model::{Station, StationKind};
use crate::http::shapes::RegionRef;
use crate::ids::{CountyId, StationId};

/// The county's stations in the order of their names' pinyin.
pub async fn list_stations(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Station>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select station_id, code, s.name, kind as "kind: StationKind", integrity_monitoring, region_code, r.name as region_name, address,
                  telephone, opening_hours, st_x(position) as "lon!", st_y(position) as "lat!"
           from stations s
           join regions r using (county_id, region_code)
           where county_id = $1 and closed_on is null
           order by s.name collate "zh-x-icu", station_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let stations = rows.into_iter().map(|row| {
        Ok(Station {
            station_id: StationId(row.station_id),
            code: row.code,
            name: row.name,
            kind: row.kind,
            integrity_monitoring: row.integrity_monitoring,
            region: RegionRef { code: row.region_code, name: row.region_name },
            address: row.address,
            telephone: row.telephone,
            opening_hours: row.opening_hours,
            position: LonLat::new(row.lon, row.lat).map_err(|error| sqlx::Error::Decode(error.into()))?,
        })
    });
    stations.collect()
}
