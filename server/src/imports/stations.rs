//! Liaison stations: rows → stations, and what is new or changed among them. A station is the same when its code agrees, or, without a
//! code, its folded name. Pure.

use std::collections::HashMap;

use geodata::datum::Datum;
use geodata::position::LonLat;
use serde::{Deserialize, Serialize};

use super::facts::{Facts, KnownStation, Scope};
use super::finding::{Finding, Severity};
use super::headers::{Meaning, STATIONS};
use super::outlook::{Change, Differences, Outlook, PreviewRow};
use super::positions::{self, Positioned};
use super::records::{Place, Record, Records};
use super::sites::Reading;
use super::siting::{self, LocatedInAll, Siting, declared_place};
use super::table::Sheet;
use super::townships::{NewRegion, Townships};
use super::words::{self, folded};

/// One station as the file describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationDraft {
    pub place: Place,
    pub code: String,
    pub name: String,
    /// As stored; None when the file does not say.
    pub kind: Option<String>,
    pub integrity_monitoring: Option<bool>,
    pub township: String,
    pub address: String,
    pub telephone: String,
    pub opening_hours: String,
    pub positioned: Positioned,
}

/// One station as it will stand.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStation {
    pub change: Change,
    pub station_id: Option<i64>,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub integrity_monitoring: bool,
    pub region_code: String,
    pub address: String,
    pub telephone: String,
    pub opening_hours: String,
    pub position: LonLat,
    pub source_position: String,
    pub moved: bool,
}

#[derive(Clone, Debug, Default)]
pub struct StationsPlan {
    pub regions: Vec<NewRegion>,
    pub stations: Vec<PlannedStation>,
    pub findings: Vec<Finding>,
    pub outlook: Outlook,
}

/// Reads every sheet.
pub fn read(sheets: &[Sheet], datum: Datum) -> Reading<StationDraft> {
    let needed: &[(&[Meaning], &str)] = &[(&[Meaning::Name], "名称"), (&[Meaning::Longitude, Meaning::Position], "经度和纬度（或坐标）")];
    let mut records = Records::of(sheets, STATIONS, needed);
    let mut findings = std::mem::take(&mut records.findings);
    let rows = records.rows(&[Meaning::Name], &mut findings);
    let drafts = rows.iter().filter_map(|record| draft(record, datum, &mut findings)).collect();
    Reading { drafts, findings, columns: records.uses }
}

fn draft(record: &Record<'_>, datum: Datum, findings: &mut Vec<Finding>) -> Option<StationDraft> {
    let name = record.required(Meaning::Name, ("名称", "name"), 100, findings);
    let code = record.optional(Meaning::Code, ("编号", "code"), 40, findings);
    let kind_words = record.text(Meaning::Kind);
    let kind = words::station_kind(&kind_words);
    if kind.is_none() && !words::says_nothing(&kind_words) {
        findings.push(record.error("kind_unknown", Meaning::Kind).say(
            "看不懂这个类型。请写：代表之家、联络站、联络点、便民服务窗、履职岗、流动联络点。",
            "This kind is not understood. Write 代表之家, 联络站, 联络点, 便民服务窗, 履职岗 or 流动联络点.",
        ));
    }
    let watched_words = record.text(Meaning::IntegrityMonitoring);
    let integrity_monitoring = if watched_words.is_empty() { None } else { words::yes_or_no(&watched_words) };
    if integrity_monitoring.is_none() && !watched_words.is_empty() {
        findings.push(record.error("answer_unknown", Meaning::IntegrityMonitoring).say("请写“是”或“否”。", "Write 是 or 否."));
    }
    let text = |meaning, what, most, findings: &mut Vec<Finding>| record.optional(meaning, what, most, findings);
    let draft = StationDraft {
        place: record.place(),
        code: code?,
        kind: kind.map(str::to_owned),
        integrity_monitoring,
        township: text(Meaning::Township, ("镇街", "township"), 100, findings)?,
        address: text(Meaning::Address, ("地址", "address"), 300, findings)?,
        telephone: text(Meaning::Telephone, ("电话", "telephone number"), 40, findings)?,
        opening_hours: text(Meaning::OpeningHours, ("开放时间", "opening hours"), 200, findings)?,
        positioned: positions::read(record, datum, findings)?,
        name: name?,
    };
    Some(draft)
}

/// Compares with the stations the county has. `located` has one entry for each draft.
pub fn plan(drafts: &[StationDraft], located: &[LocatedInAll], facts: &Facts, datum: Datum, scope: &Scope) -> StationsPlan {
    let mut planner = Planner {
        facts,
        scope,
        townships: Townships::new(facts.county.clone(), &facts.regions),
        seen: HashMap::new(),
        serial: facts.stations.iter().filter_map(|station| station.code.strip_prefix("LZ-")?.parse::<u32>().ok()).max().unwrap_or(0),
        plan: StationsPlan::default(),
    };
    let mut points = Vec::new();
    for (draft, in_all) in drafts.iter().zip(located) {
        let region = planner.take(draft, in_all, declared_place(datum));
        let (region, stored) = region.map_or((None, None), |(region, stored)| (Some(region), stored));
        points.push(siting::evidence(&draft.positioned, region.as_deref(), in_all, &planner.townships, stored));
    }
    let Planner { townships, mut plan, .. } = planner;
    plan.regions = townships.made;
    siting::check_datum(datum, &points, &mut plan.findings);
    plan
}

struct Planner<'a> {
    facts: &'a Facts,
    scope: &'a Scope,
    townships: Townships<'a>,
    /// Code or folded name → row in which it was first seen.
    seen: HashMap<String, u32>,
    serial: u32,
    plan: StationsPlan,
}

impl<'a> Planner<'a> {
    fn take(&mut self, draft: &StationDraft, in_all: &LocatedInAll, declared: usize) -> Option<(String, Option<LonLat>)> {
        let siting = Siting { place: &draft.place, township: &draft.township, positioned: &draft.positioned, located: &in_all[declared] };
        let region_code = siting.region(&mut self.townships, self.facts.county.as_str(), self.scope, &mut self.plan.findings)?;
        let name = folded(&draft.name);
        let stored =
            self.facts.stations.iter().find(|station| if draft.code.is_empty() { folded(&station.name) == name } else { station.code == draft.code });
        let identity = if draft.code.is_empty() { name } else { draft.code.clone() };
        if let Some(first) = self.seen.insert(identity, draft.place.row) {
            self.plan.findings.push(draft.place.finding(Severity::Error, "station_twice", &draft.name).about(Meaning::Name).say(
                format!("“{}”与第 {first} 行重复。请删去一行，或用编号加以区分。", draft.name),
                format!("\"{}\" stands already in row {first}. Delete one, or tell them apart by code.", draft.name),
            ));
            return None;
        }
        let foreign = stored.is_some_and(|station| !self.scope.holds(&station.region_code));
        if foreign {
            self.plan.findings.push(draft.place.finding(Severity::Error, "outside_your_area", &draft.name).about(Meaning::Name).say(
                "这个联络站现属别的镇街，您不能改动。请删去本行。",
                "This station belongs to another township; you may not change it. Delete the row.",
            ));
            return None;
        }
        let stored_position = stored.map(|station| station.position);
        self.settle(draft, stored, region_code.clone());
        Some((region_code, stored_position))
    }

    fn settle(&mut self, draft: &StationDraft, stored: Option<&KnownStation>, region_code: String) {
        let mut changes = Differences::default();
        let blank = KnownStation {
            station_id: 0,
            code: if draft.code.is_empty() { self.next_code() } else { draft.code.clone() },
            name: String::new(),
            kind: "station".to_owned(),
            integrity_monitoring: false,
            region_code: region_code.clone(),
            address: String::new(),
            telephone: String::new(),
            opening_hours: String::new(),
            position: draft.positioned.position,
        };
        let before = stored.unwrap_or(&blank);
        let moved = stored.is_none_or(|station| station.position.metres_to(draft.positioned.position) > 0.5);
        if moved && stored.is_some() {
            changes.settle("position", &before.position.to_string(), &draft.positioned.position.to_string());
        }
        let region_code = if draft.township.is_empty() && !moved { before.region_code.clone() } else { region_code };
        if region_code != before.region_code {
            changes.settle("region", &self.townships.name_of(&before.region_code), &self.townships.name_of(&region_code));
        }
        let planned = PlannedStation {
            change: Change::Unchanged,
            station_id: stored.map(|station| station.station_id),
            code: before.code.clone(),
            name: changes.settle("name", &before.name, &draft.name),
            kind: changes.settle("kind", &before.kind, draft.kind.as_deref().unwrap_or("")),
            integrity_monitoring: changes
                .settle_value("integrity_monitoring", Some(&before.integrity_monitoring), draft.integrity_monitoring.as_ref())
                .unwrap_or(false),
            region_code,
            address: changes.settle("address", &before.address, &draft.address),
            telephone: changes.settle("telephone", &before.telephone, &draft.telephone),
            opening_hours: changes.settle("opening_hours", &before.opening_hours, &draft.opening_hours),
            position: if moved { draft.positioned.position } else { before.position },
            source_position: draft.positioned.source.clone(),
            moved,
        };
        let change = match (stored, changes.0.is_empty()) {
            (None, _) => Change::New,
            (Some(_), true) => Change::Unchanged,
            (Some(_), false) => Change::Changed,
        };
        self.preview(draft, &planned, change, if change == Change::New { Vec::new() } else { changes.0 });
        self.plan.stations.push(PlannedStation { change, ..planned });
    }

    fn preview(&mut self, draft: &StationDraft, planned: &PlannedStation, change: Change, differences: Vec<super::outlook::Difference>) {
        self.plan.outlook.rows.push(PreviewRow {
            sheet: draft.place.sheet.clone(),
            row: draft.place.row,
            change,
            code: planned.code.clone(),
            name: planned.name.clone(),
            group: planned.kind.clone(),
            region: self.townships.name_of(&planned.region_code),
            position: Some([planned.position.lon(), planned.position.lat()]),
            differences,
        });
    }

    fn next_code(&mut self) -> String {
        self.serial += 1;
        format!("LZ-{:03}", self.serial)
    }
}
