//! Four tints for a map of townships, so that no two neighbours look alike.

/// Tints 0 to 3 for areas whose neighbours are given by place. Where no such colouring is found within a bounded search, the tint that
/// offends the fewest neighbours is taken.
pub(super) fn tints(neighbours: &[Vec<usize>]) -> Vec<u8> {
    let mut order: Vec<usize> = (0..neighbours.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(neighbours[*place].len()));
    let mut tints = vec![None; neighbours.len()];
    let mut steps = 50_000;
    if !colour(&order, neighbours, &mut tints, &mut steps) {
        tints.fill(None);
        for place in order {
            let offended = |tint: &u8| neighbours[place].iter().filter(|other| tints[**other] == Some(*tint)).count();
            tints[place] = (0..4).min_by_key(offended);
        }
    }
    tints.into_iter().map(Option::unwrap_or_default).collect()
}

fn colour(order: &[usize], neighbours: &[Vec<usize>], tints: &mut [Option<u8>], steps: &mut u32) -> bool {
    let Some((place, rest)) = order.split_first() else { return true };
    // Starting from another tint at each place uses all four instead of favouring the first.
    for turn in 0..4 {
        *steps = steps.saturating_sub(1);
        if *steps == 0 {
            return false;
        }
        let tint = ((place + turn) % 4) as u8;
        if neighbours[*place].iter().any(|other| tints[*other] == Some(tint)) {
            continue;
        }
        tints[*place] = Some(tint);
        if colour(rest, neighbours, tints, steps) {
            return true;
        }
        tints[*place] = None;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_never_share_a_tint() {
        // A wheel of seven around a hub needs four tints.
        let mut neighbours: Vec<Vec<usize>> = (0..7).map(|place| vec![(place + 1) % 7, (place + 6) % 7, 7]).collect();
        neighbours.push((0..7).collect());
        let tints = tints(&neighbours);
        for (place, others) in neighbours.iter().enumerate() {
            assert!(others.iter().all(|other| tints[*other] != tints[place]), "{tints:?}");
        }
    }

    #[test]
    fn what_cannot_be_coloured_is_coloured_as_well_as_can_be() {
        let everybody: Vec<Vec<usize>> = (0..6).map(|place| (0..6).filter(|other| *other != place).collect()).collect();
        let tints = tints(&everybody);
        assert!(tints.iter().all(|tint| *tint < 4));
        assert!((0..4).all(|tint| tints.contains(&tint)));
    }
}
