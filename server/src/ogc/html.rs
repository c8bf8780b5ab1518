//! The same documents as pages. Each page is written from the document that programs get, so that the two cannot disagree.

use maud::{Markup, html};
use serde_json::Value;

use super::answer::Asked;
use super::collections::Collection;
use super::columns::{Kind, Property};
use super::links::ROOT;
use crate::pages::{Phrase, phrases, site_path};

phrases! {
    CONFORMANCE = "所符合的标准", "Conformance to the standard";
    CONFORMANCE_LEAD = "本接口符合 OGC API – Features 的下列部分。", "This interface conforms to these parts of OGC API – Features.";
    DEFINITION = "接口说明", "The API explained";
    COLLECTIONS = "数据集合", "The collections";
    COLLECTIONS_LEAD = "可在 QGIS、GDAL、ArcGIS 等软件中以 OGC API – Features 方式打开。", "Open them in QGIS, GDAL, ArcGIS and others as OGC API – Features.";
    LINKS = "相关链接", "Links";
    REACH = "范围", "Extent";
    WEST_TO_NORTH = "西、南、东、北（度）", "West, south, east, north in degrees";
    TIME = "时间", "Time";
    OPEN_END = "不限", "open";
    FRAME = "坐标系", "Coordinate reference system";
    PROPERTY = "属性", "Property";
    MEANING = "含义", "Meaning";
    VALUES = "取值", "Values";
    QUERYABLES = "可筛选的属性", "What may be asked for";
    QUERYABLES_LEAD = "把属性写进要素的地址即可筛选，例如：", "Write a property into the address of the features to ask for its value, for example:";
    COUNTED = "共 {matched} 个，本页 {returned} 个。", "{matched} in all, {returned} on this page.";
    NOTHING = "没有符合条件的要素。", "Nothing there is what was asked for.";
    NUMBER = "编号", "Number";
    PLACE = "位置", "Place";
    COORDINATES = "坐标", "Coordinates";
    NOWHERE = "无", "none";
    YES = "是", "yes";
    NO = "否", "no";
    PAGE_OF_SITE = "本点位的页面", "The site's own page";
    PARAMETERS = "参数", "Parameters";
    TEXT_KIND = "文字", "text";
    FLAG_KIND = "true 或 false", "true or false";
    NUMBER_KIND = "整数", "whole number";
    DAY_KIND = "日期", "date";
    INSTANT_KIND = "时刻", "instant";
}

type TitleAndContent = (String, Markup);

pub fn landing(asked: &Asked, document: &Value) -> TitleAndContent {
    let title = text(&document["title"]);
    let content = html! {
        h1 { (title) }
        p class="lead" { (text(&document["description"])) }
        p { (asked.say(COLLECTIONS_LEAD)) " " code { (asked.origin) (ROOT) } }
        (links(asked, document))
    };
    (title.to_owned(), content)
}

pub fn conformance(asked: &Asked, document: &Value) -> TitleAndContent {
    let content = html! {
        h1 { (asked.say(CONFORMANCE)) }
        p class="lead" { (asked.say(CONFORMANCE_LEAD)) }
        ul { @for class in list(&document["conformsTo"]) { li { code { (text(class)) } } } }
        (links(asked, document))
    };
    (asked.say(CONFORMANCE).to_owned(), content)
}

pub fn definition(asked: &Asked, document: &Value) -> TitleAndContent {
    let paths = document["paths"].as_object().into_iter().flatten();
    let content = html! {
        h1 { (asked.say(DEFINITION)) }
        p class="lead" { (text(&document["info"]["description"])) }
        p { a href={ (ROOT) "/api?f=json" } { "OpenAPI " (text(&document["openapi"])) } }
        @for (path, item) in paths {
            h2 { code { "GET " (ROOT) (path) } }
            p { (text(&item["get"]["summary"])) }
            details {
                summary { (asked.say(PARAMETERS)) }
                ul {
                    @for parameter in list(&item["get"]["parameters"]) {
                        li { code { (text(&parameter["name"])) } " " (text(&parameter["description"])) }
                    }
                }
            }
        }
    };
    (asked.say(DEFINITION).to_owned(), content)
}

pub fn collections(asked: &Asked, document: &Value) -> TitleAndContent {
    let content = html! {
        h1 { (asked.say(COLLECTIONS)) }
        p class="lead" { (asked.say(COLLECTIONS_LEAD)) }
        @for one in list(&document["collections"]) {
            section {
                h2 { (text(&one["title"])) }
                p { (text(&one["description"])) }
                (reach(asked, one))
                (ways(asked, one))
            }
        }
        (links(asked, document))
    };
    (asked.say(COLLECTIONS).to_owned(), content)
}

pub fn collection(asked: &Asked, document: &Value) -> TitleAndContent {
    let title = text(&document["title"]);
    let content = html! {
        h1 { (title) }
        p class="lead" { (text(&document["description"])) }
        (ways(asked, document))
        (reach(asked, document))
        (links(asked, document))
    };
    (title.to_owned(), content)
}

pub fn queryables(asked: &Asked, document: &Value, collection: Collection) -> TitleAndContent {
    let title = format!("{} · {}", asked.say(collection.title()), asked.say(QUERYABLES));
    let items = format!("{ROOT}/collections/{}/items", collection.as_str());
    let example = match collection {
        Collection::Sites => "stage=not_started&overdue=true",
        Collection::Stations => "kind=station",
        Collection::GridCells | Collection::Regions => "bbox=119.9,30.4,120.1,30.6",
    };
    let content = html! {
        h1 { (title) }
        p class="lead" { (asked.say(QUERYABLES_LEAD)) " " a href={ (items) "?" (example) } { code { (items) "?" (example) } } }
        div class="table" {
            table {
                thead { tr { th scope="col" { (asked.say(PROPERTY)) } th scope="col" { (asked.say(MEANING)) } th scope="col" { (asked.say(VALUES)) } } }
                tbody {
                    @for property in collection.properties() {
                        tr { th scope="row" { code { (property.name) } } td { (asked.say(property.title)) } td { (values(asked, &property)) } }
                    }
                    tr { th scope="row" { code { "geometry" } } td { (asked.say(PLACE)) } td { code { (text(&document["properties"]["geometry"]["format"])) } } }
                }
            }
        }
        p class="small" { code { (text(&document["$id"])) } }
    };
    (title, content)
}

pub fn items(asked: &Asked, document: &Value, collection: Collection) -> TitleAndContent {
    let title = asked.say(collection.title());
    let properties = collection.properties();
    let counted = COUNTED.filled(asked.language, &[("matched", &document["numberMatched"]), ("returned", &document["numberReturned"])]);
    let content = html! {
        h1 { (title) }
        p class="lead" { (counted) }
        @if list(&document["features"]).is_empty() { p { (asked.say(NOTHING)) } } @else {
            div class="table register" {
                table {
                    thead {
                        tr {
                            th scope="col" { (asked.say(NUMBER)) }
                            @for property in &properties { th scope="col" { (asked.say(property.title)) } }
                            th scope="col" { (asked.say(PLACE)) }
                        }
                    }
                    tbody {
                        @for feature in list(&document["features"]) {
                            tr {
                                th scope="row" { a href={ (ROOT) "/collections/" (collection.as_str()) "/items/" (feature["id"]) } { (feature["id"]) } }
                                @for property in &properties { td { (value(asked, property, &feature["properties"][property.name])) } }
                                td { (place(asked, &feature["geometry"])) }
                            }
                        }
                    }
                }
            }
        }
        (links(asked, document))
    };
    (title.to_owned(), content)
}

pub fn item(asked: &Asked, document: &Value, collection: Collection) -> TitleAndContent {
    let properties = &document["properties"];
    let name = text(&properties["name"]);
    let content = html! {
        h1 { (name) }
        p class="lead" { (asked.say(collection.title())) " " (document["id"]) }
        @if collection == Collection::Sites {
            p class="onward" { a href=(site_path(text(&properties["code"]))) { (asked.say(PAGE_OF_SITE)) } }
        }
        div class="table" {
            table {
                tbody {
                    @for property in collection.properties() {
                        tr {
                            th scope="row" { (asked.say(property.title)) br; code class="small" { (property.name) } }
                            td { (value(asked, &property, &properties[property.name])) }
                        }
                    }
                    tr { th scope="row" { (asked.say(PLACE)) } td { (place(asked, &document["geometry"])) } }
                }
            }
        }
        (links(asked, document))
    };
    (name.to_owned(), content)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A link's address as it stands on a page: without the host when it is our own.
fn href<'a>(asked: &Asked, link: &'a Value) -> &'a str {
    let href = text(&link["href"]);
    href.strip_prefix(asked.origin.as_str()).unwrap_or(href)
}

/// The next page as a button, and every link in a list.
fn links(asked: &Asked, document: &Value) -> Markup {
    let all = list(&document["links"]);
    html! {
        @if let Some(next) = all.iter().find(|link| link["rel"] == "next") {
            p class="onward" { a href=(href(asked, next)) rel="next" { (text(&next["title"])) } }
        }
        h2 { (asked.say(LINKS)) }
        ul {
            @for link in all {
                li { a href=(href(asked, link)) hreflang=(text(&link["hreflang"])) type=(text(&link["type"])) { (text(&link["title"])) } " " span class="small" { (text(&link["type"])) } }
            }
        }
    }
}

/// From a collection's description to what is in it.
fn ways(asked: &Asked, document: &Value) -> Markup {
    let leads_on = |link: &&Value| !matches!(text(&link["rel"]), "license" | "alternate") && href(asked, link).split('?').next() != Some(&asked.path);
    let pages = list(&document["links"]).iter().filter(|link| link["type"] == "text/html").filter(leads_on);
    html! { p class="onward" { @for link in pages { a href=(href(asked, link)) { (text(&link["title"])) } } } }
}

fn reach(asked: &Asked, document: &Value) -> Markup {
    let extent = &document["extent"];
    let end = |value: &Value| value.as_str().map_or(asked.say(OPEN_END), |_| text(value)).to_owned();
    html! {
        div class="table" {
            table {
                caption { (asked.say(REACH)) }
                tbody {
                    @for bbox in list(&extent["spatial"]["bbox"]) {
                        tr { th scope="row" { (asked.say(WEST_TO_NORTH)) } td { @for (place, number) in list(bbox).iter().enumerate() { @if place > 0 { ", " } (number) } } }
                    }
                    @for interval in list(&extent["temporal"]["interval"]) {
                        tr { th scope="row" { (asked.say(TIME)) } td { (end(&interval[0])) " – " (end(&interval[1])) } }
                    }
                    @for frame in list(&document["crs"]) { tr { th scope="row" { (asked.say(FRAME)) } td { code { (text(frame)) } } } }
                }
            }
        }
    }
}

fn values(asked: &Asked, property: &Property) -> Markup {
    let kind: Phrase = match property.kind {
        Kind::Choice(choices) => {
            return html! { @for (place, (word, words)) in choices.iter().enumerate() { @if place > 0 { br; } code { (word) } " " (asked.say(*words)) } };
        }
        Kind::Text => TEXT_KIND,
        Kind::Flag => FLAG_KIND,
        Kind::Number => NUMBER_KIND,
        Kind::Day => DAY_KIND,
        Kind::Instant => INSTANT_KIND,
    };
    html! { (asked.say(kind)) }
}

/// A value in the reader's words.
fn value(asked: &Asked, property: &Property, value: &Value) -> Markup {
    match (property.kind, value) {
        (Kind::Choice(choices), Value::String(word)) => {
            let words = choices.iter().find(|(known, _)| known == word).map_or(word.as_str(), |(_, words)| asked.say(*words));
            html! { (words) }
        }
        (_, Value::Bool(flag)) => html! { (asked.say(if *flag { YES } else { NO })) },
        (_, Value::String(text)) => html! { (text) },
        (_, Value::Null) => html! {},
        (_, other) => html! { (other) },
    }
}

/// Where a feature lies: a point's numbers, or a boundary's behind a fold.
fn place(asked: &Asked, geometry: &Value) -> Markup {
    match text(&geometry["type"]) {
        "Point" => html! { (geometry["coordinates"][0]) ", " (geometry["coordinates"][1]) },
        "" => html! { (asked.say(NOWHERE)) },
        kind => html! { details { summary { (asked.say(COORDINATES)) } code { (kind) " " (geometry["coordinates"]) } } },
    }
}
