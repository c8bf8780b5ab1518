//! The resources of the interface. Each reads its parameters strictly, then answers from memory.

use axum::response::Response;
use serde_json::json;

use super::answer::{Asked, Call, Document};
use super::collections::Collection;
use super::contents::Contents;
use super::links::{GEOJSON, JSON, OPENAPI, SCHEMA};
use super::query::{ItemsQuery, Parameters};
use super::{definition, documents, html};
use crate::http::{Code, PathOf, Problem};

/// The root of OGC API – Features: links to everything else.
#[utoipa::path(get, path = "/ogc", tag = "open data", params(("f" = Option<String>, Query, description = "json or html; otherwise `Accept` decides")),
    responses((status = 200, body = Object, description = "The landing page", example = json!({"title": "清溪县民生实事项目地图", "links": []}))))]
pub async fn landing(call: Call) -> Result<Response, Problem> {
    let asked = Asked::of(&call, Parameters::plain(&call.uri)?)?;
    Ok(asked.answer(&call, JSON, documents::landing(&asked, &call.map.county()).into(), html::landing))
}

/// The classes of the standard that hold here.
#[utoipa::path(get, path = "/ogc/conformance", tag = "open data",
    params(("f" = Option<String>, Query, description = "json or html; otherwise `Accept` decides")),
    responses((status = 200, body = Object, description = "Conformance classes",
        example = json!({"conformsTo": ["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"]}))))]
pub async fn conformance(call: Call) -> Result<Response, Problem> {
    let asked = Asked::of(&call, Parameters::plain(&call.uri)?)?;
    Ok(asked.answer(&call, JSON, documents::conformance(&asked).into(), html::conformance))
}

/// The definition of this interface alone, in OpenAPI 3.0 as the standard asks for it.
#[utoipa::path(get, path = "/ogc/api", tag = "open data", params(("f" = Option<String>, Query, description = "json or html; otherwise `Accept` decides")),
    responses((status = 200, content_type = "application/vnd.oai.openapi+json;version=3.0", body = Object, description = "OpenAPI 3.0")))]
pub async fn api_definition(call: Call) -> Result<Response, Problem> {
    let asked = Asked::of(&call, Parameters::plain(&call.uri)?)?;
    Ok(asked.answer(&call, OPENAPI, definition::document(&asked, &call.map.county()).into(), html::definition))
}

/// The collections: sites, stations, grid cells and regions, with how far each reaches.
#[utoipa::path(get, path = "/ogc/collections", tag = "open data",
    params(("f" = Option<String>, Query, description = "json or html; otherwise `Accept` decides")),
    responses((status = 200, body = Object, description = "The collections", example = json!({"collections": [{"id": "sites", "title": "民生实事项目点位"}]}))))]
pub async fn list_collections(call: Call) -> Result<Response, Problem> {
    let asked = Asked::of(&call, Parameters::plain(&call.uri)?)?;
    let contents = Collection::ALL.map(|collection| (collection, Contents::of(&call.map, collection)));
    Ok(asked.answer(&call, JSON, documents::collections(&asked, &contents).into(), html::collections))
}

/// One collection.
#[utoipa::path(get, path = "/ogc/collections/{collection}", tag = "open data",
    params(("collection" = String, Path, description = "sites, stations, grid_cells or regions", example = "sites"),
        ("f" = Option<String>, Query, description = "json or html; otherwise `Accept` decides")),
    responses((status = 200, body = Object, description = "The collection", example = json!({"id": "sites", "title": "民生实事项目点位", "itemType": "feature"}))))]
pub async fn show_collection(PathOf(name): PathOf<String>, call: Call) -> Result<Response, Problem> {
    let collection = named(&name)?;
    let asked = Asked::of(&call, Parameters::plain(&call.uri)?)?;
    let document = documents::collection(&asked, collection, &Contents::of(&call.map, collection));
    Ok(asked.answer(&call, JSON, document.into(), html::collection))
}

/// The properties by which a collection's features can be asked for, as JSON Schema.
#[utoipa::path(get, path = "/ogc/collections/{collection}/queryables", tag = "open data",
    params(("collection" = String, Path, description = "sites, stations, grid_cells or regions", example = "sites"),
        ("f" = Option<String>, Query, description = "json or html; otherwise `Accept` decides")),
    responses((status = 200, content_type = "application/schema+json", body = Object, description = "JSON Schema")))]
pub async fn queryables(PathOf(name): PathOf<String>, call: Call) -> Result<Response, Problem> {
    let collection = named(&name)?;
    let asked = Asked::of(&call, Parameters::plain(&call.uri)?)?;
    Ok(asked.answer(&call, SCHEMA, documents::queryables(&asked, collection).into(), |asked, document| html::queryables(asked, document, collection)))
}

/// The features of a collection, page by page; each of its properties is also a parameter that asks for that value.
#[utoipa::path(get, path = "/ogc/collections/{collection}/items", tag = "open data",
    params(("collection" = String, Path, description = "sites, stations, grid_cells or regions", example = "sites"),
        ("limit" = Option<u32>, Query, description = "1 to 1000, 100 when not said"),
        ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees", example = "119.9,30.4,120.1,30.6"),
        ("datetime" = Option<String>, Query, description = "An instant, or an interval that may be open at one end", example = "2026-03-01T00:00:00Z/.."),
        ("cursor" = Option<String>, Query, description = "From the link to the next page"),
        ("f" = Option<String>, Query, description = "json or html; otherwise `Accept` decides")),
    responses((status = 200, content_type = "application/geo+json", body = Object, description = "A GeoJSON feature collection")))]
pub async fn list_items(PathOf(name): PathOf<String>, call: Call) -> Result<Response, Problem> {
    let collection = named(&name)?;
    let asked = Asked::of(&call, Parameters::of_items(&call.uri, collection)?)?;
    let query = ItemsQuery::read(&asked.parameters, collection, call.map.county().zone)?;
    // A thousand boundaries take a while to write down: that must not hold up the tasks of other requests.
    let answered = tokio::task::spawn_blocking(move || {
        let contents = Contents::of(&call.map, collection);
        let document = documents::items(&asked, collection, &contents.page(&query), contents.county());
        let document = Document { named: document, unnamed: Some(("timeStamp", json!(call.map.now()))) };
        asked.answer(&call, GEOJSON, document, |asked, document| html::items(asked, document, collection))
    });
    answered.await.map_err(Problem::internal)
}

/// One feature by its number.
#[utoipa::path(get, path = "/ogc/collections/{collection}/items/{feature}", tag = "open data",
    params(("collection" = String, Path, description = "sites, stations, grid_cells or regions", example = "sites"),
        ("feature" = String, Path, description = "Number of the feature", example = "41"),
        ("f" = Option<String>, Query, description = "json or html; otherwise `Accept` decides")),
    responses((status = 200, content_type = "application/geo+json", body = Object, description = "A GeoJSON feature")))]
pub async fn show_item(PathOf((name, id)): PathOf<(String, i64)>, call: Call) -> Result<Response, Problem> {
    let collection = named(&name)?;
    let asked = Asked::of(&call, Parameters::plain(&call.uri)?)?;
    let contents = Contents::of(&call.map, collection);
    let missing = || Problem::new(Code::NotFound).saying("集合中没有这个要素", "There is no such feature in the collection");
    let feature = contents.feature(id).ok_or_else(missing)?;
    let document = documents::item(&asked, collection, &feature, contents.county());
    Ok(asked.answer(&call, GEOJSON, document.into(), |asked, document| html::item(asked, document, collection)))
}

fn named(name: &str) -> Result<Collection, Problem> {
    Collection::from_name(name).ok_or_else(|| Problem::new(Code::NotFound).saying("没有这个数据集合", "There is no such collection"))
}
