//! Deputies, groups and stations kept on the desk, and the right that ends with the office.

use harness::{EAST, TestApp, WEST, eventually};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::reports::{count, path, report};

fn new_deputy(name: &str, phone: &str) -> Value {
    json!({"name": name, "level": "county", "constituency": "西河镇第三选区", "in_region": WEST, "phone": phone})
}

async fn roster(app: &TestApp, login: &str, query: &str) -> Vec<Value> {
    app.as_login(login).await.get(&format!("/api/roster{query}")).await.expect(200).items()
}

async fn of(app: &TestApp, login: &str) -> Value {
    let id = app.world.deputies[login].0;
    let mut all = roster(app, "committee", "").await;
    all.extend(roster(app, "committee", "?left=true").await);
    all.into_iter().find(|deputy| deputy["id"] == id).expect("the deputy")
}

#[tokio::test]
async fn a_deputy_is_entered_where_one_supervises_and_can_be_invited() {
    let app = TestApp::start().await;
    let working_committee = app.as_login("working_committee").await;
    let made = working_committee.post("/api/deputies", new_deputy("戊代表", "+86 139-0000-0055")).await.expect(201).json();
    assert_eq!((&made["phone"], &made["joined_on"], &made["rev"]), (&json!("139****0055"), &json!("2026-10-20"), &json!(1)));
    eventually("the public knows", async || {
        app.visitor().get("/api/deputies").await.expect(200).items().iter().any(|deputy| deputy["id"] == made["id"])
    })
    .await;
    assert!(!app.visitor().get("/api/deputies").await.expect(200).text().contains("13900000055"), "without the number");
    let invited = working_committee.post("/api/invitations", json!({"deputies": [made["id"]], "valid_days": 30})).await.expect(201);
    assert_eq!(invited.items().len(), 1);
    for (field, value) in [
        ("phone", json!("13900000001")),
        ("phone", json!("1234")),
        ("in_region", json!(EAST)),
        ("in_region", json!("339902001")),
        ("group_id", json!(987_654)),
        ("station_id", json!(987_654)),
        ("level", json!("village")),
        ("name", json!(" ")),
        ("left_on", json!("2026-10-01")),
    ] {
        let mut body = new_deputy("己代表", "13900000056");
        body[field] = value.clone();
        assert_eq!(working_committee.post("/api/deputies", body).await.expect(422).fields(), [field], "{field} {value}");
    }
    assert_eq!(roster(&app, "working_committee", "").await.len(), 3, "甲 and 乙 and the new one");
    assert_eq!(roster(&app, "working_committee", "?q=0055").await.len(), 1);
    assert_eq!(roster(&app, "committee", &format!("?region={EAST}")).await.len(), 1);
}

#[tokio::test]
async fn what_is_kept_of_a_deputy_is_mended_with_a_reason_and_never_overwritten_unseen() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let address = format!("/api/deputies/{}", app.world.deputies["deputy"]);
    let mend = |name: &str, rev: i64| {
        json!({"name": name, "level": "county", "constituency": "西河镇第一选区", "in_region": WEST, "station_id": app.world.station_west,
            "phone": "13900000099", "reason": "姓名有误", "rev": rev})
    };
    let view = committee.put(&address, mend("甲一代表", 1)).await.expect(200).json();
    assert_eq!((&view["name"], &view["station"]["name"], &view["rev"]), (&json!("甲一代表"), &json!("西河镇代表联络站"), &json!(2)));
    let stale = committee.put(&address, mend("甲二代表", 1)).await.expect(409);
    assert_eq!((stale.code(), &stale.json()["rev"]), ("rev_mismatch".to_owned(), &json!(2)));
    let detail: Value = sqlx::query_scalar("select detail from audit_log where action = 'deputy.mend'").fetch_one(&app.pool).await.expect("a line");
    assert_eq!((&detail["phone_changed"], &detail["from"][0]), (&json!(true), &json!("甲代表")));
    assert!(!detail.to_string().contains("1390000"), "no number lies in the log");
    eventually("the site names the adopter anew", async || {
        let site = app.visitor().get(&format!("/api/sites/{}", app.world.west[0].site_id)).await.expect(200).json();
        site["adopters"][0]["name"] == "甲一代表"
    })
    .await;
    // Another township's deputy answers like nobody.
    app.as_login("working_committee_east").await.put(&address, mend("别人", 2)).await.expect(404);
    app.as_login("working_committee").await.put("/api/deputies/987654", mend("没有", 1)).await.expect(404);
}

#[tokio::test]
async fn who_leaves_loses_the_right_at_the_next_request_and_their_sites_are_free() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let kept = Uuid::now_v7();
    deputy.put(&path(kept), report(&app.world.west[0], "not_started", 0)).await.expect(201);
    let end = json!({"because": "moved", "words": "迁出本县", "rev": 1});
    let address = format!("/api/deputies/{}/end", app.world.deputies["deputy"]);
    let gone = app.as_login("working_committee").await.post(&address, end.clone()).await.expect(200).json();
    assert_eq!((&gone["left_on"], &gone["left_because"], &gone["sites"]), (&json!("2026-10-20"), &json!("moved"), &json!(0)));
    deputy.get("/api/me/sites").await.expect(401);
    deputy.put(&path(Uuid::now_v7()), report(&app.world.west[0], "in_progress", 10)).await.expect(401);
    for login in ["deputy", "13900000001"] {
        let credentials = json!({"login": login, "password": harness::PASSWORD});
        app.visitor().post("/api/session", credentials).await.expect(401);
    }
    assert_eq!(count(&app, "adoptions where ended_reason = 'deputy_ended'").await, 2);
    assert_eq!(count(&app, &format!("sessions where account_id = {}", app.world.account("deputy"))).await, 0);
    assert_eq!(
        app.as_login("working_committee").await.post(&address, json!({"because": "moved", "words": "再次", "rev": 2})).await.expect(409).code(),
        "conflict"
    );
    // What they did stays readable, and so do they.
    let reports = app.visitor().get(&format!("/api/sites/{}/reports", app.world.west[0].site_id)).await.expect(200).text();
    assert!(reports.contains(&kept.to_string()) && reports.contains("甲代表"), "{reports}");
    eventually("the list leaves them out", async || {
        app.visitor().get("/api/deputies").await.expect(200).items().iter().all(|each| each["name"] != "甲代表")
    })
    .await;
    let page = app.visitor().get(&format!("/deputies/{}", app.world.deputies["deputy"])).await.expect(200).text();
    assert!(page.contains("不再担任代表"), "{page}");
    assert_eq!(of(&app, "deputy").await["left_on"], "2026-10-20");
    // Nobody can be invited into an office they have left, nor be handed a site.
    let invite = json!({"deputies": [app.world.deputies["deputy"]], "valid_days": 30});
    app.as_login("committee").await.post("/api/invitations", invite).await.expect(404);
    let hand_over = json!({"to_deputy_id": app.world.deputies["deputy"], "reason": "leave", "words": ""});
    let refused = app.as_login("deputy2").await.post(&format!("/api/sites/{}/hand-over", app.world.west[0].site_id), hand_over).await.expect(422);
    assert_eq!(refused.fields(), ["to_deputy_id"]);
}

#[tokio::test]
async fn who_holds_another_right_keeps_that_and_nothing_else() {
    let app = TestApp::start().await;
    sqlx::query("insert into grants (county_id, account_id, role, region_code) values ($1, $2, 'working_committee', $3)")
        .bind(app.world.county_id.0)
        .bind(app.world.account("deputy").0)
        .bind(WEST)
        .execute(&app.pool)
        .await
        .expect("a second right");
    let both = app.as_login("deputy").await;
    both.get("/api/me/sites").await.expect(200);
    let end = json!({"because": "resigned", "words": "辞去代表职务", "rev": 1});
    app.as_login("committee").await.post(&format!("/api/deputies/{}/end", app.world.deputies["deputy"]), end).await.expect(200);
    both.get("/api/me/sites").await.expect(403);
    both.get("/api/review").await.expect(200);
    let session = both.get("/api/session").await.expect(200).json();
    let roles: Vec<&Value> = session["grants"].as_array().expect("grants").iter().map(|grant| &grant["role"]).collect();
    assert_eq!(roles, ["working_committee"]);
}

#[tokio::test]
async fn groups_and_stations_are_kept_and_removed_only_when_nothing_hangs_on_them() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let group = committee.post("/api/deputy-groups", json!({"name": "教育小组", "theme": "学前教育"})).await.expect(201).json();
    assert_eq!(committee.post("/api/deputy-groups", json!({"name": "教育小组", "theme": ""})).await.expect(422).fields(), ["name"]);
    let address = format!("/api/deputy-groups/{}", group["id"]);
    let mend = |rev: i64| json!({"name": "教育一组", "theme": "学前教育", "reason": "改名", "rev": rev});
    assert_eq!(committee.put(&address, mend(1)).await.expect(200).json()["rev"], 2);
    assert_eq!(committee.put(&address, mend(1)).await.expect(409).code(), "rev_mismatch");
    let deputy = json!({"name": "乙代表", "level": "county", "constituency": "", "in_region": WEST, "group_id": group["id"], "phone": "13900000002", "reason": "编组", "rev": 1});
    committee.put(&format!("/api/deputies/{}", app.world.deputies["deputy2"]), deputy).await.expect(200);
    assert_eq!(committee.delete(&address).await.expect(409).json()["fields"][0]["code"], "in_use");
    assert_eq!(committee.get("/api/deputy-groups").await.expect(200).items()[0]["deputies"], 1);

    let working_committee = app.as_login("working_committee").await;
    let station = |lon: f64| {
        json!({"code": "ST-N", "name": "西河北联络点", "kind": "point", "integrity_monitoring": false, "address": "", "telephone": "",
        "opening_hours": "", "position": {"lon": lon, "lat": 30.35}})
    };
    assert_eq!(working_committee.post("/api/stations", station(120.35)).await.expect(422).fields(), ["position"]);
    let made = working_committee.post("/api/stations", station(120.05)).await.expect(201).json();
    assert_eq!(made["region"]["name"], "西河镇");
    assert_eq!(working_committee.post("/api/stations", station(120.05)).await.expect(422).fields(), ["code"]);
    let kept = working_committee.get("/api/roster/stations").await.expect(200).items();
    assert!(kept.iter().any(|each| each["keepers"] == json!(["keeper"])), "{kept:?}");
    let end = json!({"reason": "并入联络站", "rev": made["rev"]});
    let closed = working_committee.post(&format!("/api/stations/{}/end", made["id"]), end).await.expect(200).json();
    assert_eq!(closed["closed_on"], "2026-10-20");
    eventually("the map shows it no longer", async || {
        app.visitor().get("/api/stations").await.expect(200).items().iter().all(|each| each["id"] != made["id"])
    })
    .await;
}

#[tokio::test]
async fn pages_of_the_roster_follow_each_other_whoever_leaves_in_between() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let names =
        |page: &Value| page["items"].as_array().expect("items").iter().map(|item| item["name"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>();
    let first = committee.get("/api/roster?limit=2").await.expect(200).json();
    assert_eq!(names(&first), ["甲代表", "乙代表"]);
    let end = json!({"because": "moved", "words": "迁出本县", "rev": 1});
    committee.post(&format!("/api/deputies/{}/end", app.world.deputies["deputy2"]), end).await.expect(200);
    let cursor = in_address(&first);
    let second = committee.get(&format!("/api/roster?limit=2&cursor={cursor}")).await.expect(200).json();
    assert_eq!((names(&second), &second["next"]), (vec!["丙代表".to_owned()], &Value::Null));
    assert_eq!(roster(&app, "working_committee", "").await.len(), 1, "its own place, and who is there still");
    assert_eq!(roster(&app, "committee", "?left=true").await.len(), 1);
    assert_eq!(roster(&app, "committee", "?region=339901002&level=county").await.len(), 1);
    assert_eq!(committee.get("/api/roster?cursor=7").await.expect(422).fields(), ["cursor"]);
}

/// The cursor of a page as a browser writes it into an address.
fn in_address(page: &Value) -> String {
    page["next"].as_str().expect("a next page").bytes().map(|byte| format!("%{byte:02X}")).collect()
}
