//! Settling a challenge: declined with a reason, or judged with its consequence. Nobody settles what is their own case.

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::consequence::bring_about;
use super::desk_routes::{conclude, elsewhere, hold, tell_concerned};
use super::desk_view::DeskChallenge;
use super::model::{ChallengeState, Consequence, Mismatch, check_consequence};
use super::store::read::{self, Challenge};
use super::store::write;
use crate::accounts::{Act, JsonOf};
use crate::http::{Code, PathOf, Problem, PublicText, Text};
use crate::notices::NoticeKind;
use crate::sites::Stage;
use crate::sites::stage::percent_agrees;

/// Why a challenge is not taken up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "所述内容与这个点位无关", "rev": 1}))]
pub struct Declination {
    /// The visitor reads it.
    reason: Text<1, 500>,
    /// Of the challenge as the person saw it.
    rev: i64,
}

/// Declines a challenge: it is not about this site, or it is abuse. The visitor reads the reason; nothing of it is published.
#[utoipa::path(post, path = "/api/challenges/{number}/declination", tag = "challenges",
    params(("number" = String, Path, description = "Number of the challenge")), request_body = Declination,
    responses((status = 200, body = DeskChallenge, description = "It is declined")))]
pub async fn decline(PathOf(number): PathOf<String>, mut act: Act<JsonOf<Declination>>) -> Result<Response, Problem> {
    let Declination { reason, rev } = act.body.0.clone();
    let challenge = hold(&mut act, &number, rev).await?;
    require_other_case(&mut act, &challenge).await?;
    settle(&mut act, &challenge, (ChallengeState::Declined, None), reason.as_str()).await?;
    conclude(act, &challenge, "challenge.decline", json!({ "reason": reason })).await
}

/// What the check on the spot has shown.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"founded": true, "reason": "经现场核实，尚有 200 米未铺", "consequence": "correct_stage", "stage": "in_progress",
    "percent": 80, "site_rev": 9, "rev": 2}))]
pub struct Judgement {
    founded: bool,
    /// Everybody reads it.
    reason: PublicText<1, 500>,
    consequence: Consequence,
    /// The stage to set, with `correct_stage`, or with `reopen` when it is another now.
    stage: Option<Stage>,
    percent: Option<u8>,
    /// Of the site as the person saw it.
    site_rev: i64,
    /// Of the challenge as the person saw it.
    rev: i64,
}

/// Judges a challenge that was taken up. Its consequence comes about at once, as the act that it is. A founded challenge of a struck-off
/// site opens it again.
#[utoipa::path(post, path = "/api/challenges/{number}/judgement", tag = "challenges",
    params(("number" = String, Path, description = "Number of the challenge")), request_body = Judgement,
    responses((status = 200, body = DeskChallenge, description = "It is judged; what follows from it has been done")))]
pub async fn judge(PathOf(number): PathOf<String>, mut act: Act<JsonOf<Judgement>>) -> Result<Response, Problem> {
    let Judgement { founded, reason, consequence, stage, percent, site_rev, rev } = act.body.0.clone();
    let challenge = hold(&mut act, &number, rev).await?;
    require_other_case(&mut act, &challenge).await?;
    if challenge.site_rev != site_rev {
        return Err(Problem::new(Code::RevMismatch).with("site_rev", challenge.site_rev));
    }
    check_consequence(founded, consequence, stage, challenge.struck_off).map_err(mismatch)?;
    let set = match (stage, percent) {
        (Some(stage), Some(percent)) if percent_agrees(stage, percent) => Some((stage, percent)),
        (None, None) => None,
        _ => {
            let (zh, en) = ("百分比与状态不符：未开始为 0，已完成为 100", "Not started is 0 percent, completed is 100");
            return Err(Problem::field("percent", "out_of_range", zh, en));
        }
    };
    let state = if founded { ChallengeState::Founded } else { ChallengeState::Unfounded };
    settle(&mut act, &challenge, (state, Some(consequence)), reason.as_str()).await?;
    bring_about(&mut act, &challenge, (consequence, set), reason.as_str()).await?;
    tell_concerned(&mut act, &challenge, NoticeKind::ChallengeJudged, &outcome(founded, reason.as_str())).await?;
    let detail = json!({ "founded": founded, "reason": reason, "consequence": consequence, "stage": stage, "percent": percent });
    conclude(act, &challenge, "challenge.judge", detail).await
}

fn outcome(founded: bool, reason: &str) -> String {
    let found = if founded { "群众质疑经核实属实" } else { "群众质疑经核实不属实" };
    format!("{found}：{reason}")
}

async fn settle<B>(
    act: &mut Act<B>,
    challenge: &Challenge,
    (to, consequence): (ChallengeState, Option<Consequence>),
    words: &str,
) -> Result<(), Problem> {
    let step = write::Move { to, account_id: Some(act.actor.account_id), words, consequence, at: act.now };
    write::advance(&mut act.tx, act.actor.county_id, challenge.challenge_id, step).await?.ok_or_else(|| match challenge.state {
        ChallengeState::Submitted => Problem::conflict("请先受理，核实之后再作结论", "Take it up first; it is judged after the check"),
        _ => elsewhere(),
    })?;
    Ok(())
}

/// Whoever reported on the site, adopted it or struck it off does not settle what is said against it.
async fn require_other_case<B>(act: &mut Act<B>, challenge: &Challenge) -> Result<(), Problem> {
    let person = (act.actor.account_id, act.actor.deputy_id());
    let own = read::list_own_cases(&mut act.tx, act.actor.county_id, person, &[challenge.site_id]).await?;
    if own.is_empty() {
        return Ok(());
    }
    let (zh, en) = (
        "您反馈、领办过这个点位或办理过它的销号，须由另一人处理这条质疑",
        "You reported on this site, adopted it or struck it off: somebody else must settle the challenge",
    );
    Err(Problem::forbidden().saying(zh, en).and_field("number", "own_case", zh, en))
}

fn mismatch(fault: Mismatch) -> Problem {
    let (field, code, zh, en) = match fault {
        Mismatch::Unfounded => ("consequence", "unfounded", "质疑不属实时不改变点位", "What is unfounded changes nothing of the site"),
        Mismatch::MustReopen => {
            ("consequence", "must_reopen", "点位已销号：质疑属实须撤销销号", "The site is struck off: a founded challenge opens it again")
        }
        Mismatch::NotStruckOff => ("consequence", "not_struck_off", "点位没有销号，不必恢复", "The site is not struck off"),
        Mismatch::StageMissing => ("stage", "required", "请选择更正后的状态", "Choose the stage that it is to have"),
        Mismatch::StageUnused => ("stage", "unused", "这一处理方式不更正状态", "This consequence sets no stage"),
    };
    Problem::field(field, code, zh, en)
}
