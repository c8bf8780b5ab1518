//! The county's settings over HTTP, with who changed what last.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{CountyFigures, Loosening, guard_words, may_set};
use super::store::{self, ChangeRow, WaitingRow};
use crate::accounts::{Act, Actor, JsonOf};
use crate::county::County;
use crate::database::changes;
use crate::http::{Code, Page, Problem, Text};
use crate::notices::{self, NoticeKind};
use crate::platform::Platform;

/// One figure that was changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"setting": "grace_days", "before": "5", "after": "7", "reason": "主任会议决定", "by": "县人大常委会", "proposed_by": null, "at": "2026-10-20T09:00:00+08:00"}))]
pub struct SettingChange {
    pub setting: String,
    /// Null when the reminder or rung was left out.
    pub before: Option<String>,
    pub after: Option<String>,
    pub reason: String,
    pub by: String,
    /// Who asked for it, where a second person had to confirm.
    pub proposed_by: Option<String>,
    pub at: DateTime<FixedOffset>,
}

impl SettingChange {
    fn of(row: ChangeRow, county: &County) -> Self {
        let ChangeRow { setting, before, after, reason, by, proposed_by, changed_at } = row;
        Self { setting, before, after, reason, by, proposed_by, at: county.local(changed_at) }
    }
}

/// The settings as they stand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"figures": {"grace_days": 5, "offline_hours": 72, "stale_days": 40, "off_site_m": 500, "minimum_ranked": 5, "month_reminder_days": 3,
    "month_reminder_hour": 9, "offer_reminder_days": 3, "offer_reminder_hour": 9, "order_prefix": "", "order_rise_hour": 8, "order_reminder_days": 3,
    "key_supervision_days": 7, "special_inquiry_days": 15, "strike_off_persons": 1, "personal_export_rows": 1000, "personal_export_hours": 24},
    "rev": 1, "changes": [], "waiting": []}))]
pub struct CountySettingsView {
    pub figures: CountyFigures,
    /// To be sent with a change.
    pub rev: i64,
    /// The latest changes, the latest first.
    pub changes: Vec<SettingChange>,
    /// What was asked for and waits until another of the committee confirms it.
    pub waiting: Vec<WaitingSetting>,
}

/// A loosening that waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 3, "setting": "strike_off_persons", "before": 2, "after": 1, "reason": "主任会议决定", "by": "王岚",
    "at": "2026-10-20T09:00:00+08:00", "own": false}))]
pub struct WaitingSetting {
    pub id: i64,
    pub setting: String,
    pub before: i32,
    pub after: i32,
    pub reason: String,
    pub by: String,
    pub at: DateTime<FixedOffset>,
    /// The reader asked for it, and may take it back but not confirm it.
    pub own: bool,
}

impl WaitingSetting {
    fn of(row: WaitingRow, county: &County, reader: &Actor) -> Self {
        let own = row.proposed_by == reader.account_id;
        let at = county.local(row.proposed_at);
        Self { id: row.proposal_id, setting: row.setting, before: row.before, after: row.after, reason: row.reason, by: row.proposer, at, own }
    }
}

pub(super) async fn view(connection: &mut PgConnection, county: &County, reader: &Actor) -> Result<CountySettingsView, sqlx::Error> {
    let (figures, rev) = store::read(connection, county.county_id, false).await?;
    let changes = store::list_changes(connection, county.county_id, Some(store::SHOWN)).await?;
    let waiting = store::list_waiting(connection, county.county_id).await?;
    Ok(CountySettingsView {
        figures,
        rev,
        changes: changes.into_iter().map(|row| SettingChange::of(row, county)).collect(),
        waiting: waiting.into_iter().map(|row| WaitingSetting::of(row, county, reader)).collect(),
    })
}

/// The county's settings, and who changed them.
#[utoipa::path(get, path = "/api/county-settings", tag = "county",
    responses((status = 200, body = CountySettingsView, description = "For the county's committee")))]
pub async fn show_settings(State(platform): State<Platform>, actor: Actor) -> Result<Json<CountySettingsView>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if !may_set(&actor, &county.code) {
        return Err(Problem::forbidden());
    }
    Ok(Json(view(&mut *platform.pool.acquire().await?, &county, &actor).await?))
}

/// Every change ever made, the latest first: for the file of them, where the page shows the latest.
pub async fn list_changes(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<SettingChange>>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if !may_set(&actor, &county.code) {
        return Err(Problem::forbidden());
    }
    let rows = store::list_changes(&mut *platform.pool.acquire().await?, county.county_id, None).await?;
    Ok(Json(Page::whole(rows.into_iter().map(|row| SettingChange::of(row, &county)).collect())))
}

/// The settings as they are to be, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"figures": {"grace_days": 7, "offline_hours": 72, "stale_days": 40, "off_site_m": 500, "minimum_ranked": 5, "month_reminder_days": 3,
    "month_reminder_hour": 9, "offer_reminder_days": 3, "offer_reminder_hour": 9, "order_prefix": "", "order_rise_hour": 8, "order_reminder_days": 3,
    "key_supervision_days": 7, "special_inquiry_days": 15, "strike_off_persons": 1, "personal_export_rows": 1000, "personal_export_hours": 24},
    "reason": "主任会议决定", "rev": 1}))]
pub struct SettingsChange {
    figures: CountyFigures,
    reason: Text<1, 500>,
    /// Of the settings as the person saw them.
    rev: i64,
}

/// Changes the settings. Closed months keep the rules they were closed under; every process follows at once.
#[utoipa::path(put, path = "/api/county-settings", tag = "county", request_body = SettingsChange,
    responses((status = 200, body = CountySettingsView, description = "In force from now on; what needs a second person is among `waiting`")))]
pub async fn change_settings(mut act: Act<JsonOf<SettingsChange>>) -> Result<Response, Problem> {
    if !may_set(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let SettingsChange { figures, reason, rev } = act.body.0.clone();
    figures.check()?;
    let county_id = act.actor.county_id;
    let (before, present) = store::read(&mut act.tx, county_id, true).await?;
    if present != rev {
        return Err(Problem::new(Code::RevMismatch).with("rev", present));
    }
    let (figures, loosened) = figures.held_back(&before);
    let changed = figures.changes_from(&before);
    for loosening in &loosened {
        propose(&mut act, *loosening, reason.as_str()).await?;
    }
    if loosened.is_empty() && changed.is_empty() {
        return Err(Problem::field("figures", "unchanged", "没有改动任何一项", "Nothing was changed"));
    }
    if !changed.is_empty() {
        store::write(&mut act.tx, county_id, &figures, rev + 1).await?;
        store::insert_changes(&mut act.tx, (county_id, rev + 1), &changed, (act.actor.account_id, reason.as_str(), act.now)).await?;
        changes::county_changed(&mut act.tx, county_id, act.now).await?;
        let differences: serde_json::Map<String, serde_json::Value> =
            changed.into_iter().map(|(name, was, is)| (name.to_owned(), json!({ "before": was, "after": is }))).collect();
        act.audit("county.settings", ("county", &act.county.code.clone()), json!({ "reason": reason, "changes": differences })).await?;
    }
    let answer = view(&mut act.tx, &act.county.clone(), &act.actor.clone()).await?;
    act.done(StatusCode::OK, &answer).await
}

/// Puts on record that one person wants what two have to want.
async fn propose<B>(act: &mut Act<B>, loosening: Loosening, reason: &str) -> Result<(), Problem> {
    let county_id = act.actor.county_id;
    let made = store::insert_proposal(&mut act.tx, county_id, loosening, (act.actor.account_id, reason, act.now)).await?;
    let Loosening { setting, before, after } = loosening;
    let pending = ("这一项已有人提出改动，等待另一人确认", "Somebody has asked to change this already; it waits for a second person");
    let proposal = made.ok_or_else(|| Problem::field(format!("figures.{setting}"), "pending", pending.0, pending.1))?;
    let deciders = store::list_deciders(&mut act.tx, county_id, &act.county.code, act.actor.account_id).await?;
    let told = format!("{}提出把“{}”由 {before} 改为 {after}：{reason}。请到“设置”中确认或不同意。", act.actor.name, guard_words(setting));
    let chance = act.platform.chance.clone();
    notices::tell_of_county(&mut act.tx, &chance, county_id, NoticeKind::LoweringAsked, &deciders, &told, act.now).await?;
    let detail = json!({ "setting": setting, "before": before, "after": after, "reason": reason });
    act.audit("county.propose_setting", ("county_setting", &proposal.to_string()), detail).await
}
