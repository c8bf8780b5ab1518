//! What staff take out of the desk: marked, on record, within their rights, and without a formula in any cell.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use harness::{Client, TestApp};
use minsheng_map::ids::Chance;
use minsheng_map::notices::{NoticeKind, tell_accounts};
use serde_json::{Value, json};

pub async fn take(client: &Client, wanted: Value, format: &str) -> Vec<u8> {
    let body = json!({"wanted": wanted, "format": format, "reason": "主任会议材料"});
    let asked = client.post("/api/desk-exports", body).await.expect(201).json();
    let answer = client.get(asked["url"].as_str().expect("an address")).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-disposition").contains(format), "{}", answer.header("content-disposition"));
    answer.bytes
}

pub fn lists() -> Vec<Value> {
    let parts = |by: &str| json!({"list": "month_parts", "by": by, "month": "2026-10"});
    let mut all = vec![
        parts("group"),
        parts("township"),
        parts("project"),
        parts("deputy"),
        json!({"list": "month_reports", "month": "2026-10"}),
        json!({"list": "review", "filters": "reason=overdue_red"}),
        json!({"list": "orders"}),
    ];
    all.extend(LISTS.iter().filter(|(list, ..)| *list != "accounts").map(|(list, ..)| json!({"list": list})));
    all
}

/// Every list that is shown as it is: its address, what its rows are called, and whose it is.
const LISTS: &[(&str, &str, &str, &[&str])] = &[
    ("months", "/api/reporting-months", "items", BOTH),
    ("exceptions", "/api/month-exceptions?month=2026-10", "items", BOTH),
    ("corrections", "/api/reporting-months/2026-09/corrections", "items", BOTH),
    ("strike_off_proposals", "/api/strike-off-proposals", "items", BOTH),
    ("challenges", "/api/challenges", "items", BOTH),
    ("orders", "/api/supervision-orders", "items", BOTH),
    ("sites", "/api/sites", "items", BOTH),
    ("offers", "/api/offers", "items", BOTH),
    ("hand_overs", "/api/hand-overs", "items", BOTH),
    ("projects", "/api/plan", "projects", COUNTY),
    ("units", "/api/plan", "units", COUNTY),
    ("withdrawn_sites", "/api/withdrawn-sites", "items", BOTH),
    ("deputies", "/api/roster", "items", BOTH),
    ("groups", "/api/deputy-groups", "items", BOTH),
    ("stations", "/api/roster/stations", "items", BOTH),
    ("terms", "/api/terms", "items", BOTH),
    ("setting_changes", "/api/county-settings", "changes", COUNTY),
    ("region_mergers", "/api/region-mergers", "items", COUNTY),
    ("region_names", "/api/region-names", "items", COUNTY),
    ("joining", "/api/joining", "items", BOTH),
    ("duty_figures", "/api/duty-years", "items", BOTH),
    ("duty_contests", "/api/duty-contests", "items", BOTH),
    ("duty_rules", "/api/duty-rules", "items", BOTH),
    ("deliveries", "/api/deliveries", "items", BOTH),
    ("imports", "/api/imports", "items", BOTH),
    ("accounts", "/api/accounts", "items", &["admin", "security"]),
    ("notices", "/api/me/notices", "items", BOTH),
];

const COUNTY: &[&str] = &["committee"];
const BOTH: &[&str] = &["committee", "working_committee", "working_committee_east"];

/// The lines of the table in a CSV file: what stands above its marks, without the headers.
fn lines(text: &str) -> usize {
    let (mut lines, mut quoted) = (vec![String::new()], false);
    for letter in text.trim_start_matches('\u{feff}').chars() {
        quoted ^= letter == '"';
        match letter {
            '\n' if !quoted => lines.push(String::new()),
            other => lines.last_mut().expect("a line").push(other),
        }
    }
    let table = lines.iter().take_while(|line| !["项目,内容", "Item,Content"].contains(&line.trim()) && !line.trim().trim_matches('"').is_empty());
    table.count() - 1
}

/// Something in every list, in both townships.
pub async fn fill(app: &TestApp) {
    let _ = crate::calls::Things::prepare(app).await;
    crate::county_settings::change(app, json!({"stale_days": 45})).await;
    let committee = app.as_login("committee").await;
    let correction = json!({"site_id": null, "stage": null, "percent": null, "words": "附件有误"});
    committee.post("/api/reporting-months/2026-09/corrections", correction).await.expect(201);
    let october = json!({"deputy": app.world.deputies["deputy_east"], "month": "2026-10", "kind": "leave", "reason": "出差"});
    committee.post("/api/month-exceptions", october).await.expect(201);
    let offer = json!({"site_ids": [app.world.east[1].site_id], "places": 2, "words": "", "for_region": null});
    committee.post("/api/offers", offer).await.expect(200);
    let rule = json!({"effective_from": "2026-10-20", "inspection": 5, "on_time": 2, "evidence": 1, "on_site": 2, "note": "主任会议通过"});
    committee.post("/api/duty-rules", rule).await.expect(201);
    let site = app.world.west[0].site_id;
    let rev = committee.get(&format!("/api/sites/{site}")).await.expect(200).json()["rev"].clone();
    let more = json!({"from_deputy_id": null, "to_deputy_id": app.world.deputies["deputy_east"], "reason": "other", "words": "分工调整", "rev": rev});
    committee.post(&format!("/api/sites/{site}/adopters"), more).await.expect(200);
    let mut tx = app.pool.begin().await.expect("a transaction");
    let told = [(site, app.world.account("committee"))];
    tell_accounts(&mut tx, &Chance::from_system(), app.world.county_id, NoticeKind::OfferUnanswered, &told, "", app.now()).await.expect("told");
    tx.commit().await.expect("written");
}

#[tokio::test]
async fn every_file_has_exactly_the_rows_of_its_list() {
    let app = TestApp::start().await;
    fill(&app).await;
    let mut empty = Vec::new();
    for (list, address, rows, whose) in LISTS {
        let mut most = 0;
        for login in *whose {
            let client = app.as_login(login).await;
            let many = if address.contains('?') { "&" } else { "?" };
            let paged = ["sites", "orders", "deputies", "joining", "deliveries", "accounts", "notices", "hand_overs", "imports"].contains(list);
            let whole = if paged { format!("{address}{many}limit=200") } else { (*address).to_owned() };
            let shown = client.get(&whole).await.expect(200).json()[rows].as_array().expect("rows").len();
            let mut wanted = json!({"list": list});
            if *list == "corrections" {
                wanted["month"] = json!("2026-09");
            }
            // What is asked for is itself one of the notices, messages or lines only where something is sent; files send nothing.
            let text = String::from_utf8(take(&client, wanted, "csv").await).expect("text");
            assert_eq!(lines(&text), shown, "{list} as {login}: {text}");
            most = most.max(shown);
        }
        if most == 0 {
            empty.push(*list);
        }
    }
    // Lists in which the test has nothing to count are named here, so that none slips in unseen.
    assert_eq!(empty, ["withdrawn_sites", "region_mergers", "region_names"], "lists without a row");
}

#[tokio::test]
async fn a_file_is_narrowed_as_its_page_is() {
    let app = TestApp::start().await;
    fill(&app).await;
    let committee = app.as_login("committee").await;
    let west = format!("region={}", harness::WEST);
    for (list, address, filters) in [
        ("sites", "/api/sites", "stage=not_started"),
        ("sites", "/api/sites", west.as_str()),
        ("sites", "/api/sites", "q=%E5%B9%BC%E5%84%BF%E5%9B%AD"),
        ("deputies", "/api/roster", west.as_str()),
        ("joining", "/api/joining", "standing=invited"),
        ("orders", "/api/supervision-orders", "state=accepted"),
        ("deliveries", "/api/deliveries", "state=dead"),
    ] {
        let shown = committee.get(&format!("{address}?{filters}")).await.expect(200).items().len();
        let whole = committee.get(address).await.expect(200).items().len();
        let text = String::from_utf8(take(&committee, json!({"list": list, "filters": filters}), "csv").await).expect("text");
        assert_eq!(lines(&text), shown, "{list} {filters}: {text}");
        assert!(shown <= whole, "{list}");
    }
    let cockpit = committee.get("/api/reporting-months/2026-10/cockpit").await.expect(200).json();
    let missing = format!("figure=missing&by=township&part={}", harness::WEST);
    let part = cockpit["townships"].as_array().expect("parts").iter().find(|part| part["key"] == harness::WEST).expect("the west").clone();
    let text =
        String::from_utf8(take(&committee, json!({"list": "month_reports", "month": "2026-10", "filters": missing}), "csv").await).expect("text");
    assert_eq!(lines(&text), usize::try_from(part["missing"].as_u64().expect("a number")).expect("a number"), "{text}");
}

#[tokio::test]
async fn headers_and_words_are_in_the_readers_language() {
    let app = TestApp::start().await;
    fill(&app).await;
    let committee = app.as_login("committee").await;
    let token = app.token("committee").await.expect("a token");
    for (list, ..) in LISTS.iter().filter(|(_, _, _, whose)| whose.contains(&"committee")) {
        let body = json!({"wanted": {"list": list}, "format": "csv", "reason": "board"});
        let url = committee.post("/api/desk-exports", body).await.expect(201).json()["url"].as_str().expect("an address").to_owned();
        let english = committee.request(reqwest::Method::GET, &url).header("accept-language", "en").send().await.expect("an answer");
        let text = english.text().await.expect("text");
        let head = text.trim_start_matches('\u{feff}').lines().next().expect("headers");
        assert!(head.is_ascii(), "{list}: {head}");
        assert!(text.contains("\nTaken out by,") && !text.contains(&token), "{list}: {text}");
    }
}

/// The cells of a CSV file, quotes taken off.
pub fn cells(text: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in text.trim_start_matches('\u{feff}').chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' | '\r' | '\n' if !quoted => cells.push(String::new()),
            other => cells.last_mut().expect("a cell").push(other),
        }
    }
    cells
}

#[tokio::test]
async fn a_file_says_who_took_it_when_and_why_and_so_does_the_log() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let text = String::from_utf8(take(&committee, json!({"list": "month_reports"}), "csv").await).expect("text");
    assert!(text.starts_with("\u{feff}代表,代表小组,点位编号"), "{text}");
    for words in ["甲代表", "主任会议材料", "（committee）", "2026-10-20 09:00"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let bytes = take(&committee, json!({"list": "review"}), "xlsx").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let marks = book.worksheet_range("导出说明").expect("the marks");
    assert!(marks.rows().any(|row| row[1] == Data::String("主任会议材料".to_owned())));
    let lines: Vec<Value> =
        sqlx::query_scalar("select detail from audit_log where action = 'desk.export' order by audit_id").fetch_all(&app.pool).await.expect("lines");
    assert_eq!((lines.len(), &lines[0]["reason"], &lines[0]["rows"]), (2, &json!("主任会议材料"), &json!(5)));
}

#[tokio::test]
async fn everybody_takes_what_they_see_and_only_their_own_file() {
    let app = TestApp::start().await;
    let west = app.as_login("working_committee").await;
    let text = String::from_utf8(take(&west, json!({"list": "month_reports"}), "csv").await).expect("text");
    assert!(text.contains("西河镇中心幼儿园") && !text.contains("东山镇"), "{text}");
    let body = json!({"wanted": {"list": "month_reports"}, "format": "csv", "reason": "存档"});
    let asked = west.post("/api/desk-exports", body.clone()).await.expect(201).json();
    let url = asked["url"].as_str().expect("an address").to_owned();
    app.as_login("committee").await.get(&url).await.expect(404);
    app.set_clock("2026-10-20T09:15:00+08:00");
    west.get(&url).await.expect(404);
    app.as_login("unit").await.post("/api/desk-exports", body).await.expect(403);
    let handler = app.as_login("unit").await;
    let orders = json!({"wanted": {"list": "orders"}, "format": "csv", "reason": "存档"});
    handler.post("/api/desk-exports", orders).await.expect(201);
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_named() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    for (wanted, format, reason, field) in [
        (json!({"list": "month_parts"}), "csv", "x", "wanted.by"),
        (json!({"list": "month_parts", "by": "colour"}), "csv", "x", "wanted.by"),
        (json!({"list": "orders", "month": "2026-10"}), "csv", "x", "wanted.month"),
        (json!({"list": "orders", "filters": "a=1"}), "csv", "x", "wanted.filters"),
        (json!({"list": "review", "filters": "colour=red"}), "csv", "x", "wanted.filters"),
        (json!({"list": "review"}), "pdf", "x", "format"),
        (json!({"list": "review"}), "csv", " ", "reason"),
    ] {
        let refused = committee.post("/api/desk-exports", json!({"wanted": wanted, "format": format, "reason": reason})).await.expect(422);
        assert_eq!(refused.fields(), [field], "{}", refused.text());
    }
}
