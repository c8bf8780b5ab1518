//! Sites that left the plan by a decision, and what stays readable of them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::read::{find_site, list_withdrawn_sites};
use crate::http::shapes::RegionRef;
use crate::ids::{CountyId, ProjectId, SiteId};
use crate::sites::model::{ProjectRef, Site, Stage};

/// One decision by which a site left the plan. Rows only grow: a site that came back keeps its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Withdrawal {
    pub withdrawal_id: i64,
    pub site_id: SiteId,
    pub code: String,
    pub name: String,
    pub project: ProjectRef,
    /// Of the project.
    pub year: i16,
    pub region: RegionRef,
    pub unit: String,
    /// The last that it had.
    pub stage: Stage,
    pub percent: i16,
    pub decision_number: String,
    pub decided_on: chrono::NaiveDate,
    pub reason: String,
    pub at: DateTime<Utc>,
    /// Whether the site stands in the plan again.
    pub is_back: bool,
}

/// Which withdrawals.
#[derive(Debug, Clone, Copy, Default)]
pub struct WantedWithdrawals<'a> {
    pub site_id: Option<SiteId>,
    pub code: Option<&'a str>,
    /// Of the projects.
    pub year: Option<i16>,
    pub project_id: Option<ProjectId>,
    /// From the first moment until before the second.
    pub within: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Only those before this one.
    pub before: Option<i64>,
}

/// Decisions by which sites left the plan, newest first.
pub async fn list_withdrawals(
    connection: &mut PgConnection,
    county_id: CountyId,
    wanted: WantedWithdrawals<'_>,
    limit: usize,
) -> Result<Vec<Withdrawal>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select w.withdrawal_id, w.site_id, s.code, s.name, s.project_id, p.number, p.title, p.year, s.region_code, r.name as region_name,
                  u.name as unit, coalesce(last.to_stage, 'not_started') as "stage!: Stage", coalesce(last.percent, 0)::smallint as "percent!",
                  w.decision_number, w.decided_on, w.reason, w.at, s.withdrawn_at is null as "is_back!"
           from site_withdrawals w
           join sites s on s.county_id = w.county_id and s.site_id = w.site_id
           join projects p on p.county_id = s.county_id and p.project_id = s.project_id
           join regions r on r.county_id = s.county_id and r.region_code = s.region_code
           join units u on u.county_id = s.county_id and u.unit_id = s.unit_id
           left join lateral (
               select c.to_stage, c.percent from stage_changes c
               where c.county_id = w.county_id and c.site_id = w.site_id and c.at <= w.at order by c.at desc, c.change_id desc limit 1) last on true
           where w.county_id = $1
             and ($2::bigint is null or w.site_id = $2)
             and ($3::text is null or s.code = $3)
             and ($4::smallint is null or p.year = $4)
             and ($5::bigint is null or s.project_id = $5)
             and ($6::timestamptz is null or (w.at >= $6 and w.at < $7))
             and ($8::bigint is null or w.withdrawal_id < $8)
           order by w.withdrawal_id desc
           limit $9"#,
        county_id.0,
        wanted.site_id.map(|site| site.0),
        wanted.code,
        wanted.year,
        wanted.project_id.map(|project| project.0),
        wanted.within.map(|(from, _)| from),
        wanted.within.map(|(_, until)| until),
        wanted.before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await?;
    let withdrawals = rows.into_iter().map(|row| Withdrawal {
        withdrawal_id: row.withdrawal_id,
        site_id: SiteId(row.site_id),
        code: row.code,
        name: row.name,
        project: ProjectRef { id: ProjectId(row.project_id), number: row.number, title: row.title },
        year: row.year,
        region: RegionRef { code: row.region_code, name: row.region_name },
        unit: row.unit,
        stage: row.stage,
        percent: row.percent,
        decision_number: row.decision_number,
        decided_on: row.decided_on,
        reason: row.reason,
        at: row.at,
        is_back: row.is_back,
    });
    Ok(withdrawals.collect())
}

/// How many sites are off the plan by a decision at present.
pub async fn count_withdrawn(connection: &mut PgConnection, county_id: CountyId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from sites s
           where s.county_id = $1 and s.withdrawn_at is not null
             and exists (select from site_withdrawals w where w.county_id = s.county_id and w.site_id = s.site_id)"#,
        county_id.0
    )
    .fetch_one(connection)
    .await
}

/// Whether the site's story is told: it stands in the plan, or left it by a decision. One that only an import made and its undoing took
/// back never stood in the plan.
pub async fn is_told(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
               select from sites s where s.county_id = $1 and s.site_id = $2
                 and (s.withdrawn_at is null
                      or exists (select from site_withdrawals w where w.county_id = s.county_id and w.site_id = s.site_id))) as "told!""#,
        county_id.0,
        site_id.0
    )
    .fetch_one(connection)
    .await
}

/// A site whose story is told (see [`is_told`]), and whether it stands in the plan.
pub async fn find_told_site(connection: &mut PgConnection, county_id: CountyId, site_id: SiteId) -> Result<Option<(Site, bool)>, sqlx::Error> {
    if let Some(site) = find_site(connection, county_id, site_id).await? {
        return Ok(Some((site, true)));
    }
    if !is_told(connection, county_id, site_id).await? {
        return Ok(None);
    }
    Ok(list_withdrawn_sites(connection, county_id, &[site_id]).await?.pop().map(|site| (site, false)))
}
