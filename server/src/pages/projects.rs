//! `/projects`: each livelihood project with its counts.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::frame::Page;
use super::phrase::phrases;
use super::reader::Reader;
use super::{signs, words};
use crate::http::Problem;
use crate::live_map::{Asked, Counts, LiveMap, ShownSite};
use crate::sites::Stage;

phrases! {
    PROJECT = "项目", "Project";
    LEAD_UNIT = "牵头单位", "Lead unit";
    SITES = "点位", "Sites";
    OVERDUE = "逾期", "Overdue";
    CAPTION = "各项目点位数", "Sites by project";
    DESCRIPTION = "每个民生实事项目有多少点位，完成多少，逾期多少。", "How many sites each livelihood project has, how many are completed and how many are late.";
}

pub async fn show(State(map): State<LiveMap>, reader: Reader) -> Result<Response, Problem> {
    let listing = map.list(&Asked::default())?;
    let content = html! {
        h1 { (reader.say(words::WAY_PROJECTS)) }
        (table(&reader, &map, &listing.sites))
        (super::withdrawn::way(&reader, &map))
    };
    let page = Page::new(reader.say(words::WAY_PROJECTS), content).described(reader.say(DESCRIPTION));
    Ok(page.at("/projects").on_way("/projects").answer(&reader, &map))
}

/// The projects and their counts, each a link to its part of the list.
pub fn table(reader: &Reader, map: &LiveMap, sites: &[ShownSite]) -> Markup {
    let rows = map.choices().projects.into_iter().map(|project| {
        let counts: Counts = sites.iter().filter(|shown| shown.site.project.id == project.project_id).collect();
        (project, counts)
    });
    let number = |count: u32, address: String| html! { td class="number" { @if count > 0 { a href=(address) { (count) } } @else { "0" } } };
    html! {
        div class="table" tabindex="0" role="region" aria-label=(reader.say(CAPTION)) {
            table {
                caption { (reader.say(CAPTION)) }
                thead {
                    tr {
                        th scope="col" { (reader.say(PROJECT)) }
                        th scope="col" { (reader.say(LEAD_UNIT)) }
                        th scope="col" class="number" { (reader.say(SITES)) }
                        @for stage in [Stage::Completed, Stage::InProgress, Stage::NotStarted] {
                            th scope="col" class="number" { (reader.say(signs::stage_word(stage))) }
                        }
                        th scope="col" class="number" { (reader.say(OVERDUE)) }
                    }
                }
                tbody {
                    @for (project, counts) in rows {
                        @let address = format!("/list?project={}", project.project_id.0);
                        tr {
                            th scope="row" { a href=(address) { (project.number) ". " (project.title) } }
                            td { (project.lead_unit.name) }
                            td class="number" { (counts.sites) }
                            (number(counts.completed, format!("{address}&stage=completed")))
                            (number(counts.in_progress, format!("{address}&stage=in_progress")))
                            (number(counts.not_started, format!("{address}&stage=not_started")))
                            (number(counts.overdue_red + counts.overdue_yellow, format!("{address}&overdue=true")))
                        }
                    }
                }
            }
        }
    }
}
