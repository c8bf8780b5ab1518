//! The four collections: their names, what they are in words, and what is in them.

use super::columns::{Column, GRID_CELLS, Property, REGIONS, SITES, STATIONS};
use super::words;
use crate::pages::Phrase;

/// A collection of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    Sites,
    Stations,
    GridCells,
    Regions,
}

/// What geometry the features of a collection have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryKind {
    Points,
    Areas,
}

impl Collection {
    pub const ALL: [Self; 4] = [Self::Sites, Self::Stations, Self::GridCells, Self::Regions];

    /// The name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sites => "sites",
            Self::Stations => "stations",
            Self::GridCells => "grid_cells",
            Self::Regions => "regions",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.as_str() == name)
    }

    pub fn title(self) -> Phrase {
        match self {
            Self::Sites => words("民生实事项目点位", "Sites of the livelihood projects"),
            Self::Stations => words("代表联络站", "Deputies' liaison stations"),
            Self::GridCells => words("网格", "Grid cells of social governance"),
            Self::Regions => words("行政区划", "The county and its townships"),
        }
    }

    pub fn description(self) -> Phrase {
        match self {
            Self::Sites => words(
                "每个点位的状态（颜色）、进度、逾期与核实标记、计划与最近反馈。datetime 按计划工期（planned_start_on 至 planned_finish_on）筛选，未写明的一端视为不限。",
                "Each site's stage (its colour), progress, marks of lateness and age of evidence, plan and last report. `datetime` asks for the planned \
                 time of the work, from planned_start_on to planned_finish_on; an end that is not set is open.",
            ),
            Self::Stations => words(
                "居民与人大代表见面的地方。没有时间属性，datetime 不筛选。",
                "Where residents meet their deputies. Nothing in it is bound to a time, so `datetime` admits all.",
            ),
            Self::GridCells => words(
                "社会治理网格的边界。没有时间属性，datetime 不筛选。",
                "Boundaries of the cells of social governance. Nothing in it is bound to a time, so `datetime` admits all.",
            ),
            Self::Regions => words(
                "县和镇街的边界；尚未导入边界的没有几何。没有时间属性，datetime 不筛选。",
                "Boundaries of the county and its townships; without a geometry where none has been imported. Nothing in it is bound to a time, so \
                 `datetime` admits all.",
            ),
        }
    }

    pub fn geometry(self) -> GeometryKind {
        match self {
            Self::Sites | Self::Stations => GeometryKind::Points,
            Self::GridCells | Self::Regions => GeometryKind::Areas,
        }
    }

    /// The properties in the order in which they are shown.
    pub fn properties(self) -> Vec<Property> {
        fn of<T>(columns: &[Column<T>]) -> Vec<Property> {
            columns.iter().map(|column| column.property).collect()
        }
        match self {
            Self::Sites => of(SITES),
            Self::Stations => of(STATIONS),
            Self::GridCells => of(GRID_CELLS),
            Self::Regions => of(REGIONS),
        }
    }
}
