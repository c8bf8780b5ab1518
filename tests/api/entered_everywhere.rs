//! A report that staff entered for a deputy is told as such wherever anybody reads of it: one walk over every public and desk reading.

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use harness::{StoredReport, TestApp, pictures};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::figures::close;
use crate::group_themes::group;
use crate::reports::{report, send_photo, with};

const MARK: &str = "由人大工作人员代录（电话）";

/// What the working committee enters on the first western site for `deputy`, who told it by telephone; the second site they report themselves.
async fn entered(app: &TestApp) -> Uuid {
    let (id, staff) = (Uuid::now_v7(), app.as_login("working_committee").await);
    let photo = send_photo(&staff, 7).await;
    assert_eq!(photo, pictures::sha256(&pictures::jpeg(7)));
    let body = with(report(&app.world.west[0], "completed", 100), json!({"photos": [photo], "position": null}));
    let path = format!("/api/deputies/{}/reports/{id}", app.world.deputies["deputy"]);
    staff.put(&path, json!({"came_by": "telephone", "report": body})).await.expect(201);
    let own = StoredReport::new(app.world.west[1].site_id, app.world.deputies["deputy"], app.now(), "in_progress");
    own.take_effect(&app.pool, &app.world).await;
    id
}

/// Every cell of every sheet.
fn cells(bytes: Vec<u8>) -> Vec<String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheets = book.sheet_names();
    let ranges = sheets.iter().map(|name| book.worksheet_range(name).expect("a sheet")).collect::<Vec<_>>();
    ranges.iter().flat_map(|range| range.rows().flatten().map(ToString::to_string).collect::<Vec<_>>()).collect()
}

async fn page(app: &TestApp, path: &str) -> String {
    app.visitor().get(path).await.expect(200).text()
}

#[tokio::test]
async fn open_data_says_which_reports_were_entered_and_what_the_column_means() {
    let app = TestApp::start().await;
    let id = entered(&app).await.to_string();
    let csv = page(&app, "/export/reports.csv").await;
    assert!(csv.lines().next().expect("headers").contains(",代表,代录方式,状态,"), "{csv}");
    let line = |which: &dyn Fn(&str) -> bool| csv.lines().find(|line| which(line)).expect("a line").to_owned();
    assert!(line(&|line| line.starts_with(&id)).contains(",甲代表,电话,已完成,"), "{csv}");
    assert!(line(&|line| line.contains(",西河镇第二幼儿园,")).contains(",甲代表,,进行中,"), "the deputy's own has no way: {csv}");
    let features = app.visitor().get("/export/reports.geojson").await.expect(200).json();
    let came_by = |site: &str| {
        let feature = features["features"].as_array().expect("features").iter().find(|each| each["properties"]["site_name"] == site).expect(site);
        feature["properties"]["came_by"].clone()
    };
    assert_eq!((came_by("西河镇中心幼儿园"), came_by("西河镇第二幼儿园")), (json!("telephone"), Value::Null));
    assert!(cells(app.visitor().get("/export/reports.xlsx").await.expect(200).bytes).contains(&"电话".to_owned()));
    let dictionary = page(&app, "/open-data").await;
    assert!(dictionary.contains("代录方式") && dictionary.contains("怎样得知") && !dictionary.contains("到现场看过并写下"), "{dictionary}");
}

#[tokio::test]
async fn every_public_reading_of_a_site_and_of_its_deputy_bears_the_mark() {
    let app = TestApp::start().await;
    let id = entered(&app).await;
    let (site, deputy) = (app.world.west[0].clone(), app.world.deputies["deputy"]);
    for path in [format!("/sites/{}", site.code), format!("/sites/{}.atom", site.code), "/sites.atom".to_owned()] {
        assert!(page(&app, &path).await.contains(MARK), "{path}");
        let english = page(&app, &format!("{path}?lang=en")).await;
        assert!(english.contains("Entered for the deputy by the committee’s staff (by telephone)"), "{english}");
    }
    for feed in [format!("/sites/{}.atom", site.code), "/sites.atom".to_owned()] {
        let atom = page(&app, &feed).await;
        let entry = atom.split("<entry>").find(|entry| entry.contains(&id.to_string())).expect("the entry");
        assert!(entry.contains(&format!("<name>甲代表，{MARK}</name>")), "{entry}");
        let own = atom.split("<entry>").find(|entry| entry.contains("西河镇第二幼儿园"));
        assert!(own.is_none_or(|own| own.contains("<name>甲代表</name>")), "the deputy's own bears none: {atom}");
    }
    let story = page(&app, &format!("/sites/{}", site.code)).await;
    assert!(story.contains("由工作人员代录的反馈附上") && !story.contains("甲代表 代表拍摄"), "the picture is not said to be the deputy's: {story}");
    let history = app.visitor().get(&format!("/api/sites/{}/history", site.site_id)).await.expect(200).items();
    assert_eq!((&history[0]["by"], &history[0]["on_behalf"]), (&json!("甲代表"), &json!("telephone")));
    let reports = app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.expect(200).items();
    assert_eq!(reports[0]["on_behalf"], "telephone");
    let story = app.visitor().get(&format!("/api/sites/{}/story", site.site_id)).await.expect(200).text();
    assert!(story.contains("\"on_behalf\":\"telephone\""), "{story}");
    let told = page(&app, &format!("/deputies/{deputy}")).await;
    assert!(told.contains("其中 1 次的反馈由人大工作人员根据代表的话代录"), "{told}");
    assert!(!page(&app, &format!("/deputies/{}", app.world.deputies["deputy2"])).await.contains("代录"));
}

#[tokio::test]
async fn bulletin_and_years_report_tell_it_and_nobody_is_thanked_for_what_others_entered() {
    let app = TestApp::start().await;
    entered(&app).await;
    for site in &app.world.east {
        StoredReport::new(site.site_id, app.world.deputies["deputy_east"], app.now(), "in_progress").take_effect(&app.pool, &app.world).await;
    }
    close(&app, "2026-11-01T00:01:00+08:00", "2026-10", "provisional").await;
    let bulletin = page(&app, "/bulletins/2026-10").await;
    assert!(bulletin.contains(&format!("甲代表代表督查反馈，{MARK}：未开始→已完成")), "{bulletin}");
    assert!(bulletin.contains("甲代表代表督查反馈：未开始→进行中"), "the deputy's own bears none: {bulletin}");
    let thanks = bulletin.split("<h2>按时反馈的代表").nth(1).expect("thanks").split("<h2").next().expect("thanks");
    assert!(thanks.contains("丙代表") && !thanks.contains("甲代表"), "both reports came in time, one of them by the staff: {thanks}");
    let workbook = cells(app.visitor().get("/export/bulletin.xlsx?month=2026-10").await.expect(200).bytes);
    assert!(workbook.iter().any(|cell| cell.contains(MARK)), "{workbook:?}");
    let year = page(&app, "/bulletins/years/2026").await;
    assert!(year.contains("由工作人员代录 1 份"), "{year}");
    assert!(cells(app.visitor().get("/export/year-report.xlsx?year=2026").await.expect(200).bytes).contains(&"其中由工作人员代录（份）".to_owned()));
}

#[tokio::test]
async fn every_desk_reading_and_the_deputys_own_bear_the_mark() {
    let app = TestApp::start().await;
    entered(&app).await;
    group(&app, &[app.world.project_id.0]).await;
    let (site, deputy) = (app.world.west[0].site_id, app.world.deputies["deputy"]);
    let staff = app.as_login("working_committee").await;
    let file = staff.get(&format!("/api/sites/{site}/file")).await.expect(200).json();
    assert_eq!(file["phones"][0]["entered_by"], "working_committee");
    let cockpit = staff.get("/api/reporting-months/2026-10/cockpit").await.expect(200).json();
    let rows = cockpit["rows"].as_array().expect("rows");
    let row = |site: i64| rows.iter().find(|row| row["site"]["id"] == site && row["deputy"]["id"] == json!(deputy)).expect("a row");
    assert_eq!(row(site.0)["on_behalf"], "telephone");
    assert_eq!(row(app.world.west[1].site_id.0)["on_behalf"], Value::Null);
    let wanted = json!({"wanted": {"list": "month_reports", "month": "2026-10"}, "format": "csv", "reason": "核对"});
    let url = staff.post("/api/desk-exports", wanted).await.expect(201).json()["url"].as_str().expect("an address").to_owned();
    let csv = staff.get(&url).await.expect(200).text();
    assert!(csv.lines().next().expect("headers").ends_with("收到日期,代录方式"), "{csv}");
    let line = csv.lines().find(|line| line.contains("甲代表") && line.contains("西河镇中心幼儿园")).expect("the line");
    assert!(line.ends_with(",电话"), "{csv}");
    let theme = app.as_login("deputy_east").await.get("/api/me/group-theme").await.expect(200).json();
    let item = theme["items"].as_array().expect("sites").iter().find(|item| item["site"]["id"] == json!(site)).expect("the site").clone();
    assert_eq!(item["last_report"]["on_behalf"], "telephone");
    let record = staff.get(&format!("/api/deputies/{deputy}/duty-record?year=2026")).await.expect(200).json();
    assert!(record["items"].as_array().expect("items").iter().any(|item| item["on_behalf"] == "telephone"), "{record}");
    let own = app.as_login("deputy").await;
    assert!(own.get("/api/me/reports").await.expect(200).items().iter().any(|item| item["on_behalf"] == "telephone"));
    assert!(own.get("/api/me/duty-record?year=2026").await.expect(200).text().contains("\"on_behalf\":\"telephone\""));
}
