//! Nobody sets by sending it what is not theirs to set: each such field, in each object of each changing call's content, however deep.

use harness::{Answer, TestApp};
use serde_json::{Value, json};

use crate::calls::{Call, Content, Things};
use crate::every_changing_route::{ACTS, person};

/// Fields of rows and of answers.
const NOT_TO_BE_SENT: [&str; 12] =
    ["role", "region", "state", "status", "county_id", "account_id", "deputy_id", "reviewed_by", "received_at", "late", "id", "__proto__"];

/// The content with the field slipped into each of its objects in turn, except where it belongs.
fn forgeries(content: &Value, field: &str) -> Vec<Value> {
    let mut forged = Vec::new();
    match content {
        Value::Object(members) => {
            if !members.contains_key(field) {
                let mut whole = members.clone();
                whole.insert(field.to_owned(), json!(1));
                forged.push(Value::Object(whole));
            }
            for (name, member) in members {
                forged.extend(forgeries(member, field).into_iter().map(|inner| {
                    let mut outer = members.clone();
                    outer.insert(name.clone(), inner);
                    Value::Object(outer)
                }));
            }
        }
        Value::Array(members) => {
            for (place, member) in members.iter().enumerate() {
                forged.extend(forgeries(member, field).into_iter().map(|inner| {
                    let mut outer = members.clone();
                    outer[place] = inner;
                    Value::Array(outer)
                }));
            }
        }
        _ => {}
    }
    forged
}

#[tokio::test]
async fn no_field_can_be_slipped_in() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let (mut tried, mut taken) = (0, Vec::new());
    for (route, login, _) in ACTS {
        let call = things.call(route);
        let Content::Json(body) = &call.content else { continue };
        let client = person(&app, login).await;
        for field in NOT_TO_BE_SENT {
            for forged in forgeries(body, field) {
                let answer = Call { content: Content::Json(forged.clone()), ..call.clone() }.send(&client).await;
                // Of many reports at once each has its own answer.
                let answer = match answer.json()["items"][0]["problem"].clone() {
                    Value::Null => answer,
                    problem => Answer {
                        status: problem["status"].as_u64().and_then(|status| u16::try_from(status).ok()?.try_into().ok()).unwrap_or(answer.status),
                        bytes: problem.to_string().into_bytes(),
                        ..answer
                    },
                };
                let named = answer.status.as_u16() == 422 && answer.fields().iter().any(|named| named.ends_with(field));
                if !named {
                    taken.push(format!("{route} with {forged}: {} {}", answer.status, answer.text()));
                }
                tried += 1;
            }
        }
    }
    assert!(taken.is_empty(), "\n{}", taken.join("\n"));
    assert!(tried >= 800, "{tried}");
}

#[test]
fn every_object_is_forged_and_nothing_that_belongs_there() {
    let content = json!({"a": {"b": 1}, "list": [{"role": "x"}, {"c": []}]});
    assert_eq!(forgeries(&content, "role").len(), 3);
    assert_eq!(forgeries(&content, "zzz").len(), 4);
}
