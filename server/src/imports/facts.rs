//! What the county already knows, as far as an import has to be compared with it. Read by `store`, used by the plans.

use chrono::NaiveDate;
use geodata::position::LonLat;
use geodata::region_code::RegionCode;

use super::townships::KnownRegion;
pub use crate::regions::model::Located;

/// A project of the year in question.
#[derive(Clone, Debug)]
pub struct KnownProject {
    pub number: i32,
    pub title: String,
}

/// A site of the year in question, also one that left the plan or whose import was undone.
#[derive(Clone, Debug)]
pub struct KnownSite {
    pub site_id: i64,
    pub code: String,
    pub project_number: i32,
    pub name: String,
    pub address: String,
    pub region_code: String,
    pub position: LonLat,
    pub unit: String,
    pub quota: String,
    pub people_served: Option<i32>,
    pub remarks: String,
    pub planned_start_on: Option<NaiveDate>,
    pub planned_finish_on: Option<NaiveDate>,
    pub stage: String,
    /// Reserved to the county.
    pub key_site: bool,
    pub withdrawn: bool,
    /// Number of the decision by which it left the plan; none when only its import was undone.
    pub withdrawn_by: Option<String>,
}

/// A station of the county.
#[derive(Clone, Debug)]
pub struct KnownStation {
    pub station_id: i64,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub integrity_monitoring: bool,
    pub region_code: String,
    pub address: String,
    pub telephone: String,
    pub opening_hours: String,
    pub position: LonLat,
}

/// A deputy who can be told by a telephone number.
#[derive(Clone, Debug)]
pub struct KnownDeputy {
    pub deputy_id: i64,
    pub phone: String,
    pub name: String,
    pub level: String,
    pub constituency: String,
    pub region_code: String,
    pub group: String,
    pub station: String,
    /// Sites adopted at present.
    pub adopted: Vec<i64>,
}

/// The county as an import finds it.
#[derive(Clone, Debug)]
pub struct Facts {
    pub county: RegionCode,
    pub regions: Vec<KnownRegion>,
    /// Codes of regions that were merged, each with the name of the one it went into.
    pub merged: Vec<(String, String)>,
    pub units: Vec<String>,
    pub projects: Vec<KnownProject>,
    pub sites: Vec<KnownSite>,
    pub stations: Vec<KnownStation>,
    pub deputies: Vec<KnownDeputy>,
    pub groups: Vec<String>,
}

/// Where the importing person may work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole county: its committee, or the command line.
    County,
    /// These regions and what lies in them.
    Regions(Vec<String>),
}

impl Scope {
    pub fn holds(&self, region_code: &str) -> bool {
        match self {
            Self::County => true,
            Self::Regions(regions) => regions.iter().any(|region| region_code.starts_with(region.as_str())),
        }
    }
}
