//! The definition of this interface in OpenAPI 3.0, which the standard's class `oas30` asks for.
//!
//! The service's own description is OpenAPI 3.1 and covers everything; this one is made from the same tables as the answers, names each
//! collection's path with its own parameters (map programs read them to know what they may ask for), and covers `/ogc` alone.

use serde_json::{Map, Value, json};

use super::answer::Asked;
use super::collections::Collection;
use super::documents::schema;
use super::links::{GEOJSON, JSON, OPENAPI, ROOT, SCHEMA};
use super::query::{MOST_FEATURES, USUAL_LIMIT};
use crate::county::County;

/// The whole document.
pub fn document(asked: &Asked, county: &County) -> Value {
    let mut paths = Map::new();
    let plain = |id: &str, summary: &str, media_type: &str, schema: &str| operation(id, summary, &[], (media_type, schema), false);
    paths.insert("/".to_owned(), plain("getLandingPage", "The landing page", JSON, "landingPage"));
    paths.insert("/conformance".to_owned(), plain("getConformance", "Conformance classes", JSON, "conformance"));
    paths.insert("/api".to_owned(), plain("getApi", "This definition", OPENAPI, "anything"));
    paths.insert("/collections".to_owned(), plain("getCollections", "The collections", JSON, "collections"));
    for collection in Collection::ALL {
        let (name, title) = (collection.as_str(), asked.say(collection.title()));
        let path = format!("/collections/{name}");
        paths.insert(path.clone(), plain(&format!("describe_{name}"), title, JSON, "collection"));
        paths.insert(format!("{path}/queryables"), plain(&format!("queryables_of_{name}"), title, SCHEMA, "anything"));
        let parameters = parameters_of(asked, collection);
        let items = operation(&format!("get_{name}"), title, &parameters, (GEOJSON, "featureCollection"), false);
        paths.insert(format!("{path}/items"), items);
        let number = parameter("featureId", "path", "Number of the feature", json!({"type": "string"}), true);
        let item = operation(&format!("get_one_of_{name}"), title, &[number], (GEOJSON, "feature"), true);
        paths.insert(format!("{path}/items/{{featureId}}"), item);
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": format!("{} – OGC API Features", county.name),
            "description": "Open data of a county's livelihood projects: OGC API – Features, Part 1: Core 1.0.1, in GeoJSON and HTML.",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": format!("{}{ROOT}", asked.origin)}],
        "paths": paths,
        "components": {"schemas": schemas(), "responses": {"problem": {
            "description": "A problem (RFC 9457) that names the parameter at fault",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
        }}},
    })
}

fn operation(id: &str, summary: &str, parameters: &[Value], (media_type, schema): (&str, &str), may_be_missing: bool) -> Value {
    let mut parameters = parameters.to_vec();
    let encodings = json!({"type": "string", "enum": ["json", "html"]});
    parameters.push(parameter("f", "query", "The encoding; without it the header Accept decides", encodings, false));
    let languages = json!({"type": "string", "enum": ["zh", "en"]});
    parameters.push(parameter("lang", "query", "The language of titles; without it the header Accept-Language decides", languages, false));
    let content = json!({media_type: {"schema": {"$ref": format!("#/components/schemas/{schema}")}}, "text/html": {"schema": {"type": "string"}}});
    let problem = json!({"$ref": "#/components/responses/problem"});
    let mut responses = json!({"200": {"description": summary, "content": content}, "400": problem, "406": problem, "500": problem});
    if may_be_missing {
        responses["404"] = problem;
    }
    json!({"get": {"operationId": id, "summary": summary, "parameters": parameters, "responses": responses}})
}

fn parameter(name: &str, place: &str, description: &str, schema: Value, required: bool) -> Value {
    let style = if place == "path" { "simple" } else { "form" };
    json!({"name": name, "in": place, "description": description, "required": required, "style": style, "explode": false, "schema": schema})
}

fn parameters_of(asked: &Asked, collection: Collection) -> Vec<Value> {
    let limit = json!({"type": "integer", "minimum": 1, "maximum": MOST_FEATURES, "default": USUAL_LIMIT});
    let bbox = json!({"type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}], "items": {"type": "number"}});
    let mut parameters = vec![
        parameter("bbox", "query", "west,south,east,north in degrees, or with heights; west > east crosses the antimeridian", bbox, false),
        parameter("datetime", "query", asked.say(collection.description()), json!({"type": "string"}), false),
        parameter("limit", "query", "Most features of one answer", limit, false),
        parameter("cursor", "query", "Only from the link to the next page", json!({"type": "string"}), false),
    ];
    let own = collection.properties().into_iter();
    parameters.extend(own.map(|property| parameter(property.name, "query", asked.say(property.title), schema(&property), false)));
    parameters
}

fn schemas() -> Value {
    let links = json!({"type": "array", "items": {"$ref": "#/components/schemas/link"}});
    let number = json!({"type": "integer", "minimum": 0});
    let text = json!({"type": "string"});
    json!({
        "anything": {"type": "object"},
        "link": {"type": "object", "required": ["href"], "properties": {"href": text, "rel": text, "type": text, "hreflang": text, "title": text}},
        "landingPage": {"type": "object", "required": ["links"], "properties": {"title": text, "description": text, "links": links}},
        "conformance": {"type": "object", "required": ["conformsTo"], "properties": {"conformsTo": {"type": "array", "items": text}, "links": links}},
        "collections": {"type": "object", "required": ["links", "collections"], "properties": {"links": links,
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}}}},
        "collection": {"type": "object", "required": ["id", "links"], "properties": {"id": text, "title": text, "description": text, "links": links,
            "extent": {"type": "object"}, "itemType": {"type": "string", "default": "feature"}, "crs": {"type": "array", "items": text}}},
        "featureCollection": {"type": "object", "required": ["type", "features"], "properties": {"type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}}, "links": links,
            "timeStamp": {"type": "string", "format": "date-time"}, "numberMatched": number, "numberReturned": number}},
        "feature": {"type": "object", "required": ["type", "geometry", "properties"], "properties": {"type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer"}, "geometry": {"type": "object", "nullable": true}, "properties": {"type": "object", "nullable": true}, "links": links}},
        "problem": {"type": "object", "required": ["status", "code", "detail"], "properties": {"type": text, "title": text, "status": {"type": "integer"},
            "code": text, "detail": text, "fields": {"type": "array", "items": {"type": "object"}}, "request_id": text}},
    })
}
