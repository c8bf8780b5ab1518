//! The audit log as a file, marked with who took it, when and what for.
//!
//! Whoever asks gives a reason; the export is itself on record before a byte of it leaves. No cell can become a formula.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::model::may_read_log;
use super::routes::{WantedOutcome, day};
use super::store::{self, AuditRow, Wanted};
use crate::accounts::{Act, JsonOf};
use crate::calendar::start_of_day;
use crate::county::County;
use crate::http::personal::Login;
use crate::http::table_file::{Cell, FileKind, Table, csv_with, workbook};
use crate::http::{Language, Problem, RequestContext, Text};
use crate::ids::AccountId;

/// More lines than this are not one file; the days can be narrowed.
const MOST_LINES: usize = 50_000;

const HEADERS: [(&str, &str); 12] = [
    ("编号", "Number"),
    ("时间", "Time"),
    ("账号", "Account"),
    ("姓名", "Name"),
    ("角色", "Roles"),
    ("操作", "Action"),
    ("对象", "Object"),
    ("对象编号", "Object’s number"),
    ("结果", "Outcome"),
    ("地址", "Address"),
    ("设备", "Device"),
    ("详情", "Details"),
];

/// Which lines, as what, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"format": "xlsx", "reason": "年度等保测评取证", "from": "2026-10-01", "to": "2026-10-31", "outcome": "refused"}))]
pub struct AuditExport {
    format: FileKind,
    /// What it is wanted for: it stands in the file and in the log.
    reason: Text<1, 200>,
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
pub async fn export_audit(context: RequestContext, mut act: Act<JsonOf<AuditExport>>) -> Result<Response, Problem> {
    if !may_read_log(&act.actor) {
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
    let marks = marks(context.language, (&act.actor.name, &act.actor.login), at, (&reason, rows.len()));
    let table = lines(context.language, rows, &county);
    let (count, kind, ending) = (table.rows.len(), format.content_type(), format.as_str());
    let bytes = match format {
        FileKind::Csv => csv_with(&table, &marks).map_err(Problem::internal)?,
        FileKind::Xlsx => workbook(&[table, marks]).map_err(Problem::internal)?,
    };
    let filters = json!({ "action": wanted.action, "object_kind": wanted.object_kind, "object_id": wanted.object_id, "account": wanted.account_id,
        "person": wanted.person, "outcome": wanted.outcome, "address": wanted.address, "from": act.body.0.from, "to": act.body.0.to });
    act.audit("audit.export", ("audit", ending), json!({ "reason": reason, "lines": count, "filters": filters })).await?;
    let name = format!("attachment; filename=\"audit-{}.{ending}\"", at.format("%Y%m%d-%H%M"));
    act.done_with((StatusCode::OK, [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()).await
}

fn said(language: Language, (zh, en): (&str, &str)) -> String {
    if language == Language::Chinese { zh } else { en }.to_owned()
}

/// Who took it out, when, and why: under the lines of a CSV file, on a sheet of its own in a workbook.
fn marks(language: Language, (name, login): (&str, &str), at: DateTime<FixedOffset>, (reason, lines): (&str, usize)) -> Table {
    let row = |what: (&str, &str), value: String| vec![Cell::Text(said(language, what)), Cell::Text(value)];
    Table {
        name: said(language, ("导出说明", "About this file")),
        headers: vec![said(language, ("项目", "What")), said(language, ("内容", "Said"))],
        rows: vec![
            row(("导出人", "Taken out by"), format!("{name}（{login}）")),
            row(("导出时间", "At"), at.to_rfc3339()),
            row(("用途", "For"), reason.to_owned()),
            row(("行数", "Lines"), lines.to_string()),
        ],
        has_total: false,
    }
}

fn lines(language: Language, rows: Vec<AuditRow>, county: &County) -> Table {
    Table {
        name: said(language, ("审计日志", "Audit log")),
        headers: HEADERS.map(|header| said(language, header)).to_vec(),
        rows: rows.into_iter().map(|row| cells(row, county).map(Cell::Text).to_vec()).collect(),
        has_total: false,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_who_took_it_and_computes_nothing() {
        let at = DateTime::parse_from_rfc3339("2026-10-20T09:00:00+08:00").expect("an instant");
        let marks = marks(Language::Chinese, ("=审计", "auditor"), at, ("+取证", 1));
        let headers = HEADERS.map(|header| said(Language::English, header)).to_vec();
        let rows = vec![vec![Cell::Text("=HYPERLINK(\"https://evil.example\")".to_owned())]];
        let table = Table { name: "Audit log".to_owned(), headers, rows, has_total: false };
        let text = String::from_utf8(csv_with(&table, &marks).expect("a file")).expect("UTF-8");
        assert!(text.starts_with("\u{feff}Number,Time,Account"), "{text}");
        assert!(text.contains("'=HYPERLINK") && text.contains("导出人,'=审计（auditor）") && text.contains("用途,'+取证"), "{text}");
        assert!(workbook(&[table, marks]).is_ok());
    }
}
