//! Pieces of the bulletins' pages: tables, the bar of shares, the sign of a stage, the state of the numbers.

use maud::{Markup, html};

use crate::bulletins::tables::{Cell, Table, percent};
use crate::bulletins::words as w;
use crate::calendar::Month;
use crate::county::County;
use crate::glossary;
use crate::live_map::{Counts, MapState, ShownSite};
use crate::pages::signs::stage_chip;
use crate::pages::{Phrase, Reader, parts};
use crate::sites::Stage;

/// One bar shared between the three stages: full, hatched and empty, the counts in words under it. Read in black and white as well.
pub fn shares(reader: &Reader, counts: Counts) -> Markup {
    let stages = [(Stage::Completed, counts.completed), (Stage::InProgress, counts.in_progress), (Stage::NotStarted, counts.not_started)];
    let share = |count: u32| format!("{:.3}%", f64::from(count) * 100.0 / f64::from(counts.sites.max(1)));
    html! {
        figure class="shares" {
            svg class="bar-of-shares" aria-hidden="true" focusable="false" {
                defs {
                    pattern id="hatched" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                        rect class="ground" width="7" height="7" {} rect class="line" width="2" height="7" {}
                    }
                }
                rect class="completed-part" width=(share(counts.completed)) height="100%" {}
                rect class="in-progress-part" fill="url(#hatched)" x=(share(counts.completed)) width=(share(counts.in_progress)) height="100%" {}
                rect class="not-started-part" x=(share(counts.completed + counts.in_progress)) width=(share(counts.not_started)) height="100%" {}
                rect class="edge" width="100%" height="100%" {}
            }
            figcaption {
                @for (stage, count) in stages {
                    span { (stage_chip(reader, stage, false)) " " strong { (count) } " (" (percent(count, counts.sites)) ")" }
                }
            }
        }
    }
}

/// A table with its caption, scrolling by itself where the screen is narrow.
pub fn table(reader: &Reader, table: &Table, caption: &str) -> Markup {
    let last = table.rows.len().saturating_sub(1);
    html! {
        div class="table" tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead {
                    tr {
                        @for (column, header) in table.headers.iter().enumerate() { th scope="col" class=[(column > 0).then_some("number")] { (header) } }
                    }
                }
                tbody {
                    @for (row, cells) in table.rows.iter().enumerate() {
                        tr class=[(table.has_total && row == last).then_some("total")] {
                            @for (column, value) in cells.iter().enumerate() {
                                @if column == 0 { th scope="row" { (cell(reader, value)) } } @else { td class="number" { (cell(reader, value)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell(reader: &Reader, cell: &Cell) -> Markup {
    html! {
        @match cell {
            Cell::Nothing => { "—" }
            Cell::Text(text) => { (text) }
            Cell::Whole(number) => { (number) }
            Cell::Difference(0) => { "0" }
            // A minus sign of a number's width, as printed.
            Cell::Difference(number) => { @if *number > 0 { "+" } @else { "−" } (number.unsigned_abs()) }
            Cell::Share(part, whole) => { (percent(*part, *whole)) }
            Cell::Day(day) => { (parts::day(reader, *day)) }
        }
    }
}

/// Whether the numbers may still change, in a word.
pub fn state_words(state: MapState) -> Phrase {
    match state {
        MapState::Final => w::STATE_FINAL,
        MapState::Provisional => w::STATE_PROVISIONAL,
        MapState::Live => w::STATE_LIVE,
    }
}

/// The same, and until when.
pub fn state_sentence(reader: &Reader, county: &County, month: Month, state: MapState) -> String {
    let final_on = county.date_at(county.final_at(month));
    let day = parts::day_words(reader.language, final_on);
    match state {
        MapState::Final => reader.say(w::FINAL_WORDS).to_owned(),
        MapState::Provisional => reader.fill(w::PROVISIONAL_WORDS, &[("day", &day)]),
        MapState::Live => String::new(),
    }
}

/// A site by name, leading to its page, with where it lies and who builds it under it.
pub fn site(shown: &ShownSite) -> Markup {
    let site = &shown.site;
    html! {
        a href={ "/sites/" (site.code) } { (site.name) }
        span class="beside" { (site.code) " · " (site.region.name) " · " (site.unit.name) }
    }
}

/// The words of the page with their meanings, from the one dictionary.
pub fn meanings(reader: &Reader, codes: &[&str]) -> Markup {
    html! {
        h2 id="meanings" { (reader.say(w::MEANINGS)) }
        dl class="meanings" {
            @for entry in glossary::entries().iter().filter(|entry| codes.contains(&entry.code)) {
                div { dt { (entry.said(reader.language).word) } dd { (entry.said(reader.language).meaning) } }
            }
        }
    }
}
