//! Where rings cross: a sweep along longitude over segments, exact at shared ends.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Coord, Line, LineString, Polygon};

struct Segment {
    line: Line,
    ring: usize,
    place: usize,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

/// The first place where a ring meets itself other than at neighbouring ends, or where two rings cross. Two rings that touch at a
/// point are left for PostGIS to judge.
pub(super) fn first_self_crossing(rings: &[LineString]) -> Option<Coord> {
    let mut segments = Vec::new();
    for (ring, vertices) in rings.iter().enumerate() {
        segments.extend(vertices.lines().enumerate().map(|(place, line)| segment(line, ring, place)));
    }
    segments.sort_by(|a, b| a.west.total_cmp(&b.west));
    for (index, first) in segments.iter().enumerate() {
        let reached = segments[index + 1..].iter().take_while(|second| second.west <= first.east);
        for second in reached.filter(|second| second.south <= first.north && first.south <= second.north) {
            if let Some(place) = forbidden_meeting(first, second, rings[first.ring].0.len() - 1) {
                return Some(place);
            }
        }
    }
    None
}

fn segment(line: Line, ring: usize, place: usize) -> Segment {
    let (start, end) = (line.start, line.end);
    Segment { line, ring, place, west: start.x.min(end.x), east: start.x.max(end.x), south: start.y.min(end.y), north: start.y.max(end.y) }
}

fn forbidden_meeting(first: &Segment, second: &Segment, segments_in_ring: usize) -> Option<Coord> {
    match line_intersection(first.line, second.line)? {
        LineIntersection::Collinear { intersection } => Some(intersection.start).filter(|_| {
            // Neighbours on one straight line share a single point; more than that is a spike.
            intersection.start != intersection.end || first.ring == second.ring && !neighbours(first, second, segments_in_ring)
        }),
        LineIntersection::SinglePoint { intersection, is_proper } => {
            let allowed = if first.ring == second.ring { neighbours(first, second, segments_in_ring) } else { !is_proper };
            (!allowed).then_some(intersection)
        }
    }
}

fn neighbours(first: &Segment, second: &Segment, segments_in_ring: usize) -> bool {
    let apart = first.place.abs_diff(second.place);
    apart == 1 || apart == segments_in_ring - 1
}

/// Whether a hole that crosses nothing lies inside its exterior, decided by its first vertex off the exterior's line.
pub(super) fn lies_inside(hole: &LineString, exterior: &LineString) -> bool {
    let filled = Polygon::new(exterior.clone(), vec![]);
    let off_the_line = hole.coords().map(|vertex| filled.coordinate_position(vertex)).find(|position| *position != CoordPos::OnBoundary);
    off_the_line == Some(CoordPos::Inside)
}
