//! What the year's report says: per project what was planned and completed, the course of the months, orders by unit, deputies' reports,
//! with the year before beside it. Pure.

use super::tables::{Cell, Table};
use super::words as w;
use crate::http::Language;
use crate::live_map::Course;

/// One project at the year's end, or now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectYear {
    pub number: i16,
    pub title: String,
    pub sites: i64,
    /// Sites whose planned finish has come: the one planned now, or when the year ended.
    pub planned: i64,
    pub completed: i64,
    pub in_progress: i64,
    pub struck_off: i64,
}

/// The year's orders to one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitYear {
    pub unit: String,
    pub issued: i64,
    pub accepted: i64,
    pub waiting: i64,
    pub key_supervision: i64,
    pub special_inquiry: i64,
}

/// What deputies did in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeputiesYear {
    pub deputies: i64,
    pub sites: i64,
    pub reports: i64,
    pub on_time: i64,
    /// Of the reports, those that staff entered for a deputy who could not.
    pub entered: i64,
    /// Reports that were owed for the closed months, and those of them that came.
    pub owed: i64,
    pub received: i64,
    /// Months from which a deputy was excused, each deputy's counted.
    pub excused: i64,
}

/// A year's numbers, without its course.
#[derive(Debug, Clone)]
pub struct YearFigures {
    pub projects: Vec<ProjectYear>,
    pub units: Vec<UnitYear>,
    pub deputies: DeputiesYear,
}

impl YearFigures {
    fn sum(&self, of: impl Fn(&ProjectYear) -> i64) -> i64 {
        self.projects.iter().map(of).sum()
    }

    pub fn sites(&self) -> i64 {
        self.sum(|project| project.sites)
    }

    pub fn planned(&self) -> i64 {
        self.sum(|project| project.planned)
    }

    pub fn completed(&self) -> i64 {
        self.sum(|project| project.completed)
    }

    fn orders(&self) -> i64 {
        self.units.iter().map(|unit| unit.issued).sum()
    }
}

/// The year's report.
#[derive(Debug)]
pub struct YearReport {
    pub year: i16,
    /// Whether December is final: sites, plans and orders are those of the year's end for ever. Reports returned later leave the count.
    pub is_final: bool,
    pub now: YearFigures,
    /// The year before, when it had projects.
    pub before: Option<YearFigures>,
    pub course: Course,
}

fn share(part: i64, whole: i64) -> Cell {
    Cell::Share(u32::try_from(part).unwrap_or(0), u32::try_from(whole).unwrap_or(0))
}

/// The main figures beside those of the year before.
pub fn headline(language: Language, report: &YearReport) -> Table {
    let row = |name: crate::pages::Phrase, of: &dyn Fn(&YearFigures) -> i64| {
        let (now, before) = (of(&report.now), report.before.as_ref().map(of));
        let name = Cell::Text(name.in_language(language).to_owned());
        let before_cells = before.map_or([Cell::Nothing, Cell::Nothing], |before| [Cell::Whole(before), Cell::Difference(now - before)]);
        let mut cells = vec![name, Cell::Whole(now)];
        cells.extend(before_cells);
        cells
    };
    let rows = vec![
        row(w::SITES, &YearFigures::sites),
        row(w::PLANNED_NOW, &YearFigures::planned),
        row(w::COMPLETED, &YearFigures::completed),
        row(w::STRUCK_OFF, &|year| year.sum(|project| project.struck_off)),
        row(w::ORDERS, &YearFigures::orders),
        row(w::OWED_LONG, &|year| year.deputies.owed),
        row(w::RECEIVED_OF_OWED, &|year| year.deputies.received),
        row(w::RECEIVED_LONG, &|year| year.deputies.reports),
        row(w::ON_TIME_LONG, &|year| year.deputies.on_time),
        row(w::ENTERED_LONG, &|year| year.deputies.entered),
        row(w::EXCUSED_MONTHS, &|year| year.deputies.excused),
    ];
    Table::new(language, w::FIGURES, &[w::INDICATOR, w::THIS_YEAR, w::LAST_YEAR, w::DIFFERENCE], rows)
}

/// Planned and completed, project by project, with the total under them.
pub fn projects(language: Language, figures: &YearFigures) -> Table {
    let row = |name: String, of: &dyn Fn(fn(&ProjectYear) -> i64) -> i64| {
        let (sites, completed) = (of(|project| project.sites), of(|project| project.completed));
        vec![
            Cell::Text(name),
            Cell::Whole(sites),
            Cell::Whole(of(|project| project.planned)),
            Cell::Whole(completed),
            Cell::Whole(of(|project| project.in_progress)),
            Cell::Whole(sites - completed - of(|project| project.in_progress)),
            share(completed, sites),
            Cell::Whole(of(|project| project.struck_off)),
        ]
    };
    let named = |project: &ProjectYear| w::NUMBERED.filled(language, &[("number", &project.number), ("title", &project.title)]);
    let mut rows: Vec<Vec<Cell>> = figures.projects.iter().map(|project| row(named(project), &|of| of(project))).collect();
    rows.push(row(w::WHOLE.in_language(language).to_owned(), &|of| figures.sum(of)));
    let headers = [w::PROJECT, w::SITES, w::PLANNED_NOW, w::COMPLETED, w::IN_PROGRESS, w::NOT_STARTED, w::COMPLETED_SHARE, w::STRUCK_OFF];
    Table { has_total: true, ..Table::new(language, w::BY_PROJECT_YEAR, &headers, rows) }
}

/// The year's orders, unit by unit.
pub fn orders(language: Language, figures: &YearFigures) -> Table {
    let rows = figures.units.iter().map(|unit| {
        vec![
            Cell::Text(unit.unit.clone()),
            Cell::Whole(unit.issued),
            Cell::Whole(unit.accepted),
            Cell::Whole(unit.waiting),
            Cell::Whole(unit.key_supervision),
            Cell::Whole(unit.special_inquiry),
        ]
    });
    let headers = [w::UNIT, w::ORDERS_ISSUED, w::ORDERS_ACCEPTED, w::WAITING, w::KEY_LEVEL, w::SPECIAL_LEVEL];
    Table::new(language, w::YEAR_ORDERS, &headers, rows.collect())
}

/// Everything the report says, as sheets.
pub fn sheets(language: Language, report: &YearReport) -> Vec<Table> {
    vec![headline(language, report), projects(language, &report.now), super::tables::course(language, &report.course), orders(language, &report.now)]
}
