//! How a resource is asked for and answered: encoding and language agreed on, content named by its hash, open to pages of other origins.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::links::{GEOJSON, HTML, JSON, OPENAPI, SCHEMA};
use super::query::{Parameters, refused};
use crate::http::{Code, Language, Problem};
use crate::live_map::LiveMap;
use crate::pages::{Page, Phrase, Reader};

/// What a resource says.
#[derive(Debug)]
pub struct Document {
    pub named: Value,
    /// A member that changes without anything having happened, such as the time of the answer: left out of the content's hash.
    pub unnamed: Option<(&'static str, Value)>,
}

impl From<Value> for Document {
    fn from(named: Value) -> Self {
        Self { named, unnamed: None }
    }
}

/// In which form an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Json,
    Html,
}

/// A request as it came.
#[derive(Debug)]
pub struct Call {
    pub map: LiveMap,
    pub uri: Uri,
    headers: HeaderMap,
    reader: Reader,
}

impl FromRequestParts<LiveMap> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, map: &LiveMap) -> Result<Self, Infallible> {
        let reader = Reader::from_request_parts(parts, map).await?;
        Ok(Self { map: map.clone(), uri: parts.uri.clone(), headers: parts.headers.clone(), reader })
    }
}

/// A request for a resource, as far as every resource understands it.
#[derive(Debug)]
pub struct Asked {
    /// Scheme and host of links.
    pub origin: String,
    /// Where the terms of use stand.
    pub licence: String,
    pub path: String,
    pub parameters: Parameters,
    pub encoding: Encoding,
    pub language: Language,
    /// Versions that the caller has.
    known: String,
}

impl Asked {
    /// Agrees on encoding and language: the query decides, then the headers.
    pub fn of(call: &Call, parameters: Parameters) -> Result<Self, Problem> {
        let Call { map, uri, headers, reader } = call;
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let encoding = match parameters.get("f") {
            None => accepted(text(header::ACCEPT))
                .ok_or_else(|| Problem::new(Code::NotAcceptable).saying("这里有 JSON 和 HTML 两种格式", "There are JSON and HTML here"))?,
            Some("json") => Encoding::Json,
            Some("html") => Encoding::Html,
            Some(_) => return Err(refused("f", "unknown_value", "f 应为 json 或 html", "f is json or html")),
        };
        let language = match parameters.get("lang") {
            // A page keeps the language that its reader once chose; programs say theirs each time.
            None if encoding == Encoding::Html => reader.language,
            None => Language::of(headers),
            Some("zh" | "zh-CN") => Language::Chinese,
            Some("en") => Language::English,
            Some(_) => return Err(refused("lang", "unknown_value", "lang 应为 zh 或 en", "lang is zh or en")),
        };
        let settings = &map.platform().settings;
        let origin = settings.origin();
        let elsewhere = settings.open_data_licence_url.as_str();
        let licence = if elsewhere.is_empty() { format!("{origin}/open-data#licence") } else { elsewhere.to_owned() };
        Ok(Self { origin, licence, path: uri.path().to_owned(), parameters, encoding, language, known: text(header::IF_NONE_MATCH).to_owned() })
    }

    pub fn say(&self, words: Phrase) -> &'static str {
        words.in_language(self.language)
    }

    /// Answers with the document in the encoding that was agreed on; `page` writes it as a page's title and content.
    pub fn answer(
        &self,
        call: &Call,
        media_type: &'static str,
        document: Document,
        page: impl FnOnce(&Self, &Value) -> (String, Markup),
    ) -> Response {
        match self.encoding {
            Encoding::Json => self.json(media_type, document),
            Encoding::Html => {
                let (title, content) = page(self, &document.named);
                let address = format!("{}?{}", self.path, self.parameters.without_choices());
                let page = Page::new(title, content).at(address).on_way("/open-data");
                let mut response = page.answer(&call.reader, &call.map);
                response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
                response
            }
        }
    }

    /// Answers with JSON of `media_type` under the hash of its content.
    fn json(&self, media_type: &'static str, document: Document) -> Response {
        let Document { named: document, unnamed } = document;
        let etag = format!("W/\"{}\"", hex::encode(&Sha256::digest(document.to_string())[..12]));
        let mut response = if self.known.split(',').any(|known| known.trim() == etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut document = document;
            if let (Some((name, value)), Some(object)) = (unnamed, document.as_object_mut()) {
                object.insert(name.to_owned(), value);
            }
            document.to_string().into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
        // Open data: a map on any other site may read it. No cookie is ever looked at here.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.extend(HeaderValue::from_str(&etag).map(|etag| (header::ETAG, etag)));
        response
    }
}

/// The encoding that a caller with this `Accept` likes best, JSON when it does not mind; none when it takes neither.
fn accepted(accept: &str) -> Option<Encoding> {
    if accept.trim().is_empty() {
        return Some(Encoding::Json);
    }
    let openapi = OPENAPI.split(';').next().unwrap_or(OPENAPI);
    let json = [JSON, GEOJSON, SCHEMA, openapi].into_iter().map(|kind| quality(accept, kind)).fold(0.0, f32::max);
    let html = quality(accept, HTML);
    match (json, html) {
        (0.0, 0.0) => None,
        (json, html) if html > json => Some(Encoding::Html),
        _ => Some(Encoding::Json),
    }
}

/// How much a kind is liked, from 0 to 1: what names it most exactly decides.
fn quality(accept: &str, kind: &str) -> f32 {
    let family = format!("{}/*", kind.split('/').next().unwrap_or(""));
    let mut best = (0, 0.0);
    for part in accept.split(',').take(32) {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().unwrap_or("").to_ascii_lowercase();
        let exactness = if named == kind {
            3
        } else if named == family {
            2
        } else if named == "*/*" {
            1
        } else {
            continue;
        };
        let liked = words.find_map(|word| word.strip_prefix("q=")).map_or(1.0, |text| text.parse().unwrap_or(0.0));
        if exactness > best.0 {
            best = (exactness, liked);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_liked_encoding_is_given_and_json_when_it_does_not_matter() {
        for json in
            ["", "*/*", "application/json", "application/geo+json, application/json", "text/html;q=0.5, application/*", OPENAPI, "text/html,*/*;q=1"]
        {
            assert_eq!(accepted(json), Some(Encoding::Json), "{json}");
        }
        let chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8";
        for html in [chrome, "text/html", "text/*", "Text/HTML, application/json;q=0.9"] {
            assert_eq!(accepted(html), Some(Encoding::Html), "{html}");
        }
        for neither in ["application/xml", "image/*", "*/*;q=0", "application/json;q=0"] {
            assert_eq!(accepted(neither), None, "{neither}");
        }
    }
}
