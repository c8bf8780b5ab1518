//! A term opened: its deputies, its adoptions and how each ended, also years later, and for each place its own.

use harness::{Client, StoredReport, TestApp};
use serde_json::{Value, json};

async fn note_terms(app: &TestApp, committee: &Client) {
    committee.post("/api/terms", json!({"number": 17, "begins_on": "2022-01-12", "leaving": [], "carried": []})).await.expect(201);
    let own = StoredReport::new(app.world.west[1].site_id, app.world.deputies["deputy"], app.now(), "in_progress");
    own.take_effect(&app.pool, &app.world).await;
    let deputies = &app.world.deputies;
    let next = json!({"number": 18, "begins_on": "2026-10-21", "leaving": [deputies["deputy"]],
        "carried": [{"site_id": app.world.west[1].site_id, "from_deputy_id": deputies["deputy"], "to_deputy_id": deputies["deputy_east"]}]});
    committee.post("/api/terms", next).await.expect(201);
    app.set_clock("2026-10-21T09:00:00+08:00");
    minsheng_map::schedule::run_due(&app.platform).await.expect("the jobs run");
}

fn names(rows: &[Value]) -> Vec<&str> {
    let mut names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().expect("a name")).collect();
    names.sort_unstable();
    names
}

/// What became of the deputy's adoption of the site.
fn fate<'a>(rows: &'a [Value], site: &str, deputy: &str) -> Option<&'a Value> {
    rows.iter().find(|row| row["site"]["name"] == site && row["deputy"]["name"] == deputy)
}

#[tokio::test]
async fn an_old_term_tells_who_sat_in_it_and_what_became_of_each_adoption() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    note_terms(&app, &committee).await;
    let committee = app.as_login("committee").await;
    let old = committee.get("/api/term-deputies?term=17").await.expect(200).items();
    assert_eq!(names(&old), ["丙代表", "乙代表", "甲代表"]);
    let gone = old.iter().find(|row| row["name"] == "甲代表").expect("the deputy");
    assert_eq!((&gone["left_on"], &gone["left_because"], &gone["adoptions"]), (&json!("2026-10-21"), &json!("term_ended"), &json!(2)));
    let present = committee.get("/api/term-deputies?term=18").await.expect(200).items();
    assert_eq!(names(&present), ["丙代表", "乙代表"], "who left with the old term is not in the new one");
    let old = committee.get("/api/term-adoptions?term=17").await.expect(200).items();
    let carried = fate(&old, "西河镇第二幼儿园", "甲代表").expect("an adoption");
    assert_eq!((&carried["ending"], &carried["to"]["name"], &carried["until"]), (&json!("carried"), &json!("丙代表"), &json!("2026-10-21")));
    assert_eq!(carried["reports"], 1);
    let closed = fate(&old, "西河镇中心幼儿园", "甲代表").expect("an adoption");
    assert_eq!((&closed["ending"], &closed["to"]), (&json!("closed"), &Value::Null));
    let stays = fate(&old, "西河镇中心幼儿园", "乙代表").expect("an adoption");
    assert_eq!((&stays["ending"], &stays["until"]), (&json!("continued"), &Value::Null));
    assert!(fate(&old, "西河镇第二幼儿园", "丙代表").is_none(), "taken on with the new term");
    let present = committee.get("/api/term-adoptions?term=18").await.expect(200).items();
    assert_eq!(fate(&present, "西河镇第二幼儿园", "丙代表").expect("an adoption")["ending"], "held");
    assert!(fate(&present, "西河镇第二幼儿园", "甲代表").is_none());
    assert_eq!(fate(&present, "西河镇中心幼儿园", "乙代表").expect("an adoption")["ending"], "held");
}

#[tokio::test]
async fn a_hand_over_within_the_term_names_who_took_the_site() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    committee.post("/api/terms", json!({"number": 17, "begins_on": "2022-01-12", "leaving": [], "carried": []})).await.expect(201);
    let site = app.world.west[0].site_id;
    let rev = committee.get(&format!("/api/sites/{site}")).await.expect(200).json()["rev"].clone();
    let moved = json!({"from_deputy_id": app.world.deputies["deputy"], "to_deputy_id": app.world.deputies["deputy_east"], "reason": "illness",
        "words": "住院", "rev": rev});
    committee.post(&format!("/api/sites/{site}/adopters"), moved).await.expect(200);
    let rows = committee.get("/api/term-adoptions?term=17").await.expect(200).items();
    let moved = fate(&rows, "西河镇中心幼儿园", "甲代表").expect("an adoption");
    assert_eq!((&moved["ending"], &moved["to"]["name"]), (&json!("handed_over"), &json!("丙代表")));
    assert_eq!(fate(&rows, "西河镇中心幼儿园", "丙代表").expect("an adoption")["ending"], "held");
}

#[tokio::test]
async fn each_place_sees_its_own_and_a_file_has_what_the_page_has() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    note_terms(&app, &committee).await;
    sqlx::query("update deputies set level = 'township' where deputy_id = $1")
        .bind(app.world.deputies["deputy2"].0)
        .execute(&app.pool)
        .await
        .expect("a deputy of the township's congress");
    for (login, expected) in [("working_committee", vec!["乙代表", "甲代表"]), ("working_committee_east", vec!["丙代表"])] {
        let rows = app.as_login(login).await.get("/api/term-deputies?term=17").await.expect(200).items();
        assert_eq!(names(&rows), expected, "{login}");
        let rows = app.as_login(login).await.get("/api/term-adoptions?term=17").await.expect(200).items();
        assert!(rows.iter().all(|row| expected.contains(&row["deputy"]["name"].as_str().expect("a name"))), "{login}: {rows:?}");
    }
    let committee = app.as_login("committee").await;
    let township = committee.get("/api/term-deputies?term=17&level=township").await.expect(200).items();
    assert_eq!(names(&township), ["乙代表"]);
    assert_eq!(committee.get("/api/term-deputies?term=17&level=city").await.expect(422).fields(), ["level"]);
    committee.get("/api/term-deputies?term=19").await.expect(404);
    app.as_login("foreign_committee").await.get("/api/term-deputies?term=17").await.expect(404);
    for login in ["deputy2", "unit", "admin"] {
        app.as_login(login).await.get("/api/term-adoptions?term=17").await.expect(403);
    }
    for (list, words) in [("term_deputies", "换届"), ("term_adoptions", "换届移交")] {
        let wanted = json!({"wanted": {"list": list, "filters": "term=17"}, "format": "csv", "reason": "换届总结"});
        let url = committee.post("/api/desk-exports", wanted).await.expect(201).json()["url"].as_str().expect("an address").to_owned();
        let text = committee.get(&url).await.expect(200).text();
        assert!(text.contains("甲代表") && text.contains(words), "{list}: {text}");
    }
    let unsaid = json!({"wanted": {"list": "term_deputies"}, "format": "csv", "reason": "换届总结"});
    committee.post("/api/desk-exports", unsaid).await.expect(422);
}
