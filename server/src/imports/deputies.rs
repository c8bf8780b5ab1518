//! Deputies with their groups, stations and adopted sites: rows → people, and what is new or changed. A telephone number is a person's
//! identity. An import never ends an adoption; only a handover does. Pure.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::facts::{Facts, KnownDeputy, Scope};
use super::finding::{Finding, Severity};
use super::headers::{DEPUTIES, Meaning};
use super::outlook::{Change, Difference, Differences, Outlook, PreviewRow};
use super::records::{Place, Record, Records};
use super::sites::Reading;
use super::siting::reserved;
use super::table::Sheet;
use super::townships::{NewRegion, Townships};
use super::words::{self, folded};

/// One deputy as the file describes them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeputyDraft {
    pub place: Place,
    pub name: String,
    pub phone: String,
    /// As stored; None when the file does not say.
    pub level: Option<String>,
    pub constituency: String,
    pub group: String,
    pub station: String,
    pub township: String,
    /// Codes or names of adopted sites.
    pub adopted: Vec<String>,
}

/// One deputy as they will stand.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedDeputy {
    pub change: Change,
    pub deputy_id: Option<i64>,
    pub phone: String,
    pub name: String,
    pub level: String,
    pub constituency: String,
    pub region_code: String,
    /// Names; empty for none.
    pub group: String,
    pub station: String,
    /// Sites to adopt in addition to those adopted already.
    pub adopts: Vec<i64>,
}

#[derive(Clone, Debug, Default)]
pub struct DeputiesPlan {
    pub regions: Vec<NewRegion>,
    pub groups: Vec<String>,
    pub deputies: Vec<PlannedDeputy>,
    pub findings: Vec<Finding>,
    pub outlook: Outlook,
}

/// Reads every sheet.
pub fn read(sheets: &[Sheet]) -> Reading<DeputyDraft> {
    let needed: &[(&[Meaning], &str)] = &[(&[Meaning::Name], "姓名"), (&[Meaning::Phone], "手机号码")];
    let mut records = Records::of(sheets, DEPUTIES, needed);
    let mut findings = std::mem::take(&mut records.findings);
    let rows = records.rows(&[Meaning::Name], &mut findings);
    let drafts = rows.iter().filter_map(|record| draft(record, &mut findings)).collect();
    Reading { drafts, findings, columns: records.uses }
}

fn draft(record: &Record<'_>, findings: &mut Vec<Finding>) -> Option<DeputyDraft> {
    let name = record.required(Meaning::Name, ("姓名", "name"), 50, findings);
    let phone = words::mobile_number(&record.text(Meaning::Phone));
    if phone.is_none() {
        findings.push(record.error("phone_unreadable", Meaning::Phone).say(
            "手机号码应是 11 位、以 1 开头的号码；它是识别代表的依据，不能缺少。请改正。",
            "A mobile number has 11 digits and begins with 1; deputies are told by it. Mend it.",
        ));
    }
    let level_words = record.text(Meaning::Level);
    let level = words::deputy_level(&level_words);
    if level.is_none() && !words::says_nothing(&level_words) {
        findings.push(
            record
                .error("level_unknown", Meaning::Level)
                .say("看不懂这个层级。请写：全国、省、市、县、乡镇。", "This level is not understood. Write 全国, 省, 市, 县 or 乡镇."),
        );
    }
    let adopted = record.text(Meaning::AdoptedSites);
    let adopted = adopted.split(['、', ',', '，', ';', '；', '\n']).map(str::trim).filter(|site| !words::says_nothing(site));
    let text = |meaning, what, findings: &mut Vec<Finding>| record.optional(meaning, what, 100, findings);
    Some(DeputyDraft {
        place: record.place(),
        level: level.map(str::to_owned),
        constituency: text(Meaning::Constituency, ("选区", "constituency"), findings)?,
        group: text(Meaning::Group, ("代表小组", "group"), findings)?,
        station: text(Meaning::Station, ("联络站", "station"), findings)?,
        township: text(Meaning::Township, ("镇街", "township"), findings)?,
        adopted: adopted.map(str::to_owned).collect(),
        name: name?,
        phone: phone?,
    })
}

/// The number with its middle hidden, as it may be shown.
pub fn masked(phone: &str) -> String {
    match (phone.get(..3), phone.get(7..)) {
        (Some(start), Some(end)) => format!("{start}****{end}"),
        _ => "****".to_owned(),
    }
}

/// Compares with the deputies the county has.
pub fn plan(drafts: &[DeputyDraft], facts: &Facts, scope: &Scope) -> DeputiesPlan {
    let mut planner = Planner {
        facts,
        scope,
        townships: Townships::new(facts.county.clone(), &facts.regions),
        known: facts.deputies.iter().map(|deputy| (deputy.phone.as_str(), deputy)).collect(),
        groups: facts.groups.iter().map(|group| (folded(group), group.clone())).collect(),
        seen: HashMap::new(),
        plan: DeputiesPlan::default(),
    };
    for draft in drafts {
        planner.take(draft);
    }
    let Planner { townships, mut plan, .. } = planner;
    plan.regions = townships.made;
    plan
}

struct Planner<'a> {
    facts: &'a Facts,
    scope: &'a Scope,
    townships: Townships<'a>,
    known: HashMap<&'a str, &'a KnownDeputy>,
    groups: HashMap<String, String>,
    seen: HashMap<String, u32>,
    plan: DeputiesPlan,
}

impl Planner<'_> {
    fn take(&mut self, draft: &DeputyDraft) {
        if let Some(first) = self.seen.insert(draft.phone.clone(), draft.place.row) {
            self.refuse(
                draft,
                "phone_twice",
                (Meaning::Phone, &masked(&draft.phone)),
                (
                    format!("这个手机号码与第 {first} 行相同。一个号码只能属于一位代表，请改正。"),
                    format!("This number stands already in row {first}. A number belongs to one deputy."),
                ),
            );
            return;
        }
        let stored = self.known.get(draft.phone.as_str()).copied();
        let (Some(region_code), Some(station), Some(adopts)) = (self.region(draft, stored), self.station(draft), self.adopted(draft, stored)) else {
            return;
        };
        if stored.is_some_and(|deputy| folded(&deputy.name) != folded(&draft.name)) {
            self.plan.findings.push(draft.place.finding(Severity::Warning, "deputy_renamed", &draft.name).about(Meaning::Name).say(
                "这个手机号码在系统中属于另一个姓名，导入后姓名会改变。若换了人，请先核对号码。",
                "This number belongs to another name at present, which the import replaces. Check the number if the person changed.",
            ));
        }
        self.settle(draft, stored, region_code, &station, adopts);
    }

    fn refuse(&mut self, draft: &DeputyDraft, code: &str, (about, value): (Meaning, &str), (zh, en): (String, String)) {
        self.plan.findings.push(draft.place.finding(Severity::Error, code, value).about(about).say(zh, en));
    }

    fn region(&mut self, draft: &DeputyDraft, stored: Option<&KnownDeputy>) -> Option<String> {
        let code = match (draft.township.as_str(), stored) {
            ("", Some(deputy)) => deputy.region_code.clone(),
            ("", None) => self.facts.county.as_str().to_owned(),
            (name, _) => match self.townships.resolve(name) {
                Ok(code) => code,
                Err(unknown) => {
                    let similar = unknown.similar.join("、");
                    self.refuse(
                        draft,
                        "township_not_found",
                        (Meaning::Township, name),
                        (
                            format!("本县没有叫“{name}”的镇街。{similar}请改正。"),
                            format!("The county has no township called \"{name}\". {similar} Mend it."),
                        ),
                    );
                    return None;
                }
            },
        };
        let held = self.scope.holds(&code) && stored.is_none_or(|deputy| self.scope.holds(&deputy.region_code));
        if !held {
            self.refuse(
                draft,
                "outside_your_area",
                (Meaning::Township, &draft.name),
                (
                    "这位代表不在您负责的镇街之内。请删去本行，或由县人大常委会导入。".to_owned(),
                    "This deputy is not in your area. Delete the row, or let the county's committee import it.".to_owned(),
                ),
            );
        }
        held.then_some(code)
    }

    /// The name of the station as stored; a station has a place, so it cannot be made from its name alone.
    fn station(&mut self, draft: &DeputyDraft) -> Option<String> {
        if words::says_nothing(&draft.station) {
            return Some(String::new());
        }
        let wanted = folded(&draft.station);
        let found = self.facts.stations.iter().find(|station| folded(&station.name) == wanted || station.code == draft.station);
        if found.is_none() {
            self.refuse(
                draft,
                "station_not_found",
                (Meaning::Station, &draft.station),
                (
                    format!("系统中没有联络站“{}”。请先导入联络站，或改正名称。", draft.station),
                    format!("There is no station \"{}\". Import the stations first, or mend the name.", draft.station),
                ),
            );
        }
        found.map(|station| station.name.clone())
    }

    fn adopted(&mut self, draft: &DeputyDraft, stored: Option<&KnownDeputy>) -> Option<Vec<i64>> {
        let mut adopts = Vec::new();
        let mut all_found = true;
        for wanted in &draft.adopted {
            let name = folded(wanted);
            let matches = |site: &&super::facts::KnownSite| !site.withdrawn && (site.code.eq_ignore_ascii_case(wanted) || folded(&site.name) == name);
            let found: Vec<&super::facts::KnownSite> = self.facts.sites.iter().filter(matches).collect();
            let adopted_already = |site: &super::facts::KnownSite| stored.is_some_and(|deputy| deputy.adopted.contains(&site.site_id));
            all_found &= found.len() == 1;
            match found.as_slice() {
                [site] if adopted_already(site) => {}
                [site] if site.key_site && *self.scope != Scope::County && self.scope.holds(&site.region_code) => {
                    all_found = false;
                    self.plan.findings.push(reserved(&draft.place, Meaning::AdoptedSites, &site.name));
                }
                [site] if self.scope.holds(&site.region_code) => adopts.push(site.site_id),
                [_] => {
                    all_found = false;
                    self.refuse(
                        draft,
                        "outside_your_area",
                        (Meaning::AdoptedSites, wanted),
                        (
                            format!("点位“{wanted}”不在您负责的镇街之内。请删去这个点位，或由县人大常委会导入。"),
                            format!("Site \"{wanted}\" is not in your area. Leave it out, or let the county's committee import it."),
                        ),
                    );
                }
                [] => self.refuse(
                    draft,
                    "site_not_found",
                    (Meaning::AdoptedSites, wanted),
                    (
                        format!("没有找到点位“{wanted}”。请填写点位编号或完整名称，并确认年度。"),
                        format!("There is no site \"{wanted}\". Give its code or full name, and check the year."),
                    ),
                ),
                several => self.refuse(
                    draft,
                    "site_ambiguous",
                    (Meaning::AdoptedSites, wanted),
                    (
                        format!("有 {} 个点位叫“{wanted}”。请改填点位编号。", several.len()),
                        format!("{} sites are called \"{wanted}\". Give the code instead.", several.len()),
                    ),
                ),
            }
        }
        adopts.sort_unstable();
        adopts.dedup();
        all_found.then_some(adopts)
    }

    fn settle(&mut self, draft: &DeputyDraft, stored: Option<&KnownDeputy>, region_code: String, station: &str, adopts: Vec<i64>) {
        let group = self.group(&draft.group);
        let blank = KnownDeputy {
            deputy_id: 0,
            phone: draft.phone.clone(),
            name: String::new(),
            level: "county".to_owned(),
            constituency: String::new(),
            region_code: region_code.clone(),
            group: String::new(),
            station: String::new(),
            adopted: Vec::new(),
        };
        let before = stored.unwrap_or(&blank);
        let mut changes = Differences::default();
        if region_code != before.region_code {
            changes.settle("region", &self.townships.name_of(&before.region_code), &self.townships.name_of(&region_code));
        }
        let planned = PlannedDeputy {
            change: Change::Unchanged,
            deputy_id: stored.map(|deputy| deputy.deputy_id),
            phone: draft.phone.clone(),
            name: changes.settle("name", &before.name, &draft.name),
            level: changes.settle("level", &before.level, draft.level.as_deref().unwrap_or("")),
            constituency: changes.settle("constituency", &before.constituency, &draft.constituency),
            region_code,
            group: changes.settle("group", &before.group, &group),
            station: changes.settle("station", &before.station, station),
            adopts,
        };
        changes.0.extend(planned.adopts.iter().map(|site_id| self.adoption(*site_id)));
        let change = match (stored, changes.0.is_empty()) {
            (None, _) => Change::New,
            (Some(_), true) => Change::Unchanged,
            (Some(_), false) => Change::Changed,
        };
        self.plan.outlook.rows.push(PreviewRow {
            sheet: draft.place.sheet.clone(),
            row: draft.place.row,
            change,
            code: masked(&planned.phone),
            name: planned.name.clone(),
            group: planned.level.clone(),
            region: self.townships.name_of(&planned.region_code),
            position: None,
            differences: changes.0.into_iter().filter(|difference| change != Change::New || difference.field == "adoption").collect(),
        });
        self.plan.deputies.push(PlannedDeputy { change, ..planned });
    }

    fn adoption(&self, site_id: i64) -> Difference {
        let site = self.facts.sites.iter().find(|site| site.site_id == site_id);
        Difference { field: "adoption".to_owned(), before: String::new(), after: site.map(|site| site.name.clone()).unwrap_or_default() }
    }

    fn group(&mut self, name: &str) -> String {
        if words::says_nothing(name) {
            return String::new();
        }
        if let Some(known) = self.groups.get(&folded(name)) {
            return known.clone();
        }
        self.groups.insert(folded(name), name.to_owned());
        self.plan.groups.push(name.to_owned());
        name.to_owned()
    }
}
