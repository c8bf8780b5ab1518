//! The county, its townships and their grid cells, grown over the land so that each level fits exactly into the one above.

use geo::MultiPolygon;

use super::arcs::{Arcs, Smoothing};
use super::chance::Chance;
use super::land::Land;
use super::names::VillageNames;
use super::plane::{Km, Raster, cell_under, in_degrees, lon_lat};
use super::tiling::{grow, spread_seeds, tidy};
use super::{GridCell, Township, county_code};

/// Band on both sides of the outline aimed at within which the land decides where the border runs.
const UNDECIDED_KM: f32 = 1.7;
const BORDERS: Smoothing = Smoothing { rounds: 4, tolerance_km: 0.03 };

/// A township to be: its name, its centre on the board, and how many grid cells it has.
pub(super) struct Seat {
    pub name: &'static str,
    pub centre: (f64, f64),
    pub grid_cells: usize,
}

pub(super) const SEATS: [Seat; 13] = [
    Seat { name: "清和街道", centre: (2.2, 2.6), grid_cells: 18 },
    Seat { name: "云川街道", centre: (2.2, -4.0), grid_cells: 16 },
    Seat { name: "西桥街道", centre: (-4.4, 1.4), grid_cells: 13 },
    Seat { name: "青岭镇", centre: (-15.4, 8.6), grid_cells: 9 },
    Seat { name: "石鹤镇", centre: (-14.0, -0.8), grid_cells: 9 },
    Seat { name: "松坞镇", centre: (-8.2, 7.8), grid_cells: 10 },
    Seat { name: "竹溪镇", centre: (-9.6, -6.6), grid_cells: 9 },
    Seat { name: "南渡镇", centre: (-2.8, -11.8), grid_cells: 10 },
    Seat { name: "丰泽镇", centre: (0.4, 11.6), grid_cells: 11 },
    Seat { name: "莲荡镇", centre: (11.6, 11.2), grid_cells: 11 },
    Seat { name: "白鹭镇", centre: (17.6, 3.6), grid_cells: 11 },
    Seat { name: "桑浦镇", centre: (13.8, -4.4), grid_cells: 11 },
    Seat { name: "古埠镇", centre: (8.0, -6.4), grid_cells: 10 },
];

/// The tiled county. Labels count from one in the order of the townships and of the grid cells.
pub(super) struct Territory {
    pub boundary: MultiPolygon,
    pub townships: Vec<Township>,
    pub grid_cells: Vec<GridCell>,
    /// Which grid cell covers each raster cell; zero outside the county.
    pub labels: Raster<u16>,
    /// Raster cells on or beside a border of a grid cell.
    pub on_border: Raster<bool>,
}

impl Territory {
    pub fn new(seed: u64, land: &Land) -> Self {
        let townships = township_labels(land);
        let (labels, township_of) = grid_cell_labels(seed, land, &townships);
        let arcs = Arcs::trace(&labels, BORDERS);
        let mut villages = VillageNames::new(seed);
        let grid_cells = name_grid_cells(&township_of, &arcs, &mut villages);
        let townships = SEATS.iter().enumerate().map(|(place, seat)| {
            let shape = arcs.shape_of(|label| label > 0 && township_of[usize::from(label) - 1] == place);
            Township {
                code: county_code().child(place as u16 + 1).expect("fewer than a thousand townships"),
                name: seat.name.to_owned(),
                boundary: in_degrees(&shape),
                centre: lon_lat(centre(seat)),
            }
        });
        Self {
            boundary: in_degrees(&arcs.shape_of(|label| label > 0)),
            townships: townships.collect(),
            grid_cells,
            on_border: borders(&labels),
            labels,
        }
    }
}

pub(super) fn centre(seat: &Seat) -> Km {
    Km { x: seat.centre.0, y: seat.centre.1 }
}

/// Inside and outside grow towards each other through the undecided band; then the townships share the inside.
fn township_labels(land: &Land) -> Raster<u16> {
    const OUTSIDE: u16 = 1;
    const INSIDE: u16 = 2;
    let decided = land.depth_km.0.iter().enumerate().filter(|(_, depth)| depth.abs() > UNDECIDED_KM);
    let seeds: Vec<_> = decided.map(|(cell, depth)| (cell, if *depth > 0.0 { INSIDE } else { OUTSIDE })).collect();
    let mut sides = grow(&seeds, &land.cost, |_| true);
    tidy(&mut sides, |_, _| true);
    let seats: Vec<_> = SEATS.iter().enumerate().map(|(place, seat)| (cell_under(centre(seat)), place as u16 + 1)).collect();
    let mut townships = grow(&seats, &land.cost, |cell| sides.0[cell] == INSIDE);
    tidy(&mut townships, |_, _| true);
    townships
}

/// Grid cells grow inside their township; returns their labels and the township of each.
fn grid_cell_labels(seed: u64, land: &Land, townships: &Raster<u16>) -> (Raster<u16>, Vec<usize>) {
    let mut chance = Chance::new(seed, 0x6721);
    let mut labels = Raster(vec![0_u16; townships.0.len()]);
    let mut township_of = Vec::new();
    for (place, seat) in SEATS.iter().enumerate() {
        let label = place as u16 + 1;
        let cells: Vec<_> = (0..townships.0.len()).filter(|cell| townships.0[*cell] == label).collect();
        let first = township_of.len() as u16 + 1;
        let dry: Vec<_> = cells.iter().copied().filter(|cell| !land.wet.0[*cell]).collect();
        let seeds = spread_seeds(&dry, centre(seat), seat.grid_cells, &mut chance);
        let seeds: Vec<_> = seeds.into_iter().zip(first..).collect();
        let grown = grow(&seeds, &land.cost, |cell| townships.0[cell] == label);
        for cell in cells {
            labels.0[cell] = grown.0[cell];
        }
        township_of.extend(std::iter::repeat_n(place, seat.grid_cells));
    }
    // A cell may go over to another grid cell, never to another township.
    tidy(&mut labels, |cell, label| label > 0 && township_of[usize::from(label) - 1] + 1 == usize::from(townships.0[cell]));
    (labels, township_of)
}

fn name_grid_cells(township_of: &[usize], arcs: &Arcs, villages: &mut VillageNames) -> Vec<GridCell> {
    const SERIALS: [&str; 2] = ["第一网格", "第二网格"];
    let mut cells: Vec<GridCell> = Vec::with_capacity(township_of.len());
    let mut village = (0, 0, String::new());
    for (place, township) in township_of.iter().enumerate() {
        let within = place - township_of.iter().position(|other| other == township).unwrap_or(place);
        // Two of three villages are one grid cell, the third is split in two.
        let serial = usize::from(within % 4 == 3);
        if serial == 0 {
            let number = if within == 0 { 1 } else { village.1 + 1 };
            village = (*township, number, villages.next(*township));
        }
        let township_code = county_code().child(*township as u16 + 1).expect("fewer than a thousand townships");
        let village_code = township_code.child(village.1).expect("fewer than a thousand villages");
        cells.push(GridCell {
            code: format!("{village_code}{:03}", serial + 1),
            name: format!("{}{}", village.2, SERIALS[serial]),
            village: village.2.clone(),
            township: *township,
            boundary: in_degrees(&arcs.shape_of(|label| usize::from(label) == place + 1)),
        });
    }
    cells
}

fn borders(labels: &Raster<u16>) -> Raster<bool> {
    let differs = |cell: usize| super::plane::neighbours(cell).any(|(other, _)| labels.0[other] != labels.0[cell]);
    let on_line: Vec<_> = (0..labels.0.len()).map(differs).collect();
    let near = |cell: usize| on_line[cell] || super::plane::neighbours(cell).any(|(other, _)| on_line[other]);
    Raster((0..labels.0.len()).map(near).collect())
}
