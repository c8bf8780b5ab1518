//! Sending a report, a site's reports, and what the signed-in deputy owes and has done.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::acceptance::{self, Receipt, Sender};
use super::body::ReportBody;
use super::model::{Duty, duty, late_month, may_report};
use super::phone_clock::PhoneClock;
use super::store::read::{self, AdoptedSite, Report, ReportState, Wanted};
use super::view::ReportView;
use crate::accounts::{Act, Actor, JsonOf, PublicCounty};
use crate::calendar::Month;
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Page, PathOf, Problem, QueryOf};
use crate::ids::{DeputyId, SiteId};
use crate::platform::Platform;
use crate::sites::{Site, SiteView, store::list_sites};

/// Sends a report. Repeating it, from any number of phones, leaves one report and gives the same receipt.
///
/// The same id with other content is refused (`key_reused`). Another id of the same deputy, site and month amends: of the two, the one
/// written later stands. The report takes effect at once; pictures it announces may be sent afterwards.
#[utoipa::path(put, path = "/api/reports/{id}", tag = "reports", request_body = ReportBody,
    params(("id" = Uuid, Path, description = "Made by the phone (UUIDv7)"),
        ("phone-clock" = Option<String>, Header, description = "What the phone's clock shows while it sends, RFC 3339: a wrong one is corrected by it")),
    responses((status = 201, body = Receipt, description = "Accepted"), (status = 200, body = Receipt, description = "Accepted before")))]
pub async fn put_report(PathOf(report_id): PathOf<Uuid>, clock: PhoneClock, mut act: Act<JsonOf<ReportBody>>) -> Result<Response, Problem> {
    let deputy_id = may_report(&act.actor).ok_or_else(Problem::forbidden)?;
    let (status, receipt) = acceptance::accept(&mut act, report_id, Sender::deputy(deputy_id, clock)).await?;
    act.done(status, &receipt).await
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportsQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A site's reports, the one received last first, with amended and returned ones.
#[utoipa::path(get, path = "/api/sites/{id}/reports", tag = "reports", params(("id" = i64, Path, description = "Number of the site"), ReportsQuery),
    responses((status = 200, body = Page<ReportView>, description = "Reports")))]
pub async fn list_site_reports(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    PathOf(site_id): PathOf<SiteId>,
    QueryOf(query): QueryOf<ReportsQuery>,
) -> Result<Json<Page<ReportView>>, Problem> {
    let limit = page_size(query.limit, 20, 100)?;
    let before: Option<Uuid> = read_cursor(query.cursor.as_deref())?;
    let mut connection = platform.pool.acquire().await?;
    if !crate::sites::store::is_told(&mut connection, county.county_id, site_id).await? {
        return Err(Problem::not_found());
    }
    let wanted = Wanted { site_id: Some(site_id), before, ..Wanted::default() };
    let reports = read::list_reports(&mut connection, county.county_id, wanted, limit + 1).await?;
    let page = Page::cut(reports, limit, |report: &Report| report.report_id.to_string());
    Ok(Json(page.map(|report| ReportView::of(report, &county))))
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MonthQuery {
    /// The month that is open, when not said.
    month: Option<Month>,
}

/// A site that the deputy has adopted, and how things stand with it for the month.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwedSite {
    pub site: SiteView,
    pub adopted_on: NaiveDate,
    pub state: Duty,
    /// The report that stands for the month, or the one that was returned.
    pub report: Option<ReportView>,
    /// The deputy's last report for an earlier month.
    pub previous: Option<ReportView>,
    pub reminded_at: Option<DateTime<FixedOffset>>,
}

/// What the signed-in deputy owes for a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"month": "2026-10", "closes_at": "2026-11-01T00:00:00+08:00", "today": "2026-10-28", "items": [], "late_month": null,
    "next": null}))]
pub struct OwedSites {
    pub month: Month,
    /// First instant that no longer belongs to the month.
    pub closes_at: DateTime<FixedOffset>,
    pub today: NaiveDate,
    pub items: Vec<OwedSite>,
    /// The month before, whichever month was asked for; null when it takes no late reports any more.
    pub late_month: Option<LateMonth>,
    pub next: Option<String>,
}

/// The month that has closed and still takes late reports.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"month": "2026-10", "until": "2026-11-06T00:00:00+08:00", "sites": [41]}))]
pub struct LateMonth {
    pub month: Month,
    /// First instant at which it takes none any more.
    pub until: DateTime<FixedOffset>,
    /// For which the deputy still owes its report, also sites handed over since.
    pub sites: Vec<SiteId>,
}

impl LateMonth {
    async fn load(
        connection: &mut sqlx::PgConnection,
        county: &County,
        deputy_id: DeputyId,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, sqlx::Error> {
        let Some(month) = late_month(county, now) else { return Ok(None) };
        let closed_at = month.closes_at(county.zone);
        let sites = read::list_still_owed(connection, (county.county_id, deputy_id), month, closed_at).await?;
        Ok(Some(Self { month, until: county.local(county.final_at(month)), sites }))
    }
}

/// What the signed-in deputy owes for a month, and what has come in.
#[utoipa::path(get, path = "/api/me/sites", tag = "reports", params(MonthQuery),
    responses((status = 200, body = OwedSites, description = "The adopted sites in order of their code")))]
pub async fn list_my_sites(State(platform): State<Platform>, actor: Actor, QueryOf(query): QueryOf<MonthQuery>) -> Result<Json<OwedSites>, Problem> {
    let deputy_id = may_report(&actor).ok_or_else(Problem::forbidden)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let now = platform.clock.now();
    let month = query.month.unwrap_or_else(|| county.month_at(now));
    let mut connection = platform.pool.acquire().await?;
    let bounds = (month.opens_at(county.zone), month.closes_at(county.zone));
    let is_excused = read::is_excused(&mut connection, (county.county_id, deputy_id), month).await?;
    let adopted = read::list_adopted(&mut connection, (county.county_id, deputy_id), month, bounds).await?;
    let numbers: Vec<SiteId> = adopted.iter().map(|adopted| adopted.site_id).collect();
    let sites = list_sites(&mut connection, county.county_id, Some(&numbers)).await?;
    let mut sites: HashMap<SiteId, Site> = sites.into_iter().map(|site| (site.site_id, site)).collect();
    let mut reports = MyReports::load(&mut connection, &county, deputy_id, month, &adopted).await?;
    let items = adopted.iter().filter_map(|adopted| {
        let site = sites.remove(&adopted.site_id)?;
        let (report, has_standing) = reports.take_current(adopted.site_id);
        Some(OwedSite {
            state: duty(month, site.struck_off_on, is_excused, (has_standing, report.is_some())),
            site: SiteView::on(&site, &county, county.date_at(now)),
            adopted_on: adopted.adopted_on,
            report: report.map(|report| ReportView::of(report, &county)),
            previous: adopted.previous.and_then(|id| reports.take_previous(id)).map(|report| ReportView::of(report, &county)),
            reminded_at: adopted.reminded_at.map(|at| county.local(at)),
        })
    });
    let items = items.collect();
    let late_month = LateMonth::load(&mut connection, &county, deputy_id, now).await?;
    Ok(Json(OwedSites { month, closes_at: county.local(bounds.1), today: county.date_at(now), items, late_month, next: None }))
}

/// The deputy's reports that the list of owed sites shows.
struct MyReports {
    current: HashMap<SiteId, Vec<Report>>,
    previous: HashMap<Uuid, Report>,
}

impl MyReports {
    async fn load(
        connection: &mut sqlx::PgConnection,
        county: &County,
        deputy_id: DeputyId,
        month: Month,
        adopted: &[AdoptedSite],
    ) -> Result<Self, sqlx::Error> {
        let months = Some((month.first_day(), month.first_day()));
        let of_month = Wanted { deputy_id: Some(deputy_id), months, ..Wanted::default() };
        let mut current: HashMap<SiteId, Vec<Report>> = HashMap::new();
        for report in read::list_reports(connection, county.county_id, of_month, usize::MAX).await? {
            current.entry(report.site_id).or_default().push(report);
        }
        let ids: Vec<Uuid> = adopted.iter().filter_map(|adopted| adopted.previous).collect();
        let earlier = Wanted { report_ids: Some(&ids), ..Wanted::default() };
        let previous = read::list_reports(connection, county.county_id, earlier, usize::MAX).await?;
        Ok(Self { current, previous: previous.into_iter().map(|report| (report.report_id, report)).collect() })
    }

    /// The standing report, or else the one returned last; and whether it stands.
    fn take_current(&mut self, site_id: SiteId) -> (Option<Report>, bool) {
        let reports = self.current.remove(&site_id).unwrap_or_default();
        if let Some(standing) = reports.iter().find(|report| report.state == ReportState::Standing) {
            return (Some(standing.clone()), true);
        }
        (reports.into_iter().find(|report| report.state == ReportState::Returned), false)
    }

    fn take_previous(&mut self, report_id: Uuid) -> Option<Report> {
        self.previous.remove(&report_id)
    }
}

/// Which year, and which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecordQuery {
    /// The present year, when not said.
    year: Option<i32>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The signed-in deputy's own reports of a year, the one received last first, with amended and returned ones.
#[utoipa::path(get, path = "/api/me/reports", tag = "reports", params(RecordQuery),
    responses((status = 200, body = Page<ReportView>, description = "Own reports")))]
pub async fn list_my_reports(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<RecordQuery>,
) -> Result<Json<Page<ReportView>>, Problem> {
    let deputy_id = may_report(&actor).ok_or_else(Problem::forbidden)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("the account's county is not known"))?;
    let limit = page_size(query.limit, 100, 500)?;
    let before: Option<Uuid> = read_cursor(query.cursor.as_deref())?;
    let year = query.year.unwrap_or_else(|| county.month_at(platform.clock.now()).year());
    let wrong_year = || Problem::field("year", "out_of_range", "年份不对", "The year is out of range");
    let (first, last) = Month::new(year, 1).zip(Month::new(year, 12)).ok_or_else(wrong_year)?;
    let wanted = Wanted { deputy_id: Some(deputy_id), months: Some((first.first_day(), last.first_day())), before, ..Wanted::default() };
    let mut connection = platform.pool.acquire().await?;
    let reports = read::list_reports(&mut connection, county.county_id, wanted, limit + 1).await?;
    let page = Page::cut(reports, limit, |report: &Report| report.report_id.to_string());
    Ok(Json(page.map(|report| ReportView::of(report, &county))))
}
