//! Charts drawn as SVG: numbers stand on them as text, and what is planned is an outline beside what is solid, so that black ink is enough.

use maud::{Markup, html};

use crate::bulletins::words as w;
use crate::bulletins::year::ProjectYear;
use crate::live_map::Course;
use crate::pages::Reader;

const WIDTH: u32 = 720;
const HEIGHT: u32 = 240;
/// Room under the bars for the months, and over them for the numbers.
const FOOT: u32 = 26;
const HEAD: u32 = 22;

/// The year's course: each month what was to be completed by its end, and what was.
pub fn course(reader: &Reader, course: &Course) -> Markup {
    let most = course.months.iter().map(|month| month.planned_current.max(month.figures.map_or(0, |figures| figures.counts.completed))).max();
    let most = most.unwrap_or(0).max(1);
    let tall = |number: u32| number * (HEIGHT - FOOT - HEAD) / most;
    let column = WIDTH / u32::try_from(course.months.len()).unwrap_or(12).max(1);
    let bar = column * 2 / 5;
    html! {
        figure class="chart" {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(reader.say(w::CHART_COURSE)) {
                line class="axis" x1="0" x2=(WIDTH) y1=(HEIGHT - FOOT) y2=(HEIGHT - FOOT) {}
                @for (place, month) in (0u32..).zip(&course.months) {
                    @let left = place * column + column / 2 - bar;
                    @let foot = HEIGHT - FOOT;
                    rect class="planned" x=(left) y=(foot - tall(month.planned_current)) width=(bar) height=(tall(month.planned_current)) {}
                    @if month.planned_current > 0 {
                        text class="value planned-value" x=(left + bar / 2) y=(foot - tall(month.planned_current) - 4) { (month.planned_current) }
                    }
                    @if let Some(figures) = month.figures {
                        @let completed = figures.counts.completed;
                        rect class="done" x=(left + bar) y=(foot - tall(completed)) width=(bar) height=(tall(completed)) {}
                        @if completed > 0 { text class="value" x=(left + bar + bar / 2) y=(foot - tall(completed) - 4) { (completed) } }
                    }
                    text class="month" x=(left + bar) y=(HEIGHT - 8) { (month.month.number()) }
                }
            }
            (key(reader))
        }
    }
}

/// Each project: all its sites as an outline, those to be completed as a mark, those completed solid.
pub fn projects(reader: &Reader, projects: &[ProjectYear]) -> Markup {
    const ROW: usize = 26;
    const NAMES: i64 = 250;
    const ROOM: i64 = 400;
    let most = projects.iter().map(|project| project.sites).max().unwrap_or(0).max(1);
    let long = |number: i64| number * ROOM / most;
    html! {
        figure class="chart" {
            svg viewBox={ "0 0 " (WIDTH) " " (projects.len() * ROW + 6) } role="img" aria-label=(reader.say(w::BY_PROJECT_YEAR)) {
                @for (place, project) in projects.iter().enumerate() {
                    @let top = place * ROW + 5;
                    text class="name" x=(NAMES - 8) y=(top + 13) { (short(&project.title)) }
                    rect class="planned" x=(NAMES) y=(top) width=(long(project.planned)) height="18" {}
                    rect class="done" x=(NAMES) y=(top + 4) width=(long(project.completed)) height="10" {}
                    text class="value beside-bar" x=(NAMES + long(project.planned.max(project.completed)) + 6) y=(top + 13) {
                        (project.completed) " / " (project.planned)
                    }
                }
            }
            (key(reader))
        }
    }
}

fn key(reader: &Reader) -> Markup {
    html! {
        figcaption {
            span { svg class="swatch" viewBox="0 0 14 10" aria-hidden="true" { rect class="done" width="14" height="10" {} } (reader.say(w::CHART_COMPLETED)) }
            span {
                svg class="swatch" viewBox="0 0 14 10" aria-hidden="true" { rect class="planned" x="1" y="1" width="12" height="8" {} } (reader.say(w::CHART_PLANNED))
            }
        }
    }
}

/// A title that fits beside its bar.
fn short(title: &str) -> String {
    const MOST: usize = 15;
    if title.chars().count() <= MOST { title.to_owned() } else { title.chars().take(MOST - 1).chain(['…']).collect() }
}
