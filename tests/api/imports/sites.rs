//! Sites: what offices really send, and what becomes of what already stands on the map.

use harness::TestApp;
use rust_xlsxwriter::{Format, Formula};
use serde_json::{Value, json};

use super::{confirm, counts, errors, findings, id, sites_csv, upload, workbook};

async fn stages(app: &TestApp, name: &str) -> Option<(String, i16)> {
    sqlx::query_as("select stage, percent from sites where county_id = $1 and name = $2 and withdrawn_at is null")
        .bind(app.world.county_id.0)
        .bind(name)
        .fetch_optional(&app.pool)
        .await
        .expect("an answer")
}

/// Title, merged header and project, formulas, totals, a footer: a workbook as it comes by mail.
fn office_workbook() -> Vec<u8> {
    workbook(|sheet| {
        let plain = Format::new();
        let percent = Format::new().set_num_format("0%");
        sheet.merge_range(0, 0, 0, 8, "试验县2026年民生实事项目进展情况表", &plain).unwrap();
        for (column, header) in
            ["序号", "民生实事项目", "建设项目", "镇街", "经纬度", "牵头单位", "开工时间", "完成时限", "形象进度"].into_iter().enumerate()
        {
            sheet.write(1, column as u16, header).unwrap();
        }
        sheet.write(1, 9, "完成率").unwrap();
        sheet.merge_range(2, 0, 4, 0, "", &plain).unwrap();
        sheet.write(2, 0, 2).unwrap();
        sheet.merge_range(2, 1, 4, 1, "建成老年食堂3家", &plain).unwrap();
        sheet.merge_range(2, 5, 4, 5, "县民政局", &plain).unwrap();
        let rows = [
            ("西河镇老年食堂", "西河镇", "120.06，30.11", "2026年3月", "2026年底前", "正在推进"),
            ("东山镇老年食堂", "东山", "30.12,120.31", "2026/4/1", "2026.9.30", "已完工"),
            ("西河镇第二老年食堂", "西河镇", "东经120°6′36″ 北纬30°9′", "上半年", "年底", "未开工"),
        ];
        for (row, (name, township, position, start, finish, stage)) in (2..).zip(rows) {
            for (column, text) in [(2, name), (3, township), (4, position), (6, start), (7, finish), (8, stage)] {
                sheet.write(row, column, text).unwrap();
            }
        }
        sheet.write_with_format(2, 9, 0.35, &percent).unwrap();
        sheet.write_formula_with_format(3, 9, Formula::new("=50%+50%").set_result("1"), &percent).unwrap();
        sheet.write_with_format(4, 9, 0, &percent).unwrap();
        sheet.write(5, 0, "合计").unwrap();
        sheet.write(5, 2, "3个").unwrap();
        sheet.merge_range(6, 0, 6, 9, "注：本表由县民政局填报。", &plain).unwrap();
    })
}

#[tokio::test]
async fn a_workbook_as_offices_send_it_is_understood() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let import = upload(&committee, "kind=sites&year=2026&file_name=进展.xlsx", office_workbook()).await;
    assert_eq!(errors(&import), Vec::<&str>::new(), "{import:#}");
    assert_eq!((counts(&import), import["can_confirm"].as_bool()), ((3, 0, 0), Some(true)));
    assert_eq!(findings(&import, "total_skipped").len(), 1);
    assert_eq!(findings(&import, "remark_skipped")[0]["row"], 7);
    assert_eq!(findings(&import, "latitude_first")[0]["column"], "E 经纬度");
    confirm(&committee, &import).await;
    let rows: Vec<(String, String, i16, String, String, f64)> = sqlx::query_as(
        "select s.code, s.stage, s.percent, planned_start_on || '/' || planned_finish_on, r.name, round(st_x(position)::numeric, 6)::float8
         from sites s join regions r using (county_id, region_code) where s.county_id = $1 and code like '2026-02-%' order by code",
    )
    .bind(app.world.county_id.0)
    .fetch_all(&app.pool)
    .await
    .expect("sites");
    let row =
        |code: &str, stage: &str, percent, dates: &str, region: &str, lon| (code.into(), stage.into(), percent, dates.into(), region.into(), lon);
    assert_eq!(
        rows,
        [
            row("2026-02-001", "in_progress", 35, "2026-03-01/2026-12-31", "西河镇", 120.06),
            row("2026-02-002", "completed", 100, "2026-04-01/2026-09-30", "东山镇", 120.31),
            row("2026-02-003", "not_started", 0, "2026-01-01/2026-12-31", "西河镇", 120.11),
        ]
    );
}

#[tokio::test]
async fn a_geojson_of_points_is_understood() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let file = json!({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3, 30.2]},
        "properties": {"name": "东山镇书屋", "project": {"number": 9, "name": "城市书屋"}, "unit": "县教育局", "township": "东山镇", "stage": "in_progress", "percent": 40}}]});
    let import = upload(&committee, "kind=sites&year=2026", file.to_string()).await;
    assert_eq!((counts(&import), errors(&import)), ((1, 0, 0), vec![]), "{import:#}");
    confirm(&committee, &import).await;
    assert_eq!(stages(&app, "东山镇书屋").await, Some(("in_progress".to_owned(), 40)));
}

#[tokio::test]
async fn each_fault_names_its_cell_and_what_to_do() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let file = sites_csv(&[
        "1,新改扩建公办幼儿园,好的,西河镇,120.11,30.22,县教育局,2026-03-01,2026-12-20,进行中,80%,",
        "1,新改扩建公办幼儿园,反的,西河镇,30.22,120.11,县教育局,2026-03-01,2026-12-20,进行中,80%,",
        "1,新改扩建公办幼儿园,远的,西河镇,121.11,30.22,县教育局,2026-03-01,2026-12-20,进行中,80%,",
        "1,新改扩建公办幼儿园,零的,西河镇,0,0,县教育局,2026-13-01,2026-12-20,随缘,180%,",
        "1,新改扩建公办幼儿园,倒的,西西镇,120.11,30.22,县教育局,2026-12-01,2026-03-01,进行中,80%,",
        "1,别的项目,冲突,西河镇,120.11,30.22,县教育局,,,进行中,80%,",
    ]);
    let import = upload(&committee, "kind=sites&year=2026", file).await;
    let at = |code: &str| {
        let finding = findings(&import, code).first().copied().cloned().unwrap_or_else(|| panic!("no {code}: {import:#}"));
        assert!(finding["message"].as_str().is_some_and(|message| message.contains("请")), "{finding}");
        (
            finding["row"].as_u64().expect("a row"),
            finding["column"].as_str().unwrap_or("").to_owned(),
            finding["value"].as_str().unwrap_or("").to_owned(),
        )
    };
    let cell = |row, column: &str, value: &str| (row, column.to_owned(), value.to_owned());
    assert_eq!(at("coordinates_swapped"), cell(3, "E 经度", "30.22,120.11"));
    assert_eq!(at("outside_county"), cell(4, "E 经度", "121.11,30.22"));
    assert_eq!(at("coordinates_zero"), cell(5, "E 经度", "0,0"));
    assert_eq!(at("date_unreadable"), cell(5, "H 计划开工", "2026-13-01"));
    assert_eq!(at("stage_unknown"), cell(5, "J 当前状态", "随缘"));
    assert_eq!(at("percent_unreadable"), cell(5, "K 当前进度", "180%"));
    assert_eq!(at("dates_reversed").0, 6);
    assert_eq!(at("project_differs"), cell(7, "B 项目名称", "别的项目"));
    assert_eq!(import["can_confirm"], false);
    committee.post(&format!("/api/imports/{}/confirm", id(&import)), json!({})).await.expect(409);
    assert_eq!(stages(&app, "好的").await, None, "all or nothing");
}

#[tokio::test]
async fn findings_are_said_in_english_when_asked() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let request = committee
        .request(reqwest::Method::POST, "/api/imports?kind=sites")
        .header("accept-language", "en")
        .header("idempotency-key", uuid::Uuid::new_v4().to_string());
    let import = harness::Answer::of(request.body("x")).await.expect(201).json();
    assert!(import["findings"][0]["message"].as_str().is_some_and(|message| message.starts_with("No header")), "{import}");
}

#[tokio::test]
async fn points_from_another_map_are_called_probably_gcj_02() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let rows = |datum: geodata::Datum| {
        let row = |index: u32| {
            let real = geodata::LonLat::new(120.1975, 30.02 + f64::from(index) * 0.02).expect("a position");
            let written = datum.from_wgs84(real);
            format!("1,新改扩建公办幼儿园,测点{index},西河镇,{},{},县教育局,,,未开始,0,", written.lon(), written.lat())
        };
        (0..16).map(row).collect::<Vec<_>>()
    };
    let file = |datum| sites_csv(&rows(datum).iter().map(String::as_str).collect::<Vec<_>>());
    let import = upload(&committee, "kind=sites&year=2026&datum=wgs84", file(geodata::Datum::Gcj02)).await;
    let finding = findings(&import, "datum_doubtful").first().copied().cloned().expect("a warning");
    let message = finding["message"].as_str().expect("words");
    assert!(message.contains("很可能是 GCJ-02") && message.contains("16 个"), "{message}");
    assert_eq!(finding["severity"], "warning");

    let import = upload(&committee, "kind=sites&year=2026&datum=gcj02", file(geodata::Datum::Gcj02)).await;
    assert!(findings(&import, "datum_doubtful").is_empty() && errors(&import).is_empty());
    confirm(&committee, &import).await;
    let (lon, source): (f64, String) =
        sqlx::query_as("select st_x(position), source_datum || ' ' || source_position from sites where name = '测点0'")
            .fetch_one(&app.pool)
            .await
            .expect("a site");
    assert!((lon - 120.1975).abs() < 1e-7 && source.starts_with("gcj02 120.20"), "{lon} {source}");
}

#[tokio::test]
async fn a_changed_row_is_shown_as_changed_and_leaves_the_stage_alone() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let file = sites_csv(&["1,新改扩建公办幼儿园,西河镇中心幼儿园,西河镇,120.05,30.1,县住建局,2026-03-01,2027-01-31,已完成,100%,新备注"]);
    let import = upload(&committee, "kind=sites&year=2026", file.clone()).await;
    assert_eq!(counts(&import), (0, 1, 0), "{import:#}");
    let fields: Vec<&str> = import["preview"][0]["differences"].as_array().expect("differences").iter().filter_map(|d| d["field"].as_str()).collect();
    assert_eq!(fields, ["unit", "remarks"]);
    assert_eq!(findings(&import, "stage_not_changed").len(), 1);
    let kept = findings(&import, "plan_not_changed");
    assert_eq!((kept.len(), &kept[0]["value"]), (1, &json!("2027-01-31")), "a plan changes by a decision, not by a file");
    confirm(&committee, &import).await;
    let after: (String, String, String, String) = sqlx::query_as(
        "select s.stage, u.name, original_planned_finish_on::text, planned_finish_on::text from sites s join units u using (county_id, unit_id)
         where s.county_id = $1 and site_id = $2",
    )
    .bind(app.world.county_id.0)
    .bind(app.world.west[0].site_id.0)
    .fetch_one(&app.pool)
    .await
    .expect("the site");
    assert_eq!(after, ("not_started".into(), "县住建局".into(), "2026-12-20".into(), "2026-12-20".into()));
    assert_eq!(counts(&upload(&committee, "kind=sites&year=2026", file).await), (0, 0, 1));

    committee.post(&format!("/api/imports/{}/undo", id(&import)), json!({})).await.expect(200);
    let before: (String, String, i64) = sqlx::query_as(
        "select u.name, planned_finish_on::text || remarks, round(st_x(position) * 1e9)::bigint from sites s join units u using (county_id, unit_id)
         where s.county_id = $1 and site_id = $2",
    )
    .bind(app.world.county_id.0)
    .bind(app.world.west[0].site_id.0)
    .fetch_one(&app.pool)
    .await
    .expect("the site");
    assert_eq!(before, ("县教育局".into(), "2026-12-20".into(), 120_050_000_000));
}

#[tokio::test]
async fn an_undone_import_leaves_the_map_as_it_was_and_can_come_again() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let import = upload(&committee, "kind=sites&year=2026", office_workbook()).await;
    confirm(&committee, &import).await;
    committee.post(&format!("/api/imports/{}/confirm", id(&import)), json!({})).await.expect(409);
    let undone = committee.post(&format!("/api/imports/{}/undo", id(&import)), json!({})).await.expect(200).json();
    assert!(undone["undone_at"].is_string());
    committee.post(&format!("/api/imports/{}/undo", id(&import)), json!({})).await.expect(409);
    assert_eq!(stages(&app, "西河镇老年食堂").await, None);
    let projects: Vec<String> = {
        let mut connection = app.pool.acquire().await.expect("a connection");
        let projects = minsheng_map::projects::store::list_projects(&mut connection, app.world.county_id).await.expect("projects");
        projects.into_iter().map(|project| project.title).collect()
    };
    assert_eq!(projects, ["新改扩建公办幼儿园"], "the project of withdrawn sites is not shown either");

    let again = upload(&committee, "kind=sites&year=2026", office_workbook()).await;
    assert_eq!(counts(&again), (3, 0, 0));
    assert_eq!(again["preview"][0]["code"], "2026-02-001", "the printed code stays");
    confirm(&committee, &again).await;
    assert_eq!(stages(&app, "西河镇老年食堂").await, Some(("in_progress".to_owned(), 35)));
}

#[tokio::test]
async fn an_import_with_reports_or_a_later_import_on_it_is_not_undone() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let first = upload(&committee, "kind=sites&year=2026", office_workbook()).await;
    confirm(&committee, &first).await;
    app.set_clock("2026-10-20T09:10:00+08:00");
    let second = upload(&committee, "kind=sites&year=2026", sites_csv(&["7,另一个项目,后来的点,西河镇,120.11,30.22,县教育局,,,,,"])).await;
    confirm(&committee, &second).await;
    let refused = committee.post(&format!("/api/imports/{}/undo", id(&first)), json!({})).await.expect(409);
    assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("请先撤销")), "{}", refused.text());
    committee.post(&format!("/api/imports/{}/undo", id(&second)), json!({})).await.expect(200);
    sqlx::query(
        "insert into reports (county_id, report_id, body_hash, site_id, deputy_id, account_id, month, stage, percent, words, written_at, received_at, counted_at)
         select $1, gen_random_uuid(), sha256('x'), site_id, $2, $3, '2026-10-01', stage, percent, '看过', now(), now(), now()
         from sites where county_id = $1 and name = '西河镇老年食堂'",
    )
    .bind(app.world.county_id.0)
    .bind(app.world.deputies["deputy"].0)
    .bind(app.world.account("deputy").0)
    .execute(&app.pool)
    .await
    .expect("a report");
    let refused = committee.post(&format!("/api/imports/{}/undo", id(&first)), json!({})).await.expect(409);
    assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("西河镇老年食堂")), "{}", refused.text());
}

#[tokio::test]
async fn a_preview_that_is_no_longer_true_is_not_confirmed() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let file = sites_csv(&["1,新改扩建公办幼儿园,西河镇中心幼儿园,西河镇,120.05,30.1,县教育局,,,,,第一"]);
    let import = upload(&committee, "kind=sites&year=2026", file).await;
    sqlx::query("update sites set remarks = '别人改的' where name = '西河镇中心幼儿园'").execute(&app.pool).await.expect("a change");
    let refused = committee.post(&format!("/api/imports/{}/confirm", id(&import)), json!({})).await.expect(409);
    assert!(refused.text().contains("重新上传"));
}

#[tokio::test]
async fn a_working_committee_imports_only_into_its_township() {
    let app = TestApp::start().await;
    let west = app.as_login("working_committee").await;
    let own = sites_csv(&["1,新改扩建公办幼儿园,西河镇第三幼儿园,西河镇,120.11,30.22,县教育局,,,,,"]);
    let import = upload(&west, "kind=sites&year=2026", own).await;
    assert_eq!(errors(&import), Vec::<&str>::new());
    let foreign =
        sites_csv(&["1,新改扩建公办幼儿园,东山镇第三幼儿园,东山镇,120.31,30.22,县教育局,,,,,", "5,新的项目,甲,西河镇,120.11,30.22,县教育局,,,,,"]);
    let refused = upload(&west, "kind=sites&year=2026", foreign).await;
    assert_eq!(errors(&refused), ["outside_your_area", "project_not_found"]);
    west.post_bytes("/api/imports?kind=regions", b"{}".to_vec()).await.expect(403);
    let east = app.as_login("working_committee_east").await;
    east.get(&format!("/api/imports/{}", id(&import))).await.expect(404);
    assert!(east.get("/api/imports").await.expect(200).items().is_empty());
    confirm(&west, &import).await;
    assert_eq!(app.as_login("committee").await.get("/api/imports").await.expect(200).items().len(), 2);
}

#[tokio::test]
async fn a_working_committee_takes_no_site_from_another_township() {
    let app = TestApp::start().await;
    let west = app.as_login("working_committee").await;
    let taken = sites_csv(&["1,新改扩建公办幼儿园,东山镇中心幼儿园,西河镇,120.11,30.22,县教育局,,,,,"]);
    let refused = upload(&west, "kind=sites&year=2026", taken).await;
    assert_eq!(errors(&refused), ["outside_your_area"], "{refused:#}");
    west.post(&format!("/api/imports/{}/confirm", id(&refused)), json!({})).await.expect(409);
}

#[tokio::test]
async fn a_township_changes_no_key_site_by_a_file() {
    let app = TestApp::start().await;
    let west = app.as_login("working_committee").await;
    let row = "1,新改扩建公办幼儿园,西河镇第三幼儿园,西河镇,120.11,30.22,县教育局,,,,,";
    let made = upload(&west, "kind=sites&year=2026", sites_csv(&[row])).await;
    confirm(&west, &made).await;
    let changed = sites_csv(&[&format!("{row}另有说明")]);
    let seen_before = upload(&west, "kind=sites&year=2026", changed.clone()).await;
    assert_eq!(errors(&seen_before), Vec::<&str>::new());
    let reserved = sqlx::query("update sites set key_site = true where name = '西河镇第三幼儿园'").execute(&app.pool).await.expect("a key site");
    assert_eq!(reserved.rows_affected(), 1);
    west.post(&format!("/api/imports/{}/confirm", id(&seen_before)), json!({})).await.expect(409);
    let refused = upload(&west, "kind=sites&year=2026", changed.clone()).await;
    assert_eq!(errors(&refused), ["key_site"], "{refused:#}");
    west.post(&format!("/api/imports/{}/confirm", id(&refused)), json!({})).await.expect(409);
    let unchanged = upload(&west, "kind=sites&year=2026", sites_csv(&[row])).await;
    assert_eq!(errors(&unchanged), Vec::<&str>::new(), "what changes nothing is no decision");
    let adopter = "序号,姓名,手机号码,层级,选区,代表小组,联络站,镇街,领办点位\n\
        2,甲代表,13900000001,县级,第二选区,教育小组,,西河镇,西河镇第三幼儿园";
    let adopts = upload(&west, "kind=deputies&year=2026", adopter).await;
    assert_eq!(errors(&adopts), ["key_site"], "{adopts:#}");
    let kept = west.post(&format!("/api/imports/{}/undo", id(&made)), json!({})).await.expect(409);
    assert!(kept.text().contains("重点点位"), "{}", kept.text());
    let committee = app.as_login("committee").await;
    let countys = upload(&committee, "kind=sites&year=2026", changed).await;
    assert_eq!(errors(&countys), Vec::<&str>::new());
    confirm(&committee, &countys).await;
}

#[tokio::test]
async fn only_committees_import_and_only_into_their_county() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let import = upload(&committee, "kind=sites&year=2026", sites_csv(&["1,新改扩建公办幼儿园,甲,西河镇,120.11,30.22,县教育局,,,,,"])).await;
    let path = format!("/api/imports/{}", id(&import));
    for login in ["deputy", "unit", "keeper", "admin", "auditor"] {
        let client = app.as_login(login).await;
        client.post_bytes("/api/imports?kind=sites", b"x".to_vec()).await.expect(403);
        client.get("/api/imports").await.expect(403);
        client.get(&path).await.expect(403);
        client.post(&format!("{path}/confirm"), json!({})).await.expect(403);
        client.post(&format!("{path}/undo"), json!({})).await.expect(403);
    }
    let visitor = app.visitor();
    visitor.post_bytes("/api/imports?kind=sites", b"x".to_vec()).await.expect(401);
    visitor.get(&path).await.expect(401);
    let foreign = app.as_login("foreign_committee").await;
    foreign.get(&path).await.expect(404);
    foreign.post(&format!("{path}/confirm"), json!({})).await.expect(404);
    for query in ["kind=people", "kind=sites&datum=nad27", "kind=sites&year=1822", "kind=sites&x=1", ""] {
        committee.post_bytes(&format!("/api/imports?{query}"), b"x".to_vec()).await.expect(422);
    }
    committee.post_bytes("/api/imports?kind=sites", vec![b'x'; 21 * 1024 * 1024]).await.expect(413);
}

#[tokio::test]
async fn every_step_of_an_import_is_on_record() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let import: Value = upload(&committee, "kind=sites&year=2026", office_workbook()).await;
    confirm(&committee, &import).await;
    committee.post(&format!("/api/imports/{}/undo", id(&import)), json!({})).await.expect(200);
    let actions: Vec<String> = sqlx::query_scalar("select action from audit_log where object_kind = 'import' and object_id = $1 order by audit_id")
        .bind(id(&import))
        .fetch_all(&app.pool)
        .await
        .expect("a log");
    assert_eq!(actions, ["import.prepare", "import.confirm", "import.undo"]);
    let reloads: i64 = sqlx::query_scalar("select count(*) from change_log where kind = 'county'").fetch_one(&app.pool).await.expect("a count");
    assert!(reloads >= 2);
}

#[tokio::test]
async fn a_site_that_left_the_plan_by_decision_is_brought_back_by_no_file() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let (site, name) = (app.world.west[0].site_id, "西河镇中心幼儿园");
    let decision = json!({"decision_number": "县人常〔2026〕15号", "decided_on": "2026-10-18", "reason": "并入他处", "rev": 1});
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(site.0).fetch_one(&app.pool).await.expect("a site");
    let mut decision = decision;
    decision["rev"] = json!(rev);
    committee.post(&format!("/api/sites/{site}/withdrawal"), decision).await.expect(200);
    let file = sites_csv(&[&format!("1,新改扩建公办幼儿园,{name},西河镇,120.05,30.1,县教育局,2026-03-01,2026-12-01,未开始,0,")]);
    let import = upload(&committee, "kind=sites&year=2026&file_name=点位.csv", file).await;
    let found = findings(&import, "left_the_plan");
    assert_eq!((found.len(), &found[0]["row"], &import["can_confirm"]), (1, &json!(2), &json!(false)), "{import:#}");
    assert!(found[0]["message"].as_str().is_some_and(|words| words.contains("县人常〔2026〕15号")), "{import:#}");
    committee.post(&format!("/api/imports/{}/confirm", id(&import)), json!({})).await.expect(409);
    assert_eq!(stages(&app, name).await, None, "it stays off the plan");
}
