//! Which rows of the review list are wanted.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use super::ranking::{Ranked, ReasonCode};
use super::sorting::SortBy;
use crate::accounts::model::lies_in;
use crate::county::County;
use crate::http::Text;
use crate::ids::{DeputyId, ProjectId, SiteId, UnitId};

/// Most sites that can be named in an address.
const MOST_SITES: usize = 500;

/// Sites by number, joined by commas.
#[derive(Debug, Clone)]
pub struct SiteNumbers(pub Vec<SiteId>);

impl<'de> Deserialize<'de> for SiteNumbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let numbers: Result<Vec<SiteId>, _> = text.split(',').map(|number| number.parse().map(SiteId)).collect();
        match numbers {
            Ok(numbers) if numbers.len() <= MOST_SITES => Ok(Self(numbers)),
            _ => Err(serde::de::Error::custom(format!(
                "unreadable|点位编号以逗号分隔，最多 {MOST_SITES} 个|Numbers of sites joined by commas, at most {MOST_SITES}"
            ))),
        }
    }
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReviewQuery {
    /// Only sites that stand on the list for this reason.
    pub reason: Option<ReasonCode>,
    pub project: Option<ProjectId>,
    /// Code of a region; it and everything below it.
    #[param(value_type = Option<String>)]
    pub region: Option<Text<1, 12>>,
    pub unit: Option<UnitId>,
    /// Only sites that this deputy has adopted.
    pub deputy: Option<DeputyId>,
    /// Only sites whose work is late by at least so many days.
    pub days: Option<u16>,
    /// Part of a site's name or code.
    #[param(value_type = Option<String>)]
    pub q: Option<Text<1, 60>>,
    /// Only sites about which nobody was reminded for so many days.
    pub unreminded: Option<u16>,
    /// Whether a supervision order about the site is open.
    pub ordered: Option<bool>,
    /// Only these sites: numbers joined by commas, at most 500.
    #[param(value_type = Option<String>)]
    pub sites: Option<SiteNumbers>,
    /// With `sites`: rows without their place in the whole list, which is then not read. The outline has the places.
    pub unranked: Option<bool>,
    /// By which column the outline is sorted; by rank when not said. Rows named by `sites` come by rank.
    #[param(inline)]
    pub sort: Option<SortBy>,
    /// The other way round; what a row does not have stays last.
    pub descending: Option<bool>,
    /// Where to read on; not for the outline.
    pub cursor: Option<String>,
    /// Rows of a page, at most 500; not for the outline.
    pub limit: Option<u32>,
}

impl ReviewQuery {
    /// Whether the row is wanted, whatever it stands there for.
    pub fn wants(&self, row: &Ranked, county: &County, today: NaiveDate) -> bool {
        let facts = &row.facts;
        self.project.is_none_or(|project| facts.project_id == project)
            && self.unit.is_none_or(|unit| facts.unit_id == unit)
            && self.region.as_ref().is_none_or(|region| lies_in(&facts.region_code, region.as_str()))
            && self.deputy.is_none_or(|deputy| facts.adopters.contains(&deputy))
            && self.days.is_none_or(|days| row.days_late().is_some_and(|late| late >= i64::from(days)))
            && self.q.as_ref().is_none_or(|words| speaks_of(row, words.as_str()))
            && self.ordered.is_none_or(|ordered| (facts.open_orders > 0) == ordered)
            && self.sites.as_ref().is_none_or(|sites| sites.0.contains(&facts.site_id))
            && self.unreminded.is_none_or(|days| {
                let quiet_since = today - TimeDelta::days(days.into());
                facts.last_reminded_at.is_none_or(|at| county.date_at(at) <= quiet_since)
            })
    }

    /// The only sites that have to be read.
    pub fn only(&self) -> Option<&[SiteId]> {
        self.sites.as_ref().filter(|_| self.unranked == Some(true)).map(|sites| sites.0.as_slice())
    }

    pub fn wants_reason(&self, row: &Ranked) -> bool {
        self.reason.is_none_or(|reason| row.has(reason))
    }
}

fn speaks_of(row: &Ranked, words: &str) -> bool {
    let words = words.to_lowercase();
    row.facts.name.to_lowercase().contains(&words) || row.facts.code.to_lowercase().contains(&words)
}
