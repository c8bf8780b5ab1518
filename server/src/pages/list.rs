//! `/list`: the sites, with the app's own filters as a plain form and links, a page at a time, the most pressing first.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use maud::{Markup, html};

use super::frame::Page;
use super::list_form;
use super::list_query::ListQuery;
use super::phrase::phrases;
use super::reader::Reader;
use super::{changes, parts, signs, words};
use crate::http::{Code, Problem};
use crate::live_map::{ListOrder, Listing, LiveMap, MapState, ShownSite};
use crate::sites::Stage;

phrases! {
    SUMMARY = "{total} 处点位：已完成 {completed}，进行中 {in_progress}，未开始 {not_started}；逾期 {overdue}",
        "{total} sites: {completed} completed, {in_progress} in progress, {not_started} not started; {overdue} overdue";
    SHOWN = "符合条件 {count} 处，共 {total} 处", "{count} of {total} sites";
    SHOWN_RANGE = "第 {from}–{to} 处", "showing {from}–{to}";
    BY_URGENCY = "逾期在前", "Overdue first";
    BY_CODE = "按编号", "By code";
    NONE = "没有符合条件的点位", "No site matches";
    NONE_WORDS = "换个条件，或清除筛选看看全部点位。", "Try other filters, or clear them to see every site.";
    CLEAR = "清除筛选", "Clear filters";
    MISUNDERSTOOD = "网址中有看不懂的筛选条件，已略去：", "Some of the address could not be understood and was left out:";
    MONTH_PROVISIONAL = "这是 {month} 月末的地图，暂定：补报仍可能计入。", "This is the map at the close of {month}; provisional: late reports may still be counted in.";
    MONTH_FINAL = "这是 {month} 月末的地图，已定稿。", "This is the map at the close of {month}; final.";
    NOW = "看现在的情况", "See it as it is now";
    PROJECT = "第 {number} 号实事 · {title}", "Project {number} · {title}";
    PERCENT = "进度 {percent}%", "{percent}% done";
    UNIT = "承办单位", "Unit";
    PLANNED = "计划工期", "Planned";
    LAST_REPORT = "最近反馈", "Last report";
    NEVER = "尚无", "none yet";
    UNKNOWN_DAY = "未定", "not set";
    ON_MAP = "在地图上看", "Show on the map";
    PAGES = "翻页", "Pages";
    FIRST = "首页", "First";
    PREVIOUS = "上一页", "Previous";
    NEXT = "下一页", "Next";
    PAGE_OF = "第 {page} 页，共 {pages} 页", "Page {page} of {pages}";
    ALL_STAGES = "全部", "All";
}

/// Sites on one page: with more, the app that takes the page's place comes later on a weak line.
const PAGE_SIZE: usize = 10;

pub async fn show(State(map): State<LiveMap>, RawQuery(query): RawQuery, reader: Reader) -> Result<Response, Problem> {
    let query = ListQuery::read(query.as_deref().unwrap_or(""));
    let (query, listing, missing) = listed(&map, query)?;
    let pages = page_count(&listing);
    let query = query.within(pages);
    let neighbour = |page: usize| (1..=pages).contains(&page).then(|| query.on_page(page).address("/list"));
    let page = Page::new(reader.say(words::WAY_LIST), content(&map, &reader, &query, &listing))
        .described(summary(&reader, &listing))
        .at(query.address("/list"))
        .on_way("/list")
        .with_relation("prev", neighbour(query.page.saturating_sub(1)))
        .with_relation("next", neighbour(query.page + 1))
        .with_feed(changes::PATH, reader.say(words::FEED))
        .with_app();
    let status = match query.faults(reader.language).as_slice() {
        [] => StatusCode::OK,
        _ if missing => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page.with_status(status).answer(&reader, &map))
}

/// The list asked for; where there is no map of its month, the present one, and that it was missing.
fn listed(map: &LiveMap, query: ListQuery) -> Result<(ListQuery, Listing, bool), Problem> {
    match (map.list(&query.asked), query.asked.month) {
        (Ok(listing), _) => Ok((query, listing, false)),
        (Err(problem), Some(month)) if problem.code() == Code::NotFound => {
            let query = query.without_month(month);
            let listing = map.list(&query.asked)?;
            Ok((query, listing, true))
        }
        (Err(problem), _) => Err(problem),
    }
}

fn page_count(listing: &Listing) -> usize {
    listing.sites.len().div_ceil(PAGE_SIZE).max(1)
}

fn summary(reader: &Reader, listing: &Listing) -> String {
    let counts = &listing.counts;
    let overdue = counts.overdue_red + counts.overdue_yellow;
    reader.fill(
        SUMMARY,
        &[
            ("total", &counts.sites),
            ("completed", &counts.completed),
            ("in_progress", &counts.in_progress),
            ("not_started", &counts.not_started),
            ("overdue", &overdue),
        ],
    )
}

fn content(map: &LiveMap, reader: &Reader, query: &ListQuery, listing: &Listing) -> Markup {
    let pages = page_count(listing);
    let from = (query.page - 1) * PAGE_SIZE;
    let shown: Vec<&ShownSite> = listing.sites.iter().skip(from).take(PAGE_SIZE).collect();
    html! {
        h1 { (reader.say(words::WAY_LIST)) }
        (misunderstood(reader, query))
        (of_month(reader, query, listing))
        (stages(reader, query, listing))
        (list_form::form(map, reader, query))
        p class="shown" {
            strong { (reader.fill(SHOWN, &[("count", &listing.sites.len()), ("total", &listing.total)])) }
            @if pages > 1 { " · " (reader.fill(SHOWN_RANGE, &[("from", &(from + 1)), ("to", &(from + shown.len()))])) }
            " · " (reader.say(if query.asked.order == ListOrder::Code { BY_CODE } else { BY_URGENCY }))
        }
        @if shown.is_empty() {
            p class="lead" { (reader.say(NONE)) }
            p { (reader.say(NONE_WORDS)) }
            p class="onward" { a href="/list" { (reader.say(CLEAR)) } }
        } @else {
            ol class="sites" start=(from + 1) { @for site in shown { (row(map, reader, site, listing)) } }
        }
        (pager(reader, query, pages))
        (super::withdrawn::way(reader, map))
        p class="onward no-print" { a href=(query.on_page(1).address("/")) { (reader.say(ON_MAP)) } }
    }
}

fn misunderstood(reader: &Reader, query: &ListQuery) -> Markup {
    let faults = query.faults(reader.language);
    html! {
        @if !faults.is_empty() {
            div class="notice" role="alert" {
                p { (reader.say(MISUNDERSTOOD)) }
                ul { @for (name, words) in faults { li { code { (name) } " — " (words) } } }
            }
        }
    }
}

fn of_month(reader: &Reader, query: &ListQuery, listing: &Listing) -> Markup {
    let month = parts::month_words(reader.language, listing.month);
    let words = match listing.state {
        MapState::Live => return html! {},
        MapState::Provisional => MONTH_PROVISIONAL,
        MapState::Final => MONTH_FINAL,
    };
    html! {
        p class="notice" {
            (reader.fill(words, &[("month", &month)])) " "
            a href=(query.with(|asked| asked.month = None).address("/list")) { (reader.say(NOW)) }
        }
    }
}

/// The counts, each a link to its stage; the stage chosen says so and leads back to all.
fn stages(reader: &Reader, query: &ListQuery, listing: &Listing) -> Markup {
    let counts = &listing.counts;
    let count = |stage| match stage {
        Stage::Completed => counts.completed,
        Stage::InProgress => counts.in_progress,
        Stage::NotStarted => counts.not_started,
    };
    let tile = |stage: Option<Stage>, class: &str, inside: Markup| {
        let address = query.with(|asked| asked.stage = stage).address("/list");
        html! { a class=(class) href=(address) aria-current=[(query.asked.stage == stage).then_some("true")] { (inside) } }
    };
    html! {
        p class="tiles" {
            (tile(None, "every", html! { strong { (counts.sites) } " " (reader.say(ALL_STAGES)) }))
            @for stage in [Stage::Completed, Stage::InProgress, Stage::NotStarted] {
                (tile(Some(stage), stage.as_str(), html! {
                    (signs::stage_sign(stage, false)) strong { (count(stage)) } " " (reader.say(signs::stage_word(stage)))
                }))
            }
        }
    }
}

fn row(map: &LiveMap, reader: &Reader, shown: &ShownSite, listing: &Listing) -> Markup {
    let site = &shown.site;
    let planned = |day: Option<NaiveDate>| html! { @match day { Some(day) => (parts::day(reader, day)), None => (reader.say(UNKNOWN_DAY)) } };
    let reported_on = site.last_report_at.map(|at| map.county().date_at(at));
    html! {
        li {
            div class="what" {
                h2 { a href=(parts::site_path(&site.code)) { (site.name) } }
                p {
                    (site.region.name) " · "
                    (reader.fill(PROJECT, &[("number", &site.project.number), ("title", &site.project.title)]))
                }
            }
            div class="state" {
                (signs::marks(reader, shown, listing.day))
                p class="progress" {
                    (reader.fill(PERCENT, &[("percent", &site.percent)])) " "
                    progress class=(site.stage.as_str()) max="100" value=(site.percent) aria-hidden="true" {}
                }
            }
            dl {
                dt { (reader.say(UNIT)) } dd { (site.unit.name) }
                dt { (reader.say(PLANNED)) } dd { (planned(site.planned_start_on)) " – " (planned(site.planned_finish_on)) }
                dt { (reader.say(LAST_REPORT)) }
                dd { @match reported_on { Some(day) => (parts::day(reader, day)), None => (reader.say(NEVER)) } }
            }
        }
    }
}

/// First, previous, next: by words, each as large as a thumb.
fn pager(reader: &Reader, query: &ListQuery, pages: usize) -> Markup {
    let page = query.page;
    let to = |number: usize| query.on_page(number).address("/list");
    html! {
        @if pages > 1 {
            nav class="onward pager" aria-label=(reader.say(PAGES)) {
                @if page > 1 {
                    a href=(to(1)) { (reader.say(FIRST)) }
                    a rel="prev" href=(to(page - 1)) { (reader.say(PREVIOUS)) }
                }
                span { (reader.fill(PAGE_OF, &[("page", &page), ("pages", &pages)])) }
                @if page < pages { a rel="next" href=(to(page + 1)) { (reader.say(NEXT)) } }
            }
        }
    }
}
