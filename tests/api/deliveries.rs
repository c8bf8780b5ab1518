//! What leaves the app: queued with its notice, sent by a mail server and gateways of the test's own, tried again, given up, sent again.

use std::time::Duration;

use harness::receivers::{Gateway, MailReceiver};
use harness::{TestApp, eventually};
use minsheng_map::config::{Settings, SmtpSecurity};
use minsheng_map::notices::worker::Worker;
use serde_json::{Value, json};

pub const ADDRESS: &str = "jia.canary@county.example";
const PHONE: &str = "13900000001";

/// Settings with a mail server on this machine.
pub fn by_mail(settings: &mut Settings, receiver: &MailReceiver) {
    settings.smtp_host = Some("127.0.0.1".to_owned());
    settings.smtp_port = Some(receiver.port);
    settings.smtp_security = SmtpSecurity::Plain;
    settings.mail_from = "民生地图 <map@county.example>".to_owned();
}

/// The account has confirmed this address.
pub async fn has_address(app: &TestApp, login: &str, address: &str) {
    sqlx::query("insert into mail_addresses (county_id, account_id, address) values ($1, $2, $3)")
        .bind(app.world.county_id.0)
        .bind(app.world.account(login).0)
        .bind(address)
        .execute(&app.pool)
        .await
        .expect("an address");
}

/// Asks the adopters of the first western site for something; its adopters are `deputy` and `deputy2`.
pub async fn remind(app: &TestApp) {
    let body = json!({"site_ids": [app.world.west[0].site_id], "to": "adopters", "words": "请到现场查看 <img src=x>"});
    app.as_login("committee").await.post("/api/reminders", body).await.expect(200);
}

/// Sends until nothing is due.
pub async fn send_all(app: &TestApp) -> usize {
    let worker = Worker::of(app.platform.clone()).expect("a worker");
    let mut sent = 0;
    loop {
        match worker.send_due().await.expect("the queue") {
            0 => return sent,
            some => sent += some,
        }
    }
}

pub async fn rows(app: &TestApp) -> Vec<(String, String, i16, Option<String>)> {
    sqlx::query_as("select channel, state, attempts, fault from deliveries order by channel, delivery_id").fetch_all(&app.pool).await.expect("rows")
}

pub async fn listed(app: &TestApp, login: &str, query: &str) -> Vec<Value> {
    app.as_login(login).await.get(&format!("/api/deliveries{query}")).await.expect(200).items()
}

async fn app_with_mail(receiver: &MailReceiver) -> TestApp {
    let app = TestApp::start_with(|settings| by_mail(settings, receiver)).await;
    has_address(&app, "deputy", ADDRESS).await;
    app
}

#[tokio::test]
async fn without_a_way_that_is_set_up_nothing_is_queued() {
    let app = TestApp::start().await;
    has_address(&app, "deputy", ADDRESS).await;
    remind(&app).await;
    assert_eq!(app.as_login("deputy").await.get("/api/me/notices").await.items().len(), 1);
    assert_eq!(rows(&app).await, []);
    assert_eq!(send_all(&app).await, 0);
}

#[tokio::test]
async fn a_notice_leaves_by_mail_and_short_message_under_its_own_id() {
    let (mail, sms) = (MailReceiver::start().await, Gateway::start().await);
    let app = TestApp::start_with(|settings| {
        by_mail(settings, &mail);
        settings.notice_sms_url = Some(format!("{}/send?from={{id}}", sms.origin));
        settings.sms_key = Some("k1".to_owned());
    })
    .await;
    has_address(&app, "deputy", ADDRESS).await;
    remind(&app).await;
    // `deputy2` has a telephone and no mail address.
    assert_eq!(rows(&app).await.iter().filter(|row| row.1 == "waiting").count(), 3);
    assert_eq!(send_all(&app).await, 3);
    let notice = app.as_login("deputy").await.get("/api/me/notices").await.items()[0]["id"].as_str().expect("an id").to_owned();
    let mails = mail.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].id.as_str(), mails[0].to.as_str()), (format!("{notice}.mail").as_str(), ADDRESS));
    assert!(mails[0].text.contains("西河镇中心幼儿园") && mails[0].text.contains("请到现场查看 <img src=x>"), "{}", mails[0].text);
    assert!(mails[0].head.contains("text/plain") && mails[0].text.contains("/deputy#/notices"), "plain text, and where to read on");
    let heard = sms.heard();
    let own = heard.iter().find(|heard| heard.idempotency_key == format!("{notice}.sms")).expect("the deputy's");
    let body: Value = serde_json::from_str(&own.body).expect("JSON");
    assert_eq!((&body["phone"], &body["id"]), (&json!(PHONE), &json!(format!("{notice}.sms"))));
    assert!(body["text"].as_str().is_some_and(|text| text.contains("西河镇中心幼儿园") && !text.contains("请到现场查看")), "{body}");
    assert!(own.path.starts_with("/send?from="), "{}", own.path);
    assert_eq!(send_all(&app).await, 0, "nothing is sent twice");
    let file = app.as_login("committee").await.get(&format!("/api/sites/{}/file", app.world.west[0].site_id)).await.expect(200).json();
    let sent = file["notices"].as_array().expect("notices").iter().find(|sent| sent["to"] == "deputy").expect("the deputy's").clone();
    let ways: Vec<_> = sent["ways"].as_array().expect("ways").iter().map(|way| (way["channel"].as_str(), way["state"].as_str())).collect();
    assert_eq!(ways, [(Some("mail"), Some("delivered")), (Some("sms"), Some("delivered"))]);
}

#[tokio::test]
async fn what_fails_for_a_while_is_tried_again_after_longer_and_longer_pauses() {
    let receiver = MailReceiver::answering(Duration::ZERO, |_, before| if before < 3 { 451 } else { 250 }).await;
    let app = app_with_mail(&receiver).await;
    remind(&app).await;
    let mut pauses = Vec::new();
    for attempt in 1..=3 {
        assert_eq!(send_all(&app).await, 1);
        assert_eq!(rows(&app).await, [("mail".to_owned(), "waiting".to_owned(), attempt, Some("smtp_451".to_owned()))]);
        assert_eq!(send_all(&app).await, 0, "not before its time");
        let due: chrono::DateTime<chrono::Utc> = sqlx::query_scalar("select due_at from deliveries").fetch_one(&app.pool).await.expect("a time");
        pauses.push((due - app.now()).num_seconds());
        app.platform.clock.set(due);
    }
    for (pause, (least, most)) in pauses.iter().zip([(22, 38), (45, 75), (90, 150)]) {
        assert!((least..=most).contains(pause), "{pauses:?}");
    }
    assert_eq!(send_all(&app).await, 1);
    assert_eq!(rows(&app).await, [("mail".to_owned(), "delivered".to_owned(), 4, None)]);
    assert_eq!(receiver.mails().len(), 1);
}

#[tokio::test]
async fn nobody_at_the_address_is_a_dead_letter_at_once_and_can_be_sent_again() {
    let receiver = MailReceiver::answering(Duration::ZERO, |_, before| if before == 0 { 550 } else { 250 }).await;
    let app = app_with_mail(&receiver).await;
    remind(&app).await;
    send_all(&app).await;
    assert_eq!(rows(&app).await, [("mail".to_owned(), "dead".to_owned(), 1, Some("smtp_550".to_owned()))]);
    let dead = listed(&app, "working_committee", "?state=dead").await.remove(0);
    assert_eq!((dead["to"].as_str(), dead["fault"].as_str()), (Some("deputy"), Some("smtp_550")));
    assert!(listed(&app, "working_committee_east", "").await.is_empty(), "another place's letters");
    assert!(listed(&app, "foreign_committee", "").await.is_empty());
    let again = json!({"ids": [dead["id"]]});
    for (login, status) in [("working_committee_east", 404), ("foreign_committee", 404), ("unit", 403), ("deputy", 403)] {
        app.as_login(login).await.post("/api/deliveries/again", again.clone()).await.expect(status);
    }
    let committee = app.as_login("committee").await;
    assert_eq!(committee.post("/api/deliveries/again", json!({"ids": []})).await.expect(422).fields(), ["ids"]);
    assert_eq!(committee.post("/api/deliveries/again", again.clone()).await.expect(200).json()["sent_again"], 1);
    assert_eq!(committee.post("/api/deliveries/again", again).await.expect(200).json()["sent_again"], 0, "it waits already");
    send_all(&app).await;
    assert_eq!(rows(&app).await, [("mail".to_owned(), "delivered".to_owned(), 1, None)]);
    let page = committee.get("/api/deliveries").await.expect(200).json();
    assert_eq!((&page["totals"], &page["open"]), (&json!({}), &json!(["mail"])));
    let lines: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action = 'delivery.send_again'").fetch_one(&app.pool).await.expect("lines");
    assert_eq!(lines, 1);
}

#[tokio::test]
async fn after_ten_attempts_a_message_is_given_up() {
    let gateway = Gateway::answering(Duration::ZERO, |_| (503, String::new())).await;
    let app = TestApp::start_with(|settings| settings.notice_sms_url = Some(gateway.origin.clone())).await;
    remind(&app).await;
    for _ in 0..12 {
        send_all(&app).await;
        app.platform.clock.set(app.now() + chrono::TimeDelta::hours(4));
    }
    assert_eq!(gateway.heard().len(), 20, "ten for each of two deputies");
    assert!(rows(&app).await.iter().all(|row| row.1 == "dead" && row.2 == 10 && row.3.as_deref() == Some("http_503")));
    // What waited too long is no news any more, and nobody is asked.
    sqlx::query("update deliveries set state = 'waiting', settled_at = null, attempts = 0, queued_at = queued_at - interval '9 days'")
        .execute(&app.pool)
        .await
        .expect("older");
    send_all(&app).await;
    assert_eq!(gateway.heard().len(), 20);
    assert!(rows(&app).await.iter().all(|row| row.1 == "dead" && row.3.as_deref() == Some("too_old")));
}

#[tokio::test]
async fn a_gateway_leads_nobody_elsewhere_and_cannot_talk_for_ever() {
    let gateway = Gateway::answering(Duration::ZERO, |before| if before == 0 { (302, String::new()) } else { (200, "x".repeat(100_000)) }).await;
    let app = TestApp::start_with(|settings| settings.notice_sms_url = Some(format!("{}/send", gateway.origin))).await;
    remind(&app).await;
    Worker::of(app.platform.clone()).expect("a worker").send_due().await.expect("the queue");
    assert!(gateway.heard().iter().all(|heard| heard.path == "/send"), "{:?}", gateway.heard());
    let mut faults: Vec<_> = rows(&app).await.into_iter().map(|row| (row.1, row.3.unwrap_or_default())).collect();
    faults.sort();
    assert_eq!(faults, [("dead".to_owned(), "http_302".to_owned()), ("waiting".to_owned(), "http_broken".to_owned())]);
}

#[tokio::test]
async fn groups_hear_one_line_for_all_who_were_told_and_nobodys_name() {
    let (wecom, dingtalk) = (Gateway::start().await, Gateway::answering(Duration::ZERO, |_| (200, "{\"errcode\":310000}".to_owned())).await);
    let app = TestApp::start_with(|settings| {
        settings.wecom_robot_url = Some(format!("{}/send?key=geheim", wecom.origin));
        settings.dingtalk_robot_url = Some(format!("{}/send?access_token=geheim", dingtalk.origin));
        settings.dingtalk_robot_secret = Some("SEC".to_owned());
    })
    .await;
    remind(&app).await;
    assert_eq!(rows(&app).await, [], "what concerns one person is no matter of a group");
    let offer = json!({"places": 1, "words": "请王五代表领办"});
    app.as_login("committee").await.put(&format!("/api/sites/{}/offer", app.world.west[1].site_id), offer).await.expect(204);
    send_all(&app).await;
    let line: Value = serde_json::from_str(&wecom.heard()[0].body).expect("JSON");
    let text = line["text"]["content"].as_str().expect("a line");
    assert!(text.contains("有点位开放领办") && text.contains("/sites/2026-01-002") && !text.contains("王五"), "{text}");
    assert_eq!((wecom.heard().len(), dingtalk.heard().len()), (1, 1));
    assert!(dingtalk.heard()[0].path.contains("&timestamp=") && dingtalk.heard()[0].path.contains("&sign="));
    let states: Vec<_> = rows(&app).await.into_iter().map(|row| (row.0, row.1, row.3)).collect();
    let refused = ("dingtalk".to_owned(), "dead".to_owned(), Some("robot_310000".to_owned()));
    assert_eq!(states, [refused, ("wecom".to_owned(), "delivered".to_owned(), None)]);
}

#[tokio::test]
async fn a_mail_server_that_offers_no_tls_hears_nothing_when_tls_is_wanted() {
    let receiver = MailReceiver::start().await;
    let app = TestApp::start_with(|settings| {
        by_mail(settings, &receiver);
        settings.smtp_security = SmtpSecurity::Starttls;
        settings.smtp_user = "map".to_owned();
        settings.smtp_password = Some("geheim".to_owned());
    })
    .await;
    has_address(&app, "deputy", ADDRESS).await;
    remind(&app).await;
    send_all(&app).await;
    assert!(receiver.mails().is_empty() && receiver.named() == 0, "neither a password nor an address in the clear");
    assert!(rows(&app).await.iter().all(|row| row.1 == "waiting" && row.2 == 1), "it is a matter of the settings: {:?}", rows(&app).await);
}

#[tokio::test]
async fn an_invented_countys_telephones_are_left_alone() {
    let gateway = Gateway::start().await;
    let app = TestApp::start_with(|settings| settings.notice_sms_url = Some(gateway.origin.clone())).await;
    sqlx::query("update counties set is_demo = true").execute(&app.pool).await.expect("invented");
    remind(&app).await;
    assert_eq!((rows(&app).await.len(), send_all(&app).await), (0, 0));
}

#[tokio::test]
async fn two_workers_share_the_queue_and_a_lost_lease_runs_out_by_the_databases_clock() {
    let receiver = MailReceiver::answering(Duration::from_millis(20), |_, _| 250).await;
    let app = app_with_mail(&receiver).await;
    for _ in 0..12 {
        remind(&app).await;
    }
    let other = app.second_server().await;
    let (here, there) = tokio::join!(send_all(&app), send_all(&other));
    assert_eq!(here + there, 12);
    let mut ids: Vec<String> = receiver.mails().into_iter().map(|mail| mail.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), receiver.mails().len()), (12, 12), "each once");
    remind(&app).await;
    let lost = "update deliveries set lease_id = gen_random_uuid(), leased_until = clock_timestamp() + interval '1 minute' where state = 'waiting'";
    sqlx::query(lost).execute(&app.pool).await.expect("a killed worker's lease");
    app.set_clock("2026-10-20T21:00:00+08:00");
    assert_eq!(send_all(&app).await, 0, "no worker's own clock ends another's lease");
    sqlx::query("update deliveries set leased_until = clock_timestamp() - interval '1 second' where state = 'waiting'")
        .execute(&app.pool)
        .await
        .expect("time has passed");
    assert_eq!(send_all(&app).await, 1);
}

#[tokio::test]
async fn a_worker_that_is_asked_to_stop_gives_its_leases_back() {
    let gateway = Gateway::answering(Duration::from_secs(60), |_| (200, String::new())).await;
    let app = TestApp::start_with(|settings| settings.notice_sms_url = Some(gateway.origin.clone())).await;
    remind(&app).await;
    let (stopping, stop) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(minsheng_map::notices::worker::run(app.platform.clone(), async move { drop(stop.await) }));
    eventually("both messages are under way", async || gateway.heard().len() == 2).await;
    let leases = || async { sqlx::query_scalar::<_, i64>("select count(lease_id) from deliveries").fetch_one(&app.pool).await.expect("a count") };
    assert_eq!(leases().await, 2);
    stopping.send(()).expect("the worker listens");
    worker.await.expect("it ends");
    assert_eq!(leases().await, 0);
    assert!(rows(&app).await.iter().all(|row| row.1 == "waiting" && row.2 == 0), "a worker's end is no failed attempt");
}

#[tokio::test]
async fn who_is_gone_is_written_to_no_more() {
    let receiver = MailReceiver::start().await;
    let app = app_with_mail(&receiver).await;
    has_address(&app, "deputy2", "yi@county.example").await;
    remind(&app).await;
    app.as_login("deputy").await.delete("/api/me/mail-address").await.expect(204);
    app.as_login("admin").await.post(&format!("/api/accounts/{}/disable", app.world.account("deputy2")), json!({})).await.expect(200);
    send_all(&app).await;
    assert!(rows(&app).await.iter().all(|row| row.1 == "dropped"), "{:?}", rows(&app).await);
    assert!(receiver.mails().is_empty());
    remind(&app).await;
    assert_eq!(rows(&app).await.len(), 2, "and nothing more is queued");
}

#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_address_and_no_number_is_told_to_logs_lists_or_the_audit() {
    let log = Log::default();
    let writer = log.clone();
    let debug = tracing_subscriber::filter::LevelFilter::DEBUG;
    tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).with_max_level(debug).init();
    // The mail server repeats the address in its refusal, as they do; the gateway is not there.
    let receiver = MailReceiver::answering(Duration::ZERO, |_, before| if before == 0 { 450 } else { 550 }).await;
    let app = TestApp::start_with(|settings| {
        by_mail(settings, &receiver);
        settings.notice_sms_url = Some("http://127.0.0.1:9/{phone}".to_owned());
    })
    .await;
    has_address(&app, "deputy", ADDRESS).await;
    remind(&app).await;
    for _ in 0..3 {
        send_all(&app).await;
        app.platform.clock.set(app.now() + chrono::TimeDelta::minutes(3));
    }
    let committee = app.as_login("committee").await;
    let mut told = committee.get("/api/deliveries").await.expect(200).text();
    told.push_str(&committee.get(&format!("/api/sites/{}/file", app.world.west[0].site_id)).await.expect(200).text());
    let audit: String = sqlx::query_scalar("select string_agg(detail::text, '') from audit_log").fetch_one(&app.pool).await.expect("the log");
    told.push_str(&audit);
    let rows: String = sqlx::query_scalar("select string_agg(d::text, '') from deliveries d").fetch_one(&app.pool).await.expect("rows");
    told.push_str(&rows);
    let log = String::from_utf8(log.0.lock().expect("the log").clone()).expect("text");
    assert!(log.contains("a notice did not get through") && told.contains("smtp_550") && told.contains("http_unreachable"), "{told}");
    let ours: String = log.lines().filter(|line| !line.contains("sqlx")).collect();
    for canary in [ADDRESS, "jia.canary", PHONE] {
        assert!(!told.contains(canary) && !ours.contains(canary), "{canary}");
    }
}

#[tokio::test]
async fn a_telling_about_many_sites_is_one_line_that_says_how_many() {
    let wecom = Gateway::start().await;
    let app = TestApp::start_with(|settings| settings.wecom_robot_url = Some(format!("{}/send?key=geheim", wecom.origin))).await;
    let sites: Vec<i64> = app.world.west.iter().chain(&app.world.east).map(|site| site.site_id.0).collect();
    let offer = json!({"site_ids": sites, "places": 1, "words": "", "for_region": "339901"});
    app.as_login("committee").await.post("/api/offers", offer).await.expect(200);
    send_all(&app).await;
    let line = |at: usize| serde_json::from_str::<Value>(&wecom.heard()[at].body).expect("JSON")["text"]["content"].to_string();
    assert_eq!(wecom.heard().len(), 1, "one line for all four");
    assert!(line(0).contains("有点位开放领办") && line(0).contains("共 4 处点位") && line(0).contains("/desk"), "{}", line(0));
    app.set_clock("2026-11-01T00:02:00+08:00");
    minsheng_map::schedule::run_due(&app.platform).await.expect("the month closes");
    send_all(&app).await;
    let missing: Vec<String> = (1..wecom.heard().len()).map(line).filter(|line| line.contains("【试验县") && line.contains("督查反馈缺报")).collect();
    assert!(missing.len() == 1 && missing[0].contains("共 4 处点位"), "{missing:?}");
}
