//! The way back from a confirmed import: what it made goes, what it replaced returns.
//!
//! A site that came with the import is withdrawn, not deleted, because its stage is kept for ever; it is shown nowhere and comes back under
//! its code when the file is imported again. Units, projects and regions it needs stay behind it, equally unseen.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Effect;
use super::apply_places::move_region;
use crate::ids::{CountyId, SiteId};
use crate::sites::store::raise_rev;

/// Holds the sites the import made, changed or had adopted, so that a report on one of them comes wholly before or wholly after the undoing.
pub async fn lock_sites(connection: &mut PgConnection, county_id: CountyId, effect: &Effect) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!(
        "select site_id from sites
         where county_id = $1
             and (site_id = any ($2::bigint[])
                  or site_id in (select (kept ->> 'site_id')::bigint from unnest($4::jsonb[]) as kept)
                  or site_id in (select site_id from adoptions where county_id = $1 and adoption_id = any ($3::bigint[])))
         order by site_id for update",
        county_id.0,
        &effect.sites_made,
        &effect.adoptions_made,
        &effect.sites_before
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// Name of one site of the import that a report, a later change of stage or of plan, or a strike-off stands on.
pub async fn find_site_in_use(
    connection: &mut PgConnection,
    county_id: CountyId,
    effect: &Effect,
    confirmed_at: DateTime<Utc>,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select name from sites s
         where county_id = $1
             and (site_id = any ($2::bigint[])
                  and (struck_off_on is not null
                       or exists (select from reports r where r.county_id = s.county_id and r.site_id = s.site_id)
                       or exists (select from stage_changes c where c.county_id = s.county_id and c.site_id = s.site_id and c.at > $3))
                  or site_id in (select site_id from plan_changes p
                                 where p.county_id = $1 and p.at > $3
                                     and (p.site_id = any ($2) or p.site_id in (select (kept ->> 'site_id')::bigint from unnest($4::jsonb[]) as kept))))
         limit 1",
        county_id.0,
        &effect.sites_made,
        confirmed_at,
        &effect.sites_before
    )
    .fetch_optional(connection)
    .await
}

/// Name of one key site that the import made, changed or had adopted.
pub async fn find_key_site(connection: &mut PgConnection, county_id: CountyId, effect: &Effect) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select name from sites
         where county_id = $1 and key_site
             and (site_id = any ($2::bigint[])
                  or site_id in (select (kept ->> 'site_id')::bigint from unnest($3::jsonb[]) as kept)
                  or site_id in (select site_id from adoptions where county_id = $1 and adoption_id = any ($4::bigint[])))
         order by site_id limit 1",
        county_id.0,
        &effect.sites_made,
        &effect.sites_before,
        &effect.adoptions_made
    )
    .fetch_optional(connection)
    .await
}

/// Name of one deputy of the import who reported on a site adopted by it.
pub async fn find_deputy_in_use(connection: &mut PgConnection, county_id: CountyId, effect: &Effect) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select d.name from adoptions a join deputies d using (county_id, deputy_id)
         where a.county_id = $1 and a.adoption_id = any ($2::bigint[])
             and (a.ended_on is not null
                  or exists (select from reports r where r.county_id = a.county_id and r.site_id = a.site_id and r.deputy_id = a.deputy_id))
         limit 1",
        county_id.0,
        &effect.adoptions_made
    )
    .fetch_optional(connection)
    .await
}

/// Takes everything back. Breaks a foreign key when something made later stands on it, such as an account of an imported deputy.
pub async fn undo(connection: &mut PgConnection, county_id: CountyId, effect: &Effect, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    undo_deputies(connection, county_id, effect).await?;
    undo_sites(connection, county_id, effect, now).await?;
    undo_stations(connection, county_id, effect).await?;
    undo_grid_cells(connection, county_id, effect).await?;
    undo_regions(connection, county_id, effect).await?;
    sqlx::query!(
        "delete from units u where county_id = $1 and unit_id = any ($2::bigint[])
             and not exists (select from sites s where s.county_id = u.county_id and s.unit_id = u.unit_id)
             and not exists (select from projects p where p.county_id = u.county_id and p.lead_unit_id = u.unit_id)",
        county_id.0,
        &effect.units_made
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn undo_deputies(connection: &mut PgConnection, county_id: CountyId, effect: &Effect) -> Result<(), sqlx::Error> {
    let freed = sqlx::query_scalar!(
        r#"delete from adoptions where county_id = $1 and adoption_id = any ($2::bigint[]) returning site_id as "site_id: SiteId""#,
        county_id.0,
        &effect.adoptions_made
    )
    .fetch_all(&mut *connection)
    .await?;
    raise_rev(connection, county_id, &freed).await?;
    sqlx::query!("delete from deputies where county_id = $1 and deputy_id = any ($2::bigint[])", county_id.0, &effect.deputies_made)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "update deputies d set name = b.name, level = b.level, constituency = b.constituency, region_code = b.region_code,
                deputy_group_id = b.deputy_group_id, station_id = b.station_id
         from unnest($2::jsonb[]) as kept (before), jsonb_populate_record(null::deputies, before) as b
         where d.county_id = $1 and d.deputy_id = b.deputy_id",
        county_id.0,
        &effect.deputies_before
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from deputy_groups where county_id = $1 and deputy_group_id = any ($2::bigint[])", county_id.0, &effect.groups_made)
        .execute(connection)
        .await?;
    Ok(())
}

async fn undo_sites(connection: &mut PgConnection, county_id: CountyId, effect: &Effect, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update sites set withdrawn_at = $3, rev = rev + 1 where county_id = $1 and site_id = any ($2::bigint[])",
        county_id.0,
        &effect.sites_made,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update sites s set name = b.name, address = b.address, region_code = b.region_code, position = b.position, source_datum = b.source_datum,
                source_position = b.source_position, unit_id = b.unit_id, quota = b.quota, people_served = b.people_served, remarks = b.remarks,
                planned_start_on = b.planned_start_on, planned_finish_on = b.planned_finish_on,
                original_planned_start_on = b.original_planned_start_on, original_planned_finish_on = b.original_planned_finish_on, rev = s.rev + 1
         from unnest($2::jsonb[]) as kept (before), jsonb_populate_record(null::sites, before) as b
         where s.county_id = $1 and s.site_id = b.site_id",
        county_id.0,
        &effect.sites_before
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from projects p where county_id = $1 and project_id = any ($2::bigint[])
             and not exists (select from sites s where s.county_id = p.county_id and s.project_id = p.project_id)",
        county_id.0,
        &effect.projects_made
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn undo_stations(connection: &mut PgConnection, county_id: CountyId, effect: &Effect) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from stations where county_id = $1 and station_id = any ($2::bigint[])", county_id.0, &effect.stations_made)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "update stations s set name = b.name, kind = b.kind, integrity_monitoring = b.integrity_monitoring, region_code = b.region_code,
                address = b.address, telephone = b.telephone, opening_hours = b.opening_hours, position = b.position,
                source_datum = b.source_datum, source_position = b.source_position, rev = s.rev + 1
         from unnest($2::jsonb[]) as kept (before), jsonb_populate_record(null::stations, before) as b
         where s.county_id = $1 and s.station_id = b.station_id",
        county_id.0,
        &effect.stations_before
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn undo_grid_cells(connection: &mut PgConnection, county_id: CountyId, effect: &Effect) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from grid_cells where county_id = $1 and grid_cell_id = any ($2::bigint[])", county_id.0, &effect.grid_cells_made)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "update grid_cells g set name = b.name, region_code = b.region_code, boundary = b.boundary, rev = g.rev + 1
         from unnest($2::jsonb[]) as kept (before), jsonb_populate_record(null::grid_cells, before) as b
         where g.county_id = $1 and g.grid_cell_id = b.grid_cell_id",
        county_id.0,
        &effect.grid_cells_before
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn undo_regions(connection: &mut PgConnection, county_id: CountyId, effect: &Effect) -> Result<(), sqlx::Error> {
    for (provisional, code) in &effect.regions_moved {
        sqlx::query!(
            "insert into regions (county_id, region_code, name) select county_id, $3, name from regions where county_id = $1 and region_code = $2",
            county_id.0,
            code,
            provisional
        )
        .execute(&mut *connection)
        .await?;
        move_region(connection, county_id, code, provisional).await?;
    }
    sqlx::query!(
        "update regions r set name = b.name, boundary = b.boundary
         from unnest($2::jsonb[]) as kept (before), jsonb_populate_record(null::regions, before) as b
         where r.county_id = $1 and r.region_code = b.region_code",
        county_id.0,
        &effect.regions_before
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from regions r where county_id = $1 and region_code = any ($2::text[])
             and not exists (select from sites s where s.county_id = r.county_id and s.region_code = r.region_code and s.withdrawn_at is not null)",
        county_id.0,
        &effect.regions_made
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A township that was merged after `since`.
pub async fn find_later_merger(connection: &mut PgConnection, county_id: CountyId, since: DateTime<Utc>) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select from_name from region_mergers where county_id = $1 and at >= $2 order by at limit 1", county_id.0, since)
        .fetch_optional(connection)
        .await
}
