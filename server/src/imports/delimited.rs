//! Comma-, semicolon- or tab-separated text, in the encodings Chinese offices save it in.
//!
//! UTF-8 (with or without a byte order mark), UTF-16 with one ("Unicode text"), otherwise GB18030, which contains GBK and GB2312.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::finding::Finding;
use super::table::{self, Cell, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Sheet};

/// Reads the text into its one sheet.
pub fn read(bytes: &[u8]) -> Result<Sheet, Finding> {
    let text = decoded(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter_of(&text)).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut number = 0_u32;
    for record in reader.records() {
        let record = record.map_err(|_| broken())?;
        // The office's program counts rows, not lines: a quoted cell may hold several lines, and a blank line is a row.
        number += 1 + blank_lines_before(&text, &record);
        if record.iter().skip(MOST_COLUMNS).any(|cell| !cell.trim().is_empty()) {
            return Err(table::too_many_columns("", number));
        }
        let mut cells = Vec::with_capacity(record.len().min(MOST_COLUMNS));
        for (column, cell) in record.iter().take(MOST_COLUMNS).enumerate() {
            if cell.chars().nth(LONGEST_CELL).is_some() {
                return Err(table::cell_too_long("", number, column, cell));
            }
            cells.push(if cell.trim().is_empty() { Cell::Empty } else { Cell::Text(unquoted_text(cell)) });
        }
        let row = Row { number, cells, merged_across: 0 };
        if row.is_empty() {
            continue;
        }
        if rows.len() == MOST_ROWS {
            return Err(table::too_many_rows(""));
        }
        rows.push(row);
    }
    Ok(Sheet { name: String::new(), rows })
}

/// How many blank lines stand before `record`: the reader skips them, but its position lies before them.
fn blank_lines_before(text: &str, record: &csv::StringRecord) -> u32 {
    let start = record.position().map_or(0, |position| position.byte() as usize);
    text.as_bytes().get(start..).map_or(0, |rest| rest.iter().take_while(|&&byte| byte == b'\n').count() as u32)
}

/// Some programs write `="00123"` so that a spreadsheet keeps the zeros.
fn unquoted_text(cell: &str) -> String {
    let trimmed = cell.trim();
    match trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.to_owned(),
        None => trimmed.to_owned(),
    }
}

/// The bytes as text, or the finding that they are no text.
pub fn decoded(bytes: &[u8]) -> Result<String, Finding> {
    let (encoding, content) = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        (UTF_8, rest)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        (UTF_16LE, rest)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        (UTF_16BE, rest)
    } else if std::str::from_utf8(bytes).is_ok() {
        (UTF_8, bytes)
    } else {
        (GB18030, bytes)
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(content).ok_or_else(|| {
        Finding::error("encoding_unknown").say(
            "文件的文字编码无法识别（既不是 UTF-8，也不是 GB18030）。请用 Excel 或 WPS 打开，“另存为”.xlsx 后再导入。",
            "The encoding of the text is neither UTF-8 nor GB18030. Open the file in a spreadsheet program and save it as .xlsx.",
        )
    })?;
    if text.contains('\0') {
        return Err(Finding::error("not_text").say(
            "这个文件不是文本或表格。请上传 .xlsx、.csv 或 .geojson 文件。",
            "This file is neither text nor a table. Upload an .xlsx, .csv or .geojson file.",
        ));
    }
    Ok(text.into_owned())
}

fn broken() -> Finding {
    Finding::error("file_broken")
        .say("文件无法按表格读取。请用 Excel 或 WPS 打开检查后重新保存。", "The file cannot be read as a table. Open it, check it and save it again.")
}

/// The mark that stands outside quotes in most of the first lines; of equals the more frequent, then the comma.
fn delimiter_of(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(12).collect();
    let weight = |mark: u8| {
        let counts = lines.iter().map(|line| {
            line.bytes()
                .scan(false, |quoted, byte| {
                    *quoted ^= byte == b'"';
                    Some(usize::from(byte == mark && !*quoted))
                })
                .sum::<usize>()
        });
        counts.fold((0, 0), |(with, all), count| (with + usize::from(count > 0), all + count))
    };
    // `max_by_key` gives the last of equals.
    [b'\t', b';', b','].into_iter().max_by_key(|&mark| weight(mark)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<Vec<String>> {
        read(bytes).expect("a table").rows.iter().map(|row| row.cells.iter().map(Cell::text).collect()).collect()
    }

    #[test]
    fn every_usual_encoding_gives_the_same_table() {
        let text = "序号,名称\n1,\"望里镇,卫生院\"\n";
        let expected = texts(text.as_bytes());
        assert_eq!(expected, [["序号", "名称"], ["1", "望里镇,卫生院"]]);
        let gb18030 = GB18030.encode(text).0.into_owned();
        let with_mark = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [gb18030, with_mark, utf_16] {
            assert_eq!(texts(&bytes), expected);
        }
    }

    #[test]
    fn semicolons_and_tabs_separate_too() {
        assert_eq!(texts("名称;经度\n甲;120,5\n".as_bytes())[1], ["甲", "120,5"]);
        assert_eq!(texts("名称\t备注\n甲\t一,二,三\n".as_bytes())[1], ["甲", "一,二,三"]);
    }

    #[test]
    fn rows_keep_the_numbers_the_office_sees() {
        let sheet = read("标题\n\n序号,名称\n1,\"两行\n文字\"\n\r\n\r\n,,\n2,乙\n".as_bytes()).expect("a table");
        let numbers: Vec<u32> = sheet.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 3, 4, 8]);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(read(b"a,b\n\0\0,c").expect_err("refused").code, "not_text");
        assert_eq!(read(b"\xFF\x00\xFF").expect_err("refused").code, "encoding_unknown");
    }

    #[test]
    fn caps_hold() {
        let long = format!("名称\n{}\n", "长".repeat(LONGEST_CELL + 1));
        assert_eq!(read(long.as_bytes()).expect_err("refused").code, "cell_too_long");
        let wide = format!("{}x\n", ",".repeat(MOST_COLUMNS));
        assert_eq!(read(wide.as_bytes()).expect_err("refused").code, "too_many_columns");
        let tall = "甲,乙\n".repeat(MOST_ROWS + 1);
        assert_eq!(read(tall.as_bytes()).expect_err("refused").code, "too_many_rows");
    }
}
