//! A phone's whole queue in one call: each report with its own result, the same as if it had been sent alone.

use harness::{TestApp, pictures};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::reports::{count, path, report, send_photo, stage_of, with};

fn batch(items: &[(Uuid, Value)]) -> Value {
    let items: Vec<Value> = items.iter().map(|(id, report)| json!({"id": id, "report": report})).collect();
    json!({ "items": items })
}

fn statuses(results: &Value) -> Vec<i64> {
    results["items"].as_array().expect("results").iter().map(|item| item["status"].as_i64().expect("a status")).collect()
}

#[tokio::test]
async fn each_report_of_a_queue_is_accepted_or_refused_by_itself() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let [first, second] = app.world.west.clone();
    let photo = send_photo(&deputy, 1).await;
    let ids: Vec<Uuid> = (0..6).map(|_| Uuid::now_v7()).collect();
    let queue = batch(&[
        (ids[0], with(report(&first, "in_progress", 40), json!({"photos": [photo]}))),
        // Not adopted, nonsense, a change without a picture: none of them holds up the last one.
        (ids[1], report(&app.world.east[0], "not_started", 0)),
        (ids[2], json!({"site_id": "x"})),
        (ids[3], report(&first, "completed", 100)),
        (ids[4], with(report(&second, "not_started", 0), json!({"role": "committee"}))),
        (ids[5], report(&second, "not_started", 0)),
    ]);
    let results = deputy.put("/api/reports", queue.clone()).await.expect(200).json();
    assert_eq!(statuses(&results), [201, 403, 422, 422, 422, 201]);
    let items = results["items"].as_array().expect("results");
    assert_eq!(items[1]["problem"]["fields"][0]["code"], "not_adopted");
    assert_eq!(items[2]["problem"]["fields"][0]["field"], "site_id");
    assert_eq!(items[3]["problem"]["fields"][0]["field"], "photos");
    assert_eq!(items[4]["problem"]["fields"][0]["field"], "role");
    assert_eq!((&items[0]["receipt"]["stage"], &items[0]["problem"]), (&json!("in_progress"), &Value::Null));
    assert_eq!((stage_of(&app, &first).await.as_str(), count(&app, "reports").await), ("in_progress", 2));
    assert_eq!(count(&app, "audit_log where action = 'report.accept'").await, 2);
    // Alone or in a queue, again and again: the same receipts and no further report.
    let alone = deputy.put(&path(ids[0]), queue["items"][0]["report"].clone()).await.expect(200).json();
    assert_eq!(alone, items[0]["receipt"]);
    let again = deputy.put("/api/reports", queue).await.expect(200).json();
    assert_eq!(statuses(&again), [200, 403, 422, 422, 422, 200]);
    assert_eq!(again["items"][0]["receipt"], items[0]["receipt"]);
    assert_eq!(count(&app, "reports").await, 2);
}

#[tokio::test]
async fn eight_phones_with_one_queue_leave_each_report_once() {
    let app = TestApp::start().await;
    let other_server = app.second_server().await;
    let absent = pictures::sha256(&pictures::jpeg(2));
    let queue = batch(&[
        (Uuid::now_v7(), with(report(&app.world.west[0], "in_progress", 40), json!({"photos": [absent]}))),
        (Uuid::now_v7(), report(&app.world.west[1], "not_started", 0)),
    ]);
    let (deputy, elsewhere) = (app.as_login("deputy").await, other_server.as_login("deputy").await);
    let mut sending = Vec::new();
    for phone in 0..8 {
        let (client, queue) = (if phone % 2 == 0 { deputy.clone() } else { elsewhere.clone() }, queue.clone());
        sending.push(tokio::spawn(async move { client.put("/api/reports", queue).await.expect(200).json() }));
    }
    let mut made = 0;
    for results in sending {
        let results = results.await.expect("results");
        made += statuses(&results).iter().filter(|status| **status == 201).count();
        assert_eq!(results["items"][0]["receipt"]["missing_photos"], json!([absent]));
    }
    assert_eq!((made, count(&app, "reports").await, count(&app, "stage_changes").await), (2, 2, 1));
}

#[tokio::test]
async fn a_queue_is_bounded_and_taken_at_its_word() {
    let app = TestApp::start().await;
    let deputy = app.as_login("deputy").await;
    let item = (Uuid::now_v7(), report(&app.world.west[0], "not_started", 0));
    let answer = deputy.put("/api/reports", batch(&vec![item.clone(); 101])).await.expect(422);
    assert_eq!(answer.fields(), ["items"]);
    assert_eq!(deputy.put("/api/reports", json!({"items": [{"id": "x", "report": {}}]})).await.expect(422).fields(), ["items[0].id"]);
    let twice = format!(r#"{{"items":[{{"id":"{}","report":{{"site_id":1,"site_id":2}}}}]}}"#, Uuid::now_v7());
    let request = deputy.request(reqwest::Method::PUT, "/api/reports").header("content-type", "application/json").body(twice);
    harness::Answer::of(request).await.expect(422);
    // The same report twice in one queue is one report.
    let results = deputy.put("/api/reports", batch(&[item.clone(), item])).await.expect(200).json();
    assert_eq!(statuses(&results), [201, 200]);
    assert_eq!(count(&app, "reports").await, 1);
    assert_eq!(deputy.put("/api/reports", json!({"items": []})).await.expect(200).json(), json!({"items": []}));
}
