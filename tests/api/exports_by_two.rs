//! Files of many rows that name persons are taken out by two: asked for by one, confirmed by another of the same right, kept by the database.

use harness::{Client, TestApp};
use serde_json::{Value, json};

/// The county wants two persons past so many rows.
async fn past(app: &TestApp, rows: i32) {
    let committee = app.as_login("committee").await;
    let mut settings = committee.get("/api/county-settings").await.expect(200).json();
    settings["figures"]["personal_export_rows"] = json!(rows);
    let body = json!({"figures": settings["figures"], "reason": "主任会议决定", "rev": settings["rev"]});
    committee.put("/api/county-settings", body).await.expect(200);
}

async fn ask(client: &Client, list: &str) -> Value {
    let body = json!({"wanted": {"list": list}, "format": "csv", "reason": "换届通讯录"});
    client.post("/api/desk-exports", body).await.expect(201).json()
}

fn confirm(file: &Value) -> String {
    format!("/api/desk-exports/{}/confirm", file["id"].as_str().expect("an id"))
}

fn withdraw(file: &Value) -> String {
    format!("/api/desk-exports/{}/withdraw", file["id"].as_str().expect("an id"))
}

async fn listed(client: &Client) -> Vec<Value> {
    client.get("/api/desk-exports").await.expect(200).items()
}

async fn audited(app: &TestApp, action: &str) -> i64 {
    let query = "select count(*) from audit_log where action = $1 and outcome = 'done'";
    sqlx::query_scalar(query).bind(action).fetch_one(&app.pool).await.expect("a count")
}

#[tokio::test]
async fn what_one_asks_for_another_of_the_same_right_confirms() {
    let app = TestApp::start().await;
    past(&app, 2).await;
    let west = app.as_login("working_committee").await;
    let file = ask(&west, "month_reports").await;
    assert_eq!(file["state"], "waiting", "{file}");
    let url = file["url"].as_str().expect("an address").to_owned();
    west.get(&url).await.expect(409);
    assert_eq!(west.post(&confirm(&file), json!({})).await.expect(403).fields(), ["id"], "nobody confirms their own");
    for (login, status) in [("working_committee_east", 404), ("foreign_committee", 404), ("admin", 404), ("unit", 403), ("auditor", 404)] {
        app.as_login(login).await.post(&confirm(&file), json!({})).await.expect(status);
    }
    assert!(listed(&app.as_login("working_committee_east").await).await.is_empty());
    let own = &listed(&west).await[0];
    assert_eq!((&own["own"], &own["may_decide"], &own["state"], &own["url"]), (&json!(true), &json!(false), &json!("waiting"), &Value::Null));
    let committee = app.as_login("committee").await;
    let seen = &listed(&committee).await[0];
    assert_eq!((&seen["reason"], &seen["rows"], &seen["may_decide"]), (&json!("换届通讯录"), &file["rows"], &json!(true)));
    let done = committee.post(&confirm(&file), json!({})).await.expect(200).json();
    assert_eq!((&done["state"], &done["url"]), (&json!("ready"), &Value::Null), "whoever confirms does not fetch it");
    committee.get(&url).await.expect(404);
    committee.post(&confirm(&file), json!({})).await.expect(409);
    assert_eq!(listed(&west).await[0]["url"], url);
    app.set_clock("2026-10-21T08:59:00+08:00");
    let text = app.as_login("working_committee").await.get(&url).await.expect(200).text();
    for words in ["复核人", "（committee）", "（working_committee）", "换届通讯录"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    app.set_clock("2026-10-21T09:00:00+08:00");
    app.as_login("working_committee").await.get(&url).await.expect(404);
    assert_eq!((audited(&app, "desk.export").await, audited(&app, "desk.confirm_export").await), (1, 1));
}

#[tokio::test]
async fn few_rows_and_rows_without_names_need_nobody_else() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    assert_eq!(ask(&committee, "month_reports").await["state"], "ready", "a thousand is enough here");
    past(&app, 1).await;
    assert_eq!(ask(&committee, "sites").await["state"], "ready", "sites name nobody");
    assert_eq!(ask(&committee, "month_reports").await["state"], "waiting");
    let accounts = ask(&app.as_login("admin").await, "accounts").await;
    assert_eq!(accounts["state"], "waiting");
    committee.post(&confirm(&accounts), json!({})).await.expect(404);
    app.as_login("security").await.post(&confirm(&accounts), json!({})).await.expect(200);
    app.as_login("admin").await.get(accounts["url"].as_str().expect("an address")).await.expect(200);
}

#[tokio::test]
async fn a_small_file_that_has_grown_is_asked_for_again() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let file = ask(&committee, "month_reports").await;
    past(&app, 1).await;
    committee.get(file["url"].as_str().expect("an address")).await.expect(409);
}

#[tokio::test]
async fn of_two_at_once_one_decides() {
    let app = TestApp::start().await;
    past(&app, 1).await;
    let file = ask(&app.as_login("working_committee").await, "joining").await;
    let mut deciding = Vec::new();
    for place in 0..6 {
        let (committee, path) = (app.as_login("committee").await, if place % 2 == 0 { confirm(&file) } else { withdraw(&file) });
        let body = if place % 2 == 0 { json!({}) } else { json!({"words": "用途不明"}) };
        deciding.push(tokio::spawn(async move { committee.post(&path, body).await.status.as_u16() }));
    }
    let mut answers = Vec::new();
    for each in deciding {
        answers.push(each.await.expect("an answer"));
    }
    answers.sort_unstable();
    assert_eq!(answers, [200, 409, 409, 409, 409, 409]);
    let decisions: i64 = sqlx::query_scalar("select count(*) from desk_export_decisions").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(decisions, 1);
}

#[tokio::test]
async fn a_refusal_says_why_and_whoever_asked_can_take_it_back() {
    let app = TestApp::start().await;
    past(&app, 1).await;
    let (west, committee) = (app.as_login("working_committee").await, app.as_login("committee").await);
    let file = ask(&west, "joining").await;
    assert_eq!(committee.post(&withdraw(&file), json!({"words": ""})).await.expect(422).fields(), ["words"]);
    committee.post(&withdraw(&file), json!({"words": "用途不明"})).await.expect(200);
    let own = &listed(&west).await[0];
    assert_eq!((&own["state"], &own["words"]), (&json!("refused"), &json!("用途不明")));
    west.get(file["url"].as_str().expect("an address")).await.expect(409);
    let other = ask(&west, "joining").await;
    west.post(&withdraw(&other), json!({"words": ""})).await.expect(200);
    committee.post(&confirm(&other), json!({})).await.expect(409);
    west.get(other["url"].as_str().expect("an address")).await.expect(404);
    assert_eq!(audited(&app, "desk.withdraw_export").await, 2);
}

#[tokio::test]
async fn it_waits_three_days() {
    let app = TestApp::start().await;
    past(&app, 1).await;
    let file = ask(&app.as_login("working_committee").await, "joining").await;
    app.set_clock("2026-10-23T09:00:00+08:00");
    let committee = app.as_login("committee").await;
    assert!(listed(&committee).await.is_empty());
    let late = committee.post(&confirm(&file), json!({})).await.expect(409);
    assert!(late.text().contains("过期"), "{}", late.text());
    assert_eq!(listed(&app.as_login("working_committee").await).await[0]["state"], "expired");
}

#[tokio::test]
async fn a_right_that_was_taken_away_meanwhile_counts_no_more() {
    let app = TestApp::start().await;
    past(&app, 1).await;
    let (west, committee) = (app.as_login("working_committee").await, app.as_login("committee").await);
    let (first, second) = (ask(&west, "joining").await, ask(&west, "joining").await);
    committee.post(&confirm(&first), json!({})).await.expect(200);
    let take = "delete from grants where account_id = $1";
    sqlx::query(take).bind(app.world.account("working_committee").0).execute(&app.pool).await.expect("a right taken away");
    let refused = west.get(first["url"].as_str().expect("an address")).await;
    assert!(matches!(refused.status.as_u16(), 403 | 404), "{}", refused.text());
    sqlx::query(take).bind(app.world.account("committee").0).execute(&app.pool).await.expect("a right taken away");
    committee.post(&confirm(&second), json!({})).await.expect(403);
    let wider =
        "insert into grants (county_id, account_id, role, region_code) select county_id, $1, 'committee', code from counties where county_id = $2";
    sqlx::query(wider).bind(app.world.account("working_committee").0).bind(app.world.county_id.0).execute(&app.pool).await.expect("a wider right");
    let wider = west.get(first["url"].as_str().expect("an address")).await.expect(409);
    assert!(wider.text().contains("权限已有变化"), "what was confirmed was a township: {}", wider.text());
}

#[tokio::test]
async fn the_database_itself_keeps_one_person_from_confirming() {
    let app = TestApp::start().await;
    past(&app, 1).await;
    let file = ask(&app.as_login("working_committee").await, "joining").await;
    let insert = "insert into desk_export_decisions (county_id, export_id, decision, decided_by, decided_at, words)
                  values ($1, $2::uuid, $3, $4, now(), 'x')";
    let own = app.world.account("working_committee").0;
    let other = app.world.account("committee").0;
    for (decision, by) in [("confirmed", own), ("refused", own), ("withdrawn", other)] {
        let tried = sqlx::query(insert).bind(app.world.county_id.0).bind(file["id"].as_str()).bind(decision).bind(by).execute(&app.pool).await;
        assert!(tried.is_err(), "{decision}");
    }
    let small = ask(&app.as_login("working_committee").await, "sites").await;
    let tried = sqlx::query(insert).bind(app.world.county_id.0).bind(small["id"].as_str()).bind("confirmed").bind(other).execute(&app.pool).await;
    assert!(tried.is_err(), "what does not wait is not decided about");
}

#[tokio::test]
async fn several_small_files_within_a_day_need_another_as_one_large_one_does() {
    let app = TestApp::start().await;
    let west = app.as_login("working_committee").await;
    let joining = usize::try_from(ask(&west, "joining").await["rows"].as_i64().expect("rows")).expect("rows");
    let deputies = usize::try_from(ask(&west, "deputies").await["rows"].as_i64().expect("rows")).expect("rows");
    past(&app, i32::try_from(joining + deputies).expect("few")).await;
    assert_eq!(ask(&west, "joining").await["state"], "ready", "the same within the hour counts once");
    assert_eq!(ask(&west, "sites").await["state"], "ready", "sites name nobody");
    assert_eq!(ask(&west, "month_reports").await["state"], "waiting", "together they are too many");
    let committee = app.as_login("committee").await;
    assert_eq!(ask(&committee, "joining").await["state"], "ready", "each account is counted for itself");
    app.set_clock("2026-10-21T09:00:01+08:00");
    assert_eq!(ask(&app.as_login("working_committee").await, "month_reports").await["state"], "ready", "a day later");
}

#[tokio::test]
async fn of_several_asked_for_at_once_no_more_are_let_through_than_the_sum_allows() {
    let app = TestApp::start().await;
    let west = app.as_login("working_committee").await;
    let rows = ask(&app.as_login("committee").await, "joining").await["rows"].as_i64().expect("rows");
    past(&app, i32::try_from(rows).expect("few")).await;
    let mut asking = Vec::new();
    for list in ["joining", "deputies", "month_reports", "stations", "joining", "deputies"] {
        let client = west.clone();
        asking.push(tokio::spawn(async move { ask(&client, list).await }));
    }
    let mut alone = std::collections::BTreeMap::new();
    for each in asking {
        let file = each.await.expect("an answer");
        if file["state"] == "ready" {
            alone.insert(file["rows"].as_i64(), file["rows"].as_i64().unwrap_or(0));
        }
    }
    let query =
        "select coalesce(sum(rows), 0)::bigint from (select distinct on (list) rows from desk_exports where made_by = $1 and not waits) as each";
    let sum: i64 = sqlx::query_scalar(query).bind(app.world.account("working_committee").0).fetch_one(&app.pool).await.expect("a sum");
    assert!(sum <= rows, "{sum} of {rows}: {alone:?}");
}

#[tokio::test]
async fn those_who_may_confirm_are_told_and_whoever_asked_hears_what_became_of_it() {
    let app = TestApp::start().await;
    past(&app, 1).await;
    let kinds = async |login: &str| -> Vec<String> {
        let items = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
        items.iter().filter_map(|item| item["kind"].as_str().map(str::to_owned)).collect()
    };
    let file = ask(&app.as_login("working_committee").await, "month_reports").await;
    assert_eq!(kinds("committee").await, ["export_asked"]);
    for login in ["working_committee", "working_committee_east", "foreign_committee", "admin", "security", "unit"] {
        assert!(!kinds(login).await.contains(&"export_asked".to_owned()), "{login} could not confirm it");
    }
    app.as_login("committee").await.post(&withdraw(&file), json!({"words": "用途不明"})).await.expect(200);
    let told = app.as_login("working_committee").await.get("/api/me/notices").await.expect(200).items();
    assert_eq!(told[0]["kind"], "export_decided");
    assert!(told[0]["words"].as_str().is_some_and(|words| words.contains("用途不明")), "{told:?}");
    ask(&app.as_login("admin").await, "accounts").await;
    assert_eq!(kinds("security").await, ["export_asked"], "accounts are the administrators’");
    assert_eq!(kinds("committee").await, ["export_asked"]);
}
