//! The columns of open data: what each is called, what it says and how it is written. Exports, and the dictionary that people read, are made
//! from these tables.

use super::model::Dataset;

/// How a column's values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    /// `not_started`, `in_progress`, `completed`; in tables their Chinese words.
    Stage,
    /// `home`, `station`, `point`, `window`, `post`, `mobile`; in tables their Chinese words.
    StationKind,
    /// `provisional` or `final`; in tables their Chinese words.
    MonthState,
    /// `telephone`, `paper` or `in_person`; in tables their Chinese words; empty for what the deputy sent.
    CameBy,
    /// A whole number.
    Whole,
    /// Degrees, WGS-84.
    Degrees,
    /// 0 to 100; in tables with `%`.
    Percent,
    /// `2026-10-28`.
    Date,
    /// RFC 3339 with the county's offset.
    Moment,
    /// `2026-10`.
    Month,
    /// `true` or `false`; in tables 是 or 否.
    Answer,
}

/// A column: its name in GeoJSON, its header for people, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub key: &'static str,
    pub header: &'static str,
    pub kind: ColumnKind,
    pub meaning_zh: &'static str,
    pub meaning_en: &'static str,
}

impl Dataset {
    /// The published columns, in order. Those of sites and stations carry headers that imports understand.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Sites => SITES,
            Self::Stations => STATIONS,
            Self::GridCells => GRID_CELLS,
            Self::Reports => REPORTS,
            Self::SitesOf(_) => SITES_OF_A_MONTH,
        }
    }
}

macro_rules! columns {
    ($($key:literal $header:literal $kind:ident $zh:literal $en:literal;)*) => {
        &[$(Column { key: $key, header: $header, kind: ColumnKind::$kind, meaning_zh: $zh, meaning_en: $en },)*]
    };
}

const SITES: &[Column] = columns! {
    "code" "点位编号" Text "点位的公开编号，永不改变" "Public code of the site; never changes";
    "name" "点位名称" Text "点位叫什么" "What the site is called";
    "project_number" "项目编号" Whole "所属民生实事项目当年的序号" "Number of its livelihood project in its year";
    "project_title" "项目名称" Text "所属民生实事项目" "Its livelihood project";
    "lead_unit" "牵头单位" Text "项目的牵头单位" "The unit that leads the project";
    "unit" "责任单位" Text "负责办好这处点位的单位" "The unit that has to do the work at the site";
    "township" "所在镇街" Text "所在乡镇或街道" "Township in which it lies";
    "region_code" "区划代码" Text "所在地的行政区划代码（GB/T 2260 及统计用代码）" "Division code of the place (GB/T 2260 and its statistical extension)";
    "address" "地址" Text "地址，没有时为空" "Address; empty when there is none";
    "lon" "经度" Degrees "点位的经度" "Longitude of the site";
    "lat" "纬度" Degrees "点位的纬度" "Latitude of the site";
    "stage" "当前状态" Stage "现在的状态，也就是地图上的颜色：未开始红、进行中黄、已完成蓝" "How far it has come, and the colour on the map: not started red, in progress yellow, completed blue";
    "percent" "当前进度" Percent "最近一份有效反馈所报的进度" "Progress as the latest standing report has it";
    "planned_start_on" "计划开工" Date "现行的计划开工日期，未定时为空" "Planned start as it stands; empty when not set";
    "planned_finish_on" "计划完工" Date "现行的计划完工日期，未定时为空" "Planned finish as it stands; empty when not set";
    "struck_off_on" "销号日期" Date "人大确认办好并结案的日期，未销号时为空" "When the congress confirmed and closed it; empty before";
    "last_report_at" "最近反馈时间" Moment "收到最近一份有效督查反馈的时间" "When the latest standing report was received";
    "quota" "建设规模" Text "要建什么、建多少" "What is to be built, and how much of it";
    "people_served" "受益人数" Whole "预计受益的人数（人）" "People who are to profit from it";
    "remarks" "备注" Text "补充说明" "Further remarks";
};

/// What is needed to count a month's figures again: one row for each site that was on its map.
const SITES_OF_A_MONTH: &[Column] = columns! {
    "month" "报告月" Month "哪个月月末的地图" "The month at whose close the map was taken";
    "state" "定稿情况" MonthState "暂定的还会计入宽限期内的补报，定稿的永不再改" "A provisional map still takes in late reports of the days of grace; a final one never changes";
    "code" "点位编号" Text "点位的公开编号，永不改变" "Public code of the site; never changes";
    "name" "点位名称" Text "点位叫什么" "What the site is called";
    "project_number" "项目编号" Whole "所属民生实事项目当年的序号" "Number of its livelihood project in its year";
    "project_title" "项目名称" Text "所属民生实事项目" "Its livelihood project";
    "unit" "责任单位" Text "负责办好这处点位的单位" "The unit that has to do the work at the site";
    "township" "所在镇街" Text "所在乡镇或街道" "Township in which it lies";
    "region_code" "区划代码" Text "所在地的行政区划代码" "Division code of the place";
    "lon" "经度" Degrees "点位的经度" "Longitude of the site";
    "lat" "纬度" Degrees "点位的纬度" "Latitude of the site";
    "stage" "月末状态" Stage "月末时的状态" "The stage at the close";
    "percent" "月末进度" Percent "月末时的进度" "Progress at the close";
    "start_overdue" "逾期未开工" Answer "过了计划开工日，月末时仍未开始" "Still not started at the close, after the planned start";
    "finish_overdue" "逾期未完工" Answer "过了计划完工日，月末时仍未完成" "Not completed at the close, after the planned finish";
    "silent" "当月未反馈" Answer "当月没有一份有效反馈" "No standing report for the month";
    "stale" "未核实" Answer "月末时最近一份反馈已超过县里规定的天数" "At the close the latest report was older than the county’s rule";
    "struck_off_on" "销号日期" Date "人大确认办好并结案的日期，未销号时为空" "When the congress confirmed and closed it; empty before";
    "owed" "应报" Whole "当月应报的反馈份数" "Reports owed for the month";
    "received" "已报" Whole "其中已经收到的份数" "Of them, received";
    "on_time" "按时" Whole "其中月底以前收到的份数" "Of them, received before the month ended";
    "last_report_at" "最近反馈时间" Moment "到月末为止最近一份有效反馈的收到时间" "When the latest standing report up to the close was received";
};

const STATIONS: &[Column] = columns! {
    "code" "编号" Text "联络站编号" "Code of the station";
    "name" "名称" Text "联络站叫什么" "What the station is called";
    "kind" "类型" StationKind "代表之家、联络站、联络点、便民服务窗、履职岗或流动联络点" "Deputies’ home, station, point, service window, duty post or mobile point";
    "integrity_monitoring" "廉情监测点" Answer "是否设有廉情监测点" "Whether it carries an integrity-monitoring post";
    "township" "所在镇街" Text "所在乡镇或街道" "Township in which it lies";
    "region_code" "区划代码" Text "所在地的行政区划代码" "Division code of the place";
    "address" "地址" Text "地址" "Address";
    "telephone" "联系电话" Text "联络站对外公布的电话" "The station’s public telephone";
    "opening_hours" "开放时间" Text "什么时候有人接待" "When residents are received";
    "lon" "经度" Degrees "联络站的经度" "Longitude of the station";
    "lat" "纬度" Degrees "联络站的纬度" "Latitude of the station";
};

const GRID_CELLS: &[Column] = columns! {
    "code" "网格编码" Text "社会治理网格的编码" "Code of the cell of social governance";
    "name" "网格名称" Text "网格叫什么" "What the cell is called";
    "township" "所在镇街" Text "所在乡镇或街道" "Township in which it lies";
    "region_code" "区划代码" Text "所在地的行政区划代码" "Division code of the place";
    "lon" "内点经度" Degrees "网格内一点的经度；边界在 GeoJSON 中" "Longitude of a point inside; the boundary is in the GeoJSON";
    "lat" "内点纬度" Degrees "网格内一点的纬度" "Latitude of that point";
};

const REPORTS: &[Column] = columns! {
    "report_id" "反馈编号" Text "这份反馈的编号（UUID）" "Id of the report (UUID)";
    "site_code" "点位编号" Text "所报点位的编号" "Code of the site it is about";
    "site_name" "点位名称" Text "所报点位" "The site it is about";
    "month" "报告月" Month "计入哪个月" "The month it counts for";
    "deputy" "代表" Text "这份反馈是哪位代表的；代录的由代表口述或书面提供" "Whose report it is; where staff entered it, the deputy told or wrote it to them";
    "came_by" "代录方式" CameBy "代表无法自己填报、由人大工作人员代录时，怎样得知：电话、书面或当面；代表自己提交的为空" "How the words came to the staff who entered them for a deputy who could not: telephone, paper or in person; empty when the deputy sent the report";
    "stage" "状态" Stage "代表反馈的状态" "The stage as the deputy has it";
    "percent" "进度" Percent "代表所报的进度" "Progress as the deputy reported it";
    "words" "督查情况" Text "代表反馈的情况" "What the deputy says";
    "problems" "存在问题" Text "发现的问题，多项以“；”分开" "Problems found, separated by “；”";
    "received_at" "收到时间" Moment "服务器收到的时间" "When the server received it";
    "late" "逾期送达" Answer "是否在该月结束之后才送到" "Whether it came after its month had closed";
    "off_site" "不在现场" Answer "书写地点离点位是否超出县里规定的距离" "Whether it was written further from the site than the county allows";
    "lon" "点位经度" Degrees "点位的经度，不是代表手机的位置" "Longitude of the site, not of the deputy’s phone";
    "lat" "点位纬度" Degrees "点位的纬度" "Latitude of the site";
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Month;

    fn every_column() -> impl Iterator<Item = &'static Column> {
        let month = Month::new(2026, 10).map(Dataset::SitesOf);
        Dataset::ALL.into_iter().chain(month).flat_map(Dataset::columns)
    }

    #[test]
    fn no_personal_column_is_published() {
        for column in every_column() {
            assert!(!["phone", "accuracy_m", "distance_m", "account", "sha256", "personal_code"].contains(&column.key), "{}", column.key);
        }
    }

    #[test]
    fn every_column_says_what_it_means() {
        for column in every_column() {
            assert!(!column.header.is_empty() && column.meaning_zh.chars().count() > 1 && column.meaning_en.len() > 3, "{}", column.key);
        }
    }
}
