//! The map of a month: the open month as it is now, a closed one as it was frozen at its close. Both from memory.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use sqlx::PgConnection;

use super::filter::ShownSite;
use super::store::{self, PastSite};
use super::summary::{Figures, Owing};
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
pub struct MonthView {
    pub month: Month,
    pub state: MapState,
    pub sites: Vec<ShownSite>,
    /// What was owed and reported for each of the sites, in the same order.
    owing: Vec<Owing>,
}

impl MonthView {
    /// What the month's sites come to.
    pub fn figures(&self) -> Figures {
        self.figures_by(|_| Some(())).remove(&()).unwrap_or_default()
    }

    /// What they come to in groups; sites without a key are in none.
    pub fn figures_by<K: Eq + Hash>(&self, key: impl Fn(&Site) -> Option<K>) -> HashMap<K, Figures> {
        let mut groups: HashMap<K, Figures> = HashMap::new();
        for (shown, owing) in self.sites.iter().zip(&self.owing) {
            if let Some(key) = key(&shown.site) {
                groups.entry(key).or_default().add(shown, *owing);
            }
        }
        groups
    }
}

impl PastSite {
    /// The frozen marks; how old the evidence was is not among them.
    fn marks(&self) -> Marks {
        Marks { start_overdue: self.start_overdue, finish_overdue: self.finish_overdue, silent: self.silent, stale: false }
    }

    fn owing(&self) -> Owing {
        let number = |number: i16| u32::from(number.unsigned_abs());
        Owing { owed: number(self.owed), received: number(self.received), on_time: number(self.on_time) }
    }
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

    /// What the sites of a closed month come to that are `wanted` by what is known of them.
    pub(super) fn figures(&self, map: &CountyMap, past: &PastMonth, wanted: impl Fn(&Site) -> bool) -> Figures {
        let mut figures = Figures::default();
        for site in &past.sites {
            if self.site_of(map, site.site_id).is_some_and(|known| wanted(&where_it_was(&known, site))) {
                figures.counts.add(site.stage, site.marks(), site.struck_off_on.is_some());
                figures.owing += site.owing();
            }
        }
        figures
    }

    /// A site as it is now, or as it last was.
    fn site_of(&self, map: &CountyMap, site_id: SiteId) -> Option<Arc<Site>> {
        map.site(site_id).or_else(|| self.withdrawn.get(&site_id).cloned())
    }

    /// Whether the site is on past maps alone.
    pub(super) fn is_withdrawn(&self, site_id: SiteId) -> bool {
        self.withdrawn.contains_key(&site_id)
    }
}

impl LiveMap {
    /// The map of `month`, or of the open one. A month without a snapshot is not found.
    pub fn month_view(&self, map: &CountyMap, month: Option<Month>) -> Result<MonthView, Problem> {
        let county = self.county();
        let today = self.today(&county);
        let open = Month::of(today);
        let month = month.unwrap_or(open);
        if month == open {
            let sites = map.shown_sites(&county, today);
            let owing = sites.iter().map(|shown| Owing::so_far(shown, month)).collect();
            return Ok(MonthView { month, state: MapState::Live, sites, owing });
        }
        let past = map.past.month(month);
        let past =
            past.ok_or_else(|| Problem::new(Code::NotFound).saying(format!("没有 {month} 的月末地图"), format!("There is no map of {month}")))?;
        Ok(frozen(&county, map, past))
    }

    /// How many sites are off the plan by a decision.
    pub fn withdrawn_sites(&self) -> i64 {
        self.county_map().withdrawn()
    }

    /// The closed months, the latest first, each provisional or final.
    pub fn month_states(&self) -> Vec<(Month, MapState)> {
        self.county_map().past.months.iter().map(|past| (past.month, past.state)).collect()
    }
}

/// A closed month as a view of the map.
pub(super) fn frozen(county: &County, map: &CountyMap, past: &PastMonth) -> MonthView {
    let shown = past.sites.iter().filter_map(|site| {
        let known = map.past.site_of(map, site.site_id)?;
        Some((as_it_was(county, &known, past.month, site), site.owing()))
    });
    let mut shown: Vec<(ShownSite, Owing)> = shown.collect();
    shown.sort_by(|(one, _), (two, _)| one.site.code.cmp(&two.site.code));
    let (sites, owing) = shown.into_iter().unzip();
    MonthView { month: past.month, state: past.state, sites, owing }
}

/// The site with the region in which it lay at the close of the month.
fn where_it_was<'a>(site: &'a Site, past: &PastSite) -> Cow<'a, Site> {
    match &past.region {
        Some(region) if *region != site.region => Cow::Owned(Site { region: region.clone(), ..site.clone() }),
        _ => Cow::Borrowed(site),
    }
}

fn as_it_was(county: &County, site: &Site, month: Month, past: &PastSite) -> ShownSite {
    let last_report_on = past.last_report_at.map(|at| county.date_at(at));
    let known_since = county.date_at(site.created_at);
    let stale = is_stale(past.struck_off_on.is_some(), last_report_on, known_since, county.rules_of(month).stale_days, month.last_day());
    let site = Site {
        stage: past.stage,
        percent: past.percent,
        struck_off_on: past.struck_off_on,
        last_report_at: past.last_report_at,
        ..where_it_was(site, past).into_owned()
    };
    ShownSite { site: Arc::new(site), marks: Marks { stale, ..past.marks() } }
}
