//! What happened to a supervision order, said in public: by offices and units, never by persons.

use maud::{Markup, html};

use super::entries::{came_by, office};
use super::words as w;
use crate::orders::model::{OrderLevel, StepKind};
use crate::pages::{Phrase, Reader, parts};
use crate::stories::view::OrderStepView;

pub fn title(reader: &Reader, step: &OrderStepView) -> String {
    let phrase = match step.kind {
        StepKind::Issued => w::ORDER_ISSUED,
        StepKind::Reminded => w::ORDER_REMINDED,
        StepKind::Raised => w::ORDER_RAISED,
        StepKind::Answered => w::ORDER_ANSWERED,
        StepKind::Accepted => w::ORDER_ACCEPTED,
        StepKind::DateAgreed => w::ORDER_DATE_AGREED,
        StepKind::SentBack => w::ORDER_SENT_BACK,
        StepKind::Followed => w::ORDER_FOLLOWED,
        StepKind::Withdrawn => w::ORDER_WITHDRAWN,
        StepKind::Lapsed => w::ORDER_LAPSED,
    };
    let level = reader.say(level_word(step.level));
    reader.fill(phrase, &[("number", &step.number), ("unit", &step.unit), ("level", &level), ("next", &step.words)])
}

fn level_word(level: OrderLevel) -> Phrase {
    match level {
        OrderLevel::Order => w::LEVEL_ORDER,
        OrderLevel::KeySupervision => w::LEVEL_KEY_SUPERVISION,
        OrderLevel::SpecialInquiry => w::LEVEL_SPECIAL_INQUIRY,
    }
}

/// What somebody wrote; the number of a second order is in the title already.
pub fn words(step: &OrderStepView) -> &str {
    if step.kind == StepKind::Followed { "" } else { &step.words }
}

/// The date asked for or proposed, and the pictures of an answer.
pub fn details(reader: &Reader, step: &OrderStepView) -> Markup {
    let phrase = match step.kind {
        StepKind::Answered => Some(w::ORDER_PROPOSED),
        StepKind::Issued | StepKind::Reminded | StepKind::DateAgreed | StepKind::SentBack => Some(w::ORDER_DUE),
        StepKind::Raised | StepKind::Accepted | StepKind::Followed | StepKind::Withdrawn | StepKind::Lapsed => None,
    };
    let date = phrase.zip(step.due_on).map(|(phrase, day)| reader.fill(phrase, &[("day", &parts::day_words(reader.language, day))]));
    html! {
        @if let Some(date) = date { p { (date) } }
        @if !step.photos.is_empty() {
            ul class="photos" {
                @for (place, photo) in step.photos.iter().enumerate() {
                    @let alt = reader.fill(w::ORDER_PHOTO, &[("unit", &step.unit), ("place", &(place + 1))]);
                    li { a href={ "/photos/" (photo) } { img src={ "/photos/" (photo) "/thumbnail" } alt=(alt) loading="lazy"; } }
                }
            }
        }
    }
}

/// Who did it: an office, the unit, or the calendar.
pub fn author(reader: &Reader, step: &OrderStepView) -> Option<String> {
    match step.kind {
        StepKind::Answered => Some(match step.on_behalf {
            Some(how) => format!("{} · {}", step.unit, reader.fill(w::ENTERED_FOR_UNIT, &[("how", &came_by(reader, how))])),
            None => step.unit.clone(),
        }),
        StepKind::Reminded => Some(reader.say(w::BY_CALENDAR).to_owned()),
        StepKind::Raised => Some(reader.say(w::RAISED_BY_CALENDAR).to_owned()),
        StepKind::Lapsed => Some(reader.say(w::ENDED_BY_CALENDAR).to_owned()),
        _ => office(reader, step.by.as_ref()),
    }
}
