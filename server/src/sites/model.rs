//! Pure rules of a site: its stage, and the marks that the calendar gives it.
//!
//! *Work late* (start or finish overdue) and *report missing* (silent, stale) are different facts and stay apart.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use geodata::LonLat;
use serde::{Deserialize, Serialize};

use crate::calendar::Month;
use crate::county::County;
use crate::http::shapes::{Named, RegionRef};
use crate::ids::{DeputyId, ProjectId, SiteId};

/// How far the work at a site has come; also the colour of its pin. Ordered from red to blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Stage {
    /// Red.
    NotStarted,
    /// Yellow.
    InProgress,
    /// Blue.
    Completed,
}

impl Stage {
    pub const ALL: [Self; 3] = [Self::NotStarted, Self::InProgress, Self::Completed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
        }
    }
}

/// A project by number and title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": 3, "number": 3, "title": "农村公路提升"}))]
pub struct ProjectRef {
    pub id: ProjectId,
    pub number: i16,
    pub title: String,
}

/// A deputy who has taken on the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": 12, "name": "沈晓岚", "constituency": "清溪镇第一选区", "portrait_url": null}))]
pub struct Adopter {
    pub id: DeputyId,
    pub name: String,
    pub constituency: String,
    /// The deputy's portrait, when there is one.
    pub portrait_url: Option<String>,
}

/// What the site's present adopters reported for one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthReports {
    pub month: Month,
    /// Standing reports of anybody, also of those who have handed the site over since.
    pub standing: u16,
    /// Standing reports of present adopters who owe one.
    pub received: u16,
    /// Those of them that came before the month closed.
    pub on_time: u16,
    /// Present adopters who are excused from the month; what they report all the same is among the standing ones alone.
    pub excused: u16,
}

/// A site with everything the public may see of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    pub site_id: SiteId,
    pub code: String,
    pub name: String,
    pub address: String,
    pub project: ProjectRef,
    pub region: RegionRef,
    pub position: LonLat,
    pub stage: Stage,
    pub percent: i16,
    pub struck_off_on: Option<NaiveDate>,
    pub planned_start_on: Option<NaiveDate>,
    pub planned_finish_on: Option<NaiveDate>,
    pub original_planned_start_on: Option<NaiveDate>,
    pub original_planned_finish_on: Option<NaiveDate>,
    pub unit: Named,
    pub quota: String,
    pub people_served: Option<i32>,
    pub remarks: String,
    pub last_report_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub rev: i64,
    pub adopters: Vec<Adopter>,
    /// Months with standing reports, oldest first.
    pub months: Vec<MonthReports>,
}

/// The second marks on a pin, beside its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    pub start_overdue: bool,
    pub finish_overdue: bool,
    pub silent: bool,
    pub stale: bool,
}

impl Marks {
    /// Work late, of either kind.
    pub fn overdue(self) -> bool {
        self.start_overdue || self.finish_overdue
    }
}

/// Whether the site is still red after the day on which work should have begun.
pub fn is_start_overdue(stage: Stage, planned_start_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    stage == Stage::NotStarted && planned_start_on.is_some_and(|planned| planned < today)
}

/// Whether the site is not blue after the day on which work should have ended.
pub fn is_finish_overdue(stage: Stage, planned_finish_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    stage != Stage::Completed && planned_finish_on.is_some_and(|planned| planned < today)
}

/// Whether the evidence is older than the county's rule. A site without any report is as old as its place on the map.
pub fn is_stale(struck_off: bool, last_report_on: Option<NaiveDate>, known_since: NaiveDate, stale_days: u16, today: NaiveDate) -> bool {
    !struck_off && today - last_report_on.unwrap_or(known_since) > TimeDelta::days(stale_days.into())
}

impl Site {
    pub fn is_struck_off(&self) -> bool {
        self.struck_off_on.is_some()
    }

    /// What stands for `month`; zeros when nothing does.
    pub fn reports_for(&self, month: Month) -> MonthReports {
        let found = self.months.iter().find(|reports| reports.month == month).copied();
        found.unwrap_or(MonthReports { month, standing: 0, received: 0, on_time: 0, excused: 0 })
    }

    /// Whether `month`, which has closed, passed without a standing report. A struck-off site owes none; nor does one that came later, or
    /// one whose adopters were all excused.
    pub fn is_silent(&self, month: Month, county: &County) -> bool {
        let reports = self.reports_for(month);
        let nobody_owes = reports.excused > 0 && usize::from(reports.excused) >= self.adopters.len();
        !self.is_struck_off() && self.created_at < month.closes_at(county.zone) && reports.standing == 0 && !nobody_owes
    }

    /// The marks on the county's calendar day `today`.
    pub fn marks(&self, county: &County, today: NaiveDate) -> Marks {
        let last_report_on = self.last_report_at.map(|at| county.date_at(at));
        Marks {
            start_overdue: is_start_overdue(self.stage, self.planned_start_on, today),
            finish_overdue: is_finish_overdue(self.stage, self.planned_finish_on, today),
            silent: self.is_silent(Month::of(today).previous(), county),
            stale: is_stale(self.is_struck_off(), last_report_on, county.date_at(self.created_at), county.stale_days, today),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CountyId;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn county() -> County {
        County {
            county_id: CountyId(1),
            code: "339901".to_owned(),
            name: "清溪县".to_owned(),
            zone: chrono_tz::Tz::Asia__Shanghai,
            is_demo: true,
            grace_days: 5,
            offline_hours: 72,
            stale_days: 40,
            off_site_m: 500,
            minimum_ranked: 5,
            month_reminder: None,
            order_rise_hour: 8,
            offer_reminder: None,
            closed: std::collections::BTreeMap::new(),
        }
    }

    fn site() -> Site {
        Site {
            site_id: SiteId(1),
            code: "A-1".to_owned(),
            name: "幼儿园".to_owned(),
            address: String::new(),
            project: ProjectRef { id: ProjectId(1), number: 1, title: "幼儿园".to_owned() },
            region: RegionRef { code: "339901001".to_owned(), name: "甲镇".to_owned() },
            position: LonLat::new(120.0, 30.0).expect("a position"),
            stage: Stage::NotStarted,
            percent: 0,
            struck_off_on: None,
            planned_start_on: Some(day("2026-03-01")),
            planned_finish_on: Some(day("2026-10-31")),
            original_planned_start_on: None,
            original_planned_finish_on: None,
            unit: Named { id: 1, name: "教育局".to_owned() },
            quota: String::new(),
            people_served: None,
            remarks: String::new(),
            last_report_at: None,
            created_at: "2026-01-05T02:00:00Z".parse().expect("an instant"),
            rev: 1,
            adopters: Vec::new(),
            months: Vec::new(),
        }
    }

    #[test]
    fn work_is_late_only_after_the_planned_day_has_passed() {
        let start = Some(day("2026-03-01"));
        assert!(!is_start_overdue(Stage::NotStarted, start, day("2026-03-01")));
        assert!(is_start_overdue(Stage::NotStarted, start, day("2026-03-02")));
        assert!(!is_start_overdue(Stage::InProgress, start, day("2026-03-02")));
        assert!(!is_start_overdue(Stage::NotStarted, None, day("2026-03-02")));
        let finish = Some(day("2026-10-31"));
        assert!(!is_finish_overdue(Stage::InProgress, finish, day("2026-10-31")));
        assert!(is_finish_overdue(Stage::InProgress, finish, day("2026-11-01")));
        assert!(is_finish_overdue(Stage::NotStarted, finish, day("2026-11-01")));
        assert!(!is_finish_overdue(Stage::Completed, finish, day("2026-11-01")));
    }

    #[test]
    fn a_site_is_silent_when_the_last_closed_month_has_no_standing_report() {
        let (county, mut site) = (county(), site());
        assert!(site.marks(&county, day("2026-03-01")).silent);
        site.months = vec![MonthReports { month: "2026-02".parse().expect("a month"), standing: 1, received: 1, on_time: 0, excused: 0 }];
        assert!(!site.marks(&county, day("2026-03-31")).silent);
        assert!(site.marks(&county, day("2026-04-01")).silent);
        site.struck_off_on = Some(day("2026-03-20"));
        assert!(!site.marks(&county, day("2026-04-01")).silent);
    }

    #[test]
    fn a_site_that_came_after_the_close_owes_nothing_for_that_month() {
        let (county, mut site) = (county(), site());
        site.created_at = "2026-03-01T00:00:00+08:00".parse().expect("an instant");
        assert!(!site.marks(&county, day("2026-03-15")).silent);
        site.created_at = "2026-02-28T23:59:59+08:00".parse().expect("an instant");
        assert!(site.marks(&county, day("2026-03-15")).silent);
    }

    #[test]
    fn evidence_grows_old_by_calendar_days_of_the_county() {
        let (county, mut site) = (county(), site());
        site.last_report_at = Some("2026-03-31T16:30:00Z".parse().expect("an instant"));
        // Already the first of April in the county.
        assert!(!site.marks(&county, day("2026-05-11")).stale);
        assert!(site.marks(&county, day("2026-05-12")).stale);
        site.struck_off_on = Some(day("2026-04-02"));
        assert!(!site.marks(&county, day("2026-05-12")).stale);
    }

    #[test]
    fn stages_are_ordered_from_red_to_blue() {
        assert!(Stage::NotStarted < Stage::InProgress && Stage::InProgress < Stage::Completed);
    }
}
