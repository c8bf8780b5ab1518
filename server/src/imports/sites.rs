//! Rows of a progress table → sites as the file describes them. Pure: what the county already knows is the plan's business.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use geodata::datum::Datum;
use serde::{Deserialize, Serialize};

use super::dates::{self, Edge};
use super::finding::{Finding, Severity};
use super::headers::{Meaning, SITES};
use super::positions::{self, Positioned};
use super::records::{ColumnUse, Place, Record, Records};
use super::table::Sheet;
use super::words::{self, PercentScale};
use crate::sites::Stage;

/// One site as the file describes it. Empty text and None mean that the file says nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteDraft {
    pub place: Place,
    pub project_number: Option<i32>,
    pub project_title: String,
    pub lead_unit: String,
    pub name: String,
    pub township: String,
    pub address: String,
    pub positioned: Positioned,
    pub unit: String,
    pub planned_start_on: Option<NaiveDate>,
    pub planned_finish_on: Option<NaiveDate>,
    pub stage: Option<Stage>,
    pub percent: Option<u8>,
    pub quota: String,
    pub people_served: Option<i32>,
    pub remarks: String,
}

/// What a file was read as.
#[derive(Clone, Debug)]
pub struct Reading<D> {
    pub drafts: Vec<D>,
    pub findings: Vec<Finding>,
    pub columns: Vec<ColumnUse>,
}

/// How the rows say which project they belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    /// The running number is the project's.
    Project,
    /// The running number counts rows and says nothing.
    Rows,
}

/// Reads every sheet. `year` is the projects' year.
pub fn read(sheets: &[Sheet], datum: Datum, year: i32) -> Reading<SiteDraft> {
    let needed: &[(&[Meaning], &str)] = &[
        (&[Meaning::ProjectTitle, Meaning::ProjectNumber], "项目名称"),
        (&[Meaning::Name], "点位名称"),
        (&[Meaning::Longitude, Meaning::Position], "经度和纬度（或坐标）"),
        (&[Meaning::Unit, Meaning::LeadUnit], "责任单位"),
    ];
    let mut records = Records::of(sheets, SITES, needed);
    let mut findings = std::mem::take(&mut records.findings);
    let rows = records.rows(&[Meaning::Name], &mut findings);
    let reader = Reader {
        datum,
        year,
        numbering: numbering(&rows, &mut findings),
        scale: words::percent_scale(rows.iter().map(|record| record.cell(Meaning::Percent))),
    };
    let mut drafts: Vec<SiteDraft> = Vec::new();
    let mut above = Above::default();
    for record in &rows {
        above.carry(record, &reader, &mut findings);
        drafts.extend(reader.draft(record, &above, &mut findings));
    }
    Reading { drafts, findings, columns: records.uses }
}

/// 序号 counts rows when it runs 1, 2, 3 (perhaps anew in each part) across titles that do not go with it; otherwise it is the project's
/// number, and a number with two titles is a fault to be shown.
fn numbering(rows: &[Record<'_>], findings: &mut Vec<Finding>) -> Numbering {
    let pairs: Vec<(i32, String)> = rows
        .iter()
        .filter_map(|record| {
            let title = words::folded(&record.text(Meaning::ProjectTitle));
            words::whole_number(record.cell(Meaning::Serial)).filter(|_| !title.is_empty()).map(|number| (number, title))
        })
        .collect();
    let mut by_number = HashMap::new();
    let mut by_title = HashMap::new();
    let goes_with_title =
        pairs.iter().all(|(number, title)| *by_number.entry(number).or_insert(title) == title && *by_title.entry(title).or_insert(number) == number);
    let counts_up = pairs.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1 || (pair[1].0 == 1 && pair[0].0 > 1));
    if goes_with_title || !counts_up {
        return Numbering::Project;
    }
    if let Some(record) = rows.first() {
        findings.push(record.finding(Severity::Note, "serial_ignored", Meaning::Serial).say(
            "“序号”是行号而不是项目编号，没有用作项目编号；项目按名称识别。",
            "The running numbers count rows, not projects, and were not used; projects are told by their titles.",
        ));
    }
    Numbering::Rows
}

/// What a row takes over from the rows above it when its own cells are blank, as in a table whose merged cells were lost.
#[derive(Default)]
struct Above {
    sheet: String,
    number: Option<i32>,
    title: String,
    lead_unit: String,
    unit: String,
}

impl Above {
    fn carry(&mut self, record: &Record<'_>, reader: &Reader, findings: &mut Vec<Finding>) {
        if self.sheet != record.sheet {
            *self = Self { sheet: record.sheet.to_owned(), ..Self::default() };
        }
        let title = record.text(Meaning::ProjectTitle);
        let number = reader.project_number(record);
        if title.is_empty() && (number.is_none() || number == self.number) {
            if !self.title.is_empty() {
                findings.push(record.finding(Severity::Note, "project_carried_down", Meaning::ProjectTitle).say(
                    format!("本行没有项目名称，沿用上一行的“{}”。", self.title),
                    format!("The row names no project; taken over from the row above: {}.", self.title),
                ));
            }
        } else {
            let same = words::folded(&title) == words::folded(&self.title);
            let (lead_unit, unit) = if same { (std::mem::take(&mut self.lead_unit), std::mem::take(&mut self.unit)) } else { Default::default() };
            *self = Self { sheet: record.sheet.to_owned(), number, title, lead_unit, unit };
        }
        for (meaning, kept) in [(Meaning::LeadUnit, &mut self.lead_unit), (Meaning::Unit, &mut self.unit)] {
            let text = record.text(meaning);
            if !text.is_empty() {
                *kept = text;
            }
        }
    }
}

struct Reader {
    datum: Datum,
    year: i32,
    numbering: Numbering,
    scale: PercentScale,
}

impl Reader {
    fn project_number(&self, record: &Record<'_>) -> Option<i32> {
        let explicit = words::whole_number(record.cell(Meaning::ProjectNumber));
        explicit.or_else(|| (self.numbering == Numbering::Project).then(|| words::whole_number(record.cell(Meaning::Serial))).flatten())
    }

    fn draft(&self, record: &Record<'_>, above: &Above, findings: &mut Vec<Finding>) -> Option<SiteDraft> {
        let before = findings.iter().filter(|finding| finding.is_error()).count();
        let name = record.required(Meaning::Name, ("点位名称", "site name"), 200, findings);
        let positioned = positions::read(record, self.datum, findings);
        let unit = self.unit(record, above, findings);
        let (planned_start_on, planned_finish_on) = self.dates(record, findings);
        let (stage, percent) = self.progress(record, findings);
        let text = |meaning, what, most, findings: &mut Vec<Finding>| record.optional(meaning, what, most, findings).unwrap_or_default();
        let draft = SiteDraft {
            place: record.place(),
            project_number: self.checked_number(record, above, findings),
            project_title: above.title.clone(),
            lead_unit: above.lead_unit.clone(),
            name: name.unwrap_or_default(),
            township: text(Meaning::Township, ("镇街", "township"), 100, findings),
            address: text(Meaning::Address, ("地址", "address"), 300, findings),
            unit: unit.unwrap_or_default(),
            planned_start_on,
            planned_finish_on,
            stage,
            percent,
            quota: text(Meaning::Quota, ("建设规模", "quota"), 200, findings),
            people_served: people_served(record, findings),
            remarks: text(Meaning::Remarks, ("备注", "remarks"), 2000, findings),
            positioned: positioned?,
        };
        (findings.iter().filter(|finding| finding.is_error()).count() == before).then_some(draft)
    }

    fn checked_number(&self, record: &Record<'_>, above: &Above, findings: &mut Vec<Finding>) -> Option<i32> {
        if above.title.is_empty() && above.number.is_none() {
            findings.push(
                record
                    .error("project_missing", Meaning::ProjectTitle)
                    .say("本行没有项目名称，上面也没有可以沿用的。请补填。", "The row names no project and there is none above it. Fill it in."),
            );
        }
        if above.title.chars().count() > 200 {
            findings.push(
                record
                    .error("text_too_long", Meaning::ProjectTitle)
                    .say("项目名称超过 200 个字。请缩短。", "The title is longer than 200 characters. Shorten it."),
            );
        }
        if let Some(number) = above.number
            && !(1..=999).contains(&number)
        {
            findings.push(
                record
                    .error("project_number_outside", Meaning::Serial)
                    .say("项目编号应在 1 到 999 之间。请改正。", "A project's number lies between 1 and 999. Mend it."),
            );
        }
        above.number
    }

    fn unit(&self, record: &Record<'_>, above: &Above, findings: &mut Vec<Finding>) -> Option<String> {
        let unit = [&above.unit, &above.lead_unit].into_iter().find(|unit| !unit.is_empty());
        let meaning = if record.columns.has(Meaning::Unit) { Meaning::Unit } else { Meaning::LeadUnit };
        match unit {
            Some(unit) if unit.chars().count() <= 100 && above.lead_unit.chars().count() <= 100 => Some(unit.clone()),
            Some(_) => {
                findings.push(
                    record
                        .error("text_too_long", meaning)
                        .say("单位名称超过 100 个字。请缩短。", "The unit's name is longer than 100 characters. Shorten it."),
                );
                None
            }
            None => {
                findings.push(record.error("unit_missing", meaning).say("没有责任单位。请补填。", "There is no responsible unit. Fill it in."));
                None
            }
        }
    }

    fn dates(&self, record: &Record<'_>, findings: &mut Vec<Finding>) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let start = self.date(record, Meaning::PlannedStart, Edge::Start, findings);
        let finish = self.date(record, Meaning::PlannedFinish, Edge::Finish, findings);
        if start > finish && finish.is_some() {
            findings.push(record.error("dates_reversed", Meaning::PlannedFinish).say(
                format!("计划完工 {} 早于计划开工 {}。请改正。", finish.unwrap_or_default(), start.unwrap_or_default()),
                format!("The planned finish {} lies before the planned start {}. Mend it.", finish.unwrap_or_default(), start.unwrap_or_default()),
            ));
        }
        (start, finish)
    }

    fn date(&self, record: &Record<'_>, meaning: Meaning, edge: Edge, findings: &mut Vec<Finding>) -> Option<NaiveDate> {
        let Ok(read) = dates::date(record.cell(meaning), edge, self.year) else {
            findings.push(record.error("date_unreadable", meaning).say(
                "日期无法识别。请写成“2022-03-01”“2022年3月”或“2022年底前”的样子；没有日期就留空。",
                "The date cannot be read. Write it like 2022-03-01, 2022年3月 or 2022年底前, or leave it empty.",
            ));
            return None;
        };
        let read = read?;
        if read.doubtful {
            findings.push(record.finding(Severity::Warning, "date_doubtful", meaning).say(
                format!("“{}”可能是 1 月，也可能是 10 月（表格会丢掉末尾的 0），已按 {} 读取。请核对。", record.text(meaning), read.date),
                format!("This may be January, or October whose zero was lost; read as {}. Check it.", read.date),
            ));
        }
        if (read.date.year() - self.year).abs() > 2 {
            findings.push(record.finding(Severity::Warning, "date_far_from_year", meaning).say(
                format!("日期 {} 与项目年度 {} 相差两年以上。请核对。", read.date, self.year),
                format!("The date {} is more than two years from the projects' year {}. Check it.", read.date, self.year),
            ));
        }
        Some(read.date)
    }

    fn progress(&self, record: &Record<'_>, findings: &mut Vec<Finding>) -> (Option<Stage>, Option<u8>) {
        let words_of_stage = record.text(Meaning::Stage);
        let stage = words::stage(&words_of_stage);
        if stage.is_none() && !words::says_nothing(&words_of_stage) {
            findings.push(
                record
                    .error("stage_unknown", Meaning::Stage)
                    .say("看不懂这个状态。请写“未开始”“进行中”或“已完成”。", "This stage is not understood. Write 未开始, 进行中 or 已完成."),
            );
        }
        let percent = match words::percent(record.cell(Meaning::Percent), self.scale) {
            Ok(read) => read,
            Err(()) => {
                findings.push(
                    record
                        .error("percent_unreadable", Meaning::Percent)
                        .say("进度应是 0 到 100 之间的百分数，如 80%。请改正。", "Progress is a percentage between 0 and 100, such as 80%. Mend it."),
                );
                return (stage, None);
            }
        };
        if let Some(doubtful) = percent.filter(|read| read.doubtful) {
            findings.push(record.finding(Severity::Warning, "percent_doubtful", Meaning::Percent).say(
                format!("同一列里既有小数又有大于 1 的数，已按 {}% 读取。请核对。", doubtful.percent),
                format!("The column mixes fractions with larger numbers; read as {}%. Check it.", doubtful.percent),
            ));
        }
        let percent = percent.map(|read| read.percent);
        settle(record, stage, percent, findings)
    }
}

/// Completes the stage from the percentage and the other way round, and says when they disagree.
fn settle(record: &Record<'_>, stage: Option<Stage>, percent: Option<u8>, findings: &mut Vec<Finding>) -> (Option<Stage>, Option<u8>) {
    let implied = percent.map(|percent| match percent {
        0 => Stage::NotStarted,
        100 => Stage::Completed,
        _ => Stage::InProgress,
    });
    let (Some(stage), Some(number)) = (stage, percent) else {
        return (stage.or(implied), percent.or(stage.map(|stage| if stage == Stage::Completed { 100 } else { 0 })));
    };
    let agree = match stage {
        Stage::NotStarted => number == 0,
        Stage::InProgress => number < 100,
        Stage::Completed => number == 100,
    };
    if !agree {
        findings.push(record.finding(Severity::Warning, "stage_and_percent_disagree", Meaning::Stage).say(
            format!("状态与进度 {number}% 不一致，以状态为准。请核对。"),
            format!("The stage does not agree with {number}%; the stage is taken. Check it."),
        ));
    }
    (Some(stage), Some(number))
}

fn people_served(record: &Record<'_>, findings: &mut Vec<Finding>) -> Option<i32> {
    let cell = record.cell(Meaning::PeopleServed);
    if words::says_nothing(&cell.text()) {
        return None;
    }
    let number = words::whole_number(cell);
    if number.is_none() {
        findings.push(
            record
                .finding(Severity::Warning, "people_unreadable", Meaning::PeopleServed)
                .say("受益人数不是数字，没有采用。", "The number of people served is no number and was left out."),
        );
    }
    number
}

#[cfg(test)]
mod tests {
    use super::super::delimited;
    use super::*;

    fn numbers(rows: &[(&str, &str)]) -> Vec<Option<i32>> {
        let rows: Vec<String> = rows.iter().zip(1..).map(|((serial, title), row)| format!("{serial},{title},点{row},120.1,30.2,甲局")).collect();
        let text = format!("序号,项目名称,点位名称,经度,纬度,责任单位\n{}", rows.join("\n"));
        let sheet = delimited::read(text.as_bytes()).expect("a table");
        read(&[sheet], Datum::Wgs84, 2022).drafts.iter().map(|draft| draft.project_number).collect()
    }

    #[test]
    fn a_running_number_is_the_projects_unless_it_only_counts_rows() {
        assert_eq!(numbers(&[("1", "甲"), ("4", "乙"), ("4", "乙")]), [Some(1), Some(4), Some(4)]);
        assert_eq!(numbers(&[("1", "甲"), ("2", "乙"), ("3", "丙")]), [Some(1), Some(2), Some(3)]);
        assert_eq!(numbers(&[("1", "甲"), ("2", "甲"), ("3", "乙")]), [None, None, None]);
        assert_eq!(numbers(&[("1", "甲"), ("2", "甲"), ("1", "乙"), ("2", "乙")]), [None, None, None, None]);
        assert_eq!(numbers(&[("1", "甲"), ("1", "乙")]), [Some(1), Some(1)], "a number with two titles is shown as a fault later");
    }

    #[test]
    fn cells_lost_from_a_merge_are_taken_from_above() {
        let text = "项目名称,点位名称,经度,纬度,责任单位\n卫生院,甲院,120.1,30.2,卫健局\n,乙院,120.2,30.2,\n敬老院,丙院,120.3,30.2,民政局";
        let reading = read(&[delimited::read(text.as_bytes()).expect("a table")], Datum::Wgs84, 2022);
        let said: Vec<(&str, &str)> = reading.drafts.iter().map(|draft| (draft.project_title.as_str(), draft.unit.as_str())).collect();
        assert_eq!(said, [("卫生院", "卫健局"), ("卫生院", "卫健局"), ("敬老院", "民政局")]);
        assert_eq!(reading.findings.iter().filter(|finding| finding.code == "project_carried_down").count(), 1);
    }
}
