//! Every act about a site × every role × the site's place and state: own, the neighbour's, another county's, struck off by the county, withdrawn, key.
//!
//! The expectations are written by hand, one letter for each person. The acts carry a rev that nobody has, so that whoever is let through
//! changes nothing: `yes` means that the answer is about the content and no longer about the person.

use std::collections::BTreeSet;

use harness::{Client, TestApp, eventually};
use minsheng_map::ids::SiteId;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::calls::{Call, Content};

/// The columns of a cell.
const PEOPLE: [&str; 15] = [
    "visitor",
    "deputy",
    "deputy2",
    "deputy_east",
    "keeper",
    "working_committee",
    "working_committee_east",
    "committee",
    "foreign_committee",
    "foreign_deputy",
    "unit",
    "other_unit",
    "admin",
    "auditor",
    "foreign_admin",
];

/// y: about the content; 1, 3, 4: 401, 403, 404. The people stand as: visitor · three deputies (both western, eastern) · keeper · western
/// and eastern working committee · committee · foreign committee and deputy · two units · administrator, auditor, foreign administrator.
const TABLE: &str = "
    act             own                neighbour          other county       struck off         withdrawn          key
    strike-off      1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-34y-43-33-333 1-333-3-444-43-33-333 1-333-3-34y-43-33-333
    proposal        1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-34y-43-33-333 1-333-3-444-43-33-333 1-333-3-34y-43-33-333
    reopen          1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-34y-43-33-333 1-333-3-444-43-33-333 1-333-3-34y-43-33-333
    correction      1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-34y-43-33-333 1-333-3-444-43-33-333 1-333-3-34y-43-33-333
    adopters        1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-y4y-43-33-333 1-333-3-444-43-33-333 1-333-3-34y-43-33-333
    key-site        1-333-3-33y-43-33-333 1-333-3-33y-43-33-333 1-333-3-334-y3-33-333 1-333-3-33y-43-33-333 1-333-3-334-43-33-333 1-333-3-33y-43-33-333
    plan-changes    1-333-3-33y-43-33-333 1-333-3-33y-43-33-333 1-333-3-334-y3-33-333 1-333-3-33y-43-33-333 1-333-3-334-43-33-333 1-333-3-33y-43-33-333
    offer           1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-y4y-43-33-333 1-333-3-444-43-33-333 1-333-3-34y-43-33-333
    file            1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-y4y-43-33-333 1-333-3-444-43-33-333 1-333-3-y4y-43-33-333
    reminder        1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-y4y-43-33-333 1-333-3-444-43-33-333 1-333-3-y4y-43-33-333
    dismissal       1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-y4y-43-33-333 1-333-3-444-43-33-333 1-333-3-y4y-43-33-333
    recipients      1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-y4y-43-33-333 1-333-3-444-43-33-333 1-333-3-y4y-43-33-333
    order           1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-y4y-43-33-333 1-333-3-444-43-33-333 1-333-3-y4y-43-33-333
    enter           1-333-3-y4y-43-33-333 1-333-3-4yy-43-33-333 1-333-3-444-y3-33-333 1-333-3-y4y-43-33-333 1-333-3-444-43-33-333 1-333-3-y4y-43-33-333
    report          1-yy3-3-333-34-33-333 1-33y-3-333-34-33-333 1-444-3-333-3y-33-333 1-yy3-3-333-34-33-333 1-444-3-333-34-33-333 1-yy3-3-333-34-33-333
    hand-over       1-yyy-3-333-34-33-333 1-yyy-3-333-34-33-333 1-444-3-333-3y-33-333 1-yyy-3-333-34-33-333 1-444-3-333-34-33-333 1-yyy-3-333-34-33-333
    adopt           1-yyy-3-333-34-33-333 1-yyy-3-333-34-33-333 1-444-3-333-3y-33-333 1-yyy-3-333-34-33-333 1-444-3-333-34-33-333 1-yyy-3-333-34-33-333
    site            y-yyy-y-yyy-yy-yy-yyy y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy
    history         y-yyy-y-yyy-yy-yy-yyy y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy
    reports         y-yyy-y-yyy-yy-yy-yyy y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy
    story           y-yyy-y-yyy-yy-yy-yyy y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy
    orders          y-yyy-y-yyy-yy-yy-yyy y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy 4-444-4-444-44-44-444 y-yyy-y-yyy-yy-yy-yyy
";

/// The six sites of a row, in the order of its cells.
async fn sites(app: &TestApp) -> [SiteId; 6] {
    let copy = "insert into sites (county_id, code, project_id, name, region_code, position, source_datum, source_position, unit_id, stage_since,
                    created_at, key_site, withdrawn_at)
                select county_id, code || $2, project_id, name, region_code, position, source_datum, source_position, unit_id, stage_since,
                    created_at, $2 = '-key', case when $2 = '-gone' then created_at end
                from sites where site_id = $1 returning site_id";
    let adopt = "insert into adoptions (county_id, site_id, deputy_id, adopted_on)
                 select county_id, $2, deputy_id, adopted_on from adoptions where site_id = $1";
    let own = app.world.west[0].site_id;
    let mut made = Vec::new();
    for kind in ["-struck", "-gone", "-key"] {
        let site: i64 = sqlx::query_scalar(copy).bind(own.0).bind(kind).fetch_one(&app.pool).await.expect("a copy");
        sqlx::query(adopt).bind(own.0).bind(site).execute(&app.pool).await.expect("its adopters");
        let note = "insert into change_log (county_id, kind, object_id, at) values ($1, 'site', $2, now())";
        sqlx::query(note).bind(app.world.county_id.0).bind(site).execute(&app.pool).await.expect("the map is told");
        made.push(SiteId(site));
    }
    let committee = app.as_login("committee").await;
    let struck = format!("/api/sites/{}", made[0]);
    let body = json!({"stage": "completed", "percent": 100, "reason": "核实", "rev": 1});
    let township = app.as_login("working_committee").await;
    let rev = township.post(&format!("{struck}/correction"), body).await.expect(200).json()["rev"].clone();
    committee.post(&format!("{struck}/strike-off"), json!({"note": "验收", "rev": rev})).await.expect(200);
    app.platform.changes.nudge();
    let path = format!("/api/sites/{}", made[2]);
    let visitor = app.visitor();
    eventually("the map has the key site", async || visitor.get(&path).await.status.is_success()).await;
    [own, app.world.east[0].site_id, app.world.foreign.site_id, made[0], made[1], made[2]]
}

/// The call of a row about a site, with content that changes nothing.
fn call(app: &TestApp, act: &str, site: SiteId) -> Call {
    const NOBODYS_REV: i64 = 987_654;
    let post = |path: String, mut body: Value| {
        if path.starts_with("/api/sites/") {
            body["rev"] = json!(NOBODYS_REV);
        }
        Call { method: Method::POST, path, content: Content::Json(body) }
    };
    let put = |path: String, body: Value| Call { method: Method::PUT, path, content: Content::Json(body) };
    let get = |path: String| Call { method: Method::GET, path, content: Content::Nothing };
    let at = format!("/api/sites/{site}");
    // Written before anybody was there: it is refused for its content, after all rights were asked about.
    let report = json!({"site_id": site, "stage": "completed", "percent": 7, "photos": [], "written_at": "2026-10-20T08:50:00+08:00"});
    match act {
        "strike-off" => post(format!("{at}/strike-off"), json!({"note": "验收"})),
        "proposal" => post(format!("{at}/strike-off-proposal"), json!({"note": "验收"})),
        "reopen" => post(format!("{at}/reopen"), json!({"reason": "核实"})),
        "correction" => post(format!("{at}/correction"), json!({"stage": "completed", "percent": 100, "reason": "核实"})),
        "adopters" => {
            let body = json!({"from_deputy_id": app.world.deputies["deputy"], "to_deputy_id": null, "reason": "other", "words": "核实"});
            post(format!("{at}/adopters"), body)
        }
        "key-site" => put(format!("{at}/key-site"), json!({"key_site": true, "reason": "核实", "rev": NOBODYS_REV})),
        "plan-changes" => {
            let body = json!({"decision_number": "1", "decided_on": "2026-10-18", "reason": "汛期", "planned_finish_on": "2026-12-31"});
            post(format!("{at}/plan-changes"), body)
        }
        "offer" => put(format!("{at}/offer"), json!({"places": 0, "words": ""})),
        "file" | "history" | "reports" | "story" | "orders" => get(format!("{at}/{act}")),
        "site" => get(at),
        "reminder" => post("/api/reminders".to_owned(), json!({"site_ids": [site], "to": "unit", "words": ""})),
        "dismissal" => post("/api/review/dismissals".to_owned(), json!({"site_ids": [site], "reason": "reused_photo", "words": "核实"})),
        "recipients" => get(format!("/api/review/recipients?sites={site}")),
        "order" => {
            let body = json!({"site_ids": [site], "unit_id": app.world.unit_id, "words": "请说明", "due_on": "2025-01-01", "copy_to_deputies": false,
                "follows": null});
            post("/api/supervision-orders".to_owned(), body)
        }
        "enter" => {
            let path = format!("/api/deputies/{}/reports/{}", app.world.deputies["deputy"], Uuid::new_v4());
            put(path, json!({"came_by": "paper", "report": report}))
        }
        "report" => put(
            format!("/api/reports/{}", Uuid::new_v4()),
            json!({"site_id": site, "stage": "not_started", "percent": 0, "photos": [],
            "written_at": "2026-10-20T08:50:00+08:00"}),
        ),
        "hand-over" => {
            let body = json!({"to_deputy_id": 987_654, "reason": "leave", "words": ""});
            Call { method: Method::POST, path: format!("{at}/hand-over"), content: Content::Json(body) }
        }
        "adopt" => Call { method: Method::POST, path: format!("{at}/adopt"), content: Content::Nothing },
        other => panic!("no call for {other}"),
    }
}

fn fits(expected: char, status: u16) -> bool {
    match expected {
        'y' => !matches!(status, 401 | 403 | 404) && status < 500,
        '1' => status == 401,
        '3' => status == 403,
        '4' => status == 404,
        other => panic!("what does {other} mean?"),
    }
}

#[tokio::test]
async fn every_act_about_a_site_answers_every_role_in_every_place_as_the_table_says() {
    let app = TestApp::start().await;
    let sites = sites(&app).await;
    let mut people: Vec<Client> = vec![app.visitor()];
    for login in &PEOPLE[1..] {
        people.push(app.as_login(login).await);
    }
    let (mut cells, mut wrong) = (0, Vec::new());
    for row in TABLE.lines().map(str::trim).filter(|row| !row.is_empty()).skip(1) {
        let (act, states) = row.split_once(' ').expect("an act and its cells");
        let states: Vec<&str> = states.split_whitespace().collect();
        assert_eq!(states.len(), sites.len(), "{act}");
        for (site, (expectations, state)) in
            sites.iter().zip(states.iter().zip(["own", "neighbour", "other county", "struck off", "withdrawn", "key"]))
        {
            let expectations: Vec<char> = expectations.chars().filter(|letter| *letter != '-').collect();
            assert_eq!(expectations.len(), PEOPLE.len(), "{act}, {state}");
            for ((login, client), expected) in PEOPLE.iter().zip(&people).zip(&expectations) {
                let answer = call(&app, act, *site).send(client).await;
                if !fits(*expected, answer.status.as_u16()) {
                    wrong.push(format!("{act}, {state}, by {login}: expected {expected}, got {}: {}", answer.status, answer.text()));
                }
                cells += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    // With the 1,130 cells of `permissions.rs` there are more than three thousand.
    assert!(cells >= 1_900, "{cells} cells");
}

/// The routes of the table, as the interface description names them.
pub fn routes(app: &TestApp) -> BTreeSet<String> {
    let site = app.world.west[0].site_id;
    let acts = TABLE.lines().map(str::trim).filter(|row| !row.is_empty()).skip(1).filter_map(|row| row.split(' ').next());
    let calls = acts.map(|act| call(app, act, site)).filter(|call| call.path.starts_with("/api/sites/"));
    calls.map(|call| format!("{} {}", call.method, call.path.replace(&format!("/{site}"), "/{id}"))).collect()
}

/// The answer without the number that differs between any two requests.
async fn plainly(call: &Call, client: &Client) -> (u16, String) {
    let answer = call.send(client).await;
    let mut body: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status.as_u16(), body.to_string())
}

#[tokio::test]
async fn anothers_site_answers_each_act_with_the_bytes_of_a_missing_one() {
    const SITE_ACTS: [&str; 22] = [
        "strike-off",
        "proposal",
        "reopen",
        "correction",
        "adopters",
        "key-site",
        "plan-changes",
        "offer",
        "file",
        "reminder",
        "dismissal",
        "recipients",
        "order",
        "enter",
        "report",
        "hand-over",
        "adopt",
        "site",
        "history",
        "reports",
        "story",
        "orders",
    ];
    let app = TestApp::start().await;
    let (east, foreign, nowhere) = (app.world.east[0].site_id, app.world.foreign.site_id, SiteId(987_654_321));
    let mut compared = 0;
    for (login, anothers) in [("working_committee", foreign), ("committee", foreign), ("deputy", foreign), ("foreign_committee", east)] {
        let client = app.as_login(login).await;
        for act in SITE_ACTS {
            if login == "foreign_committee" && ["site", "history", "reports", "story", "orders"].contains(&act) {
                continue;
            }
            let theirs = plainly(&call(&app, act, anothers), &client).await;
            assert_eq!(theirs, plainly(&call(&app, act, nowhere), &client).await, "{act} by {login}");
            assert!(matches!(theirs.0, 403 | 404), "{act} by {login}: {theirs:?}");
            compared += 1;
        }
    }
    // The neighbouring township is public, but not to be acted on.
    let client = app.as_login("working_committee").await;
    for act in &SITE_ACTS[..14] {
        let theirs = plainly(&call(&app, act, east), &client).await;
        assert_eq!(theirs, plainly(&call(&app, act, nowhere), &client).await, "{act} in the neighbouring township");
        compared += 1;
    }
    assert_eq!(compared, 97);
}
