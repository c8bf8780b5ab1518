//! The map of a month: the open month as it is now, a closed one as it was frozen at its close. Both from memory.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use sqlx::PgConnection;

use super::filter::ShownSite;
use super::store::{self, PastSite};
use super::summary::Owing;
use super::{CountyMap, LiveMap};
use crate::calendar::Month;
use crate::county::County;
use crate::http::{Code, Problem};
use crate::ids::{CountyId, SiteId};
use crate::sites::model::is_stale;
use crate::sites::{self, Marks, Site};

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

/// The map at the close of a month.
#[derive(Debug)]
pub(super) struct PastMonth {
    pub(super) month: Month,
    pub(super) state: MapState,
    sites: Vec<PastSite>,
    /// A hash of what it shows; made when first asked for.
    pub(super) version: OnceLock<String>,
}

/// The closed months of a county, the latest first, with the sites that they show and today's map no longer has.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) months: Vec<PastMonth>,
    withdrawn: HashMap<SiteId, Arc<Site>>,
}

impl Past {
    /// Loads all closed months. Call it in a transaction whose statements see one state.
    pub(super) async fn load(connection: &mut PgConnection, county_id: CountyId, known: impl Fn(SiteId) -> bool) -> Result<Self, sqlx::Error> {
        let mut by_month: HashMap<Month, Vec<PastSite>> = HashMap::new();
        let mut missing = Vec::new();
        for (month, site) in store::list_past_sites(connection, county_id).await? {
            if !known(site.site_id) {
                missing.push(site.site_id);
            }
            by_month.entry(month).or_default().push(site);
        }
        missing.sort_unstable();
        missing.dedup();
        let withdrawn = sites::store::list_withdrawn_sites(connection, county_id, &missing).await?;
        let past = |(month, is_final): (Month, bool)| PastMonth {
            month,
            state: if is_final { MapState::Final } else { MapState::Provisional },
            sites: by_month.remove(&month).unwrap_or_default(),
            version: OnceLock::new(),
        };
        Ok(Self {
            months: store::list_months(connection, county_id).await?.into_iter().map(past).collect(),
            withdrawn: withdrawn.into_iter().map(|site| (site.site_id, Arc::new(site))).collect(),
        })
    }

    pub(super) fn month(&self, month: Month) -> Option<&PastMonth> {
        self.months.iter().find(|past| past.month == month)
    }

    /// Whether the site is on past maps alone.
    pub(super) fn is_withdrawn(&self, site_id: SiteId) -> bool {
        self.withdrawn.contains_key(&site_id)
    }
}

impl LiveMap {
    /// The map of `month`, or of the open one. A month without a snapshot is not found.
    pub(super) fn month_view(&self, map: &CountyMap, month: Option<Month>) -> Result<MonthView, Problem> {
        let county = self.county();
        let today = self.today(&county);
        let open = Month::of(today);
        let month = month.unwrap_or(open);
        if month == open {
            let sites = map.shown_sites(&county, today);
            return Ok(MonthView { month, state: MapState::Live, owing: Owing::so_far(&sites, month), sites });
        }
        let past = map.past.month(month);
        let past =
            past.ok_or_else(|| Problem::new(Code::NotFound).saying(format!("没有 {month} 的月末地图"), format!("There is no map of {month}")))?;
        Ok(frozen(&county, map, past))
    }
}

/// A closed month as a view of the map.
pub(super) fn frozen(county: &County, map: &CountyMap, past: &PastMonth) -> MonthView {
    let mut owing = Owing::default();
    for site in &past.sites {
        owing.owed += u32::from(site.owed.unsigned_abs());
        owing.received += u32::from(site.received.unsigned_abs());
        owing.on_time += u32::from(site.on_time.unsigned_abs());
    }
    let site_of = |site_id: SiteId| map.site(site_id).or_else(|| map.past.withdrawn.get(&site_id).cloned());
    let shown = past.sites.iter().filter_map(|site| Some(as_it_was(county, &*site_of(site.site_id)?, past.month, site)));
    let mut sites: Vec<ShownSite> = shown.collect();
    sites.sort_by(|one, two| one.site.code.cmp(&two.site.code));
    MonthView { month: past.month, state: past.state, sites, owing }
}

fn as_it_was(county: &County, site: &Site, month: Month, past: &PastSite) -> ShownSite {
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
