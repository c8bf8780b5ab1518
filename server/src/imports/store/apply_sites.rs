//! Writes planned sites with the regions, units and projects they need.

use chrono::{DateTime, Utc};
use geodata::datum::Datum;
use sqlx::PgConnection;

use super::super::outlook::Change;
use super::super::site_plan::{NewProject, PlannedSite, SitesPlan};
use super::super::townships::NewRegion;
use super::Effect;
use crate::ids::{AccountId, CountyId};

/// Who writes, where and when.
#[derive(Clone, Copy, Debug)]
pub struct Writing {
    pub county_id: CountyId,
    pub account_id: Option<AccountId>,
    pub now: DateTime<Utc>,
    pub datum: Datum,
    pub year: i32,
}

/// Cause written beside the stage of a site that comes in already begun.
const REASON: &str = "导入文件所载状态";

/// Writes the plan and notes what it made.
pub async fn apply_sites(connection: &mut PgConnection, writing: Writing, plan: &SitesPlan, effect: &mut Effect) -> Result<(), sqlx::Error> {
    insert_regions(connection, writing.county_id, &plan.regions, effect).await?;
    for unit in &plan.units {
        let id = sqlx::query_scalar!("insert into units (county_id, name) values ($1, $2) returning unit_id", writing.county_id.0, unit)
            .fetch_one(&mut *connection)
            .await?;
        effect.units_made.push(id);
    }
    for project in &plan.projects {
        insert_project(connection, writing, project, effect).await?;
    }
    for site in &plan.sites {
        match (site.change, site.site_id) {
            (Change::Unchanged, _) => {}
            (Change::New, None) => insert_site(connection, writing, site, effect).await?,
            (Change::New, Some(site_id)) => bring_back(connection, writing, site, site_id, effect).await?,
            (Change::Changed, Some(site_id)) => {
                keep_site_before(connection, writing.county_id, site_id, effect).await?;
                update_site(connection, writing, site, site_id).await?;
            }
            (Change::Changed, None) => return Err(sqlx::Error::RowNotFound),
        }
    }
    Ok(())
}

/// Makes regions without boundary.
pub async fn insert_regions(
    connection: &mut PgConnection,
    county_id: CountyId,
    regions: &[NewRegion],
    effect: &mut Effect,
) -> Result<(), sqlx::Error> {
    for region in regions {
        sqlx::query!("insert into regions (county_id, region_code, name) values ($1, $2, $3)", county_id.0, region.code, region.name)
            .execute(&mut *connection)
            .await?;
        effect.regions_made.push(region.code.clone());
    }
    Ok(())
}

async fn insert_project(connection: &mut PgConnection, writing: Writing, project: &NewProject, effect: &mut Effect) -> Result<(), sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into projects (county_id, year, number, title, lead_unit_id)
         select $1, $2::int::smallint, $3::int::smallint, $4, unit_id from units where county_id = $1 and name = $5 returning project_id",
        writing.county_id.0,
        writing.year,
        project.number,
        project.title,
        project.lead_unit
    )
    .fetch_one(connection)
    .await?;
    effect.projects_made.push(id);
    Ok(())
}

async fn insert_site(connection: &mut PgConnection, writing: Writing, site: &PlannedSite, effect: &mut Effect) -> Result<(), sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into sites (county_id, code, project_id, name, address, region_code, position, source_datum, source_position, unit_id, quota,
                            people_served, remarks, planned_start_on, planned_finish_on, original_planned_start_on, original_planned_finish_on,
                            stage, percent, stage_since, created_at)
         select $1, $2, project_id, $5, $6, $7, st_setsrid(st_makepoint($8, $9), 4326), $10, $11, unit_id, $13, $14, $15, $16, $17, $16, $17,
                $18, $19, $20, $20
         from projects join units using (county_id)
         where county_id = $1 and year = $3::int and number = $4::int and units.name = $12 returning site_id",
        writing.county_id.0,
        site.code,
        writing.year,
        site.project_number,
        site.name,
        site.address,
        site.region_code,
        site.position.lon(),
        site.position.lat(),
        writing.datum.as_str(),
        site.source_position,
        site.unit,
        site.quota,
        site.people_served,
        site.remarks,
        site.planned_start_on,
        site.planned_finish_on,
        site.stage.as_str(),
        i16::from(site.percent),
        writing.now
    )
    .fetch_one(&mut *connection)
    .await?;
    effect.sites_made.push(id);
    if site.stage.as_str() != "not_started" {
        insert_first_stage(connection, writing, site, id, "not_started").await?;
    }
    Ok(())
}

async fn insert_first_stage(
    connection: &mut PgConnection,
    writing: Writing,
    site: &PlannedSite,
    site_id: i64,
    from: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into stage_changes (county_id, site_id, at, from_stage, to_stage, percent, cause, account_id, reason)
         values ($1, $2, $3, $4, $5, $6, 'correction', $7, $8)",
        writing.county_id.0,
        site_id,
        writing.now,
        from,
        site.stage.as_str(),
        i16::from(site.percent),
        writing.account_id.map(|account| account.0),
        REASON
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A site whose import was undone comes back under its old code, as the file now describes it.
async fn bring_back(
    connection: &mut PgConnection,
    writing: Writing,
    site: &PlannedSite,
    site_id: i64,
    effect: &mut Effect,
) -> Result<(), sqlx::Error> {
    let old_stage = sqlx::query_scalar!("select stage from sites where county_id = $1 and site_id = $2 for update", writing.county_id.0, site_id)
        .fetch_one(&mut *connection)
        .await?;
    if old_stage != site.stage.as_str() {
        insert_first_stage(connection, writing, site, site_id, &old_stage).await?;
    }
    update_site(connection, writing, site, site_id).await?;
    sqlx::query!(
        "update sites set withdrawn_at = null, stage = $3, percent = $4, stage_since = $5, original_planned_start_on = planned_start_on,
                          original_planned_finish_on = planned_finish_on
         where county_id = $1 and site_id = $2",
        writing.county_id.0,
        site_id,
        site.stage.as_str(),
        i16::from(site.percent),
        writing.now
    )
    .execute(connection)
    .await?;
    effect.sites_made.push(site_id);
    Ok(())
}

async fn keep_site_before(connection: &mut PgConnection, county_id: CountyId, site_id: i64, effect: &mut Effect) -> Result<(), sqlx::Error> {
    let before = sqlx::query_scalar!(
        r#"select (to_jsonb(s) - 'grams' || jsonb_build_object('position', s.position::text)) as "before!"
           from sites s where county_id = $1 and site_id = $2 for update"#,
        county_id.0,
        site_id
    )
    .fetch_one(connection)
    .await?;
    effect.sites_before.push(before);
    Ok(())
}

/// Writes everything but the stage. The first planned dates stay beside the new ones.
async fn update_site(connection: &mut PgConnection, writing: Writing, site: &PlannedSite, site_id: i64) -> Result<(), sqlx::Error> {
    let updated = sqlx::query!(
        "update sites set name = $3, address = $4, region_code = $5,
                position = case when $6 then st_setsrid(st_makepoint($7, $8), 4326) else position end,
                source_datum = case when $6 then $9 else source_datum end,
                source_position = case when $6 then $10 else source_position end,
                unit_id = (select unit_id from units where county_id = $1 and units.name = $11),
                quota = $12, people_served = $13, remarks = $14,
                original_planned_start_on = coalesce(original_planned_start_on, planned_start_on, $15),
                original_planned_finish_on = coalesce(original_planned_finish_on, planned_finish_on, $16),
                planned_start_on = $15, planned_finish_on = $16, rev = rev + 1
         where county_id = $1 and site_id = $2",
        writing.county_id.0,
        site_id,
        site.name,
        site.address,
        site.region_code,
        site.moved,
        site.position.lon(),
        site.position.lat(),
        writing.datum.as_str(),
        site.source_position,
        site.unit,
        site.quota,
        site.people_served,
        site.remarks,
        site.planned_start_on,
        site.planned_finish_on
    )
    .execute(connection)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
