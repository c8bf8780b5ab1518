//! A story as answers show it.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Entry, Happening, Nudged, Office, OrderStep, Person, Records, StoryMonth, first_and_latest};
use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::challenges::PublicChallengeView;
use crate::county::County;
use crate::ids::{DeputyId, OrderId};
use crate::months::model::MonthState;
use crate::orders::model::{OrderLevel, StepKind};
use crate::photos::PhotoHash;
use crate::plan_changes::PlanChangeView;
use crate::reports::store::read::Report;
use crate::reports::view::{PhotoView, ReportView};
use crate::sites::view::SiteDetail;
use crate::sites::withdrawn::WithdrawalView;
use crate::sites::{Marks, Site, Stage};
use crate::stations::{Station, StationKind};

/// A deputy as a story names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "name": "沈晓岚", "constituency": "清溪镇第一选区", "portrait_url": null}))]
pub struct PersonView {
    pub id: DeputyId,
    pub name: String,
    pub constituency: String,
    pub portrait_url: Option<String>,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        let Person { deputy_id, name, constituency, portrait_url } = person.clone();
        Self { id: deputy_id, name, constituency, portrait_url }
    }
}

/// The lateness of work: since when, and for how many days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"kind": "finish", "planned_on": "2026-10-31", "days": 22}))]
pub struct Lateness {
    /// `start` or `finish`.
    pub kind: String,
    pub planned_on: NaiveDate,
    pub days: i64,
}

/// Whom a reminder nudged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NudgedView {
    /// `deputy` or `unit`.
    pub kind: String,
    pub name: String,
}

/// One step of a supervision order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderStepView {
    pub order_id: OrderId,
    /// As it is written, such as `澄人常督〔2026〕12号`.
    pub number: String,
    /// The unit that has to answer.
    pub unit: String,
    pub kind: StepKind,
    /// How far the order has risen with this step.
    pub level: OrderLevel,
    /// What was asked or answered; for `followed` the number of the second order.
    pub words: String,
    /// The date asked for; in an answer the date that the unit proposes.
    pub due_on: Option<NaiveDate>,
    /// Pictures of an answer.
    pub photos: Vec<PhotoHash>,
    /// Null when the unit or the calendar did it.
    pub by: Option<Office>,
    /// Staff entered the answer for the unit: how the words came to them.
    pub on_behalf: Option<CameBy>,
}

impl From<&OrderStep> for OrderStepView {
    fn from(step: &OrderStep) -> Self {
        let OrderStep { order_id, number, unit, kind, level, words, due_on, photos, by, came_by, .. } = step.clone();
        Self { order_id, number, unit, kind, level, words, due_on, photos, by, on_behalf: came_by }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EntryView {
    /// A deputy reported.
    Report {
        at: DateTime<FixedOffset>,
        report: Box<ReportView>,
        reporter: Option<PersonView>,
        /// The stage that the site had before, when the report changed it.
        moved_from: Option<Stage>,
    },
    /// The committee sent a report back.
    Return {
        at: DateTime<FixedOffset>,
        report_id: Uuid,
        month: Month,
        deputy: String,
        reason: String,
        /// The deputy took back what staff had entered in their name.
        objected: bool,
        by: Option<Office>,
        from_stage: Option<Stage>,
        to_stage: Option<Stage>,
        percent: Option<i16>,
    },
    /// The committee set the stage itself.
    Correction { at: DateTime<FixedOffset>, from_stage: Stage, to_stage: Stage, percent: i16, reason: String, by: Option<Office> },
    /// The committee confirmed and closed the site.
    StrikeOff { at: DateTime<FixedOffset>, on: Option<NaiveDate>, note: String, by: Option<Office> },
    /// The site was opened again.
    Reopening { at: DateTime<FixedOffset>, reason: String, by: Option<Office> },
    /// A visitor said that it is not so, or the office judged that: `submitted`, `founded` or `unfounded`.
    Challenge { at: DateTime<FixedOffset>, outcome: String, reason: String, by: Option<Office> },
    /// The plan changed by a decision.
    PlanChange { at: DateTime<FixedOffset>, change: Box<PlanChangeView> },
    /// Adopters or the unit were nudged.
    Reminder { at: DateTime<FixedOffset>, to: Vec<NudgedView>, words: String, by: Option<Office> },
    /// A supervision order was issued, answered or settled, or rose because nobody answered.
    Order { at: DateTime<FixedOffset>, step: Box<OrderStepView> },
    /// The site left the plan by a decision.
    Withdrawal { at: DateTime<FixedOffset>, withdrawal: Box<WithdrawalView> },
}

/// One month of a story.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StoryMonthView {
    pub month: Month,
    /// `open`: as it is now; `provisional`: closed, late reports still come in; `final`: never changes again.
    pub state: MonthState,
    /// At the month's end, or now; absent for a month whose map was not kept.
    pub stage: Option<Stage>,
    pub percent: Option<i16>,
    pub start_overdue: bool,
    pub finish_overdue: bool,
    /// Reports owed, received, and received on time; absent in the open month.
    pub owed: Option<i16>,
    pub received: Option<i16>,
    pub on_time: Option<i16>,
    /// Adopters without a standing report for the month; in the open month those who have not reported yet.
    pub missing: Vec<PersonView>,
    /// Newest first.
    pub entries: Vec<EntryView>,
}

/// A picture with the report behind it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Shot {
    pub photo: PhotoView,
    pub month: Month,
    pub stage: Stage,
    pub percent: i16,
    pub written_at: DateTime<FixedOffset>,
}

/// The place as it looked first and as it looks last.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Comparison {
    pub first: Shot,
    pub latest: Shot,
}

/// A station to turn to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contact {
    pub name: String,
    pub kind: StationKind,
    pub address: String,
    pub telephone: String,
    pub opening_hours: String,
    pub lon: f64,
    pub lat: f64,
    /// Metres from the site.
    pub distance_m: u32,
}

/// A site's whole story.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"today": "2026-11-22", "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "withdrawal": null, "lateness": null,
    "plan_changes": [], "months": [], "comparison": null, "challenges": [], "contacts": []}))]
pub struct StoryView {
    pub today: NaiveDate,
    pub site: SiteDetail,
    /// The decision by which the site left the plan, while it is off it.
    pub withdrawal: Option<WithdrawalView>,
    /// The lateness that presses most, when work is late.
    pub lateness: Option<Lateness>,
    /// Newest first.
    pub plan_changes: Vec<PlanChangeView>,
    /// Newest first.
    pub months: Vec<StoryMonthView>,
    pub comparison: Option<Comparison>,
    /// What is published of its challenges, newest first.
    pub challenges: Vec<PublicChallengeView>,
    /// Where a problem with this site can be told: the stations of its township, nearest first, or the nearest of all.
    pub contacts: Vec<Contact>,
}

/// How late the work is: of two kinds the one that began first.
pub fn lateness(site: &Site, marks: Marks, today: NaiveDate) -> Option<Lateness> {
    let of = |late: bool, kind: &str, planned: Option<NaiveDate>| {
        let planned_on = planned.filter(|_| late)?;
        Some(Lateness { kind: kind.to_owned(), planned_on, days: (today - planned_on).num_days() })
    };
    of(marks.start_overdue, "start", site.planned_start_on).or_else(|| of(marks.finish_overdue, "finish", site.planned_finish_on))
}

impl StoryView {
    /// Puts together what was composed.
    pub fn of(
        (site, marks, in_plan): (&Site, Marks, bool),
        months: &[StoryMonth],
        records: &Records,
        county: &County,
        today: NaiveDate,
        contacts: Vec<Contact>,
    ) -> Self {
        let left = records.withdrawals.first().filter(|_| !in_plan);
        Self {
            today,
            site: SiteDetail::marked(site, marks, county),
            withdrawal: left.map(|withdrawal| WithdrawalView::of(withdrawal, county)),
            lateness: lateness(site, marks, today),
            plan_changes: records.plan_changes.iter().map(|change| PlanChangeView::of(change, county)).collect(),
            months: months.iter().map(|told| month_view(told, records, county)).collect(),
            comparison: first_and_latest(&records.reports)
                .and_then(|(first, latest)| Some(Comparison { first: shot(first, county)?, latest: shot(latest, county)? })),
            challenges: records.challenges.iter().map(|published| PublicChallengeView::of(published, county)).collect(),
            contacts,
        }
    }
}

impl Contact {
    pub fn of(station: &Station, distance_m: f64) -> Self {
        Self {
            name: station.name.clone(),
            kind: station.kind,
            address: station.address.clone(),
            telephone: station.telephone.clone(),
            opening_hours: station.opening_hours.clone(),
            lon: station.position.lon(),
            lat: station.position.lat(),
            distance_m: distance_m.round() as u32,
        }
    }
}

fn shot(report: &Report, county: &County) -> Option<Shot> {
    let photo = report.photos.iter().find(|photo| photo.dimensions.is_some())?;
    Some(Shot { photo: photo.into(), month: report.month, stage: report.stage, percent: report.percent, written_at: county.local(report.counted_at) })
}

fn month_view(told: &StoryMonth, records: &Records, county: &County) -> StoryMonthView {
    StoryMonthView {
        month: told.month,
        state: told.state,
        stage: told.standing.map(|(stage, _)| stage),
        percent: told.standing.map(|(_, percent)| percent),
        start_overdue: told.start_overdue,
        finish_overdue: told.finish_overdue,
        owed: told.figures.map(|(owed, _, _)| owed),
        received: told.figures.map(|(_, received, _)| received),
        on_time: told.figures.map(|(_, _, on_time)| on_time),
        missing: told.missing.iter().map(PersonView::from).collect(),
        entries: told.entries.iter().map(|entry| entry_view(entry, records, county)).collect(),
    }
}

fn entry_view(entry: &Entry, records: &Records, county: &County) -> EntryView {
    let at = county.local(entry.at);
    match &entry.happening {
        Happening::Report { report, moved_from } => EntryView::Report {
            at,
            reporter: records.people.get(&DeputyId(report.deputy.id)).map(PersonView::from),
            report: Box::new(ReportView::of((**report).clone(), county)),
            moved_from: *moved_from,
        },
        Happening::Return { report, by, moved } => EntryView::Return {
            at,
            report_id: report.report_id,
            month: report.month,
            deputy: report.deputy.name.clone(),
            reason: report.return_reason.clone().unwrap_or_default(),
            objected: report.objected,
            by: by.clone(),
            from_stage: moved.map(|(from, _, _)| from),
            to_stage: moved.map(|(_, to, _)| to),
            percent: moved.map(|(_, _, percent)| percent),
        },
        Happening::Correction { event, by } => EntryView::Correction {
            at,
            from_stage: event.from_stage,
            to_stage: event.to_stage,
            percent: event.percent,
            reason: event.reason.clone(),
            by: by.clone(),
        },
        Happening::StrikeOff { event, by } => EntryView::StrikeOff { at, on: event.struck_off_on, note: event.reason.clone(), by: by.clone() },
        Happening::Reopening { event, by } => EntryView::Reopening { at, reason: event.reason.clone(), by: by.clone() },
        Happening::Challenge { event, by } => {
            let outcome = event.cause.strip_prefix("challenge_").unwrap_or("submitted").to_owned();
            EntryView::Challenge { at, outcome, reason: event.reason.clone(), by: by.clone() }
        }
        Happening::PlanChange(change) => EntryView::PlanChange { at, change: Box::new(PlanChangeView::of(change, county)) },
        Happening::Reminder { reminder, to } => {
            EntryView::Reminder { at, to: to.iter().map(nudged).collect(), words: reminder.words.clone(), by: reminder.by.clone() }
        }
        Happening::Order(step) => EntryView::Order { at, step: Box::new((&**step).into()) },
        Happening::Withdrawal(withdrawal) => EntryView::Withdrawal { at, withdrawal: Box::new(WithdrawalView::of(withdrawal, county)) },
    }
}

fn nudged(to: &Nudged) -> NudgedView {
    let (kind, name) = match to {
        Nudged::Deputy(name) => ("deputy", name),
        Nudged::Unit(name) => ("unit", name),
    };
    NudgedView { kind: kind.to_owned(), name: name.clone() }
}
