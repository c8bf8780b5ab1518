//! PostGIS's reasons for invalidity, in the words of the person who has to mend the file.

/// Reasons as GEOS writes them, and what to tell the reader. Longer reasons stand before those they contain.
const REASONS: [(&str, &str); 15] = [
    ("Valid Geometry", "边界有效"),
    ("Ring Self-intersection", "边界的一个环与自己相接触或相交"),
    ("Self-intersection", "边界自相交，像打了结"),
    ("Hole lies outside shell", "内环（洞）在外环之外"),
    ("Holes are nested", "一个内环（洞）套在另一个内环里面"),
    ("Nested holes", "一个内环（洞）套在另一个内环里面"),
    ("Nested shells", "一个部分的外环套在另一个部分里面"),
    ("Interior is disconnected", "边界内部被内环隔断，不再连成一片"),
    ("Duplicate Rings", "有两个完全相同的环"),
    ("Too few points in geometry component", "有一个环不足 4 个点"),
    ("Too few points", "有一个环不足 4 个点"),
    ("Invalid Coordinate", "坐标不是有效的数字"),
    ("Ring is not closed", "有一个环没有闭合，终点与起点不同"),
    ("Repeated Point", "有重复的点"),
    ("Topology Validation Error", "边界的拓扑关系有误"),
];

/// One plain Chinese sentence for the answer of `ST_IsValidReason`, with the place when PostGIS names one.
pub fn plain_words(st_isvalidreason: &str) -> String {
    let reason = st_isvalidreason.trim();
    let (name, place) = match reason.split_once('[') {
        Some((name, place)) => (name.trim(), place.trim_end_matches(']')),
        None => (reason, ""),
    };
    let known = REASONS.iter().find(|(written, _)| name.to_ascii_lowercase().starts_with(&written.to_ascii_lowercase()));
    let words = known.map_or_else(|| format!("边界无效（{name}）"), |(_, words)| (*words).to_owned());
    let mut numbers = place.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(lon)), Some(Ok(lat))) => format!("{words}（经度 {lon:.6}、纬度 {lat:.6} 附近）"),
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_with_a_place_names_the_place() {
        assert_eq!(plain_words("Self-intersection[119.123456789 30.5]"), "边界自相交，像打了结（经度 119.123457、纬度 30.500000 附近）");
        assert_eq!(plain_words("Ring Self-intersection[119 30]"), "边界的一个环与自己相接触或相交（经度 119.000000、纬度 30.000000 附近）");
    }

    #[test]
    fn every_known_reason_has_its_own_chinese_words() {
        for (reason, words) in REASONS {
            assert_eq!(plain_words(reason), words);
            assert!(words.chars().all(|letter| !letter.is_ascii_alphabetic()));
        }
    }

    #[test]
    fn anything_else_is_passed_on_without_breaking() {
        for reason in ["", "[", "]", "[]", "Self-intersection[", "Self-intersection[x y]", "IllegalArgumentException: 坏了", "[1 2"] {
            assert!(plain_words(reason).starts_with("边界"), "{reason}");
        }
    }
}
