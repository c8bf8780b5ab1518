//! The audit log as a file, marked with who took it, when and what for.
//!
//! Whoever asks gives a reason; the export is itself on record before a byte of it leaves. No cell can become a formula.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::routes::{WantedOutcome, day};
use super::store::{self, AuditRow, Wanted};
use crate::accounts::{Act, JsonOf, Role};
use crate::calendar::start_of_day;
use crate::county::County;
use crate::http::personal::Login;
use crate::http::text::formula_safe;
use crate::http::{Problem, Text};
use crate::ids::AccountId;

/// More lines than this are not one file; the days can be narrowed.
const MOST_LINES: usize = 50_000;

const HEADERS: [&str; 12] = ["编号", "时间", "账号", "姓名", "角色", "操作", "对象", "对象编号", "结果", "地址", "设备", "详情"];

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Csv,
    Xlsx,
}

/// Which lines, as what, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"format": "xlsx", "reason": "年度等保测评取证", "from": "2026-10-01", "to": "2026-10-31", "outcome": "refused"}))]
pub struct AuditExport {
    format: FileKind,
    /// What it is wanted for: it stands in the file and in the log.
    reason: Text<4, 200>,
    action: Option<Text<1, 60>>,
    object_kind: Option<Text<1, 60>>,
    object_id: Option<Text<1, 300>>,
    account: Option<AccountId>,
    person: Option<Text<1, 64>>,
    outcome: Option<WantedOutcome>,
    address: Option<Text<1, 64>>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl AuditExport {
    fn wanted(&self, county: &County) -> Result<Wanted, Problem> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Ok(Wanted {
            action: text(self.action.as_ref().map(Text::as_str)),
            object_kind: text(self.object_kind.as_ref().map(Text::as_str)),
            object_id: text(self.object_id.as_ref().map(Text::as_str)),
            account_id: self.account.map(|account| account.0),
            person: text(self.person.as_ref().map(Text::as_str)),
            outcome: self.outcome.map(|outcome| outcome.as_str().to_owned()),
            address: text(self.address.as_ref().map(Text::as_str)),
            from: day("from", self.from)?.map(|day| start_of_day(day, county.zone)),
            until: day("to", self.to)?.map(|day| start_of_day(day + Days::new(1), county.zone)),
            before: None,
        })
    }
}

/// The lines as a file, newest first.
#[utoipa::path(post, path = "/api/audit/exports", tag = "audit", request_body = AuditExport,
    responses((status = 200, description = "CSV or XLSX; a repetition with the same key gets no file (204)", content_type = "application/octet-stream")))]
pub async fn export_audit(mut act: Act<JsonOf<AuditExport>>) -> Result<Response, Problem> {
    if !act.actor.is(Role::Auditor) {
        return Err(Problem::forbidden());
    }
    let (county, wanted) = (act.county.clone(), act.body.0.wanted(&act.county)?);
    let rows = store::list_lines(&mut act.tx, act.actor.county_id, &wanted, MOST_LINES + 1).await?;
    if rows.len() > MOST_LINES {
        let zh = format!("超过 {MOST_LINES} 行，请缩小日期范围，分次导出");
        return Err(Problem::field("from", "too_many", zh, format!("More than {MOST_LINES} lines: narrow the days and export in parts")));
    }
    let (reason, format) = (act.body.0.reason.as_str().to_owned(), act.body.0.format);
    let at = county.local(act.now);
    let mark = mark(&act.actor.name, &act.actor.login, at, &reason, rows.len());
    let lines: Vec<[String; 12]> = rows.into_iter().map(|row| cells(row, &county)).collect();
    let count = lines.len();
    let (bytes, kind, ending) = match format {
        FileKind::Csv => (csv(&mark, &lines).map_err(Problem::internal)?, "text/csv; charset=utf-8", "csv"),
        FileKind::Xlsx => {
            (workbook(&mark, &lines).map_err(Problem::internal)?, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
        }
    };
    let filters = json!({ "action": wanted.action, "object_kind": wanted.object_kind, "object_id": wanted.object_id, "account": wanted.account_id,
        "person": wanted.person, "outcome": wanted.outcome, "address": wanted.address, "from": act.body.0.from, "to": act.body.0.to });
    act.audit("audit.export", ("audit", ending), json!({ "reason": reason, "lines": count, "filters": filters })).await?;
    let name = format!("attachment; filename=\"audit-{}.{ending}\"", at.format("%Y%m%d-%H%M"));
    act.done_with((StatusCode::OK, [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()).await
}

/// What stands above the lines.
fn mark(name: &str, login: &str, at: DateTime<FixedOffset>, reason: &str, lines: usize) -> [(&'static str, String); 4] {
    [("导出人", format!("{name}（{login}）")), ("导出时间", at.to_rfc3339()), ("用途", reason.to_owned()), ("行数", lines.to_string())]
}

fn cells(row: AuditRow, county: &County) -> [String; 12] {
    [
        row.audit_id.to_string(),
        county.local(row.at).to_rfc3339(),
        row.login.map_or(row.actor_kind, |login| Login(login).masked()),
        row.name.unwrap_or_default(),
        row.roles.join(" "),
        row.action,
        row.object_kind,
        row.object_id,
        row.outcome,
        row.address,
        row.user_agent,
        if row.detail.as_object().is_some_and(serde_json::Map::is_empty) { String::new() } else { row.detail.to_string() },
    ]
}

fn csv(mark: &[(&str, String)], lines: &[[String; 12]]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(b"\xef\xbb\xbf".to_vec());
    for (word, value) in mark {
        writer.write_record([*word, &formula_safe(value)])?;
    }
    writer.write_record(HEADERS)?;
    for line in lines {
        writer.write_record(line.iter().map(|cell| formula_safe(cell)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Every cell is text; a spreadsheet computes none of it.
fn workbook(mark: &[(&str, String)], lines: &[[String; 12]]) -> Result<Vec<u8>, XlsxError> {
    const WIDTHS: [u16; 12] = [9, 26, 16, 14, 20, 22, 14, 18, 9, 18, 30, 60];
    let bold = Format::new().set_bold();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("审计日志")?;
    let mut row = 0;
    for (word, value) in mark {
        sheet.write_string_with_format(row, 0, *word, &bold)?;
        sheet.write_string(row, 1, value)?;
        row += 1;
    }
    for ((header, width), column) in HEADERS.iter().zip(WIDTHS).zip(0..) {
        sheet.write_string_with_format(row, column, *header, &bold)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    for line in lines {
        row += 1;
        for (cell, column) in line.iter().zip(0..) {
            // What a cell of a workbook can hold.
            sheet.write_string(row, column, cell.chars().take(32_767).collect::<String>())?;
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_who_took_it_and_computes_nothing() {
        let at = DateTime::parse_from_rfc3339("2026-10-20T09:00:00+08:00").expect("an instant");
        let mark = mark("=审计", "auditor", at, "+取证", 1);
        let mut line: [String; 12] = Default::default();
        line[7] = "=HYPERLINK(\"https://evil.example\")".to_owned();
        let text = String::from_utf8(csv(&mark, &[line.clone()]).expect("a file")).expect("UTF-8");
        assert!(text.starts_with("\u{feff}导出人,'=审计（auditor）\n导出时间,2026-10-20T09:00:00+08:00\n用途,'+取证\n行数,1\n编号,"), "{text}");
        assert!(text.contains("'=HYPERLINK"), "{text}");
        assert!(workbook(&mark, &[line]).is_ok());
    }
}
