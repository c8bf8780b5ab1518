//! The year's report as a page that prints on A4.

use maud::{Markup, html};

use super::charts;
use super::pieces::{meanings, table};
use crate::bulletins::tables::{self, percent};
use crate::bulletins::words as w;
use crate::bulletins::year::{self, YearReport};
use crate::live_map::LiveMap;
use crate::pages::{Page, Reader, Sheet, words};

const WORDS: [&str; 8] = ["site", "completed", "in_progress", "not_started", "share_completed", "struck_off", "received", "on_time"];

/// The page of a year.
pub fn year(reader: &Reader, map: &LiveMap, report: &YearReport) -> Page {
    let county = map.county();
    let of = reader.fill(w::YEAR_WORDS, &[("year", &report.year)]);
    let title = format!("{of} {}", reader.say(w::YEAR_REPORT_OF));
    let content = html! {
        p class="print-head" aria-hidden="true" { (county.name) " " (reader.say(w::YEAR_REPORT_OF)) " · " (of) }
        h1 { (county.name) " " (reader.say(w::YEAR_REPORT_OF)) }
        p class="lead" { strong { (of) } " · " (reader.say(if report.is_final { w::YEAR_ENDED } else { w::YEAR_RUNNING })) }
        p class="onward no-print" {
            a href={ "/export/year-report.xlsx?year=" (report.year) } { (reader.say(w::OPEN_DATA)) }
            a href="/bulletins" { (reader.say(w::ALL_BULLETINS)) }
        }
        p class="small no-print" { (reader.say(w::PRINT_WORDS)) }
        (main_figures(reader, report))
        h2 { (reader.say(w::BY_PROJECT_YEAR)) }
        (charts::projects(reader, &report.now.projects))
        (table(reader, &year::projects(reader.language, &report.now), reader.say(w::BY_PROJECT_YEAR)))
        h2 { (reader.say(w::COURSE)) }
        (charts::course(reader, &report.course))
        div class="course-table" { (table(reader, &tables::course(reader.language, &report.course), reader.say(w::COURSE))) }
        h2 { (reader.say(w::YEAR_ORDERS)) }
        @if report.now.units.is_empty() { p { (reader.say(w::YEAR_NONE_ORDERS)) } } @else {
            (table(reader, &year::orders(reader.language, &report.now), reader.say(w::YEAR_ORDERS)))
        }
        (deputies(reader, report))
        (meanings(reader, &WORDS))
        @if county.is_demo { p { strong { (reader.say(words::DEMO)) } } }
    };
    Page::new(title, content)
        .with_sheet(Sheet::Figures)
        .described(reader.fill(w::YEAR_ABOUT, &[("county", &county.name), ("year", &report.year)]))
        .at(format!("/bulletins/years/{}", report.year))
        .as_article()
}

fn main_figures(reader: &Reader, report: &YearReport) -> Markup {
    let (sites, planned, completed) = (report.now.sites(), report.now.planned(), report.now.completed());
    let share = percent(u32::try_from(completed).unwrap_or(0), u32::try_from(sites).unwrap_or(0));
    let told = [
        ("projects", &report.now.projects.len() as &dyn std::fmt::Display),
        ("sites", &sites),
        ("planned", &planned),
        ("completed", &completed),
        ("share", &share),
    ];
    html! {
        div class="headline" { p { strong { (reader.fill(w::YEAR_HEADLINE, &told)) } } }
        (table(reader, &year::headline(reader.language, report), reader.say(w::FIGURES)))
    }
}

fn deputies(reader: &Reader, report: &YearReport) -> Markup {
    let did = report.now.deputies;
    html! {
        h2 { (reader.say(w::YEAR_DEPUTIES)) }
        p {
            (reader.fill(w::YEAR_DEPUTIES_WORDS,
                &[("deputies", &did.deputies), ("sites", &did.sites), ("reports", &did.reports), ("on_time", &did.on_time), ("entered", &did.entered)]))
        }
        p { (reader.fill(w::YEAR_OWED_WORDS, &[("owed", &did.owed), ("received", &did.received), ("excused", &did.excused)])) }
        p { (reader.say(w::REPORTING_WORDS)) }
    }
}
