//! All SQL of exports: pages of published rows, each beginning after the last row of the one before.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Dataset, Record, Value, shown_kind, shown_stage, shown_state, shown_way};
use crate::calendar::Month;
use crate::county::County;
use crate::sites::model::is_stale;

/// Where the next page begins.
#[derive(Clone, Copy, Debug)]
pub enum After {
    Number(i64),
    Report(Uuid),
}

impl After {
    /// Before the first row.
    pub fn start(dataset: Dataset) -> Self {
        if dataset == Dataset::Reports { Self::Report(Uuid::nil()) } else { Self::Number(0) }
    }
}

/// Rows of a page.
const PAGE: i64 = 1_000;

/// The next rows and where to go on; None after the last.
pub async fn list_records(
    connection: &mut PgConnection,
    county: &County,
    dataset: Dataset,
    after: After,
) -> Result<(Vec<Record>, Option<After>), sqlx::Error> {
    let rows = match (dataset, after) {
        (Dataset::Sites, After::Number(after)) => list_sites(connection, county, after).await?,
        (Dataset::Stations, After::Number(after)) => list_stations(connection, county, after).await?,
        (Dataset::GridCells, After::Number(after)) => list_grid_cells(connection, county, after).await?,
        (Dataset::SitesOf(month), After::Number(after)) => list_sites_of(connection, county, month, after).await?,
        (Dataset::Reports, After::Report(after)) => list_reports(connection, county, after).await?,
        _ => Vec::new(),
    };
    let next = if rows.len() as i64 == PAGE { rows.last().map(|(place, _)| *place) } else { None };
    Ok((rows.into_iter().map(|(_, record)| record).collect(), next))
}

type Rows = Vec<(After, Record)>;

fn word(code: String, shown: fn(&str) -> &'static str) -> Value {
    Value::Word { shown: shown(&code), code }
}

async fn list_sites(connection: &mut PgConnection, county: &County, after: i64) -> Result<Rows, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.site_id, s.code, s.name, p.number, p.title, lead.name as lead_unit, u.name as unit, r.name as township, s.region_code, s.address,
                  st_x(s.position) as "lon!", st_y(s.position) as "lat!", st_asgeojson(s.position, 7) as "geometry!", s.stage, s.percent,
                  s.planned_start_on, s.planned_finish_on, s.struck_off_on, s.last_report_at, s.quota, s.people_served, s.remarks
           from sites s join projects p using (county_id, project_id) join units u using (county_id, unit_id)
           join units lead on lead.county_id = s.county_id and lead.unit_id = p.lead_unit_id
           join regions r on r.county_id = s.county_id and r.region_code = s.region_code
           where s.county_id = $1 and s.site_id > $2 and s.withdrawn_at is null order by s.site_id limit $3"#,
        county.county_id.0,
        after,
        PAGE
    )
    .fetch_all(connection)
    .await?;
    let records = rows.into_iter().map(|row| {
        let date = |date: Option<chrono::NaiveDate>| date.map_or(Value::Nothing, Value::Date);
        let values = vec![
            Value::Text(row.code),
            Value::Text(row.name),
            Value::Whole(row.number.into()),
            Value::Text(row.title),
            Value::Text(row.lead_unit),
            Value::Text(row.unit),
            Value::Text(row.township),
            Value::Text(row.region_code),
            Value::text(row.address),
            Value::Degrees(row.lon),
            Value::Degrees(row.lat),
            word(row.stage, shown_stage),
            Value::Percent(row.percent.into()),
            date(row.planned_start_on),
            date(row.planned_finish_on),
            date(row.struck_off_on),
            row.last_report_at.map_or(Value::Nothing, |at| Value::Moment(county.local(at))),
            Value::text(row.quota),
            row.people_served.map_or(Value::Nothing, |people| Value::Whole(people.into())),
            Value::text(row.remarks),
        ];
        (After::Number(row.site_id), Record { values, geometry: row.geometry })
    });
    Ok(records.collect())
}

/// Whether the month has a map that was frozen.
pub async fn has_month(connection: &mut PgConnection, county: &County, month: Month) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from reporting_months where county_id = $1 and month = $2) as "closed!""#,
        county.county_id.0,
        month.first_day()
    )
    .fetch_one(connection)
    .await
}

/// Sites withdrawn since are in it as well: the month's figures are what they were.
async fn list_sites_of(connection: &mut PgConnection, county: &County, month: Month, after: i64) -> Result<Rows, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select m.site_id, s.code, s.name, p.number, p.title, u.name as unit, coalesce(lay_in_name, r.name) as "township!",
                  coalesce(lay_in_code, s.region_code) as "region_code!",
                  st_x(s.position) as "lon!", st_y(s.position) as "lat!", st_asgeojson(s.position, 7) as "geometry!", m.stage, m.percent,
                  m.start_overdue, m.finish_overdue, m.silent, m.struck_off_on, m.owed, m.received, m.on_time, m.last_report_at, s.created_at,
                  case when closed.finalized_at is null then 'provisional' else 'final' end as "state!"
           from month_sites m
           join reporting_months closed using (county_id, month)
           join sites s using (county_id, site_id) join projects p using (county_id, project_id) join units u using (county_id, unit_id)
           join regions r on r.county_id = s.county_id and r.region_code = s.region_code
           where m.county_id = $1 and m.month = $2 and m.site_id > $3 order by m.site_id limit $4"#,
        county.county_id.0,
        month.first_day(),
        after,
        PAGE
    )
    .fetch_all(connection)
    .await?;
    let records = rows.into_iter().map(|row| {
        let last_report_on = row.last_report_at.map(|at| county.date_at(at));
        let known_since = county.date_at(row.created_at);
        let stale = is_stale(row.struck_off_on.is_some(), last_report_on, known_since, county.rules_of(month).stale_days, month.last_day());
        let values = vec![
            Value::Text(month.to_string()),
            word(row.state, shown_state),
            Value::Text(row.code),
            Value::Text(row.name),
            Value::Whole(row.number.into()),
            Value::Text(row.title),
            Value::Text(row.unit),
            Value::Text(row.township),
            Value::Text(row.region_code),
            Value::Degrees(row.lon),
            Value::Degrees(row.lat),
            word(row.stage, shown_stage),
            Value::Percent(row.percent.into()),
            Value::Answer(row.start_overdue),
            Value::Answer(row.finish_overdue),
            Value::Answer(row.silent),
            Value::Answer(stale),
            row.struck_off_on.map_or(Value::Nothing, Value::Date),
            Value::Whole(row.owed.into()),
            Value::Whole(row.received.into()),
            Value::Whole(row.on_time.into()),
            row.last_report_at.map_or(Value::Nothing, |at| Value::Moment(county.local(at))),
        ];
        (After::Number(row.site_id), Record { values, geometry: row.geometry })
    });
    Ok(records.collect())
}

async fn list_stations(connection: &mut PgConnection, county: &County, after: i64) -> Result<Rows, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select station_id, s.code, s.name, kind, integrity_monitoring, r.name as township, region_code, address, telephone, opening_hours,
                  st_x(position) as "lon!", st_y(position) as "lat!", st_asgeojson(position, 7) as "geometry!"
           from stations s join regions r using (county_id, region_code)
           where county_id = $1 and station_id > $2 order by station_id limit $3"#,
        county.county_id.0,
        after,
        PAGE
    )
    .fetch_all(connection)
    .await?;
    let records = rows.into_iter().map(|row| {
        let values = vec![
            Value::Text(row.code),
            Value::Text(row.name),
            word(row.kind, shown_kind),
            Value::Answer(row.integrity_monitoring),
            Value::Text(row.township),
            Value::Text(row.region_code),
            Value::text(row.address),
            Value::text(row.telephone),
            Value::text(row.opening_hours),
            Value::Degrees(row.lon),
            Value::Degrees(row.lat),
        ];
        (After::Number(row.station_id), Record { values, geometry: row.geometry })
    });
    Ok(records.collect())
}

async fn list_grid_cells(connection: &mut PgConnection, county: &County, after: i64) -> Result<Rows, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select grid_cell_id, g.code, g.name, r.name as township, region_code, st_x(inside) as "lon!", st_y(inside) as "lat!",
                  st_asgeojson(g.boundary, 7) as "geometry!"
           from grid_cells g join regions r using (county_id, region_code), lateral st_pointonsurface(g.boundary) as inside
           where county_id = $1 and grid_cell_id > $2 order by grid_cell_id limit $3"#,
        county.county_id.0,
        after,
        PAGE
    )
    .fetch_all(connection)
    .await?;
    let records = rows.into_iter().map(|row| {
        let values = vec![
            Value::Text(row.code),
            Value::Text(row.name),
            Value::Text(row.township),
            Value::Text(row.region_code),
            Value::Degrees(row.lon),
            Value::Degrees(row.lat),
        ];
        (After::Number(row.grid_cell_id), Record { values, geometry: row.geometry })
    });
    Ok(records.collect())
}

/// Standing reports only: what was sent back or replaced is no statement any more.
async fn list_reports(connection: &mut PgConnection, county: &County, after: Uuid) -> Result<Rows, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select report_id, s.code, s.name, to_char(month, 'YYYY-MM') as "month!", d.name as deputy, came_by, r.stage, r.percent, words, problems,
                  received_at,
                  late, off_site, st_x(s.position) as "lon!", st_y(s.position) as "lat!", st_asgeojson(s.position, 7) as "geometry!"
           from reports r join sites s using (county_id, site_id) join deputies d using (county_id, deputy_id)
           where county_id = $1 and report_id > $2 and r.state = 'standing' and s.withdrawn_at is null order by report_id limit $3"#,
        county.county_id.0,
        after,
        PAGE
    )
    .fetch_all(connection)
    .await?;
    let records = rows.into_iter().map(|row| {
        let values = vec![
            Value::Text(row.report_id.to_string()),
            Value::Text(row.code),
            Value::Text(row.name),
            Value::Text(row.month),
            Value::Text(row.deputy),
            row.came_by.map_or(Value::Nothing, |how| word(how, shown_way)),
            word(row.stage, shown_stage),
            Value::Percent(row.percent.into()),
            Value::text(row.words),
            Value::text(row.problems.join("；")),
            Value::Moment(county.local(row.received_at)),
            Value::Answer(row.late),
            Value::Answer(row.off_site),
            Value::Degrees(row.lon),
            Value::Degrees(row.lat),
        ];
        (After::Report(row.report_id), Record { values, geometry: row.geometry })
    });
    Ok(records.collect())
}
