//! Polygons and lines cut to a tile: made simpler for the zoom, clipped to the tile and a margin, rounded to the tile's units.
//!
//! Clipping is a true intersection, so a concave polygon that leaves and enters the tile falls into separate parts, without the
//! zero-area bridges along the border that cutting edge by edge would leave. Simplifying comes before clipping and looks at the whole
//! shape, so that neighbouring tiles agree about a line that crosses their border.

use geo::{BooleanOps, BoundingRect, Coord, Intersects, LineString, MultiLineString, MultiPolygon, Polygon, Rect, Simplify};

use crate::mvt::{Rings, Spot, twice_area};
use crate::tile::{EXTENT, Tile};

/// Units around a tile within which polygons and lines are drawn too, so that outlines do not end at its edge.
pub const MARGIN: f64 = 80.0;
/// Distance in units that simplifying may move a line: a quarter of a screen pixel.
const TOLERANCE: f64 = 2.0;

/// Polygons in fractions of the world, cut to a tile. Empty when nothing of them shows there.
pub fn polygons_in_tile(shape: &MultiPolygon, tile: Tile) -> Vec<Rings> {
    let window = tile.square(MARGIN);
    let Some(shown) = shown(shape, &window) else { return Vec::new() };
    let simple = shape.simplify(tolerance(tile));
    let cut = if shown == Shown::Whole { simple } else { simple.intersection(&window.to_polygon()) };
    cut.0.iter().filter_map(|polygon| rings(polygon, tile)).collect()
}

/// Lines in fractions of the world, cut to a tile.
pub fn lines_in_tile(shape: &MultiLineString, tile: Tile) -> Vec<Vec<Spot>> {
    let window = tile.square(MARGIN);
    let Some(shown) = shown(shape, &window) else { return Vec::new() };
    let simple = shape.simplify(tolerance(tile));
    let cut = if shown == Shown::Whole { simple } else { window.to_polygon().clip(&simple, false) };
    cut.0.iter().map(|line| spots(line, tile)).filter(|line| line.len() >= 2).collect()
}

/// A polygon without its repeated spots and without rings that have no area left; none when the exterior has none.
fn rings(polygon: &Polygon, tile: Tile) -> Option<Rings> {
    let ring = |line: &LineString| {
        let mut ring = spots(line, tile);
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        (ring.len() >= 3 && twice_area(&ring) != 0).then_some(ring)
    };
    let exterior = ring(polygon.exterior())?;
    Some(std::iter::once(exterior).chain(polygon.interiors().iter().filter_map(ring)).collect())
}

fn spots(line: &LineString, tile: Tile) -> Vec<Spot> {
    let spot = |place: &Coord| {
        let local = tile.local(*place);
        (local.x.round() as i32, local.y.round() as i32)
    };
    let mut spots: Vec<Spot> = line.0.iter().map(spot).collect();
    spots.dedup();
    spots
}

fn tolerance(tile: Tile) -> f64 {
    tile.square(0.0).width() / EXTENT * TOLERANCE
}

#[derive(PartialEq)]
enum Shown {
    Whole,
    Part,
}

/// How much of a shape may show in the window, told by its bounding box alone.
fn shown(shape: &impl BoundingRect<f64, Output = Option<Rect>>, window: &Rect) -> Option<Shown> {
    let bounds = shape.bounding_rect()?;
    let whole =
        bounds.min().x >= window.min().x && bounds.min().y >= window.min().y && bounds.max().x <= window.max().x && bounds.max().y <= window.max().y;
    if whole { Some(Shown::Whole) } else { bounds.intersects(window).then_some(Shown::Part) }
}

#[cfg(test)]
mod tests {
    use geo::{Area, Contains, Point};
    use proptest::prelude::*;

    use super::*;

    /// Points in units of `tile`, as fractions of the world.
    fn polygon(tile: Tile, spots: &[(f64, f64)]) -> MultiPolygon {
        let corner = tile.square(0.0).min();
        let unit = tile.square(0.0).width() / EXTENT;
        let ring: LineString = spots.iter().map(|(x, y)| Coord { x: corner.x + x * unit, y: corner.y + y * unit }).collect();
        MultiPolygon::new(vec![Polygon::new(ring, vec![])])
    }

    fn tile() -> Tile {
        Tile::new(10, 853, 421).unwrap()
    }

    fn area(polygons: &[Rings]) -> f64 {
        polygons.iter().flatten().map(|ring| twice_area(ring).abs() as f64 / 2.0).sum()
    }

    #[test]
    fn a_comb_falls_into_its_teeth_without_bridges() {
        // A comb whose back lies outside of the tile, beyond the margin: only the three teeth reach in.
        let comb = [
            (5000.0, 0.0),
            (5000.0, 3500.0),
            (100.0, 3500.0),
            (100.0, 3000.0),
            (4800.0, 3000.0),
            (4800.0, 2000.0),
            (100.0, 2000.0),
            (100.0, 1500.0),
            (4800.0, 1500.0),
            (4800.0, 500.0),
            (100.0, 500.0),
            (100.0, 0.0),
        ];
        let parts = polygons_in_tile(&polygon(tile(), &comb), tile());
        assert_eq!(parts.len(), 3);
        assert_eq!(area(&parts), 3.0 * 500.0 * (EXTENT + MARGIN - 100.0));
        assert!(parts.iter().all(|rings| rings.len() == 1 && rings[0].len() == 4));
    }

    #[test]
    fn a_hole_across_the_border_becomes_a_notch() {
        let tile = tile();
        let outer = polygon(tile, &[(-1000.0, 1000.0), (2000.0, 1000.0), (2000.0, 3000.0), (-1000.0, 3000.0)]);
        let hole = polygon(tile, &[(-500.0, 1500.0), (500.0, 1500.0), (500.0, 2500.0), (-500.0, 2500.0)]);
        let shape = MultiPolygon::new(vec![Polygon::new(outer.0[0].exterior().clone(), vec![hole.0[0].exterior().clone()])]);
        let parts = polygons_in_tile(&shape, tile);
        assert_eq!((parts.len(), parts[0].len()), (1, 1));
        assert_eq!(area(&parts), (2000.0 + MARGIN) * 2000.0 - (500.0 + MARGIN) * 1000.0);
    }

    #[test]
    fn what_lies_elsewhere_does_not_show() {
        let far = polygon(tile(), &[(9000.0, 0.0), (9500.0, 0.0), (9500.0, 500.0)]);
        assert!(polygons_in_tile(&far, tile()).is_empty());
        let speck = polygon(tile(), &[(10.0, 10.0), (10.1, 10.0), (10.1, 10.1)]);
        assert!(polygons_in_tile(&speck, tile()).is_empty());
    }

    #[test]
    fn a_polygon_around_the_tile_fills_it_with_its_margin() {
        let around = polygon(tile(), &[(-9000.0, -9000.0), (19000.0, -9000.0), (19000.0, 19000.0), (-9000.0, 19000.0)]);
        let side = EXTENT + 2.0 * MARGIN;
        assert_eq!(area(&polygons_in_tile(&around, tile())), side * side);
    }

    #[test]
    fn a_line_is_cut_where_it_leaves() {
        let tile = tile();
        let there_and_back = polygon(tile, &[(-500.0, 1000.0), (2000.0, 1000.0), (2000.0, 2000.0), (-500.0, 2000.0), (-500.0, 1000.0)]);
        let line = MultiLineString::new(vec![LineString(there_and_back.0[0].exterior().0[..4].to_vec())]);
        let lines = lines_in_tile(&line, tile);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first().map(|spot| spot.0), Some(-MARGIN as i32));
        assert_eq!(lines[0].len(), 4);
    }

    /// A star with `radii.len()` points around the middle of the tile's western edge: as concave as its radii differ.
    fn star(radii: &[f64]) -> Vec<(f64, f64)> {
        let step = std::f64::consts::TAU / radii.len() as f64;
        radii
            .iter()
            .enumerate()
            .map(|(place, radius)| (radius * (place as f64 * step).cos(), 2048.0 + radius * (place as f64 * step).sin()))
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_clipped_star_has_the_area_that_counting_finds(radii in prop::collection::vec(200.0..4000.0, 5..24)) {
            let tile = tile();
            let shape = polygon(tile, &star(&radii));
            let found = area(&polygons_in_tile(&shape, tile));
            let step = 16.0;
            let unit = tile.square(0.0).width() / EXTENT;
            let corner = tile.square(0.0).min();
            let cells = ((EXTENT + 2.0 * MARGIN) / step) as i32;
            let mut counted = 0.0;
            for row in 0..cells {
                for column in 0..cells {
                    let x = corner.x + (f64::from(column).mul_add(step, step / 2.0) - MARGIN) * unit;
                    let y = corner.y + (f64::from(row).mul_add(step, step / 2.0) - MARGIN) * unit;
                    if shape.contains(&Point::new(x, y)) {
                        counted += step * step;
                    }
                }
            }
            prop_assert!((found - counted).abs() < 0.01 * EXTENT * EXTENT, "{found} {counted}");
        }

        #[test]
        fn the_tiles_of_a_row_share_a_star_out_among_them(radii in prop::collection::vec(200.0..1900.0, 5..24)) {
            let tile = tile();
            let shape = polygon(tile, &star(&radii));
            let unit = tile.square(0.0).width() / EXTENT;
            let whole = shape.unsigned_area() / (unit * unit);
            let west = Tile::new(tile.z(), tile.x() - 1, tile.y()).unwrap();
            let both = area(&polygons_in_tile(&shape, tile)) + area(&polygons_in_tile(&shape, west));
            // Both tiles draw the band of two margins around their common edge.
            let band = polygon(tile, &[(-MARGIN, -9000.0), (MARGIN, -9000.0), (MARGIN, 9000.0), (-MARGIN, 9000.0)]);
            let twice = shape.intersection(&band).unsigned_area() / (unit * unit);
            prop_assert!((both - whole - twice).abs() < 40_000.0, "{both} {whole} {twice}");
        }
    }
}
