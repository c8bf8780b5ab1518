//! Morton codes: two coordinates interleaved into one number, so that what is near on the map is near in a sorted array.
//!
//! A tile of any zoom is then one contiguous range of codes.

/// Interleaves the bits of `x` and `y`; the highest bit of `y` comes first.
pub fn encode(x: u32, y: u32) -> u64 {
    spread(x) | (spread(y) << 1)
}

/// Takes a code apart into `(x, y)`.
pub fn decode(code: u64) -> (u32, u32) {
    (gather(code), gather(code >> 1))
}

/// Puts a zero bit above each bit of `value`.
fn spread(value: u32) -> u64 {
    let mut bits = u64::from(value);
    bits = (bits | (bits << 16)) & 0x0000_ffff_0000_ffff;
    bits = (bits | (bits << 8)) & 0x00ff_00ff_00ff_00ff;
    bits = (bits | (bits << 4)) & 0x0f0f_0f0f_0f0f_0f0f;
    bits = (bits | (bits << 2)) & 0x3333_3333_3333_3333;
    (bits | (bits << 1)) & 0x5555_5555_5555_5555
}

/// Takes every second bit of `bits`.
fn gather(bits: u64) -> u32 {
    let mut bits = bits & 0x5555_5555_5555_5555;
    bits = (bits | (bits >> 1)) & 0x3333_3333_3333_3333;
    bits = (bits | (bits >> 2)) & 0x0f0f_0f0f_0f0f_0f0f;
    bits = (bits | (bits >> 4)) & 0x00ff_00ff_00ff_00ff;
    bits = (bits | (bits >> 8)) & 0x0000_ffff_0000_ffff;
    ((bits | (bits >> 16)) & 0xffff_ffff) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_four_quarters_come_in_order() {
        let half = 1 << 31;
        let quarters = [encode(0, 0), encode(half, 0), encode(0, half), encode(half, half)];
        assert_eq!(quarters, [0, 1 << 62, 2 << 62, 3 << 62]);
    }

    proptest! {
        #[test]
        fn a_code_comes_apart_into_what_it_was_made_of(x in any::<u32>(), y in any::<u32>()) {
            prop_assert_eq!(decode(encode(x, y)), (x, y));
        }
    }
}
