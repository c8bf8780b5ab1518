//! Sites of a file against the sites the county has: what is new, what changes, what stays. Pure.
//!
//! A site is the same site when year, project and folded name agree, so the same file twice changes nothing. The stage of a site that
//! already exists is never touched: it belongs to the reports. Nor is its plan (dates, scope, place): that changes by a decision alone; only
//! what was never planned is filled in.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use geodata::datum::Datum;
use geodata::position::LonLat;

use super::facts::{Facts, KnownSite, Scope};
use super::finding::{Finding, Severity};
use super::headers::Meaning;
use super::outlook::{Change, Differences, Outlook, PreviewRow};
use super::sites::SiteDraft;
use super::siting::{self, LocatedInAll, Siting, declared_place};
use super::townships::{NewRegion, Townships};
use super::words::folded;
use crate::plan_changes::model::SAME_PLACE_M;
use crate::sites::Stage;

/// A project the import will make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProject {
    pub number: i32,
    pub title: String,
    pub lead_unit: String,
}

/// One site as it will stand.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedSite {
    pub change: Change,
    /// The site that is changed, or comes back after an undone import.
    pub site_id: Option<i64>,
    pub code: String,
    pub project_number: i32,
    pub name: String,
    pub address: String,
    pub region_code: String,
    pub position: LonLat,
    pub source_position: String,
    /// The position differs from the stored one, so its source is replaced too.
    pub moved: bool,
    pub unit: String,
    pub quota: String,
    pub people_served: Option<i32>,
    pub remarks: String,
    pub planned_start_on: Option<NaiveDate>,
    pub planned_finish_on: Option<NaiveDate>,
    /// Only for a site that was not on the map before.
    pub stage: Stage,
    pub percent: u8,
}

/// Everything confirming the file would do.
#[derive(Clone, Debug, Default)]
pub struct SitesPlan {
    pub regions: Vec<NewRegion>,
    pub units: Vec<String>,
    pub projects: Vec<NewProject>,
    pub sites: Vec<PlannedSite>,
    pub findings: Vec<Finding>,
    pub outlook: Outlook,
}

/// Compares. `located` has one entry for each draft.
pub fn plan(drafts: &[SiteDraft], located: &[LocatedInAll], facts: &Facts, year: i32, datum: Datum, scope: &Scope) -> SitesPlan {
    let mut planner = Planner {
        facts,
        year,
        scope,
        townships: Townships::new(facts.county.clone(), &facts.regions),
        units: facts.units.iter().map(|unit| (folded(unit), unit.clone())).collect(),
        known: facts.sites.iter().map(|site| ((site.project_number, folded(&site.name)), site)).collect(),
        serials: HashMap::new(),
        seen: HashMap::new(),
        plan: SitesPlan::default(),
    };
    let mut points = Vec::new();
    for (draft, in_all) in drafts.iter().zip(located) {
        let region = planner.take(draft, in_all, declared_place(datum));
        let stored = region.as_ref().and_then(|(_, site)| site.as_ref().copied());
        points.push(siting::evidence(&draft.positioned, region.as_ref().map(|(code, _)| code.as_str()), in_all, &planner.townships, stored));
    }
    let mut plan = planner.finish();
    siting::check_datum(datum, &points, &mut plan.findings);
    plan
}

struct Planner<'a> {
    facts: &'a Facts,
    year: i32,
    scope: &'a Scope,
    townships: Townships<'a>,
    /// Folded name → name as stored or as first written.
    units: HashMap<String, String>,
    known: HashMap<(i32, String), &'a KnownSite>,
    /// Last serial used for each project.
    serials: HashMap<i32, u32>,
    /// Identity → row in which it was first seen.
    seen: HashMap<(i32, String), u32>,
    plan: SitesPlan,
}

impl<'a> Planner<'a> {
    /// Plans one row. Gives its region and the stored position of the same site.
    fn take(&mut self, draft: &SiteDraft, in_all: &LocatedInAll, declared: usize) -> Option<(String, Option<LonLat>)> {
        let siting = Siting { place: &draft.place, township: &draft.township, positioned: &draft.positioned, located: &in_all[declared] };
        let region = siting.region(&mut self.townships, self.facts.county.as_str(), self.scope, &mut self.plan.findings);
        let number = self.project(draft)?;
        let region_code = region?;
        let identity = (number, folded(&draft.name));
        if let Some(first) = self.seen.insert(identity.clone(), draft.place.row) {
            self.plan.findings.push(draft.place.finding(Severity::Error, "site_twice", &draft.name).about(Meaning::Name).say(
                format!("“{}”与第 {first} 行是同一项目的同名点位。请删去重复的一行，或在名称中加以区分。", draft.name),
                format!("\"{}\" stands already in row {first} of the same project. Delete one, or tell them apart by name.", draft.name),
            ));
            return None;
        }
        let stored = self.known.get(&identity).copied();
        if stored.is_some_and(|site| !self.scope.holds(&site.region_code)) {
            self.plan.findings.push(draft.place.finding(Severity::Error, "outside_your_area", &draft.name).about(Meaning::Name).say(
                "同一项目的这个点位现属别的镇街，您不能改动。请删去本行，或由县人大常委会导入。",
                "This site belongs to another township; you may not change it. Delete the row, or let the county's committee import it.",
            ));
            return None;
        }
        if let Some(decision) = stored.and_then(|site| site.withdrawn_by.as_deref()) {
            self.plan.findings.push(siting::left_the_plan(&draft.place, &draft.name, decision));
            return None;
        }
        let unit = self.unit(&draft.unit);
        let planned = match stored {
            Some(site) if !site.withdrawn => self.existing(draft, site, region_code.clone(), unit),
            other => self.new_site(draft, number, region_code.clone(), unit, other),
        };
        if stored.is_some_and(|site| site.key_site) && planned.change != Change::Unchanged && *self.scope != Scope::County {
            self.plan.findings.push(siting::reserved(&draft.place, Meaning::Name, &draft.name));
        }
        self.plan.sites.push(planned);
        Some((region_code, stored.map(|site| site.position)))
    }

    fn new_site(&mut self, draft: &SiteDraft, number: i32, region_code: String, unit: String, before: Option<&KnownSite>) -> PlannedSite {
        let code = before.map_or_else(|| self.next_code(number), |site| site.code.clone());
        let planned = PlannedSite {
            change: Change::New,
            site_id: before.map(|site| site.site_id),
            code,
            project_number: number,
            name: draft.name.clone(),
            address: draft.address.clone(),
            region_code,
            position: draft.positioned.position,
            source_position: draft.positioned.source.clone(),
            moved: true,
            unit,
            quota: draft.quota.clone(),
            people_served: draft.people_served,
            remarks: draft.remarks.clone(),
            planned_start_on: draft.planned_start_on,
            planned_finish_on: draft.planned_finish_on,
            stage: draft.stage.unwrap_or(Stage::NotStarted),
            percent: draft.percent.unwrap_or(0),
        };
        self.preview(draft, &planned, Vec::new());
        planned
    }

    fn existing(&mut self, draft: &SiteDraft, site: &KnownSite, region_code: String, unit: String) -> PlannedSite {
        let mut changes = Differences::default();
        let moved = site.position.metres_to(draft.positioned.position) > SAME_PLACE_M;
        if moved {
            self.note_plan(draft, Meaning::Longitude, &site.position.to_string(), &draft.positioned.position.to_string());
        }
        let (old_region, new_region) = (self.townships.name_of(&site.region_code), self.townships.name_of(&region_code));
        let region_code = if draft.township.is_empty() || moved { site.region_code.clone() } else { region_code };
        if region_code != site.region_code {
            changes.settle("region", &old_region, &new_region);
        }
        let quota = self.planned(draft, Meaning::Quota, "quota", (&site.quota, &draft.quota), &mut changes);
        let dates = [
            (Meaning::PlannedStart, "planned_start_on", site.planned_start_on, draft.planned_start_on),
            (Meaning::PlannedFinish, "planned_finish_on", site.planned_finish_on, draft.planned_finish_on),
        ];
        let [planned_start_on, planned_finish_on] =
            dates.map(|(meaning, field, stored, written)| self.planned_day(draft, (meaning, field), stored, written, &mut changes));
        let planned = PlannedSite {
            change: Change::Unchanged,
            site_id: Some(site.site_id),
            code: site.code.clone(),
            project_number: site.project_number,
            name: changes.settle("name", &site.name, &draft.name),
            address: changes.settle("address", &site.address, &draft.address),
            region_code,
            position: site.position,
            source_position: draft.positioned.source.clone(),
            moved: false,
            unit: changes.settle("unit", &site.unit, &unit),
            quota,
            people_served: changes.settle_value("people_served", site.people_served.as_ref(), draft.people_served.as_ref()),
            remarks: changes.settle("remarks", &site.remarks, &draft.remarks),
            planned_start_on,
            planned_finish_on,
            stage: Stage::NotStarted,
            percent: 0,
        };
        self.check_dates(draft, &planned);
        self.note_stage(draft, site);
        let change = if changes.0.is_empty() { Change::Unchanged } else { Change::Changed };
        let planned = PlannedSite { change, ..planned };
        self.preview(draft, &planned, changes.0);
        planned
    }

    /// A planned day: what stands is kept, what is missing is filled in.
    fn planned_day(
        &mut self,
        draft: &SiteDraft,
        (meaning, field): (Meaning, &'static str),
        stored: Option<NaiveDate>,
        written: Option<NaiveDate>,
        changes: &mut Differences,
    ) -> Option<NaiveDate> {
        match (stored, written) {
            (Some(stored), Some(written)) if stored != written => {
                self.note_plan(draft, meaning, &stored.to_string(), &written.to_string());
                Some(stored)
            }
            _ => changes.settle_value(field, stored.as_ref(), written.as_ref()),
        }
    }

    /// A planned text, likewise.
    fn planned(
        &mut self,
        draft: &SiteDraft,
        meaning: Meaning,
        field: &'static str,
        (stored, written): (&str, &str),
        changes: &mut Differences,
    ) -> String {
        if stored.is_empty() || written.is_empty() || stored == written {
            return changes.settle(field, stored, written);
        }
        self.note_plan(draft, meaning, stored, written);
        stored.to_owned()
    }

    fn note_plan(&mut self, draft: &SiteDraft, meaning: Meaning, stored: &str, written: &str) {
        self.plan.findings.push(draft.place.finding(Severity::Warning, "plan_not_changed", written).about(meaning).say(
            format!("现行计划是“{stored}”，文件里是“{written}”。计划只凭决定调整，导入不会改动；如确有决定，请在点位档案中“调整计划”。"),
            format!("The plan says \"{stored}\", the file \"{written}\". A plan changes by a decision: enter it in the site's file. It stays."),
        ));
    }

    /// A date from the file and one that is kept may contradict each other.
    fn check_dates(&mut self, draft: &SiteDraft, planned: &PlannedSite) {
        if let (Some(start), Some(finish)) = (planned.planned_start_on, planned.planned_finish_on)
            && start > finish
        {
            self.plan.findings.push(
                draft.place.finding(Severity::Error, "dates_reversed", &format!("{start} > {finish}")).about(Meaning::PlannedFinish).say(
                    format!("计划完工 {finish} 早于计划开工 {start}（其中一个是系统里原有的）。请在文件中把两个日期都写上。"),
                    format!("The planned finish {finish} lies before the planned start {start}, one of them already stored. Give both dates."),
                ),
            );
        }
    }

    fn note_stage(&mut self, draft: &SiteDraft, site: &KnownSite) {
        if let Some(stage) = draft.stage
            && stage.as_str() != site.stage
        {
            self.plan.findings.push(draft.place.finding(Severity::Note, "stage_not_changed", stage.as_str()).about(Meaning::Stage).say(
                "文件里的状态与地图不同。已有点位的状态只随代表的督查反馈或更正而变，导入不会改动它。",
                "The file's stage differs from the map. The stage of an existing site follows its reports; an import leaves it alone.",
            ));
        }
    }

    fn preview(&mut self, draft: &SiteDraft, planned: &PlannedSite, differences: Vec<super::outlook::Difference>) {
        let number = planned.project_number;
        self.plan.outlook.rows.push(PreviewRow {
            sheet: draft.place.sheet.clone(),
            row: draft.place.row,
            change: planned.change,
            code: planned.code.clone(),
            name: planned.name.clone(),
            group: format!("{number} {}", self.title(number)),
            region: self.townships.name_of(&planned.region_code),
            position: Some([planned.position.lon(), planned.position.lat()]),
            differences,
        });
    }

    fn title(&self, number: i32) -> String {
        let known = self.facts.projects.iter().find(|project| project.number == number).map(|project| &project.title);
        known
            .or_else(|| self.plan.projects.iter().find(|project| project.number == number).map(|project| &project.title))
            .cloned()
            .unwrap_or_default()
    }

    /// The number of the row's project: by its own number, by its title, or the next one that is free.
    fn project(&mut self, draft: &SiteDraft) -> Option<i32> {
        let wanted = folded(&draft.project_title);
        let numbers = self.facts.projects.iter().map(|p| (p.number, &p.title)).chain(self.plan.projects.iter().map(|p| (p.number, &p.title)));
        let all: Vec<(i32, String)> = numbers.map(|(number, title)| (number, folded(title))).collect();
        let by_number = draft.project_number.and_then(|number| all.iter().find(|(known, _)| *known == number));
        let by_title = all.iter().find(|(_, title)| !wanted.is_empty() && *title == wanted);
        match (by_number, by_title) {
            (Some((number, title)), _) if wanted.is_empty() || *title == wanted => Some(*number),
            (Some((number, _)), _) => self.project_conflict(draft, *number),
            (None, Some((number, _))) if draft.project_number.is_none() => Some(*number),
            (None, Some((number, _))) => self.project_conflict(draft, *number),
            (None, None) => self.new_project(draft, &all),
        }
    }

    fn project_conflict(&mut self, draft: &SiteDraft, number: i32) -> Option<i32> {
        let title = self.title(number);
        self.plan.findings.push(draft.place.finding(Severity::Error, "project_differs", &draft.project_title).about(Meaning::ProjectTitle).say(
            format!("第 {number} 号项目是“{title}”，与本行的编号或名称不一致。请统一项目编号和名称。"),
            format!("Project {number} is \"{title}\", which does not agree with this row's number and title. Make them agree."),
        ));
        None
    }

    fn new_project(&mut self, draft: &SiteDraft, all: &[(i32, String)]) -> Option<i32> {
        if *self.scope != Scope::County {
            self.plan.findings.push(
                draft.place.finding(Severity::Error, "project_not_found", &draft.project_title).about(Meaning::ProjectTitle).say(
                    "县里没有这个项目。新项目由县人大常委会导入；请核对项目名称。",
                    "The county has no such project. New projects are imported by the county's committee; check the title.",
                ),
            );
            return None;
        }
        let next = all.iter().map(|(number, _)| *number).max().unwrap_or(0) + 1;
        let number = draft.project_number.unwrap_or(next);
        if draft.project_title.is_empty() || number > 999 {
            self.plan.findings.push(draft.place.finding(Severity::Error, "project_missing", &number.to_string()).about(Meaning::ProjectTitle).say(
                format!("{} 年没有第 {number} 号项目，本行也没有项目名称。请补填项目名称。", self.year),
                format!("There is no project {number} in {}, and the row names none. Fill in the title.", self.year),
            ));
            return None;
        }
        let lead = if draft.lead_unit.is_empty() { &draft.unit } else { &draft.lead_unit };
        let lead_unit = self.unit(lead);
        self.plan.projects.push(NewProject { number, title: draft.project_title.clone(), lead_unit });
        Some(number)
    }

    /// The unit as it is already called.
    fn unit(&mut self, name: &str) -> String {
        if let Some(known) = self.units.get(&folded(name)) {
            return known.clone();
        }
        self.units.insert(folded(name), name.to_owned());
        self.plan.units.push(name.to_owned());
        name.to_owned()
    }

    /// `{year}-{project:02}-{serial:03}`, counting on from the largest serial ever used in the project.
    fn next_code(&mut self, number: i32) -> String {
        let prefix = format!("{}-{number:02}-", self.year);
        let used = self.facts.sites.iter().filter_map(|site| site.code.strip_prefix(&prefix)?.parse::<u32>().ok()).max().unwrap_or(0);
        let serial = self.serials.entry(number).or_insert(used);
        *serial += 1;
        format!("{prefix}{serial:03}")
    }

    fn finish(mut self) -> SitesPlan {
        for region in &self.townships.made {
            self.plan.findings.push(Finding::note("township_made").with_value(&region.name).say(
                format!("“{}”还不在系统中，将新建，暂用代码 {}。以后导入镇街边界时会自动换成正式代码。", region.name, region.code),
                format!("\"{}\" is new and gets the provisional code {}; importing boundaries later replaces it.", region.name, region.code),
            ));
        }
        let mut named = HashSet::new();
        for unit in self.plan.units.iter().filter(|unit| named.insert((*unit).clone())) {
            self.plan.findings.push(
                Finding::note("unit_made")
                    .with_value(unit)
                    .say(format!("“{unit}”还不在系统中，将新建为承办单位。"), format!("\"{unit}\" is new and will be made as a unit.")),
            );
        }
        self.plan.regions = self.townships.made;
        self.plan
    }
}
