//! `/`: the map; for readers without script the counts, and the ways to list and projects.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::frame::Page;
use super::reader::Reader;
use super::words;
use crate::live_map::LiveMap;

pub async fn show(State(map): State<LiveMap>, reader: Reader) -> Response {
    let content = html! {
        h1 { (reader.say(words::TITLE)) }
        p class="lead" { (reader.say(words::ABOUT)) }
    };
    Page::new("", content).described(reader.say(words::ABOUT)).at("/").on_way("/").with_app().answer(&reader, &map)
}
