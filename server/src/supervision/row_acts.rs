//! One act on many sites of the list. Each row stands for itself: what cannot be done there is left out and said, the rest is done.
//!
//! The rows go through the very functions that the single acts use, each behind a savepoint; a preview does the same and keeps nothing.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act_routes::{Correction, correct_one, hold, reopen_one, return_one, strike_off_one};
use super::model::may_supervise;
use super::proposal_routes::{confirm_one, propose_one, withdraw_own};
use super::store;
use crate::accounts::{Act, JsonOf};
use crate::adoptions::model::HandOverReason;
use crate::adoptions::{Reassignment, reassign_one};
use crate::http::{Code, Problem, PublicText, RequestContext, Text};
use crate::ids::{DeputyId, SiteId};
use crate::sites::Stage;
use crate::sites::stage::percent_agrees;

const MOST_ROWS: usize = 200;

/// What is done to each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowAct {
    /// Returns the latest report that stands.
    Return,
    Correct,
    /// Moves the adoption from one deputy to another; with `to_deputy_id` alone it only begins.
    Reassign,
    StrikeOff,
    /// Proposes the strike-off to a second person.
    ProposeStrikeOff,
    /// Confirms what somebody else proposed.
    ConfirmStrikeOff,
    /// Opens struck-off sites again.
    Reopen,
    /// Takes back the strike-offs that one has proposed oneself.
    WithdrawProposal,
}

/// A site as the person saw it.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenRow {
    site_id: SiteId,
    rev: i64,
    /// Of a confirmation: what was proposed.
    #[serde(default)]
    proposal_id: Option<i64>,
}

/// One act on many sites.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"act": "propose_strike_off", "rows": [{"site_id": 41, "rev": 9}, {"site_id": 42, "rev": 3}], "words": "现场核实，已通过验收",
    "preview": true}))]
pub struct ActOnRows {
    act: RowAct,
    /// At most 200.
    rows: Vec<SeenRow>,
    /// The note or the reason; a confirmation and a preview need none.
    words: PublicText<0, 500>,
    /// Of a correction.
    #[serde(default)]
    stage: Option<Stage>,
    /// Of a correction.
    #[serde(default)]
    percent: Option<u8>,
    /// Of a reassignment; at sites that this deputy has not adopted nothing is done.
    #[serde(default)]
    from_deputy_id: Option<DeputyId>,
    /// Of a reassignment.
    #[serde(default)]
    to_deputy_id: Option<DeputyId>,
    /// Of a reassignment.
    #[serde(default)]
    reason: Option<HandOverReason>,
    /// Only says what would happen.
    #[serde(default)]
    preview: bool,
}

/// What became of one row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"site_id": 42, "done": false, "rev": null, "code": "conflict", "words": "只有已完成的点位才能销号"}))]
pub struct RowOutcome {
    pub site_id: SiteId,
    /// It was done, or would be.
    pub done: bool,
    /// Of the site after it was done.
    pub rev: Option<i64>,
    /// Why not: the code of the problem that the single act would have.
    pub code: Option<String>,
    /// Why not, in the reader's language.
    pub words: Option<String>,
}

/// What became of each row, in the order of the sites' numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"preview": true, "done": 1, "items": [{"site_id": 41, "done": true, "rev": 10, "code": null, "words": null},
    {"site_id": 42, "done": false, "rev": null, "code": "conflict", "words": "只有已完成的点位才能销号"}]}))]
pub struct RowOutcomes {
    /// Nothing was changed.
    pub preview: bool,
    pub done: usize,
    pub items: Vec<RowOutcome>,
}

/// Does one thing to many sites. What cannot be done at a row is left out, with the reason, and does not hinder the others.
#[utoipa::path(post, path = "/api/review/acts", tag = "supervision", request_body = ActOnRows,
    responses((status = 200, body = RowOutcomes, description = "What was done, or with `preview` what would be")))]
pub async fn act_on_rows(context: RequestContext, mut act: Act<JsonOf<ActOnRows>>) -> Result<Response, Problem> {
    if !may_supervise(&act.actor) {
        return Err(Problem::forbidden());
    }
    let wanted = act.body.0.clone();
    check(&wanted)?;
    let mut rows = wanted.rows.clone();
    // In one order for everybody: of two who act on the same rows, one waits and neither for ever.
    rows.sort_unstable_by_key(|row| row.site_id);
    rows.dedup_by_key(|row| row.site_id);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let refused = try_row(&mut act, &wanted, row).await?;
        let told = refused.map(|problem| problem.told(context.language, context.request_id));
        let (code, words) = told.map(|told| (told.code, told.detail)).unzip();
        let done = code.is_none();
        let rev = if done { store::find_rev(&mut act.tx, act.actor.county_id, row.site_id).await? } else { None };
        items.push(RowOutcome { site_id: row.site_id, done, rev, code, words });
    }
    let outcomes = RowOutcomes { preview: wanted.preview, done: items.iter().filter(|item| item.done).count(), items };
    if wanted.preview {
        // Dropped without being finished, the act has never been.
        return Ok(Json(outcomes).into_response());
    }
    act.done(StatusCode::OK, &outcomes).await
}

/// What is wrong with the call as a whole.
fn check(wanted: &ActOnRows) -> Result<(), Problem> {
    if wanted.rows.is_empty() || wanted.rows.len() > MOST_ROWS {
        let (zh, en) = (format!("请选择 1 到 {MOST_ROWS} 个点位"), format!("Choose 1 to {MOST_ROWS} sites"));
        return Err(Problem::field("rows", "out_of_range", zh, en));
    }
    let required = |field: &str, zh: &str, en: &str| Err(Problem::field(field, "required", zh, en));
    if wanted.act != RowAct::ConfirmStrikeOff && !wanted.preview && wanted.words.as_str().is_empty() {
        return required("words", "请填写原因或说明", "Say why");
    }
    match wanted.act {
        RowAct::Correct => match (wanted.stage, wanted.percent) {
            (None, _) => required("stage", "请选择状态", "Choose a stage"),
            (_, None) => required("percent", "请填写百分比", "Say the percentage"),
            (Some(stage), Some(percent)) if !percent_agrees(stage, percent) => {
                let (zh, en) = ("百分比与状态不符：未开始为 0，已完成为 100", "Not started is 0 percent, completed is 100");
                Err(Problem::field("percent", "out_of_range", zh, en))
            }
            _ => Ok(()),
        },
        RowAct::Reassign if wanted.to_deputy_id.is_none() && wanted.from_deputy_id.is_none() => {
            required("to_deputy_id", "请选择代表", "Choose a deputy")
        }
        RowAct::Reassign if wanted.reason.is_none() => required("reason", "请选择原因", "Choose a reason"),
        RowAct::Reassign if wanted.words.as_str().chars().count() > 300 => {
            Err(Problem::field("words", "too_long", "最多 300 字", "At most 300 characters"))
        }
        _ => Ok(()),
    }
}

/// Acts on one row; what refuses it is returned and leaves no trace. A fault of the service itself ends the whole call.
async fn try_row<B>(act: &mut Act<B>, wanted: &ActOnRows, row: SeenRow) -> Result<Option<Problem>, Problem> {
    store::set_savepoint(&mut act.tx).await?;
    match act_on(act, wanted, row).await {
        Ok(()) => Ok(None),
        Err(problem) if matches!(problem.code(), Code::NotFound | Code::Forbidden | Code::Conflict | Code::RevMismatch | Code::Invalid) => {
            store::back_to_savepoint(&mut act.tx).await?;
            Ok(Some(problem))
        }
        Err(problem) => Err(problem),
    }
}

async fn act_on<B>(act: &mut Act<B>, wanted: &ActOnRows, row: SeenRow) -> Result<(), Problem> {
    let seen = (row.site_id, row.rev);
    // A preview is asked for before anything was written; what it does is never kept.
    let words = if wanted.preview && wanted.words.as_str().is_empty() { "—" } else { wanted.words.as_str() };
    match wanted.act {
        RowAct::StrikeOff => strike_off_one(act, seen, words).await,
        RowAct::ProposeStrikeOff => propose_one(act, seen, words).await,
        RowAct::ConfirmStrikeOff => {
            let proposal_id = row.proposal_id.ok_or_else(Problem::not_found)?;
            let confirmed = confirm_one(act, proposal_id, row.rev).await?;
            if confirmed == row.site_id { Ok(()) } else { Err(Problem::not_found()) }
        }
        RowAct::Reopen => reopen_one(act, seen, words).await,
        RowAct::WithdrawProposal => withdraw_own(act, seen, words).await,
        RowAct::Return => {
            hold(act, row.site_id, row.rev).await?;
            let found = store::find_last_report(&mut act.tx, act.actor.county_id, row.site_id).await?;
            let none = || Problem::conflict("这个点位没有可以退回的反馈", "The site has no report that could be returned");
            return_one(act, found.ok_or_else(none)?, words).await.map(drop)
        }
        RowAct::Correct => {
            let (stage, percent) = wanted.stage.zip(wanted.percent).ok_or_else(|| Problem::internal("an unchecked correction"))?;
            let reason = PublicText::of(words).ok_or_else(|| Problem::internal("an unchecked reason"))?;
            correct_one(act, row.site_id, &Correction { stage, percent, reason, rev: row.rev }).await
        }
        RowAct::Reassign => {
            let reason = wanted.reason.ok_or_else(|| Problem::internal("an unchecked reassignment"))?;
            let words = Text::of(words).ok_or_else(|| Problem::internal("unchecked words"))?;
            let (from_deputy_id, to_deputy_id) = (wanted.from_deputy_id, wanted.to_deputy_id);
            reassign_one(act, row.site_id, Reassignment { from_deputy_id, to_deputy_id, reason, words, rev: row.rev }).await
        }
    }
}
