//! The rows of a file that say something, each seen through its sheet's header.
//!
//! Titles, repeated headers, sums and footers are passed over, and the file's author is told so.

use serde::{Deserialize, Serialize};

use super::finding::{Finding, Severity};
use super::headers::{Columns, Meaning, Vocabulary, find_header};
use super::table::{Cell, Row, Sheet};
use super::words::is_total;

/// Where a row stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub sheet: String,
    pub row: u32,
}

impl Place {
    /// A finding about this row as a whole.
    pub fn finding(&self, severity: Severity, code: &str, value: &str) -> Finding {
        Finding::new(severity, code).at(&self.sheet, self.row).with_value(value)
    }
}

/// A header of the file and what it was taken for; None when the column is not used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnUse {
    pub sheet: String,
    pub header: String,
    /// Letter and header, such as `E 经度`.
    pub label: String,
    pub meaning: Option<Meaning>,
}

/// Names the columns of findings that only know what their column says.
pub fn name_columns(findings: &mut [Finding], uses: &[ColumnUse]) {
    for finding in findings.iter_mut().filter(|finding| finding.column.is_empty()) {
        let find = |meaning: Meaning| uses.iter().find(|column| column.sheet == finding.sheet && column.meaning == Some(meaning));
        let found = match finding.about {
            // Both coordinates may share a column.
            Some(Meaning::Longitude) => find(Meaning::Longitude).or_else(|| find(Meaning::Position)),
            Some(meaning) => find(meaning),
            None => None,
        };
        if let Some(column) = found {
            finding.column = column.label.clone();
        }
    }
}

/// A row and the columns of its sheet.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub sheet: &'a str,
    pub row: &'a Row,
    pub columns: &'a Columns,
}

impl Record<'_> {
    pub fn place(&self) -> Place {
        Place { sheet: self.sheet.to_owned(), row: self.row.number }
    }

    /// The cell of this meaning; an empty one when the file has no such column.
    pub fn cell(&self, meaning: Meaning) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.columns.find(meaning).map_or(EMPTY, |column| self.row.cell(column))
    }

    pub fn text(&self, meaning: Meaning) -> String {
        self.cell(meaning).text()
    }

    /// A finding about the cell of this meaning.
    pub fn finding(&self, severity: Severity, code: &str, meaning: Meaning) -> Finding {
        let label = self.columns.find(meaning).map(|column| self.columns.label(column)).unwrap_or_default();
        Finding::new(severity, code).at(self.sheet, self.row.number).in_column(&label, &self.text(meaning))
    }

    pub fn error(&self, code: &str, meaning: Meaning) -> Finding {
        self.finding(Severity::Error, code, meaning)
    }

    /// The text of the cell, or an error that it is missing or longer than `most` characters.
    pub fn required(&self, meaning: Meaning, what: (&str, &str), most: usize, findings: &mut Vec<Finding>) -> Option<String> {
        let text = self.text(meaning);
        if text.is_empty() || matches!(self.cell(meaning), Cell::Fault(_)) {
            let (zh, en) = what;
            findings.push(self.error("value_missing", meaning).say(
                format!("第 {} 行没有{zh}。请补填后重新导入；若本行不是数据，请删去。", self.row.number),
                format!("Row {} has no {en}. Fill it in, or delete the row if it holds no data.", self.row.number),
            ));
            return None;
        }
        self.optional(meaning, what, most, findings)
    }

    /// The text of the cell, empty when there is none; an error when it is longer than `most` characters.
    pub fn optional(&self, meaning: Meaning, what: (&str, &str), most: usize, findings: &mut Vec<Finding>) -> Option<String> {
        let text: String = self.text(meaning).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let fault = matches!(self.cell(meaning), Cell::Fault(_));
        let (zh, en) = what;
        if fault {
            findings.push(self.error("cell_fault", meaning).say(
                format!("{zh}一格是公式错误。请在表格中改正公式，或直接填写内容。"),
                format!("The {en} is a formula error. Mend the formula or write the value."),
            ));
            return None;
        }
        if text.chars().count() > most {
            findings.push(
                self.error("text_too_long", meaning)
                    .say(format!("{zh}超过 {most} 个字。请缩短。"), format!("The {en} is longer than {most} characters. Shorten it.")),
            );
            return None;
        }
        Some(text)
    }
}

/// A file seen through its headers.
#[derive(Debug, Default)]
pub struct Records<'a> {
    pub sheets: Vec<(Columns, &'a Sheet, usize)>,
    pub findings: Vec<Finding>,
    pub uses: Vec<ColumnUse>,
}

impl<'a> Records<'a> {
    /// Finds the header of each sheet; an error when no sheet has one with all of `needed` (each an alternative of meanings).
    pub fn of(sheets: &'a [Sheet], vocabulary: &Vocabulary, needed: &[(&[Meaning], &str)]) -> Self {
        let mut records = Self::default();
        for sheet in sheets {
            match find_header(sheet, vocabulary) {
                Some((index, columns)) => records.take_sheet(sheet, index, columns, needed),
                None if sheets.len() > 1 => records.findings.push(Finding::note("sheet_skipped").on_sheet(&sheet.name).say(
                    format!("工作表“{}”里没有找到表头，已跳过。", sheet.name),
                    format!("Sheet \"{}\" has no header that is understood and was skipped.", sheet.name),
                )),
                None => {}
            }
        }
        if records.sheets.is_empty() && !records.findings.iter().any(Finding::is_error) {
            records.findings.push(Finding::error("header_missing").say(
                "在前 10 行中没有找到表头。请确认文件里有一行列名，例如“项目名称、点位名称、所在镇街、经度、纬度、责任单位”。",
                "No header was found in the first ten rows. One row must name the columns, such as project, name, township, longitude, latitude, unit.",
            ));
        }
        records
    }

    fn take_sheet(&mut self, sheet: &'a Sheet, index: usize, columns: Columns, needed: &[(&[Meaning], &str)]) {
        for (column, header, meaning) in columns.all() {
            self.uses.push(ColumnUse { sheet: sheet.name.clone(), header: header.to_owned(), label: columns.label(column), meaning });
            if meaning.is_none() {
                self.findings.push(
                    Finding::note("column_unused")
                        .at(&sheet.name, sheet.rows[index].number)
                        .in_column(&columns.label(column), "")
                        .say(format!("“{header}”一列没有用到。"), format!("The column \"{header}\" is not used.")),
                );
            }
        }
        let missing: Vec<&str> = needed.iter().filter(|(any, _)| !any.iter().any(|&meaning| columns.has(meaning))).map(|(_, name)| *name).collect();
        if missing.is_empty() {
            self.sheets.push((columns, sheet, index));
            return;
        }
        let names = missing.join("、");
        self.findings.push(Finding::error("column_missing").at(&sheet.name, sheet.rows[index].number).say(
            format!("第 {} 行是表头，但缺少这些列：{names}。请补上后重新导入。", sheet.rows[index].number),
            format!("Row {} is the header but lacks these columns: {names}. Add them.", sheet.rows[index].number),
        ));
    }

    /// The rows that hold data; passing over others adds a note to `findings`.
    pub fn rows(&self, identity: &[Meaning], findings: &mut Vec<Finding>) -> Vec<Record<'_>> {
        let mut rows = Vec::new();
        for (columns, sheet, header) in &self.sheets {
            for row in &sheet.rows[header + 1..] {
                let record = Record { sheet: &sheet.name, row, columns };
                match reason_to_pass_over(&record, identity) {
                    None => rows.push(record),
                    Some((code, zh, en)) => {
                        let first = row.cells.iter().find(|cell| !cell.is_empty()).map(Cell::text).unwrap_or_default();
                        findings.push(
                            record
                                .place()
                                .finding(Severity::Note, code, &first)
                                .say(format!("第 {} 行{zh}，已跳过。", row.number), format!("Row {} {en} and was skipped.", row.number)),
                        );
                    }
                }
            }
        }
        if rows.is_empty() && !self.sheets.is_empty() {
            findings.push(Finding::error("no_rows").say("表头之下没有数据行。请检查文件。", "There are no rows below the header. Check the file."));
        }
        rows
    }
}

fn reason_to_pass_over(record: &Record<'_>, identity: &[Meaning]) -> Option<(&'static str, &'static str, &'static str)> {
    let row = record.row;
    let filled = row.cells.iter().filter(|cell| !cell.is_empty()).count();
    let first = row.cells.iter().find(|cell| !cell.is_empty()).map(Cell::text).unwrap_or_default();
    if is_total(&first) || identity.iter().any(|&meaning| is_total(&record.text(meaning))) {
        return Some(("total_skipped", "是合计行", "is a row of sums"));
    }
    if record.columns.is_said_again_by(row) {
        return Some(("header_repeated", "重复了表头", "repeats the header"));
    }
    if filled == 0 || row.merged_across > 0 && row.merged_across + 1 >= filled {
        return Some(("remark_skipped", "是合并单元格中的说明文字", "is a remark in merged cells"));
    }
    if filled <= 2 && identity.iter().all(|&meaning| record.cell(meaning).is_empty()) {
        return Some(("remark_skipped", "不像数据行", "does not look like data"));
    }
    None
}
