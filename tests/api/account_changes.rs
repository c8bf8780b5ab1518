//! An account's name and rights change with its person's office, on record, and never by the person.

use harness::{Browser, Client, PASSWORD, TestApp};
use serde_json::{Value, json};

const WEST: &str = "339901001";
const EAST: &str = "339901002";

async fn account(admin: &Client, app: &TestApp, login: &str) -> Value {
    let id = app.world.account(login).0;
    let items = admin.get("/api/accounts?limit=200").await.expect(200).items();
    items.into_iter().find(|item| item["id"] == id).expect("an account")
}

fn path(account: &Value) -> String {
    format!("/api/accounts/{}", account["id"])
}

fn clerk_in(region: &str, rev: &Value) -> Value {
    json!({"name": "西河镇人大", "grants": [{"role": "working_committee", "region": region}], "rev": rev})
}

#[tokio::test]
async fn a_clerk_who_moves_keeps_the_account_and_loses_the_former_place_at_once() {
    let app = TestApp::start().await;
    let (admin, clerk) = (app.as_login("admin").await, app.as_login("working_committee").await);
    let west = app.world.west[0].site_id;
    clerk.get(&format!("/api/sites/{west}/file")).await.expect(200);
    let before = account(&admin, &app, "working_committee").await;
    let wanted = json!({"name": "东河镇人大", "grants": [{"role": "working_committee", "region": EAST}], "rev": before["rev"]});
    let moved = admin.put(&path(&before), wanted).await.expect(200).json();
    assert_eq!((&moved["name"], &moved["grants"][0]["region"]["code"]), (&json!("东河镇人大"), &json!(EAST)));
    assert_eq!(moved["rev"], before["rev"].as_i64().expect("a rev") + 1);
    clerk.get("/api/session").await.expect(401);
    let again = app.as_login("working_committee").await;
    again.get(&format!("/api/sites/{west}/file")).await.expect(404);
    again.get(&format!("/api/sites/{}/file", app.world.east[0].site_id)).await.expect(200);
    let line = app.as_login("auditor").await.get("/api/audit?action=account.change").await.expect(200).items().remove(0);
    let told = &line["detail"];
    assert_eq!((&told["before"]["grants"][0]["region"], &told["after"]["grants"][0]["region"]), (&json!(WEST), &json!(EAST)));
    assert_eq!((&told["before"]["name"], &told["after"]["name"]), (&before["name"], &json!("东河镇人大")));
}

#[tokio::test]
async fn another_name_alone_ends_no_session_and_nothing_changed_is_no_change() {
    let app = TestApp::start().await;
    let (admin, unit) = (app.as_login("admin").await, app.as_login("unit").await);
    let held = account(&admin, &app, "unit").await;
    let grant = &held["grants"][0];
    let with = |name: &str, rev: &Value| {
        json!({"name": name, "rev": rev,
        "grants": [{"role": "unit_handler", "region": grant["region"]["code"], "unit_id": grant["unit"]["id"]}]})
    };
    let same = admin.put(&path(&held), with(held["name"].as_str().expect("a name"), &held["rev"])).await.expect(422);
    assert_eq!(same.json()["fields"][0]["code"], "unchanged");
    let renamed = admin.put(&path(&held), with("水务股", &held["rev"])).await.expect(200).json();
    assert_eq!(renamed["name"], "水务股");
    assert_eq!(unit.get("/api/session").await.expect(200).json()["account"]["name"], "水务股");
    let late = admin.put(&path(&held), with("水利股", &held["rev"])).await.expect(409);
    assert_eq!((late.code(), &late.json()["rev"]), ("rev_mismatch".to_owned(), &renamed["rev"]));
}

#[tokio::test]
async fn what_no_account_may_hold_is_refused_by_name_and_leaves_it_as_it_was() {
    let app = TestApp::start().await;
    let admin = app.as_login("admin").await;
    let held = account(&admin, &app, "working_committee").await;
    let grant = |role: &str, region: &str| json!({"role": role, "region": region});
    for (grants, field) in [
        (json!([]), "grants"),
        (json!([grant("administrator", "339901"), grant("auditor", "339901")]), "grants"),
        (json!([grant("auditor", "339901"), grant("committee", "339901")]), "grants"),
        (json!([grant("administrator", WEST)]), "grants[0].region"),
        (json!([grant("committee", "339902")]), "grants[0].region"),
        (json!([grant("unit_handler", "339901")]), "grants[0].unit_id"),
        (json!([grant("working_committee", "339901999")]), "grants"),
        (json!([grant("working_committee", WEST), grant("working_committee", WEST)]), "grants"),
        (json!([{"role": "deputy", "region": "339901", "deputy_id": app.world.deputies["deputy2"]}]), "grants"),
    ] {
        let body = json!({"name": "甲", "grants": grants, "rev": held["rev"]});
        assert_eq!(admin.put(&path(&held), body).await.expect(422).fields(), [field], "{grants}");
    }
    assert_eq!(account(&admin, &app, "working_committee").await, held);
    for (login, status) in [("security", 403), ("committee", 403), ("auditor", 403), ("foreign_admin", 404)] {
        app.as_login(login).await.put(&path(&held), clerk_in(EAST, &held["rev"])).await.expect(status);
    }
    let own = account(&admin, &app, "admin").await;
    let body = json!({"name": "管理员", "grants": [grant("administrator", "339901"), grant("committee", "339901")], "rev": own["rev"]});
    assert_eq!(admin.put(&path(&own), body).await.expect(422).json()["fields"][0]["code"], "own_account");
}

#[tokio::test]
async fn two_administrators_who_end_each_others_right_leave_one() {
    let app = TestApp::start().await;
    let second = "update grants set role = 'administrator', region_code = '339901' where account_id = $1";
    sqlx::query(second).bind(app.world.account("working_committee").0).execute(&app.pool).await.expect("a second administrator");
    let (one, other) = (app.as_login("admin").await, app.as_login("working_committee").await);
    let (first, second) = (account(&one, &app, "admin").await, account(&one, &app, "working_committee").await);
    let (to_second, to_first) = (clerk_in(WEST, &second["rev"]), clerk_in(EAST, &first["rev"]));
    let (address_of_second, address_of_first) = (path(&second), path(&first));
    let (a, b) = tokio::join!(one.put(&address_of_second, to_second), other.put(&address_of_first, to_first));
    let mut answers = [a.status.as_u16(), b.status.as_u16()];
    answers.sort_unstable();
    assert!(answers[0] == 200 && [401, 403].contains(&answers[1]), "{answers:?}");
    let left: i64 = sqlx::query_scalar("select count(*) from grants where county_id = $1 and role = 'administrator'")
        .bind(app.world.county_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("a count");
    assert_eq!(left, 1);
}

#[tokio::test]
async fn other_rights_wait_for_the_security_administrator_where_the_county_wants_it() {
    let app = TestApp::start_with(|settings| settings.confirm_accounts = true).await;
    let admin = app.as_login("admin").await;
    let held = account(&admin, &app, "working_committee").await;
    let changed = admin.put(&path(&held), clerk_in(EAST, &held["rev"])).await.expect(200).json();
    assert!(changed["awaits_confirmation_since"].is_string(), "{changed}");
    Browser::open(&app).sign_in("working_committee", PASSWORD).await.expect(403);
    app.as_login("security").await.post(&format!("{}/confirm", path(&held)), json!({})).await.expect(200);
    Browser::open(&app).sign_in("working_committee", PASSWORD).await.expect(200);
}
