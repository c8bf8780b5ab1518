//! What programs read beside the pages: the feed, the dictionary of open data, and what crawlers ask for by name.

use std::collections::BTreeSet;

use harness::{StoredReport, TestApp, instant};
use minsheng_map::exports::columns::ColumnKind;
use minsheng_map::exports::model::Dataset;
use quick_xml::Reader;
use quick_xml::events::Event;
use reqwest::header;

use super::lists::Reported;
use super::{page, page_with};

/// An element of a feed: its name, attributes, text and children.
#[derive(Debug, Default, Clone)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn children(&self, name: &'static str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    #[track_caller]
    fn only(&self, name: &'static str) -> &Element {
        let found: Vec<&Element> = self.children(name).collect();
        assert_eq!(found.len(), 1, "exactly one {name} in {}", self.name);
        found[0]
    }

    fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Reads XML whole; anything that is not well-formed ends the test.
fn parse(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) => open.push(begun(&tag)),
            Event::Empty(tag) => open.last_mut().expect("a root").children.push(begun(&tag)),
            Event::End(_) => {
                let done = open.pop().expect("an open element");
                open.last_mut().expect("a root").children.push(done);
            }
            Event::Text(words) => open.last_mut().expect("a root").text.push_str(&words),
            Event::GeneralRef(reference) => {
                let known = quick_xml::escape::resolve_predefined_entity(&reference).expect("a predefined entity");
                open.last_mut().expect("a root").text.push_str(known);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.pop().expect("the root").children.remove(0)
}

fn begun(tag: &quick_xml::events::BytesStart<'_>) -> Element {
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute");
        (attribute.key.as_ref().to_owned(), attribute.value.into_owned())
    });
    Element { name: tag.name().as_ref().to_owned(), attributes: attributes.collect(), ..Element::default() }
}

/// What RFC 4287 requires of a feed and of its entries.
fn assert_atom(feed: &Element) {
    assert_eq!((feed.name.as_str(), feed.attribute("xmlns")), ("feed", "http://www.w3.org/2005/Atom"));
    for element in [feed].into_iter().chain(feed.children("entry")) {
        assert!(element.only("id").text.starts_with("urn:uuid:"));
        assert!(!element.only("title").text.is_empty());
        assert!(chrono::DateTime::parse_from_rfc3339(&element.only("updated").text).is_ok());
        let alternates = element.children("link").filter(|link| link.attribute("rel") == "alternate");
        assert_eq!(alternates.filter(|link| !link.attribute("href").is_empty()).count(), 1);
    }
    assert!(!feed.only("author").only("name").text.is_empty());
    assert_eq!(feed.children("link").filter(|link| link.attribute("rel") == "self").count(), 1);
    let ids: BTreeSet<&str> = feed.children("entry").map(|entry| entry.only("id").text.as_str()).collect();
    assert_eq!(ids.len(), feed.children("entry").count(), "ids are unique");
    let latest = feed.children("entry").map(|entry| entry.only("updated").text.clone()).max();
    assert_eq!(latest.unwrap_or_else(|| feed.only("updated").text.clone()), feed.only("updated").text);
}

#[tokio::test]
async fn the_feed_tells_each_report_and_each_change_with_its_cause() {
    let app = TestApp::start().await;
    let empty = page(&app, "/sites.atom").await.expect(200);
    assert_eq!(empty.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_atom(&parse(&empty.text()));
    app.world_report("in_progress").await;
    let report = StoredReport::new(app.world.east[0].site_id, app.world.deputies["deputy_east"], instant("2026-10-13T10:00:00+08:00"), "completed");
    report.take_effect(&app.pool, &app.world).await;
    let committee = app.as_login("committee").await;
    let rev: i64 = sqlx::query_scalar("select rev from sites where site_id = $1")
        .bind(app.world.west[0].site_id.0)
        .fetch_one(&app.pool)
        .await
        .expect("the site");
    let body = serde_json::json!({"stage": "not_started", "percent": 0, "reason": "现场核实 <未动工> & 停工", "rev": rev});
    committee.post(&format!("/api/sites/{}/correction", app.world.west[0].site_id.0), body).await.expect(200);
    let answer = page(&app, "/sites.atom").await.expect(200);
    let feed = parse(&answer.text());
    assert_atom(&feed);
    let entries: Vec<&Element> = feed.children("entry").collect();
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[0].only("title").text, "西河镇中心幼儿园：进行中 → 未开始");
    assert!(entries[0].only("summary").text.contains("现场核实 <未动工> & 停工"));
    assert_eq!(entries[1].only("id").text, format!("urn:uuid:{}", report.report_id));
    assert!(entries[1].only("summary").text.contains("丙代表") && entries[1].only("summary").text.contains("未开始 → 已完成"));
    assert_eq!(entries[1].only("link").attribute("href"), "/sites/2026-01-003");
    page_with(&app, "/sites.atom", &[(header::IF_NONE_MATCH, answer.header("etag"))]).await.expect(304);
    let elsewhere = parse(&page(&app.second_server().await, "/sites.atom").await.text());
    assert_eq!(elsewhere.only("id").text, feed.only("id").text, "every server gives the same ids");
}

#[tokio::test]
async fn the_dictionary_says_what_the_files_hold() {
    let app = TestApp::start().await;
    app.world_report("completed").await;
    let text = page(&app, "/open-data").await.expect(200).text();
    for dataset in Dataset::ALL {
        let file = page(&app, &format!("/export/{}.geojson", dataset.as_str())).await.expect(200).json();
        let features = file["features"].as_array().cloned().unwrap_or_default();
        assert!(!features.is_empty(), "{dataset:?}");
        for feature in &features {
            let properties = feature["properties"].as_object().expect("properties");
            for column in dataset.columns().iter().filter(|column| properties.contains_key(column.key)) {
                let value = &properties[column.key];
                let fits = match column.kind {
                    ColumnKind::Text | ColumnKind::Stage | ColumnKind::StationKind | ColumnKind::MonthState | ColumnKind::CameBy => value.is_string(),
                    ColumnKind::Whole | ColumnKind::Percent => value.is_i64(),
                    ColumnKind::Degrees => value.is_f64(),
                    ColumnKind::Date => value.as_str().is_some_and(|text| text.parse::<chrono::NaiveDate>().is_ok()),
                    ColumnKind::Month => value.as_str().is_some_and(|text| text.parse::<minsheng_map::calendar::Month>().is_ok()),
                    ColumnKind::Moment => value.as_str().is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok()),
                    ColumnKind::Answer => value.is_boolean(),
                };
                assert!(value.is_null() || fits, "{dataset:?} {}: {value}", column.key);
            }
            assert!(properties.keys().all(|key| dataset.columns().iter().any(|column| column.key == key)), "{dataset:?} has only what is explained");
        }
        for column in dataset.columns() {
            assert!(text.contains(&format!("<code>{}</code>", column.key)), "{}", column.key);
        }
        for format in ["geojson", "csv", "xlsx"] {
            assert!(text.contains(&format!("/export/{}.{format}", dataset.as_str())));
        }
    }
    assert!(text.contains("CC BY 4.0"));
    let own = TestApp::start_with(|settings| settings.open_data_licence = "本县开放数据许可".to_owned()).await;
    assert!(page(&own, "/open-data").await.text().contains("本县开放数据许可"));
}

#[tokio::test]
async fn crawlers_find_every_page() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = Some("https://map.example.gov.cn".to_owned());
        settings.security_contact = "rd@example.gov.cn".to_owned();
    })
    .await;
    let robots = page(&app, "/robots.txt").await.expect(200).text();
    assert!(robots.contains("Sitemap: https://map.example.gov.cn/sitemap.xml") && robots.contains("Disallow: /api/"));
    let map = parse(&page(&app, "/sitemap.xml").await.expect(200).text());
    let addresses: Vec<String> = map.children("url").map(|url| url.only("loc").text.clone()).collect();
    for path in ["/", "/list", "/open-data", "/sites/2026-01-004"] {
        assert!(addresses.contains(&format!("https://map.example.gov.cn{path}")), "{path}");
    }
    let security = page(&app, "/.well-known/security.txt").await.expect(200).text();
    assert!(security.contains("Contact: mailto:rd@example.gov.cn") && security.contains("Expires: 2027-04-01T00:00:00Z"));
    page(&TestApp::start().await, "/.well-known/security.txt").await.expect(404);
}
