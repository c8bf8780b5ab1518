//! `/figures`: how the county stands, in figures.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::frame::Page;
use super::reader::Reader;
use super::words;
use crate::live_map::LiveMap;

pub async fn show(State(map): State<LiveMap>, reader: Reader) -> Response {
    let content = html! { h1 { (reader.say(words::WAY_FIGURES)) } };
    Page::new(reader.say(words::WAY_FIGURES), content).at("/figures").on_way("/figures").with_app().answer(&reader, &map)
}
