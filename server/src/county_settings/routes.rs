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

use super::model::{CountyFigures, may_set};
use super::store::{self, ChangeRow};
use crate::accounts::{Act, Actor, JsonOf};
use crate::county::County;
use crate::database::changes;
use crate::http::{Code, Problem, Text};
use crate::platform::Platform;

/// One figure that was changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"setting": "grace_days", "before": "5", "after": "7", "reason": "主任会议决定", "by": "县人大常委会", "at": "2026-10-20T09:00:00+08:00"}))]
pub struct SettingChange {
    pub setting: String,
    /// Null when the reminder or rung was left out.
    pub before: Option<String>,
    pub after: Option<String>,
    pub reason: String,
    pub by: String,
    pub at: DateTime<FixedOffset>,
}

impl SettingChange {
    fn of(row: ChangeRow, county: &County) -> Self {
        let ChangeRow { setting, before, after, reason, by, changed_at } = row;
        Self { setting, before, after, reason, by, at: county.local(changed_at) }
    }
}

/// The settings as they stand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"figures": {"grace_days": 5, "offline_hours": 72, "stale_days": 40, "off_site_m": 500, "minimum_ranked": 5, "month_reminder_days": 3,
    "month_reminder_hour": 9, "order_prefix": "", "order_reminder_days": 3, "key_supervision_days": 7, "special_inquiry_days": 15, "strike_off_persons": 1, "personal_export_rows": 1000}, "rev": 1, "changes": []}))]
pub struct CountySettingsView {
    pub figures: CountyFigures,
    /// To be sent with a change.
    pub rev: i64,
    /// The latest changes, the latest first.
    pub changes: Vec<SettingChange>,
}

async fn view(connection: &mut PgConnection, county: &County) -> Result<CountySettingsView, sqlx::Error> {
    let (figures, rev) = store::read(connection, county.county_id, false).await?;
    let changes = store::list_changes(connection, county.county_id).await?;
    Ok(CountySettingsView { figures, rev, changes: changes.into_iter().map(|row| SettingChange::of(row, county)).collect() })
}

/// The county's settings, and who changed them.
#[utoipa::path(get, path = "/api/county-settings", tag = "county",
    responses((status = 200, body = CountySettingsView, description = "For the county's committee")))]
pub async fn show_settings(State(platform): State<Platform>, actor: Actor) -> Result<Json<CountySettingsView>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if !may_set(&actor, &county.code) {
        return Err(Problem::forbidden());
    }
    Ok(Json(view(&mut *platform.pool.acquire().await?, &county).await?))
}

/// The settings as they are to be, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"figures": {"grace_days": 7, "offline_hours": 72, "stale_days": 40, "off_site_m": 500, "minimum_ranked": 5, "month_reminder_days": 3,
    "month_reminder_hour": 9, "order_prefix": "", "order_reminder_days": 3, "key_supervision_days": 7, "special_inquiry_days": 15, "strike_off_persons": 1, "personal_export_rows": 1000},
    "reason": "主任会议决定", "rev": 1}))]
pub struct SettingsChange {
    figures: CountyFigures,
    reason: Text<1, 500>,
    /// Of the settings as the person saw them.
    rev: i64,
}

/// Changes the settings. Closed months keep the rules they were closed under; every process follows at once.
#[utoipa::path(put, path = "/api/county-settings", tag = "county", request_body = SettingsChange,
    responses((status = 200, body = CountySettingsView, description = "In force from now on")))]
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
    let changed = figures.changes_from(&before);
    if changed.is_empty() {
        return Err(Problem::field("figures", "unchanged", "没有改动任何一项", "Nothing was changed"));
    }
    store::write(&mut act.tx, county_id, &figures, rev + 1).await?;
    store::insert_changes(&mut act.tx, (county_id, rev + 1), &changed, (act.actor.account_id, reason.as_str(), act.now)).await?;
    changes::county_changed(&mut act.tx, county_id, act.now).await?;
    let differences: serde_json::Map<String, serde_json::Value> =
        changed.into_iter().map(|(name, was, is)| (name.to_owned(), json!({ "before": was, "after": is }))).collect();
    act.audit("county.settings", ("county", &act.county.code.clone()), json!({ "reason": reason, "changes": differences })).await?;
    let answer = view(&mut act.tx, &act.county.clone()).await?;
    act.done(StatusCode::OK, &answer).await
}
