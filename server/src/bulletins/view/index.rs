//! The list of all bulletins.

use maud::html;

use super::pieces::state_words;
use crate::bulletins::words as w;
use crate::calendar::Month;
use crate::live_map::{LiveMap, MapState};
use crate::pages::{Page, Reader, Sheet, parts};

/// Every closed month, the latest first.
pub fn index(reader: &Reader, map: &LiveMap, months: &[(Month, MapState)]) -> Page {
    let title = reader.say(w::BULLETINS);
    let content = html! {
        h1 { (map.county().name) " " (title) }
        p class="lead" { (reader.say(w::ABOUT_ALL)) }
        @if let Ok(course) = map.course(None) {
            p class="onward" {
                @for year in &course.years {
                    a href={ "/bulletins/years/" (year) } { (reader.fill(w::YEAR_WORDS, &[("year", year)])) " " (reader.say(w::YEAR_REPORT)) }
                }
            }
        }
        @if months.is_empty() { p { (reader.say(w::NONE_YET)) } }
        ul class="bulletins" {
            @for (month, state) in months {
                li {
                    a href={ "/bulletins/" (month) } { (parts::month_words(reader.language, *month)) }
                    " " span class="mark" { (reader.say(state_words(*state))) }
                    " " a class="file" href={ "/export/bulletin.xlsx?month=" (month) } { "XLSX" span class="for-readers" { " " (parts::month_words(reader.language, *month)) } }
                }
            }
        }
    };
    Page::new(title, content).with_sheet(Sheet::Figures).described(reader.say(w::ABOUT_ALL)).at("/bulletins")
}
