//! Pure rules of the reporting months: what is due at an instant, and how figures are summed.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::{Actor, CameBy, Role};
use crate::calendar::{Month, start_of_day};
use crate::county::{County, MonthReminder};
use crate::ids::{DeputyId, ProjectId, SiteId};

/// How long after its instant a month is closed or made final. A report received in the last second may still be on its way to the disk;
/// no transaction lasts this long.
pub const SETTLING: TimeDelta = TimeDelta::seconds(60);

/// Whether the person puts entries beside a final month: the county's committee.
pub fn may_correct_months(actor: &Actor, county_code: &str) -> bool {
    actor.holds(&[Role::Committee], county_code)
}

/// Whether the person sees what is owed and missing: who supervises somewhere, there.
pub fn may_see_months(actor: &Actor) -> bool {
    !actor.supervised_regions().is_empty()
}

/// Whether the person excuses this deputy, whose place they supervise: everybody but the deputy.
pub fn may_excuse(actor: &Actor, deputy_id: DeputyId) -> bool {
    actor.deputy_id() != Some(deputy_id)
}

/// What can be due to a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MonthJob {
    /// Remind those who have not reported yet, shortly before the close.
    Remind,
    /// Take the provisional snapshot and tell those whose report is missing.
    Close,
    /// Take the final snapshot.
    Finalise,
}

impl MonthJob {
    /// Its name in the table of job runs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remind => "month.remind",
            Self::Close => "month.close",
            Self::Finalise => "month.finalise",
        }
    }
}

/// One thing that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub job: MonthJob,
    pub month: Month,
    /// The instant of the rule, not of the run: it names the run, so that it happens once.
    pub due_at: DateTime<Utc>,
}

/// How far a county's months have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// The month of the county's first site; without a site there is nothing to close.
    pub first: Option<Month>,
    /// The latest month that was closed.
    pub closed: Option<Month>,
    /// The latest month that is final.
    pub finalised: Option<Month>,
    /// The latest month whose missing reports the schedule asked for before its end.
    pub reminded: Option<Month>,
}

/// Everything that is due at `now`, in the order in which it has to be done: missed months first, each closed before it is made final.
pub fn due(county: &County, progress: &Progress, now: DateTime<Utc>) -> Vec<Due> {
    let Some(first) = progress.first else { return Vec::new() };
    let mut list = Vec::new();
    let mut month = progress.closed.map_or(first, Month::next);
    while let Some(due_at) = settled(month.closes_at(county.zone), now) {
        list.push(Due { job: MonthJob::Close, month, due_at });
        month = month.next();
    }
    let open = county.month_at(now);
    let reminded_at = county.month_reminder.map(|when| reminded_at(county, open, when));
    if month == open && progress.reminded.is_none_or(|reminded| reminded < open) && reminded_at.is_some_and(|at| at <= now) {
        // Named by the month and not by the setting, so that a setting changed in between reminds nobody twice.
        list.push(Due { job: MonthJob::Remind, month, due_at: month.opens_at(county.zone) });
    }
    let mut month = progress.finalised.map_or(first, Month::next);
    while let Some(due_at) = settled(county.final_at(month), now) {
        list.push(Due { job: MonthJob::Finalise, month, due_at });
        month = month.next();
    }
    list.sort_by_key(|due| (due.due_at, due.month, due.job));
    list
}

/// When those who have not reported for `month` are reminded.
pub fn reminded_at(county: &County, month: Month, when: MonthReminder) -> DateTime<Utc> {
    start_of_day(month.last_day() - Days::new(when.days_before.into()), county.zone) + TimeDelta::hours(when.hour.into())
}

fn settled(instant: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (instant + SETTLING <= now).then_some(instant)
}

/// Where a month stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MonthState {
    /// Not closed yet.
    Open,
    /// Closed; late reports still come in.
    Provisional,
    /// Never changes again.
    Final,
}

/// Reports owed, received, and received on time: three numbers, never one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct MonthFigures {
    pub owed: i64,
    pub received: i64,
    pub on_time: i64,
}

impl std::ops::AddAssign for MonthFigures {
    fn add_assign(&mut self, other: Self) {
        self.owed += other.owed;
        self.received += other.received;
        self.on_time += other.on_time;
    }
}

/// One site's figures of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFigures {
    pub region_code: String,
    pub project_id: ProjectId,
    pub figures: MonthFigures,
}

/// One adopter's report on one site for a month: owed, unless the adopter is excused.
#[derive(Debug, Clone)]
pub struct Obligation {
    pub site_id: SiteId,
    pub deputy_id: DeputyId,
    pub region_code: String,
    pub project_id: ProjectId,
    pub site_code: String,
    pub site_name: String,
    pub deputy_name: String,
    /// Where the deputy belongs, which may be elsewhere than the site.
    pub deputy_region: String,
    pub group_id: Option<i64>,
    pub received_at: Option<DateTime<Utc>>,
    /// How the words came to the staff who entered the report.
    pub came_by: Option<CameBy>,
    pub received: bool,
    pub on_time: bool,
    /// Whether the deputy is excused from the month and so owes nothing.
    pub excused: bool,
}

impl Obligation {
    pub fn figures(&self) -> SiteFigures {
        let counts = |it_is: bool| i64::from(it_is && !self.excused);
        let figures = MonthFigures { owed: counts(true), received: counts(self.received), on_time: counts(self.on_time) };
        SiteFigures { region_code: self.region_code.clone(), project_id: self.project_id, figures }
    }
}

/// Sums figures by township and by project. Sites that lie in no township are summed under the county.
pub fn sum(sites: &[SiteFigures]) -> (MonthFigures, BTreeMap<String, MonthFigures>, BTreeMap<ProjectId, MonthFigures>) {
    let (mut total, mut townships, mut projects) = (MonthFigures::default(), BTreeMap::new(), BTreeMap::new());
    for site in sites {
        let township: String = site.region_code.chars().take(9).collect();
        total += site.figures;
        *townships.entry(township).or_insert_with(MonthFigures::default) += site.figures;
        *projects.entry(site.project_id).or_insert_with(MonthFigures::default) += site.figures;
    }
    (total, townships, projects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CountyId;

    fn county(grace_days: u16) -> County {
        County {
            county_id: CountyId(1),
            code: "339901".to_owned(),
            name: "演示县".to_owned(),
            zone: chrono_tz::Tz::Asia__Shanghai,
            is_demo: true,
            grace_days,
            offline_hours: 72,
            stale_days: 40,
            off_site_m: 500,
            minimum_ranked: 5,
            month_reminder: Some(MonthReminder { days_before: 3, hour: 9 }),
            order_rise_hour: 8,
            offer_reminder: None,
            closed: BTreeMap::new(),
        }
    }

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn jobs(progress: &Progress, now: &str) -> Vec<(MonthJob, String)> {
        due(&county(5), progress, at(now)).into_iter().map(|due| (due.job, due.month.to_string())).collect()
    }

    #[test]
    fn a_month_is_closed_when_it_has_ended_and_reports_on_their_way_have_settled() {
        let progress = Progress { first: Some(month("2022-10")), closed: None, finalised: None, reminded: None };
        assert_eq!(jobs(&progress, "2022-10-27T12:00:00+08:00"), []);
        assert_eq!(jobs(&progress, "2022-10-31T23:59:59.999+08:00"), [(MonthJob::Remind, "2022-10".to_owned())]);
        assert_eq!(jobs(&progress, "2022-11-01T00:00:59.999+08:00"), []);
        assert_eq!(jobs(&progress, "2022-11-01T00:01:00+08:00"), [(MonthJob::Close, "2022-10".to_owned())]);
    }

    #[test]
    fn a_month_becomes_final_after_the_days_of_grace_and_once() {
        let mut progress = Progress { first: Some(month("2022-10")), closed: Some(month("2022-10")), finalised: None, reminded: None };
        assert_eq!(jobs(&progress, "2022-11-05T23:59:59+08:00"), []);
        assert_eq!(jobs(&progress, "2022-11-06T00:01:00+08:00"), [(MonthJob::Finalise, "2022-10".to_owned())]);
        progress.finalised = progress.closed;
        assert_eq!(jobs(&progress, "2022-11-06T00:01:00+08:00"), []);
    }

    #[test]
    fn reminders_go_out_at_nine_three_days_before_the_last_day() {
        let progress = Progress { first: Some(month("2024-02")), closed: None, finalised: None, reminded: None };
        assert_eq!(jobs(&progress, "2024-02-26T08:59:59+08:00"), []);
        assert_eq!(jobs(&progress, "2024-02-26T09:00:00+08:00"), [(MonthJob::Remind, "2024-02".to_owned())]);
    }

    #[test]
    fn missed_months_are_done_in_order_each_closed_before_it_is_final() {
        let progress = Progress { first: Some(month("2022-11")), closed: None, finalised: None, reminded: None };
        let expected = [
            (MonthJob::Close, "2022-11".to_owned()),
            (MonthJob::Finalise, "2022-11".to_owned()),
            (MonthJob::Close, "2022-12".to_owned()),
            (MonthJob::Finalise, "2022-12".to_owned()),
            (MonthJob::Close, "2023-01".to_owned()),
        ];
        assert_eq!(jobs(&progress, "2023-02-03T10:00:00+08:00"), expected);
    }

    #[test]
    fn nothing_is_due_to_a_county_without_sites() {
        assert_eq!(jobs(&Progress::default(), "2023-02-03T10:00:00+08:00"), []);
    }

    #[test]
    fn figures_are_summed_by_township_and_project() {
        let site = |region: &str, project, owed, received, on_time| SiteFigures {
            region_code: region.to_owned(),
            project_id: ProjectId(project),
            figures: MonthFigures { owed, received, on_time },
        };
        let (total, townships, projects) = sum(&[site("339901001002", 1, 2, 1, 1), site("339901001", 2, 1, 1, 0), site("339901002", 1, 1, 0, 0)]);
        assert_eq!(total, MonthFigures { owed: 4, received: 2, on_time: 1 });
        assert_eq!(townships["339901001"], MonthFigures { owed: 3, received: 2, on_time: 1 });
        assert_eq!(projects[&ProjectId(1)], MonthFigures { owed: 3, received: 1, on_time: 1 });
    }
}
