//! Pure rules of challenges: their states and how one leads to another, who may look after them, what a judgement may bring about.

use serde::{Deserialize, Serialize};

use crate::accounts::{Actor, Role};
use crate::sites::Stage;

/// Most pictures of a challenge.
pub const MOST_PHOTOS: usize = 3;
/// Most challenges of one site that nobody has settled.
pub const MOST_OPEN: i64 = 20;
/// Faster than this nobody fills in the form.
pub const LEAST_FILLED_MS: u32 = 3000;

/// How far a challenge has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ChallengeState {
    /// Waits for the office.
    Submitted,
    /// The office is checking it on the spot.
    Accepted,
    /// It is as the visitor said.
    Founded,
    /// It is not as the visitor said.
    Unfounded,
    /// Not about this site, or abuse.
    Declined,
    /// Taken back by whoever sent it.
    Withdrawn,
}

impl ChallengeState {
    pub const ALL: [Self; 6] = [Self::Submitted, Self::Accepted, Self::Founded, Self::Unfounded, Self::Declined, Self::Withdrawn];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Founded => "founded",
            Self::Unfounded => "unfounded",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The states that lead to this one.
    pub fn sources(self) -> &'static [Self] {
        match self {
            Self::Submitted => &[],
            Self::Accepted => &[Self::Submitted],
            Self::Founded | Self::Unfounded => &[Self::Accepted],
            Self::Declined | Self::Withdrawn => &[Self::Submitted, Self::Accepted],
        }
    }

    /// Whether somebody has still to settle it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Accepted)
    }

    /// Whether its words and pictures may be shown to the public at all.
    pub fn may_be_published(self) -> bool {
        !matches!(self, Self::Declined | Self::Withdrawn)
    }
}

/// Something that happened to a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ChallengeStepKind {
    Submitted,
    Accepted,
    /// Words or pictures were cleared for everybody.
    Published,
    /// What had been cleared was taken back.
    Unpublished,
    Declined,
    Founded,
    Unfounded,
    Withdrawn,
}

/// What a judgement brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Consequence {
    /// Nothing of the site changes.
    None,
    /// The report that holds goes back to its deputy; the stage falls back.
    ReturnReport,
    /// The committee sets the stage.
    CorrectStage,
    /// The strike-off is taken back; the stage may be set as well.
    Reopen,
}

impl Consequence {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ReturnReport => "return_report",
            Self::CorrectStage => "correct_stage",
            Self::Reopen => "reopen",
        }
    }
}

/// Why a judgement cannot have a consequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// What is unfounded changes nothing.
    Unfounded,
    /// A founded challenge opens a struck-off site again.
    MustReopen,
    NotStruckOff,
    /// A stage is wanted to correct it.
    StageMissing,
    /// A stage is named that nothing sets.
    StageUnused,
}

/// Whether the judgement may bring this about at a site that is struck off, or is not.
pub fn check_consequence(founded: bool, consequence: Consequence, stage: Option<Stage>, struck_off: bool) -> Result<(), Mismatch> {
    match consequence {
        Consequence::None if founded && struck_off => Err(Mismatch::MustReopen),
        Consequence::None if stage.is_some() => Err(Mismatch::StageUnused),
        Consequence::None => Ok(()),
        _ if !founded => Err(Mismatch::Unfounded),
        Consequence::Reopen if struck_off => Ok(()),
        Consequence::Reopen => Err(Mismatch::NotStruckOff),
        _ if struck_off => Err(Mismatch::MustReopen),
        Consequence::ReturnReport if stage.is_some() => Err(Mismatch::StageUnused),
        Consequence::ReturnReport => Ok(()),
        Consequence::CorrectStage if stage.is_none() => Err(Mismatch::StageMissing),
        Consequence::CorrectStage => Ok(()),
    }
}

/// Whether the person looks after challenges somewhere.
pub fn may_look_after(actor: &Actor) -> bool {
    actor.is(Role::Committee) || actor.is(Role::WorkingCommittee)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out_of_a_settled_state() {
        for to in ChallengeState::ALL {
            for from in to.sources() {
                assert!(from.is_open(), "{from:?} -> {to:?}");
            }
        }
        assert!(!ChallengeState::Founded.sources().contains(&ChallengeState::Submitted), "nobody judges what was not accepted");
    }

    #[test]
    fn a_founded_challenge_of_a_struck_off_site_opens_it_again() {
        use Consequence::{CorrectStage, None, Reopen, ReturnReport};
        let stage = Some(Stage::InProgress);
        for (founded, consequence, stage, struck_off, expected) in [
            (true, None, Option::None, true, Err(Mismatch::MustReopen)),
            (true, CorrectStage, stage, true, Err(Mismatch::MustReopen)),
            (true, ReturnReport, Option::None, true, Err(Mismatch::MustReopen)),
            (true, Reopen, Option::None, true, Ok(())),
            (true, Reopen, stage, true, Ok(())),
            (true, Reopen, stage, false, Err(Mismatch::NotStruckOff)),
            (true, None, Option::None, false, Ok(())),
            (true, None, stage, false, Err(Mismatch::StageUnused)),
            (true, CorrectStage, Option::None, false, Err(Mismatch::StageMissing)),
            (true, CorrectStage, stage, false, Ok(())),
            (true, ReturnReport, Option::None, false, Ok(())),
            (true, ReturnReport, stage, false, Err(Mismatch::StageUnused)),
            (false, None, Option::None, true, Ok(())),
            (false, None, Option::None, false, Ok(())),
            (false, CorrectStage, stage, false, Err(Mismatch::Unfounded)),
            (false, Reopen, Option::None, true, Err(Mismatch::Unfounded)),
        ] {
            assert_eq!(check_consequence(founded, consequence, stage, struck_off), expected, "{founded} {consequence:?} {stage:?} {struck_off}");
        }
    }
}
