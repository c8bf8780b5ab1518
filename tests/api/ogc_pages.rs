//! OGC API – Features as browsers show it.

use harness::{Answer, TestApp};
use reqwest::Method;

use crate::ogc::{json, path};

const DOCUMENTS: [(&str, &str); 8] = [
    ("/ogc", "试验县民生实事项目地图"),
    ("/ogc/conformance", "所符合的标准"),
    ("/ogc/api", "接口说明"),
    ("/ogc/collections", "数据集合"),
    ("/ogc/collections/sites", "民生实事项目点位"),
    ("/ogc/collections/sites/queryables", "可筛选的属性"),
    ("/ogc/collections/regions/items?limit=2", "行政区划"),
    ("/ogc/collections/regions/items/339901001", "西河镇"),
];

#[tokio::test]
async fn every_document_is_also_a_page_with_the_same_links() {
    let app = TestApp::start().await;
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (document, title) in DOCUMENTS {
        let page = Answer::of(app.visitor().request(Method::GET, document).header("accept", browser)).await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"), "{document}");
        let text = page.text();
        assert!(text.contains(&format!("{title}</h1>")) || text.contains(&format!("· {title}</h1>")), "{document}: {text}");
        let json = json(&app, document).await;
        for link in json["links"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|link| !matches!(link["rel"].as_str(), Some("self" | "alternate" | "next" | "license")))
        {
            let href = path(&app, link["href"].as_str().expect("an address")).replace('&', "&amp;");
            assert!(text.contains(&format!("href=\"{href}\"")), "{document} does not lead to {href}");
        }
    }
    let english = app.visitor().get("/ogc/collections/sites/items?f=html&lang=en").await.expect(200).text();
    assert!(english.contains("4 in all, 4 on this page") && english.contains("<td>not started</td>"), "{english}");
    let fault = Answer::of(app.visitor().request(Method::GET, "/ogc/collections/nothing").header("accept", browser)).await.expect(404);
    assert!(fault.header("content-type").starts_with("text/html"), "a browser is told of a fault by a page");
}

#[tokio::test]
async fn a_hostile_name_stays_a_name_on_every_page() {
    let app = TestApp::start().await;
    let hostile = "<script>alert(1)</script>\" onmouseover=\"alert(2)";
    sqlx::query("update sites set name = $1, address = $1").bind(hostile).execute(&app.pool).await.expect("names");
    let app = app.second_server().await;
    let item = format!("/ogc/collections/sites/items/{}", app.world.west[0].site_id);
    for place in ["/ogc/collections/sites/items", &item] {
        let page = app.visitor().get(&format!("{place}?f=html")).await.expect(200).text();
        assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert") && !page.contains("\" onmouseover"), "{place}");
    }
    let refused = app.visitor().get("/ogc/collections/sites/items?%3Cscript%3E=1").await.expect(400);
    assert_eq!(refused.fields(), ["<script>"]);
}
