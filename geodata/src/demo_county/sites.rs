//! Projects split into sites: each on dry ground inside its township, with a plan for the year.

use std::collections::HashSet;

use geo::Coord;

use super::chance::Chance;
use super::land::Land;
use super::plane::{Km, PIXEL_KM, distance_km, lon_lat, middle_of};
use super::programme::{PROGRAMMES, Programme};
use super::territory::{SEATS, Territory, centre};
use super::{DayOfYear, GridCell, Project, Site};

/// Sites keep this far from each other, so that pins can be told apart.
const APART_KM: f64 = 0.28;
const STREETS: [&str; 12] = ["人民路", "康乐路", "振兴路", "桃李街", "望溪路", "学府路", "同心路", "长虹街", "文昌路", "迎宾路", "和平街", "清风路"];
/// Work starts between the tenth of January and the middle of August.
const FIRST_START: u32 = 10;
const LAST_START: u32 = 226;
/// The last day on which a site may be planned to end: 20 December.
const LAST_FINISH: u32 = 354;

/// Dry raster cells by grid cell, away from borders: where things can stand.
pub(super) struct BuildingGround(Vec<Vec<usize>>);

impl BuildingGround {
    pub fn new(land: &Land, territory: &Territory) -> Self {
        let mut ground = vec![Vec::new(); territory.grid_cells.len()];
        for (cell, label) in territory.labels.0.iter().enumerate() {
            if *label > 0 && !land.wet.0[cell] && !territory.on_border.0[cell] {
                ground[usize::from(*label) - 1].push(cell);
            }
        }
        Self(ground)
    }

    /// A spot in the grid cell, more often on the side of the township's centre, apart from what stands already.
    pub fn spot(&self, grid_cell: usize, township: usize, taken: &mut Vec<Km>, chance: &mut Chance) -> Km {
        let cells = &self.0[grid_cell];
        let mut draw = || {
            let middle = middle_of(*chance.pick(cells));
            middle + Coord { x: chance.between(-0.45, 0.45), y: chance.between(-0.45, 0.45) } * PIXEL_KM
        };
        let mut best = draw();
        let mut tries = 0;
        while tries < 60 && taken.iter().any(|other| distance_km(*other, best) < APART_KM) {
            best = draw();
            tries += 1;
        }
        let other = draw();
        let free = taken.iter().all(|taken| distance_km(*taken, other) >= APART_KM);
        if free && distance_km(other, centre(&SEATS[township])) < distance_km(best, centre(&SEATS[township])) {
            best = other;
        }
        taken.push(best);
        best
    }
}

/// All undertaking units: lead units, townships, companies, in this order and each once.
pub(super) fn unit_names() -> Vec<String> {
    let mut names: Vec<String> = PROGRAMMES.iter().map(|programme| programme.lead_unit.to_owned()).collect();
    names.extend(SEATS.iter().map(|seat| township_office(seat.name)));
    for company in PROGRAMMES.iter().filter_map(|programme| programme.company) {
        if !names.iter().any(|name| name == company) {
            names.push(company.to_owned());
        }
    }
    names
}

fn township_office(township: &str) -> String {
    if township.ends_with("街道") { format!("{township}办事处") } else { format!("{township}人民政府") }
}

pub(super) fn projects(units: &[String]) -> Vec<Project> {
    let project = |(place, programme): (usize, &Programme)| Project {
        number: place as u16 + 1,
        title: programme.title.to_owned(),
        theme: programme.theme,
        lead_unit: unit_named(units, programme.lead_unit),
    };
    PROGRAMMES.iter().enumerate().map(project).collect()
}

fn unit_named(units: &[String], name: &str) -> usize {
    units.iter().position(|unit| unit == name).expect("every unit is in the list")
}

pub(super) fn sites(seed: u64, territory: &Territory, ground: &BuildingGround, units: &[String], taken: &mut Vec<Km>) -> Vec<Site> {
    let mut chance = Chance::new(seed, 0x517e);
    let mut names = HashSet::new();
    let mut sites = Vec::new();
    for (project, programme) in PROGRAMMES.iter().enumerate() {
        for serial in 0..programme.sites {
            let (grid_cell, name) = loop {
                let grid_cell = chance.below(territory.grid_cells.len());
                let village = village_stem(&territory.grid_cells[grid_cell]);
                let name = chance.pick(programme.site_names).replace('〇', village);
                if names.insert(name.clone()) {
                    break (grid_cell, name);
                }
            };
            let cell = &territory.grid_cells[grid_cell];
            let (planned_start, planned_finish) = plan(programme, &mut chance);
            sites.push(Site {
                project,
                serial: serial as u16 + 1,
                name,
                address: address(cell, &mut chance),
                township: cell.township,
                grid_cell,
                position: lon_lat(ground.spot(grid_cell, cell.township, taken, &mut chance)),
                unit: undertaking_unit(programme, SEATS[cell.township].name, units, &mut chance),
                quota: quota(programme, &mut chance),
                people_served: people_served(programme, &mut chance),
                planned_start,
                planned_finish,
            });
        }
    }
    sites
}

fn village_stem(cell: &GridCell) -> &str {
    cell.village.trim_end_matches("社区").trim_end_matches('村')
}

/// A plausible address in a grid cell.
pub(super) fn address(cell: &GridCell, chance: &mut Chance) -> String {
    let township = SEATS[cell.township].name;
    if cell.village.ends_with("社区") {
        format!("{township}{}{} {} 号", cell.village, chance.pick(&STREETS), 1 + chance.below(280))
    } else {
        format!("{township}{} {} 组", cell.village, 1 + chance.below(16))
    }
}

fn undertaking_unit(programme: &Programme, township: &str, units: &[String], chance: &mut Chance) -> usize {
    let draw = chance.unit();
    match programme.company {
        Some(company) if draw < 0.3 => unit_named(units, company),
        _ if draw < 0.7 => unit_named(units, &township_office(township)),
        _ => unit_named(units, programme.lead_unit),
    }
}

fn quota(programme: &Programme, chance: &mut Chance) -> String {
    let (words, low, high) = programme.quota;
    let number = chance.between(f64::from(low), f64::from(high)) as u32;
    match programme.theme {
        // Classes of thirty; hundreds of metres read better as kilometres.
        super::Theme::Kindergarten => words.replace('#', &(number / 3 * 30).to_string()),
        _ if words.contains("百米") => words.replace("# 百米", &format!("{}.{} 公里", number / 10, number % 10)),
        _ if words.contains("百平方米") => words.replace("# 百平方米", &format!("{} 平方米", number * 100)),
        _ => words.replace('#', &number.to_string()),
    }
}

fn people_served(programme: &Programme, chance: &mut Chance) -> u32 {
    let (low, high) = programme.people_served;
    chance.between(f64::from(low), f64::from(high)) as u32 / 10 * 10
}

/// Planned start and finish within one calendar year.
fn plan(programme: &Programme, chance: &mut Chance) -> (DayOfYear, DayOfYear) {
    let days = chance.between(f64::from(programme.days.0), f64::from(programme.days.1)) as u32;
    let latest = LAST_START.min(LAST_FINISH - days);
    let start = FIRST_START + (chance.unit() * f64::from(latest - FIRST_START)) as u32;
    (day_of_year(start), day_of_year(start + days))
}

/// The calendar day of a day's number in a year without a leap day.
fn day_of_year(number: u32) -> DayOfYear {
    const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (mut month, mut day) = (1, number.max(1));
    for days in MONTHS {
        if day <= days || month == 12 {
            break;
        }
        day -= days;
        month += 1;
    }
    DayOfYear { month, day: day.min(31) }
}
