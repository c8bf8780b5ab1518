//! Reminding all whose report is missing with one act, after a look at whom it reaches.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::close::{grace_words, open_words};
use super::cockpit::look;
use super::model::{MonthState, Obligation};
use super::store;
use super::tally::ReportStanding;
use crate::accounts::model::lies_in;
use crate::accounts::{Act, Actor, JsonOf};
use crate::calendar::Month;
use crate::county::County;
use crate::http::{Code, PathOf, Problem, PublicText, QueryOf, Text};
use crate::ids::{DeputyId, ProjectId, SiteId};
use crate::notices::{self, NoticeKind, When};
use crate::platform::Platform;

/// Which of the missing reports.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Reach {
    /// Only deputies of this group; nought for those without one.
    pub group: Option<i64>,
    /// Only sites in this region and below it.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub region: Option<Text<1, 12>>,
    pub project: Option<ProjectId>,
    pub deputy: Option<DeputyId>,
    /// Leaves out whoever was already reminded of the site today.
    pub skip_reminded_today: bool,
}

impl Reach {
    fn takes(&self, one: &Obligation) -> bool {
        one.standing() == ReportStanding::Missing
            && self.group.is_none_or(|group| one.group_id.unwrap_or(0) == group)
            && self.region.as_ref().is_none_or(|region| lies_in(&one.region_code, region.as_str()))
            && self.project.is_none_or(|project| one.project_id == project)
            && self.deputy.is_none_or(|deputy| one.deputy_id == deputy)
    }
}

/// A deputy who would be told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReachedDeputy {
    pub id: DeputyId,
    pub name: String,
    /// How many of their reports are missing.
    pub sites: usize,
    /// Whether they have an account, and so find a notice; whoever has none must be told otherwise.
    pub has_account: bool,
    /// When they were last reminded of one of these sites since the month began.
    pub reminded_at: Option<DateTime<FixedOffset>>,
}

/// Whom a reminder would reach.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"deputies": [{"id": 12, "name": "沈晓岚", "sites": 2, "has_account": true, "reminded_at": "2026-10-28T09:00:00+08:00"}], "reports": 2,
    "left_out": 0, "words": "10月的督查反馈还没有提交，10月31日24时截止"}))]
pub struct Reached {
    /// Those with most missing first.
    pub deputies: Vec<ReachedDeputy>,
    pub reports: usize,
    /// Missing reports that are left out because the deputy was reminded of them today.
    pub left_out: usize,
    /// What the reminder says when nothing else is written.
    pub words: String,
}

struct Missing {
    taken: Vec<Obligation>,
    left_out: usize,
    last: HashMap<(SiteId, DeputyId), DateTime<Utc>>,
    words: String,
}

async fn find_missing(
    connection: &mut PgConnection,
    county: &County,
    actor: &Actor,
    (month, reach): (Month, &Reach),
    now: DateTime<Utc>,
) -> Result<Missing, Problem> {
    let seen = look(connection, county, actor, month, now).await?;
    let words = match seen.state {
        MonthState::Open => open_words(month),
        MonthState::Provisional => grace_words(county, month),
        MonthState::Final => {
            return Err(Problem::new(Code::Conflict).saying("这个月已经定稿，不再催报", "The month is final; nothing more is asked for"));
        }
    };
    let of_the_month = (month.opens_at(county.zone), county.final_at(month));
    let last = store::list_reminded_within(connection, county.county_id, of_the_month).await?;
    let last: HashMap<_, _> = last.into_iter().map(|(site, deputy, at)| ((site, deputy), at)).collect();
    let today = county.date_at(now);
    let reminded_today = |one: &Obligation| last.get(&(one.site_id, one.deputy_id)).is_some_and(|at| county.date_at(*at) == today);
    let missing: Vec<Obligation> = seen.obligations.into_iter().filter(|one| reach.takes(one)).collect();
    let (left_out, taken): (Vec<_>, Vec<_>) = missing.into_iter().partition(|one| reach.skip_reminded_today && reminded_today(one));
    Ok(Missing { taken, left_out: left_out.len(), last, words })
}

/// Whom reminding the missing would reach. Nothing is sent.
#[utoipa::path(get, path = "/api/reporting-months/{month}/missing", tag = "months",
    params(("month" = String, Path, description = "The month", example = "2026-10"), Reach),
    responses((status = 200, body = Reached, description = "The deputies whose reports are missing in the reader's places")))]
pub async fn preview_reminder(
    State(platform): State<Platform>,
    actor: Actor,
    PathOf(month): PathOf<Month>,
    QueryOf(reach): QueryOf<Reach>,
) -> Result<Json<Reached>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let missing = find_missing(&mut connection, &county, &actor, (month, &reach), platform.clock.now()).await?;
    let with_account = store::list_deputies_with_account(&mut connection, county.county_id).await?;
    let mut deputies: HashMap<DeputyId, ReachedDeputy> = HashMap::new();
    for one in &missing.taken {
        let at = missing.last.get(&(one.site_id, one.deputy_id)).map(|at| county.local(*at));
        let has_account = with_account.contains(&one.deputy_id);
        let deputy = deputies.entry(one.deputy_id).or_insert_with(|| ReachedDeputy {
            id: one.deputy_id,
            name: one.deputy_name.clone(),
            sites: 0,
            has_account,
            reminded_at: None,
        });
        deputy.sites += 1;
        deputy.reminded_at = deputy.reminded_at.max(at);
    }
    let mut deputies: Vec<ReachedDeputy> = deputies.into_values().collect();
    deputies.sort_by_key(|deputy| (std::cmp::Reverse(deputy.sites), deputy.id));
    Ok(Json(Reached { deputies, reports: missing.taken.len(), left_out: missing.left_out, words: missing.words }))
}

/// A reminder to all whose report is missing.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reach": {"group": null, "region": "339901004", "project": null, "deputy": null, "skip_reminded_today": true}, "words": ""}))]
pub struct MissingReminder {
    #[serde(default)]
    reach: Reach,
    /// Empty: the usual words with the day on which the month ends.
    words: PublicText<0, 500>,
}

/// What was sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "01a1ac71-2a60-7bbd-a876-41f5f2dea8c4", "undo_until": "2026-10-28T09:01:00+08:00", "deputies": 14, "reports": 16,
    "notices": 15, "left_out": 2}))]
pub struct MissingReminded {
    /// Under which it can be taken back, as other reminders are; null where reminders are sent at once.
    pub id: Option<Uuid>,
    /// First instant at which its people find it, and it can no longer be taken back.
    pub undo_until: Option<DateTime<FixedOffset>>,
    pub deputies: usize,
    pub reports: usize,
    /// Notices written; a deputy without an account gets none.
    pub notices: usize,
    pub left_out: usize,
}

/// Reminds every deputy whose report for the month is missing, in the places of whoever asks. Repeating it with its key sends nothing twice.
#[utoipa::path(post, path = "/api/reporting-months/{month}/reminders", tag = "months",
    params(("month" = String, Path, description = "The month", example = "2026-10")), request_body = MissingReminder,
    responses((status = 200, body = MissingReminded, description = "The reminders are on record and the notices written")))]
pub async fn remind_the_missing(PathOf(month): PathOf<Month>, mut act: Act<JsonOf<MissingReminder>>) -> Result<Response, Problem> {
    let MissingReminder { reach, words } = act.body.0.clone();
    let (county, actor, now) = (act.county.clone(), act.actor.clone(), act.now);
    let missing = find_missing(&mut act.tx, &county, &actor, (month, &reach), now).await?;
    if missing.taken.is_empty() {
        return Err(Problem::new(Code::Conflict).saying("没有需要催报的反馈", "No report is missing"));
    }
    let words = if words.as_str().is_empty() { missing.words } else { words.into_string() };
    let whom: Vec<(SiteId, DeputyId)> = missing.taken.iter().map(|one| (one.site_id, one.deputy_id)).collect();
    let mut deputies: Vec<DeputyId> = whom.iter().map(|(_, deputy)| *deputy).collect();
    deputies.sort_unstable();
    deputies.dedup();
    let chance = act.platform.chance.clone();
    let when = When::held_for(act.platform.settings.reminder_hold_s, &chance, now);
    store::insert_reminders(&mut act.tx, county.county_id, Some((actor.account_id, when.sending())), &whom, &words, now).await?;
    let told = notices::tell_deputies(&mut act.tx, &chance, county.county_id, NoticeKind::Reminder, &whom, &words, when).await?;
    let (id, undo_until) = (when.sending(), when.until().map(|until| county.local(until)));
    let sent = MissingReminded { id, undo_until, deputies: deputies.len(), reports: whom.len(), notices: told.len(), left_out: missing.left_out };
    let detail = json!({ "reach": reach, "words": words, "deputies": deputies, "reports": sent.reports, "notices": sent.notices,
        "sending": sent.id });
    act.audit("month.remind_missing", ("reporting_month", &month.to_string()), detail).await?;
    act.done(StatusCode::OK, &sent).await
}
