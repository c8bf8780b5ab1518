//! What a deputy sees of their group's theme: its sites with how they stand, the most pressing first. Nothing is decided here.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Pressure, may_adopt};
use super::routes::views;
use super::store::theme;
use crate::accounts::{Actor, CameBy};
use crate::calendar::Month;
use crate::http::Problem;
use crate::http::shapes::Named;
use crate::ids::{ProjectId, SiteId};
use crate::platform::Platform;
use crate::sites::{SiteView, Stage};

/// The theme of the signed-in deputy's group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"group": {"id": 4, "name": "县人大教育小组"}, "theme": "学前与义务教育", "month": "2026-10",
    "projects": [{"id": 3, "year": 2026, "number": 3, "title": "农村公路提升"}], "items": []}))]
pub struct GroupTheme {
    /// Null when the deputy belongs to no group.
    pub group: Option<Named>,
    pub theme: String,
    /// The open reporting month.
    pub month: Month,
    /// What the committee has given the group to follow; empty when nothing was chosen yet.
    pub projects: Vec<ThemeProjectView>,
    /// The sites of these projects, the most pressing first.
    pub items: Vec<ThemeSite>,
}

/// A project of the theme.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeProjectView {
    pub id: ProjectId,
    pub year: i16,
    pub number: i16,
    pub title: String,
}

/// A site of the theme and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeSite {
    pub site: SiteView,
    pub pressure: Pressure,
    /// Days since the planned day that was missed; null when none was.
    pub days_late: Option<i64>,
    pub adopters: Vec<ThemeAdopterView>,
    pub last_report: Option<LastReportView>,
}

/// A deputy who has the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeAdopterView {
    pub deputy: Named,
    /// The report for the open month is in.
    pub reported: bool,
}

/// The last report that stands, as everybody may read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastReportView {
    pub deputy_name: String,
    /// Staff entered it: how the deputy's words came to them.
    pub on_behalf: Option<CameBy>,
    pub month: Month,
    pub stage: Stage,
    pub percent: i16,
    pub words: String,
    pub received_at: DateTime<FixedOffset>,
}

/// The sites of the theme of the signed-in deputy's group: overdue red first, then overdue, silent, without adopter, and the rest.
#[utoipa::path(get, path = "/api/me/group-theme", tag = "adoptions",
    responses((status = 200, body = GroupTheme, description = "The theme, whoever adopted its sites")))]
pub async fn show_group_theme(State(platform): State<Platform>, actor: Actor) -> Result<Json<GroupTheme>, Problem> {
    let deputy_id = may_adopt(&actor).ok_or_else(Problem::forbidden)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let (month, today) = (county.month_at(platform.clock.now()), county.date_at(platform.clock.now()));
    let mut connection = platform.pool.acquire().await?;
    let county_id = county.county_id;
    let Some(group) = theme::find_group(&mut connection, county_id, deputy_id).await? else {
        return Ok(Json(GroupTheme { group: None, theme: String::new(), month, projects: Vec::new(), items: Vec::new() }));
    };
    let projects = theme::list_projects(&mut connection, county_id, group.group_id).await?;
    let wanted = theme::list_sites(&mut connection, county_id, group.group_id).await?;
    let mut adopters: HashMap<SiteId, Vec<ThemeAdopterView>> = HashMap::new();
    for adopter in theme::list_adopters(&mut connection, county_id, &wanted, month.first_day()).await? {
        adopters.entry(adopter.site_id).or_default().push(ThemeAdopterView { deputy: adopter.deputy, reported: adopter.reported });
    }
    let last = theme::list_last_reports(&mut connection, county_id, &wanted).await?;
    let mut last: HashMap<SiteId, theme::LastReport> = last.into_iter().map(|report| (report.site_id, report)).collect();
    let sites = views(&mut connection, &platform, &county, &wanted).await?;
    let mut items: Vec<ThemeSite> = sites
        .into_values()
        .map(|site| {
            let adopters = adopters.remove(&site.id).unwrap_or_default();
            let last_report = last.remove(&site.id).map(|report| LastReportView {
                deputy_name: report.deputy_name,
                on_behalf: report.came_by,
                month: Month::of(report.month),
                stage: report.stage,
                percent: report.percent,
                words: report.words,
                received_at: county.local(report.received_at),
            });
            let (pressure, days_late) = Pressure::of(&site, !adopters.is_empty(), today);
            ThemeSite { site, pressure, days_late, adopters, last_report }
        })
        .collect();
    items.sort_by(|one, other| {
        (one.pressure, -one.days_late.unwrap_or(0), &one.site.code).cmp(&(other.pressure, -other.days_late.unwrap_or(0), &other.site.code))
    });
    let projects = projects.into_iter().map(|project| ThemeProjectView {
        id: project.project_id,
        year: project.year,
        number: project.number,
        title: project.title,
    });
    let group_name = Named { id: group.group_id.0, name: group.name };
    Ok(Json(GroupTheme { group: Some(group_name), theme: group.theme, month, projects: projects.collect(), items }))
}
