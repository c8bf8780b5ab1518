//! How a site's stage moves: what a move needs, and which decision holds.
//!
//! The rule kept here: the stage is what the latest decision says, where a decision is a standing report or a committee's correction.
//! It never depends on the order in which reports happen to arrive. Nothing here knows the database.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::Stage;

/// Whether `percent` can be said of a site in `stage`: nothing is done before the start, everything at completion.
pub fn percent_agrees(stage: Stage, percent: u8) -> bool {
    match stage {
        Stage::NotStarted => percent == 0,
        Stage::InProgress => percent <= 100,
        Stage::Completed => percent == 100,
    }
}

/// Which way a decision moves the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Stay,
    Forward,
    Back,
}

impl Step {
    pub fn between(from: Stage, to: Stage) -> Self {
        match to.cmp(&from) {
            std::cmp::Ordering::Equal => Self::Stay,
            std::cmp::Ordering::Greater => Self::Forward,
            std::cmp::Ordering::Less => Self::Back,
        }
    }
}

/// What a report brings along for a change of stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    pub photos: usize,
    pub has_reason: bool,
}

/// What a move lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveFault {
    /// Every change of stage is shown by a picture.
    PhotoMissing,
    /// Going back is possible, and always explained.
    ReasonMissing,
}

/// Whether a report may move the stage. Any stage can follow any other, because a report says what was seen and not what was hoped for.
pub fn check_move(from: Stage, to: Stage, evidence: Evidence) -> Result<Step, MoveFault> {
    let step = Step::between(from, to);
    if step != Step::Stay && evidence.photos == 0 {
        return Err(MoveFault::PhotoMissing);
    }
    if step == Step::Back && !evidence.has_reason {
        return Err(MoveFault::ReasonMissing);
    }
    Ok(step)
}

/// Who decided. Of two decisions of the same instant the committee's holds, and of two reports the one with the later id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Report(Uuid),
    /// A correction, by the number of its row in the site's history.
    Correction(i64),
}

/// A standing report or a correction, as far as the stage depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// For a report the moment it counts from, for a correction the moment it was made.
    pub at: DateTime<Utc>,
    pub source: Source,
    pub stage: Stage,
    pub percent: u8,
}

/// What a site is worth before anybody has decided anything.
pub const UNDECIDED: (Stage, u8) = (Stage::NotStarted, 0);

/// The decision that holds: the latest one.
pub fn holding(decisions: &[Decision]) -> Option<&Decision> {
    decisions.iter().max_by_key(|decision| (decision.at, decision.source))
}

/// The stage and percent that follow from all decisions that stand.
pub fn stage_of(decisions: &[Decision]) -> (Stage, u8) {
    holding(decisions).map_or(UNDECIDED, |decision| (decision.stage, decision.percent))
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::seq::IndexedRandom;
    use rand::{Rng, SeedableRng};

    use super::*;

    #[test]
    fn every_change_needs_a_picture_and_every_step_back_a_reason() {
        for from in Stage::ALL {
            for to in Stage::ALL {
                for photos in [0, 1, 9] {
                    for has_reason in [false, true] {
                        let allowed = check_move(from, to, Evidence { photos, has_reason }).is_ok();
                        let expected = from == to || (photos > 0 && (to > from || has_reason));
                        assert_eq!(allowed, expected, "{from:?} -> {to:?}, {photos} photos, reason {has_reason}");
                    }
                }
            }
        }
    }

    #[test]
    fn percent_agrees_with_the_stage_at_both_ends() {
        assert!(percent_agrees(Stage::NotStarted, 0) && !percent_agrees(Stage::NotStarted, 1));
        assert!(percent_agrees(Stage::Completed, 100) && !percent_agrees(Stage::Completed, 99));
        assert!(percent_agrees(Stage::InProgress, 0) && percent_agrees(Stage::InProgress, 100) && !percent_agrees(Stage::InProgress, 101));
    }

    /// A site told plainly: every decision ever made, in the order of arrival, and whether it still stands.
    #[derive(Default)]
    struct PlainSite {
        history: Vec<(Decision, bool)>,
    }

    impl PlainSite {
        /// Goes through the whole history and keeps whatever is not earlier than the best so far.
        fn stage(&self) -> (Stage, u8) {
            let mut best: Option<Decision> = None;
            for (decision, stands) in &self.history {
                let beats = best.is_none_or(|best| {
                    decision.at > best.at
                        || decision.at == best.at
                            && match (decision.source, best.source) {
                                (Source::Correction(new), Source::Correction(old)) => new > old,
                                (Source::Correction(_), Source::Report(_)) => true,
                                (Source::Report(_), Source::Correction(_)) => false,
                                (Source::Report(new), Source::Report(old)) => new.as_bytes() > old.as_bytes(),
                            }
                });
                if *stands && beats {
                    best = Some(*decision);
                }
            }
            best.map_or((Stage::NotStarted, 0), |decision| (decision.stage, decision.percent))
        }

        fn standing(&self) -> Vec<Decision> {
            self.history.iter().filter(|(_, stands)| *stands).map(|(decision, _)| *decision).collect()
        }
    }

    #[test]
    fn a_hundred_thousand_random_steps_agree_with_the_plain_telling() {
        let mut chance = StdRng::seed_from_u64(20_261_122);
        let mut steps = 0;
        while steps < 100_000 {
            let mut site = PlainSite::default();
            for number in 0..chance.random_range(1..40_i64) {
                let stage = *Stage::ALL.choose(&mut chance).expect("three stages");
                let at = DateTime::from_timestamp(1_700_000_000 + chance.random_range(0..20), 0).expect("an instant");
                let decision = |source| Decision { at, source, stage, percent: u8::from(stage == Stage::Completed) * 100 };
                match chance.random_range(0..10) {
                    0..6 => site.history.push((decision(Source::Report(Uuid::from_u128(chance.random()))), true)),
                    6..8 => site.history.push((decision(Source::Correction(number)), true)),
                    // A report is returned or amended: it no longer stands. A correction stands for ever.
                    _ => {
                        let reports: Vec<usize> =
                            (0..site.history.len()).filter(|place| matches!(site.history[*place].0.source, Source::Report(_))).collect();
                        if let Some(place) = reports.choose(&mut chance) {
                            site.history[*place].1 = false;
                        }
                    }
                }
                assert_eq!(stage_of(&site.standing()), site.stage());
                let mut shuffled = site.standing();
                shuffled.reverse();
                assert_eq!(stage_of(&shuffled), site.stage(), "the order of arrival must not matter");
                steps += 1;
            }
        }
    }
}
