//! `/list`: the sites, with the app's own filters as a plain form.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::frame::Page;
use super::reader::Reader;
use super::words;
use crate::live_map::LiveMap;

pub async fn show(State(map): State<LiveMap>, reader: Reader) -> Response {
    let content = html! {
        h1 { (reader.say(words::WAY_LIST)) }
    };
    Page::new(reader.say(words::WAY_LIST), content).at("/list").on_way("/list").with_app().answer(&reader, &map)
}
