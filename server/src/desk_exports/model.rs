//! Which lists can be taken out, what is asked for with each, and when a file needs a second person. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::model::lies_in;
use crate::accounts::{Actor, Role, may_see_accounts};
use crate::audit_log::may_read_log;
use crate::calendar::Month;
pub use crate::http::table_file::FileKind;
use crate::http::{Problem, Text};

/// How long after it was asked for a file can be fetched, by whoever asked.
pub const FETCHED_WITHIN: TimeDelta = TimeDelta::minutes(15);

/// How long a file waits for a second person: over a weekend.
pub const DECIDED_WITHIN: TimeDelta = TimeDelta::days(3);

/// How long it can be fetched after it was confirmed; whoever asked may not be at the desk at that moment.
pub const FETCHED_AFTER_CONFIRMED: TimeDelta = TimeDelta::days(1);

/// A list of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskList {
    /// The cockpit's parts: owed, received, on time, late, missing, excused.
    MonthParts,
    /// Reports owed for a month, with the deputy's name and what became of each.
    MonthReports,
    /// The reporting months with their figures.
    Months,
    /// Who is excused from a month.
    Exceptions,
    /// Dated entries beside a final month.
    Corrections,
    /// The review list under its filters.
    Review,
    /// Strike-offs that wait for a second person.
    StrikeOffProposals,
    /// Challenges under their filters.
    Challenges,
    /// Supervision orders under their filters.
    Orders,
    Sites,
    /// Sites offered to the deputies.
    Offers,
    HandOvers,
    Projects,
    Units,
    /// Sites that left the plan by a decision.
    WithdrawnSites,
    Deputies,
    Groups,
    Stations,
    Terms,
    /// Who sat in a term, under `term=17`.
    TermDeputies,
    /// The adoptions of a term, under the same.
    TermAdoptions,
    /// What was changed in the county's settings.
    SettingChanges,
    /// Townships that became part of others.
    RegionMergers,
    /// Former names of townships.
    RegionNames,
    /// Who of the deputies has joined.
    Joining,
    /// Each deputy's inspections and points of a year.
    DutyFigures,
    DutyContests,
    DutyRules,
    /// What left the app and how it fared.
    Deliveries,
    Imports,
    Accounts,
    /// Lines of the audit log under their filters.
    AuditLog,
    /// One's own notices.
    Notices,
    /// Places from which accounts are locked for a while.
    SignInLocks,
    /// One's own sign-ins.
    Sessions,
}

impl DeskList {
    pub const ALL: [Self; 35] = [
        Self::MonthParts,
        Self::MonthReports,
        Self::Months,
        Self::Exceptions,
        Self::Corrections,
        Self::Review,
        Self::StrikeOffProposals,
        Self::Challenges,
        Self::Orders,
        Self::Sites,
        Self::Offers,
        Self::HandOvers,
        Self::Projects,
        Self::Units,
        Self::WithdrawnSites,
        Self::Deputies,
        Self::Groups,
        Self::Stations,
        Self::Terms,
        Self::TermDeputies,
        Self::TermAdoptions,
        Self::SettingChanges,
        Self::RegionMergers,
        Self::RegionNames,
        Self::Joining,
        Self::DutyFigures,
        Self::DutyContests,
        Self::DutyRules,
        Self::Deliveries,
        Self::Imports,
        Self::Accounts,
        Self::AuditLog,
        Self::Notices,
        Self::SignInLocks,
        Self::Sessions,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::MonthParts => "month_parts",
            Self::MonthReports => "month_reports",
            Self::Months => "months",
            Self::Exceptions => "exceptions",
            Self::Corrections => "corrections",
            Self::Review => "review",
            Self::StrikeOffProposals => "strike_off_proposals",
            Self::Challenges => "challenges",
            Self::Orders => "orders",
            Self::Sites => "sites",
            Self::Offers => "offers",
            Self::HandOvers => "hand_overs",
            Self::Projects => "projects",
            Self::Units => "units",
            Self::WithdrawnSites => "withdrawn_sites",
            Self::Deputies => "deputies",
            Self::Groups => "groups",
            Self::Stations => "stations",
            Self::Terms => "terms",
            Self::TermDeputies => "term_deputies",
            Self::TermAdoptions => "term_adoptions",
            Self::SettingChanges => "setting_changes",
            Self::RegionMergers => "region_mergers",
            Self::RegionNames => "region_names",
            Self::Joining => "joining",
            Self::DutyFigures => "duty_figures",
            Self::DutyContests => "duty_contests",
            Self::DutyRules => "duty_rules",
            Self::Deliveries => "deliveries",
            Self::Imports => "imports",
            Self::Accounts => "accounts",
            Self::AuditLog => "audit_log",
            Self::Notices => "notices",
            Self::SignInLocks => "sign_in_locks",
            Self::Sessions => "sessions",
        }
    }

    /// Whether it is about one month.
    fn is_of_month(self) -> bool {
        matches!(self, Self::MonthParts | Self::MonthReports | Self::Exceptions | Self::Corrections)
    }

    /// Whether its page can be narrowed, and so its file.
    fn is_filtered(self) -> bool {
        use DeskList::{
            Accounts, AuditLog, Challenges, Deliveries, Deputies, DutyFigures, Joining, MonthReports, Orders, Review, Sites, TermAdoptions,
            TermDeputies,
        };
        matches!(
            self,
            Review
                | Challenges
                | Orders
                | Sites
                | Deputies
                | Joining
                | Deliveries
                | Accounts
                | AuditLog
                | DutyFigures
                | MonthReports
                | TermDeputies
                | TermAdoptions
        )
    }
}

/// Which list, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedList {
    pub list: DeskList,
    /// Of the month's lists; the open month when not said.
    #[serde(default)]
    pub month: Option<Month>,
    /// `group`, `township`, `project` or `deputy`, for the month's parts.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub by: Option<Text<1, 20>>,
    /// The list's filters as the address of its page or its list has them, such as `reason=silent&days=30`; of a month's reports `figure`,
    /// `by` and `part`, as the cockpit's figures are asked for.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub filters: Option<Text<0, 2000>>,
}

impl WantedList {
    /// Whether what is said belongs to the list that is asked for.
    pub fn check(&self) -> Result<(), Problem> {
        let misplaced = |field: &str| Problem::field(format!("wanted.{field}"), "unknown", "这份名单没有这一项", "This list has no such part");
        if self.month.is_some() && !self.list.is_of_month() {
            return Err(misplaced("month"));
        }
        if self.by.is_some() != (self.list == DeskList::MonthParts) {
            return Err(misplaced("by"));
        }
        if self.filters.is_some() && !self.list.is_filtered() {
            return Err(misplaced("filters"));
        }
        Ok(())
    }
}

impl WantedList {
    /// Whether its rows name persons who are not in office for everybody to see: reporters, adopters, recipients, holders of accounts.
    pub fn names_persons(&self) -> bool {
        use DeskList::{
            Accounts, AuditLog, Deliveries, Deputies, DutyContests, DutyFigures, Exceptions, HandOvers, Joining, MonthReports, Offers, Review,
            SignInLocks, Stations, TermAdoptions, TermDeputies,
        };
        let by_deputy = self.by.as_ref().is_some_and(|by| by.as_str() == "deputy");
        by_deputy
            || matches!(
                self.list,
                MonthReports
                    | Exceptions
                    | Review
                    | Offers
                    | HandOvers
                    | Deputies
                    | Stations
                    | Joining
                    | DutyFigures
                    | DutyContests
                    | Deliveries
                    | Accounts
                    | AuditLog
                    | SignInLocks
                    | TermDeputies
                    | TermAdoptions
            )
    }

    /// The places of a list that names persons: whoever confirms its file has the same right in all of them. Empty: no such right.
    pub fn places(&self, actor: &Actor, county_code: &str) -> Vec<String> {
        match self.list {
            DeskList::Accounts | DeskList::SignInLocks if may_see_accounts(actor, county_code) => vec![county_code.to_owned()],
            DeskList::AuditLog if may_read_log(actor) => vec![county_code.to_owned()],
            DeskList::Accounts | DeskList::SignInLocks | DeskList::AuditLog => Vec::new(),
            _ => actor.supervised_regions(),
        }
    }

    /// Whether the person has the right of whoever took the list from `places`.
    pub fn same_right(&self, actor: &Actor, county_code: &str, places: &[String]) -> bool {
        let own = self.places(actor, county_code);
        !places.is_empty() && places.iter().all(|place| own.iter().any(|own| lies_in(place, own)))
    }
}

/// How long the same list asked for again counts once: a lost file, or the other format.
pub const SAME_WITHIN: TimeDelta = TimeDelta::hours(1);

/// A list that one person took out alone.
#[derive(Debug, Clone)]
pub struct Taken {
    pub wanted: WantedList,
    pub at: DateTime<Utc>,
    pub rows: i32,
}

/// Rows with names that somebody will have taken out alone with `wanted` of so many rows now. `taken` is in the order of time.
pub fn rows_in_all(taken: &[Taken], wanted: &WantedList, rows: usize, now: DateTime<Utc>) -> usize {
    let now = Taken { wanted: wanted.clone(), at: now, rows: i32::try_from(rows).unwrap_or(i32::MAX) };
    let mut counted: Vec<&Taken> = Vec::new();
    for each in taken.iter().chain([&now]).filter(|each| each.wanted.names_persons()) {
        let same = counted.iter_mut().find(|known| known.wanted == each.wanted && each.at < known.at + SAME_WITHIN);
        match same {
            // The longer of the two: in between it may have grown.
            Some(known) if each.rows > known.rows => *known = each,
            Some(_) => {}
            None => counted.push(each),
        }
    }
    counted.iter().map(|each| usize::try_from(each.rows).unwrap_or(0)).fold(0, usize::saturating_add)
}

/// Whether the person has lists to take out at all.
pub fn may_take_out(actor: &Actor, county_code: &str) -> bool {
    !actor.supervised_regions().is_empty() || actor.is(Role::UnitHandler) || may_see_accounts(actor, county_code) || may_read_log(actor)
}

/// Whether the person may come to confirm somebody's file.
pub fn may_decide(actor: &Actor, county_code: &str) -> bool {
    !actor.supervised_regions().is_empty() || may_see_accounts(actor, county_code) || may_read_log(actor)
}

/// How a file that was asked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It can be fetched.
    Ready,
    /// It waits for a second person.
    Waiting,
    Refused,
    /// Whoever asked took it back.
    Withdrawn,
    /// Not decided about, or not fetched, in time.
    Expired,
}

/// What was decided about a file that waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Decision {
    Confirmed,
    Refused,
    Withdrawn,
}

/// How a file stands at `now`, and until when. A decision comes with its instant.
pub fn standing(made_at: DateTime<Utc>, waits: bool, decided: Option<(Decision, DateTime<Utc>)>, now: DateTime<Utc>) -> (FileState, DateTime<Utc>) {
    let (state, until) = match decided {
        None if waits => (FileState::Waiting, made_at + DECIDED_WITHIN),
        None => (FileState::Ready, made_at + FETCHED_WITHIN),
        Some((Decision::Confirmed, at)) => (FileState::Ready, at + FETCHED_AFTER_CONFIRMED),
        Some((Decision::Refused, at)) => return (FileState::Refused, at),
        Some((Decision::Withdrawn, at)) => return (FileState::Withdrawn, at),
    };
    if now < until { (state, until) } else { (FileState::Expired, until) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_file_waits_three_days_and_is_there_one_day_after_its_confirmation() {
        let made = at("2026-10-20T01:00:00Z");
        let stands = |waits, decided, now: &str| standing(made, waits, decided, at(now)).0;
        assert_eq!(stands(false, None, "2026-10-20T01:14:59Z"), FileState::Ready);
        assert_eq!(stands(false, None, "2026-10-20T01:15:00Z"), FileState::Expired);
        assert_eq!(stands(true, None, "2026-10-23T00:59:59Z"), FileState::Waiting);
        assert_eq!(stands(true, None, "2026-10-23T01:00:00Z"), FileState::Expired);
        let confirmed = Some((Decision::Confirmed, at("2026-10-21T01:00:00Z")));
        assert_eq!(stands(true, confirmed, "2026-10-22T00:59:59Z"), FileState::Ready);
        assert_eq!(stands(true, confirmed, "2026-10-22T01:00:00Z"), FileState::Expired);
        assert_eq!(stands(true, Some((Decision::Refused, made)), "2026-10-20T01:00:00Z"), FileState::Refused);
    }

    fn list(name: &str) -> WantedList {
        serde_json::from_value(serde_json::json!({ "list": name })).expect("a list")
    }

    #[test]
    fn several_small_files_are_one_large_one_and_the_same_within_the_hour_is_one() {
        let taken = |name: &str, time: &str, rows| Taken { wanted: list(name), at: at(time), rows };
        let before = [taken("joining", "2026-10-20T01:00:00Z", 600), taken("sites", "2026-10-20T01:01:00Z", 9_000)];
        let now = at("2026-10-20T01:30:00Z");
        assert_eq!(rows_in_all(&before, &list("deputies"), 500, now), 1_100, "sites name nobody");
        assert_eq!(rows_in_all(&before, &list("joining"), 600, now), 600, "the same once more");
        assert_eq!(rows_in_all(&before, &list("joining"), 700, now), 700, "it has grown");
        assert_eq!(rows_in_all(&before, &list("joining"), 600, at("2026-10-20T02:00:00Z")), 1_200, "an hour later");
        assert_eq!(rows_in_all(&before, &list("sites"), 50, now), 600);
        assert_eq!(rows_in_all(&[], &list("joining"), 5, now), 5);
    }

    #[test]
    fn every_list_is_there_once_under_its_own_name() {
        let mut names: Vec<&str> = DeskList::ALL.iter().map(|list| list.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), DeskList::ALL.len());
    }
}
