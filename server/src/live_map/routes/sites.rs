//! Sites: the list with its filters, and one site.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use geo::{Coord, Rect};
use serde::Deserialize;
use utoipa::IntoParams;

use super::month;
use crate::http::kept::{self, Keeping};
use crate::http::paging::page_size;
use crate::http::{Page, PathOf, Problem, QueryOf};
use crate::ids::{ProjectId, SiteId};
use crate::live_map::LiveMap;
use crate::live_map::filter::{ShownSite, SiteFilter};
use crate::live_map::past::MapState;
use crate::sites::view::SiteDetail;
use crate::sites::{SiteView, Stage};

/// Characters that a search may have.
const LONGEST_SEARCH: usize = 100;

/// Which sites.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SitesQuery {
    stage: Option<Stage>,
    /// Whether work is late.
    overdue: Option<bool>,
    /// Number of the project.
    project: Option<ProjectId>,
    /// Division code of a township, or of any region: sites in it.
    region: Option<String>,
    /// Number of the undertaking unit.
    unit: Option<i64>,
    /// A month such as `2026-09`: the sites as they were at its close.
    month: Option<String>,
    /// Words that all occur in code, name, address, project, region or unit; width, case and spaces do not matter.
    q: Option<String>,
    /// West, south, east, north in degrees: `w,s,e,n`.
    #[param(example = "119.9,30.4,120.1,30.6")]
    bbox: Option<String>,
    cursor: Option<String>,
    /// 1 to 1000, 100 when not said.
    limit: Option<u32>,
}

impl SitesQuery {
    fn filter(&self) -> Result<SiteFilter, Problem> {
        let region = self.region.as_deref().map(region).transpose()?;
        let bbox = self.bbox.as_deref().map(bbox).transpose()?;
        let words = self.q.as_deref().unwrap_or("");
        if words.chars().count() > LONGEST_SEARCH {
            let zh = format!("最多 {LONGEST_SEARCH} 个字");
            return Err(Problem::field("q", "too_long", zh, format!("At most {LONGEST_SEARCH} characters")));
        }
        let filter =
            SiteFilter { stage: self.stage, overdue: self.overdue, project: self.project, region, unit: self.unit, bbox, ..SiteFilter::default() };
        Ok(filter.searching(words))
    }
}

/// Sites in order of their code, now or at the close of a month.
#[utoipa::path(get, path = "/api/sites", tag = "map", params(SitesQuery),
    responses((status = 200, body = Page<SiteView>, description = "Sites in order of their code"), (status = 404, description = "The month has no map")))]
pub async fn list_sites(State(map): State<LiveMap>, QueryOf(query): QueryOf<SitesQuery>, headers: HeaderMap) -> Result<Response, Problem> {
    let (page, state) = listed(&map, &query)?;
    let keeping = if state == MapState::Final { Keeping::Hour } else { Keeping::Ask };
    kept::json(&headers, &page, keeping)
}

/// The page of sites that the query asks for.
pub fn page_of_sites(map: &LiveMap, query: &SitesQuery) -> Result<Page<SiteView>, Problem> {
    listed(map, query).map(|(page, _)| page)
}

fn listed(map: &LiveMap, query: &SitesQuery) -> Result<(Page<SiteView>, MapState), Problem> {
    let limit = page_size(query.limit, 100, 1000)?;
    let filter = query.filter()?;
    let county_map = map.county_map();
    let view = map.month_view(&county_map, month(query.month.as_deref())?)?;
    let after = query.cursor.as_deref().unwrap_or("");
    let listed = view.sites.into_iter().filter(|shown| shown.site.code.as_str() > after && filter.admits(&county_map, shown));
    let page = Page::cut(listed.take(limit + 1).collect(), limit, |shown: &ShownSite| shown.site.code.clone());
    let county = map.county();
    Ok((page.map(|shown| SiteView::marked(&shown.site, shown.marks, &county)), view.state))
}

/// One site, with what is planned there and who has taken it on.
#[utoipa::path(get, path = "/api/sites/{id}", tag = "map", params(("id" = i64, Path, description = "Number of the site")),
    responses((status = 200, body = SiteDetail, description = "The site")))]
pub async fn show_site(State(map): State<LiveMap>, PathOf(site_id): PathOf<SiteId>) -> Result<Json<SiteDetail>, Problem> {
    let county = map.county();
    let site = map.county_map().site(site_id).ok_or_else(Problem::not_found)?;
    Ok(Json(SiteDetail::on(&site, &county, map.today(&county))))
}

fn region(code: &str) -> Result<String, Problem> {
    let is_code = matches!(code.len(), 6 | 9 | 12) && code.bytes().all(|byte| byte.is_ascii_digit());
    let fault = || Problem::field("region", "not_a_region_code", "应为 6、9 或 12 位行政区划代码", "Expected a division code of 6, 9 or 12 digits");
    is_code.then(|| code.to_owned()).ok_or_else(fault)
}

fn bbox(text: &str) -> Result<Rect, Problem> {
    let fault = |code: &str, zh: &str, en: &str| Problem::field("bbox", code, zh, en);
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let Some([west, south, east, north]) = numbers.as_deref().and_then(|numbers| <[f64; 4]>::try_from(numbers).ok()) else {
        return Err(fault("not_a_bbox", "应为四个数字：西,南,东,北", "Expected four numbers: west,south,east,north"));
    };
    let in_range = [west, east].iter().all(|lon| (-180.0..=180.0).contains(lon)) && [south, north].iter().all(|lat| (-90.0..=90.0).contains(lat));
    if !in_range {
        return Err(fault("out_of_range", "经度应在 ±180 之内，纬度应在 ±90 之内", "Longitudes lie within ±180 and latitudes within ±90"));
    }
    if west > east || south > north {
        return Err(fault("reversed", "顺序应为西、南、东、北", "The order is west, south, east, north"));
    }
    Ok(Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bbox_is_four_numbers_in_their_order() {
        assert!(bbox("119.9,30.4,120.1,30.6").is_ok());
        for wrong in
            ["", "1,2,3", "1,2,3,4,5", "NaN,30,121,31", "inf,30,121,31", "121,30,120,31", "120,31,121,30", "1e308,0,1e309,1", "120,30,121,abc"]
        {
            assert!(bbox(wrong).is_err(), "{wrong}");
        }
    }
}
