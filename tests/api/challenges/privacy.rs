//! What becomes public of a challenge, and when.

use harness::TestApp;
use serde_json::{Value, json};

use super::{body, challenge, judgement};

#[tokio::test]
async fn nothing_of_the_words_is_public_before_they_are_cleared_and_numbers_of_persons_never_are() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let sent = challenge(&app, app.world.west[0].site_id, &body("路没有铺完，我的电话138 0000 1111，车牌浙A12345")).await;
    let public =
        async || -> Value { app.visitor().get(&format!("/api/sites/{}/challenges", sent.site)).await.expect(200).json()["items"][0].clone() };
    let before = public().await;
    assert_eq!((&before["state"], &before["words"], &before["photos"]), (&json!("submitted"), &json!(null), &json!([])));
    assert!(before.get("number").is_none() && before["month"].as_str().is_some_and(|month| month.len() == 7), "{before}");
    let row = sent.on_desk(&committee).await;
    let kinds: Vec<&str> = row["private_numbers"].as_array().expect("findings").iter().filter_map(|found| found["kind"].as_str()).collect();
    assert_eq!(kinds, ["mobile", "number_plate"]);
    assert!(row["words"].as_str().is_some_and(|words| words.contains("138 0000 1111")));
    sent.act(&committee, "publication", json!({"words": true, "photos": false, "edited_words": null})).await.expect(200);
    let words = public().await["words"].as_str().expect("words").to_owned();
    assert!(words.starts_with("路没有铺完") && !words.contains("0000") && !words.contains("A12345"), "{words}");
    for page in [format!("/api/sites/{}/story", sent.site), "/sites/2026-01-001".to_owned()] {
        let text = app.visitor().get(&page).await.expect(200).text();
        assert!(text.contains("路没有铺完") && !text.contains("138 0000") && !text.contains(&sent.number), "{page}");
    }
    let edited = json!({"words": true, "photos": false, "edited_words": "路没有铺完，请打13900002222"});
    sent.act(&committee, "publication", edited).await.expect(200);
    assert_eq!(public().await["words"], "路没有铺完，请打＊＊＊＊＊＊＊＊＊＊＊");
    sent.act(&committee, "publication", json!({"words": false, "photos": false, "edited_words": null})).await.expect(200);
    assert_eq!(public().await["words"], json!(null));
    assert!(!app.visitor().get("/sites/2026-01-001").await.expect(200).text().contains("路没有铺完"));
    let kinds: Vec<String> =
        sent.own(&app).await["steps"].as_array().expect("steps").iter().map(|step| step["kind"].as_str().unwrap_or("").to_owned()).collect();
    assert_eq!(kinds, ["submitted", "published", "published", "unpublished"]);
}

#[tokio::test]
async fn the_story_tells_the_challenge_and_its_outcome_in_both_languages() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let sent = challenge(&app, app.world.west[0].site_id, &body("现场还没有开工的样子")).await;
    sent.accept(&committee).await;
    sent.act(&committee, "judgement", judgement(true, "none", None)).await.expect(200);
    let story = app.visitor().get(&format!("/api/sites/{}/story", sent.site)).await.expect(200).json();
    let entries: Vec<Value> =
        story["months"].as_array().expect("months").iter().flat_map(|month| month["entries"].as_array().cloned().unwrap_or_default()).collect();
    let outcomes: Vec<&str> = entries.iter().filter(|entry| entry["kind"] == "challenge").filter_map(|entry| entry["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["founded", "submitted"]);
    assert_eq!(story["challenges"][0]["reason"], "经现场核实");
    let chinese = app.visitor().get("/sites/2026-01-001").await.expect(200).text();
    assert!(chinese.contains("群众质疑经核实属实") && chinese.contains("群众所见"), "{chinese:.400}");
    let english = app.visitor().get("/sites/2026-01-001?lang=en").await.expect(200).text();
    assert!(english.contains("A challenge was found right"), "{english:.400}");
    assert!(app.visitor().get("/sites/2026-01-001.atom").await.expect(200).text().contains("群众质疑经核实属实"));
}

#[tokio::test]
async fn the_list_leaves_the_desk_as_a_file_with_masked_words() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    challenge(&app, app.world.west[0].site_id, &body("=现场没人，电话13800001111")).await;
    let wanted = json!({"wanted": {"list": "challenges", "filters": "state=submitted"}, "format": "csv", "reason": "主任会议材料"});
    let asked = committee.post("/api/desk-exports", wanted).await.expect(201).json();
    let file = committee.get(&format!("/api/desk-exports/{}", asked["id"].as_str().expect("an id"))).await.expect(200).text();
    assert!(file.contains("待受理") && file.contains("2026-01-001") && !file.contains("13800001111"), "{file}");
    assert!(file.contains("'=现场没人"), "{file}");
}
