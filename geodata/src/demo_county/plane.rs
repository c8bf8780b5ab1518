//! The drawing board: kilometres east and north of the county's middle, a raster over them, and smooth lines.

use geo::{Coord, LineString, MapCoords, MultiPolygon};

use crate::position::LonLat;

/// The middle of the board, WGS-84.
const MIDDLE: (f64, f64) = (120.0, 30.5);
const KM_PER_DEGREE_EAST: f64 = 95.9;
const KM_PER_DEGREE_NORTH: f64 = 110.87;

/// A point of the board: kilometres east and north of its middle.
pub(super) type Km = Coord;

/// Side of a raster cell.
pub(super) const PIXEL_KM: f64 = 0.1;
pub(super) const COLUMNS: usize = 540;
pub(super) const ROWS: usize = 460;
/// South-west corner of the raster.
const CORNER: Km = Coord { x: -27.0, y: -23.0 };

/// The place on the ground of a point of the board.
pub(super) fn lon_lat(point: Km) -> LonLat {
    let degrees = to_degrees(point);
    LonLat::shifted(degrees.x, degrees.y)
}

/// A line of the board in degrees, rounded to a centimetre so that neighbours written apart stay equal.
pub(super) fn line_in_degrees(line: &[Km]) -> LineString {
    line.iter().copied().map(to_degrees).collect()
}

/// A shape of the board in degrees.
pub(super) fn in_degrees(shape: &MultiPolygon) -> MultiPolygon {
    shape.map_coords(to_degrees)
}

fn to_degrees(point: Km) -> Coord {
    let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
    Coord { x: rounded(MIDDLE.0 + point.x / KM_PER_DEGREE_EAST), y: rounded(MIDDLE.1 + point.y / KM_PER_DEGREE_NORTH) }
}

/// One value for each cell of the raster, row by row from the south-west.
#[derive(Clone, Debug)]
pub(super) struct Raster<T>(pub Vec<T>);

impl<T: Copy> Raster<T> {
    /// A raster filled from the middle of each cell.
    pub fn from_points(value: impl Fn(Km) -> T) -> Self {
        Self((0..COLUMNS * ROWS).map(|cell| value(middle_of(cell))).collect())
    }
}

/// The raster cell under a point of the board.
pub(super) fn cell_under(point: Km) -> usize {
    let place = |along: f64, corner: f64, most: usize| (((along - corner) / PIXEL_KM) as usize).min(most - 1);
    place(point.y, CORNER.y, ROWS) * COLUMNS + place(point.x, CORNER.x, COLUMNS)
}

/// The middle of a raster cell.
pub(super) fn middle_of(cell: usize) -> Km {
    let (row, column) = (cell / COLUMNS, cell % COLUMNS);
    Coord { x: CORNER.x + (column as f64 + 0.5) * PIXEL_KM, y: CORNER.y + (row as f64 + 0.5) * PIXEL_KM }
}

/// The lattice corner south-west of column and row.
pub(super) fn corner_of(column: usize, row: usize) -> Km {
    Coord { x: CORNER.x + column as f64 * PIXEL_KM, y: CORNER.y + row as f64 * PIXEL_KM }
}

/// The up to eight neighbours of a cell, each with its distance in cells.
pub(super) fn neighbours(cell: usize) -> impl Iterator<Item = (usize, f32)> {
    let (row, column) = ((cell / COLUMNS) as isize, (cell % COLUMNS) as isize);
    let steps = [(0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)];
    steps.into_iter().filter_map(move |(up, across)| {
        let (row, column) = (row + up, column + across);
        let inside = (0..ROWS as isize).contains(&row) && (0..COLUMNS as isize).contains(&column);
        let distance = if up != 0 && across != 0 { std::f32::consts::SQRT_2 } else { 1.0 };
        inside.then(|| (row as usize * COLUMNS + column as usize, distance))
    })
}

/// A smooth curve through the points (Catmull-Rom), `steps` pieces between each two; closed curves run on into their beginning.
pub(super) fn curve_through(points: &[(f64, f64)], closed: bool, steps: usize) -> Vec<Km> {
    let count = points.len() as isize;
    let point = |place: isize| {
        let place = if closed { place.rem_euclid(count) } else { place.clamp(0, count - 1) };
        Coord { x: points[place as usize].0, y: points[place as usize].1 }
    };
    let pieces = if closed { count } else { count - 1 };
    let mut curve = Vec::with_capacity(pieces as usize * steps + 1);
    for piece in 0..pieces {
        let [before, start, end, after] = [point(piece - 1), point(piece), point(piece + 1), point(piece + 2)];
        for step in 0..steps {
            let t = step as f64 / steps as f64;
            let tangents = (end - before) * t + (before * 2.0 - start * 5.0 + end * 4.0 - after) * (t * t);
            curve.push(start + (tangents + (start * 3.0 - before - end * 3.0 + after) * (t * t * t)) * 0.5);
        }
    }
    curve.push(point(pieces));
    curve
}

/// Distance between two points in kilometres.
pub(super) fn distance_km(a: Km, b: Km) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}
