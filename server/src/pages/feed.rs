//! Writes Atom (RFC 4287). What an entry is about is decided elsewhere; here is how it is said.
//!
//! An entry's id is the same for ever and under whatever name the server is reached: the report's own, or one computed from what it is about.

use std::io::Cursor;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::answer::{self, Kind};
use super::reader::Reader;
use crate::http::Problem;
use crate::live_map::LiveMap;

/// A feed: what it is called, where it is, what it holds.
#[derive(Debug, Clone)]
pub struct Feed {
    pub id: Uuid,
    pub title: String,
    pub subtitle: String,
    /// Path of the feed, and of the page that shows the same to people.
    pub path: String,
    pub page: String,
    /// Who speaks where an entry names nobody.
    pub author: String,
    /// When it has no entries yet: since when it stands.
    pub since: DateTime<FixedOffset>,
    /// The latest first.
    pub entries: Vec<Entry>,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: Uuid,
    pub title: String,
    /// When it came into being, and when what is said of it last changed.
    pub published: DateTime<FixedOffset>,
    pub updated: DateTime<FixedOffset>,
    /// Path of the page that it leads to.
    pub page: String,
    pub author: Option<String>,
    pub summary: String,
}

/// An id computed from what it is about, such as `stage_change/17` in a county (UUID version 8).
pub fn id_of(county_code: &str, what: &str) -> Uuid {
    let hash = Sha256::digest(format!("minsheng-map/{county_code}/{what}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

type Xml = Writer<Cursor<Vec<u8>>>;

impl Feed {
    /// The feed, or that nothing in it has changed.
    pub fn answer(&self, reader: &Reader, map: &LiveMap) -> Result<Response, Problem> {
        let settings = &map.platform().settings;
        let origin = settings.public_url.as_ref().map(|_| settings.origin()).unwrap_or_default();
        let text = self.write(reader, &origin).map_err(Problem::internal)?;
        Ok(answer::with(reader, StatusCode::OK, Kind::Atom, text))
    }

    fn write(&self, reader: &Reader, origin: &str) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let mut xml = Writer::new(Cursor::new(Vec::new()));
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let mut root = BytesStart::new("feed");
        root.push_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
        root.push_attribute(("xml:lang", reader.language.tag()));
        xml.write_event(Event::Start(root))?;
        element(&mut xml, "id", &self.id.urn().to_string())?;
        element(&mut xml, "title", &self.title)?;
        element(&mut xml, "subtitle", &self.subtitle)?;
        let updated = self.entries.iter().map(|entry| entry.updated).max().unwrap_or(self.since);
        element(&mut xml, "updated", &updated.to_rfc3339())?;
        author(&mut xml, &self.author)?;
        link(&mut xml, "self", "application/atom+xml", &format!("{origin}{}", self.path))?;
        link(&mut xml, "alternate", "text/html", &format!("{origin}{}", self.page))?;
        element(&mut xml, "icon", &format!("{origin}/icon.svg"))?;
        for entry in &self.entries {
            entry.write(&mut xml, origin)?;
        }
        xml.write_event(Event::End(BytesEnd::new("feed")))?;
        Ok(String::from_utf8(xml.into_inner().into_inner())?)
    }
}

impl Entry {
    fn write(&self, xml: &mut Xml, origin: &str) -> std::io::Result<()> {
        xml.write_event(Event::Start(BytesStart::new("entry")))?;
        element(xml, "id", &self.id.urn().to_string())?;
        element(xml, "title", &self.title)?;
        element(xml, "published", &self.published.to_rfc3339())?;
        element(xml, "updated", &self.updated.to_rfc3339())?;
        if let Some(name) = &self.author {
            author(xml, name)?;
        }
        link(xml, "alternate", "text/html", &format!("{origin}{}", self.page))?;
        element(xml, "summary", &self.summary)?;
        xml.write_event(Event::End(BytesEnd::new("entry")))
    }
}

fn element(xml: &mut Xml, name: &str, text: &str) -> std::io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&sayable(text)))?;
    Ok(())
}

fn author(xml: &mut Xml, name: &str) -> std::io::Result<()> {
    xml.write_event(Event::Start(BytesStart::new("author")))?;
    element(xml, "name", name)?;
    xml.write_event(Event::End(BytesEnd::new("author")))
}

fn link(xml: &mut Xml, relation: &str, kind: &str, address: &str) -> std::io::Result<()> {
    xml.create_element("link").with_attributes([("rel", relation), ("type", kind), ("href", address)]).write_empty()?;
    Ok(())
}

/// Text without the characters that XML cannot hold.
fn sayable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_from_what_it_is_about() {
        assert_eq!(id_of("339901", "stage_change/1"), id_of("339901", "stage_change/1"));
        assert_ne!(id_of("339901", "stage_change/1"), id_of("339901", "stage_change/2"));
        assert_eq!(id_of("339901", "feed").get_version_num(), 8);
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(sayable("已\u{1}完\u{b}工\n好"), "已完工\n好");
    }
}
