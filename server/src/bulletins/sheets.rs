//! The sheets of the bulletin's workbook.

use chrono::{DateTime, Utc};

use super::beside;
use super::model::{Bulletin, ChangedSite};
use super::tables::{self, By, Cell, Table};
use super::view::{cause, state_words};
use super::words as w;
use crate::county::County;
use crate::glossary;
use crate::http::Language;
use crate::live_map::ShownSite;
use crate::pages::parts::month_words;
use crate::pages::signs::stage_word;

/// Everything the bulletin says, as tables, headed by what it is and when the file was made.
pub fn sheets(language: Language, county: &County, bulletin: &Bulletin, now: DateTime<Utc>) -> Vec<Table> {
    let before = bulletin.previous.as_ref().map(|(_, parts)| parts);
    let mut sheets = vec![made(language, county, bulletin, now), tables::headline(language, bulletin.parts.whole, bulletin.whole_before())];
    sheets.extend(By::ALL.map(|by| tables::work(language, by, &bulletin.parts, before)));
    sheets.push(changed(language, county, &bulletin.changed));
    sheets.push(overdue(language, bulletin));
    sheets.push(tables::reporting(language, By::Township, &bulletin.parts));
    sheets.push(listed(language, w::SILENT_SITES, &bulletin.silent));
    sheets.push(listed(language, w::STRUCK_OFF_SITES, &bulletin.struck_off));
    let aside = &bulletin.beside;
    if !aside.left.is_empty() {
        sheets.push(beside::left(language, &aside.left, |row| county.date_at(row.at)));
    }
    if !aside.plan_changes.is_empty() {
        sheets.push(beside::plan_changes(language, &aside.plan_changes));
    }
    sheets.push(beside::order_counts(language, &bulletin.beside));
    sheets.push(beside::order_steps(language, &bulletin.beside.orders));
    sheets.push(beside::thanks(language, &bulletin.beside.thanked));
    sheets.push(beside::corrections(language, &bulletin.beside.corrections, |row| county.date_at(row.made_at)));
    sheets.push(meanings(language));
    sheets
}

/// What the file is of, and when it was made, as the county counts time.
fn made(language: Language, county: &County, bulletin: &Bulletin, now: DateTime<Utc>) -> Table {
    let row = |item: crate::pages::Phrase, said: String| vec![text(item.in_language(language)), Cell::Text(said)];
    let rows = vec![
        row(w::COUNTY, county.name.clone()),
        row(w::MONTH, month_words(language, bulletin.month)),
        row(w::STATE, state_words(bulletin.state).in_language(language).to_owned()),
        row(w::MADE_AT, county.local(now).format("%Y-%m-%d %H:%M").to_string()),
    ];
    Table::new(language, w::MADE, &[w::ITEM, w::CONTENT], rows)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn changed(language: Language, county: &County, changed: &[ChangedSite]) -> Table {
    let rows = changed.iter().map(|changed| {
        let causes: Vec<String> = changed.changes.iter().map(|change| cause(language, county, change)).collect();
        vec![
            text(&changed.site.code),
            text(&changed.site.name),
            text(&changed.site.project.title),
            text(&changed.site.region.name),
            text(&changed.site.unit.name),
            text(stage_word(changed.from).in_language(language)),
            text(stage_word(changed.to).in_language(language)),
            Cell::Text(causes.join("；")),
        ]
    });
    let headers = [w::CODE, w::SITE, w::PROJECT, w::TOWNSHIP, w::UNIT, w::FROM, w::TO, w::CAUSE];
    Table::new(language, w::CHANGED, &headers, rows.collect())
}

fn overdue(language: Language, bulletin: &Bulletin) -> Table {
    let day = |day: Option<chrono::NaiveDate>| day.map_or(Cell::Nothing, Cell::Day);
    let rows = bulletin.overdue_red.iter().chain(&bulletin.overdue_yellow).map(|shown| {
        let mut row = place(shown);
        row.extend([
            text(stage_word(shown.site.stage).in_language(language)),
            day(shown.site.planned_start_on),
            day(shown.site.planned_finish_on),
            day(shown.site.original_planned_start_on),
            day(shown.site.original_planned_finish_on),
        ]);
        row
    });
    let headers = [
        w::CODE,
        w::SITE,
        w::PROJECT,
        w::TOWNSHIP,
        w::UNIT,
        w::STAGE,
        w::PLANNED_START,
        w::PLANNED_FINISH,
        w::FIRST_PLANNED_START,
        w::FIRST_PLANNED_FINISH,
    ];
    Table::new(language, w::OVERDUE, &headers, rows.collect())
}

fn listed(language: Language, name: crate::pages::Phrase, sites: &[ShownSite]) -> Table {
    let rows = sites.iter().map(|shown| {
        let mut row = place(shown);
        row.push(text(stage_word(shown.site.stage).in_language(language)));
        row.push(shown.site.struck_off_on.map_or(Cell::Nothing, Cell::Day));
        row
    });
    let headers = [w::CODE, w::SITE, w::PROJECT, w::TOWNSHIP, w::UNIT, w::STAGE, w::STRUCK_OFF_ON];
    Table::new(language, name, &headers, rows.collect())
}

fn place(shown: &ShownSite) -> Vec<Cell> {
    let site = &shown.site;
    vec![text(&site.code), text(&site.name), text(&site.project.title), text(&site.region.name), text(&site.unit.name)]
}

fn meanings(language: Language) -> Table {
    let rows = glossary::entries().iter().map(|entry| entry.said(language)).map(|said| vec![text(said.word), text(said.meaning)]);
    Table::new(language, w::MEANINGS, &[w::WORD, w::MEANING], rows.collect())
}
