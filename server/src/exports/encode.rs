//! Rows → bytes of a file, piece by piece: GeoJSON and CSV as they come, a workbook at the end.

use rust_xlsxwriter::{Format as CellFormat, Workbook, Worksheet, XlsxError};

use super::model::{Dataset, Format, Record, Value, formula_safe};

/// A row could not be written.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    #[error(transparent)]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Workbook(#[from] XlsxError),
}

/// Writes one file.
pub struct Encoder {
    dataset: Dataset,
    target: Target,
    rows: u32,
}

enum Target {
    GeoJson,
    Csv,
    Workbook(Box<Workbook>),
}

impl Encoder {
    pub fn new(dataset: Dataset, format: Format) -> Result<Self, EncodeError> {
        let target = match format {
            Format::GeoJson => Target::GeoJson,
            Format::Csv => Target::Csv,
            Format::Xlsx => Target::Workbook(Box::new(with_header(dataset)?)),
        };
        Ok(Self { dataset, target, rows: 0 })
    }

    /// What stands before the first row.
    pub fn begin(&self) -> Result<Vec<u8>, EncodeError> {
        match &self.target {
            Target::GeoJson => Ok(b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec()),
            Target::Csv => {
                let headers = self.dataset.columns().iter().map(|column| column.header.to_owned());
                // With the mark, Excel reads UTF-8 as what it is.
                let mut bytes = b"\xEF\xBB\xBF".to_vec();
                bytes.extend(csv_lines([headers])?);
                Ok(bytes)
            }
            Target::Workbook(_) => Ok(Vec::new()),
        }
    }

    /// Some rows.
    pub fn add(&mut self, records: &[Record]) -> Result<Vec<u8>, EncodeError> {
        let mut bytes = Vec::new();
        match &mut self.target {
            Target::GeoJson => {
                for (place, record) in records.iter().enumerate() {
                    if self.rows > 0 || place > 0 {
                        bytes.push(b',');
                    }
                    bytes.push(b'\n');
                    bytes.extend(feature(self.dataset, record)?);
                }
            }
            Target::Csv => bytes = csv_lines(records.iter().map(|record| record.values.iter().map(csv_cell)))?,
            Target::Workbook(book) => {
                let sheet = book.worksheet_from_index(0)?;
                for (record, row) in records.iter().zip(self.rows + 1..) {
                    for (value, column) in record.values.iter().zip(0..) {
                        write_cell(sheet, row, column, value)?;
                    }
                }
            }
        }
        self.rows += u32::try_from(records.len()).unwrap_or(u32::MAX);
        Ok(bytes)
    }

    /// What stands after the last row.
    pub fn finish(self) -> Result<Vec<u8>, EncodeError> {
        match self.target {
            Target::GeoJson => Ok(b"\n]}\n".to_vec()),
            Target::Csv => Ok(Vec::new()),
            Target::Workbook(mut book) => Ok(book.save_to_buffer()?),
        }
    }
}

fn feature(dataset: Dataset, record: &Record) -> Result<Vec<u8>, EncodeError> {
    let keys = dataset.columns().iter().map(|column| column.key.to_owned());
    let is_coordinate = |key: &String| key == "lon" || key == "lat";
    let properties: serde_json::Map<String, serde_json::Value> =
        keys.zip(&record.values).filter(|(key, _)| !is_coordinate(key)).map(|(key, value)| (key, value.json())).collect();
    let geometry: serde_json::Value = serde_json::from_str(&record.geometry)?;
    Ok(serde_json::to_vec(&serde_json::json!({"type": "Feature", "properties": properties, "geometry": geometry}))?)
}

/// Only text can hold somebody's formula; numbers and dates are our own.
fn csv_cell(value: &Value) -> String {
    match value {
        Value::Text(text) => formula_safe(text),
        other => other.shown(),
    }
}

fn csv_lines(rows: impl IntoIterator<Item = impl IntoIterator<Item = String>>) -> Result<Vec<u8>, EncodeError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| EncodeError::Csv(error.into_error().into()))
}

fn with_header(dataset: Dataset) -> Result<Workbook, EncodeError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = CellFormat::new().set_bold();
    for (column, place) in dataset.columns().iter().zip(0..) {
        sheet.write_string_with_format(0, place, column.header, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(book)
}

/// Text is written as text whatever it begins with; a telephone number keeps its zeros.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, value: &Value) -> Result<(), EncodeError> {
    match value {
        Value::Nothing => {}
        Value::Whole(number) => {
            sheet.write_number(row, column, *number as f64)?;
        }
        Value::Degrees(degrees) => {
            sheet.write_number(row, column, *degrees)?;
        }
        Value::Percent(percent) => {
            sheet.write_number_with_format(row, column, *percent as f64 / 100.0, &CellFormat::new().set_num_format("0%"))?;
        }
        other => {
            sheet.write_string(row, column, other.shown())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(format: Format) -> Vec<u8> {
        let values = Dataset::GridCells.columns().iter().map(|column| match column.key {
            "lon" | "lat" => Value::Degrees(30.5),
            "name" => Value::Text("=HYPERLINK(\"http://x\"),\"引号\"".to_owned()),
            _ => Value::Text("00123".to_owned()),
        });
        let record = Record { values: values.collect(), geometry: r#"{"type":"Point","coordinates":[120,30.5]}"#.to_owned() };
        let mut encoder = Encoder::new(Dataset::GridCells, format).expect("an encoder");
        let mut bytes = encoder.begin().expect("a beginning");
        bytes.extend(encoder.add(std::slice::from_ref(&record)).expect("rows"));
        bytes.extend(encoder.add(&[record]).expect("rows"));
        bytes.extend(encoder.finish().expect("an end"));
        bytes
    }

    #[test]
    fn csv_has_the_mark_and_no_formula() {
        let text = String::from_utf8(whole(Format::Csv)).expect("text");
        assert!(text.starts_with("\u{feff}网格编码,网格名称,"));
        assert_eq!(text.lines().count(), 3);
        assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\"),\"\"引号\"\"\"") && text.contains("\r\n"));
    }

    #[test]
    fn geojson_is_one_collection_over_all_pieces() {
        let value: serde_json::Value = serde_json::from_slice(&whole(Format::GeoJson)).expect("JSON");
        assert_eq!(value["features"].as_array().map(Vec::len), Some(2));
        assert_eq!(value["features"][1]["properties"]["code"], "00123");
        assert!(value["features"][0]["properties"].get("lon").is_none());
    }

    #[test]
    fn a_workbook_holds_text_as_text() {
        use calamine::{Data, Reader, Xlsx};
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(whole(Format::Xlsx))).expect("a workbook");
        let name = book.sheet_names()[0].clone();
        assert!(book.worksheet_formula(&name).expect("formulas").is_empty());
        let range = book.worksheet_range(&name).expect("a sheet");
        assert_eq!(range.get((1, 0)), Some(&Data::String("00123".to_owned())));
        assert_eq!(range.get((2, 4)), Some(&Data::Float(30.5)));
    }
}
