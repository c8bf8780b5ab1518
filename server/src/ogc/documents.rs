//! The documents of the interface: what there is, to which classes of the standard it conforms, and each collection described.

use serde_json::{Map, Value, json};

use super::answer::Asked;
use super::collections::{Collection, GeometryKind};
use super::columns::{Kind, Property};
use super::contents::{Contents, FeaturePage, interval};
use super::links::{GEOJSON, HTML, JSON, Links, OPENAPI, ROOT};
use crate::county::County;

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const GREGORIAN: &str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";

/// The classes of the standard that hold here.
const CONFORMANCE: [&str; 6] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
];

/// The root: what can be found here.
pub fn landing(asked: &Asked, county: &County) -> Value {
    let links = Links::of_itself(asked, JSON)
        .with_licence()
        .to("service-desc", OPENAPI, "/api", ("接口定义", "The API definition"))
        .to("service-doc", HTML, "/api", ("接口说明", "The API explained"))
        .with_both("conformance", JSON, "/conformance", ("所符合的标准", "Conformance to the standard"))
        .with_both("data", JSON, "/collections", ("数据集合", "The collections"));
    let chinese = asked.language == crate::http::Language::Chinese;
    let (title, description) = if chinese {
        (format!("{}民生实事项目地图", county.name), "民生实事项目点位、代表联络站、网格与行政区划的开放数据，随地图实时更新。")
    } else {
        let words =
            "Open data of the livelihood projects' sites, the deputies' liaison stations, the grid cells and the regions, as live as the map.";
        (format!("{}: map of the livelihood projects", county.name), words)
    };
    json!({"title": title, "description": description, "links": links.done()})
}

pub fn conformance(asked: &Asked) -> Value {
    json!({"conformsTo": CONFORMANCE, "links": Links::of_itself(asked, JSON).done()})
}

/// The list of all collections, given what each holds.
pub fn collections(asked: &Asked, contents: &[(Collection, Contents)]) -> Value {
    let all = contents.iter().map(|(collection, contents)| {
        let path = format!("/collections/{}", collection.as_str());
        let links = Links::none(asked).with_both("self", JSON, &path, ("集合", "The collection")).with_contents(*collection);
        described(asked, *collection, contents, links)
    });
    let all: Vec<Value> = all.collect();
    json!({"links": Links::of_itself(asked, JSON).with_licence().done(), "collections": all})
}

pub fn collection(asked: &Asked, collection: Collection, contents: &Contents) -> Value {
    described(asked, collection, contents, Links::of_itself(asked, JSON).with_contents(collection))
}

fn described(asked: &Asked, collection: Collection, contents: &Contents, links: Links) -> Value {
    let reach = contents.extent();
    let mut extent = Map::new();
    if let Some(bbox) = reach.bbox {
        extent.insert("spatial".to_owned(), json!({"bbox": [bbox], "crs": CRS84}));
    }
    if let Some(days) = reach.days {
        extent.insert("temporal".to_owned(), json!({"interval": [interval(days, contents.county())], "trs": GREGORIAN}));
    }
    let mut document = json!({
        "id": collection.as_str(),
        "title": asked.say(collection.title()),
        "description": asked.say(collection.description()),
        "itemType": "feature",
        "crs": [CRS84],
        "links": links.done(),
    });
    if !extent.is_empty() {
        document["extent"] = Value::Object(extent);
    }
    document
}

/// What a collection may be asked for, as JSON Schema.
pub fn queryables(asked: &Asked, collection: Collection) -> Value {
    let mut properties = Map::new();
    let shape = match collection.geometry() {
        GeometryKind::Points => "geometry-point",
        GeometryKind::Areas => "geometry-polygon-or-multipolygon",
    };
    properties.insert("geometry".to_owned(), json!({"format": shape, "x-ogc-role": "primary-geometry"}));
    for property in collection.properties() {
        let mut schema = schema(&property);
        schema["title"] = json!(asked.say(property.title));
        properties.insert(property.name.to_owned(), schema);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}{ROOT}/collections/{}/queryables", asked.origin, collection.as_str()),
        "type": "object",
        "title": asked.say(collection.title()),
        "properties": properties,
        "additionalProperties": false,
    })
}

/// The values that a property may have, as JSON Schema and OpenAPI 3.0 both understand it.
pub fn schema(property: &Property) -> Value {
    match property.kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Choice(choices) => json!({"type": "string", "enum": choices.iter().map(|(word, _)| *word).collect::<Vec<_>>()}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Number => json!({"type": "integer"}),
        Kind::Day => json!({"type": "string", "format": "date"}),
        Kind::Instant => json!({"type": "string", "format": "date-time"}),
    }
}

/// A page of features.
pub fn items(asked: &Asked, collection: Collection, page: &FeaturePage, county: &County) -> Value {
    let properties = collection.properties();
    let features: Vec<Value> = page.features.iter().map(|feature| Value::Object(feature.geojson(&properties, county))).collect();
    let path = format!("/collections/{}", collection.as_str());
    let links =
        Links::of_itself(asked, GEOJSON).with_next(GEOJSON, page.cursor.as_deref()).with_both("collection", JSON, &path, ("集合", "The collection"));
    json!({
        "type": "FeatureCollection",
        "numberMatched": page.matched,
        "numberReturned": features.len(),
        "links": links.done(),
        "features": features,
    })
}

/// One feature.
pub fn item(asked: &Asked, collection: Collection, feature: &super::contents::Feature, county: &County) -> Value {
    let mut document = feature.geojson(&collection.properties(), county);
    let path = format!("/collections/{}", collection.as_str());
    let links = Links::of_itself(asked, GEOJSON).with_both("collection", JSON, &path, ("集合", "The collection"));
    document.insert("links".to_owned(), json!(links.done()));
    Value::Object(document)
}
