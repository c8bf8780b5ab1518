//! The words that every page shares. A page's own words stand beside it.

use super::phrases;

phrases! {
    TITLE = "民生实事项目监督地图", "Livelihood Projects Map";
    TITLE_FIRST = "民生实事项目", "Livelihood ";
    TITLE_SECOND = "监督地图", "Projects Map";
    ABOUT = "每一件民生实事，落在哪里、进展如何、谁在监督，一张地图看得见。", "Every livelihood project of the county: where it is built, how far it has come, and who watches over it.";
    SKIP = "跳到正文", "Skip to content";
    DEMO = "虚构演示县：地名、项目、人物均为虚构", "Invented demo county: places, projects and people are fictitious";
    LARGE_TYPE = "大字版", "Large type";
    NORMAL_TYPE = "标准版", "Normal type";
    WAYS = "本站页面", "Pages of this site";
    WAY_MAP = "地图", "Map";
    WAY_LIST = "点位列表", "Sites";
    WAY_FIGURES = "进展", "Figures";
    WAY_PROJECTS = "各项目进度", "By project";
    WITHDRAWN_SITES = "已撤出计划的点位", "Sites taken off the plan";
    WAY_STATIONS = "代表联络站", "Stations";
    WAY_OPEN_DATA = "开放数据", "Open data";
    AS_OF = "数据库暂时联系不上，数据截至", "The database cannot be reached; data as of";
    DATA_OF = "数据日期", "Data of";
    DEPUTIES = "代表入口", "Deputies";
    DESK = "工作台入口", "Desk";
    FEED = "订阅变化 (Atom)", "Changes (Atom)";
    API = "接口文档", "API";
    FAULT_FIELD = "出错的条件：{field}", "At fault: {field}";
    REQUEST_NUMBER = "请求编号：{id}", "Request number: {id}";
    BACK_TO_LIST = "查看全部点位", "See every site";
    BACK_TO_MAP = "回到地图", "Back to the map";
}
