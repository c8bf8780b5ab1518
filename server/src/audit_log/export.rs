//! The audit log as a table for a file. Who takes it out, when, why, and with whose confirmation is the matter of `desk_exports`.

use sqlx::PgConnection;

use super::model::may_read_log;
use super::routes::AuditQuery;
use super::store::{self, AuditRow};
use super::words::{ACTIONS, KINDS, OUTCOMES, ROLES, word};
use crate::accounts::Actor;
use crate::county::County;
use crate::http::personal::Login;
use crate::http::table_file::{Cell, Table};
use crate::http::{Language, Problem};

/// More lines than this are not one file; the days can be narrowed.
const MOST_LINES: usize = 50_000;

const HEADERS: [(&str, &str); 16] = [
    ("编号", "Number"),
    ("时间", "Time"),
    ("账号", "Account"),
    ("姓名", "Name"),
    ("角色", "Roles"),
    ("角色代码", "Codes of the roles"),
    ("操作", "Action"),
    ("操作代码", "Code of the action"),
    ("对象", "Object"),
    ("对象代码", "Code of the object"),
    ("对象编号", "Object’s number"),
    ("结果", "Outcome"),
    ("结果代码", "Code of the outcome"),
    ("地址", "Address"),
    ("设备", "Device"),
    ("详情", "Details"),
];

/// The lines that are asked for, newest first.
pub async fn audit_table(
    connection: &mut PgConnection,
    county: &County,
    (actor, language): (&Actor, Language),
    query: AuditQuery,
) -> Result<Table, Problem> {
    if !may_read_log(actor) {
        return Err(Problem::forbidden());
    }
    let wanted = query.wanted(county)?;
    let rows = store::list_lines(connection, county.county_id, &wanted, MOST_LINES + 1).await?;
    if rows.len() > MOST_LINES {
        let zh = format!("超过 {MOST_LINES} 行，请缩小日期范围，分次导出");
        return Err(Problem::field("wanted.filters", "too_many", zh, format!("More than {MOST_LINES} lines: narrow the days and export in parts")));
    }
    Ok(lines(language, rows, county))
}

fn said(language: Language, (zh, en): (&str, &str)) -> String {
    if language == Language::Chinese { zh } else { en }.to_owned()
}

fn lines(language: Language, rows: Vec<AuditRow>, county: &County) -> Table {
    Table {
        name: said(language, ("审计日志", "Audit log")),
        headers: HEADERS.map(|header| said(language, header)).to_vec(),
        rows: rows.into_iter().map(|row| cells(row, county, language).map(Cell::Text).to_vec()).collect(),
        has_total: false,
    }
}

/// What is called by a code stands there in words, with the code beside it for whoever sorts or counts.
fn cells(row: AuditRow, county: &County, language: Language) -> [String; 16] {
    let chinese = language == Language::Chinese;
    let said = |words, code: &str| word(words, code, chinese).to_owned();
    let roles: Vec<&str> = row.roles.iter().map(|role| word(ROLES, role, chinese)).collect();
    [
        row.audit_id.to_string(),
        county.local(row.at).to_rfc3339(),
        row.login.map_or_else(|| said(KINDS, &row.actor_kind), |login| Login(login).masked()),
        row.name.unwrap_or_default(),
        roles.join(if chinese { "、" } else { ", " }),
        row.roles.join(" "),
        said(ACTIONS, &row.action),
        row.action,
        said(KINDS, &row.object_kind),
        row.object_kind,
        row.object_id,
        said(OUTCOMES, &row.outcome),
        row.outcome,
        row.address,
        row.user_agent,
        if row.detail.as_object().is_some_and(serde_json::Map::is_empty) { String::new() } else { row.detail.to_string() },
    ]
}
