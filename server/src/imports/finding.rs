//! What was found wrong, doubtful or worth knowing in a file, said so that the person who sent the file can mend it.
//!
//! A finding always names its place (sheet, row, column, value) and what to do. One finding of severity `error` keeps the whole file out.

use serde::{Deserialize, Serialize};

use super::headers::Meaning;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file cannot be taken in.
    Error,
    /// Can be taken in, but is probably not what was meant.
    Warning,
    /// Tells how something was understood.
    Note,
}

/// The same sentence in the two languages of the interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub zh: String,
    pub en: String,
}

/// One finding, as stored with the import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub severity: Severity,
    /// Stable word for programs, such as `coordinates_swapped`.
    pub code: String,
    /// Empty when the finding is about the whole file.
    pub sheet: String,
    /// Number of the row as the office's program shows it; in GeoJSON the number of the feature. None for the whole file.
    pub row: Option<u32>,
    /// Letter and header of the column, such as `E 经度`.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    pub message: Sentence,
    /// What the column says, while its letter and header are still to be looked up.
    #[serde(skip)]
    pub about: Option<Meaning>,
}

/// Longest cell content repeated in a finding, in characters.
const LONGEST_VALUE: usize = 60;

impl Finding {
    /// A finding about the whole file; give it a place with the methods below.
    pub fn new(severity: Severity, code: &str) -> Self {
        Self {
            severity,
            code: code.to_owned(),
            sheet: String::new(),
            row: None,
            column: String::new(),
            value: String::new(),
            message: Sentence::default(),
            about: None,
        }
    }

    pub fn error(code: &str) -> Self {
        Self::new(Severity::Error, code)
    }

    pub fn warning(code: &str) -> Self {
        Self::new(Severity::Warning, code)
    }

    pub fn note(code: &str) -> Self {
        Self::new(Severity::Note, code)
    }

    /// Sets the sheet and the row.
    pub fn at(mut self, sheet: &str, row: u32) -> Self {
        self.sheet = sheet.to_owned();
        self.row = Some(row);
        self
    }

    /// Sets the sheet alone.
    pub fn on_sheet(mut self, sheet: &str) -> Self {
        self.sheet = sheet.to_owned();
        self
    }

    /// Sets the column and what stands in it.
    pub fn in_column(mut self, column: &str, value: &str) -> Self {
        self.column = column.to_owned();
        self.value = shortened(value);
        self
    }

    /// Says what the column means; `records::name_columns` finds its letter and header.
    pub fn about(mut self, meaning: Meaning) -> Self {
        self.about = Some(meaning);
        self
    }

    /// Sets what stands there, without a column.
    pub fn with_value(mut self, value: &str) -> Self {
        self.value = shortened(value);
        self
    }

    /// Says in both languages what is the matter and what to do.
    pub fn say(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.message = Sentence { zh: zh.into(), en: en.into() };
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

fn shortened(value: &str) -> String {
    let mut characters = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let start: String = characters.by_ref().take(LONGEST_VALUE).collect();
    if characters.next().is_some() { format!("{start}…") } else { start }
}

/// Most findings kept for one file; beyond this they help nobody.
pub const MOST_FINDINGS: usize = 500;

/// Sorts findings by weight and place and cuts a flood short, saying so. Errors are never cut in favour of lighter findings.
pub fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| (a.severity, &a.sheet, a.row, &a.column).cmp(&(b.severity, &b.sheet, b.row, &b.column)));
    if findings.len() > MOST_FINDINGS {
        let left_out = findings.len() - MOST_FINDINGS;
        findings.truncate(MOST_FINDINGS);
        let severity = if findings.iter().any(Finding::is_error) { Severity::Error } else { Severity::Note };
        findings.push(Finding::new(severity, "more_findings").say(
            format!("另有 {left_out} 条未列出。请先处理以上各条，再重新上传。"),
            format!("{left_out} further findings are not listed. Mend these first, then upload again."),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_findings_is_cut_and_says_so() {
        let mut flood: Vec<Finding> = (0..900).map(|row| Finding::note("column_unused").at("点位", row)).collect();
        flood.push(Finding::error("name_missing").at("点位", 7));
        let kept = in_order(flood);
        assert_eq!(kept.len(), MOST_FINDINGS + 1);
        assert_eq!(kept[0].code, "name_missing");
        assert!(kept.last().is_some_and(|last| last.code == "more_findings" && last.message.zh.contains("401")));
    }

    #[test]
    fn a_long_value_is_shortened_and_loses_its_line_breaks() {
        let finding = Finding::error("x").in_column("A", &format!("一\n{}", "二".repeat(200)));
        assert_eq!(finding.value.chars().count(), LONGEST_VALUE + 1);
        assert!(!finding.value.contains('\n'));
    }
}
