//! `/sites.atom`: what happened in the county, the latest first. Each report as it was received, and each change of colour that no report made.

use axum::extract::State;
use axum::response::Response;

use super::feed::{Entry, Feed, id_of};
use super::frame::site_name;
use super::phrase::phrases;
use super::reader::Reader;
use super::store::{self, Change, Report};
use super::{parts, signs};
use crate::calendar::Month;
use crate::county::County;
use crate::http::Problem;
use crate::live_map::LiveMap;
use crate::sites::Stage;

phrases! {
    SUBTITLE = "每一份督查反馈，每一次状态变化和它的原因。", "Every report, and every change of stage with its cause.";
    DEMO = "虚构演示县：内容均为虚构。", "An invented demo county: nothing here is real.";
    REPORT_TITLE = "{site}：{stage} {percent}%", "{site}: {stage}, {percent}%";
    REPORT_SUMMARY = "{deputy} 代表 {month} 督查反馈。", "Report by deputy {deputy} for {month}.";
    STAGE_MOVED = "状态：{from} → {to}。", "Stage: {from} → {to}.";
    MARKED = "{mark}。", "{mark}. ";
    LATE = "补报。", "Came after the month had closed.";
    RETURNED = "已退回：{reason}", "Returned: {reason}";
    CHANGE_TITLE = "{site}：{from} → {to}", "{site}: {from} → {to}";
    BY_RETURN = "督查反馈被退回，状态随之改变。原因：{reason}", "A report was returned and the stage changed with it. Reason: {reason}";
    BY_CORRECTION = "县人大更正。原因：{reason}", "Corrected by the standing committee. Reason: {reason}";
}

/// Where the feed is.
pub const PATH: &str = "/sites.atom";

/// Entries of the feed.
const MOST: i64 = 60;

pub async fn show(State(map): State<LiveMap>, reader: Reader) -> Result<Response, Problem> {
    let county = map.county();
    let mut connection = map.platform().pool.acquire().await?;
    let reports = store::list_reports(&mut connection, county.county_id, MOST).await?;
    let changes = store::list_changes(&mut connection, county.county_id, MOST).await?;
    drop(connection);
    let mut entries: Vec<Entry> = reports.iter().map(|report| report_entry(report, &reader, &county)).collect();
    entries.extend(changes.iter().map(|change| change_entry(change, &reader, &county)));
    entries.sort_by(|one, other| other.updated.cmp(&one.updated).then(one.id.cmp(&other.id)));
    entries.truncate(MOST as usize);
    let demo = if county.is_demo { reader.say(DEMO) } else { "" };
    let feed = Feed {
        id: id_of(&county.code, "feed"),
        title: site_name(&reader, &map),
        subtitle: format!("{}{demo}", reader.say(SUBTITLE)),
        path: PATH.to_owned(),
        page: "/list".to_owned(),
        author: county.name.clone(),
        since: county.local(Month::of(map.today(&county)).opens_at(county.zone)),
        entries,
    };
    feed.answer(&reader, &map)
}

fn moved(reader: &Reader, from: Stage, to: Stage) -> (&'static str, &'static str) {
    (reader.say(signs::stage_word(from)), reader.say(signs::stage_word(to)))
}

fn report_entry(report: &Report, reader: &Reader, county: &County) -> Entry {
    let stage = reader.say(signs::stage_word(report.stage));
    let month = parts::month_words(reader.language, Month::of(report.month));
    let mut summary = reader.fill(REPORT_SUMMARY, &[("deputy", &report.deputy), ("month", &month)]);
    if let Some(from) = report.from_stage {
        let (from, to) = moved(reader, from, report.stage);
        summary.push_str(&reader.fill(STAGE_MOVED, &[("from", &from), ("to", &to)]));
    }
    if let Some(how) = report.came_by {
        summary.push_str(&reader.fill(MARKED, &[("mark", &signs::entered(reader.language, how))]));
    }
    if report.late {
        summary.push_str(reader.say(LATE));
    }
    summary.push_str(&report.words);
    if let Some(reason) = &report.return_reason {
        summary = format!("{} — {summary}", reader.fill(RETURNED, &[("reason", reason)]));
    }
    Entry {
        id: report.report_id,
        title: reader.fill(REPORT_TITLE, &[("site", &report.site_name), ("stage", &stage), ("percent", &report.percent)]),
        published: county.local(report.received_at),
        updated: county.local(report.returned_at.unwrap_or(report.received_at)),
        page: parts::site_path(&report.site_code),
        author: Some(signs::author(reader.language, &report.deputy, report.came_by)),
        summary,
    }
}

fn change_entry(change: &Change, reader: &Reader, county: &County) -> Entry {
    let (from, to) = moved(reader, change.from_stage, change.to_stage);
    let cause = if change.cause == "return" { BY_RETURN } else { BY_CORRECTION };
    let at = county.local(change.at);
    Entry {
        id: id_of(&county.code, &format!("stage_change/{}", change.change_id)),
        title: reader.fill(CHANGE_TITLE, &[("site", &change.site_name), ("from", &from), ("to", &to)]),
        published: at,
        updated: at,
        page: parts::site_path(&change.site_code),
        author: None,
        summary: reader.fill(cause, &[("reason", &change.reason)]),
    }
}
