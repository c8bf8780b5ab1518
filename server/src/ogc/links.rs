//! Links from one resource to the others, with their encodings.

use serde::Serialize;

use super::answer::{Asked, Encoding};
use super::collections::Collection;

/// Where the whole interface stands on this server.
pub const ROOT: &str = "/ogc";

pub const JSON: &str = "application/json";
pub const GEOJSON: &str = "application/geo+json";
pub const SCHEMA: &str = "application/schema+json";
pub const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";
pub const HTML: &str = "text/html";

/// The relation that leads to a collection's queryables.
pub const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

/// A link as the standard writes it.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    pub rel: &'static str,
    #[serde(rename = "type")]
    pub media_type: &'static str,
    pub title: String,
    pub hreflang: &'static str,
    pub href: String,
}

/// Collects the links of one resource.
#[derive(Debug)]
pub struct Links<'a> {
    asked: &'a Asked,
    links: Vec<Link>,
}

impl<'a> Links<'a> {
    /// Begins with the resource itself, whose JSON is of `media_type`, and its other encoding.
    pub fn of_itself(asked: &'a Asked, media_type: &'static str) -> Self {
        let mut links = Self::none(asked);
        let (own, other) = match asked.encoding {
            Encoding::Json => ((media_type, "json"), (HTML, "html")),
            Encoding::Html => ((HTML, "html"), (media_type, "json")),
        };
        let here = |format| format!("{}{}?{}", asked.origin, asked.path, asked.parameters.with(&[("f", format)]));
        links.push("self", own.0, ("本资源", "This resource"), here(own.1));
        links.push("alternate", other.0, ("另一种格式", "The same in another format"), here(other.1));
        links
    }

    /// No links yet.
    pub fn none(asked: &'a Asked) -> Self {
        Self { asked, links: Vec::new() }
    }

    fn push(&mut self, rel: &'static str, media_type: &'static str, (zh, en): (&str, &str), href: String) {
        let language = self.asked.language;
        let title = if language == crate::http::Language::Chinese { zh } else { en };
        self.links.push(Link { rel, media_type, title: title.to_owned(), hreflang: language.tag(), href });
    }

    /// To a resource of this interface, in one encoding.
    pub fn to(mut self, rel: &'static str, media_type: &'static str, path: &str, title: (&str, &str)) -> Self {
        let format = if media_type == HTML { "html" } else { "json" };
        let href = format!("{}{ROOT}{path}?f={format}", self.asked.origin);
        self.push(rel, media_type, title, href);
        self
    }

    /// To a resource of this interface, in both encodings.
    pub fn with_both(self, rel: &'static str, media_type: &'static str, path: &str, title: (&str, &str)) -> Self {
        self.to(rel, media_type, path, title).to(rel, HTML, path, title)
    }

    /// To the next page, in the encoding of this one.
    pub fn with_next(mut self, media_type: &'static str, cursor: Option<&str>) -> Self {
        let Some(cursor) = cursor else { return self };
        let (media_type, format) = if self.asked.encoding == Encoding::Html { (HTML, "html") } else { (media_type, "json") };
        let query = self.asked.parameters.with(&[("cursor", cursor), ("f", format)]);
        let href = format!("{}{}?{query}", self.asked.origin, self.asked.path);
        self.push("next", media_type, ("下一页", "Next page"), href);
        self
    }

    /// To the page that says on what terms the data may be used.
    pub fn with_licence(mut self) -> Self {
        let href = self.asked.licence.clone();
        self.push("license", HTML, ("数据许可", "Licence of the data"), href);
        self
    }

    /// From a collection to what is in it and what it may be asked for.
    pub fn with_contents(self, collection: Collection) -> Self {
        let path = format!("/collections/{}", collection.as_str());
        self.with_licence().with_both("items", GEOJSON, &format!("{path}/items"), ("要素", "The features")).with_both(
            QUERYABLES,
            SCHEMA,
            &format!("{path}/queryables"),
            ("可筛选的属性", "What may be asked for"),
        )
    }

    pub fn done(self) -> Vec<Link> {
        self.links
    }
}
