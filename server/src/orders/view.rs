//! Orders as answers show them: to everybody as part of a site's story, and on the desk.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{self, OrderLevel, OrderState, StepKind};
use super::store::read::{Order, Step};
use crate::accounts::{Actor, CameBy};
use crate::county::County;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::{OrderId, SiteId, UnitId};
use crate::photos::PhotoHash;
use crate::sites::Stage;

/// Something that happened to an order. Who did it is said on the desk only.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"kind": "answered", "at": "2026-10-18T10:20:00+08:00", "words": "管材已到货，本月内铺通", "due_on": "2026-10-31",
    "level": "order", "photos": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"], "by": null, "on_behalf": null}))]
pub struct OrderStep {
    pub kind: StepKind,
    pub at: DateTime<FixedOffset>,
    pub words: String,
    /// The date asked for; in an answer the date that the unit proposes.
    pub due_on: Option<NaiveDate>,
    /// Of the order after this step.
    pub level: OrderLevel,
    /// Pictures of an answer.
    pub photos: Vec<PhotoHash>,
    /// Null for the public, and when the calendar did it.
    pub by: Option<String>,
    /// Staff entered the answer for the unit: how the words came to them.
    pub on_behalf: Option<CameBy>,
}

impl OrderStep {
    fn of(step: Step, county: &County, for_the_desk: bool) -> Self {
        let Step { kind, at, words, due_on, level, photos, by, came_by, .. } = step;
        Self { kind, at: county.local(at), words, due_on, level, photos, by: by.filter(|_| for_the_desk), on_behalf: came_by }
    }
}

/// A supervision order as the public sees it in a site's story.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "number": "澄人常督〔2026〕12号", "unit": {"id": 7, "name": "县交通运输局"}, "words": "请说明逾期原因并于 10 月 20 日前开工",
    "issued_on": "2026-10-08", "first_due_on": "2026-10-20", "due_on": "2026-10-20", "state": "answered", "level": "order", "open": true,
    "days_overdue": 0, "followed_by": null, "steps": [
        {"kind": "issued", "at": "2026-10-08T09:00:00+08:00", "words": "请说明逾期原因并于 10 月 20 日前开工", "due_on": "2026-10-20", "level": "order", "photos": [], "by": null, "on_behalf": null},
        {"kind": "answered", "at": "2026-10-18T10:20:00+08:00", "words": "管材已到货，本月内铺通", "due_on": "2026-10-31", "level": "order",
            "photos": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"], "by": null, "on_behalf": null}]}))]
pub struct OrderStory {
    pub id: OrderId,
    /// As it is written, such as `澄人常督〔2026〕12号`.
    pub number: String,
    pub unit: Named,
    pub words: String,
    pub issued_on: NaiveDate,
    pub first_due_on: NaiveDate,
    /// The last date asked for.
    pub due_on: NaiveDate,
    pub state: OrderState,
    pub level: OrderLevel,
    /// Not ended yet: neither accepted, withdrawn nor lapsed, and no second order has taken its place.
    pub open: bool,
    /// Days past the due date that the unit owes an answer; 0 when it does not.
    pub days_overdue: i64,
    /// The second order that took its place.
    pub followed_by: Option<OrderId>,
    /// Everything that happened, oldest first.
    pub steps: Vec<OrderStep>,
}

impl OrderStory {
    pub fn public(order: Order, county: &County, today: NaiveDate) -> Self {
        Self::of(order, county, today, false)
    }

    fn of(order: Order, county: &County, today: NaiveDate, for_the_desk: bool) -> Self {
        let standing = order.standing(county);
        Self {
            id: order.order_id,
            number: model::number_words(&order.prefix, order.year, order.number),
            unit: order.unit,
            words: order.words,
            issued_on: county.date_at(order.issued_at),
            first_due_on: order.first_due_on,
            due_on: order.due_on,
            state: order.state,
            level: order.level,
            open: standing.is_open(),
            days_overdue: standing.days_overdue(today),
            followed_by: order.followed_by,
            steps: order.steps.into_iter().map(|step| OrderStep::of(step, county, for_the_desk)).collect(),
        }
    }
}

/// A site that an order is about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路", "region": {"code": "339901004", "name": "清溪镇"}, "stage": "in_progress",
    "issued_stage": "not_started", "open": true, "withdrawn": false}))]
pub struct OrderSite {
    pub id: SiteId,
    pub code: String,
    pub name: String,
    pub region: RegionRef,
    pub stage: Stage,
    /// As it was when the order was issued, and as its letter says it.
    pub issued_stage: Option<Stage>,
    /// Whether it can be ordered about: neither struck off nor withdrawn.
    pub open: bool,
    /// Taken off the map by a decision after the order was issued.
    pub withdrawn: bool,
}

/// A supervision order on the desk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "number": "澄人常督〔2026〕12号", "unit": {"id": 7, "name": "县交通运输局"}, "words": "请说明逾期原因并于 10 月 20 日前开工",
    "issued_on": "2026-10-08", "first_due_on": "2026-10-20", "due_on": "2026-10-20", "state": "issued", "level": "order", "open": true,
    "days_overdue": 0, "followed_by": null, "steps": [], "region": {"code": "339901", "name": "澄溪县"},
    "sites": [{"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路", "region": {"code": "339901004", "name": "清溪镇"}, "stage": "not_started",
        "issued_stage": "not_started", "open": true, "withdrawn": false}],
    "issued_by": "王岚", "copy_to_deputies": true, "may_answer": false, "may_answer_for": true, "may_decide": true, "rev": 1}))]
pub struct OrderView {
    #[serde(flatten)]
    pub story: OrderStory,
    /// The place in whose name it was issued.
    pub region: RegionRef,
    pub sites: Vec<OrderSite>,
    pub issued_by: String,
    pub copy_to_deputies: bool,
    /// Whether the reader may answer it now.
    pub may_answer: bool,
    /// Whether the reader may enter an answer for the unit now.
    pub may_answer_for: bool,
    /// Whether the reader decides about its answers, and may issue a second order in its place.
    pub may_decide: bool,
    /// Grows with every change; asked back by the committee's acts.
    pub rev: i64,
}

impl OrderView {
    pub fn for_reader(mut order: Order, county: &County, today: NaiveDate, reader: &Actor) -> Self {
        let standing = order.standing(county);
        let sites = std::mem::take(&mut order.sites).into_iter().map(|site| OrderSite {
            id: site.site_id,
            code: site.code,
            name: site.name,
            region: RegionRef { code: site.region_code, name: site.region_name },
            stage: site.stage,
            issued_stage: site.issued_stage,
            open: !site.struck_off && !site.withdrawn,
            withdrawn: site.withdrawn,
        });
        Self {
            sites: sites.collect(),
            region: order.region.clone(),
            issued_by: order.issued_by.name.clone(),
            copy_to_deputies: order.copy_to_deputies,
            may_answer: order.awaits_word_of_unit(county) && model::may_answer(reader, UnitId(order.unit.id)),
            may_answer_for: standing.awaits_unit() && model::may_decide(reader, &order.region.code),
            may_decide: standing.is_open() && model::may_decide(reader, &order.region.code),
            rev: order.rev,
            story: OrderStory::of(order, county, today, true),
        }
    }
}
