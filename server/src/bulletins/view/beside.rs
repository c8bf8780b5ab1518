//! The bulletin's sections on orders, thanks, and corrections after the final.

use maud::{Markup, html};

use super::pieces::table;
use crate::bulletins::beside::{self, Beside};
use crate::bulletins::words as w;
use crate::county::County;
use crate::pages::parts::{day, site_path};
use crate::pages::{Phrase, Reader};

/// What was found to be wrong after the final: it stands at the head, so that nobody reads the numbers without it.
pub fn corrections(reader: &Reader, county: &County, beside: &Beside) -> Markup {
    html! {
        @if !beside.corrections.is_empty() {
            section class="corrections" {
                h2 { (reader.say(w::CORRECTIONS)) }
                p { (reader.say(w::CORRECTIONS_WORDS)) }
                (table(reader, &beside::corrections(reader.language, &beside.corrections, |row| county.date_at(row.made_at)), reader.say(w::CORRECTIONS)))
            }
        }
    }
}

/// The month's orders: how many beside those of the month before, and each step.
pub fn orders(reader: &Reader, beside: &Beside) -> Markup {
    html! {
        h2 { (reader.say(w::ORDERS)) }
        (table(reader, &beside::order_counts(reader.language, beside), reader.say(w::ORDERS)))
        @if beside.orders.is_empty() { p { (reader.say(w::NONE_ORDERS)) } } @else {
            (table(reader, &beside::order_steps(reader.language, &beside.orders), reader.say(w::ORDER_STEPS)))
        }
    }
}

/// Whom the month thanks: a list without places, and without a word about those who are not in it.
pub fn thanks(reader: &Reader, beside: &Beside) -> Markup {
    html! {
        h2 { (reader.say(w::THANKS)) }
        @if beside.thanked.is_empty() { p { (reader.say(w::NONE_THANKED)) } } @else {
            p { (reader.fill(w::THANKS_WORDS, &[("count", &beside.thanked.len())])) }
            ul class="thanked" { @for name in &beside.thanked { li { (name) } } }
            p class="small" { (reader.say(w::THANKS_NOTE)) }
        }
    }
}

/// The sites that left the plan, each with its decision and the way to its story; nothing where none did.
pub fn left(reader: &Reader, county: &County, beside: &Beside) -> Markup {
    html! {
        @if !beside.left.is_empty() {
            h2 { (reader.say(w::LEFT_SITES)) }
            p { (reader.fill(w::LEFT_WORDS, &[("count", &beside.left.len())])) }
            (decided(reader, w::LEFT_SITES, &[w::SITE, w::LEFT_ON, w::DECISION, w::REASON], &html! {
                @for row in &beside.left {
                    tr {
                        (site(&row.code, &row.name, &row.region.name))
                        td {
                            (day(reader, county.date_at(row.at)))
                            span class="beside" { (reader.say(w::LAST_STAGE)) " " (beside::then(reader.language, Some(row.stage), Some(row.percent))) }
                        }
                        td { (row.decision_number) span class="beside" { (day(reader, row.decided_on)) } }
                        td { (row.reason) }
                    }
                }
            }))
        }
    }
}

/// The plans that decisions changed, each with the way to its site's story; nothing where none did.
pub fn plan_changes(reader: &Reader, beside: &Beside) -> Markup {
    html! {
        @if !beside.plan_changes.is_empty() {
            h2 { (reader.say(w::PLAN_CHANGES)) }
            p { (reader.fill(w::PLAN_CHANGES_WORDS, &[("count", &beside.plan_changes.len())])) }
            (decided(reader, w::PLAN_CHANGES, &[w::SITE, w::WHAT_CHANGED, w::DECISION, w::REASON], &html! {
                @for row in &beside.plan_changes {
                    tr {
                        (site(&row.code, &row.name, &row.change.after.region.name))
                        td { (beside::changed_words(reader.language, &row.change)) }
                        td { (row.change.decision_number) span class="beside" { (day(reader, row.change.decided_on)) } }
                        td { (row.change.reason) }
                    }
                }
            }))
        }
    }
}

fn decided(reader: &Reader, name: Phrase, headers: &[Phrase], rows: &Markup) -> Markup {
    html! {
        div class="table" tabindex="0" role="region" aria-label=(reader.say(name)) {
            table {
                thead { tr { @for header in headers { th scope="col" { (reader.say(*header)) } } } }
                tbody { (rows) }
            }
        }
    }
}

fn site(code: &str, name: &str, region: &str) -> Markup {
    html! { th scope="row" { a href=(site_path(code)) { (name) } span class="beside" { (code) " · " (region) } } }
}
