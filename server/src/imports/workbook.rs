//! Excel workbooks (.xlsx): the values that were last saved, with merged cells carried over what they cover.
//!
//! A workbook is a ZIP of XML and may be built to exhaust the server, so every part is unpacked once under a cap, and looked at for
//! document type declarations, before the parser sees it. Formulas are never computed and external entities never followed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};
use chrono::NaiveDate;

use super::finding::Finding;
use super::table::{self, Cell, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Sheet};

/// Most bytes all parts of a workbook may have together when unpacked.
const MOST_UNPACKED: u64 = 128 * 1024 * 1024;
const MOST_PARTS: usize = 2_000;
const MOST_SHEETS: usize = 60;
const MOST_MERGES: usize = 20_000;

/// What all sheets of a workbook may hold together once read: a shared string is stored once in the file but again in every cell.
#[derive(Clone, Copy)]
struct Budget {
    text_bytes: usize,
    cells: usize,
    merged_cells: u64,
}

impl Budget {
    const WHOLE: Self = Self { text_bytes: 64 * 1024 * 1024, cells: 1_000_000, merged_cells: 1_000_000 };

    /// Pays for a row's slots and the text one of them holds.
    fn pay(&mut self, slots: usize, value: &Cell) -> Result<(), Finding> {
        let bytes = if let Cell::Text(text) = value { text.len() } else { 0 };
        self.cells = self.cells.checked_sub(slots).ok_or_else(too_large_unpacked)?;
        self.text_bytes = self.text_bytes.checked_sub(bytes).ok_or_else(too_large_unpacked)?;
        Ok(())
    }

    /// Pays for walking over merged regions.
    fn pay_for_merges(&mut self, merges: &[Dimensions]) -> Result<(), Finding> {
        for region in merges {
            let side = |first: u32, last: u32| u64::from(last.saturating_sub(first)) + 1;
            let area = side(region.start.0, region.end.0) * side(region.start.1, region.end.1);
            self.merged_cells = self.merged_cells.checked_sub(area).ok_or_else(too_large_unpacked)?;
        }
        Ok(())
    }
}

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads the visible sheets that hold anything.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Finding> {
    check_archive(bytes)?;
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.len() > MOST_SHEETS {
        return Err(Finding::error("too_many_sheets").say(
            format!("工作簿超过 {MOST_SHEETS} 张工作表。请只保留要导入的工作表。"),
            format!("The workbook has more than {MOST_SHEETS} sheets. Keep only those to be imported."),
        ));
    }
    let mut sheets = Vec::new();
    let mut budget = Budget::WHOLE;
    for name in names {
        let sheet = read_sheet(&mut workbook, &name, &mut budget)?;
        if !sheet.rows.is_empty() {
            sheets.push(sheet);
        }
    }
    Ok(sheets)
}

/// Unpacks every part once, keeping nothing, and stops at the cap whatever sizes the archive claims.
fn check_archive(bytes: &[u8]) -> Result<(), Finding> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_PARTS {
        return Err(too_large_unpacked());
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| broken())?;
        let part_name = part.name().map_err(|_| broken())?.to_ascii_lowercase();
        let is_xml = [".xml", ".rels", ".vml"].iter().any(|ending| part_name.ends_with(ending));
        let mut content = part.take(left + 1);
        let mut buffer = [0_u8; 16 * 1024];
        let mut tail: Vec<u8> = Vec::new();
        loop {
            let count = content.read(&mut buffer).map_err(|_| broken())?;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or_else(too_large_unpacked)?;
            if is_xml {
                tail.extend_from_slice(&buffer[..count]);
                if declares_document_type(&tail) {
                    return Err(document_type_declared());
                }
                tail.drain(..tail.len().saturating_sub(DOCTYPE.len()));
            }
        }
    }
    Ok(())
}

const DOCTYPE: &[u8] = b"<!DOCTYPE";

/// No office program writes a document type declaration; only a file made to attack does.
fn declares_document_type(xml: &[u8]) -> bool {
    xml.windows(DOCTYPE.len()).any(|window| window.eq_ignore_ascii_case(DOCTYPE))
}

fn read_sheet(workbook: &mut Workbook<'_>, name: &str, budget: &mut Budget) -> Result<Sheet, Finding> {
    let merges = workbook.merge_cells_by_sheet_name(name).map_err(|_| broken())?;
    if merges.len() > MOST_MERGES {
        return Err(too_large_unpacked());
    }
    budget.pay_for_merges(&merges)?;
    let mut cells: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| broken())?;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| broken())? {
        let (row, column) = cell.get_position();
        let is_percent = || {
            let format = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
            format.is_some_and(|format| format.format_code.contains('%'))
        };
        let value = cell_value(cell.get_value(), is_percent);
        if value.is_empty() {
            continue;
        }
        if column as usize >= MOST_COLUMNS {
            return Err(table::too_many_columns(name, row + 1));
        }
        if let Cell::Text(text) = &value
            && text.chars().nth(LONGEST_CELL).is_some()
        {
            return Err(table::cell_too_long(name, row + 1, column as usize, text));
        }
        if cells.len() == MOST_ROWS && !cells.contains_key(&row) {
            return Err(table::too_many_rows(name));
        }
        put(cells.entry(row).or_default(), column as usize, value, budget)?;
    }
    let merged_across = carry_merged(&mut cells, &merges, budget)?;
    let rows = cells.into_iter().map(|(row, cells)| Row { number: row + 1, cells, merged_across: merged_across.get(&row).copied().unwrap_or(0) });
    Ok(Sheet { name: name.to_owned(), rows: rows.collect() })
}

fn put(row: &mut Vec<Cell>, column: usize, value: Cell, budget: &mut Budget) -> Result<(), Finding> {
    budget.pay((column + 1).saturating_sub(row.len()), &value)?;
    if row.len() <= column {
        row.resize(column + 1, Cell::Empty);
    }
    row[column] = value;
    Ok(())
}

/// Writes the value of each merged region's first cell into the cells it covers, in rows that hold something of their own. Gives for
/// each row the number of cells filled from the left.
fn carry_merged(cells: &mut BTreeMap<u32, Vec<Cell>>, merges: &[Dimensions], budget: &mut Budget) -> Result<BTreeMap<u32, usize>, Finding> {
    let mut across = BTreeMap::new();
    for region in merges {
        let (first_row, first_column) = region.start;
        let (last_row, last_column) = region.end;
        let last_column = last_column.min(MOST_COLUMNS as u32 - 1);
        if last_row < first_row || last_column < first_column {
            continue;
        }
        let value = cells.get(&first_row).and_then(|row| row.get(first_column as usize)).cloned().unwrap_or_default();
        if value.is_empty() {
            continue;
        }
        for (&number, row) in cells.range_mut(first_row..=last_row) {
            for column in first_column..=last_column {
                if row.get(column as usize).is_none_or(Cell::is_empty) {
                    put(row, column as usize, value.clone(), budget)?;
                    *across.entry(number).or_insert(0) += usize::from(column > first_column);
                }
            }
        }
    }
    Ok(across)
}

fn cell_value(value: &DataRef<'_>, is_percent: impl Fn() -> bool) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => number_cell(*number as f64, is_percent),
        DataRef::Float(number) => number_cell(*number, is_percent),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(true) => Cell::Text("是".to_owned()),
        DataRef::Bool(false) => Cell::Text("否".to_owned()),
        DataRef::DateTime(moment) if moment.is_datetime() && moment.as_f64() >= 1.0 => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
            date.map_or(Cell::Number(moment.as_f64()), Cell::Date)
        }
        DataRef::DateTime(moment) => Cell::Number(moment.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::Error(fault) => Cell::Fault(fault.to_string()),
    }
}

fn number_cell(number: f64, is_percent: impl Fn() -> bool) -> Cell {
    match number {
        number if !number.is_finite() => Cell::Fault("#NUM!".to_owned()),
        number if is_percent() => Cell::Percent(number),
        number => Cell::Number(number),
    }
}

fn text_cell(text: &str) -> Cell {
    if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.trim().to_owned()) }
}

fn broken() -> Finding {
    Finding::error("workbook_broken").say(
        "工作簿损坏，或设了密码，或不是 Excel 文件。请用 Excel 或 WPS 打开，去掉密码后“另存为”.xlsx 再导入。",
        "The workbook is damaged, locked, or not a workbook. Open it, remove any password and save it as .xlsx.",
    )
}

fn too_large_unpacked() -> Finding {
    Finding::error("workbook_too_large").say(
        "工作簿解压后过大，为安全起见没有读取。请只保留要导入的工作表，并删去图片后再试。",
        "The workbook is too large when unpacked and was not read. Keep only the sheets to be imported, without pictures.",
    )
}

fn document_type_declared() -> Finding {
    Finding::error("workbook_unsafe").say(
        "工作簿里有外部实体声明，为安全起见没有读取。请用 Excel 或 WPS 重新“另存为”.xlsx。",
        "The workbook declares external entities and was not read. Save it again as .xlsx from a spreadsheet program.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter as writer;

    fn saved(fill: impl FnOnce(&mut writer::Worksheet)) -> Vec<u8> {
        let mut book = writer::Workbook::new();
        fill(book.add_worksheet());
        book.save_to_buffer().expect("a workbook")
    }

    #[test]
    fn values_keep_their_kind() {
        let bytes = saved(|sheet| {
            let percent = writer::Format::new().set_num_format("0%");
            let date = writer::Format::new().set_num_format("yyyy-mm-dd");
            sheet.write(0, 0, "文字").unwrap();
            sheet.write(0, 1, 120.418).unwrap();
            sheet.write_with_format(0, 2, 0.8, &percent).unwrap();
            sheet.write_with_format(0, 3, 44621, &date).unwrap();
            sheet.write_formula(0, 4, writer::Formula::new("=1+1").set_result("2")).unwrap();
        });
        let sheets = read(&bytes).expect("readable");
        let date = NaiveDate::from_ymd_opt(2022, 3, 1).expect("a date");
        assert_eq!(
            sheets[0].rows[0].cells,
            [Cell::Text("文字".into()), Cell::Number(120.418), Cell::Percent(0.8), Cell::Date(date), Cell::Number(2.0)]
        );
    }

    #[test]
    fn merged_cells_are_carried_over_what_they_cover() {
        let bytes = saved(|sheet| {
            let plain = writer::Format::new();
            sheet.merge_range(0, 0, 0, 2, "标题", &plain).unwrap();
            sheet.merge_range(1, 0, 2, 0, "项目甲", &plain).unwrap();
            sheet.write(1, 1, "点一").unwrap();
            sheet.write(2, 1, "点二").unwrap();
        });
        let rows = &read(&bytes).expect("readable")[0].rows;
        assert_eq!((rows[0].merged_across, rows[1].merged_across), (2, 0));
        assert_eq!(rows[2].cells[..2], [Cell::Text("项目甲".into()), Cell::Text("点二".into())]);
    }

    #[test]
    fn a_lone_cell_far_away_costs_nothing() {
        let bytes = saved(|sheet| {
            sheet.write(0, 0, "名称").unwrap();
            sheet.write(1_048_575, 3, "远").unwrap();
        });
        assert_eq!(read(&bytes).expect("readable")[0].rows[1].number, 1_048_576);
        let wide = saved(|sheet| {
            sheet.write(0, 16_383, "远").unwrap();
        });
        assert_eq!(read(&wide).expect_err("refused").code, "too_many_columns");
    }

    #[test]
    fn a_string_shared_by_too_many_cells_is_refused() {
        let long = "长".repeat(LONGEST_CELL);
        let wanted = Budget::WHOLE.text_bytes / long.len() + 1;
        let bytes = saved(|sheet| {
            for index in 0..wanted {
                sheet.write((index / 100) as u32, (index % 100) as u16, &long).unwrap();
            }
        });
        assert_eq!(read(&bytes).expect_err("refused").code, "workbook_too_large");
    }

    #[test]
    fn a_merge_over_whole_columns_is_refused() {
        let bytes = saved(|sheet| {
            sheet.merge_range(0, 0, 1_048_575, 9, "标题", &writer::Format::new()).unwrap();
        });
        assert_eq!(read(&bytes).expect_err("refused").code, "workbook_too_large");
    }

    #[test]
    fn bytes_that_only_begin_like_a_workbook_are_refused() {
        assert_eq!(read(b"PK\x03\x04 and then nothing").expect_err("refused").code, "workbook_broken");
        let mut cut = saved(|sheet| {
            sheet.write(0, 0, "名称").unwrap();
        });
        cut.truncate(cut.len() / 2);
        assert_eq!(read(&cut).expect_err("refused").code, "workbook_broken");
    }
}
