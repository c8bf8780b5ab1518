//! All SQL of projects and units as the desk mends them.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::http::shapes::Named;
use crate::ids::{CountyId, ProjectId, UnitId};
use crate::planning::view::{PlannedProject, PlannedUnit};

/// Every project, also one without a site that is shown.
pub async fn list_projects(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<PlannedProject>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select project_id, year, number, title, unit_id, u.name as unit_name, p.entry_rev,
                  (select count(*) from sites s where s.county_id = $1 and s.project_id = p.project_id and withdrawn_at is null) as "sites!"
           from projects p join units u on u.county_id = p.county_id and u.unit_id = p.lead_unit_id
           where p.county_id = $1 order by year desc, number"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let projects = rows.into_iter().map(|row| PlannedProject {
        id: ProjectId(row.project_id),
        year: row.year,
        number: row.number,
        title: row.title,
        lead_unit: Named { id: row.unit_id, name: row.unit_name },
        sites: row.sites,
        rev: row.entry_rev,
    });
    Ok(projects.collect())
}

/// What a project reads.
#[derive(Debug, Clone, Copy)]
pub struct ProjectEntry<'a> {
    pub number: i16,
    pub title: &'a str,
    pub lead_unit_id: UnitId,
}

/// Breaks `projects_number_key` when the year has the number already.
pub async fn insert_project(
    connection: &mut PgConnection,
    county_id: CountyId,
    year: i16,
    entry: ProjectEntry<'_>,
) -> Result<ProjectId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into projects (county_id, year, number, title, lead_unit_id) values ($1, $2, $3, $4, $5) returning project_id",
        county_id.0,
        year,
        entry.number,
        entry.title,
        entry.lead_unit_id.0
    )
    .fetch_one(connection)
    .await?;
    Ok(ProjectId(id))
}

/// False when the project has another rev by now.
pub async fn update_project(
    connection: &mut PgConnection,
    county_id: CountyId,
    (project_id, rev): (ProjectId, i64),
    entry: ProjectEntry<'_>,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "update projects set number = $4, title = $5, lead_unit_id = $6, entry_rev = entry_rev + 1
         where county_id = $1 and project_id = $2 and entry_rev = $3",
        county_id.0,
        project_id.0,
        rev,
        entry.number,
        entry.title,
        entry.lead_unit_id.0
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Every unit with what hangs on it.
pub async fn list_units(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<PlannedUnit>, sqlx::Error> {
    sqlx::query_as!(
        PlannedUnit,
        r#"select unit_id as "id: UnitId", name, closed_on as ended_on, entry_rev as rev,
                  (select count(*) from projects p where p.county_id = $1 and p.lead_unit_id = u.unit_id) as "projects!",
                  (select count(*) from sites s where s.county_id = $1 and s.unit_id = u.unit_id and withdrawn_at is null
                      and struck_off_on is null) as "open_sites!",
                  (select count(*) from grants g join accounts a using (account_id)
                      where g.county_id = $1 and g.unit_id = u.unit_id and disabled_at is null) as "handlers!"
           from units u where county_id = $1 order by closed_on is not null, name collate "zh-x-icu", unit_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await
}

/// Whether the unit is there and has not ended. It is held for the running transaction: nobody ends it before what is given to it is kept.
pub async fn hold_working_unit(connection: &mut PgConnection, county_id: CountyId, unit_id: UnitId) -> Result<bool, sqlx::Error> {
    let held = sqlx::query_scalar!(
        "select unit_id from units where county_id = $1 and unit_id = $2 and closed_on is null for share",
        county_id.0,
        unit_id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(held.is_some())
}

/// Holds the unit for the running transaction, against those who would give it something meanwhile.
pub async fn lock_unit(connection: &mut PgConnection, county_id: CountyId, unit_id: UnitId) -> Result<(), sqlx::Error> {
    sqlx::query!("select unit_id from units where county_id = $1 and unit_id = $2 for no key update", county_id.0, unit_id.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Breaks `units_name_key` when there is a unit of the name.
pub async fn insert_unit(connection: &mut PgConnection, county_id: CountyId, name: &str) -> Result<UnitId, sqlx::Error> {
    let id =
        sqlx::query_scalar!("insert into units (county_id, name) values ($1, $2) returning unit_id", county_id.0, name).fetch_one(connection).await?;
    Ok(UnitId(id))
}

/// False when the unit has another rev by now. A unit that ended works again.
pub async fn update_unit(connection: &mut PgConnection, county_id: CountyId, (unit_id, rev): (UnitId, i64), name: &str) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "update units set name = $4, closed_on = null, entry_rev = entry_rev + 1 where county_id = $1 and unit_id = $2 and entry_rev = $3",
        county_id.0,
        unit_id.0,
        rev,
        name
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// False when the unit has another rev by now.
pub async fn end_unit(
    connection: &mut PgConnection,
    county_id: CountyId,
    (unit_id, rev): (UnitId, i64),
    today: NaiveDate,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "update units set closed_on = coalesce(closed_on, $4), entry_rev = entry_rev + 1
         where county_id = $1 and unit_id = $2 and entry_rev = $3",
        county_id.0,
        unit_id.0,
        rev,
        today
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}
