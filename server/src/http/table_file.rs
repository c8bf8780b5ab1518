//! A table as a file, for whoever takes one out: a workbook of several, or the CSV of one.
//!
//! Text is written as text whatever it begins with; only our own numbers and dates are numbers and dates.

use chrono::NaiveDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text::formula_safe;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Csv,
    Xlsx,
}

impl FileKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Nothing,
    Text(String),
    Whole(i64),
    /// A number with its sign: how much more or less than before.
    Difference(i64),
    /// A part and its whole: shown as a share, never without both.
    Share(u32, u32),
    Day(NaiveDate),
}

/// A table with a name, headers, and rows of as many cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub name: String,
    pub headers: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether the last row sums up the others.
    pub has_total: bool,
}

/// A share in whole percent, rounded down: all but one completed is not 100 %.
pub fn percent(part: u32, whole: u32) -> String {
    match u64::from(part) * 100 {
        _ if whole == 0 => "—".to_owned(),
        hundredfold => format!("{}%", hundredfold / u64::from(whole)),
    }
}

/// Characters to which a column grows with its content.
const WIDEST: usize = 60;

/// The tables as sheets, in their order.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let formats = Formats::new();
    for table in tables {
        let sheet = book.add_worksheet().set_name(&table.name)?;
        write_sheet(sheet, table, &formats)?;
    }
    book.save_to_buffer()
}

struct Formats {
    bold: Format,
    share: Format,
    day: Format,
    difference: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            bold: Format::new().set_bold(),
            share: Format::new().set_num_format("0.0%"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            difference: Format::new().set_num_format("+0;-0;0"),
        }
    }
}

fn write_sheet(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<(), XlsxError> {
    for (header, column) in table.headers.iter().zip(0..) {
        sheet.write_string_with_format(0, column, header, &formats.bold)?;
        sheet.set_column_width(column, width(table, column.into()) as f64)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    for (cells, row) in table.rows.iter().zip(1..) {
        for (cell, column) in cells.iter().zip(0..) {
            write_cell(sheet, (row, column), cell, formats)?;
        }
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Nothing => {}
        Cell::Text(text) => {
            // What a cell of a workbook can hold.
            sheet.write_string(row, column, text.chars().take(32_767).collect::<String>())?;
        }
        Cell::Whole(number) => {
            sheet.write_number(row, column, *number as f64)?;
        }
        Cell::Difference(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &formats.difference)?;
        }
        // A share of nothing is no number.
        Cell::Share(_, 0) => {}
        Cell::Share(part, whole) => {
            sheet.write_number_with_format(row, column, f64::from(*part) / f64::from(*whole), &formats.share)?;
        }
        Cell::Day(day) => {
            sheet.write_datetime_with_format(row, column, ExcelDateTime::parse_from_str(&day.to_string())?, &formats.day)?;
        }
    }
    Ok(())
}

/// As wide as its widest text, Chinese characters counting twice.
fn width(table: &Table, column: usize) -> usize {
    let cells = table.rows.iter().filter_map(|row| row.get(column)).map(shown);
    let widest = cells.chain([table.headers[column].clone()]).map(|text| text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum());
    widest.max().unwrap_or(8).clamp(8, WIDEST) + 2
}

/// A cell as text.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Whole(number) => number.to_string(),
        Cell::Difference(number) => format!("{number:+}"),
        Cell::Share(part, whole) => percent(*part, *whole),
        Cell::Day(day) => day.to_string(),
    }
}

/// One table as CSV, with the mark that lets Excel read UTF-8 as what it is.
pub fn csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
    csv_of(table, &[])
}

/// The same, with the rows of `after` under it, apart from it by an empty line.
pub fn csv_with(table: &Table, after: &Table) -> Result<Vec<u8>, csv::Error> {
    csv_of(table, &after.rows)
}

fn csv_of(table: &Table, after: &[Vec<Cell>]) -> Result<Vec<u8>, csv::Error> {
    let mark = b"\xEF\xBB\xBF".to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(mark);
    writer.write_record(&table.headers)?;
    let apart = if after.is_empty() { None } else { Some(vec![Cell::Nothing]) };
    for row in table.rows.iter().chain(&apart).chain(after) {
        // Only text can hold somebody's formula.
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => formula_safe(text),
            other => shown(other),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::from(error.into_error().kind())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            name: "按单位".to_owned(),
            headers: vec!["单位".to_owned(), "点位".to_owned(), "完成率".to_owned()],
            rows: vec![vec![Cell::Text("=HYPERLINK(\"http://x\")".to_owned()), Cell::Whole(3), Cell::Share(1, 3)]],
            has_total: false,
        }
    }

    #[test]
    fn a_workbook_holds_no_formula() {
        use calamine::{Data, Reader, Xlsx};
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(workbook(&[table()]).expect("bytes"))).expect("a workbook");
        assert!(book.worksheet_formula("按单位").expect("formulas").is_empty());
        let range = book.worksheet_range("按单位").expect("a sheet");
        assert_eq!(range.get((1, 0)), Some(&Data::String("=HYPERLINK(\"http://x\")".to_owned())));
        assert_eq!(range.get((1, 1)), Some(&Data::Float(3.0)));
    }

    #[test]
    fn csv_has_the_mark_and_no_formula() {
        let text = String::from_utf8(csv(&table()).expect("bytes")).expect("text");
        assert_eq!(text, "\u{feff}单位,点位,完成率\r\n\"'=HYPERLINK(\"\"http://x\"\")\",3,33%\r\n");
    }
}
