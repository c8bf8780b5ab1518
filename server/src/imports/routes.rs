//! Imports over HTTP: a file in, its preview with findings out, then confirm or undo.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Datelike, FixedOffset};
use geodata::datum::Datum;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::facts::Scope;
use super::finding::{Finding, Severity};
use super::lifecycle::{Importer, read_apart};
use super::model::{ImportKind, Options, may_import, may_see_imports};
use super::outlook::{Change, PreviewRow};
use super::store::{self, Import, ImportLine};
use super::table::MOST_BYTES;
use crate::accounts::{Act, Actor, Begun, Intent, RawBody};
use crate::county::County;
use crate::http::paging::{page_size, read_cursor};
use crate::http::{Language, Page, PathOf, Problem, QueryOf, RequestContext};
use crate::platform::Platform;

/// Rows of the preview that are sent; the numbers beside it count all.
const PREVIEW_ROWS: usize = 500;

/// How the file is to be read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    kind: ImportKind,
    /// The coordinate system its numbers are in: wgs84, cgcs2000, gcj02 or bd09.
    #[param(value_type = Option<String>)]
    datum: Option<Datum>,
    /// The year of the projects; this year when not said.
    year: Option<i32>,
    file_name: Option<String>,
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportsQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A finding in the reader's language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"severity": "error", "code": "coordinates_swapped", "sheet": "点位", "row": 7, "column": "E 经度", "value": "27.511,120.418",
    "message": "经度和纬度填反了：中国的经度在 73–136 之间，纬度在 3–54 之间。请把两个数对调后重新导入。"}))]
pub struct FindingView {
    pub severity: Severity,
    pub code: String,
    pub sheet: String,
    pub row: Option<u32>,
    pub column: String,
    pub value: String,
    pub message: String,
}

/// A header of the file and the word for what it was taken for; empty when the column is not used.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnView {
    pub header: String,
    pub meaning: String,
}

/// An import with everything that was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "kind": "sites", "file_name": "sites.xlsx", "created_at": "2026-10-20T09:00:00+08:00", "confirmed_at": null, "undone_at": null, "rows": 16, "new": 16, "changed": 0, "unchanged": 0, "can_confirm": true, "columns": [{"header": "点位名称", "meaning": "name"}], "findings": [], "preview": []}))]
pub struct ImportView {
    #[serde(flatten)]
    pub line: ImportLineView,
    pub columns: Vec<ColumnView>,
    pub findings: Vec<FindingView>,
    /// The first 500 rows.
    pub preview: Vec<PreviewRow>,
}

/// An import in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f6ee-7c1a-7000-8000-0123456789ab", "kind": "sites", "file_name": "sites.xlsx", "created_at": "2026-10-20T09:00:00+08:00", "confirmed_at": null, "undone_at": null, "rows": 16, "new": 16, "changed": 0, "unchanged": 0, "can_confirm": true}))]
pub struct ImportLineView {
    pub id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    pub created_at: DateTime<FixedOffset>,
    pub confirmed_at: Option<DateTime<FixedOffset>>,
    pub undone_at: Option<DateTime<FixedOffset>>,
    pub rows: i64,
    pub new: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub can_confirm: bool,
}

/// Reads a file and shows what importing it would do. Nothing changes until it is confirmed.
#[utoipa::path(post, path = "/api/imports", tag = "imports", params(ImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file: XLSX, CSV (UTF-8 or GB18030) or GeoJSON, at most 20 MB"),
    responses((status = 201, body = ImportView, description = "What was read and found")))]
pub async fn create_import(
    context: RequestContext,
    QueryOf(query): QueryOf<ImportQuery>,
    intent: Intent<RawBody<MOST_BYTES>>,
) -> Result<Response, Problem> {
    let scope = may_import(&intent.actor, &intent.county.code, query.kind).ok_or_else(Problem::forbidden)?;
    let options = options(&query, intent.county.date_at(intent.now).year())?;
    let file_name = file_name(query.file_name.as_deref().unwrap_or(""));
    let bytes = intent.body.0.clone();
    let read = read_apart(bytes.clone(), options.clone()).await?;
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    let importer = Importer { county: &act.county, author: &act.author, scope, now: act.now, chance: &act.platform.chance };
    let import = importer.prepare(&mut act.tx, &file_name, &bytes, read, &options).await?;
    let view = view(&import, &act.county, context.language);
    act.done(StatusCode::CREATED, &view).await
}

fn options(query: &ImportQuery, this_year: i32) -> Result<Options, Problem> {
    let year = query.year.unwrap_or(this_year);
    if !(2000..=2100).contains(&year) {
        return Err(Problem::field("year", "out_of_range", "年度应在 2000 到 2100 之间", "The year must be between 2000 and 2100"));
    }
    Ok(Options { kind: query.kind, datum: query.datum.unwrap_or_default(), year })
}

/// The name without folders and control characters, at most 200 characters.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if clean.trim().is_empty() { "未命名".to_owned() } else { clean }
}

/// The imports of the county, newest first; a working committee sees its own.
#[utoipa::path(get, path = "/api/imports", tag = "imports", params(ImportsQuery),
    responses((status = 200, body = Page<ImportLineView>, description = "Imports, newest first")))]
pub async fn list_imports(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<ImportsQuery>,
) -> Result<Json<Page<ImportLineView>>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let scope = may_see_imports(&actor, &county.code).ok_or_else(Problem::forbidden)?;
    let created_by = (scope != Scope::County).then_some(actor.account_id);
    let limit = page_size(query.limit, 50, 200)?;
    let before: Option<Uuid> = read_cursor(query.cursor.as_deref())?;
    let mut connection = platform.pool.acquire().await?;
    let lines = store::list_imports(&mut connection, actor.county_id, created_by, before, limit + 1).await?;
    Ok(Json(Page::cut(lines, limit, |line: &ImportLine| line.import_id.to_string()).map(|line| line_view(&line, &county))))
}

/// One import with its findings.
#[utoipa::path(get, path = "/api/imports/{id}", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, body = ImportView, description = "The import")))]
pub async fn show_import(
    State(platform): State<Platform>,
    actor: Actor,
    context: RequestContext,
    PathOf(id): PathOf<Uuid>,
) -> Result<Json<ImportView>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let (import, _) = visible_import(&mut connection, &actor, &county, id).await?;
    Ok(Json(view(&import, &county, context.language)))
}

/// Writes what the preview showed, all of it or nothing.
#[utoipa::path(post, path = "/api/imports/{id}/confirm", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, body = ImportView, description = "The import, confirmed")))]
pub async fn confirm_import(context: RequestContext, PathOf(id): PathOf<Uuid>, mut act: Act<()>) -> Result<Response, Problem> {
    let (import, scope) = visible_import(&mut act.tx, &act.actor, &act.county, id).await?;
    let importer = Importer { county: &act.county, author: &act.author, scope, now: act.now, chance: &act.platform.chance };
    let import = importer.confirm(&mut act.tx, import).await?;
    let view = view(&import, &act.county, context.language);
    act.done(StatusCode::OK, &view).await
}

/// Puts back what confirming changed.
#[utoipa::path(post, path = "/api/imports/{id}/undo", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, body = ImportView, description = "The import, undone")))]
pub async fn undo_import(context: RequestContext, PathOf(id): PathOf<Uuid>, mut act: Act<()>) -> Result<Response, Problem> {
    let (import, scope) = visible_import(&mut act.tx, &act.actor, &act.county, id).await?;
    let importer = Importer { county: &act.county, author: &act.author, scope, now: act.now, chance: &act.platform.chance };
    let import = importer.undo(&mut act.tx, import).await?;
    let view = view(&import, &act.county, context.language);
    act.done(StatusCode::OK, &view).await
}

/// The import, if this person may see it; another's answers like a missing one.
pub(super) async fn visible_import(
    connection: &mut sqlx::PgConnection,
    actor: &Actor,
    county: &County,
    id: Uuid,
) -> Result<(Import, Scope), Problem> {
    may_see_imports(actor, &county.code).ok_or_else(Problem::forbidden)?;
    let import = store::find_import(connection, actor.county_id, id).await?.ok_or_else(Problem::not_found)?;
    match may_import(actor, &county.code, import.kind) {
        Some(Scope::County) => Ok((import, Scope::County)),
        Some(scope) if import.created_by == Some(actor.account_id) => Ok((import, scope)),
        _ => Err(Problem::not_found()),
    }
}

fn line_view(line: &ImportLine, county: &County) -> ImportLineView {
    ImportLineView {
        id: line.import_id,
        kind: line.kind,
        file_name: line.file_name.clone(),
        created_at: county.local(line.created_at),
        confirmed_at: line.confirmed_at.map(|at| county.local(at)),
        undone_at: line.undone_at.map(|at| county.local(at)),
        rows: line.rows,
        new: line.new,
        changed: line.changed,
        unchanged: line.unchanged,
        can_confirm: line.can_confirm,
    }
}

fn view(import: &Import, county: &County, language: Language) -> ImportView {
    let outlook = &import.prepared.outlook;
    let count = |change| i64::try_from(outlook.count(change)).unwrap_or(i64::MAX);
    let line = ImportLine {
        import_id: import.import_id,
        kind: import.kind,
        file_name: import.file_name.clone(),
        created_at: import.created_at,
        confirmed_at: import.confirmed_at,
        undone_at: import.undone_at,
        rows: i64::try_from(import.prepared.drafts.len()).unwrap_or(i64::MAX),
        new: count(Change::New),
        changed: count(Change::Changed),
        unchanged: count(Change::Unchanged),
        can_confirm: import.can_confirm(),
    };
    let columns = import.prepared.columns.iter().map(|column| ColumnView {
        header: column.header.clone(),
        meaning: column.meaning.and_then(|meaning| serde_json::to_value(meaning).ok()?.as_str().map(str::to_owned)).unwrap_or_default(),
    });
    ImportView {
        line: line_view(&line, county),
        columns: columns.collect(),
        findings: import.findings.iter().map(|finding| finding_view(finding, language)).collect(),
        preview: outlook.rows.iter().take(PREVIEW_ROWS).cloned().collect(),
    }
}

fn finding_view(finding: &Finding, language: Language) -> FindingView {
    FindingView {
        severity: finding.severity,
        code: finding.code.clone(),
        sheet: finding.sheet.clone(),
        row: finding.row,
        column: finding.column.clone(),
        value: finding.value.clone(),
        message: match language {
            Language::Chinese => finding.message.zh.clone(),
            Language::English => finding.message.en.clone(),
        },
    }
}
