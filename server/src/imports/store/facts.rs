//! What the county already has, read for comparison with a file.

use geodata::position::LonLat;
use sqlx::PgConnection;

use super::super::boundaries::{BoundaryDraft, StoredBoundary};
use super::super::facts::{Facts, KnownDeputy, KnownProject, KnownSite, KnownStation};
use super::super::townships::KnownRegion;
use crate::county::County;
use crate::ids::CountyId;

/// A number the database is sure of, as a position; the database holds none outside the box.
fn position(lon: f64, lat: f64) -> Result<LonLat, sqlx::Error> {
    LonLat::new(lon, lat).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Everything imports are compared with, for projects of `year`.
pub async fn find_facts(connection: &mut PgConnection, county: &County, year: i32) -> Result<Facts, sqlx::Error> {
    let id = county.county_id;
    Ok(Facts {
        county: county.code.parse().map_err(|error: geodata::region_code::RegionCodeError| sqlx::Error::Decode(error.into()))?,
        regions: list_regions(connection, id).await?,
        merged: list_merged(connection, id).await?,
        units: sqlx::query_scalar!("select name from units where county_id = $1 order by unit_id", id.0).fetch_all(&mut *connection).await?,
        projects: list_projects(connection, id, year).await?,
        sites: list_sites(connection, id, year).await?,
        stations: list_stations(connection, id).await?,
        deputies: list_deputies(connection, id).await?,
        groups: sqlx::query_scalar!("select name from deputy_groups where county_id = $1 order by deputy_group_id", id.0)
            .fetch_all(connection)
            .await?,
    })
}

async fn list_regions(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<KnownRegion>, sqlx::Error> {
    sqlx::query_as!(
        KnownRegion,
        r#"select region_code as code, name, boundary is not null as "has_boundary!"
           from regions where county_id = $1 and merged_into is null order by region_code"#,
        county_id.0
    )
    .fetch_all(connection)
    .await
}

/// Codes that a merger ended, each with the name of the region that it went into.
async fn list_merged(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select r.region_code, i.name from regions r join regions i on i.county_id = r.county_id and i.region_code = r.merged_into
         where r.county_id = $1 order by r.region_code",
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.region_code, row.name)).collect())
}

async fn list_projects(connection: &mut PgConnection, county_id: CountyId, year: i32) -> Result<Vec<KnownProject>, sqlx::Error> {
    sqlx::query_as!(
        KnownProject,
        r#"select number::int as "number!", title from projects where county_id = $1 and year = $2::int order by number"#,
        county_id.0,
        year
    )
    .fetch_all(connection)
    .await
}

async fn list_sites(connection: &mut PgConnection, county_id: CountyId, year: i32) -> Result<Vec<KnownSite>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select site_id, s.code, p.number::int as "number!", s.name, s.address, s.region_code, st_x(s.position) as "lon!", st_y(s.position) as "lat!",
                  u.name as unit, s.quota, s.people_served, s.remarks, s.planned_start_on, s.planned_finish_on, s.stage, s.key_site,
                  s.withdrawn_at is not null as "withdrawn!",
                  (select decision_number from site_withdrawals w where w.county_id = s.county_id and w.site_id = s.site_id and w.at = s.withdrawn_at)
                      as withdrawn_by
           from sites s join projects p using (county_id, project_id) join units u using (county_id, unit_id)
           where s.county_id = $1 and p.year = $2::int order by s.site_id"#,
        county_id.0,
        year
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(KnownSite {
                site_id: row.site_id,
                code: row.code,
                project_number: row.number,
                name: row.name,
                address: row.address,
                region_code: row.region_code,
                position: position(row.lon, row.lat)?,
                unit: row.unit,
                quota: row.quota,
                people_served: row.people_served,
                remarks: row.remarks,
                planned_start_on: row.planned_start_on,
                planned_finish_on: row.planned_finish_on,
                stage: row.stage,
                key_site: row.key_site,
                withdrawn: row.withdrawn,
                withdrawn_by: row.withdrawn_by,
            })
        })
        .collect()
}

async fn list_stations(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<KnownStation>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select station_id, code, name, kind, integrity_monitoring, region_code, address, telephone, opening_hours,
                  st_x(position) as "lon!", st_y(position) as "lat!"
           from stations where county_id = $1 order by station_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(KnownStation {
                station_id: row.station_id,
                code: row.code,
                name: row.name,
                kind: row.kind,
                integrity_monitoring: row.integrity_monitoring,
                region_code: row.region_code,
                address: row.address,
                telephone: row.telephone,
                opening_hours: row.opening_hours,
                position: position(row.lon, row.lat)?,
            })
        })
        .collect()
}

async fn list_deputies(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<KnownDeputy>, sqlx::Error> {
    sqlx::query_as!(
        KnownDeputy,
        r#"select deputy_id, d.phone as "phone!", d.name, d.level, d.constituency, d.region_code,
                  coalesce(g.name, '') as "group!", coalesce(s.name, '') as "station!",
                  array(select a.site_id from adoptions a where a.county_id = d.county_id and a.deputy_id = d.deputy_id and a.ended_on is null
                        order by a.site_id) as "adopted!"
           from deputies d
           left join deputy_groups g using (county_id, deputy_group_id)
           left join stations s on s.county_id = d.county_id and s.station_id = d.station_id
           where d.county_id = $1 and d.phone is not null order by deputy_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await
}

fn codes_and_shapes(drafts: &[BoundaryDraft]) -> (Vec<String>, Vec<String>) {
    drafts.iter().map(|draft| (draft.code.clone(), draft.shape.clone())).unzip()
}

/// What is stored under each draft's code, as regions.
pub async fn list_stored_regions(
    connection: &mut PgConnection,
    county_id: CountyId,
    drafts: &[BoundaryDraft],
) -> Result<Vec<Option<StoredBoundary>>, sqlx::Error> {
    let (codes, shapes) = codes_and_shapes(drafts);
    let rows = sqlx::query!(
        r#"select r.name as "name?", r.region_code as "region_code?",
                  coalesce(st_equals(r.boundary, st_setsrid(st_geomfromgeojson(shape), 4326)), false) as "same_shape!"
           from unnest($2::text[], $3::text[]) with ordinality as given (code, shape, place)
           left join regions r on r.county_id = $1 and r.region_code = code order by place"#,
        county_id.0,
        &codes,
        &shapes
    )
    .fetch_all(connection)
    .await?;
    let stored = rows.into_iter().map(|row| Some(StoredBoundary { name: row.name?, region_code: row.region_code?, same_shape: row.same_shape }));
    Ok(stored.collect())
}

/// What is stored under each draft's code, as grid cells.
pub async fn list_stored_grid_cells(
    connection: &mut PgConnection,
    county_id: CountyId,
    drafts: &[BoundaryDraft],
) -> Result<Vec<Option<StoredBoundary>>, sqlx::Error> {
    let (codes, shapes) = codes_and_shapes(drafts);
    let rows = sqlx::query!(
        r#"select g.name as "name?", g.region_code as "region_code?",
                  coalesce(st_equals(g.boundary, st_setsrid(st_geomfromgeojson(shape), 4326)), false) as "same_shape!"
           from unnest($2::text[], $3::text[]) with ordinality as given (code, shape, place)
           left join grid_cells g on g.county_id = $1 and g.code = given.code order by place"#,
        county_id.0,
        &codes,
        &shapes
    )
    .fetch_all(connection)
    .await?;
    let stored = rows.into_iter().map(|row| Some(StoredBoundary { name: row.name?, region_code: row.region_code?, same_shape: row.same_shape }));
    Ok(stored.collect())
}

/// Index of each shape that PostGIS holds for invalid, with its reason.
pub async fn list_invalid_shapes(connection: &mut PgConnection, drafts: &[BoundaryDraft]) -> Result<Vec<(usize, String)>, sqlx::Error> {
    let shapes: Vec<String> = drafts.iter().map(|draft| draft.shape.clone()).collect();
    let rows = sqlx::query!(
        r#"select place as "place!", st_isvalidreason(shape) as "reason!"
           from (select place, st_setsrid(st_geomfromgeojson(text), 4326) as shape from unnest($1::text[]) with ordinality as given (text, place)) as read
           where not st_isvalid(shape) order by place"#,
        &shapes
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (usize::try_from(row.place - 1).unwrap_or(usize::MAX), row.reason)).collect())
}
