//! All SQL of groups of deputies.

use sqlx::PgConnection;

use crate::database::one_row;
use crate::ids::{CountyId, DeputyGroupId};
use crate::roster::view::RosterGroup;

pub async fn list_groups(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<RosterGroup>, sqlx::Error> {
    sqlx::query_as!(
        RosterGroup,
        r#"select deputy_group_id as "id: DeputyGroupId", name, theme, entry_rev as rev,
                  (select count(*) from deputies d where d.county_id = $1 and d.deputy_group_id = g.deputy_group_id and left_on is null) as "deputies!"
           from deputy_groups g where county_id = $1 order by name collate "zh-x-icu", deputy_group_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await
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
