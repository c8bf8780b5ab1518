//! Whether a file's coordinates fit another datum better than the declared one: the uniform shift of 300 to 700 m that comes from
//! reading a GCJ-02 map as WGS-84, or of about a kilometre from BD-09.
//!
//! Only points for which the datums disagree are evidence: those that lie in their stated township (or, without one, in the county) under
//! one datum and outside under the other. A sign test tells whether they favour the other datum more than chance would. A second,
//! independent sign is that sites already on the map lie where the other datum puts them. Nothing is converted here; a person decides.

use geodata::datum::Datum;
use geodata::position::LonLat;

use super::finding::Finding;

/// The datums that differ on the map; CGCS2000 is the same as WGS-84 there.
pub const CANDIDATES: [Datum; 3] = [Datum::Wgs84, Datum::Gcj02, Datum::Bd09];

/// What is known of one point of the file.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The numbers as written.
    pub written: LonLat,
    /// Whether the point lies where the file says, read in each of [`CANDIDATES`]; None when no boundary can tell.
    pub fits: Option<[bool; 3]>,
    /// Where the same site already stands on the map, in WGS-84.
    pub stored: Option<LonLat>,
}

/// Chance below which the sign test speaks: one honest file in a hundred.
const CHANCE: f64 = 0.01;
/// Fewest sites already on the map for the second sign.
const FEWEST_STORED: usize = 3;

/// A warning with the numbers when the file probably is in another datum than the declared one.
pub fn check(declared: Datum, points: &[Evidence]) -> Option<Finding> {
    let declared_place = CANDIDATES.iter().position(|datum| *datum == declared).unwrap_or(0);
    // `max_by_key` gives the last of equals: of two that explain the file equally well the one with the smaller shift.
    let others = (0..CANDIDATES.len()).rev().filter(|&place| place != declared_place);
    let by_boundaries = others.clone().filter_map(|other| boundaries_favour(points, declared_place, other)).max_by_key(|(gain, ..)| *gain);
    if let Some((_, other, inside)) = by_boundaries {
        return Some(boundary_finding(declared, CANDIDATES[other], inside, shift_m(declared, CANDIDATES[other], points)));
    }
    let by_stored = others.filter_map(|other| stored_sites_favour(points, declared, CANDIDATES[other])).max_by_key(|(agreeing, ..)| *agreeing);
    by_stored.map(|(agreeing, all, other)| stored_finding(declared, other, agreeing, all, shift_m(declared, other, points)))
}

/// Points inside as declared, inside in the other datum, and in all.
type Inside = (usize, usize, usize);

fn boundaries_favour(points: &[Evidence], declared: usize, other: usize) -> Option<(usize, usize, Inside)> {
    let fits: Vec<[bool; 3]> = points.iter().filter_map(|point| point.fits).collect();
    let gained = fits.iter().filter(|fit| !fit[declared] && fit[other]).count();
    let lost = fits.iter().filter(|fit| fit[declared] && !fit[other]).count();
    let inside = |place: usize| fits.iter().filter(|fit| fit[place]).count();
    (gained > lost && chance_of_at_least(gained, gained + lost) < CHANCE)
        .then(|| (gained - lost, other, (inside(declared), inside(other), fits.len())))
}

/// The probability that at least `heads` of `tosses` fair coins show heads.
fn chance_of_at_least(heads: usize, tosses: usize) -> f64 {
    let mut probability = 0.5_f64.powi(i32::try_from(tosses).unwrap_or(i32::MAX));
    if probability == 0.0 {
        // More than a thousand tosses: the normal approximation is exact enough.
        let excess = (heads as f64 - tosses as f64 / 2.0) / (tosses as f64 / 4.0).sqrt();
        return if excess > 3.0 { 0.0 } else { 1.0 };
    }
    let mut sum = 0.0;
    for count in 0..=tosses {
        if count >= heads {
            sum += probability;
        }
        probability *= (tosses - count) as f64 / (count + 1) as f64;
    }
    sum
}

/// At least three sites, and four of five of them, are far off as declared and in place in the other datum.
fn stored_sites_favour(points: &[Evidence], declared: Datum, other: Datum) -> Option<(usize, usize, Datum)> {
    let pairs: Vec<(LonLat, LonLat)> = points.iter().filter_map(|point| point.stored.map(|stored| (point.written, stored))).collect();
    let agrees = |(written, stored): &&(LonLat, LonLat)| {
        declared.to_wgs84(*written).metres_to(*stored) > 200.0 && other.to_wgs84(*written).metres_to(*stored) < 60.0
    };
    let agreeing = pairs.iter().filter(agrees).count();
    (agreeing >= FEWEST_STORED && agreeing * 5 >= pairs.len() * 4).then_some((agreeing, pairs.len(), other))
}

/// Mean distance in metres between the two readings.
fn shift_m(declared: Datum, other: Datum, points: &[Evidence]) -> f64 {
    let sum: f64 = points.iter().map(|point| declared.to_wgs84(point.written).metres_to(other.to_wgs84(point.written))).sum();
    (sum / points.len().max(1) as f64 / 10.0).round() * 10.0
}

/// The name people know the datum by.
pub fn shown(datum: Datum) -> &'static str {
    match datum {
        Datum::Wgs84 => "WGS-84",
        Datum::Cgcs2000 => "CGCS2000",
        Datum::Gcj02 => "GCJ-02",
        Datum::Bd09 => "BD-09",
    }
}

fn maps_of(datum: Datum) -> &'static str {
    match datum {
        Datum::Wgs84 | Datum::Cgcs2000 => "卫星定位、天地图",
        Datum::Gcj02 => "高德、腾讯地图",
        Datum::Bd09 => "百度地图",
    }
}

fn boundary_finding(declared: Datum, other: Datum, (before, after, all): Inside, shift_m: f64) -> Finding {
    let (was, probably, maps) = (shown(declared), shown(other), maps_of(other));
    Finding::warning("datum_doubtful").say(
        format!(
            "坐标很可能是 {probably}（{maps}）：{all} 个可以核对的点中，按 {was} 有 {before} 个落在所填镇街之内，按 {probably} 有 {after} 个，整体偏移约 {shift_m} 米。\
             请向制表人核对；若是，请重新上传并把坐标系选为 {probably}。"
        ),
        format!(
            "The coordinates are probably {probably}: of {all} points that can be checked, {before} lie in their stated township as {was} and {after} as {probably}, \
             a uniform shift of about {shift_m} m. Ask the author, and if so upload again as {probably}."
        ),
    )
}

fn stored_finding(declared: Datum, other: Datum, agreeing: usize, all: usize, shift_m: f64) -> Finding {
    let (was, probably, maps) = (shown(declared), shown(other), maps_of(other));
    Finding::warning("datum_doubtful").say(
        format!(
            "坐标很可能是 {probably}（{maps}）：{all} 个地图上已有的点位中，有 {agreeing} 个按 {was} 偏了约 {shift_m} 米，按 {probably} 则与地图吻合。\
             请向制表人核对；若是，请重新上传并把坐标系选为 {probably}。"
        ),
        format!(
            "The coordinates are probably {probably}: of {all} sites already on the map, {agreeing} are off by about {shift_m} m as {was} and in place as {probably}. \
             Ask the author, and if so upload again as {probably}."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).expect("a position")
    }

    /// Points in a row of townships ten kilometres wide, truly inside the one they name, written in `truth`.
    fn points(truth: Datum, count: usize) -> Vec<Evidence> {
        let mut points = Vec::new();
        for index in 0..count {
            let township = (index % 10) as f64;
            let within = ((index * 37) % 100) as f64 / 100.0;
            let real = place(120.0 + (township + within) * 0.1, 27.4 + within * 0.01);
            let written = truth.from_wgs84(real);
            let inside = CANDIDATES.map(|datum| ((datum.to_wgs84(written).lon() - 120.0 + 1e-9) / 0.1).floor() == township);
            points.push(Evidence { written, fits: Some(inside), stored: None });
        }
        points
    }

    #[test]
    fn a_file_taken_from_another_map_is_recognised_with_numbers() {
        for (truth, name) in [(Datum::Gcj02, "GCJ-02"), (Datum::Bd09, "BD-09")] {
            let finding = check(Datum::Wgs84, &points(truth, 300)).expect("a warning");
            assert_eq!(finding.code, "datum_doubtful");
            assert!(finding.message.zh.contains(&format!("很可能是 {name}")) && finding.message.zh.contains("300 个"), "{}", finding.message.zh);
        }
        assert!(check(Datum::Gcj02, &points(Datum::Wgs84, 300)).is_some_and(|finding| finding.message.en.contains("probably WGS-84")));
    }

    #[test]
    fn a_file_declared_rightly_is_left_alone() {
        for truth in CANDIDATES {
            assert_eq!(check(truth, &points(truth, 300)), None);
        }
        assert_eq!(check(Datum::Cgcs2000, &points(Datum::Wgs84, 300)), None);
    }

    #[test]
    fn a_few_points_across_a_border_are_no_proof() {
        let mut few = points(Datum::Wgs84, 60);
        for point in few.iter_mut().take(4) {
            point.fits = Some([false, true, true]);
        }
        assert_eq!(check(Datum::Wgs84, &few), None);
    }

    #[test]
    fn sites_already_on_the_map_betray_the_datum() {
        let stored = |index: usize| place(120.4 + index as f64 / 100.0, 27.5);
        let moved: Vec<Evidence> =
            (0..5).map(|index| Evidence { written: Datum::Gcj02.from_wgs84(stored(index)), fits: None, stored: Some(stored(index)) }).collect();
        assert!(check(Datum::Wgs84, &moved).is_some_and(|finding| finding.message.zh.contains("很可能是 GCJ-02")));
        assert_eq!(check(Datum::Gcj02, &moved), None);
    }
}
