//! How a site's stage and marks are shown on a page: shape, glyph, colour and word together. The shapes are those of the app.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::phrase::{Phrase, phrases};
use super::reader::Reader;
use crate::accounts::CameBy;
use crate::http::Language;
use crate::live_map::{ShownSite, overdue_days};
use crate::sites::Stage;

phrases! {
    NOT_STARTED = "未开始", "Not started";
    IN_PROGRESS = "进行中", "In progress";
    COMPLETED = "已完成", "Completed";
    STRUCK_OFF = "已销号", "Struck off";
    OVERDUE = "逾期", "Overdue";
    OVERDUE_DAYS = "逾期 {days} 天", "{days} days overdue";
    STALE = "未核实", "Unverified";
    SILENT = "上月未报", "No report last month";
    NOT_DUE = "尚未到期", "Not yet due";
    ENTERED = "由人大工作人员代录（{how}）", "Entered for the deputy by the committee’s staff ({how})";
    AUTHOR_ENTERED = "{deputy}，{mark}", "{deputy}. {mark}";
    TELEPHONE_CALL = "电话", "by telephone";
    ON_PAPER = "书面", "on paper";
    IN_PERSON = "当面", "in person";
}

/// The word for a stage.
pub fn stage_word(stage: Stage) -> Phrase {
    match stage {
        Stage::NotStarted => NOT_STARTED,
        Stage::InProgress => IN_PROGRESS,
        Stage::Completed => COMPLETED,
    }
}

/// How somebody's words came to the staff.
pub fn way_word(how: CameBy) -> Phrase {
    match how {
        CameBy::Telephone => TELEPHONE_CALL,
        CameBy::Paper => ON_PAPER,
        CameBy::InPerson => IN_PERSON,
    }
}

/// The mark on a report that staff entered for a deputy.
pub fn entered(language: Language, how: CameBy) -> String {
    ENTERED.filled(language, &[("how", &way_word(how).in_language(language))])
}

/// Who is named as the author of a deputy's report: the deputy, with the mark where staff entered it.
pub fn author(language: Language, deputy: &str, how: Option<CameBy>) -> String {
    how.map_or_else(|| deputy.to_owned(), |how| AUTHOR_ENTERED.filled(language, &[("deputy", &deputy), ("mark", &entered(language, how))]))
}

/// A stage as people read it; a struck-off site says so instead.
pub fn stage_chip(reader: &Reader, stage: Stage, struck_off: bool) -> Markup {
    let word = if struck_off { STRUCK_OFF } else { stage_word(stage) };
    html! { span class={ "chip " (stage.as_str()) } { (stage_sign(stage, struck_off)) (reader.say(word)) } }
}

/// Disc with a tick, triangle with three dots, square with a bar; colours by class.
pub fn stage_sign(stage: Stage, struck_off: bool) -> Markup {
    let (outline, glyph) = match stage {
        Stage::Completed => (DISC, TICK),
        Stage::InProgress => (TRIANGLE, DOTS),
        Stage::NotStarted => (SQUARE, BAR),
    };
    let glyph = if struck_off { DOUBLE_TICK } else { glyph };
    html! {
        svg viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
            path class={ "outline " (stage.as_str()) } d=(outline) {}
            path class={ "glyph " (stage.as_str()) } d=(glyph) {}
        }
    }
}

/// Stage and every second fact beside it, in words, as on `day`.
pub fn marks(reader: &Reader, shown: &ShownSite, day: NaiveDate) -> Markup {
    let days = overdue_days(shown, day);
    let struck_off = shown.site.is_struck_off();
    html! {
        span class="marks" {
            (stage_chip(reader, shown.site.stage, struck_off))
            @if shown.marks.overdue() {
                span class="mark overdue" {
                    @if days > 0 { (reader.fill(OVERDUE_DAYS, &[("days", &days)])) } @else { (reader.say(OVERDUE)) }
                }
            }
            @if shown.marks.stale && !struck_off { span class="mark" { (reader.say(STALE)) } }
            @if shown.marks.silent && !struck_off { span class="mark" { (reader.say(SILENT)) } }
        }
    }
}

const DISC: &str = "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0z";
const TICK: &str = "M7.5 12.4l3.2 3.2 6-6.7";
const TRIANGLE: &str = "M12 2.2c.9 0 1.5.4 1.9 1.2l8.3 15c.9 1.6 0 3.3-1.9 3.3H3.7c-1.9 0-2.8-1.7-1.9-3.3l8.3-15c.4-.8 1-1.2 1.9-1.2z";
const DOTS: &str =
    "M6.1 17a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0zM10.5 17a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0zM14.9 17a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0z";
const SQUARE: &str = "M5.5 2.5h13a3 3 0 0 1 3 3v13a3 3 0 0 1-3 3h-13a3 3 0 0 1-3-3v-13a3 3 0 0 1 3-3z";
const BAR: &str = "M7.5 12h9";
const DOUBLE_TICK: &str = "M4.8 12.4l3 3 5.6-6.3M11 14.8l.9.8 6.8-6.7";
