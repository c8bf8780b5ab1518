//! Shapes of the map in both of their coordinates: degrees for asking what lies where, fractions of the Mercator square for drawing.

use geo::{BoundingRect, Centroid, Coord, InteriorPoint, Intersects, LineString, MapCoords, MultiLineString, MultiPolygon, Point, Rect};
use geodata::LonLat;
use geodata::clip::{lines_in_tile, polygons_in_tile};
use geodata::mvt::{Layer, Value};
use geodata::tile::{Tile, to_world};

use crate::database::geometry::Shape;

/// A polygon of the map.
#[derive(Debug, Clone)]
pub struct Area {
    degrees: MultiPolygon,
    bounds: Option<Rect>,
    world: MultiPolygon,
}

impl Area {
    pub(super) fn new(degrees: MultiPolygon) -> Self {
        let world = degrees.map_coords(project);
        Self { bounds: degrees.bounding_rect(), degrees, world }
    }

    /// West, south, east, north in degrees; none for an empty shape.
    pub fn bounds(&self) -> Option<Rect> {
        self.bounds
    }

    /// Where a name or a figure for the whole area is best written: its middle, or a place within where the middle lies outside.
    pub(super) fn label_position(&self) -> Option<LonLat> {
        let middle = self.degrees.centroid().filter(|middle| self.degrees.intersects(middle));
        let place = middle.or_else(|| self.degrees.interior_point())?;
        // To a decimetre: more digits would only be sent.
        let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
        LonLat::new(rounded(place.x()), rounded(place.y())).ok()
    }

    /// The polygons in degrees, WGS-84.
    pub fn polygons(&self) -> &MultiPolygon {
        &self.degrees
    }

    /// Whether any of the area lies in a box, or on its edge.
    pub fn meets(&self, bbox: &Rect) -> bool {
        self.bounds.is_some_and(|bounds| bounds.intersects(bbox)) && self.degrees.intersects(bbox)
    }

    /// Whether the position lies in the area or on its edge.
    pub(super) fn covers(&self, position: LonLat) -> bool {
        let point = Point::from(position);
        self.bounds.is_some_and(|bounds| bounds.intersects(&point)) && self.degrees.intersects(&point)
    }

    /// Whether two areas touch or overlap.
    pub(super) fn touches(&self, other: &Self) -> bool {
        let near = self.bounds.zip(other.bounds).is_some_and(|(one, two)| one.intersects(&two));
        near && self.degrees.intersects(&other.degrees)
    }

    /// Adds to a layer what of the area shows in a tile.
    pub(super) fn draw(&self, layer: &mut Layer, tile: Tile, id: Option<u64>, attributes: &[(&'static str, Value)]) {
        layer.polygons(id, &polygons_in_tile(&self.world, tile), attributes);
    }
}

/// A lake, or the line of a river.
#[derive(Debug, Clone)]
pub(super) enum Outline {
    Area(Area),
    Line(MultiLineString),
}

impl Outline {
    pub(super) fn new(shape: Shape) -> Self {
        match shape {
            Shape::Area(area) => Self::Area(Area::new(area)),
            Shape::Line(lines) => {
                Self::Line(lines.0.into_iter().map(|line| line.map_coords(project)).collect::<Vec<LineString>>().into_iter().collect())
            }
        }
    }

    /// Adds to a layer what of the outline shows in a tile.
    pub(super) fn draw(&self, layer: &mut Layer, tile: Tile, attributes: &[(&'static str, Value)]) {
        match self {
            Self::Area(area) => area.draw(layer, tile, None, attributes),
            Self::Line(lines) => layer.lines(None, &lines_in_tile(lines, tile), attributes),
        }
    }
}

fn project(place: Coord) -> Coord {
    to_world(place.x, place.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(corners: &[(f64, f64)]) -> Area {
        let ring: LineString = corners.iter().map(|(lon, lat)| Coord { x: 120.0 + lon, y: 30.0 + lat }).collect();
        Area::new(MultiPolygon(vec![geo::Polygon::new(ring, Vec::new())]))
    }

    #[test]
    fn a_label_stands_inside_even_where_the_middle_does_not() {
        let square = area(&[(0.0, 0.0), (0.2, 0.0), (0.2, 0.2), (0.0, 0.2)]);
        assert_eq!(square.label_position().map(|place| (place.lon(), place.lat())), Some((120.1, 30.1)));
        let horseshoe = area(&[(0.0, 0.0), (0.3, 0.0), (0.3, 0.3), (0.28, 0.3), (0.28, 0.02), (0.02, 0.02), (0.02, 0.3), (0.0, 0.3)]);
        assert!(horseshoe.covers(horseshoe.label_position().expect("a place")));
    }
}
