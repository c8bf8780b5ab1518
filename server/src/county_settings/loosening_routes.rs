//! Loosening what protects the county from one person acting alone: another of the committee confirms it, or refuses with a reason.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::model::{CountyFigures, guard_words, may_set};
use super::routes::{CountySettingsView, view};
use super::store::{self, WaitingRow};
use crate::accounts::{Act, JsonOf};
use crate::database::changes;
use crate::http::{PathOf, Problem, Text};
use crate::ids::AccountId;
use crate::notices::{self, NoticeKind};

/// Confirms what somebody else asked for: it is in force from now on.
#[utoipa::path(post, path = "/api/county-setting-proposals/{id}/confirm", tag = "county",
    params(("id" = i64, Path, description = "What waits, as the settings list it")),
    responses((status = 200, body = CountySettingsView, description = "In force from now on, on record with both names")))]
pub async fn confirm(PathOf(proposal_id): PathOf<i64>, mut act: Act<()>) -> Result<Response, Problem> {
    let (figures, rev, waiting) = hold_waiting(&mut act, proposal_id).await?;
    if waiting.proposed_by == act.actor.account_id {
        let (zh, en) = ("由您提出，须由另一人确认", "You asked for it: somebody else must confirm");
        return Err(Problem::forbidden().saying(zh, en).and_field("id", "own", zh, en));
    }
    if figures.guard(&waiting.setting) != Some(waiting.before) {
        return Err(Problem::conflict("设置已改，这项提议不再适用", "The setting has changed since; this no longer applies"));
    }
    let (county_id, by, now) = (act.actor.county_id, act.actor.account_id, act.now);
    let loosened = figures.clone().with_guard(&waiting.setting, waiting.after);
    store::write(&mut act.tx, county_id, &loosened, rev + 1).await?;
    store::insert_changes(&mut act.tx, (county_id, rev + 1), &loosened.changes_from(&figures), (by, &waiting.reason, now)).await?;
    store::settle_proposal(&mut act.tx, (county_id, proposal_id), ("confirmed", "", Some(rev + 1)), (by, now)).await?;
    changes::county_changed(&mut act.tx, county_id, now).await?;
    let detail = json!({ "setting": waiting.setting, "before": waiting.before, "after": waiting.after, "proposed_by": waiting.proposed_by });
    let told = format!("已确认把“{}”改为 {}，即时生效。", guard_words(&waiting.setting), waiting.after);
    tell_proposer(&mut act, waiting.proposed_by, &told).await?;
    act.audit("county.confirm_setting", ("county_setting", &proposal_id.to_string()), detail).await?;
    conclude(act).await
}

/// Why it is taken back or refused.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "人手够用，仍由两人办理"}))]
pub struct SettingRefusal {
    /// Whoever refuses what somebody else asked for says why.
    words: Text<0, 500>,
}

/// Takes back what one asked for oneself, or refuses another's with a reason. The setting stays.
#[utoipa::path(post, path = "/api/county-setting-proposals/{id}/withdraw", tag = "county",
    params(("id" = i64, Path, description = "What waits, as the settings list it")), request_body = SettingRefusal,
    responses((status = 200, body = CountySettingsView, description = "The settings as they stand; nothing was changed")))]
pub async fn withdraw(PathOf(proposal_id): PathOf<i64>, mut act: Act<JsonOf<SettingRefusal>>) -> Result<Response, Problem> {
    let (.., waiting) = hold_waiting(&mut act, proposal_id).await?;
    let (county_id, by, now, words) = (act.actor.county_id, act.actor.account_id, act.now, act.body.0.words.clone());
    if waiting.proposed_by != by && words.as_str().is_empty() {
        return Err(Problem::field("words", "required", "请说明不同意的理由", "Say why it is refused"));
    }
    store::settle_proposal(&mut act.tx, (county_id, proposal_id), ("withdrawn", words.as_str(), None), (by, now)).await?;
    if waiting.proposed_by != by {
        let told = format!("不同意把“{}”改为 {}：{}", guard_words(&waiting.setting), waiting.after, words.as_str());
        tell_proposer(&mut act, waiting.proposed_by, &told).await?;
    }
    let detail = json!({ "setting": waiting.setting, "words": words, "own": waiting.proposed_by == by });
    act.audit("county.withdraw_setting", ("county_setting", &proposal_id.to_string()), detail).await?;
    conclude(act).await
}

/// Whoever asked hears what became of it, and by whom.
async fn tell_proposer<B>(act: &mut Act<B>, proposer: AccountId, outcome: &str) -> Result<(), sqlx::Error> {
    let (chance, told) = (act.platform.chance.clone(), format!("{}{outcome}", act.actor.name));
    notices::tell_of_county(&mut act.tx, &chance, act.actor.county_id, NoticeKind::LoweringDecided, &[proposer], &told, act.now).await
}

/// The settings and what waits, both held until the act ends.
async fn hold_waiting<B>(act: &mut Act<B>, proposal_id: i64) -> Result<(CountyFigures, i64, WaitingRow), Problem> {
    if !may_set(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let county_id = act.actor.county_id;
    let (figures, rev) = store::read(&mut act.tx, county_id, true).await?;
    match store::find_proposal(&mut act.tx, county_id, proposal_id).await? {
        None => Err(Problem::not_found()),
        Some((_, false)) => Err(Problem::conflict("这项提议已确认或已撤回", "It was confirmed or taken back already")),
        Some((waiting, true)) => Ok((figures, rev, waiting)),
    }
}

async fn conclude<B>(mut act: Act<B>) -> Result<Response, Problem> {
    let answer = view(&mut act.tx, &act.county.clone(), &act.actor.clone()).await?;
    act.done(StatusCode::OK, &answer).await
}
