//! What left the plan by a decision does not vanish: its story, its pictures, the list of all that left, the month's bulletin.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use harness::{Client, TestApp, eventually};
use serde_json::{Value, json};

use crate::figures::close;
use crate::reports::{path, report, send_photo};

const NUMBER: &str = "县人常〔2026〕15号";
const REASON: &str = "并入第二幼儿园，不再单独实施";

async fn text(app: &TestApp, path: &str) -> String {
    let asked = app.visitor().request(reqwest::Method::GET, path).header("accept", "text/html").header("accept-language", "zh-CN");
    harness::Answer::of(asked).await.expect(200).text()
}

async fn withdraw(app: &TestApp, committee: &Client, site: i64) {
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site");
    let decision = json!({"decision_number": NUMBER, "decided_on": "2026-10-18", "reason": REASON, "rev": rev});
    committee.post(&format!("/api/sites/{site}/withdrawal"), decision).await.expect(200);
    eventually("the map of today shows it no longer", async || app.visitor().get(&format!("/api/sites/{site}")).await.status.as_u16() == 404).await;
}

async fn sheets(app: &TestApp, path: &str) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(app.visitor().get(path).await.expect(200).bytes.to_vec())).expect("a workbook")
}

#[tokio::test]
async fn the_story_of_a_site_that_left_the_plan_stays_with_its_decision_and_its_pictures() {
    let app = TestApp::start().await;
    let (site, deputy, committee) = (&app.world.west[0], app.as_login("deputy").await, app.as_login("committee").await);
    let photo = send_photo(&deputy, 1).await;
    let mut body = report(site, "in_progress", 40);
    body["photos"] = json!([photo]);
    deputy.put(&path(uuid::Uuid::now_v7()), body).await.expect(201);
    let page = format!("/sites/{}", site.code);
    let before = text(&app, &page).await;
    app.set_clock("2026-10-20T09:10:00+08:00");
    assert!(before.contains("/challenge?site=") && !before.contains("已撤出项目计划"), "{before}");
    withdraw(&app, &committee, site.site_id.0).await;

    let said = text(&app, &page).await;
    for wanted in [
        "已撤出项目计划",
        "2026年10月20日起撤出计划，依据 县人常〔2026〕15号（2026年10月18日决定）",
        "理由：并入第二幼儿园，不再单独实施",
        "撤出前的状态：进行中 40%",
        "甲代表",
        "逐月经过",
        "href=\"/withdrawn-sites\"",
    ] {
        assert!(said.contains(wanted), "{wanted} is not on the page:\n{said}");
    }
    assert!(said.contains(&format!("/photos/{photo}/thumbnail")), "{said}");
    assert!(!said.contains("/challenge") && !said.contains("尚无代表领办") && !said.contains("本月待反馈"), "nothing is asked of anybody: {said}");
    assert!(!said.contains("<script type=\"module\""), "the app, whose map has no such pin, does not take the page's place");
    for picture in [format!("/photos/{photo}"), format!("/photos/{photo}/thumbnail")] {
        app.visitor().get(&picture).await.expect(200);
    }
    app.visitor().get(&format!("{page}/qr.svg")).await.expect(200);
    assert!(app.visitor().get(&format!("{page}.atom")).await.expect(200).text().contains("撤出项目计划"));

    let story = app.visitor().get(&format!("/api/sites/{}/story", site.site_id)).await.expect(200).json();
    let withdrawal = &story["withdrawal"];
    assert_eq!((&withdrawal["decision_number"], &withdrawal["decided_on"]), (&json!(NUMBER), &json!("2026-10-18")));
    assert_eq!((&withdrawal["left_on"], &withdrawal["stage"], &withdrawal["percent"]), (&json!("2026-10-20"), &json!("in_progress"), &json!(40)));
    let entries = story["months"][0]["entries"].as_array().expect("entries");
    assert_eq!((&entries[0]["kind"], &entries[1]["kind"]), (&json!("withdrawal"), &json!("report")), "{entries:?}");
    for route in ["history", "reports", "orders", "challenges"] {
        app.visitor().get(&format!("/api/sites/{}/{route}", site.site_id)).await.expect(200);
    }
    assert_eq!(app.visitor().get(&format!("/api/sites/{}/reports", site.site_id)).await.items().len(), 1);

    // In the plan again, it shows its present life; that it was off the plan stays in its story.
    sqlx::query("update sites set withdrawn_at = null where site_id = $1").bind(site.site_id.0).execute(&app.pool).await.expect("back");
    let story = app.visitor().get(&format!("/api/sites/{}/story", site.site_id)).await.expect(200).json();
    assert_eq!((&story["withdrawal"], &story["months"][0]["entries"][0]["kind"]), (&Value::Null, &json!("withdrawal")));
    assert!(text(&app, &page).await.contains("/challenge?site="));
    assert_eq!(app.visitor().get("/api/withdrawn-sites").await.items()[0]["is_back"], true);
}

#[tokio::test]
async fn what_never_stood_in_the_plan_by_a_decision_is_not_found() {
    let app = TestApp::start().await;
    let (site, deputy) = (&app.world.west[0], app.as_login("deputy").await);
    let photo = send_photo(&deputy, 1).await;
    let mut body = report(site, "in_progress", 40);
    body["photos"] = json!([photo]);
    deputy.put(&path(uuid::Uuid::now_v7()), body).await.expect(201);
    // As the undoing of an import leaves a site that it had made.
    sqlx::query("update sites set withdrawn_at = now() where site_id = $1").bind(site.site_id.0).execute(&app.pool).await.expect("undone");
    let (code, id) = (&site.code, site.site_id);
    for path in [
        format!("/sites/{code}"),
        format!("/sites/{code}.atom"),
        format!("/sites/{code}/qr.svg"),
        format!("/q/{code}"),
        format!("/photos/{photo}"),
        format!("/api/sites/{id}/story"),
        format!("/api/sites/{id}/history"),
        format!("/api/sites/{id}/reports"),
        format!("/api/sites/{id}/orders"),
        format!("/api/sites/{id}/challenges"),
    ] {
        assert_eq!(app.visitor().get(&path).await.status.as_u16(), 404, "{path}");
    }
    assert_eq!(app.visitor().get("/api/withdrawn-sites").await.items(), Vec::<Value>::new());
}

#[tokio::test]
async fn everybody_can_read_what_left_the_plan_page_by_page_and_in_this_county_alone() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    assert!(text(&app, "/withdrawn-sites").await.contains("没有撤出计划的点位。"));
    assert!(!text(&app, "/projects").await.contains("已撤出计划的点位"));
    for site in &app.world.west {
        withdraw(&app, &committee, site.site_id.0).await;
    }
    let foreign = app.as_login("foreign_committee").await;
    let decision = json!({"decision_number": "邻县人常1号", "decided_on": "2026-10-18", "reason": "邻县的事", "rev": 1});
    foreign.post(&format!("/api/sites/{}/withdrawal", app.world.foreign.site_id), decision).await.expect(200);

    let first = app.visitor().get("/api/withdrawn-sites?limit=1").await.expect(200).json();
    let second = app.visitor().get(&format!("/api/withdrawn-sites?limit=1&cursor={}", first["next"].as_str().expect("a next"))).await.json();
    assert_eq!((&first["items"][0]["code"], &second["items"][0]["code"]), (&json!("2026-01-002"), &json!("2026-01-001")));
    assert_eq!(second["next"], Value::Null, "the neighbouring county's is not among them");
    assert_eq!(first["items"][0]["withdrawal"]["reason"], REASON);
    assert_eq!((&first["items"][0]["year"], &first["items"][0]["is_back"]), (&json!(2026), &json!(false)));
    let count = async |query: &str| app.visitor().get(&format!("/api/withdrawn-sites?{query}")).await.expect(200).items().len();
    assert_eq!((count("year=2026").await, count("year=2025").await), (2, 0));
    assert_eq!((count(&format!("project={}", app.world.project_id)).await, count("project=987654").await), (2, 0));
    assert_eq!((count("code=2026-01-001").await, count("code=2026-01-003").await), (1, 0));
    assert_eq!(app.visitor().get("/api/withdrawn-sites?limit=0").await.expect(422).fields(), ["limit"]);
    assert_eq!(app.visitor().get("/api/withdrawn-sites?cursor=x").await.expect(422).fields(), ["cursor"]);

    for page in ["/projects", "/list"] {
        assert!(text(&app, page).await.contains("<a href=\"/withdrawn-sites\">已撤出计划的点位 2 个</a>"), "{page}");
    }
    let listed = text(&app, "/withdrawn-sites").await;
    assert!(listed.contains("href=\"/sites/2026-01-001\"") && listed.contains(NUMBER) && listed.contains(REASON), "{listed}");
    assert!(!listed.contains("邻县"), "{listed}");
    assert!(text(&app, "/withdrawn-sites?year=2025").await.contains("没有撤出计划的点位。"));
    let file = crate::desk_exports::take(&committee, json!({"list": "withdrawn_sites"}), "csv").await;
    let file = String::from_utf8(file).expect("text");
    assert!(file.contains("2026-01-001,") && file.contains(NUMBER) && file.contains("2026-10-18") && !file.contains("邻县"), "{file}");
    let asked = json!({"wanted": {"list": "withdrawn_sites"}, "format": "csv", "reason": "存档"});
    app.as_login("unit").await.post("/api/desk-exports", asked).await.expect(403);
    assert!(app.visitor().get("/sitemap.xml").await.expect(200).text().contains("/withdrawn-sites</loc>"));
}

#[tokio::test]
async fn the_bulletin_names_what_left_the_plan_and_which_plans_changed_in_its_month() {
    let app = TestApp::start().await;
    let (committee, gone, moved) = (app.as_login("committee").await, &app.world.west[0], &app.world.east[0]);
    let change = json!({"decision_number": "县人常〔2026〕12号", "decided_on": "2026-10-17", "reason": "汛期影响施工", "rev": 1,
        "planned_finish_on": "2027-01-31"});
    committee.post(&format!("/api/sites/{}/plan-changes", moved.site_id), change).await.expect(200);
    withdraw(&app, &committee, gone.site_id.0).await;
    close(&app, "2026-11-06T00:01:00+08:00", "2026-10", "final").await;
    let page = "/bulletins/2026-10";
    let said = text(&app, page).await;
    for wanted in [
        "<h2>撤出计划的点位</h2>",
        "本月有 1 处点位凭决定撤出项目计划",
        "href=\"/sites/2026-01-001\"",
        NUMBER,
        REASON,
        "<h2>计划调整</h2>",
        "计划完工 2026年12月20日 → 2027年1月31日",
        "县人常〔2026〕12号",
        &format!("href=\"/sites/{}\"", moved.code),
    ] {
        assert!(said.contains(wanted), "{wanted} is not in the bulletin:\n{said}");
    }
    let mut book = sheets(&app, "/export/bulletin.xlsx?month=2026-10").await;
    let cells = |book: &mut Xlsx<_>, name: &str| -> Vec<Vec<Data>> {
        book.worksheet_range(name).unwrap_or_else(|_| panic!("no sheet {name}")).rows().map(<[Data]>::to_vec).collect()
    };
    let left = cells(&mut book, "撤出计划的点位");
    assert_eq!((left.len(), &left[1][1], &left[1][5]), (2, &Data::String("2026-01-001".to_owned()), &Data::String(NUMBER.to_owned())));
    let changed = cells(&mut book, "计划调整");
    assert_eq!((changed.len(), &changed[1][3]), (2, &Data::String("县人常〔2026〕12号".to_owned())));
    let made = cells(&mut book, "制表说明");
    assert_eq!(made[4], [Data::String("制表时间".to_owned()), Data::String("2026-11-06 00:01".to_owned())]);
    assert_eq!(book.sheet_names()[0], "制表说明", "it heads the workbook");

    // What is decided later, and for an earlier day, is the next month's: the final bulletin says what it said.
    withdraw(&app, &app.as_login("committee").await, app.world.west[1].site_id.0).await;
    let main = |text: &str| text[text.find("<main").expect("a main part")..text.find("</main>").expect("its end")].to_owned();
    assert_eq!(main(&text(&app, page).await), main(&said));
    close(&app, "2026-12-01T00:01:00+08:00", "2026-11", "provisional").await;
    let november = text(&app, "/bulletins/2026-11").await;
    assert!(november.contains("href=\"/sites/2026-01-002\"") && !november.contains("计划调整</h2>"), "{november}");
    close(&app, "2027-01-01T00:01:00+08:00", "2026-12", "provisional").await;
    let quiet = text(&app, "/bulletins/2026-12").await;
    assert!(!quiet.contains("<h2>撤出计划的点位</h2>") && !quiet.contains("<h2>计划调整</h2>"), "absent where there are none");
    let names = sheets(&app, "/export/bulletin.xlsx?month=2026-12").await.sheet_names();
    assert!(!names.iter().any(|name| name == "撤出计划的点位" || name == "计划调整"), "{names:?}");
}
