//! `/sites/{code}`: one site.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::frame::Page;
use super::parts;
use super::reader::Reader;
use crate::http::{PathOf, Problem};
use crate::live_map::LiveMap;

pub async fn show(State(map): State<LiveMap>, PathOf(code): PathOf<String>, reader: Reader) -> Result<Response, Problem> {
    let site = map.county_map().site_with_code(&code).ok_or_else(Problem::not_found)?;
    let content = html! {
        h1 { (site.name) }
        p { (site.region.name) " · " (site.project.title) }
    };
    let page = Page::new(site.name.clone(), content).described(format!("{} · {}", site.region.name, site.project.title));
    Ok(page.at(parts::site_path(&code)).as_article().with_app().answer(&reader, &map))
}
