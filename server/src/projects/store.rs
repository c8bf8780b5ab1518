//! All SQL of projects and units.

use sqlx::PgConnection;

use super::model::Project;
use crate::http::shapes::Named;
use crate::ids::{CountyId, ProjectId};

/// The county's projects, newest year first, in order of their number; one whose sites are all withdrawn is not shown either.
pub async fn list_projects(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Project>, sqlx::Error> {
    let rows = sqlx::query!(
        "select project_id, year, number, title, unit_id, u.name as unit_name
         from projects p
         join units u on u.county_id = p.county_id and u.unit_id = p.lead_unit_id
         where p.county_id = $1
             and (exists (select from sites s where s.county_id = p.county_id and s.project_id = p.project_id and s.withdrawn_at is null)
                  or not exists (select from sites s where s.county_id = p.county_id and s.project_id = p.project_id))
         order by year desc, number",
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let projects = rows.into_iter().map(|row| Project {
        project_id: ProjectId(row.project_id),
        year: row.year,
        number: row.number,
        title: row.title,
        lead_unit: Named { id: row.unit_id, name: row.unit_name },
    });
    Ok(projects.collect())
}

/// The county's units in the order of their names' pinyin.
pub async fn list_units(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Named>, sqlx::Error> {
    let rows = sqlx::query!(r#"select unit_id, name from units where county_id = $1 order by name collate "zh-x-icu", unit_id"#, county_id.0)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| Named { id: row.unit_id, name: row.name }).collect())
}
