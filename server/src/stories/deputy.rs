//! `/deputies/{id}`: a deputy as the public knows them, with the sites they watch over; where their printed code leads.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::page::words as w;
use super::store;
use crate::deputies::store::list_deputies;
use crate::duty::{self, store::Figures};
use crate::http::{PathOf, Problem};
use crate::ids::DeputyId;
use crate::live_map::LiveMap;
use crate::pages::{Page, Reader, Sheet, parts, signs};
use crate::sites::{Site, Stage};

pub async fn show(State(map): State<LiveMap>, PathOf(deputy_id): PathOf<DeputyId>, reader: Reader) -> Result<Response, Problem> {
    let platform = map.platform();
    let mut connection = platform.pool.acquire().await?;
    let deputies = list_deputies(&mut connection, platform.served).await?;
    let deputy = deputies.into_iter().find(|deputy| deputy.deputy_id == deputy_id).ok_or_else(Problem::not_found)?;
    let sites = store::list_adopted_by(&mut connection, platform.served, deputy_id).await?;
    let today = map.county().date_at(platform.clock.now());
    let year = map.county().month_at(platform.clock.now()).year();
    let figures = duty::store::figures(&mut connection, (platform.served, deputy_id), duty::months_of(year)?).await?;
    drop(connection);
    let name = reader.fill(w::DEPUTY, &[("name", &deputy.name)]);
    let watches = reader.fill(w::WATCHES, &[("count", &sites.len())]);
    let content = html! {
        article class="story deputy" {
            header class="who" {
                @match &deputy.portrait_url {
                    Some(address) => img src=(address) width="96" height="96" alt="";,
                    None => span class="initial" aria-hidden="true" { (deputy.name.chars().take(1).collect::<String>()) },
                }
                div {
                    h1 { (name) }
                    p class="small" { (deputy.constituency) }
                    @if let Some(term) = deputy.terms.last() { p class="small" { (reader.fill(w::TERM, &[("number", term)])) } }
                    @if let Some(left_on) = deputy.left_on.filter(|left_on| *left_on <= today) {
                        p class="small" { (reader.fill(w::LEFT_ON, &[("day", &left_on)])) }
                    }
                }
            }
            dl class="facts" {
                dt { (reader.say(w::PLACE)) } dd { (deputy.region.name) }
                @if let Some(group) = &deputy.group { dt { (reader.say(w::GROUP)) } dd { (group.name) } }
                @if let Some(station) = &deputy.station { dt { (reader.say(w::STATION)) } dd { (station.name) } }
            }
            h2 { (reader.fill(w::YEAR_SO_FAR, &[("year", &year)])) }
            (year_in_figures(&reader, figures))
            h2 { (watches) }
            @if sites.is_empty() { p { (reader.say(w::NO_SITES)) } } @else { (stages(&reader, &sites)) }
            @for site in &sites { (row(&reader, site)) }
        }
    };
    let mut page = Page::new(name, content).with_sheet(Sheet::Story).described(watches).at(format!("/deputies/{deputy_id}"));
    if let Some(address) = deputy.portrait_url {
        page = page.with_picture(address);
    }
    Ok(page.answer(&reader, &map))
}

/// Inspections of the year; on what they rest can be read in the sites' stories.
fn year_in_figures(reader: &Reader, figures: Figures) -> Markup {
    html! {
        dl class="year" {
            div { dt { (reader.say(w::INSPECTIONS)) } dd { strong { (figures.inspections) } } }
            div { dt { (reader.say(w::ON_TIME)) } dd { strong { (figures.on_time) } } }
            div { dt { (reader.say(w::INSPECTED_SITES)) } dd { strong { (figures.sites) } } }
        }
        p class="small" { (reader.say(w::INSPECTIONS_WORDS)) }
        @if figures.entered > 0 { p class="small" { (reader.fill(w::INSPECTIONS_ENTERED, &[("count", &figures.entered)])) } }
    }
}

/// How the sites stand, counted by stage.
fn stages(reader: &Reader, sites: &[Site]) -> Markup {
    html! {
        p class="stages" {
            @for stage in [Stage::Completed, Stage::InProgress, Stage::NotStarted] {
                @let count = sites.iter().filter(|site| site.stage == stage).count();
                @if count > 0 { span { (signs::stage_chip(reader, stage, false)) " " strong { (count) } } }
            }
        }
    }
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
