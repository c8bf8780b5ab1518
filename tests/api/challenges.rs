//! Challenges of a pin: sent by a visitor, looked after by the office, judged with what follows from it.

mod judging;
mod limits;
mod pictures;
mod privacy;

use std::task::Poll;

use harness::{Answer, Client, TestApp, instant};
use minsheng_map::ids::SiteId;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// A challenge as its sender keeps it.
pub struct Sent {
    pub number: String,
    pub secret: String,
    pub site: SiteId,
}

pub fn body(words: &str) -> Value {
    json!({"seen": "not_started", "words": words, "photos": [], "position": {"lon": 120.051, "lat": 30.1, "accuracy_m": 9.0}, "website": "",
        "filled_ms": 41_000})
}

/// Sends a challenge from an address of its own, so that the limit of one network is not met.
pub async fn send_from(app: &TestApp, address: &str, site: SiteId, body: &Value, key: Uuid) -> Answer {
    let request = app.visitor().request(Method::POST, &format!("/api/sites/{site}/challenges"));
    Answer::of(request.header("idempotency-key", key.to_string()).header("x-forwarded-for", address).json(body)).await
}

/// The answers to calls that are under way at the same time.
pub async fn together<T>(calls: impl IntoIterator<Item: Future<Output = T>>) -> Vec<T> {
    let mut under_way: Vec<_> = calls.into_iter().map(|call| (Box::pin(call), None)).collect();
    std::future::poll_fn(|context| {
        for (call, answer) in under_way.iter_mut().filter(|(_, answer)| answer.is_none()) {
            if let Poll::Ready(given) = call.as_mut().poll(context) {
                *answer = Some(given);
            }
        }
        if under_way.iter().all(|(_, answer)| answer.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    under_way.into_iter().filter_map(|(_, answer)| answer).collect()
}

/// A server that believes the proxy in front of it.
pub async fn behind_a_proxy() -> TestApp {
    TestApp::start_with(|settings| settings.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")]).await
}

pub async fn challenge(app: &TestApp, site: SiteId, body: &Value) -> Sent {
    let receipt = send_from(app, "198.51.100.9", site, body, Uuid::new_v4()).await.expect(201).json();
    let text = |name: &str| receipt[name].as_str().expect(name).to_owned();
    Sent { number: text("number"), secret: text("secret"), site }
}

impl Sent {
    pub fn request(&self, app: &TestApp, method: Method, tail: &str) -> reqwest::RequestBuilder {
        let request = app.visitor().request(method, &format!("/api/challenges/{}{tail}", self.number));
        request.header("challenge-secret", &self.secret).header("idempotency-key", Uuid::new_v4().to_string())
    }

    /// As its sender sees it.
    pub async fn own(&self, app: &TestApp) -> Value {
        Answer::of(self.request(app, Method::GET, "")).await.expect(200).json()
    }

    /// As the office sees it.
    pub async fn on_desk(&self, client: &Client) -> Value {
        let rows = client.get(&format!("/api/challenges?site={}", self.site)).await.expect(200).items();
        rows.into_iter().find(|row| row["number"] == self.number.as_str()).expect("the challenge is listed")
    }

    /// An act of the office with the present revisions.
    pub async fn act(&self, client: &Client, act: &str, mut body: Value) -> Answer {
        let row = self.on_desk(client).await;
        body["rev"] = row["rev"].clone();
        if act == "judgement" {
            body["site_rev"] = row["site_rev"].clone();
        }
        client.post(&format!("/api/challenges/{}/{act}", self.number), body).await
    }

    pub async fn accept(&self, client: &Client) {
        self.act(client, "acceptance", json!({"words": "三日内到现场核实"})).await.expect(200);
    }
}

pub fn judgement(founded: bool, consequence: &str, stage: Option<(&str, u8)>) -> Value {
    json!({"founded": founded, "reason": "经现场核实", "consequence": consequence, "stage": stage.map(|stage| stage.0),
        "percent": stage.map(|stage| stage.1)})
}

#[tokio::test]
async fn a_challenge_goes_its_way_and_its_sender_sees_every_step_and_no_person() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let sent = challenge(&app, app.world.west[0].site_id, &body("地图上说已完成，现场还是一片空地")).await;
    assert_eq!(sent.on_desk(&committee).await["state"], "submitted");
    sent.accept(&committee).await;
    sent.act(&committee, "publication", json!({"words": true, "photos": false, "edited_words": null})).await.expect(200);
    sent.act(&committee, "judgement", judgement(true, "none", None)).await.expect(200);
    let own = sent.own(&app).await;
    assert_eq!((&own["state"], &own["reason"], &own["consequence"]), (&json!("founded"), &json!("经现场核实"), &json!("none")));
    let kinds: Vec<&str> = own["steps"].as_array().expect("steps").iter().filter_map(|step| step["kind"].as_str()).collect();
    assert_eq!(kinds, ["submitted", "accepted", "published", "founded"]);
    assert_eq!((&own["steps"][0]["by"], &own["steps"][1]["by"]), (&json!(null), &json!({"role": "committee", "region": "试验县"})));
    assert_eq!(own["steps"][1]["words"], "三日内到现场核实");
    let named = sqlx::query("update accounts set name = '王岚' where account_id = $1").bind(app.world.account("committee").0);
    named.execute(&app.pool).await.expect("a name");
    assert!(!sent.own(&app).await.to_string().contains("王岚"));
    assert!(sent.on_desk(&committee).await.to_string().contains("王岚"));
}

#[tokio::test]
async fn the_same_key_gets_the_same_receipt_and_the_database_holds_no_secret() {
    let app = TestApp::start().await;
    let (site, key, content) = (app.world.west[0].site_id, Uuid::new_v4(), body("还没有开工的样子"));
    let first = send_from(&app, "198.51.100.1", site, &content, key).await.expect(201);
    let mut other_tempo = content.clone();
    other_tempo["filled_ms"] = json!(52_000);
    let again = send_from(&app.second_server().await, "198.51.100.1", site, &other_tempo, key).await.expect(201);
    assert_eq!(first.text(), again.text());
    assert_eq!(send_from(&app, "198.51.100.1", site, &body("另外的一段话"), key).await.code(), "key_reused");
    assert_eq!(send_from(&app, "198.51.100.1", app.world.west[1].site_id, &content, key).await.code(), "key_reused");
    let secret = first.json()["secret"].as_str().expect("a secret").to_owned();
    assert_eq!(secret.replace('-', "").len() * 5, 160);
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not in ('spatial_ref_sys')",
    )
    .fetch_all(&app.pool)
    .await
    .expect("tables");
    for table in tables {
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select t::text from {table} t"))).fetch_all(&app.pool).await.unwrap_or_default();
        for hidden in [secret.clone(), secret.replace('-', ""), key.to_string()] {
            assert!(!rows.iter().any(|row| row.contains(&hidden)), "{table} holds {hidden}");
        }
    }
}

#[tokio::test]
async fn ten_calls_at_once_with_one_key_leave_one_challenge() {
    let app = TestApp::start().await;
    let (site, key, content) = (app.world.west[0].site_id, Uuid::new_v4(), body("现场没有人施工"));
    let calls = (0..10).map(|_| send_from(&app, "198.51.100.1", site, &content, key));
    let answers: Vec<Answer> = together(calls).await;
    let receipts: std::collections::BTreeSet<String> = answers.into_iter().map(|answer| answer.expect(201).text()).collect();
    assert_eq!(receipts.len(), 1);
    let count: i64 = sqlx::query_scalar("select count(*) from challenges").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_challenge_is_withdrawn_once_and_only_while_it_is_open() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let sent = challenge(&app, app.world.west[0].site_id, &body("可能是我看错了地方")).await;
    sent.accept(&committee).await;
    for _ in 0..2 {
        let own = Answer::of(sent.request(&app, Method::POST, "/withdrawal")).await.expect(200).json();
        assert_eq!((&own["state"], &own["may_withdraw"]), (&json!("withdrawn"), &json!(false)));
        assert_eq!(own["steps"].as_array().map(Vec::len), Some(3));
    }
    sent.act(&committee, "judgement", judgement(true, "none", None)).await.expect(409);
    let judged = challenge(&app, app.world.west[0].site_id, &body("现场还在打地基")).await;
    judged.accept(&committee).await;
    judged.act(&committee, "judgement", judgement(false, "none", None)).await.expect(200);
    Answer::of(judged.request(&app, Method::POST, "/withdrawal")).await.expect(409);
    assert_eq!(judged.own(&app).await["state"], "unfounded");
}

#[tokio::test]
async fn a_declined_challenge_says_why_to_its_sender_and_to_nobody_else() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let sent = challenge(&app, app.world.west[0].site_id, &body("你们单位的某某收了钱")).await;
    sent.act(&committee, "publication", json!({"words": true, "photos": true, "edited_words": null})).await.expect(200);
    sent.act(&committee, "declination", json!({"reason": "与这个点位无关"})).await.expect(200);
    assert_eq!(sent.own(&app).await["reason"], "与这个点位无关");
    let path = format!("/api/sites/{}/challenges", sent.site);
    assert_eq!(app.visitor().get(&path).await.expect(200).items(), Vec::<Value>::new());
    assert!(!app.visitor().get(&format!("/api/sites/{}/history", sent.site)).await.expect(200).text().contains("challenge"));
    sent.act(&committee, "publication", json!({"words": true, "photos": true, "edited_words": null})).await.expect(409);
    sent.act(&committee, "acceptance", json!({"words": ""})).await.expect(409);
}

#[tokio::test]
async fn a_challenge_presses_on_the_review_list_until_none_is_open() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let site = app.world.west[0].site_id;
    app.set_clock("2026-10-20T09:00:00+08:00");
    let (first, second) = (challenge(&app, site, &body("现场没有人")).await, challenge(&app, site, &body("大门一直锁着")).await);
    let page = committee.get("/api/review?reason=challenged").await.expect(200).json();
    let row = page["items"][0].clone();
    let reason = row["reasons"].as_array().expect("reasons").iter().find(|reason| reason["code"] == "challenged").expect("the reason").clone();
    assert_eq!((&row["site_id"], &reason["since"], &reason["figures"]), (&json!(site), &json!("2026-10-20"), &json!({"challenges": 2})));
    let weight = &page["rule"]["reasons"]["challenged"];
    let computed = weight["once"].as_i64().expect("once") + 2 * weight["each"].as_i64().expect("each");
    assert_eq!(reason["points"], computed);
    let sum: i64 = row["reasons"].as_array().expect("reasons").iter().filter_map(|reason| reason["points"].as_i64()).sum();
    assert_eq!(row["score"].as_i64(), Some(sum + row["people_points"].as_i64().unwrap_or(0) + row["order_points"].as_i64().unwrap_or(0)));
    assert_eq!(page["totals"]["challenged"], 1);
    let refused =
        committee.post("/api/review/dismissals", json!({"site_ids": [site], "reason": "challenged", "words": "没有问题"})).await.expect(422);
    assert_eq!(refused.fields(), ["reason"]);
    Answer::of(first.request(&app, Method::POST, "/withdrawal")).await.expect(200);
    second.act(&committee, "declination", json!({"reason": "地点有误"})).await.expect(200);
    assert_eq!(committee.get("/api/review?reason=challenged").await.expect(200).json()["totals"]["challenged"], 0);
}

#[tokio::test]
async fn the_office_of_the_place_the_adopters_and_the_unit_are_told_and_nobody_else() {
    let app = TestApp::start().await;
    let site = app.world.west[0].site_id;
    let kinds = async |login: &str| -> Vec<String> {
        let notices = app.as_login(login).await.get("/api/me/notices").await.expect(200).items();
        let kinds = notices.iter().filter_map(|notice| notice["kind"].as_str().map(str::to_owned));
        kinds.filter(|kind| kind.starts_with("challenge")).collect()
    };
    let sent = challenge(&app, site, &body("还没有看到工人")).await;
    for (login, told) in
        [("committee", 1), ("working_committee", 1), ("working_committee_east", 0), ("foreign_committee", 0), ("deputy", 0), ("unit", 0)]
    {
        assert_eq!(kinds(login).await.len(), told, "{login}");
    }
    let committee = app.as_login("committee").await;
    sent.accept(&committee).await;
    sent.act(&committee, "judgement", judgement(false, "none", None)).await.expect(200);
    for login in ["deputy", "deputy2", "unit"] {
        let mut kinds = kinds(login).await;
        kinds.sort();
        assert_eq!(kinds, ["challenge_accepted", "challenge_judged"], "{login}");
    }
    assert_eq!((kinds("deputy_east").await.len(), kinds("other_unit").await.len()), (0, 0));
}

#[tokio::test]
async fn what_was_declined_or_withdrawn_is_erased_when_its_time_is_over_and_nothing_else() {
    let app = TestApp::start_with(|settings| settings.challenge_retention_days = 30).await;
    let committee = app.as_login("committee").await;
    app.set_clock("2026-10-20T09:00:00+08:00");
    let site = app.world.west[0].site_id;
    let (declined, withdrawn, open) = (
        challenge(&app, site, &body("这段话要被删除甲")).await,
        challenge(&app, site, &body("这段话要被删除乙")).await,
        challenge(&app, site, &body("这段话留着不动")).await,
    );
    declined.act(&committee, "declination", json!({"reason": "与点位无关"})).await.expect(200);
    Answer::of(withdrawn.request(&app, Method::POST, "/withdrawal")).await.expect(200);
    let words = async || -> Vec<String> {
        sqlx::query_scalar("select words from challenges order by challenge_id").fetch_all(&app.pool).await.expect("words")
    };
    app.set_clock("2026-11-18T05:00:00+08:00");
    minsheng_map::schedule::run_due(&app.platform).await.expect("the jobs");
    assert_eq!(words().await.iter().filter(|words| words.is_empty()).count(), 0);
    app.platform.clock.set(instant("2026-11-20T05:00:00+08:00"));
    minsheng_map::schedule::run_due(&app.platform).await.expect("the jobs");
    assert_eq!(words().await, ["", "", "这段话留着不动"]);
    let own = declined.own(&app).await;
    assert_eq!((&own["erased"], &own["position"], &own["reason"]), (&json!(true), &json!(null), &json!("与点位无关")));
    assert_eq!(open.own(&app).await["erased"], false);
    let lines: i64 = sqlx::query_scalar("select count(*) from audit_log where action = 'challenge.erase'").fetch_one(&app.pool).await.expect("lines");
    assert_eq!(lines, 1);
}
