//! Supervision orders: issued, answered, accepted, sent back, followed; numbered without a gap; rising by themselves; told in public.

use std::collections::BTreeSet;

use harness::{Answer, Client, StoredReport, TestApp, WEST, instant};
use minsheng_map::schedule;
use serde_json::{Value, json};

pub fn order(app: &TestApp, sites: &[i64]) -> Value {
    json!({"site_ids": sites, "unit_id": app.world.unit_id.0, "words": "请说明逾期原因并按期答复", "due_on": "2026-11-05",
        "copy_to_deputies": true, "follows": null})
}

pub fn west(app: &TestApp) -> i64 {
    app.world.west[0].site_id.0
}

pub async fn issued_by(app: &TestApp, login: &str) -> Value {
    app.as_login(login).await.post("/api/supervision-orders", order(app, &[west(app)])).await.expect(201).json()
}

pub async fn act(client: &Client, order: &Value, act: &str, body: Value) -> Answer {
    client.post(&format!("/api/supervision-orders/{}/{act}", order["id"]), body).await
}

fn answer_words() -> Value {
    json!({"words": "已增派班组", "proposed_due_on": "2026-11-20", "photos": []})
}

async fn notices(app: &TestApp, login: &str, kind: &str) -> Vec<Value> {
    let items = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
    items.into_iter().filter(|notice| notice["kind"] == kind).collect()
}

fn kinds(order: &Value) -> Vec<String> {
    order["steps"].as_array().expect("steps").iter().map(|step| step["kind"].as_str().unwrap_or("").to_owned()).collect()
}

pub async fn mornings(app: &TestApp, day: &str) {
    app.set_clock(&format!("{day}T08:05:00+08:00"));
    schedule::run_due(&app.platform).await.expect("the jobs run");
}

#[tokio::test]
async fn an_order_goes_from_the_committee_to_the_unit_and_back_until_it_is_settled() {
    let app = TestApp::start().await;
    let (committee, unit) = (app.as_login("committee").await, app.as_login("unit").await);
    let order = issued_by(&app, "committee").await;
    assert_eq!(order["number"], "试人常督〔2026〕1号");
    assert_eq!((&order["state"], &order["level"], &order["region"]["code"]), (&json!("issued"), &json!("order"), &json!("339901")));
    assert_eq!(notices(&app, "unit", "order_issued").await[0]["order"]["number"], order["number"]);
    assert_eq!(notices(&app, "deputy", "order_copied").await.len(), 1);
    assert_eq!(notices(&app, "deputy2", "order_copied").await.len(), 1);
    let seen = unit.get("/api/supervision-orders?open=true").await.expect(200).items();
    assert_eq!((&seen[0]["may_answer"], &seen[0]["may_decide"]), (&json!(true), &json!(false)));

    let picture = crate::calls::picture(120);
    let name = crate::calls::name_of(&picture);
    let with_picture = json!({"words": "已增派班组", "proposed_due_on": "2026-11-20", "photos": [name]});
    assert_eq!(act(&unit, &order, "answer", with_picture.clone()).await.expect(422).fields(), ["photos[0]"]);
    unit.put_bytes(&format!("/api/photos/{name}"), picture).await.expect(201);
    app.visitor().get(&format!("/photos/{name}")).await.expect(404);
    let answered = act(&unit, &order, "answer", with_picture).await.expect(200).json();
    assert_eq!((&answered["state"], &answered["may_answer"]), (&json!("answered"), &json!(false)));
    app.visitor().get(&format!("/photos/{name}")).await.expect(200);
    assert_eq!(notices(&app, "committee", "order_answered").await[0]["words"], "已增派班组");

    let back = json!({"reason": "未附施工计划", "due_on": "2026-11-12", "rev": answered["rev"]});
    let back = act(&committee, &order, "send-back", back).await.expect(200).json();
    assert_eq!((&back["state"], &back["due_on"], &back["first_due_on"]), (&json!("sent_back"), &json!("2026-11-12"), &json!("2026-11-05")));
    assert_eq!(notices(&app, "unit", "order_sent_back").await[0]["words"], "未附施工计划");
    let answered = act(&unit, &order, "answer", answer_words()).await.expect(200).json();
    let accepted = act(&committee, &order, "accept", json!({"words": "整改到位", "rev": answered["rev"]})).await.expect(200).json();
    assert_eq!((&accepted["state"], &accepted["open"]), (&json!("accepted"), &json!(false)));
    assert_eq!(kinds(&accepted), ["issued", "answered", "sent_back", "answered", "accepted"]);
    assert_eq!(accepted["steps"][0]["by"], accepted["issued_by"]);
    act(&unit, &order, "answer", answer_words()).await.expect(409);
    act(&committee, &order, "accept", json!({"words": "", "rev": accepted["rev"]})).await.expect(409);
    assert!(unit.get("/api/supervision-orders?open=true").await.items().is_empty());
}

#[tokio::test]
async fn the_public_reads_orders_in_a_sites_story_without_a_persons_name() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    act(&app.as_login("unit").await, &order, "answer", answer_words()).await.expect(200);
    let story = app.visitor().get(&format!("/api/sites/{}/orders", west(&app))).await.expect(200);
    let told = &story.items()[0];
    assert_eq!((&told["number"], &told["state"], &told["unit"]["name"]), (&order["number"], &json!("answered"), &json!("县教育局")));
    assert_eq!(told["steps"][1]["words"], "已增派班组");
    assert!(told["steps"].as_array().expect("steps").iter().all(|step| step["by"].is_null()));
    for word in ["issued_by", "account", "by\":\""] {
        assert!(!story.text().contains(word), "{word}: {}", story.text());
    }
    assert!(app.visitor().get(&format!("/api/sites/{}/orders", app.world.west[1].site_id)).await.expect(200).items().is_empty());
    app.visitor().get("/api/sites/987654321/orders").await.expect(404);
    app.visitor().get(&format!("/api/sites/{}/orders", app.world.foreign.site_id)).await.expect(404);
}

#[tokio::test]
async fn a_working_committee_orders_and_decides_in_its_township_only() {
    let app = TestApp::start().await;
    let (own, neighbour) = (app.as_login("working_committee").await, app.as_login("working_committee_east").await);
    let both = order(&app, &[west(&app), app.world.east[0].site_id.0]);
    own.post("/api/supervision-orders", both.clone()).await.expect(404);
    let townships = issued_by(&app, "working_committee").await;
    assert_eq!(townships["region"]["code"], WEST);
    neighbour.get(&format!("/api/supervision-orders/{}", townships["id"])).await.expect(404);
    let countys = app.as_login("committee").await.post("/api/supervision-orders", both).await.expect(201).json();
    // A county's order about a site of theirs is seen by both, decided by neither.
    for client in [&own, &neighbour] {
        let seen = client.get(&format!("/api/supervision-orders/{}", countys["id"])).await.expect(200).json();
        assert_eq!(seen["may_decide"], false);
    }
    let unit = app.as_login("unit").await;
    let answered = act(&unit, &countys, "answer", answer_words()).await.expect(200).json();
    act(&own, &countys, "accept", json!({"words": "", "rev": answered["rev"]})).await.expect(404);
    let answered = act(&unit, &townships, "answer", answer_words()).await.expect(200).json();
    act(&neighbour, &townships, "accept", json!({"words": "", "rev": answered["rev"]})).await.expect(404);
    act(&own, &townships, "accept", json!({"words": "", "rev": answered["rev"]})).await.expect(200);
}

#[tokio::test]
async fn only_the_unit_that_was_asked_answers() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    act(&app.as_login("other_unit").await, &order, "answer", answer_words()).await.expect(404);
    act(&app.as_login("committee").await, &order, "answer", answer_words()).await.expect(403);
    act(&app.as_login("deputy").await, &order, "answer", answer_words()).await.expect(403);
    app.as_login("other_unit").await.get(&format!("/api/supervision-orders/{}", order["id"])).await.expect(404);
    app.as_login("foreign_committee").await.get(&format!("/api/supervision-orders/{}", order["id"])).await.expect(404);
}

#[tokio::test]
async fn what_is_wrong_with_an_order_is_said_by_field() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let with = |field: &str, value: Value| {
        let mut body = order(&app, &[west(&app)]);
        body[field] = value;
        body
    };
    for (field, value) in [
        ("site_ids", json!([])),
        ("words", json!("  ")),
        ("words", json!("字".repeat(2001))),
        ("due_on", json!("2026-10-19")),
        ("due_on", json!("2028-01-01")),
        ("due_on", json!("soon")),
        ("unit_id", json!(987_654_321)),
        ("follows", json!(987_654_321)),
    ] {
        assert_eq!(committee.post("/api/supervision-orders", with(field, value.clone())).await.expect(422).fields(), [field], "{value}");
    }
    committee.post("/api/supervision-orders", order(&app, &[app.world.foreign.site_id.0])).await.expect(404);
    let order = issued_by(&app, "committee").await;
    let unit = app.as_login("unit").await;
    for (field, value) in [("words", json!("")), ("proposed_due_on", json!("2026-10-19")), ("photos", json!(["0".repeat(64), "0".repeat(64)]))] {
        let mut body = answer_words();
        body[field] = value;
        assert_eq!(act(&unit, &order, "answer", body).await.expect(422).fields(), [field]);
    }
    act(&committee, &order, "accept", json!({"words": "", "rev": order["rev"]})).await.expect(409);
    let answered = act(&unit, &order, "answer", answer_words()).await.expect(200).json();
    let stale = act(&committee, &order, "accept", json!({"words": "", "rev": order["rev"]})).await.expect(409);
    assert_eq!((stale.code().as_str(), &stale.json()["rev"]), ("rev_mismatch", &answered["rev"]));
    let yesterday = json!({"reason": "不够", "due_on": "2026-10-19", "rev": answered["rev"]});
    assert_eq!(act(&committee, &order, "send-back", yesterday).await.expect(422).fields(), ["due_on"]);
    // Nothing that was refused has used up a number.
    assert_eq!(issued_by(&app, "committee").await["number"], "试人常督〔2026〕2号");
}

#[tokio::test]
async fn numbers_have_no_gap_however_many_issue_at_once() {
    let app = TestApp::start().await;
    let other = app.second_server().await;
    let mut running = Vec::new();
    for place in 0..24 {
        let (server, login) = if place % 2 == 0 { (&app, "committee") } else { (&other, "working_committee") };
        let client = server.as_login(login).await;
        // Every third is refused after it has taken its number.
        let mut body = order(&app, &[west(&app)]);
        if place % 3 == 0 {
            body["unit_id"] = json!(987_654_321);
        }
        running.push(tokio::spawn(async move { client.post("/api/supervision-orders", body).await }));
    }
    let mut numbers = BTreeSet::new();
    for answer in running {
        let answer = answer.await.expect("an answer");
        if answer.status.as_u16() == 201 {
            numbers.insert(answer.json()["number"].as_str().expect("a number").to_owned());
        }
    }
    // The county's committee and each township's working committee count for themselves.
    let series = ["试人常督", "西河镇人大督"].into_iter().flat_map(|prefix| (1..=8).map(move |number| format!("{prefix}〔2026〕{number}号")));
    let expected: BTreeSet<String> = series.collect();
    assert_eq!(numbers, expected);
    app.set_clock("2027-01-04T09:00:00+08:00");
    sqlx::query("update counties set order_prefix = '试县人督' where county_id = $1")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("set");
    let mut next_year = order(&app, &[west(&app)]);
    next_year["due_on"] = json!("2027-01-20");
    let next_year = app.as_login("committee").await.post("/api/supervision-orders", next_year).await.expect(201).json();
    assert_eq!(next_year["number"], "试县人督〔2027〕1号");
}

#[tokio::test]
async fn an_unanswered_order_rises_once_whatever_number_of_servers_look() {
    let app = TestApp::start().await;
    let other = app.second_server().await;
    let order = issued_by(&app, "committee").await;
    let now = async |app: &TestApp| app.as_login("committee").await.get(&format!("/api/supervision-orders/{}", order["id"])).await.expect(200).json();
    for (day, level, steps) in [
        ("2026-11-01", "order", 1),
        ("2026-11-02", "order", 2),
        ("2026-11-03", "order", 2),
        ("2026-11-11", "order", 2),
        ("2026-11-12", "key_supervision", 3),
        ("2026-11-13", "key_supervision", 3),
        ("2026-11-20", "special_inquiry", 4),
        ("2026-12-20", "special_inquiry", 4),
    ] {
        app.set_clock(&format!("{day}T08:05:00+08:00"));
        for _ in 0..2 {
            let (one, two) = tokio::join!(schedule::run_due(&app.platform), schedule::run_due(&other.platform));
            assert!(one.is_ok() && two.is_ok());
        }
        let order = now(&app).await;
        assert_eq!((order["level"].as_str().unwrap_or(""), kinds(&order).len()), (level, steps), "{day}");
    }
    let order = now(&app).await;
    assert_eq!(kinds(&order), ["issued", "reminded", "raised", "raised"]);
    assert_eq!((&order["days_overdue"], &order["steps"][3]["by"]), (&json!(45), &Value::Null));
    assert_eq!(notices(&app, "unit", "order_raised").await.len(), 2);
    assert_eq!(notices(&app, "committee", "order_raised").await.len(), 2);
    assert_eq!(notices(&app, "unit", "order_reminded").await.len(), 1);
    let logged: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action in ('order.remind', 'order.raise') and actor_kind = 'schedule'")
            .fetch_one(&app.pool)
            .await
            .expect("a count");
    assert_eq!(logged, 3);
    let late = app.as_login("committee").await.get("/api/supervision-orders?overdue=true").await.expect(200).items();
    assert_eq!(late.len(), 1);
}

#[tokio::test]
async fn after_an_outage_every_missed_level_is_on_record() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    mornings(&app, "2026-12-01").await;
    let order = app.as_login("committee").await.get(&format!("/api/supervision-orders/{}", order["id"])).await.expect(200).json();
    assert_eq!(kinds(&order), ["issued", "raised", "raised"]);
    let levels: Vec<&Value> = order["steps"].as_array().expect("steps").iter().map(|step| &step["level"]).collect();
    assert_eq!(levels, ["order", "key_supervision", "special_inquiry"]);
}

#[tokio::test]
async fn an_answered_order_rests_and_one_sent_back_counts_from_its_new_date() {
    let app = TestApp::start().await;
    let (committee, unit) = (app.as_login("committee").await, app.as_login("unit").await);
    let order = issued_by(&app, "committee").await;
    let answered = act(&unit, &order, "answer", answer_words()).await.expect(200).json();
    mornings(&app, "2026-12-01").await;
    let committee_later = app.as_login("committee").await;
    let path = format!("/api/supervision-orders/{}", order["id"]);
    assert_eq!(kinds(&committee_later.get(&path).await.expect(200).json()), ["issued", "answered"]);
    drop(committee);
    let back = json!({"reason": "请补充", "due_on": "2026-12-10", "rev": answered["rev"]});
    act(&committee_later, &order, "send-back", back).await.expect(200);
    mornings(&app, "2026-12-07").await;
    mornings(&app, "2026-12-16").await;
    let seen = app.as_login("committee").await.get(&path).await.expect(200).json();
    assert_eq!((kinds(&seen).last().map(String::as_str), &seen["level"]), (Some("reminded"), &json!("order")));
    mornings(&app, "2026-12-17").await;
    let seen = app.as_login("committee").await.get(&path).await.expect(200).json();
    assert_eq!(seen["level"], "key_supervision");
}

#[tokio::test]
async fn a_second_order_takes_the_place_of_the_first() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let first = issued_by(&app, "committee").await;
    let mut second = order(&app, &[west(&app)]);
    second["follows"] = first["id"].clone();
    let mut other_unit = second.clone();
    other_unit["unit_id"] = json!(app.world.other_unit_id.0);
    assert_eq!(committee.post("/api/supervision-orders", other_unit).await.expect(422).fields(), ["unit_id"]);
    app.as_login("working_committee").await.post("/api/supervision-orders", second.clone()).await.expect(422);
    let second = committee.post("/api/supervision-orders", second).await.expect(201).json();
    let first = committee.get(&format!("/api/supervision-orders/{}", first["id"])).await.expect(200).json();
    assert_eq!(
        (&first["open"], &first["followed_by"], kinds(&first)),
        (&json!(false), &second["id"], vec!["issued".to_owned(), "followed".to_owned()])
    );
    assert_eq!(first["steps"][1]["words"], second["number"]);
    act(&app.as_login("unit").await, &first, "answer", answer_words()).await.expect(409);
    mornings(&app, "2026-12-20").await;
    let first = app.as_login("committee").await.get(&format!("/api/supervision-orders/{}", first["id"])).await.expect(200).json();
    assert_eq!(kinds(&first), ["issued", "followed"]);
}

#[tokio::test]
async fn an_order_goes_to_the_undertaking_or_the_leading_unit() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let east = app.world.east[0].site_id.0;
    let mut wanted = order(&app, &[east]);
    for unit in [app.world.unit_id, app.world.other_unit_id] {
        wanted["unit_id"] = json!(unit);
        committee.post("/api/supervision-orders", wanted.clone()).await.expect(201);
    }
    let mut stray = order(&app, &[east, west(&app)]);
    stray["unit_id"] = json!(app.world.other_unit_id);
    let refused = committee.post("/api/supervision-orders", stray).await.expect(422).json();
    assert_eq!((&refused["fields"][0]["field"], &refused["fields"][0]["code"]), (&json!("unit_id"), &json!("not_concerned")));
    let words = refused["fields"][0]["message"].as_str().expect("words");
    assert!(words.contains("西河镇中心幼儿园") && words.contains("县教育局"), "names the site and the fitting units: {words}");
}

#[tokio::test]
async fn two_answers_or_decisions_at_once_are_one() {
    let app = TestApp::start().await;
    let other = app.second_server().await;
    let order = issued_by(&app, "committee").await;
    let (one, two) = (app.as_login("unit").await, other.as_login("unit").await);
    let (one, two) = tokio::join!(act(&one, &order, "answer", answer_words()), act(&two, &order, "answer", answer_words()));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let (one, two) = (app.as_login("committee").await, other.as_login("committee").await);
    let accept = json!({"words": "", "rev": 2});
    let back = json!({"reason": "不够", "due_on": "2026-11-10", "rev": 2});
    let (one, two) = tokio::join!(act(&one, &order, "accept", accept), act(&two, &order, "send-back", back));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn the_review_list_counts_open_orders() {
    let app = TestApp::start().await;
    sqlx::query("update sites set planned_start_on = '2026-09-01' where county_id = $1")
        .bind(app.world.county_id.0)
        .execute(&app.pool)
        .await
        .expect("late");
    let counted = async || {
        let rows = app.as_login("committee").await.get("/api/review").await.expect(200).items();
        rows.iter().find(|row| row["site_id"] == west(&app)).map(|row| row["open_orders"].clone())
    };
    assert_eq!(counted().await, Some(json!(0)));
    let order = issued_by(&app, "committee").await;
    issued_by(&app, "working_committee").await;
    assert_eq!(counted().await, Some(json!(2)));
    let answered = act(&app.as_login("unit").await, &order, "answer", answer_words()).await.expect(200).json();
    act(&app.as_login("committee").await, &order, "accept", json!({"words": "", "rev": answered["rev"]})).await.expect(200);
    assert_eq!(counted().await, Some(json!(1)));
}

#[tokio::test]
async fn a_struck_off_site_is_not_ordered_about_and_an_answers_picture_is_not_swept_away() {
    let app = TestApp::start().await;
    let order = issued_by(&app, "committee").await;
    let unit = app.as_login("unit").await;
    let picture = crate::calls::picture(77);
    let name = crate::calls::name_of(&picture);
    unit.put_bytes(&format!("/api/photos/{name}"), picture).await.expect(201);
    act(&unit, &order, "answer", json!({"words": "见照片", "photos": [name]})).await.expect(200);
    mornings(&app, "2026-10-25").await;
    app.visitor().get(&format!("/photos/{name}")).await.expect(200);
    let done = StoredReport::new(app.world.west[0].site_id, app.world.deputies["deputy"], instant("2026-10-24T10:00:00+08:00"), "completed");
    done.take_effect(&app.pool, &app.world).await;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1").bind(west(&app)).fetch_one(&app.pool).await.expect("a site");
    let strike_off = json!({"note": "验收", "rev": rev});
    app.as_login("committee").await.post(&format!("/api/sites/{}/strike-off", west(&app)), strike_off).await.expect(200);
    app.as_login("committee").await.post("/api/supervision-orders", self::order(&app, &[west(&app)])).await.expect(409);
}
