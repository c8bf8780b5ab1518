//! The figures: parts add up to the whole, rankings say who is too small, the year's course lies beside the plan, the words are explained.

use harness::{Answer, StoredReport, TestApp, eventually};
use minsheng_map::database::changes;
use minsheng_map::schedule;
use reqwest::Method;
use serde_json::{Value, json};

use super::live::correct;

const COUNTS: [&str; 8] = ["sites", "completed", "in_progress", "not_started", "overdue_red", "overdue_yellow", "silent", "struck_off"];
const REPORTS: [&str; 3] = ["owed", "received", "on_time"];

async fn read(app: &TestApp, path: &str) -> Value {
    app.visitor().get(path).await.expect(200).json()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("not a number: {value}"))
}

/// Changes the county past every route, as an import would, and waits until the map has it.
pub async fn change_county<F: Future<Output = bool>>(app: &TestApp, statement: &'static str, seen: impl FnMut() -> F) {
    let mut tx = app.pool.begin().await.expect("a transaction");
    sqlx::query(statement).execute(&mut *tx).await.expect(statement);
    changes::county_changed(&mut tx, app.world.county_id, app.now()).await.expect("noted");
    tx.commit().await.expect("committed");
    app.platform.changes.nudge();
    eventually(statement, seen).await;
}

/// Closes what is due at `at`, and waits until the map has `month` in `state`.
pub async fn close(app: &TestApp, at: &str, month: &str, state: &str) {
    app.set_clock(at);
    schedule::run_due(&app.platform).await.expect("the jobs run");
    app.platform.changes.nudge();
    eventually("the month is closed on the map", async || app.visitor().get(&format!("/api/summary?month={month}")).await.json()["state"] == state)
        .await;
}

/// The figures as anybody can compute them from the list of sites.
fn recomputed(sites: &[Value]) -> Value {
    let late = |site: &Value| site["start_overdue"] == true || site["finish_overdue"] == true;
    let count = |which: &dyn Fn(&Value) -> bool| sites.iter().filter(|site| which(site)).count();
    json!({
        "sites": sites.len(),
        "completed": count(&|site| site["stage"] == "completed"),
        "in_progress": count(&|site| site["stage"] == "in_progress"),
        "not_started": count(&|site| site["stage"] == "not_started"),
        "overdue_red": count(&|site| site["stage"] == "not_started" && late(site)),
        "overdue_yellow": count(&|site| site["stage"] == "in_progress" && late(site)),
        "silent": count(&|site| site["silent"] == true),
        "struck_off": count(&|site| !site["struck_off_on"].is_null()),
    })
}

fn assert_parts_add_up(summary: &Value) {
    for list in ["projects", "regions", "units"] {
        let parts = summary[list].as_array().expect("a list");
        for name in COUNTS {
            let sum: i64 = parts.iter().map(|part| number(&part["counts"][name])).sum();
            assert_eq!(sum, number(&summary["totals"][name]), "{name} of {list}");
        }
        for name in REPORTS {
            let sum: i64 = parts.iter().map(|part| number(&part[name])).sum();
            assert_eq!(sum, number(&summary[name]), "{name} of {list}");
        }
    }
}

#[tokio::test]
async fn parts_add_up_and_agree_with_the_list_of_sites_whatever_happens() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let sites = [&app.world.west[0], &app.world.west[1], &app.world.east[0], &app.world.east[1]];
    let stages = [("in_progress", 40), ("completed", 100), ("not_started", 0)];
    for step in 0..9_usize {
        let (site, (stage, percent)) = (sites[(step * 7 + 2) % 4], stages[step % 3]);
        correct(&app, &committee, site.site_id, stage, percent).await;
        eventually("the map knows", async || read(&app, &format!("/api/sites/{}", site.site_id)).await["stage"] == stage).await;
        if step == 5 {
            StoredReport::new(sites[0].site_id, app.world.deputies["deputy"], app.now(), "in_progress").take_effect(&app.pool, &app.world).await;
            change_county(&app, "select 1", async || number(&read(&app, "/api/summary").await["received"]) == 1).await;
        }
        let summary = read(&app, "/api/summary").await;
        assert_eq!(summary["totals"], recomputed(&app.visitor().get("/api/sites").await.expect(200).items()), "step {step}");
        assert_parts_add_up(&summary);
    }
    close(&app, "2026-11-01T00:01:00+08:00", "2026-10", "provisional").await;
    let october = read(&app, "/api/summary?month=2026-10").await;
    assert_eq!(october["totals"], recomputed(&app.visitor().get("/api/sites?month=2026-10").await.expect(200).items()));
    assert_parts_add_up(&october);
    assert_eq!((&october["owed"], &october["received"]), (&json!(5), &json!(1)));
    let recorded = read(&app, "/api/reporting-months/2026-10").await;
    for name in REPORTS {
        assert_eq!(recorded[name], october[name], "{name} as the reporting month says");
    }
}

#[tokio::test]
async fn a_site_in_no_township_is_counted_under_the_county() {
    let app = TestApp::start().await;
    let in_county = "update sites set region_code = '339901' where code = '2026-01-004' and region_code = '339901002'";
    change_county(&app, in_county, async || read(&app, "/api/summary").await["regions"].as_array().map(Vec::len) == Some(3)).await;
    let summary = read(&app, "/api/summary").await;
    assert_eq!(summary["regions"][2]["region"], json!({"code": "339901", "name": "试验县"}));
    assert_parts_add_up(&summary);
}

#[tokio::test]
async fn whoever_is_too_small_is_marked_and_still_counted() {
    let app = TestApp::start().await;
    let summary = read(&app, "/api/summary").await;
    assert_eq!(summary["minimum_ranked"], 5);
    for list in ["projects", "regions", "units"] {
        assert!(summary[list].as_array().expect("a list").iter().all(|part| part["ranked"] == false), "{list}");
    }
    let two = "update counties set minimum_ranked = 2 where code = '339901'";
    change_county(&app, two, async || read(&app, "/api/summary").await["minimum_ranked"] == 2).await;
    let one_site = "update sites set unit_id = (select unit_id from units where name = '县教育局') where code = '2026-01-004' and name like '东山%'";
    change_county(&app, one_site, async || number(&read(&app, "/api/summary").await["units"][0]["counts"]["sites"]) != 2).await;
    let summary = read(&app, "/api/summary").await;
    let units: Vec<_> = summary["units"].as_array().expect("units").iter().map(|unit| (&unit["unit"]["name"], &unit["ranked"])).collect();
    assert_eq!(units.iter().filter(|(_, ranked)| **ranked == true).count(), 1, "{units:?}");
    assert_parts_add_up(&summary);
}

#[tokio::test]
async fn the_course_of_the_year_lies_beside_the_plan() {
    let app = TestApp::start().await;
    correct(&app, &app.as_login("committee").await, app.world.west[0].site_id, "completed", 100).await;
    let moved = "update sites set planned_finish_on = '2026-10-31', original_planned_finish_on = '2026-09-30' where code = '2026-01-001'";
    change_county(&app, moved, async || read(&app, "/api/progress").await["months"][9]["planned_current"] == 1).await;
    close(&app, "2026-11-06T00:01:00+08:00", "2026-10", "final").await;
    let progress = read(&app, "/api/progress?year=2026").await;
    assert_eq!(
        (&progress["year"], &progress["years"], &progress["sites"], &progress["undated"]),
        (&json!(2026), &json!([2026]), &json!(4), &json!(0))
    );
    let months = progress["months"].as_array().expect("months");
    assert_eq!(months.len(), 12);
    let planned = |index: usize| (number(&months[index]["planned_original"]), number(&months[index]["planned_current"]));
    assert_eq!([planned(7), planned(8), planned(9), planned(10), planned(11)], [(0, 0), (1, 0), (1, 1), (1, 1), (4, 4)]);
    assert_eq!((&months[8]["state"], &months[8]["figures"]), (&json!(null), &json!(null)), "September had no map");
    assert_eq!((&months[9]["state"], &months[10]["state"], &months[11]["state"]), (&json!("final"), &json!("live"), &json!(null)));
    for (index, month) in [(9, "2026-10"), (10, "2026-11")] {
        let summary = read(&app, &format!("/api/summary?month={month}")).await;
        assert_eq!(months[index]["figures"]["counts"], summary["totals"], "{month}");
        for name in REPORTS {
            assert_eq!(months[index]["figures"][name], summary[name], "{name} of {month}");
        }
    }
}

#[tokio::test]
async fn the_course_goes_on_into_the_year_after_and_no_further() {
    let app = TestApp::start().await;
    let months = async || read(&app, "/api/progress").await["months"].as_array().map(Vec::len);
    for (at, expected) in [("2026-01-05T08:00:00+08:00", 12), ("2027-02-05T08:00:00+08:00", 14), ("2029-02-05T08:00:00+08:00", 24)] {
        app.set_clock(at);
        assert_eq!(months().await, Some(expected), "{at}");
    }
}

#[tokio::test]
async fn what_cannot_be_told_is_said_in_words() {
    let app = TestApp::start().await;
    for (path, status) in [
        ("/api/progress?year=2031", 404),
        ("/api/progress?year=x", 422),
        ("/api/progress?colour=red", 422),
        ("/api/summary?month=2026-09", 404),
        ("/api/summary?month=2026-13", 422),
        ("/export/figures.csv?by=project&month=2026-09", 404),
        ("/export/figures.csv?by=deputy", 422),
        ("/export/figures.csv", 422),
        ("/export/progress.csv?year=2031", 404),
    ] {
        let answer = app.visitor().get(path).await.expect(status);
        assert!(!answer.json()["detail"].as_str().unwrap_or("").is_empty(), "{path}");
    }
    let english = Answer::of(app.visitor().request(Method::GET, "/api/progress?year=2031").header("accept-language", "en")).await;
    assert_eq!(english.json()["detail"], "There are no livelihood projects of that year");
}

#[tokio::test]
async fn unchanged_figures_are_not_sent_again_and_final_ones_may_be_kept() {
    let app = TestApp::start().await;
    let again = async |path: &str, etag: &str| Answer::of(app.visitor().request(Method::GET, path).header("if-none-match", etag.to_owned())).await;
    for path in ["/api/progress", "/api/glossary"] {
        let first = app.visitor().get(path).await.expect(200);
        let etag = first.header("etag").to_owned();
        app.set_clock("2026-10-20T09:00:30+08:00");
        again(path, &etag).await.expect(304);
    }
    let live = app.visitor().get("/api/summary").await;
    assert_eq!(live.header("cache-control"), "public, no-cache");
    correct(&app, &app.as_login("committee").await, app.world.east[0].site_id, "completed", 100).await;
    eventually("the figures are new", async || again("/api/summary", live.header("etag")).await.status == 200).await;
    close(&app, "2026-11-06T00:01:00+08:00", "2026-10", "final").await;
    let closed = app.visitor().get("/api/summary?month=2026-10").await;
    assert_eq!(closed.header("cache-control"), "public, max-age=3600");
}

#[tokio::test]
async fn the_files_hold_the_same_numbers() {
    let app = TestApp::start().await;
    correct(&app, &app.as_login("committee").await, app.world.west[0].site_id, "completed", 100).await;
    eventually("the map knows", async || read(&app, "/api/summary").await["totals"]["completed"] == 1).await;
    let text = app.visitor().get("/export/figures.csv?by=township").await.expect(200).text();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("镇街,点位,已完成,进行中,未开始,完成率,"), "{text}");
    assert_eq!(lines[1], "西河镇,2,1,0,1,50%,1,0,0,3,0,0,0");
    assert_eq!(lines[3], "合计,4,1,0,3,25%,3,0,0,5,0,0,0");
    let english = app.visitor().get("/export/figures.csv?by=unit&lang=en").await.expect(200).text();
    assert!(english.starts_with("\u{feff}Undertaking unit,Sites,Completed,"), "{english}");
    let course = app.visitor().get("/export/progress.csv").await.expect(200);
    assert_eq!(course.header("content-disposition"), "attachment; filename=\"339901-progress-2026.csv\"");
    assert!(course.text().contains("2026-10,实时数字,4,1,0,3,0,0,5,0,0"), "{}", course.text());
}

#[tokio::test]
async fn every_word_is_explained_in_both_languages() {
    let app = TestApp::start().await;
    let entries = app.visitor().get("/api/glossary").await.expect(200).items();
    for code in ["completed", "overdue_red", "silent", "owed", "received", "on_time", "planned_original", "ranked", "provisional", "final"] {
        let entry = entries.iter().find(|entry| entry["code"] == code).unwrap_or_else(|| panic!("{code} is not explained"));
        for language in ["zh", "en"] {
            assert!(entry[language]["meaning"].as_str().is_some_and(|meaning| meaning.len() > 10), "{code} in {language}");
        }
    }
}
