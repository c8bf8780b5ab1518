//! All SQL of deputies' public side.

use sqlx::PgConnection;

use super::model::{Deputy, DeputyLevel};
use crate::http::shapes::{Named, RegionRef, portrait_url};
use crate::ids::{CountyId, DeputyId};

/// The county's deputies, also those who have left, in the order of their names' pinyin.
pub async fn list_deputies(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<Deputy>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select d.deputy_id, d.name, level as "level: DeputyLevel", constituency, d.region_code, r.name as region_name,
                  d.deputy_group_id, g.name as "group_name?", d.station_id, s.name as "station_name?",
                  p.sha256 as "portrait?", left_on,
                  array(select number from terms t
                        where t.county_id = d.county_id and level in ('county', 'township') and begun_at is not null
                          and t.begins_on < coalesce(d.left_on, 'infinity') and coalesce(t.ends_on, 'infinity') > coalesce(d.joined_on, '-infinity')
                        order by number) as "terms!"
           from deputies d
           join regions r on r.county_id = d.county_id and r.region_code = d.region_code
           left join deputy_groups g on g.county_id = d.county_id and g.deputy_group_id = d.deputy_group_id
           left join stations s on s.county_id = d.county_id and s.station_id = d.station_id
           left join portraits p on p.county_id = d.county_id and p.deputy_id = d.deputy_id
           where d.county_id = $1
           order by d.name collate "zh-x-icu", d.deputy_id"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let named = |id: Option<i64>, name: Option<String>| id.zip(name).map(|(id, name)| Named { id, name });
    let deputies = rows.into_iter().map(|row| Deputy {
        deputy_id: DeputyId(row.deputy_id),
        name: row.name,
        level: row.level,
        constituency: row.constituency,
        region: RegionRef { code: row.region_code, name: row.region_name },
        group: named(row.deputy_group_id, row.group_name),
        station: named(row.station_id, row.station_name),
        portrait_url: row.portrait.as_deref().map(portrait_url),
        terms: row.terms,
        left_on: row.left_on,
    });
    Ok(deputies.collect())
}
