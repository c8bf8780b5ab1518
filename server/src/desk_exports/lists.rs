//! The lists as tables, each read as the desk reads it, with the rights of whoever asks.

use axum::extract::Query;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{DeskList, WantedList};
use super::words::{self as w, spoken};
use crate::accounts::Actor;
use crate::bulletins::tables::{Cell, Table};
use crate::county::County;
use crate::http::{Language, Problem};
use crate::months::cockpit::{Names, look};
use crate::months::tally::{By, ReportStanding};
use crate::orders::model::{number_words, order_scope};
use crate::orders::store::read::{Wanted, list_orders};
use crate::pages::Phrase;
use crate::pages::signs::stage_word;
use crate::sites;
use crate::supervision::{filters::ReviewQuery, model::review_scope, review_routes::ranked};

/// Who asks, in which language, and when.
pub struct Asker<'a> {
    pub actor: &'a Actor,
    pub county: &'a County,
    pub language: Language,
    pub now: DateTime<Utc>,
}

/// The list as the person sees it now.
pub async fn read(connection: &mut PgConnection, asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    match wanted.list {
        DeskList::MonthParts => month_parts(connection, asker, wanted).await,
        DeskList::MonthReports => month_reports(connection, asker, wanted).await,
        DeskList::Review => review(connection, asker, wanted).await,
        DeskList::Orders => orders(connection, asker).await,
    }
}

fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

async fn month_parts(connection: &mut PgConnection, asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    let by = wanted.by.as_ref().and_then(|by| By::from_name(by.as_str()));
    let (zh, en) = ("应为 group、township、project 或 deputy", "Expected group, township, project or deputy");
    let by = by.ok_or_else(|| Problem::field("wanted.by", "unknown", zh, en))?;
    let month = wanted.month.unwrap_or_else(|| asker.county.month_at(asker.now));
    let seen = look(connection, asker.county, asker.actor, month, asker.now).await?;
    let names = Names::read(connection, asker.county, &seen.obligations).await?;
    let rows = names.parts(&seen.obligations, by).into_iter().map(|part| {
        let tally = part.tally;
        let name = if part.name.is_empty() { w::NO_GROUP.in_language(asker.language).to_owned() } else { part.name };
        let numbers = [tally.figures.owed, tally.figures.received, tally.figures.on_time, tally.late, tally.missing, tally.excused];
        [text(name)].into_iter().chain(numbers.map(Cell::Whole)).collect()
    });
    let heading = match by {
        By::Group => w::GROUP,
        By::Township => w::TOWNSHIP,
        By::Project => w::PROJECT,
        By::Deputy => w::DEPUTY,
    };
    let headers = [heading, w::OWED, w::RECEIVED, w::ON_TIME, w::LATE, w::MISSING, w::EXCUSED];
    Ok(Table::new(asker.language, w::MONTH_PARTS, &headers, rows.collect()))
}

async fn month_reports(connection: &mut PgConnection, asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    let month = wanted.month.unwrap_or_else(|| asker.county.month_at(asker.now));
    let seen = look(connection, asker.county, asker.actor, month, asker.now).await?;
    let names = Names::read(connection, asker.county, &seen.obligations).await?;
    let standing = |standing: ReportStanding| match standing {
        ReportStanding::OnTime => w::ON_TIME,
        ReportStanding::Late => w::LATE,
        ReportStanding::Missing => w::MISSING,
        ReportStanding::Excused => w::EXCUSED,
    };
    let rows = seen.obligations.iter().map(|one| {
        let named = |by: By| text(names.name(by, &by.key(one)).unwrap_or_default());
        vec![
            text(&one.deputy_name),
            named(By::Group),
            text(&one.site_code),
            text(&one.site_name),
            named(By::Project),
            named(By::Township),
            text(standing(one.standing()).in_language(asker.language)),
            one.received_at.map_or(Cell::Nothing, |at| Cell::Day(asker.county.date_at(at))),
        ]
    });
    let headers = [w::DEPUTY, w::GROUP, w::CODE, w::SITE, w::PROJECT, w::TOWNSHIP, w::STANDING, w::RECEIVED_ON];
    Ok(Table::new(asker.language, w::MONTH_REPORTS, &headers, rows.collect()))
}

async fn review(connection: &mut PgConnection, asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    let scope = review_scope(asker.actor).ok_or_else(Problem::forbidden)?;
    let filters = wanted.filters.as_ref().map_or("", |filters| filters.as_str());
    let unreadable = || Problem::field("wanted.filters", "unreadable", "筛选条件读不出来", "The filters cannot be read");
    let address: axum::http::Uri = format!("/?{filters}").parse().map_err(|_| unreadable())?;
    let Query(query) = Query::<ReviewQuery>::try_from_uri(&address).map_err(|_| unreadable())?;
    let (ranked, _) = ranked(connection, asker.county, (&scope, &query), asker.now).await?;
    let ids: Vec<_> = ranked.iter().map(|row| row.facts.site_id).collect();
    let mut sites: std::collections::HashMap<_, _> =
        sites::store::list_sites(connection, asker.county.county_id, Some(&ids)).await?.into_iter().map(|site| (site.site_id, site)).collect();
    let say = |phrase: Phrase| phrase.in_language(asker.language).to_owned();
    let rows = ranked.into_iter().filter_map(|row| {
        let site = sites.remove(&row.facts.site_id)?;
        let reasons: Vec<String> = row.reasons.iter().map(|reason| say(spoken(reason.code.as_str()))).collect();
        let adopters: Vec<String> = site.adopters.iter().map(|adopter| adopter.name.clone()).collect();
        Some(vec![
            Cell::Whole(i64::try_from(row.rank).unwrap_or(i64::MAX)),
            text(site.code),
            text(site.name),
            text(site.project.title),
            text(site.region.name),
            text(site.unit.name),
            text(say(stage_word(site.stage))),
            text(reasons.join("、")),
            row.days_late().map_or(Cell::Nothing, Cell::Whole),
            Cell::Whole(row.score),
            Cell::Whole(row.facts.reminders),
            row.facts.last_reminded_at.map_or(Cell::Nothing, |at| Cell::Day(asker.county.date_at(at))),
            Cell::Whole(row.facts.open_orders),
            text(adopters.join("、")),
        ])
    });
    let headers = [
        w::RANK,
        w::CODE,
        w::SITE,
        w::PROJECT,
        w::TOWNSHIP,
        w::UNIT,
        w::STAGE,
        w::REASONS,
        w::DAYS_LATE,
        w::SCORE,
        w::REMINDERS,
        w::LAST_REMINDED,
        w::OPEN_ORDERS,
        w::ADOPTERS,
    ];
    Ok(Table::new(asker.language, w::REVIEW, &headers, rows.collect()))
}

async fn orders(connection: &mut PgConnection, asker: &Asker<'_>) -> Result<Table, Problem> {
    const MOST: usize = 100_000;
    let scope = order_scope(asker.actor).ok_or_else(Problem::forbidden)?;
    let wanted = Wanted { scope: Some(scope), limit: MOST, ..Wanted::default() };
    let say = |phrase: Phrase| text(phrase.in_language(asker.language));
    let rows = list_orders(connection, asker.county.county_id, &wanted).await?.into_iter().map(|order| {
        vec![
            text(number_words(&order.prefix, order.year, order.number)),
            text(order.unit.name),
            text(order.region.name),
            say(spoken(order.state.as_str())),
            say(spoken(order.level.as_str())),
            Cell::Day(asker.county.date_at(order.issued_at)),
            Cell::Day(order.due_on),
            text(order.words),
        ]
    });
    let headers = [w::NUMBER, w::UNIT, w::TOWNSHIP, w::STATE, w::LEVEL, w::ISSUED_ON, w::DUE_ON, w::WORDS];
    Ok(Table::new(asker.language, w::ORDERS, &headers, rows.collect()))
}
