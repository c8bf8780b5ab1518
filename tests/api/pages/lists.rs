//! The list as a page: filters, search, paging, a past month.

use std::collections::BTreeSet;

use harness::{StoredReport, TestApp, WEST, instant};
use minsheng_map::schedule;

use super::page;

/// The codes that a page of the list shows, in its order.
fn codes(text: &str) -> Vec<String> {
    text.split("<h2><a href=\"/sites/").skip(1).map(|part| part.split('"').next().unwrap_or("").to_owned()).collect()
}

async fn listed(app: &TestApp, query: &str) -> Vec<String> {
    codes(&page(app, &format!("/list?{query}")).await.expect(200).text())
}

/// A report on the first site of the west that has taken effect.
pub trait Reported {
    async fn world_report(&self, stage: &'static str);
}

impl Reported for TestApp {
    async fn world_report(&self, stage: &'static str) {
        let report = StoredReport::new(self.world.west[0].site_id, self.world.deputies["deputy"], instant("2026-10-12T10:00:00+08:00"), stage);
        report.take_effect(&self.pool, &self.world).await;
    }
}

#[tokio::test]
async fn filters_are_those_of_the_app_and_combine() {
    let app = TestApp::start().await;
    app.world_report("completed").await;
    let app = app.second_server().await;
    let all = ["2026-01-001", "2026-01-002", "2026-01-003", "2026-01-004"];
    assert_eq!(listed(&app, "order=code").await, all);
    assert_eq!(listed(&app, "stage=completed").await, ["2026-01-001"]);
    assert_eq!(listed(&app, "overdue=true&order=code").await, &all[1..]);
    assert_eq!(listed(&app, &format!("region={WEST}&order=code")).await, &all[..2]);
    assert_eq!(listed(&app, &format!("region={WEST}&overdue=true")).await, ["2026-01-002"]);
    assert_eq!(listed(&app, &format!("unit={}&order=code", app.world.other_unit_id.0)).await, &all[2..]);
    assert_eq!(listed(&app, &format!("project={}&order=code", app.world.project_id.0)).await, all);
    assert_eq!(listed(&app, "mark=struck_off").await, [""; 0]);
    assert_eq!(listed(&app, "mark=not_due").await, [""; 0]);
    let pressing = listed(&app, "").await;
    assert_eq!(pressing.last().map(String::as_str), Some("2026-01-001"), "what is done comes last");
}

#[tokio::test]
async fn one_chinese_character_is_enough_to_search() {
    let app = TestApp::start().await;
    for (words, found) in [("东", 2), ("二", 2), ("东 二", 1), ("２０２６－０１－００３", 1), ("没有这样的", 0), ("%", 0), ("_", 0)]
    {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
        assert_eq!(listed(&app, &query).await.len(), found, "{words}");
    }
    let none = page(&app, "/list?q=%E6%97%A0%E6%AD%A4").await.expect(200).text();
    assert!(none.contains("没有符合条件的点位") && none.contains("清除筛选"));
}

#[tokio::test]
async fn a_row_says_everything_in_words() {
    let app = TestApp::start().await;
    let text = page(&app, "/list").await.expect(200).text();
    for words in
        ["西河镇中心幼儿园", "第 1 号实事 · 新改扩建公办幼儿园", "未开始", "逾期 233 天", "进度 0%", "县教育局", "2026年12月20日", "尚无", "数据日期"]
    {
        assert!(text.contains(words), "{words}");
    }
    assert!(text.contains("href=\"/list?stage=completed\""), "counts are links");
    assert!(!text.contains("虚构"), "only an invented county says so");
    sqlx::query("update counties set is_demo = true").execute(&app.pool).await.expect("a demo");
    assert!(page(&app.second_server().await, "/list").await.text().contains("虚构演示县"));
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let app = TestApp::start().await;
    sqlx::query(
        "insert into sites (county_id, code, project_id, name, region_code, position, source_datum, source_position, unit_id, stage_since, created_at)
         select county_id, '2026-02-' || to_char(n, 'FM000'), project_id, '点位' || n, region_code, position, source_datum, source_position, unit_id,
                stage_since, created_at
         from sites, generate_series(1, 120) as n where code = '2026-01-001' and county_id = $1",
    )
    .bind(app.world.county_id.0)
    .execute(&app.pool)
    .await
    .expect("many sites");
    let app = app.second_server().await;
    let mut seen = BTreeSet::new();
    for (number, rows) in (1..=13).map(|number| (number, if number < 13 { 10 } else { 4 })) {
        let text = page(&app, &format!("/list?page={number}")).await.expect(200).text();
        let here = codes(&text);
        assert_eq!(here.len(), rows, "page {number}");
        seen.extend(here);
        assert_eq!(text.contains("rel=\"next\""), number < 13, "page {number}");
        assert_eq!(text.contains("rel=\"prev\""), number > 1, "page {number}");
        assert!(text.contains(&format!("第 {number} 页，共 13 页")));
    }
    assert_eq!(seen.len(), 124);
    let beyond = page(&app, "/list?page=999").await.expect(200).text();
    assert!(beyond.contains("第 13 页，共 13 页"));
}

#[tokio::test]
async fn an_address_that_means_nothing_is_told_and_never_fails() {
    let app = TestApp::start().await;
    for (query, name) in [
        ("stage=blue", "stage"),
        ("overdue=maybe", "overdue"),
        ("mark=%00", "mark"),
        ("project=-1", "project"),
        ("project=99999999999999999999", "project"),
        ("region=339901'--", "region"),
        ("unit=NaN", "unit"),
        ("month=2026-13", "month"),
        ("order=random()", "order"),
        ("page=0", "page"),
        ("page=-5", "page"),
    ] {
        let answer = page(&app, &format!("/list?{query}")).await.expect(422);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{query}");
        assert!(answer.text().contains(&format!("<code>{name}</code>")), "{query} names the field");
        assert_eq!(codes(&answer.text()).len(), 4, "{query}: the rest of the address still holds");
    }
    let long = page(&app, &format!("/list?q={}", "%E5%AD%97".repeat(101))).await.expect(422);
    assert!(long.text().contains("最多 100 个字"));
    for harmless in ["project=987654321", "region=110000", "q=%FF%FE", "q=%27%3B+drop+table", "from=timeline&isappinstalled=0", "&&==&", "stage="] {
        page(&app, &format!("/list?{harmless}")).await.expect(200);
    }
    let never = page(&app, "/list?month=2019-01&stage=not_started").await.expect(404).text();
    assert!(never.contains("没有 2019-01 的月末地图") && codes(&never).len() == 4, "the present is shown instead");
}

#[tokio::test]
async fn a_past_month_is_shown_as_it_was() {
    let app = TestApp::start().await;
    app.world_report("in_progress").await;
    app.set_clock("2026-11-01T00:01:00+08:00");
    schedule::run_due(&app.platform).await.expect("the month closes");
    let done = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant("2026-11-02T10:00:00+08:00"), "completed");
    done.take_effect(&app.pool, &app.world).await;
    app.set_clock("2026-11-03T10:00:00+08:00");
    let app = app.second_server().await;
    assert_eq!(listed(&app, "stage=completed").await, ["2026-01-001"]);
    assert_eq!(listed(&app, "stage=completed&month=2026-10").await, [""; 0]);
    assert_eq!(listed(&app, "stage=in_progress&month=2026-10").await, ["2026-01-001"]);
    let past = page(&app, "/list?month=2026-10").await.expect(200).text();
    assert!(past.contains("这是 2026年10月 月末的地图，暂定") && past.contains("<option value=\"2026-10\" selected>"));
    assert!(page(&app, "/list").await.text().contains("<option value=\"2026-10\">2026年10月</option>"));
}
