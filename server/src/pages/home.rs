//! `/`: the map; for readers without script how the county stands, and the ways to the list.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::frame::{Page, site_name};
use super::phrase::phrases;
use super::reader::Reader;
use super::{changes, projects, signs, words};
use crate::http::Problem;
use crate::live_map::{Asked, Counts, LiveMap};
use crate::sites::Stage;

phrases! {
    NEEDS_SCRIPT = "地图需要浏览器启用脚本；下面的列表内容相同，不需要脚本。", "The map needs scripts. The lists below have the same content and need none.";
    OVERDUE = "逾期 {count} 处", "{count} overdue";
    NONE_OVERDUE = "无逾期", "None overdue";
    STRUCK_OFF = "已销号 {count} 处", "{count} struck off";
    STATE = "{completed} 处已完成，{in_progress} 处进行中，{not_started} 处未开始，共 {sites} 处。",
        "Of {sites} sites {completed} are completed, {in_progress} in progress and {not_started} not started.";
}

pub async fn show(State(map): State<LiveMap>, reader: Reader) -> Result<Response, Problem> {
    let listing = map.list(&Asked::default())?;
    let counts = listing.counts;
    let state = reader.fill(
        STATE,
        &[("completed", &counts.completed), ("in_progress", &counts.in_progress), ("not_started", &counts.not_started), ("sites", &counts.sites)],
    );
    let content = html! {
        h1 { (site_name(&reader, &map)) }
        p class="lead" { (state) }
        noscript { p class="notice" { (reader.say(NEEDS_SCRIPT)) } }
        (tiles(&reader, &counts))
        (projects::table(&reader, &map, &listing.sites))
    };
    let page = Page::new("", content).described(format!("{}{state}", reader.say(words::ABOUT)));
    Ok(page.at("/").with_feed(changes::PATH, reader.say(words::FEED)).on_way("/").with_app().answer(&reader, &map))
}

/// The counts as links to the list, the late ones first among what is said of each.
fn tiles(reader: &Reader, counts: &Counts) -> Markup {
    let overdue = |count: u32| if count > 0 { reader.fill(OVERDUE, &[("count", &count)]) } else { reader.say(NONE_OVERDUE).to_owned() };
    let tiles = [
        (Stage::Completed, counts.completed, reader.fill(STRUCK_OFF, &[("count", &counts.struck_off)])),
        (Stage::InProgress, counts.in_progress, overdue(counts.overdue_yellow)),
        (Stage::NotStarted, counts.not_started, overdue(counts.overdue_red)),
    ];
    html! {
        p class="tiles" {
            @for (stage, count, note) in tiles {
                a class=(stage.as_str()) href={ "/list?stage=" (stage.as_str()) } {
                    (signs::stage_sign(stage, false)) strong { (count) } " " (reader.say(signs::stage_word(stage)))
                    span class="note" { (note) }
                }
            }
        }
    }
}
