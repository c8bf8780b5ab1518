//! `/sites/{code}`: a site's story as a page that needs no script. The panel of the map tells the same story.

mod challenges;
pub(super) mod entries;
pub(super) mod facts;
mod orders;
pub(super) mod words;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::routes::tell;
use super::store::find_site_id;
use super::view::{Contact, EntryView, Shot, StoryMonthView, StoryView};
use crate::http::{PathOf, Problem};
use crate::live_map::LiveMap;
use crate::months::model::MonthState;
use crate::pages::{Page, Phrase, Reader, Sheet, parts, signs};
use crate::sites::Stage;
use words as w;

/// The story behind a public code; a code that never was, or whose site never stood in the plan, is not found.
pub(super) async fn find(map: &LiveMap, code: &str) -> Result<StoryView, Problem> {
    let (platform, county) = (map.platform(), map.platform().served_county());
    let mut connection = platform.pool.acquire().await?;
    let site_id = find_site_id(&mut connection, county.county_id, code).await?.ok_or_else(Problem::not_found)?;
    drop(connection);
    tell(platform, &county, site_id).await?.ok_or_else(Problem::not_found)
}

pub async fn show(State(map): State<LiveMap>, PathOf(address): PathOf<String>, reader: Reader) -> Result<Response, Problem> {
    if let Some(code) = address.strip_suffix(".atom") {
        return super::feed::show(&map, code, &reader).await;
    }
    let story = find(&map, &address).await?;
    let site = &story.site.site;
    let path = parts::site_path(&site.code);
    let page = Page::new(site.name.clone(), content(&reader, &map, &story))
        .with_sheet(Sheet::Story)
        .described(description(&reader, &story))
        .at(path.clone())
        .as_article()
        .with_feed(format!("{path}.atom"), reader.fill(w::FEED_TITLE, &[("name", &site.name)]));
    // The app shows the map of today, which has no such pin: this page says what became of it.
    let page = if story.withdrawal.is_none() { page.with_app() } else { page };
    let page = match latest_picture(&story) {
        Some(address) => page.with_picture(address),
        None => page,
    };
    Ok(page.answer(&reader, &map))
}

/// The small copy of the newest picture that counts.
pub(super) fn latest_picture(story: &StoryView) -> Option<String> {
    let reports = story.months.iter().flat_map(|month| &month.entries).filter_map(|entry| match entry {
        EntryView::Report { report, .. } => Some(report),
        _ => None,
    });
    let standing = reports.filter(|report| report.state == crate::reports::store::read::ReportState::Standing);
    let mut photos = standing.flat_map(|report| &report.photos).filter(|photo| !photo.missing);
    photos.next().map(|photo| photo.thumbnail_url.clone())
}

fn description(reader: &Reader, story: &StoryView) -> String {
    let site = &story.site.site;
    let late = facts::lateness(reader, story).map(|words| format!("{}{words}", reader.say(LATE_COMMA))).unwrap_or_default();
    let project = reader.fill(w::PROJECT, &[("number", &site.project.number), ("title", &site.project.title)]);
    if let Some(withdrawal) = &story.withdrawal {
        return facts::left_words(reader, withdrawal);
    }
    let stage = stage(reader, site.stage);
    let values: &[(&str, &dyn std::fmt::Display)] =
        &[("region", &site.region.name), ("project", &project), ("stage", &stage), ("percent", &site.percent), ("late", &late)];
    reader.fill(w::DESCRIBED, values)
}

const LATE_COMMA: Phrase = Phrase { zh: "，", en: ". " };

fn stage(reader: &Reader, stage: Stage) -> &'static str {
    reader.say(signs::stage_word(stage))
}

fn content(reader: &Reader, map: &LiveMap, story: &StoryView) -> Markup {
    let site = &story.site.site;
    let path = parts::site_path(&site.code);
    html! {
        article class="story" {
            p class="project" { (reader.fill(w::PROJECT, &[("number", &site.project.number), ("title", &site.project.title)])) }
            h1 { (site.name) }
            p class="small" { (site.code) }
            @match &story.withdrawal {
                Some(withdrawal) => (facts::left(reader, withdrawal)),
                None => (facts::standing(reader, story, map.platform().served_county().stale_days)),
            }
            (facts::facts(reader, story))
            @if story.withdrawal.is_none() { (facts::adopters(reader, story)) }
            @if let Some(comparison) = &story.comparison {
                h2 { (reader.say(w::COMPARISON)) }
                div class="pair" { (shot(reader, w::FIRST, &comparison.first)) (shot(reader, w::LATEST, &comparison.latest)) }
            }
            (challenges::section(reader, &story.challenges))
            h2 { (reader.say(w::STORY)) }
            @for month in &story.months { (told(reader, month)) }
            (trouble(reader, story))
            p class="onward no-print" {
                a href={ (path) ".atom" } { (reader.say(w::FOLLOW)) }
                @if story.withdrawal.is_some() { a href="/withdrawn-sites" { (reader.say(crate::pages::words::WITHDRAWN_SITES)) } }
                a href="/list" { (reader.say(crate::pages::words::BACK_TO_LIST)) }
            }
            figure class="code" {
                img src={ (path) "/qr.svg" } width="180" height="180" alt=(reader.say(w::CODE)) loading="lazy";
                figcaption class="small" { (reader.say(w::CODE)) }
            }
        }
    }
}

fn shot(reader: &Reader, phrase: Phrase, shot: &Shot) -> Markup {
    let month = parts::month_words(reader.language, shot.month);
    let words = reader.fill(phrase, &[("month", &month), ("stage", &stage(reader, shot.stage)), ("percent", &shot.percent)]);
    html! {
        figure {
            a href=(shot.photo.url) { img src=(shot.photo.thumbnail_url) width=[shot.photo.width] height=[shot.photo.height] alt=(words) loading="lazy"; }
            figcaption { (words) }
        }
    }
}

fn told(reader: &Reader, month: &StoryMonthView) -> Markup {
    let is_open = month.state == MonthState::Open;
    let state = match month.state {
        MonthState::Open => w::OPEN,
        MonthState::Provisional => w::PROVISIONAL,
        MonthState::Final => w::FINAL,
    };
    let names = month.missing.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(reader.say(w::AND));
    html! {
        section class="month" {
            h3 { (parts::month_words(reader.language, month.month)) " " span class="month-state" { (reader.say(state)) } }
            @if let (Some(at), Some(percent)) = (month.stage, month.percent) {
                p class="ending" {
                    (signs::stage_sign(at, false))
                    (reader.fill(if is_open { w::NOW } else { w::AT_END }, &[("stage", &stage(reader, at)), ("percent", &percent)]))
                    @if month.start_overdue { " " span class="mark overdue" { (reader.say(w::START_OVERDUE)) } }
                    @else if month.finish_overdue { " " span class="mark overdue" { (reader.say(w::FINISH_OVERDUE)) } }
                }
            }
            @if let (Some(owed @ 1..), Some(received), Some(on_time)) = (month.owed, month.received, month.on_time) {
                p class="small" { (reader.fill(w::FIGURES, &[("owed", &owed), ("received", &received), ("on_time", &on_time)])) }
            }
            @if !names.is_empty() {
                p class=(if is_open { "awaited" } else { "missing" }) {
                    (reader.fill(if is_open { w::AWAITED } else { w::MISSING }, &[("names", &names)]))
                }
            }
            @if month.entries.is_empty() && names.is_empty() { p class="small" { (reader.say(w::QUIET)) } }
            @for entry in &month.entries { (entries::entry(reader, entry)) }
        }
    }
}

/// Where to turn when the place is not as it is told.
fn trouble(reader: &Reader, story: &StoryView) -> Markup {
    let contacts: &[Contact] = &story.contacts;
    html! {
        section class="trouble" {
            h2 { (reader.say(if story.withdrawal.is_some() { w::ASK } else { w::TROUBLE })) }
            @if contacts.is_empty() { p { (reader.say(w::TROUBLE_NONE)) } }
            @else { p { (reader.say(if story.withdrawal.is_some() { w::TROUBLE_LEFT } else { w::TROUBLE_WORDS })) } }
            @if story.withdrawal.is_none() {
                p class="onward no-print" { a href={ "/challenge?site=" (story.site.site.id) } { (reader.say(w::CHALLENGE_THIS)) } }
            }
            @for contact in contacts {
                h3 { (contact.name) }
                dl {
                    @if !contact.telephone.is_empty() {
                        dt { (reader.say(w::TELEPHONE)) }
                        dd { a href={ "tel:" (dialled(&contact.telephone)) } { (contact.telephone) } }
                    }
                    @if !contact.opening_hours.is_empty() { dt { (reader.say(w::HOURS)) } dd { (contact.opening_hours) } }
                    dt { (reader.say(w::ADDRESS)) }
                    dd { (contact.address) " " span class="small" { (reader.fill(w::DISTANCE, &[("metres", &contact.distance_m)])) } }
                }
            }
        }
    }
}

/// What a telephone can dial of a written number.
fn dialled(telephone: &str) -> String {
    telephone.chars().filter(|character| character.is_ascii_digit() || *character == '+').collect()
}
