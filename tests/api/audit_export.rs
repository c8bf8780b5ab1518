//! Looking for lines of the audit log, taking them away as a file, and acts that cannot be put on record.

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use harness::{Answer, Client, PASSWORD, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

async fn correct(app: &TestApp, login: &str, site: i64, rev: i64) {
    let body = json!({"stage": "in_progress", "percent": 10, "reason": "=HYPERLINK(\"https://evil.example\")", "rev": rev});
    app.as_login(login).await.post(&format!("/api/sites/{site}/correction"), body).await.expect(200);
}

#[tokio::test]
async fn lines_are_found_by_person_outcome_and_address() {
    let app = TestApp::start().await;
    correct(&app, "working_committee", app.world.west[0].site_id.0, 1).await;
    correct(&app, "committee", app.world.west[0].site_id.0, 2).await;
    app.as_login("deputy").await.get("/api/audit").await.expect(403);
    let auditor = app.as_login("auditor").await;
    let count = async |query: &str| auditor.get(&format!("/api/audit?{query}")).await.expect(200).items().len();
    assert_eq!(count("person=WORKING&action=site.correct").await, 1);
    assert_eq!(count("person=committee&action=site.correct").await, 2);
    assert_eq!(count("person=nobody").await, 0);
    assert_eq!(count("outcome=refused").await, 1);
    assert_eq!(count("outcome=done&action=access.refuse").await, 0);
    assert_eq!(count("address=127.0.&action=site.correct").await, 2);
    assert_eq!(count("address=10.").await, 0);
    assert_eq!(count("address=%25").await, 0, "no pattern, only a beginning");
    auditor.get("/api/audit?outcome=maybe").await.expect(422);
}

async fn ask(client: &Client, filters: &str, format: &str) -> Value {
    let body = json!({"wanted": {"list": "audit_log", "filters": filters}, "format": format, "reason": "年度测评取证"});
    client.post("/api/desk-exports", body).await.expect(201).json()
}

fn address(file: &Value) -> &str {
    file["url"].as_str().expect("an address")
}

#[tokio::test]
async fn an_export_says_who_when_and_why_computes_nothing_and_is_on_record() {
    let app = TestApp::start().await;
    correct(&app, "committee", app.world.west[0].site_id.0, 1).await;
    let auditor = app.as_login("auditor").await;
    let filters = "action=site.correct&from=2026-10-20";
    let answer = auditor.get(address(&ask(&auditor, filters, "csv").await)).await.expect(200);
    assert!(answer.header("content-disposition").contains("339901-audit_log-2026-10-20.csv"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = answer.text();
    assert!(text.starts_with("\u{feff}编号,时间,账号"), "the header is the first line: {text}");
    assert!(text.contains(",site.correct,点位,site,") && text.contains("县人大常委会,committee,"), "{text}");
    assert!(text.contains("auditor（auditor）") && text.contains("年度测评取证"), "{text}");
    assert!(text.contains("https://evil.example") && !text.contains("\n=HYPERLINK") && !text.contains(",=HYPERLINK"), "{text}");
    let answer = auditor.get(address(&ask(&auditor, filters, "xlsx").await)).await.expect(200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes)).expect("a workbook");
    let sheet = book.worksheet_range("审计日志").expect("a sheet");
    assert_eq!(sheet.get_value((1, 7)).map(ToString::to_string).as_deref(), Some("site.correct"));
    let english = auditor.request(Method::GET, address(&ask(&auditor, filters, "csv").await)).header("accept-language", "en");
    let english = Answer::of(english).await.expect(200).text();
    assert!(english.starts_with("\u{feff}Number,Time,Account"), "{english}");
    let line = auditor.get("/api/audit?action=desk.export").await.expect(200).items().remove(0);
    assert_eq!((&line["detail"]["reason"], &line["detail"]["rows"]), (&json!("年度测评取证"), &json!(1)));
    assert_eq!(line["detail"]["wanted"]["filters"], filters);
    for (login, status) in [("committee", 403), ("admin", 403), ("security", 403), ("unit", 403)] {
        let body = json!({"wanted": {"list": "audit_log"}, "format": "csv", "reason": "看看"});
        app.as_login(login).await.post("/api/desk-exports", body).await.expect(status);
    }
    let foreign = app.as_login("foreign_auditor").await;
    assert_eq!(ask(&foreign, "action=site.correct", "csv").await["rows"], 0, "no line of another county");
}

#[tokio::test]
async fn many_lines_are_taken_out_by_two_auditors() {
    let app = TestApp::start().await;
    sqlx::query("update counties set personal_export_rows = 1").execute(&app.pool).await.expect("a figure");
    correct(&app, "committee", app.world.west[0].site_id.0, 1).await;
    correct(&app, "committee", app.world.west[0].site_id.0, 2).await;
    let auditor = app.as_login("auditor").await;
    let file = ask(&auditor, "action=site.correct", "csv").await;
    assert_eq!(file["state"], "waiting", "{file}");
    auditor.get(address(&file)).await.expect(409);
    let confirm = format!("/api/desk-exports/{}/confirm", file["id"].as_str().expect("an id"));
    for (login, status) in [("auditor", 403), ("committee", 404), ("admin", 404), ("foreign_auditor", 404)] {
        app.as_login(login).await.post(&confirm, json!({})).await.expect(status);
    }
    let second = "insert into grants (county_id, account_id, role, region_code) values ($1, $2, 'auditor', '339901')";
    sqlx::query("delete from grants where account_id = $1").bind(app.world.account("keeper").0).execute(&app.pool).await.expect("free");
    let second = sqlx::query(second).bind(app.world.county_id.0).bind(app.world.account("keeper").0);
    second.execute(&app.pool).await.expect("another auditor");
    app.as_login("keeper").await.post(&confirm, json!({})).await.expect(200);
    let text = auditor.get(address(&file)).await.expect(200).text();
    assert_eq!(text.matches(",site.correct,").count(), 2, "{text}");
}

/// What an act could have left behind, counted.
async fn traces(app: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "accounts",
        "grants",
        "sessions",
        "stage_changes",
        "notices",
        "deliveries",
        "change_log",
        "reminders",
        "idempotency_keys",
        "audit_log",
        "deputies",
    ] {
        let query = format!("select count(*) from {table}");
        counts.push(sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&app.pool).await.expect("a count"));
    }
    counts
}

#[tokio::test]
async fn an_act_that_cannot_be_put_on_record_does_not_happen() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    let (committee, admin, deputy) = (app.as_login("committee").await, app.as_login("admin").await, app.as_login("deputy").await);
    let view = committee.get(&format!("/api/sites/{site}")).await.expect(200).json();
    sqlx::query("revoke insert on audit_log from minsheng_serving").execute(&app.pool).await.expect("the log is shut");
    let before = traces(&app).await;
    let correction = json!({"stage": "in_progress", "percent": 10, "reason": "核实", "rev": 1});
    let new_deputy = json!({"name": "戊代表", "level": "county", "constituency": "西河镇第三选区", "in_region": "339901001"});
    let remind = json!({"site_ids": [site], "to": "adopters", "words": ""});
    let report =
        json!({"site_id": site, "stage": "not_started", "percent": 0, "words": "已开工", "photos": [], "written_at": "2026-10-20T08:55:00+08:00"});
    let own = json!({"old_password": PASSWORD, "password": "换过一次的口令也要足够长才行"});
    let number = app.world.deputies["deputy"];
    for (what, answer) in [
        ("a correction", committee.post(&format!("/api/sites/{site}/correction"), correction.clone()).await),
        ("a reminder", committee.post("/api/reminders", remind).await),
        ("a deputy", committee.post("/api/deputies", new_deputy).await),
        ("a view of a number", committee.post(&format!("/api/deputies/{number}/phone-views"), json!({})).await),
        ("an account", admin.post("/api/accounts", new_account()).await),
        ("a report", deputy.put(&format!("/api/reports/{}", uuid::Uuid::new_v4()), report).await),
        ("a password", deputy.put("/api/me/password", own).await),
        ("a sign-in", app.visitor().post("/api/session", json!({"login": "committee", "password": PASSWORD})).await),
        ("a refused sign-in", app.visitor().post("/api/session", json!({"login": "committee", "password": "falsch und lang genug"})).await),
    ] {
        assert_eq!(answer.status.as_u16(), 503, "{what}: {}", answer.text());
        let problem = answer.json();
        assert_eq!((&problem["code"], answer.header("retry-after")), (&json!("unavailable"), "2"), "{what}");
        assert!(!answer.text().contains("audit") && !answer.text().contains("permission"), "{what} tells nothing of the inside");
    }
    assert_eq!(traces(&app).await, before, "nothing was kept");
    assert_eq!(committee.get(&format!("/api/sites/{site}")).await.expect(200).json(), view, "the map reads on");
    sqlx::query("grant insert on audit_log to minsheng_serving").execute(&app.pool).await.expect("the log is open");
    committee.post(&format!("/api/sites/{site}/correction"), correction).await.expect(200);
}

fn new_account() -> Value {
    json!({"login": "wang.wu", "name": "王五", "password": PASSWORD, "grants": [{"role": "committee", "region": "339901"}]})
}
