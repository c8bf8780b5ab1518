//! From the name of a township, as an office writes it, to its region in the county.

use geodata::region_code::RegionCode;
use serde::{Deserialize, Serialize};

use super::words::folded;

/// A region the county already has.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownRegion {
    pub code: String,
    pub name: String,
    pub has_boundary: bool,
}

/// A region that the import will make, without a boundary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRegion {
    pub code: String,
    pub name: String,
}

/// Townships without a division code of their own get the county's code and a number from here on.
const FIRST_PROVISIONAL: u16 = 901;

/// True for a code this service made up because no boundary file had been imported yet.
pub fn is_provisional(code: &str) -> bool {
    code.len() == 9 && code[6..].parse::<u16>().is_ok_and(|serial| serial >= FIRST_PROVISIONAL)
}

/// The townships of one county, old and new, while a file is read against them.
#[derive(Debug)]
pub struct Townships<'a> {
    county: RegionCode,
    county_name: String,
    known: &'a [KnownRegion],
    pub made: Vec<NewRegion>,
}

/// The name is none of the county's townships; the nearest ones, if any are near.
#[derive(Debug, PartialEq, Eq)]
pub struct NotATownship {
    pub similar: Vec<String>,
}

impl<'a> Townships<'a> {
    pub fn new(county: RegionCode, known: &'a [KnownRegion]) -> Self {
        let county_name = known.iter().find(|region| region.code == county.as_str()).map(|region| region.name.clone()).unwrap_or_default();
        Self { county, county_name, known, made: Vec::new() }
    }

    fn townships(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = self.known.iter().filter(|region| region.code.len() == 9).map(|region| (region.code.as_str(), region.name.as_str()));
        known.chain(self.made.iter().map(|region| (region.code.as_str(), region.name.as_str())))
    }

    /// The name of a region by its code.
    pub fn name_of(&self, code: &str) -> String {
        let known = self.known.iter().find(|region| region.code == code).map(|region| &region.name);
        known.or_else(|| self.made.iter().find(|region| region.code == code).map(|region| &region.name)).cloned().unwrap_or_default()
    }

    pub fn has_boundary(&self, code: &str) -> bool {
        self.known.iter().any(|region| region.code == code && region.has_boundary)
    }

    /// The code of the township of this name, or with this code. A county whose townships have no boundaries yet takes new names in as
    /// regions with provisional codes, because nothing better is known; a county with boundaries refuses them.
    pub fn resolve(&mut self, name: &str) -> Result<String, NotATownship> {
        if let Some(code) = self.find(name) {
            return Ok(code);
        }
        let mapped = self.known.iter().any(|region| region.code.len() == 9 && region.has_boundary);
        if mapped || folded(name).chars().count() < 2 || name.chars().count() > 100 {
            return Err(NotATownship { similar: self.similar(name) });
        }
        let taken = |code: &str| self.townships().any(|(known, _)| known == code);
        let free = (FIRST_PROVISIONAL..=999).filter_map(|serial| self.county.child(serial)).find(|code| !taken(code.as_str()));
        let code = free.ok_or(NotATownship { similar: Vec::new() })?.as_str().to_owned();
        self.made.push(NewRegion { code: code.clone(), name: name.trim().to_owned() });
        Ok(code)
    }

    /// As [`Townships::resolve`], but makes nothing.
    pub fn find(&self, name: &str) -> Option<String> {
        let wanted = folded(name);
        let by_code = self.known.iter().find(|region| region.code == wanted || format!("{}000", region.code) == wanted);
        if let Some(region) = by_code {
            return Some(region.code.clone());
        }
        if !self.county_name.is_empty() && wanted == folded(&self.county_name) {
            return Some(self.county.as_str().to_owned());
        }
        let exact = self.townships().find(|(_, known)| folded(known) == wanted);
        if let Some((code, _)) = exact {
            return Some(code.to_owned());
        }
        // 苍南县灵溪镇 ends with a known name; 灵溪 is one without its last word.
        let close = |(_, known): &(&str, &str)| {
            wanted.ends_with(&folded(known)) || (wanted.chars().count() >= 2 && without_rank(known) == without_rank(name))
        };
        let mut candidates = self.townships().filter(close);
        match (candidates.next(), candidates.next()) {
            (Some((code, _)), None) => Some(code.to_owned()),
            _ => None,
        }
    }

    fn similar(&self, name: &str) -> Vec<String> {
        let wanted: Vec<char> = without_rank(name).chars().collect();
        let shares = |known: &str| without_rank(known).chars().filter(|c| wanted.contains(c)).count();
        let mut scored: Vec<(usize, &str)> = self.townships().map(|(_, known)| (shares(known), known)).filter(|(shared, _)| *shared > 0).collect();
        scored.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
        scored.into_iter().take(3).map(|(_, known)| known.to_owned()).collect()
    }
}

fn without_rank(name: &str) -> String {
    let word = folded(name);
    for rank in ["街道办事处", "街道", "民族乡", "镇", "乡"] {
        if let Some(rest) = word.strip_suffix(rank)
            && !rest.is_empty()
        {
            return rest.to_owned();
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county() -> RegionCode {
        "330327".parse().expect("a code")
    }

    fn known(code: &str, name: &str, has_boundary: bool) -> KnownRegion {
        KnownRegion { code: code.to_owned(), name: name.to_owned(), has_boundary }
    }

    #[test]
    fn a_township_is_found_by_its_name_in_several_spellings() {
        let regions = [known("330327", "苍南县", true), known("330327101", "灵溪镇", true), known("330327102", "金乡镇", true)];
        let mut townships = Townships::new(county(), &regions);
        for name in ["灵溪镇", "灵溪", " 灵 溪 镇 ", "苍南县灵溪镇", "330327101", "330327101000"] {
            assert_eq!(townships.resolve(name).as_deref(), Ok("330327101"), "{name}");
        }
        assert_eq!(townships.resolve("灵西镇"), Err(NotATownship { similar: vec!["灵溪镇".to_owned()] }));
        assert_eq!(townships.resolve("县城").unwrap_err().similar, Vec::<String>::new());
    }

    #[test]
    fn a_county_without_boundaries_takes_in_new_townships_with_provisional_codes() {
        let regions = [known("330327", "苍南县", false), known("330327901", "灵溪镇", false)];
        let mut townships = Townships::new(county(), &regions);
        assert_eq!(townships.resolve("宜山镇").as_deref(), Ok("330327902"));
        assert_eq!(townships.resolve("宜山镇").as_deref(), Ok("330327902"));
        assert_eq!(townships.made.len(), 1);
        assert!(is_provisional("330327902") && !is_provisional("330327101"));
    }
}
