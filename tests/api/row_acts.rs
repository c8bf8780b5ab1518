//! One act on many rows of the list: what it would do is said first, what cannot be done is left out singly, each row has its own line.

use harness::{StoredReport, TestApp, instant};
use minsheng_map::ids::SiteId;
use serde_json::{Value, json};

async fn rev(app: &TestApp, site: i64) -> i64 {
    sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
}

async fn rows(app: &TestApp, sites: &[i64]) -> Value {
    let mut seen = Vec::new();
    for site in sites {
        seen.push(json!({"site_id": site, "rev": rev(app, *site).await}));
    }
    Value::Array(seen)
}

async fn act(app: &TestApp, login: &str, body: Value) -> Value {
    app.as_login(login).await.post("/api/review/acts", body).await.expect(200).json()
}

async fn complete(app: &TestApp, sites: &[i64]) {
    for site in sites {
        let report = StoredReport::new(SiteId(*site), app.world.deputies["deputy"], instant("2026-10-12T10:00:00+08:00"), "completed");
        report.take_effect(&app.pool, &app.world).await;
    }
}

async fn struck_off(app: &TestApp) -> i64 {
    sqlx::query_scalar("select count(*) from sites where struck_off_on is not null").fetch_one(&app.pool).await.expect("a count")
}

async fn audited(app: &TestApp, action: &str) -> i64 {
    let query = "select count(*) from audit_log where action = $1 and outcome = 'done'";
    sqlx::query_scalar(query).bind(action).fetch_one(&app.pool).await.expect("a count")
}

fn outcome(answer: &Value, site: i64) -> (bool, String) {
    let found = answer["items"].as_array().expect("items").iter().find(|item| item["site_id"] == site).expect("the row");
    (found["done"] == true, found["code"].as_str().unwrap_or("").to_owned())
}

#[tokio::test]
async fn a_preview_says_what_would_happen_and_nothing_has_happened() {
    let app = TestApp::start().await;
    let (done, open) = (app.world.west[0].site_id.0, app.world.west[1].site_id.0);
    complete(&app, &[done]).await;
    let lines = audited(&app, "site.strike_off").await;
    let mut body = json!({"act": "strike_off", "rows": rows(&app, &[done, open]).await, "words": "验收", "preview": true});
    let preview = act(&app, "working_committee", body.clone()).await;
    assert_eq!((&preview["preview"], &preview["done"]), (&json!(true), &json!(1)), "{preview}");
    assert_eq!((outcome(&preview, done), outcome(&preview, open)), ((true, String::new()), (false, "conflict".to_owned())));
    assert_eq!((struck_off(&app).await, audited(&app, "site.strike_off").await), (0, lines));
    body["preview"] = json!(false);
    let answer = act(&app, "working_committee", body).await;
    assert_eq!(answer["items"], preview["items"], "what was said is what was done");
    assert_eq!((struck_off(&app).await, audited(&app, "site.strike_off").await), (1, lines + 1));
}

#[tokio::test]
async fn rows_of_another_place_are_left_out_singly_as_if_they_were_not_there() {
    let app = TestApp::start().await;
    let (own, east, foreign) = (app.world.west[0].site_id.0, app.world.east[0].site_id.0, app.world.foreign.site_id.0);
    let rows = rows(&app, &[own, east, foreign, own]).await;
    let mut body = json!({"act": "correct", "rows": rows, "words": "现场核实", "stage": "in_progress", "percent": 40});
    body["rows"].as_array_mut().expect("rows").push(json!({"site_id": 987_654_321, "rev": 1}));
    let answer = act(&app, "working_committee", body).await;
    assert_eq!(answer["done"], 1, "{answer}");
    assert!(outcome(&answer, own).0);
    for other in [east, foreign, 987_654_321] {
        assert_eq!(outcome(&answer, other), (false, "not_found".to_owned()));
    }
    let stale = json!({"act": "correct", "rows": [{"site_id": own, "rev": 0}], "words": "核实", "stage": "in_progress", "percent": 50});
    assert_eq!(outcome(&act(&app, "committee", stale).await, own), (false, "rev_mismatch".to_owned()));
}

#[tokio::test]
async fn what_one_proposes_for_many_sites_another_confirms_for_many() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let settings = committee.get("/api/county-settings").await.expect(200).json();
    let mut figures = settings["figures"].clone();
    figures["strike_off_persons"] = json!(2);
    committee.put("/api/county-settings", json!({"figures": figures, "reason": "主任会议决定", "rev": settings["rev"]})).await.expect(200);
    let sites = [app.world.west[0].site_id.0, app.world.west[1].site_id.0];
    complete(&app, &sites).await;
    let alone = act(&app, "committee", json!({"act": "strike_off", "rows": rows(&app, &sites).await, "words": "验收"})).await;
    assert_eq!(alone["done"], 0, "two are wanted: {alone}");
    let proposed = json!({"act": "propose_strike_off", "rows": rows(&app, &sites).await, "words": "现场核实"});
    assert_eq!(act(&app, "working_committee", proposed).await["done"], 2);
    let pending = committee.get("/api/strike-off-proposals").await.expect(200).items();
    let seen: Vec<Value> = pending.iter().map(|each| json!({"site_id": each["site_id"], "rev": each["rev"], "proposal_id": each["id"]})).collect();
    let confirm = json!({"act": "confirm_strike_off", "rows": seen, "words": ""});
    let own = act(&app, "working_committee", confirm.clone()).await;
    assert_eq!((&own["done"], outcome(&own, sites[0]).1.as_str()), (&json!(0), "forbidden"), "nobody confirms their own");
    let mut crossed = confirm.clone();
    (crossed["rows"][0]["proposal_id"], crossed["rows"][1]["proposal_id"]) = (pending[1]["id"].clone(), pending[0]["id"].clone());
    assert_eq!(act(&app, "committee", crossed).await["done"], 0, "a proposal about another site than was seen");
    assert_eq!(struck_off(&app).await, 0);
    assert_eq!(act(&app, "committee", confirm).await["done"], 2);
    assert_eq!((struck_off(&app).await, audited(&app, "site.confirm_strike_off").await), (2, 2));
    let told = app.as_login("working_committee").await.get("/api/me/notices").await.expect(200).items();
    assert_eq!(told.iter().filter(|notice| notice["kind"] == "strike_off_confirmed").count(), 2, "whoever proposed hears of it");
}

#[tokio::test]
async fn what_was_done_to_many_rows_is_taken_back_where_nobody_changed_it_since() {
    let app = TestApp::start().await;
    let sites = [app.world.west[0].site_id.0, app.world.west[1].site_id.0];
    complete(&app, &sites).await;
    let back = async |act: &str, words: &str| json!({"act": act, "rows": rows(&app, &sites).await, "words": words});
    assert_eq!(act(&app, "working_committee", back("propose_strike_off", "现场核实").await).await["done"], 2);
    let by_another = act(&app, "committee", back("withdraw_proposal", "批量办理后撤销").await).await;
    assert_eq!((&by_another["done"], outcome(&by_another, sites[0]).1.as_str()), (&json!(0), "conflict"), "what another proposed: {by_another}");
    assert_eq!(act(&app, "working_committee", back("withdraw_proposal", "批量办理后撤销").await).await["done"], 2);
    let pending = app.as_login("committee").await.get("/api/strike-off-proposals").await.expect(200).items();
    assert_eq!((pending.len(), audited(&app, "site.withdraw_strike_off").await), (0, 2));

    let struck = act(&app, "committee", back("strike_off", "验收").await).await;
    let seen: Vec<Value> =
        struck["items"].as_array().expect("items").iter().map(|item| json!({"site_id": item["site_id"], "rev": item["rev"]})).collect();
    let changed = json!({"reason": "还要再看", "rev": seen[0]["rev"]});
    app.as_login("committee").await.post(&format!("/api/sites/{}/reopen", seen[0]["site_id"]), changed).await.expect(200);
    let undone = act(&app, "committee", json!({"act": "reopen", "rows": seen, "words": "批量办理后撤销"})).await;
    let first = seen[0]["site_id"].as_i64().expect("a number");
    assert_eq!((&undone["done"], outcome(&undone, first).1.as_str()), (&json!(1), "rev_mismatch"), "{undone}");
    assert_eq!((struck_off(&app).await, audited(&app, "site.reopen").await), (0, 2));
}

#[tokio::test]
async fn reports_are_returned_and_sites_given_to_another_deputy_where_that_can_be() {
    let app = TestApp::start().await;
    let (reported, silent) = (app.world.west[0].site_id, app.world.west[1].site_id.0);
    let (from, to) = (app.world.deputies["deputy"], app.world.deputies["deputy2"]);
    let report = StoredReport::new(reported, from, instant("2026-10-12T10:00:00+08:00"), "in_progress");
    report.take_effect(&app.pool, &app.world).await;
    let sites = [reported.0, silent];
    let returned = act(&app, "committee", json!({"act": "return", "rows": rows(&app, &sites).await, "words": "照片不符"})).await;
    assert_eq!((outcome(&returned, reported.0).0, outcome(&returned, silent).1.as_str()), (true, "conflict"), "{returned}");
    let body = json!({"act": "reassign", "rows": rows(&app, &sites).await, "words": "经本人同意", "from_deputy_id": from, "to_deputy_id": null,
        "reason": "leave"});
    let ended = act(&app, "working_committee", body).await;
    let adopts = "select count(*) from adoptions where deputy_id = $1 and ended_on is null and site_id = any($2)";
    let count = async |deputy: i64| sqlx::query_scalar::<_, i64>(adopts).bind(deputy).bind(&sites[..]).fetch_one(&app.pool).await.expect("a count");
    assert_eq!((count(from.0).await, ended["done"].as_u64().is_some_and(|done| done >= 1)), (0, true), "{ended}");
    let body = json!({"act": "reassign", "rows": rows(&app, &sites).await, "words": "就近", "to_deputy_id": to, "reason": "other"});
    let begun = act(&app, "working_committee", body.clone()).await;
    assert_eq!(count(to.0).await, 2, "{begun}");
    let again = json!({"act": "reassign", "rows": rows(&app, &sites).await, "words": "就近", "to_deputy_id": to, "reason": "other"});
    assert_eq!(act(&app, "working_committee", again).await["done"], 0, "they have them already");
}

#[tokio::test]
async fn of_two_who_act_on_the_same_rows_at_once_each_row_is_done_once() {
    let app = TestApp::start().await;
    let sites = [app.world.west[0].site_id.0, app.world.west[1].site_id.0];
    complete(&app, &sites).await;
    let mut body = json!({"act": "strike_off", "rows": rows(&app, &sites).await, "words": "验收"});
    let mut acting = Vec::new();
    for turn in 0..6 {
        let client = app.as_login(if turn % 2 == 0 { "committee" } else { "working_committee" }).await;
        body["rows"].as_array_mut().expect("rows").reverse();
        let body = body.clone();
        acting.push(tokio::spawn(async move { client.post("/api/review/acts", body).await.expect(200).json()["done"].as_u64() }));
    }
    let mut done = 0;
    for each in acting {
        done += each.await.expect("an answer").expect("a count");
    }
    assert_eq!((done, struck_off(&app).await, audited(&app, "site.strike_off").await), (2, 2, 2));
}

#[tokio::test]
async fn a_call_that_lacks_something_names_the_field() {
    let app = TestApp::start().await;
    let rows = rows(&app, &[app.world.west[0].site_id.0]).await;
    let client = app.as_login("committee").await;
    for (body, field) in [
        (json!({"act": "strike_off", "rows": [], "words": "验收"}), "rows"),
        (json!({"act": "strike_off", "rows": rows, "words": ""}), "words"),
        (json!({"act": "correct", "rows": rows, "words": "核实"}), "stage"),
        (json!({"act": "correct", "rows": rows, "words": "核实", "stage": "completed"}), "percent"),
        (json!({"act": "correct", "rows": rows, "words": "核实", "stage": "completed", "percent": 60}), "percent"),
        (json!({"act": "reassign", "rows": rows, "words": "就近", "reason": "leave"}), "to_deputy_id"),
        (json!({"act": "reassign", "rows": rows, "words": "就近", "to_deputy_id": 1}), "reason"),
    ] {
        assert_eq!(client.post("/api/review/acts", body.clone()).await.expect(422).fields(), [field], "{body}");
    }
    let many: Vec<Value> = (1..=201).map(|site| json!({"site_id": site, "rev": 1})).collect();
    assert_eq!(client.post("/api/review/acts", json!({"act": "strike_off", "rows": many, "words": "验收"})).await.expect(422).fields(), ["rows"]);
}
