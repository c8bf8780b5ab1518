//! Stations, deputies and units, as the public reads them.

use harness::TestApp;
use serde_json::json;

#[tokio::test]
async fn stations_come_nearest_first_with_their_distance() {
    let app = TestApp::start().await;
    let all = app.visitor().get("/api/stations").await.expect(200).items();
    assert_eq!(all.iter().map(|station| &station["code"]).collect::<Vec<_>>(), [&json!("ST-E"), &json!("ST-W")], "dōng comes before xī");
    assert!(all[0].get("distance_m").is_none());
    let near = app.visitor().get("/api/stations?near=120.11,30.2").await.expect(200).items();
    assert_eq!(near[0]["code"], "ST-W");
    let metres = near[0]["distance_m"].as_f64().expect("a distance");
    assert!((metres - 962.0).abs() < 5.0, "{metres}");
    assert!(near[1]["distance_m"].as_f64().expect("a distance") > metres);
}

#[tokio::test]
async fn absurd_places_are_refused_and_the_field_named() {
    let app = TestApp::start().await;
    let absurd = [
        "NaN,30",
        "120,NaN",
        "inf,30",
        "120,-inf",
        "1e308,30",
        "120,1e308",
        "0,0",
        "30.2,120.1",
        "120",
        "120,",
        ",30",
        "120,30,5",
        "null,null",
        "a,b",
        "120.1;30.2",
        "181,30",
        "120,91",
        "-120,30",
        "120,-30",
        "72.9,30",
        "136.1,30",
        "120,2.9",
        "120,54.1",
        "%00,30",
        "东经120,北纬30",
    ];
    for place in absurd {
        for (path, field) in [("/api/stations?near=", "near"), ("/api/grid-cells?at=", "at")] {
            let answer = app.visitor().get(&format!("{path}{place}")).await.expect(422);
            assert_eq!(answer.fields(), [field], "{place}");
        }
    }
    let swapped = app.visitor().get("/api/stations?near=30.2,120.1").await.expect(422).json();
    assert!(swapped["detail"].as_str().is_some_and(|words| words.contains("写反")), "{swapped}");
}

#[tokio::test]
async fn deputies_are_published_without_their_telephone() {
    let app = TestApp::start().await;
    let answer = app.visitor().get("/api/deputies").await.expect(200);
    let deputies = answer.items();
    assert_eq!(deputies.len(), 3, "the foreign deputy is not among them");
    let first = deputies.iter().find(|deputy| deputy["name"] == "甲代表").expect("the deputy");
    assert_eq!((&first["level"], &first["sites"]), (&json!("county"), &json!(2)));
    assert!(!answer.text().contains("139000"));
}

#[tokio::test]
async fn units_are_listed_by_name() {
    let app = TestApp::start().await;
    let names: Vec<_> = app.visitor().get("/api/units").await.expect(200).items().iter().map(|unit| unit["name"].clone()).collect();
    assert_eq!(names, [json!("县教育局"), json!("县住建局")], "jiào comes before zhù");
}
