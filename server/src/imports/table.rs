//! A file as offices send it, read into sheets of typed cells with the addresses the office sees.
//!
//! Knows file formats and their dangers, nothing of sites or deputies. Which reader is used follows from the bytes, never from the file's
//! name. GeoJSON is read by `geojson_file`.

use chrono::NaiveDate;

use super::finding::Finding;
use super::{delimited, workbook};

/// Caps that bound the memory and time one file can cost.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
pub const MOST_ROWS: usize = 20_000;
pub const MOST_COLUMNS: usize = 200;
pub const LONGEST_CELL: usize = 10_000;

/// What a cell holds. Formulas are never computed: a cell with a formula holds the value the office's program last saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    /// A number that the workbook shows as a percentage: 0.8 is shown as 80%.
    Percent(f64),
    Date(NaiveDate),
    /// `#REF!` and its like.
    Fault(String),
}

impl Cell {
    /// The cell as a person reads it, without blanks around it; empty for an empty cell.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Fault(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Percent(number) => format!("{}%", (number * 1e8).round() / 1e6),
            Self::Date(date) => date.to_string(),
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// One row with its number as the office's program shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<Cell>,
    /// How many cells were filled by a merge from the left, not by their own content.
    pub merged_across: usize,
}

impl Row {
    pub fn cell(&self, column: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.cells.get(column).unwrap_or(EMPTY)
    }

    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(Cell::is_empty)
    }
}

/// One sheet; rows without content are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Empty for a CSV file.
    pub name: String,
    pub rows: Vec<Row>,
}

/// `A` for 0, `Z` for 25, `AA` for 26.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    letters.iter().rev().map(|&letter| letter as char).collect()
}

/// What kind of file the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Workbook,
    OldWorkbook,
    Json,
    Web,
    Pdf,
    Delimited,
}

/// Tells the format from the first bytes.
pub fn format_of(bytes: &[u8]) -> Format {
    let content = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start: Vec<u8> = content.iter().copied().skip_while(u8::is_ascii_whitespace).take(15).collect();
    match start.to_ascii_lowercase().as_slice() {
        [b'p', b'k', 3, 4, ..] | [b'p', b'k', 5, 6, ..] => Format::Workbook,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Format::OldWorkbook,
        [b'{' | b'[', ..] => Format::Json,
        [b'<', ..] => Format::Web,
        [b'%', b'p', b'd', b'f', ..] => Format::Pdf,
        _ => Format::Delimited,
    }
}

/// Reads a spreadsheet or a delimited text file. Fails with the one finding that keeps the file from being read at all.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Finding> {
    if bytes.is_empty() {
        return Err(Finding::error("file_empty").say("文件是空的。请检查后重新选择文件。", "The file is empty. Choose the file again."));
    }
    if bytes.len() > MOST_BYTES {
        return Err(Finding::error("file_too_large")
            .say("文件超过 20 MB。请拆成几个文件，或去掉图片后再导入。", "The file is larger than 20 MB. Split it, or remove its pictures."));
    }
    match format_of(bytes) {
        Format::Workbook => workbook::read(bytes),
        Format::Delimited => delimited::read(bytes).map(|sheet| vec![sheet]),
        Format::OldWorkbook => Err(Finding::error("old_workbook").say(
            "这是旧版 Excel 格式（.xls）或加了密码的工作簿。请用 Excel 或 WPS 打开，去掉密码，“另存为”.xlsx 后再导入。",
            "This is the old .xls format, or a workbook with a password. Open it, remove the password and save it as .xlsx.",
        )),
        Format::Json => Err(Finding::error("json_not_expected")
            .say("这是 JSON 文件，而此处需要表格。请上传 .xlsx 或 .csv 文件。", "This is a JSON file; a table (.xlsx or .csv) is needed here.")),
        Format::Web => Err(Finding::error("web_page").say(
            "这是网页或 XML 文件，只是后缀像表格。请用 Excel 或 WPS 打开，“另存为”.xlsx 后再导入。",
            "This is a web page or XML under another name. Open it in a spreadsheet program and save it as .xlsx.",
        )),
        Format::Pdf => Err(Finding::error("pdf")
            .say("这是 PDF 文件，无法导入。请向制表单位索取 .xlsx 或 .csv 文件。", "This is a PDF. Ask its author for the .xlsx or .csv file.")),
    }
}

/// The finding for a file with more rows than can be taken at once.
pub(super) fn too_many_rows(sheet: &str) -> Finding {
    Finding::error("too_many_rows").on_sheet(sheet).say(
        format!("表格超过 {MOST_ROWS} 行。请拆成几个文件分别导入。"),
        format!("The table has more than {MOST_ROWS} rows. Split it into several files."),
    )
}

/// The finding for a table wider than any office's.
pub(super) fn too_many_columns(sheet: &str, row: u32) -> Finding {
    Finding::error("too_many_columns").at(sheet, row).say(
        format!("第 {row} 行有内容的列超过 {MOST_COLUMNS} 列。请删去多余的列后再导入。"),
        format!("Row {row} reaches beyond column {MOST_COLUMNS}. Delete the columns that are not needed."),
    )
}

/// The finding for a cell too long to be a cell.
pub(super) fn cell_too_long(sheet: &str, row: u32, column: usize, text: &str) -> Finding {
    let letters = column_letters(column);
    Finding::error("cell_too_long").at(sheet, row).in_column(&letters, text).say(
        format!("第 {row} 行 {letters} 列的内容超过 {LONGEST_CELL} 个字。请缩短后再导入。"),
        format!("Row {row}, column {letters} holds more than {LONGEST_CELL} characters. Shorten it."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn the_format_is_told_from_the_bytes() {
        assert_eq!(format_of(b"PK\x03\x04rest"), Format::Workbook);
        assert_eq!(format_of(b"\xD0\xCF\x11\xE0\xA1"), Format::OldWorkbook);
        assert_eq!(format_of(b"\xEF\xBB\xBF \n{\"type\":1}"), Format::Json);
        assert_eq!(format_of(b"<html><table>"), Format::Web);
        assert_eq!(format_of(b"%PDF-1.7"), Format::Pdf);
        assert_eq!(format_of("序号,名称".as_bytes()), Format::Delimited);
    }

    #[test]
    fn cells_read_as_a_person_reads_them() {
        assert_eq!(Cell::Number(13_800_138_000.0).text(), "13800138000");
        assert_eq!(Cell::Percent(0.57).text(), "57%");
        assert_eq!(Cell::Text("  灵溪镇 ".into()).text(), "灵溪镇");
    }

    #[test]
    fn files_that_are_no_tables_say_what_to_do() {
        for (bytes, code) in [
            (&b""[..], "file_empty"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old_workbook"),
            (b"<table><tr><td>1", "web_page"),
            (b"%PDF-1.4", "pdf"),
            (b"{}", "json_not_expected"),
        ] {
            let finding = read(bytes).expect_err("refused");
            assert_eq!(finding.code, code);
            assert!(!finding.message.zh.is_empty() && !finding.message.en.is_empty());
        }
    }
}
