//! The filters of `/list` as a plain form: it sends the same names that the app's addresses have.

use maud::{Markup, html};

use super::list_query::ListQuery;
use super::parts;
use super::phrase::{Phrase, phrases};
use super::reader::Reader;
use super::signs;
use crate::live_map::{ListOrder, LiveMap, MarkFilter};

phrases! {
    FILTERS = "筛选点位", "Filter the sites";
    SEARCH = "搜索点位、项目、乡镇、单位", "Search sites, projects, places, units";
    MORE = "更多条件", "More filters";
    PROJECT = "项目", "Project";
    ALL_PROJECTS = "全部项目", "All projects";
    REGION = "乡镇街道", "Township";
    ALL_REGIONS = "全部乡镇街道", "All townships";
    UNIT = "承办单位", "Undertaking unit";
    ALL_UNITS = "全部单位", "All units";
    MARK = "标记", "Mark";
    ALL_MARKS = "不限", "Any";
    MONTH = "月份", "Month";
    NOW = "现在", "Now";
    ORDER = "排序", "Order";
    BY_URGENCY = "逾期在前", "Overdue first";
    BY_CODE = "按编号", "By code";
    OVERDUE = "只看逾期", "Overdue only";
    SHOW = "查看", "Show";
    CLEAR = "清除筛选", "Clear filters";
}

/// One choice of a list: its value in the address, its name, whether it is the one made.
struct Choice {
    value: String,
    name: String,
    made: bool,
}

/// The form, with what the address asks for already chosen.
pub fn form(map: &LiveMap, reader: &Reader, query: &ListQuery) -> Markup {
    let asked = &query.asked;
    html! {
        form class="filters" action="/list" method="get" role="search" aria-label=(reader.say(FILTERS)) {
            label class="wide" {
                span { (reader.say(SEARCH)) }
                input type="search" name="q" maxlength="100" autocomplete="off" value=(asked.words);
            }
            @if let Some(stage) = asked.stage { input type="hidden" name="stage" value=(stage.as_str()); }
            (selects(map, reader, query))
            label class="check" {
                input type="checkbox" name="overdue" value="true" checked[asked.overdue];
                span { (reader.say(OVERDUE)) }
            }
            div class="acts" {
                button class="primary" type="submit" { (reader.say(SHOW)) }
                @if query.is_filtering() { a class="clear" href="/list" { (reader.say(CLEAR)) } }
            }
        }
    }
}

fn selects(map: &LiveMap, reader: &Reader, query: &ListQuery) -> Markup {
    let (asked, choices) = (&query.asked, map.choices());
    let choice = |value: String, name: String, made: bool| Choice { value, name, made };
    let projects = choices.projects.into_iter().map(|project| {
        let id = project.project_id;
        choice(id.0.to_string(), format!("{}. {}", project.number, project.title), asked.project == Some(id))
    });
    let regions = choices.regions.into_iter().map(|region| {
        let made = asked.region.as_ref() == Some(&region.code);
        choice(region.code, region.name, made)
    });
    let units = choices.units.into_iter().map(|unit| choice(unit.id.to_string(), unit.name, asked.unit == Some(unit.id)));
    let marks = MarkFilter::ALL.map(|mark| choice(mark.as_str().to_owned(), reader.say(mark_word(mark)).to_owned(), asked.mark == Some(mark)));
    let months = map
        .closed_months()
        .into_iter()
        .map(|month| choice(month.to_string(), parts::month_words(reader.language, month), asked.month == Some(month)));
    let order = choice("code".to_owned(), reader.say(BY_CODE).to_owned(), asked.order == ListOrder::Code);
    let uses_more = asked.unit.is_some() || asked.mark.is_some() || asked.month.is_some() || asked.order == ListOrder::Code;
    html! {
        (select(reader, "project", PROJECT, ALL_PROJECTS, projects))
        (select(reader, "region", REGION, ALL_REGIONS, regions))
        details class="more" open[uses_more] {
            summary { (reader.say(MORE)) }
            div {
                (select(reader, "unit", UNIT, ALL_UNITS, units))
                (select(reader, "mark", MARK, ALL_MARKS, marks))
                (select(reader, "month", MONTH, NOW, months))
                (select(reader, "order", ORDER, BY_URGENCY, [order]))
            }
        }
    }
}

fn select(reader: &Reader, name: &str, label: Phrase, every: Phrase, choices: impl IntoIterator<Item = Choice>) -> Markup {
    html! {
        div class="choice" {
            label for=(format!("filter-{name}")) { (reader.say(label)) }
            select id=(format!("filter-{name}")) name=(name) {
                option value="" { (reader.say(every)) }
                @for choice in choices { option value=(choice.value) selected[choice.made] { (choice.name) } }
            }
        }
    }
}

fn mark_word(mark: MarkFilter) -> Phrase {
    match mark {
        MarkFilter::StruckOff => signs::STRUCK_OFF,
        MarkFilter::Stale => signs::STALE,
        MarkFilter::Silent => signs::SILENT,
        MarkFilter::NotDue => signs::NOT_DUE,
    }
}
