//! The demo county: invented land, people, projects and sites, the same for the same seed, without a clock.
//!
//! Nothing here exists: the county's code 339901 is not in use, its outline was drawn for this program, its names were put together
//! by chance. What happened in the county over a year is not here but in the server's demo.

mod arcs;
pub mod chance;
mod land;
mod names;
mod people;
mod plane;
mod programme;
mod sites;
mod territory;
#[cfg(test)]
mod tests;
mod tiling;

use geo::{BooleanOps, Geometry, MultiLineString, MultiPolygon};

use crate::position::LonLat;
use crate::region_code::RegionCode;

/// The whole invented county, WGS-84. Numbers named after another kind of thing are places in that list, from zero.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoCounty {
    pub code: RegionCode,
    pub name: String,
    pub boundary: MultiPolygon,
    pub townships: Vec<Township>,
    pub waters: Vec<Water>,
    pub grid_cells: Vec<GridCell>,
    /// Lead units, townships' offices and companies, by name.
    pub units: Vec<String>,
    pub stations: Vec<Station>,
    pub groups: Vec<DeputyGroup>,
    pub deputies: Vec<Deputy>,
    pub projects: Vec<Project>,
    pub sites: Vec<Site>,
    pub adoptions: Vec<Adoption>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Township {
    pub code: RegionCode,
    pub name: String,
    pub boundary: MultiPolygon,
    pub centre: LonLat,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Water {
    pub kind: WaterKind,
    pub name: String,
    /// A polygon or multipolygon for a lake and a broad river, lines for a brook.
    pub shape: Geometry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaterKind {
    Lake,
    River,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GridCell {
    /// The village's twelve digits and a serial of three.
    pub code: String,
    pub name: String,
    /// The village or community it belongs to.
    pub village: String,
    pub township: usize,
    pub boundary: MultiPolygon,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    pub code: String,
    pub name: String,
    pub kind: StationKind,
    pub integrity_monitoring: bool,
    pub township: usize,
    pub address: String,
    pub telephone: String,
    pub opening_hours: String,
    pub position: LonLat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StationKind {
    Home,
    Station,
    Point,
    Window,
    Post,
    Mobile,
}

impl StationKind {
    /// The word of the schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Station => "station",
            Self::Point => "point",
            Self::Window => "window",
            Self::Post => "post",
            Self::Mobile => "mobile",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct DeputyGroup {
    pub name: String,
    pub theme: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Deputy {
    pub name: String,
    pub level: DeputyLevel,
    pub constituency: String,
    pub township: usize,
    pub group: usize,
    pub station: usize,
    pub personal_code: String,
    /// Eleven digits of a series that is not given out.
    pub phone: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeputyLevel {
    National,
    Provincial,
    City,
    County,
    Township,
}

impl DeputyLevel {
    /// The word of the schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Provincial => "provincial",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
        }
    }
}

/// What a project is about; decides what its photographs show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    Kindergarten,
    Road,
    Canteen,
    Clinic,
    Water,
    Housing,
    Park,
    Parking,
    Market,
    Culture,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// From one.
    pub number: u16,
    pub title: String,
    pub theme: Theme,
    pub lead_unit: usize,
}

/// A day of any year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOfYear {
    pub month: u32,
    pub day: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    pub project: usize,
    /// Within its project, from one.
    pub serial: u16,
    pub name: String,
    pub address: String,
    pub township: usize,
    pub grid_cell: usize,
    pub position: LonLat,
    pub unit: usize,
    pub quota: String,
    pub people_served: u32,
    pub planned_start: DayOfYear,
    pub planned_finish: DayOfYear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adoption {
    pub site: usize,
    pub deputy: usize,
}

fn county_code() -> RegionCode {
    "339901".parse().expect("six digits")
}

/// Makes the county of a seed.
pub fn generate(seed: u64) -> DemoCounty {
    let land = land::Land::new(seed);
    let territory = territory::Territory::new(seed, &land);
    let ground = sites::BuildingGround::new(&land, &territory);
    let mut taken = Vec::new();
    let stations = people::stations(seed, &territory, &ground, &mut taken);
    let deputies = people::deputies(seed, &stations);
    let units = sites::unit_names();
    let sites = sites::sites(seed, &territory, &ground, &units, &mut taken);
    DemoCounty {
        code: county_code(),
        name: "澄溪县".to_owned(),
        waters: waters(&land, &territory.boundary),
        boundary: territory.boundary,
        townships: territory.townships,
        grid_cells: territory.grid_cells,
        projects: sites::projects(&units),
        groups: people::groups(),
        adoptions: people::adoptions(seed, &sites, &deputies),
        units,
        stations,
        deputies,
        sites,
    }
}

/// Rivers and lakes as far as they lie in the county.
fn waters(land: &land::Land, county: &MultiPolygon) -> Vec<Water> {
    let rivers = land.rivers.iter().map(|river| {
        let shape = match river.surface() {
            Some(surface) => Geometry::MultiPolygon(county.intersection(&plane::in_degrees(&MultiPolygon::new(vec![surface])))),
            None => Geometry::MultiLineString(county.clip(&MultiLineString::new(vec![plane::line_in_degrees(&river.line)]), false)),
        };
        Water { kind: WaterKind::River, name: river.name.to_owned(), shape }
    });
    let lakes = land.lakes.iter().map(|lake| {
        let shape = Geometry::MultiPolygon(county.intersection(&plane::in_degrees(&lake.shape)));
        Water { kind: WaterKind::Lake, name: lake.name.to_owned(), shape }
    });
    rivers.chain(lakes).collect()
}
