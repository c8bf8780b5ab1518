//! Portraits of the demo county's deputies; a few have none, so that the initials are seen as well.

use geodata::demo_county::DemoCounty;

/// Every so many deputies one has no portrait.
const WITHOUT_EVERY: usize = 9;

/// The portraits by place in the county's list of deputies.
pub(super) fn take_all(county: &DemoCounty) -> anyhow::Result<Vec<(usize, Vec<u8>)>> {
    let with = (0..county.deputies.len()).filter(|place| !(place + 5).is_multiple_of(WITHOUT_EVERY));
    with.map(|place| Ok((place, pictures::portrait(place as u64)?))).collect()
}
