//! Writes planned boundaries, stations and deputies.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::super::boundaries::{BoundariesPlan, PlannedBoundary};
use super::super::deputies::{DeputiesPlan, PlannedDeputy};
use super::super::outlook::Change;
use super::super::stations::{PlannedStation, StationsPlan};
use super::Effect;
use super::apply_sites::{Writing, insert_regions};
use crate::ids::{Chance, CountyId, SiteId};
use crate::sites::store::raise_rev;

/// Writes regions; what lies in a provisional region moves to the one that replaces it.
pub async fn apply_regions(
    connection: &mut PgConnection,
    county_id: CountyId,
    plan: &BoundariesPlan,
    effect: &mut Effect,
) -> Result<(), sqlx::Error> {
    for region in plan.boundaries.iter().filter(|region| region.change != Change::Unchanged) {
        if region.change == Change::Changed {
            let before = sqlx::query_scalar!(
                r#"select (to_jsonb(r) || jsonb_build_object('boundary', r.boundary::text)) as "before!"
                   from regions r where county_id = $1 and region_code = $2 for update"#,
                county_id.0,
                region.code
            )
            .fetch_one(&mut *connection)
            .await?;
            effect.regions_before.push(before);
        } else {
            effect.regions_made.push(region.code.clone());
        }
        sqlx::query!(
            "insert into regions (county_id, region_code, name, boundary)
             values ($1, $2, $3, st_setsrid(st_geomfromgeojson($4::text), 4326))
             on conflict (county_id, region_code) do update set name = excluded.name, boundary = excluded.boundary",
            county_id.0,
            region.code,
            region.name,
            region.shape
        )
        .execute(&mut *connection)
        .await?;
        if let Some(provisional) = &region.replaces {
            move_region(connection, county_id, provisional, &region.code).await?;
            effect.regions_moved.push((provisional.clone(), region.code.clone()));
        }
    }
    Ok(())
}

/// Everything that refers to region `from` refers to `to` afterwards, and `from` is gone.
pub async fn move_region(connection: &mut PgConnection, county_id: CountyId, from: &str, to: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update sites set region_code = $3, rev = rev + 1 where county_id = $1 and region_code = $2", county_id.0, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update stations set region_code = $3 where county_id = $1 and region_code = $2", county_id.0, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update deputies set region_code = $3 where county_id = $1 and region_code = $2", county_id.0, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update grid_cells set region_code = $3 where county_id = $1 and region_code = $2", county_id.0, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update grants set region_code = $3 where county_id = $1 and region_code = $2", county_id.0, from, to)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from regions where county_id = $1 and region_code = $2", county_id.0, from).execute(connection).await?;
    Ok(())
}

/// Writes grid cells.
pub async fn apply_grid_cells(
    connection: &mut PgConnection,
    county_id: CountyId,
    plan: &BoundariesPlan,
    effect: &mut Effect,
) -> Result<(), sqlx::Error> {
    for cell in plan.boundaries.iter().filter(|cell| cell.change != Change::Unchanged) {
        let before = sqlx::query_scalar!(
            r#"select (to_jsonb(g) || jsonb_build_object('boundary', g.boundary::text)) as "before!"
               from grid_cells g where county_id = $1 and code = $2 for update"#,
            county_id.0,
            cell.code
        )
        .fetch_optional(&mut *connection)
        .await?;
        let id = upsert_grid_cell(connection, county_id, cell).await?;
        match before {
            Some(before) => effect.grid_cells_before.push(before),
            None => effect.grid_cells_made.push(id),
        }
    }
    Ok(())
}

async fn upsert_grid_cell(connection: &mut PgConnection, county_id: CountyId, cell: &PlannedBoundary) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into grid_cells (county_id, code, name, region_code, boundary)
         values ($1, $2, $3, $4, st_setsrid(st_geomfromgeojson($5::text), 4326))
         on conflict (county_id, code) do update
             set name = excluded.name, region_code = excluded.region_code, boundary = excluded.boundary, rev = grid_cells.rev + 1
         returning grid_cell_id",
        county_id.0,
        cell.code,
        cell.name,
        cell.region_code,
        cell.shape
    )
    .fetch_one(connection)
    .await
}

/// Writes stations.
pub async fn apply_stations(connection: &mut PgConnection, writing: Writing, plan: &StationsPlan, effect: &mut Effect) -> Result<(), sqlx::Error> {
    insert_regions(connection, writing.county_id, &plan.regions, effect).await?;
    for station in plan.stations.iter().filter(|station| station.change != Change::Unchanged) {
        let before = sqlx::query_scalar!(
            r#"select (to_jsonb(s) || jsonb_build_object('position', s.position::text)) as "before!"
               from stations s where county_id = $1 and code = $2 for update"#,
            writing.county_id.0,
            station.code
        )
        .fetch_optional(&mut *connection)
        .await?;
        let id = upsert_station(connection, writing, station).await?;
        match before {
            Some(before) => effect.stations_before.push(before),
            None => effect.stations_made.push(id),
        }
    }
    Ok(())
}

async fn upsert_station(connection: &mut PgConnection, writing: Writing, station: &PlannedStation) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into stations (county_id, code, name, kind, integrity_monitoring, region_code, address, telephone, opening_hours, position,
                               source_datum, source_position)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, st_setsrid(st_makepoint($10, $11), 4326), $12, $13)
         on conflict (county_id, code) do update
             set name = excluded.name, kind = excluded.kind, integrity_monitoring = excluded.integrity_monitoring, region_code = excluded.region_code,
                 address = excluded.address, telephone = excluded.telephone, opening_hours = excluded.opening_hours,
                 position = case when $14 then excluded.position else stations.position end,
                 source_datum = case when $14 then excluded.source_datum else stations.source_datum end,
                 source_position = case when $14 then excluded.source_position else stations.source_position end, rev = stations.rev + 1
         returning station_id",
        writing.county_id.0,
        station.code,
        station.name,
        station.kind,
        station.integrity_monitoring,
        station.region_code,
        station.address,
        station.telephone,
        station.opening_hours,
        station.position.lon(),
        station.position.lat(),
        writing.datum.as_str(),
        station.source_position,
        station.moved
    )
    .fetch_one(connection)
    .await
}

/// Writes deputies, their groups and their adoptions, which begin `today`.
pub async fn apply_deputies(
    connection: &mut PgConnection,
    county_id: CountyId,
    plan: &DeputiesPlan,
    today: NaiveDate,
    chance: &Chance,
    effect: &mut Effect,
) -> Result<(), sqlx::Error> {
    insert_regions(connection, county_id, &plan.regions, effect).await?;
    for group in &plan.groups {
        let id = sqlx::query_scalar!("insert into deputy_groups (county_id, name) values ($1, $2) returning deputy_group_id", county_id.0, group)
            .fetch_one(&mut *connection)
            .await?;
        effect.groups_made.push(id);
    }
    let mut adopted: Vec<SiteId> = Vec::new();
    for deputy in plan.deputies.iter().filter(|deputy| deputy.change != Change::Unchanged) {
        let before = sqlx::query_scalar!(
            r#"select to_jsonb(d) as "before!" from deputies d where county_id = $1 and phone = $2 for update"#,
            county_id.0,
            deputy.phone
        )
        .fetch_optional(&mut *connection)
        .await?;
        let id = upsert_deputy(connection, county_id, deputy, (&hex::encode(chance.bytes::<8>()), today)).await?;
        match before {
            Some(before) => effect.deputies_before.push(before),
            None => effect.deputies_made.push(id),
        }
        let adoptions = sqlx::query_scalar!(
            "insert into adoptions (county_id, site_id, deputy_id, adopted_on)
             select $1, site_id, $2, $4 from unnest($3::bigint[]) as adopted (site_id) returning adoption_id",
            county_id.0,
            id,
            &deputy.adopts,
            today
        )
        .fetch_all(&mut *connection)
        .await?;
        adopted.extend(deputy.adopts.iter().copied().map(SiteId));
        effect.adoptions_made.extend(adoptions);
    }
    raise_rev(connection, county_id, &adopted).await
}

/// Who had left and is in the list again is a deputy again.
async fn upsert_deputy(
    connection: &mut PgConnection,
    county_id: CountyId,
    deputy: &PlannedDeputy,
    (personal_code, today): (&str, NaiveDate),
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into deputies (county_id, name, level, constituency, region_code, deputy_group_id, station_id, personal_code, phone, joined_on)
         values ($1, $2, $3, $4, $5, (select deputy_group_id from deputy_groups where county_id = $1 and name = $6),
                 (select station_id from stations where county_id = $1 and name = $7 order by station_id limit 1), $8, $9, $10)
         on conflict (county_id, phone) do update
             set name = excluded.name, level = excluded.level, constituency = excluded.constituency, region_code = excluded.region_code,
                 deputy_group_id = excluded.deputy_group_id, station_id = excluded.station_id,
                 left_at = case when deputies.left_on <= $10 then null else deputies.left_at end,
                 left_because = case when deputies.left_on <= $10 then null else deputies.left_because end,
                 left_on = case when deputies.left_on <= $10 then null else deputies.left_on end, entry_rev = deputies.entry_rev + 1
         returning deputy_id",
        county_id.0,
        deputy.name,
        deputy.level,
        deputy.constituency,
        deputy.region_code,
        deputy.group,
        deputy.station,
        personal_code,
        deputy.phone,
        today
    )
    .fetch_one(connection)
    .await
}
