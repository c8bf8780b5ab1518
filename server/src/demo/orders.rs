//! The demo county's supervision orders: one in every state and on every level, relative to the day, about sites that are late on it.

use std::cmp::Reverse;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use geodata::demo_county::DemoCounty;
use sqlx::PgConnection;

use super::history::History;
use super::store::{Ids, PhotoRow};
use crate::calendar::start_of_day;
use crate::county::County;
use crate::ids::{AccountId, Chance, OrderId, SiteId, UnitId};
use crate::notices::{self, NoticeKind};
use crate::orders::model::{OrderLevel, OrderState, StepKind, usual_prefix};
use crate::orders::store::write::{self, NewOrder, NewStep};
use crate::photos::PhotoHash;
use crate::sites::Stage;

/// Something that happens to an order; days are counted from today.
struct Event {
    kind: StepKind,
    day: i64,
    words: &'static str,
    due: Option<i64>,
}

/// An order; days are counted from today.
struct Course {
    /// Which of the late units has it; the first is the one that can be signed in for.
    unit: usize,
    sites: usize,
    issued: i64,
    due: i64,
    words: &'static str,
    events: Vec<Event>,
    /// The place in the list of the order that it follows.
    follows: Option<usize>,
}

fn event(kind: StepKind, day: i64, words: &'static str, due: Option<i64>) -> Event {
    Event { kind, day, words, due }
}

/// By day of issue, so that the numbers follow one another.
fn courses() -> Vec<Course> {
    let course = |unit, (issued, due), words, events| Course { unit, sites: 1, issued, due, words, events, follows: None };
    vec![
        course(
            0,
            (-62, -45),
            "该点位进度滞后，请查明原因，书面答复整改措施和完成时限。",
            vec![
                event(StepKind::Answered, -50, "已增派两个班组，加班赶工，进度已追回。", None),
                event(StepKind::Accepted, -48, "现场核实，进度已恢复正常。", None),
            ],
        ),
        Course {
            sites: 3,
            ..course(
                1,
                (-40, -24),
                "所列点位进度严重滞后，群众反映强烈。请逐个说明原因并明确完成日期。",
                vec![
                    event(StepKind::Reminded, -27, "", Some(-24)),
                    event(StepKind::Raised, -17, "", Some(-24)),
                    event(StepKind::Raised, -9, "", Some(-24)),
                ],
            )
        },
        course(
            2,
            (-33, -19),
            "请于期限前扭转进度滞后，并每周报送进展。",
            vec![event(StepKind::Reminded, -22, "", Some(-19)), event(StepKind::Raised, -12, "", Some(-19))],
        ),
        course(
            0,
            (-20, -8),
            "请说明逾期原因，制定追赶计划并按期答复。",
            vec![
                event(StepKind::Answered, -10, "因雨季影响施工，拟顺延。", Some(12)),
                event(StepKind::SentBack, -9, "未附施工计划，请补充分周进度后重新答复。", Some(4)),
            ],
        ),
        course(3, (-12, -3), "请核实该点位停工情况并答复。", vec![event(StepKind::Reminded, -6, "", Some(-3))]),
        course(
            0,
            (-9, 3),
            "代表反映现场无人施工，请核实并答复复工安排。",
            vec![event(StepKind::Answered, -2, "已于昨日复工，材料全部到场，申请将完成时间调整到下月中旬。", Some(20))],
        ),
        Course {
            follows: Some(2), ..course(2, (-5, 9), "前次督办逾期未答复，现再次督办：请主要负责人签字后书面答复。", Vec::new())
        },
        Course { sites: 2, ..course(0, (-3, 6), "月末将至，所列点位进度仍然滞后，请于期限前答复赶工安排。", Vec::new()) },
    ]
}

/// The county as its orders need it.
pub struct Issuing<'a> {
    pub county: &'a County,
    pub land: &'a DemoCounty,
    pub history: &'a History,
    pub ids: &'a Ids,
    pub pictures: &'a [PhotoRow],
    pub now: DateTime<Utc>,
}

/// Writes the orders. A list with fewer late units than there are courses has fewer orders.
pub async fn insert_orders(tx: &mut PgConnection, issuing: &Issuing<'_>, chance: &Chance) -> Result<(), sqlx::Error> {
    let units = issuing.late_units();
    let mut made: Vec<Option<OrderId>> = Vec::new();
    for course in courses() {
        let sites = units.get(course.unit).map(|(_, sites)| sites.as_slice()).unwrap_or_default();
        let issued_at = issuing.instant(course.issued);
        // Each order of a unit is about other sites of it, as far as they go.
        let skipped = if sites.is_empty() { 0 } else { made.len() % sites.len() };
        let sites: Vec<usize> = sites.iter().cycle().skip(skipped).take(course.sites.min(sites.len())).copied().collect();
        if sites.is_empty() || issued_at < issuing.history.entered_at {
            made.push(None);
            continue;
        }
        let order_id = issuing.insert(tx, &course, units[course.unit].0, &sites).await?;
        issuing.happen(tx, &course, order_id, sites[0]).await?;
        if let Some(former) = course.follows.and_then(|place| made[place]) {
            write::set_followed(tx, issuing.county.county_id, former, order_id).await?;
            let step = NewStep { words: "再次督办", ..issuing.step(StepKind::Followed, course.issued, OrderLevel::KeySupervision) };
            write::insert_step(tx, issuing.county.county_id, former, &step).await?;
        }
        if course.unit == 0 && !matches!(course.events.last(), Some(Event { kind: StepKind::Answered | StepKind::Accepted, .. })) {
            let (kind, told) = (NoticeKind::OrderIssued, [AccountId(issuing.ids.unit_account)]);
            let about = (issuing.county.county_id, order_id);
            notices::tell_of_order(tx, chance, about, kind, &told, course.words, issued_at).await?;
        }
        made.push(Some(order_id));
    }
    Ok(())
}

impl Issuing<'_> {
    fn today(&self) -> NaiveDate {
        self.county.date_at(self.now)
    }

    fn date(&self, day: i64) -> NaiveDate {
        let days = Days::new(day.unsigned_abs());
        if day < 0 { self.today() - days } else { self.today() + days }
    }

    /// A little after nine on that day.
    fn instant(&self, day: i64) -> DateTime<Utc> {
        start_of_day(self.date(day), self.county.zone) + TimeDelta::minutes(9 * 60 + 12)
    }

    /// Units with sites that are not done, each with those sites, the latest plans first: the unit that can be signed in for, then those
    /// with most.
    fn late_units(&self) -> Vec<(usize, Vec<usize>)> {
        let shown = self.history.reminders.last().map_or(0, |reminder| reminder.site);
        let shown = self.land.sites[shown].unit;
        let mut units: Vec<(usize, Vec<usize>)> = (0..self.land.units.len()).map(|unit| (unit, self.late_sites(unit))).collect();
        units.retain(|(unit, sites)| !sites.is_empty() || *unit == shown);
        units.sort_by_key(|(unit, sites)| (*unit != shown, Reverse(sites.len()), *unit));
        units
    }

    fn late_sites(&self, unit: usize) -> Vec<usize> {
        let sites = self.history.sites.iter().enumerate();
        let open =
            sites.filter(|(place, site)| self.land.sites[*place].unit == unit && site.stage != Stage::Completed && site.struck_off_at.is_none());
        let mut open: Vec<usize> = open.map(|(place, _)| place).collect();
        open.sort_by_key(|place| (self.history.sites[*place].stage, self.history.sites[*place].planned_start_on, *place));
        open
    }

    async fn insert(&self, tx: &mut PgConnection, course: &Course, unit: usize, sites: &[usize]) -> Result<OrderId, sqlx::Error> {
        let issued_at = self.instant(course.issued);
        let year = i16::try_from(self.date(course.issued).year()).unwrap_or_default();
        let sites: Vec<SiteId> = sites.iter().map(|site| SiteId(self.ids.sites[*site])).collect();
        let number = write::take_number(tx, self.county.county_id, year).await?;
        let order_id = write::insert_order(
            tx,
            &NewOrder {
                county_id: self.county.county_id,
                year,
                number,
                prefix: &usual_prefix(&self.county.name),
                region_code: &self.county.code,
                unit_id: UnitId(self.ids.units[unit]),
                words: course.words,
                issued_by: AccountId(self.ids.committee_account),
                issued_at,
                copy_to_deputies: true,
                due_on: self.date(course.due),
                sites: &sites,
            },
        )
        .await?;
        let issued =
            NewStep { words: course.words, due_on: Some(self.date(course.due)), ..self.step(StepKind::Issued, course.issued, OrderLevel::Order) };
        write::insert_step(tx, self.county.county_id, order_id, &issued).await?;
        Ok(order_id)
    }

    fn step(&self, kind: StepKind, day: i64, level: OrderLevel) -> NewStep<'static> {
        let by = match kind {
            StepKind::Reminded | StepKind::Raised => None,
            StepKind::Answered => Some(AccountId(self.ids.unit_account)),
            _ => Some(AccountId(self.ids.committee_account)),
        };
        NewStep { kind, at: self.instant(day), by, words: "", due_on: None, level, photos: &[], came_by: None }
    }

    async fn happen(&self, tx: &mut PgConnection, course: &Course, order_id: OrderId, site: usize) -> Result<(), sqlx::Error> {
        let (county_id, mut level) = (self.county.county_id, OrderLevel::Order);
        let shown: Vec<PhotoHash> = self.picture_of(site).into_iter().collect();
        for event in &course.events {
            if event.kind == StepKind::Raised {
                level = if level == OrderLevel::Order { OrderLevel::KeySupervision } else { OrderLevel::SpecialInquiry };
                write::raise(tx, county_id, order_id, level).await?;
            }
            let photos: &[PhotoHash] = if event.kind == StepKind::Answered { &shown } else { &[] };
            let step = NewStep { words: event.words, due_on: event.due.map(|day| self.date(day)), photos, ..self.step(event.kind, event.day, level) };
            write::insert_step(tx, county_id, order_id, &step).await?;
            match (event.kind, event.due) {
                (StepKind::Answered, _) => write::set_state(tx, county_id, order_id, OrderState::Answered).await?,
                (StepKind::Accepted, _) => write::set_state(tx, county_id, order_id, OrderState::Accepted).await?,
                (StepKind::SentBack, Some(due)) => {
                    write::ask_until(tx, (county_id, order_id), OrderState::SentBack, self.date(due), self.instant(event.day)).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What a deputy saw at the site will do for a unit's own picture.
    fn picture_of(&self, site: usize) -> Option<PhotoHash> {
        self.pictures.iter().rev().find(|picture| self.history.reports[picture.report].site == site).map(|picture| picture.hash)
    }
}
