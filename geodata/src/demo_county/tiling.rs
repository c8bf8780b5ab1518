//! Territories that grow from seeds over uneven land until they meet: borders that wander along ridges and rivers, without gaps.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::chance::Chance;
use super::plane::{COLUMNS, Km, ROWS, Raster, cell_under, distance_km, middle_of, neighbours};

/// Labels every cell that `open` allows with the seed that reaches it at the least cost; zero where none does.
pub(super) fn grow(seeds: &[(usize, u16)], cost: &Raster<f32>, open: impl Fn(usize) -> bool) -> Raster<u16> {
    let mut labels = Raster(vec![0_u16; COLUMNS * ROWS]);
    let mut best = vec![f32::MAX; COLUMNS * ROWS];
    // Costs are compared as whole numbers, so that the order, and with it the map, is the same on every machine.
    let mut frontier: BinaryHeap<_> = seeds.iter().map(|(cell, label)| Reverse((0_u64, *cell, *label))).collect();
    for (cell, _) in seeds {
        best[*cell] = 0.0;
    }
    while let Some(Reverse((_, cell, label))) = frontier.pop() {
        if labels.0[cell] != 0 {
            continue;
        }
        labels.0[cell] = label;
        for (neighbour, step) in neighbours(cell) {
            let reached = best[cell] + step * (cost.0[cell] + cost.0[neighbour]) / 2.0;
            if labels.0[neighbour] == 0 && reached < best[neighbour] && open(neighbour) {
                best[neighbour] = reached;
                frontier.push(Reverse(((reached * 1024.0) as u64, neighbour, label)));
            }
        }
    }
    labels
}

/// Removes corners where two territories touch crosswise, spikes one cell thin, and crumbs cut off from the main part of their
/// territory: a border traced through any of them could cross itself when smoothed. `may_take` tells which labels a cell may change to.
pub(super) fn tidy(labels: &mut Raster<u16>, may_take: impl Fn(usize, u16) -> bool) {
    const MOST_ROUNDS: usize = 40;
    for _ in 0..MOST_ROUNDS {
        let changed = [shave_spikes(labels, &may_take), open_crossings(labels, &may_take), absorb_crumbs(labels, &may_take)];
        if changed == [false; 3] {
            return;
        }
    }
}

/// A cell with at most one like it beside it goes over to the label it meets most; tells whether any did.
fn shave_spikes(labels: &mut Raster<u16>, may_take: impl Fn(usize, u16) -> bool) -> bool {
    let mut changed = false;
    for cell in 0..labels.0.len() {
        let own = labels.0[cell];
        if beside(cell).filter(|other| labels.0[*other] == own).count() > 1 {
            continue;
        }
        let around: Vec<_> = beside(cell).map(|other| labels.0[other]).filter(|label| *label != own && may_take(cell, *label)).collect();
        let meets = |label: u16| around.iter().filter(|other| **other == label).count();
        if let Some(label) = around.iter().copied().max_by_key(|label| (meets(*label), *label)) {
            labels.0[cell] = label;
            changed = true;
        }
    }
    changed
}

/// Where two by two cells form a chequerboard, one gives way; tells whether any did.
fn open_crossings(labels: &mut Raster<u16>, may_take: impl Fn(usize, u16) -> bool) -> bool {
    let mut changed = false;
    for row in 0..ROWS - 1 {
        for column in 0..COLUMNS - 1 {
            let corner = row * COLUMNS + column;
            let cells = [corner, corner + 1, corner + COLUMNS, corner + COLUMNS + 1];
            let [sw, se, nw, ne] = cells.map(|cell| labels.0[cell]);
            let (giving_way, taken) = if sw == ne && sw != se && sw != nw {
                ([cells[1], cells[2]], sw)
            } else if se == nw && se != sw && se != ne {
                ([cells[0], cells[3]], se)
            } else {
                continue;
            };
            if let Some(cell) = giving_way.into_iter().find(|cell| may_take(*cell, taken)) {
                labels.0[cell] = taken;
                changed = true;
            }
        }
    }
    changed
}

/// Gives every piece but the largest of each label to a label beside it. Label zero, the outside, may have many pieces.
fn absorb_crumbs(labels: &mut Raster<u16>, may_take: impl Fn(usize, u16) -> bool) -> bool {
    let pieces = pieces(labels);
    let mut largest = std::collections::HashMap::new();
    for piece in &pieces {
        let size = largest.entry(labels.0[piece[0]]).or_insert(0);
        *size = piece.len().max(*size);
    }
    let mut changed = false;
    for piece in pieces {
        let label = labels.0[piece[0]];
        if piece.len() == largest[&label] {
            continue;
        }
        let other = piece.iter().flat_map(|cell| beside(*cell).map(|other| (*cell, labels.0[other])));
        if let Some((_, other)) = other.into_iter().find(|(cell, other)| *other != label && may_take(*cell, *other)) {
            piece.into_iter().for_each(|cell| labels.0[cell] = other);
            changed = true;
        }
    }
    changed
}

/// The connected pieces of all labels but zero.
fn pieces(labels: &Raster<u16>) -> Vec<Vec<usize>> {
    let mut reached = vec![false; labels.0.len()];
    let mut pieces: Vec<Vec<usize>> = Vec::new();
    for start in 0..labels.0.len() {
        if labels.0[start] == 0 || reached[start] {
            continue;
        }
        let mut piece = vec![start];
        reached[start] = true;
        let mut next = 0;
        while next < piece.len() {
            for neighbour in beside(piece[next]) {
                if labels.0[neighbour] == labels.0[start] && !reached[neighbour] {
                    reached[neighbour] = true;
                    piece.push(neighbour);
                }
            }
            next += 1;
        }
        pieces.push(piece);
    }
    pieces
}

/// The four cells that share a side with a cell.
fn beside(cell: usize) -> impl Iterator<Item = usize> {
    neighbours(cell).filter(|(_, step)| *step == 1.0).map(|(neighbour, _)| neighbour)
}

/// `count` seeds spread over the cells, denser around `centre`: weighted k-means from a far-apart start.
pub(super) fn spread_seeds(cells: &[usize], centre: Km, count: usize, chance: &mut Chance) -> Vec<usize> {
    let points: Vec<_> = cells.iter().map(|cell| middle_of(*cell)).collect();
    let weights: Vec<_> = points.iter().map(|point| 1.0 + 7.0 * (-(distance_km(*point, centre) / 1.9).powi(2)).exp()).collect();
    let mut seeds = vec![centre];
    while seeds.len() < count {
        let tries: Vec<_> = (0..24).map(|_| points[chance.below(points.len())]).collect();
        let lonely = |point: &Km| {
            let nearest = seeds.iter().map(|seed| distance_km(*seed, *point)).fold(f64::MAX, f64::min);
            nearest * (1.0 + 1.4 * (-(distance_km(*point, centre) / 2.6).powi(2)).exp())
        };
        seeds.extend(tries.into_iter().max_by(|a, b| lonely(a).total_cmp(&lonely(b))));
    }
    for _ in 0..12 {
        let mut sums = vec![(Km { x: 0.0, y: 0.0 }, 0.0); count];
        // Every third cell is enough to find the middles.
        for (point, weight) in points.iter().zip(&weights).step_by(3) {
            let nearest = (0..count).min_by(|a, b| distance_km(seeds[*a], *point).total_cmp(&distance_km(seeds[*b], *point)));
            let (sum, weights) = &mut sums[nearest.unwrap_or(0)];
            *sum = *sum + *point * *weight;
            *weights += weight;
        }
        for (seed, (sum, weight)) in seeds.iter_mut().zip(sums) {
            if weight > 0.0 {
                *seed = sum / weight;
            }
        }
    }
    // A middle may lie outside a bent township; the nearest cell inside stands for it.
    let inside = |seed: &Km| {
        let near = |cell: &&usize| (distance_km(middle_of(**cell), *seed) * 1e6) as u64;
        cells.iter().min_by_key(near).copied().unwrap_or_else(|| cell_under(*seed))
    };
    seeds.iter().map(inside).collect()
}
