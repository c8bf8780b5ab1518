//! Taking a list out: asked for with its reason, then fetched once or again within a quarter of an hour by whoever asked.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::lists::{Asker, read};
use super::model::{FETCHED_WITHIN, FileKind, WantedList};
use super::store::{self, Asked};
use super::words as w;
use crate::accounts::{Act, Actor, JsonOf};
use crate::bulletins::tables::{Cell, Table};
use crate::bulletins::workbook::{csv_with, workbook};
use crate::county::County;
use crate::http::{Language, PathOf, Problem, RequestContext, Text};
use crate::platform::Platform;

/// A list to be taken out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"wanted": {"list": "month_reports", "month": "2026-10", "by": null, "filters": null}, "format": "xlsx", "reason": "主任会议材料"}))]
pub struct NewDeskExport {
    wanted: WantedList,
    format: FileKind,
    /// What for; it stands in the file and in the audit log.
    reason: Text<1, 200>,
}

/// A file that can be fetched.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "01a1ac71-2a60-7bbd-a876-41f5f2dea8c4", "url": "/api/desk-exports/01a1ac71-2a60-7bbd-a876-41f5f2dea8c4", "rows": 187,
    "until": "2026-10-28T10:15:00+08:00"}))]
pub struct DeskExport {
    pub id: Uuid,
    /// Where it is fetched, by whoever asked for it.
    pub url: String,
    pub rows: usize,
    /// First instant at which it is no longer there.
    pub until: DateTime<FixedOffset>,
}

/// Asks for a list of the desk as a file. Who, when, why and which are on record.
#[utoipa::path(post, path = "/api/desk-exports", tag = "desk", request_body = NewDeskExport,
    responses((status = 201, body = DeskExport, description = "It can be fetched for a quarter of an hour")))]
pub async fn ask(context: RequestContext, mut act: Act<JsonOf<NewDeskExport>>) -> Result<Response, Problem> {
    let NewDeskExport { wanted, format, reason } = act.body.0.clone();
    wanted.check()?;
    let (actor, county, now) = (act.actor.clone(), act.county.clone(), act.now);
    let asker = Asker { actor: &actor, county: &county, language: context.language, now };
    let table = read(&mut act.tx, &asker, &wanted).await?;
    let id = act.platform.chance.uuid(now);
    let asked = Asked { wanted, kind: format, reason: reason.into_string(), made_at: now };
    store::insert(&mut act.tx, (county.county_id, id), &asked, actor.account_id).await?;
    let detail = json!({ "wanted": asked.wanted, "format": asked.kind, "reason": asked.reason, "rows": table.rows.len() });
    act.audit("desk.export", ("desk_export", &id.to_string()), detail).await?;
    let until = county.local(now + FETCHED_WITHIN);
    let answer = DeskExport { id, url: format!("/api/desk-exports/{id}"), rows: table.rows.len(), until };
    act.done(StatusCode::CREATED, &answer).await
}

/// The file. It is made from what the person may see now, and marked with who took it out, when and why.
#[utoipa::path(get, path = "/api/desk-exports/{id}", tag = "desk", params(("id" = Uuid, Path, description = "The file")),
    responses((status = 200, description = "A table", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "Not asked for by this person, or too long ago")))]
pub async fn fetch(State(platform): State<Platform>, context: RequestContext, actor: Actor, PathOf(id): PathOf<Uuid>) -> Result<Response, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let now = platform.clock.now();
    let mut connection = platform.pool.acquire().await?;
    let asked = store::find(&mut connection, (county.county_id, id), actor.account_id).await?;
    let asked = asked.filter(|asked| now < asked.made_at + FETCHED_WITHIN).ok_or_else(Problem::not_found)?;
    let asker = Asker { actor: &actor, county: &county, language: context.language, now };
    let table = read(&mut connection, &asker, &asked.wanted).await?;
    let marks = marks(context.language, &county, &actor, &asked);
    let bytes = match asked.kind {
        FileKind::Csv => csv_with(&table, &marks).map_err(Problem::internal)?,
        FileKind::Xlsx => workbook(&[table, marks]).map_err(Problem::internal)?,
    };
    let name = format!("attachment; filename=\"{}-{}-{}.{}\"", county.code, asked.wanted.list.as_str(), county.date_at(now), asked.kind.as_str());
    let headers = [
        (header::CONTENT_TYPE, asked.kind.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Who took it out, when, and why.
fn marks(language: Language, county: &County, actor: &Actor, asked: &Asked) -> Table {
    let row = |what: crate::pages::Phrase, said: &str| vec![Cell::Text(what.in_language(language).to_owned()), Cell::Text(said.to_owned())];
    let when = county.local(asked.made_at).format("%Y-%m-%d %H:%M").to_string();
    let rows = vec![
        row(w::COUNTY, &county.name),
        row(w::WHO, &format!("{}（{}）", actor.name, actor.login)),
        row(w::WHEN, &when),
        row(w::WHY, &asked.reason),
        row(w::CARE, ""),
    ];
    Table::new(language, w::MARKS, &[w::WHAT, w::SAID], rows)
}
