//! Pure rules of entering and mending: who may, and what a site's code looks like.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::accounts::{Actor, Role};
use crate::http::shapes::Named;

/// Whether the person enters and mends sites somewhere; where, [`Actor::supervises`] says.
pub fn may_plan(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

/// Projects and units are the county's as a whole; and what leaves the plan leaves it by the county committee's decision.
pub fn may_plan_county(actor: &Actor, county_code: &str) -> bool {
    actor.holds(&[Role::Committee], county_code)
}

/// Letters, digits and hyphens, not beginning with a hyphen, at most forty.
pub fn is_code(text: &str) -> bool {
    let mut characters = text.chars();
    text.len() <= 40
        && characters.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '-')
}

/// The code after the highest of the project's codes; the project's first when it has none: `2026-03-01`.
pub fn next_code(year: i16, number: i16, codes: &[String]) -> String {
    let counted = codes.iter().filter_map(|code| {
        let (stem, last) = code.rsplit_once('-')?;
        (!last.is_empty() && last.len() <= 9 && last.bytes().all(|byte| byte.is_ascii_digit())).then_some(())?;
        Some((last.parse::<u64>().ok()?, last.len(), stem))
    });
    match counted.max() {
        Some((last, width, stem)) => format!("{stem}-{:0width$}", last + 1),
        None => format!("{year}-{number:02}-01"),
    }
}

/// A village as the county knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VillageCode {
    pub code: String,
    pub name: String,
    /// It has another code now.
    pub is_gone: bool,
}

/// A village that comes to another township.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewVillage {
    pub code: String,
    pub name: String,
    pub new_code: String,
}

/// The codes that the villages of township `from` get in `into`: their own last three digits where these are free, otherwise the lowest that
/// are. A code that was ever used is not used again. None when there are not enough.
pub fn village_codes(known: &[VillageCode], from: &str, into: &str) -> Option<Vec<NewVillage>> {
    let serial = |code: &str, township: &str| code.strip_prefix(township).and_then(|last| last.parse::<u16>().ok());
    let mut taken: BTreeSet<u16> = known.iter().filter_map(|village| serial(&village.code, into)).collect();
    let moving: Vec<(&VillageCode, u16)> =
        known.iter().filter(|village| !village.is_gone).filter_map(|village| Some((village, serial(&village.code, from)?))).collect();
    let kept: BTreeSet<u16> = moving.iter().map(|(_, own)| *own).filter(|own| !taken.contains(own)).collect();
    taken.extend(&kept);
    let codes = moving.into_iter().map(|(village, own)| {
        let new = if kept.contains(&own) { own } else { (1..=999).find(|free| !taken.contains(free))? };
        taken.insert(new);
        Some(NewVillage { code: village.code.clone(), name: village.name.clone(), new_code: format!("{into}{new:03}") })
    });
    codes.collect()
}

/// What lies in a township, with its villages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Moving {
    pub sites: Vec<Named>,
    pub stations: Vec<Named>,
    /// Also those who have left.
    pub deputies: Vec<Named>,
    /// Accounts with rights there.
    pub accounts: Vec<Named>,
    pub grid_cells: i64,
    /// Supervision orders issued in its name.
    pub orders: i64,
    /// Offers meant for its deputies.
    pub offers: i64,
}

impl Moving {
    /// How many of what.
    pub fn counts(&self, villages: usize) -> serde_json::Value {
        json!({ "villages": villages, "sites": self.sites.len(), "stations": self.stations.len(), "deputies": self.deputies.len(),
            "accounts": self.accounts.len(), "grid_cells": self.grid_cells, "orders": self.orders, "offers": self.offers })
    }

    /// How many things altogether, without the villages.
    pub fn count(&self) -> i64 {
        let named = self.sites.len() + self.stations.len() + self.deputies.len() + self.accounts.len();
        i64::try_from(named).unwrap_or(i64::MAX) + self.grid_cells + self.orders + self.offers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_letters_digits_and_hyphens() {
        for good in ["2026-03-07", "A", "a-1", "9", &"x".repeat(40)] {
            assert!(is_code(good), "{good}");
        }
        for bad in ["", "-1", "2026 03", "点位-1", "a/b", "a_b", "a.b", &"x".repeat(41)] {
            assert!(!is_code(bad), "{bad}");
        }
    }

    #[test]
    fn the_next_code_follows_the_projects_highest() {
        let codes = |all: &[&str]| all.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        assert_eq!(next_code(2026, 3, &[]), "2026-03-01");
        assert_eq!(next_code(2026, 3, &codes(&["2026-03-01", "2026-03-09"])), "2026-03-10");
        assert_eq!(next_code(2026, 1, &codes(&["2026-01-001", "2026-01-002"])), "2026-01-003");
        assert_eq!(next_code(2026, 3, &codes(&["2026-03-99"])), "2026-03-100");
        assert_eq!(next_code(2026, 12, &codes(&["幼儿园", "A-x"])), "2026-12-01");
    }

    #[test]
    fn a_village_keeps_its_last_digits_where_they_are_free() {
        let village = |code: &str, is_gone| VillageCode { code: code.to_owned(), name: code[9..].to_owned(), is_gone };
        let known = [
            village("339901001001", false),
            village("339901001002", false),
            village("339901001003", true),
            village("339901001004", false),
            village("339901002001", false),
            village("339901002003", true),
        ];
        let codes = village_codes(&known, "339901001", "339901002").expect("enough");
        let told: Vec<(&str, &str)> = codes.iter().map(|village| (village.name.as_str(), &village.new_code[9..])).collect();
        assert_eq!(told, [("001", "005"), ("002", "002"), ("004", "004")], "001 and 003 were used in the other before");
        let full: Vec<VillageCode> =
            (1..=999).map(|serial| village(&format!("339901002{serial:03}"), false)).chain([village("339901001001", false)]).collect();
        assert_eq!(village_codes(&full, "339901001", "339901002"), None);
    }
}
