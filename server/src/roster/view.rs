//! Deputies, groups, stations and terms as the desk sees them.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::deputies::DeputyLevel;
use crate::http::personal::Phone;
use crate::http::shapes::{Named, Position, RegionRef};
use crate::ids::{DeputyGroupId, DeputyId, ProjectId, StationId};
use crate::joining::JoiningState;
use crate::stations::StationKind;

/// A deputy as the desk keeps them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": 12, "name": "沈晓岚", "level": "county", "constituency": "清溪镇第一选区", "region": {"code": "339901004", "name": "清溪镇"},
    "group": {"id": 4, "name": "清溪一组"}, "station": {"id": 9, "name": "清溪镇代表联络站"}, "phone": "139****0001", "joined_on": "2026-01-10",
    "left_on": null, "left_because": null, "returned": null, "joining": {"standing": "joined", "expires_at": null}, "sites": 2, "rev": 1}))]
pub struct RosterDeputy {
    pub id: DeputyId,
    pub name: String,
    pub level: DeputyLevel,
    pub constituency: String,
    pub region: RegionRef,
    pub group: Option<Named>,
    pub station: Option<Named>,
    /// As lists show it, such as `139****0001`; the whole number is asked for by itself.
    #[schema(value_type = Option<String>)]
    pub phone: Option<Phone>,
    /// The first day as a deputy, where it is known.
    pub joined_on: Option<NaiveDate>,
    /// The first day on which they are a deputy no longer.
    pub left_on: Option<NaiveDate>,
    /// `term_ended`, `resigned`, `moved`, `dismissed`, `died` or `other`.
    pub left_because: Option<String>,
    /// When a leaving was last taken back as a mistake, and why.
    pub returned: Option<Returned>,
    /// Whether they have joined; null for those who have left or will.
    pub joining: Option<JoiningState>,
    /// Sites they have adopted now.
    pub sites: i64,
    pub rev: i64,
}

/// A leaving that was entered by mistake.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"on": "2026-10-20", "reason": "离任登记有误"}))]
pub struct Returned {
    pub on: NaiveDate,
    pub reason: String,
}

/// A project that a group follows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FollowedProject {
    pub id: ProjectId,
    pub year: i16,
    pub number: i16,
    pub title: String,
}

/// A group of deputies.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": 4, "name": "教育小组", "theme": "学前教育", "projects": [{"id": 1, "year": 2026, "number": 1, "title": "新改扩建公办幼儿园"}],
    "deputies": 12, "rev": 1}))]
pub struct RosterGroup {
    pub id: DeputyGroupId,
    pub name: String,
    /// What it is about, in words.
    pub theme: String,
    /// The projects that its members follow.
    pub projects: Vec<FollowedProject>,
    /// Deputies who have not left.
    pub deputies: i64,
    pub rev: i64,
}

/// A station as the desk keeps it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": 9, "code": "QX-01", "name": "清溪镇代表联络站", "kind": "station", "integrity_monitoring": true,
    "region": {"code": "339901004", "name": "清溪镇"}, "address": "清溪镇人民路 8 号", "telephone": "0572-1234567", "opening_hours": "工作日 9:00–17:00",
    "position": {"lon": 119.9742, "lat": 30.5401}, "closed_on": null, "keepers": ["站长"], "deputies": 8, "rev": 1}))]
pub struct RosterStation {
    pub id: StationId,
    pub code: String,
    pub name: String,
    pub kind: StationKind,
    pub integrity_monitoring: bool,
    pub region: RegionRef,
    pub address: String,
    pub telephone: String,
    pub opening_hours: String,
    pub position: Position,
    pub closed_on: Option<NaiveDate>,
    /// Those whose accounts keep it; the administrator gives them that right.
    pub keepers: Vec<String>,
    /// Deputies stationed there who have not left.
    pub deputies: i64,
    pub rev: i64,
}

/// A term of the county's congress.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": 2, "number": 18, "begins_on": "2026-12-28", "ends_on": null, "entered_at": "2026-11-22T09:00:00+08:00", "begun_at": null,
    "leaving": 42}))]
pub struct TermView {
    pub id: i64,
    pub number: i16,
    pub begins_on: NaiveDate,
    /// The day on which the next one began.
    pub ends_on: Option<NaiveDate>,
    pub entered_at: DateTime<FixedOffset>,
    /// Null while it waits for its first day.
    pub begun_at: Option<DateTime<FixedOffset>>,
    /// Deputies who left, or will leave, as it begins.
    pub leaving: i64,
}

/// A site and who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"site": {"id": 41, "name": "清溪至石桥农村公路"}, "from": {"id": 12, "name": "沈晓岚"}, "to": null}))]
pub struct SiteOfLeaver {
    pub site: Named,
    pub from: Named,
    /// Who takes it on; null where it is closed.
    pub to: Option<Named>,
}

/// What the beginning of a term will do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"staying": 158, "leaving": 42, "carried": 12, "closed": 9, "without_adopter": 7, "sites": []}))]
pub struct TermPreview {
    /// Deputies of the county's and the townships' congresses who go on.
    pub staying: usize,
    pub leaving: usize,
    /// Adoptions that go to another deputy.
    pub carried: usize,
    /// Adoptions that end.
    pub closed: usize,
    /// Sites that will have no adopter left.
    pub without_adopter: usize,
    /// Every adoption of those who leave.
    pub sites: Vec<SiteOfLeaver>,
}
