//! `/deputies/{id}`: a deputy as the public knows them, with the sites they watch over; where their printed code leads.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::page::{facts::person, words as w};
use super::store;
use crate::deputies::store::list_deputies;
use crate::http::{PathOf, Problem};
use crate::ids::DeputyId;
use crate::live_map::LiveMap;
use crate::pages::{Page, Reader, Sheet, parts, signs};
use crate::sites::Site;

pub async fn show(State(map): State<LiveMap>, PathOf(deputy_id): PathOf<DeputyId>, reader: Reader) -> Result<Response, Problem> {
    let platform = map.platform();
    let mut connection = platform.pool.acquire().await?;
    let deputies = list_deputies(&mut connection, platform.served).await?;
    let deputy = deputies.into_iter().find(|deputy| deputy.deputy_id == deputy_id).ok_or_else(Problem::not_found)?;
    let sites = store::list_adopted_by(&mut connection, platform.served, deputy_id).await?;
    drop(connection);
    let name = reader.fill(w::DEPUTY, &[("name", &deputy.name)]);
    let content = html! {
        article class="story" {
            h1 { (name) }
            p { (person(&reader, w::DEPUTY, &deputy.name, &deputy.constituency, deputy.portrait_url.as_deref())) }
            dl class="facts" {
                dt { (reader.say(w::PLACE)) } dd { (deputy.region.name) }
                @if let Some(group) = &deputy.group { dt { (reader.say(w::GROUP)) } dd { (group.name) } }
                @if let Some(station) = &deputy.station { dt { (reader.say(w::STATION)) } dd { (station.name) } }
            }
            h2 { (reader.fill(w::WATCHES, &[("count", &sites.len())])) }
            @for site in &sites { (row(&reader, site)) }
        }
    };
    let described = reader.fill(w::WATCHES, &[("count", &sites.len())]);
    let page = Page::new(name, content).with_sheet(Sheet::Story).described(described).at(format!("/deputies/{deputy_id}"));
    Ok(page.answer(&reader, &map))
}

fn row(reader: &Reader, site: &Site) -> Markup {
    html! {
        div class="report" {
            h3 { a href=(parts::site_path(&site.code)) { (site.name) } }
            p class="ending" { (signs::stage_chip(reader, site.stage, site.is_struck_off())) (site.percent) "%" }
            p class="small" { (site.region.name) " · " (reader.fill(w::PROJECT, &[("number", &site.project.number), ("title", &site.project.title)])) }
        }
    }
}
