//! OGC API – Features: the standard's abstract tests of Core as far as HTTP can express them, and what hostile callers send.

use std::collections::BTreeSet;

use harness::{Answer, EAST, TestApp, WEST};
use reqwest::Method;
use serde_json::{Value, json};

const COLLECTIONS: [&str; 4] = ["sites", "stations", "grid_cells", "regions"];

pub async fn json(app: &TestApp, path: &str) -> Value {
    app.visitor().get(path).await.expect(200).json()
}

/// The first link of a document with this relation and kind.
fn link(document: &Value, rel: &str, kind: &str) -> String {
    let links = document["links"].as_array().unwrap_or_else(|| panic!("no links: {document}"));
    let found = links.iter().find(|link| link["rel"] == rel && link["type"] == kind);
    found.and_then(|link| link["href"].as_str()).unwrap_or_else(|| panic!("no link {rel} of {kind} in {links:?}")).to_owned()
}

pub fn path(app: &TestApp, href: &str) -> String {
    href.strip_prefix(&app.origin).unwrap_or_else(|| panic!("{href} leads elsewhere")).to_owned()
}

fn names(answer: &Value) -> Vec<String> {
    let features = answer["features"].as_array().unwrap_or_else(|| panic!("no features: {answer}"));
    features.iter().map(|feature| feature["properties"]["name"].as_str().unwrap_or_default().to_owned()).collect()
}

/// `how` many sites a query of the sites finds.
async fn finds(app: &TestApp, query: &str, how_many: usize) {
    let found = json(app, &format!("/ogc/collections/sites/items?{query}")).await;
    assert_eq!(found["features"].as_array().map(Vec::len), Some(how_many), "{query}: {:?}", names(&found));
    assert_eq!((&found["numberReturned"], &found["numberMatched"]), (&json!(how_many), &json!(how_many)), "{query}");
}

#[tokio::test]
async fn every_link_of_every_document_leads_to_what_it_says() {
    let app = TestApp::start().await;
    let mut waiting = vec!["/ogc".to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if !seen.insert(next.clone()) {
            continue;
        }
        let answer = app.visitor().get(&next).await.expect(200);
        let document = answer.json();
        let nested = ["collections", "features"].iter().filter_map(|list| document[*list].as_array()).flatten();
        for link in nested.chain([&document]).filter_map(|part| part["links"].as_array()).flatten() {
            let (href, kind) = (link["href"].as_str().expect("an address"), link["type"].as_str().expect("a kind"));
            if link["rel"] == "license" {
                assert_eq!(href, app.platform.settings.open_data_licence_url);
                continue;
            }
            let target = path(&app, href);
            let answered = app.visitor().get(&target).await.expect(200);
            assert_eq!(answered.header("content-type").trim_end_matches("; charset=utf-8"), kind, "{target}");
            if kind != "text/html" && kind != "application/schema+json" && !kind.contains("openapi") {
                waiting.push(target);
            }
        }
    }
    assert!(seen.len() >= 12, "{seen:?}");
}

#[tokio::test]
async fn the_landing_page_leads_to_definition_conformance_and_data() {
    let app = TestApp::start().await;
    for root in ["/ogc", "/ogc/"] {
        let landing = json(&app, root).await;
        for (rel, kind) in
            [("service-desc", "application/vnd.oai.openapi+json;version=3.0"), ("conformance", "application/json"), ("data", "application/json")]
        {
            app.visitor().get(&path(&app, &link(&landing, rel, kind))).await.expect(200);
        }
    }
    let conformance = json(&app, "/ogc/conformance").await;
    let classes: Vec<&str> = conformance["conformsTo"].as_array().expect("classes").iter().filter_map(Value::as_str).collect();
    for class in ["core", "oas30", "html", "geojson"] {
        assert!(classes.contains(&format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}").as_str()), "{class}");
    }
}

#[tokio::test]
async fn the_definition_names_every_path_and_parameter_that_there_is() {
    let app = TestApp::start().await;
    let definition = json(&app, "/ogc/api").await;
    assert!(definition["openapi"].as_str().is_some_and(|version| version.starts_with("3.0.")));
    assert_eq!(definition["servers"][0]["url"], format!("{}/ogc", app.origin));
    let mut operations = BTreeSet::new();
    for (template, item) in definition["paths"].as_object().expect("paths") {
        let target = template.replace("{featureId}", &app.world.west[0].site_id.0.to_string());
        if !template.contains('{') || template.contains("/sites/") {
            app.visitor().get(&format!("/ogc{target}")).await.expect(200);
        }
        let id = item["get"]["operationId"].as_str().expect("a name");
        assert!(operations.insert(id.to_owned()), "{id} is named twice");
        let parameters = item["get"]["parameters"].as_array().expect("parameters");
        assert_eq!(template.contains('{'), parameters.iter().any(|parameter| parameter["in"] == "path"), "{template}");
        assert!(item["get"]["responses"]["200"]["content"]["text/html"].is_object(), "{template}");
    }
    for collection in COLLECTIONS {
        let items = &definition["paths"][format!("/collections/{collection}/items")]["get"]["parameters"];
        let named: BTreeSet<&str> = items.as_array().expect("parameters").iter().filter_map(|parameter| parameter["name"].as_str()).collect();
        let queryables = json(&app, &format!("/ogc/collections/{collection}/queryables")).await;
        for property in queryables["properties"].as_object().expect("properties").keys().filter(|name| *name != "geometry") {
            assert!(named.contains(property.as_str()), "{collection} can be asked for {property}, and the definition is silent");
        }
        assert!(named.is_superset(&BTreeSet::from(["bbox", "datetime", "limit", "f"])), "{named:?}");
    }
}

#[tokio::test]
async fn a_collection_tells_its_reach_its_items_and_its_queryables() {
    let app = TestApp::start().await;
    let collections = json(&app, "/ogc/collections").await;
    let listed: Vec<&str> = collections["collections"].as_array().expect("collections").iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(listed, COLLECTIONS);
    for name in COLLECTIONS {
        let collection = json(&app, &format!("/ogc/collections/{name}")).await;
        assert_eq!((&collection["id"], &collection["itemType"]), (&json!(name), &json!("feature")));
        assert_eq!(collection["crs"], json!(["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]));
        assert_eq!(collection["extent"]["spatial"]["bbox"][0].as_array().map(Vec::len), Some(4), "{name}");
        let queryables =
            json(&app, &path(&app, &link(&collection, "http://www.opengis.net/def/rel/ogc/1.0/queryables", "application/schema+json"))).await;
        assert_eq!((&queryables["type"], &queryables["additionalProperties"]), (&json!("object"), &json!(false)));
        assert_eq!(queryables["$id"], format!("{}/ogc/collections/{name}/queryables", app.origin));
    }
    let sites = json(&app, "/ogc/collections/sites").await;
    assert_eq!(sites["extent"]["spatial"]["bbox"], json!([[120.05, 30.1, 120.35, 30.3]]));
    assert_eq!(sites["extent"]["temporal"]["interval"], json!([["2026-03-01T00:00:00+08:00", "2026-12-20T23:59:59+08:00"]]));
    assert_eq!(json(&app, "/ogc/collections/stations").await["extent"].get("temporal"), None);
}

#[tokio::test]
async fn a_site_carries_what_lists_show_of_it() {
    let app = TestApp::start().await;
    let site = &app.world.west[0];
    let answer = app.visitor().get(&format!("/ogc/collections/sites/items/{}", site.site_id)).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/geo+json");
    let (feature, view) = (answer.json(), json(&app, &format!("/api/sites/{}", site.site_id)).await);
    assert_eq!((&feature["type"], &feature["id"]), (&json!("Feature"), &view["id"]));
    assert_eq!(feature["geometry"], json!({"type": "Point", "coordinates": [120.05, 30.1]}));
    let properties = &feature["properties"];
    let same = "code name address stage percent start_overdue finish_overdue silent stale struck_off_on planned_start_on planned_finish_on last_report_at rev";
    for name in same.split(' ') {
        assert_eq!(properties[name], view[name], "{name}");
    }
    for (name, of, part) in [
        ("project_number", "project", "number"),
        ("project_title", "project", "title"),
        ("region_code", "region", "code"),
        ("unit_name", "unit", "name"),
    ] {
        assert_eq!(properties[name], view[of][part], "{name}");
    }
    assert_eq!(properties["overdue"], true);
    link(&feature, "collection", "application/json");
    link(&feature, "alternate", "text/html");
    for missing in ["0", "987654321", "x", "-1", "1e3", "99999999999999999999", "%00"] {
        app.visitor().get(&format!("/ogc/collections/sites/items/{missing}")).await.expect(404);
    }
    let foreign = app.world.foreign.site_id;
    app.visitor().get(&format!("/ogc/collections/sites/items/{foreign}")).await.expect(404);
}

#[tokio::test]
async fn areas_are_polygons_whose_first_place_is_their_last() {
    let app = TestApp::start().await;
    for (collection, how_many) in [("regions", 3), ("grid_cells", 1)] {
        let items = json(&app, &format!("/ogc/collections/{collection}/items")).await;
        let features = items["features"].as_array().expect("features");
        assert_eq!(features.len(), how_many, "{collection}");
        for feature in features {
            assert_eq!(feature["geometry"]["type"], "Polygon");
            let ring = feature["geometry"]["coordinates"][0].as_array().expect("a ring");
            assert_eq!(ring.first(), ring.last());
        }
    }
    let west = json(&app, &format!("/ogc/collections/regions/items/{WEST}")).await;
    assert_eq!((&west["properties"]["name"], &west["properties"]["level"]), (&json!("西河镇"), &json!("township")));
}

#[tokio::test]
async fn a_region_without_a_boundary_has_no_geometry_and_shows_in_no_box() {
    let app = TestApp::start().await;
    sqlx::query("update regions set boundary = null where region_code = $1").bind(EAST).execute(&app.pool).await.expect("no boundary");
    let app = app.second_server().await;
    let all = json(&app, "/ogc/collections/regions/items").await;
    assert_eq!((&all["numberMatched"], &all["features"][2]["geometry"]), (&json!(3), &Value::Null));
    assert_eq!(json(&app, "/ogc/collections/regions/items?bbox=73,3,136,54").await["numberMatched"], 2);
}

#[tokio::test]
async fn a_box_admits_what_lies_in_it_or_touches_it() {
    let app = TestApp::start().await;
    let all_round = "bbox=-180,-90,180,90";
    for (query, how_many) in [
        (all_round, 4),
        ("bbox=120.0,30.0,120.2,30.4", 2),
        ("bbox=120.05,30.1,120.05,30.1", 1),
        ("bbox=120.0,30.0,-100,120.2,30.4,9000", 2),
        ("bbox=0,0,1,1", 0),
        // West of its east: over the antimeridian, and round to China from either side.
        ("bbox=120.2,-90,119,90", 2),
        ("bbox=179,-90,120.2,90", 2),
        ("bbox=170,-10,-170,10", 0),
        ("bbox=", 4),
    ] {
        finds(&app, query, how_many).await;
    }
    for (query, how_many) in [("120.1,30.1,120.15,30.15", 2), ("120.2,30.0,120.2,30.0", 3), ("100,10,110,20", 0)] {
        let found = json(&app, &format!("/ogc/collections/regions/items?bbox={query}")).await;
        assert_eq!(found["numberMatched"], how_many, "{query}");
    }
}

#[tokio::test]
async fn a_time_admits_sites_whose_planned_work_falls_in_it() {
    let app = TestApp::start().await;
    sqlx::query("update sites set planned_start_on = null, planned_finish_on = '2026-06-30' where site_id = $1")
        .bind(app.world.west[0].site_id.0)
        .execute(&app.pool)
        .await
        .expect("another plan");
    let app = app.second_server().await;
    for (query, how_many) in [
        ("datetime=2026-03-01T00:00:00Z", 4),
        ("datetime=2026-02-01T00:00:00Z", 1),
        ("datetime=2026-02-28T16:00:00Z", 4),
        ("datetime=2026-07-01T00:00:00%2B08:00", 3),
        ("datetime=../2026-02-01T00:00:00Z", 1),
        ("datetime=/2026-02-01T00:00:00Z", 1),
        ("datetime=2026-12-20T15:59:59Z/..", 3),
        ("datetime=2026-12-20T16:00:00Z/", 0),
        ("datetime=2026-01-01/2026-12-31", 4),
        ("datetime=2027-01-01T00:00:00Z/2028-01-01T00:00:00Z", 0),
    ] {
        finds(&app, query, how_many).await;
    }
    let stations = json(&app, "/ogc/collections/stations/items?datetime=1999-01-01T00:00:00Z").await;
    assert_eq!(stations["numberMatched"], 2, "what is bound to no time is in every time");
}

#[tokio::test]
async fn a_property_asks_for_its_value() {
    let app = TestApp::start().await;
    for (query, how_many) in [
        ("stage=not_started", 4),
        ("stage=completed", 0),
        ("region_code=339901001", 2),
        ("region_code=339901", 0),
        ("overdue=true&unit_name=%E5%8E%BF%E6%95%99%E8%82%B2%E5%B1%80", 2),
        ("overdue=false", 0),
        ("percent=0&project_number=1", 4),
        ("planned_finish_on=2026-12-20", 4),
        ("struck_off_on=2026-12-20", 0),
        ("code=2026-01-003&bbox=120.2,30,120.4,30.4&datetime=2026-05-05", 1),
        ("name=", 4),
    ] {
        finds(&app, query, how_many).await;
    }
    let kind = json(&app, "/ogc/collections/stations/items?kind=station&integrity_monitoring=false").await;
    assert_eq!(kind["numberMatched"], 2);
}

#[tokio::test]
async fn pages_follow_each_other_to_the_end_without_repeating() {
    let app = TestApp::start().await;
    let mut next = Some("/ogc/collections/sites/items?limit=1&stage=not_started".to_owned());
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(page) = next {
        let answer = json(&app, &page).await;
        assert_eq!((&answer["numberMatched"], &answer["numberReturned"]), (&json!(4), &json!(1)));
        seen.extend(names(&answer));
        pages += 1;
        let links = answer["links"].as_array().expect("links");
        next = links.iter().find(|link| link["rel"] == "next").map(|link| path(&app, link["href"].as_str().expect("an address")));
    }
    assert_eq!((pages, seen.iter().collect::<BTreeSet<_>>().len()), (4, 4), "{seen:?}");
    let huge = json(&app, "/ogc/collections/sites/items?limit=1000000000000000000000").await;
    assert_eq!(huge["numberReturned"], 4);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_the_parameters_name() {
    let app = TestApp::start().await;
    let items = "/ogc/collections/sites/items";
    let wrong = [
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "bbox=121,30,122,29",
        "bbox=NaN,30,121,31",
        "bbox=119,30,inf,31",
        "bbox=119,30,1e999,31",
        "bbox=-181,0,1,1",
        "bbox=0,0,9,1,1,5",
        "bbox=0,-91,1,1",
        "bbox=1,2,3,4,5",
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "datetime=2026-13-01",
        "datetime=now",
        "datetime=2026-02-30T00:00:00Z",
        "datetime=../..",
        "datetime=/",
        "datetime=2026-10-02T00:00:00Z/2026-10-01T00:00:00Z",
        "f=xml",
        "lang=fr",
        "stage=done",
        "overdue=1",
        "percent=x",
        "cursor=zz",
        "nothing=1",
        "Bbox=1,2,3,4",
        "crs=x",
        "limit=1&limit=2",
        "q=a",
        "offset=1",
    ];
    for query in wrong {
        let answer = app.visitor().get(&format!("{items}?{query}")).await.expect(400);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
        assert_eq!(answer.fields(), [query.split('=').next().expect("a name")], "{query}");
    }
    for resource in ["/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", "/ogc/collections/sites", "/ogc/collections/sites/queryables"] {
        app.visitor().get(&format!("{resource}?limit=1")).await.expect(400);
        app.visitor().get(&format!("{resource}?f=yaml")).await.expect(400);
    }
    for collection in ["nothing", "Sites", "sites.json", "waters", "..%2fsites", "sites%2Fitems"] {
        app.visitor().get(&format!("/ogc/collections/{collection}")).await.expect(404);
        app.visitor().get(&format!("/ogc/collections/{collection}/items")).await.expect(404);
    }
    let english = Answer::of(app.visitor().request(Method::GET, &format!("{items}?limit=0")).header("accept-language", "en")).await.expect(400);
    assert_eq!(english.json()["detail"], "limit is a whole number from 1 to 1000");
}

#[tokio::test]
async fn the_header_decides_the_encoding_when_the_query_does_not() {
    let app = TestApp::start().await;
    let ask = |path: &'static str, accept: &'static str| Answer::of(app.visitor().request(Method::GET, path).header("accept", accept));
    assert_eq!(ask("/ogc/collections", "application/json").await.expect(200).header("content-type"), "application/json");
    let definition = ask("/ogc/api", "application/vnd.oai.openapi+json;version=3.0").await.expect(200);
    assert_eq!(definition.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    assert_eq!(ask("/ogc/collections", "image/png").await.expect(406).code(), "not_acceptable");
    assert_eq!(ask("/ogc/collections?f=json", "image/png").await.expect(200).header("content-type"), "application/json");
    let head = Answer::of(app.visitor().request(Method::HEAD, "/ogc/collections/sites/items")).await.expect(200);
    assert_eq!((head.header("content-type"), head.bytes.len()), ("application/geo+json", 0));
}

#[tokio::test]
async fn an_unchanged_answer_is_not_sent_again_and_any_site_may_read_it() {
    let app = TestApp::start().await;
    let items = "/ogc/collections/sites/items";
    let first = app.visitor().get(items).await.expect(200);
    assert_eq!((first.header("access-control-allow-origin"), first.header("content-language")), ("*", "zh-CN"));
    assert!(first.header("vary").contains("accept-language"), "{}", first.header("vary"));
    assert_eq!(first.json()["timeStamp"], "2026-10-20T01:00:00Z");
    app.set_clock("2026-10-20T09:00:05+08:00");
    let again = Answer::of(app.visitor().request(Method::GET, items).header("if-none-match", first.header("etag").to_owned())).await.expect(304);
    assert!(again.bytes.is_empty());
    app.set_clock("2026-12-21T09:00:00+08:00");
    let later = Answer::of(app.visitor().request(Method::GET, items).header("if-none-match", first.header("etag").to_owned())).await.expect(200);
    assert_eq!(later.json()["features"][0]["properties"]["finish_overdue"], true, "the marks follow the calendar");
}

#[tokio::test]
async fn nothing_personal_is_in_any_collection() {
    let app = TestApp::start().await;
    for collection in COLLECTIONS {
        let text = app.visitor().get(&format!("/ogc/collections/{collection}/items?limit=1000")).await.expect(200).text();
        for secret in ["13900000001", "甲代表", "password"] {
            assert!(!text.contains(secret), "{secret} in {collection}");
        }
    }
}

/// A place of every document, with what its page is called.
#[tokio::test]
async fn the_licence_is_the_countys_own_or_stands_on_the_page_of_open_data() {
    for (setting, expected) in [("https://example.org/licence", "https://example.org/licence"), ("", "/open-data#licence")] {
        let app = TestApp::start_with(move |settings| settings.open_data_licence_url = setting.to_owned()).await;
        for document in ["/ogc", "/ogc/collections", "/ogc/collections/sites"] {
            let href = link(&json(&app, document).await, "license", "text/html");
            assert_eq!(href.trim_start_matches(app.origin.as_str()), expected, "{document}");
        }
        app.visitor().get("/open-data").await.expect(200);
    }
}
