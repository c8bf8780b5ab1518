//! The committees' side: the county's tables of points, deputies' records, contests and their answers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{Rule, earliest_effect, may_make_rules, scope};
use super::store::{self, ContestRow};
use super::view::{DutyRecord, InspectedSite, RuleView, YearQuery, read_record};
use crate::accounts::model::lies_in;
use crate::accounts::{Act, Actor, JsonOf, PublicCounty};
use crate::county::County;
use crate::database::broken_constraint;
use crate::http::shapes::Named;
use crate::http::{Code, Page, PathOf, Problem, QueryOf, Text};
use crate::ids::DeputyId;
use crate::notices::{self, NoticeKind};
use crate::platform::Platform;

/// The county's tables of points. Everybody may know by what deputies are measured.
#[utoipa::path(get, path = "/api/duty-rules", tag = "duty",
    responses((status = 200, body = Page<RuleView>, description = "The latest first")))]
pub async fn list_rules(State(platform): State<Platform>, PublicCounty(county): PublicCounty) -> Result<Json<Page<RuleView>>, Problem> {
    let mut connection = platform.pool.acquire().await?;
    let rules = store::list_rules(&mut connection, county.county_id).await?;
    Ok(Json(Page::whole(rules.iter().map(RuleView::from).collect())))
}

/// A table of points to come into force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"effective_from": "2026-11-01", "inspection": 5, "on_time": 2, "evidence": 1, "on_site": 2, "note": "主任会议通过"}))]
pub struct NewRule {
    /// Today or later; the county's first table may reach back to the first of January.
    effective_from: NaiveDate,
    /// Each from 0 to 100.
    inspection: i16,
    on_time: i16,
    evidence: i16,
    on_site: i16,
    note: Text<0, 500>,
}

/// Makes a table of points. Earlier ones stay, for the days on which they were in force.
#[utoipa::path(post, path = "/api/duty-rules", tag = "duty", request_body = NewRule,
    responses((status = 201, body = RuleView, description = "In force from its day on, until the next one")))]
pub async fn make_rule(mut act: Act<JsonOf<NewRule>>) -> Result<Response, Problem> {
    if !may_make_rules(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let wanted = &act.body.0;
    for (field, points) in
        [("inspection", wanted.inspection), ("on_time", wanted.on_time), ("evidence", wanted.evidence), ("on_site", wanted.on_site)]
    {
        if !(0..=100).contains(&points) {
            return Err(Problem::field(field, "out_of_range", "分值应在 0 到 100 之间", "From 0 to 100 points"));
        }
    }
    let mut rule = Rule {
        rule_id: 0,
        effective_from: wanted.effective_from,
        inspection: wanted.inspection,
        on_time: wanted.on_time,
        evidence: wanted.evidence,
        on_site: wanted.on_site,
        note: wanted.note.as_str().to_owned(),
    };
    let county_id = act.actor.county_id;
    let is_first = store::list_rules(&mut act.tx, county_id).await?.is_empty();
    let earliest = earliest_effect(act.county.date_at(act.now), is_first);
    if rule.effective_from < earliest {
        let (zh, en) = (format!("生效日期不能早于 {earliest}：已经计过的分不变"), format!("Not before {earliest}: what was counted stays"));
        return Err(Problem::field("effective_from", "too_early", zh, en));
    }
    rule.rule_id =
        store::insert_rule(&mut act.tx, county_id, &rule, (act.actor.account_id, act.now)).await.map_err(|error| {
            match broken_constraint(&error) {
                Some("duty_rules_day_key") => {
                    Problem::field("effective_from", "taken", "这一天已有一版规则", "There is a table from this day on already")
                }
                _ => error.into(),
            }
        })?;
    let detail = json!({ "from": rule.effective_from, "points": [rule.inspection, rule.on_time, rule.evidence, rule.on_site] });
    act.audit("duty.make_rule", ("duty_rule", &rule.rule_id.to_string()), detail).await?;
    act.done(StatusCode::CREATED, &RuleView::from(&rule)).await
}

/// A deputy's year, for whoever supervises their region.
#[utoipa::path(get, path = "/api/deputies/{id}/duty-record", tag = "duty", params(("id" = i64, Path, description = "Number of the deputy"), YearQuery),
    responses((status = 200, body = DutyRecord, description = "The year, computed now")))]
pub async fn show_record(
    State(platform): State<Platform>,
    actor: Actor,
    PathOf(deputy_id): PathOf<DeputyId>,
    QueryOf(query): QueryOf<YearQuery>,
) -> Result<Json<DutyRecord>, Problem> {
    let places = scope(&actor).ok_or_else(Problem::forbidden)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let whose = store::find_deputy(&mut connection, actor.county_id, deputy_id).await?;
    let whose = whose.filter(|whose| places.iter().any(|place| lies_in(&whose.region_code, place))).ok_or_else(Problem::not_found)?;
    let year = query.year.unwrap_or_else(|| county.month_at(platform.clock.now()).year());
    Ok(Json(read_record(&mut connection, &county, whose, year).await?))
}

/// A contest as the committee reads it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 3, "deputy": {"id": 12, "name": "沈晓岚"}, "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"},
    "month": "2026-10", "words": "当天在现场，手机没有定位信号", "made_at": "2026-10-20T09:00:00+08:00", "answer": null, "points": null, "answered_at": null}))]
pub struct ContestLine {
    pub id: i64,
    pub deputy: Named,
    pub site: InspectedSite,
    pub month: String,
    pub words: String,
    pub made_at: DateTime<FixedOffset>,
    pub answer: Option<String>,
    pub points: Option<i16>,
    pub answered_at: Option<DateTime<FixedOffset>>,
}

impl ContestLine {
    fn of(row: ContestRow, county: &County) -> Self {
        Self {
            id: row.contest_id,
            deputy: Named { id: row.deputy_id.0, name: row.deputy_name },
            site: InspectedSite { id: row.site_id, code: row.site_code, name: row.site_name },
            month: row.month.format("%Y-%m").to_string(),
            words: row.words,
            made_at: county.local(row.made_at),
            answer: row.answer,
            points: row.points,
            answered_at: row.answered_at.map(|at| county.local(at)),
        }
    }
}

/// What deputies of one's place contest.
#[utoipa::path(get, path = "/api/duty-contests", tag = "duty",
    responses((status = 200, body = Page<ContestLine>, description = "Those that wait for an answer first")))]
pub async fn list_contests(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<ContestLine>>, Problem> {
    let places = scope(&actor).ok_or_else(Problem::forbidden)?;
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let rows = store::list_contests(&mut connection, actor.county_id, &places).await?;
    Ok(Json(Page::whole(rows.into_iter().map(|row| ContestLine::of(row, &county)).collect())))
}

/// An answer to a contest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "已核对照片，予以补分", "points": 2}))]
pub struct ContestAnswer {
    answer: Text<1, 500>,
    /// Added to what the inspection counts, or taken away: from -100 to 100; 0 when it stays as it is.
    points: i16,
}

/// Answers a contest, once.
#[utoipa::path(post, path = "/api/duty-contests/{id}/answer", tag = "duty", params(("id" = i64, Path, description = "The contest")),
    request_body = ContestAnswer, responses((status = 204, description = "The answer stands in the deputy's record")))]
pub async fn answer_contest(PathOf(contest_id): PathOf<i64>, mut act: Act<JsonOf<ContestAnswer>>) -> Result<Response, Problem> {
    let places = scope(&act.actor).ok_or_else(Problem::forbidden)?;
    let found = store::hold_contest(&mut act.tx, act.actor.county_id, contest_id).await?;
    let (_, deputy_id, answered) = found.filter(|(region, ..)| places.iter().any(|place| lies_in(region, place))).ok_or_else(Problem::not_found)?;
    if act.actor.deputy_id() == Some(deputy_id) {
        let (zh, en) = ("这是您本人的异议，须由另一人答复", "You contested this yourself: somebody else must answer");
        return Err(Problem::forbidden().saying(zh, en).and_field("id", "own_case", zh, en));
    }
    if answered {
        return Err(Problem::new(Code::Conflict).saying("这条异议已答复", "This contest has been answered"));
    }
    let (answer, points) = (act.body.0.answer.as_str().to_owned(), act.body.0.points);
    if !(-100..=100).contains(&points) {
        return Err(Problem::field("points", "out_of_range", "分值应在 -100 到 100 之间", "From -100 to 100 points"));
    }
    let author = (act.actor.account_id, act.now);
    let county_id = act.actor.county_id;
    let about = store::answer_contest(&mut act.tx, (county_id, contest_id), (&answer, points), author).await?;
    let (chance, told, now) = (act.platform.chance.clone(), format!("{answer}（加减分 {points:+}）"), act.now);
    notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::ContestAnswered, &[about], &told, now).await?;
    act.audit("duty.answer", ("duty_contest", &contest_id.to_string()), json!({ "points": points })).await?;
    act.done_without_answer().await
}
