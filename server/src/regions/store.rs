//! All SQL of counties and regions.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use geodata::LonLat;
use sqlx::PgConnection;

use super::model::{Located, Region, Water};
use crate::calendar::Month;
use crate::county::{County, MonthReminder, MonthRules};
use crate::database::geometry::{read_area, read_shape};
use crate::ids::CountyId;

/// Every county of the database. A zone that is not known falls back to Shanghai's.
pub async fn list_counties(connection: &mut PgConnection) -> Result<Vec<County>, sqlx::Error> {
    let mut closed = closed_rules(&mut *connection).await?;
    let rows = sqlx::query!(
        "select county_id, code, name, time_zone, is_demo, grace_days, offline_hours, stale_days, off_site_m, minimum_ranked,
                month_reminder_days, month_reminder_hour,
                order_rise_hour, offer_reminder_days, offer_reminder_hour
         from counties order by county_id"
    )
    .fetch_all(connection)
    .await?;
    let reminder = |days: Option<i16>, hour: i16| {
        let days_before = u16::try_from(days?).ok()?;
        Some(MonthReminder { days_before, hour: u16::try_from(hour).ok()? })
    };
    let counties = rows.into_iter().map(|row| County {
        county_id: CountyId(row.county_id),
        code: row.code,
        name: row.name,
        zone: row.time_zone.parse().unwrap_or(chrono_tz::Tz::Asia__Shanghai),
        is_demo: row.is_demo,
        grace_days: u16::try_from(row.grace_days).unwrap_or(5),
        offline_hours: u16::try_from(row.offline_hours).unwrap_or(72),
        stale_days: u16::try_from(row.stale_days).unwrap_or(40),
        off_site_m: u32::try_from(row.off_site_m).unwrap_or(500),
        minimum_ranked: u16::try_from(row.minimum_ranked).unwrap_or(5),
        month_reminder: reminder(row.month_reminder_days, row.month_reminder_hour),
        order_rise_hour: u16::try_from(row.order_rise_hour).unwrap_or_default(),
        offer_reminder: reminder(row.offer_reminder_days, row.offer_reminder_hour),
        closed: closed.remove(&row.county_id).unwrap_or_default(),
    });
    Ok(counties.collect())
}

/// The rules of every closed month of every county.
async fn closed_rules(connection: &mut PgConnection) -> Result<HashMap<i32, BTreeMap<Month, MonthRules>>, sqlx::Error> {
    let rows = sqlx::query!("select county_id, month, grace_days, stale_days, minimum_ranked from reporting_months").fetch_all(connection).await?;
    let mut counties: HashMap<i32, BTreeMap<Month, MonthRules>> = HashMap::new();
    for row in rows {
        let number = |number: i16| number.unsigned_abs();
        let rules = MonthRules { grace_days: number(row.grace_days), stale_days: number(row.stale_days), minimum_ranked: number(row.minimum_ranked) };
        counties.entry(row.county_id).or_default().insert(Month::of(row.month), rules);
    }
    Ok(counties)
}

/// Makes a county with its own region, so that rights can be given in it. Breaks `counties_code_key` when the code is taken.
pub async fn insert_county(
    connection: &mut PgConnection,
    code: &str,
    name: &str,
    is_demo: bool,
    now: DateTime<Utc>,
) -> Result<CountyId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into counties (code, name, is_demo, created_at) values ($1, $2, $3, $4) returning county_id",
        code,
        name,
        is_demo,
        now
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!("insert into regions (county_id, region_code, name) values ($1, $2, $3)", id, code, name).execute(connection).await?;
    Ok(CountyId(id))
}

/// The county and its townships in order of their code, with their boundaries. Villages are left out.
pub async fn list_regions(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Region>, sqlx::Error> {
    let rows = sqlx::query!(
        "select region_code, name, st_asgeojson(boundary, 7) as boundary
         from regions where county_id = $1 and length(region_code) <= 9 and merged_into is null order by region_code",
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let regions = rows.into_iter().map(|row| {
        let boundary = row.boundary.as_deref().map(read_area).transpose()?;
        Ok(Region { code: row.region_code, name: row.name, boundary })
    });
    regions.collect()
}

/// The county's lakes and rivers.
pub async fn list_waters(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Water>, sqlx::Error> {
    let rows =
        sqlx::query!(r#"select kind, name, st_asgeojson(shape, 7) as "shape!" from waters where county_id = $1 order by water_id"#, county_id.0)
            .fetch_all(connection)
            .await?;
    let waters = rows.into_iter().map(|row| Ok(Water { kind: row.kind, name: row.name, shape: read_shape(&row.shape)? }));
    waters.collect()
}

/// Code and name of every region of the county.
pub async fn list_names(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows =
        sqlx::query!("select region_code, name from regions where county_id = $1 order by region_code", county_id.0).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.region_code, row.name)).collect())
}

/// The village whose boundary holds the point, where its boundary is known.
pub async fn find_village(connection: &mut PgConnection, county_id: CountyId, point: LonLat) -> Result<Option<(String, String)>, sqlx::Error> {
    let row = sqlx::query!(
        "select region_code, name from regions
         where county_id = $1 and length(region_code) = 12 and merged_into is null and st_covers(boundary, st_setsrid(st_makepoint($2, $3), 4326))
         order by region_code limit 1",
        county_id.0,
        point.lon(),
        point.lat()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.region_code, row.name)))
}

/// The township of each point and its distance to the county's area: that of the county's own boundary, or of its townships together.
pub async fn locate(connection: &mut PgConnection, county_id: CountyId, points: &[LonLat]) -> Result<Vec<Located>, sqlx::Error> {
    let (lons, lats): (Vec<f64>, Vec<f64>) = points.iter().map(|point| (point.lon(), point.lat())).unzip();
    let rows = sqlx::query!(
        r#"with area as materialized (
               select coalesce((select boundary from regions where county_id = $1 and length(region_code) = 6 limit 1),
                               (select st_union(boundary) from regions where county_id = $1 and length(region_code) = 9)) as shape),
           points as (
               select place, st_setsrid(st_makepoint(lon, lat), 4326) as point
               from unnest($2::float8[], $3::float8[]) with ordinality as given (lon, lat, place))
           select (select region_code from regions r
                   where r.county_id = $1 and length(r.region_code) = 9 and st_covers(r.boundary, point) order by region_code limit 1) as township,
                  case when shape is null then null
                       when st_covers(shape, point) then 0
                       else st_distance(shape::geography, point::geography) end as outside_m
           from points, area order by place"#,
        county_id.0,
        &lons,
        &lats
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| Located { township: row.township, outside_m: row.outside_m }).collect())
}
