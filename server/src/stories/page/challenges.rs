//! What visitors say against the pin: as far as it was cleared, and what came of it.

use maud::{Markup, html};

use super::stage;
use super::words as w;
use crate::challenges::PublicChallengeView;
use crate::challenges::model::ChallengeState;
use crate::pages::{Phrase, Reader, parts};

/// The heading of a challenge among what happened.
pub fn title(outcome: &str) -> Phrase {
    match outcome {
        "founded" => w::CHALLENGE_FOUNDED,
        "unfounded" => w::CHALLENGE_UNFOUNDED,
        _ => w::CHALLENGE_SUBMITTED,
    }
}

fn state(state: ChallengeState) -> Phrase {
    match state {
        ChallengeState::Founded => w::CHALLENGE_FOUNDED,
        ChallengeState::Unfounded => w::CHALLENGE_UNFOUNDED,
        ChallengeState::Accepted => w::CHALLENGE_ACCEPTED,
        _ => w::CHALLENGE_SUBMITTED,
    }
}

/// The site's challenges, newest first; nothing when there is none.
pub fn section(reader: &Reader, challenges: &[PublicChallengeView]) -> Markup {
    if challenges.is_empty() {
        return html! {};
    }
    html! {
        h2 { (reader.say(w::CHALLENGES)) }
        @for challenge in challenges { (one(reader, challenge)) }
    }
}

fn one(reader: &Reader, challenge: &PublicChallengeView) -> Markup {
    html! {
        div class="event" {
            p { strong { (reader.say(state(challenge.state))) } " " span class="small" { (parts::month_words(reader.language, challenge.month)) } }
            @if let Some(seen) = challenge.seen { p { (reader.fill(w::CHALLENGE_SEEN, &[("stage", &stage(reader, seen))])) } }
            @if let Some(words) = &challenge.words { p { (words) } } @else { p class="small" { (reader.say(w::CHALLENGE_UNCLEARED)) } }
            @if !challenge.photos.is_empty() {
                div class="pair" {
                    @for photo in &challenge.photos {
                        figure {
                            a href={ "/photos/" (photo) } {
                                img src={ "/photos/" (photo) "/thumbnail" } alt=(reader.say(w::CHALLENGE_PHOTO)) loading="lazy";
                            }
                        }
                    }
                }
            }
            @if let Some(reason) = &challenge.reason { p { (reader.fill(w::CHALLENGE_REASON, &[("reason", reason)])) } }
        }
    }
}
