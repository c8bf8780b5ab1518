//! What holds for every route that changes something: its origin is checked, its content is taken at its word, its act is on record.

use std::collections::BTreeSet;

use harness::{Answer, Client, TestApp};
use reqwest::{Method, header};
use serde_json::json;

use crate::calls::{Call, Content, Things, documented_routes};

/// Who makes the call and which line it leaves in the audit log, in an order in which each succeeds.
pub const ACTS: &[(&str, &str, &str)] = &[
    ("POST /api/session", "visitor", "session.begin"),
    ("DELETE /api/session", "keeper", "session.end"),
    ("DELETE /api/sessions/{id}", "deputy", "session.end"),
    ("POST /api/accounts", "admin", "account.create"),
    ("POST /api/accounts/{id}/password", "admin", "account.set_password"),
    ("DELETE /api/accounts/{id}/invitation", "admin", "account.revoke_invitation"),
    ("POST /api/account-invitations", "admin", "account.invite"),
    ("PUT /api/accounts/{id}", "admin", "account.change"),
    ("POST /api/accounts/{id}/disable", "admin", "account.disable"),
    ("POST /api/accounts/{id}/enable", "admin", "account.enable"),
    ("PUT /api/me/password", "unit", "account.change_password"),
    ("DELETE /api/sessions", "unit", "session.end_others"),
    ("POST /api/me/second-factor", "keeper", "second_factor.begin"),
    ("POST /api/accounts/{id}/second-factor/reset", "security", "second_factor.reset"),
    ("POST /api/sign-in-locks/release", "security", "account.open_locks"),
    ("PUT /api/photos/{sha256}", "deputy", "photo.store"),
    ("POST /api/reports/{id}/return", "committee", "report.return"),
    ("PUT /api/reports/{id}", "deputy", "report.accept"),
    ("PUT /api/reports", "deputy", "report.accept"),
    ("PUT /api/deputies/{id}/reports/{report_id}", "working_committee", "report.enter"),
    ("POST /api/reports/{id}/objection", "deputy", "report.object"),
    ("POST /api/me/notices/{id}/read", "deputy", "notice.read"),
    ("PUT /api/me/notice-preferences", "deputy", "notice.prefer"),
    ("PUT /api/me/notice-phone", "unit", "notice_phone.give"),
    ("PUT /api/accounts/{id}/notice-phone", "admin", "notice_phone.give"),
    ("DELETE /api/me/mail-address", "deputy", "mail_address.remove"),
    ("POST /api/deliveries/again", "working_committee", "delivery.send_again"),
    ("POST /api/reminders", "committee", "site.remind"),
    ("POST /api/review/dismissals", "committee", "finding.dismiss"),
    ("POST /api/review/dismissals/undo", "working_committee", "finding.take_up"),
    ("PUT /api/me/review-views", "unit", "account.save_views"),
    ("POST /api/sites/{id}/challenges", "visitor", "challenge.submit"),
    ("POST /api/challenges/{number}/acceptance", "committee", "challenge.accept"),
    ("POST /api/challenges/{number}/publication", "committee", "challenge.publish"),
    ("POST /api/challenges/{number}/judgement", "committee", "challenge.judge"),
    ("POST /api/challenges/{number}/declination", "committee", "challenge.decline"),
    ("POST /api/supervision-orders", "working_committee", "order.issue"),
    ("POST /api/supervision-orders/{id}/answer", "unit", "order.answer"),
    ("POST /api/supervision-orders/{id}/send-back", "working_committee", "order.send_back"),
    ("POST /api/supervision-orders/{id}/answer-for-unit", "working_committee", "order.answer_for_unit"),
    ("POST /api/supervision-orders/{id}/agree-date", "committee", "order.agree_date"),
    ("POST /api/supervision-orders/{id}/accept", "committee", "order.accept"),
    ("POST /api/supervision-orders/{id}/withdrawal", "committee", "order.withdraw"),
    ("POST /api/review/acts", "committee", "site.correct"),
    ("POST /api/sites/{id}/correction", "committee", "site.correct"),
    ("POST /api/sites/{id}/strike-off-proposal", "working_committee", "site.propose_strike_off"),
    ("POST /api/strike-off-proposals/{id}/withdraw", "working_committee", "site.withdraw_strike_off"),
    ("POST /api/strike-off-proposals/{id}/confirm", "committee", "site.confirm_strike_off"),
    ("POST /api/sites/{id}/strike-off", "committee", "site.strike_off"),
    ("POST /api/sites/{id}/reopen", "working_committee", "site.reopen"),
    ("POST /api/sites/{id}/plan-changes", "committee", "site.change_plan"),
    ("PUT /api/sites/{id}/offer", "working_committee", "site.offer"),
    ("POST /api/sites/{id}/adopt", "deputy_east", "site.adopt"),
    ("POST /api/offers", "working_committee", "site.offer"),
    ("POST /api/offers/withdrawal", "working_committee", "site.withdraw_offer"),
    ("DELETE /api/sites/{id}/offer", "working_committee", "site.withdraw_offer"),
    ("POST /api/sites/{id}/hand-over", "deputy2", "site.hand_over"),
    ("PUT /api/sites/{id}/key-site", "committee", "site.set_key"),
    ("POST /api/sites/{id}/adopters", "working_committee", "site.reassign"),
    ("POST /api/deputies", "working_committee", "deputy.enter"),
    ("PUT /api/deputies/{id}", "working_committee", "deputy.mend"),
    ("POST /api/deputy-groups", "committee", "group.enter"),
    ("PUT /api/deputy-groups/{id}", "committee", "group.mend"),
    ("DELETE /api/deputy-groups/{id}", "committee", "group.remove"),
    ("DELETE /api/terms/{id}", "committee", "term.cancel"),
    ("POST /api/terms", "committee", "term.enter"),
    ("PUT /api/deputies/{id}/portrait", "deputy", "deputy.set_portrait"),
    ("DELETE /api/deputies/{id}/portrait", "working_committee", "deputy.remove_portrait"),
    ("POST /api/reporting-months/{month}/reminders", "working_committee", "month.remind_missing"),
    ("POST /api/reporting-months/{month}/corrections", "committee", "month.correct"),
    ("POST /api/month-exceptions", "working_committee", "exception.make"),
    ("POST /api/month-exceptions/{id}/undo", "committee", "exception.undo"),
    ("POST /api/desk-exports", "working_committee", "desk.export"),
    ("POST /api/desk-exports/{id}/confirm", "committee", "desk.confirm_export"),
    ("POST /api/desk-exports/{id}/withdraw", "working_committee", "desk.withdraw_export"),
    ("POST /api/reminders/{id}/undo", "working_committee", "site.take_back_reminder"),
    ("PUT /api/county-settings", "committee", "county.settings"),
    ("POST /api/duty-rules", "committee", "duty.make_rule"),
    ("POST /api/me/duty-contests", "deputy", "duty.contest"),
    ("POST /api/duty-contests/{id}/answer", "working_committee", "duty.answer"),
    ("DELETE /api/invitations/{id}", "working_committee", "invitation.revoke"),
    ("POST /api/invitations", "working_committee", "invitation.make"),
    ("POST /api/invitations/redemption", "visitor", "invitation.use"),
    ("POST /api/deputies/{id}/phone-views", "working_committee", "deputy.view_phone"),
    ("PUT /api/deputies/{id}/phone", "working_committee", "deputy.set_phone"),
    ("POST /api/imports", "working_committee", "import.prepare"),
    ("POST /api/imports/{id}/confirm", "working_committee", "import.confirm"),
    ("POST /api/imports/{id}/undo", "working_committee", "import.undo"),
    ("PUT /api/projects/{id}", "committee", "project.mend"),
    ("PUT /api/units/{id}", "committee", "unit.mend"),
    ("PUT /api/sites/{id}", "working_committee", "site.mend"),
    ("PUT /api/stations/{id}", "working_committee", "station.mend"),
    ("POST /api/projects", "committee", "project.create"),
    ("POST /api/units", "committee", "unit.create"),
    ("POST /api/units/{id}/end", "committee", "unit.end"),
    ("POST /api/sites", "working_committee", "site.create"),
    ("POST /api/stations", "working_committee", "station.enter"),
    ("POST /api/stations/{id}/end", "working_committee", "station.end"),
    ("POST /api/sites/{id}/withdrawal", "committee", "site.withdraw"),
    ("PUT /api/regions/{code}/name", "committee", "region.rename"),
    ("POST /api/deputies/{id}/end", "working_committee", "deputy.end"),
    ("POST /api/county-setting-proposals/{id}/withdraw", "committee", "county.withdraw_setting"),
    ("POST /api/county-setting-proposals/{id}/confirm", "committee", "county.confirm_setting"),
    ("POST /api/deputies/{id}/reinstatement", "working_committee", "deputy.reinstate"),
    ("POST /api/region-mergers", "committee", "region.merge"),
];

/// A browser's own report changes nothing but the log and acts for nobody: it has no audit line, no key, and its rules of origin and content
/// are in `csp_reports.rs`. Mail addresses are taken only where mails are sent; `mail_addresses.rs` walks them. Looking at an invitation changes
/// nothing, and is a `POST` because its token must stand in no address. Codes are sent only where a gateway is configured; `joining.rs` walks
/// them. The steps of signing in and the codes of second factors need a secret that only the app has, and confirmations an account that waits:
/// `second_factor.rs` and `three_administrators.rs` walk those. A challenge is opened by its secret; `challenges.rs` walks that. A preview changes nothing, and is a `POST` for the length of its lists.
const NO_ACTS: &[&str] = &[
    "POST /api/csp-reports",
    "POST /api/invitations/lookup",
    "POST /api/me/mail-address",
    "POST /api/me/mail-address/confirmation",
    "POST /api/password-codes",
    "POST /api/password-codes/redemption",
    "POST /api/session/code",
    "POST /api/session/password",
    "POST /api/session/factor",
    "PUT /api/session/factor",
    "POST /api/me/second-factor/confirmation",
    "POST /api/me/second-factor/removal",
    "POST /api/accounts/{id}/confirm",
    "POST /api/accounts/{id}/refuse",
    "POST /api/terms/preview",
    "POST /api/challenges/{number}/withdrawal",
    "PUT /api/challenges/{number}/photos/{sha256}",
];

/// Those who call these are nobody yet.
const WITHOUT_KEY: [&str; 2] = ["POST /api/session", "POST /api/invitations/redemption"];

pub async fn person(app: &TestApp, login: &str) -> Client {
    if login == "visitor" { app.visitor() } else { app.as_login(login).await }
}

async fn changing_routes(app: &TestApp) -> BTreeSet<String> {
    documented_routes(app).await.into_iter().filter(|route| !route.starts_with("GET ")).collect()
}

#[tokio::test]
async fn every_changing_route_is_walked() {
    let app = TestApp::start().await;
    let walked: BTreeSet<String> = ACTS.iter().map(|(route, ..)| *route).chain(NO_ACTS.iter().copied()).map(str::to_owned).collect();
    assert_eq!(changing_routes(&app).await, walked, "name the audit line of each changing route");
}

async fn rev_of(app: &TestApp, site: i64) -> i64 {
    sqlx::query_scalar("select rev from sites where site_id = $1").bind(site).fetch_one(&app.pool).await.expect("a site")
}

/// The proposal is pending again, and its site completed.
async fn prepare_proposal(app: &TestApp, path: &str) {
    let proposal: i64 = path.split('/').nth(3).and_then(|id| id.parse().ok()).expect("a proposal");
    let again = "update strike_off_proposals set state = 'pending', settled_by = null, settled_at = null, settled_words = '' where proposal_id = $1";
    sqlx::query(again).bind(proposal).execute(&app.pool).await.expect("a proposal");
    let site = app.world.west[1].site_id.0;
    let body = json!({"stage": "completed", "percent": 100, "reason": "核实", "rev": rev_of(app, site).await});
    app.as_login("working_committee").await.post(&format!("/api/sites/{site}/correction"), body).await.expect(200);
}

/// The challenge is where the act begins. Returns its revision and the site's.
async fn prepare_challenge(app: &TestApp, route: &str) -> (i64, i64) {
    let state = if route.ends_with("judgement") { "accepted" } else { "submitted" };
    let again = "update challenges set state = $1, settled_at = null, reason = null, consequence = null where number = '7K2M9QXD' returning rev";
    let rev = sqlx::query_scalar(again).bind(state).fetch_one(&app.pool).await.expect("a challenge");
    (rev, rev_of(app, app.world.west[0].site_id.0).await)
}

/// The call, made ready to succeed after those before it: with the present rev, in a stage that allows it, with content not sent before.
pub async fn ready(app: &TestApp, things: &Things, route: &str) -> Call {
    let mut call = things.call(route);
    let site = app.world.west[0].site_id.0;
    // What the county decided in an earlier row would bind the township in the next.
    sqlx::query("update sites set decided_by_county_at = null").execute(&app.pool).await.expect("sites");
    if route.ends_with("/strike-off") {
        // Nobody strikes off what is completed by their own word.
        let body = json!({"stage": "completed", "percent": 100, "reason": "核实", "rev": rev_of(app, site).await});
        app.as_login("working_committee").await.post(&format!("/api/sites/{site}/correction"), body).await.expect(200);
    }
    if let (Content::Json(body), true) = (&mut call.content, route.contains("/sites/")) {
        if body.get("rev").is_some() {
            body["rev"] = json!(rev_of(app, site).await);
        }
        if route.ends_with("correction") {
            (body["stage"], body["percent"]) = (json!("completed"), json!(100));
        }
    }
    if let (Content::Json(body), true) = (&mut call.content, route == "POST /api/review/acts") {
        body["rows"][0]["rev"] = json!(rev_of(app, site).await);
    }
    if let (Content::Json(body), true) = (&mut call.content, route.contains("/strike-off-proposals/")) {
        prepare_proposal(app, &call.path).await;
        if let Some(rev) = body.get_mut("rev") {
            *rev = json!(rev_of(app, app.world.west[1].site_id.0).await);
        }
    }
    if let (Content::Json(body), true) = (&mut call.content, route.contains("/challenges/{number}")) {
        let (rev, site_rev) = prepare_challenge(app, route).await;
        body["rev"] = json!(rev);
        if let Some(named) = body.get_mut("site_rev") {
            *named = json!(site_rev);
        }
    }
    if route.ends_with("/desk-exports/{id}/withdraw") {
        // The other one was confirmed before; whoever asks takes back another.
        call.path = format!("/api/desk-exports/{}/withdraw", crate::calls::waiting_export(app).await);
    }
    if let (Content::Json(body), true) = (&mut call.content, route.contains("/deputies/{id}"))
        && body.get("rev").is_some()
    {
        let rev = sqlx::query_scalar::<_, i64>("select entry_rev from deputies where deputy_id = $1");
        body["rev"] = json!(rev.bind(app.world.deputies["deputy"].0).fetch_one(&app.pool).await.expect("a deputy"));
    }
    if let (Content::Json(body), true) = (&mut call.content, route == "POST /api/region-mergers") {
        let preview = things.call("GET /api/region-mergers/preview");
        body["moves"] = preview.send(&app.as_login("committee").await).await.expect(200).json()["moves"].clone();
    }
    let decided = ["/accept", "/agree-date", "orders/{id}/withdrawal"].iter().any(|act| route.ends_with(act));
    if let (Content::Json(body), true) = (&mut call.content, decided) {
        let order: i64 = call.path.split('/').nth(3).and_then(|id| id.parse().ok()).expect("an order");
        let answer = "insert into order_steps (county_id, order_id, step, kind, at, words, due_on, level)
                      select county_id, order_id, max(step) + 1, 'answered', max(at), '已复工', '2026-11-20', 'order' from order_steps
                      where order_id = $1 group by county_id, order_id";
        sqlx::query(answer).bind(order).execute(&app.pool).await.expect("an answer");
        let again = "update supervision_orders set state = 'answered' where order_id = $1 returning rev";
        body["rev"] = json!(sqlx::query_scalar::<_, i64>(again).bind(order).fetch_one(&app.pool).await.expect("an order"));
    }
    if route.contains("/county-setting-proposals/") {
        for again in [
            "update counties set strike_off_persons = 2",
            "update county_setting_proposals set state = 'pending', settled_by = null, settled_at = null, settled_words = '', rev = null",
        ] {
            sqlx::query(again).execute(&app.pool).await.expect("it waits again");
        }
    }
    if let (Content::Bytes(bytes), true) = (&mut call.content, route.starts_with("PUT /api/photos")) {
        *bytes = crate::calls::picture(90);
        call.path = format!("/api/photos/{}", crate::calls::name_of(bytes));
    }
    call
}

#[tokio::test]
async fn no_act_comes_from_a_foreign_page() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let host = app.origin.trim_start_matches("http://").to_owned();
    let cases: [(Option<String>, Option<&str>, bool); 12] = [
        (None, None, false),
        (None, Some("same-origin"), true),
        (None, Some("none"), true),
        (None, Some("same-site"), false),
        (None, Some("cross-site"), false),
        (Some(format!("http://{host}")), None, true),
        (Some(format!("http://{host}")), Some("cross-site"), true),
        (Some("https://evil.example".to_owned()), None, false),
        (Some("https://evil.example".to_owned()), Some("same-origin"), false),
        (Some("null".to_owned()), Some("cross-site"), false),
        (Some(format!("http://{host}.evil.example")), Some("none"), false),
        (Some(format!("http://evil.example:{}", host.rsplit(':').next().unwrap_or(""))), None, false),
    ];
    for (route, login, _) in ACTS {
        let token = app.token(login).await;
        for (origin, site, passes) in &cases {
            let call = things.call(route);
            let mut request =
                reqwest::Client::builder().no_proxy().build().expect("a client").request(call.method.clone(), format!("{}{}", app.origin, call.path));
            if let Some(token) = &token {
                request = request.header(header::COOKIE, format!("__Host-session={token}"));
            }
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            if let Some(site) = site {
                request = request.header("sec-fetch-site", *site);
            }
            let answer = Answer::of(call.on(request)).await;
            assert_eq!(answer.code() != "foreign_origin", *passes, "{route} {origin:?} {site:?}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_content_that_is_not_json_is_refused_where_json_is_wanted() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    for (route, login, _) in ACTS {
        let call = things.call(route);
        let Content::Json(body) = &call.content else { continue };
        let request = person(&app, login).await.request(call.method.clone(), &call.path);
        let request = request.header("idempotency-key", uuid::Uuid::new_v4().to_string()).header(header::CONTENT_TYPE, "text/plain");
        assert_eq!(Answer::of(request.body(body.to_string())).await.status.as_u16(), 415, "{route}");
    }
}

#[tokio::test]
async fn a_post_of_a_signed_in_person_needs_its_key() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    for (route, login, _) in ACTS.iter().filter(|(route, ..)| route.starts_with("POST ") && !WITHOUT_KEY.contains(route)) {
        let call = things.call(route);
        let mut request = person(&app, login).await.request(Method::POST, &call.path);
        request = match &call.content {
            Content::Json(body) => request.json(body),
            Content::Bytes(bytes) => request.body(bytes.clone()),
            Content::Text(kind, text) => request.header(header::CONTENT_TYPE, *kind).body(text.clone()),
            Content::Nothing => request,
        };
        let answer = Answer::of(request).await.expect(400);
        assert_eq!(answer.fields(), ["Idempotency-Key"], "{route}");
    }
}

/// Calls whose repetition is told otherwise than by a key, and why.
const TOLD_OTHERWISE: &[(&str, &str)] = &[
    ("POST /api/session", "nobody is signed in yet"),
    ("POST /api/sites/{id}/challenges", "it is told by what it says, not by its address; challenges.rs repeats it"),
    ("POST /api/invitations/redemption", "nobody is signed in yet"),
    ("PUT /api/me/password", "the old password that it names has ended with the first"),
    ("PUT /api/photos/{sha256}", "its name is the hash of its content"),
    ("PUT /api/deputies/{id}/portrait", "the content is the whole of it: setting it twice is setting it once"),
    ("PUT /api/reports", "each report in it is known by its own id"),
    ("DELETE /api/session", "a session that has ended stays ended"),
    ("DELETE /api/sessions/{id}", "a session that has ended stays ended"),
    ("POST /api/deputies/{id}/phone-views", "the number is told once and kept nowhere else"),
    ("POST /api/invitations", "its tokens are said once"),
    ("POST /api/account-invitations", "its tokens are said once"),
    ("POST /api/me/second-factor", "its secret is said once"),
];

async fn keyed(app: &TestApp, login: &str, call: &Call, key: &str) -> Answer {
    let request = person(app, login).await.request(call.method.clone(), &call.path).header("idempotency-key", key);
    let request = match &call.content {
        Content::Json(body) => request.json(body),
        Content::Bytes(bytes) => request.body(bytes.clone()),
        Content::Text(kind, text) => request.header(header::CONTENT_TYPE, *kind).body(text.clone()),
        Content::Nothing => request,
    };
    Answer::of(request).await
}

/// The same act with something else asked, which only the key can tell from a repetition.
fn something_else(call: &Call) -> Call {
    let mut other = call.clone();
    match &mut other.content {
        Content::Bytes(bytes) => bytes.push(b'\n'),
        _ => other.path = format!("{}{}else", call.path, if call.path.contains('?') { '&' } else { '?' }),
    }
    other
}

#[tokio::test]
async fn the_repetition_of_an_act_gets_its_first_answer_and_a_key_serves_one_act() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let (mut repeated, mut wrong) = (0, Vec::new());
    for (route, login, _) in ACTS {
        let call = ready(&app, &things, route).await;
        if TOLD_OTHERWISE.iter().any(|(other, _)| other == route) {
            assert!(call.send(&person(&app, login).await).await.status.is_success(), "{route}");
            continue;
        }
        let key = uuid::Uuid::new_v4().to_string();
        let first = keyed(&app, login, &call, &key).await;
        assert!(first.status.is_success(), "{route}: {}", first.text());
        let again = keyed(&app, login, &call, &key).await;
        if (first.status, &first.bytes) != (again.status, &again.bytes) {
            wrong.push(format!("{route}: {} {} and then {} {}", first.status, first.text(), again.status, again.text()));
        }
        let other = keyed(&app, login, &something_else(&call), &key).await;
        if (other.status.as_u16(), other.code().as_str()) != (422, "key_reused") {
            wrong.push(format!("{route}: something else under the same key: {} {}", other.status, other.text()));
        }
        repeated += 1;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(repeated > 70, "{repeated}");
}
