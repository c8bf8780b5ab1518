//! Pure rules of the review list: why a site stands on it, since when, and how pressing it is.
//!
//! A row's score is the sum of its reasons' points, its people points and its order points (`rule.rs`); each can be recomputed by hand from
//! the figures in the answer. A finding that the committee has put aside counts again when something newer says the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rule;
use crate::calendar::Month;
use crate::county::County;
use crate::ids::{DeputyId, ProjectId, SiteId, UnitId};
use crate::sites::Stage;

/// Why a site stands on the review list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// Not started, though the planned start or finish has passed.
    OverdueRed,
    /// In progress, though the planned finish has passed.
    OverdueYellow,
    /// No report stands for the last closed month.
    Silent,
    /// The adopters' reports of one month name different stages.
    Disagreement,
    /// A report was written too far from the site.
    OffSite,
    /// A report shows a picture that an earlier one has shown.
    ReusedPhoto,
    /// A report took the stage back.
    StepBack,
    /// Pictures that a report announced have not arrived within the county's hours for off-line phones.
    PhotosMissing,
    /// Visitors say that it is not so, and nobody has settled it.
    Challenged,
}

impl ReasonCode {
    pub const ALL: [Self; 9] = [
        Self::OverdueRed,
        Self::OverdueYellow,
        Self::Silent,
        Self::Disagreement,
        Self::OffSite,
        Self::ReusedPhoto,
        Self::StepBack,
        Self::PhotosMissing,
        Self::Challenged,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::OverdueRed => "overdue_red",
            Self::OverdueYellow => "overdue_yellow",
            Self::Silent => "silent",
            Self::Disagreement => "disagreement",
            Self::OffSite => "off_site",
            Self::ReusedPhoto => "reused_photo",
            Self::StepBack => "step_back",
            Self::PhotosMissing => "photos_missing",
            Self::Challenged => "challenged",
        }
    }

    /// Late work is late until it is done or planned anew, and a challenge is judged; whatever else was found can be looked at and put aside.
    pub fn may_be_dismissed(self) -> bool {
        !matches!(self, Self::OverdueRed | Self::OverdueYellow | Self::Challenged)
    }
}

/// A standing report as far as the review looks at it: of the last closed month or the open one, or of any month when something was found
/// about it. What was found stands until it is put aside, the report is returned or amended, or the site is struck off or withdrawn.
#[derive(Debug, Clone, Deserialize)]
pub struct RecentReport {
    pub report_id: Uuid,
    pub deputy_id: DeputyId,
    /// First day of the month it counts for.
    pub month: NaiveDate,
    pub stage: Stage,
    pub received_at: DateTime<Utc>,
    pub off_site: bool,
    pub distance_m: Option<i32>,
    pub reused_photo: bool,
    pub step_back: bool,
    /// Announced pictures that have not arrived.
    pub missing_photos: i64,
}

/// What is known of a site that is not struck off.
#[derive(Debug, Clone)]
pub struct SiteFacts {
    pub site_id: SiteId,
    pub name: String,
    pub code: String,
    pub project_id: ProjectId,
    pub region_code: String,
    pub unit_id: UnitId,
    pub stage: Stage,
    pub planned_start_on: Option<NaiveDate>,
    pub planned_finish_on: Option<NaiveDate>,
    pub people_served: Option<i32>,
    /// When the site came onto the map.
    pub created_at: DateTime<Utc>,
    pub last_report_at: Option<DateTime<Utc>>,
    /// The county decides about it for itself.
    pub key_site: bool,
    pub unit_name: String,
    /// Of the present adopters' names the first.
    pub first_adopter: Option<String>,
    /// First day of the latest closed month with a standing report.
    pub last_reported_month: Option<NaiveDate>,
    /// Whether every adopter was excused from the last closed month.
    pub excused: bool,
    /// In the order in which they were received.
    pub recent: Vec<RecentReport>,
    /// Who has adopted it at present.
    pub adopters: Vec<DeputyId>,
    /// When each finding was last put aside.
    pub dismissed: BTreeMap<ReasonCode, DateTime<Utc>>,
    pub reminders: i64,
    pub last_reminded_at: Option<DateTime<Utc>>,
    /// Supervision orders about the site that are not settled.
    pub open_orders: i64,
    /// Challenges that nobody has settled, and when the first of them came.
    pub open_challenges: i64,
    pub challenged_at: Option<DateTime<Utc>>,
}

/// One reason with the figures it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reason {
    pub code: ReasonCode,
    /// First day on which it held.
    pub since: NaiveDate,
    /// Days it has lasted; for an overdue site the days it is late.
    pub days: i64,
    /// Its part of the score.
    pub points: i64,
    /// The figures it rests on, by name.
    #[schema(value_type = Object)]
    pub figures: Map<String, Value>,
}

/// A site on the list.
#[derive(Debug, Clone)]
pub struct Ranked {
    pub facts: SiteFacts,
    pub reasons: Vec<Reason>,
    pub people_points: i64,
    pub order_points: i64,
    pub score: i64,
    /// Place in the reader's whole list, from 1; filters do not change it.
    pub rank: usize,
}

impl SiteFacts {
    /// The reports that came after the finding was last put aside.
    fn since_dismissal(&self, code: ReasonCode) -> impl Iterator<Item = &RecentReport> {
        let at = self.dismissed.get(&code).copied();
        self.recent.iter().filter(move |report| at.is_none_or(|at| report.received_at > at))
    }
}

impl SiteFacts {
    /// The deputies whom a finding is about: whoever sent the reports it rests on, or owes the one that is missing.
    pub fn deputies_of(&self, code: ReasonCode) -> Vec<DeputyId> {
        let concerned: Flag = match code {
            ReasonCode::OverdueRed | ReasonCode::OverdueYellow | ReasonCode::Challenged => return Vec::new(),
            ReasonCode::Silent => return self.adopters.clone(),
            ReasonCode::Disagreement => |_| true,
            ReasonCode::OffSite => |report| report.off_site,
            ReasonCode::ReusedPhoto => |report| report.reused_photo,
            ReasonCode::StepBack => |report| report.step_back,
            ReasonCode::PhotosMissing => |report| report.missing_photos > 0,
        };
        let months: BTreeSet<NaiveDate> = self.since_dismissal(code).map(|report| report.month).collect();
        let undecided = |report: &&RecentReport| match code {
            ReasonCode::Disagreement => months.contains(&report.month),
            _ => self.dismissed.get(&code).is_none_or(|at| report.received_at > *at),
        };
        self.recent.iter().filter(undecided).filter(|report| concerned(report)).map(|report| report.deputy_id).collect()
    }
}

impl Ranked {
    /// Days by which the work is late; none when it is not.
    pub fn days_late(&self) -> Option<i64> {
        let late = |reason: &&Reason| matches!(reason.code, ReasonCode::OverdueRed | ReasonCode::OverdueYellow);
        self.reasons.iter().find(late).map(|reason| reason.days)
    }

    pub fn has(&self, code: ReasonCode) -> bool {
        self.reasons.iter().any(|reason| reason.code == code)
    }

    pub fn cursor(&self) -> ReviewCursor {
        ReviewCursor { score: self.score, site_id: self.facts.site_id }
    }
}

/// The county's review list at `now`, most pressing first; sites without a reason are left out.
pub fn rank(facts: Vec<SiteFacts>, county: &County, now: DateTime<Utc>) -> Vec<Ranked> {
    let day = Day { county, now, today: county.date_at(now) };
    let mut rows: Vec<Ranked> = facts
        .into_iter()
        .filter_map(|facts| {
            let reasons = reasons(&facts, day);
            let people_points = rule::PEOPLE.of(i64::from(facts.people_served.unwrap_or(0)));
            let order_points = rule::ORDERS.of(facts.open_orders);
            let score = people_points + order_points + reasons.iter().map(|reason| reason.points).sum::<i64>();
            (!reasons.is_empty()).then_some(Ranked { facts, reasons, people_points, order_points, score, rank: 0 })
        })
        .collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.score), row.facts.site_id));
    for (place, row) in rows.iter_mut().enumerate() {
        row.rank = place + 1;
    }
    rows
}

/// How many rows have each reason.
pub fn totals<'a>(rows: impl Iterator<Item = &'a Ranked>) -> BTreeMap<ReasonCode, u32> {
    let mut totals: BTreeMap<ReasonCode, u32> = ReasonCode::ALL.into_iter().map(|code| (code, 0)).collect();
    for reason in rows.flat_map(|row| &row.reasons) {
        *totals.entry(reason.code).or_default() += 1;
    }
    totals
}

/// The moment at which the list is read, and its day in the county's calendar.
#[derive(Clone, Copy)]
struct Day<'a> {
    county: &'a County,
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Day<'_> {
    fn reason(self, code: ReasonCode, since: NaiveDate, lasted: i64, figures: Value) -> Reason {
        let figures = if let Value::Object(members) = figures { members } else { Map::new() };
        Reason { code, since, days: (self.today - since).num_days(), points: rule::points(code, lasted), figures }
    }

    fn of(self, report: &RecentReport) -> NaiveDate {
        self.county.date_at(report.received_at)
    }
}

/// A mark that a report carries.
type Flag = fn(&RecentReport) -> bool;

fn reasons(facts: &SiteFacts, day: Day<'_>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = overdue(facts, day).into_iter().chain(silent(facts, day)).chain(disagreement(facts, day)).collect();
    let flags: [(ReasonCode, Flag); 3] = [
        (ReasonCode::ReusedPhoto, |report| report.reused_photo),
        (ReasonCode::StepBack, |report| report.step_back),
        (ReasonCode::OffSite, |report| report.off_site),
    ];
    reasons.extend(flags.into_iter().filter_map(|(code, flag)| flagged(facts, day, code, flag)));
    reasons.extend(photos_missing(facts, day));
    reasons.extend(challenged(facts, day));
    reasons
}

fn overdue(facts: &SiteFacts, day: Day<'_>) -> Option<Reason> {
    let passed = |planned: Option<NaiveDate>| planned.filter(|planned| *planned < day.today);
    let (code, planned) = match facts.stage {
        Stage::NotStarted => (ReasonCode::OverdueRed, passed(facts.planned_start_on).into_iter().chain(passed(facts.planned_finish_on)).min()?),
        Stage::InProgress => (ReasonCode::OverdueYellow, passed(facts.planned_finish_on)?),
        Stage::Completed => return None,
    };
    let days = (day.today - planned).num_days();
    let figures = json!({ "planned_start_on": facts.planned_start_on, "planned_finish_on": facts.planned_finish_on, "days_late": days });
    Some(Reason { days, ..day.reason(code, planned + Days::new(1), days, figures) })
}

/// The same rule as the mark on the pin: the last closed month has no standing report.
fn silent(facts: &SiteFacts, day: Day<'_>) -> Option<Reason> {
    let last_closed = Month::of(day.today).previous();
    let reported = facts.last_reported_month.map(Month::of);
    let first_silent = reported.map_or(day.county.month_at(facts.created_at), Month::next);
    let closed_at = last_closed.closes_at(day.county.zone);
    if facts.excused || first_silent > last_closed || facts.dismissed.get(&ReasonCode::Silent).is_some_and(|at| *at >= closed_at) {
        return None;
    }
    let months = months_between(first_silent, last_closed) + 1;
    let figures = json!({ "months": months, "last_reported_month": reported });
    Some(day.reason(ReasonCode::Silent, first_silent.next().first_day(), months, figures))
}

fn months_between(from: Month, to: Month) -> i64 {
    let number = |month: Month| i64::from(month.year()) * 12 + i64::from(month.number());
    number(to) - number(from)
}

/// Reports of different months may differ because work went on; only those of one month can disagree. The latest month that nobody has
/// looked at is told.
fn disagreement(facts: &SiteFacts, day: Day<'_>) -> Option<Reason> {
    let months: BTreeSet<NaiveDate> = facts.recent.iter().map(|report| report.month).collect();
    months.into_iter().rev().map(Month::of).find_map(|month| {
        let reports: Vec<&RecentReport> = facts.recent.iter().filter(|report| Month::of(report.month) == month).collect();
        let stages: BTreeSet<&str> = reports.iter().map(|report| report.stage.as_str()).collect();
        if stages.len() < 2 {
            return None;
        }
        if !facts.since_dismissal(ReasonCode::Disagreement).any(|report| Month::of(report.month) == month) {
            return None;
        }
        let first = reports.first()?;
        let since = day.of(reports.iter().find(|report| report.stage != first.stage)?);
        let mut figures = json!({ "month": month, "stages": stages.len() });
        for stage in stages {
            figures[stage] = json!(reports.iter().filter(|report| report.stage.as_str() == stage).count());
        }
        Some(day.reason(ReasonCode::Disagreement, since, 0, figures))
    })
}

fn flagged(facts: &SiteFacts, day: Day<'_>, code: ReasonCode, flag: Flag) -> Option<Reason> {
    let reports: Vec<&RecentReport> = facts.since_dismissal(code).filter(|report| flag(report)).collect();
    let since = day.of(reports.first()?);
    let mut figures = json!({ "reports": reports.len(), "report_id": reports.last()?.report_id });
    if code == ReasonCode::OffSite {
        figures["distance_m"] = json!(reports.iter().filter_map(|report| report.distance_m).max());
    }
    Some(day.reason(code, since, 0, figures))
}

/// Pictures may come after their report, as long as phones may be off-line; after that the evidence is missing.
fn photos_missing(facts: &SiteFacts, day: Day<'_>) -> Option<Reason> {
    let waits = TimeDelta::hours(day.county.offline_hours.into());
    let lacking = |report: &&RecentReport| report.missing_photos > 0 && report.received_at + waits < day.now;
    let reports: Vec<&RecentReport> = facts.since_dismissal(ReasonCode::PhotosMissing).filter(lacking).collect();
    let first = reports.first()?;
    let photos: i64 = reports.iter().map(|report| report.missing_photos).sum();
    let figures = json!({
        "reports": reports.len(), "report_id": reports.last()?.report_id, "photos": photos, "announced_on": day.of(first),
    });
    Some(day.reason(ReasonCode::PhotosMissing, day.county.date_at(first.received_at + waits), 0, figures))
}

/// Ends when the last of them is judged, declined or withdrawn.
fn challenged(facts: &SiteFacts, day: Day<'_>) -> Option<Reason> {
    let since = day.county.date_at(facts.challenged_at.filter(|_| facts.open_challenges > 0)?);
    Some(day.reason(ReasonCode::Challenged, since, facts.open_challenges, json!({ "challenges": facts.open_challenges })))
}

/// A place in the list: after the row with this score and site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewCursor {
    score: i64,
    site_id: SiteId,
}

impl ReviewCursor {
    /// Whether `row` comes after this place.
    pub fn is_before(self, row: &Ranked) -> bool {
        (std::cmp::Reverse(self.score), self.site_id) < (std::cmp::Reverse(row.score), row.facts.site_id)
    }
}

impl fmt::Display for ReviewCursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.score, self.site_id)
    }
}

/// The text is not a place in the review list.
#[derive(Debug, thiserror::Error)]
#[error("a cursor is SCORE.SITE")]
pub struct NotACursor;

impl FromStr for ReviewCursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (score, site) = text.split_once('.').ok_or(NotACursor)?;
        let number = |text: &str| text.parse::<i64>().map_err(|_| NotACursor);
        Ok(Self { score: number(score)?, site_id: SiteId(number(site)?) })
    }
}
