//! What stands beside a month's figures: its supervision orders, whom it thanks, and what was found to be wrong after it became final. Pure.

use chrono::NaiveDate;

use super::tables::{Cell, Table};
use super::words as w;
use crate::http::Language;
use crate::months::store::corrections::CorrectionRow;
use crate::pages::Phrase;
use crate::pages::parts::day_words;
use crate::pages::signs::stage_word;
use crate::plan_changes::model::{Plan, PlanChange};
use crate::plan_changes::store::ChangeOfSite;
use crate::sites::Stage;
use crate::sites::store::Withdrawal;

/// One step of an order within the month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStep {
    pub on: NaiveDate,
    /// As offices write it.
    pub number: String,
    pub unit: String,
    pub sites: i64,
    /// As stored: `issued`, `answered`, `raised` …
    pub kind: String,
    pub level: String,
    pub due_on: Option<NaiveDate>,
}

/// How often each thing happened to orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderCounts {
    pub issued: u32,
    pub answered: u32,
    pub accepted: u32,
    pub sent_back: u32,
    pub raised: u32,
}

impl OrderCounts {
    pub fn of<'a>(kinds: impl IntoIterator<Item = &'a str>) -> Self {
        let mut counts = Self::default();
        for kind in kinds {
            match kind {
                "issued" => counts.issued += 1,
                "answered" => counts.answered += 1,
                "accepted" => counts.accepted += 1,
                "sent_back" => counts.sent_back += 1,
                "raised" => counts.raised += 1,
                _ => {}
            }
        }
        counts
    }

    fn rows(self) -> [(Phrase, u32); 5] {
        [
            (w::ORDERS_ISSUED, self.issued),
            (w::ORDERS_ANSWERED, self.answered),
            (w::ORDERS_ACCEPTED, self.accepted),
            (w::ORDERS_SENT_BACK, self.sent_back),
            (w::ORDERS_RAISED, self.raised),
        ]
    }
}

/// What stands beside the figures.
#[derive(Debug, Default)]
pub struct Beside {
    /// In the order in which they happened; reminders are not among them.
    pub orders: Vec<OrderStep>,
    pub counts: OrderCounts,
    /// Those of the month before, when it was closed.
    pub counts_before: Option<OrderCounts>,
    /// Deputies all of whose reports came on time, in the order of their names.
    pub thanked: Vec<String>,
    pub corrections: Vec<CorrectionRow>,
    /// Sites that left the plan within the month, in the order in which they left.
    pub left: Vec<Withdrawal>,
    /// Plans changed by decisions entered within the month, in their order.
    pub plan_changes: Vec<ChangeOfSite>,
}

/// How often each thing happened, this month and the month before.
pub fn order_counts(language: Language, beside: &Beside) -> Table {
    let before = beside.counts_before.map(OrderCounts::rows);
    let rows = beside.counts.rows().into_iter().enumerate().map(|(place, (name, now))| {
        let last = before.map(|before| before[place].1);
        vec![
            Cell::Text(name.in_language(language).to_owned()),
            Cell::Whole(now.into()),
            last.map_or(Cell::Nothing, |last| Cell::Whole(last.into())),
            last.map_or(Cell::Nothing, |last| Cell::Difference(i64::from(now) - i64::from(last))),
        ]
    });
    Table::new(language, w::ORDERS, &[w::INDICATOR, w::IN_THIS_MONTH, w::IN_LAST_MONTH, w::DIFFERENCE], rows.collect())
}

/// What happened to an order, in words.
fn step_words(step: &OrderStep) -> Phrase {
    match (step.kind.as_str(), step.level.as_str()) {
        ("issued", _) => w::ORDERS_ISSUED,
        ("answered", _) => w::ORDERS_ANSWERED,
        ("accepted", _) => w::ORDERS_ACCEPTED,
        ("date_agreed", _) => w::ORDERS_DATE_AGREED,
        ("sent_back", _) => w::ORDERS_SENT_BACK,
        ("raised", "special_inquiry") => w::RAISED_SPECIAL,
        ("raised", _) => w::RAISED_KEY,
        ("withdrawn", _) => w::ORDERS_WITHDRAWN,
        ("lapsed", _) => w::ORDERS_LAPSED,
        _ => w::ORDERS_FOLLOWED,
    }
}

/// Every step, in the order in which they happened.
pub fn order_steps(language: Language, steps: &[OrderStep]) -> Table {
    let rows = steps.iter().map(|step| {
        vec![
            Cell::Text(step.number.clone()),
            Cell::Day(step.on),
            Cell::Text(step_words(step).in_language(language).to_owned()),
            Cell::Text(step.unit.clone()),
            Cell::Whole(step.sites),
            step.due_on.map_or(Cell::Nothing, Cell::Day),
        ]
    });
    let headers = [w::ORDER_NUMBER, w::DAY, w::ORDER_STEP, w::UNIT, w::SITES, w::ORDER_DUE];
    Table::new(language, w::ORDER_STEPS, &headers, rows.collect())
}

/// Those who are thanked.
pub fn thanks(language: Language, names: &[String]) -> Table {
    let rows = names.iter().map(|name| vec![Cell::Text(name.clone())]);
    Table::new(language, w::THANKS, &[w::DEPUTY], rows.collect())
}

/// A stage and its percent, in words.
pub fn then(language: Language, stage: Option<Stage>, percent: Option<i16>) -> String {
    match stage.zip(percent) {
        Some((stage, percent)) => format!("{} {percent}%", stage_word(stage).in_language(language)),
        None => String::new(),
    }
}

/// What was found to be wrong after the final.
pub fn corrections(language: Language, rows: &[CorrectionRow], day: impl Fn(&CorrectionRow) -> NaiveDate) -> Table {
    let rows = rows.iter().map(|row| {
        vec![
            Cell::Text(row.name.clone().unwrap_or_else(|| w::WHOLE_MONTH.in_language(language).to_owned())),
            Cell::Text(then(language, row.snapshot_stage, row.snapshot_percent)),
            Cell::Text(then(language, row.stage, row.percent)),
            Cell::Text(row.words.clone()),
            Cell::Text(row.by.clone()),
            Cell::Day(day(row)),
        ]
    });
    let headers = [w::SITE, w::AS_FINAL, w::SHOULD_BE, w::CAUSE, w::WHO, w::DAY];
    Table::new(language, w::CORRECTIONS, &headers, rows.collect())
}

/// The sites that left the plan.
pub fn left(language: Language, rows: &[Withdrawal], day: impl Fn(&Withdrawal) -> NaiveDate) -> Table {
    let rows = rows.iter().map(|row| {
        vec![
            Cell::Text(row.name.clone()),
            Cell::Text(row.code.clone()),
            Cell::Text(row.region.name.clone()),
            Cell::Day(day(row)),
            Cell::Text(then(language, Some(row.stage), Some(row.percent))),
            Cell::Text(row.decision_number.clone()),
            Cell::Day(row.decided_on),
            Cell::Text(row.reason.clone()),
        ]
    });
    let headers = [w::SITE, w::CODE, w::TOWNSHIP, w::LEFT_ON, w::LAST_STAGE, w::DECISION, w::DECIDED_ON, w::REASON];
    Table::new(language, w::LEFT_SITES, &headers, rows.collect())
}

/// What a decision changed in a plan, each part as it was and as it is.
pub fn changed_words(language: Language, change: &PlanChange) -> String {
    let (before, after) = (&change.before, &change.after);
    let day = |day: Option<NaiveDate>| day.map_or_else(|| w::NOT_SET.in_language(language).to_owned(), |day| day_words(language, day));
    let text = |text: &str| if text.is_empty() { w::NOT_SET.in_language(language).to_owned() } else { text.to_owned() };
    let place = |plan: &Plan| format!("{} {}", plan.region.name, plan.address).trim().to_owned();
    let part = |name: Phrase, from: String, to: String| {
        let name = name.in_language(language);
        if from == to { format!("{name} {to}") } else { format!("{name} {from} → {to}") }
    };
    let mut parts = Vec::new();
    if before.start_on != after.start_on {
        parts.push(part(w::PLANNED_START, day(before.start_on), day(after.start_on)));
    }
    if before.finish_on != after.finish_on {
        parts.push(part(w::PLANNED_FINISH, day(before.finish_on), day(after.finish_on)));
    }
    if before.quota != after.quota {
        parts.push(part(w::SCOPE, text(&before.quota), text(&after.quota)));
    }
    if (&before.address, &before.region, before.position) != (&after.address, &after.region, after.position) {
        let metres = before.position.metres_to(after.position).round() as u32;
        let moved = w::MOVED_BY.filled(language, &[("metres", &metres)]);
        parts.push(format!("{}（{moved}）", part(w::LOCATION, place(before), place(after))));
    }
    parts.join("；")
}

/// The plans that were changed.
pub fn plan_changes(language: Language, rows: &[ChangeOfSite]) -> Table {
    let rows = rows.iter().map(|row| {
        vec![
            Cell::Text(row.name.clone()),
            Cell::Text(row.code.clone()),
            Cell::Text(changed_words(language, &row.change)),
            Cell::Text(row.change.decision_number.clone()),
            Cell::Day(row.change.decided_on),
            Cell::Text(row.change.reason.clone()),
        ]
    });
    let headers = [w::SITE, w::CODE, w::WHAT_CHANGED, w::DECISION, w::DECIDED_ON, w::REASON];
    Table::new(language, w::PLAN_CHANGES, &headers, rows.collect())
}
