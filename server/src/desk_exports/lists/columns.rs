//! The columns of each list: how it is headed, where in a row of the desk's answer its value stands, and how that is written.

mod challenges;
mod left;
mod people;
mod sign_ins;

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use self::people::{of_accounts, of_duty, of_people, of_terms};
use self::sign_ins::of_sign_ins;
use super::super::codes::{Kind, code_words};
use super::super::model::DeskList;
use super::super::words as w;
use crate::bulletins::tables::{Cell, Table};
use crate::http::Language;
use crate::pages::Phrase;

/// How a value is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum As {
    Text,
    Whole,
    Day,
    /// An instant, to the minute.
    Moment,
    YesNo,
    /// A word of the interface description, as people say it.
    Code(Kind),
    /// Names of several, one after the other.
    Names,
    /// Rights: the role and its place.
    Grants,
}

pub(super) struct Column(Phrase, &'static str, As);

pub(super) const fn column(header: Phrase, at: &'static str, written: As) -> Column {
    Column(header, at, written)
}

/// The rows of `list` as a table headed in the reader's language.
pub fn tabled(list: DeskList, language: Language, rows: &[Value]) -> Table {
    let (name, columns) = (title(list), columns(list));
    let headers: Vec<Phrase> = columns.iter().map(|column| column.0).collect();
    let row = |row: &Value| columns.iter().map(|Column(_, at, written)| cell(row.pointer(at).unwrap_or(&Value::Null), *written, language)).collect();
    Table::new(language, name, &headers, rows.iter().map(row).collect())
}

fn cell(value: &Value, written: As, language: Language) -> Cell {
    let said = |phrase: Phrase| phrase.in_language(language).to_owned();
    match (written, value) {
        (As::YesNo, value) => Cell::Text(said(if matches!(value, Value::Bool(true)) { w::YES } else { w::NO })),
        (_, Value::Null) => Cell::Nothing,
        (As::Whole, value) => value.as_i64().map_or(Cell::Nothing, Cell::Whole),
        (As::Day, value) => value.as_str().and_then(|text| text.get(..10)?.parse::<NaiveDate>().ok()).map_or(Cell::Nothing, Cell::Day),
        (As::Moment, value) => {
            let at = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            at.map_or(Cell::Nothing, |at| Cell::Text(at.format("%Y-%m-%d %H:%M").to_string()))
        }
        (As::Code(kind), value) => Cell::Text(said(code_words(kind, value.as_str().unwrap_or("")))),
        (As::Names, value) => Cell::Text(names(value)),
        (As::Grants, value) => {
            let grant = |grant: &Value| {
                let role = said(code_words(Kind::Role, grant["role"].as_str().unwrap_or("")));
                let of = ["deputy", "unit", "station", "region"].iter().find_map(|what| grant[*what]["name"].as_str());
                of.map_or_else(|| role.clone(), |of| format!("{role}（{of}）"))
            };
            Cell::Text(value.as_array().into_iter().flatten().map(grant).collect::<Vec<_>>().join("、"))
        }
        (As::Text, Value::String(text)) => Cell::Text(text.clone()),
        (As::Text, other) => Cell::Text(other.to_string()),
    }
}

/// Names as strings, as things with a name, or as adopters.
fn names(value: &Value) -> String {
    let name = |each: &Value| -> Option<String> {
        let name = each.as_str().or_else(|| each["name"].as_str()).or_else(|| each["deputy"]["name"].as_str());
        name.map(str::to_owned)
    };
    value.as_array().into_iter().flatten().filter_map(name).collect::<Vec<_>>().join("、")
}

fn title(list: DeskList) -> Phrase {
    match list {
        DeskList::MonthParts => w::MONTH_PARTS,
        DeskList::MonthReports => w::MONTH_REPORTS,
        DeskList::Months => w::MONTHS,
        DeskList::Exceptions => w::EXCEPTIONS,
        DeskList::Corrections => w::CORRECTIONS,
        DeskList::Review => w::REVIEW,
        DeskList::AuditLog => w::AUDIT_LOG,
        DeskList::StrikeOffProposals => w::STRIKE_OFFS,
        DeskList::Challenges => w::CHALLENGES,
        DeskList::Orders => w::ORDERS,
        DeskList::Sites => w::SITES,
        DeskList::Offers => w::OFFERS,
        DeskList::HandOvers => w::HAND_OVERS,
        DeskList::Projects => w::PROJECTS,
        DeskList::Units => w::UNITS,
        DeskList::WithdrawnSites => w::WITHDRAWN_SITES,
        DeskList::Deputies => w::DEPUTIES,
        DeskList::Groups => w::GROUPS,
        DeskList::Stations => w::STATIONS,
        DeskList::Terms => w::TERMS,
        DeskList::TermDeputies => w::TERM_DEPUTIES,
        DeskList::TermAdoptions => w::TERM_ADOPTIONS,
        DeskList::SettingChanges => w::SETTING_CHANGES,
        DeskList::RegionMergers => w::REGION_MERGERS,
        DeskList::RegionNames => w::REGION_NAMES,
        DeskList::Joining => w::JOINING,
        DeskList::DutyFigures => w::DUTY_FIGURES,
        DeskList::DutyContests => w::DUTY_CONTESTS,
        DeskList::DutyRules => w::DUTY_RULES,
        DeskList::Deliveries => w::DELIVERIES,
        DeskList::Imports => w::IMPORTS,
        DeskList::Accounts => w::ACCOUNTS,
        DeskList::Notices => w::NOTICES,
        DeskList::SignInLocks => w::SIGN_IN_LOCKS,
        DeskList::Sessions => w::SESSIONS,
    }
}

fn columns(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::MonthParts | DeskList::MonthReports | DeskList::Review | DeskList::AuditLog => Vec::new(),
        DeskList::Months | DeskList::Exceptions | DeskList::Corrections => of_months(list),
        DeskList::StrikeOffProposals | DeskList::Orders | DeskList::Sites => of_sites(list),
        DeskList::Challenges => challenges::columns(),
        DeskList::Offers | DeskList::HandOvers => of_adoptions(list),
        DeskList::WithdrawnSites => left::columns(),
        DeskList::Projects | DeskList::Units | DeskList::RegionNames | DeskList::Imports => of_the_plan(list),
        DeskList::SettingChanges | DeskList::RegionMergers => of_the_county(list),
        DeskList::TermDeputies | DeskList::TermAdoptions => of_terms(list),
        DeskList::Deputies | DeskList::Groups | DeskList::Stations | DeskList::Terms => of_people(list),
        DeskList::Joining | DeskList::Accounts => of_accounts(list),
        DeskList::SignInLocks | DeskList::Sessions => of_sign_ins(list),
        DeskList::DutyFigures | DeskList::DutyContests | DeskList::DutyRules => of_duty(list),
        DeskList::Deliveries | DeskList::Notices => of_messages(list),
    }
}

fn of_months(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::Months => vec![
            column(w::MONTH, "/month", As::Text),
            column(w::STANDING, "/state", As::Code(Kind::MonthState)),
            column(w::OWED, "/owed", As::Whole),
            column(w::RECEIVED, "/received", As::Whole),
            column(w::ON_TIME, "/on_time", As::Whole),
            column(w::CLOSES_AT, "/closes_at", As::Moment),
            column(w::FINAL_AT, "/final_at", As::Moment),
        ],
        DeskList::Exceptions => vec![
            column(w::DEPUTY, "/deputy/name", As::Text),
            column(w::MONTH, "/month", As::Text),
            column(w::KIND, "/kind", As::Code(Kind::Exception)),
            column(w::REASON, "/reason", As::Text),
            column(w::MADE_BY, "/made_by", As::Text),
            column(w::MADE_AT, "/made_at", As::Moment),
            column(w::UNDONE_AT, "/undone_at", As::Moment),
            column(w::UNDONE_BY, "/undone_by", As::Text),
            column(w::UNDO_REASON, "/undo_reason", As::Text),
        ],
        _ => vec![
            column(w::MONTH, "/month", As::Text),
            column(w::CODE, "/site/code", As::Text),
            column(w::SITE, "/site/name", As::Text),
            column(w::STAGE_THEN, "/snapshot/stage", As::Code(Kind::Stage)),
            column(w::PERCENT_THEN, "/snapshot/percent", As::Whole),
            column(w::STAGE_RIGHT, "/should_be/stage", As::Code(Kind::Stage)),
            column(w::PERCENT_RIGHT, "/should_be/percent", As::Whole),
            column(w::WHAT_WAS_SAID, "/words", As::Text),
            column(w::MADE_BY, "/by", As::Text),
            column(w::MADE_AT, "/at", As::Moment),
        ],
    }
}

fn of_sites(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::StrikeOffProposals => vec![
            column(w::CODE, "/code", As::Text),
            column(w::SITE, "/name", As::Text),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::NOTE, "/note", As::Text),
            column(w::MADE_BY, "/proposed_by", As::Text),
            column(w::MADE_AT, "/proposed_at", As::Moment),
        ],
        DeskList::Orders => vec![
            column(w::NUMBER, "/number", As::Text),
            column(w::UNIT, "/unit/name", As::Text),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::STATE, "/state", As::Code(Kind::Order)),
            column(w::LEVEL, "/level", As::Code(Kind::OrderLevel)),
            column(w::ISSUED_ON, "/issued_on", As::Day),
            column(w::DUE_ON, "/due_on", As::Day),
            column(w::DAYS_LATE, "/days_overdue", As::Whole),
            column(w::SITES, "/sites", As::Names),
            column(w::WORDS, "/words", As::Text),
        ],
        _ => vec![
            column(w::CODE, "/code", As::Text),
            column(w::SITE, "/name", As::Text),
            column(w::PROJECT, "/project/title", As::Text),
            column(w::TOWNSHIP, "/region/name", As::Text),
            column(w::ADDRESS, "/address", As::Text),
            column(w::UNIT, "/unit/name", As::Text),
            column(w::STAGE, "/stage", As::Code(Kind::Stage)),
            column(w::PERCENT, "/percent", As::Whole),
            column(w::OVERDUE_RED, "/start_overdue", As::YesNo),
            column(w::OVERDUE_YELLOW, "/finish_overdue", As::YesNo),
            column(w::PLANNED_START, "/planned_start_on", As::Day),
            column(w::PLANNED_FINISH, "/planned_finish_on", As::Day),
            column(w::LAST_REPORT, "/last_report_at", As::Day),
            column(w::STRUCK_OFF_ON, "/struck_off_on", As::Day),
        ],
    }
}

fn of_adoptions(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::Offers => vec![
            column(w::CODE, "/site/code", As::Text),
            column(w::SITE, "/site/name", As::Text),
            column(w::TOWNSHIP, "/site/region/name", As::Text),
            column(w::PLACES, "/offer/places", As::Whole),
            column(w::FOR_REGION, "/offer/for_region/name", As::Text),
            column(w::FOR_GROUP, "/offer/for_group/name", As::Text),
            column(w::ADOPTERS, "/adopters", As::Names),
            column(w::WHAT_WAS_SAID, "/offer/words", As::Text),
            column(w::MADE_BY, "/offer/offered_by", As::Text),
            column(w::MADE_AT, "/offer/offered_at", As::Moment),
        ],
        _ => vec![
            column(w::CODE, "/site_code", As::Text),
            column(w::SITE, "/site/name", As::Text),
            column(w::FROM, "/from/name", As::Text),
            column(w::TO, "/to/name", As::Text),
            column(w::MADE_AT, "/at", As::Moment),
            column(w::REASON, "/reason", As::Code(Kind::HandOver)),
            column(w::WHAT_WAS_SAID, "/words", As::Text),
        ],
    }
}

fn of_the_plan(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::Projects => vec![
            column(w::YEAR, "/year", As::Whole),
            column(w::PROJECT_NUMBER, "/number", As::Whole),
            column(w::PROJECT, "/title", As::Text),
            column(w::LEAD_UNIT, "/lead_unit/name", As::Text),
            column(w::SITE_COUNT, "/sites", As::Whole),
        ],
        DeskList::Units => vec![
            column(w::UNIT, "/name", As::Text),
            column(w::PROJECT_COUNT, "/projects", As::Whole),
            column(w::OPEN_SITES, "/open_sites", As::Whole),
            column(w::HANDLERS, "/handlers", As::Whole),
            column(w::ENDED_ON, "/ended_on", As::Day),
        ],
        DeskList::RegionNames => vec![
            column(w::REGION_CODE, "/region/code", As::Text),
            column(w::PRESENT_NAME, "/region/name", As::Text),
            column(w::FORMER_NAME, "/name", As::Text),
            column(w::UNTIL_ON, "/until_on", As::Day),
            column(w::DECISION, "/decision_number", As::Text),
            column(w::REASON, "/reason", As::Text),
            column(w::MADE_AT, "/at", As::Moment),
        ],
        _ => vec![
            column(w::KIND, "/kind", As::Code(Kind::Import)),
            column(w::FILE_NAME, "/file_name", As::Text),
            column(w::MADE_AT, "/created_at", As::Moment),
            column(w::CONFIRMED_AT, "/confirmed_at", As::Moment),
            column(w::UNDONE_AT, "/undone_at", As::Moment),
            column(w::ROWS, "/rows", As::Whole),
            column(w::NEW, "/new", As::Whole),
            column(w::CHANGED, "/changed", As::Whole),
            column(w::UNCHANGED, "/unchanged", As::Whole),
        ],
    }
}

fn of_the_county(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::SettingChanges => vec![
            column(w::MADE_AT, "/at", As::Moment),
            column(w::SETTING, "/setting", As::Code(Kind::Setting)),
            column(w::BEFORE, "/before", As::Text),
            column(w::AFTER, "/after", As::Text),
            column(w::REASON, "/reason", As::Text),
            column(w::MADE_BY, "/by", As::Text),
            column(w::PROPOSED_BY, "/proposed_by", As::Text),
        ],
        _ => vec![
            column(w::FORMER_CODE, "/from/code", As::Text),
            column(w::FORMER_NAME, "/from/name", As::Text),
            column(w::REGION_CODE, "/into/code", As::Text),
            column(w::MERGED_INTO, "/into/name", As::Text),
            column(w::EFFECTIVE_ON, "/effective_on", As::Day),
            column(w::DECISION, "/decision_number", As::Text),
            column(w::REASON, "/reason", As::Text),
            column(w::SITE_COUNT, "/moved/sites", As::Whole),
            column(w::DEPUTY_COUNT, "/moved/deputies", As::Whole),
            column(w::MADE_AT, "/at", As::Moment),
        ],
    }
}

fn of_messages(list: DeskList) -> Vec<Column> {
    match list {
        DeskList::Deliveries => vec![
            column(w::KIND, "/kind", As::Code(Kind::Notice)),
            column(w::TO, "/to", As::Text),
            column(w::CHANNEL, "/channel", As::Code(Kind::Channel)),
            column(w::STANDING, "/state", As::Code(Kind::Delivery)),
            column(w::CODE, "/site/code", As::Text),
            column(w::SITE, "/site/name", As::Text),
            column(w::NUMBER, "/order/number", As::Text),
            column(w::MADE_AT, "/created_at", As::Moment),
            column(w::ATTEMPTS, "/attempts", As::Whole),
            column(w::SETTLED_AT, "/settled_at", As::Moment),
            column(w::READ_AT, "/read_at", As::Moment),
        ],
        _ => vec![
            column(w::KIND, "/kind", As::Code(Kind::Notice)),
            column(w::CODE, "/site/code", As::Text),
            column(w::SITE, "/site/name", As::Text),
            column(w::NUMBER, "/order/number", As::Text),
            column(w::WHAT_WAS_SAID, "/words", As::Text),
            column(w::MADE_AT, "/created_at", As::Moment),
            column(w::READ_AT, "/read_at", As::Moment),
        ],
    }
}
