//! The lists that are computed: the month taken apart, its reports, the review list, the audit log.

use serde::Deserialize;

use super::{Asker, query};
use crate::audit_log::{AuditQuery, audit_table};
use crate::bulletins::tables::{Cell, Table};
use crate::desk_exports::codes::{Kind, code_words};
use crate::desk_exports::model::WantedList;
use crate::desk_exports::words as w;
use crate::http::{Problem, QueryOf};
use crate::months::cockpit::{Names, look};
use crate::months::model::Obligation;
use crate::months::tally::{By, ReportStanding};
use crate::pages::Phrase;
use crate::pages::signs::{stage_word, way_word};
use crate::sites;
use crate::supervision::{filters::ReviewQuery, model::review_scope, review_routes::ranked};

fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

pub async fn month_parts(asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    let by = wanted.by.as_ref().and_then(|by| By::from_name(by.as_str()));
    let (zh, en) = ("应为 group、township、project 或 deputy", "Expected group, township, project or deputy");
    let by = by.ok_or_else(|| Problem::field("wanted.by", "unknown", zh, en))?;
    let connection = &mut *asker.map.platform().pool.acquire().await?;
    let month = asker.month(wanted);
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

/// Which rows of the month stand behind a figure: the figure, and the part of it that it was asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Behind {
    figure: Option<Figure>,
    by: Option<String>,
    /// The key of the part: a group's, project's or deputy's number, a township's code.
    part: Option<String>,
}

/// A figure of the cockpit.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Figure {
    Owed,
    Received,
    OnTime,
    Late,
    Missing,
    Excused,
}

impl Figure {
    fn counts(self, standing: ReportStanding) -> bool {
        use ReportStanding::{Excused, Late, Missing, OnTime};
        match self {
            Self::Owed => standing != Excused,
            Self::Received => matches!(standing, OnTime | Late),
            Self::OnTime => standing == OnTime,
            Self::Late => standing == Late,
            Self::Missing => standing == Missing,
            Self::Excused => standing == Excused,
        }
    }
}

impl Behind {
    /// The part that is asked for; `None` is the whole.
    fn part(&self) -> Result<Option<(By, &str)>, Problem> {
        let unknown = || Problem::field("wanted.filters", "unreadable", "筛选条件读不出来", "The filters cannot be read");
        match (self.by.as_deref(), self.part.as_deref()) {
            (None, None) => Ok(None),
            // The part of deputies without a group has no key, and an address leaves out what is empty.
            (Some(by), part) => Ok(Some((By::from_name(by).ok_or_else(unknown)?, part.unwrap_or("")))),
            (None, Some(_)) => Err(unknown()),
        }
    }

    fn wants(&self, part: Option<(By, &str)>, one: &Obligation) -> bool {
        self.figure.is_none_or(|figure| figure.counts(one.standing())) && part.is_none_or(|(by, key)| by.key(one) == key)
    }
}

pub async fn month_reports(asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    let connection = &mut *asker.map.platform().pool.acquire().await?;
    let month = asker.month(wanted);
    let seen = look(connection, asker.county, asker.actor, month, asker.now).await?;
    let names = Names::read(connection, asker.county, &seen.obligations).await?;
    let standing = |standing: ReportStanding| match standing {
        ReportStanding::OnTime => w::ON_TIME,
        ReportStanding::Late => w::LATE,
        ReportStanding::Missing => w::MISSING,
        ReportStanding::Excused => w::EXCUSED,
    };
    let QueryOf(behind) = query::<Behind>(wanted.filters.as_ref().map_or("", |filters| filters.as_str())).await?;
    let part = behind.part()?;
    let rows = seen.obligations.iter().filter(|one| behind.wants(part, one)).map(|one| {
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
            one.came_by.map_or(Cell::Nothing, |how| text(way_word(how).in_language(asker.language))),
        ]
    });
    let headers = [w::DEPUTY, w::GROUP, w::CODE, w::SITE, w::PROJECT, w::TOWNSHIP, w::STANDING, w::RECEIVED_ON, w::ENTERED];
    Ok(Table::new(asker.language, w::MONTH_REPORTS, &headers, rows.collect()))
}

pub async fn review(asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    let scope = review_scope(asker.actor).ok_or_else(Problem::forbidden)?;
    let filters = wanted.filters.as_ref().map_or("", |filters| filters.as_str());
    let QueryOf(query) = query::<ReviewQuery>(filters).await?;
    // A file has the places in the whole list, whatever was asked for.
    let query = ReviewQuery { unranked: None, ..query };
    let connection = &mut *asker.map.platform().pool.acquire().await?;
    let (ranked, _) = ranked(connection, asker.county, (&scope, &query), asker.now).await?;
    let ids: Vec<_> = ranked.iter().map(|row| row.facts.site_id).collect();
    let mut sites: std::collections::HashMap<_, _> =
        sites::store::list_sites(connection, asker.county.county_id, Some(&ids)).await?.into_iter().map(|site| (site.site_id, site)).collect();
    let say = |phrase: Phrase| phrase.in_language(asker.language).to_owned();
    let rows = ranked.into_iter().filter_map(|row| {
        let site = sites.remove(&row.facts.site_id)?;
        let reasons: Vec<String> = row.reasons.iter().map(|reason| say(code_words(Kind::Reason, reason.code.as_str()))).collect();
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

pub async fn audit(asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    let QueryOf(query) = query::<AuditQuery>(wanted.filters.as_ref().map_or("", |filters| filters.as_str())).await?;
    let connection = &mut *asker.map.platform().pool.acquire().await?;
    audit_table(connection, asker.county, (asker.actor, asker.language), query).await
}
