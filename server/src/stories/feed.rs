//! `/sites/{code}.atom`: what happened at a site, newest first, for feed readers (RFC 4287).

use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

use super::page::{entries, find, words as w};
use super::view::{EntryView, StoryView};
use crate::calendar::start_of_day;
use crate::county::County;
use crate::http::Problem;
use crate::live_map::LiveMap;
use crate::pages::feed::{Entry, Feed, id_of};
use crate::pages::parts::site_path;
use crate::pages::{Reader, signs};

/// Most entries that one feed tells.
const MOST: usize = 50;

/// The site's feed in the reader's language.
pub async fn show(map: &LiveMap, code: &str, reader: &Reader) -> Result<Response, Problem> {
    let story = find(map, code).await?;
    let county = map.county();
    let site = &story.site.site;
    let page = site_path(&site.code);
    let mut told: Vec<&EntryView> = story.months.iter().flat_map(|month| &month.entries).collect();
    told.sort_by_key(|entry| std::cmp::Reverse(at(entry)));
    told.truncate(MOST);
    let feed = Feed {
        id: id_of(&county.code, &format!("site/{}", site.code)),
        title: reader.fill(w::FEED_TITLE, &[("name", &site.name)]),
        subtitle: format!("{} · {}", site.region.name, site.project.title),
        path: format!("{page}.atom"),
        page: page.clone(),
        author: site.unit.name.clone(),
        since: site.last_report_at.unwrap_or_else(|| county.local(start_of_day(story.today, county.zone))),
        entries: told.into_iter().map(|entry| written(reader, &county, &story, &page, entry)).collect(),
    };
    feed.answer(reader, map)
}

fn written(reader: &Reader, county: &County, story: &StoryView, page: &str, entry: &EntryView) -> Entry {
    let moment = at(entry);
    Entry {
        id: id(county, story, entry),
        title: title(reader, entry),
        published: moment,
        updated: moment,
        page: page.to_owned(),
        author: author(reader, entry),
        summary: entries::words(entry).to_owned(),
    }
}

fn title(reader: &Reader, entry: &EntryView) -> String {
    let title = entries::title(reader, entry);
    match entry {
        EntryView::Report { report, .. } => {
            let mark = report.on_behalf.map(|how| format!(" · {}", signs::entered(reader.language, how))).unwrap_or_default();
            format!("{title}: {} {}%{mark}", reader.say(signs::stage_word(report.stage)), report.percent)
        }
        _ => title,
    }
}

fn author(reader: &Reader, entry: &EntryView) -> Option<String> {
    match entry {
        EntryView::Report { report, .. } => Some(signs::author(reader.language, &report.deputy.name, report.on_behalf)),
        _ => entries::author(reader, entry),
    }
}

fn at(entry: &EntryView) -> DateTime<FixedOffset> {
    match entry {
        EntryView::Report { at, .. }
        | EntryView::Return { at, .. }
        | EntryView::Correction { at, .. }
        | EntryView::StrikeOff { at, .. }
        | EntryView::Reopening { at, .. }
        | EntryView::Challenge { at, .. }
        | EntryView::PlanChange { at, .. }
        | EntryView::Reminder { at, .. }
        | EntryView::Order { at, .. }
        | EntryView::Withdrawal { at, .. } => *at,
    }
}

/// The same however often the feed is fetched: a report's own id, as in the county's feed, or one computed from what happened.
fn id(county: &County, story: &StoryView, entry: &EntryView) -> Uuid {
    let micros = at(entry).timestamp_micros();
    let what = match entry {
        EntryView::Report { report, .. } => return report.id,
        EntryView::Return { report_id, .. } => format!("return/{report_id}"),
        EntryView::Correction { .. } => format!("correction/{micros}"),
        EntryView::StrikeOff { .. } => format!("strike_off/{micros}"),
        EntryView::Reopening { .. } => format!("reopening/{micros}"),
        EntryView::Challenge { outcome, .. } => format!("challenge/{outcome}/{micros}"),
        EntryView::PlanChange { change, .. } => format!("plan_change/{}", change.id),
        EntryView::Reminder { .. } => format!("reminder/{micros}"),
        EntryView::Withdrawal { .. } => format!("withdrawal/{micros}"),
        EntryView::Order { step, .. } => format!("order/{}/{}/{}/{micros}", step.order_id, step.kind.as_str(), step.level.as_str()),
    };
    id_of(&county.code, &format!("site/{}/{what}", story.site.site.code))
}
