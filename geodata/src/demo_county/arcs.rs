//! From labelled cells to shapes: each border between two labels is traced, smoothed and thinned once, and both sides share the
//! outcome, so that shapes fit without a gap or an overlap.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Area, Contains, LineString, MultiPolygon, Polygon};

use super::plane::{COLUMNS, Km, ROWS, Raster, corner_of, distance_km};

/// How a traced border is made natural.
#[derive(Clone, Copy)]
pub(super) struct Smoothing {
    /// Times each point is drawn towards the middle of its neighbours.
    pub rounds: usize,
    /// How far a point may lie off the line of its neighbours and yet be left out.
    pub tolerance_km: f64,
}

/// A lattice corner: column and row.
type Corner = (usize, usize);

struct Arc {
    from: Corner,
    to: Corner,
    left: u16,
    right: u16,
    line: Vec<Km>,
}

/// All borders of a labelled raster.
pub(super) struct Arcs(Vec<Arc>);

/// A unit step along the lattice with the labels on its two sides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    to: Corner,
    left: u16,
    right: u16,
}

impl Arcs {
    pub fn trace(labels: &Raster<u16>, smoothing: Smoothing) -> Self {
        let steps = border_steps(labels);
        let mut walked = BTreeSet::new();
        let mut arcs = Vec::new();
        let junctions = steps.iter().filter(|(_, out)| out.len() != 2).map(|(corner, _)| *corner);
        // Junctions first; what then remains are rings that meet no other border.
        let starts: Vec<_> = junctions.chain(steps.keys().copied()).collect();
        for start in starts {
            for first in &steps[&start] {
                if walked.contains(&(start, first.to)) {
                    continue;
                }
                let corners = walk(&steps, start, *first);
                for pair in corners.windows(2) {
                    walked.insert((pair[0], pair[1]));
                    walked.insert((pair[1], pair[0]));
                }
                let line = natural(corners.iter().map(|(column, row)| corner_of(*column, *row)).collect(), smoothing);
                arcs.push(Arc { from: start, to: corners[corners.len() - 1], left: first.left, right: first.right, line });
            }
        }
        Self(arcs)
    }

    /// The shape of all cells whose label the group takes in: exteriors counter-clockwise, holes clockwise.
    pub fn shape_of(&self, group: impl Fn(u16) -> bool) -> MultiPolygon {
        let mut pending: BTreeMap<Corner, Vec<(Corner, Vec<Km>)>> = BTreeMap::new();
        for arc in &self.0 {
            match (group(arc.left), group(arc.right)) {
                (true, false) => pending.entry(arc.from).or_default().push((arc.to, arc.line.clone())),
                (false, true) => pending.entry(arc.to).or_default().push((arc.from, arc.line.iter().rev().copied().collect())),
                _ => {}
            }
        }
        let mut rings = Vec::new();
        while let Some(start) = pending.keys().next().copied() {
            let mut ring: Vec<Km> = Vec::new();
            let mut corner = start;
            while let Some(onward) = pending.get_mut(&corner) {
                let Some((to, line)) = onward.pop() else { break };
                if onward.is_empty() {
                    pending.remove(&corner);
                }
                ring.pop();
                ring.extend(line);
                corner = to;
                if corner == start {
                    break;
                }
            }
            rings.push(LineString::new(ring));
        }
        assemble(rings)
    }
}

/// For each lattice corner the steps that leave it along a border, west to east and south to north and back.
fn border_steps(labels: &Raster<u16>) -> BTreeMap<Corner, Vec<Step>> {
    let label = |column: usize, row: usize| labels.0[row * COLUMNS + column];
    let mut steps: BTreeMap<Corner, Vec<Step>> = BTreeMap::new();
    let mut add = |from: Corner, to: Corner, left: u16, right: u16| {
        if left != right {
            steps.entry(from).or_default().push(Step { to, left, right });
            steps.entry(to).or_default().push(Step { to: from, left: right, right: left });
        }
    };
    for row in 1..ROWS {
        for column in 1..COLUMNS {
            add((column, row), (column + 1, row), label(column, row), label(column, row - 1));
            add((column, row), (column, row + 1), label(column - 1, row), label(column, row));
        }
    }
    steps
}

/// Follows one border from a corner to the next junction, or round to its beginning.
fn walk(steps: &BTreeMap<Corner, Vec<Step>>, start: Corner, first: Step) -> Vec<Corner> {
    let mut corners = vec![start, first.to];
    loop {
        let (before, here) = (corners[corners.len() - 2], corners[corners.len() - 1]);
        let onward = &steps[&here];
        if here == start || onward.len() != 2 {
            return corners;
        }
        let next = if onward[0].to == before { onward[1] } else { onward[0] };
        corners.push(next.to);
    }
}

/// Staircase → line: smoothed with its ends held, then thinned.
fn natural(mut line: Vec<Km>, smoothing: Smoothing) -> Vec<Km> {
    let last = line.len() - 1;
    let closed = line[0] == line[last];
    for _ in 0..smoothing.rounds {
        let before = line.clone();
        let towards_middle = |west: Km, here: Km, east: Km| here * 0.5 + (west + east) * 0.25;
        for place in 1..last {
            line[place] = towards_middle(before[place - 1], before[place], before[place + 1]);
        }
        if closed {
            line[0] = towards_middle(before[last - 1], before[0], before[1]);
            line[last] = line[0];
        }
    }
    thinned(&line, smoothing.tolerance_km)
}

/// The line without the points that lie within the tolerance of the chord left when they go (Douglas-Peucker). A closed line is
/// first split at its far side.
fn thinned(line: &[Km], tolerance_km: f64) -> Vec<Km> {
    let last = line.len() - 1;
    let mut keep = vec![false; line.len()];
    let far = (0..last).max_by(|a, b| distance_km(line[0], line[*a]).total_cmp(&distance_km(line[0], line[*b]))).unwrap_or(0);
    let mut spans = if line[0] == line[last] { vec![(0, far), (far, last)] } else { vec![(0, last)] };
    while let Some((start, end)) = spans.pop() {
        (keep[start], keep[end]) = (true, true);
        let off = |place: &usize| off_chord_km(line[*place], line[start], line[end]);
        let Some(farthest) = (start + 1..end).max_by(|a, b| off(a).total_cmp(&off(b))) else { continue };
        if off(&farthest) > tolerance_km {
            spans.extend([(start, farthest), (farthest, end)]);
        }
    }
    line.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

fn off_chord_km(point: Km, start: Km, end: Km) -> f64 {
    let (chord, from_start) = (end - start, point - start);
    let length_squared = chord.x * chord.x + chord.y * chord.y;
    let along = if length_squared > 0.0 { ((from_start.x * chord.x + from_start.y * chord.y) / length_squared).clamp(0.0, 1.0) } else { 0.0 };
    distance_km(point, start + chord * along)
}

/// Exterior rings with the holes that lie in them.
fn assemble(rings: Vec<LineString>) -> MultiPolygon {
    let (exteriors, holes): (Vec<_>, Vec<_>) = rings.into_iter().map(|ring| Polygon::new(ring, vec![])).partition(|ring| ring.signed_area() > 0.0);
    let mut polygons = exteriors;
    for hole in holes {
        let ring = hole.exterior().clone();
        if let Some(around) = polygons.iter_mut().find(|polygon| polygon.contains(&ring.0[0])) {
            around.interiors_push(ring);
        }
    }
    MultiPolygon::new(polygons)
}
