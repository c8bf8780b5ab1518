//! Taking a list out: asked for with its reason, then fetched by whoever asked, at once or when another person has confirmed it.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::lists::{Asker, read};
use super::model::{Decision, DeskList, FileKind, FileState, WantedList, may_take_out, rows_in_all, standing};
use super::store::{self, Asked, NewFile};
use super::words as w;
use crate::accounts::{Act, Actor, Begun, Intent, JsonOf};
use crate::bulletins::tables::{Cell, Table};
use crate::bulletins::workbook::{csv_with, workbook};
use crate::county::County;
use crate::http::{Code, Language, PathOf, Problem, RequestContext, Text};
use crate::live_map::LiveMap;
use crate::notices::{self, NoticeKind};
use crate::pages::Phrase;

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

/// A file that was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "01a1ac71-2a60-7bbd-a876-41f5f2dea8c4", "url": "/api/desk-exports/01a1ac71-2a60-7bbd-a876-41f5f2dea8c4", "rows": 187,
    "state": "ready", "until": "2026-10-28T10:15:00+08:00"}))]
pub struct DeskExport {
    pub id: Uuid,
    /// Where it is fetched, by whoever asked for it.
    pub url: String,
    pub rows: usize,
    /// `ready`, or `waiting` when it names so many persons that another must confirm it first.
    pub state: FileState,
    /// First instant at which it is no longer there, or no longer waits.
    pub until: DateTime<FixedOffset>,
}

/// Asks for a list of the desk as a file. Who, when, why and which are on record.
#[utoipa::path(post, path = "/api/desk-exports", tag = "desk", request_body = NewDeskExport,
    responses((status = 201, body = DeskExport, description = "It can be fetched for a quarter of an hour, or waits for a second person")))]
pub async fn ask(State(map): State<LiveMap>, context: RequestContext, intent: Intent<JsonOf<NewDeskExport>>) -> Result<Response, Problem> {
    if !may_take_out(&intent.actor, &intent.county.code) {
        return Err(Problem::forbidden());
    }
    let NewDeskExport { wanted, format, reason } = intent.body.0.clone();
    wanted.check()?;
    let asker = Asker { map: &map, actor: &intent.actor, county: &intent.county, language: context.language, now: intent.now };
    let rows = read(&asker, &wanted).await?.rows.len();
    let places = wanted.places(&intent.actor, &intent.county.code);
    let mut act = match intent.begin().await? {
        Begun::Act(act) => *act,
        Begun::Before(answer) => return Ok(answer),
    };
    let (county, now) = (act.county.clone(), act.now);
    let waits = wanted.names_persons() && needs_another(&mut act, &wanted, rows).await?;
    let id = act.platform.chance.uuid(now);
    let new =
        NewFile { id, wanted: &wanted, kind: format, reason: reason.as_str(), made_by: act.actor.account_id, made_at: now, rows, places, waits };
    store::insert(&mut act.tx, county.county_id, &new).await?;
    if waits {
        tell_deciders(&mut act, &wanted, &new.places, (rows, reason.as_str())).await?;
    }
    let detail = json!({ "wanted": wanted, "format": format, "reason": reason, "rows": rows, "waits": waits });
    act.audit("desk.export", ("desk_export", &id.to_string()), detail).await?;
    let (state, until) = standing(now, waits, None, now);
    let answer = DeskExport { id, url: format!("/api/desk-exports/{id}"), rows, state, until: county.local(until) };
    act.done(StatusCode::CREATED, &answer).await
}

/// Whether with this file the person takes out more names than one may within the time that the county has set.
async fn needs_another<B>(act: &mut Act<B>, wanted: &WantedList, rows: usize) -> Result<bool, Problem> {
    let (county_id, by, now) = (act.actor.county_id, act.actor.account_id, act.now);
    let (most, hours) = store::most_by_one(&mut act.tx, county_id).await?;
    let taken = store::list_taken_alone(&mut act.tx, county_id, by, now - TimeDelta::hours(hours.into())).await?;
    Ok(exceeds(rows_in_all(&taken, wanted, rows, now), most))
}

/// Those who may confirm the file hear that it waits.
async fn tell_deciders<B>(act: &mut Act<B>, wanted: &WantedList, places: &[String], (rows, reason): (usize, &str)) -> Result<(), Problem> {
    let (county_id, by, now) = (act.actor.county_id, act.actor.account_id, act.now);
    let of_accounts = matches!(wanted.list, DeskList::Accounts | DeskList::SignInLocks);
    let deciders = store::list_deciders(&mut act.tx, county_id, (places, of_accounts), by).await?;
    let told = format!("{}申请导出含姓名的名单 {rows} 行，用途：{reason}。请登录工作台复核。", act.actor.name);
    let chance = act.platform.chance.clone();
    notices::tell_of_county(&mut act.tx, &chance, county_id, NoticeKind::ExportAsked, &deciders, &told, now).await?;
    Ok(())
}

fn exceeds(rows: usize, most: i32) -> bool {
    usize::try_from(most).is_ok_and(|most| rows > most)
}

/// The file. It is made from what the person may see now, and marked with who took it out, when and why.
#[utoipa::path(get, path = "/api/desk-exports/{id}", tag = "desk", params(("id" = Uuid, Path, description = "The file")),
    responses((status = 200, description = "A table", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "Not asked for by this person, or too long ago"),
        (status = 409, description = "It waits for a second person, or more is in it than was confirmed")))]
pub async fn fetch(State(map): State<LiveMap>, context: RequestContext, actor: Actor, PathOf(id): PathOf<Uuid>) -> Result<Response, Problem> {
    let platform = map.platform();
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let now = platform.clock.now();
    let (asked, most) = {
        let mut connection = platform.pool.acquire().await?;
        let asked = store::find(&mut connection, county.county_id, id).await?;
        (asked.filter(|asked| asked.made_by == actor.account_id), store::most_by_one(&mut connection, county.county_id).await?.0)
    };
    let asked = asked.ok_or_else(Problem::not_found)?;
    require_ready(&asked, now)?;
    let asker = Asker { map: &map, actor: &actor, county: &county, language: context.language, now };
    let table = read(&asker, &asked.wanted).await?;
    require_confirmed(&asked, &actor, &county, exceeds(table.rows.len(), most))?;
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

fn require_ready(asked: &Asked, now: DateTime<chrono::Utc>) -> Result<(), Problem> {
    match asked.standing(now).0 {
        FileState::Ready => Ok(()),
        FileState::Waiting => Err(conflict("这份文件还在等另一人复核", "The file waits for another person to confirm it")),
        FileState::Refused => Err(conflict("这份文件未获同意", "The file was refused")),
        FileState::Withdrawn | FileState::Expired => Err(Problem::not_found()),
    }
}

/// Refuses what was asked for as a small file and has grown, and what was confirmed for other places than are the person's now.
fn require_confirmed(asked: &Asked, actor: &Actor, county: &County, many: bool) -> Result<(), Problem> {
    if many && asked.wanted.names_persons() && !asked.waits {
        return Err(conflict("名单已超过须两人办理的行数，请重新申请", "The list has grown past what one person takes out; ask for it again"));
    }
    let mut places = asked.wanted.places(actor, &county.code);
    places.sort_unstable();
    let mut confirmed = asked.places.clone();
    confirmed.sort_unstable();
    if asked.waits && places != confirmed {
        return Err(conflict("您的权限已有变化，请重新申请", "Your rights have changed since; ask for it again"));
    }
    Ok(())
}

pub(super) fn conflict(zh: &str, en: &str) -> Problem {
    Problem::new(Code::Conflict).saying(zh, en)
}

/// Who took it out, when, and why; and who confirmed it.
fn marks(language: Language, county: &County, actor: &Actor, asked: &Asked) -> Table {
    let row = |what: Phrase, said: &str| vec![Cell::Text(what.in_language(language).to_owned()), Cell::Text(said.to_owned())];
    let written = |at: DateTime<chrono::Utc>| county.local(at).format("%Y-%m-%d %H:%M").to_string();
    let mut rows = vec![
        row(w::COUNTY, &county.name),
        row(w::WHO, &format!("{}（{}）", actor.name, actor.login)),
        row(w::WHEN, &written(asked.made_at)),
        row(w::WHY, &asked.reason),
    ];
    if let Some(decided) = asked.decided.as_ref().filter(|decided| decided.decision == Decision::Confirmed) {
        rows.push(row(w::CONFIRMED_BY, &format!("{}（{}）", decided.name, decided.login)));
        rows.push(row(w::CONFIRMED_AT, &written(decided.at)));
        rows.push(row(w::ROWS_WHEN_ASKED, &asked.rows.to_string()));
    }
    rows.push(row(w::CARE, ""));
    Table::new(language, w::MARKS, &[w::WHAT, w::SAID], rows)
}
