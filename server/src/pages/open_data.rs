//! `/open-data`: what may be taken and used, under which licence, and what each field says. The dictionary is the exports' own table.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::frame::{Page, site_name};
use super::phrase::{Phrase, phrases};
use super::reader::Reader;
use super::{parts, words};
use crate::calendar::Month;
use crate::exports::columns::{Column, ColumnKind};
use crate::exports::model::{Dataset, Format};
use crate::http::Language;
use crate::live_map::LiveMap;

phrases! {
    LEAD = "本县民生实事的点位、联络站、网格和督查反馈，都可以整份下载，也可以由程序读取，不需要登记。",
        "The sites, stations, grid cells and reports of this county can be downloaded whole or read by programs. No registration is needed.";
    FILES = "整份下载", "Whole files";
    SITES = "项目点位", "Sites";
    SITES_WORDS = "现在地图上的每一处点位", "Every site on the map as it stands now";
    STATIONS = "代表联络站", "Liaison stations";
    STATIONS_WORDS = "居民见得到代表的地方", "Where residents meet their deputies";
    GRID_CELLS = "治理网格", "Grid cells";
    GRID_CELLS_WORDS = "社会治理网格及其边界", "Cells of social governance with their boundaries";
    REPORTS = "督查反馈", "Reports";
    REPORTS_WORDS = "有效的每月督查反馈；退回的、被更正的不在内", "Standing monthly reports; none that was returned or replaced";
    SITES_OF = "月末的点位", "Sites at a month’s close";
    SITES_OF_WORDS = "每月月末地图上的点位，可以据此把当月的每个数字重新算一遍", "The sites on the map of each month: every figure of the month can be counted again from them";
    PROGRAMS = "给程序用", "For programs";
    OGC = "OGC API – Features：按条件查询点位、联络站、网格和乡镇", "OGC API – Features: sites, stations, grid cells and regions, queried";
    TILES = "矢量瓦片（TileJSON）", "Vector tiles (TileJSON)";
    ATOM = "变化订阅（Atom）：每一份反馈，每一次状态变化", "Feed of changes (Atom): every report, every change of stage";
    API = "接口文档", "API documentation";
    OPENAPI = "接口描述（OpenAPI 3.1）", "Interface description (OpenAPI 3.1)";
    LICENCE = "使用许可", "Licence";
    LICENCE_WORDS = "这些数据可以自由使用、转载和改编，商业使用也可以，只需注明来源“{source}”和数据日期，改动过的要说明（知识共享 署名 4.0 国际，CC BY 4.0）。",
        "These data may be used, passed on and changed by anybody, also for profit, provided that the source “{source}” and the date of the data are named and changes are said (Creative Commons Attribution 4.0 International, CC BY 4.0).";
    LICENCE_LINK = "许可全文", "The licence’s text";
    DEMO = "注意：这是虚构的演示县，数据均为虚构，请勿当作真实数据使用。", "Mind: this is an invented demo county. Nothing in these data is real.";
    RHYTHM = "更新", "How often they change";
    RHYTHM_NOW = "点位、联络站和网格：随时更新。代表的反馈一经收到，地图、文件和接口在一秒左右内一致。",
        "Sites, stations and grid cells change at any time. A report shows on the map, in the files and in the interfaces about a second after it is received.";
    RHYTHM_MONTH = "月末地图：每月最后一天结束时截取，先暂定，宽限 {days} 天计入补报，之后定稿，永不再改。",
        "The map of a month is taken as its last day ends. It is provisional for {days} days in which late reports are counted in; then it is final and never changes.";
    COUNTING = "数字怎么算", "How figures are counted";
    COUNT_STAGE = "颜色只看状态：有效的最近一份督查反馈或人大更正定为已完成（蓝）、进行中（黄）或未开始（红）。",
        "Colour is the stage alone: completed (blue), in progress (yellow) or not started (red), as the latest standing report or the committee’s correction has it.";
    COUNT_OVERDUE = "逾期说的是工程：过了计划开工日仍未开始，或过了计划完工日仍未完成。没到日子的红色不算逾期。",
        "Overdue is about the work: not started after the planned start, or not completed after the planned finish. A red site that is not due yet is not late.";
    COUNT_REPORTS = "反馈另外计数，应报、已报、按时三个数从不合并；没有收到反馈不等于工程逾期。",
        "Reports are counted apart, and owed, received and on time are never made one number. A missing report does not make the work late.";
    COUNT_STALE = "超过 {days} 天没有新的有效反馈，点位标为“未核实”。", "A site without a standing report for more than {days} days is marked unverified.";
    DICTIONARY = "字段说明", "Dictionary of fields";
    FIELD = "字段 (GeoJSON)", "Field (GeoJSON)";
    HEADER = "表头 (CSV、XLSX)", "Header (CSV, XLSX)";
    MEANING = "含义", "Meaning";
    WRITTEN = "写法", "Written";
    COORDINATES = "坐标均为 WGS-84 经纬度；CSV 为带标记的 UTF-8。", "Coordinates are WGS-84 degrees. CSV is UTF-8 with its mark.";
    KIND_TEXT = "文字", "text";
    KIND_STAGE = "not_started、in_progress、completed；表格中为中文", "not_started, in_progress, completed; Chinese in tables";
    KIND_STATION = "home、station、point、window、post、mobile；表格中为中文", "home, station, point, window, post, mobile; Chinese in tables";
    KIND_STATE = "provisional、final；表格中为中文", "provisional, final; Chinese in tables";
    KIND_WAY = "telephone、paper、in_person；表格中为中文；可为空", "telephone, paper, in_person; Chinese in tables; may be empty";
    KIND_WHOLE = "整数", "whole number";
    KIND_DEGREES = "小数，单位度", "decimal degrees";
    KIND_PERCENT = "整数 0–100，单位 %", "whole number 0–100, in %";
    KIND_DATE = "日期 2026-10-28", "date 2026-10-28";
    KIND_MOMENT = "时刻 RFC 3339，带时区", "moment, RFC 3339 with offset";
    KIND_MONTH = "月份 2026-10", "month 2026-10";
    KIND_ANSWER = "true、false；表格中为是、否", "true, false; 是, 否 in tables";
}

pub async fn show(State(map): State<LiveMap>, reader: Reader) -> Response {
    let content = html! {
        h1 { (reader.say(words::WAY_OPEN_DATA)) }
        p class="lead" { (reader.say(LEAD)) }
        @if map.county().is_demo { p class="notice" { (reader.say(DEMO)) } }
        (files(&reader, &map))
        (programs(&reader))
        (licence(&reader, &map))
        (rhythm_and_counting(&reader, &map))
        (dictionary(&reader, &map))
    };
    let page = Page::new(reader.say(words::WAY_OPEN_DATA), content).described(reader.say(LEAD));
    page.at("/open-data").on_way("/open-data").answer(&reader, &map)
}

fn named(dataset: Dataset) -> (Phrase, Phrase) {
    match dataset {
        Dataset::Sites => (SITES, SITES_WORDS),
        Dataset::Stations => (STATIONS, STATIONS_WORDS),
        Dataset::GridCells => (GRID_CELLS, GRID_CELLS_WORDS),
        Dataset::Reports => (REPORTS, REPORTS_WORDS),
        Dataset::SitesOf(_) => (SITES_OF, SITES_OF_WORDS),
    }
}

fn files(reader: &Reader, map: &LiveMap) -> Markup {
    html! {
        h2 id="files" { (reader.say(FILES)) }
        ul class="cards" {
            @for dataset in Dataset::ALL {
                @let (name, about) = named(dataset);
                li {
                    h3 { (reader.say(name)) }
                    p { (reader.say(about)) }
                    p class="onward" {
                        @for format in Format::ALL { (file(dataset, format, None, reader.say(name))) }
                    }
                }
            }
        }
        (files_of_months(reader, map))
    }
}

/// The months that have closed, each with its files.
fn files_of_months(reader: &Reader, map: &LiveMap) -> Markup {
    let months = map.closed_months();
    html! {
        @if !months.is_empty() {
            h3 { (reader.say(SITES_OF)) }
            p { (reader.say(SITES_OF_WORDS)) }
            ul class="months" {
                @for month in months {
                    @let name = parts::month_words(reader.language, month);
                    li {
                        span { (name) }
                        @for format in Format::ALL { " " (file(Dataset::SitesOf(month), format, Some(month), &name)) }
                    }
                }
            }
        }
    }
}

/// A link to one file; what it is of is said to those who hear the link alone.
fn file(dataset: Dataset, format: Format, month: Option<Month>, of: &str) -> Markup {
    let query = month.map(|month| format!("?month={month}")).unwrap_or_default();
    html! {
        a href={ "/export/" (dataset.as_str()) "." (format.as_str()) (query) } download {
            (format_name(format))
            span class="visually-hidden" { " – " (of) }
        }
    }
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::GeoJson => "GeoJSON",
        Format::Csv => "CSV",
        Format::Xlsx => "XLSX",
    }
}

fn programs(reader: &Reader) -> Markup {
    let ways = [
        ("/ogc", OGC),
        ("/tiles/regions,sites,stations,grid_cells.json", TILES),
        ("/sites.atom", ATOM),
        ("/api/docs", API),
        ("/api/openapi.json", OPENAPI),
    ];
    html! {
        h2 id="programs" { (reader.say(PROGRAMS)) }
        ul class="ways-on" { @for (path, words) in ways { li { a href=(path) { (reader.say(words)) } " " code { (path) } } } }
    }
}

fn licence(reader: &Reader, map: &LiveMap) -> Markup {
    let settings = &map.platform().settings;
    html! {
        h2 id="licence" { (reader.say(LICENCE)) }
        p {
            @if settings.open_data_licence.is_empty() { (reader.fill(LICENCE_WORDS, &[("source", &site_name(reader, map))])) }
            @else { (settings.open_data_licence) }
        }
        @if !settings.open_data_licence_url.is_empty() {
            p { a rel="license" href=(settings.open_data_licence_url) { (reader.say(LICENCE_LINK)) } }
        }
    }
}

fn rhythm_and_counting(reader: &Reader, map: &LiveMap) -> Markup {
    let county = map.county();
    html! {
        h2 id="rhythm" { (reader.say(RHYTHM)) }
        ul {
            li { (reader.say(RHYTHM_NOW)) }
            li { (reader.fill(RHYTHM_MONTH, &[("days", &county.grace_days)])) }
        }
        h2 id="counting" { (reader.say(COUNTING)) }
        ul {
            @for words in [COUNT_STAGE, COUNT_OVERDUE, COUNT_REPORTS] { li { (reader.say(words)) } }
            li { (reader.fill(COUNT_STALE, &[("days", &county.stale_days)])) }
        }
    }
}

fn dictionary(reader: &Reader, map: &LiveMap) -> Markup {
    let of_a_month = map.closed_months().first().copied().map(Dataset::SitesOf);
    html! {
        h2 id="dictionary" { (reader.say(DICTIONARY)) }
        p { (reader.say(COORDINATES)) }
        @for dataset in Dataset::ALL.into_iter().chain(of_a_month) {
            @let (name, _) = named(dataset);
            div class="table" tabindex="0" role="region" aria-label=(reader.say(name)) {
                table {
                    caption { (reader.say(name)) " " code { (dataset.as_str()) } }
                    thead {
                        tr { @for head in [FIELD, HEADER, MEANING, WRITTEN] { th scope="col" { (reader.say(head)) } } }
                    }
                    tbody { @for column in dataset.columns() { (field(reader, column)) } }
                }
            }
        }
    }
}

fn field(reader: &Reader, column: &Column) -> Markup {
    let meaning = match reader.language {
        Language::Chinese => column.meaning_zh,
        Language::English => column.meaning_en,
    };
    html! {
        tr {
            th scope="row" { code { (column.key) } }
            td lang="zh-CN" { (column.header) }
            td { (meaning) }
            td { (reader.say(kind_words(column.kind))) }
        }
    }
}

fn kind_words(kind: ColumnKind) -> Phrase {
    match kind {
        ColumnKind::Text => KIND_TEXT,
        ColumnKind::Stage => KIND_STAGE,
        ColumnKind::StationKind => KIND_STATION,
        ColumnKind::MonthState => KIND_STATE,
        ColumnKind::CameBy => KIND_WAY,
        ColumnKind::Whole => KIND_WHOLE,
        ColumnKind::Degrees => KIND_DEGREES,
        ColumnKind::Percent => KIND_PERCENT,
        ColumnKind::Date => KIND_DATE,
        ColumnKind::Moment => KIND_MOMENT,
        ColumnKind::Month => KIND_MONTH,
        ColumnKind::Answer => KIND_ANSWER,
    }
}
