//! The month's bulletin: what the page and the workbook say, and that they keep to the month's snapshot.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use harness::{StoredReport, TestApp};
use serde_json::json;

use super::figures::{change_county, close};
use super::live::correct;

const PROVISIONAL: &str = "2026-11-01T00:01:00+08:00";
const FINAL: &str = "2026-11-06T00:01:00+08:00";

async fn page(app: &TestApp, path: &str) -> String {
    let answer = app.visitor().get(path).await.expect(200);
    assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    answer.text()
}

/// The part of a page from `begin` to the next `end`.
fn part<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let from = page.find(begin).unwrap_or_else(|| panic!("no {begin} in {page}"));
    let rest = &page[from + begin.len()..];
    rest.find(end).map_or(rest, |to| &rest[..to])
}

async fn sheet(app: &TestApp, path: &str, name: &str) -> Vec<Vec<Data>> {
    let bytes = app.visitor().get(path).await.expect(200).bytes;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    for sheet in book.sheet_names() {
        assert!(book.worksheet_formula(&sheet).expect("formulas").is_empty(), "{sheet}");
    }
    book.worksheet_range(name).unwrap_or_else(|_| panic!("no sheet {name}")).rows().map(<[Data]>::to_vec).collect()
}

#[tokio::test]
async fn a_bulletin_says_what_changed_in_the_month_and_why() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let deputy = app.world.deputies["deputy"];
    StoredReport::new(app.world.west[0].site_id, deputy, app.now(), "in_progress").take_effect(&app.pool, &app.world).await;
    correct(&app, &committee, app.world.east[0].site_id, "completed", 100).await;
    close(&app, PROVISIONAL, "2026-10", "provisional").await;
    let october = page(&app, "/bulletins/2026-10").await;
    for words in ["试验县 民生实事项目进展通报", "2026年10月", "暂定数字", "4 处点位，1 处已完成，占 25%", "代表应报 5 份，收到 1 份，按时 1 份"]
    {
        assert!(october.contains(words), "{words} in {october}");
    }
    let changed = part(&october, "本月变色的点位", "<h2");
    assert!(changed.contains("共 2 处") && changed.contains("西河镇中心幼儿园") && changed.contains("督查反馈：未开始→进行中"), "{changed}");
    assert!(changed.contains("人大更正：未开始→已完成，现场核实"), "{changed}");
    let late = part(&october, "<h2>逾期点位", "<h2");
    assert!(late.contains("东山镇第二幼儿园") && late.contains("2026年3月1日") && !late.contains("西河镇中心幼儿园"), "{late}");
    // Something that happens later does not enter it.
    correct(&app, &app.as_login("committee").await, app.world.west[1].site_id, "completed", 100).await;
    assert!(!part(&page(&app, "/bulletins/2026-10").await, "本月变色的点位", "<h2").contains("西河镇第二幼儿园"));
}

#[tokio::test]
async fn a_report_that_came_late_for_the_month_is_the_months_and_not_the_nexts() {
    let app = TestApp::start().await;
    close(&app, PROVISIONAL, "2026-10", "provisional").await;
    let october = chrono::NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day");
    let at = harness::instant("2026-11-03T10:00:00+08:00");
    let report = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], at, "in_progress");
    StoredReport { month: october, late: true, ..report }.take_effect(&app.pool, &app.world).await;
    close(&app, FINAL, "2026-10", "final").await;
    let said = page(&app, "/bulletins/2026-10").await;
    assert!(said.contains("最终数字") && part(&said, "本月变色的点位", "<h2").contains("共 1 处"), "{said}");
    close(&app, "2026-12-01T00:01:00+08:00", "2026-11", "provisional").await;
    let november = page(&app, "/bulletins/2026-11").await;
    assert!(november.contains("本月没有点位变色。") && november.contains("与上月末相同。"), "{november}");
    let headline = sheet(&app, "/export/bulletin.xlsx?month=2026-11", "主要数字").await;
    assert_eq!(headline[3], [Data::String("进行中".to_owned()), Data::Float(1.0), Data::Float(1.0), Data::Float(0.0)]);
}

#[tokio::test]
async fn a_ranking_leaves_out_who_is_too_small_and_says_so() {
    let app = TestApp::start().await;
    let two = "update counties set minimum_ranked = 2 where code = '339901'";
    let minimum = async || app.visitor().get("/api/summary").await.json()["minimum_ranked"] == 2;
    change_county(&app, two, minimum).await;
    let one_site = "update sites set unit_id = (select unit_id from units where name = '县教育局') where code = '2026-01-004' and name like '东山%'";
    change_county(&app, one_site, async || app.visitor().get("/api/summary").await.json()["units"][0]["counts"]["sites"] != 2).await;
    close(&app, PROVISIONAL, "2026-10", "provisional").await;
    let said = page(&app, "/bulletins/2026-10").await;
    let ranking = part(&said, "class=\"ranking units\"", "</section>");
    assert!(ranking.contains("县教育局") && !ranking.contains("县住建局"), "{ranking}");
    assert!(ranking.contains("没有列入的有 1 个（共 1 处点位）"), "{ranking}");
    assert!(part(&said, "<h2>按承办单位", "<h2").contains("县住建局"), "the table still has its numbers");
}

#[tokio::test]
async fn only_a_month_that_has_ended_has_a_bulletin() {
    let app = TestApp::start().await;
    assert!(page(&app, "/bulletins").await.contains("还没有结束的报告月"));
    for month in ["2026-10", "2026-09", "2031-01"] {
        let refused = app.visitor().get(&format!("/bulletins/{month}")).await.expect(404);
        assert!(refused.text().contains("还没有通报"), "{}", refused.text());
        app.visitor().get(&format!("/export/bulletin.xlsx?month={month}")).await.expect(404);
    }
    app.visitor().get("/bulletins/october").await.expect(404);
    assert_eq!(app.visitor().get("/export/bulletin.xlsx?month=october").await.expect(422).fields(), ["month"]);
    assert_eq!(app.visitor().get("/export/bulletin.xlsx").await.expect(422).json()["code"], json!("invalid"));
    close(&app, FINAL, "2026-10", "final").await;
    let all = page(&app, "/bulletins?lang=en").await;
    assert!(all.contains("Oct 2026") && all.contains("Final numbers"), "{all}");
}

#[tokio::test]
async fn the_workbook_has_a_sheet_for_each_table() {
    let app = TestApp::start().await;
    correct(&app, &app.as_login("committee").await, app.world.east[0].site_id, "completed", 100).await;
    close(&app, PROVISIONAL, "2026-10", "provisional").await;
    let path = "/export/bulletin.xlsx?month=2026-10";
    let answer = app.visitor().get(path).await.expect(200);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"339901-bulletin-2026-10.xlsx\"");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes)).expect("a workbook");
    let names = book.sheet_names();
    assert_eq!(
        names,
        [
            "制表说明",
            "主要数字",
            "按项目",
            "按镇街",
            "按承办单位",
            "本月变色的点位",
            "逾期点位",
            "代表督查反馈",
            "当月没有收到反馈的点位",
            "本月销号的点位",
            "督办单",
            "督办单经过",
            "按时反馈的代表",
            "定稿后的更正",
            "词义"
        ]
    );
    let townships = book.worksheet_range("按镇街").expect("a sheet");
    let row = |place: usize| townships.rows().nth(place).expect("a row")[..3].to_vec();
    assert_eq!(row(2), [Data::String("东山镇".to_owned()), Data::Float(2.0), Data::Float(1.0)]);
    assert_eq!(row(3), [Data::String("合计".to_owned()), Data::Float(4.0), Data::Float(1.0)]);
    let english = sheet(&app, &format!("{path}&lang=en"), "Sites that changed colour").await;
    assert_eq!(english[1][6], Data::String("Completed".to_owned()));
}

#[tokio::test]
async fn the_bulletin_tells_orders_thanks_and_nothing_of_who_is_not_thanked() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let order = json!({"site_ids": [app.world.west[0].site_id], "unit_id": app.world.unit_id, "words": "请说明逾期原因", "due_on": "2026-10-27",
        "copy_to_deputies": false, "follows": null});
    committee.post("/api/supervision-orders", order).await.expect(201);
    for site in &app.world.east {
        let report = StoredReport::new(site.site_id, app.world.deputies["deputy_east"], app.now(), "in_progress");
        report.take_effect(&app.pool, &app.world).await;
    }
    let first = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], app.now(), "in_progress");
    first.take_effect(&app.pool, &app.world).await;
    close(&app, PROVISIONAL, "2026-10", "provisional").await;
    let said = page(&app, "/bulletins/2026-10").await;
    let orders = part(&said, "<h2>督办单", "<h2");
    assert!(orders.contains("〔2026〕1号") && orders.contains("县教育局") && orders.contains("发出"), "{orders}");
    let thanks = part(&said, "<h2>按时反馈的代表", "<h2");
    assert!(thanks.contains("丙代表") && thanks.contains("1 位代表") && !thanks.contains("甲代表") && !thanks.contains("乙代表"), "{thanks}");
    assert!(!said.contains("定稿后的更正"), "nothing was corrected");
    let counts = sheet(&app, "/export/bulletin.xlsx?month=2026-10", "督办单").await;
    assert_eq!(counts[1], [Data::String("发出".to_owned()), Data::Float(1.0), Data::Empty, Data::Empty]);
}

#[tokio::test]
async fn the_years_report_has_projects_planned_and_completed_and_a_chart_in_numbers() {
    let app = TestApp::start().await;
    correct(&app, &app.as_login("committee").await, app.world.east[0].site_id, "completed", 100).await;
    close(&app, PROVISIONAL, "2026-10", "provisional").await;
    let said = page(&app, "/bulletins/years/2026").await;
    for words in [
        "试验县 民生实事项目年度报告",
        "1 个项目、4 处点位",
        "已完成 1 处，占 25%",
        "<svg viewBox=\"0 0 720 240\" role=\"img\"",
        "全年没有发出督办单。",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let projects = sheet(&app, "/export/year-report.xlsx?year=2026", "各项目计划与完成").await;
    assert_eq!(projects[2][..4], [Data::String("合计".to_owned()), Data::Float(4.0), Data::Float(0.0), Data::Float(1.0)]);
    app.visitor().get("/bulletins/years/2019").await.expect(404);
    app.visitor().get("/export/year-report.xlsx?year=2019").await.expect(404);
    assert!(page(&app, "/bulletins").await.contains("/bulletins/years/2026"));
}

#[tokio::test]
async fn the_report_of_a_year_that_is_over_does_not_change_any_more() {
    let app = TestApp::start().await;
    correct(&app, &app.as_login("committee").await, app.world.east[0].site_id, "completed", 100).await;
    close(&app, "2027-01-06T00:02:00+08:00", "2026-12", "final").await;
    let read = async || sheet(&app, "/export/year-report.xlsx?year=2026", "各项目计划与完成").await;
    let before = read().await;
    let planned = before[2].clone();
    assert_eq!(planned[1], Data::Float(4.0));
    // One site is withdrawn, another planned for later, a third completed: all of it belongs to the next year.
    let (committee, withdrawn, moved) = (app.as_login("committee").await, app.world.west[0].site_id, app.world.west[1].site_id);
    let rev = async |site: i64| -> i64 {
        sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
    };
    let decision =
        json!({"decision_number": "县人常〔2027〕1号", "decided_on": "2027-01-05", "reason": "并入第二幼儿园", "rev": rev(withdrawn.0).await});
    committee.post(&format!("/api/sites/{withdrawn}/withdrawal"), decision).await.expect(200);
    let mut tx = app.pool.begin().await.expect("a transaction");
    let kept = "insert into plan_changes (county_id, site_id, decision_number, decided_on, reason, account_id, at, start_before, start_after,
            finish_before, finish_after, quota_before, quota_after, address_before, address_after, region_before, region_after,
            position_before, position_after)
        select county_id, site_id, '县人常〔2027〕2号', '2027-01-05', '延期', $2, $3, planned_start_on, planned_start_on, planned_finish_on,
            case when planned_finish_on <= '2026-12-31' then date '2027-12-31' else date '2026-12-30' end, quota, quota, address, address,
            region_code, region_code, position, position from sites where site_id = $1";
    sqlx::query(kept).bind(moved.0).bind(app.world.account("committee").0).bind(app.now()).execute(&mut *tx).await.expect("kept");
    let moved_to = "update sites set planned_finish_on = (select finish_after from plan_changes where site_id = $1) where site_id = $1";
    sqlx::query(moved_to).bind(moved.0).execute(&mut *tx).await.expect("moved");
    tx.commit().await.expect("committed");
    correct(&app, &committee, app.world.east[1].site_id, "completed", 100).await;
    assert_eq!(read().await, before);
    assert!(page(&app, "/bulletins/years/2026").await.contains("4 处点位"));
}
