//! The record as it is told: the year's sums, each inspection with its points and their causes, the tables they were counted by.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::{Cause, Rule, points, rule_on};
use super::store::{self, AdoptionSpan, Inspection, Whose};
use crate::accounts::CameBy;
use crate::calendar::Month;
use crate::county::County;
use crate::http::Problem;
use crate::http::shapes::Named;
use crate::ids::SiteId;

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct YearQuery {
    /// The present one, when not said.
    pub year: Option<i32>,
}

/// The county's table of points, in force from a day on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 1, "effective_from": "2026-01-01", "inspection": 5, "on_time": 2, "evidence": 1, "on_site": 2, "note": "主任会议通过"}))]
pub struct RuleView {
    pub id: i64,
    pub effective_from: NaiveDate,
    pub inspection: i16,
    pub on_time: i16,
    pub evidence: i16,
    pub on_site: i16,
    pub note: String,
}

impl From<&Rule> for RuleView {
    fn from(rule: &Rule) -> Self {
        Self {
            id: rule.rule_id,
            effective_from: rule.effective_from,
            inspection: rule.inspection,
            on_time: rule.on_time,
            evidence: rule.evidence,
            on_site: rule.on_site,
            note: rule.note.clone(),
        }
    }
}

/// Points and why they are given.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    pub cause: Cause,
    pub points: i16,
}

/// What the deputy said of an inspection's points, and the answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContestView {
    pub id: i64,
    pub words: String,
    pub made_at: DateTime<FixedOffset>,
    pub answer: Option<String>,
    /// Added by the answer, or taken away.
    pub points: Option<i16>,
    pub answered_at: Option<DateTime<FixedOffset>>,
}

/// The site of an inspection.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectedSite {
    pub id: SiteId,
    pub code: String,
    pub name: String,
}

/// One inspection: the report it rests on, and what it counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectionView {
    pub report_id: Uuid,
    pub site: InspectedSite,
    /// The reporting month, such as `2026-10`.
    pub month: String,
    pub stage: String,
    pub percent: i16,
    pub received_at: DateTime<FixedOffset>,
    pub late: bool,
    pub photos: i64,
    /// Whether the phone was at the site; null when it gave no place.
    pub on_site: Option<bool>,
    /// Why it was sent back; such a report counts nothing.
    pub return_reason: Option<String>,
    /// Staff entered the report for the deputy: how the words came to them.
    pub on_behalf: Option<CameBy>,
    /// The table it is counted by; null when none was in force.
    pub rule_id: Option<i64>,
    pub causes: Vec<PointView>,
    pub points: i32,
    pub contest: Option<ContestView>,
}

/// A site taken on or given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdoptionActKind {
    Adopted,
    HandedOver,
    /// Ended otherwise: by the committee, with the office, or with the site.
    Ended,
}

/// One of the year's adoptions. It counts no points.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdoptionAct {
    pub kind: AdoptionActKind,
    pub on: NaiveDate,
    pub site: InspectedSite,
}

/// A deputy's year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"deputy": {"id": 12, "name": "沈晓岚"}, "constituency": "清溪镇第一选区", "year": 2026, "inspections": 1, "on_time": 1, "returned": 0, "sites": 1,
    "points": 8, "excused_months": [], "rules": [{"id": 1, "effective_from": "2026-01-01", "inspection": 5, "on_time": 2, "evidence": 1, "on_site": 2, "note": ""}],
    "items": [{"report_id": "0193f6ee-7c1a-7000-8000-0123456789ab", "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}, "month": "2026-10",
    "stage": "in_progress", "percent": 60, "received_at": "2026-10-20T09:00:00+08:00", "late": false, "photos": 2, "on_site": null, "return_reason": null,
    "on_behalf": null, "rule_id": 1, "causes": [{"cause": "inspection", "points": 5}, {"cause": "on_time", "points": 2}, {"cause": "evidence", "points": 1}], "points": 8,
    "contest": null}],
    "adoptions": [{"kind": "adopted", "on": "2026-01-08", "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"}}]}))]
pub struct DutyRecord {
    pub deputy: Named,
    pub constituency: String,
    pub year: i32,
    /// Reports that stand, each for one site and month.
    pub inspections: usize,
    pub on_time: usize,
    /// Reports that were sent back and not replaced.
    pub returned: usize,
    /// Different sites inspected.
    pub sites: usize,
    pub points: i32,
    /// Months of the year from which the deputy is excused: nothing is owed for them.
    pub excused_months: Vec<String>,
    /// The county's tables, the latest first.
    pub rules: Vec<RuleView>,
    /// The inspections, the one received last first.
    pub items: Vec<InspectionView>,
    /// Sites taken on and given up, the latest first.
    pub adoptions: Vec<AdoptionAct>,
}

/// First and last month of a year that can be asked for.
pub fn months_of(year: i32) -> Result<(NaiveDate, NaiveDate), Problem> {
    let months = Month::new(year, 1).zip(Month::new(year, 12));
    let (first, last) = months.ok_or_else(|| Problem::field("year", "out_of_range", "年份不对", "The year is out of range"))?;
    Ok((first.first_day(), last.first_day()))
}

/// Reads and counts a deputy's year.
pub async fn read_record(connection: &mut PgConnection, county: &County, whose: Whose, year: i32) -> Result<DutyRecord, Problem> {
    let months = months_of(year)?;
    let rules = store::list_rules(connection, county.county_id).await?;
    let excused = store::list_excused_months(connection, (county.county_id, whose.deputy_id), months).await?;
    let inspections = store::list_inspections(connection, (county.county_id, whose.deputy_id), months).await?;
    let days = (months.0, Month::of(months.1).last_day());
    let spans = store::list_adoption_spans(connection, (county.county_id, whose.deputy_id), days).await?;
    let items: Vec<InspectionView> = inspections.into_iter().map(|inspection| counted(inspection, &rules, county)).collect();
    let standing: Vec<&InspectionView> = items.iter().filter(|item| item.return_reason.is_none()).collect();
    let mut sites: Vec<SiteId> = standing.iter().map(|item| item.site.id).collect();
    sites.sort_unstable();
    sites.dedup();
    Ok(DutyRecord {
        deputy: Named { id: whose.deputy_id.0, name: whose.name },
        constituency: whose.constituency,
        year,
        inspections: standing.len(),
        on_time: standing.iter().filter(|item| !item.late).count(),
        returned: items.len() - standing.len(),
        sites: sites.len(),
        points: items.iter().map(|item| item.points).sum(),
        excused_months: excused.into_iter().map(|day| Month::of(day).to_string()).collect(),
        rules: rules.iter().map(RuleView::from).collect(),
        items,
        adoptions: adoption_acts(spans, days),
    })
}

/// The beginnings and ends of adoptions that lie between the two days.
fn adoption_acts(spans: Vec<AdoptionSpan>, (first, last): (NaiveDate, NaiveDate)) -> Vec<AdoptionAct> {
    let mut acts = Vec::new();
    for span in spans {
        let ended = if span.ended_reason.as_deref() == Some("handed_over") { AdoptionActKind::HandedOver } else { AdoptionActKind::Ended };
        for (kind, day) in [(AdoptionActKind::Adopted, Some(span.adopted_on)), (ended, span.ended_on)] {
            if let Some(on) = day.filter(|day| (first..=last).contains(day)) {
                let site = InspectedSite { id: span.site_id, code: span.site_code.clone(), name: span.site_name.clone() };
                acts.push(AdoptionAct { kind, on, site });
            }
        }
    }
    acts.sort_by_key(|act| std::cmp::Reverse((act.on, act.site.id, act.kind)));
    acts
}

fn counted(inspection: Inspection, rules: &[Rule], county: &County) -> InspectionView {
    let rule = rule_on(rules, county.date_at(inspection.received_at));
    let mut causes = rule.map(|rule| points(rule, inspection.shown)).unwrap_or_default();
    causes.extend(inspection.contest.as_ref().and_then(|contest| contest.points).filter(|points| *points != 0).map(|points| (Cause::Answer, points)));
    InspectionView {
        report_id: inspection.report_id,
        site: InspectedSite { id: inspection.site_id, code: inspection.site_code, name: inspection.site_name },
        month: inspection.month.format("%Y-%m").to_string(),
        stage: inspection.stage,
        percent: inspection.percent,
        received_at: county.local(inspection.received_at),
        late: inspection.shown.late,
        photos: inspection.shown.photos,
        on_site: inspection.shown.off_site.map(|off_site| !off_site),
        return_reason: inspection.return_reason,
        on_behalf: inspection.came_by,
        rule_id: rule.map(|rule| rule.rule_id),
        points: causes.iter().map(|(_, points)| i32::from(*points)).sum(),
        causes: causes.into_iter().map(|(cause, points)| PointView { cause, points }).collect(),
        contest: inspection.contest.map(|contest| ContestView {
            id: contest.contest_id,
            words: contest.words,
            made_at: county.local(contest.made_at),
            answer: contest.answer,
            points: contest.points,
            answered_at: contest.answered_at.map(|at| county.local(at)),
        }),
    }
}
