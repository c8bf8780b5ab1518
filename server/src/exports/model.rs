//! What is published as open data: which tables, in which formats, how a value is written. Pure.
//!
//! A column that is not listed beside this, in `columns`, is not published. No telephone of a person, no place of a phone, no picture is.

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::calendar::Month;
pub use crate::http::text::formula_safe;

/// A table of open data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dataset {
    Sites,
    Stations,
    GridCells,
    Reports,
    /// The sites as they were at the close of a month.
    SitesOf(Month),
}

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    GeoJson,
    Csv,
    Xlsx,
}

impl Dataset {
    /// Those that a file name asks for; a month is said beside it.
    pub const ALL: [Self; 4] = [Self::Sites, Self::Stations, Self::GridCells, Self::Reports];

    /// The name in addresses and file names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sites | Self::SitesOf(_) => "sites",
            Self::Stations => "stations",
            Self::GridCells => "grid-cells",
            Self::Reports => "reports",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dataset| dataset.as_str() == name)
    }
}

impl Format {
    pub const ALL: [Self; 3] = [Self::GeoJson, Self::Csv, Self::Xlsx];

    /// The ending of the file's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Dataset and format of a file name such as `sites.csv`.
pub fn of_file_name(name: &str) -> Option<(Dataset, Format)> {
    let (dataset, format) = name.split_once('.')?;
    Some((Dataset::from_name(dataset)?, Format::from_name(format)?))
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Nothing,
    Text(String),
    /// A stored word and how people say it.
    Word {
        code: String,
        shown: &'static str,
    },
    Whole(i64),
    Degrees(f64),
    /// 0 to 100.
    Percent(i64),
    Date(NaiveDate),
    Moment(DateTime<FixedOffset>),
    Answer(bool),
}

impl Value {
    /// Text, or nothing when it is empty.
    pub fn text(text: String) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text) }
    }

    /// As people read it; the text of a cell.
    pub fn shown(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Word { shown, .. } => (*shown).to_owned(),
            Self::Whole(number) => number.to_string(),
            Self::Degrees(degrees) => degrees.to_string(),
            Self::Percent(percent) => format!("{percent}%"),
            Self::Date(date) => date.to_string(),
            Self::Moment(moment) => moment.to_rfc3339(),
            Self::Answer(answer) => if *answer { "是" } else { "否" }.to_owned(),
        }
    }

    /// As programs read it.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Nothing => serde_json::Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Word { code, .. } => code.as_str().into(),
            Self::Whole(number) | Self::Percent(number) => (*number).into(),
            Self::Degrees(degrees) => (*degrees).into(),
            Self::Date(date) => date.to_string().into(),
            Self::Moment(moment) => moment.to_rfc3339().into(),
            Self::Answer(answer) => (*answer).into(),
        }
    }
}

/// One row with its shape.
#[derive(Clone, Debug)]
pub struct Record {
    /// One for each of the dataset's columns.
    pub values: Vec<Value>,
    /// GeoJSON geometry as text.
    pub geometry: String,
}

/// How people call a stage.
pub fn shown_stage(code: &str) -> &'static str {
    match code {
        "completed" => "已完成",
        "in_progress" => "进行中",
        _ => "未开始",
    }
}

/// How people call the state of a month's map.
pub fn shown_state(code: &str) -> &'static str {
    if code == "final" { "已定稿" } else { "暂定" }
}

/// How the words of a report came to the staff who entered it.
pub fn shown_way(code: &str) -> &'static str {
    match code {
        "telephone" => "电话",
        "paper" => "书面",
        _ => "当面",
    }
}

/// How people call a kind of station.
pub fn shown_kind(code: &str) -> &'static str {
    match code {
        "home" => "代表之家",
        "point" => "联络点",
        "window" => "便民服务窗",
        "post" => "履职岗",
        "mobile" => "流动联络点",
        _ => "联络站",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_say_table_and_format() {
        assert_eq!(of_file_name("grid-cells.geojson"), Some((Dataset::GridCells, Format::GeoJson)));
        for name in ["sites", "sites.pdf", "people.csv", ".csv", "sites.csv.exe", "../sites.csv"] {
            assert_eq!(of_file_name(name), None, "{name}");
        }
    }
}
