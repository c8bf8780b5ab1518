//! What a column means, told from its header in the words offices use, and where in a sheet the header stands.
//!
//! A header is compared without blanks, punctuation and remarks in brackets. The English words are those of this service's own exports, so
//! that an exported file can be brought in again.

use serde::{Deserialize, Serialize};

use super::table::{Row, Sheet, column_letters};
use super::words::{folded, narrow};

/// What the cells of a column say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// A running number: the project's or the row's, which only the whole column can tell.
    Serial,
    ProjectNumber,
    ProjectTitle,
    LeadUnit,
    Code,
    Name,
    Township,
    Address,
    Longitude,
    Latitude,
    Position,
    Unit,
    PlannedStart,
    PlannedFinish,
    Stage,
    Percent,
    Quota,
    PeopleServed,
    Remarks,
    Kind,
    IntegrityMonitoring,
    Telephone,
    OpeningHours,
    Phone,
    Level,
    Constituency,
    Group,
    Station,
    AdoptedSites,
}

/// The headers that one kind of file is known to have.
pub type Vocabulary = [(Meaning, &'static [&'static str])];

const TOWNSHIP: &[&str] = &[
    "所在镇街",
    "镇街",
    "所属镇街",
    "乡镇",
    "乡镇街道",
    "镇乡街道",
    "镇街道",
    "所在乡镇",
    "所属乡镇",
    "街道",
    "镇",
    "所在地区",
    "属地",
    "所属区域",
    "行政区划",
    "所在区域",
    "township",
    "region",
    "regionname",
];
const ADDRESS: &[&str] = &["建设地点", "地址", "详细地址", "项目地点", "实施地点", "建设地址", "地点", "所在位置", "站址", "address"];
/// Headers given to the two coordinates of a GeoJSON point.
pub const LONGITUDE_HEADER: &str = "经度";
pub const LATITUDE_HEADER: &str = "纬度";

const LONGITUDE: &[&str] = &["经度", "东经", "x坐标", "坐标x", "x", "lon", "lng", "longitude"];
const LATITUDE: &[&str] = &["纬度", "北纬", "y坐标", "坐标y", "y", "lat", "latitude"];
const POSITION: &[&str] =
    &["经纬度", "坐标", "经纬度坐标", "地理坐标", "位置坐标", "点位坐标", "坐标位置", "地理位置", "定位", "position", "coordinates"];
const REMARKS: &[&str] = &["备注", "说明", "备注说明", "存在问题", "进展情况", "remarks"];

/// Headers of a progress table of livelihood projects.
pub const SITES: &Vocabulary = &[
    (Meaning::Serial, &["序号", "编号", "no"]),
    (Meaning::ProjectNumber, &["项目序号", "项目编号", "项目号", "民生实事序号", "projectnumber"]),
    (
        Meaning::ProjectTitle,
        &["项目名称", "民生实事项目", "民生实事项目名称", "项目", "实事项目", "实事项目名称", "项目内容", "projecttitle", "project"],
    ),
    (Meaning::LeadUnit, &["牵头单位", "牵头部门", "主管单位", "主管部门", "牵头责任单位", "leadunit"]),
    (
        Meaning::Name,
        &[
            "点位名称",
            "点位",
            "项目点位",
            "子项目名称",
            "子项目",
            "建设项目",
            "具体项目",
            "实施点位",
            "建设点位",
            "工程名称",
            "名称",
            "name",
            "sitename",
        ],
    ),
    (Meaning::Township, TOWNSHIP),
    (Meaning::Address, ADDRESS),
    (Meaning::Longitude, LONGITUDE),
    (Meaning::Latitude, LATITUDE),
    (Meaning::Position, POSITION),
    (
        Meaning::Unit,
        &["责任单位", "承办单位", "实施单位", "建设单位", "责任部门", "业主单位", "实施主体", "责任主体", "落实单位", "unit", "unitname"],
    ),
    (
        Meaning::PlannedStart,
        &[
            "计划开工",
            "开工时间",
            "计划开工时间",
            "开工日期",
            "计划开工日期",
            "开始时间",
            "计划开始时间",
            "启动时间",
            "开工",
            "plannedstarton",
            "plannedstart",
        ],
    ),
    (
        Meaning::PlannedFinish,
        &[
            "计划完工",
            "完成时限",
            "完工时间",
            "计划完工时间",
            "计划完成时间",
            "完成时间",
            "竣工时间",
            "计划竣工时间",
            "完工日期",
            "计划完成日期",
            "计划完工日期",
            "结束时间",
            "完成期限",
            "完工",
            "竣工",
            "plannedfinishon",
            "plannedfinish",
        ],
    ),
    (Meaning::Stage, &["当前状态", "状态", "项目状态", "建设状态", "目前状态", "进展状态", "项目进展", "形象进度", "工程状态", "stage", "status"]),
    (Meaning::Percent, &["当前进度", "进度", "完成率", "完成进度", "完成比例", "工程进度", "目前进度", "完成百分比", "percent", "progress"]),
    (Meaning::Quota, &["建设规模", "任务数", "目标任务", "建设内容", "年度目标", "指标", "quota"]),
    (Meaning::PeopleServed, &["受益人数", "受益人口", "服务人数", "惠及人数", "peopleserved"]),
    (Meaning::Remarks, REMARKS),
];

/// Headers of a list of liaison stations.
pub const STATIONS: &Vocabulary = &[
    (Meaning::Serial, &["序号", "no"]),
    (Meaning::Code, &["站点编号", "联络站编号", "编号", "编码", "代码", "code"]),
    (Meaning::Name, &["站点名称", "联络站名称", "联络站", "名称", "联络点名称", "阵地名称", "name"]),
    (Meaning::Kind, &["类型", "类别", "站点类型", "阵地类型", "种类", "kind"]),
    (Meaning::IntegrityMonitoring, &["廉情监测点", "廉情监测", "是否廉情监测点", "integritymonitoring"]),
    (Meaning::Township, TOWNSHIP),
    (Meaning::Address, ADDRESS),
    (Meaning::Telephone, &["电话", "联系电话", "联系方式", "telephone"]),
    (Meaning::OpeningHours, &["开放时间", "接待时间", "服务时间", "openinghours"]),
    (Meaning::Longitude, LONGITUDE),
    (Meaning::Latitude, LATITUDE),
    (Meaning::Position, POSITION),
];

/// Headers of a roll of deputies.
pub const DEPUTIES: &Vocabulary = &[
    (Meaning::Serial, &["序号", "no"]),
    (Meaning::Name, &["姓名", "代表姓名", "代表", "name"]),
    (Meaning::Phone, &["手机", "手机号", "手机号码", "联系电话", "电话", "移动电话", "联系方式", "phone"]),
    (Meaning::Level, &["代表层级", "层级", "级别", "代表级别", "代表类别", "level"]),
    (Meaning::Constituency, &["选区", "所在选区", "选举单位", "代表团", "constituency"]),
    (Meaning::Group, &["代表小组", "所在小组", "小组", "group"]),
    (Meaning::Station, &["联络站", "所属联络站", "进驻联络站", "代表联络站", "station"]),
    (Meaning::Township, TOWNSHIP),
    (Meaning::AdoptedSites, &["领办点位", "领办项目", "领办", "领办项目点位", "督办点位", "认领点位", "adoptedsites"]),
];

/// The columns of one sheet, by the header that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// Header text of each column, as written.
    headers: Vec<String>,
    meanings: Vec<Option<Meaning>>,
}

impl Columns {
    pub fn find(&self, meaning: Meaning) -> Option<usize> {
        self.meanings.iter().position(|found| *found == Some(meaning))
    }

    pub fn has(&self, meaning: Meaning) -> bool {
        self.find(meaning).is_some()
    }

    /// Letter and header, such as `E 经度`.
    pub fn label(&self, column: usize) -> String {
        let header = self.headers.get(column).map_or("", String::as_str);
        format!("{} {header}", column_letters(column)).trim_end().to_owned()
    }

    /// Every column with a header and what it was taken for.
    pub fn all(&self) -> impl Iterator<Item = (usize, &str, Option<Meaning>)> {
        self.headers.iter().zip(&self.meanings).enumerate().filter(|(_, (header, _))| !header.is_empty()).map(|(at, (h, m))| (at, h.as_str(), *m))
    }

    /// True when the row says the header again, as tables printed over several pages do.
    pub fn is_said_again_by(&self, row: &Row) -> bool {
        let known: Vec<usize> = (0..self.meanings.len()).filter(|&column| self.meanings[column].is_some()).collect();
        let same = known.iter().filter(|&&column| folded(&row.cell(column).text()) == folded(&self.headers[column])).count();
        same * 3 >= known.len() * 2
    }

    fn score(&self) -> usize {
        self.meanings.iter().flatten().count()
    }
}

/// How many rows with content may stand above the header.
const ROWS_SEARCHED: usize = 10;

/// Index of the header row and its columns: among the first ten rows the one in which most columns are understood, at least two.
pub fn find_header(sheet: &Sheet, vocabulary: &Vocabulary) -> Option<(usize, Columns)> {
    let candidates = sheet.rows.iter().take(ROWS_SEARCHED).enumerate().map(|(index, row)| (index, columns_of(row, vocabulary)));
    let (index, columns) = candidates.rev().max_by_key(|(_, columns)| columns.score())?;
    (columns.score() >= 2).then_some((index, columns))
}

fn columns_of(row: &Row, vocabulary: &Vocabulary) -> Columns {
    let headers: Vec<String> = row.cells.iter().map(|cell| cell.text().replace(['\n', '\r'], "")).collect();
    let mut meanings: Vec<Option<Meaning>> = vec![None; headers.len()];
    // Exact words first: 项目名称 must not lose to a column that only ends like it.
    for exact in [true, false] {
        for (column, header) in headers.iter().enumerate() {
            if meanings[column].is_none()
                && let Some(meaning) = meaning_of(header, vocabulary, exact)
                && !meanings.contains(&Some(meaning))
            {
                meanings[column] = Some(meaning);
            }
        }
    }
    Columns { headers, meanings }
}

fn meaning_of(header: &str, vocabulary: &Vocabulary, exact: bool) -> Option<Meaning> {
    let word = folded(&without_brackets(&narrow(header)));
    if word.is_empty() || word.chars().count() > 20 {
        return None;
    }
    let known = vocabulary.iter().flat_map(|(meaning, synonyms)| synonyms.iter().map(move |synonym| (*meaning, *synonym)));
    if exact {
        return known.into_iter().find(|(_, synonym)| word == *synonym).map(|(meaning, _)| meaning);
    }
    let endings = known.filter(|(_, synonym)| synonym.chars().count() >= 3 && word.ends_with(synonym));
    endings.max_by_key(|(_, synonym)| synonym.len()).map(|(meaning, _)| meaning)
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| match c {
            '(' | '[' | '【' | '（' => {
                depth += 1;
                false
            }
            ')' | ']' | '】' | '）' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::table::Cell;
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
        let rows = rows.iter().zip(1..).map(|(cells, number)| Row { number, cells: cells.iter().map(cell).collect(), merged_across: 0 });
        Sheet { name: "点位".to_owned(), rows: rows.collect() }
    }

    #[test]
    fn a_title_above_the_header_is_passed_over() {
        let sheet = sheet(&[
            &["苍南县2022年民生实事项目进展情况表"],
            &["", "填报日期：2022年10月31日"],
            &["序号", "项目名称", "点位名称", "所在镇街", "经纬度", "牵头单位"],
            &["1", "卫生院", "甲", "灵溪镇", "120.4,27.5", "县卫健局"],
        ]);
        let (index, columns) = find_header(&sheet, SITES).expect("a header");
        assert_eq!(index, 2);
        assert_eq!(columns.find(Meaning::Position), Some(4));
        assert_eq!(columns.label(4), "E 经纬度");
    }

    #[test]
    fn headers_are_understood_in_the_words_of_offices() {
        let row = [
            "序 号",
            "民生实事项目",
            "子项目名称",
            "建设地点",
            "开工时间（年月）",
            "完成时限*",
            "工程进度(%)",
            "目前建设状态",
            "X坐标",
            "2022年牵头单位",
            "随便",
        ];
        let columns = columns_of(&sheet(&[&row]).rows[0], SITES);
        let expected = [
            Meaning::Serial,
            Meaning::ProjectTitle,
            Meaning::Name,
            Meaning::Address,
            Meaning::PlannedStart,
            Meaning::PlannedFinish,
            Meaning::Percent,
            Meaning::Stage,
            Meaning::Longitude,
            Meaning::LeadUnit,
        ];
        for (column, meaning) in expected.into_iter().enumerate() {
            assert_eq!(columns.find(meaning), Some(column), "{}", row[column]);
        }
        assert_eq!(columns.all().filter(|(_, _, meaning)| meaning.is_none()).count(), 1);
    }

    #[test]
    fn a_sheet_without_a_header_has_none() {
        assert!(find_header(&sheet(&[&["1", "2", "3"], &["甲", "乙"]]), SITES).is_none());
        assert!(find_header(&sheet(&[]), SITES).is_none());
    }

    #[test]
    fn a_header_printed_again_is_recognised() {
        let sheet = sheet(&[&["序号", "点位名称", "经度", "纬度"], &["1", "甲", "120", "27"], &["序号", "点位名称", "经度", "纬度"]]);
        let (_, columns) = find_header(&sheet, SITES).expect("a header");
        assert!(columns.is_said_again_by(&sheet.rows[2]) && !columns.is_said_again_by(&sheet.rows[1]));
    }
}
