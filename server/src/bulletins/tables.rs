//! The tables of figures, composed once for the page, the workbook and the CSV files. Pure; in the reader's language.

use super::words as w;
use crate::http::Language;
use crate::http::shapes::{Named, RegionRef};
pub use crate::http::table_file::{Cell, Table, percent};
use crate::live_map::{Breakdown, Counts, Course, Figures, MapState, Owing, Part};
use crate::pages::Phrase;
use crate::sites::model::ProjectRef;

impl Table {
    pub fn new(language: Language, name: Phrase, headers: &[Phrase], rows: Vec<Vec<Cell>>) -> Self {
        let headers = headers.iter().map(|header| header.in_language(language).to_owned()).collect();
        Self { name: name.in_language(language).to_owned(), headers, rows, has_total: false }
    }
}

/// What the figures are broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Project,
    Township,
    Unit,
}

impl By {
    pub const ALL: [Self; 3] = [Self::Project, Self::Township, Self::Unit];

    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "project" => Some(Self::Project),
            "township" => Some(Self::Township),
            "unit" => Some(Self::Unit),
            _ => None,
        }
    }

    pub fn title(self) -> Phrase {
        match self {
            Self::Project => w::BY_PROJECT,
            Self::Township => w::BY_TOWNSHIP,
            Self::Unit => w::BY_UNIT,
        }
    }

    pub fn heading(self) -> Phrase {
        match self {
            Self::Project => w::PROJECT,
            Self::Township => w::TOWNSHIP,
            Self::Unit => w::UNIT,
        }
    }

    /// The parts under their names, which also find a part in the month before.
    pub fn parts(self, parts: &Breakdown, language: Language) -> Vec<Part<String>> {
        match self {
            Self::Project => {
                named(&parts.projects, |project: &ProjectRef| w::NUMBERED.filled(language, &[("number", &project.number), ("title", &project.title)]))
            }
            Self::Township => named(&parts.townships, |region: &RegionRef| region.name.clone()),
            Self::Unit => named(&parts.units, |unit: &Named| unit.name.clone()),
        }
    }
}

fn named<Of>(parts: &[Part<Of>], name: impl Fn(&Of) -> String) -> Vec<Part<String>> {
    let part = |part: &Part<Of>| Part { of: name(&part.of), figures: part.figures, ranked: part.ranked };
    // A project of a year that this month knows nothing of has no row.
    parts.iter().filter(|part| part.figures.counts.sites > 0).map(part).collect()
}

fn whole(number: u32) -> Cell {
    Cell::Whole(number.into())
}

fn difference(now: u32, before: Option<u32>) -> Cell {
    before.map_or(Cell::Nothing, |before| Cell::Difference(i64::from(now) - i64::from(before)))
}

/// The month's main figures beside those of the month before.
pub fn headline(language: Language, now: Figures, before: Option<Figures>) -> Table {
    let row = |name: Phrase, of: &dyn Fn(&Figures) -> u32| {
        let (this, last) = (of(&now), before.as_ref().map(of));
        vec![Cell::Text(name.in_language(language).to_owned()), whole(this), last.map_or(Cell::Nothing, whole), difference(this, last)]
    };
    let share = |of: Option<Figures>| of.map_or(Cell::Nothing, |of| Cell::Share(of.counts.completed, of.counts.sites));
    let rows = vec![
        row(w::SITES, &|figures| figures.counts.sites),
        row(w::COMPLETED, &|figures| figures.counts.completed),
        row(w::IN_PROGRESS, &|figures| figures.counts.in_progress),
        row(w::NOT_STARTED, &|figures| figures.counts.not_started),
        vec![Cell::Text(w::COMPLETED_SHARE.in_language(language).to_owned()), share(Some(now)), share(before), Cell::Nothing],
        row(w::OVERDUE_RED, &|figures| figures.counts.overdue_red),
        row(w::OVERDUE_YELLOW, &|figures| figures.counts.overdue_yellow),
        row(w::STRUCK_OFF, &|figures| figures.counts.struck_off),
        row(w::SILENT, &|figures| figures.counts.silent),
        row(w::OWED_LONG, &|figures| figures.owing.owed),
        row(w::RECEIVED_LONG, &|figures| figures.owing.received),
        row(w::ON_TIME_LONG, &|figures| figures.owing.on_time),
    ];
    Table::new(language, w::FIGURES, &[w::INDICATOR, w::THIS_MONTH, w::LAST_MONTH, w::DIFFERENCE], rows)
}

/// How far the work is, part by part, with the total under them.
pub fn work(language: Language, by: By, now: &Breakdown, before: Option<&Breakdown>) -> Table {
    let earlier = before.map(|before| by.parts(before, language));
    let completed_before = |name: &str| Some(earlier.as_ref()?.iter().find(|part| part.of == name)?.figures.counts.completed);
    let mut rows: Vec<Vec<Cell>> =
        by.parts(now, language).into_iter().map(|part| work_row(completed_before(&part.of), part.of, part.figures.counts)).collect();
    rows.push(work_row(before.map(|before| before.whole.counts.completed), w::WHOLE.in_language(language).to_owned(), now.whole.counts));
    let headers = [
        by.heading(),
        w::SITES,
        w::COMPLETED,
        w::COMPLETED_MORE,
        w::IN_PROGRESS,
        w::NOT_STARTED,
        w::COMPLETED_SHARE,
        w::OVERDUE_RED,
        w::OVERDUE_YELLOW,
        w::STRUCK_OFF,
    ];
    Table { has_total: true, ..Table::new(language, by.title(), &headers, rows) }
}

fn work_row(completed_before: Option<u32>, name: String, counts: Counts) -> Vec<Cell> {
    vec![
        Cell::Text(name),
        whole(counts.sites),
        whole(counts.completed),
        difference(counts.completed, completed_before),
        whole(counts.in_progress),
        whole(counts.not_started),
        Cell::Share(counts.completed, counts.sites),
        whole(counts.overdue_red),
        whole(counts.overdue_yellow),
        whole(counts.struck_off),
    ]
}

/// What was reported, part by part, with the total under them.
pub fn reporting(language: Language, by: By, now: &Breakdown) -> Table {
    let row = |name: String, figures: Figures| {
        let Owing { owed, received, on_time } = figures.owing;
        vec![Cell::Text(name), whole(owed), whole(received), whole(on_time), whole(figures.counts.silent)]
    };
    let mut rows: Vec<Vec<Cell>> = by.parts(now, language).into_iter().map(|part| row(part.of, part.figures)).collect();
    rows.push(row(w::WHOLE.in_language(language).to_owned(), now.whole));
    let headers = [by.heading(), w::OWED, w::RECEIVED, w::ON_TIME, w::SILENT];
    Table { has_total: true, ..Table::new(language, w::REPORTING, &headers, rows) }
}

/// Everything that is known of each part, side by side: the table under the charts and the file made from it.
pub fn everything(language: Language, by: By, now: &Breakdown) -> Table {
    let work = work(language, by, now, None);
    let reporting = reporting(language, by, now);
    // The work without the difference to a month before, then the reporting without the name.
    let joined = |work: Vec<Cell>, reporting: Vec<Cell>| {
        let kept = work.into_iter().enumerate().filter(|(column, _)| *column != 3).map(|(_, cell)| cell);
        kept.chain(reporting.into_iter().skip(1)).collect()
    };
    let headers = work.headers.into_iter().enumerate().filter(|(column, _)| *column != 3).map(|(_, header)| header);
    Table {
        name: work.name,
        headers: headers.chain(reporting.headers.into_iter().skip(1)).collect(),
        rows: work.rows.into_iter().zip(reporting.rows).map(|(work, reporting)| joined(work, reporting)).collect(),
        has_total: true,
    }
}

/// The year's course, month by month.
pub fn course(language: Language, course: &Course) -> Table {
    let state = |state: MapState| match state {
        MapState::Final => w::STATE_FINAL,
        MapState::Provisional => w::STATE_PROVISIONAL,
        MapState::Live => w::STATE_LIVE,
    };
    let rows = course.months.iter().map(|month| {
        let figures = |of: &dyn Fn(&Figures) -> u32| month.figures.as_ref().map_or(Cell::Nothing, |figures| whole(of(figures)));
        vec![
            Cell::Text(month.month.to_string()),
            month.state.map_or(Cell::Nothing, |known| Cell::Text(state(known).in_language(language).to_owned())),
            figures(&|figures| figures.counts.sites),
            figures(&|figures| figures.counts.completed),
            figures(&|figures| figures.counts.in_progress),
            figures(&|figures| figures.counts.not_started),
            whole(month.planned_original),
            whole(month.planned_current),
            figures(&|figures| figures.owing.owed),
            figures(&|figures| figures.owing.received),
            figures(&|figures| figures.owing.on_time),
        ]
    });
    let headers = [
        w::MONTH,
        w::STATE,
        w::SITES,
        w::COMPLETED,
        w::IN_PROGRESS,
        w::NOT_STARTED,
        w::PLANNED_ORIGINAL,
        w::PLANNED_CURRENT,
        w::OWED,
        w::RECEIVED,
        w::ON_TIME,
    ];
    Table::new(language, w::COURSE, &headers, rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_rounded_up_to_whole() {
        assert_eq!(percent(207, 208), "99%");
        assert_eq!(percent(208, 208), "100%");
        assert_eq!(percent(0, 3), "0%");
        assert_eq!(percent(0, 0), "—");
    }

    #[test]
    fn the_month_before_is_beside_each_figure_and_missing_when_there_was_none() {
        let figures = |completed| Figures { counts: Counts { sites: 10, completed, ..Counts::default() }, ..Figures::default() };
        let table = headline(Language::English, figures(7), Some(figures(9)));
        assert_eq!(table.rows[1], [Cell::Text("Completed".to_owned()), Cell::Whole(7), Cell::Whole(9), Cell::Difference(-2)]);
        let first = headline(Language::Chinese, figures(7), None);
        assert_eq!(first.rows[1], [Cell::Text("已完成".to_owned()), Cell::Whole(7), Cell::Nothing, Cell::Nothing]);
    }
}
