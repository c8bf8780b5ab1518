//! The map of a month: the open month as it is now, a closed one as it was frozen at its close.

use std::collections::HashMap;
use std::sync::Arc;

use super::filter::ShownSite;
use super::store::{self, PastSite};
use super::summary::Owing;
use super::{CountyMap, LiveMap};
use crate::calendar::Month;
use crate::county::County;
use crate::http::{Code, Problem};
use crate::sites::model::is_stale;
use crate::sites::{Marks, Site};

/// How far a month has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MapState {
    /// The open month: changes with every report.
    Live,
    /// Closed; late reports may still enter its snapshot.
    Provisional,
    /// Never changes again.
    Final,
}

/// The sites of a month, in order of their codes.
#[derive(Debug)]
pub(super) struct MonthView {
    pub(super) month: Month,
    pub(super) state: MapState,
    pub(super) sites: Vec<ShownSite>,
    pub(super) owing: Owing,
}

impl LiveMap {
    /// The map of `month`, or of the open one. Only a closed month is read from the database; one without a snapshot is not found.
    pub(super) async fn month_view(&self, map: &CountyMap, month: Option<Month>) -> Result<MonthView, Problem> {
        let county = self.county();
        let today = self.today(&county);
        let open = Month::of(today);
        let live = map.shown_sites(&county, today);
        let month = month.unwrap_or(open);
        if month == open {
            return Ok(MonthView { month, state: MapState::Live, owing: Owing::so_far(&live, month), sites: live });
        }
        let mut connection = self.platform().pool.acquire().await?;
        let found = store::find_month(&mut connection, county.county_id, month).await?;
        let is_final =
            found.ok_or_else(|| Problem::new(Code::NotFound).saying(format!("没有 {month} 的月末地图"), format!("There is no map of {month}")))?;
        let past = store::list_past_sites(&mut connection, county.county_id, month).await?;
        let state = if is_final { MapState::Final } else { MapState::Provisional };
        Ok(frozen(&county, live, month, state, past))
    }
}

fn frozen(county: &County, live: Vec<ShownSite>, month: Month, state: MapState, past: Vec<PastSite>) -> MonthView {
    let mut owing = Owing::default();
    for site in &past {
        owing.owed += u32::from(site.owed.unsigned_abs());
        owing.received += u32::from(site.received.unsigned_abs());
        owing.on_time += u32::from(site.on_time.unsigned_abs());
    }
    let mut past: HashMap<i64, PastSite> = past.into_iter().map(|site| (site.site_id, site)).collect();
    let sites = live.into_iter().filter_map(|shown| Some(as_it_was(county, &shown.site, month, past.remove(&shown.site.site_id.0)?)));
    MonthView { month, state, sites: sites.collect(), owing }
}

fn as_it_was(county: &County, site: &Site, month: Month, past: PastSite) -> ShownSite {
    let last_report_on = past.last_report_at.map(|at| county.date_at(at));
    let known_since = county.date_at(site.created_at);
    let marks = Marks {
        start_overdue: past.start_overdue,
        finish_overdue: past.finish_overdue,
        silent: past.silent,
        stale: is_stale(past.struck_off_on.is_some(), last_report_on, known_since, county.stale_days, month.last_day()),
    };
    let site =
        Site { stage: past.stage, percent: past.percent, struck_off_on: past.struck_off_on, last_report_at: past.last_report_at, ..site.clone() };
    ShownSite { site: Arc::new(site), marks }
}
