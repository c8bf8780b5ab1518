//! The month taken apart: what is owed and what came of it by deputy group, township, project and deputy. Pure.
//!
//! Owed, received and on time stay three numbers. Whoever is excused owes nothing and is counted beside them, never among the missing.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{MonthFigures, Obligation};
use crate::regions::model::township_of;

/// What became of one report that somebody would owe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStanding {
    /// Received before the month closed.
    OnTime,
    /// Received after it.
    Late,
    /// Owed, and not there.
    Missing,
    /// Not owed: the deputy is excused for the month.
    Excused,
}

impl Obligation {
    pub fn standing(&self) -> ReportStanding {
        match (self.excused, self.received, self.on_time) {
            (true, ..) => ReportStanding::Excused,
            (_, true, true) => ReportStanding::OnTime,
            (_, true, false) => ReportStanding::Late,
            (_, false, _) => ReportStanding::Missing,
        }
    }
}

/// Sums of a month: the three numbers, and what follows from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(example = json!({"owed": 187, "received": 171, "on_time": 164, "late": 7, "missing": 16, "excused": 3}))]
pub struct Tally {
    #[serde(flatten)]
    pub figures: MonthFigures,
    /// Received, and not on time.
    pub late: i64,
    /// Owed, and not received.
    pub missing: i64,
    /// Not owed because the deputy is excused; not part of the others.
    pub excused: i64,
}

impl Tally {
    fn add(&mut self, standing: ReportStanding) {
        let one = |is: bool| i64::from(is);
        self.figures.owed += one(standing != ReportStanding::Excused);
        self.figures.received += one(matches!(standing, ReportStanding::OnTime | ReportStanding::Late));
        self.figures.on_time += one(standing == ReportStanding::OnTime);
        self.late += one(standing == ReportStanding::Late);
        self.missing += one(standing == ReportStanding::Missing);
        self.excused += one(standing == ReportStanding::Excused);
    }

    pub fn of<'a>(obligations: impl IntoIterator<Item = &'a Obligation>) -> Self {
        let mut tally = Self::default();
        for obligation in obligations {
            tally.add(obligation.standing());
        }
        tally
    }
}

/// What the month is taken apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    Group,
    Township,
    Project,
    Deputy,
}

impl By {
    pub const ALL: [Self; 4] = [Self::Group, Self::Township, Self::Project, Self::Deputy];

    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "group" => Some(Self::Group),
            "township" => Some(Self::Township),
            "project" => Some(Self::Project),
            "deputy" => Some(Self::Deputy),
            _ => None,
        }
    }

    /// The key of the part that an obligation belongs to: a number, a region code, or empty for a deputy without a group.
    pub fn key(self, obligation: &Obligation) -> String {
        match self {
            Self::Group => obligation.group_id.map_or_else(String::new, |group| group.to_string()),
            Self::Township => township_of(&obligation.region_code).unwrap_or(&obligation.region_code).to_owned(),
            Self::Project => obligation.project_id.to_string(),
            Self::Deputy => obligation.deputy_id.to_string(),
        }
    }
}

/// The parts under their keys; those with most missing first, then by key.
pub fn parts(obligations: &[Obligation], by: By) -> Vec<(String, Tally)> {
    let mut tallies: HashMap<String, Tally> = HashMap::new();
    for obligation in obligations {
        tallies.entry(by.key(obligation)).or_default().add(obligation.standing());
    }
    let mut parts: Vec<(String, Tally)> = tallies.into_iter().collect();
    parts.sort_by(|(one_key, one), (other_key, other)| (other.missing, one_key).cmp(&(one.missing, other_key)));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DeputyId, ProjectId, SiteId};

    fn obligation(site: i64, deputy: i64, received: bool, on_time: bool, excused: bool) -> Obligation {
        Obligation {
            site_id: SiteId(site),
            deputy_id: DeputyId(deputy),
            region_code: format!("33990100{}001", site % 3),
            project_id: ProjectId(site % 4),
            site_code: String::new(),
            site_name: String::new(),
            deputy_name: String::new(),
            deputy_region: "339901".to_owned(),
            group_id: (deputy % 3 > 0).then_some(deputy % 3),
            received_at: None,
            came_by: None,
            received,
            on_time: received && on_time,
            excused,
        }
    }

    #[test]
    fn an_excused_deputy_owes_nothing_even_when_a_report_came() {
        let tally = Tally::of(&[obligation(1, 1, true, true, true), obligation(2, 2, false, false, false), obligation(3, 2, true, false, false)]);
        assert_eq!(tally, Tally { figures: MonthFigures { owed: 2, received: 1, on_time: 0 }, late: 1, missing: 1, excused: 1 });
    }

    #[test]
    fn the_parts_add_up_to_the_whole() {
        // Every mixture of five rows over few sites and deputies, told by the digits of a number.
        for mixture in 0..8_i64.pow(5) {
            let row = |place: u32| {
                let told = mixture / 8_i64.pow(place) % 8;
                obligation(mixture % 7 + i64::from(place), told + i64::from(place), told & 1 > 0, told & 2 > 0, told & 4 > 0)
            };
            let rows: Vec<Obligation> = (0..5).map(row).collect();
            let whole = Tally::of(&rows);
            assert_eq!(whole.figures.owed, whole.figures.received + whole.missing);
            assert_eq!(whole.figures.received, whole.figures.on_time + whole.late);
            assert_eq!(whole.figures.owed + whole.excused, 5);
            for by in By::ALL {
                let sum = |of: fn(&Tally) -> i64| parts(&rows, by).iter().map(|(_, tally)| of(tally)).sum::<i64>();
                assert_eq!(sum(|tally| tally.figures.owed), whole.figures.owed);
                assert_eq!(sum(|tally| tally.figures.on_time), whole.figures.on_time);
                assert_eq!((sum(|tally| tally.missing), sum(|tally| tally.excused)), (whole.missing, whole.excused));
            }
        }
    }
}
