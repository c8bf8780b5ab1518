//! What crawlers and those who look after safety ask for by name: robots.txt, sitemap.xml, security.txt.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};

use super::answer::{self, Kind};
use super::parts;
use super::reader::Reader;
use crate::http::Problem;
use crate::live_map::{Asked, ListOrder, LiveMap};

/// Addresses that one sitemap may hold.
const MOST_ADDRESSES: usize = 50_000;

const PAGES: [&str; 7] = ["/", "/list", "/figures", "/projects", "/withdrawn-sites", "/stations", "/open-data"];

/// `/robots.txt`: the public face is open; what is for programs and for those who work here is not worth a crawler's time.
pub async fn robots(State(map): State<LiveMap>, reader: Reader) -> Response {
    let closed = ["/api/", "/tiles/", "/desk", "/deputy", "/join", "/challenge", "/q/"];
    let mut text = String::from("User-agent: *\nAllow: /api/docs\n");
    for path in closed {
        text.push_str(&format!("Disallow: {path}\n"));
    }
    text.push_str(&format!("\nSitemap: {}/sitemap.xml\n", map.platform().settings.origin()));
    answer::with(&reader, StatusCode::OK, Kind::Text, text)
}

/// `/sitemap.xml`: every page and every site, with the day of its last report.
pub async fn sitemap(State(map): State<LiveMap>, reader: Reader) -> Result<Response, Problem> {
    let (county, origin) = (map.county(), map.platform().settings.origin());
    let listing = map.list(&Asked { order: ListOrder::Code, ..Asked::default() })?;
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for path in PAGES {
        text.push_str(&address(&origin, path, None));
    }
    for shown in listing.sites.iter().take(MOST_ADDRESSES - PAGES.len()) {
        let changed_on = shown.site.last_report_at.map(|at| county.date_at(at));
        text.push_str(&address(&origin, &parts::site_path(&shown.site.code), changed_on));
    }
    text.push_str("</urlset>\n");
    Ok(answer::with(&reader, StatusCode::OK, Kind::Xml, text))
}

fn address(origin: &str, path: &str, changed_on: Option<NaiveDate>) -> String {
    let location = quick_xml::escape::escape(format!("{origin}{path}"));
    let changed = changed_on.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
    format!("<url><loc>{location}</loc>{changed}</url>\n")
}

/// `/.well-known/security.txt` (RFC 9116): whom to tell of a weakness; not there while no contact is set.
pub async fn security(State(map): State<LiveMap>, reader: Reader) -> Result<Response, Problem> {
    let settings = &map.platform().settings;
    let contact = contact(&settings.security_contact).ok_or_else(Problem::not_found)?;
    let today = map.today(&map.county());
    // Far enough to be useful, near enough to be renewed, and the same for a whole month.
    let expires = NaiveDate::from_ymd_opt(today.year() + (today.month0() as i32 + 6) / 12, (today.month0() + 6) % 12 + 1, 1).unwrap_or(today);
    let mut text = format!("Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: zh, en\n");
    if settings.public_url.is_some() {
        text.push_str(&format!("Canonical: {}/.well-known/security.txt\n", settings.origin()));
    }
    Ok(answer::with(&reader, StatusCode::OK, Kind::Text, text))
}

/// The contact as an address; a bare mail address gets its scheme.
fn contact(setting: &str) -> Option<String> {
    let setting = setting.trim();
    let has_scheme = ["mailto:", "https://", "tel:"].iter().any(|scheme| setting.starts_with(scheme));
    match setting {
        "" => None,
        _ if has_scheme => Some(setting.to_owned()),
        _ if setting.contains('@') => Some(format!("mailto:{setting}")),
        _ => Some(format!("https://{setting}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_an_address() {
        assert_eq!(contact(""), None);
        assert_eq!(contact("rd@example.gov.cn").as_deref(), Some("mailto:rd@example.gov.cn"));
        assert_eq!(contact("tel:+86-572-0000000").as_deref(), Some("tel:+86-572-0000000"));
        assert_eq!(contact("example.gov.cn/security").as_deref(), Some("https://example.gov.cn/security"));
    }
}
