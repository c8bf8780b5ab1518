//! Reading the theme of a deputy's group: its projects, their sites, who adopted them and what was reported last.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::accounts::CameBy;
use crate::http::shapes::Named;
use crate::ids::{CountyId, DeputyGroupId, DeputyId, ProjectId, SiteId};
use crate::sites::Stage;

/// A group and what it is about.
#[derive(Debug, Clone)]
pub struct Group {
    pub group_id: DeputyGroupId,
    pub name: String,
    pub theme: String,
}

/// The group of a deputy; none when they belong to none.
pub async fn find_group(connection: &mut PgConnection, county_id: CountyId, deputy_id: DeputyId) -> Result<Option<Group>, sqlx::Error> {
    sqlx::query_as!(
        Group,
        r#"select g.deputy_group_id as "group_id: DeputyGroupId", g.name, g.theme
           from deputies d join deputy_groups g on g.county_id = d.county_id and g.deputy_group_id = d.deputy_group_id
           where d.county_id = $1 and d.deputy_id = $2"#,
        county_id.0,
        deputy_id.0
    )
    .fetch_optional(connection)
    .await
}

/// A project of a theme.
#[derive(Debug, Clone)]
pub struct ThemeProject {
    pub project_id: ProjectId,
    pub year: i16,
    pub number: i16,
    pub title: String,
}

/// The projects of a group's theme, the newest year first.
pub async fn list_projects(connection: &mut PgConnection, county_id: CountyId, group_id: DeputyGroupId) -> Result<Vec<ThemeProject>, sqlx::Error> {
    sqlx::query_as!(
        ThemeProject,
        r#"select p.project_id as "project_id: ProjectId", year, number, title
           from deputy_group_projects g join projects p using (county_id, project_id)
           where county_id = $1 and deputy_group_id = $2 order by year desc, number"#,
        county_id.0,
        group_id.0
    )
    .fetch_all(connection)
    .await
}

/// The sites of a group's theme, struck-off ones too.
pub async fn list_sites(connection: &mut PgConnection, county_id: CountyId, group_id: DeputyGroupId) -> Result<Vec<SiteId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select s.site_id as "site_id: SiteId"
           from deputy_group_projects g join sites s using (county_id, project_id)
           where county_id = $1 and deputy_group_id = $2 and withdrawn_at is null"#,
        county_id.0,
        group_id.0
    )
    .fetch_all(connection)
    .await
}

/// A deputy who has a site of the theme.
#[derive(Debug, Clone)]
pub struct ThemeAdopter {
    pub site_id: SiteId,
    pub deputy: Named,
    /// Their report for the month stands.
    pub reported: bool,
}

/// Who has adopted these sites, and whether their reports for `month` stand.
pub async fn list_adopters(
    connection: &mut PgConnection,
    county_id: CountyId,
    sites: &[SiteId],
    month: NaiveDate,
) -> Result<Vec<ThemeAdopter>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    let rows = sqlx::query!(
        r#"select a.site_id, d.deputy_id, d.name,
                  exists (select from reports r where r.county_id = $1 and r.site_id = a.site_id and r.deputy_id = d.deputy_id
                          and r.month = $3 and r.state = 'standing') as "reported!"
           from adoptions a join deputies d using (county_id, deputy_id)
           where county_id = $1 and a.site_id = any($2) and a.ended_on is null order by a.site_id, d.deputy_id"#,
        county_id.0,
        &numbers,
        month
    )
    .fetch_all(connection)
    .await?;
    let adopters = rows.into_iter().map(|row| ThemeAdopter {
        site_id: SiteId(row.site_id),
        deputy: Named { id: row.deputy_id, name: row.name },
        reported: row.reported,
    });
    Ok(adopters.collect())
}

/// The last report that stands on a site.
#[derive(Debug, Clone)]
pub struct LastReport {
    pub site_id: SiteId,
    pub deputy_name: String,
    pub came_by: Option<CameBy>,
    pub month: NaiveDate,
    pub stage: Stage,
    pub percent: i16,
    pub words: String,
    pub received_at: DateTime<Utc>,
}

/// What was reported last on each of these sites.
pub async fn list_last_reports(connection: &mut PgConnection, county_id: CountyId, sites: &[SiteId]) -> Result<Vec<LastReport>, sqlx::Error> {
    let numbers: Vec<i64> = sites.iter().map(|site| site.0).collect();
    sqlx::query_as!(
        LastReport,
        r#"select distinct on (r.site_id) r.site_id as "site_id: SiteId", d.name as deputy_name, r.came_by as "came_by: CameBy", r.month,
                  r.stage as "stage: Stage", r.percent, r.words, r.received_at
           from reports r join deputies d using (county_id, deputy_id)
           where county_id = $1 and r.site_id = any($2) and r.state = 'standing'
           order by r.site_id, r.written_at desc, r.report_id desc"#,
        county_id.0,
        &numbers
    )
    .fetch_all(connection)
    .await
}
