//! The published properties of each collection: name, kind, words in both languages, and where in memory the value lies.
//!
//! One row says all of it, so that features, queryables, filters and the API definition cannot disagree.

use chrono::{DateTime, NaiveDate, Utc};

use super::words;
use crate::live_map::{MappedCell, MappedRegion, ShownSite};
use crate::pages::Phrase;
use crate::stations::Station;

/// A value of one feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fact<'a> {
    Nothing,
    Text(&'a str),
    Flag(bool),
    Number(i64),
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

/// One of the words a property may hold, and what it means.
pub type Choice = (&'static str, Phrase);

/// What values a property has.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Text,
    Choice(&'static [Choice]),
    Flag,
    Number,
    Day,
    Instant,
}

/// A property as it is described.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    pub name: &'static str,
    pub kind: Kind,
    pub title: Phrase,
}

/// A property and how it is read from a thing of the map.
pub struct Column<T: 'static> {
    pub property: Property,
    pub read: for<'a> fn(&'a T) -> Fact<'a>,
}

const fn column<T>(name: &'static str, kind: Kind, zh: &'static str, en: &'static str, read: for<'a> fn(&'a T) -> Fact<'a>) -> Column<T> {
    Column { property: Property { name, kind, title: words(zh, en) }, read }
}

fn number(number: impl Into<i64>) -> Fact<'static> {
    Fact::Number(number.into())
}

fn day(day: Option<NaiveDate>) -> Fact<'static> {
    day.map_or(Fact::Nothing, Fact::Day)
}

const STAGES: &[Choice] =
    &[("not_started", words("未开始", "not started")), ("in_progress", words("进行中", "in progress")), ("completed", words("已完成", "completed"))];

const STATION_KINDS: &[Choice] = &[
    ("home", words("代表之家", "deputies' home")),
    ("station", words("联络站", "liaison station")),
    ("point", words("联络点", "liaison point")),
    ("window", words("便民服务窗", "service window")),
    ("post", words("履职岗", "duty post")),
    ("mobile", words("流动联络点", "mobile point")),
];

const LEVELS: &[Choice] = &[("county", words("县", "county")), ("township", words("镇街", "township"))];

/// Sites: everything that lists show of them.
pub const SITES: &[Column<ShownSite>] = &[
    column("code", Kind::Text, "点位编号", "Code of the site, stable for ever", |shown| Fact::Text(&shown.site.code)),
    column("name", Kind::Text, "点位名称", "Name", |shown| Fact::Text(&shown.site.name)),
    column("address", Kind::Text, "地址", "Address", |shown| Fact::Text(&shown.site.address)),
    column("project_id", Kind::Number, "项目标识", "Identifier of the project", |shown| number(shown.site.project.id.0)),
    column("project_number", Kind::Number, "项目编号", "Number of the project", |shown| number(shown.site.project.number)),
    column("project_title", Kind::Text, "项目名称", "Title of the project", |shown| Fact::Text(&shown.site.project.title)),
    column("region_code", Kind::Text, "区划代码", "Division code of the township", |shown| Fact::Text(&shown.site.region.code)),
    column("region_name", Kind::Text, "所在镇街", "Township", |shown| Fact::Text(&shown.site.region.name)),
    column("unit_id", Kind::Number, "责任单位标识", "Identifier of the undertaking unit", |shown| number(shown.site.unit.id)),
    column("unit_name", Kind::Text, "责任单位", "Undertaking unit", |shown| Fact::Text(&shown.site.unit.name)),
    column("stage", Kind::Choice(STAGES), "状态", "Stage: the colour of the pin", |shown| Fact::Text(shown.site.stage.as_str())),
    column("percent", Kind::Number, "进度（%）", "Progress in percent", |shown| number(shown.site.percent)),
    column("overdue", Kind::Flag, "逾期", "Work late: start or finish overdue", |shown| Fact::Flag(shown.marks.overdue())),
    column("start_overdue", Kind::Flag, "逾期未开工", "Still not started after the planned start", |shown| {
        Fact::Flag(shown.marks.start_overdue)
    }),
    column("finish_overdue", Kind::Flag, "逾期未完工", "Not completed after the planned finish", |shown| Fact::Flag(shown.marks.finish_overdue)),
    column("silent", Kind::Flag, "上月无反馈", "No standing report for the last closed month", |shown| Fact::Flag(shown.marks.silent)),
    column("stale", Kind::Flag, "未核实", "The last report is older than the county's rule", |shown| Fact::Flag(shown.marks.stale)),
    column("struck_off_on", Kind::Day, "销号日期", "Confirmed and closed by the committee on", |shown| day(shown.site.struck_off_on)),
    column("planned_start_on", Kind::Day, "计划开工", "Planned start", |shown| day(shown.site.planned_start_on)),
    column("planned_finish_on", Kind::Day, "计划完工", "Planned finish", |shown| day(shown.site.planned_finish_on)),
    column("last_report_at", Kind::Instant, "最近反馈时间", "Last standing report received", |shown| {
        shown.site.last_report_at.map_or(Fact::Nothing, Fact::Instant)
    }),
    column("rev", Kind::Number, "修订号", "Grows with every change of the site", |shown| number(shown.site.rev)),
];

/// Liaison stations, as published.
pub const STATIONS: &[Column<Station>] = &[
    column("code", Kind::Text, "编号", "Code", |station| Fact::Text(&station.code)),
    column("name", Kind::Text, "名称", "Name", |station| Fact::Text(&station.name)),
    column("kind", Kind::Choice(STATION_KINDS), "类型", "Kind", |station| Fact::Text(station.kind.as_str())),
    column("integrity_monitoring", Kind::Flag, "廉情监测点", "Carries an integrity-monitoring post", |station| {
        Fact::Flag(station.integrity_monitoring)
    }),
    column("region_code", Kind::Text, "区划代码", "Division code of the township", |station| Fact::Text(&station.region.code)),
    column("region_name", Kind::Text, "所在镇街", "Township", |station| Fact::Text(&station.region.name)),
    column("address", Kind::Text, "地址", "Address", |station| Fact::Text(&station.address)),
    column("telephone", Kind::Text, "联系电话", "The station's own telephone", |station| Fact::Text(&station.telephone)),
    column("opening_hours", Kind::Text, "开放时间", "Opening hours", |station| Fact::Text(&station.opening_hours)),
];

/// Grid cells of social governance.
pub const GRID_CELLS: &[Column<MappedCell>] = &[
    column("code", Kind::Text, "网格编码", "Code", |cell| Fact::Text(&cell.code)),
    column("name", Kind::Text, "网格名称", "Name", |cell| Fact::Text(&cell.name)),
    column("region_code", Kind::Text, "区划代码", "Division code of the township", |cell| Fact::Text(&cell.region.code)),
    column("region_name", Kind::Text, "所在镇街", "Township", |cell| Fact::Text(&cell.region.name)),
];

/// The county and its townships.
pub const REGIONS: &[Column<MappedRegion>] = &[
    column("code", Kind::Text, "区划代码", "Division code (GB/T 2260 and the statistical code)", |region| Fact::Text(&region.code)),
    column("name", Kind::Text, "名称", "Name", |region| Fact::Text(&region.name)),
    column("level", Kind::Choice(LEVELS), "级别", "Level", |region| Fact::Text(if region.is_township() { "township" } else { "county" })),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::sites::Stage;

    fn names<T>(columns: &[Column<T>]) -> Vec<&'static str> {
        columns.iter().map(|column| column.property.name).collect()
    }

    #[test]
    fn no_property_is_named_twice_or_like_a_parameter_of_the_standard() {
        for names in [names(SITES), names(STATIONS), names(GRID_CELLS), names(REGIONS)] {
            let distinct: BTreeSet<_> = names.iter().collect();
            assert_eq!(distinct.len(), names.len(), "{names:?}");
            for reserved in ["f", "limit", "bbox", "datetime", "cursor", "crs", "filter", "geometry"] {
                assert!(!names.contains(&reserved), "{reserved}");
            }
        }
    }

    #[test]
    fn the_stages_that_may_be_asked_for_are_those_that_there_are() {
        assert_eq!(STAGES.iter().map(|(word, _)| *word).collect::<Vec<_>>(), Stage::ALL.map(Stage::as_str));
    }
}
