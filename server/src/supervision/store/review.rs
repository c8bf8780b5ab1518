//! What the review list rests on, and whom an act on some of its sites would reach. The long query lies beside it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{Connection, PgConnection};

use crate::calendar::Month;
use crate::ids::{CountyId, DeputyId, ProjectId, SiteId, UnitId};
use crate::sites::Stage;
use crate::supervision::model::ReviewScope;
use crate::supervision::ranking::{ReasonCode, RecentReport, SiteFacts};
use crate::supervision::recipients::Told;

/// When each finding of a site was last put aside.
type Dismissed = BTreeMap<ReasonCode, DateTime<Utc>>;

/// The facts of every open site in `scope`, or of those of `wanted`, with the reports about which something was found.
pub async fn list_facts(
    connection: &mut PgConnection,
    county_id: CountyId,
    (scope, wanted): (&ReviewScope, Option<&[SiteId]>),
    open: Month,
) -> Result<Vec<SiteFacts>, sqlx::Error> {
    let unit_id = scope.unit_id.map(|unit| unit.0);
    let wanted: Option<Vec<i64>> = wanted.map(|sites| sites.iter().map(|site| site.0).collect());
    let last_closed = open.previous().first_day();
    let mut tx = connection.begin().await?;
    sqlx::query_scalar!("select set_config('plan_cache_mode', 'force_custom_plan', true)").fetch_one(&mut *tx).await?;
    let rows = sqlx::query_file!("src/supervision/review.sql", county_id.0, &scope.regions, unit_id, last_closed, wanted.as_deref())
        .fetch_all(&mut *tx)
        .await?;
    tx.commit().await?;
    let facts = rows.into_iter().map(|row| SiteFacts {
        site_id: row.site_id,
        project_id: row.project_id,
        region_code: row.region_code,
        unit_id: row.unit_id,
        stage: row.stage,
        planned_start_on: row.planned_start_on,
        planned_finish_on: row.planned_finish_on,
        people_served: row.people_served,
        created_at: row.created_at,
        last_report_at: row.last_report_at,
        key_site: row.key_site,
        unit_name: row.unit_name,
        first_adopter: row.first_adopter,
        name: row.name,
        code: row.code,
        adopters: row.adopters.into_iter().map(DeputyId).collect(),
        dismissed: row.dismissed.0,
        last_reported_month: row.last_reported_month,
        excused: row.excused,
        recent: row.recent.0,
        reminders: row.reminders,
        last_reminded_at: row.last_reminded_at,
        open_orders: row.open_orders,
        open_challenges: row.open_challenges,
        challenged_at: row.challenged_at,
    });
    Ok(facts.collect())
}

/// The units of these sites, those with most of them first.
pub async fn list_units_told(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<Told>, sqlx::Error> {
    let sites: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query_as!(
        Told,
        r#"select u.unit_id as id, u.name, count(*) as "sites!",
                  (select count(*) from grants g join accounts a using (account_id)
                   where g.county_id = $1 and g.unit_id = u.unit_id and a.disabled_at is null) as "accounts!"
           from sites s join units u on u.county_id = s.county_id and u.unit_id = s.unit_id
           where s.county_id = $1 and site_id = any($2) and withdrawn_at is null
           group by u.unit_id, u.name order by 3 desc, 1"#,
        county_id.0,
        &sites
    )
    .fetch_all(connection)
    .await
}

/// The present adopters of these sites, those with most of them first.
pub async fn list_deputies_told(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<Told>, sqlx::Error> {
    let sites: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query_as!(
        Told,
        r#"select d.deputy_id as id, d.name, count(*) as "sites!",
                  (select count(*) from grants g join accounts a using (account_id)
                   where g.county_id = $1 and g.deputy_id = d.deputy_id and a.disabled_at is null) as "accounts!"
           from adoptions a join deputies d on d.county_id = a.county_id and d.deputy_id = a.deputy_id
           where a.county_id = $1 and site_id = any($2) and ended_on is null
           group by d.deputy_id, d.name order by 3 desc, 1"#,
        county_id.0,
        &sites
    )
    .fetch_all(connection)
    .await
}
