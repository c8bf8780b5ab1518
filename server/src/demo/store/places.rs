//! Land, water, units, stations, projects and sites.

use std::fmt::Write;

use geo::{Geometry, LineString, MultiPolygon};
use geodata::demo_county::{DemoCounty, WaterKind};
use sqlx::PgConnection;

use super::{Ids, in_order};
use crate::demo::history::{History, STRUCK_OFF_NOTE};
use crate::ids::CountyId;

/// Whether the database holds no county yet.
pub async fn is_empty(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select not exists (select from counties) as "empty!""#).fetch_one(connection).await
}

/// Boundaries: the county's own row is there already, the townships are new.
pub async fn insert_regions(connection: &mut PgConnection, county_id: CountyId, county: &DemoCounty) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update regions set boundary = st_geomfromtext($3, 4326) where county_id = $1 and region_code = $2",
        county_id.0,
        county.code.as_str(),
        shape_text(&county.boundary)
    )
    .execute(&mut *connection)
    .await?;
    let codes: Vec<String> = county.townships.iter().map(|township| township.code.to_string()).collect();
    let names: Vec<String> = county.townships.iter().map(|township| township.name.clone()).collect();
    let shapes: Vec<String> = county.townships.iter().map(|township| shape_text(&township.boundary)).collect();
    sqlx::query!(
        "insert into regions (county_id, region_code, name, boundary)
         select $1, code, name, st_geomfromtext(shape, 4326) from unnest($2::text[], $3::text[], $4::text[]) as township (code, name, shape)",
        county_id.0,
        &codes,
        &names,
        &shapes
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_waters(connection: &mut PgConnection, county_id: CountyId, county: &DemoCounty) -> Result<(), sqlx::Error> {
    let kind = |kind| if kind == WaterKind::Lake { "lake" } else { "river" }.to_owned();
    let kinds: Vec<String> = county.waters.iter().map(|water| kind(water.kind)).collect();
    let names: Vec<String> = county.waters.iter().map(|water| water.name.clone()).collect();
    let shapes: Vec<String> = county.waters.iter().map(|water| geometry_text(&water.shape)).collect();
    sqlx::query!(
        "insert into waters (county_id, kind, name, shape)
         select $1, kind, name, st_geomfromtext(shape, 4326) from unnest($2::text[], $3::text[], $4::text[]) as water (kind, name, shape)",
        county_id.0,
        &kinds,
        &names,
        &shapes
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_grid_cells(connection: &mut PgConnection, county_id: CountyId, county: &DemoCounty) -> Result<(), sqlx::Error> {
    let codes: Vec<String> = county.grid_cells.iter().map(|cell| cell.code.clone()).collect();
    let names: Vec<String> = county.grid_cells.iter().map(|cell| cell.name.clone()).collect();
    let regions: Vec<String> = county.grid_cells.iter().map(|cell| county.townships[cell.township].code.to_string()).collect();
    let shapes: Vec<String> = county.grid_cells.iter().map(|cell| shape_text(&cell.boundary)).collect();
    sqlx::query!(
        "insert into grid_cells (county_id, code, name, region_code, boundary)
         select $1, code, name, region_code, st_geomfromtext(shape, 4326)
         from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as cell (code, name, region_code, shape)",
        county_id.0,
        &codes,
        &names,
        &regions,
        &shapes
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_units(connection: &mut PgConnection, county_id: CountyId, county: &DemoCounty) -> Result<Vec<i64>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "insert into units (county_id, name) select $1, name from unnest($2::text[]) with ordinality as unit (name, place) order by place
         returning unit_id",
        county_id.0,
        &county.units
    )
    .fetch_all(connection)
    .await?;
    Ok(in_order(ids))
}

pub async fn insert_stations(connection: &mut PgConnection, county_id: CountyId, county: &DemoCounty) -> Result<Vec<i64>, sqlx::Error> {
    let text = |of: fn(&geodata::demo_county::Station) -> &str| county.stations.iter().map(|station| of(station).to_owned()).collect::<Vec<_>>();
    let integrity: Vec<bool> = county.stations.iter().map(|station| station.integrity_monitoring).collect();
    let regions: Vec<String> = county.stations.iter().map(|station| county.townships[station.township].code.to_string()).collect();
    let lons: Vec<f64> = county.stations.iter().map(|station| station.position.lon()).collect();
    let lats: Vec<f64> = county.stations.iter().map(|station| station.position.lat()).collect();
    let written: Vec<String> = county.stations.iter().map(|station| station.position.to_string()).collect();
    let ids = sqlx::query_scalar!(
        "insert into stations (county_id, code, name, kind, address, telephone, opening_hours, integrity_monitoring, region_code, position, source_position)
         select $1, code, name, kind, address, telephone, opening_hours, integrity, region_code, st_setsrid(st_makepoint(lon, lat), 4326), written
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::text[], $10::float8[], $11::float8[], $12::text[])
              with ordinality as station (code, name, kind, address, telephone, opening_hours, integrity, region_code, lon, lat, written, place)
         order by place returning station_id",
        county_id.0,
        &text(|station| &station.code),
        &text(|station| &station.name),
        &text(|station| station.kind.as_str()),
        &text(|station| &station.address),
        &text(|station| &station.telephone),
        &text(|station| &station.opening_hours),
        &integrity,
        &regions,
        &lons,
        &lats,
        &written
    )
    .fetch_all(connection)
    .await?;
    Ok(in_order(ids))
}

pub async fn insert_projects(
    connection: &mut PgConnection,
    county_id: CountyId,
    county: &DemoCounty,
    ids: &Ids,
    year: i32,
) -> Result<Vec<i64>, sqlx::Error> {
    let numbers: Vec<i16> = county.projects.iter().map(|project| project.number.cast_signed()).collect();
    let titles: Vec<String> = county.projects.iter().map(|project| project.title.clone()).collect();
    let units: Vec<i64> = county.projects.iter().map(|project| ids.units[project.lead_unit]).collect();
    let made = sqlx::query_scalar!(
        "insert into projects (county_id, year, number, title, lead_unit_id)
         select $1, $2, number, title, unit_id
         from unnest($3::smallint[], $4::text[], $5::bigint[]) with ordinality as project (number, title, unit_id, place)
         order by place returning project_id",
        county_id.0,
        i16::try_from(year).unwrap_or(2026),
        &numbers,
        &titles,
        &units
    )
    .fetch_all(connection)
    .await?;
    Ok(in_order(made))
}

/// Sites as they are now. Their stages need their causes, which follow in the same transaction.
pub async fn insert_sites(
    connection: &mut PgConnection,
    county_id: CountyId,
    county: &DemoCounty,
    history: &History,
    ids: &Ids,
) -> Result<Vec<i64>, sqlx::Error> {
    type Plan = geodata::demo_county::Site;
    type Now = crate::demo::history::SiteHistory;
    fn column<T>(county: &DemoCounty, of: impl Fn(&Plan) -> T) -> Vec<T> {
        county.sites.iter().map(of).collect()
    }
    fn present<T>(history: &History, of: impl Fn(&Now) -> T) -> Vec<T> {
        history.sites.iter().map(of).collect()
    }
    let code = |site: &Plan| format!("{}-{:02}-{:03}", history.year, site.project + 1, site.serial);
    let struck_off_on = |site: &Now| site.struck_off_at.map(|at| at.with_timezone(&history.zone).date_naive());
    let made = sqlx::query_scalar!(
        "insert into sites (county_id, code, project_id, name, address, region_code, position, source_datum, source_position, unit_id, quota,
                            people_served, planned_start_on, planned_finish_on, original_planned_start_on, original_planned_finish_on,
                            stage, percent, stage_since, struck_off_on, struck_off_by, struck_off_note, struck_off_at, last_report_at, rev, created_at)
         select $1, code, project_id, name, address, region_code, st_setsrid(st_makepoint(lon, lat), 4326), 'wgs84', lon || ',' || lat, unit_id, quota,
                people, start_on, finish_on, start_on, finish_on,
                stage, percent, since, struck_on, case when struck_on is not null then $20::bigint end,
                case when struck_on is not null then $21::text end, struck_at, last_report_at, rev, $22::timestamptz
         from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::float8[], $9::bigint[], $10::text[],
                     $11::integer[], $12::date[], $13::date[], $14::text[], $15::smallint[], $16::timestamptz[], $17::date[], $18::timestamptz[], $19::bigint[],
                     $23::timestamptz[])
              with ordinality as site (code, project_id, name, address, region_code, lon, lat, unit_id, quota, people, start_on, finish_on,
                                       stage, percent, since, struck_on, last_report_at, rev, struck_at, place)
         order by place returning site_id",
        county_id.0,
        &column(county, code),
        &column(county, |site| ids.projects[site.project]),
        &column(county, |site| site.name.clone()),
        &column(county, |site| site.address.clone()),
        &column(county, |site| county.townships[site.township].code.to_string()),
        &column(county, |site| site.position.lon()),
        &column(county, |site| site.position.lat()),
        &column(county, |site| ids.units[site.unit]),
        &column(county, |site| site.quota.clone()),
        &column(county, |site| site.people_served.cast_signed()),
        &present(history, |site| site.planned_start_on),
        &present(history, |site| site.planned_finish_on),
        &present(history, |site| site.stage.as_str().to_owned()),
        &present(history, |site| site.percent),
        &present(history, |site| site.stage_since),
        &present(history, struck_off_on) as &[Option<chrono::NaiveDate>],
        &present(history, |site| site.last_report_at) as &[Option<chrono::DateTime<chrono::Utc>>],
        &present(history, |site| site.rev),
        ids.committee_account,
        STRUCK_OFF_NOTE,
        history.entered_at,
        &present(history, |site| site.struck_off_at) as &[Option<chrono::DateTime<chrono::Utc>>]
    )
    .fetch_all(connection)
    .await?;
    Ok(in_order(made))
}

fn geometry_text(shape: &Geometry) -> String {
    match shape {
        Geometry::MultiPolygon(shape) => shape_text(shape),
        Geometry::MultiLineString(lines) => {
            let lines: Vec<_> = lines.iter().map(line_text).collect();
            format!("MULTILINESTRING({})", lines.join(","))
        }
        other => unreachable!("the demo county draws no {other:?}"),
    }
}

fn shape_text(shape: &MultiPolygon) -> String {
    let polygon = |polygon: &geo::Polygon| {
        let rings: Vec<_> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(line_text).collect();
        format!("({})", rings.join(","))
    };
    let polygons: Vec<_> = shape.iter().map(polygon).collect();
    format!("MULTIPOLYGON({})", polygons.join(","))
}

fn line_text(line: &LineString) -> String {
    let mut text = String::from("(");
    for (place, vertex) in line.coords().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{} {}", vertex.x, vertex.y);
    }
    text + ")"
}
