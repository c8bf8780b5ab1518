//! A township becomes part of another by a decision: shown before what moves, then moved in one act. Closed months keep both.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};

use super::model::{Moving, NewVillage, may_plan, may_plan_county, village_codes};
use super::store::mergers::{self, Merger};
use crate::accounts::{Act, Actor, JsonOf};
use crate::calendar::Month;
use crate::database::changes;
use crate::http::shapes::RegionRef;
use crate::http::{Code, Page, Problem, QueryOf, Text};
use crate::ids::{CountyId, SiteId};
use crate::notices::{self, NoticeKind};
use crate::platform::Platform;

/// A merger on record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 1, "from": {"code": "339901004", "name": "清溪镇"}, "into": {"code": "339901005", "name": "石桥镇"}, "effective_on": "2026-11-01",
    "decision_number": "浙政函〔2026〕31号", "reason": "撤并乡镇", "moved": {"sites": 12, "stations": 2, "deputies": 30, "accounts": 31}, "at": "2026-11-02T09:00:00+08:00"}))]
pub struct MergerView {
    pub id: i64,
    pub from: RegionRef,
    pub into: RegionRef,
    pub effective_on: NaiveDate,
    pub decision_number: String,
    pub reason: String,
    /// How many of what moved.
    #[schema(value_type = Object)]
    pub moved: serde_json::Value,
    pub at: DateTime<FixedOffset>,
}

/// The mergers of the county's townships, the latest first.
#[utoipa::path(get, path = "/api/region-mergers", tag = "planning", responses((status = 200, body = Page<MergerView>, description = "On record")))]
pub async fn list_mergers(State(platform): State<Platform>, actor: Actor) -> Result<Json<Page<MergerView>>, Problem> {
    if !may_plan(&actor) {
        return Err(Problem::forbidden());
    }
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let rows = mergers::list_mergers(&mut connection, actor.county_id).await?;
    let views = rows.into_iter().map(|row| MergerView {
        id: row.merger_id,
        from: RegionRef { code: row.from_code, name: row.from_name },
        into: RegionRef { code: row.into_code, name: row.into_name },
        effective_on: row.effective_on,
        decision_number: row.decision_number,
        reason: row.reason,
        moved: row.moved,
        at: county.local(row.at),
    });
    Ok(Json(Page::whole(views.collect())))
}

/// Which townships.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MergerQuery {
    /// Code of the township that ends.
    #[param(value_type = String)]
    from: Text<9, 9>,
    /// Code of the township that it becomes part of.
    #[param(value_type = String)]
    into: Text<9, 9>,
}

/// What a merger would move.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"from": {"code": "339901004", "name": "清溪镇"}, "into": {"code": "339901005", "name": "石桥镇"},
    "villages": [{"code": "339901004001", "name": "石桥村", "new_code": "339901005001"}],
    "moving": {"sites": [{"id": 41, "name": "清溪至石桥农村公路"}], "stations": [], "deputies": [], "accounts": [], "grid_cells": 6, "orders": 0, "offers": 0}, "moves": 8}))]
pub struct MergerPreview {
    pub from: RegionRef,
    pub into: RegionRef,
    /// Villages and the codes they get.
    pub villages: Vec<NewVillage>,
    pub moving: Moving,
    /// How many things move altogether; asked back by the act.
    pub moves: i64,
}

/// What would move, for the county's committee. Nothing is changed.
#[utoipa::path(get, path = "/api/region-mergers/preview", tag = "planning", params(MergerQuery),
    responses((status = 200, body = MergerPreview, description = "Everything that lies in the township")))]
pub async fn preview_merger(
    State(platform): State<Platform>,
    actor: Actor,
    QueryOf(query): QueryOf<MergerQuery>,
) -> Result<Json<MergerPreview>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    if !may_plan_county(&actor, &county.code) {
        return Err(Problem::forbidden());
    }
    let mut tx = platform.pool.begin().await?;
    let preview = look(&mut tx, actor.county_id, query.from.as_str(), query.into.as_str()).await?;
    tx.rollback().await?;
    Ok(Json(preview))
}

/// The two townships, held, and what would move.
async fn look(connection: &mut PgConnection, county_id: CountyId, from: &str, into: &str) -> Result<MergerPreview, Problem> {
    if from == into {
        return Err(Problem::field("into", "same", "请选择另一个镇街", "Choose another township"));
    }
    let (from_name, into_name) = mergers::lock_townships(connection, county_id, (from, into)).await?.ok_or_else(Problem::not_found)?;
    let known = mergers::list_villages(connection, county_id).await?;
    let villages = village_codes(&known, from, into).ok_or_else(|| {
        let (zh, en) = ("合并后的村（社区）超过 999 个，编不出代码", "There would be more than 999 villages: no code is left");
        Problem::new(Code::Conflict).saying(zh, en)
    })?;
    let moving = mergers::list_moving(connection, county_id, from).await?;
    let moves = moving.count() + i64::try_from(villages.len()).unwrap_or(i64::MAX);
    let named = |code: &str, name| RegionRef { code: code.to_owned(), name };
    Ok(MergerPreview { from: named(from, from_name), into: named(into, into_name), villages, moving, moves })
}

/// The decision by which a township becomes part of another.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "339901004", "into": "339901005", "effective_on": "2026-11-01", "decision_number": "浙政函〔2026〕31号", "reason": "撤并乡镇", "moves": 8}))]
pub struct NewMerger {
    from: Text<9, 9>,
    into: Text<9, 9>,
    /// The first day on which the township is part of the other: not after today, and in no closed month.
    effective_on: NaiveDate,
    decision_number: Text<1, 100>,
    reason: Text<1, 300>,
    /// As the preview had it: who has not seen what moves moves nothing.
    moves: i64,
}

/// Merges a township into another: its villages, sites, stations, deputies, rights, grid cells, offers and orders. It is not taken back.
#[utoipa::path(post, path = "/api/region-mergers", tag = "planning", request_body = NewMerger,
    responses((status = 201, body = MergerPreview, description = "Moved; closed months keep the township they had")))]
pub async fn merge_townships(mut act: Act<JsonOf<NewMerger>>) -> Result<Response, Problem> {
    if !may_plan_county(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let wanted = act.body.0.clone();
    let (county_id, now) = (act.actor.county_id, act.now);
    let (from, into) = (wanted.from.as_str(), wanted.into.as_str());
    let preview = look(&mut act.tx, county_id, from, into).await?;
    require_day(&mut act, wanted.effective_on).await?;
    if preview.moves != wanted.moves {
        return Err(Problem::new(Code::RevMismatch).with("moves", preview.moves));
    }
    if let Some(name) = mergers::find_divided_account(&mut act.tx, county_id, (from, into)).await? {
        let zh = format!("账号“{name}”在两个镇街各管一处，合并后无法并存，请先由系统管理员调整");
        let en = format!("Account “{name}” looks after one thing in each of the two; the administrator has to settle that first");
        return Err(Problem::new(Code::Conflict).saying(zh, en));
    }
    let merger = Merger {
        from: (from, &preview.from.name),
        into: (into, &preview.into.name),
        effective_on: wanted.effective_on,
        decision_number: wanted.decision_number.as_str(),
        reason: wanted.reason.as_str(),
    };
    let moved = preview.moving.counts(preview.villages.len());
    let merger_id = mergers::insert_merger(&mut act.tx, county_id, merger, &moved, (act.actor.account_id, now)).await?;
    mergers::join_outlines(&mut act.tx, county_id, (from, into)).await?;
    for village in &preview.villages {
        mergers::copy_village(&mut act.tx, county_id, (&village.code, &village.new_code)).await?;
        mergers::keep_places(&mut act.tx, county_id, &village.code, now).await?;
        mergers::move_region(&mut act.tx, county_id, (&village.code, &village.new_code), wanted.effective_on).await?;
    }
    mergers::keep_places(&mut act.tx, county_id, from, now).await?;
    mergers::move_region(&mut act.tx, county_id, (from, into), wanted.effective_on).await?;
    tell(&mut act, &preview, &wanted).await?;
    let detail = json!({ "merger": merger_id, "from": preview.from.name, "into": [into, &preview.into.name], "effective_on": wanted.effective_on,
        "decision": wanted.decision_number, "reason": wanted.reason, "moved": moved });
    act.audit("region.merge", ("region", from), detail).await?;
    act.done(StatusCode::CREATED, &preview).await
}

async fn require_day<B>(act: &mut Act<B>, day: NaiveDate) -> Result<(), Problem> {
    if day > act.county.date_at(act.now) {
        let (zh, en) = ("生效日期还没有到，请在生效当天或之后办理", "The day has not come; do it on the day or after");
        return Err(Problem::field("effective_on", "in_future", zh, en));
    }
    let closed = mergers::find_last_closed(&mut act.tx, act.actor.county_id).await?.map(Month::of);
    if closed.is_some_and(|closed| day <= closed.last_day()) {
        let (zh, en) = ("生效日期落在已截止的月份，已截止各月的镇街不再改变", "The day lies in a closed month, and those keep their townships");
        return Err(Problem::field("effective_on", "in_closed_month", zh, en));
    }
    Ok(())
}

/// Tells the map and those who have adopted a site that moved.
async fn tell<B>(act: &mut Act<B>, preview: &MergerPreview, wanted: &NewMerger) -> Result<(), Problem> {
    let (county_id, now) = (act.actor.county_id, act.now);
    let numbers: Vec<i64> = preview.moving.sites.iter().map(|site| site.id).collect();
    let sites: Vec<SiteId> = numbers.iter().map(|number| SiteId(*number)).collect();
    let adopters = mergers::list_adopters(&mut act.tx, county_id, &numbers).await?;
    let words = format!("{}：{}并入{}，点位随之归{}。", wanted.decision_number.as_str(), preview.from.name, preview.into.name, preview.into.name);
    let chance = act.platform.chance.clone();
    notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::PlanChanged, &adopters, &words, now).await?;
    changes::sites_changed(&mut act.tx, county_id, &sites, now).await?;
    changes::county_changed(&mut act.tx, county_id, now).await?;
    Ok(())
}
