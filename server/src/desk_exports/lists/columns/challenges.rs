//! The columns of the list of challenges. The words are those that everybody may read: numbers of persons are masked.

use super::super::super::codes::Kind;
use super::super::super::words as w;
use super::{As, Column, column};

/// Number, site, state, what was seen and what came of it.
pub(super) fn columns() -> Vec<Column> {
    vec![
        column(w::NUMBER, "/number", As::Text),
        column(w::CODE, "/site/code", As::Text),
        column(w::SITE, "/site/name", As::Text),
        column(w::PROJECT, "/project/name", As::Text),
        column(w::TOWNSHIP, "/site/region/name", As::Text),
        column(w::STATE, "/state", As::Code(Kind::Challenge)),
        column(w::STAGE, "/site/stage", As::Code(Kind::Stage)),
        column(w::STAGE_SEEN, "/seen", As::Code(Kind::Stage)),
        column(w::MADE_AT, "/submitted_at", As::Moment),
        column(w::DISTANCE, "/distance_m", As::Whole),
        column(w::WORDS, "/public_words", As::Text),
        column(w::REASON, "/reason", As::Text),
        column(w::CONSEQUENCE, "/consequence", As::Code(Kind::Consequence)),
    ]
}
