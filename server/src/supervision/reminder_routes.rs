//! Reminders about sites, and taking one back in the moment in which it is held.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::may_supervise;
use super::store;
use crate::accounts::{Act, JsonOf};
use crate::http::{PathOf, Problem, PublicText};
use crate::ids::SiteId;
use crate::notices::{self, NoticeKind, When};

/// Most sites in one call.
const MOST_SITES: usize = 500;

/// Who is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reminded {
    /// Each deputy who has adopted the site.
    Adopters,
    /// The unit that has to do the work.
    Unit,
}

/// A nudge about one or many sites.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_ids": [41, 57], "to": "adopters", "words": "请在月底前到现场查看并反馈"}))]
pub struct NewReminder {
    site_ids: Vec<SiteId>,
    to: Reminded,
    words: PublicText<0, 500>,
}

/// What became of the reminder about one site.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemindedSite {
    pub site_id: SiteId,
    /// Accounts that found a notice; a deputy or unit without an account gets none.
    pub notices: usize,
}

/// The sites reminded about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "01a1ac71-2a60-7bbd-a876-41f5f2dea8c4", "undo_until": "2026-10-20T09:01:00+08:00",
    "items": [{"site_id": 41, "notices": 2}, {"site_id": 57, "notices": 1}]}))]
pub struct RemindersSent {
    /// Under which it can be taken back; null where reminders are sent at once.
    pub id: Option<Uuid>,
    /// First instant at which its people find it, and it can no longer be taken back.
    pub undo_until: Option<DateTime<FixedOffset>>,
    pub items: Vec<RemindedSite>,
}

/// Reminds the adopters or the units of many sites at once. They find it after a moment, in which whoever sent it can take it back.
#[utoipa::path(post, path = "/api/reminders", tag = "supervision", request_body = NewReminder,
    responses((status = 200, body = RemindersSent, description = "Everybody with an account has a notice; the reminders are on record")))]
pub async fn remind(mut act: Act<JsonOf<NewReminder>>) -> Result<Response, Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    let NewReminder { mut site_ids, to, words } = act.body.0.clone();
    site_ids.sort_unstable();
    site_ids.dedup();
    if site_ids.is_empty() || site_ids.len() > MOST_SITES {
        let (zh, en) = (format!("请选择 1 到 {MOST_SITES} 个点位"), format!("Choose 1 to {MOST_SITES} sites"));
        return Err(Problem::field("site_ids", "out_of_range", zh, en));
    }
    let known = store::list_regions(&mut act.tx, act.actor.county_id, &site_ids).await?;
    if known.len() != site_ids.len() || known.iter().any(|(_, region)| !act.actor.supervises(region)) {
        return Err(Problem::not_found());
    }
    if let Some((closed, name)) = store::find_struck_off(&mut act.tx, act.actor.county_id, &site_ids).await? {
        let (zh, en) = (format!("“{name}”已销号，无须催办"), format!("\"{name}\" is struck off and owes nothing"));
        return Err(Problem::conflict(zh, en).with("site_id", closed.0));
    }
    let when = When::held_for(act.platform.settings.reminder_hold_s, &act.platform.chance, act.now);
    let told = send_reminders(&mut act, &site_ids, to, words.as_str(), when).await?;
    let mut notices: HashMap<SiteId, usize> = HashMap::new();
    for site_id in told {
        *notices.entry(site_id).or_default() += 1;
    }
    let mut items = Vec::with_capacity(site_ids.len());
    for site_id in site_ids {
        let notices = notices.get(&site_id).copied().unwrap_or(0);
        let detail = json!({ "to": to, "words": words, "notices": notices, "sending": when.sending() });
        act.audit("site.remind", ("site", &site_id.to_string()), detail).await?;
        items.push(RemindedSite { site_id, notices });
    }
    let sent = RemindersSent { id: when.sending(), undo_until: when.until().map(|until| act.county.local(until)), items };
    act.done(StatusCode::OK, &sent).await
}

/// Writes reminders and notices; returns the site of each notice.
async fn send_reminders<B>(act: &mut Act<B>, sites: &[SiteId], to: Reminded, words: &str, when: When) -> Result<Vec<SiteId>, sqlx::Error> {
    let (county_id, by) = (act.actor.county_id, (act.actor.account_id, act.now, when.sending()));
    let chance = act.platform.chance.clone();
    match to {
        Reminded::Adopters => {
            let adopters = store::list_adopters(&mut act.tx, county_id, sites).await?;
            store::insert_adopter_reminders(&mut act.tx, county_id, by, &adopters, words).await?;
            notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::Reminder, &adopters, words, when).await
        }
        Reminded::Unit => {
            store::insert_unit_reminders(&mut act.tx, county_id, by, sites, words).await?;
            notices::tell_units(&mut act.tx, &chance, county_id, NoticeKind::Reminder, sites, words, when).await
        }
    }
}

/// What was taken back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"sites": 50, "notices": 57}))]
pub struct TakenBack {
    pub sites: usize,
    /// Notices that nobody will find.
    pub notices: u64,
}

/// Which part of what was sent is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_ids": [41]}))]
pub struct ReminderUndo {
    /// Only what was sent about these sites; all of it when not said.
    #[serde(default)]
    site_ids: Option<Vec<SiteId>>,
}

/// Takes back one's own reminder, or a part of it, before anybody found it. Both stay on record.
#[utoipa::path(post, path = "/api/reminders/{id}/undo", tag = "supervision", params(("id" = Uuid, Path, description = "What was sent")),
    request_body = ReminderUndo, responses((status = 200, body = TakenBack, description = "Nobody is told, and it does not count as a reminder"),
        (status = 404, description = "Not sent by this person"), (status = 409, description = "Its people have it, or it was taken back")))]
pub async fn undo_reminder(PathOf(sending_id): PathOf<Uuid>, mut act: Act<JsonOf<ReminderUndo>>) -> Result<Response, Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    let (county_id, now, hold_s) = (act.actor.county_id, act.now, act.platform.settings.reminder_hold_s);
    let found = store::hold_sending(&mut act.tx, county_id, sending_id, hold_s).await?;
    let held = found.filter(|held| held.sent_by == act.actor.account_id).ok_or_else(Problem::not_found)?;
    let wanted = act.body.0.site_ids.clone();
    let sites: Vec<SiteId> = held.sites.into_iter().filter(|site| wanted.as_ref().is_none_or(|wanted| wanted.contains(site))).collect();
    if sites.is_empty() {
        return Err(Problem::conflict("这次催办已经撤销", "It was taken back already"));
    }
    if now >= held.until {
        return Err(Problem::conflict("催办已经送达，不能再撤销", "Its people have it; it can no longer be taken back"));
    }
    store::take_back_reminders(&mut act.tx, (county_id, sending_id), &sites, now).await?;
    let notices = notices::take_back(&mut act.tx, (county_id, sending_id), &sites, now).await?;
    for site_id in &sites {
        act.audit("site.take_back_reminder", ("site", &site_id.to_string()), json!({ "sending": sending_id })).await?;
    }
    act.done(StatusCode::OK, &TakenBack { sites: sites.len(), notices }).await
}
