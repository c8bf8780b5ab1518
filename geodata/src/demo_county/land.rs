//! The invented land: an outline to aim at, rivers, lakes, and how hard it is to cross each bit of it.
//!
//! The control points are art: they were moved about until the picture pleased. Everything finer comes from noise.

use geo::{Contains, Coord, LineString, MultiPolygon, Polygon};

use super::arcs::{Arcs, Smoothing};
use super::chance::Noise;
use super::plane::{Km, PIXEL_KM, Raster, cell_under, curve_through, distance_km, neighbours};
use super::tiling::tidy;

/// Roughly where the county ends, clockwise from the north-west.
const OUTLINE: [(f64, f64); 36] = [
    (-23.5, 8.0),
    (-21.0, 11.5),
    (-17.0, 12.0),
    (-13.5, 14.8),
    (-10.2, 13.2),
    (-7.0, 14.6),
    (-3.2, 18.8),
    (0.8, 17.2),
    (3.4, 18.6),
    (6.2, 15.4),
    (9.6, 15.2),
    (12.2, 12.6),
    (16.4, 13.4),
    (18.2, 10.2),
    (21.6, 9.4),
    (24.4, 5.2),
    (23.0, 1.8),
    (24.2, -1.6),
    (20.2, -4.0),
    (20.8, -7.0),
    (16.0, -9.6),
    (11.4, -8.9),
    (7.6, -12.2),
    (2.6, -13.0),
    (-0.2, -16.2),
    (-4.8, -15.6),
    (-7.6, -18.0),
    (-10.4, -14.4),
    (-9.6, -10.8),
    (-14.0, -9.8),
    (-17.6, -10.4),
    (-18.4, -6.2),
    (-16.2, -3.6),
    (-19.6, -0.6),
    (-19.2, 3.2),
    (-22.2, 4.8),
];

/// A river's name, its width in metres at source and mouth, and the points it passes.
struct Course {
    name: &'static str,
    width_m: (f64, f64),
    points: &'static [(f64, f64)],
}

const COURSES: [Course; 10] = [
    Course {
        name: "澄溪",
        width_m: (60.0, 210.0),
        points: &[(-13.2, 3.2), (-9.5, 1.0), (-6.5, 1.8), (-3.0, -0.4), (0.5, 0.2), (3.5, -1.2), (7.0, 0.2), (10.0, 1.2), (13.0, 2.4)],
    },
    Course { name: "澄溪", width_m: (170.0, 240.0), points: &[(15.2, 2.9), (18.5, 0.6), (21.0, 1.6), (26.5, 0.2)] },
    Course {
        name: "南渡江",
        width_m: (40.0, 190.0),
        points: &[
            (-16.0, -7.4),
            (-12.5, -8.6),
            (-8.5, -7.6),
            (-5.0, -10.0),
            (-1.0, -9.6),
            (3.0, -11.6),
            (7.6, -11.8),
            (11.0, -8.9),
            (16.0, -9.6),
            (20.4, -7.0),
            (26.5, -8.4),
        ],
    },
    Course { name: "松坞溪", width_m: (20.0, 50.0), points: &[(-11.5, 11.2), (-10.2, 8.6), (-7.4, 6.4), (-6.6, 3.9), (-6.5, 1.8)] },
    Course {
        name: "丰泽河",
        width_m: (25.0, 90.0),
        points: &[(-3.0, 17.0), (-0.8, 13.4), (1.2, 10.6), (4.6, 9.0), (7.2, 6.2), (10.6, 5.0), (12.6, 4.2)],
    },
    Course { name: "莲荡河", width_m: (25.0, 60.0), points: &[(12.2, 16.2), (11.8, 13.0), (14.0, 10.6), (14.6, 7.4), (14.3, 5.4)] },
    Course { name: "石鹤涧", width_m: (15.0, 40.0), points: &[(-21.4, 1.4), (-18.6, 0.8), (-16.4, 2.4), (-15.2, 3.6)] },
    Course { name: "青岭涧", width_m: (15.0, 40.0), points: &[(-17.8, 11.6), (-16.6, 9.2), (-14.6, 8.0), (-13.8, 6.6)] },
    Course { name: "古埠塘河", width_m: (30.0, 50.0), points: &[(3.5, -1.2), (4.6, -4.4), (7.0, -6.6), (9.2, -9.4), (11.0, -8.9)] },
    Course { name: "桑浦塘河", width_m: (30.0, 50.0), points: &[(10.0, 1.2), (11.4, -2.0), (14.6, -3.6), (16.6, -6.4), (16.0, -9.6)] },
];

/// A lake's name, middle, half axes in kilometres, how deep its fingers reach into the land, and its islands (middle and radius).
struct Basin {
    name: &'static str,
    middle: (f64, f64),
    axes: (f64, f64),
    fingers: f64,
    islands: &'static [(f64, f64, f64)],
}

const BASINS: [Basin; 7] = [
    Basin {
        name: "青岭水库",
        middle: (-14.2, 5.0),
        axes: (2.6, 2.3),
        fingers: 1.0,
        islands: &[(-14.9, 5.3, 0.42), (-13.6, 4.3, 0.28), (-14.2, 6.3, 0.22)],
    },
    Basin { name: "白鹭湖", middle: (14.4, 3.6), axes: (2.1, 1.8), fingers: 0.35, islands: &[(14.8, 3.9, 0.34), (13.7, 3.2, 0.2)] },
    Basin { name: "莲荡漾", middle: (9.4, 10.6), axes: (1.0, 0.7), fingers: 0.5, islands: &[(9.5, 10.6, 0.14)] },
    Basin { name: "月亮漾", middle: (16.9, -3.2), axes: (0.6, 0.9), fingers: 0.5, islands: &[] },
    Basin { name: "南山水库", middle: (-4.4, -13.4), axes: (0.9, 0.7), fingers: 0.6, islands: &[] },
    Basin { name: "竹溪水库", middle: (-12.2, -5.4), axes: (0.7, 0.8), fingers: 0.9, islands: &[] },
    Basin { name: "古埠漾", middle: (2.6, -8.2), axes: (0.5, 0.7), fingers: 0.5, islands: &[] },
];

/// A river as drawn: its middle line and its width along it.
pub(super) struct River {
    pub name: &'static str,
    pub line: Vec<Km>,
    width_km: (f64, f64),
}

/// A lake as drawn.
pub(super) struct Lake {
    pub name: &'static str,
    pub shape: MultiPolygon,
}

pub(super) struct Land {
    /// Kilometres inside (positive) or outside (negative) of the outline aimed at.
    pub depth_km: Raster<f32>,
    /// What it costs a territory to grow over a cell: hills slow it, rivers nearly stop it, so that borders come to lie on them.
    pub cost: Raster<f32>,
    /// Cells under water or on its bank.
    pub wet: Raster<bool>,
    pub rivers: Vec<River>,
    pub lakes: Vec<Lake>,
}

impl Land {
    pub fn new(seed: u64) -> Self {
        let rivers: Vec<_> = COURSES.iter().enumerate().map(|(place, course)| river(course, seed.wrapping_add(place as u64))).collect();
        let basin = basin_raster(seed);
        let lakes = lakes(&basin);
        // A smoothed shore may run up to a cell beyond the cells it was traced from.
        let on_lake = |cell: usize| basin.0[cell] != 0 || neighbours(cell).any(|(other, _)| basin.0[other] != 0);
        let mut wet = Raster((0..basin.0.len()).map(on_lake).collect::<Vec<_>>());
        let mut on_river = Raster(vec![false; wet.0.len()]);
        for river in &rivers {
            for (point, width_km) in river.points_with_width() {
                mark_around(&mut wet, point, width_km / 2.0 + 2.0 * PIXEL_KM);
                mark_around(&mut on_river, point, 0.08);
            }
        }
        let hills = Noise { seed: seed ^ 0x11, wavelength: 4.2, octaves: 5 };
        let scrub = Noise { seed: seed ^ 0x12, wavelength: 0.9, octaves: 3 };
        let ground = Raster::from_points(|point| {
            let steepness = (0.9 - point.x / 60.0).clamp(0.6, 1.2);
            let rough = 1.0 + 0.9 * scrub.at(point.x, point.y);
            ((0.5 + steepness * 4.0 * hills.ridges_at(point.x, point.y).powi(2)) * rough) as f32
        });
        let cost = ground.0.iter().zip(&on_river.0).zip(&basin.0);
        let cost = cost.map(|((ground, river), basin)| ground + if *river { 22.0 } else { 0.0 } + if *basin != 0 { 6.0 } else { 0.0 });
        let cost = Raster(cost.collect());
        Self { depth_km: outline_depth(), cost, wet, rivers, lakes }
    }
}

impl River {
    fn points_with_width(&self) -> impl Iterator<Item = (Km, f64)> {
        let last = (self.line.len() - 1) as f64;
        let (source_km, mouth_km) = self.width_km;
        self.line.iter().enumerate().map(move |(place, point)| (*point, source_km + (mouth_km - source_km) * place as f64 / last))
    }

    /// The river's surface where it is broad enough to be one; none for a brook, which stays a line.
    pub fn surface(&self) -> Option<Polygon> {
        if self.width_km.1 < 0.1 {
            return None;
        }
        let mut banks = (Vec::new(), Vec::new());
        let line: Vec<_> = self.points_with_width().collect();
        for (place, (point, width_km)) in line.iter().enumerate() {
            let before = line[place.saturating_sub(2)].0;
            let after = line[(place + 2).min(line.len() - 1)].0;
            let along = (after - before) / distance_km(after, before);
            let across = Coord { x: -along.y, y: along.x } * (width_km / 2.0);
            banks.0.push(*point - across);
            banks.1.push(*point + across);
        }
        let ring = banks.0.into_iter().chain(banks.1.into_iter().rev());
        Some(Polygon::new(ring.collect(), vec![]))
    }
}

/// A course with meanders, one point about every 150 m.
fn river(course: &Course, seed: u64) -> River {
    let sway = Noise { seed: seed ^ 0x77, wavelength: 2.4, octaves: 3 };
    let drift = Noise { seed: seed ^ 0x78, wavelength: 2.4, octaves: 3 };
    let smooth = curve_through(course.points, false, 22);
    let (first, last) = (smooth[0], smooth[smooth.len() - 1]);
    let line = smooth.into_iter().map(|point| {
        // Ends stay where they are, so that mouths meet the water they run into.
        let freedom = (distance_km(point, first).min(distance_km(point, last)) / 1.5).min(1.0);
        point + Coord { x: sway.at(point.x, point.y), y: drift.at(point.x, point.y) } * (0.75 * freedom)
    });
    let (source_m, mouth_m) = course.width_m;
    River { name: course.name, line: line.collect(), width_km: (source_m / 1000.0, mouth_m / 1000.0) }
}

fn mark_around(raster: &mut Raster<bool>, point: Km, radius_km: f64) {
    let reach = (radius_km / PIXEL_KM).ceil() as i32;
    for (across, up) in (-reach..=reach).flat_map(|across| (-reach..=reach).map(move |up| (across, up))) {
        let near = point + Coord { x: f64::from(across), y: f64::from(up) } * PIXEL_KM;
        if distance_km(near, point) <= radius_km {
            raster.0[cell_under(near)] = true;
        }
    }
}

/// The number of the lake that covers each cell, from one; zero on land.
fn basin_raster(seed: u64) -> Raster<u16> {
    let fingers = Noise { seed: seed ^ 0x33, wavelength: 1.7, octaves: 4 };
    let shore = Noise { seed: seed ^ 0x34, wavelength: 1.2, octaves: 4 };
    let mut raster = Raster::from_points(|point| {
        let covered = BASINS.iter().position(|basin| {
            let from_middle = ((point.x - basin.middle.0) / basin.axes.0).hypot((point.y - basin.middle.1) / basin.axes.1);
            if from_middle > 1.6 {
                return false;
            }
            let valley = basin.fingers * (fingers.ridges_at(point.x, point.y) - 0.45);
            let dry = |island: &(f64, f64, f64)| {
                let ragged = 1.0 + 0.9 * shore.at(point.x * 4.0, point.y * 4.0);
                distance_km(point, Coord { x: island.0, y: island.1 }) < island.2 * ragged
            };
            from_middle - valley + 0.35 * shore.at(point.x, point.y) < 0.85 && !basin.islands.iter().any(dry)
        });
        covered.map_or(0, |basin| basin as u16 + 1)
    });
    tidy(&mut raster, |_, _| true);
    raster
}

fn lakes(basin: &Raster<u16>) -> Vec<Lake> {
    let arcs = Arcs::trace(basin, Smoothing { rounds: 5, tolerance_km: 0.012 });
    let lake = |(place, found): (usize, &Basin)| Lake { name: found.name, shape: arcs.shape_of(|label| usize::from(label) == place + 1) };
    BASINS.iter().enumerate().map(lake).collect()
}

/// Distance to the outline aimed at, by a chamfer pass from the south-west and one back.
fn outline_depth() -> Raster<f32> {
    let curve = curve_through(&OUTLINE, true, 24);
    let polygon = Polygon::new(LineString::new(curve.clone()), vec![]);
    let inside = Raster::from_points(|point| polygon.contains(&point));
    let mut distance = Raster(vec![f32::MAX; inside.0.len()]);
    for pair in curve.windows(2) {
        for step in 0..20 {
            distance.0[cell_under(pair[0] + (pair[1] - pair[0]) * (f64::from(step) / 20.0))] = 0.0;
        }
    }
    let forward: Vec<_> = (0..distance.0.len()).collect();
    for order in [forward.clone(), forward.into_iter().rev().collect()] {
        for cell in order {
            for (neighbour, step) in neighbours(cell) {
                let through = distance.0[neighbour] + step * PIXEL_KM as f32;
                distance.0[cell] = distance.0[cell].min(through);
            }
        }
    }
    Raster(distance.0.iter().zip(&inside.0).map(|(distance, inside)| if *inside { *distance } else { -distance }).collect())
}
