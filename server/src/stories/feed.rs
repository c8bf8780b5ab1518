//! `/sites/{code}.atom`: what happened at a site, newest first, for feed readers (RFC 4287).

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use maud::{Markup, PreEscaped, html};

use super::page::{entries, find, words as w};
use super::view::{EntryView, StoryView};
use crate::http::Problem;
use crate::live_map::LiveMap;
use crate::pages::answer::{self, Kind};
use crate::pages::parts::site_path;
use crate::pages::{Reader, signs};

/// Most entries that one feed tells.
const MOST: usize = 50;

/// The site's feed in the reader's language.
pub async fn show(map: &LiveMap, code: &str, reader: &Reader) -> Result<Response, Problem> {
    let story = find(map, code).await?;
    let origin = map.platform().settings.origin();
    Ok(answer::with(reader, StatusCode::OK, Kind::Atom, written(reader, &story, &origin)))
}

fn written(reader: &Reader, story: &StoryView, origin: &str) -> String {
    let site = &story.site.site;
    let page = format!("{origin}{}", site_path(&site.code));
    let mut entries: Vec<&EntryView> = story.months.iter().flat_map(|month| &month.entries).collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(at(entry)));
    entries.truncate(MOST);
    // Without a happening the feed is as old as the site's last change that it can know of.
    let updated = entries.first().map(|entry| at(entry)).or(site.last_report_at);
    let updated = updated.map_or_else(|| format!("{}T00:00:00Z", story.today), |at| at.to_rfc3339());
    let feed = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(reader.language.tag()) {
            id { (page) }
            title { (reader.fill(w::FEED_TITLE, &[("name", &site.name)])) }
            updated { (updated) }
            (link("self", &format!("{page}.atom")))
            (link("alternate", &page))
            author { name { (site.unit.name) } }
            @for entry in &entries { (told(reader, &page, entry)) }
        }
    };
    feed.into_string()
}

/// Atom's links have no content and are closed as XML wants it.
fn link(relation: &str, address: &str) -> Markup {
    html! { (PreEscaped("<link rel=\"")) (relation) (PreEscaped("\" href=\"")) (address) (PreEscaped("\"/>")) }
}

fn told(reader: &Reader, page: &str, entry: &EntryView) -> Markup {
    let moment = at(entry);
    html! {
        entry {
            id { (page) "#" (name(entry)) }
            title { (title(reader, entry)) }
            updated { (moment.to_rfc3339()) }
            (link("alternate", page))
            content type="text" { (words(entry)) }
        }
    }
}

fn title(reader: &Reader, entry: &EntryView) -> String {
    let title = entries::title(reader, entry);
    match entry {
        EntryView::Report { report, .. } => format!("{title}: {} {}%", reader.say(signs::stage_word(report.stage)), report.percent),
        _ => title,
    }
}

fn at(entry: &EntryView) -> DateTime<FixedOffset> {
    match entry {
        EntryView::Report { at, .. }
        | EntryView::Return { at, .. }
        | EntryView::Correction { at, .. }
        | EntryView::StrikeOff { at, .. }
        | EntryView::Reopening { at, .. }
        | EntryView::PlanChange { at, .. }
        | EntryView::Reminder { at, .. } => *at,
    }
}

/// A name that stays the same however often the feed is fetched.
fn name(entry: &EntryView) -> String {
    let micros = at(entry).timestamp_micros();
    match entry {
        EntryView::Report { report, .. } => report.id.to_string(),
        EntryView::Return { report_id, .. } => format!("return-{report_id}"),
        EntryView::Correction { .. } => format!("correction-{micros}"),
        EntryView::StrikeOff { .. } => format!("strike-off-{micros}"),
        EntryView::Reopening { .. } => format!("reopening-{micros}"),
        EntryView::PlanChange { change, .. } => format!("plan-change-{}", change.id),
        EntryView::Reminder { .. } => format!("reminder-{micros}"),
    }
}

fn words(entry: &EntryView) -> &str {
    match entry {
        EntryView::Report { report, .. } => &report.words,
        EntryView::StrikeOff { note, .. } => note,
        EntryView::PlanChange { change, .. } => &change.reason,
        EntryView::Reminder { words, .. } => words,
        EntryView::Return { reason, .. } | EntryView::Correction { reason, .. } | EntryView::Reopening { reason, .. } => reason,
    }
}
