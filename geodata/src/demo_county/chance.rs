//! Chance that repeats itself: a small generator and smooth noise, both fixed by a seed, alike on every machine.

/// Numbers drawn from a seed (SplitMix64). Two streams made with different salts do not disturb each other.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// A stream of its own for each purpose under one seed.
    pub fn new(seed: u64, salt: u64) -> Self {
        Self(mixed(seed ^ mixed(salt)))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `end`; zero when `end` is zero.
    pub fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    /// True in `probability` of all cases.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the items, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Puts the items in another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}

fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Smooth noise over the plane, between -1 and 1, in several octaves.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    pub seed: u64,
    /// Distance over which the coarsest octave changes.
    pub wavelength: f64,
    pub octaves: u32,
}

impl Noise {
    /// The noise at a point; each octave is half as long and half as strong as the one before.
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let (mut sum, mut most, mut strength, mut frequency) = (0.0, 0.0, 1.0, 1.0 / self.wavelength);
        for octave in 0..self.octaves {
            sum += strength * lattice_noise(self.seed.wrapping_add(u64::from(octave)), x * frequency, y * frequency);
            most += strength;
            strength *= 0.5;
            frequency *= 2.0;
        }
        sum / most
    }

    /// Sharp crests between 0 and 1 where the noise changes sign: ridges, and the fingers of drowned valleys.
    pub fn ridges_at(&self, x: f64, y: f64) -> f64 {
        1.0 - (2.5 * self.at(x, y).abs()).min(1.0)
    }
}

fn lattice_noise(seed: u64, x: f64, y: f64) -> f64 {
    let (column, row) = (x.floor(), y.floor());
    let (across, up) = (eased(x - column), eased(y - row));
    let corner = |dx: i64, dy: i64| {
        let key = ((column as i64 + dx) as u64).wrapping_mul(0x8da6_b343) ^ ((row as i64 + dy) as u64).wrapping_mul(0xd816_3841_0000_0001);
        (mixed(seed ^ mixed(key)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    let south = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * across;
    let north = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * across;
    south + (north - south) * up
}

fn eased(part: f64) -> f64 {
    part * part * part * (part * (part * 6.0 - 15.0) + 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_salt_give_the_same_stream() {
        let draw = |seed, salt| {
            (0..8)
                .map({
                    let mut chance = Chance::new(seed, salt);
                    move |_| chance.bits()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut chance = Chance::new(7, 7);
        assert!((0..1_000).all(|_| (3.0..4.0).contains(&chance.between(3.0, 4.0))));
        assert!((0..1_000).all(|_| chance.below(5) < 5));
        assert_eq!(chance.below(0), 0);
        let noise = Noise { seed: 3, wavelength: 2.0, octaves: 4 };
        assert!((0..1_000).all(|step| noise.at(f64::from(step) * 0.37, f64::from(-step) * 0.11).abs() <= 1.0));
    }
}
