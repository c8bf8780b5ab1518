//! The head of a site's page: how it stands, what was planned, who watches over it.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::words as w;
use crate::pages::{Phrase, Reader, parts, signs};
use crate::plan_changes::PlanChangeView;
use crate::sites::withdrawn::WithdrawalView;
use crate::stories::view::StoryView;

/// Stage, percent, and every doubt, in words.
pub fn standing(reader: &Reader, story: &StoryView, stale_days: u16) -> Markup {
    let site = &story.site.site;
    html! {
        div class={ "standing " (site.stage.as_str()) } {
            p class="line" {
                (signs::stage_sign(site.stage, site.struck_off_on.is_some()))
                strong { (reader.say(signs::stage_word(site.stage))) }
                strong class="percent" { (site.percent) "%" }
            }
            progress class=(site.stage.as_str()) max="100" value=(site.percent) aria-label=(reader.fill(w::PERCENT, &[("percent", &site.percent)])) {}
            @if let Some(words) = lateness(reader, story) { p { strong class="late" { (words) } } }
            @if let Some(day) = site.struck_off_on { p { (reader.fill(w::STRUCK_OFF_ON, &[("day", &parts::day_words(reader.language, day))])) } }
            @if site.stale && site.struck_off_on.is_none() { p { (reader.fill(w::STALE, &[("days", &stale_days)])) } }
            @if site.silent { p { (reader.say(w::SILENT)) } }
        }
    }
}

/// That the site is off the plan, by which decision and why, and how it stood last.
pub fn left(reader: &Reader, withdrawal: &WithdrawalView) -> Markup {
    html! {
        section class="left-plan" {
            h2 { (reader.say(w::LEFT)) }
            p { strong { (left_words(reader, withdrawal)) } }
            p { (reader.fill(w::LEFT_REASON, &[("reason", &withdrawal.reason)])) }
            p class="line" {
                (signs::stage_sign(withdrawal.stage, false))
                (reader.fill(w::LEFT_STAGE, &[("stage", &reader.say(signs::stage_word(withdrawal.stage))), ("percent", &withdrawal.percent)]))
            }
            p class="small" { (reader.say(w::LEFT_STAYS)) }
        }
    }
}

/// When it left the plan, and by which decision.
pub fn left_words(reader: &Reader, withdrawal: &WithdrawalView) -> String {
    let day = |day| parts::day_words(reader.language, day);
    let (left_on, decided_on) = (day(withdrawal.left_on), day(withdrawal.decided_on));
    reader.fill(w::LEFT_BY, &[("left_on", &left_on), ("number", &withdrawal.decision_number), ("decided_on", &decided_on)])
}

/// How late the work is, in a sentence.
pub fn lateness(reader: &Reader, story: &StoryView) -> Option<String> {
    let late = story.lateness.as_ref()?;
    let phrase = if late.kind == "start" { w::LATE_START } else { w::LATE_FINISH };
    Some(reader.fill(phrase, &[("days", &late.days), ("day", &parts::day_words(reader.language, late.planned_on))]))
}

/// What is planned, with the original beside what a decision changed.
pub fn facts(reader: &Reader, story: &StoryView) -> Markup {
    let detail = &story.site;
    let site = &detail.site;
    let planned = range(reader, site.planned_start_on, site.planned_finish_on);
    let original = range(reader, detail.original_planned_start_on, detail.original_planned_finish_on);
    let original = original.filter(|original| Some(original) != planned.as_ref());
    let changed = |of: fn(&PlanChangeView) -> bool| story.plan_changes.iter().find(|change| of(change));
    let dates = changed(|change| change.planned_start_on.is_some() || change.planned_finish_on.is_some());
    let quota = changed(|change| change.quota.is_some());
    let place = changed(|change| change.place.is_some());
    html! {
        dl class="facts" {
            dt { (reader.say(w::PLANNED)) }
            dd {
                (planned.as_deref().unwrap_or(reader.say(w::NOT_SET)))
                @if let Some(original) = &original { br; (reader.say(w::ORIGINAL)) " " s { (original) } (decision(reader, dates)) }
            }
            dt { (reader.say(w::PLACE)) }
            dd {
                @if !site.address.starts_with(&site.region.name) { (site.region.name) " " }
                (site.address)
                @if let Some(moved) = place.and_then(|change| change.place.as_ref()) {
                    br; (reader.fill(w::MOVED_BY, &[("metres", &moved.distance_m)])) (decision(reader, place))
                }
            }
            dt { (reader.say(w::UNIT)) } dd { (site.unit.name) }
            @if !detail.quota.is_empty() {
                dt { (reader.say(w::QUOTA)) }
                dd {
                    (detail.quota)
                    @if let Some(changed) = quota.and_then(|change| change.quota.as_ref()) {
                        br; (reader.say(w::ORIGINAL)) " "
                        s { (if changed.before.is_empty() { reader.say(w::NOT_SET) } else { &changed.before }) } (decision(reader, quota))
                    }
                }
            }
            @if let Some(people) = detail.people_served { dt { (reader.say(w::PEOPLE)) } dd { (people) } }
            @if !detail.remarks.is_empty() { dt { (reader.say(w::REMARKS)) } dd { (detail.remarks) } }
        }
    }
}

fn decision(reader: &Reader, change: Option<&PlanChangeView>) -> Markup {
    html! {
        @if let Some(change) = change {
            br; span class="decision" {
                (reader.fill(w::DECISION, &[("number", &change.decision_number), ("day", &parts::day_words(reader.language, change.decided_on))]))
            }
        }
    }
}

fn range(reader: &Reader, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<String> {
    if from.is_none() && to.is_none() {
        return None;
    }
    let day = |day: Option<NaiveDate>| day.map_or_else(|| reader.say(w::NOT_SET).to_owned(), |day| parts::day_words(reader.language, day));
    Some(reader.fill(w::RANGE, &[("from", &day(from)), ("to", &day(to))]))
}

/// The deputies who have taken the site on, with their portraits.
pub fn adopters(reader: &Reader, story: &StoryView) -> Markup {
    html! {
        h2 { (reader.say(w::ADOPTERS)) }
        @if story.site.adopters.is_empty() { p { (reader.say(w::ADOPTERS_NONE)) } }
        ul class="people" {
            @for adopter in &story.site.adopters {
                li {
                    a href={ "/deputies/" (adopter.id) } {
                        (person(reader, w::DEPUTY, &adopter.name, &adopter.constituency, adopter.portrait_url.as_deref()))
                    }
                }
            }
        }
    }
}

/// A deputy by portrait, or the first character of the name, and constituency.
pub fn person(reader: &Reader, phrase: Phrase, name: &str, constituency: &str, portrait: Option<&str>) -> Markup {
    let initial: String = name.chars().take(1).collect();
    html! {
        span class="person" {
            @match portrait {
                Some(address) => img src=(address) width="40" height="40" alt="" loading="lazy";,
                None => span class="initial" aria-hidden="true" { (initial) },
            }
            span {
                strong { (reader.fill(phrase, &[("name", &name)])) }
                @if !constituency.is_empty() { " " span class="small" { (constituency) } }
            }
        }
    }
}
