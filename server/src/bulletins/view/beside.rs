//! The bulletin's sections on orders, thanks, and corrections after the final.

use maud::{Markup, html};

use super::pieces::table;
use crate::bulletins::beside::{self, Beside};
use crate::bulletins::words as w;
use crate::county::County;
use crate::pages::Reader;

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
