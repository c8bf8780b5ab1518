//! `/withdrawn-sites`: what left the plan by a decision, a page at a time, the latest first, each with the way to its story.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::frame::Page;
use super::phrase::phrases;
use super::reader::Reader;
use super::{parts, signs, words};
use crate::http::paging::read_cursor;
use crate::http::{Page as Cut, Problem, QueryOf};
use crate::ids::ProjectId;
use crate::live_map::LiveMap;
use crate::sites::store::{WantedWithdrawals, Withdrawal, list_withdrawals};
use crate::sites::withdrawn::LeftSite;

phrases! {
    LEAD = "凭决定撤出项目计划的点位。地图上不再显示，经过一直可以查看。", "Sites that a decision took off the plan. The map no longer shows them; their stories stay.";
    WAY = "已撤出计划的点位 {count} 个", "{count} sites taken off the plan";
    NONE = "没有撤出计划的点位。", "No site was taken off the plan.";
    PROJECT = "{year}年第 {number} 号实事 · {title}", "{year}, project {number} · {title}";
    DECISION = "决定", "Decision";
    DECIDED = "{number}（{day}）", "{number} of {day}";
    REASON = "理由", "Reason";
    LEFT_ON = "撤出日期", "Off the plan since";
    LAST_STAGE = "撤出前的状态", "Last stage";
    BACK = "后来重新列入计划", "Put back into the plan later";
    ALL = "全部", "All";
    LATER = "更早的", "Earlier ones";
    JSON = "给程序用（JSON）", "For programs (JSON)";
}

/// Decisions on one page.
const PAGE_SIZE: usize = 20;

/// Which of them; readers also choose language and type.
#[derive(Debug, Deserialize)]
pub struct WithdrawnPageQuery {
    year: Option<i16>,
    project: Option<ProjectId>,
    cursor: Option<String>,
}

pub async fn show(State(map): State<LiveMap>, reader: Reader, QueryOf(query): QueryOf<WithdrawnPageQuery>) -> Result<Response, Problem> {
    let county = map.county();
    let before = read_cursor(query.cursor.as_deref())?;
    let wanted = WantedWithdrawals { year: query.year, project_id: query.project, before, ..WantedWithdrawals::default() };
    let mut connection = map.platform().pool.acquire().await?;
    let rows = list_withdrawals(&mut connection, county.county_id, wanted, PAGE_SIZE + 1).await?;
    drop(connection);
    let told = Cut::cut(rows, PAGE_SIZE, |row: &Withdrawal| row.withdrawal_id.to_string());
    let told = told.map(|row| LeftSite::of(&row, &county));
    let onward = told.next.as_ref().map(|cursor| address(&query, cursor));
    let filtered = query.year.is_some() || query.project.is_some() || query.cursor.is_some();
    let content = html! {
        h1 { (reader.say(words::WITHDRAWN_SITES)) }
        p class="lead" { (reader.say(LEAD)) }
        @if told.items.is_empty() { p { (reader.say(NONE)) } } @else { ol class="sites" { @for left in &told.items { (row(&reader, left)) } } }
        p class="onward no-print" {
            @if let Some(onward) = &onward { a rel="next" href=(onward) { (reader.say(LATER)) } }
            @if filtered { a href="/withdrawn-sites" { (reader.say(ALL)) } }
            a href="/projects" { (reader.say(words::WAY_PROJECTS)) }
            a href="/api/withdrawn-sites" { (reader.say(JSON)) }
        }
    };
    let page = Page::new(reader.say(words::WITHDRAWN_SITES), content).described(reader.say(LEAD)).at("/withdrawn-sites");
    Ok(page.with_relation("next", onward).answer(&reader, &map))
}

fn address(query: &WithdrawnPageQuery, cursor: &str) -> String {
    let year = query.year.map(|year| format!("year={year}&")).unwrap_or_default();
    let project = query.project.map(|project| format!("project={}&", project.0)).unwrap_or_default();
    format!("/withdrawn-sites?{year}{project}cursor={cursor}")
}

fn row(reader: &Reader, left: &LeftSite) -> Markup {
    let withdrawal = &left.withdrawal;
    let decided_on = parts::day_words(reader.language, withdrawal.decided_on);
    html! {
        li {
            div class="what" {
                h2 { a href=(parts::site_path(&left.code)) { (left.name) } }
                p {
                    (left.region.name) " · "
                    (reader.fill(PROJECT, &[("year", &left.year), ("number", &left.project.number), ("title", &left.project.title)]))
                }
                @if left.is_back { p { strong { (reader.say(BACK)) } } }
            }
            dl {
                dt { (reader.say(LEFT_ON)) } dd { (parts::day(reader, withdrawal.left_on)) }
                dt { (reader.say(DECISION)) } dd { (reader.fill(DECIDED, &[("number", &withdrawal.decision_number), ("day", &decided_on)])) }
                dt { (reader.say(REASON)) } dd { (withdrawal.reason) }
                dt { (reader.say(LAST_STAGE)) } dd { (reader.say(signs::stage_word(withdrawal.stage))) " " (withdrawal.percent) "%" }
            }
        }
    }
}

/// The way to it, where anything left the plan.
pub fn way(reader: &Reader, map: &LiveMap) -> Markup {
    let count = map.withdrawn_sites();
    html! { @if count > 0 { p class="onward" { a href="/withdrawn-sites" { (reader.fill(WAY, &[("count", &count)])) } } } }
}
