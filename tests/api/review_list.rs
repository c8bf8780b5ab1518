//! The review list as people work through it: narrowed, read by number, put aside, and under names of their own.

use harness::{Client, StoredReport, TestApp, WEST, instant};
use serde_json::{Value, json};

async fn listed(client: &Client, query: &str) -> Vec<i64> {
    let rows = client.get(&format!("/api/review?{query}")).await.expect(200).items();
    rows.iter().filter_map(|row| row["site_id"].as_i64()).collect()
}

/// A report from the road instead of the site.
async fn off_site(app: &TestApp, deputy: &str, at: &str) {
    let report = StoredReport::new(app.world.west[0].site_id, app.world.deputies[deputy], instant(at), "not_started");
    StoredReport { off_site_m: Some(2310), ..report }.take_effect(&app.pool, &app.world).await;
}

#[tokio::test]
async fn the_outline_is_the_list_in_its_order_and_rows_are_read_by_number() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let all = listed(&committee, "").await;
    let outline = committee.get("/api/review/outline").await.expect(200).json();
    assert_eq!(outline["site_ids"], json!(all));
    assert_eq!(outline["totals"]["overdue_red"], 4);
    assert_eq!(outline["rule"]["reasons"]["overdue_red"], json!({"once": 300, "each": 3}));
    let page = committee.get(&format!("/api/review?sites={},{}", all[2], all[0])).await.expect(200).json();
    let ranks: Vec<&Value> = page["items"].as_array().expect("items").iter().map(|row| &row["rank"]).collect();
    assert_eq!(ranks, [&json!(1), &json!(3)], "a row keeps the rank it has in the whole list");
    assert_eq!((&page["total"], &page["rule"]), (&json!(2), &outline["rule"]));
    let silent = committee.get("/api/review/outline?reason=silent").await.expect(200).json();
    assert_eq!((&silent["site_ids"], &silent["totals"]["overdue_red"]), (&json!([]), &json!(4)));
    for wrong in ["limit=5", "cursor=3.4", "sites=a", "sites=1,,2"] {
        committee.get(&format!("/api/review/outline?{wrong}")).await.expect(422);
    }
    assert_eq!(committee.get("/api/review?sites=x").await.expect(422).fields(), ["sites"]);
}

#[tokio::test]
async fn rows_are_read_without_the_whole_list_and_the_outline_has_their_places() {
    let app = TestApp::start().await;
    off_site(&app, "deputy", "2026-09-20T09:00:00+08:00").await;
    let committee = app.as_login("committee").await;
    let rows = committee.get("/api/review").await.expect(200).items();
    let outline = committee.get("/api/review/outline?sort=site&descending=true").await.expect(200).json();
    let order = outline["site_ids"].as_array().expect("numbers");
    let sites: Vec<String> = order.iter().map(ToString::to_string).collect();
    let read = committee.get(&format!("/api/review?sites={}&unranked=true", sites.join(","))).await.expect(200).items();
    assert_eq!((read.len(), rows.len()), (sites.len(), sites.len()));
    for row in &read {
        let place = order.iter().position(|site| *site == row["site_id"]).expect("in the outline");
        let mut ranked = rows.iter().find(|ranked| ranked["site_id"] == row["site_id"]).expect("in the list").clone();
        assert_eq!(outline["ranks"][place], ranked["rank"].take(), "the outline says the place in the whole list");
        assert_eq!(*row, ranked, "all but the place is the same");
    }
    assert_eq!(committee.get("/api/review/outline").await.expect(200).json()["ranks"], Value::Null, "1, 2, 3 and so on");
    let last = rows.last().expect("a row");
    let found = committee.get(&format!("/api/review/outline?sites={}", last["site_id"])).await.expect(200).json();
    assert_eq!(found["ranks"], json!([last["rank"]]));
    assert_eq!(committee.get("/api/review?unranked=true").await.expect(422).fields(), ["sites"]);
    assert_eq!(committee.get("/api/review/outline?unranked=true").await.expect(422).fields(), ["unranked"]);
    let elsewhere = app.as_login("working_committee_east").await;
    let west = app.world.west[0].site_id;
    assert_eq!(elsewhere.get(&format!("/api/review?sites={west}&unranked=true")).await.expect(200).items(), Vec::<Value>::new());
}

#[tokio::test]
async fn filters_narrow_the_list_and_combine() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let all = listed(&committee, "").await;
    let site = app.world.west[0].site_id.0;
    let deputy = app.world.deputies["deputy2"];
    let rows = committee.get("/api/review").await.expect(200).items();
    let adopted = |row: &&Value| row["adopters"].as_array().expect("adopters").iter().any(|adopter| adopter["id"] == deputy.0);
    let of_deputy: Vec<i64> = rows.iter().filter(adopted).filter_map(|row| row["site_id"].as_i64()).collect();
    assert!(!of_deputy.is_empty() && of_deputy.len() < all.len());
    assert_eq!(listed(&committee, &format!("deputy={deputy}")).await, of_deputy);
    let days = rows[0]["reasons"][0]["days"].as_i64().expect("days");
    assert!(listed(&committee, &format!("days={days}")).await.contains(&all[0]));
    assert!(listed(&committee, &format!("days={}", days + 1)).await.iter().all(|id| *id != all[0]));
    assert_eq!(listed(&committee, "q=2026-01-001").await, [site]);
    let unit = app.world.unit_id.0;
    let order = json!({"site_ids": [site], "unit_id": unit, "words": "请答复", "due_on": "2026-11-05", "copy_to_deputies": false, "follows": null});
    committee.post("/api/supervision-orders", order).await.expect(201);
    assert_eq!(listed(&committee, "ordered=true").await, [site]);
    assert_eq!(listed(&committee, "ordered=false").await.len(), all.len() - 1);
    let row = &committee.get(&format!("/api/review?sites={site}")).await.expect(200).items()[0];
    assert_eq!((&row["open_orders"], &row["order_points"]), (&json!(1), &json!(20)));
    committee.post("/api/reminders", json!({"site_ids": [site], "to": "unit", "words": ""})).await.expect(200);
    assert_eq!(listed(&committee, "unreminded=7").await.len(), all.len() - 1);
    app.set_clock("2026-10-27T10:00:00+08:00");
    let committee = app.as_login("committee").await;
    assert_eq!(listed(&committee, "unreminded=7").await.len(), all.len(), "a week later it counts as unreminded again");
    assert_eq!(listed(&committee, &format!("ordered=true&region={WEST}&q=2026")).await, [site]);
}

#[tokio::test]
async fn a_finding_put_aside_comes_back_when_something_newer_says_so_or_when_it_is_taken_up() {
    let app = TestApp::start().await;
    off_site(&app, "deputy", "2026-10-18T10:00:00+08:00").await;
    let (committee, site) = (app.as_login("committee").await, app.world.west[0].site_id.0);
    assert_eq!(listed(&committee, "reason=off_site").await, [site]);
    let other = app.world.west[1].site_id.0;
    let body = json!({"site_ids": [site, other], "reason": "off_site", "words": "便道封闭，情况属实"});
    let items = committee.post("/api/review/dismissals", body.clone()).await.expect(201).items();
    assert_eq!((items.len(), &items[0]["site_id"]), (1, &json!(site)), "a site without the finding is left out");
    assert!(listed(&committee, "reason=off_site").await.is_empty());
    assert!(listed(&committee, "reason=overdue_red").await.contains(&site), "what else was found stands");
    committee.post("/api/review/dismissals/undo", json!({"ids": [items[0]["id"]]})).await.expect(200);
    assert_eq!(listed(&committee, "reason=off_site").await, [site]);
    committee.post("/api/review/dismissals", body).await.expect(201);
    app.set_clock("2026-10-21T10:00:00+08:00");
    off_site(&app, "deputy2", "2026-10-20T18:00:00+08:00").await;
    assert_eq!(listed(&app.as_login("committee").await, "reason=off_site").await, [site], "the next report is a new finding");
}

#[tokio::test]
async fn only_findings_within_reach_are_put_aside_and_never_late_work() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id.0;
    let body = |reason: &str, words: &str| json!({"site_ids": [site], "reason": reason, "words": words});
    let committee = app.as_login("committee").await;
    for (reason, words, field) in [("overdue_red", "已核实", "reason"), ("overdue_yellow", "已核实", "reason"), ("silent", "", "words")] {
        assert_eq!(committee.post("/api/review/dismissals", body(reason, words)).await.expect(422).fields(), [field]);
    }
    let none = json!({"site_ids": [], "reason": "silent", "words": "已核实"});
    assert_eq!(committee.post("/api/review/dismissals", none).await.expect(422).fields(), ["site_ids"]);
    app.as_login("working_committee_east").await.post("/api/review/dismissals", body("silent", "已核实")).await.expect(404);
    committee.post("/api/review/dismissals/undo", json!({"ids": [987_654]})).await.expect(404);
}

#[tokio::test]
async fn a_silent_month_that_was_explained_is_a_finding_again_after_the_next() {
    let app = TestApp::start().await;
    sqlx::query("update sites set created_at = '2026-08-05T09:00:00+08:00'").execute(&app.pool).await.expect("older sites");
    let (committee, site) = (app.as_login("committee").await, app.world.west[0].site_id.0);
    let body = json!({"site_ids": [site], "reason": "silent", "words": "代表病休，已另行走访"});
    committee.post("/api/review/dismissals", body).await.expect(201);
    assert!(!listed(&committee, "reason=silent").await.contains(&site));
    app.set_clock("2026-11-01T08:00:00+08:00");
    assert!(listed(&app.as_login("committee").await, "reason=silent").await.contains(&site));
}

#[tokio::test]
async fn a_preview_says_whom_an_act_would_reach() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let sites: Vec<String> = app.world.west.iter().map(|site| site.site_id.to_string()).collect();
    let preview = committee.get(&format!("/api/review/recipients?sites={}", sites.join(","))).await.expect(200).json();
    let told = committee.post(
        "/api/reminders",
        json!({"site_ids": app.world.west.iter().map(|site| site.site_id).collect::<Vec<_>>(),
        "to": "adopters", "words": ""}),
    );
    let notices: i64 = told.await.expect(200).items().iter().filter_map(|item| item["notices"].as_i64()).sum();
    let sum = |list: &str| -> i64 {
        let told = preview[list].as_array().expect("a list");
        told.iter().map(|each| each["sites"].as_i64().unwrap_or(0) * each["accounts"].as_i64().unwrap_or(0)).sum()
    };
    assert_eq!(sum("deputies"), notices, "{preview}");
    assert_eq!(preview["units"][0]["name"].as_str().map(str::is_empty), Some(false));
    committee.get("/api/review/recipients").await.expect(422);
    app.as_login("working_committee_east").await.get(&format!("/api/review/recipients?sites={}", sites[0])).await.expect(404);
    assert_eq!(app.as_login("unit").await.get(&format!("/api/review/recipients?sites={}", sites[0])).await.status.as_u16(), 403);
}

#[tokio::test]
async fn saved_views_follow_their_owner_and_nobody_else() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let nothing = committee.get("/api/me/review-views").await.expect(200).json();
    assert_eq!(nothing, json!({"items": [], "rev": 0}));
    let view = json!({"name": "三十天以上", "query": "days=30&ordered=false", "columns": ["reasons", "unit"]});
    let saved = committee.put("/api/me/review-views", json!({"items": [view], "rev": 0})).await.expect(200).json();
    assert_eq!(app.as_login("committee").await.get("/api/me/review-views").await.expect(200).json(), saved);
    assert!(app.as_login("working_committee").await.get("/api/me/review-views").await.expect(200).items().is_empty());
    for stale in [0, 2] {
        let late = committee.put("/api/me/review-views", json!({"items": [], "rev": stale})).await.expect(409);
        assert_eq!((late.code(), &late.json()["rev"]), ("rev_mismatch".to_owned(), &json!(1)), "another machine of the account was faster");
    }
    let twice = committee.put("/api/me/review-views", json!({"items": [view, view], "rev": 1})).await.expect(422);
    assert_eq!((twice.fields(), &twice.json()["fields"][0]["code"]), (vec!["items".to_owned()], &json!("duplicate")));
    committee.put("/api/me/review-views", json!({"items": [], "rev": 1})).await.expect(200);
    assert_eq!(committee.get("/api/me/review-views").await.expect(200).json(), json!({"items": [], "rev": 2}));
    let many: Vec<Value> = (0..21).map(|at| json!({"name": format!("视图 {at}"), "query": "", "columns": []})).collect();
    assert_eq!(committee.put("/api/me/review-views", json!({"items": many, "rev": 2})).await.expect(422).fields(), ["items"]);
    let nameless = json!({"items": [{"name": " ", "query": "", "columns": []}], "rev": 2});
    assert_eq!(committee.put("/api/me/review-views", nameless).await.expect(422).fields(), ["items[0].name"]);
}

#[tokio::test]
async fn the_outline_is_sorted_by_each_column_and_can_be_recomputed_from_the_rows() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    committee.post("/api/reminders", json!({"site_ids": [app.world.west[1].site_id], "to": "unit", "words": ""})).await.expect(200);
    let rows = committee.get("/api/review?limit=500").await.expect(200).items();
    let key = |row: &Value, sort: &str| -> Option<String> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let number = |value: &Value| value.as_i64().map(|number| format!("{number:012}"));
        match sort {
            "rank" => number(&row["rank"]),
            "site" => text(&row["site"]["code"]),
            "stage" => ["not_started", "in_progress", "completed"].iter().position(|stage| row["site"]["stage"] == *stage).map(|at| at.to_string()),
            "reasons" => {
                let reasons = row["reasons"].as_array().expect("reasons");
                reasons
                    .iter()
                    .find(|reason| reason["code"].as_str().is_some_and(|code| code.starts_with("overdue")))
                    .and_then(|late| number(&late["days"]))
            }
            "adopters" => row["adopters"].as_array().expect("adopters").iter().filter_map(|adopter| text(&adopter["name"])).min(),
            "unit" => text(&row["site"]["unit"]["name"]),
            "plan" => text(&row["site"]["planned_finish_on"]),
            "last_report" => text(&row["site"]["last_report_at"]),
            "people" => number(&row["people_served"]),
            _ => Some(format!("{:06}{:06}", row["reminders"].as_i64().unwrap_or(0), row["open_orders"].as_i64().unwrap_or(0))),
        }
    };
    for sort in ["rank", "site", "stage", "reasons", "adopters", "unit", "plan", "last_report", "people", "done"] {
        for descending in [false, true] {
            let mut expected = rows.clone();
            expected.sort_by(|one, other| match (key(one, sort), key(other, sort)) {
                (Some(one), Some(other)) if descending => other.cmp(&one),
                (Some(one), Some(other)) => one.cmp(&other),
                (one, other) => one.is_none().cmp(&other.is_none()),
            });
            let expected: Vec<&Value> = expected.iter().map(|row| &row["site_id"]).collect();
            let outline = committee.get(&format!("/api/review/outline?sort={sort}&descending={descending}")).await.expect(200).json();
            assert_eq!(outline["site_ids"].as_array().expect("numbers").iter().collect::<Vec<_>>(), expected, "{sort}, descending: {descending}");
        }
    }
    assert_eq!(committee.get("/api/review/outline?sort=luck").await.expect(422).fields(), ["sort"]);
    assert_eq!(committee.get("/api/review?sort=unit").await.expect(422).fields(), ["sort"]);
}
