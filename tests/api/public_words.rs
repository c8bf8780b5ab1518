//! What the county's people write for everybody to read holds no number by which a person can be called or known; words that stay in the
//! office, or that are masked before they are published, may.

use harness::TestApp;
use serde_json::{Value, json};

use crate::calls::{Call, Content, Things, documented_routes};

/// Routes whose words residents read, who writes them, and where in the body they are.
const PUBLIC: [(&str, &str, &str); 24] = [
    ("PUT /api/reports/{id}", "deputy", "/words"),
    ("PUT /api/reports/{id}", "deputy", "/step_back_reason"),
    ("PUT /api/deputies/{id}/reports/{report_id}", "committee", "/report/words"),
    ("POST /api/reports/{id}/objection", "deputy", "/reason"),
    ("POST /api/reports/{id}/return", "committee", "/reason"),
    ("POST /api/reporting-months/{month}/reminders", "committee", "/words"),
    ("POST /api/reporting-months/{month}/corrections", "committee", "/words"),
    ("POST /api/review/acts", "committee", "/words"),
    ("POST /api/review/dismissals", "committee", "/words"),
    ("POST /api/reminders", "committee", "/words"),
    ("POST /api/sites/{id}/strike-off", "committee", "/note"),
    ("POST /api/sites/{id}/strike-off-proposal", "committee", "/note"),
    ("POST /api/sites/{id}/reopen", "committee", "/reason"),
    ("POST /api/sites/{id}/correction", "committee", "/reason"),
    ("POST /api/sites/{id}/plan-changes", "committee", "/reason"),
    ("POST /api/sites/{id}/withdrawal", "committee", "/reason"),
    ("POST /api/challenges/{number}/judgement", "committee", "/reason"),
    ("POST /api/supervision-orders", "committee", "/words"),
    ("POST /api/supervision-orders/{id}/answer", "unit", "/words"),
    ("POST /api/supervision-orders/{id}/answer-for-unit", "committee", "/answer/words"),
    ("POST /api/supervision-orders/{id}/accept", "committee", "/words"),
    ("POST /api/supervision-orders/{id}/agree-date", "committee", "/words"),
    ("POST /api/supervision-orders/{id}/send-back", "committee", "/reason"),
    ("POST /api/supervision-orders/{id}/withdrawal", "committee", "/reason"),
];

/// Routes whose words stay with the office, the person they are about or the audit log; and a visitor's, which are masked when they are
/// published. Some reasons are of a list, not of words.
const IN_THE_FILE: [(&str, &str); 33] = [
    ("POST /api/accounts/{id}/refuse", "/reason"),
    ("POST /api/challenges/{number}/acceptance", "/words"),
    ("POST /api/challenges/{number}/declination", "/reason"),
    ("POST /api/county-setting-proposals/{id}/withdraw", "/words"),
    ("POST /api/deputies/{id}/end", "/words"),
    ("POST /api/deputies/{id}/reinstatement", "/reason"),
    ("POST /api/desk-exports", "/reason"),
    ("POST /api/desk-exports/{id}/withdraw", "/words"),
    ("POST /api/duty-rules", "/note"),
    ("POST /api/me/duty-contests", "/words"),
    ("POST /api/month-exceptions", "/reason"),
    ("POST /api/month-exceptions/{id}/undo", "/reason"),
    ("POST /api/offers", "/words"),
    ("POST /api/region-mergers", "/reason"),
    ("POST /api/review/dismissals", "/reason"),
    ("POST /api/sites/{id}/adopters", "/reason"),
    ("POST /api/sites/{id}/adopters", "/words"),
    ("POST /api/sites/{id}/challenges", "/words"),
    ("POST /api/sites/{id}/hand-over", "/reason"),
    ("POST /api/sites/{id}/hand-over", "/words"),
    ("POST /api/stations/{id}/end", "/reason"),
    ("POST /api/strike-off-proposals/{id}/withdraw", "/words"),
    ("POST /api/units/{id}/end", "/reason"),
    ("PUT /api/county-settings", "/reason"),
    ("PUT /api/deputies/{id}", "/reason"),
    ("PUT /api/deputy-groups/{id}", "/reason"),
    ("PUT /api/projects/{id}", "/reason"),
    ("PUT /api/regions/{code}/name", "/reason"),
    ("PUT /api/sites/{id}", "/reason"),
    ("PUT /api/sites/{id}/key-site", "/reason"),
    ("PUT /api/sites/{id}/offer", "/words"),
    ("PUT /api/stations/{id}", "/reason"),
    ("PUT /api/units/{id}", "/reason"),
];

const NAMES: [&str; 4] = ["words", "reason", "note", "step_back_reason"];

/// Where in a body words are written.
fn places(body: &Value, at: &str, found: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                let place = format!("{at}/{name}");
                if NAMES.contains(&name.as_str()) && (value.is_string() || value.is_null()) {
                    found.push(place);
                } else {
                    places(value, &place, found);
                }
            }
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(place, item)| places(item, &format!("{at}/{place}"), found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_place_for_words_is_known_to_be_public_or_not() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let mut unknown = Vec::new();
    let mut met = 0;
    for route in documented_routes(&app).await {
        let Content::Json(body) = things.call(&route).content else { continue };
        let mut found = Vec::new();
        places(&body, "", &mut found);
        for place in found {
            let public = PUBLIC.iter().any(|(of, _, at)| *of == route && *at == place);
            met += usize::from(public);
            if public == IN_THE_FILE.contains(&(route.as_str(), place.as_str())) {
                unknown.push(format!("{route} {place}"));
            }
        }
    }
    assert!(unknown.is_empty(), "public or not?\n{}", unknown.join("\n"));
    assert_eq!(met, PUBLIC.len(), "a route of the table has no such words any more");
}

#[tokio::test]
async fn a_persons_number_is_refused_wherever_residents_would_read_it() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    for (route, login, place) in PUBLIC {
        let client = app.as_login(login).await;
        let sent = |words: &str| {
            let mut call = things.call(route);
            let Content::Json(body) = &mut call.content else { panic!("{route} sends JSON") };
            *body.pointer_mut(place).expect(route) = json!(words);
            call
        };
        let field = place.trim_start_matches('/').replace('/', ".");
        for words in ["联系张工 13800001111", "身份证 11010519491231002X"] {
            let refused = refusal(&sent(words), &client).await;
            assert_eq!(refused, Some((field.clone(), "personal_number".to_owned())), "{route} {place}: {words}");
        }
        let office = refusal(&sent("值班电话 0572-8421133"), &client).await;
        assert!(office.is_none_or(|(_, code)| code != "personal_number"), "{route}: an office's number");
    }
}

/// Field and code of a refusal for what the body says.
async fn refusal(call: &Call, client: &harness::Client) -> Option<(String, String)> {
    let answer = call.send(client).await;
    if answer.status != 422 {
        return None;
    }
    let fault = answer.json()["fields"][0].clone();
    Some((fault["field"].as_str()?.to_owned(), fault["code"].as_str()?.to_owned()))
}
