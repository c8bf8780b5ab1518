//! What happened in a month, entry by entry, each with who was behind it and why.

use chrono::{DateTime, FixedOffset};
use maud::{Markup, html};

use super::facts::person;
use super::words as w;
use super::{challenges, orders, stage};
use crate::accounts::CameBy;
use crate::pages::{Reader, parts, signs};
use crate::plan_changes::PlanChangeView;
use crate::reports::store::read::ReportState;
use crate::reports::view::ReportView;
use crate::sites::Stage;
use crate::stories::model::Office;
use crate::stories::view::{EntryView, PersonView};

/// The heading of an entry that is no report, also in feeds.
pub fn title(reader: &Reader, entry: &EntryView) -> String {
    match entry {
        EntryView::Report { report, .. } => reader.fill(w::DEPUTY, &[("name", &report.deputy.name)]),
        EntryView::Return { month, deputy, objected, .. } => reader
            .fill(if *objected { w::OBJECTION } else { w::RETURN }, &[("name", deputy), ("month", &parts::month_words(reader.language, *month))]),
        EntryView::Correction { from_stage, to_stage, percent, .. } => {
            let phrase = if from_stage == to_stage { w::CONFIRMATION } else { w::CORRECTION };
            let (from, to) = (stage(reader, *from_stage), stage(reader, *to_stage));
            reader.fill(phrase, &[("from", &from), ("to", &to), ("percent", percent)])
        }
        EntryView::StrikeOff { .. } => reader.say(w::STRIKE_OFF).to_owned(),
        EntryView::Reopening { .. } => reader.say(w::REOPENING).to_owned(),
        EntryView::Challenge { outcome, .. } => reader.say(challenges::title(outcome)).to_owned(),
        EntryView::PlanChange { .. } => reader.say(w::PLAN_CHANGE).to_owned(),
        EntryView::Reminder { to, .. } => {
            let names = to.iter().map(|nudged| nudged.name.as_str()).collect::<Vec<_>>().join(reader.say(w::AND));
            reader.fill(w::REMINDER, &[("names", &names)])
        }
        EntryView::Order { step, .. } => orders::title(reader, step),
        EntryView::Withdrawal { .. } => reader.say(w::WITHDRAWN).to_owned(),
    }
}

/// What somebody wrote with it.
pub fn words(entry: &EntryView) -> &str {
    match entry {
        EntryView::Report { report, .. } => &report.words,
        EntryView::StrikeOff { note, .. } => note,
        EntryView::PlanChange { change, .. } => &change.reason,
        EntryView::Reminder { words, .. } => words,
        EntryView::Return { reason, .. }
        | EntryView::Correction { reason, .. }
        | EntryView::Reopening { reason, .. }
        | EntryView::Challenge { reason, .. } => reason,
        EntryView::Order { step, .. } => orders::words(step),
        EntryView::Withdrawal { withdrawal, .. } => &withdrawal.reason,
    }
}

/// Who was behind what is no report, in words of offices.
pub fn author(reader: &Reader, entry: &EntryView) -> Option<String> {
    match entry {
        EntryView::Report { .. } | EntryView::PlanChange { .. } | EntryView::Withdrawal { .. } => None,
        EntryView::Return { by, .. }
        | EntryView::Correction { by, .. }
        | EntryView::StrikeOff { by, .. }
        | EntryView::Reopening { by, .. }
        | EntryView::Challenge { by, .. } => office(reader, by.as_ref()),
        EntryView::Reminder { by, .. } => office(reader, by.as_ref()).or_else(|| Some(reader.say(w::BY_CALENDAR).to_owned())),
        EntryView::Order { step, .. } => orders::author(reader, step),
    }
}

/// One entry.
pub fn entry(reader: &Reader, entry: &EntryView) -> Markup {
    match entry {
        EntryView::Report { report, reporter, moved_from, .. } => report_entry(reader, report, reporter.as_ref(), *moved_from),
        EntryView::Return { at, to_stage, percent, .. } => {
            let more = html! {
                @if let (Some(to), Some(percent)) = (to_stage, percent) {
                    p { (reader.fill(w::BACK_TO, &[("stage", &stage(reader, *to)), ("percent", percent)])) }
                }
            };
            event(reader, entry, at, &more)
        }
        EntryView::Correction { at, .. }
        | EntryView::Reopening { at, .. }
        | EntryView::StrikeOff { at, .. }
        | EntryView::Challenge { at, .. }
        | EntryView::Reminder { at, .. } => event(reader, entry, at, &html! {}),
        EntryView::PlanChange { at, change } => event(reader, entry, at, &plan_change(reader, change)),
        EntryView::Order { at, step } => event(reader, entry, at, &orders::details(reader, step)),
        EntryView::Withdrawal { at, withdrawal } => event(reader, entry, at, &decided(reader, &withdrawal.decision_number, withdrawal.decided_on)),
    }
}

fn event(reader: &Reader, entry: &EntryView, at: &DateTime<FixedOffset>, more: &Markup) -> Markup {
    let reason = words(entry);
    html! {
        div class="event" {
            p { strong { (title(reader, entry)) } }
            (more)
            @if !reason.is_empty() { p { (reason) } }
            p class="small" { (parts::moment(reader, *at)) @if let Some(by) = author(reader, entry) { " · " (by) } }
        }
    }
}

pub(super) fn office(reader: &Reader, by: Option<&Office>) -> Option<String> {
    let by = by?;
    let phrase = if by.role == "committee" { w::BY_COMMITTEE } else { w::BY_WORKING_COMMITTEE };
    Some(reader.fill(phrase, &[("region", &by.region)]))
}

fn plan_change(reader: &Reader, change: &PlanChangeView) -> Markup {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| reader.say(w::NOT_SET).to_owned(), |day| parts::day_words(reader.language, day));
    let text = |text: &str| if text.is_empty() { reader.say(w::NOT_SET).to_owned() } else { text.to_owned() };
    let mut lines = Vec::new();
    for (name, changed) in [(w::START, &change.planned_start_on), (w::FINISH, &change.planned_finish_on)] {
        lines.extend(changed.as_ref().map(|changed| (name, day(changed.before), day(changed.after))));
    }
    lines.extend(change.quota.as_ref().map(|quota| (w::QUOTA, text(&quota.before), text(&quota.after))));
    lines.extend(change.place.as_ref().map(|place| (w::PLACE, text(&place.before.address), text(&place.after.address))));
    html! {
        ul {
            @for (name, before, after) in &lines {
                li { (reader.say(*name)) " " @if before != after { s { (before) } " → " } strong { (after) } }
            }
            @if let Some(place) = &change.place { li { (reader.fill(w::MOVED_BY, &[("metres", &place.distance_m)])) } }
        }
        (decided(reader, &change.decision_number, change.decided_on))
    }
}

/// The decision behind it.
fn decided(reader: &Reader, number: &str, on: chrono::NaiveDate) -> Markup {
    html! { p class="decision" { (reader.fill(w::DECIDED, &[("number", &number), ("day", &parts::day_words(reader.language, on))])) } }
}

fn report_entry(reader: &Reader, report: &ReportView, reporter: Option<&PersonView>, moved_from: Option<Stage>) -> Markup {
    let (constituency, portrait) = reporter.map_or(("", None), |person| (person.constituency.as_str(), person.portrait_url.as_deref()));
    html! {
        div class={ "report " (state(report.state)) } {
            p { (person(reader, w::DEPUTY, &report.deputy.name, constituency, portrait)) }
            @if let Some(how) = report.on_behalf { p class="marks" { span class="mark" { (signs::entered(reader.language, how)) } } }
            p class="ending" { (signs::stage_sign(report.stage, false)) strong { (stage(reader, report.stage)) " " (report.percent) "%" } }
            (doubts(reader, report))
            @if let Some(from) = moved_from.filter(|from| *from != report.stage) {
                p { strong { (reader.fill(w::MOVED, &[("from", &stage(reader, from)), ("to", &stage(reader, report.stage))])) } }
            }
            @if !report.words.is_empty() { p class="words" { (report.words) } }
            @if let (true, Some(reason)) = (report.step_back, &report.step_back_reason) { p { (reader.fill(w::STEP_BACK, &[("reason", reason)])) } }
            @if !report.problems.is_empty() {
                p { (reader.say(w::PROBLEMS)) }
                ul { @for problem in &report.problems { li { (problem_name(reader, problem)) } } }
            }
            (photos(reader, report))
            p class="small" { (parts::moment(reader, report.received_at)) " " (reader.say(w::RECEIVED)) }
        }
    }
}

fn state(state: ReportState) -> &'static str {
    match state {
        ReportState::Standing => "standing-report",
        ReportState::Amended | ReportState::Returned => "past-report",
    }
}

fn doubts(reader: &Reader, report: &ReportView) -> Markup {
    let metres = report.distance_m.unwrap_or(0);
    html! {
        @if report.late || report.off_site || report.reused_photo {
            p class="marks" {
                @if report.late { span class="mark" { (reader.say(w::LATE)) } }
                @if report.off_site { span class="mark" { (reader.fill(w::OFF_SITE, &[("metres", &metres)])) } }
                @if report.reused_photo { span class="mark" { (reader.say(w::REUSED)) } }
            }
        }
        @match (report.state, &report.return_reason) {
            (ReportState::Returned, Some(reason)) => p {
                strong { (reader.fill(if report.objected { w::OBJECTED } else { w::RETURNED }, &[("reason", reason)])) }
            },
            (ReportState::Amended, _) => p { (reader.say(w::AMENDED)) },
            _ => {},
        }
    }
}

fn photos(reader: &Reader, report: &ReportView) -> Markup {
    let month = parts::month_words(reader.language, report.month);
    let stage = stage(reader, report.stage);
    let words = |place: usize| {
        let values: &[(&str, &dyn std::fmt::Display)] =
            &[("month", &month), ("stage", &stage), ("percent", &report.percent), ("name", &report.deputy.name), ("place", &place)];
        reader.fill(if report.on_behalf.is_some() { w::PHOTO_ENTERED } else { w::PHOTO }, values)
    };
    html! {
        @if report.photos.len() > report.missing_photos.len() {
            ul class="photos" {
                @for (place, photo) in report.photos.iter().filter(|photo| !photo.missing).enumerate() {
                    li {
                        a href=(photo.url) {
                            img src=(photo.thumbnail_url) width=[photo.width] height=[photo.height] alt=(words(place + 1)) loading="lazy";
                        }
                    }
                }
            }
        }
        @if !report.missing_photos.is_empty() {
            p class="small" { (reader.fill(w::PHOTO_MISSING, &[("count", &report.missing_photos.len())])) }
        }
    }
}

/// How somebody's words came to the staff.
pub(super) fn came_by(reader: &Reader, how: CameBy) -> &'static str {
    reader.say(signs::way_word(how))
}

/// A problem by its word, or as the deputy wrote it.
fn problem_name(reader: &Reader, problem: &str) -> String {
    let phrase = match problem {
        "progress" => w::PROGRESS,
        "quality" => w::QUALITY,
        "safety" => w::SAFETY,
        "funds" => w::FUNDS,
        "land" => w::LAND,
        "coordination" => w::COORDINATION,
        "residents" => w::RESIDENTS,
        "weather" => w::WEATHER,
        "other" => w::OTHER,
        _ => return problem.to_owned(),
    };
    reader.say(phrase).to_owned()
}
