//! Files of many rows that name persons: they wait until another person of the same right confirms them, refuses them with a reason, or
//! whoever asked takes them back.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Decision, FileKind, FileState, WantedList, may_decide, may_take_out};
use super::routes::conflict;
use super::store::{self, Asked};
use crate::accounts::{Act, Actor, JsonOf};
use crate::county::County;
use crate::http::{Page, PathOf, Problem, Text};
use crate::live_map::LiveMap;
use crate::notices::{self, NoticeKind};

/// A file that waits for a second person, or waited lately.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "01a1ac71-2a60-7bbd-a876-41f5f2dea8c4", "wanted": {"list": "joining", "month": null, "by": null, "filters": ""},
    "format": "xlsx", "reason": "换届通讯录", "rows": 1204, "asked_by": "王岚", "asked_at": "2026-10-28T10:00:00+08:00", "state": "waiting",
    "until": "2026-10-31T10:00:00+08:00", "own": false, "may_decide": true, "decided_by": null, "decided_at": null, "words": "", "url": null}))]
pub struct WaitingFile {
    pub id: Uuid,
    pub wanted: WantedList,
    pub format: FileKind,
    /// What for.
    pub reason: String,
    pub rows: i32,
    pub asked_by: String,
    pub asked_at: DateTime<FixedOffset>,
    pub state: FileState,
    /// First instant at which it no longer waits, or can no longer be fetched.
    pub until: DateTime<FixedOffset>,
    /// The reader asked for it.
    pub own: bool,
    /// The reader may confirm or refuse it now.
    pub may_decide: bool,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<FixedOffset>>,
    /// Why it was refused.
    pub words: String,
    /// Where whoever asked fetches it, once it is confirmed.
    pub url: Option<String>,
}

impl WaitingFile {
    fn of(asked: Asked, county: &County, reader: &Actor, now: DateTime<Utc>) -> Self {
        let (state, until) = asked.standing(now);
        let own = asked.made_by == reader.account_id;
        Self {
            may_decide: state == FileState::Waiting && !own && asked.wanted.same_right(reader, &county.code, &asked.places),
            url: (own && state == FileState::Ready).then(|| format!("/api/desk-exports/{}", asked.id)),
            id: asked.id,
            wanted: asked.wanted,
            format: asked.kind,
            reason: asked.reason,
            rows: asked.rows,
            asked_by: asked.maker,
            asked_at: county.local(asked.made_at),
            state,
            until: county.local(until),
            own,
            decided_by: asked.decided.as_ref().map(|decided| decided.name.clone()),
            decided_at: asked.decided.as_ref().map(|decided| county.local(decided.at)),
            words: asked.decided.map(|decided| decided.words).unwrap_or_default(),
        }
    }
}

/// Files that wait for a second person: one's own of the last days, and those that the reader may decide about.
#[utoipa::path(get, path = "/api/desk-exports", tag = "desk",
    responses((status = 200, body = Page<WaitingFile>, description = "The newest first")))]
pub async fn list_files(State(map): State<LiveMap>, actor: Actor) -> Result<Json<Page<WaitingFile>>, Problem> {
    let platform = map.platform();
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if !may_take_out(&actor, &county.code) {
        return Err(Problem::forbidden());
    }
    let now = platform.clock.now();
    let asked = store::list_waiting(&mut *platform.pool.acquire().await?, county.county_id, now).await?;
    let files = asked.into_iter().map(|asked| WaitingFile::of(asked, &county, &actor, now));
    Ok(Json(Page::whole(files.filter(|file| file.own || file.may_decide).collect())))
}

/// Confirms a file that another person asked for; they can fetch it for a day.
#[utoipa::path(post, path = "/api/desk-exports/{id}/confirm", tag = "desk", params(("id" = Uuid, Path, description = "The file")),
    responses((status = 200, body = WaitingFile, description = "Whoever asked can fetch it"),
        (status = 403, description = "Nobody confirms their own file"), (status = 409, description = "Decided about already, or too late")))]
pub async fn confirm(PathOf(id): PathOf<Uuid>, mut act: Act<()>) -> Result<Response, Problem> {
    let asked = find_waiting(&mut act, id).await?;
    if asked.made_by == act.actor.account_id {
        let (zh, en) = ("文件由您申请，须由另一人复核", "You asked for it: somebody else must confirm");
        return Err(Problem::forbidden().saying(zh, en).and_field("id", "own", zh, en));
    }
    decide(act, asked, Decision::Confirmed, "", "desk.confirm_export").await
}

/// Why a file is refused or taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "用途不明，请说明给谁"}))]
pub struct ExportWithdrawal {
    /// Whoever refuses another's file says why.
    words: Text<0, 500>,
}

/// Refuses another's file with a reason, or takes back one's own.
#[utoipa::path(post, path = "/api/desk-exports/{id}/withdraw", tag = "desk", params(("id" = Uuid, Path, description = "The file")),
    request_body = ExportWithdrawal, responses((status = 200, body = WaitingFile, description = "It is not taken out")))]
pub async fn withdraw(PathOf(id): PathOf<Uuid>, mut act: Act<JsonOf<ExportWithdrawal>>) -> Result<Response, Problem> {
    let asked = find_waiting(&mut act, id).await?;
    let words = act.body.0.words.clone();
    let own = asked.made_by == act.actor.account_id;
    if !own && words.as_str().is_empty() {
        return Err(Problem::field("words", "required", "请说明不同意的理由", "Say why it is refused"));
    }
    let decision = if own { Decision::Withdrawn } else { Decision::Refused };
    decide(act, asked, decision, words.as_str(), "desk.withdraw_export").await
}

/// The file, if it still waits and the person may have a word about it.
async fn find_waiting<B>(act: &mut Act<B>, id: Uuid) -> Result<Asked, Problem> {
    if !may_decide(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let found = store::find(&mut act.tx, act.actor.county_id, id).await?.filter(|asked| asked.waits);
    let concerns = |asked: &Asked| asked.made_by == act.actor.account_id || asked.wanted.same_right(&act.actor, &act.county.code, &asked.places);
    let asked = found.filter(concerns).ok_or_else(Problem::not_found)?;
    match asked.standing(act.now).0 {
        FileState::Waiting => Ok(asked),
        FileState::Expired if asked.decided.is_none() => {
            Err(conflict("申请已过期，请对方重新申请", "It was not decided about in time; it must be asked for again"))
        }
        _ => Err(settled()),
    }
}

fn settled() -> Problem {
    conflict("这份文件已有人处理", "It was decided about already")
}

async fn decide<B>(mut act: Act<B>, asked: Asked, decision: Decision, words: &str, action: &str) -> Result<Response, Problem> {
    let (county_id, by, now) = (act.actor.county_id, act.actor.account_id, act.now);
    if !store::decide(&mut act.tx, (county_id, asked.id), decision, words, (by, now)).await? {
        return Err(settled());
    }
    if asked.made_by != by {
        let outcome = if decision == Decision::Confirmed {
            "已复核同意，请在一天内下载。".to_owned()
        } else {
            format!("不同意导出：{words}")
        };
        let (chance, told) = (act.platform.chance.clone(), format!("{}{outcome}", act.actor.name));
        notices::tell_of_county(&mut act.tx, &chance, county_id, NoticeKind::ExportDecided, &[asked.made_by], &told, now).await?;
    }
    let detail = json!({ "list": asked.wanted.list, "rows": asked.rows, "asked_by": asked.made_by, "reason": asked.reason,
        "words": words, "own": asked.made_by == by });
    act.audit(action, ("desk_export", &asked.id.to_string()), detail).await?;
    let asked = store::find(&mut act.tx, county_id, asked.id).await?.ok_or_else(|| Problem::internal("a file just decided about is gone"))?;
    let view = WaitingFile::of(asked, &act.county, &act.actor, now);
    act.done(StatusCode::OK, &view).await
}
