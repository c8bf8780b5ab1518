//! What the committee does with orders: issue, accept, send back.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{self, OrderState, StepKind, may_decide, may_issue, order_scope, place_of_issue};
use super::reading_routes::find_order;
use super::store::read::{self, Order};
use super::store::write::{self, NewStep};
use super::view::OrderView;
use crate::accounts::{Act, JsonOf};
use crate::database::{broken_constraint, changes};
use crate::http::{Code, PathOf, Problem, PublicText};
use crate::ids::{AccountId, OrderId, SiteId, UnitId};
use crate::notices::{self, NoticeKind};
use crate::photos::PhotoHash;

const MOST_SITES: usize = 200;
/// Longest time that a unit is given.
const MOST_DAYS: u64 = 366;

/// An order to be issued.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_ids": [41, 57], "unit_id": 7, "words": "请说明逾期原因，制定追赶计划并于期限前书面答复", "due_on": "2026-10-30", "copy_to_deputies": true, "follows": null}))]
pub struct NewOrder {
    site_ids: Vec<SiteId>,
    /// The unit that has to answer.
    unit_id: UnitId,
    words: PublicText<1, 2000>,
    /// The last day on which an answer is in time.
    due_on: NaiveDate,
    /// Whether the sites' adopters are told too.
    copy_to_deputies: bool,
    /// The open order to the same unit whose place this one takes.
    follows: Option<OrderId>,
}

/// Issues a numbered order to a unit about one or many sites; with `follows` a second order in place of an open one.
#[utoipa::path(post, path = "/api/supervision-orders", tag = "orders", request_body = NewOrder,
    responses((status = 201, body = OrderView, description = "The order has its number; the unit has a notice")))]
pub async fn issue(mut act: Act<JsonOf<NewOrder>>) -> Result<Response, Problem> {
    if !may_issue(&act.actor) {
        return Err(Problem::forbidden());
    }
    let mut body = act.body.0.clone();
    body.site_ids.sort_unstable();
    body.site_ids.dedup();
    if body.site_ids.is_empty() || body.site_ids.len() > MOST_SITES {
        let (zh, en) = (format!("请选择 1 到 {MOST_SITES} 个点位"), format!("Choose 1 to {MOST_SITES} sites"));
        return Err(Problem::field("site_ids", "out_of_range", zh, en));
    }
    let place = place_of(&mut act, &body.site_ids).await?;
    require_term(body.due_on, act.county.date_at(act.now))?;
    let former = match body.follows {
        Some(follows) => Some(hold_former(&mut act, follows, body.unit_id).await?),
        None => {
            require_concerned(&mut act, &body).await?;
            None
        }
    };
    let order_id = write_order(&mut act, &body, &place).await?;
    if let Some(former) = former {
        follow(&mut act, &former, order_id).await?;
    }
    let number = number_of(&mut act, order_id).await?;
    tell_unit(&mut act, NoticeKind::OrderIssued, order_id, body.unit_id, body.words.as_str()).await?;
    if body.copy_to_deputies {
        let adopters = write::list_adopters(&mut act.tx, act.actor.county_id, &body.site_ids).await?;
        let chance = act.platform.chance.clone();
        let (county_id, words, now) = (act.actor.county_id, format!("{number}：{}", body.words.as_str()), act.now);
        notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::OrderCopied, &adopters, &words, now).await?;
    }
    let detail = json!({ "number": number, "unit_id": body.unit_id, "site_ids": body.site_ids, "due_on": body.due_on, "follows": body.follows });
    conclude(act, order_id, (StatusCode::CREATED, "order.issue"), detail).await
}

/// The place in whose name the order is issued. A site that the person does not supervise is as if it did not exist.
async fn place_of<B>(act: &mut Act<B>, site_ids: &[SiteId]) -> Result<String, Problem> {
    let sites = write::list_sites(&mut act.tx, act.actor.county_id, site_ids).await?;
    if sites.len() != site_ids.len() {
        return Err(Problem::not_found());
    }
    let regions: Vec<String> = sites.iter().map(|site| site.region_code.clone()).collect();
    let place = place_of_issue(&act.actor, &act.county.code, &regions).ok_or_else(Problem::not_found)?;
    if sites.iter().any(|site| site.struck_off) {
        return Err(Problem::conflict("所选点位中有已销号的，须先恢复", "One of the sites is struck off; reopen it first"));
    }
    Ok(place)
}

/// An order presses whoever can do something: the unit that undertakes the site, or the one that leads its project.
async fn require_concerned<B>(act: &mut Act<B>, body: &NewOrder) -> Result<(), Problem> {
    let found = write::find_unconcerned(&mut act.tx, act.actor.county_id, &body.site_ids, body.unit_id).await?;
    let Some((site, units)) = found else { return Ok(()) };
    let zh = format!("督办单发给责任单位或项目牵头单位；“{site}”的是{}", units.join("、"));
    let en = format!("An order goes to the undertaking unit or the project's lead unit; of “{site}” that is {}", units.join(", "));
    Err(Problem::field("unit_id", "not_concerned", zh, en))
}

pub(super) fn require_term(due_on: NaiveDate, today: NaiveDate) -> Result<(), Problem> {
    if due_on < today || due_on > today + Days::new(MOST_DAYS) {
        return Err(Problem::field("due_on", "out_of_range", "办理期限应在今天之后一年以内", "The due date must lie within a year from today"));
    }
    Ok(())
}

async fn hold_former<B>(act: &mut Act<B>, order_id: OrderId, unit_id: UnitId) -> Result<Order, Problem> {
    let missing = || Problem::field("follows", "unknown", "没有这份可续办的督办单", "There is no such order to follow");
    let former = hold(act, order_id).await?.filter(|former| may_decide(&act.actor, &former.region.code)).ok_or_else(missing)?;
    if former.unit.id != unit_id.0 {
        return Err(Problem::field("unit_id", "mismatch", "再次督办应发给原单位", "A second order goes to the same unit"));
    }
    if former.standing(&act.county).is_open() { Ok(former) } else { Err(settled()) }
}

/// The next number in the series of the issuing place, with what stands before it.
async fn take_number<B>(act: &mut Act<B>, place: &str, year: i16) -> Result<(String, i32), Problem> {
    let county_id = act.actor.county_id;
    if place != act.county.code {
        let (number, township) = write::take_number_of(&mut act.tx, (county_id, place), year).await?;
        return Ok((model::township_prefix(&township), number));
    }
    let (prefix, _) = read::read_settings(&mut act.tx, county_id).await?;
    let prefix = if prefix.is_empty() { model::usual_prefix(&act.county.name) } else { prefix };
    Ok((prefix, write::take_number(&mut act.tx, county_id, year).await?))
}

async fn write_order<B>(act: &mut Act<B>, body: &NewOrder, place: &str) -> Result<OrderId, Problem> {
    let county_id = act.actor.county_id;
    let year = i16::try_from(act.county.date_at(act.now).year()).map_err(Problem::internal)?;
    let (prefix, number) = take_number(act, place, year).await?;
    let new = write::NewOrder {
        county_id,
        year,
        number,
        prefix: &prefix,
        region_code: place,
        unit_id: body.unit_id,
        words: body.words.as_str(),
        issued_by: act.actor.account_id,
        issued_at: act.now,
        copy_to_deputies: body.copy_to_deputies,
        due_on: body.due_on,
        sites: &body.site_ids,
    };
    let order_id = write::insert_order(&mut act.tx, &new).await.map_err(|error| match broken_constraint(&error) {
        Some("supervision_orders_county_id_unit_id_fkey") => Problem::field("unit_id", "unknown", "没有这个单位", "There is no such unit"),
        _ => error.into(),
    })?;
    let step = NewStep {
        kind: StepKind::Issued,
        at: act.now,
        by: Some(act.actor.account_id),
        words: body.words.as_str(),
        due_on: Some(body.due_on),
        level: model::OrderLevel::Order,
        photos: &[],
        came_by: None,
    };
    write::insert_step(&mut act.tx, county_id, order_id, &step).await?;
    Ok(order_id)
}

/// The former order ends; its place is taken.
async fn follow<B>(act: &mut Act<B>, former: &Order, by: OrderId) -> Result<(), Problem> {
    let number = number_of(act, by).await?;
    write::set_followed(&mut act.tx, act.actor.county_id, former.order_id, by).await?;
    step(act, former, StepKind::Followed, &number, None, &[]).await
}

/// The committee is content with the answer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "整改到位", "rev": 3}))]
pub struct Acceptance {
    words: PublicText<0, 500>,
    /// Of the order as the person saw it.
    rev: i64,
}

/// Accepts the answer; the order is settled.
#[utoipa::path(post, path = "/api/supervision-orders/{id}/accept", tag = "orders", params(("id" = i64, Path, description = "The order")),
    request_body = Acceptance, responses((status = 200, body = OrderView, description = "The order is settled; the unit has a notice")))]
pub async fn accept(PathOf(order_id): PathOf<OrderId>, mut act: Act<JsonOf<Acceptance>>) -> Result<Response, Problem> {
    let Acceptance { words, rev } = act.body.0.clone();
    let order = hold_answered(&mut act, order_id, rev).await?;
    require_other_hand(&act, &order)?;
    write::set_state(&mut act.tx, act.actor.county_id, order_id, OrderState::Accepted).await?;
    step(&mut act, &order, StepKind::Accepted, words.as_str(), None, &[]).await?;
    tell_unit(&mut act, NoticeKind::OrderAccepted, order_id, UnitId(order.unit.id), words.as_str()).await?;
    tell_copied(&mut act, &order, "已办结").await?;
    conclude(act, order_id, (StatusCode::OK, "order.accept"), json!({ "words": words })).await
}

/// Why the answer does not do, and until when another is wanted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "未说明何时完工，请补充施工计划", "due_on": "2026-11-10", "rev": 3}))]
pub struct SendingBack {
    reason: PublicText<1, 500>,
    due_on: NaiveDate,
    /// Of the order as the person saw it.
    rev: i64,
}

/// Sends the answer back with a reason and another due date.
#[utoipa::path(post, path = "/api/supervision-orders/{id}/send-back", tag = "orders", params(("id" = i64, Path, description = "The order")),
    request_body = SendingBack, responses((status = 200, body = OrderView, description = "The unit has to answer again and has a notice")))]
pub async fn send_back(PathOf(order_id): PathOf<OrderId>, mut act: Act<JsonOf<SendingBack>>) -> Result<Response, Problem> {
    let SendingBack { reason, due_on, rev } = act.body.0.clone();
    let order = hold_answered(&mut act, order_id, rev).await?;
    require_term(due_on, act.county.date_at(act.now))?;
    write::ask_until(&mut act.tx, (act.actor.county_id, order_id), OrderState::SentBack, due_on, act.now).await?;
    step(&mut act, &order, StepKind::SentBack, reason.as_str(), Some(due_on), &[]).await?;
    tell_unit(&mut act, NoticeKind::OrderSentBack, order_id, UnitId(order.unit.id), reason.as_str()).await?;
    conclude(act, order_id, (StatusCode::OK, "order.send_back"), json!({ "reason": reason, "due_on": due_on })).await
}

/// The order, held until the act ends, if the person may see it.
pub(super) async fn hold<B>(act: &mut Act<B>, order_id: OrderId) -> Result<Option<Order>, Problem> {
    let scope = order_scope(&act.actor).ok_or_else(Problem::forbidden)?;
    write::lock_order(&mut act.tx, act.actor.county_id, order_id).await?;
    Ok(find_order(&mut act.tx, &act.county, Some(scope), order_id).await?)
}

/// Who entered the answer for the unit does not decide about it.
pub(super) fn require_other_hand<B>(act: &Act<B>, order: &Order) -> Result<(), Problem> {
    if order.last_answer().is_some_and(|answer| answer.came_by.is_some() && answer.account_id == Some(act.actor.account_id)) {
        let (zh, en) = ("这份答复由您代录，须由另一人办理", "You entered this answer for the unit: somebody else must decide about it");
        return Err(Problem::forbidden().saying(zh, en));
    }
    Ok(())
}

/// The answered order that the committee decides about.
pub(super) async fn hold_answered<B>(act: &mut Act<B>, order_id: OrderId, rev: i64) -> Result<Order, Problem> {
    let order = hold_open(act, order_id, rev).await?;
    match order.state {
        OrderState::Answered => Ok(order),
        _ => Err(Problem::conflict("单位还没有答复；发错的督办单请撤回", "The unit has not answered yet; an order issued by mistake is withdrawn")),
    }
}

/// The order that is not settled; refused unless the person decides in its place and has seen its present state.
pub(super) async fn hold_open<B>(act: &mut Act<B>, order_id: OrderId, rev: i64) -> Result<Order, Problem> {
    if !may_issue(&act.actor) {
        return Err(Problem::forbidden());
    }
    let order = hold(act, order_id).await?.filter(|order| may_decide(&act.actor, &order.region.code)).ok_or_else(Problem::not_found)?;
    if order.rev != rev {
        return Err(Problem::new(Code::RevMismatch).with("rev", order.rev));
    }
    if order.standing(&act.county).is_open() { Ok(order) } else { Err(settled()) }
}

fn settled() -> Problem {
    Problem::conflict(
        "这份督办单已办结、撤回、终止或已再次督办",
        "The order is settled or withdrawn, has ended, or a second order has taken its place",
    )
}

pub(super) async fn step<B>(
    act: &mut Act<B>,
    order: &Order,
    kind: StepKind,
    words: &str,
    due_on: Option<NaiveDate>,
    photos: &[PhotoHash],
) -> Result<(), Problem> {
    let new = NewStep { kind, at: act.now, by: Some(act.actor.account_id), words, due_on, level: order.level, photos, came_by: None };
    Ok(write::insert_step(&mut act.tx, act.actor.county_id, order.order_id, &new).await?)
}

async fn number_of<B>(act: &mut Act<B>, order_id: OrderId) -> Result<String, Problem> {
    let order = find_order(&mut act.tx, &act.county, None, order_id).await?.ok_or_else(|| Problem::internal("an order just written is gone"))?;
    Ok(model::number_words(&order.prefix, order.year, order.number))
}

pub(super) async fn tell_unit<B>(act: &mut Act<B>, kind: NoticeKind, order_id: OrderId, unit_id: UnitId, words: &str) -> Result<(), Problem> {
    let handlers = read::list_handlers(&mut act.tx, act.actor.county_id, unit_id).await?;
    tell(act, kind, order_id, &handlers, words).await
}

/// Tells those who decide about the order in its place.
pub(super) async fn tell_deciders<B>(act: &mut Act<B>, kind: NoticeKind, order: &Order, words: &str) -> Result<(), Problem> {
    let deciders = read::list_deciders(&mut act.tx, act.actor.county_id, &order.region.code, order.level).await?;
    tell(act, kind, order.order_id, &deciders, words).await
}

/// Tells the deputies who have a copy of the order what became of it.
pub(super) async fn tell_copied<B>(act: &mut Act<B>, order: &Order, became: &str) -> Result<(), Problem> {
    if !order.copy_to_deputies {
        return Ok(());
    }
    let (county_id, now, chance) = (act.actor.county_id, act.now, act.platform.chance.clone());
    let sites: Vec<SiteId> = order.sites.iter().map(|site| site.site_id).collect();
    let adopters = write::list_adopters(&mut act.tx, county_id, &sites).await?;
    let words = format!("{}：{became}", model::number_words(&order.prefix, order.year, order.number));
    notices::tell_deputies(&mut act.tx, &chance, county_id, NoticeKind::OrderCopied, &adopters, &words, now).await?;
    Ok(())
}

pub(super) async fn tell<B>(act: &mut Act<B>, kind: NoticeKind, order_id: OrderId, whom: &[AccountId], words: &str) -> Result<(), Problem> {
    let chance = act.platform.chance.clone();
    let about = (act.actor.county_id, order_id);
    Ok(notices::tell_of_order(&mut act.tx, &chance, about, kind, whom, words, act.now).await?)
}

/// Tells the live map and the audit log what was done to the order, and answers with it.
pub(super) async fn conclude<B>(
    mut act: Act<B>,
    order_id: OrderId,
    (status, action): (StatusCode, &str),
    detail: serde_json::Value,
) -> Result<Response, Problem> {
    let order = find_order(&mut act.tx, &act.county, None, order_id).await?.ok_or_else(|| Problem::internal("an order just held is gone"))?;
    let sites: Vec<SiteId> = order.sites.iter().map(|site| site.site_id).collect();
    changes::sites_changed(&mut act.tx, act.actor.county_id, &sites, act.now).await?;
    act.audit(action, ("order", &order_id.to_string()), detail).await?;
    let view = OrderView::for_reader(order, &act.county, act.county.date_at(act.now), &act.actor);
    act.done(status, &view).await
}
