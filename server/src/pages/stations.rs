//! `/stations`: where residents meet their deputies, township by township.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::frame::Page;
use super::phrase::{Phrase, phrases};
use super::reader::Reader;
use super::words;
use crate::live_map::LiveMap;
use crate::stations::{Station, StationKind};

phrases! {
    INTRODUCTION = "有话想对人大代表说，可以在开放时间到就近的联络站，或拨打联络站电话。",
        "To speak with a deputy, visit the nearest station in its opening hours, or telephone it.";
    NONE = "还没有联络站的资料。", "No stations are recorded yet.";
    ADDRESS = "地址", "Address";
    TELEPHONE = "电话", "Telephone";
    HOURS = "开放时间", "Open";
    INTEGRITY = "廉情监测点", "Integrity monitoring post";
    HOME = "代表之家", "Deputies’ home";
    STATION = "联络站", "Liaison station";
    POINT = "联络点", "Liaison point";
    WINDOW = "便民服务窗", "Service window";
    POST = "履职岗", "Duty post";
    MOBILE = "流动联络点", "Mobile point";
}

pub async fn show(State(map): State<LiveMap>, reader: Reader) -> Response {
    let stations = map.stations();
    let townships = map.choices().regions;
    let elsewhere = stations.iter().filter(|station| !townships.iter().any(|township| station.region.code.starts_with(&township.code)));
    let elsewhere: Vec<&Station> = elsewhere.collect();
    let content = html! {
        h1 { (reader.say(words::WAY_STATIONS)) }
        p class="lead" { (reader.say(INTRODUCTION)) }
        @if stations.is_empty() { p { (reader.say(NONE)) } }
        (group(&reader, &map.county().name, &elsewhere))
        @for township in &townships {
            @let here: Vec<&Station> = stations.iter().filter(|station| station.region.code.starts_with(&township.code)).collect();
            (group(&reader, &township.name, &here))
        }
    };
    let page = Page::new(reader.say(words::WAY_STATIONS), content).described(reader.say(INTRODUCTION));
    page.at("/stations").on_way("/stations").answer(&reader, &map)
}

fn group(reader: &Reader, region: &str, stations: &[&Station]) -> Markup {
    html! {
        @if !stations.is_empty() {
            h2 { (region) }
            ul class="cards" { @for station in stations { (card(reader, station)) } }
        }
    }
}

fn card(reader: &Reader, station: &Station) -> Markup {
    let fact = |name: Phrase, value: &str| html! { @if !value.is_empty() { dt { (reader.say(name)) } dd { (value) } } };
    html! {
        li {
            h3 { (station.name) }
            p class="small" {
                (reader.say(kind_word(station.kind)))
                @if station.integrity_monitoring { " · " (reader.say(INTEGRITY)) }
            }
            dl {
                (fact(ADDRESS, &station.address))
                (fact(HOURS, &station.opening_hours))
                @if !station.telephone.is_empty() {
                    dt { (reader.say(TELEPHONE)) }
                    dd { (dialled(&station.telephone)) }
                }
            }
        }
    }
}

/// A telephone number that a phone dials, when it is one number and nothing else.
fn dialled(telephone: &str) -> Markup {
    let digits: String = telephone.chars().filter(char::is_ascii_digit).collect();
    let is_number = telephone.chars().all(|character| character.is_ascii_digit() || " -+()".contains(character));
    html! { @if is_number && digits.len() >= 3 { a href={ "tel:" (digits) } { (telephone) } } @else { (telephone) } }
}

fn kind_word(kind: StationKind) -> Phrase {
    match kind {
        StationKind::Home => HOME,
        StationKind::Station => STATION,
        StationKind::Point => POINT,
        StationKind::Window => WINDOW,
        StationKind::Post => POST,
        StationKind::Mobile => MOBILE,
    }
}
