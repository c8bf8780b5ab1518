//! Pure composition of a story: which month each thing belongs to, what is missing, what the work looked like first and last.
//!
//! A report belongs to the month it counts for, everything else to the month of its moment.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::challenges::store::read::Published;
use crate::county::County;
use crate::ids::{DeputyId, OrderId};
use crate::months::model::MonthState;
use crate::orders::model::{OrderLevel, StepKind};
use crate::photos::PhotoHash;
use crate::plan_changes::PlanChange;
use crate::reports::store::read::{Report, ReportState};
use crate::sites::store::{SiteEvent, Withdrawal};
use crate::sites::{Marks, Site, Stage};

/// A deputy as a story names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub deputy_id: DeputyId,
    pub name: String,
    pub constituency: String,
    pub portrait_url: Option<String>,
}

/// An office that acted, in role words: its role and the region in which it decides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(example = json!({"role": "committee", "region": "清溪县"}))]
pub struct Office {
    /// `committee` or `working_committee`.
    pub role: String,
    pub region: String,
}

/// A time during which a deputy had the site adopted.
#[derive(Debug, Clone)]
pub struct Adoption {
    pub deputy_id: DeputyId,
    pub adopted_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
}

/// Whom a reminder nudged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nudged {
    Deputy(String),
    Unit(String),
}

/// A reminder that was sent.
#[derive(Debug, Clone)]
pub struct Reminder {
    pub reminder_id: i64,
    pub at: DateTime<Utc>,
    pub to: Nudged,
    pub words: String,
    /// None when the calendar sent it.
    pub by: Option<Office>,
}

/// Something that happened to a supervision order about the site.
#[derive(Debug, Clone)]
pub struct OrderStep {
    pub order_id: OrderId,
    /// As it is written, such as `澄人常督〔2026〕12号`.
    pub number: String,
    pub unit: String,
    pub kind: StepKind,
    pub at: DateTime<Utc>,
    pub words: String,
    pub due_on: Option<NaiveDate>,
    pub level: OrderLevel,
    pub photos: Vec<PhotoHash>,
    /// None when the unit or the calendar did it.
    pub by: Option<Office>,
    /// How the unit's words came to the staff who entered the answer.
    pub came_by: Option<CameBy>,
}

/// The site in the snapshot of a closed month.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub month: Month,
    pub is_final: bool,
    pub stage: Stage,
    pub percent: i16,
    pub start_overdue: bool,
    pub finish_overdue: bool,
    pub struck_off_on: Option<NaiveDate>,
    pub owed: i16,
    pub received: i16,
    pub on_time: i16,
}

/// Everything a story is made from.
#[derive(Debug, Clone)]
pub struct Records {
    pub reports: Vec<Report>,
    pub events: Vec<SiteEvent>,
    pub plan_changes: Vec<PlanChange>,
    pub reminders: Vec<Reminder>,
    pub orders: Vec<OrderStep>,
    pub snapshots: Vec<Snapshot>,
    pub adoptions: Vec<Adoption>,
    /// Every deputy who has adopted the site or reported on it.
    pub people: HashMap<DeputyId, Person>,
    /// What is published of the site's challenges.
    pub challenges: Vec<Published>,
    /// Who sent a report back.
    pub returned_by: HashMap<Uuid, Office>,
    /// Decisions by which the site left the plan, the latest first.
    pub withdrawals: Vec<Withdrawal>,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Happening {
    /// The stage it moved the site from, when it did.
    Report {
        report: Box<Report>,
        moved_from: Option<Stage>,
    },
    /// A report was sent back; the stage moved when `moved` says so, to its second.
    Return {
        report: Box<Report>,
        by: Option<Office>,
        moved: Option<(Stage, Stage, i16)>,
    },
    Correction {
        event: SiteEvent,
        by: Option<Office>,
    },
    StrikeOff {
        event: SiteEvent,
        by: Option<Office>,
    },
    Reopening {
        event: SiteEvent,
        by: Option<Office>,
    },
    /// A visitor said that it is not so, or that was judged.
    Challenge {
        event: SiteEvent,
        by: Option<Office>,
    },
    PlanChange(PlanChange),
    /// Reminders with the same words at the same moment are one.
    Reminder {
        reminder: Reminder,
        to: Vec<Nudged>,
    },
    /// A supervision order was issued, answered or settled, or rose.
    Order(Box<OrderStep>),
    /// The site left the plan by a decision.
    Withdrawal(Box<Withdrawal>),
}

/// One thing in a story, and when it happened.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: DateTime<Utc>,
    pub happening: Happening,
}

/// One month of a story.
#[derive(Debug, Clone)]
pub struct StoryMonth {
    pub month: Month,
    pub state: MonthState,
    /// Stage and percent at the month's end, or now; none for a month whose map was not kept.
    pub standing: Option<(Stage, i16)>,
    pub start_overdue: bool,
    pub finish_overdue: bool,
    /// Reports owed, received and received on time.
    pub figures: Option<(i16, i16, i16)>,
    /// Adopters without a standing report; in the open month those who have not reported yet.
    pub missing: Vec<Person>,
    /// Newest first.
    pub entries: Vec<Entry>,
}

/// The month a moment lies in, and the day of it, as the county counts.
pub(super) struct Calendar<'a> {
    pub county: &'a County,
    pub open: Month,
    /// Whether the site stands in the plan: of one that left it nothing is told or awaited beyond what happened.
    pub in_plan: bool,
}

impl StoryMonth {
    fn empty(month: Month) -> Self {
        Self {
            month,
            state: MonthState::Open,
            standing: None,
            start_overdue: false,
            finish_overdue: false,
            figures: None,
            missing: Vec::new(),
            entries: Vec::new(),
        }
    }
}

/// The months in which anything happened, was kept or is awaited, newest first.
pub(super) fn months(site: &Site, marks: Marks, records: &Records, entries: Vec<(Month, Entry)>, calendar: &Calendar<'_>) -> Vec<StoryMonth> {
    let mut months: BTreeMap<Month, StoryMonth> = BTreeMap::new();
    let get = |months: &mut BTreeMap<Month, StoryMonth>, month| {
        months.entry(month).or_insert_with(|| StoryMonth::empty(month)).entries.len();
    };
    for snapshot in &records.snapshots {
        get(&mut months, snapshot.month);
    }
    for (month, _) in &entries {
        get(&mut months, *month);
    }
    if calendar.in_plan && !site.is_struck_off() {
        get(&mut months, calendar.open);
    }
    for (month, entry) in entries {
        if let Some(told) = months.get_mut(&month) {
            told.entries.push(entry);
        }
    }
    for told in months.values_mut() {
        settle(told, site, marks, records, calendar);
        told.entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    }
    // A month after the closing in which nothing happened says nothing.
    months.into_values().rev().filter(|told| told.is_worth_telling(records)).collect()
}

impl StoryMonth {
    fn is_worth_telling(&self, records: &Records) -> bool {
        let snapshot = records.snapshots.iter().find(|snapshot| snapshot.month == self.month);
        let was_closed = snapshot.is_some_and(|snapshot| snapshot.struck_off_on.is_some());
        !self.entries.is_empty() || !was_closed
    }
}

fn settle(told: &mut StoryMonth, site: &Site, marks: Marks, records: &Records, calendar: &Calendar<'_>) {
    let snapshot = records.snapshots.iter().find(|snapshot| snapshot.month == told.month);
    let mut struck_off = false;
    if let Some(snapshot) = snapshot {
        told.state = if snapshot.is_final { MonthState::Final } else { MonthState::Provisional };
        told.standing = Some((snapshot.stage, snapshot.percent));
        (told.start_overdue, told.finish_overdue) = (snapshot.start_overdue, snapshot.finish_overdue);
        told.figures = Some((snapshot.owed, snapshot.received, snapshot.on_time));
        struck_off = snapshot.struck_off_on.is_some();
    } else if calendar.in_plan && told.month == calendar.open {
        told.standing = Some((site.stage, site.percent));
        (told.start_overdue, told.finish_overdue) = (marks.start_overdue, marks.finish_overdue);
        struck_off = site.is_struck_off();
    }
    if (snapshot.is_some() || (calendar.in_plan && told.month == calendar.open)) && !struck_off {
        told.missing = missing(told.month, site, records, calendar.county);
    }
}

/// Who had the site adopted at the month's end and has no standing report for it.
fn missing(month: Month, site: &Site, records: &Records, county: &County) -> Vec<Person> {
    if site.created_at >= month.closes_at(county.zone) {
        return Vec::new();
    }
    let reported: HashSet<i64> = records
        .reports
        .iter()
        .filter(|report| report.month == month && report.state == ReportState::Standing)
        .map(|report| report.deputy.id)
        .collect();
    let last_day = month.last_day();
    let owes = |adoption: &&Adoption| adoption.adopted_on <= last_day && adoption.ended_on.is_none_or(|ended| ended > last_day);
    let owing = records.adoptions.iter().filter(owes).filter(|adoption| !reported.contains(&adoption.deputy_id.0));
    owing.filter_map(|adoption| records.people.get(&adoption.deputy_id).cloned()).collect()
}

/// The first and the last standing report with pictures, when there are two: what the place looked like, and what it looks like.
pub fn first_and_latest(reports: &[Report]) -> Option<(&Report, &Report)> {
    let shows = |report: &&Report| {
        report.state == ReportState::Standing && !report.reused_photo && report.photos.iter().any(|photo| photo.dimensions.is_some())
    };
    let first = reports.iter().filter(shows).min_by_key(|report| (report.month, report.counted_at, report.report_id))?;
    let latest = reports.iter().filter(shows).max_by_key(|report| (report.month, report.counted_at, report.report_id))?;
    (first.report_id != latest.report_id).then_some((first, latest))
}
