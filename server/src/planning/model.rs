//! Pure rules of entering and mending: who may, and what a site's code looks like.

use crate::accounts::{Actor, Role};

/// Whether the person enters and mends sites somewhere; where, [`Actor::supervises`] says.
pub fn may_plan(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

/// Projects and units are the county's as a whole; and what leaves the plan leaves it by the county committee's decision.
pub fn may_plan_county(actor: &Actor, county_code: &str) -> bool {
    actor.holds(&[Role::Committee], county_code)
}

/// Letters, digits and hyphens, not beginning with a hyphen, at most forty.
pub fn is_code(text: &str) -> bool {
    let mut characters = text.chars();
    text.len() <= 40
        && characters.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '-')
}

/// The code after the highest of the project's codes; the project's first when it has none: `2026-03-01`.
pub fn next_code(year: i16, number: i16, codes: &[String]) -> String {
    let counted = codes.iter().filter_map(|code| {
        let (stem, last) = code.rsplit_once('-')?;
        (!last.is_empty() && last.len() <= 9 && last.bytes().all(|byte| byte.is_ascii_digit())).then_some(())?;
        Some((last.parse::<u64>().ok()?, last.len(), stem))
    });
    match counted.max() {
        Some((last, width, stem)) => format!("{stem}-{:0width$}", last + 1),
        None => format!("{year}-{number:02}-01"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_letters_digits_and_hyphens() {
        for good in ["2026-03-07", "A", "a-1", "9", &"x".repeat(40)] {
            assert!(is_code(good), "{good}");
        }
        for bad in ["", "-1", "2026 03", "点位-1", "a/b", "a_b", "a.b", &"x".repeat(41)] {
            assert!(!is_code(bad), "{bad}");
        }
    }

    #[test]
    fn the_next_code_follows_the_projects_highest() {
        let codes = |all: &[&str]| all.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        assert_eq!(next_code(2026, 3, &[]), "2026-03-01");
        assert_eq!(next_code(2026, 3, &codes(&["2026-03-01", "2026-03-09"])), "2026-03-10");
        assert_eq!(next_code(2026, 1, &codes(&["2026-01-001", "2026-01-002"])), "2026-01-003");
        assert_eq!(next_code(2026, 3, &codes(&["2026-03-99"])), "2026-03-100");
        assert_eq!(next_code(2026, 12, &codes(&["幼儿园", "A-x"])), "2026-12-01");
    }
}
