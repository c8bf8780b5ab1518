//! The figures of a month as a page for readers without script; with script the charts take its place.

use maud::html;

use super::pieces::{meanings, shares, state_words, table};
use crate::bulletins::tables::{self, By};
use crate::bulletins::words as w;
use crate::live_map::{Breakdown, Course, LiveMap, MonthView};
use crate::pages::{Page, Reader, Sheet, parts};

const WORDS: [&str; 12] = [
    "site",
    "completed",
    "in_progress",
    "not_started",
    "share_completed",
    "overdue_red",
    "overdue_yellow",
    "struck_off",
    "silent",
    "owed",
    "received",
    "on_time",
];

/// The figures of `view`, by project, township and unit, and the year's course when it could be read.
pub fn figures(reader: &Reader, map: &LiveMap, view: &MonthView, broken_down: &Breakdown, course: Option<&Course>) -> Page {
    let county = map.county();
    let title = reader.say(w::PROGRESS);
    let about = reader.fill(w::PROGRESS_ABOUT, &[("county", &county.name)]);
    let content = html! {
        h1 { (county.name) " " (title) }
        p class="lead" { strong { (parts::month_words(reader.language, view.month)) } " · " (reader.say(state_words(view.state))) }
        p class="onward no-print" { a href="/bulletins" { (reader.say(w::ALL_BULLETINS)) } }
        (shares(reader, broken_down.whole.counts))
        @for by in By::ALL {
            h2 { (reader.say(by.title())) }
            (table(reader, &tables::everything(reader.language, by, broken_down), reader.say(by.title())))
        }
        @if let Some(course) = course {
            h2 { (reader.say(w::COURSE)) }
            (table(reader, &tables::course(reader.language, course), reader.say(w::COURSE)))
        }
        (meanings(reader, &WORDS))
    };
    Page::new(title, content).with_sheet(Sheet::Figures).described(about).at("/figures").on_way("/figures").with_app()
}
