//! Division codes after GB/T 2260: six digits name a county, nine a township, twelve a village.
//!
//! A region lies in another exactly when the other's code begins its own. Whether a code is in use is not known here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The code of a county, a township or a village. Ordered as text, so a region comes right before what lies in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);

/// How deep in the tree of regions a code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    County,
    Township,
    Village,
}

/// The text is no division code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("行政区划代码应为 6 位（县）、9 位（乡镇街道）或 12 位（村社区）数字")]
pub struct RegionCodeError;

impl RegionCode {
    /// The code as text: digits only.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn level(&self) -> RegionLevel {
        match self.0.len() {
            6 => RegionLevel::County,
            9 => RegionLevel::Township,
            _ => RegionLevel::Village,
        }
    }

    /// The region directly above; none above a county.
    pub fn parent(&self) -> Option<Self> {
        (self.level() > RegionLevel::County).then(|| Self(self.0[..self.0.len() - 3].to_owned()))
    }

    /// The county this region lies in, or is.
    pub fn county(&self) -> Self {
        Self(self.0[..6].to_owned())
    }

    /// The township this region lies in, or is; none for a county.
    pub fn township(&self) -> Option<Self> {
        (self.level() >= RegionLevel::Township).then(|| Self(self.0[..9].to_owned()))
    }

    /// Whether `other` is this region or lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The `serial`-th region directly below: 1 to 999 under a county or township.
    pub fn child(&self, serial: u16) -> Option<Self> {
        (self.level() < RegionLevel::Village && (1..=999).contains(&serial)).then(|| Self(format!("{}{serial:03}", self.0)))
    }
}

impl FromStr for RegionCode {
    type Err = RegionCodeError;

    fn from_str(text: &str) -> Result<Self, RegionCodeError> {
        let digits_only = text.bytes().all(|byte| byte.is_ascii_digit());
        // No province's code begins with a zero: such text lost or gained a digit on its way through a spreadsheet.
        (digits_only && matches!(text.len(), 6 | 9 | 12) && !text.starts_with('0')).then(|| Self(text.to_owned())).ok_or(RegionCodeError)
    }
}

impl TryFrom<String> for RegionCode {
    type Error = RegionCodeError;

    fn try_from(text: String) -> Result<Self, RegionCodeError> {
        text.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> RegionCode {
        text.parse().unwrap()
    }

    #[test]
    fn only_six_nine_or_twelve_digits_are_codes() {
        for text in ["339901", "339901004", "339901004012"] {
            assert_eq!(code(text).as_str(), text);
        }
        for text in ["", "3", "33990", "3399010", "33990100", "3399010040", "3399010040123", "33990a", "33990１", " 339901", "-39901", "039901"] {
            assert_eq!(text.parse::<RegionCode>(), Err(RegionCodeError), "{text}");
        }
    }

    #[test]
    fn a_region_contains_itself_and_what_its_code_begins() {
        let (county, township, village) = (code("339901"), code("339901004"), code("339901004012"));
        assert!(county.contains(&county) && county.contains(&village) && township.contains(&village));
        assert!(!township.contains(&county) && !township.contains(&code("339901005")) && !county.contains(&code("339902004")));
    }

    #[test]
    fn parents_lead_up_to_the_county() {
        let village = code("339901004012");
        assert_eq!(village.level(), RegionLevel::Village);
        assert_eq!(village.parent(), Some(code("339901004")));
        assert_eq!(village.parent().unwrap().parent(), Some(code("339901")));
        assert_eq!(code("339901").parent(), None);
        assert_eq!((village.county(), village.township()), (code("339901"), Some(code("339901004"))));
        assert_eq!(code("339901").township(), None);
    }

    #[test]
    fn children_are_numbered_from_one() {
        assert_eq!(code("339901").child(4), Some(code("339901004")));
        assert_eq!(code("339901004").child(12), Some(code("339901004012")));
        for serial in [0, 1000] {
            assert_eq!(code("339901").child(serial), None);
        }
        assert_eq!(code("339901004012").child(1), None);
    }

    proptest! {
        #[test]
        fn every_child_lies_in_its_parent(county in "[1-9][0-9]{5}", serial in 1_u16..=999) {
            let county = code(&county);
            let township = county.child(serial).unwrap();
            prop_assert!(county.contains(&township));
            prop_assert_eq!(township.parent(), Some(county));
        }

        #[test]
        fn any_text_is_answered(text in ".{0,20}") {
            let _ = text.parse::<RegionCode>();
        }
    }
}
