//! All SQL of groups of deputies.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::database::one_row;
use crate::ids::{CountyId, DeputyGroupId, ProjectId};
use crate::roster::view::{FollowedProject, RosterGroup};

pub async fn list_groups(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<RosterGroup>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select deputy_group_id, name, theme, entry_rev,
                  (select count(*) from deputies d where d.county_id = $1 and d.deputy_group_id = g.deputy_group_id and left_on is null) as "deputies!"
           from deputy_groups g where county_id = $1 order by name collate "zh-x-icu", deputy_group_id"#,
        county_id.0
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut followed = list_followed(connection, county_id).await?;
    let groups = rows.into_iter().map(|row| RosterGroup {
        id: DeputyGroupId(row.deputy_group_id),
        name: row.name,
        theme: row.theme,
        projects: followed.remove(&row.deputy_group_id).unwrap_or_default(),
        deputies: row.deputies,
        rev: row.entry_rev,
    });
    Ok(groups.collect())
}

/// The projects that each group follows, the newest year first.
async fn list_followed(connection: &mut PgConnection, county_id: CountyId) -> Result<HashMap<i64, Vec<FollowedProject>>, sqlx::Error> {
    let rows = sqlx::query!(
        "select deputy_group_id, project_id, year, number, title
         from deputy_group_projects join projects using (county_id, project_id)
         where county_id = $1 order by year desc, number",
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let mut followed: HashMap<i64, Vec<FollowedProject>> = HashMap::new();
    for row in rows {
        let project = FollowedProject { id: ProjectId(row.project_id), year: row.year, number: row.number, title: row.title };
        followed.entry(row.deputy_group_id).or_default().push(project);
    }
    Ok(followed)
}

/// Makes these projects the group's; breaks `deputy_group_projects_county_id_project_id_fkey` when one is not the county's.
pub async fn set_projects(
    connection: &mut PgConnection,
    county_id: CountyId,
    group_id: DeputyGroupId,
    projects: &[ProjectId],
) -> Result<(), sqlx::Error> {
    let numbers: Vec<i64> = projects.iter().map(|project| project.0).collect();
    sqlx::query!(
        "delete from deputy_group_projects where county_id = $1 and deputy_group_id = $2 and project_id <> all($3)",
        county_id.0,
        group_id.0,
        &numbers
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into deputy_group_projects (county_id, deputy_group_id, project_id)
         select $1, $2, project_id from unnest($3::bigint[]) as followed (project_id) on conflict do nothing",
        county_id.0,
        group_id.0,
        &numbers
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Breaks `deputy_groups_name_key` when there is a group of the name.
pub async fn insert_group(connection: &mut PgConnection, county_id: CountyId, name: &str, theme: &str) -> Result<DeputyGroupId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into deputy_groups (county_id, name, theme) values ($1, $2, $3) returning deputy_group_id",
        county_id.0,
        name,
        theme
    )
    .fetch_one(connection)
    .await?;
    Ok(DeputyGroupId(id))
}

/// False when the group has another rev by now.
pub async fn update_group(
    connection: &mut PgConnection,
    county_id: CountyId,
    (group_id, rev): (DeputyGroupId, i64),
    name: &str,
    theme: &str,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "update deputy_groups set name = $4, theme = $5, entry_rev = entry_rev + 1
         where county_id = $1 and deputy_group_id = $2 and entry_rev = $3",
        county_id.0,
        group_id.0,
        rev,
        name,
        theme
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Breaks a foreign key while something refers to the group.
pub async fn delete_group(connection: &mut PgConnection, county_id: CountyId, group_id: DeputyGroupId) -> Result<(), sqlx::Error> {
    let deleted =
        sqlx::query!("delete from deputy_groups where county_id = $1 and deputy_group_id = $2", county_id.0, group_id.0).execute(connection).await?;
    one_row(deleted.rows_affected())
}
