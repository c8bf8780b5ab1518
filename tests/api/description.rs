//! The interface description says everything: a sentence, the answers, the refusals and an example for each operation.

use harness::TestApp;
use serde_json::Value;

/// Whether the schema, or what it refers to, carries an example.
fn has_example(description: &Value, schema: &Value, depth: u8) -> bool {
    if depth == 0 || schema.get("example").is_some() || schema.get("examples").is_some() {
        return depth > 0;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return has_example(description, &description["components"]["schemas"][name], depth - 1);
    }
    let listed = ["allOf", "oneOf", "anyOf"].iter().filter_map(|word| schema[word].as_array()).flatten();
    let parts = listed.chain([&schema["items"], &schema["properties"]["items"]]);
    parts.filter(|part| !part.is_null()).any(|part| has_example(description, part, depth - 1))
}

fn missing_examples(description: &Value, operation: &Value) -> Vec<String> {
    let responses = operation["responses"].as_object().cloned().unwrap_or_default();
    let answers = responses.iter().filter(|(status, _)| status.starts_with('2')).map(|(status, answer)| (status.clone(), answer["content"].clone()));
    let bodies = answers.chain([("the request".to_owned(), operation["requestBody"]["content"].clone())]);
    let json = bodies.filter_map(|(place, content)| content.get("application/json").cloned().map(|content| (place, content)));
    json.filter(|(_, content)| !(content.get("example").is_some() || has_example(description, &content["schema"], 8)))
        .map(|(place, _)| place)
        .collect()
}

#[tokio::test]
async fn every_operation_is_described_with_its_refusals_and_an_example() {
    let app = TestApp::start().await;
    let description = app.visitor().get("/api/openapi.json").await.expect(200).json();
    assert_eq!(description["openapi"], "3.1.0");
    let mut faults = Vec::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = format!("{method} {path}");
            if operation["summary"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{name}: no summary"));
            }
            let refusals = operation["responses"].as_object().map_or(0, |all| all.keys().filter(|status| !status.starts_with('2')).count());
            if refusals == 0 {
                faults.push(format!("{name}: no refusals"));
            }
            faults.extend(missing_examples(&description, operation).into_iter().map(|place| format!("{name}: no example of {place}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn the_description_can_be_read_as_a_page() {
    let app = TestApp::start().await;
    let page = app.visitor().get("/api/docs").await.expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("PUT /api/reports/{id}"), "{}", &page.text()[..600]);
}
