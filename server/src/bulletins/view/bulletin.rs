//! One month's bulletin.

use maud::{Markup, html};

use super::beside;
use super::pieces::{meanings, shares, site, state_sentence, state_words, table};
use crate::bulletins::model::{Bulletin, Change, ChangedSite, rank};
use crate::bulletins::tables::{self, By, Cell, Table, percent};
use crate::bulletins::words as w;
use crate::calendar::Month;
use crate::county::County;
use crate::http::Language;
use crate::live_map::{LiveMap, MapState, Part, ShownSite};
use crate::pages::signs::{entered, stage_chip, stage_word};
use crate::pages::{Page, Reader, Sheet, parts, words};

const WORDS: [&str; 14] = [
    "site",
    "completed",
    "in_progress",
    "not_started",
    "share_completed",
    "overdue_red",
    "overdue_yellow",
    "struck_off",
    "silent",
    "owed",
    "received",
    "on_time",
    "provisional",
    "final",
];

/// The page of `bulletin`; `next` is the month after when it has a bulletin as well.
pub fn bulletin(reader: &Reader, map: &LiveMap, bulletin: &Bulletin, has_next: bool) -> Page {
    let county = map.county();
    let month = parts::month_words(reader.language, bulletin.month);
    let title = format!("{} {}", month, reader.say(w::BULLETIN_OF));
    let content = html! {
        p class="print-head" aria-hidden="true" { (county.name) " " (reader.say(w::BULLETIN_OF)) " · " (month) " · " (reader.say(state_words(bulletin.state))) }
        (head(reader, &county, bulletin, &month))
        (ways(reader, bulletin, has_next))
        (beside::corrections(reader, &county, &bulletin.beside))
        (main_figures(reader, bulletin))
        @for by in By::ALL { (breakdown(reader, bulletin, by)) }
        (rankings(reader, &county, bulletin))
        (changed(reader, &county, bulletin))
        (overdue(reader, bulletin))
        (reporting(reader, bulletin))
        (struck_off(reader, bulletin))
        (beside::left(reader, &county, &bulletin.beside))
        (beside::plan_changes(reader, &bulletin.beside))
        (beside::orders(reader, &bulletin.beside))
        (beside::thanks(reader, &bulletin.beside))
        (meanings(reader, &WORDS))
        (sources(reader, map, &county, (bulletin.month, bulletin.state)))
    };
    let previous = bulletin.previous.as_ref().map(|(month, _)| format!("/bulletins/{month}"));
    let next = has_next.then(|| format!("/bulletins/{}", bulletin.month.next()));
    Page::new(title, content)
        .with_sheet(Sheet::Figures)
        .described(reader.fill(w::ABOUT, &[("county", &county.name), ("month", &month)]))
        .at(format!("/bulletins/{}", bulletin.month))
        .as_article()
        .with_relation("prev", previous)
        .with_relation("next", next)
}

fn head(reader: &Reader, county: &County, bulletin: &Bulletin, month: &str) -> Markup {
    html! {
        h1 { (county.name) " " (reader.say(w::BULLETIN_OF)) }
        p class="lead" {
            strong { (month) } " · " (reader.say(state_words(bulletin.state))) " · " (state_sentence(reader, county, bulletin.month, bulletin.state))
        }
    }
}

fn ways(reader: &Reader, bulletin: &Bulletin, has_next: bool) -> Markup {
    let next = bulletin.month.next();
    html! {
        p class="onward no-print" {
            a href={ "/export/bulletin.xlsx?month=" (bulletin.month) } { (reader.say(w::OPEN_DATA)) }
            a href={ "/figures?month=" (bulletin.month) } { (reader.say(w::SEE_FIGURES)) }
            @if let Some((previous, _)) = &bulletin.previous {
                a href={ "/bulletins/" (previous) } { (reader.fill(w::PREVIOUS_MONTH, &[("month", &parts::month_words(reader.language, *previous))])) }
            }
            @if has_next {
                a href={ "/bulletins/" (next) } { (reader.fill(w::NEXT_MONTH, &[("month", &parts::month_words(reader.language, next))])) }
            }
            a href="/bulletins" { (reader.say(w::ALL_BULLETINS)) }
        }
        p class="small no-print" { (reader.say(w::PRINT_WORDS)) }
    }
}

fn main_figures(reader: &Reader, bulletin: &Bulletin) -> Markup {
    let (now, before) = (bulletin.parts.whole, bulletin.whole_before());
    let (counts, owing) = (now.counts, now.owing);
    let late = counts.overdue_red + counts.overdue_yellow;
    let more = before.map(|before| i64::from(counts.completed) - i64::from(before.counts.completed));
    let compared = more.map(|more| match more {
        0 => reader.say(w::HEADLINE_SAME).to_owned(),
        more => reader.fill(if more > 0 { w::HEADLINE_MORE } else { w::HEADLINE_LESS }, &[("difference", &more.unsigned_abs())]),
    });
    let share = percent(counts.completed, counts.sites);
    html! {
        div class="headline" {
            p {
                strong { (reader.fill(w::HEADLINE, &[("sites", &counts.sites), ("completed", &counts.completed), ("share", &share)])) }
                @if let Some(compared) = compared { " " (compared) }
            }
            p { (reader.fill(w::HEADLINE_LATE, &[("late", &late), ("red", &counts.overdue_red), ("yellow", &counts.overdue_yellow)])) }
            p { (reader.fill(w::HEADLINE_REPORTS, &[("owed", &owing.owed), ("received", &owing.received), ("on_time", &owing.on_time)])) }
        }
        (shares(reader, counts))
        (table(reader, &tables::headline(reader.language, now, before), reader.say(w::FIGURES)))
    }
}

fn breakdown(reader: &Reader, bulletin: &Bulletin, by: By) -> Markup {
    let before = bulletin.previous.as_ref().map(|(_, parts)| parts);
    let work = tables::work(reader.language, by, &bulletin.parts, before);
    html! {
        h2 { (reader.say(by.title())) }
        (table(reader, &work, reader.say(by.title())))
        @if by == By::Unit { p class="small" { (reader.say(w::PLACES_AS_NOW)) } }
    }
}

fn rankings(reader: &Reader, county: &County, bulletin: &Bulletin) -> Markup {
    html! {
        h2 { (reader.say(w::RANKING)) }
        p { (reader.fill(w::RANKED_WORDS, &[("minimum", &county.rules_of(bulletin.month).minimum_ranked)])) }
        div class="beside-each-other" {
            @for by in [By::Township, By::Unit] { (ranking(reader, by, &by.parts(&bulletin.parts, reader.language))) }
        }
    }
}

fn ranking(reader: &Reader, by: By, parts: &[Part<String>]) -> Markup {
    let ranking = rank(parts);
    let rows = ranking.ranked.iter().map(|ranked| {
        let counts = ranked.part.figures.counts;
        vec![
            Cell::Text(ranked.place.to_string()),
            Cell::Text(ranked.part.of.clone()),
            Cell::Whole(counts.completed.into()),
            Cell::Whole(counts.sites.into()),
            Cell::Share(counts.completed, counts.sites),
        ]
    });
    let headers = [w::PLACE, by.heading(), w::COMPLETED, w::SITES, w::COMPLETED_SHARE];
    let shown = Table::new(reader.language, w::RANKING, &headers, rows.collect());
    html! {
        section class={ "ranking " (if by == By::Unit { "units" } else { "townships" }) } {
            @if shown.rows.is_empty() { h3 { (reader.say(by.title())) } p { (reader.say(w::NONE_RANKED)) } }
            @else { (table(reader, &shown, reader.say(by.title()))) }
            @if ranking.left_out > 0 {
                p class="small" { (reader.fill(w::LEFT_OUT, &[("parts", &ranking.left_out), ("sites", &ranking.left_out_sites)])) }
            }
        }
    }
}

fn changed(reader: &Reader, county: &County, bulletin: &Bulletin) -> Markup {
    html! {
        h2 { (reader.say(w::CHANGED)) }
        @if bulletin.changed.is_empty() { p { (reader.say(w::NONE_CHANGED)) } } @else {
            p { (reader.fill(w::CHANGED_WORDS, &[("count", &bulletin.changed.len())])) }
            div class="table" tabindex="0" role="region" aria-label=(reader.say(w::CHANGED)) {
                table {
                    thead { tr { @for header in [w::SITE, w::FROM, w::TO, w::CAUSE] { th scope="col" { (reader.say(header)) } } } }
                    tbody { @for changed in &bulletin.changed { (changed_row(reader, county, changed)) } }
                }
            }
        }
    }
}

fn changed_row(reader: &Reader, county: &County, changed: &ChangedSite) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href={ "/sites/" (changed.site.code) } { (changed.site.name) }
                span class="beside" { (changed.site.code) " · " (changed.site.region.name) }
            }
            td { (stage_chip(reader, changed.from, false)) }
            td { (stage_chip(reader, changed.to, false)) }
            td {
                @if changed.changes.is_empty() { (reader.say(w::CAUSE_OLDER)) }
                @for change in &changed.changes { span class="cause" { (cause(reader.language, county, change)) } }
            }
        }
    }
}

/// What changed a stage, in a sentence.
pub fn cause(language: Language, county: &County, change: &Change) -> String {
    let phrase = match change.cause.as_str() {
        "report" if change.came_by.is_some() => w::CAUSE_ENTERED,
        "report" => w::CAUSE_REPORT,
        "return" => w::CAUSE_RETURN,
        _ => w::CAUSE_CORRECTION,
    };
    let day = parts::day_words(language, county.date_at(change.at));
    let (from, to) = (stage_word(change.from_stage).in_language(language), stage_word(change.to_stage).in_language(language));
    let by = change.by.as_deref().unwrap_or("");
    let mark = change.came_by.map(|how| entered(language, how)).unwrap_or_default();
    phrase.filled(language, &[("day", &day), ("by", &by), ("mark", &mark), ("from", &from), ("to", &to), ("reason", &change.reason)])
}

fn overdue(reader: &Reader, bulletin: &Bulletin) -> Markup {
    let late = bulletin.overdue_red.iter().chain(&bulletin.overdue_yellow);
    html! {
        h2 { (reader.say(w::OVERDUE)) }
        @if bulletin.overdue_red.is_empty() && bulletin.overdue_yellow.is_empty() { p { (reader.say(w::NONE_OVERDUE)) } } @else {
            p { (reader.say(w::OVERDUE_WORDS)) }
            div class="table" tabindex="0" role="region" aria-label=(reader.say(w::OVERDUE)) {
                table {
                    thead { tr { @for header in [w::SITE, w::STAGE, w::PLANNED_START, w::PLANNED_FINISH] { th scope="col" { (reader.say(header)) } } } }
                    tbody { @for shown in late { (overdue_row(reader, shown)) } }
                }
            }
        }
    }
}

fn overdue_row(reader: &Reader, shown: &ShownSite) -> Markup {
    let site_of = &shown.site;
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "—".to_owned(), |day| parts::day_words(reader.language, day));
    let planned = |current, original: Option<chrono::NaiveDate>| {
        let moved = original.filter(|original| Some(*original) != current);
        html! {
            (day(current))
            @if let Some(original) = moved { span class="beside" { (reader.fill(w::ORIGINAL, &[("day", &parts::day_words(reader.language, original))])) } }
        }
    };
    html! {
        tr {
            th scope="row" { (site(shown)) }
            td { (stage_chip(reader, site_of.stage, false)) }
            td { (planned(site_of.planned_start_on, site_of.original_planned_start_on)) }
            td { (planned(site_of.planned_finish_on, site_of.original_planned_finish_on)) }
        }
    }
}

fn reporting(reader: &Reader, bulletin: &Bulletin) -> Markup {
    let by_township = tables::reporting(reader.language, By::Township, &bulletin.parts);
    html! {
        h2 { (reader.say(w::REPORTING)) }
        p { (reader.say(w::REPORTING_WORDS)) }
        (table(reader, &by_township, reader.say(w::REPORTING)))
        h3 { (reader.say(w::SILENT_SITES)) }
        (sites(reader, &bulletin.silent, w::NONE_SILENT.in_language(reader.language)))
    }
}

fn struck_off(reader: &Reader, bulletin: &Bulletin) -> Markup {
    html! {
        h2 { (reader.say(w::STRUCK_OFF_SITES)) }
        (sites(reader, &bulletin.struck_off, w::NONE_STRUCK_OFF.in_language(reader.language)))
    }
}

/// A list of sites in two columns, or what is said when there is none.
fn sites(reader: &Reader, listed: &[ShownSite], none: &str) -> Markup {
    html! {
        @if listed.is_empty() { p { (none) } } @else {
            ul class="sites" {
                @for shown in listed {
                    li { (site(shown)) @if let Some(day) = shown.site.struck_off_on { " " (parts::day(reader, day)) } }
                }
            }
        }
    }
}

fn sources(reader: &Reader, map: &LiveMap, county: &County, (month, state): (Month, MapState)) -> Markup {
    let settings = &map.platform().settings;
    let made = [&settings.attribution, &settings.review_number];
    html! {
        h2 { (reader.say(w::SOURCES)) }
        p { (reader.fill(w::SOURCES_WORDS, &[("days", &county.rules_of(month).grace_days)])) " " @if state == MapState::Provisional { (reader.say(w::STATE_PROVISIONAL)) } }
        @if county.is_demo { p { strong { (reader.say(words::DEMO)) } } }
        @for words in made.into_iter().filter(|words| !words.is_empty()) { p class="print-only small" { (words) } }
    }
}
