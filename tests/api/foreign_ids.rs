//! Another county's id answers like one that is nobody's: in status, in every header, in every byte but the request's own number.
//!
//! How long the answer takes is compared by what it does, not by the clock: the statements sent to the database are counted. A clock on a
//! machine that tests share says more about its neighbours, and would fail now and then or be so lenient that it shows nothing. The clock's
//! turn is `a_thousand_pairs_take_the_same_time` (CONTRIBUTING), by hand on a quiet machine.

use std::sync::atomic::{AtomicUsize, Ordering};

use harness::{Client, TestApp};
use reqwest::Method;
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use uuid::Uuid;

use crate::calls::{Call, Content, Things, documented_routes};

/// Numbers that nothing has.
const NOWHERE: i64 = 987_654_321;
const NO_REGION: &str = "339901999";

/// Everything of an answer that somebody could tell it by.
async fn plainly(call: &Call, client: &Client) -> (u16, Vec<(String, String)>, String) {
    let answer = call.send(client).await;
    let mut headers: Vec<(String, String)> =
        answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned())).collect();
    headers.retain(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"));
    headers.sort();
    let body = match serde_json::from_slice::<Value>(&answer.bytes) {
        Ok(Value::Object(mut body)) => {
            body.remove("request_id");
            Value::Object(body).to_string()
        }
        _ => answer.text(),
    };
    (answer.status.as_u16(), headers, body)
}

/// The same call about a thing that is not there; nothing when the route names no thing.
fn about_nothing(route: &str, call: &Call) -> Option<Call> {
    if route == OF_ONES_OWN {
        return None;
    }
    let template = route.split_once(' ').expect("a method and a path").1;
    let (path, query) = call.path.split_once('?').map_or((call.path.as_str(), None), |(path, query)| (path, Some(query)));
    let mut named = false;
    let parts: Vec<String> = template
        .split('/')
        .zip(path.split('/'))
        .map(|(part, filled)| {
            let missing = match part {
                "{id}" if filled.parse::<i64>().is_ok() => NOWHERE.to_string(),
                "{id}" | "{report_id}" => Uuid::new_v4().to_string(),
                "{sha256}" => "f".repeat(64),
                "{number}" => "ZZZZZZZZ".to_owned(),
                "{code}" if filled.bytes().all(|byte| byte.is_ascii_digit()) => NO_REGION.to_owned(),
                "{feature}" => NOWHERE.to_string(),
                _ => return filled.to_owned(),
            };
            named = true;
            missing
        })
        .collect();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    named.then(|| Call { path: format!("{}{query}", parts.join("/")), ..call.clone() })
}

/// Pictures are named by their own content: whoever sends one has it, and is answered as if they were the first.
const OF_ONES_OWN: &str = "PUT /api/photos/{sha256}";

/// Whoever passes by may say of a site of the county shown that it is not so, strangers too.
const FOR_EVERYBODY: &str = "POST /api/sites/{id}/challenges";

/// Those of the other county, one of each role that looks at things.
const STRANGERS: [&str; 5] = ["foreign_committee", "foreign_deputy", "foreign_admin", "foreign_security", "foreign_auditor"];

#[tokio::test]
async fn every_route_answers_a_stranger_about_our_things_as_about_none() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let mut compared = 0;
    let mut told = Vec::new();
    for route in documented_routes(&app).await {
        let ours = things.call(&route);
        let Some(none) = about_nothing(&route, &ours) else { continue };
        // What the county shows to everybody it shows to strangers as well.
        if route == FOR_EVERYBODY || route.starts_with("GET ") && ours.send(&app.visitor()).await.status.is_success() {
            continue;
        }
        for login in STRANGERS {
            let stranger = app.as_login(login).await;
            let (about_ours, about_none) = (plainly(&ours, &stranger).await, plainly(&none, &stranger).await);
            if about_ours != about_none {
                told.push(format!("{route} by {login}:\n  ours {about_ours:?}\n  none {about_none:?}"));
            }
            assert!(!(200..300).contains(&about_ours.0), "{route} by {login} went through: {about_ours:?}");
            compared += 1;
        }
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    assert!(compared >= 200, "only {compared} pairs were compared");
}

/// Routes about a site, a deputy or an account, with a thing of the other county that there really is.
fn about_strangers(app: &TestApp, route: &str, call: &Call) -> Option<Call> {
    let noun = route.split('/').nth(2)?;
    let (own, strange) = match noun {
        "sites" => (app.world.west[0].site_id.0, app.world.foreign.site_id.0),
        "deputies" => (app.world.deputies["deputy"].0, app.world.deputies["foreign_deputy"].0),
        "accounts" => (app.world.account("deputy2").0, app.world.account("foreign_deputy").0),
        _ => return None,
    };
    let path = call.path.replacen(&format!("/{noun}/{own}"), &format!("/{noun}/{strange}"), 1);
    (path != call.path).then(|| Call { path, ..call.clone() })
}

#[tokio::test]
async fn everybody_of_ours_hears_of_a_strangers_thing_what_they_hear_of_none() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let (mut compared, mut told) = (0, Vec::new());
    for route in documented_routes(&app).await {
        let ours = things.call(&route);
        let (Some(strange), Some(none)) = (about_strangers(&app, &route, &ours), about_nothing(&route, &ours)) else { continue };
        for login in ["visitor", "committee", "working_committee", "deputy", "unit", "admin", "security", "auditor"] {
            let client = if login == "visitor" { app.visitor() } else { app.as_login(login).await };
            let (about_theirs, about_none) = (plainly(&strange, &client).await, plainly(&none, &client).await);
            if about_theirs != about_none {
                told.push(format!("{route} by {login}:\n  theirs {about_theirs:?}\n  none   {about_none:?}"));
            }
            compared += 1;
        }
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    assert!(compared >= 200, "only {compared} pairs were compared");
}

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);
static LOOKS: AtomicUsize = AtomicUsize::new(0);

/// Counts what sqlx says it has sent for calls. Each test is a process of its own (nextest), so nobody else's statements are among them.
struct Counting;

/// Whether a statement is the pool's own look at a connection that comes back: it is sent after the answer, so it would count for the next call.
#[derive(Default)]
struct PoolsLook(bool);

impl Visit for PoolsLook {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0 |= field.name() == "summary" && value.starts_with("select now() = statement_timestamp()");
    }
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl Subscriber for Counting {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut look = PoolsLook::default();
        event.record(&mut look);
        if look.0 {
            LOOKS.fetch_add(1, Ordering::Relaxed);
        } else {
            STATEMENTS.fetch_add(1, Ordering::Relaxed);
        }
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The statements of one call: the fewest of several, because the map's own follower reads its log now and then.
async fn statements(call: &Call, client: &Client) -> usize {
    let mut fewest = usize::MAX;
    for _ in 0..4 {
        let before = STATEMENTS.load(Ordering::Relaxed);
        call.send(client).await;
        fewest = fewest.min(STATEMENTS.load(Ordering::Relaxed) - before);
    }
    fewest
}

#[tokio::test]
async fn the_same_work_is_done_for_a_strangers_thing_as_for_none() {
    tracing::subscriber::set_global_default(Counting).expect("nobody else counts");
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let (mut compared, mut told) = (0, Vec::new());
    for route in documented_routes(&app).await {
        let ours = things.call(&route);
        let Some(none) = about_nothing(&route, &ours) else { continue };
        if route == FOR_EVERYBODY || route.starts_with("GET ") && ours.send(&app.visitor()).await.status.is_success() {
            continue;
        }
        for login in ["foreign_committee", "foreign_admin"] {
            let stranger = app.as_login(login).await;
            let (about_ours, about_none) = (statements(&ours, &stranger).await, statements(&none, &stranger).await);
            if about_ours != about_none {
                told.push(format!("{route} by {login}: {about_ours} statements about ours, {about_none} about none"));
            }
            compared += 1;
        }
    }
    assert!(STATEMENTS.load(Ordering::Relaxed) > compared, "sqlx tells of its statements");
    assert!(LOOKS.load(Ordering::Relaxed) > 0, "the pool's looks are told from calls' statements by their words");
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    assert!(compared >= 80, "only {compared} pairs were compared");
}

/// A thousand pairs in turn, as checklists of such leaks ask: half the pairs begin with the other county's, so that a busy machine slows both
/// alike. A noisy round proves nothing either way; what is told by time is told in every round.
#[tokio::test]
async fn a_thousand_pairs_take_the_same_time() {
    let app = TestApp::start().await;
    let stranger = app.as_login("committee").await;
    let call = |site: i64| Call { method: Method::GET, path: format!("/api/sites/{site}/file"), content: Content::Nothing };
    let pair = [call(app.world.foreign.site_id.0), call(NOWHERE)];
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let [theirs, nobodys] = medians(&stranger, &pair, 1000).await;
        if (0.9..=1.1).contains(&(theirs / nobodys)) {
            return;
        }
        ratios.push(theirs / nobodys);
    }
    panic!("another county's is told from nobody's by its time: {ratios:?}");
}

/// The median time of each of two calls, in milliseconds, made in turn so many times.
async fn medians(client: &Client, pair: &[Call; 2], times: usize) -> [f64; 2] {
    let mut taken = [Vec::new(), Vec::new()];
    for turn in 0..times {
        for place in [turn % 2, 1 - turn % 2] {
            let began = std::time::Instant::now();
            pair[place].send(client).await;
            taken[place].push(began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    taken.map(|mut sample| {
        sample.sort_by(f64::total_cmp);
        sample[sample.len() / 2]
    })
}
